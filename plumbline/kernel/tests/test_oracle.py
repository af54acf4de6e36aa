"""Due times against an oracle that walks day by day, or quarter hour by quarter hour, and knows no sums."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.kernel import ZONE, Clock, Event, Level, Limit, due, instants, standard

CALENDAR = standard()
TICK = timedelta(minutes=15)
SINCE = datetime(2024, 1, 1, tzinfo=ZONE)
TICKS = 366 * 96 * 3  # three years, to the end of 2026
LEVELS = (Level("half", "过半", ("holder",), used=Decimal("0.5")),
          Level("warn", "预警", ("holder",), before=Decimal(4), unit="小时"),
          Level("early", "提醒", ("holder",), before=Decimal(1), unit="工作日"), Level("late", "超期", ("leader",)),
          Level("blame", "督办", ("leader",), after=Decimal(5), unit="工作日"))
AMOUNTS = {"小时": st.integers(1, 200).map(lambda ticks: Decimal(ticks) / 4), "日": st.integers(0, 20).map(Decimal),
           "工作日": st.integers(0, 15).map(Decimal), "工时": st.integers(1, 80).map(lambda ticks: Decimal(ticks) / 4)}
KINDS = ("start", "stop", "pause", "pause", "resume", "resume", "extend", "transfer", "restart", "reopen")


@cache
def works(day):
    """By the library's own function, which we do not use; beyond what it knows, by the weekday."""
    return chinese_calendar.is_workday(day) if day.year <= 2026 else day.weekday() < 5


def is_open(at):
    return (9 <= at.hour < 12 or 13 <= at.hour < 18) and works(at.date())


def replay(clock, limit, events, now):
    """The last course: start, amount, pauses [from, to], stop; None where nothing began."""
    course = None
    for at, kind, amount in sorted(((e.at, e.kind, e.amount) for e in events), key=lambda one: one[0]):
        if at > now:
            continue
        begun, over = course is not None, course is not None and course["stop"] is not None
        resting = begun and bool(course["pauses"]) and course["pauses"][-1][1] is None
        fresh = {"start": at, "amount": limit.amount, "pauses": [], "stop": None}
        again = kind == "reopen" or (kind == "start" and over)
        if kind == "restart" or (kind == "start" and not begun):
            course = fresh
        elif kind == "transfer" and begun and not over and clock.transfer == "restarts":
            course = fresh
            if resting:
                course["pauses"] = [[at, None]]
        elif again and over and clock.reopen == "restarts":
            course = fresh
        elif again and over and clock.reopen == "continues":
            if resting:
                course["pauses"][-1][1] = at
            else:
                course["pauses"].append([course["stop"], at])
            course["stop"] = None
        elif kind in ("resume", "start") and begun and not over and resting:
            course["pauses"][-1][1] = at
        elif kind == "pause" and begun and not over and not resting:
            course["pauses"].append([at, None])
        elif kind == "extend" and begun and not over:
            course["amount"] += amount
        elif kind == "stop" and begun and not over:
            course["stop"] = at
    return course


def by_ticks(unit, course):
    """Quarter hours counted until the amount is gone; None where an open pause comes first."""
    left, at = course["amount"] * 4, course["start"]
    while left:
        for since, until in course["pauses"]:
            until = until or course["stop"]
            if since <= at and (until is None or at < until):
                if until is None:
                    return None
                break
        else:
            left -= 1 if unit == "小时" or is_open(at) else 0
        at += TICK
    return at


def by_days(clock, unit, course):
    """Days counted one by one until the amount is gone; None where an open pause comes first."""
    start, need = course["start"], course["amount"]
    at_close = time(18) if clock.ends == "close" else start.time() if clock.ends == "moment" and need else None
    day, counted = start.date(), 0
    same_day = need == 0 or (clock.begins == "moment" and clock.ends != "moment")
    if not same_day or (at_close is not None and start.time() >= at_close):
        day += timedelta(1)
    while True:
        midnight = datetime.combine(day + timedelta(1), time(), ZONE)
        end = datetime.combine(day, at_close, ZONE) if at_close is not None else midnight
        if unit == "日" or works(day):
            if counted + 1 >= need and not any(p.date() <= day and p < end and _goes_on(p, u, day, course)
                                               for p, u in course["pauses"]):
                return end
            counted += not any(p.date() <= day and _goes_on(p, u, day, course) for p, u in course["pauses"])
        for pause, until in course["pauses"]:
            if until is None and course["stop"] is None and pause.date() < day:
                return None
        day += timedelta(1)


def _goes_on(pause, until, day, course):
    until = until or course["stop"]
    return until is None or day < until.date()


@st.composite
def lives(draw, unit):
    clock = Clock("answer", "答复", ("open",), ("done",), "x", levels=LEVELS,
                  begins=draw(st.sampled_from(("next_day", "moment"))),
                  ends=draw(st.sampled_from(("midnight", "close", "moment"))),
                  transfer=draw(st.sampled_from(("keeps", "restarts"))),
                  reopen=draw(st.sampled_from(("restarts", "continues", "stays"))))
    at = SINCE + TICK * draw(st.integers(0, TICKS))
    events = [Event(at, "start")]
    for gap, kind in draw(st.lists(st.tuples(st.integers(0, 400), st.sampled_from(KINDS)), max_size=6)):
        at += TICK * gap
        events.append(Event(at, kind, draw(AMOUNTS[unit]) if kind == "extend" else None))
    now = at + TICK * draw(st.integers(-100, 2000))
    return clock, Limit(draw(AMOUNTS[unit]), unit, "虚构办法", date(2021, 1, 1)), events, now


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["小时", "日", "工作日", "工时"])
def test_due_times_are_those_of_the_slow_oracle(unit):
    seen = []

    @settings(max_examples=2500, deadline=None, database=None, derandomize=True)
    @given(lives(unit))
    def holds(life):
        clock, limit, events, now = life
        found = due(clock, limit, events, CALENDAR, now)
        course = replay(clock, limit, events, now)
        if course is None:
            assert found.state == "idle"
            return
        at = by_days(clock, unit, course) if unit in ("日", "工作日") else by_ticks(unit, course)
        assert (found.at, found.started_at, found.stopped_at) == (at, course["start"], course["stop"])
        assert found.state == state(course, at, now)
        told = instants(clock, limit, found, CALENDAR)
        assert [one for _, one in told] == sorted(one for _, one in told)
        assert all(is_open(one) and one >= course["start"] for _, one in told)
        assert len(told) == (len(LEVELS) if found.state == "running" or (found.state == "late") else 0)
        assert found.steps
        assert found.left
        seen.append(found.state)

    holds()
    assert {"running", "paused", "late", "met", "late_met"} <= set(seen)


def state(course, at, now):
    if course["stop"]:
        return "met" if course["stop"] <= at else "late_met"
    if at is not None and now > at:
        return "late"
    resting = course["pauses"] and course["pauses"][-1][1] is None
    return "paused" if resting else "running"
