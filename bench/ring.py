"""The whole ring with its database: a changed record seen in every figure, and the trace in both directions.

    bench/ring.py [ROWS]     10,000,000 unless said otherwise; invented, in a temporary data folder

Register: 50,000 entries, 64 indicators of one table and 17 areas. Records: one Parquet of ten million rows, handed in
as an office does, 12 indicators and 17 areas; two documents print its figures. DHIS2 shows a change after its next batch.
"""

import importlib
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import django
import numpy
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table as Printed

ROWS, ENTRIES, LOOKS, CHANGES = 10_000_000, 50_000, 40, 10
CITY, PERIOD = "110000", "2020H1"
KINDS = ("拆违腾退", "留白增绿")


def main(folder: str) -> None:
    os.environ |= {"PLUMBLINE_DATA": folder, "DJANGO_SETTINGS_MODULE": "plumbline.site.settings", "DATABASE_URL": ""}
    django.setup()
    importlib.import_module("django.core.management").call_command("migrate", verbosity=0)
    people = importlib.import_module("plumbline.store.people")
    user = people.create_user(None, "planner", "bench-bench-bench", label="计划员", role="planner", area=CITY)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    printed = Printed(title="the ring, with its database (SQLite, DuckDB)")
    for name in ("what", "reached", "wanted"):
        printed.add_column(name, justify="left" if name == "what" else "right")
    register(printed, user)
    records(printed, user, count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    printed.add_row("peak memory of this process", f"{peak:.1f} GiB", "2 GiB")
    Console(width=120).print(printed)


def areas():
    kernel = importlib.import_module("plumbline.kernel")
    return [area.code for area in kernel.AREAS if area.code.startswith("11")]


def wanted(catalog, table):
    return [(one.key, area, PERIOD, ()) for one in catalog.of_table(table) for area in areas()]


def register(printed, user) -> None:
    """A change of one entry until every figure of its table says so."""
    registers, settings = importlib.import_module("plumbline.store.registers"), importlib.import_module("django.conf").settings
    refresh = importlib.import_module("plumbline.engine.refresh").refresh
    catalog, key = settings.CATALOG, "programmes.actions"
    table, chance = catalog.tables[key], random.Random(3)
    rows = "".join(json.dumps({
        "number": f"A{at:06}", "item": f"模拟{at}", "kind": "一般制造业企业疏解退出", "area": chance.choice(areas()[1:]),
        "listed_on": "2020-01-05", "state": "已完成" if at % 3 else "推进中", "done_on": "2020-05-01" if at % 3 else None,
    }, ensure_ascii=False) + "\n" for at in range(ENTRIES))
    begin = time.perf_counter()
    registers.take_in(user, table, "模拟.jsonl", rows.encode(), "模拟")
    printed.add_row("50,000 entries checked, kept and journalled", f"{time.perf_counter() - begin:.1f} s", "30 s")
    every = wanted(catalog, key)
    refresh(catalog, every)
    item, spent = registers.Item.objects.order_by("pk").first(), []
    for at in range(CHANGES):
        item.refresh_from_db()
        begin = time.perf_counter()
        state = ("推进中", None) if at % 2 else ("已完成", "2020-05-02")
        registers.save(user, table, item.pk, {"state": state[0], "done_on": state[1]}, f"模拟{at}", item.version)
        refresh(catalog, every)
        spent.append(time.perf_counter() - begin)
    printed.add_row(f"one entry changed until all {len(every)} figures of its table say so, median of {CHANGES}",
                    f"{statistics.median(spent):.2f} s", "1 s")


def records(printed, user, count: int) -> None:
    """Ten million rows handed in, counted, traced both ways, corrected."""
    settings = importlib.import_module("django.conf").settings
    batches, engine = importlib.import_module("plumbline.store.batches"), importlib.import_module("plumbline.engine")
    kernel, refresh = importlib.import_module("plumbline.kernel"), importlib.import_module("plumbline.engine.refresh").refresh
    catalog, key = settings.CATALOG, "programmes.plots"
    table, told = catalog.tables[key], kernel.Coverage((CITY,), date(2020, 1, 1), date(2020, 6, 30))
    path = Path(settings.DATA) / "made.parquet"
    write(path, count, 0)
    begin = time.perf_counter()
    batch = batches.receive(user, table, "模拟.parquet", path, told, example=True)
    printed.add_row(f"{count:,} rows of Parquet handed in, every cell checked", f"{time.perf_counter() - begin:.0f} s", "2 GiB")
    every = wanted(catalog, key)
    begin = time.perf_counter()
    rows = refresh(catalog, every)
    printed.add_row(f"{len(every)} figures counted and published", f"{time.perf_counter() - begin:.2f} s", "")
    traces(printed, catalog, batches.inputs(table), list(rows.values()), engine)
    write(path, count, 1)
    batches.receive(user, table, "更正.parquet", path, told, replaces=batch, why="模拟", example=True)
    begin = time.perf_counter()
    refresh(catalog, every)
    printed.add_row("corrected delivery until every figure says so", f"{time.perf_counter() - begin:.2f} s", "10 s")


def traces(printed, catalog, inputs, figures, engine) -> None:
    """A page of the rows behind a figure; and from a row to figures, sentences and documents."""
    store, chance = importlib.import_module("plumbline.store.figures"), random.Random(5)
    told = {inputs.table.key: inputs}
    document(figures)

    def page(first):
        row = chance.choice([one for one in figures if one.counted])
        sight = engine.Sight(engine.Page(first(row.counted), 50), counted=row.counted)
        return engine.rows_behind(catalog, catalog.indicators[row.indicator], row.area, PERIOD, told, sight).rows

    def down():
        return page(lambda count: 0)

    def deep():
        return page(lambda count: chance.randrange(max(count - 50, 1)))

    def up():
        file = inputs.files[0]
        row = engine.record(inputs, file.sha256, chance.randrange(1, file.rows))
        found = store.resting(engine.figures_of(catalog, inputs, row), file.sha256)
        assert found.figures
        assert list(found.cites)

    for name, look in (("figure to the first page of its records", down), ("to any page, each first look counts", deep),
                       ("record to figures, sentences and documents", up)):
        look()
        printed.add_row(f"{name}, p95 of {LOOKS}", f"{p95(look) * 1000:.0f} ms", "300 ms")


def document(figures) -> None:
    """A document whose text prints every figure."""
    models, store = importlib.import_module("plumbline.store.models"), importlib.import_module("plumbline.store.figures")
    kernel, now = importlib.import_module("plumbline.kernel"), importlib.import_module("django.utils.timezone").now()
    user = models.User.objects.get()
    text = "".join(f"第{at}句说{one.counted}。" for at, one in enumerate(figures))
    row = models.Document.objects.create(sha256="0" * 64, name="模拟", media="txt", size=1, area=CITY, received_area=CITY,
                                         state="read", text=text, published=True, received_by=user, received_at=now)
    places = [store.Place(kernel.Cite(0, 1, one.indicator, one.indicator, one.indicator, one.area, one.period, Decimal(1),
                                      one.unit, figures=(one.pk,)), at, at + 1, f"第{at}句。") for at, one in enumerate(figures)]
    with importlib.import_module("django.db").transaction.atomic():
        store.cite(row, places)


def p95(look) -> float:
    spent = []
    for _ in range(LOOKS):
        begin = time.perf_counter()
        look()
        spent.append(time.perf_counter() - begin)
    return sorted(spent)[int(LOOKS * 0.95) - 1]


def write(path: Path, count: int, turn: int) -> None:
    """Invented rows, the same for a turn; areas and days by chance."""
    chance, codes = numpy.random.default_rng(7 + turn), areas()[1:]
    first = date(2020, 1, 1)
    days = pa.array([first + timedelta(at) for at in range(181)])
    schema = pa.schema([("number", pa.string()), ("kind", pa.string()), ("area", pa.string()), ("street", pa.string()),
                        ("done_on", pa.date32()), ("land", pa.decimal128(38, 4))])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for start in range(0, count, 500_000):
            size = min(500_000, count - start)
            number = pa.array(numpy.char.add("P", numpy.arange(start, start + size).astype("U8")))
            pick = lambda values, size=size: pa.array(values).take(pa.array(chance.integers(0, len(values), size)))  # noqa: E731
            land = pa.array(chance.integers(1, 99_999, size)).cast(pa.decimal128(38, 0)).cast(pa.decimal128(38, 4))
            writer.write_table(pa.Table.from_arrays([
                number, pick(KINDS), pick(codes), pick(["甲街道", "乙街道"]), pick(days), land], schema=schema))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="plumbline-bench-") as made:
        main(made)
