"""A party's row as of any day, and all that ever changed in it: the present, with every later change taken back.

What stood on a day: for each column, what the delivery or correction told last of a day not later than it says. Deliveries keep
the rows as they were before; a row's number says with which delivery it came.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from plumbline.kernel import ROW, Table
from plumbline.store.records.files import path_of
from plumbline.store.rolls.applying import CHUNK_OF
from plumbline.store.rolls.chunks import key_column, number_of
from plumbline.store.rolls.comparing import CHANGED, GONE, value_of
from plumbline.store.rolls.standing import Row, rows_of
from plumbline.store.rolls.tables import Correction, Step


@dataclass(frozen=True, slots=True)
class Change:
    """One column that changed; or, with an empty column, a row that came (`after` True) or went (False).

    day     the day it is told of; `at` when it was taken
    source  who told it
    """

    day: date
    at: datetime
    column: str
    before: Any
    after: Any
    source: str
    step: int | None = None


@dataclass(slots=True)
class _Event:
    """A delivery or a correction, as it touched one row: what stood before, by column.

    whole  the row came or went with it: before is all of it, or None where there was none
    """

    day: date
    at: datetime
    source: str
    before: Mapping[str, Any] | None
    columns: tuple[str, ...]
    whole: bool = False
    step: int | None = None


def row_of(table: Table, key: str, day: date | None = None) -> Row | None:
    """The open columns of a party's row and its `row_`, as they stand, or as they stood on a day; None where it has none."""
    return rows_of(table, [key]).get(key) if day is None else rows_on(table, [key], day).get(key)


def rows_on(table: Table, keys: Iterable[str], day: date) -> dict[str, Row]:
    """Rows of some parties as they stood on a day; those that had none are left out."""
    wanted = list(dict.fromkeys(keys))
    now = rows_of(table, wanted)
    found: dict[str, Row] = {}
    for key in wanted:
        if (row := _back(now.get(key), _events(table, key, now.get(key)), day)) is not None:
            found[key] = row
    return found


def _back(row: Row | None, events: Iterable[_Event], day: date) -> Row | None:
    """A row with what was told of a later day taken back."""
    settled: set[str] = set()
    for event in events:
        if event.whole:
            if event.day <= day:
                return row
            row = dict(event.before) if event.before is not None else None
        elif row is not None:
            for name in event.columns:
                if event.day <= day:
                    settled.add(name)
                elif name not in settled and event.before is not None:
                    row[name] = event.before[name]
    return row


def history_of(table: Table, key: str) -> list[Change]:
    """Everything that changed in a party's row, the latest first."""
    row = rows_of(table, [key]).get(key)
    found: list[Change] = []
    for event in _events(table, key, row):
        if event.whole:
            came = event.before is None
            found.append(Change(event.day, event.at, "", not came, came, event.source, event.step))
            row = dict(event.before) if event.before is not None else None
        elif row is not None and event.before is not None:
            for name in event.columns:
                if row.get(name) != event.before[name]:
                    found.append(Change(event.day, event.at, name, event.before[name], row.get(name), event.source, event.step))
                    row[name] = event.before[name]
    return found


def _events(table: Table, key: str, row: Row | None) -> Iterator[_Event]:
    """What touched a row, the latest first."""
    corrections = [_corrected(table, one) for one in Correction.objects.filter(table=table.key, key=key).select_related("by")]
    number = row[ROW] if row else None
    for step in Step.objects.filter(table=table.key):
        while corrections and corrections[0].at > step.at:
            yield corrections.pop(0)
        image = _image(table, step, key) if step.images else None
        kind = image.pop("kind_") if image is not None else 0
        if image is not None and kind == GONE:
            number = image[ROW]
            yield _Event(step.day, step.at, step.source, image, (), True, step.pk)
        elif image is not None and kind == CHANGED:
            columns = (*step.columns, *(one.key for one in table.derived_columns))
            yield _Event(step.day, step.at, step.source, image, tuple(one for one in columns if one in image), False, step.pk)
        if number is not None and step.first < number <= step.last:
            number = None
            yield _Event(step.day, step.at, step.source, None, (), True, step.pk)
    yield from corrections


def _corrected(table: Table, one: Correction) -> _Event:
    before = {name: value_of(table, name, told) for name, told in one.before.items()}
    return _Event(one.day, one.at, f"更正（{one.by}）：{one.why}", before, tuple(before))


def _image(table: Table, step: Step, key: str) -> Row | None:
    """A row as it was before a delivery; None where that did not touch it."""
    number, column = number_of(key, step.bits), key_column(table)
    with pq.ParquetFile(path_of(step.images)) as file:
        place = file.schema_arrow.names.index(CHUNK_OF)
        bounds = ((at, file.metadata.row_group(at).column(place).statistics) for at in range(file.num_row_groups))
        groups = [at for at, told in bounds if told.min <= number <= told.max]
        if not groups:
            return None
        keys = file.read_row_groups(groups, columns=[column], use_threads=False)[column]
        if not pc.any(pc.equal(keys, key), min_count=0).as_py():
            return None
        rows = file.read_row_groups(groups, use_threads=False)
    found: Row = rows.drop_columns([CHUNK_OF]).filter(pc.equal(rows[column], key)).to_pylist()[0]
    return found
