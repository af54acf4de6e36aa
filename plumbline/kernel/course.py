"""What happened to a clock, told as courses: each begins afresh, is paused and extended, and stopped or not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from operator import attrgetter

from plumbline.kernel.calendar import ZONE, stamp_of
from plumbline.kernel.clock import Clock, Event, Limit

_BY_TIME = attrgetter("at")


@dataclass(slots=True)
class Course:
    """One run of a clock.

    limit   as it was when the course began, without extensions; None: nobody said one
    pauses  what paused it and what set it going again; None: nothing yet
    kept    transfers that changed nothing
    """

    start: Event
    limit: Limit | None
    pauses: list[tuple[Event, Event | None]] = field(default_factory=list)
    extensions: list[Event] = field(default_factory=list)
    kept: list[Event] = field(default_factory=list)
    stop: Event | None = None

    @property
    def paused(self) -> Event | None:
        """What paused it, where nothing has set it going again."""
        return self.pauses[-1][0] if self.pauses and self.pauses[-1][1] is None else None

    @property
    def amount(self) -> Decimal:
        """The limit with its extensions, in its unit; 0 where nobody said a limit."""
        whole = self.limit.amount if self.limit else Decimal(0)
        for extension in self.extensions:
            whole += extension.amount or 0
        return whole

    def stamps(self) -> list[tuple[int, int | None]]:
        """Pauses as stamps, the open one ended by the stop."""
        stop = stamp_of(self.stop.at) if self.stop else None
        return [(stamp_of(one.at), stamp_of(other.at) if other else stop) for one, other in self.pauses]


def courses(clock: Clock, limit: Limit | None, events: Sequence[Event], now: datetime) -> list[Course]:
    """The courses of a clock up to `now`, the present one last; none where nothing started it.

    Order   events may come in any order; those of one instant keep the order they are handed in
    Raises  ValueError for an extension in another unit than the limit's
    """
    told: list[Course] = []
    for event in sorted(events, key=_BY_TIME) if len(events) > 1 else events:
        if event.at > now:
            break
        _HAPPENS[event.kind](clock, limit, told, event)
    return told


def _begin(limit: Limit | None, told: list[Course], event: Event) -> None:
    """A course with the event's own limit, or else the order's."""
    if event.amount is not None:
        unit, source = event.unit or (limit.unit if limit else ""), event.why or (limit.source if limit else "")
        limit = Limit(event.amount, unit, source, event.at.astimezone(ZONE).date())
    told.append(Course(event, limit))


def _start(clock: Clock, limit: Limit | None, told: list[Course], event: Event) -> None:
    if not told:
        _begin(limit, told, event)
    elif told[-1].stop:
        _reopen(clock, limit, told, event)
    else:
        _resume(clock, limit, told, event)


def _stop(clock: Clock, limit: Limit | None, told: list[Course], event: Event) -> None:
    if told and not told[-1].stop:
        told[-1].stop = event


def _pause(clock: Clock, limit: Limit | None, told: list[Course], event: Event) -> None:
    if told and not told[-1].stop and not told[-1].paused:
        told[-1].pauses.append((event, None))


def _resume(clock: Clock, limit: Limit | None, told: list[Course], event: Event) -> None:
    if told and not told[-1].stop and (paused := told[-1].paused):
        told[-1].pauses[-1] = (paused, event)


def _extend(clock: Clock, limit: Limit | None, told: list[Course], event: Event) -> None:
    if not told or told[-1].stop:
        return
    unit = told[-1].limit.unit if told[-1].limit else event.unit
    if event.amount is None or (event.unit and event.unit != unit):
        raise ValueError(f"{clock.key}: extended by {event.amount}{event.unit}, limited in {unit}; extend in the limit's unit")
    told[-1].extensions.append(event)


def _transfer(clock: Clock, limit: Limit | None, told: list[Course], event: Event) -> None:
    if not told or told[-1].stop:
        return
    if clock.transfer == "keeps":
        told[-1].kept.append(event)
        return
    paused = told[-1].paused
    _begin(limit, told, event)
    if paused:
        told[-1].pauses.append((Event(event.at, "pause", why=paused.why), None))


def _restart(clock: Clock, limit: Limit | None, told: list[Course], event: Event) -> None:
    _begin(limit, told, event)


def _reopen(clock: Clock, limit: Limit | None, told: list[Course], event: Event) -> None:
    if not told or not told[-1].stop or clock.reopen == "stays":
        return
    if clock.reopen == "restarts":
        _begin(limit, told, event)
        return
    course = told[-1]
    if course.paused:
        course.pauses[-1] = (course.paused, event)
    elif course.stop:
        course.pauses.append((course.stop, event))
    course.stop = None


_HAPPENS: dict[str, Callable[[Clock, Limit | None, list[Course], Event], None]] = {
    "start": _start, "stop": _stop, "pause": _pause, "resume": _resume, "extend": _extend, "transfer": _transfer,
    "restart": _restart, "reopen": _reopen,
}
