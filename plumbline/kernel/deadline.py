"""When an order is due, why, and when whom to tell."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from plumbline.kernel.calendar import DAY, HOUR, ZONE, Calendar, moment, stamp_of
from plumbline.kernel.clock import Clock, Event, Level, Limit
from plumbline.kernel.course import Course, courses
from plumbline.kernel.derivation import Story, left, steps
from plumbline.kernel.measure import Hours, measure

STATES = {"idle": "未开始", "running": "计时中", "paused": "已暂停", "met": "按时完成", "late_met": "超期完成",
          "late": "已超期", "stopped": "已停止"}


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, as of the `now` it was asked for.

    state       idle | running | paused | late (running or paused, and over) | met | late_met | stopped (there was no limit)
    at          the last instant that is in time; None while idle, while paused, and where there is no limit
    uncertain   a year it touches has no arrangement of holidays yet
    """

    state: str
    at: datetime | None
    started_at: datetime | None
    stopped_at: datetime | None
    uncertain: bool
    story: Story = field(repr=False, compare=False)

    @property
    def left(self) -> str:
        """What is left, for people."""
        return left(self.story, self.state, self.at)

    @property
    def steps(self) -> tuple[str, ...]:
        """How it was reckoned, in Chinese, a line a step; made anew each time it is asked for."""
        return steps(self.story, self.state, self.at)

    @property
    def extended(self) -> int:
        """How often the present course was extended."""
        return len(self.story.courses[-1].extensions) if self.story.courses else 0


def due(clock: Clock, limit: Limit | None, events: Sequence[Event], calendar: Calendar, now: datetime) -> Due:
    """When an order is due by one of its clocks, as of `now`; what happened later is not looked at.

    limit   the order's present one; an event that begins afresh may bring its own
    Pause   of days: a day does not count where pause's day <= day < day it goes on; one after the due time changes nothing
    Raises  ValueError for an extension in another unit than the limit's
    """
    told = courses(clock, limit, events, now)
    if not told:
        return Due("idle", None, None, None, False, Story(clock, told, calendar, now))
    course = told[-1]
    counts, at = _end(clock, course, calendar)
    stopped_at = course.stop.at if course.stop else None
    uncertain = counts is not None and not _known(counts, at or now, calendar)
    return Due(_state(course, at, now), at, course.start.at, stopped_at, uncertain, Story(clock, told, calendar, now, counts))


def instants(clock: Clock, limit: Limit | None, due: Due, calendar: Calendar) -> tuple[tuple[Level, datetime], ...]:
    """When each level is reached, the earliest first; none once it is answered, while it is paused or without a limit.

    Office levels  are moved to the next opening; a reminder that would so come after the due time is moved back
                   to the last opening before it, where the clock was running then
    """
    counts = due.story.counts
    if limit is None or counts is None or due.at is None or due.state not in ("running", "late"):
        return ()
    end, pauses = stamp_of(due.at), due.story.courses[-1].stamps()
    reached = [(_reached(level, counts, end, pauses, calendar), level) for level in clock.levels]
    return tuple((level, moment(stamp)) for stamp, level in sorted(reached, key=lambda one: one[0]))


def _end(clock: Clock, course: Course, calendar: Calendar) -> tuple[Hours | None, datetime | None]:
    if course.limit is None:
        return None, None
    amount = course.amount if course.extensions else course.limit.amount
    counts = measure(clock, course.limit.unit, amount, stamp_of(course.start.at), calendar)
    target: int | None = counts.begin + counts.total
    if course.pauses:
        target = counts.through(counts.begin + counts.total, course.stamps())
    return counts, None if target is None else moment(counts.end(target))


def _state(course: Course, at: datetime | None, now: datetime) -> str:
    if course.stop:
        return "stopped" if at is None else "met" if course.stop.at <= at else "late_met"
    if at is not None and now > at:
        return "late"
    return "paused" if course.paused else "running"


def _known(counts: Hours, until: datetime, calendar: Calendar) -> bool:
    """Whether all years it touches are told; natural hours and days need none."""
    since = moment(counts.start).year
    return not counts.worked or all(year in calendar.years for year in range(since, until.astimezone(ZONE).year + 1))


def _reached(level: Level, counts: Hours, end: int, pauses: list[tuple[int, int | None]], calendar: Calendar) -> int:
    stamp = end
    if level.used is not None:
        part = counts.part(level.used, pauses)
        stamp = end if part is None else min(part, end)
    elif level.before is not None:
        stamp = _moved(end, -level.before, level.unit, calendar)
    elif level.after is not None:
        stamp = _moved(end, level.after, level.unit, calendar)
    stamp = max(stamp, counts.start)
    if level.hours == "any":
        return stamp
    opening = calendar.opening(stamp)
    if stamp < end <= opening and (earlier := calendar.opening_before(end)) >= counts.start:
        return earlier
    return opening


def _moved(stamp: int, amount: Decimal, unit: str, calendar: Calendar) -> int:
    """A stamp so much later, or earlier; whole days keep the hour, 24时 among them."""
    if not amount:
        return stamp
    if unit == "小时":
        return stamp + int(amount * HOUR)
    if unit == "工时":
        return calendar.reached(calendar.opened(stamp) + int(amount * HOUR))
    if unit == "日":
        return stamp + int(amount) * DAY
    day = (stamp - 1) // DAY
    counted = calendar.counted(day) if amount > 0 else calendar.counted(day - 1) + 1
    return calendar.nth(counted + int(amount)) * DAY + stamp - day * DAY
