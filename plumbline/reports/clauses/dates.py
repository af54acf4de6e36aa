"""Days of a policy: valid from and until, to be applied for from and until."""

import re
from collections.abc import Iterator
from datetime import date

from plumbline.reports.clauses.found import Found, Passage

DAY = r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日"
_ANY = r"(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日"
_DASH = "(?:至|到|起至|-)"
_APPLY = "(?:申请|申报|受理|申领|报名)"
_SPAN = rf"(?:为|是|：)?(?:自|从)?(?P<first>{_ANY}){_DASH}(?P<last>{_ANY})"
RULES: tuple[tuple[str, str], ...] = (
    (rf"(?:自|从)(?P<first>{_ANY})(?:起)?(?:正式)?(?:施行|执行|实施|生效)"
     rf"(?:，(?:有效期)?{_DASH}(?P<last>{_ANY})(?:止)?)?", "since until"),
    (rf"有效期(?:限)?{_DASH}(?P<last>{_ANY})", "until"),
    (rf"{_APPLY}(?:时间|期限|期)?{_SPAN}", "apply_since apply_until"),
    (rf"{_APPLY}(?:的)?截止(?:日期|时间|日)?(?:为|是|：)?(?P<last>{_ANY})", "apply_until"),
    (rf"(?P<last>{_ANY})(?:以前|之前|前)(?:提出|提交|完成)?{_APPLY}", "apply_until"),
    (rf"(?:(?:补贴|执行|政策|实施|优惠)(?:期限|期间|期)|公告期|有效期)(?:限)?{_SPAN}", "since until"),
)
ISSUED = re.compile(rf"(?:发布|印发|公布)(?:日期|时间)?(?:：|为)(?P<first>{_ANY})")
AT_ONCE = re.compile("自(?:发布|印发|公布)之日起(?:施行|执行|实施)")


def days(here: Passage) -> list[Found]:
    """The days a paragraph says, the day itself as `text` in ISO form."""
    found = list(_days(here))
    if AT_ONCE.search(here.text) and (match := ISSUED.search(here.text)) and (day := _read(match["first"], None)):
        found.append(Found(*match.span(), "since", day.isoformat(), kind="day"))
    return found


def _days(here: Passage) -> Iterator[Found]:
    for words, keys in RULES:
        for match in re.finditer(words, here.text):
            told = match.groupdict()
            first = _read(told.get("first") or "", None)
            last = _read(told.get("last") or "", first)
            for key in keys.split():
                day = last if key.endswith("until") else first
                if day:
                    yield Found(*match.span(), key, day.isoformat(), kind="day")


def day_of(match: re.Match[str]) -> date | None:
    """The day of year, month and day of a match; None where there is no such day."""
    return _date(int(match["year"]), int(match["month"]), int(match["day"]))


def _read(text: str, since: date | None) -> date | None:
    """A day as printed; what it leaves out is that of the day before it."""
    match = re.fullmatch(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日", text)
    if match is None:
        return None
    year = int(match[1]) if match[1] else since.year if since else 0
    month = int(match[2]) if match[2] else since.month if since else 0
    return _date(year, month, int(match[3]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
