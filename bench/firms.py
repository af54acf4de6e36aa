"""A city's roll of firms: taken with its wrong rows listed, the next day's difference, one source's columns, looks, corrections.

    .venv/bin/python bench/firms.py [firms, 2200000] [sqlite | postgresql]

The roll is invented (systems/enterprise/registry.py), handed in as csv. Every 20,000th row is wrong. The next day 2,000 rows have
other staff, the wrong ones are right, 200 firms are gone and 300 new. Then one office tells the insured of half the firms.
"""

import importlib
import os
import random
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import house
import pyarrow as pa
import pyarrow.compute as pc

COUNT, DAY = 2_200_000, date(2020, 6, 30)
WRONG, CHANGED, GONE, NEW = 20_000, 1_100, 11_000, 300
LOOKS, CORRECTIONS, TURNS = 200, 40, 8
GIB = 1 << 20
PAGES = (("first page", ""), ("a name searched", "c.name=模拟瑞丰餐饮"),
         ("a district's small traders", "c.area=110112&c.kind=个体工商户"),
         ("a condition", "where=employees+%3E+300+and+revenue_yuan+%3E+100000000"), ("sorted by revenue", "sort=-revenue_yuan"),
         ("the last page", "page=44000"))


def main() -> int:
    """Print a table for each database; 1 where something takes longer, or more, than it should."""
    return house.both(__file__, measure, *sys.argv[2:3])


class Bench:
    """The table that is printed, and whether anything was too slow."""

    def __init__(self, count: int) -> None:
        title = f"{count:,} firms, {os.environ[house.INSIDE]}, {house.load()}"
        self.wrong = 0
        self.table = house.printed(title, "what", "took", "of the processor", "wanted", "GiB at most", "came of it")

    def line(self, what: str, spent: tuple[float, float], wanted: float, unit: str, told: str = "") -> None:
        """A line: seconds, or milliseconds, by the clock and of the processor."""
        took, busy = spent
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB
        self.wrong |= bool(wanted and took > wanted) | (most > 4)
        self.table.add_row(what, f"{took:,.1f} {unit}", f"{busy:,.1f}", f"{wanted:,.0f}" if wanted else "", f"{most:.2f}", told)
        print(f"{what}: {took:,.1f} {unit}, {busy:,.1f} of the processor, {most:.2f} GiB {told}", flush=True)

    def many(self, what: str, acts: Iterable[Callable[[], Any]], wanted: float) -> None:
        """A line of many short acts: the slowest of twenty, in milliseconds."""
        spent = [house.timed(act)[0] for act in acts]
        clock, busy = [one.clock * 1000 for one in spent], [one.busy * 1000 for one in spent]
        self.line(f"{what}, p95 of {len(spent)}", (house.part(clock, 0.94), house.part(busy, 0.94)), wanted, "ms",
                  f"p50 {house.part(clock, 0.5):.1f}")


def measure() -> int:
    """Take, change, look, correct, list."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    tables = house.opened()
    house.people(tables)
    rolls, bench = importlib.import_module("plumbline.store.rolls"), Bench(count)
    table = importlib.import_module("django.conf").settings.CATALOG.tables["enterprise.firms"]
    by, folder = tables.User.objects.get(username="planner110000"), Path(os.environ["PLUMBLINE_DATA"])
    files = {name: folder / f"{name}.csv" for name in ("first", "next", "insured")}
    spent, _ = house.timed(lambda: lay(table, count, files))
    size = f"{files['first'].stat().st_size / GIB:,.0f} MiB of csv"
    bench.line("(invented and written, thrice)", (spent.clock, spent.busy), 0, "s", size)

    def take(name: str, **told: Any) -> Any:
        return rolls.take(by, table, files[name], f"{name}.csv", **{"areas": ["110000"], "day": DAY, "example": True} | told)
    deliver(bench, count, take)
    keys = sample(count)
    bench.many("one firm", [lambda key=key: rolls.row_of(table, key) for key in keys], 30)
    bench.many("one firm, as of the first day", [lambda key=key: rolls.row_of(table, key, DAY) for key in keys], 0)
    bench.many("all that changed in one firm", [lambda key=key: rolls.history_of(table, key) for key in keys], 0)
    bench.many("a correction", [lambda key=key, n=n: rolls.correct(by, table, key, {"employees": n}, "测速", DAY + timedelta(9))
                                for n, key in enumerate(keys[:CORRECTIONS], 10_000)], 200)
    pages(bench, tables)
    house.show(bench.table)
    return bench.wrong


def deliver(bench: Bench, count: int, take: Callable[..., Any]) -> None:
    """The three deliveries; what came of each must be right."""
    wrong = len(range(7, count, WRONG))
    for what, wanted, told, right in (
            ("the first delivery, wrong rows left out", 300, {"name": "first", "partly": True}, (count - wrong, 0, 0, wrong)),
            ("the next day's, as a difference", 120, {"name": "next", "day": DAY + timedelta(1)},
             (wrong + NEW, len(range(3, count, CHANGED)), len(range(5, count, GONE)), 0)),
            ("insured persons of half the firms", 120, {"name": "insured", "columns": ["insured"], "day": DAY + timedelta(2)},
             (0, None, 0, 0))):
        spent, step = house.timed(lambda told=told: take(told.pop("name"), **told))
        got = (step.new, step.changed if right[1] is not None else None, step.gone, step.bad)
        came = f"new {step.new:,} changed {step.changed:,} gone {step.gone:,} bad {step.bad:,}"
        bench.line(what, (spent.clock, spent.busy), wanted, "s", came)
        assert got == right, (got, right)


def lay(table: Any, count: int, files: dict[str, Path]) -> None:
    """Write the three deliveries."""
    registry = importlib.import_module("plumbline.systems.enterprise.registry")
    written = importlib.import_module("plumbline.systems.enterprise.commands").written
    written(table, spoilt(registry.firms(count)), files["first"])
    written(table, changed(registry, count), files["next"])
    written(table, halved(registry.firms(count)), files["insured"])


def numbered(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[pa.RecordBatch, list[int]]]:
    """Batches with the numbers of their rows."""
    first = 0
    for batch in batches:
        yield batch, list(range(first, first + batch.num_rows))
        first += batch.num_rows


def put(batch: pa.RecordBatch, name: str, mask: list[bool], cells: pa.Array) -> pa.RecordBatch:
    """A batch with other cells where the mask says so."""
    at = batch.schema.names.index(name)
    return batch.set_column(at, name, pc.if_else(pa.array(mask), cells, batch.column(at)))


def spoilt(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Rows of which some have no right code."""
    for batch, numbers in numbered(batches):
        yield put(batch, "code", [n % WRONG == 7 for n in numbers], pc.utf8_replace_slice(batch["code"], 0, 1, "8"))


def changed(registry: Any, count: int) -> Iterator[pa.RecordBatch]:
    """The next day's rows: some with other staff, some gone, some new."""
    for batch, numbers in numbered(registry.firms(count)):
        staff = pc.add(pc.fill_null(batch["employees"], 0), 1)
        batch = put(batch, "employees", [n % CHANGED == 3 for n in numbers], staff)
        yield batch.filter(pa.array([n % GONE != 5 for n in numbers]))
    yield from registry.firms(NEW, first=count + 1)


def halved(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Key and insured persons of every other firm; one more insured in each tenth."""
    for batch, numbers in numbered(batches):
        told = put(batch, "insured", [n % 10 == 2 for n in numbers], pc.add(pc.fill_null(batch["insured"], 0), 1))
        yield told.select(["code", "insured"]).filter(pa.array([n % 2 == 0 and n % GONE != 5 for n in numbers]))


def sample(count: int) -> list[str]:
    """Codes of firms from here and there."""
    registry, chance = importlib.import_module("plumbline.systems.enterprise.registry"), random.Random(5)
    found = []
    for at in sorted(chance.sample(range(0, count, registry.ROWS), min(3, -(-count // registry.ROWS)))):
        batch = next(registry.firms(min(registry.ROWS, count - at), first=at + 1))
        found += [code for n, code in enumerate(batch["code"].to_pylist(), at) if n % GONE != 5]
    return chance.sample(found, LOOKS)


def pages(bench: Bench, tables: Any) -> None:
    """Ask for pages of the list, each a few times; the first of each is not counted."""
    importlib.import_module("django.test.utils").setup_test_environment()
    client = importlib.import_module("django.test").Client()
    client.force_login(tables.User.objects.get(username="planner110000"))
    for name, query in PAGES:
        address = f"/tables/enterprise.firms/?{query}"
        spent, answer = house.timed(lambda address=address: client.get(address, follow=True))
        assert answer.status_code == 200, (address, answer.status_code)
        bench.line(f"list: {name}, for the first time", (spent.clock * 1000, spent.busy * 1000), 0, "ms")
        bench.many(f"list: {name}", [lambda address=address: client.get(address, follow=True)] * TURNS, 300)
    address = "/tables/enterprise.firms/?sort=-revenue_yuan&page="
    bench.many("list: further pages by revenue, each once", [lambda n=n: client.get(f"{address}{n}") for n in range(2, 20)], 300)


if __name__ == "__main__":
    sys.exit(main())
