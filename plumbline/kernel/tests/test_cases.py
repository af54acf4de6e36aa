"""Due times worked by hand: cases/*.yaml."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from plumbline.kernel import ZONE, Event, Limit, clock_from, due, instants, standard
from plumbline.kernel.calendar import years_from
from plumbline.kernel.declaration import declared

CASES = [(path.stem, case) for path in sorted((Path(__file__).parent / "cases").glob("*.yaml")) for case in declared(path)]
PARTS = {"name", "limit", "events", "now", "due", "reckoning", "clock", "state", "left", "steps", "uncertain", "extended",
         "years", "hours", "beside", "tells"}


@pytest.fixture(scope="module")
def usual():
    return standard()


def instant(text):
    """An instant; 24:00 is the next day's 0:00, and without a zone it is Shanghai's."""
    day, _, at = text.partition(" ")
    if at == "24:00":
        return datetime.combine(date.fromisoformat(day) + timedelta(1), time(), ZONE)
    told = datetime.fromisoformat(text)
    return told if told.tzinfo else told.replace(tzinfo=ZONE)


def split(text):
    """3工作日 → 3, 工作日."""
    number = text.rstrip("小时工作日")
    return Decimal(number), text[len(number):]


def event(text):
    """`2026-07-28 10:00 extend 2工作日 情况复杂`: instant, kind, and where told amount and why."""
    day, at, kind, *rest = text.split()
    amount, unit = split(rest.pop(0)) if rest and rest[0][0].isdecimal() else (None, "")
    return Event(instant(f"{day} {at}"), kind, amount, unit, rest[0] if rest else "")


def clock_of(told):
    wrong, usual = [], {"label": "办理", "starts": ["open"], "stops": ["done"], "of": "case.limit"}
    clock = clock_from("case", "clock", usual | told, wrong)
    assert wrong == []
    return clock


def limit_of(text):
    return None if text == "none" else Limit(*split(text), "虚构办法", date(2021, 1, 1))


def calendar_of(case, usual, folder):
    if "years" in case:
        path = folder / "years.yaml"
        path.write_text(yaml.safe_dump(case["years"], allow_unicode=True), encoding="utf-8")
        return standard(years_from(path))
    if "hours" in case:
        spans = [span.strip().split("-") for span in case["hours"].split(",")]
        return standard(hours=tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in spans))
    return usual


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case['name']}" for file, case in CASES])
def test_worked_by_hand(file, case, usual, tmp_path):
    assert case.keys() <= PARTS
    assert case["reckoning"]
    calendar, clock, limit = calendar_of(case, usual, tmp_path), clock_of(case.get("clock", {})), limit_of(case["limit"])
    now = instant(case["now"])
    found = due(clock, limit, [event(one) for one in case["events"]], calendar, now)
    assert found.at == (None if case["due"] == "none" else instant(case["due"]))
    for part in ("state", "left"):
        assert case.get(part, getattr(found, part)) == getattr(found, part)
    assert case.get("uncertain", str(found.uncertain).lower()) == str(found.uncertain).lower()
    assert int(case.get("extended", found.extended)) == found.extended
    assert tuple(case.get("steps", found.steps)) == found.steps
    told = instants(clock, limit, found, calendar)
    if "tells" in case:
        assert {level.key: at for level, at in told} == {key: instant(at) for key, at in case["tells"].items()}
    if beside := case.get("beside"):
        other = due(clock_of({}), limit_of(beside["limit"]), [event(one) for one in beside["events"]], calendar, now)
        assert other.at == instant(beside["due"])


def test_there_are_at_least_sixty_and_no_name_twice():
    names = [case["name"] for _, case in CASES]
    assert len(names) == len(set(names)) >= 60
    assert sum(name.startswith("defect") for name in names) >= 5
