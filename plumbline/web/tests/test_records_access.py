"""Who is let in where: every address of tables, rows, records, entries and deliveries, as everybody, reading and writing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from plumbline.kernel import Coverage
from plumbline.store import batches, deliveries, registers
from plumbline.store.tests import made
from plumbline.web import deliver, delivery, entries, record, rows, tables
from plumbline.web.tests import records_world, world
from plumbline.web.tests.records_world import FIRMS, YARDS

pytestmark = pytest.mark.django_db
ADDRESSES = [address for part in (tables, rows, record, entries, deliver, delivery) for address in part.urls]
FORMS = ("json", "xlsx", "csv")
INSIDE = {"planner", "leader", "office"}
# addresses that only take forms
ACTS = {"personal", "keep-filter", "drop-filter", "record-personal", "edit-entry", "retire-entry", "withdraw",
        "accept-delivery", "stop-delivery"}
# who may open an address; the others are refused with the status behind
TABLE_PAGES = {"rows", "table-about", "table-template", "deliver"}
OWN_PAGES = {"record", "delivery", "delivery-state"}
WRITERS_PAGES = {"add-entry", "edit-entries"}


@pytest.fixture
def district(settings):
    settings.CATALOG = records_world.catalog()
    found = records_world.district(settings.CATALOG)
    batches.inputs(found.firms)
    sent = deliveries.Sent("七月.csv", [records_world.CSV.encode()], "七月")
    found.delivery = deliveries.hand_in(found.planner, found.yards, sent, Coverage((made.DISTRICT,)))
    registers.save_filter(found.planner, YARDS, "常用", "sort=land")
    return found


def stem_and_form(name):
    stem, _, form = name.rpartition("-")
    return (stem, form) if form in FORMS else (name, "html")


def address_of(pattern, district):
    """An address with the district's own things in it."""
    stem, _ = stem_and_form(pattern.name)
    if stem == "tables":
        return reverse(pattern.name)
    item = district.items[0].pk
    register = stem in WRITERS_PAGES | {"edit-entry", "retire-entry"}
    named = {"key": FIRMS if register else YARDS}
    more = {"record": {"sha256": district.batch.sha256, "row": 2}, "record-personal": {"sha256": district.batch.sha256, "row": 2},
            "edit-entry": {"number": item}, "retire-entry": {"number": item}, "withdraw": {"batch": district.batch.pk},
            **{one: {"number": district.delivery.pk} for one in (*OWN_PAGES - {"record"}, "accept-delivery", "stop-delivery")}}
    query = f"?id={item}" if stem == "edit-entries" else ""
    return reverse(pattern.name, kwargs=named | more.get(stem, {})) + query


def test_every_address_is_told_of_here():
    stems = {stem_and_form(pattern.name)[0] for pattern in ADDRESSES}
    assert stems == {"tables"} | ACTS | TABLE_PAGES | OWN_PAGES | WRITERS_PAGES


def test_a_stranger_is_sent_to_sign_in_and_writes_nothing(district):
    client = world.browser()
    before = made.everything()
    for pattern in ADDRESSES:
        address = address_of(pattern, district)
        for answer in (client.get(address), client.post(address, {"why": "x"})):
            assert answer.status_code == 302, address
            assert answer["Location"].startswith(reverse("sign-in")), address
    assert made.everything() == before


def expected(stem, who):
    """The status a person gets who opens an address."""
    if stem in ACTS:
        return 405
    if stem in WRITERS_PAGES:
        return {"planner": 200, "office": 200, "leader": 403, "deputy": 404}.get(who, 403 if stem == "edit-entries" else 200)
    if who == "deputy":
        return 404 if stem != "tables" else 200
    return 404 if stem in OWN_PAGES and who not in INSIDE else 200


@pytest.mark.parametrize("who", ["planner", "leader", "deputy", "office", "neighbour"])
def test_reading(district, who):
    client = world.browser(district.people[who])
    before = made.everything()
    for pattern in ADDRESSES:
        stem, _ = stem_and_form(pattern.name)
        if who == "neighbour" and stem == "edit-entries":
            continue
        assert client.get(address_of(pattern, district)).status_code == expected(stem, who), (who, pattern.name)
    assert made.everything() == before


OURS = ("甲-1", "甲公司", "六月.csv", "七月.csv", "王某", "13900000001", "常用", records_world.WHY)


@pytest.mark.parametrize("who", ["neighbour", "deputy"])
def test_pages_tell_people_of_elsewhere_nothing(district, who):
    client = world.browser(district.people[who])
    for pattern in ADDRESSES:
        stem, form = stem_and_form(pattern.name)
        if stem in ACTS or form == "xlsx" or stem == "table-template":
            continue
        for key in (YARDS, FIRMS):
            address = address_of(pattern, district).replace(YARDS, key).replace(FIRMS, key)
            text = world.drained(client.get(address)).decode()
            assert not [word for word in OURS if word in text], (pattern.name, key)


def test_an_entry_of_another_area_is_not_there(district):
    client = world.browser(district.people["neighbour"])
    assert client.get(reverse("record", args=[FIRMS, "entry", district.items[0].pk])).status_code == 404
    assert client.get(reverse("edit-entries", args=[FIRMS]) + f"?id={district.items[0].pk}").status_code == 200
    told = client.post(reverse("edit-entries-json", args=[FIRMS]), {"id": district.items[0].pk, "column": "staff", "value": "1"})
    assert (told.json()["preview"], told.json()["changing"]) == ([], 0)


def forms_of(district):
    """Every form a person could send, filled in well."""
    item, batch, waiting = district.items[0], district.batch, district.delivery
    entry = {"v.code": "910", "v.name": "改名", "v.area": made.DISTRICT, "why": "核实", "version": item.version}
    file = SimpleUploadedFile("八月.csv", records_world.CSV.encode())
    return [
        (reverse("edit-entry", args=[FIRMS, item.pk]), entry),
        (reverse("retire-entry", args=[FIRMS, item.pk]), {"why": "注销", "version": item.version}),
        (reverse("add-entry", args=[FIRMS]), {**entry, "v.code": "77"}),
        (reverse("edit-entries", args=[FIRMS]), {"id": item.pk, "column": "staff", "value": "1", "commit": "1", "count": "1",
                                                 "why": "核查"}),
        (reverse("deliver", args=[YARDS]), {"area": made.DISTRICT, "file": file, "why": "月报"}),
        (reverse("accept-delivery", args=[YARDS, waiting.pk]), {}),
        (reverse("stop-delivery", args=[YARDS, waiting.pk]), {}),
        (reverse("withdraw", args=[YARDS, batch.pk]), {"why": "错了"}),
        (reverse("record-personal", args=[YARDS, batch.sha256, 2]), {"why": "好奇"}),
    ]


@pytest.mark.parametrize("who", ["leader", "deputy", "neighbour"])
def test_writing_is_refused_and_leaves_nothing_behind(district, who):
    client = world.browser(district.people[who])
    before = made.everything()
    for address, form in forms_of(district):
        if "file" in form:
            form["file"].seek(0)
        assert client.post(address, form).status_code in (403, 404), (who, address)
    assert made.everything() == before
