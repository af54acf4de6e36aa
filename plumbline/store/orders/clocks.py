"""Clocks of orders: the events that moves make, and what the order's row says of them.

`Order.clocks`, by clock: state (of `kernel.Due`), on (running | paused | stopped), due_at, next_at (instants as ISO text,
None for none), level (0 to 3), extensions, told (keys of the levels that somebody has been told of).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Unpack

from django.utils import timezone

from plumbline import kernel
from plumbline.kernel import Calendar, Catalog, Clock, Due, Event, Level, Limit, OrderKind, limit_of
from plumbline.store.declarations.reading import catalog as catalog_now
from plumbline.store.orders.moments import minute_of
from plumbline.store.orders.setting import At, kind_in, setting
from plumbline.store.orders.tables import ClockEvent, Order
from plumbline.store.words import bad

OWN = ("urgency", "topic", "source", "area", "place")
WARN, OVER = 2, 3
UNITS_DIFFER = "工单 {} 的「{}」已经延期，延期的时间单位与改后的时限不同，不能这样改；没有保存任何改动。请保持原来的紧急程度。"
RANKS = {"remind": 1, "warn": WARN, "late": OVER}
Events = Mapping[str, Sequence[Event]]
Dues = Mapping[str, str | None]
# by kind, as long as it is the same one: where each of its clocks runs
_courses: dict[str, tuple[OrderKind, dict[str, frozenset[str]]]] = {}


# of the years it was made with, as long as they are the same ones
_calendar: list[tuple[object, Calendar]] = []


def calendar_now(catalog: Catalog | None = None) -> Calendar:
    """The calendar of working days and office hours, with the years officials declared."""
    years = (catalog or catalog_now()).years
    if not _calendar or _calendar[0][0] != years:
        _calendar[:] = [(years, kernel.standard(years))]
    return _calendar[0][1]


def lives(kind: OrderKind) -> dict[str, frozenset[str]]:
    """By clock, the states it runs or pauses in: those reached from its starts without one that stops it."""
    known = _courses.get(kind.key)
    if known is None or known[0] is not kind:
        known = _courses[kind.key] = (kind, {key: _live(kind, clock) for key, clock in kind.clocks.items()})
    return known[1]


def _live(kind: OrderKind, clock: Clock) -> frozenset[str]:
    found, todo = set[str](), list(clock.starts)
    while todo:
        if (state := todo.pop()) not in found:
            found.add(state)
            todo += [move.to for move in kind.moves_from(state) if move.to and move.to not in clock.stops and not move.reopens]
    return frozenset(found)


def begun_in(kind: OrderKind, clock: Clock) -> frozenset[str]:
    """The states in which a clock has begun, however an order came there: those it lives in, but for those before its starts."""
    before, todo = set[str](), [kind.first]
    while todo:
        state = todo.pop()
        if state not in before and state not in clock.starts:
            before.add(state)
            todo += [move.to for move in kind.moves_from(state) if move.to]
    return lives(kind)[clock.key] - before


def entered(order: Order, kind: OrderKind, reopens: bool, passed_on: bool) -> dict[str, list[str]]:
    """By clock, what happens to it as an order comes to stand where it does: kinds of event, in their order.

    reopens    by a move that does; `passed_on`: another office holds it now
    """
    found = {key: list(_happens(order, clock, lives(kind)[key], reopens, passed_on)) for key, clock in kind.clocks.items()}
    return {key: kinds for key, kinds in found.items() if kinds}


def _happens(order: Order, clock: Clock, live: frozenset[str], reopens: bool, passed_on: bool) -> Iterable[str]:
    now, state = order.clocks.get(clock.key, {}).get("on", ""), order.state
    if now in ("running", "paused"):
        if state not in live:
            yield "stop"
            return
        if passed_on:
            yield "transfer"
        if (state in clock.pauses) != (now == "paused"):
            yield "pause" if now == "running" else "resume"
    elif state in live:
        if state not in clock.starts and not (now == "stopped" and reopens):
            return
        yield "reopen" if now == "stopped" else "start"
        if state in clock.pauses:
            yield "pause"


def value_of(order: Order, by: str) -> str:
    """What chooses the limit of a clock: a column of the order, or a field of its kind."""
    told = getattr(order, by) if by in OWN else order.fields.get(by)
    return "" if told is None else str(told)


def limit_for(order: Order, clock: Clock, catalog: Catalog, day: date) -> Limit | None:
    """The limit of a clock in force on a day; None where no parameter says one."""
    return limit_of(clock, catalog.parameters, value_of(order, clock.by), day)


def made(step: Any, catalog: Catalog, now: datetime) -> list[ClockEvent]:
    """Rows of a step's events, not saved; one that begins afresh brings the limit in force on its own day."""
    rows = []
    for key, kinds in step.happened.items():
        for one in kinds:
            clock, limit = step.kind.clocks[key], None
            if _afresh(clock, one):
                limit = limit_for(step.order, clock, catalog, _day(now))
            rows.append(ClockEvent(
                order=step.order, clock=key, kind=one, at=now, why=limit.source if limit else step.row.label,
                amount=limit.amount if limit else None, unit=limit.unit if limit else ""))
    return rows


def _afresh(clock: Clock, happened: str) -> bool:
    return {"transfer": clock.transfer, "reopen": clock.reopen}.get(happened, "") == "restarts"


def event_of(row: ClockEvent) -> Event:
    """An event as the kernel reads it."""
    return Event(row.at, row.kind, row.amount, row.unit, row.why)


def events_of(order: Order) -> dict[str, list[Event]]:
    """What happened to an order's clocks, by clock, the earliest first."""
    return by_clock(order.clock_events.order_by("at", "id"))


def by_clock(rows: Iterable[ClockEvent]) -> dict[str, list[Event]]:
    """Rows by clock, in their order."""
    found: dict[str, list[Event]] = {}
    for row in rows:
        found.setdefault(row.clock, []).append(event_of(row))
    return found


def due_of(order: Order, clock_key: str, now: datetime | None = None, catalog: Catalog | None = None) -> Due:
    """When an order is due by one of its clocks, and how that was reckoned (`steps`)."""
    catalog = catalog or catalog_now()
    clock = kind_in(catalog, order.kind).clocks[clock_key]
    return reckoned(order, clock, events_of(order).get(clock_key, ()), catalog, now or timezone.now())[0]


def reckoned(order: Order, clock: Clock, events: Sequence[Event], catalog: Catalog,
             now: datetime) -> tuple[Due, tuple[tuple[Level, datetime], ...]]:
    """When an order is due by a clock, and when each of its levels is reached."""
    limit = limit_for(order, clock, catalog, _day(events[0].at if events else now))
    calendar = calendar_now(catalog)
    due = kernel.due(clock, limit, events, calendar, now)
    return due, kernel.instants(clock, limit, due, calendar)


def refuse_units(order: Order, kind: OrderKind, amends: Mapping[str, str], catalog: Catalog) -> None:
    """Raise BadInput where what is put right would limit a clock in another unit of time than it was extended by."""
    for clock in kind.clocks.values():
        value = amends.get(clock.by, "")
        limit = catalog.parameters.get(f"{clock.of}.{value}")
        if limit is None or value == value_of(order, clock.by):
            continue
        if order.clock_events.filter(clock=clock.key, kind="extend").exclude(unit=limit.unit).exists():
            raise bad("clock.unit", order.number, UNITS_DIFFER.format(order.number, clock.label))


def reckon(order: Order, kind: OrderKind, events: Events, catalog: Catalog, now: datetime) -> None:
    """Put into the order's row, not saved, what its clocks say as of `now`.

    events  all of those clocks whose row shall be made anew; other clocks keep theirs
    """
    rows = {key: row for key, row in order.clocks.items() if key in kind.clocks}
    for key, told in events.items():
        if key in kind.clocks:
            rows[key] = row_of(*reckoned(order, kind.clocks[key], told, catalog, now), rows.get(key, {}), now)
    order.clocks = rows
    summed(order)


def row_of(due: Due, levels: Sequence[tuple[Level, datetime]], old: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What is kept of a clock. A level told before stays told unless its instant has moved behind `now`."""
    reached = [level for level, at in levels if at <= now]
    known = old.get("told", ())
    # a paused clock has no instants; what was told before it paused is not told again when it goes on
    told = list(known) if due.state == "paused" else [level.key for level in reached if level.key in known]
    nexts = [at for level, at in levels if level.key not in told]
    course = due.story.courses[-1] if due.story.courses else None
    on = "" if course is None else "stopped" if course.stop else "paused" if course.paused else "running"
    level = max((rank(level) for level in reached), default=0)
    return {"state": due.state, "on": on, "due_at": _text(due.at), "next_at": _text(min(nexts, default=None)),
            "level": OVER if due.state == "late" else level, "extensions": due.extended, "told": told}


def rank(level: Level) -> int:
    """How far a level is: 1 reminded, 2 warned, 3 over."""
    if level.key in RANKS:
        return RANKS[level.key]
    return OVER if level.used is None and level.before is None else 1


def summed(order: Order) -> None:
    """Put what the row says of all clocks together: due_at, due_clock, next_at, level."""
    ahead = {key: row for key, row in order.clocks.items() if row["on"] in ("running", "paused")}
    dues = sorted((moment, key) for key, row in ahead.items() if (moment := moment_of(row["due_at"])))
    order.due_at, order.due_clock = dues[0] if dues else (None, "")
    nexts = [moment for row in ahead.values() if (moment := moment_of(row["next_at"]))]
    order.next_at = min(nexts, default=None)
    order.level = max((row["level"] for row in ahead.values()), default=0)


def reset(order: Order, **at: Unpack[At]) -> None:
    """Reckon all clocks of an order anew from their events, as after an extension; the row is not saved."""
    catalog, now = setting(at)
    reckon(order, kind_in(catalog, order.kind), events_of(order), catalog, now)


def dues(order: Order) -> dict[str, str | None]:
    """When each clock of an order that began is due, as its row has it; None while it pauses."""
    return {key: row["due_at"] for key, row in order.clocks.items()}


def due_changes(kind: OrderKind, before: Dues, after: Dues) -> dict[str, list[str | None]]:
    """What a step changed of due times, for its story: by the clock's name, before and after, in our own time."""
    return {kind.clocks[key].label: [minute_of(moment_of(before.get(key))), minute_of(moment_of(due))]
            for key, due in after.items() if key in kind.clocks and due != before.get(key)}


def main_clock(kind: OrderKind) -> str:
    """The clock an order's holder answers for: by it an order is late; empty for none."""
    holders = [key for key, clock in kind.clocks.items() if any("holder" in level.to for level in clock.levels)]
    return next(iter([*holders, *kind.clocks]), "")


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def moment_of(text: str | None) -> datetime | None:
    """An instant out of the clocks of an order's row, as the database gives it back: what stays the same is no change."""
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
