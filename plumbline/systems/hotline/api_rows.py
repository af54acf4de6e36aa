"""Orders and kinds as the API gives them: plain values, and nobody's telephone."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from plumbline.kernel import Move, OrderKind
from plumbline.store import orders
from plumbline.store.models import Order
from plumbline.systems.hotline.api_shapes import ListAsk

PLAIN = ("number", "kind", "title", "topic", "urgency", "source", "state", "state_kind", "area", "place", "address", "opened_at",
         "changed_at", "closed_at", "due_at", "level", "version")
EXACT = ("kind", "state", "state_kind", "area", "place", "topic", "office")
BOUNDS = {"since": "opened_at__gte", "until": "opened_at__lt", "updated_after": "changed_at__gte"}


def narrowed(user: Any, asked: ListAsk) -> QuerySet[Order]:
    """The orders a person may see, of what was asked, the last received first."""
    told = {name: getattr(asked, name) for name in EXACT} | {path: getattr(asked, name) for name, path in BOUNDS.items()}
    given = {name: value for name, value in told.items() if value not in ("", None)}
    return Order.objects.visible_to(user).filter(**given).select_related("office").order_by("-id")


def row(order: Order) -> dict[str, Any]:
    """An order in a list."""
    return {name: getattr(order, name) for name in PLAIN} | {"office": order.office.name if order.office else ""}


def full(user: Any, order: Order, kind: OrderKind | None) -> dict[str, Any]:
    """An order with all that its page shows, but for who asked."""
    personal = {column.key for column in kind.fields if column.personal} if kind else set()
    fields = {key: value for key, value in order.fields.items() if key not in personal}
    return row(order) | {
        "text": order.text, "lng": order.lng, "lat": order.lat, "fields": fields,
        "moves": [move_out(move) for move in orders.may_move(user, order, kind)] if kind else [],
        "story": list(story(order))}


def story(order: Order) -> Iterable[dict[str, Any]]:
    """What happened to an order, the first first."""
    for step in order.moves.select_related("office").order_by("n"):
        yield {"n": step.n, "move": step.move, "label": step.label, "at": step.at, "why": step.why, "told": step.told,
               "office": step.office.name if step.office else ""}


def move_out(move: Move) -> dict[str, Any]:
    """A move, and what it asks."""
    return {"key": move.key, "label": move.label, "needs": list(move.needs), "takes": list(move.takes)}


def kind_out(kind: OrderKind) -> dict[str, Any]:
    """A kind as it is declared."""
    fields = [{"key": one.key, "label": one.label, "type": one.type, "choices": list(one.choices)} for one in kind.fields]
    return {"key": kind.key, "label": kind.label, "meaning": kind.meaning, "opens": list(kind.opens), "fields": fields,
            "states": {state.key: state.label for state in kind.states.values()},
            "moves": [move_out(move) for move in kind.moves.values()]}
