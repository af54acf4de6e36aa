"""Reading in the background: what is killed is taken up again, what is stopped stays stopped."""

import os
import signal

import pytest
from playwright.sync_api import expect

from plumbline.site.tests.conftest import EXAMPLE, PATIENCE_SECONDS, hand_in, until

pytestmark = pytest.mark.slow
# so many that reading takes long enough to be killed in the middle
COPIES = 40


def long_report(mark: str) -> dict:
    """A report long enough to be caught while it is read; the mark makes it another file each time."""
    text = EXAMPLE.read_text() + f"\n{mark}\n" + EXAMPLE.read_text() * COPIES
    return {"name": f"{mark}.txt", "mimeType": "text/plain", "buffer": text.encode()}


def reading(site) -> bool:
    """Whether the newest document is being read."""
    return site.states()[-1:] == ["reading"]


def readers(site) -> list[int]:
    """Processes of this site that read one document each: children of its worker."""
    workers = children(site.process.pid, "plumbline.site.worker")
    return [child for worker in workers for child in children(worker)]


def children(parent: int, named: str = "") -> list[int]:
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as told, open(f"/proc/{entry}/cmdline") as line:
                    if int(told.read().rpartition(")")[2].split()[1]) == parent and named in line.read():
                        found.append(int(entry))
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


def test_server_killed_while_reading_reads_on_after_it_starts_again(visit, site):
    page = visit("yunxi")
    page.goto("/documents/")
    hand_in(page, long_report("断电"))
    until(lambda: reading(site), "the document is being read")
    page.goto("about:blank")
    site.stop(signal.SIGKILL)
    assert site.states()[-1] == "reading"
    assert site.query("select count(*) from store_claim") == [(0,)]
    site.start()
    until(lambda: site.states()[-1] == "read", "the document is read after all")
    assert site.query("select count(*) from store_claim")[0][0] > 1000


def test_reader_killed_is_told_and_the_same_upload_works_again(visit, site):
    page = visit("yunxi")
    report = long_report("杀死")
    hand_in(page, report)
    until(lambda: reading(site) and readers(site), "the document is being read")
    count = len(site.states())
    for reader in readers(site):
        os.kill(reader, signal.SIGKILL)
    row = page.locator("#list tbody tr", has_text="杀死.txt")
    expect(row.get_by_text("未能读取")).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    row.get_by_role("link").first.click()
    expect(page.locator("#state")).to_contain_text("意外中断")
    hand_in(page, report)
    expect(page.locator("#upload-said .alert-success")).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    until(lambda: site.states()[-1] == "read", "the document is read after all")
    assert len(site.states()) == count


def test_reading_is_stopped_and_begun_anew_from_the_page(visit, site):
    page = visit("yunxi")
    hand_in(page, long_report("停下"))
    until(lambda: reading(site), "the document is being read")
    row = page.locator("#list tbody tr", has_text="停下.txt")
    row.get_by_role("link").first.click()
    page.get_by_role("button", name="停止读取").click()
    expect(page.get_by_role("button", name="重新读取")).to_be_visible()
    until(lambda: not readers(site), "the reader is gone")
    assert site.states()[-1] == "stopped"
    page.get_by_role("button", name="重新读取").click()
    expect(page.get_by_role("article", name="报告正文")).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    assert site.states()[-1] == "read"


def test_worker_killed_is_followed_by_another(visit, site):
    page = visit("yunxi")
    for worker in children(site.process.pid, "plumbline.site.worker"):
        os.kill(worker, signal.SIGKILL)
    count = len(site.states())
    hand_in(page, {"name": "接着读.txt", "mimeType": "text/plain", "buffer": ("接着读\n" + EXAMPLE.read_text()).encode()})
    until(lambda: len(site.states()) > count and site.states()[-1] == "read", "the document is read by another worker")
