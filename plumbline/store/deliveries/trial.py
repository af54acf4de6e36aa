"""What a table would hold if a delivery were received, an import taken in, or entries changed; nothing is kept.

Each gives what stands and what would, as `Inputs` whose files lie in the data folder as long as the block runs.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from plumbline.kernel import ROW, Coverage, File, Inputs, Table
from plumbline.store.batches.standing import inputs
from plumbline.store.batches.tables import Batch
from plumbline.store.records.cells import schema_of
from plumbline.store.records.files import laid, part, parts
from plumbline.store.records.reading import Watch, read

# entries of a register that are put together anew for a trial, at most
MOST = 60_000


@dataclass(frozen=True, slots=True)
class Trial:
    """What stands of a table, and what would; `coverage` is what the change is about."""

    now: Inputs
    then: Inputs
    coverage: Coverage


@contextmanager
def received(table: Table, path: Path, coverage: Coverage, replaces: Batch | None) -> Iterator[Trial]:
    """A delivery received: one that was checked and found good."""
    now = inputs(table)
    gone = replaces.sha256 if replaces else ""
    told = tuple(one for one in now.coverage if replaces is None or one != replaces.coverage)
    with laid(path) as source, parts(table) as files:
        rows = read(table, source, coverage, files, Watch()).rows
        then = replace(now, files=(*(file for file in now.files if file.sha256 != gone), _file(files[0], rows)),
                       coverage=(*told, coverage))
        yield Trial(now, then, coverage)


@contextmanager
def taken_in(table: Table, path: Path) -> Iterator[Trial | None]:
    """A file taken into a register: one that was checked and found good. None where it holds too much to try."""
    now = inputs(table)
    with laid(path) as source, parts(table) as files:
        reading = read(table, source, None, files, Watch())
        if reading.rows + _count(now) > MOST:
            yield None
            return
        given = {column.key for column in reading.columns} & {column.key for column in table.open_columns}
        fresh = {_name(table, row): {key: row[key] for key in given} for row in pq.read_table(files[0]).to_pylist()}
        about = _about(table, fresh.values())
        with _together(now, (_merged(row, fresh.pop(_name(table, row), {})) for row in _rows(now)), fresh, about) as trial:
            yield trial


@contextmanager
def edited(table: Table, numbers: Iterable[int], changes: Mapping[str, Any]) -> Iterator[Trial | None]:
    """Entries of these numbers with other values, in the columns' own types. None where there are too many to try."""
    now, wanted = inputs(table), set(numbers)
    if _count(now) > MOST:
        yield None
        return
    rows = list(_rows(now))
    changed = [_merged(row, changes) if row[ROW] in wanted else row for row in rows]
    about = _about(table, [row for row in (*rows, *changed) if row[ROW] in wanted])
    with _together(now, changed, {}, about) as trial:
        yield trial


@contextmanager
def _together(now: Inputs, standing: Iterable[dict[str, Any]], fresh: dict[Any, dict[str, Any]],
              about: Coverage) -> Iterator[Trial]:
    """A register of these entries, and new ones behind them, in one file."""
    rows = [*standing, *({**row, ROW: -at} for at, row in enumerate(fresh.values(), 1))]
    with part() as path:
        pq.write_table(pa.Table.from_pylist(rows, schema=schema_of(now.table.open_columns)), path)
        then = Inputs(now.table, (_file(path, len(rows)),), (*now.coverage, Coverage(about.areas)))
        yield Trial(now, then, about)


def _about(table: Table, rows: Collection[Mapping[str, Any]]) -> Coverage:
    """The areas of some entries, and the years of their days; no days where they have none."""
    years = {day.year for row in rows if (day := row.get(table.dated))}
    days = (date(min(years), 1, 1), date(max(years), 12, 31)) if years else (None, None)
    return Coverage(tuple(sorted({str(row[table.area])[:6] for row in rows if row.get(table.area)})), *days)


def _rows(held: Inputs) -> Iterator[dict[str, Any]]:
    for file in held.files:
        yield from pq.read_table(file.path).to_pylist()


def _merged(row: dict[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, **other}


def _name(table: Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(key) for key in table.identity)


def _count(held: Inputs) -> int:
    return sum(file.rows for file in held.files)


def _file(path: Path, rows: int) -> File:
    """A file that is there for the time being; its name stands for the hash it has not got."""
    return File(path, hashlib.sha256(path.name.encode()).hexdigest(), rows)
