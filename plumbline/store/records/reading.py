"""A delivery read from end to end: every finding at once, the rows as Parquet, within the memory of a small machine.

Layout of the Parquet    the table's open columns in their order and `row_`; zstd, row groups of about 100,000 rows, rows as they
                         were sent. `row_` is the number of the row as the sender sees it (a sheet's first row, with
                         the heads, is 1) and only grows, so that one row is found by the statistics of its group and
                         pages of a list need no sorting. Personal columns and `row_` go into a second file.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from plumbline.kernel import ROW, Column, Conflict, Coverage, Table
from plumbline.store.records.cells import arrow_type, covered, schema_of, trimmed, typed
from plumbline.store.records.heads import columns_of
from plumbline.store.records.identity import Names, shown
from plumbline.store.records.sheet import Piece, Sheet, Survey, survey
from plumbline.store.records.source_csv import open_csv
from plumbline.store.records.source_jsonl import open_jsonl
from plumbline.store.records.source_parquet import fitted, open_parquet
from plumbline.store.records.source_xlsx import open_xlsx
from plumbline.store.records.tally import Tally, at

GROUP = 100_000
FIRST_ROWS = 20
STOPPED = "已停止；没有保存任何内容。"


@dataclass(frozen=True, slots=True)
class Watch:
    """Who waits for a long reading: `progress` is told rows done and (at most) in all, `stop` says to give up."""

    progress: Callable[[int, int], None] = lambda done, total: None
    stop: Callable[[], bool] = lambda: False

    def step(self, done: int, total: int) -> None:
        """Tell how far it is; Conflict where it shall stop."""
        self.progress(done, max(total, done))
        if self.stop():
            raise Conflict(STOPPED)


@dataclass(slots=True)
class Reading:
    """What was read of a delivery.

    columns  the declared columns its heads name
    first    the first rows, by column key
    files    the Parquet of open columns, and the one of personal columns where there are any
    """

    survey: Survey
    tally: Tally
    names: Names
    files: list[Path]
    columns: tuple[Column, ...] = ()
    rows: int = 0
    first: list[dict[str, Any]] = field(default_factory=list)


def read(table: Table, source: Path, coverage: Coverage | None, files: list[Path], watch: Watch,
         tally: Tally | None = None) -> Reading:
    """Read a delivery of a table into `files`: open columns, then personal ones.

    coverage  areas and days the rows must lie in; None: any
    tally     what keeps the findings, instead of a new one
    Raises    Conflict where `watch` says stop
    """
    found, tally = survey(source), Tally() if tally is None else tally
    reading = Reading(found, tally, Names(table), files)
    sheet = opened(table, source, found, tally)
    columns = columns_of(table, sheet.heads, tally) if sheet.heads else []
    if not sheet.heads and not tally:
        tally.say("file.empty", "文件", "文件是空的，连列名也没有；没有数据也请保留列名一行。")
    reading.columns = tuple(column for column in columns if column)
    with _Writer(table, files) as writer:
        for piece in sheet.pieces if reading.columns else ():
            cells = _cells(table, columns, piece, sheet, tally)
            covered(table, cells, coverage, tally)
            reading.names.add(cells)
            if len(reading.first) < FIRST_ROWS:
                reading.first += _first(cells, FIRST_ROWS - len(reading.first))
            reading.rows += len(cells[ROW])
            writer.add(cells)
            watch.step(reading.rows, found.lines - 1)
    for name, row, first in reading.names.twice(files):
        tally.say("row.twice", at(row), f"{at(row)}与{at(first)}重复：{shown(name)}；一件事只能有一行，请删去多余的。")
    return reading


def opened(table: Table, source: Path, found: Survey, tally: Tally) -> Sheet:
    """The sheet of a file, by its form."""
    if found.form == "xlsx":
        return open_xlsx(source, table, tally)
    if found.form == "parquet":
        return open_parquet(source, tally)
    return open_jsonl(source, found, tally) if found.form == "jsonl" else open_csv(source, found, tally)


def _cells(table: Table, columns: list[Column | None], piece: Piece, sheet: Sheet, tally: Tally) -> dict[str, pa.Array]:
    """The declared columns of some rows, checked; rows that are empty all over are left out."""
    bare = [trimmed(fitted(column, cells) if column else cells) for column, cells in zip(columns, piece.cells, strict=True)]
    rows = piece.rows
    some = _some(bare)
    if not pc.all(some, min_count=0).as_py():
        bare, rows = [cells.filter(some) for cells in bare], rows.filter(some)
    found: dict[str, pa.Array] = {}
    for column, head, cells in zip(columns, sheet.heads, bare, strict=True):
        if column and column.key not in found:
            found[column.key] = typed(column, cells, rows, tally)
        elif not head.strip():
            tally.cells("cell.headless", "无列名", rows, pc.is_valid(cells), lambda _: "这一格上面没有列名；请补上列名或删去。")
    for column in table.columns:
        if column.key not in found:
            found[column.key] = pa.nulls(len(rows), arrow_type(column))
    return found | {ROW: rows}


def _some(columns: list[pa.Array]) -> pa.Array:
    """Whether any cell of a row holds something."""
    some = pc.is_valid(columns[0])
    for cells in columns[1:]:
        some = pc.or_(some, pc.is_valid(cells))
    return some


def _first(cells: dict[str, pa.Array], many: int) -> list[dict[str, Any]]:
    return pa.RecordBatch.from_pydict(cells).slice(0, many).to_pylist()


class _Writer:
    """The Parquet files of a reading, a row group at a time, written while the next is read."""

    def __init__(self, table: Table, files: list[Path]) -> None:
        kinds = (table.open_columns, tuple(column for column in table.columns if column.personal))
        self._schemas = [schema_of(columns) for columns in kinds[:len(files)]]
        # what is read of a roll is compared and thrown away
        how: dict[str, Any] = {"compression": "lz4", "use_dictionary": False, "write_statistics": False} if table.roll else {
            "compression": "zstd"}
        self._writers = [pq.ParquetWriter(path, schema, **how) for path, schema in zip(files, self._schemas, strict=True)]
        self._kept: list[dict[str, pa.Array]] = []
        self._beside, self._last = ThreadPoolExecutor(1), Future[None]()
        self._last.set_result(None)

    def __enter__(self) -> "_Writer":
        return self

    def __exit__(self, *_: object) -> None:
        with self._beside:
            self._flush()
        for writer in self._writers:
            writer.close()
        self._last.result()

    def add(self, cells: dict[str, pa.Array]) -> None:
        """Take in some rows."""
        self._kept.append(cells)
        if sum(len(one[ROW]) for one in self._kept) >= GROUP:
            self._flush()

    def _flush(self) -> None:
        """Hand on what is kept, once the group before it is written."""
        self._last.result()
        if self._kept:
            self._last = self._beside.submit(self._write, self._kept)
        self._kept = []

    def _write(self, kept: list[dict[str, pa.Array]]) -> None:
        for writer, schema in zip(self._writers, self._schemas, strict=True):
            writer.write_table(pa.Table.from_batches([
                pa.RecordBatch.from_arrays([cells[name] for name in schema.names], schema=schema)
                for cells in kept]), row_group_size=1 << 20)
