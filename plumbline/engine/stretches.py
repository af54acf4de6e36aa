"""Rows of a Parquet file, a stretch at a time, a column at a time, as `vectors` reads them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow
from pyarrow import compute, parquet

from plumbline.engine.numbers import Beyond, Number, Texts
from plumbline.engine.sources import ARROW, alike, column_of, gone, layout, unfit
from plumbline.kernel import ROW, Column, File, Table

# rows of a stretch: a thousand conditions of it take 32 MB
ROWS = 131_072
# different texts of a column in a stretch; a condition on more is asked of DuckDB
MOST_TEXTS = 20_000
# digits that fit into 64 bits
DIGITS = 18
Array = Any


class Stretch:
    """Rows of a file that follow each other.

    first  place of the first in the file
    """

    def __init__(self, table: Table, batch: pyarrow.RecordBatch, first: int) -> None:
        self.table, self.batch, self.first, self.rows = table, batch, first, batch.num_rows
        self._numbers: dict[str, Number] = {}
        self._texts: dict[str, Texts] = {}

    def number(self, key: str) -> Number:
        """A column of numbers or days. Raises Beyond where one needs more than 64 bits."""
        if key not in self._numbers:
            self._numbers[key] = _number(self.column(key), column_of(self.table, key))
        return self._numbers[key]

    def truth(self, key: str) -> Array:
        """A column of yes and no."""
        return self.column(key)

    def texts(self, key: str) -> Texts:
        """A column of texts, sorted. Raises Beyond where they are too many different ones."""
        if key not in self._texts:
            self._texts[key] = _texts(self.column(key))
        return self._texts[key]

    def column(self, key: str) -> Array:
        """A column in its declared type; NULL where the file has none."""
        if key == ROW:
            return self.batch.column(key)
        column = column_of(self.table, key)
        if key not in self.batch.schema.names:
            return pyarrow.nulls(self.rows, _type(column))
        array = self.batch.column(key)
        lies = array.type.value_type if pyarrow.types.is_dictionary(array.type) else array.type
        return array if alike(lies, column) else _cast(array, column)


def stretches(file: File, table: Table, keys: Sequence[str]) -> Iterator[Stretch]:
    """The rows of a file with these columns, in the order they lie in.

    Raises  BadInput where the file is gone or broken
    """
    there = dict(layout(file.path))
    held = [key for key in keys if key in there]
    texts = [key for key in held if pyarrow.types.is_string(there[key])]
    if not held:
        yield from _bare(file, table)
        return
    first = 0
    try:
        with parquet.ParquetFile(file.path, read_dictionary=texts) as opened:
            for groups in _groups(opened.metadata):
                read = opened.read_row_groups(groups, columns=held, use_threads=False).unify_dictionaries().combine_chunks()
                for batch in read.to_batches(ROWS):
                    yield Stretch(table, batch, first)
                    first += batch.num_rows
    except (pyarrow.ArrowInvalid, OSError) as error:
        raise gone(Path(file.path).name, "已损坏，无法读取") from error


def _groups(told: Any) -> Iterator[list[int]]:
    """Row groups that are read at once: the same for whatever columns, so that answers kept apart lie side by side."""
    held, rows = list[int](), 0
    for at in range(told.num_row_groups):
        if held and rows + told.row_group(at).num_rows > ROWS:
            yield held
            held, rows = [], 0
        held.append(at)
        rows += told.row_group(at).num_rows
    if held:
        yield held


def _bare(file: File, table: Table) -> Iterator[Stretch]:
    """Stretches of a file that has none of the columns asked for."""
    first = 0
    with parquet.ParquetFile(file.path) as opened:
        for groups in _groups(opened.metadata):
            rows = sum(opened.metadata.row_group(at).num_rows for at in groups)
            for batch in pyarrow.table({"_": pyarrow.nulls(rows)}).to_batches(ROWS):
                yield Stretch(table, batch, first)
                first += batch.num_rows


def _type(column: Column) -> pyarrow.DataType:
    return pyarrow.decimal128(38, column.scale) if column.type == "decimal" else ARROW[column.type]


def _cast(array: Array, column: Column) -> Array:
    try:
        return array.cast(_type(column))
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError) as error:
        raise unfit() from error


def _number(array: Array, column: Column) -> Number:
    scale = column.scale if column.type == "decimal" else 0
    if column.type == "text":
        raise Beyond
    if column.type == "decimal":
        try:
            array = array.cast(pyarrow.decimal64(DIGITS, scale)).view(pyarrow.int64())
        except pyarrow.ArrowInvalid as error:
            raise Beyond from error
    if column.type == "date":
        array = array.cast(pyarrow.int32())
    ends = compute.min_max(array).as_py()
    return Number(array, scale, ends["min"] or 0, ends["max"] or 0)


def _texts(array: Array) -> Texts:
    """Places in the sorted list of different texts, as narrow as they can be."""
    told = array if pyarrow.types.is_dictionary(array.type) else array.dictionary_encode()
    if len(told.dictionary) > MOST_TEXTS:
        raise Beyond
    order = compute.array_sort_indices(told.dictionary)
    ranks = pyarrow.array(range(len(order)), pyarrow.int32()).take(compute.array_sort_indices(order))
    kind = pyarrow.int8() if len(order) < 127 else pyarrow.int16()
    return Texts(ranks.cast(kind).take(told.indices), tuple(told.dictionary.take(order).to_pylist()))
