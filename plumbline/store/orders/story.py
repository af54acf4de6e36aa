"""The order a person acts on besides moving it, locked; and what is added to its story then."""

from typing import Any

from django.db.models import Max

from plumbline.kernel import NotAllowed
from plumbline.store.orders.access import ABSENT, hats
from plumbline.store.orders.tables import Order, OrderMove


def locked(order_id: int) -> Order:
    """The order, locked to the end of the transaction; NotAllowed, in the words of any other refusal, where there is none."""
    order = Order.objects.select_for_update(of=("self",)).filter(pk=order_id).first()
    if order is None:
        raise NotAllowed(ABSENT)
    return order


def require_part(user: Any, order: Order, code: str = "") -> frozenset[str]:
    """What a person is to an order; NotAllowed, in the same words, where he is nothing to it."""
    if user is None and not code:
        raise NotAllowed(ABSENT)
    worn = hats(user, order, code)
    if not worn:
        raise NotAllowed(ABSENT)
    return worn


def told_on(order: Order, row: OrderMove) -> OrderMove:
    """Add a row to the story of a locked order: the next number, and who holds it."""
    last = OrderMove.objects.filter(order=order).aggregate(last=Max("n"))["last"] or 0
    row.order, row.n, row.office_id = order, last + 1, order.office_id
    row.source, row.to = order.state, order.state
    row.save()
    return row
