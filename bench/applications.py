"""Deliveries of ten million rows; registers edited, imported and cut; a journal of a million entries.

The list of five million rows is in `figures.py`.

Works in a database of its own, in a temporary folder; BENCH_DATABASE names a PostgreSQL (an empty database) to use
instead of SQLite. Seconds are those of the clock; those of this process's own work stand in brackets, and are what
matters where others use the machine.
"""

import importlib
import io
import os
import random
import resource
import sys
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import django
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.core.management import call_command
from django.db import connection
from openpyxl import Workbook
from pyarrow import csv as arrow_csv
from rich.console import Console
from rich.table import Table as Printed

from plumbline.kernel import Column, Table

ENTRIES = 50_000
EDITED = 20_000
DELIVERED, STEP = 10_000_000, 100_000
VERIFIED = 1_000_000
FIRMS = Table(
    "bench.firms", "企业名录（模拟）",
    (Column("code", "text", "统一社会信用代码"), Column("name", "text", "名称"), Column("area", "text", "地区"),
     Column("people", "integer", "从业人员", unit="人", required=False), Column("sales", "decimal", "营业收入", unit="元"),
     Column("since", "date", "成立日期"), Column("kind", "text", "行业", choices=("工业", "商业", "服务业"))),
    area="area", identity=("code",), register=True)
VISITS = Table(
    "bench.visits", "走访（模拟）",
    (Column("code", "text", "编号"), Column("area", "text", "地区"), Column("sum", "decimal", "金额", unit="元"),
     Column("day", "date", "日期"), Column("kind", "text", "行业", choices=("工业", "商业", "服务业"))),
    area="area", dated="day", identity=("code",))
DISTRICTS = ("110101", "110102", "110105", "110106", "110108", "110112")


class Seconds(NamedTuple):
    """By the clock, and of this process's own work."""

    clock: float
    busy: float

    def __str__(self) -> str:
        return f"{self.clock:.1f} s ({self.busy:.1f})"


def main() -> int:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PLUMBLINE_DATA": folder, "DJANGO_SETTINGS_MODULE": "plumbline.site.settings"}
        os.environ["DATABASE_URL"] = os.environ.get("BENCH_DATABASE", "")
        django.setup()
        call_command("migrate", verbosity=0)
        table = Printed(title=f"applications, {connection.vendor}")
        for name in ("what", "reached", "wanted"):
            table.add_column(name)
        user = planner()
        deliver(user, Path(folder), table)
        measure(user, table)
        Console(width=120).print(table)
    return 0


def deliver(user, folder: Path, table) -> None:
    """Ten million rows, with one bad row in the middle, and without."""
    batches, kernel = (importlib.import_module(f"plumbline.{name}") for name in ("store.batches", "kernel"))
    covered = kernel.Coverage(("110000",), date(2025, 1, 1), date(2025, 12, 31))
    made = {"csv": written(folder / "bad.csv"), "parquet": written(folder / "good.parquet")}
    seconds, _, found = timed(lambda: refused(kernel.BadInput, lambda: batches.receive(
        user, VISITS, "bad.csv", made["csv"], covered)))
    assert [one.where for one in found] == [f"第 {DELIVERED // 2 + 2} 行「金额」"]
    table.add_row(f"{DELIVERED:,} rows of csv, one bad one in the middle: found, nothing kept", f"{seconds}, {peak()}", "")
    seconds, _, batch = timed(lambda: batches.receive(user, VISITS, "good.parquet", made["parquet"], covered))
    assert batch.rows == DELIVERED
    table.add_row(f"{DELIVERED:,} rows of parquet received", f"{seconds}, {peak()}", "2 GiB")


def refused(error, work):
    """What a refusal found."""
    try:
        work()
    except error as refusal:
        return refusal.findings
    raise AssertionError("taken in")


def peak() -> str:
    """The most memory this process has had."""
    return f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 ** 2:.1f} GiB"


def written(path: Path) -> Path:
    """Invented visits, a step at a time; the csv has a bad row."""
    dice, writer = random.Random(3), None
    areas, kinds = ([dice.choice(some) for _ in range(STEP)] for some in (DISTRICTS, ("工业", "商业", "服务业")))
    sums = [f"{dice.randrange(10 ** 7) / 100:.2f}" for _ in range(STEP)]
    days = [f"2025-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}" for _ in range(STEP)]
    for first in range(0, DELIVERED, STEP):
        codes = pc.binary_join_element_wise("MA", pc.cast(pa.arange(first, first + STEP), pa.string()), "")
        told = sums if path.suffix == ".parquet" or first != DELIVERED // 2 else ["12.345", *sums[1:]]
        rows_told = pa.table([codes, pa.array(areas), pa.array(told), pa.array(days), pa.array(kinds)],
                             [column.label for column in VISITS.columns])
        writer = writer or (pq.ParquetWriter if path.suffix == ".parquet" else arrow_csv.CSVWriter)(path, rows_told.schema)
        writer.write_table(rows_told)
    writer.close()
    return path


def measure(user, table) -> None:
    """Import, edit, cut, verify."""
    registers, journal = (importlib.import_module(f"plumbline.store.{name}") for name in ("registers", "journal"))
    for form, make in (("csv", csv), ("xlsx", xlsx)):
        firms = table_named(form)
        data = make(ENTRIES)
        seconds, queries, intake = timed(lambda firms=firms, data=data: registers.take_in(user, firms, "a", data))
        assert intake.new == ENTRIES
        table.add_row(f"import {ENTRIES:,} rows of {form}, checked and journalled",
                      f"{seconds}, {queries / (ENTRIES / 2000):.0f} queries for 2,000 rows", "< 30 s, constant")
    firms = table_named("csv")
    keys = list(registers.Item.objects.filter(table=firms.key).values_list("pk", flat=True)[:EDITED])
    seconds, _, _ = timed(lambda: registers.edit_many(user, firms, keys, {"kind": "商业", "people": "12"}, "模拟"))
    clock, busy = (f"{EDITED / each:,.0f}" for each in seconds)
    table.add_row(f"bulk edit of {EDITED:,} entries, each journalled", f"{clock} ({busy}) a second", ">= 2,000")
    cut(registers, user, firms, keys[0], table)
    entries = journal.verify().count
    grown(journal, entries)
    table.add_row(f"verify {VERIFIED:,} journal entries", f"{verify(journal)}", "< 20 s")


def cut(registers, user, firms, key, table) -> None:
    """The whole register cut, and one entry of it changed."""
    batches = importlib.import_module("plumbline.store.batches")
    table.add_row(f"cut of {ENTRIES:,} entries", f"{timed(lambda: batches.inputs(firms))[0].clock:.2f} s", "")
    item = registers.Item.objects.get(pk=key)
    registers.save(user, firms, key, {"people": "13"}, "模拟", item.version)
    table.add_row("one entry changed: fresh inputs", f"{timed(lambda: batches.inputs(firms))[0].clock:.2f} s", "< 0.5 s")


def planner():
    people = importlib.import_module("plumbline.store.people")
    return people.create_user(None, "bench", "a-long-word-for-benches-7", label="bench", role="planner", area="110000")


def table_named(form: str) -> Table:
    """One register a form."""
    return Table(f"bench.{form}", FIRMS.label, FIRMS.columns, FIRMS.area, identity=FIRMS.identity, register=True)


def rows(many: int):
    """Invented firms."""
    dice = random.Random(7)
    for number in range(many):
        yield (f"91110000MA{number:08}", f"模拟企业{number}", dice.choice(DISTRICTS), dice.randrange(5000),
               Decimal(dice.randrange(10 ** 9)) / 100, f"20{dice.randrange(10, 25)}-0{dice.randrange(1, 10)}-15",
               dice.choice(("工业", "服务业")))


def csv(many: int) -> bytes:
    lines = [",".join(column.label for column in FIRMS.columns)]
    return "\n".join(lines + [",".join(map(str, row)) for row in rows(many)]).encode()


def xlsx(many: int) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet()
    page.append([column.label for column in FIRMS.columns])
    for row in rows(many):
        page.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def grown(journal, entries: int) -> None:
    """A journal of a million entries."""
    made = importlib.import_module("journal")
    made.COUNT = VERIFIED - entries
    made.write(journal)


def verify(journal) -> Seconds:
    seconds, _, verdict = timed(journal.verify)
    assert verdict.broken is None
    return seconds


def timed(work):
    """Seconds, queries, and what came of it."""
    count = 0

    def counting(execute, *arguments):
        nonlocal count
        count += 1
        return execute(*arguments)

    begin, busy = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(counting):
        result = work()
    return Seconds(time.perf_counter() - begin, time.process_time() - busy), count, result


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    sys.exit(main())
