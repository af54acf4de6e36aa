"""Chunks of a roll: which one a key lies in, and its rows as Arrow, read from its files and written to new ones.

A chunk holds the rows whose keys' hashes begin with the same bits, sorted by key, open columns and `row_` in one file,
the key, personal columns and `row_` in another. A row keeps its number `row_` from its first delivery on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from plumbline.kernel import ROW, Column, Table
from plumbline.store.records.cells import schema_of
from plumbline.store.records.files import path_of
from plumbline.store.registers.tables import CHUNK
from plumbline.store.rolls.tables import Leaf, Roll

# rows of a group: what is read of a chunk to find one row; fewer make an engine's way through all of them longer
GROUP = 4_096
HASH_BITS = 32
OFTEN = ("street", "community", "industry")


@dataclass(frozen=True, slots=True)
class Lying:
    """A chunk as it lies there: its cut, None where nothing was ever cut, and the name of its personal file."""

    number: int
    cut: int | None = None
    sha256: str = ""
    personal: str = ""


def key_column(table: Table) -> str:
    """The one column that names a row."""
    return table.identity[0]


def number_of(key: str, bits: int) -> int:
    """The chunk of a key: its hash's first bits, behind a 1, so that chunks of other widths bear other numbers.

    >>> number_of("91110000802100433B", 0), number_of("91110000802100433B", 3)
    (1, 15)
    """
    return (1 << bits) | (crc32(key.encode()) >> (HASH_BITS - bits))


def numbers_of(keys: pa.Array, bits: int) -> pa.Array:
    """The chunk of each of many keys."""
    hashes = pa.array(map(crc32, pc.cast(keys, pa.binary()).to_pylist()), pa.int64())
    return pc.cast(pc.add(pc.shift_right(hashes, HASH_BITS - bits), 1 << bits), pa.int32())


def bits_for(rows: int) -> int:
    """Bits that chunks of so many rows in all need to hold no more than CHUNK each, about.

    >>> bits_for(0), bits_for(25_000), bits_for(25_001), bits_for(2_200_000)
    (0, 0, 1, 7)
    """
    return max(-(-rows // CHUNK) - 1, 0).bit_length()


def roll_of(table: Table) -> Roll:
    """How a roll lies; one without chunks where nothing was delivered."""
    return Roll.objects.filter(table=table.key).first() or Roll(table=table.key)


def lying(table: Table, number: int | None = None) -> dict[int, Lying]:
    """The chunks that hold rows, by number; or the one of a number."""
    chosen: dict[str, Any] = {"chunk__table": table.key} | ({} if number is None else {"chunk__number": number})
    told = Leaf.objects.filter(**chosen).values_list("chunk__number", "cut", "cut__sha256", "personal")
    return {one: Lying(one, cut, sha256, personal) for one, cut, sha256, personal in told if sha256}


def personal_columns(table: Table) -> tuple[Column, ...]:
    """The key and the personal columns: what a chunk's personal file holds."""
    return tuple(one for one in table.columns if one.personal or one.key in table.identity)


def schema(table: Table) -> pa.Schema:
    """All columns, personal ones last, and the row's number."""
    hidden = tuple(one for one in table.columns if one.personal)
    return schema_of((*table.open_columns, *hidden))


def read_chunk(table: Table, one: Lying) -> pa.Table:
    """All rows of a chunk, sorted by key; columns a file lacks are empty."""
    wanted = schema(table)
    found = _read(path_of(one.sha256)) if one.sha256 else wanted.empty_table()
    if one.personal:
        found = beside(found, _read(path_of(one.personal)), [column.key for column in table.columns if column.personal])
    return fitted(found, wanted)


def _read(path: Path) -> pa.Table:
    with pq.ParquetFile(path) as file:
        return file.read(use_threads=False)


def beside(rows: pa.Table, others: pa.Table, names: Sequence[str]) -> pa.Table:
    """Rows with columns of others that bear the same numbers."""
    at = pc.index_in(rows[ROW], value_set=others[ROW].combine_chunks())
    for name in names:
        if name in others.column_names:
            rows = rows.append_column(name, others[name].take(at))
    return rows


def fitted(rows: pa.Table, wanted: pa.Schema) -> pa.Table:
    """Rows in the columns declared now: what they lack is empty, what is no longer declared is left out."""
    arrays = [rows[field.name].cast(field.type) if field.name in rows.column_names else pa.nulls(len(rows), field.type)
              for field in wanted]
    return pa.Table.from_arrays(arrays, schema=wanted)


def write_chunk(table: Table, rows: pa.Table, paths: Sequence[Path]) -> None:
    """Write rows sorted by key: open columns, then personal ones where there is a second path."""
    for columns, path in zip((table.open_columns, personal_columns(table)), paths, strict=False):
        kept = schema_of(columns)
        # values that come again and again lie as numbers of a list; others would only be looked for in it
        often = [one.key for one in columns if one.choices or one.form in OFTEN or one.derived or one.key == table.area]
        pq.write_table(rows.select(kept.names).cast(kept), path, compression="zstd", compression_level=1, row_group_size=GROUP,
                       use_dictionary=often)


def rows_in(path: Path, key: str, wanted: Sequence[str], columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Rows of a sorted file whose column `key` holds one of the wanted texts; only the groups they lie in are read."""
    with pq.ParquetFile(path) as file:
        there, wanted_names = file.schema_arrow.names, {key, *columns}
        # to pick columns costs more than to read some more of them
        names = None if len(wanted_names) * 2 > len(there) else [name for name in there if name in wanted_names]
        groups = [at for at, (low, high) in enumerate(_bounds(file, key)) if any(low <= one <= high for one in wanted)]
        if groups:
            found = file.read_row_groups(groups, columns=names, use_threads=False)
            yield from found.filter(pc.is_in(found[key], value_set=pa.array(wanted, found[key].type))).to_pylist()


def _bounds(file: pq.ParquetFile, key: str) -> Iterator[tuple[Any, Any]]:
    """The least and greatest value of a column in each group."""
    at = file.schema_arrow.names.index(key)
    for group in range(file.num_row_groups):
        told = file.metadata.row_group(group).column(at).statistics
        yield told.min, told.max
