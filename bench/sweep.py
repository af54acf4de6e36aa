"""How long a sweep of a million open orders takes: 20,000 of them reach a reminder, a warning or their end; then nothing is due.

    .venv/bin/python bench/sweep.py            SQLite, in a folder of its own
    DATABASE_URL=… .venv/bin/python bench/sweep.py    that PostgreSQL too: an empty database, which is filled

Aim: 5 s. Each order swept gets its row, a line in its story, notices to its office and to the people of its area, and a
place in the journal's entry. Orders are laid down as rows, with the events their clocks are reckoned from.
"""

import importlib
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import django
from django.core.management import call_command
from django.db import connection, transaction
from rich.console import Console
from rich.table import Table

OPEN, REACH = int(os.environ.get("N", 1_000_000)), int(os.environ.get("R", 20_000))
BATCH = 10_000
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 4, 10, 30, tzinfo=ZONE)  # a Wednesday
OFFICES, AREAS = 349, [f"1101{number:02}" for number in range(1, 17)]
AGAIN = "PLUMBLINE_BENCH_AGAIN"
LIMIT = timedelta(days=7)
# how far the limit of those that reach a level is gone: reminded, warned, over
GONE = (0.51, 0.81, 1.01)


def main() -> int:
    """Print a table a database; 1 where the sweep takes longer than it should."""
    own = os.environ.pop("DATABASE_URL", "")
    if os.environ.get(AGAIN):
        os.environ["DATABASE_URL"] = os.environ.pop(AGAIN)
    elif own:
        subprocess.run([sys.executable, __file__], env=os.environ | {AGAIN: own}, check=False)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PLUMBLINE_DATA": folder, "DJANGO_SETTINGS_MODULE": "plumbline.site.settings"}
        django.setup()
        call_command("migrate", verbosity=0)
        return measure()


def measure() -> int:
    """Fill, sweep, sweep again."""
    made = importlib.import_module("plumbline.kernel").load
    catalog = made([Path(__file__).parent.parent / "plumbline/systems/hotline"])
    orders = importlib.import_module("plumbline.store.orders")
    table = Table(title=f"{OPEN:,} open orders, {REACH:,} of which reach a level, {connection.vendor}")
    for name in ("step", "seconds", "result"):
        table.add_column(name, justify="right" if name == "seconds" else "left")
    table.add_row("lay down", *timed(lambda: fill(catalog))[1:])
    spent, *row = timed(lambda: orders.sweep(NOW, catalog))
    table.add_row("sweep", *row)
    table.add_row("sweep again, nothing due", *timed(lambda: orders.sweep(NOW, catalog))[1:])
    Console(width=150).print(table)
    return int(spent > 5)


def timed(work) -> tuple[float, str, str]:
    """Seconds, in print, and what came of it."""
    begin = time.perf_counter()
    result = work()
    spent = time.perf_counter() - begin
    return spent, f"{spent:.3f}", str(result or "")


def fill(catalog) -> str:
    """A million orders an office holds, each in its own week; those that reach a level at the end of theirs."""
    tables = importlib.import_module("plumbline.store.models")
    offices = people(tables)
    random.seed(12345)
    reach = set(random.sample(range(OPEN), REACH))
    for first in range(0, OPEN, BATCH):
        with transaction.atomic():
            rows = [order(tables, number, offices, number in reach) for number in range(first, first + BATCH)]
            made = tables.Order.objects.bulk_create(rows)
            tables.ClockEvent.objects.bulk_create([
                tables.ClockEvent(order=one, clock="reply", kind="start", at=one.opened_at, why="派单") for one in made])
            tables.OrderMove.objects.bulk_create([
                tables.OrderMove(order=one, n=1, move="open", label="登记", to="assigned", at=one.opened_at) for one in made])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return f"{tables.Order.objects.count():,}"


def people(tables) -> list:
    """Streets, and in each district somebody who dispatches and somebody who plans."""
    for area in AREAS:
        for role in ("dispatcher", "planner"):
            tables.User.objects.create(username=f"{role}{area}", role=role, area=area)
    return tables.Office.objects.bulk_create([
        tables.Office(name=f"街道{number}", area=AREAS[number % len(AREAS)], kind="street") for number in range(OFFICES)])


def order(tables, number: int, offices: list, reaches: bool):
    """An order; one that reaches a level has had the levels before it told already."""
    level = number % len(GONE)
    gone = GONE[level] if reaches else random.uniform(0.1, 0.45)
    began = NOW - LIMIT * gone
    office, due = offices[number % OFFICES], began + LIMIT
    told = ["remind", "warn"][:level] if reaches else []
    next_at = NOW - LIMIT * 0.005 if reaches else began + LIMIT * 0.5
    clock = {"state": "running", "on": "running", "due_at": due.isoformat(), "next_at": next_at.isoformat(), "level": len(told),
             "extensions": 0, "told": told}
    return tables.Order(
        kind="hotline.request", number=f"SQ2026{number:08}", code=f"{number:012}", title=f"路灯不亮 {number}", text="虚构",
        urgency="ordinary", state="working", state_kind="open", area=office.area, office=office, first_office=office,
        opened_at=began, changed_at=began, clocks={"reply": clock}, due_at=due, due_clock="reply", next_at=next_at)


if __name__ == "__main__":
    sys.exit(main())
