"""A real server with a real database and a worker beside it, and a real browser in front of it."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
PASSWORD = "一把很长的尺子2025"
EXAMPLE = Path(__file__).parents[1] / "example" / "yunxi-2025h1.txt"
PEOPLE = """
import django; django.setup()
from plumbline.store import people
office = people.create_office(None, "区商务局", "990101")
for name, role, area in (("yunxi", "planner", "990101"), ("leader", "leader", "990101"),
                         ("tongzhou", "planner", "110112"), ("deputy", "deputy", "110112")):
    people.create_user(None, name, %r, label=name, role=role, area=area, is_staff=role == "planner")
"""
# what changes when nobody does anything: sessions
UNTOLD = {"django_session"}
PATIENCE_SECONDS = 40


class Site:
    """A server of Plumbline with a data folder of its own."""

    def __init__(self, data: Path):
        self.data = data
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {**os.environ, "PLUMBLINE_DATA": str(data), "DATABASE_URL": "",
                            "DJANGO_SETTINGS_MODULE": "plumbline.site.settings", "PYTHONUNBUFFERED": "1"}
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *command: str) -> None:
        """Run a command against this site's data."""
        done = subprocess.run([sys.executable, *command], env=self.environment, capture_output=True, timeout=120)
        assert done.returncode == 0, done.stderr.decode()

    def prepare(self) -> None:
        """Make the database and the people."""
        self.run("-m", "django", "migrate", "--verbosity", "0")
        self.run("-c", PEOPLE % PASSWORD)

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        with open(self.data / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "import sys; from plumbline.site.commands import main; sys.exit(main())",
                 "serve", "--port", str(self.port)],
                env=self.environment, stdout=log, stderr=log, start_new_session=True)
        until(self.answers, "the server answers")

    def answers(self) -> bool:
        """Whether the sign-in page comes."""
        try:
            with urllib.request.urlopen(f"{self.address}/sign-in/", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop the server and everything it started; SIGKILL takes all of them at once."""
        if self.process is None:
            return
        if how == signal.SIGKILL:
            os.killpg(self.process.pid, how)
        else:
            self.process.send_signal(how)
        self.process.wait(timeout=20)
        self.process = None

    def query(self, sql: str) -> list[tuple]:
        """Rows of the database, read from outside."""
        with sqlite3.connect(f"file:{self.data / 'plumbline.sqlite3'}?mode=ro", uri=True, timeout=10) as found:
            return found.execute(sql).fetchall()

    def everything(self) -> dict[str, list[tuple]]:
        """Every row of every table, and every file kept: what a refusal must leave as it was."""
        names = [name for (name,) in self.query("select name from sqlite_master where type = 'table'")]
        rows = {name: self.query(f'select * from "{name}"') for name in names if name not in UNTOLD}
        rows["files"] = sorted((path.name,) for path in (self.data / "files").glob("*"))
        # signing in writes down when
        rows["store_user"] = self.query("select id, username, password, role, area, version from store_user")
        return rows

    def states(self) -> list[str]:
        """States of all documents, oldest first."""
        return [state for (state,) in self.query("select state from store_document order by id")]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def until(holds, what: str) -> None:
    """Wait until something holds."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < give_up, f"waited in vain: {what}"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A running site with the people of two districts."""
    made = Site(tmp_path_factory.mktemp("site"))
    made.prepare()
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def chromium():
    """The browser of the machine."""
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is absent: install chromium to run the tests in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, site: Site):
    """Somebody in front of a browser: `visit("yunxi")` gives a page that is signed in, `visit("")` a stranger's.

    Nothing may go wrong in it: no error of a script, nothing that fails to load but what is expected, nothing from outside
    """
    opened, troubles = [], []

    def arrive(username: str, width: int = 1440, expected: tuple[int, ...] = ()) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale="zh-CN",
                                       timezone_id="Asia/Shanghai", base_url=site.address)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error} {error.stack}"))
        page.on("console", lambda told: troubles.append(f"{page.url}: {told.text} {told.location}")
                if told.type == "error" and not any(str(status) in told.text for status in expected) else None)
        page.on("request", lambda asked: troubles.append(f"outside: {asked.url}")
                if not asked.url.startswith((site.address, "data:", "blob:")) else None)
        if not username:
            return page
        page.goto("/sign-in/")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("button", name="退出").or_(page.get_by_role("button", name="菜单"))
               .first).to_be_visible()
        return page

    yield arrive
    for context in opened:
        context.close()
    assert troubles == []


def hand_in(page: Page, *files) -> None:
    """Choose files on the page of documents; they are sent at once."""
    page.goto("/documents/")
    page.locator("#file").set_input_files(list(files))


def read_example(page: Page) -> str:
    """Hand the example in, wait until it is read; its address."""
    hand_in(page, EXAMPLE)
    row = page.locator("#list tbody tr", has_text="云溪区2025年").first
    expect(row.get_by_text("已读取")).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    return row.get_by_role("link").first.get_attribute("href")
