"""From a figure to the records it was counted from; and all figures of a table at once, as a trace."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow

from plumbline.engine import counting, places
from plumbline.engine.compute import relation
from plumbline.engine.counting import QUOTES, Asked
from plumbline.engine.duck import literal, quoted, value_of
from plumbline.engine.pages import Page, Question, Rows, duck, flowing, paged
from plumbline.engine.reading import Terms, inputs_of, reading, terms
from plumbline.engine.sources import PLACE, column_of, hashes
from plumbline.kernel import ROW, Catalog, Indicator, Inputs, Table, scope
from plumbline.kernel.figure import Cell

# conditions in a whole number
BITS = 62
# what a row of a figure tells besides its columns
PASSED, SUMMAND = "passed_", "summand_"


@dataclass(frozen=True, slots=True)
class Sight:
    """How the rows behind a figure are looked at: the page, what to sort by, and the figure's cell.

    counted  the figure's own, where it was published: the first pages then come without counting
    """

    page: Page = Page()  # noqa: RUF009  a page never changes
    order: tuple[str, ...] = ()
    cell: Cell = ()
    counted: int | None = None


WHOLE = Sight()


def rows_behind(catalog: Catalog, indicator: Indicator, area: str, period: str, inputs: Mapping[str, Inputs],
                sight: Sight = WHOLE) -> Rows:
    """The rows a figure counted, a page of them; `count` is the figure's `counted`.

    Order   file by file (by hash) and row by row, unless sorted: the same on every call
    Marks   passed_ of a share: whether the row passes; summand_ of the others: what it adds (a value, where
            values are counted); of a count neither
    Raises  BadInput, BadDeclaration, as `compute`
    """
    return paged(question(catalog, indicator, area, period, inputs, sight.cell), sight.order, sight.page, sight.counted)


def all_behind(catalog: Catalog, indicator: Indicator, area: str, period: str, inputs: Mapping[str, Inputs],
               cell: Cell = ()) -> Iterator[pyarrow.RecordBatch]:
    """All the rows a figure counted, for an export; never more than a stretch of them in memory."""
    return flowing(question(catalog, indicator, area, period, inputs, cell))


def question(catalog: Catalog, indicator: Indicator, area: str, period: str, inputs: Mapping[str, Inputs],
             cell: Cell = ()) -> Question:
    """What to ask for the rows behind a figure."""
    read = reading(catalog, indicator)
    places.checked([area])
    one = terms(read, period, "duckdb", QUOTES["duckdb"])
    held = inputs_of(inputs, read.table)
    held = Inputs(held.table, tuple(sorted(held.files, key=lambda file: file.sha256)), held.coverage)
    columns = read.columns.union(key for key, _ in cell)
    within = [_inside(read.table, area, indicator.adds), *(_cell(read.table, key, value) for key, value in cell)]
    condition = " AND ".join([one.member, one.known, *within])
    source = relation(duck(), Asked(read.table, "duckdb", (area,)), held, [one],
                      [*(key for key, _ in cell), ROW, PLACE]) if _picks(one) and held.files else ""
    marks = () if not one.of else ((PASSED if indicator.kind == "share" else SUMMAND, one.of),)
    return Question(held, condition, columns, source, marks)


def _picks(one: Terms) -> bool:
    return one.reading.indicator.kind == "latest" and bool(one.when)


def _inside(table: Table, area: str, adds: bool) -> str:
    column = quoted(table.area)
    if not adds:
        return f"{column} = {literal(area)}"
    prefix = scope(area)
    return f"{column} >= {literal(prefix)} AND {column} < {literal(places.after(prefix))}"


def _cell(table: Table, key: str, value: str) -> str:
    return f"{quoted(key)} = {value_of(value, column_of(table, key))}"


@dataclass(frozen=True, slots=True)
class Traced:
    """What one pass over a table left: a row for each that some condition holds of.

    path        Parquet with `place_` (of the row's file in `hashes`), `row_`, `area_`, and m0_, m1_ … with a bit a condition
    conditions  of each indicator: the bits that are all set where a row counts
    """

    path: str
    hashes: tuple[str, ...]
    conditions: Mapping[Indicator, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Trace:
    """Which rows counted in which figures of a period, for many indicators at once."""

    passes: tuple[Traced, ...]

    def counted(self, indicator: Indicator, area: str) -> int:
        """How many rows the trace holds for a figure: its `counted`."""
        told = next(told for told in self.passes if indicator in told.conditions)
        lies = f"starts_with(area_, {literal(scope(area))})" if indicator.adds else f"area_ = {literal(area)}"
        bits = [f"(m{bit // BITS}_ >> {bit % BITS}) & 1 = 1" for bit in told.conditions[indicator]]
        [(count,)] = duck().query(f"SELECT count(*) FROM read_parquet({literal(told.path)}) "
                                  f"WHERE {' AND '.join([lies, *bits])}")
        return int(count)


def trace(catalog: Catalog, indicators: Sequence[Indicator], period: str, areas: Sequence[str],
          inputs: Mapping[str, Inputs], folder: str) -> Trace:
    """Write down for every row of these areas which of these figures counted it.

    Raises  BadInput, BadDeclaration, as `compute`
    """
    passes = counting.passes([reading(catalog, indicator) for indicator in indicators])
    codes = places.checked(areas)
    return Trace(tuple(_traced([terms(one, period, "duckdb", QUOTES["duckdb"]) for one in these], codes, inputs,
                               f"{folder}/trace-{number}.parquet") for number, these in enumerate(passes.values())))


def _traced(told: Sequence[Terms], areas: tuple[str, ...], inputs: Mapping[str, Inputs], path: str) -> Traced:
    asked = Asked(told[0].reading.table, "duckdb", areas)
    held = inputs_of(inputs, asked.table)
    source = relation(duck(), asked, held, told, [ROW, PLACE])
    bits: dict[str, int] = {}
    conditions = {one.reading.indicator: tuple(bits.setdefault(sql, len(bits)) for sql in (*one.conditions, one.known))
                  for one in told}
    masks = [f"{_mask(list(bits)[at:at + BITS])} AS m{at // BITS}_" for at in range(0, len(bits), BITS)]
    duck().query(f"COPY (SELECT {PLACE}, {ROW}, {quoted(asked.table.area)} AS area_, {', '.join(masks)} "
                 f"FROM {source} AS t_ WHERE {counting.prune(asked, told)}) TO {literal(path)} (FORMAT parquet, COMPRESSION lz4)")
    return Traced(path, tuple(hashes(held)), conditions)


def _mask(conditions: Sequence[str]) -> str:
    """A bit for each condition that holds of the row."""
    return " + ".join(f"CASE WHEN {sql} THEN CAST({1 << at} AS BIGINT) ELSE 0 END" for at, sql in enumerate(conditions))
