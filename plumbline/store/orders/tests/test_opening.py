"""An order is opened once, by those it is open to, with who asked kept apart."""

import hashlib
import hmac

import pytest

from plumbline.kernel import BadInput, NotAllowed
from plumbline.store import orders
from plumbline.store.journal import Entry
from plumbline.store.orders import Asker, Order
from plumbline.store.orders.tests.made import CATALOG, at, office, opened, person
from plumbline.store.tests.made import NEIGHBOUR, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return person("operator", "operator")


def test_what_is_told_is_kept(operator):
    order = opened(operator, text="第一行\n第二行", topic="城市管理/道路", source="电话", place="990101001002", address="1号",
                   lng="116.1234567", lat=40, fields={"met": "否"}, example=True)
    order.refresh_from_db()
    assert (str(order.lng), str(order.lat), order.fields, order.example) == ("116.123457", "40.000000", {"met": False}, True)
    assert (order.opened_by, order.opened_at, order.state, len(order.code)) == (operator, at(10), "new", 12)
    entry = Entry.objects.latest("seq")
    assert (entry.action, entry.key, entry.area, entry.before) == ("order.open", str(order.pk), "990101", None)
    assert entry.after["text_sha256"] == hashlib.sha256(order.text.encode()).hexdigest()
    assert "第一行" not in str(entry.after)


def test_numbers_follow_one_another_in_each_year(operator):
    assert [opened(operator).number for _ in range(2)] == ["SX2025000001", "SX2025000002"]
    assert opened(operator, now=at(23, 59, at(0).date().replace(year=2024, month=12, day=31))).number == "SX2024000001"
    assert opened(operator, now=at(0, 0, at(0).date().replace(month=1, day=1))).number == "SX2025000003"


def test_the_telephone_is_found_by_a_keyed_hash_of_its_digits(operator, settings):
    order = opened(operator, asker={"name": "王五", "phone": "(010) 1234-5678", "email": "w@example.org", "secret": "1"})
    wanted = hmac.new(settings.SECRET_KEY.encode(), b"01012345678", hashlib.sha256).hexdigest()
    assert (order.asker.phone_digest, order.asker.phone, order.asker.secret) == (wanted, "(010) 1234-5678", True)
    assert orders.phone_digest("010 12345678") == wanted
    assert orders.phone_digest("") == ""
    assert "1234" not in str(list(Entry.objects.values_list("after", flat=True)))


def test_the_same_key_gives_the_same_order(operator):
    first = opened(operator, asker={"phone": "12345678"}, key="form-1")
    assert opened(operator, key="form-1") == first
    assert opened(operator, key="form-2") != first
    assert opened(person("other", "operator"), key="form-1") != first
    assert opened(None, key="form-1") == opened(None, key="form-1")
    assert (Order.objects.count(), Asker.objects.count()) == (4, 1)


def test_those_it_is_not_open_to_are_refused_without_trace():
    body = {"title": "x", "area": "990101"}
    for who in (person("leader", "leader"), person("deputy", "deputy"), person("far", "operator", area=NEIGHBOUR),
                person("office", "office", office=office())):
        with refused(NotAllowed):
            orders.open_(who, "small.matter", body, catalog=CATALOG)
    with refused(NotAllowed):
        orders.open_(None, "small.help", body, catalog=CATALOG)


@pytest.mark.parametrize("told", [
    {"title": ""}, {"title": "x" * 201}, {"text": "x" * 5001}, {"title": "a\x07"}, {"place": "110112001"},
    {"place": "99010100"}, {"lng": "116"}, {"lng": "200", "lat": "1"}, {"lng": "NaN", "lat": "1"}, {"urgency": "tomorrow"},
    {"lng": "1e999999999", "lat": "1"},
    {"fields": {"met": "也许"}}, {"fields": {"nothing": "1"}}, {"office": "0"}, {"parent": 10 ** 9}, {"link": "part"},
    {"wrong": "1"}])
def test_what_cannot_be_kept_is_refused_without_trace(operator, told):
    with refused(BadInput):
        orders.open_(operator, "small.matter", {"title": "x", "area": "990101", **told}, catalog=CATALOG)


def test_an_area_nobody_knows_and_a_kind_that_is_not_there_are_refused():
    root = person("root", "planner")
    root.is_superuser = True
    with refused(BadInput):
        orders.open_(root, "small.matter", {"title": "x", "area": "123456"}, catalog=CATALOG)
    with refused(BadInput):
        orders.open_(root, "small.nothing", {"title": "x", "area": "990101"}, catalog=CATALOG)


@pytest.mark.parametrize("asker", [{"phone": "12"}, {"phone": "1" * 31}, {"email": "a@b"}, {"name": "王" * 51}])
def test_an_asker_nobody_can_call_is_refused_without_trace(operator, asker):
    with refused(BadInput):
        opened(operator, asker=asker)


@pytest.mark.parametrize("told", [{"office": 1}, {"example": "1"}, {"subject": "target 1"}, {"sender": 1}])
def test_the_public_says_only_what_it_knows(told):
    with refused(BadInput):
        orders.open_(None, "small.matter", {"title": "x", "area": "990101", **told}, catalog=CATALOG)
