"""Rows as typed values, laid down as the Parquet a delivery becomes: for tests that count without a database."""

import hashlib
import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from plumbline.kernel import Coverage, File, Inputs, Table
from plumbline.store.records.cells import schema_of

CHUNK = 50_000


def inputs_of(table: Table, deliveries: Iterable[tuple[Coverage, Iterable[Mapping[str, Any]]]], folder: Path) -> Inputs:
    """What a table holds after these deliveries, each a file; written in chunks, however long they are."""
    files, told = [], []
    for number, (coverage, rows) in enumerate(deliveries):
        path = folder / f"{table.key}-{number}.parquet"
        count = write(table, rows, path)
        files.append(File(path, hashlib.sha256(path.read_bytes()).hexdigest(), count))
        told.append(coverage)
    return Inputs(table, tuple(files), tuple(told))


def write(table: Table, rows: Iterable[Mapping[str, Any]], path: Path, numbered: bool = True) -> int:
    """Rows as Parquet; how many. Not numbered: as somebody hands them in."""
    schema, count, left = schema_of(table.open_columns), 0, iter(rows)
    schema = schema if numbered else schema.remove(len(schema) - 1)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while chunk := list(itertools.islice(left, CHUNK)):
            arrays = [pa.array([_cell(table, row, column.key) for row in chunk], schema.field(column.key).type)
                      for column in table.open_columns]
            numbers = [pa.array(range(count, count + len(chunk)), pa.int64())] if numbered else []
            writer.write_table(pa.Table.from_arrays([*arrays, *numbers], schema=schema))
            count += len(chunk)
    return count


def all_inputs(tables: Mapping[str, Table], deliveries: Iterable[tuple[str, str, Coverage, Iterable[Mapping[str, Any]]]],
               folder: Path) -> dict[str, Inputs]:
    """What a system's demo makes, by table."""
    by_table: dict[str, list[tuple[Coverage, Iterable[Mapping[str, Any]]]]] = {}
    for table, _, coverage, rows in deliveries:
        by_table.setdefault(table, []).append((coverage, rows))
    return {key: inputs_of(tables[key], told, folder) for key, told in by_table.items()}


def _cell(table, row, key):
    """A cell; a row of a roll may leave columns out, as its sources do."""
    return row.get(key) if table.roll else row[key]
