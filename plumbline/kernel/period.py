"""Periods of time as reports name them, in one notation.

    2020 · 2020H1 · 2020Q1 · 2020-06 · 2020-06-11 · 2020-02/2020-06 · @2020-06-30 (state at that day's end)
"""

import calendar
import re
from datetime import date, timedelta

_FORM = re.compile(
    r"(?P<year>\d{4})(?:(?P<half>H[12])|(?P<quarter>Q[1-4])|-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?")


def span(period: str) -> tuple[date, date]:
    """First and last day of a period; a state (`@…`) is its one day.

    Raises ValueError for a text that is no period.

    >>> span("2020H1")
    (datetime.date(2020, 1, 1), datetime.date(2020, 6, 30))
    >>> span("2020-02/2020-06")[1]
    datetime.date(2020, 6, 30)
    """
    if period.startswith("@"):
        day = date.fromisoformat(period[1:])
        return day, day
    first, _, last = period.partition("/")
    start, end = _one(first)
    return (start, _one(last)[1]) if last else (start, end)


def _one(text: str) -> tuple[date, date]:
    match = _FORM.fullmatch(text)
    if not match:
        raise ValueError(f"not a period: {text!r}")
    year = int(match["year"])
    if match["half"]:
        return months(year, 1, 6) if match["half"] == "H1" else months(year, 7, 12)
    if match["quarter"]:
        quarter = int(match["quarter"][1])
        return months(year, 3 * quarter - 2, 3 * quarter)
    if match["day"]:
        day = date(year, int(match["month"]), int(match["day"]))
        return day, day
    if match["month"]:
        return months(year, int(match["month"]), int(match["month"]))
    return months(year, 1, 12)


def months(year: int, first: int, last: int) -> tuple[date, date]:
    """First day of the first month and last day of the last."""
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def named(year: int, first: int, last: int) -> str:
    """The shortest name of a run of months of one year.

    >>> named(2020, 1, 6), named(2020, 4, 6), named(2020, 2, 6), named(2020, 6, 6)
    ('2020H1', '2020-04/2020-06', '2020-02/2020-06', '2020-06')
    """
    if (first, last) == (1, 12):
        return f"{year}"
    if (first, last) in ((1, 6), (7, 12)):
        return f"{year}H{1 if first == 1 else 2}"
    if first == last:
        return f"{year}-{first:02}"
    return f"{year}-{first:02}/{year}-{last:02}"


def year_of(period: str) -> int:
    """The year a period lies in (that of its last day)."""
    return span(period)[1].year


def end_state(period: str) -> str:
    """The state at the end of a period: `@2020-06-30` for `2020H1`."""
    return f"@{span(period)[1].isoformat()}"


def is_period(text: str) -> bool:
    """Whether a text is written in the one notation."""
    try:
        span(text)
    except ValueError:
        return False
    return True


def share_gone(first: date, last: date, on: date) -> tuple[int, int]:
    """Days gone and days in all of `first`..`last` at the end of day `on`, never outside 0..all."""
    every = (last - first + timedelta(1)).days
    return min(max((on - first + timedelta(1)).days, 0), every), every
