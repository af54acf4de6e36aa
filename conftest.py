"""What every test stands on: a data folder and a database of its own, SQLite or PostgreSQL.

The suite runs on SQLite, as the product does by itself; one of its tests runs every test of the database
again on a PostgreSQL that it starts (`plumbline/store/tests/test_postgresql.py`). The last lines say both.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.db import connection, connections

ONLY_DATABASE = "PLUMBLINE_TEST_DATABASE"
POSTGRESQL = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
# PostgreSQL refuses to run as root; Debian gives it a user of its own
USERS = ("postgres", "nobody")
# the test that waits for the run on PostgreSQL; the run goes on beside all other tests, so it comes last
AGAIN = "test_what_touches_the_database_holds_on_postgresql"
SETTINGS = "-c max_connections=400 -c listen_addresses='' -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
on_postgresql = pytest.StashKey[str]()


def pytest_report_header() -> str:
    return f"database: {connection.vendor}"


def pytest_collection_modifyitems(config, items):
    """In the run on PostgreSQL, only what touches the database."""
    if os.environ.get(ONLY_DATABASE):
        chosen = [item for item in items if touches_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen
    items.sort(key=lambda item: item.name == AGAIN)


@pytest.fixture(scope="session", autouse=True)
def begun_again(request):
    """Begin the run on PostgreSQL where its test is among those to run."""
    if any(item.name == AGAIN for item in request.session.items) and POSTGRESQL:
        request.getfixturevalue("again")


@pytest.fixture(scope="session")
def again(postgresql, tmp_path_factory):
    """The tests of the database on PostgreSQL, in a process of their own: the process, and the file of what it says."""
    said = tmp_path_factory.mktemp("postgresql") / "said.txt"
    with open(said, "wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "-m", "not slow", "-p", "no:cacheprovider", "plumbline"],
            cwd=Path(__file__).parent, env=os.environ | {"DATABASE_URL": postgresql, ONLY_DATABASE: "1"},
            stdout=file, stderr=subprocess.STDOUT)
    yield process, said
    process.kill()
    process.wait()


def touches_database(item) -> bool:
    return (item.get_closest_marker("django_db") is not None
            or bool({"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))))


def pytest_terminal_summary(terminalreporter, config):
    if told := config.stash.get(on_postgresql, ""):
        terminalreporter.write_line(f"the tests of the database again, on PostgreSQL: {told}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory):
    """SQLite in a file: threads and processes meet there as they do in life."""
    if connection.vendor == "sqlite":
        connections.settings["default"]["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path_factory):
    """An empty data folder for each test, whatever the test calls its arguments."""
    settings.DATA = tmp_path_factory.mktemp("data")
    # the usual hash takes a tenth of a second, on purpose
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return settings.DATA


@pytest.fixture
def data(own_folder):
    """The test's data folder."""
    return own_folder


@pytest.fixture(scope="session")
def postgresql():
    """Address of a PostgreSQL of our own, on a socket in a folder of its own; gone after the tests."""
    if not POSTGRESQL:
        pytest.skip("PostgreSQL is absent: no /usr/lib/postgresql/*/bin; install postgresql to run this")
    # not pytest's folder: PostgreSQL's user may not enter it
    folder = Path(tempfile.mkdtemp(prefix="plumbline-pg-"))
    as_user = server_user(folder)
    try:
        run(as_user, "initdb", "-D", folder / "data", "-U", "plumbline", "-A", "trust", "-E", "UTF8", "--locale=C",
            "--no-sync")
        run(as_user, "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log",
            "-o", f"-k {folder} {SETTINGS}", "start")
        yield f"postgresql://plumbline@/postgres?host={folder}"
    finally:
        run(as_user, "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder)


def server_user(folder: Path) -> list[str]:
    """How to run a command as a user PostgreSQL runs under; the folder becomes that user's."""
    if os.getuid():
        return []
    user = next(pwd.getpwnam(name) for name in USERS if any(name == known.pw_name for known in pwd.getpwall()))
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def run(as_user: list[str], program: str, *arguments, check: bool = True) -> None:
    done = subprocess.run([*as_user, POSTGRESQL[-1] / program, *arguments], stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/", timeout=120)
    assert not check or done.returncode == 0, done.stderr.decode()
