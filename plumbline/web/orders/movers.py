"""Kinds of order whose moves do more than move the order: their system says how. The site hands the systems' own in.

A system that keeps something else in step with an order (the promise a task is made of) does so in one transaction with
the move; whoever moves such an order, on whatever page, comes through here.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from plumbline.kernel import OrderKind
from plumbline.store import orders
from plumbline.store.models import Order

# user, order, move, what is told, version
Mover = Callable[[Any, Order, str, Mapping[str, Any], int], Order]
# user, numbers of orders, move, what is told
ManyMover = Callable[[Any, Iterable[int], str, Mapping[str, Any]], orders.Moved]
# by kind of order; filled once, when the addresses of the site are put together
known: dict[str, Mover] = {}
known_many: dict[str, ManyMover] = {}


def install(more: Mapping[str, Mover], many: Mapping[str, ManyMover] | None = None) -> None:
    """Let these move the orders of their kinds, one and many alike."""
    known.update(more)
    known_many.update(many or {})


def give(user: Any, order: Order, kind: OrderKind) -> Order:
    """Send a new order out to the office it names, where this person may; otherwise it waits for who sends orders out."""
    sends = [one for one in orders.may_move(user, order, kind) if one.needs == ("office",) and one.to]
    if order.office_id is None or not sends:
        return order
    return move(user, order, sends[0].key, {"office": order.office_id}, order.version)


def move(user: Any, order: Order, key: str, told: Mapping[str, Any], version: int) -> Order:
    """Move an order, as its kind is moved; refusals as `store.orders.move` has them."""
    own = known.get(order.kind)
    return own(user, order, key, told, version) if own else orders.move(user, order.pk, key, told, version)


def move_many(user: Any, kind: str, numbers: Iterable[int], key: str, told: Mapping[str, Any]) -> orders.Moved:
    """Make one move of many orders, as their kind is moved."""
    own = known_many.get(kind)
    return own(user, numbers, key, told) if own else orders.move_many(user, numbers, key, told)
