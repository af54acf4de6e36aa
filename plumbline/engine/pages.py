"""Rows of a table by the page, out of millions; always read by DuckDB, whatever counts the figures.

A question is asked in two steps. How many rows it meets in each file, and in each stretch of a long file, is counted once
and remembered: files never change, and where some are others only those are counted again. A page is then read from the
stretch it lies in alone, and its rows are remembered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import pyarrow

from plumbline.engine import sorting
from plumbline.engine.duck import Duck, literal, quoted
from plumbline.engine.opening import kept, standing
from plumbline.engine.reading import expression
from plumbline.engine.remembered import Remembered
from plumbline.engine.sources import FILE, PLACE, column_of
from plumbline.kernel import ROW, BadInput, Column, File, Finding, Inputs

# rows whose number shares all but the last so many bits make a stretch
STRETCH_BITS = 16
# a page that begins no further back in a file is found without its stretches
NEAR = 20_000
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows are shown: `size` of them, behind the `first` ones; at most 1,000."""

    first: int = 0
    size: int = 50


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows.

    columns  the table's columns that are not personal
    rows     by column key, each in its own Python type; `file_` and `row_` name the row for ever
    count    of all rows, on every page
    """

    columns: tuple[Column, ...]
    rows: tuple[dict[str, Any], ...]
    count: int


@dataclass(frozen=True, slots=True)
class Question:
    """Rows of a table that meet a condition.

    condition  in DuckDB's SQL, over `columns`
    source     what is read instead of all rows, where it is not empty: in brackets, with `place_` and `row_`
    marks      more that is told of each row: name -> SQL
    """

    inputs: Inputs
    condition: str
    columns: frozenset[str]
    source: str = ""
    marks: tuple[tuple[str, str], ...] = ()

    def over(self, files: Sequence[File], more: Iterable[str] = ()) -> str:
        """What to read from, of these files."""
        columns = [*sorted({*self.columns, *more}), ROW, PLACE]
        return self.source or duck().source(Inputs(self.inputs.table, tuple(files)), columns)

    def places(self, files: Sequence[File]) -> list[File]:
        """The files as `place_` counts them, where these are read: all, where something else is read instead."""
        told = {file.sha256: file for file in (self.inputs.files if self.source else files)}
        return [told[sha256] for sha256 in sorted(told)]


# how many rows meet a question: in each file; and (stretch, rows) within a file
_counts = Remembered[dict[File, int]](500)
_stretches = Remembered[list[tuple[int, int]]](500)
# names of rows of sorted lists, so many at once; a page holds at most 1,000 rows
AROUND = 1_000
_windows = Remembered[list[tuple[str, int]]](100)
# rows shown last, whole
_rows = Remembered[dict[str, Any]](5_000)


def duck() -> Duck:
    """The engine that reads pages: the one that counts, or one beside it."""
    engine = standing()
    if isinstance(engine, Duck):
        return engine
    beside = kept("duckdb")
    assert isinstance(beside, Duck)
    return beside


def rows(inputs: Inputs, where: str = "", contains: Mapping[str, str] | None = None, order: Sequence[str] = (),
         page: Page = Page()) -> Rows:  # noqa: B008  a page never changes
    """A page of any table or register.

    where     an expression over its columns, without parameters; empty: every row
    contains  of text columns: what must stand in them, letter by letter
    order     columns to sort by, `-amount` from the greatest down, empty ones last; then file by file, as handed over
    Raises    BadInput for an expression or a column that cannot be used
    """
    return paged(_question(inputs, where, contains or {}), order, page)


def streamed(inputs: Inputs, where: str = "", contains: Mapping[str, str] | None = None) -> Iterator[pyarrow.RecordBatch]:
    """All the rows that `rows` pages through, for an export; never more than a stretch in memory."""
    return flowing(_question(inputs, where, contains or {}))


def record(inputs: Inputs, sha256: str, row: int) -> dict[str, Any] | None:
    """One row by its name, None where it no longer stands."""
    found = fetched(Question(inputs, "TRUE", frozenset()), [(sha256, row)])
    return found[0] if found else None


def _question(inputs: Inputs, where: str, contains: Mapping[str, str]) -> Question:
    told = expression(where, inputs.table, {})
    parts = [told.sql("duckdb", date.max)] if told else []
    for key, text in contains.items():
        if _column(inputs, key).type != "text":
            raise BadInput([Finding("engine.contains", key, f"栏目“{_column(inputs, key).label}”不是文字，不能按所含文字查找")])
        parts.append(f"contains({quoted(key)}, {literal(text)})")
    columns = frozenset(contains).union(told.columns if told else ())
    return Question(inputs, " AND ".join(f"({part})" for part in parts) or "TRUE", columns)


def _column(inputs: Inputs, key: str) -> Column:
    if key not in {column.key for column in inputs.table.open_columns}:
        labels = "、".join(column.key for column in inputs.table.open_columns)
        raise BadInput([Finding("engine.column", key, f"表“{inputs.table.label}”没有可查看的栏目“{key}”；可选：{labels}")])
    return column_of(inputs.table, key)


def paged(asked: Question, order: Sequence[str], page: Page, known: int | None = None) -> Rows:
    """A page of the rows of a question.

    known  how many rows there are, where somebody has counted them: a page near the begin is then found without counting
    """
    if known is not None and not order and not asked.source and 0 <= page.first < NEAR:
        return Rows(asked.inputs.table.open_columns, tuple(fetched(asked, _ahead(asked, page))), known)
    counts = counted(asked)
    count = sum(rows for _, rows in counts)
    first, size = max(page.first, 0), min(max(page.size, 0), 1_000)
    keys: list[Key] = []
    if first < count and size:
        keys = _sorted(asked, order, first, size) if order else _in_place(asked, counts, first, size)
    return Rows(asked.inputs.table.open_columns, tuple(fetched(asked, keys)), count)


def counted(asked: Question) -> list[tuple[str, int]]:
    """File and number of its rows that meet the condition, in the order of the pages."""
    if len(asked.inputs.files) == 1:
        [file] = asked.inputs.files
        return [(file.sha256, sum(rows for _, rows in stretched(asked, file)))]
    name = (asked.inputs.table, asked.condition, asked.source)
    known = _counts.get(name) or {}
    if fresh := [file for file in asked.inputs.files if file not in known]:
        files = asked.places(fresh)
        told = dict(duck().query(f"SELECT {PLACE}, count(*) FROM {asked.over(files)} AS t_ WHERE {asked.condition} GROUP BY 1"))
        found = known | {file: told.get(at, 0) for at, file in enumerate(files)}
        known = {file: found[file] for file in asked.inputs.files}
        _counts.put(name, known)
    return [(file.sha256, known[file]) for file in asked.inputs.files if known[file]]


def stretched(asked: Question, file: File) -> list[tuple[int, int]]:
    """Stretches of a file, and how many of their rows meet the condition."""
    name = (asked.inputs.table, file.sha256, asked.condition, asked.source, STRETCH_BITS)
    known = _stretches.get(name)
    if known is None:
        places = asked.places([file])
        known = [(stretch, rows) for stretch, rows in duck().query(
            f"SELECT {ROW} >> {STRETCH_BITS}, count(*) FROM {asked.over([file])} AS t_ "
            f"WHERE {asked.condition} AND {PLACE} = {places.index(file)} GROUP BY 1 ORDER BY 1")]
        _stretches.put(name, known)
    return known


def _in_place(asked: Question, counts: Iterable[tuple[str, int]], first: int, size: int) -> list[Key]:
    """Names of the rows of a page, in the order they lie."""
    hit, skip = _hit(counts, first, size)
    files = _files(asked, hit)
    places = asked.places(files)
    near = "TRUE"
    if skip > NEAR:
        some, skip = _hit(stretched(asked, files[0]), skip, size)
        low, high = some[0] << STRETCH_BITS, (some[-1] + 1) << STRETCH_BITS
        near = f"{ROW} >= {low} AND {ROW} < {high}" if len(files) == 1 else (
            f"({PLACE} <> {places.index(files[0])} OR {ROW} >= {low})")
    whens = [f"WHEN {places.index(file)} THEN {at}" for at, file in enumerate(files)]
    sql = (f"SELECT {PLACE}, {ROW} FROM {asked.over(places)} AS t_ WHERE ({asked.condition}) AND {near} "
           f"AND {PLACE} IN ({', '.join(str(places.index(file)) for file in files)}) "
           f"ORDER BY CASE {PLACE} {' '.join(whens)} END, {ROW} LIMIT {size} OFFSET {skip}")
    return [(places[place].sha256, row) for place, row in duck().query(sql)]


def _ahead(asked: Question, page: Page) -> list[Key]:
    """Names of the rows of a page near the begin, file after file, reading no further than the page."""
    found: list[Key] = []
    skip, size = page.first, min(max(page.size, 0), 1_000)
    for file in asked.inputs.files:
        if len(found) >= size:
            break
        wanted = skip + size - len(found)
        sql = f"SELECT {ROW} FROM {asked.over([file])} AS t_ WHERE {asked.condition} ORDER BY {ROW} LIMIT {wanted}"
        rows = [int(row) for (row,) in duck().query(sql)]
        found += [(file.sha256, row) for row in rows[skip:]]
        skip = max(skip - len(rows), 0)
    return found[:size]


Name = TypeVar("Name")


def _hit(counts: Iterable[tuple[Name, int]], first: int, size: int) -> tuple[list[Name], int]:
    """Which of some parts hold the rows from `first` on, and how many of the first part's come before."""
    before, hit, skip = 0, list[Name](), 0
    for name, rows in counts:
        if before + rows > first and before < first + size:
            skip = skip if hit else first - before
            hit.append(name)
        before += rows
    return hit, skip


def _files(asked: Question, hashes: Iterable[str]) -> list[File]:
    wanted = set(hashes)
    return [file for file in asked.inputs.files if file.sha256 in wanted]


def _sorted(asked: Question, order: Sequence[str], first: int, size: int) -> list[Key]:
    """Names of the rows of a page, sorted by columns; found with those of the pages around it, which are asked for next."""
    begin = first // AROUND * AROUND
    many = AROUND if first + size <= begin + AROUND else 2 * AROUND
    name = (asked.inputs.table, tuple(file.sha256 for file in asked.inputs.files), asked.condition, asked.source, tuple(order))
    known = _windows.get((*name, begin, many))
    if known is None:
        known = _window(asked, order, begin, many)
        _windows.put((*name, begin, many), known)
    return known[first - begin:first - begin + size]


def _window(asked: Question, order: Sequence[str], first: int, size: int) -> list[Key]:
    """Names of many rows of a sorted list."""
    keys = [(_column(asked.inputs, one.removeprefix("-")), one.startswith("-")) for one in order]
    files = asked.places(asked.inputs.files)
    source = asked.over(files, [column.key for column, _ in keys])
    near, skip = sorting.near(duck(), source, asked.condition, keys[0], first, size)
    by = ", ".join(f"{quoted(column.key)} {'DESC' if down else 'ASC'} NULLS LAST" for column, down in keys)
    sql = (f"SELECT {PLACE}, {ROW} FROM {source} AS t_ WHERE ({asked.condition}) AND {near} "
           f"ORDER BY {by}, {PLACE}, {ROW} LIMIT {size} OFFSET {first - skip}")
    return [(files[place].sha256, row) for place, row in duck().query(sql)]


def fetched(asked: Question, keys: Sequence[Key]) -> list[dict[str, Any]]:
    """Rows by their names, whole, in the order of the names; without those that no longer stand."""
    files = {file.sha256: file for file in asked.inputs.files}
    names = {key: (asked.inputs.table, asked.marks, files[key[0]], key[1]) for key in keys if key[0] in files}
    found = {key: row for key, name in names.items() if (row := _rows.get(name)) is not None}
    fresh = [key for key in names if key not in found]
    for file in _files(asked, {sha256 for sha256, _ in fresh}):
        for row in _named(asked, file, [number for sha256, number in fresh if sha256 == file.sha256]):
            found[row[FILE], row[ROW]] = row
            _rows.put(names[row[FILE], row[ROW]], row)
    return [dict(found[key]) for key in keys if key in found]


def _named(asked: Question, file: File, rows: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Some rows of a file; a file's own question, and bounds, keep an engine from reading the rest of it."""
    columns = [column.key for column in asked.inputs.table.open_columns]
    picked = ", ".join([*map(quoted, columns), ROW, *(f"({sql}) AS {name}" for name, sql in asked.marks)])
    source = duck().source(Inputs(asked.inputs.table, (file,)), [*columns, ROW])
    names = [*columns, ROW, *(name for name, _ in asked.marks)]
    for cells in duck().query(f"SELECT {picked} FROM {source} AS t_ WHERE {ROW} BETWEEN {min(rows)} AND {max(rows)} "
                              f"AND {ROW} IN ({', '.join(map(str, rows))})"):
        yield {**dict(zip(names, cells, strict=True)), FILE: file.sha256}


def flowing(asked: Question) -> Iterator[pyarrow.RecordBatch]:
    """All rows of a question in the order they lie, a stretch at a time."""
    columns = [column.key for column in asked.inputs.table.open_columns]
    marks = [f"({sql}) AS {name}" for name, sql in asked.marks]
    picked = ""
    if asked.source:
        picked = f" AND ({{}}, {ROW}) IN (SELECT ({PLACE}, {ROW}) FROM {asked.source} AS s_ WHERE {asked.condition})"
    places = [file.sha256 for file in asked.places(asked.inputs.files)]
    for file, stretch in [(one, stretch) for one in asked.inputs.files for stretch, _ in stretched(asked, one)]:
        source = duck().source(Inputs(asked.inputs.table, (file,)), [*columns, ROW])
        told = ", ".join([*map(quoted, columns), ROW, f"{literal(file.sha256)} AS {FILE}", *marks])
        near = f"{ROW} >= {stretch << STRETCH_BITS} AND {ROW} < {(stretch + 1) << STRETCH_BITS}"
        yield from duck().batches(f"SELECT {told} FROM {source} AS t_ WHERE {near} AND ({asked.condition})"
                                  f"{picked.format(places.index(file.sha256))} ORDER BY {ROW}")
