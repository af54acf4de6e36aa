"""Periods in the notation of the house and in that of SDMX.

    2020 → A 2020 · 2020H1 → S 2020-S1 · 2020Q1 → Q 2020-Q1 · 2020-06 → M 2020-06 · 2020-06-11 → D 2020-06-11
    @2020-06-30 (state at that day's end) → _Z 2020-06-30 · 2020-02/2020-06 → _O 2020-02-01/P5M
"""

import calendar
import re
from datetime import date, timedelta

from plumbline.kernel.period import months, span

FREQUENCIES = {"A": r"\d{4}", "S": r"\d{4}H[12]", "Q": r"\d{4}Q[1-4]", "M": r"\d{4}-\d\d", "D": r"\d{4}-\d\d-\d\d",
               "_Z": r"@.+", "_O": r".+/.+"}
_YEAR = re.compile(r"(?P<year>\d{4})(?:-(?P<kind>[ASTQMWD])(?P<number>\d{1,3}))?")
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T[0-9:.]+)?(?:Z|[+-]\d\d:\d\d)?")
# periods of a year, by their letter: how many, and how many months each
_PARTS = {"A": (1, 12), "S": (2, 6), "T": (3, 4), "Q": (4, 3), "M": (12, 1)}


def frequency(period: str) -> str:
    """The code of CL_FREQ for a period.

    >>> [frequency(one) for one in ("2020", "2020H1", "2020Q1", "2020-06", "2020-06-11", "@2020-06-30", "2020-02/2020-06")]
    ['A', 'S', 'Q', 'M', 'D', '_Z', '_O']
    """
    return next(code for code, form in FREQUENCIES.items() if re.fullmatch(form, period))


def time_period(period: str) -> str:
    """A period as TIME_PERIOD says it.

    >>> time_period("2020H1"), time_period("2020-02/2020-06"), time_period("2020-01-01/2020-06-11"), time_period("2019/2020")
    ('2020-S1', '2020-02-01/P5M', '2020-01-01/P163D', '2019-01-01/P2Y')
    >>> time_period("2020Q1/2020Q2"), time_period("2020-01/2020-06")
    ('2020-01-01/P182D', '2020-01-01/P6M')
    """
    if "/" not in period:
        return period.lstrip("@").replace("H", "-S").replace("Q", "-Q")
    first, last = span(period)
    return f"{first.isoformat()}/{_duration(period, first, last)}"


def _duration(period: str, first: date, last: date) -> str:
    forms = {len(end) if end[4:5] != "-" else -len(end) for end in period.split("/")}
    if forms == {4}:
        return f"P{last.year - first.year + 1}Y"
    if forms == {-7}:
        return f"P{12 * (last.year - first.year) + last.month - first.month + 1}M"
    return f"P{(last - first).days + 1}D"


def days_of(text: str) -> tuple[date, date]:
    """First and last day of a period as a query writes it: 2020, 2020-S1, 2020-06, 2020-W01, 2020-06-11T00:00:00.

    Raises  ValueError for a text that is no period

    >>> days_of("2020-Q2"), days_of("2020-06-11T08:00:00")[0]
    ((datetime.date(2020, 4, 1), datetime.date(2020, 6, 30)), datetime.date(2020, 6, 11))
    """
    if told := _DAY.fullmatch(text):
        day = date.fromisoformat(told[1])
        return day, day
    if told := _MONTH.fullmatch(text):
        return months(int(told[1]), int(told[2]), int(told[2]))
    if told := _YEAR.fullmatch(text):
        return _reported(int(told["year"]), told["kind"] or "A", int(told["number"] or 1))
    raise ValueError(f"not a period: {text!r}")


def _reported(year: int, kind: str, number: int) -> tuple[date, date]:
    """Days of a reporting period: the number-th quarter, week, day … of a year."""
    if kind == "W":
        monday = date.fromisocalendar(year, number, 1)
        return monday, monday + timedelta(6)
    if kind == "D":
        if not 1 <= number <= 365 + calendar.isleap(year):
            raise ValueError(f"no day {number} in {year}")
        day = date(year, 1, 1) + timedelta(number - 1)
        return day, day
    many, each = _PARTS[kind]
    if not 1 <= number <= many:
        raise ValueError(f"no {kind}{number} in a year")
    return months(year, each * (number - 1) + 1, each * number)
