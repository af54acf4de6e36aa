"""Seeing personal columns: a permission, a reason, and a line in the journal before anything is shown."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.db import transaction

from plumbline.kernel import ROW, NotAllowed, Table
from plumbline.store.batches.tables import Batch
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import require
from plumbline.store.records.files import path_of
from plumbline.store.registers.tables import Item
from plumbline.store.rolls.looking import PERSONAL, visible
from plumbline.store.rolls.tables import Leaf
from plumbline.store.words import reason

ABSENT = "没有这些记录，或者您无权查看；没有显示任何个人信息。"
Key = tuple[str, int]


@transaction.atomic
def personal(user: Any, table: Table, rows: Iterable[Key], why: str) -> dict[Key, dict[str, Any]]:
    """Personal values of some rows, by file and number; of a register, by the file named and the entry's number.

    Missing  a row whose personal values were dropped by their day is left out
    Raises   BadInput without a reason; NotAllowed where one row lies outside what the user may see
    """
    why, keys = reason(why), list(dict.fromkeys(rows))
    columns = [column.key for column in table.columns if column.personal]
    found, writes = (_entries if table.register else _parties if table.roll else _rows)(user, table, keys, columns)
    action = PERSONAL if table.roll else "personal.see"
    record(user, *(Write(action, name, key, None, {"columns": columns, "rows": numbers}, why, area)
                   for name, key, numbers, area in writes))
    return found


Told = tuple[dict[Key, dict[str, Any]], list[tuple[str, int | str, list[int], str]]]


def _entries(user: Any, table: Table, keys: list[Key], columns: list[str]) -> Told:
    items = {item.pk: item for item in Item.objects.visible_to(user).filter(
        table=table.key, pk__in=[number for _, number in keys])}
    if len(items) < len({number for _, number in keys}):
        raise NotAllowed(ABSENT)
    for area in sorted({item.area[:6] for item in items.values()}):
        require(user, "personal", area)
    found = {key: {name: items[key[1]].values.get(name) for name in columns} for key in keys}
    return found, [("item", item.pk, [item.pk], item.area[:6]) for item in items.values()]


def _parties(user: Any, table: Table, keys: list[Key], columns: list[str]) -> Told:
    """Of a roll: the file must be one that stands."""
    found: dict[Key, dict[str, Any]] = {}
    writes: list[tuple[str, int | str, list[int], str]] = []
    for sha256 in sorted({one for one, _ in keys}):
        numbers = sorted(number for one, number in keys if one == sha256)
        leaf = Leaf.objects.filter(chunk__table=table.key, cut__sha256=sha256).first()
        rows = pq.read_table(path_of(sha256), filters=[(ROW, "in", numbers)]).to_pylist() if leaf else []
        if leaf is None or len(rows) < len(numbers) or not all(visible(user, table, row) for row in rows):
            raise NotAllowed(ABSENT)
        areas = sorted({str(row[table.area])[:6] for row in rows})
        for area in areas:
            require(user, "personal", area)
        if leaf.personal:
            found |= {(sha256, row.pop(ROW)): row for row in _read(path_of(leaf.personal), columns, numbers)}
        keyed = [str(row[table.identity[0]]) for row in rows]
        writes += [(table.key, key, [row[ROW]], str(row[table.area])[:6]) for key, row in zip(keyed, rows, strict=True)]
    return found, writes


def _rows(user: Any, table: Table, keys: list[Key], columns: list[str]) -> Told:
    found: dict[Key, dict[str, Any]] = {}
    writes = []
    for sha256 in sorted({one for one, _ in keys}):
        numbers = sorted(number for one, number in keys if one == sha256)
        batch = Batch.objects.filter(table=table.key, sha256=sha256).order_by("state", "-pk").first()
        areas = {str(row[table.area]) for row in _read(path_of(sha256), [table.area], numbers)} if batch else set()
        if batch is None or not areas:
            raise NotAllowed(ABSENT)
        for area in sorted(areas):
            require(user, "personal", area[:6])
        if batch.personal_path:
            found |= {(sha256, row.pop(ROW)): row for row in _read(batch.personal_path, columns, numbers)}
        writes.append(("batch", batch.pk, numbers, batch.area))
    return found, writes


def _read(path: Path, columns: list[str], numbers: list[int]) -> list[dict[str, Any]]:
    """Some columns of some rows of a file; a column an older file lacks is left out."""
    if not path.exists():
        return []
    there = [name for name in columns if name in pq.read_schema(path).names]
    rows: list[dict[str, Any]] = pq.read_table(path, columns=[*there, ROW], filters=[(ROW, "in", numbers)]).to_pylist()
    return rows
