"""Tables as Parquet: columns of the declared type pass as they are, others are read as the text they print as."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from plumbline.kernel import WHOLE_DIGITS, Column
from plumbline.store.records.cells import arrow_type
from plumbline.store.records.sheet import ROWS, Piece, Sheet
from plumbline.store.records.tally import Tally
from plumbline.store.records.values import FIRST_YEAR, LAST_YEAR

UNREADABLE = (pa.ArrowException, ValueError, OSError)


def open_parquet(path: Path, tally: Tally) -> Sheet:
    """The sheet of a Parquet."""
    try:
        file = pq.ParquetFile(path)
    except UNREADABLE:
        tally.say("file.parquet", "文件", "这个 Parquet 文件不完整或已损坏，打不开；请重新导出后再交。")
        return Sheet([], iter(()))
    return Sheet(list(file.schema_arrow.names), _pieces(file, tally))


def _pieces(file: pq.ParquetFile, tally: Tally) -> Iterator[Piece]:
    first = 1
    try:
        for batch in file.iter_batches(ROWS, use_threads=False):
            batch.validate(full=True)
            yield Piece(pa.arange(first, first + batch.num_rows), batch.columns)
            first += batch.num_rows
    except UNREADABLE:
        tally.say("file.parquet", f"第 {first} 行", f"这个 Parquet 文件第 {first} 行以后已损坏，读不出来；请重新导出后再交。")
    finally:
        file.close()


def fitted(column: Column, cells: pa.Array) -> pa.Array:
    """Cells in the declared type where that loses nothing; else as text, for the checks to say what is wrong."""
    if isinstance(cells, pa.ExtensionArray):
        cells = cells.storage
    wanted = arrow_type(column)
    if pa.types.is_string(cells.type) or cells.type == pa.bool_() == wanted:
        return cells
    if pa.types.is_dictionary(cells.type) or pa.types.is_large_string(cells.type):
        return fitted(column, pc.cast(cells, pa.string()))
    if _alike(cells.type, wanted):
        try:
            cast = pc.cast(cells, wanted)
        except pa.ArrowInvalid:
            return _text(cells)  # some value does not fit: the text shows which
        return cast if _usual(column, cast) and _whole(cells, cast) else _text(cells)
    return _text(cells)


def _usual(column: Column, cells: pa.Array) -> bool:
    """Whether numbers have no more digits, and days no stranger years, than a text may say."""
    bounds = pc.min_max(cells).as_py()
    low, high = bounds["min"], bounds["max"]
    if low is None:
        return True
    if column.type == "date":
        return low.year >= FIRST_YEAR and high.year <= LAST_YEAR
    return low > -(10 ** WHOLE_DIGITS) and high < 10 ** WHOLE_DIGITS


def _whole(cells: pa.Array, cast: pa.Array) -> bool:
    """Whether instants that became days were midnights."""
    if not pa.types.is_timestamp(cells.type):
        return True
    return bool(pc.all(pc.fill_null(pc.equal(pc.cast(cast, cells.type), cells), True), min_count=0).as_py())


def _alike(given: pa.DataType, wanted: pa.DataType) -> bool:
    """Whether a value of one type means the same in the other."""
    if given == wanted:
        return True
    whole = pa.types.is_integer(given)
    if pa.types.is_decimal(wanted):
        return whole or pa.types.is_decimal(given)
    if pa.types.is_date(wanted):
        return pa.types.is_date(given) or (pa.types.is_timestamp(given) and given.tz is None)
    return whole and pa.types.is_integer(wanted)


def _text(cells: pa.Array) -> pa.Array:
    try:
        return pc.cast(cells, pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return pa.array([None if value is None else str(value) for value in cells.to_pylist()], pa.string())
