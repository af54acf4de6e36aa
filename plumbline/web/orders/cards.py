"""Cards of orders on a board and in an inbox: short, coloured by their clock, with the moves one makes at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plumbline.kernel import Move, OrderKind
from plumbline.store.orders.access import follows, hats
from plumbline.web.orders.forms import MoveForm, aside, form_of
from plumbline.web.orders.rows import OrderRow, Speech, row_of
from plumbline.web.orders.suggestions import Suggestion, suggest


@dataclass(frozen=True, slots=True)
class Card:
    """A card.

    moves   those that need nothing told, made by one press
    others  the first of those that need more; its page has their forms
    give    the move that gives it to an office, where that is all it needs
    """

    row: OrderRow
    moves: list[MoveForm]
    others: list[MoveForm]
    give: MoveForm | None
    suggestion: Suggestion | None


def card(user: Any, order: Any, by: Speech, proposing: bool = False) -> Card:
    """A card; asks nothing more of the store, so that many are quick. What is not allowed after all is refused when tried."""
    kind = by.kinds.get(order.kind)
    forms = [form_of(one, kind, {}) for one in likely(user, order, kind)] if kind else []
    give = next((one for one in forms if one.office), None)
    return Card(row_of(order, by), [one for one in forms if one.plain][:2], [one for one in forms if not one.plain], give,
                suggest(order) if proposing and give else None)


def likely(user: Any, order: Any, kind: OrderKind) -> list[Move]:
    """The moves a person may make as far as his role and his office tell; leading moves only."""
    worn = hats(user, order)
    found = [one for one in kind.moves_from(order.state) if one.to and worn & set(one.by) and not follows(order, one)]
    return sorted(found, key=aside)


def labels(kind: OrderKind) -> Mapping[str, str]:
    """The states an order of a kind is still worked on in: key and label."""
    return {key: one.label for key, one in kind.states.items() if one.kind in ("open", "waiting")}
