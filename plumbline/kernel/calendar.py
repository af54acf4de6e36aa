"""Working days and office hours of China: weekdays, holidays of the State Council, days worked in their place.

Days are counted in ordinals (`date.toordinal`, 1 is a Monday), instants in stamps: microseconds of Shanghai's wall clock
since ordinal 0. Both are sums over tables made once; nothing walks from day to day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chinese_calendar import constants

from plumbline.kernel.declaration import mapping
from plumbline.kernel.errors import BadDeclaration

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = 3_600_000_000
DAY = 24 * HOUR
HOURS = ((time(9), time(12)), (time(13), time(18)))
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
OURS = Path(__file__).with_name("years.yaml")  # years the library lacks
PARTS = {"source", "off", "extra"}
_NAMES = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "National Day": "国庆节", "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


@dataclass(frozen=True, slots=True)
class Year:
    """A year's arrangement: days off and weekend days worked, each with its holiday's name, and the paper that says so."""

    off: Mapping[date, str]
    extra: Mapping[date, str]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked, and when.

    off, extra  days off and days worked in their place, with the holiday's name
    years       years whose arrangement is known; the others go by Monday to Friday
    hours       opening and closing times of a working day, in order
    """

    off: Mapping[date, str]
    extra: Mapping[date, str]
    years: frozenset[int]
    hours: tuple[tuple[time, time], ...] = HOURS
    _changed: dict[int, int] = field(init=False, repr=False, compare=False)
    _days: list[int] = field(init=False, repr=False, compare=False)
    _sums: list[int] = field(init=False, repr=False, compare=False)
    _counts: list[int] = field(init=False, repr=False, compare=False)
    _open: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)
    _a_day: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the tables of sums.

        Raises  BadDeclaration where the office hours are none, or overlap
        """
        changed = {day.toordinal(): self.working(day) - (day.weekday() < 5) for day in {*self.off, *self.extra}}
        changed = {day: change for day, change in sorted(changed.items()) if change}
        days = list(changed)
        sums = [0]
        for change in changed.values():
            sums.append(sums[-1] + change)
        spans = tuple((_in_day(opens), _in_day(closes)) for opens, closes in self.hours)
        flat = [edge for span in spans for edge in span]
        if not flat or flat != sorted(set(flat)):
            raise BadDeclaration("office hours: write openings and closings in order, such as 09:00-12:00, 13:00-18:00")
        for name, value in {
            "_changed": changed, "_days": days, "_sums": sums, "_open": spans,
            "_counts": [_weekdays(day) + after for day, after in zip(days, sums[1:], strict=True)],
            "_a_day": sum(closes - opens for opens, closes in spans),
        }.items():
            object.__setattr__(self, name, value)

    @property
    def closing(self) -> int:
        """When the office closes: microseconds of the day."""
        return self._open[-1][1]

    def working(self, day: date) -> bool:
        """Whether a day is worked."""
        return day in self.extra or (day.weekday() < 5 and day not in self.off)

    def told(self, day: date) -> bool:
        """Whether the arrangement of the day's year is known."""
        return day.year in self.years

    def name(self, day: date) -> str:
        """What kind of day it is: 工作日, 周六, 国庆节假期, 国庆节调休上班."""
        if day in self.extra:
            return f"{self.extra[day]}调休上班"
        if day in self.off:
            return f"{self.off[day]}假期"
        return "工作日" if day.weekday() < 5 else WEEKDAYS[day.weekday()]

    def counted(self, day: int) -> int:
        """Working days up to a day (an ordinal), itself among them."""
        return _weekdays(day) + self._sums[bisect_right(self._days, day)]

    def nth(self, number: int) -> int:
        """The first day (an ordinal) by which so many working days are counted; `counted` turned round."""
        place = bisect_left(self._counts, number)
        left = number - self._sums[place] - 1
        day = left // 5 * 7 + left % 5 + 1
        return min(day, self._days[place]) if place < len(self._days) else day

    def opened(self, stamp: int) -> int:
        """Microseconds the office was open up to a stamp."""
        day, gone = divmod(stamp, DAY)
        before = self.counted(day - 1) * self._a_day
        if not self._works(day):
            return before
        return before + sum(min(gone, closes) - opens for opens, closes in self._open if gone > opens)

    def reached(self, opened: int) -> int:
        """The first stamp by which the office was open so many microseconds; `opened` turned round."""
        days, left = divmod(opened - 1, self._a_day)
        left += 1
        for opens, closes in self._open:
            if left <= closes - opens:
                return self.nth(days + 1) * DAY + opens + left
            left -= closes - opens
        raise AssertionError("the spans of a day add up to the day")

    def opening(self, stamp: int) -> int:
        """The stamp itself while the office is open, else its next opening."""
        day, gone = divmod(stamp, DAY)
        if self._works(day):
            for opens, closes in self._open:
                if gone < closes:
                    return day * DAY + max(gone, opens)
        return self.nth(self.counted(day) + 1) * DAY + self._open[0][0]

    def opening_before(self, stamp: int) -> int:
        """The last opening before a stamp."""
        day, gone = divmod(stamp, DAY)
        earlier = [opens for opens, _ in self._open if opens < gone] if self._works(day) else []
        if earlier:
            return day * DAY + earlier[-1]
        return self.nth(self.counted(day - 1)) * DAY + self._open[-1][0]

    def _works(self, day: int) -> int:
        return (0 < day % 7 < 6) + self._changed.get(day, 0)


def standard(more: Mapping[int, Year] | None = None, hours: tuple[tuple[time, time], ...] = HOURS) -> Calendar:
    """The calendar by the library, our table of years it lacks, and `more`, whose years stand instead of both.

    Raises  BadDeclaration where our table is wrong
    """
    years = _library() | years_from(OURS) | dict(more or {})
    off = {day: name for year in years.values() for day, name in year.off.items()}
    extra = {day: name for year in years.values() for day, name in year.extra.items()}
    return Calendar(off, extra, frozenset(years), hours)


def years_from(path: Path) -> dict[int, Year]:
    """The years of a file: year → source, off and extra, each a day → the holiday's name; none where it is absent.

    Raises  BadDeclaration, naming the file and everything in it that is wrong
    """
    wrong: list[str] = []
    found = {year: _year(year, body, wrong) for year, body in mapping(path).items()}
    if wrong:
        raise BadDeclaration(f"{path}: " + "; ".join(wrong))
    return {int(year): one for year, one in found.items()}


def stamp_of(at: datetime) -> int:
    """Microseconds of Shanghai's wall clock since ordinal 0.

    Raises  ValueError for an instant without time zone
    """
    if at.tzinfo is not ZONE:
        if at.tzinfo is None:
            raise ValueError(f"{at}: an instant without time zone; hand in an aware one")
        at = at.astimezone(ZONE)
    return at.toordinal() * DAY + ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond


def moment(stamp: int) -> datetime:
    """The instant of a stamp, in Shanghai's time."""
    day, gone = divmod(stamp, DAY)
    return datetime.combine(date.fromordinal(day), time(), ZONE) + timedelta(microseconds=gone)


def _weekdays(day: int) -> int:
    """Mondays to Fridays up to an ordinal."""
    return day // 7 * 5 + min(day % 7, 5)


def _in_day(at: time) -> int:
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000


def _library() -> dict[int, Year]:
    years = {day.year for day in constants.holidays}
    off, extra = ({day: _NAMES[name] for day, name in told.items()} for told in (constants.holidays, constants.workdays))
    return {year: Year(_of(off, year), _of(extra, year)) for year in years}


def _of(days: Mapping[date, str], year: int) -> dict[date, str]:
    return {day: name for day, name in days.items() if day.year == year}


def _year(year: str, body: Any, wrong: list[str]) -> Year:
    told = body if isinstance(body, Mapping) else {}
    if not (year.isdecimal() and told.get("source") and told.keys() <= PARTS):
        wrong.append(f"{year}: write a year with source, off and extra, and nothing else")
    return Year(_days(year, told.get("off"), wrong), _days(year, told.get("extra"), wrong), told.get("source", ""))


def _days(year: str, told: Any, wrong: list[str]) -> dict[date, str]:
    days: dict[date, str] = {}
    if told and not isinstance(told, Mapping):
        wrong.append(f"{year}: write a day → the holiday's name")
        return days
    for text, name in (told or {}).items():
        try:
            days[date.fromisoformat(text)] = name
        except ValueError:
            wrong.append(f"{year}, {text}: not a real day; write 2020-01-31")
    wrong += [f"{year}, {day}: of another year; write it there" for day in days if str(day.year) != year]
    return days
