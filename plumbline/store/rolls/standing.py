"""A roll as it stands: its files for the engine, one row or some by their keys, corrections that stand."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from plumbline.kernel import ROW, Inputs, Table
from plumbline.store.records.files import path_of
from plumbline.store.registers import cutting
from plumbline.store.rolls.chunks import key_column, lying, number_of, roll_of, rows_in
from plumbline.store.rolls.tables import Leaf, Overlay

Row = dict[str, Any]


def standing(table: Table, as_of: Any = None) -> Inputs:
    """Files and coverage of a roll as it stands, or stood at a moment.

    Raises  Conflict where what stood at that moment is no longer kept
    """
    return cutting.standing(table, as_of)


def rows_of(table: Table, keys: Iterable[str], columns: Sequence[str] | None = None) -> dict[str, Row]:
    """Rows of some parties by key; those that have none are left out.

    columns  keys of the open columns wanted; all where None
    """
    key, bits, every = key_column(table), roll_of(table).bits, list(dict.fromkeys(keys))
    wanted: dict[int, list[str]] = {}
    for one in every:
        wanted.setdefault(number_of(one, bits), []).append(one)
    held = lying(table, next(iter(wanted))) if len(wanted) == 1 else lying(table)
    names = [key, *(columns if columns is not None else (one.key for one in table.open_columns)), ROW]
    found: dict[str, Row] = {}
    for number, some in wanted.items():
        if chunk := held.get(number):
            found |= {row[key]: _whole(row, names) for row in rows_in(path_of(chunk.sha256), key, some, names)}
    # laid out anew since its width was read
    moved = len(found) < len(every) and roll_of(table).bits != bits
    return rows_of(table, every, columns) if moved else found


def _whole(row: Mapping[str, Any], names: Iterable[str]) -> Row:
    """A row with all of its columns; those an older file lacks are unknown."""
    return {name: row.get(name) for name in dict.fromkeys(names)}


def overlays(table: Table, key: str | None = None) -> dict[str, dict[str, Overlay]]:
    """Corrections that stand, by key and column; or those of one key."""
    found: dict[str, dict[str, Overlay]] = {}
    chosen: dict[str, Any] = {"table": table.key, "ended_at": None} | ({} if key is None else {"key": key})
    for one in Overlay.objects.filter(**chosen).select_related("correction"):
        found.setdefault(one.key, {})[one.column] = one
    return found


def row_counts(table: Table) -> dict[int, int]:
    """How many rows each chunk holds."""
    return dict(Leaf.objects.filter(chunk__table=table.key).values_list("chunk__number", "cut__rows"))
