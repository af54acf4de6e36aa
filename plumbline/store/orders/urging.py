"""Urging (督办): a word from above to whoever holds an order, in its story and to its holder."""

from typing import Any, Unpack

from django.db import transaction

from plumbline.kernel import NotAllowed
from plumbline.store.journal.writing import Write, record
from plumbline.store.orders.access import ABSENT
from plumbline.store.orders.moments import hour_of
from plumbline.store.orders.recipients import Recipients, word_of
from plumbline.store.orders.setting import At, setting
from plumbline.store.orders.story import locked, told_on
from plumbline.store.orders.tables import Notice, Order, OrderMove
from plumbline.store.people.roles import may, require
from plumbline.store.words import bad, reason

URGE = "urge"


@transaction.atomic
def urge(user: Any, order_id: int, why: str, **at: Unpack[At]) -> OrderMove:
    """Urge the holder of an order; where nobody holds it yet, those who dispatch it. The row of its story.

    Raises  NotAllowed, BadInput without a reason, or where the order is over
    """
    _, now = setting(at)
    order = locked(order_id)
    if not may(user, "see", order.area):
        raise NotAllowed(ABSENT)
    require(user, URGE, order.area)
    why = reason(why)
    if order.state_kind not in ("open", "waiting"):
        raise bad("order.over", order.number, f"工单 {order.number} 已经办结或作废，不用督办；没有保存任何改动。")
    row = told_on(order, OrderMove(move=URGE, label="督办", by=user, at=now, why=why))
    to = ["holder"] if order.office_id else ["dispatcher"]
    due = f"（时限{hour_of(order.due_at)}）" if order.due_at else ""
    word = Notice(level=URGE, at=now, text=word_of(order, "督办", f"{why}{due}"))
    Notice.objects.bulk_create(Recipients([order], ["dispatcher"]).notices(order, to, word, user))
    record(user, Write("order.urge", "order", order.pk, None, {"number": order.number, "urged": True}, why, order.area))
    return row


def urged(order: Order) -> int:
    """How often an order was urged."""
    return OrderMove.objects.filter(order=order, move=URGE).count()
