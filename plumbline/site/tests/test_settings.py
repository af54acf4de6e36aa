"""Where the data lies, and what is secure unless somebody says otherwise."""

from pathlib import Path

import pytest

from plumbline.reports.reading.source import MOST_BYTES
from plumbline.site import settings
from plumbline.store.plans import tolerance_parameter

DATA = Path("/srv/data")


def test_without_an_address_the_data_folder_holds_the_database():
    found = settings.database("", DATA)
    assert found["NAME"] == DATA / "plumbline.sqlite3"
    assert found["OPTIONS"] == {"timeout": 20, "transaction_mode": "IMMEDIATE",
                                "init_command": "PRAGMA journal_mode=WAL;"}


@pytest.mark.parametrize(("url", "parts"), [
    ("postgresql://a:p%40ss@db:6543/plan", ("plan", "a", "p@ss", "db", "6543", {})),
    ("postgres://db/plan?sslmode=require", ("plan", "", "", "db", "", {"sslmode": "require"})),
    ("postgresql:///plan?host=/run/socket", ("plan", "", "", "/run/socket", "", {}))])
def test_an_address_names_a_postgresql(url, parts):
    found = settings.database(url, DATA)
    assert tuple(found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")) == parts


@pytest.mark.parametrize("url", ["mysql://a/b", "postgresql://db", "plan"])
def test_an_address_of_something_else_is_refused(url):
    with pytest.raises(ValueError, match="DATABASE_URL: write"):
        settings.database(url, DATA)


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    folder = tmp_path / "new" / "data"
    key = settings.secret_key(folder)
    assert len(key) >= 50
    assert settings.secret_key(folder) == key
    assert (folder / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret-key"]


def test_nothing_is_open_unless_somebody_says_so():
    assert not settings.DEBUG
    assert settings.ALLOWED_HOSTS[:2] == ["127.0.0.1", "localhost"]
    assert "django.middleware.csrf.CsrfViewMiddleware" in settings.MIDDLEWARE
    assert settings.UPLOAD_LIMIT == MOST_BYTES == 20 * 1024 * 1024


def test_the_rule_of_pace_is_a_dated_parameter():
    assert (tolerance_parameter().unit, tolerance_parameter().values[0].value) == ("百分点", 5)
