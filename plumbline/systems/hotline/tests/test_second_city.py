"""The limits of another city are the second set of parameters: the kind's form names them, and orders are due by them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from plumbline.store import declarations, orders
from plumbline.store.declarations.kind_body import body_of
from plumbline.store.models import ClockEvent, Order
from plumbline.store.tests import made
from plumbline.systems.hotline.tests import doors

pytestmark = pytest.mark.django_db
KIND = "hotline.request"
ZONE = ZoneInfo("Asia/Shanghai")
# the last Monday but one before National Day 2025: two make-up days (28 September, 11 October), eight days off
RECEIVED = datetime(2025, 9, 22, 10, tzinfo=ZONE)


@pytest.fixture
def world():
    return doors.district()


def due(world, urgency):
    """When the reply to a request received and sent then is due, and how that was reckoned."""
    told = {"title": "路灯不亮", "area": made.DISTRICT, "place": "990101001", "urgency": urgency}
    order = orders.open_(world.operator, KIND, told, now=RECEIVED)
    orders.move(world.dispatcher, order.pk, "dispatch", {"office": world.street.pk}, order.version, now=RECEIVED)
    order = Order.objects.get(pk=order.pk)
    found = orders.due_of(order, "reply", RECEIVED)
    return found.at.astimezone(ZONE), "\n".join(found.steps)


def second(world):
    """The kind with the other city's limits, as its form writes it."""
    body = body_of(settings.CATALOG.orders[KIND])
    for clock, more in (("dispatch", {}), ("reply", {"begins": "next_day", "ends": "midnight",
                                                     "most": "hotline.reply_rules_second.extensions"}), ("call_back", {})):
        body["clocks"][clock] |= {"of": f"hotline.{clock}_second", **more}
    planner = made.user("of_the_city", area="110000")
    declarations.declare_order(planner, KIND, body, "比照另一城市的规定试行")


def test_the_first_set_is_in_force_until_the_form_says_otherwise(world):
    at, steps = due(world, "ordinary")
    assert at == datetime(2025, 9, 29, 10, tzinfo=ZONE)
    assert "7日" in steps


def test_the_second_set_reckons_working_days_from_the_next_day(world):
    second(world)
    at, steps = due(world, "ordinary")
    assert at == datetime(2025, 10, 16, 0, tzinfo=ZONE)
    for told in ("13个工作日", "国庆节", "调休"):
        assert told in steps
    assert due(world, "utility")[0] == datetime(2025, 9, 26, 0, tzinfo=ZONE)
    assert due(world, "emergency")[0].date() in (date(2025, 9, 23), date(2025, 9, 24))


def test_orders_under_way_keep_the_limit_they_began_with(world):
    told = {"title": "路灯不亮", "area": made.DISTRICT, "place": "990101001", "urgency": "ordinary"}
    order = orders.open_(world.operator, KIND, told, now=RECEIVED)
    orders.move(world.dispatcher, order.pk, "dispatch", {"office": world.street.pk}, order.version, now=RECEIVED)
    before = Order.objects.get(pk=order.pk).due_at
    events = ClockEvent.objects.count()
    second(world)
    assert (Order.objects.get(pk=order.pk).due_at, ClockEvent.objects.count()) == (before, events)
