"""Requests nobody means well: each is answered in words, none breaks the page, none writes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from plumbline.kernel import Coverage
from plumbline.store import batches, deliveries
from plumbline.store.models import Batch
from plumbline.store.tests import made
from plumbline.web.delivery_work import work
from plumbline.web.tests import records_world, world
from plumbline.web.tests.records_world import CSV, FIRMS, YARDS

pytestmark = pytest.mark.django_db
HUGE = 10**30


@pytest.fixture
def district(settings):
    settings.CATALOG = records_world.catalog()
    found = records_world.district(settings.CATALOG)
    batches.inputs(found.firms)
    return found


@pytest.fixture
def browser(district):
    return world.browser(district.planner)


@pytest.mark.parametrize(("query", "status"), [
    ("where=%00", 400), ("where=" + "(" * 500, 400), ("sort=%00", 200),
    ("sort=-row_", 200), ("show=../x&show=phone", 200), ("c.number=%00", 200), ("c.number=%25", 200), ("c.number='", 200),
    ("c.land.from=1e999", 200), ("c.land.from=NaN", 200), ("c.land.to=99999999999999999999999999999999999999999", 200),
    ("page=-1", 200), ("page=999999999", 200), ("page=x", 200), ("size=7", 200), ("where=land > 1 /*", 400),
    ("where=param.x.y > 1", 400), ("where=lаnd > 1", 400), ("c.done_on.from=9999-12-31", 200),
])
@pytest.mark.parametrize("form", ["/", ".json", ".csv"])
def test_a_list_answers_whatever_is_asked(browser, query, status, form):
    answer = browser.get(f"/tables/{YARDS}{form}?{query}")
    assert answer.status_code == status
    world.drained(answer)


def test_numbers_beyond_all_rows_are_not_there(browser, district):
    for address in ((YARDS, district.batch.sha256, HUGE), (FIRMS, "entry", HUGE), (FIRMS, "entry", 0)):
        assert browser.get(reverse("record", args=address)).status_code == 404
    assert browser.get(reverse("delivery", args=[YARDS, HUGE])).status_code == 404


@pytest.mark.parametrize("form", [
    {"id": "x"}, {"id": str(HUGE)}, {"id": "1", "column": "area_", "value": "1"}, {"all": "1", "query": "where=land >"},
    {"all": "1", "query": "c.name=没有这一家"},
])
def test_a_bulk_change_of_nonsense_is_refused(browser, form):
    before = made.everything()
    assert browser.post(reverse("edit-entries", args=[FIRMS]), form).status_code in (400, 403)
    assert made.everything() == before


@pytest.mark.parametrize("data", [
    b"\x00\x01\x02", b"PK\x03\x04broken", b"PAR1broken", b"{", "面积\n".encode("utf-16"), b"\xff" * 50])
def test_a_broken_file_is_refused_in_words(browser, data):
    file = SimpleUploadedFile("坏.xlsx", data)
    answer = browser.post(reverse("deliver", args=[YARDS]), {"area": made.DISTRICT, "first": "2026-01-01", "last": "2026-01-31",
                                                              "file": file, "why": "x"})
    row = deliveries.Delivery.objects.get()
    if row.state == "waiting":
        row = work(row.pk)
    assert (answer.status_code, row.state) == (302, "refused")
    assert row.findings
    assert Batch.objects.count() == 1


def test_a_batch_made_by_a_worker_that_was_killed_is_found_again(browser, district):
    """Killed behind the batch's transaction, before the delivery's."""
    text = CSV.replace("2025-0", "2026-0").replace("甲-", "丁-").replace("乙-", "戊-")
    told = Coverage((made.DISTRICT,), records_world.date(2026, 1, 1), records_world.date(2026, 6, 30))
    row = deliveries.hand_in(district.planner, district.yards, deliveries.Sent("明年.csv", [text.encode()]), told)
    assert work(row.pk).state == "ready"
    deliveries.accept(district.planner, row.pk)
    deliveries.begin(row.pk)
    batch = batches.receive(district.planner, district.yards, row.name, deliveries.path_of(row), told)
    done = work(row.pk)
    assert (done.state, done.batch_id, Batch.objects.count()) == ("received", batch.pk, 2)
