"""Periods of time as reports name them, in one notation.

    2020 · 2020H1 · 2020Q1 · 2020-06 · 2020-06-11 · 2020-02/2020-06 · @2020-06-30 (state at that day's end)
"""

import calendar
import re
from datetime import date, timedelta

_FORM = re.compile(
    r"(?P<year>\d{4})(?:(?P<half>H[12])|(?P<quarter>Q[1-4])|-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def span(period: str) -> tuple[date, date]:
    """First and last day of a period; a state (`@…`) is its one day.

    Raises ValueError for a text that is no period, or that ends before it begins.

    >>> span("2020H1")
    (datetime.date(2020, 1, 1), datetime.date(2020, 6, 30))
    >>> span("2020-02/2020-06")[1]
    datetime.date(2020, 6, 30)
    """
    if period.startswith("@"):
        # Python also reads 20200630 and 2020-W27-2: one day shall have one name
        if not _DAY.fullmatch(period[1:]):
            raise ValueError(f"not a day: {period!r}")
        day = date.fromisoformat(period[1:])
        return day, day
    first, bar, last = period.partition("/")
    start, end = _one(first)[0], _one(last if bar else first)[1]
    if start > end:
        raise ValueError(f"ends before it begins: {period!r}")
    return start, end


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


def year_before(period: str) -> str:
    """The same period a year before; the last day of February stays the last.

    >>> year_before("2020H1"), year_before("2020-02/2020-06"), year_before("@2020-02-29"), year_before("2021-02-28")
    ('2019H1', '2019-02/2019-06', '@2019-02-28', '2020-02-28')
    >>> year_before("@2021-02-28")
    '@2020-02-29'
    """
    span(period)
    if period.startswith("@"):
        return _state(months_later(date.fromisoformat(period[1:]), -12, keep_end=True))
    return "/".join(_year_before(part) for part in period.split("/"))


def quarter_before(period: str) -> str:
    """What a report sets a period against with 较一季度: what ran since January runs to the quarter before.

    A quarter has its quarter before; a state the state three months before; anything else lies three months earlier.

    >>> quarter_before("2020H1"), quarter_before("2020-01/2020-09"), quarter_before("2020"), quarter_before("2020-01/2020-05")
    ('2020Q1', '2020H1', '2020-01/2020-09', '2020Q1')
    >>> quarter_before("2020Q2"), quarter_before("2020Q1"), quarter_before("@2020-06-30"), quarter_before("2020-06")
    ('2020Q1', '2019Q4', '@2020-03-31', '2020-03')
    """
    first, last = span(period)
    if period.startswith("@"):
        return _state(months_later(last, -3, keep_end=True))
    done = (last.month - 1) // 3 * 3
    running = first == date(last.year, 1, 1) and period[4:5] != "Q"
    if running and done and not _day(period):
        return since_january(last.year, done)
    return _shifted(period, -3)


def before(period: str) -> str:
    """The period right before, as long as the period itself; a state has the state three months before.

    >>> before("2020Q1"), before("2020H1"), before("2020-01"), before("2020-02/2020-06"), before("2020-06-01"), before("2020")
    ('2019Q4', '2019H2', '2019-12', '2019-09/2020-01', '2020-05-31', '2019')
    """
    first, last = span(period)
    if period.startswith("@"):
        return quarter_before(period)
    if _day(period):
        return (first - timedelta(1)).isoformat()
    return _shifted(period, -(12 * (last.year - first.year) + last.month - first.month + 1))


def last_month(period: str) -> str:
    """The month a period ends in.

    >>> last_month("2020H1"), last_month("2020-06"), last_month("@2020-06-30")
    ('2020-06', '2020-06', '2020-06')
    """
    _, last = span(period)
    return f"{last:%Y-%m}"


def january(period: str) -> str:
    """January of the year a period ends in.

    >>> january("2020H1"), january("2020-06")
    ('2020-01', '2020-01')
    """
    return f"{year_of(period)}-01"


def since_january(year: int, month: int) -> str:
    """The months of a year up to one, by the name reports give them.

    >>> since_january(2020, 3), since_january(2020, 6), since_january(2020, 9), since_january(2020, 1)
    ('2020Q1', '2020H1', '2020-01/2020-09', '2020-01')
    """
    return f"{year}Q1" if month == 3 else named(year, 1, month)


def parts(period: str) -> tuple[str, ...]:
    """The quarters, or months, of the year up to a period's end, the period itself the last of them.

    >>> parts("2020Q2"), parts("2020-03"), parts("2020H1")
    (('2020Q1', '2020Q2'), ('2020-01', '2020-02', '2020-03'), ('2020H1',))
    """
    last = span(period)[1]
    if len(period) == 6 and period[4] == "Q":
        return tuple(f"{last.year}Q{quarter}" for quarter in range(1, int(period[5]) + 1))
    if len(period) == 7 and period[4] == "-":
        return tuple(f"{last.year}-{month:02}" for month in range(1, last.month + 1))
    return (period,)


def same_time(one: str, other: str) -> bool:
    """Whether two periods are the same days, or one is the state at the other's end.

    >>> same_time("2020Q1", "2020-01/2020-03"), same_time("@2020-06-30", "2020H1"), same_time("2020H1", "2020")
    (True, True, False)
    """
    if one.startswith("@") != other.startswith("@"):
        return span(one)[1] == span(other)[1]
    return span(one) == span(other)


def _day(period: str) -> bool:
    return len(period) == 10


def _state(day: date) -> str:
    return f"@{day.isoformat()}"


def _year_before(part: str) -> str:
    if _day(part):
        return months_later(date.fromisoformat(part), -12).isoformat()
    return f"{int(part[:4]) - 1}{part[4:]}"


def months_later(day: date, many: int, keep_end: bool = False) -> date:
    """The day so many months later, or earlier; where that month is shorter its last day.

    keep_end  the last day of a month stays the last

    >>> months_later(date(2020, 1, 31), 1), months_later(date(2021, 2, 28), -12, keep_end=True)
    (datetime.date(2020, 2, 29), datetime.date(2020, 2, 29))
    """
    year, month = divmod(12 * day.year + day.month - 1 + many, 12)
    last = calendar.monthrange(year, month + 1)[1]
    at_end = keep_end and day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if at_end else min(day.day, last))


def _shifted(period: str, by: int) -> str:
    """A period so many months later, in the notation of its kind where it still has one."""
    if "/" in period:
        return "/".join(_shifted(part, by) for part in period.split("/"))
    if _day(period):
        return months_later(date.fromisoformat(period), by).isoformat()
    first, last = (months_later(day, by, keep_end=True) for day in span(period))
    if period[4:5] == "Q":
        return f"{last.year}Q{last.month // 3}"
    if first.year != last.year:
        return f"{first.year}-{first.month:02}/{last.year}-{last.month:02}"
    return named(first.year, first.month, last.month)
