"""Rows added in few trips: the same as one by one."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plumbline.store.adding import FEW, add
from plumbline.store.models import ClockEvent, Order, OrderMove

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 2, 30, 0, 5, tzinfo=UTC)


@pytest.fixture
def order():
    return Order.objects.create(kind="x.y", number="X1", state="a", state_kind="open", area="110101", opened_at=NOW,
                                changed_at=NOW)


@pytest.mark.parametrize("many", [1, FEW, FEW + 1, 300])
def test_rows_added_at_once_are_what_they_are_one_by_one(order, many):
    moves = [OrderMove(order=order, n=n, move="m", label="甲'\"\\\t乙%s", at=NOW, change={"到": [None, "二\\n"]})
             for n in range(many)]
    events = [ClockEvent(order=order, clock="c", kind="extend", at=NOW, amount=Decimal("1.50"), unit="日")]
    add(moves, [], events)
    kept = list(OrderMove.objects.order_by("n").values_list("n", "label", "at", "change", "by"))
    assert kept == [(n, "甲'\"\\\t乙%s", NOW, {"到": [None, "二\\n"]}, None) for n in range(many)]
    assert ClockEvent.objects.values_list("amount", "at", "why").get() == (Decimal("1.50"), NOW, "")


def test_few_rows_of_several_tables_and_what_follows_are_one_trip_to_postgresql(order):
    with CaptureQueriesContext(connection) as queries:
        add([OrderMove(order=order, n=1, at=NOW)], [ClockEvent(order=order, at=NOW)],
            then=("UPDATE store_order SET title = %s", ["乙"]))
    assert len(queries) == (1 if connection.vendor == "postgresql" else 3)
    order.refresh_from_db()
    assert order.title == "乙"
