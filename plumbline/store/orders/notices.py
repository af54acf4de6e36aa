"""Notices: words to offices and people about orders, as their page shows them; `mailing` sends them by e-mail."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from plumbline.kernel import ORDER_ROLES, Catalog, Move, OrderKind
from plumbline.store.declarations.reading import catalog as catalog_now
from plumbline.store.orders.moments import hour_of
from plumbline.store.orders.recipients import Recipients, word_of
from plumbline.store.orders.tables import Notice, Order, OrderMove

MOVED = "move"
Pair = tuple[Order, OrderMove]


def told(order: Order, row: OrderMove, catalog: Catalog | None = None) -> list[Notice]:
    """Tell those whom a step of one order concerns; inside its transaction."""
    return told_all([(order, row)], catalog)


def told_all(pairs: Iterable[Pair], catalog: Catalog | None = None) -> list[Notice]:
    """Tell those whom steps concern, inside their transaction: few queries, however many there are.

    To  the holder, of what others do; the judges of a step that another person has to judge; who called for help,
        once it is over or waits; the person who asked, of what is said to him
    """
    steps, catalog = list(pairs), catalog or catalog_now()
    known_kinds = [(order, row) for order, row in steps if order.kind in catalog.orders]
    wanted = [(order, row, to) for order, row in known_kinds if (to := _concerned(order, row, catalog.orders[order.kind]))]
    if not wanted:
        return []
    roles = {name for *_, to in wanted for name in to if name in ORDER_ROLES}
    known = Recipients([order for order, *_ in wanted], roles, any("asker" in to for *_, to in wanted))
    return Notice.objects.bulk_create([one for step in wanted for one in _of_step(known, catalog, *step)])


def _concerned(order: Order, row: OrderMove, kind: OrderKind) -> tuple[str, ...]:
    """Who is told of a step: holder, sender, asker, roles."""
    moves = kind.moves_from(order.state)
    judges = [role for move in moves if row.move and move.other_than == row.move for role in _judge(move)]
    to = [*dict.fromkeys(judges)]
    if order.state_kind != "done":
        to.append("holder")
    if order.sender_id and order.state_kind != "open":
        to.append("sender")
    if row.says:
        to.append("asker")
    return tuple(to)


def _judge(move: Move) -> list[str]:
    """The role a judgement falls to: the first one named."""
    return [one for one in move.by if one in ORDER_ROLES and one != "office"][:1]


def _of_step(known: Recipients, catalog: Catalog, order: Order, row: OrderMove, to: tuple[str, ...]) -> Iterator[Notice]:
    kind = catalog.orders[order.kind]
    state = kind.states[order.state].label if order.state in kind.states else order.state
    due = f"，时限{hour_of(order.due_at)}" if order.due_at else ""
    word = Notice(level=MOVED, at=row.at, text=word_of(order, row.label, f"现为「{state}」{due}。"))
    yield from known.notices(order, [one for one in to if one != "asker"], word, row.by)
    if "asker" in to:
        said = Notice(level=MOVED, at=row.at, text=word_of(order, "", f"{row.says}。"))
        yield from known.notices(order, ["asker"], said, row.by)


def seen(user: Any, ids: Iterable[int], now: datetime | None = None) -> int:
    """Mark notices of one's own, or of one's office, as seen; how many were not yet."""
    return Notice.objects.visible_to(user).filter(pk__in=list(ids), seen_at=None).update(seen_at=now or timezone.now())


def unseen(user: Any, most: int = 100) -> int:
    """How many notices nobody has seen, counted up to `most`."""
    return Notice.objects.visible_to(user).filter(seen_at=None)[:most].count()
