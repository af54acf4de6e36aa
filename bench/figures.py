"""Figures of ten million records: counted, traced, and opened again; the plain question of fifty filters beside it.

    bench/figures.py [ROWS]     10,000,000 unless said otherwise; the records are invented, and kept in build/figures

Both ways of counting run in this process, in turn; p95 is of 40 looks at places chosen by chance. Peak memory is
the process's own, which the plain question and the making of the rows are left out of. `processor` is the seconds of
all cores together: on a busy machine it says more than the clock (half of it is what two idle cores need).
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
    for name in ("what", "seconds", "processor", "wanted", ""):
        table.add_column(name, justify="right" if name in ("seconds", "processor", "wanted") else "left")
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
    counted = min(timed(lambda: engine.compute(catalog, these, PERIOD, DISTRICTS, inputs)) for _ in range(3))
    table.add_row(f"{len(these)} indicators x {len(DISTRICTS)} districts", *shown(counted), "5", "")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    table.add_row("peak memory, GiB", f"{peak:.2f}", "", "2", "")
    with tempfile.TemporaryDirectory() as folder:
        traced = min(timed(lambda: engine.trace(catalog, these, PERIOD, DISTRICTS, inputs, folder)) for _ in range(2))
    table.add_row("every row traced", *shown(traced), "", f"{traced[1] / counted[1]:.2f} x of processor; wanted 2")
    behind(table, catalog, these, inputs)
    upward(table, catalog, told)
    with engine.using(engine.open_engine("duckdb")) as duck:
        plain = timed(lambda: duck.query(plainly(duck, told, these)))
    table.add_row("peer: 50 plain filters in DuckDB", *shown(plain), "", f"{plain[1] / counted[1]:.1f} x of processor")


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
        firsts.append(timed(lambda one=one, area=area: engine.rows_behind(catalog, one, area, PERIOD, inputs)))
        count = engine.rows_behind(catalog, one, area, PERIOD, inputs).count
        for first in (count // 2, max(count - 50, 0)):
            later.append(timed(lambda one=one, area=area, first=first: engine.rows_behind(
                catalog, one, area, PERIOD, inputs, engine.Sight(engine.Page(first)))))
    table.add_row("figure -> records, first page, p95", *p95(firsts))
    table.add_row("middle and last page, p95", *p95(later))


def upward(table: Printed, catalog: Catalog, told: Inputs) -> None:
    """From a record to the figures that count it."""
    chance, seconds = random.Random(2), []
    for _ in range(LOOKS):
        file = chance.choice(told.files)
        row = chance.randrange(file.rows)
        seconds.append(timed(lambda file=file, row=row: engine.figures_of(
            catalog, told, engine.record(told, file.sha256, row) or {})))
    table.add_row("record -> figures, p95", *p95(seconds))


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
            table.add_row(f"list of {LISTED:,}, {name}{place}, p95", *p95(seconds))


Seconds = tuple[float, float]


def p95(seconds: list[Seconds]) -> tuple[str, ...]:
    """What 95 of 100 stay below, by the clock and of the processor; what is wanted; the median."""
    place = int(len(seconds) * 0.95)
    clock, processor = sorted(one for one, _ in seconds), sorted(one for _, one in seconds)
    return (f"{clock[place]:.3f}", f"{processor[place]:.3f}", "0.300",
            f"median {statistics.median(clock):.3f}, {statistics.median(processor):.3f} of processor")


def shown(seconds: Seconds) -> tuple[str, str]:
    """By the clock, and of the processor."""
    return f"{seconds[0]:.2f}", f"{seconds[1]:.2f}"


def timed(work) -> Seconds:
    """Seconds by the clock, and of the processor."""
    begin, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begin, time.process_time() - used


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
