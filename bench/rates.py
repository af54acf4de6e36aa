"""Ranking of 349 streets over a city's half-year of requests, from figures, beside the question as anybody would write it.

    bench/rates.py [SCALE]     370 unless said otherwise: 2.2 million invented requests, kept in build/rates

Both ways run in this process, in turn, three times; the best is shown. `processor` is the seconds of all cores
together: on a busy machine it says more than the clock.
"""

import hashlib
import importlib
import itertools
import os
import resource
import sys
import time
from pathlib import Path

import django
from pyarrow import parquet
from rich.console import Console
from rich.table import Table as Printed

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plumbline.site.settings")
django.setup()
kernel, engine, groups, laid, demo, rates = (importlib.import_module(f"plumbline.{name}") for name in (
    "kernel", "engine", "engine.groups", "store.tests.laid", "systems.hotline.demo", "systems.hotline.rates"))
ROOT = Path(__file__).parent.parent / "build/rates"
SCALE, CHUNK, CITY, HALF = 370, 25_000, "110000", "2020H1"
CATALOG = kernel.load([Path(demo.__file__).parent])
REQUESTS = CATALOG.tables[rates.TABLE]


def main() -> int:
    """Print the table."""
    scale = int(sys.argv[1]) if len(sys.argv) > 1 else SCALE
    begin = time.perf_counter()
    made = make(scale)
    table = Printed(title=f"{sum(one.rows for one in made.files):,} requests, {len(made.files)} files, DuckDB")
    for name in ("what", "seconds", "processor", "wanted", ""):
        table.add_column(name, justify="right" if name in ("seconds", "processor", "wanted") else "left")
    if (spent := time.perf_counter() - begin) > 1:
        table.add_row("requests invented and laid down as Parquet", f"{spent:.1f}", "", "60", "")
    generated = timed(lambda: sum(1 for _ in next(demo.orders(scale))[1]))
    table.add_row("requests invented alone", *shown(generated), "60", "")
    with engine.using(engine.open_engine("duckdb")) as duck:
        measure(table, {REQUESTS.key: made}, duck)
    table.add_row("peak memory, GiB", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f}", "", "", "")
    Console(width=130).print(table)
    return 0


def measure(table: Printed, inputs, duck) -> None:
    """Rank by street, office and class; the months; then plainly."""
    streets = best(lambda: rates.bodies(CATALOG, inputs, HALF, CITY, groups.By("street")))
    table.add_row("8 figures x 349 streets, score and rank", *shown(streets), "3", "")
    for by in ("office", "topic"):
        seconds = best(lambda by=by: rates.bodies(CATALOG, inputs, HALF, CITY, groups.By(by)))
        table.add_row(f"the same by {by}", *shown(seconds), "3")
    table.add_row("the same by month, one pass", *shown(best(lambda: rates.months(CATALOG, inputs, HALF, CITY))), "3")
    trend = best(lambda: rates.grouped_over(CATALOG, inputs, rates.months_of(HALF), CITY, groups.By("street"), ("solved",)))
    table.add_row("solved x 349 streets x 6 months, one pass", *shown(trend), "3")
    rates.bodies(CATALOG, inputs, HALF, CITY, groups.By("street"))
    kept = timed(lambda: rates.bodies(CATALOG, inputs, HALF, CITY, groups.By("street")))
    table.add_row("streets, asked again", *shown(kept), "", "nothing changed since")
    peer = best(lambda: duck.query(plainly(duck, inputs[REQUESTS.key])))
    ratio = f"{streets[1] / peer[1]:.1f} x of its processor"
    table.add_row("peer: the same eight as plain SQL in DuckDB", *shown(peer), "", ratio)
    rows = sorted(duck.query(plainly(duck, inputs[REQUESTS.key])))
    own = groups.grouped(CATALOG, [CATALOG.indicators["hotline.solved"]], HALF, inputs, CITY, "street")
    agree = all((own[row[0]][0].top, own[row[0]][0].bottom) == (row[3], row[4]) for row in rows)
    table.add_row("they agree", str(agree))


def plainly(duck, told) -> str:
    """The question as anybody would write it."""
    source = duck.source(told, [column.key for column in REQUESTS.columns])
    closed = "closed_on BETWEEN DATE '2020-01-01' AND DATE '2020-06-30'"
    opened = closed.replace("closed_on", "opened_on")
    rated = f"{closed} AND state_kind = 'done' AND reached AND NOT coalesce(struck, FALSE)"
    parts = [part for name in rates.RATES for part in (
        f"count(*) FILTER ({rated} AND {name})", f"count(*) FILTER ({rated} AND {name} IS NOT NULL)")]
    parts += [f"count(*) FILTER ({closed} AND state_kind = 'done' AND NOT late)",
              f"count(*) FILTER ({closed} AND state_kind = 'done')", f"count(*) FILTER ({opened})",
              f"count(*) FILTER ({opened} AND returns > 0)",
              "count(*) FILTER (due_on BETWEEN DATE '2020-01-01' AND DATE '2020-06-30' AND late)"]
    return f"SELECT street, {', '.join(parts)} FROM {source} GROUP BY street"


def make(scale: int):
    """Invent the requests, once; as many in a file as in a cut."""
    folder = ROOT / str(scale)
    if not (folder / "done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        rows = next(iter(demo.cuts(scale)))[3]
        for at in itertools.count():
            path = folder / f"{at:04}.parquet"
            if not laid.write(REQUESTS, itertools.islice(rows, CHUNK), path):
                path.unlink()
                break
        (folder / "done").touch()
    paths = sorted(folder.glob("*.parquet"))
    files = tuple(kernel.File(path, hashlib.sha256(path.name.encode()).hexdigest(),
                              parquet.read_metadata(path).num_rows) for path in paths)
    return kernel.Inputs(REQUESTS, files, (kernel.Coverage((CITY,)),))


def best(work):
    """The best of three, each counted anew."""
    found = []
    for _ in range(3):
        rates.KEPT._kept.clear()
        found.append(timed(work))
    return min(found)


def timed(work):
    """Seconds by the clock, and of the processor."""
    begin, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begin, time.process_time() - used


def shown(seconds) -> tuple[str, str]:
    """By the clock, and of the processor."""
    return f"{seconds[0]:.2f}", f"{seconds[1]:.2f}"


if __name__ == "__main__":
    sys.exit(main())
