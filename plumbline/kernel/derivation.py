"""How a due time was reckoned, told to an official line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from plumbline.kernel.calendar import DAY, HOUR, WEEKDAYS, Calendar, stamp_of
from plumbline.kernel.clock import DAYS, Clock, Event, Limit, term
from plumbline.kernel.course import Course
from plumbline.kernel.measure import Days, Hours

WORDS = {"start": "开始计时", "restart": "重新计时", "transfer": "转办", "reopen": "重新打开", "pause": "暂停", "resume": "恢复",
         "stop": "停止计时"}
MINUTE = HOUR // 60
SHOWN_DAYS = 10  # days of office hours told one by one; beyond, their sum is easier to read


@dataclass(frozen=True, slots=True)
class Story:
    """All that a due time was reckoned from. counts: the measure of the present course; None where there is no limit."""

    clock: Clock
    courses: Sequence[Course]
    calendar: Calendar
    now: datetime
    counts: Hours | None = None


class Dates:
    """Days in print: the year only where it changes."""

    def __init__(self) -> None:
        self.year = 0

    def day(self, ordinal: int, weekday: bool = True) -> str:
        """7月24日（周五）."""
        day = date.fromordinal(ordinal)
        year, self.year = f"{day.year}年" if day.year != self.year else "", day.year
        return f"{year}{day.month}月{day.day}日" + (f"（{WEEKDAYS[day.weekday()]}）" if weekday else "")

    def at(self, stamp: int) -> str:
        """7月24日（周五）15:20; seconds only where there are any."""
        minutes, rest = divmod(stamp % DAY, MINUTE)
        seconds = f":{rest // 1_000_000:02}" if rest >= 1_000_000 else ""
        return f"{self.day(stamp // DAY)}{minutes // 60:02}:{minutes % 60:02}{seconds}"

    def run(self, days: Sequence[int]) -> str:
        """Days one after another: 7月25日, 7月25日、26日, 10月1日至8日."""
        first = self.day(days[0], weekday=False)
        if len(days) == 1:
            return first
        last = date.fromordinal(days[-1])
        same = (last.year, last.month) == (self.year, date.fromordinal(days[0]).month)
        return f"{first}{'至' if len(days) > 2 else '、'}{f'{last.day}日' if same else self.day(days[-1], weekday=False)}"


def lasting(stamps: int) -> str:
    """A length of time in print, to the minute.

    >>> lasting(80 * MINUTE), lasting(51 * HOUR), lasting(1)
    ('1小时20分', '2天3小时', '不足1分钟')
    """
    days, rest = divmod(stamps, DAY)
    hours, minutes = rest // HOUR, rest % HOUR // MINUTE
    parts = (f"{days}天" if days else "", f"{hours}小时" if hours else "", f"{minutes}分" if minutes and not days else "")
    return "".join(parts) or "不足1分钟"


def left(story: Story, state: str, at: datetime | None) -> str:
    """What is left of the time, or by how much it is over."""
    done, now = story.clock.done, stamp_of(story.now)
    if state == "idle":
        return "尚未开始计时"
    course, counts = story.courses[-1], story.counts
    if course.limit is None or counts is None:
        return f"已{done}，没有时限" if course.stop else "没有时限：参数中没有适用的规定"
    if state == "paused":
        return f"已暂停，还剩{_remains(counts, course, stamp_of(course.paused.at) if course.paused else now)}"
    end = stamp_of(at or story.now)
    if course.stop:
        stop = stamp_of(course.stop.at)
        return f"按时{done}" if stop <= end else f"超期{lasting(stop - end)}{done}"
    if now > end:
        return f"已超期{lasting(now - end)}"
    if isinstance(counts, Days) and (end - 1) // DAY == min(now, end - 1) // DAY:
        return f"今天{_hour(end)}到期"
    return f"还剩{_remains(counts, course, now)}"


def steps(story: Story, state: str, at: datetime | None) -> tuple[str, ...]:
    """The reckoning, a line a step: earlier courses in a line each, then the present one in full."""
    if not story.courses:
        return ("尚未开始计时",)
    dates, course = Dates(), story.courses[-1]
    lines = [_earlier(dates, one) for one in story.courses[:-1]]
    lines.append(_began(dates, course.start, afresh=len(story.courses) > 1))
    if course.limit is None or story.counts is None:
        return (*lines, "没有时限：参数中没有适用的规定", *_stopped(dates, story, None))
    end = None if at is None else stamp_of(at)
    until = end if end is not None else stamp_of(story.now)
    lines.append(_counting(story.counts, story.calendar))
    lines += _days_off(dates, story.counts, until)
    lines.append(f"{_limited(course.limit)}〔{course.limit.source}〕")
    lines += _happened(dates, course, story.counts, course.limit)
    lines += _counted(dates, story.counts, course, end)
    lines += _untold(story.counts, until, story.calendar)
    if end is None:
        return (*lines, f"{left(story, state, at)}，恢复后再定期限")
    return (*lines, f"应于{_deadline(dates, end, story.counts)}前{story.clock.done}", *_stopped(dates, story, end))


def _hour(end: int) -> str:
    return "24时" if end % DAY == 0 else f"{end % DAY // HOUR:02}:{end % HOUR // MINUTE:02}"


def _deadline(dates: Dates, end: int, counts: Hours) -> str:
    if isinstance(counts, Days) and end % DAY == 0:
        return f"{dates.day(end // DAY - 1)}24时"
    return dates.at(end)


def _limited(limit: Limit) -> str:
    return f"限期{term(limit.amount, limit.unit)}" if limit.amount or limit.unit not in DAYS else "限当日"


def _remains(counts: Hours, course: Course, stamp: int) -> str:
    """What is left at a stamp: of days, those that are not over, today among them."""
    limit, past = course.limit, [pause for pause in course.stamps() if pause[1] is not None]
    target = counts.through(counts.begin + counts.total, past)
    if target is None or limit is None:
        return "时间不明"
    remains = target - counts.gone(stamp)
    if limit.unit in DAYS:
        return term(Decimal(remains), limit.unit)
    return lasting(remains) if limit.unit == "小时" else f"{_worked(remains)}办公时间"


def _worked(stamps: int) -> str:
    hours, minutes = divmod(stamps // MINUTE, 60)
    return "".join((f"{hours}小时" if hours else "", f"{minutes}分" if minutes else "")) or "不足1分钟"


def _began(dates: Dates, event: Event, afresh: bool) -> str:
    why = event.why if event.kind != "start" or event.amount is None else ""
    if event.kind == "start":
        return f"{dates.at(stamp_of(event.at))}{why or WORDS['start']}" + ("，重新计时" if afresh else "")
    told = f"（{why}）" if why else ""
    again = "" if event.kind == "restart" else "，重新计时"
    return f"{dates.at(stamp_of(event.at))}{WORDS[event.kind]}{told}{again}"


def _earlier(dates: Dates, course: Course) -> str:
    line = _began(dates, course.start, afresh=False)
    if course.limit:
        line += f"，{_limited(course.limit)}〔{course.limit.source}〕"
    if course.stop:
        line += f"，{dates.at(stamp_of(course.stop.at))}{course.stop.why or WORDS['stop']}"
    return line


def _counting(counts: Hours, calendar: Calendar) -> str:
    """From when, and what, is counted."""
    if not isinstance(counts, Days):
        hours = "、".join(f"{opens:%H:%M}至{closes:%H:%M}" for opens, closes in calendar.hours)
        return f"即时起算，只计办公时间：工作日{hours}" if counts.worked else "即时起算，连续计时"
    if counts.first == counts.start // DAY:
        return "当日起算"
    return "当日已过下班时间，次日起算" if counts.start % DAY >= counts.close else "次日起算"


def _days_off(dates: Dates, counts: Hours, until: int) -> Iterator[str]:
    """Days that do not count, those one after another and of one kind in a line; and weekend days that are worked."""
    if not counts.worked:
        return
    first = counts.first if isinstance(counts, Days) else counts.start // DAY
    days = range(first, (until - 1) // DAY + 1)
    for name, run in groupby(days, lambda day: _kind(counts.calendar, date.fromordinal(day))):
        told = list(run)
        if name and name.endswith("调休上班"):
            yield f"{dates.run(told)}{name}，计入"
        elif name:
            one = WEEKDAYS[date.fromordinal(told[0]).weekday()]
            yield f"{dates.run(told)}{one if name == '周末' and len(told) == 1 else name}不计"


def _kind(calendar: Calendar, day: date) -> str:
    name = calendar.name(day)
    return "" if name == "工作日" else "周末" if name in WEEKDAYS else name


def _happened(dates: Dates, course: Course, counts: Hours, limit: Limit) -> Iterator[str]:
    """Pauses, extensions and transfers in the order they happened."""
    happened: list[tuple[Event, Event | None]] = [*course.pauses, *((one, None) for one in course.extensions + course.kept)]
    whole = limit.amount
    pauses: list[tuple[int, int | None]] = []
    for event, until in sorted(happened, key=lambda one: one[0].at):
        at, why = dates.at(stamp_of(event.at)), f"（{event.why}）" if event.why else ""
        if event.kind == "extend":
            whole += event.amount or 0
            yield f"{at}延期{term(event.amount or Decimal(0), limit.unit)}{why}，共{term(whole, limit.unit)}"
        elif event.kind == "transfer":
            yield f"{at}转办{why}，不重新计时"
        else:
            pause = (stamp_of(event.at), stamp_of(until.at) if until else None)
            word = event.why or WORDS["stop"] if event.kind == "stop" else f"{WORDS[event.kind]}{why}"
            yield f"{at}{word}{_again(dates, until)}{_effect(counts, pauses, pause, limit)}"
            pauses.append(pause)


def _again(dates: Dates, until: Event | None) -> str:
    if until is None:
        return ""
    return f"，{dates.at(stamp_of(until.at))}{WORDS.get(until.kind, '')}{f'（{until.why}）' if until.why else ''}"


def _effect(counts: Hours, earlier: list[tuple[int, int | None]], pause: tuple[int, int | None], limit: Limit) -> str:
    """What a pause takes out of the count."""
    target = counts.through(counts.begin + counts.total, earlier)
    if target is not None and counts.end(target) <= pause[0]:
        return "，已过期限，不影响"
    if pause[1] is None:
        return ""
    skipped = counts.skip(pause[0], pause[1])
    if not skipped:
        return "，不影响"
    return f"，其间{term(Decimal(skipped), limit.unit) if limit.unit in DAYS else _worked(skipped)}不计"


def _counted(dates: Dates, counts: Hours, course: Course, end: int | None) -> Iterator[str]:
    """The days that count, in runs, or the office hours of each day."""
    if end is None or not (counts.worked or isinstance(counts, Days)):
        return
    pauses = [(pause, resume) for pause, resume in course.stamps() if resume is not None]
    if isinstance(counts, Days):
        days = [day for day in range(counts.first, (end - 1) // DAY + 1)
                if counts.counted(day) > counts.counted(day - 1)
                and not any(pause // DAY <= day < resume // DAY for pause, resume in pauses)]
        runs = [[day for _, day in run] for _, run in groupby(enumerate(days), lambda one: one[1] - one[0])]
        yield f"计入{'、'.join(dates.run(run) for run in runs)}，共{len(days)}{'个工作日' if counts.worked else '日'}"
        return
    days = [day for day in range(counts.start // DAY, (end - 1) // DAY + 1) if counts.counted_in(day, end, pauses)]
    if len(days) <= SHOWN_DAYS:
        yield "计入" + "、".join(f"{dates.day(day, weekday=False)}{_worked(counts.counted_in(day, end, pauses))}" for day in days)


def _untold(counts: Hours, until: int, calendar: Calendar) -> Iterator[str]:
    if counts.worked:
        years = range(date.fromordinal(counts.start // DAY).year, date.fromordinal(until // DAY).year + 1)
        yield from (f"{year}年放假安排尚未公布，先按周一至周五推算" for year in years if year not in calendar.years)


def _stopped(dates: Dates, story: Story, end: int | None) -> Iterator[str]:
    course, now = story.courses[-1], stamp_of(story.now)
    if course.stop:
        at = stamp_of(course.stop.at)
        verdict = "" if end is None else "，按时" if at <= end else f"，超期{lasting(at - end)}"
        yield f"{dates.at(at)}{course.stop.why or WORDS['stop']}{verdict}"
    elif end is not None and now > end:
        yield f"至{dates.at(now)}已超期{lasting(now - end)}"
