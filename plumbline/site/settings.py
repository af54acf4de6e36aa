"""Settings of the site: SQLite in a data folder, or the PostgreSQL that DATABASE_URL names.

    PLUMBLINE_DATA   folder for the database, the files and the secret key; `data` unless said otherwise
    DATABASE_URL     postgresql://user:password@host:port/name, or postgresql:///name?host=/folder/of/socket
    PLUMBLINE_HOSTS  names the site is reached by, with commas; 127.0.0.1 and localhost always are
    PLUMBLINE_HTTPS  1 where a proxy in front speaks HTTPS: cookies then travel over HTTPS only
    PLUMBLINE_DEBUG  1 on a developer's machine only
    PLUMBLINE_ENGINE what counts figures: duckdb (inside the process, unless said otherwise) or spark
    PLUMBLINE_SPARK_MASTER  of spark: where it runs; local[*] unless said otherwise
    PLUMBLINE_ENGINE_MEMORY of duckdb: 2GiB unless said otherwise; what outgrows it goes to the disk
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.management.utils import get_random_secret_key

from plumbline.kernel import load

POSTGRESQL = ("postgresql", "postgres")


def database(url: str, data: Path) -> dict[str, Any]:
    """The database a DATABASE_URL names; SQLite in the data folder where none is named."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data / "plumbline.sqlite3",
            # IMMEDIATE: a writer waits for its turn at the door, instead of failing half way through
            "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL;"},
        }
    parts = urlsplit(url)
    if parts.scheme not in POSTGRESQL or not parts.path.strip("/"):
        raise ValueError("DATABASE_URL: write postgresql://user:password@host:port/name")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
        # a connection costs a process of the server's: it is kept between requests, and asked whether it still stands
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def secret_key(data: Path) -> str:
    """The key kept in the data folder, readable by its owner only; made at the first start."""
    path = data / "secret-key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        fresh = data / f".secret-key.{os.getpid()}"
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(get_random_secret_key())
        try:
            os.link(fresh, path)  # unlike a rename, leaves the key of a process that was quicker
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()


def flag(name: str) -> bool:
    """Whether an environment variable says yes."""
    return os.environ.get(name, "") in ("1", "true", "yes")


DATA = Path(os.environ.get("PLUMBLINE_DATA") or "data").absolute()
ENGINE = os.environ.get("PLUMBLINE_ENGINE") or "duckdb"
ENGINE_OPTIONS = (
    {"master": os.environ.get("PLUMBLINE_SPARK_MASTER") or "local[*]"} if ENGINE == "spark"
    else {"memory": os.environ.get("PLUMBLINE_ENGINE_MEMORY") or "2GiB"})
UPLOAD_LIMIT = 20 * 1024 * 1024

# the installed systems: folders of plumbline/systems, and what they declare
SYSTEMS = ["programmes", "economy", "hotline", "enterprise"]
CATALOG = load(Path(__file__).parent.parent / "systems" / name for name in SYSTEMS)

DEBUG = flag("PLUMBLINE_DEBUG")
SECRET_KEY = secret_key(DATA)
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "plumbline.store.apps.StoreConfig",
    "plumbline.web.apps.WebConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "plumbline.web.guard.headers",
    "plumbline.web.guard.Guard",
]
# notices go out by e-mail where a server is named: smtp://name:password@host:25, smtps for TLS from the start
MAIL = urlsplit(os.environ.get("PLUMBLINE_MAIL", ""))
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL.hostname else 'dummy'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = MAIL.hostname or "", MAIL.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(MAIL.username or ""), unquote(MAIL.password or "")
EMAIL_USE_SSL = MAIL.scheme == "smtps"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("PLUMBLINE_MAIL_FROM") or "plumbline@localhost"
# webhooks reach no address of the own machine or of private networks, but where this says so
WEBHOOKS_PRIVATE = flag("PLUMBLINE_WEBHOOKS_PRIVATE")

# attempts to sign in are counted here
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}}
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "DIRS": [system.folder / "templates" for system in CATALOG.systems.values()],
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]},
}]
ROOT_URLCONF = "plumbline.site.urls"
WSGI_APPLICATION = "plumbline.site.wsgi.application"

AUTH_USER_MODEL = "store.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator",
                 "CommonPasswordValidator", "NumericPasswordValidator")
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
# by role, the page one begins at where it is none of the product's own
HOMES = {"operator": "hotline-desk", "firm": "firm"}
LOGOUT_REDIRECT_URL = "sign-in"
CSRF_FAILURE_VIEW = "plumbline.web.sign.forged"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [folder for system in CATALOG.systems.values() if (folder := system.folder / "static").is_dir()]
WHITENOISE_USE_FINDERS = True

HOSTS = [host.strip() for host in os.environ.get("PLUMBLINE_HOSTS", "").split(",") if host.strip()]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", *HOSTS]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in HOSTS]
HTTPS = flag("PLUMBLINE_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_AGE = 12 * 60 * 60
X_FRAME_OPTIONS = "DENY"
# a bulk confirmation of a whole plan sends one field a target
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
