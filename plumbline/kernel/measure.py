"""How the time of a limit is counted: natural hours, office hours, natural days, working days."""

from decimal import Decimal

from plumbline.kernel.calendar import DAY, HOUR, Calendar
from plumbline.kernel.clock import Clock


class Hours:
    """Natural hours: every hour counts but those of a pause.

    begin   what was counted when the clock started; total: what the limit adds. Both in the measure's own count
    worked  whether only working days or hours count
    """

    __slots__ = ("begin", "calendar", "start", "total", "worked")

    def __init__(self, start: int, amount: Decimal, calendar: Calendar):
        self.start, self.calendar, self.worked = start, calendar, False
        self.begin, self.total = start, int(amount * HOUR)

    def gone(self, stamp: int) -> int:
        """What is counted up to a stamp; of days, those that are over."""
        return stamp

    def skip(self, pause: int, resume: int) -> int:
        """What a pause takes out of the count."""
        return self.gone(resume) - self.gone(pause)

    def end(self, target: int) -> int:
        """The first stamp by which so much is counted."""
        return target

    def counted_in(self, day: int, end: int, pauses: list[tuple[int, int]]) -> int:
        """What is counted of one day (an ordinal) up to the end, without its pauses."""
        opens, closes = max(self.start, day * DAY), min(end, (day + 1) * DAY)
        skipped = sum(self.skip(max(pause, opens), min(resume, closes)) for pause, resume in pauses
                      if max(pause, opens) < min(resume, closes))
        return self.skip(opens, closes) - skipped

    def through(self, target: int, pauses: list[tuple[int, int | None]]) -> int | None:
        """The target with the pauses before its end added; None where one of them is still open."""
        for pause, resume in pauses:
            if self.end(target) <= pause:
                break
            if resume is None:
                return None
            target += self.skip(pause, resume)
        return target

    def part(self, share: Decimal, pauses: list[tuple[int, int | None]]) -> int | None:
        """The stamp by which a share of the limit is gone; None where an open pause comes before."""
        target = self.through(self.begin + int(self.total * share), pauses)
        return None if target is None else self.end(target)


class OfficeHours(Hours):
    """Hours the office is open."""

    __slots__ = ()

    def __init__(self, start: int, amount: Decimal, calendar: Calendar):
        super().__init__(start, amount, calendar)
        self.begin, self.worked = calendar.opened(start), True

    def gone(self, stamp: int) -> int:
        """Open hours up to a stamp."""
        return self.calendar.opened(stamp)

    def end(self, target: int) -> int:
        """The first stamp by which so much is counted, never before the start."""
        return max(self.start, self.calendar.reached(target))


class Days(Hours):
    """Days that count whole, natural or worked; those of a pause do not, but for the day it goes on.

    Where the office had closed before the clock started, that day cannot count either.
    """

    __slots__ = ("close", "first")

    def __init__(self, start: int, amount: Decimal, calendar: Calendar, clock: Clock, worked: bool):
        super().__init__(start, Decimal(0), calendar)
        self.worked, day, at = worked, start // DAY, start % DAY
        if clock.ends == "close":
            self.close = calendar.closing
        else:
            self.close = at if clock.ends == "moment" and amount else DAY
        same_day = not amount or (clock.begins == "moment" and clock.ends != "moment")
        self.first = day if same_day and at < self.close else day + 1
        self.total = int(amount) or 1
        self.begin = self.counted(self.first - 1)

    def counted(self, day: int) -> int:
        """Days that count up to an ordinal, whether before the start or after."""
        return self.calendar.counted(day) if self.worked else day

    def last(self, target: int) -> int:
        """The day (an ordinal) by which so many are counted."""
        return self.calendar.nth(target) if self.worked else target

    def gone(self, stamp: int) -> int:
        """Days that count and are over; none before the first."""
        return self.counted(max(stamp // DAY, self.first) - 1)

    def end(self, target: int) -> int:
        """The end of the last day."""
        return self.last(target) * DAY + self.close

    def part(self, share: Decimal, pauses: list[tuple[int, int | None]]) -> int | None:
        """The stamp by which a share of the days is gone, each from 0 to 24时."""
        days = self.total * share
        whole = -int(-days // 1)
        if not whole:
            return self.start
        target = self.through(self.begin + whole, pauses)
        return None if target is None else self.last(target) * DAY + int((days - whole + 1) * DAY)


def measure(clock: Clock, unit: str, amount: Decimal, start: int, calendar: Calendar) -> Hours:
    """The measure of a limit that starts at a stamp."""
    if unit == "小时":
        return Hours(start, amount, calendar)
    if unit == "工时":
        return OfficeHours(start, amount, calendar)
    return Days(start, amount, calendar, clock, unit == "工作日")
