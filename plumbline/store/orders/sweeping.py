"""The sweep: orders whose clocks reached a reminder, a warning or their end are told to whom it concerns.

Work of a machine that comes again and again: some thousand orders are one transaction, so that a sweep that is killed
leaves each of them told once or not yet, and two sweeps at once tell nothing twice.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max

from plumbline.kernel import ORDER_ROLES, BadDeclaration, Catalog, Clock, Event, Level, OrderKind
from plumbline.store.adding import add
from plumbline.store.declarations.reading import catalog as catalog_now
from plumbline.store.journal.writing import Write, record
from plumbline.store.orders import clocks
from plumbline.store.orders.cutting import touched
from plumbline.store.orders.hours import opening
from plumbline.store.orders.moments import hour_of, minute_of
from plumbline.store.orders.recipients import Recipients, word_of
from plumbline.store.orders.tables import ClockEvent, Notice, Order, OrderMove

ESCALATE = "escalate"
BATCH = 5000
# an order whose clocks cannot be reckoned as they are declared is looked at again after so long
AGAIN = timedelta(days=1)
READ = ("pk", "number", "kind", "title", "topic", "urgency", "source", "state", "state_kind", "area", "place", "fields",
        "office_id", "sender_id", "clocks", "due_at", "due_clock", "next_at", "level", "joined_id")
WRITTEN = ("clocks", "due_at", "due_clock", "next_at", "level")
# what a clock that does not run any more, or was never started, has
ON = ("running", "paused")

log = logging.getLogger("plumbline.orders")


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did.

    orders   how many it looked at
    reached  how many reached each level, by its key
    notices  how many words that made
    stuck    orders whose clocks could not be reckoned as they are declared now
    """

    orders: int = 0
    reached: Mapping[str, int] = field(default_factory=dict)
    notices: int = 0
    stuck: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reached:
    """A level that a clock of an order reached, to be told."""

    order: Order
    clock: Clock
    level: Level
    due: datetime | None


def sweep(now: datetime, catalog: Catalog | None = None, most: int = 1_000_000) -> Swept:
    """Tell whom it concerns of every level that running clocks reached; at most so many orders.

    Twice   harmless: an order is swept again when its next level is reached
    Night   a level of office hours that is found after hours is told when the offices open
    Late    where several levels of one clock were reached unseen, only the last is told; clocks know nothing of each other
    """
    catalog, done = catalog or catalog_now(), Swept()
    while done.orders < most:
        one = _batch(now, catalog, min(BATCH, most - done.orders))
        if not one.orders:
            break
        done = Swept(done.orders + one.orders, Counter(done.reached) + Counter(one.reached), done.notices + one.notices,
                     done.stuck + one.stuck)
    return done


@transaction.atomic
def _batch(now: datetime, catalog: Catalog, most: int) -> Swept:
    orders = list(Order.objects.select_for_update(skip_locked=True, of=("self",)).filter(next_at__lte=now)
                  .order_by("next_at", "pk").only(*READ)[:most])
    if not orders:
        return Swept()
    events, closed = _events(orders), Closed(now, opening(now, catalog))
    found, stuck = list[Reached](), list[str]()
    for order in orders:
        try:
            found += _reached(order, catalog.orders[order.kind], events.get(order.pk, {}), catalog, closed)
        except (BadDeclaration, KeyError, ValueError):
            log.exception("order %s: its clocks cannot be reckoned", order.number)
            order.next_at = now + AGAIN
            stuck.append(order.number)
    _saved(orders)
    told = _told(found, catalog, now)
    touched(catalog, orders)
    _journalled(found, stuck)
    return Swept(len(orders), Counter(one.level.key for one in found), told, tuple(stuck))


@dataclass(frozen=True, slots=True)
class Closed:
    """The moment, and when offices are open next: the moment itself while they are."""

    now: datetime
    opens: datetime

    def holds(self, level: Level) -> bool:
        """Whether a level has to wait for the offices to open."""
        return level.hours == "office" and self.opens > self.now


def _events(orders: Sequence[Order]) -> dict[int, dict[str, list[Event]]]:
    """What happened to the clocks of orders, by order and clock, the earliest first."""
    found: dict[int, dict[str, list[Event]]] = {}
    rows = ClockEvent.objects.filter(order__in=[one.pk for one in orders]).order_by("at", "pk")
    for pk, clock, at, kind, amount, unit, why in rows.values_list("order", "clock", "at", "kind", "amount", "unit", "why"):
        found.setdefault(pk, {}).setdefault(clock, []).append(Event(at, kind, amount, unit, why))
    return found


def _reached(order: Order, kind: OrderKind, events: clocks.Events, catalog: Catalog, closed: Closed) -> list[Reached]:
    """Reckon the clocks of an order anew, in its row, not saved; the levels to be told. What is declared no more is left out.

    Raises  where one cannot be reckoned; the row is as it was then, so that nothing counts as told
    """
    found, rows = [], {key: row for key, row in order.clocks.items() if key in kind.clocks}
    for key, row in rows.items():
        clock = kind.clocks[key]
        if row["on"] not in ON:
            continue
        due, levels = clocks.reckoned(order, clock, events.get(key, ()), catalog, closed.now)
        over = [level for level, at in levels if at <= closed.now and level.key not in row["told"]]
        tell = [level for level in over if not closed.holds(level)]
        told = [*row["told"], *(level.key for level in tell)]
        rows[key] = clocks.row_of(due, levels, {"told": told}, closed.now)
        if len(tell) < len(over):
            ahead = [at for _, at in levels if at > closed.now]
            rows[key]["next_at"] = min([closed.opens, *ahead]).isoformat()
        found += [Reached(order, clock, level, due.at) for level in tell[-1:]]
    order.clocks = rows
    clocks.summed(order)
    return found


def _saved(orders: Sequence[Order]) -> None:
    """Write what the clocks say into the rows of orders: one statement, many rows."""
    columns = [Order._meta.get_field(name) for name in WRITTEN]
    sets = ", ".join(f"{connection.ops.quote_name(column.column)} = %s" for column in columns)
    rows = [(*(column.get_db_prep_save(getattr(order, column.attname), connection) for column in columns), order.pk)
            for order in orders]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {connection.ops.quote_name(Order._meta.db_table)} SET {sets} WHERE id = %s", rows)


def _told(found: Sequence[Reached], catalog: Catalog, now: datetime) -> int:
    """Write the story of what was reached, and the notices; how many of these."""
    orders = {one.order.pk: one.order for one in found}
    last = dict(OrderMove.objects.filter(order__in=list(orders)).order_by().values_list("order").annotate(Max("n")))
    rows, notices = [], list[Notice]()
    known = Recipients(list(orders.values()), {name for one in found for name in one.level.to if name in ORDER_ROLES},
                       any("asker" in one.level.to for one in found))
    for one in found:
        order = one.order
        last[order.pk] = last.get(order.pk, 0) + 1
        rows.append(OrderMove(order=order, n=last[order.pk], move=ESCALATE, label=one.level.label[:50], source=order.state,
                              to=order.state, office_id=order.office_id, at=now, why=_words(one),
                              change={one.clock.label: [None, minute_of(one.due)]}))
        # what is joined to another order is reminded of with that one
        if order.joined_id is None:
            text = word_of(order, one.level.label, _words(one))
            word = Notice(level=one.level.key[:20], clock=one.clock.key, at=now, text=text)
            notices += known.notices(order, one.level.to, word)
    add(rows, notices)
    return len(notices)


def _words(one: Reached) -> str:
    return f"{one.clock.label}至{hour_of(one.due)}。" if one.due else f"{one.clock.label}。"


def _journalled(found: Iterable[Reached], stuck: Sequence[str]) -> None:
    """One entry a batch: which orders reached which level of which clock."""
    reached: dict[str, list[int]] = {}
    for one in found:
        reached.setdefault(f"{one.order.kind} {one.clock.key}.{one.level.key}", []).append(one.order.pk)
    if reached or stuck:
        record(None, Write("order.sweep", "order", "", None, {**reached, **({"stuck": list(stuck)} if stuck else {})}))
