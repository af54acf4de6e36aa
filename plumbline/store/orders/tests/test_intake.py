"""Past orders are taken in by the file: all of them with one journal entry, or none."""

from datetime import date
from decimal import Decimal

import pytest

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store import batches, orders
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Notice, Office
from plumbline.store.orders import Order, intake
from plumbline.store.orders.tests.made import CATALOG, ROWS, at, moved, office, opened, person
from plumbline.store.orders.tests.test_cutting import rows as cut_rows
from plumbline.store.tests.made import NEIGHBOUR, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(settings):
    settings.CATALOG = CATALOG
    office()
    return person("planner", "planner")


def row(**told):
    return {"title": "路灯不亮", "area": "990101", "state": "closed",
            "opened_at": at(10), "closed_at": at(9, day=date(2025, 3, 20)), "due_at": at(0, day=date(2025, 3, 11)),
            "office": "云溪街道", "urgency": "usual",
            "fields": {"finding": "已解决", "met": True, "cost": Decimal("3.50"), "seen_on": date(2025, 3, 4)}, **told}


def test_orders_are_taken_in_as_they_stood(planner):
    told = [row(number="SX2025000007", reply="已更换", returns=1), row(state="given", closed_at=None, lng=116.5, lat=40), row()]
    assert orders.take_in(planner, "small.matter", iter(told), "搬家", example=True, catalog=CATALOG) == 3
    first, second, third = Order.objects.order_by("pk")
    assert (first.number, first.state_kind, first.closed_at, first.due_at, first.returns) == (
        "SX2025000007", "done", at(9, day=date(2025, 3, 20)), None, 1)
    assert first.fields == {"finding": "已解决", "met": True, "cost": "3.50", "seen_on": "2025-03-04"}
    assert (first.office.name, first.first_office, first.example, first.version) == ("云溪街道", first.office, True, 0)
    assert [(one.told, one.says) for one in first.moves.all()] == [("已更换", "已答复")]
    assert (second.due_at, second.due_clock, str(second.lng)) == (at(0, day=date(2025, 3, 11)), "reply", "116.500000")
    assert len({first.code, second.code, third.code}) == 3
    assert [one["late"] for one in cut_rows(batches.inputs(ROWS).files)] == [True, True, True]
    entry = Entry.objects.latest("seq")
    assert (entry.action, entry.key, entry.after["rows"], len(entry.after["sha256"])) == ("order.intake", "small.matter", 3, 64)
    assert opened(person("operator", "operator")).number == "SX2025000010"
    assert verify().broken is None


def test_a_row_says_whether_it_was_late_when_it_knows(planner):
    orders.take_in(planner, "small.matter", [row(late=False), row(late=True), row(due_at=None)], "搬家", catalog=CATALOG)
    assert [one["late"] for one in cut_rows(batches.inputs(ROWS).files)] == [False, True, None]


def test_what_goes_on_here_is_due_by_our_limits_reminded_and_stops_late(planner):
    holder = person("holder", "office", office=Office.objects.get())
    orders.take_in(planner, "small.matter", [row(state="given", closed_at=None, due_at=None)], "搬家", catalog=CATALOG,
                   now=at(9, day=date(2025, 3, 12)))
    order = Order.objects.get()
    assert (order.due_at, order.due_clock, order.level, order.clocks["reply"]["state"]) == (
        at(0, day=date(2025, 3, 11)), "reply", 3, "late")
    assert [(one.clock, one.kind, one.at, one.why) for one in order.clock_events.all()] == [
        ("reply", "start", at(10), "接入时在办")]
    assert orders.sweep(at(10, day=date(2025, 3, 12)), CATALOG).orders == 1
    assert [one.level for one in Notice.objects.filter(office=holder.office)] == ["late"]
    order = moved(holder, order, "answer", at(11, day=date(2025, 3, 12)), reply="好", finding="已解决")
    assert order.clocks["reply"]["state"] == "late_met"


def test_what_waits_to_be_sent_has_no_limit_of_its_holder_yet(planner):
    orders.take_in(planner, "small.matter", [row(state="new", closed_at=None, office=None)], "搬家", catalog=CATALOG, now=at(11))
    order = Order.objects.get()
    assert (set(order.clocks), order.due_clock, order.due_at) == ({"send"}, "send", at(12))


def test_what_stands_paused_is_paused_from_now_on(planner):
    orders.take_in(planner, "small.matter", [row(state="hung", closed_at=None)], "搬家", catalog=CATALOG,
                   now=at(9, day=date(2025, 3, 5)))
    order = Order.objects.get()
    assert (order.clocks["reply"]["state"], order.due_at, order.next_at) == ("paused", None, None)
    assert [one.kind for one in order.clock_events.all()] == ["start", "pause"]


@pytest.mark.parametrize("told", [
    {"area": "123456"}, {"state": "nothing"}, {"title": ""}, {"title": "x" * 201}, {"opened_at": None},
    {"opened_at": date(2025, 3, 3)}, {"office": "没有的单位"}, {"fields": {"nothing": 1}}, {"fields": {"finding": "别的"}},
    {"fields": {"met": "是"}}, {"fields": {"cost": True}}, {"phone": "12345678"}])
def test_one_wrong_row_keeps_all_out(planner, told, monkeypatch):
    monkeypatch.setattr(intake, "MANY", 2)
    with refused(BadInput) as raised:
        orders.take_in(planner, "small.matter", [row(), row(), row(), row(**told), row()], "搬家", catalog=CATALOG)
    assert [one.where for one in raised.value.findings] == ["第 4 件"]


def test_a_number_that_is_known_keeps_all_out(planner):
    opened(person("operator", "operator"))
    with refused(Conflict):
        orders.take_in(planner, "small.matter", [row(), row(number="SX2025000001")], "搬家", catalog=CATALOG)


def test_who_may_not_keeps_all_out(planner):
    for who, told in ((person("operator", "operator"), row()), (planner, row(area=NEIGHBOUR, office=None))):
        with refused(NotAllowed):
            orders.take_in(who, "small.matter", [told], "搬家", catalog=CATALOG)
    with refused(BadInput):
        orders.take_in(planner, "small.matter", [row()], " ", catalog=CATALOG)


def test_progress_is_told(planner, monkeypatch):
    monkeypatch.setattr(intake, "MANY", 2)
    told = []
    orders.take_in(None, "small.matter", [row() for _ in range(5)], "模拟", progress=told.append, catalog=CATALOG)
    assert told == [2, 4, 5]
