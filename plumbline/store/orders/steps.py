"""One step of an order's story: what it changes, its row, the events of its clocks, its journal entry; written together."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from plumbline.kernel import Catalog, Move, OrderKind
from plumbline.store.adding import add
from plumbline.store.journal.writing import Write
from plumbline.store.orders import clocks
from plumbline.store.orders.tables import Asker, ClockEvent, Order, OrderMove
from plumbline.store.orders.telling import Told, form_of, office_named
from plumbline.store.registers.entries import difference
from plumbline.store.words import plain, plain_value

# what the journal is told of an order besides its fields
KEPT = ("state", "office_id", "first_office_id", "sender_id", "due_at", "closed_at", "returns", "transfers", "parent_id",
        "link", "joined_id", "topic", "urgency", "place")
OPENED = ("kind", "number", "title", "topic", "urgency", "source", "area", "place", "subject", "example")
# what a step writes of an order
COLUMNS = ["state", "state_kind", "office", "first_office", "closed_at", "changed_at", "clocks", "due_at", "due_clock",
           "next_at", "level", "returns", "transfers", "fields", "joined", "topic", "urgency", "place", "version"]
OVER = ("done", "void")


@dataclass(slots=True)
class Step:
    """What happens to one order at one moment, not yet written.

    happened  kinds of event, by clock; `events` their rows, once made
    amended   whether its own row was put right, so that all its clocks are reckoned anew
    fields    what they were and are, only where that differs
    asker     who asked, of a new one
    """

    order: Order
    kind: OrderKind
    row: OrderMove
    before: dict[str, Any]
    happened: dict[str, list[str]] = field(default_factory=dict)
    events: list[ClockEvent] = field(default_factory=list)
    amended: bool = False
    fields: tuple[dict[str, Any], dict[str, Any]] = field(default_factory=lambda: ({}, {}))
    asker: Asker | None = None

    def write_of(self) -> Write:
        """What the journal is told: what changed, texts by their hash, personal fields hidden."""
        old, new = self.fields
        if not self.before:
            return self._opening()
        after = plain(self.order, KEPT)
        changed = [name for name in KEPT if self.before.get(name) != after[name]]
        told = {"reply_sha256": hash_of(self.row.told)} if self.row.told else {}
        return Write(f"order.{self.row.move}", "order", self.order.pk, {name: self.before[name] for name in changed} | old,
                     {name: after[name] for name in changed} | new | told, self.row.why, self.order.area)

    def _opening(self) -> Write:
        """What the journal is told of a new order: all of it but its text."""
        order, told = self.order, {name: value for name, value in plain(self.order, (*OPENED, *KEPT)).items() if value}
        return Write("order.open", "order", order.pk, None, {**told, "text_sha256": hash_of(order.text), **self.fields[1]},
                     self.row.why, order.area)


def hash_of(text: str) -> str:
    """What stands in the journal for a text that may be personal."""
    return hashlib.sha256(text.encode()).hexdigest()


def begun(order: Order, kind: OrderKind, row: OrderMove) -> Step:
    """A step that changes nothing yet; the first one of an order has nothing before it."""
    row.order = order
    return Step(order, kind, row, plain(order, KEPT) if order.pk else {})


def moved(order: Order, kind: OrderKind, move: Move, told: Told, row: OrderMove) -> Step:
    """An order moved, in memory: state, holder, counters, fields. row: who, when, and its number in the story."""
    step = begun(order, kind, row)
    passed_on = _handed(order, move, told)
    put_fields(step, told.fields)
    amend(step, told.amends)
    row.source, row.move, row.label = order.state, move.key, row.label or move.label
    row.why, row.told, row.says = told.why, told.reply, move.says
    if told.evidence:
        row.change = {**row.change, "evidence": [None, told.evidence]}
    placed(step, move.to or order.state, move.reopens, passed_on)
    return step


def put_fields(step: Step, told: Mapping[str, Any]) -> None:
    """Put fields into an order; the story and the journal hold what they were and are, personal ones hidden."""
    order = step.order
    new = {**order.fields, **told}
    step.fields = difference(form_of(step.kind), order.fields, new)
    step.row.change = {**step.row.change, **{key: [step.fields[0][key], step.fields[1][key]] for key in step.fields[1]}}
    order.fields = new


def amend(step: Step, told: Mapping[str, str]) -> None:
    """Put right what an order's own row says, in memory; the story holds what it was and is."""
    for name, value in told.items():
        old = getattr(step.order, name)
        if old != value:
            setattr(step.order, name, value)
            step.row.change = {**step.row.change, name: [old or None, value]}
            step.amended = True


def placed(step: Step, state: str, reopens: bool = False, passed_on: bool = False) -> None:
    """Put an order into a state, and say what that does to its clocks (their row is made by `settled`)."""
    order, kind, row = step.order, step.kind, step.row
    order.state, order.state_kind = state, kind.states[state].kind
    over = order.state_kind in OVER
    order.closed_at = (order.closed_at or row.at) if over else None
    order.changed_at = row.at
    order.version += 1
    row.to, row.office_id = state, order.office_id
    step.happened = clocks.entered(order, kind, reopens, passed_on)


def _handed(order: Order, move: Move, told: Told) -> bool:
    """Give an order to the office told, or take it off its holder; whether it goes on to another one."""
    old, office = order.office_id, office_named(told)
    if office is not None:
        order.office = office
    elif move.holder == "clear":
        order.returns += old is not None and not move.reopens
        order.office = None
    elif move.holder == "first":
        order.office_id = order.first_office_id
    if order.office_id is None or order.office_id == old:
        return False
    if order.first_office_id is None:
        order.first_office_id = order.office_id
        return False
    order.transfers += 1
    return True


def settled(steps: Sequence[Step], catalog: Catalog, now: datetime) -> None:
    """Make the events of the clocks, and what the orders' rows say of them."""
    for step in steps:
        step.events = clocks.made(step, catalog, now)
    earlier = _earlier([step for step in steps if step.events or step.amended])
    for step in steps:
        new = clocks.by_clock(step.events)
        old = earlier.get(step.order.pk, {})
        before = clocks.dues(step.order)
        keys = new.keys() | old.keys() if step.amended else new.keys()
        clocks.reckon(step.order, step.kind, {key: [*old.get(key, ()), *new.get(key, ())] for key in keys}, catalog, now)
        step.row.change = {**step.row.change, **clocks.due_changes(step.kind, before, clocks.dues(step.order))}


def _earlier(steps: Sequence[Step]) -> dict[int, dict[str, Any]]:
    """By order and clock, the events written before, of orders whose clocks began already."""
    known = [step.order.pk for step in steps if step.amended or any(step.order.clocks.get(one.clock) for one in step.events)]
    found: dict[int, list[ClockEvent]] = {}
    for row in ClockEvent.objects.filter(order__in=known).order_by("at", "id") if known else ():
        found.setdefault(row.order_id, []).append(row)
    return {order: clocks.by_clock(rows) for order, rows in found.items()}


def written(steps: Sequence[Step]) -> list[Write]:
    """Save what steps changed: orders, story, events, askers. Gives what the journal is to be told."""
    old = [step.order for step in steps if step.before]
    if len(old) == 1:
        old[0].save(update_fields=COLUMNS)
    elif old:
        Order.objects.bulk_create(old, update_conflicts=True, unique_fields=["id"], update_fields=COLUMNS)
    for step in steps:
        # their order has its key only now
        for row in (step.row, *step.events, *((step.asker,) if step.asker else ())):
            row.order_id = step.order.pk
    add([step.row for step in steps], [event for step in steps for event in step.events],
        [step.asker for step in steps if step.asker])
    _forgotten(steps)
    return [step.write_of() for step in steps]


def _forgotten(steps: Sequence[Step]) -> None:
    """Say when the askers of orders that are over are dropped; of those that are not over any more, not yet."""
    days: dict[date | None, list[int]] = {}
    for step in steps:
        closed = step.order.closed_at
        if step.before and step.before["closed_at"] != plain_value(closed):
            day = months_after(timezone.localtime(closed).date(), step.kind.delete_months) if closed else None
            days.setdefault(day, []).append(step.order.pk)
    for day, orders in days.items():
        Asker.objects.filter(order__in=orders).update(forget_on=day)


def months_after(day: date, months: int) -> date:
    """The first day of the month after so many months: all of what is dropped has been kept that long.

    >>> months_after(date(2025, 11, 30), 2)
    datetime.date(2026, 2, 1)
    """
    years, month = divmod(day.month + months, 12)
    return date(day.year + years, month + 1, 1)
