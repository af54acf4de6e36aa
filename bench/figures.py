"""Figures of ten million records: counted, traced, and opened again; the plain question of fifty filters beside it.

    bench/figures.py [ROWS]     10,000,000 unless said otherwise; the records are invented, and kept in build/figures

Both ways of counting run in this process, in turn; p95 is of 40 looks at places chosen by chance. Peak memory is
the process's own, which the plain question and the making of the rows are left out of.
"""

import importlib
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import django
from rich.console import Console
from rich.table import Table as Printed

from plumbline.kernel import AREAS, Catalog, Column, Coverage, File, Indicator, Inputs, Table

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plumbline.site.settings")
django.setup()
engine = importlib.import_module("plumbline.engine")
ROOT = Path(__file__).parent.parent / "build/figures"
ROWS, FILES, LISTED = 10_000_000, 10, 5_000_000
CHUNKS = 200
LOOKS = 40
PERIOD = "2020"
DISTRICTS = tuple(area.code for area in AREAS if area.code.startswith("11") and not area.code.endswith("0000"))
CALLS = Table("bench.calls", "工单（模拟）", (
    Column("number", "text", "编号"), Column("area", "text", "街道"), Column("due_on", "date", "应办日"),
    Column("closed_on", "date", "办结日", required=False), Column("kind", "text", "类别"), Column("state", "text", "状态"),
    Column("firm", "text", "单位"), Column("staff", "integer", "人数", unit="人", required=False),
    Column("amount", "decimal", "金额", unit="元"), Column("key", "boolean", "重点"), Column("note", "text", "内容"),
), area="area", dated="due_on", identity=("number",))
CONDITIONS = (
    *(f"kind = 'kind{at}'" for at in range(10)), *(f"state = 'state{at}'" for at in range(4)),
    "kind IN ('kind1', 'kind2') AND state = 'state1'", "amount > 500000", "amount > 100000 AND kind = 'kind3'",
    "staff < 300", "staff < 20 AND amount < 300000", "staff BETWEEN 20 AND 300", "closed_on IS NULL",
    "closed_on <= due_on", "coalesce(closed_on <= due_on, FALSE)", "key", "key AND state = 'state2'",
    "NOT key OR staff > 100", "kind LIKE 'kind1%'", "amount >= 5000", "due_on >= DATE '2020-03-01'", "",
)


def main() -> int:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    make(count)
    table = Printed(title=f"figures of {count:,} records, DuckDB")
    for name in ("what", "seconds", "wanted", ""):
        table.add_column(name, justify="right" if name in ("seconds", "wanted") else "left")
    with engine.using(engine.open_engine("duckdb")):
        measure(table, held("calls", count))
        listing(table)
    Console(width=130).print(table)
    return 0


def held(name: str, count: int) -> Inputs:
    """The rows made, and that they are all of the city's."""
    paths = sorted((ROOT / f"{name}-{count}").glob("*.parquet"))
    return Inputs(CALLS, tuple(File(path, path.stem, count // len(paths)) for path in paths), (Coverage(("110000",)),))


def measure(table: Printed, told: Inputs) -> None:
    """Count, trace, look behind, look up; then count plainly."""
    these, inputs = indicators(), {CALLS.key: told}
    catalog = Catalog(tables={CALLS.key: CALLS}, indicators={one.key: one for one in these})
    begin = time.process_time()
    seconds = [timed(lambda: engine.compute(catalog, these, PERIOD, DISTRICTS, inputs)) for _ in range(3)]
    counted = min(seconds)
    table.add_row(f"{len(these)} indicators x {len(DISTRICTS)} districts", f"{counted:.2f}", "5",
                  f"first {seconds[0]:.2f}; {(time.process_time() - begin) / 3:.2f} of processor")
    table.add_row("peak memory, GiB", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f}", "2", "")
    with tempfile.TemporaryDirectory() as folder:
        traced = min(timed(lambda: engine.trace(catalog, these, PERIOD, DISTRICTS, inputs, folder)) for _ in range(2))
    table.add_row("the same, every row traced", f"{traced:.2f}", "10", f"{traced / counted:.2f} x")
    behind(table, catalog, these, inputs)
    upward(table, catalog, told)
    with engine.using(engine.open_engine("duckdb")) as duck:
        plain = timed(lambda: duck.query(plainly(duck, told, these)))
    table.add_row("peer: 50 plain filters in DuckDB", f"{plain:.2f}", "", f"{plain / counted:.1f} x")


def indicators() -> list[Indicator]:
    """Fifty: counts, sums, means, shares."""
    told = [("count", "", CONDITIONS[at]) for at in range(25)]
    told += [("sum", "amount", CONDITIONS[3 * at % 30]) for at in range(10)]
    told += [("mean", "staff", CONDITIONS[(5 * at + 1) % 30]) for at in range(5)]
    told += [("share", CONDITIONS[(7 * at + 10) % 29], CONDITIONS[7 * at % 30]) for at in range(10)]
    return [Indicator(f"bench.i{at}", "试", CALLS.key, kind, "件", "虚构", of=of, where=where, dated="due_on")
            for at, (kind, of, where) in enumerate(told)]


def behind(table: Printed, catalog: Catalog, these: list[Indicator], inputs: dict[str, Inputs]) -> None:
    """Pages of the rows behind figures: the first, one in the middle, the last."""
    chance, firsts, later = random.Random(1), [], []
    for _ in range(LOOKS):
        one, area = chance.choice(these), chance.choice((*DISTRICTS, "110000"))
        begin = time.perf_counter()
        count = engine.rows_behind(catalog, one, area, PERIOD, inputs).count
        firsts.append(time.perf_counter() - begin)
        for first in (count // 2, max(count - 50, 0)):
            later.append(timed(lambda one=one, area=area, first=first: engine.rows_behind(
                catalog, one, area, PERIOD, inputs, engine.Sight(engine.Page(first)))))
    table.add_row("figure -> records, first page, p95", f"{p95(firsts):.3f}", "0.300", f"median {statistics.median(firsts):.3f}")
    table.add_row("middle and last page, p95", f"{p95(later):.3f}", "0.300", f"median {statistics.median(later):.3f}")


def upward(table: Printed, catalog: Catalog, told: Inputs) -> None:
    """From a record to the figures that count it."""
    chance, seconds = random.Random(2), []
    for _ in range(LOOKS):
        file = chance.choice(told.files)
        begin = time.perf_counter()
        engine.figures_of(catalog, told, engine.record(told, file.sha256, chance.randrange(file.rows)) or {})
        seconds.append(time.perf_counter() - begin)
    table.add_row("record -> figures, p95", f"{p95(seconds):.3f}", "0.300", f"median {statistics.median(seconds):.3f}")


def listing(table: Printed) -> None:
    """Lists of five million rows in two hundred files: plain, filtered, searched, sorted, far back."""
    told = held("list", LISTED)
    asks = {
        "plain": {}, "filtered": {"where": "kind = 'kind3' AND amount > 100000"}, "searched": {"contains": {"firm": "777"}},
        "sorted": {"order": ("-amount",)}, "filtered and sorted": {"where": "state = 'state1'", "order": ("due_on", "-staff")},
    }
    for name, ask in asks.items():
        count = engine.rows(told, **ask).count
        for place, first in (("", 0), (", middle page", count // 2)):
            seconds = [timed(lambda first=first + 50 * at, ask=ask: engine.rows(told, **ask, page=engine.Page(first)))
                       for at in range(20)]
            table.add_row(f"list of {LISTED:,}, {name}{place}, p95", f"{p95(seconds):.3f}", "0.300",
                          f"median {statistics.median(seconds):.3f}")


def p95(seconds: list[float]) -> float:
    """What 95 of 100 stay below."""
    return sorted(seconds)[int(len(seconds) * 0.95)]


def timed(work) -> float:
    """Seconds."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def plainly(duck, told: Inputs, these: list[Indicator]) -> str:
    """The question as anybody would write it: a filter for each number."""
    parts = []
    for one in these:
        where = one.where or "TRUE"
        if one.kind == "count":
            parts += [f"count(*) FILTER ({where})", f"count(*) FILTER (({where}) IS NULL)"]
        elif one.kind == "share":
            parts += [f"count(*) FILTER (({where}) AND ({one.of}))", f"count(*) FILTER (({where}) AND ({one.of}) IS NOT NULL)",
                      f"count(*) FILTER ((({where}) AND ({one.of})) IS NULL)"]
        else:
            parts += [f"sum({one.of}) FILTER ({where})", f"count({one.of}) FILTER ({where})",
                      f"count(*) FILTER (({where}) IS NULL)"]
    source = duck.source(told, [column.key for column in CALLS.columns])
    return (f"SELECT left(area, 6), {', '.join(parts)} FROM {source} WHERE due_on BETWEEN DATE '2020-01-01' "
            "AND DATE '2020-12-31' GROUP BY 1")


def make(count: int) -> None:
    """Invent the rows, once."""
    with engine.using(engine.open_engine("duckdb")) as duck:
        for name, rows_each, files in (("calls", count // FILES, FILES), ("list", LISTED // CHUNKS, CHUNKS)):
            folder = ROOT / f"{name}-{rows_each * files}"
            if len(list(folder.glob("*.parquet"))) != files:
                folder.mkdir(parents=True, exist_ok=True)
                for at in range(files):
                    duck.query(f"COPY ({invented(at, rows_each)}) TO '{folder}/{at:064}.parquet' "
                               "(FORMAT parquet, COMPRESSION zstd)")


def invented(at: int, count: int) -> str:
    """SQL of one file's rows."""
    codes = ", ".join(f"'{code}'" for code in DISTRICTS)
    return f"""
        SELECT 'N{at}-' || range AS number,
               [{codes}][1 + (random() * {len(DISTRICTS) - 1})::INT] || lpad((1 + random() * 18)::INT::TEXT, 3, '0')
                   || '000' AS area,
               DATE '2020-01-01' + (random() * 365)::INT AS due_on,
               CASE WHEN random() < 0.9 THEN DATE '2020-01-01' + (random() * 380)::INT END AS closed_on,
               'kind' || (random() * random() * 20)::INT AS kind, 'state' || (random() * 4)::INT AS state,
               'firm' || (random() * 1000000)::INT AS firm,
               CASE WHEN random() < 0.95 THEN (random() * 500)::BIGINT END AS staff,
               (random() * random() * 1000000)::DECIMAL(38,2) AS amount, random() < 0.3 AS key,
               '模拟' || md5(random()::TEXT) AS note,
               range AS row_ FROM range({count})"""


if __name__ == "__main__":
    sys.exit(main())
