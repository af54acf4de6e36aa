"""How many due times, calls and derivations a second one core reckons, by unit of the limit."""

import time
from datetime import date, datetime, timedelta
from decimal import Decimal

from rich.console import Console
from rich.table import Table

from plumbline.kernel import ZONE, Clock, Event, Level, Limit, due, instants, standard

COUNT = 50_000
START = datetime(2026, 7, 24, 15, 20, tzinfo=ZONE)
LATER = START + timedelta(7)
LEVELS = (Level("remind", "提醒", ("holder",), used=Decimal("0.8")), Level("late", "超期", ("leader",)))
PLAIN = [Event(START, "start", why="收件")]
PAUSED = [*PLAIN, Event(START + timedelta(3), "pause"), Event(START + timedelta(5), "resume"),
          Event(START + timedelta(6), "extend", Decimal(2))]
LIMITS = {"小时": 24, "日": 7, "工作日": 3, "工时": 16}


def main() -> None:
    """Print the table."""
    table = Table(title=f"a second, one core, {COUNT:,} of each")
    for name in ("limit", "due, plain", "due, paused and extended", "instants", "steps"):
        table.add_column(name, justify="right")
    clock, calendar = Clock("reply", "办理", ("open",), ("done",), "x", levels=LEVELS), standard()
    for unit, amount in LIMITS.items():
        limit = Limit(Decimal(amount), unit, "虚构办法", date(2021, 1, 1))
        found = due(clock, limit, PLAIN, calendar, START)
        table.add_row(f"{amount}{unit}", *(a_second(task) for task in (
            lambda limit=limit: due(clock, limit, PLAIN, calendar, START),
            lambda limit=limit: due(clock, limit, PAUSED, calendar, LATER),
            lambda limit=limit, found=found: instants(clock, limit, found, calendar),
            lambda found=found: found.steps)))
    Console(width=110).print(table)


def a_second(task) -> str:
    """How often a task is done in a second."""
    begin = time.perf_counter()
    for _ in range(COUNT):
        task()
    return f"{COUNT / (time.perf_counter() - begin):,.0f}"


if __name__ == "__main__":
    main()
