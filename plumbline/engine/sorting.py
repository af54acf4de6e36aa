"""Pages far back in a sorted list, without sorting all of it.

The first column to sort by is cut into some hundred ranges; how many rows each holds is counted once and remembered.
A page is then sorted out of the ranges it lies in.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Any

from plumbline.engine.duck import Duck, quoted, value_of
from plumbline.engine.remembered import Remembered
from plumbline.kernel import ROW, Column

# pages that begin before are found by the engine's own means, which keep no more rows than that
NEAR = 10_000
RANGES, SAMPLE = 200, 4_000
# the first type is what a column's values are told apart by; there are too few different ones of the others
RANGED = ("text", "integer", "decimal", "date")

_ranges = Remembered[list[tuple[Any, int]]](100)


def near(duck: Duck, source: str, condition: str, key: tuple[Column, bool], first: int, size: int) -> tuple[str, int]:
    """A condition that leaves the rows around a place of a sorted list, and how many rows it leaves out before them."""
    column, down = key
    if first < NEAR or column.type not in RANGED:
        return "TRUE", 0
    known = _ranges.get((source, condition, column.key))
    if known is None:
        known = counted(duck, source, condition, column)
        _ranges.put((source, condition, column.key), known)
    return _cut(column, down, known, first, first + size)


def counted(duck: Duck, source: str, condition: str, column: Column) -> list[tuple[Any, int]]:
    """The upper ends of the ranges, and how many rows lie in each; what lies above the last is (None, rows)."""
    name = quoted(column.key)
    [(every,)] = duck.query(f"SELECT count({name}) FROM {source} AS t_ WHERE {condition}")
    sample = duck.query(f"SELECT DISTINCT {name} FROM {source} AS t_ WHERE ({condition}) AND {name} IS NOT NULL "
                        f"AND {ROW} % {every // SAMPLE + 1} = 0 ORDER BY 1")
    ends = [row[0] for row in sample if row[0] != "" and (column.type != "decimal" or abs(row[0]) < _limit(column))]
    ends = ends[::max(len(ends) // RANGES, 1)]
    if not ends:
        return [(None, every)]
    told = ", ".join(value_of(end, column) for end in ends)
    [(rows,)] = duck.query(f"SELECT histogram({name}, [{told}]) FROM {source} AS t_ WHERE {condition}")
    counts = [int(count) for count in (rows or {}).values()][:len(ends)] or [0] * len(ends)
    return [*zip(ends, counts, strict=True), (None, every - sum(counts))]


def _limit(column: Column) -> Decimal:
    """DuckDB tells ranges of decimals apart as floats; below this, two decimals that differ do so as floats too."""
    return Decimal(10) ** (15 - column.scale)


def _cut(column: Column, down: bool, known: Sequence[tuple[Any, int]], first: int, last: int) -> tuple[str, int]:
    """The ranges that hold the rows from `first` to `last`; empty values come behind all."""
    counts = [count for _, count in known]
    counts = counts[::-1] if down else counts
    behind = list(accumulate(counts))
    begin = next((at for at, end in enumerate(behind) if end > first), None)
    name = quoted(column.key)
    if begin is None:
        return f"{name} IS NULL", behind[-1]
    end = next((at for at, rows in enumerate(behind) if rows >= last), None)
    tail = f" OR {name} IS NULL" if end is None else ""
    place = len(known) - 1 if end is None else end
    low, high = (len(known) - 1 - place, len(known) - 1 - begin) if down else (begin, place)
    parts = [f"{name} > {value_of(known[low - 1][0], column)}"] if low else []
    parts += [f"{name} <= {value_of(known[high][0], column)}"] if known[high][0] is not None else []
    kept = " AND ".join([f"{name} IS NOT NULL", *parts])
    return f"(({kept}){tail})", behind[begin - 1] if begin else 0
