"""Cuts of orders: those of a kind written to Parquet as rows of a declared table, a chunk at a time, as registers are.

What a column may be: a key of OWN, or a field of the kind. Names, telephones, texts and replies have no column, so that
they never reach an indicator; a field that is personal is empty here, whatever the table says of it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from plumbline.kernel import Catalog, Column, Inputs, OrderKind, Table
from plumbline.store.declarations.reading import catalog as catalog_now
from plumbline.store.orders.clocks import main_clock
from plumbline.store.orders.setting import kind_in
from plumbline.store.orders.tables import Order
from plumbline.store.people.tables import Office
from plumbline.store.records.cells import arrow_type, schema_of
from plumbline.store.records.files import only_writer, part, put
from plumbline.store.registers.cutting import READ as READ_AS
from plumbline.store.registers.cutting import standing, touch
from plumbline.store.registers.tables import CHUNK, Chunk, Cut, Kept

SAME = ("number", "area", "topic", "urgency", "source", "state", "state_kind", "returns", "transfers", "subject", "example")
LATE = ("late", "late_met")
READ = ("pk", "number", "area", "place", "topic", "urgency", "source", "office_id", "state", "state_kind", "opened_at",
        "closed_at", "due_at", "returns", "transfers", "subject", "link", "clocks", "fields", "joined_id", "example")
Row = Mapping[str, Any]


def inputs(table: Table, as_of: datetime | None = None) -> Inputs:
    """Files and coverage of a table of orders: cut now, or as last cut before a moment.

    Raises  Conflict where what was cut before that moment is no longer kept
    """
    if as_of is None:
        cut(table, kind_in(catalog_now(), table.orders))
    return standing(table, as_of)


def cut(table: Table, kind: OrderKind) -> int:
    """Write the chunks of a table that changed since they were last cut; how many.

    Order  as in registers: the Parquet lies safe before the row says so; what changes meanwhile is cut again next time
    """
    _known(table)
    changed = list(Chunk.objects.filter(table=table.key).exclude(cut=F("changed")).order_by("number"))
    offices = {pk: (name, sort) for pk, name, sort in Office.objects.values_list("pk", "name", "kind")} if changed else {}
    for chunk in changed:
        at = timezone.now()
        rows = _rows(kind, chunk)
        with part() as path:
            areas = _write(table, kind, rows, Cutting(at, offices, main_clock(kind)), path)
            with only_writer(), transaction.atomic():
                if Chunk.objects.filter(pk=chunk.pk, cut__lt=chunk.changed).update(cut=chunk.changed):
                    Cut.objects.create(chunk=chunk, sha256=put(path) if rows else "", rows=len(rows), at=at)
                    Kept.objects.bulk_create([Kept(table=table.key, area=area, since_at=at) for area in areas],
                                             ignore_conflicts=True)
    return len(changed)


def _known(table: Table) -> None:
    """Make the chunks of orders that were there before the table was declared."""
    if not Chunk.objects.filter(table=table.key).exists():
        last = Order.objects.filter(kind=table.orders).aggregate(last=Max("pk"))["last"]
        if last is not None:
            with transaction.atomic():
                touch(table.key, range(0, last + CHUNK, CHUNK))


def _rows(kind: OrderKind, chunk: Chunk) -> list[Row]:
    """The orders of a chunk, in the order they came."""
    orders = Order.objects.filter(kind=kind.key, pk__gte=chunk.number * CHUNK, pk__lt=(chunk.number + 1) * CHUNK)
    return list(orders.order_by("pk").values(*READ))


class Cutting:
    """What the columns of a cut are made from besides the order's row: the moment, the offices, the clock it is late by."""

    def __init__(self, at: datetime, offices: Mapping[int, tuple[str, str]], clock: str):
        self.at, self.offices, self.clock = at, offices, clock

    def day(self, at: datetime | None) -> date | None:
        """The day of an instant, in our own time."""
        return None if at is None else timezone.localtime(at).date()

    def due(self, row: Row) -> datetime | None:
        """When the holder's answer was due, or is."""
        told = row["clocks"].get(self.clock, {}).get("due_at")
        return datetime.fromisoformat(told) if told else row["due_at"] if not row["clocks"] else None

    def late(self, row: Row) -> bool | None:
        """Whether the holder's clock ran over; None where it never ran, or has no limit."""
        state, due = row["clocks"].get(self.clock, {}).get("state", ""), self.due(row)
        if state in LATE:
            return True
        if state in ("", "idle", "running") and due is not None:
            return (row["closed_at"] or self.at) > due
        return False if state in ("met", "paused") else None


def _level(row: Row, many: int) -> str | None:
    """The first so many levels of the class: 城市管理/道路 of 城市管理/道路/路面破损 are the first two."""
    names = row["topic"].split("/")
    return "/".join(names[:many]) or None if len(names) >= many else None


def _column(key: str) -> Callable[[Cutting, Row], Any]:
    return lambda _, row: None if row[key] == "" else row[key]


OWN: dict[str, Callable[[Cutting, Row], Any]] = {
    **{key: _column(key) for key in SAME},
    "street": lambda _, row: row["place"][:9] or None,
    "community": lambda _, row: row["place"] if len(row["place"]) == 12 else None,
    "topic_1": lambda _, row: _level(row, 1),
    "topic_2": lambda _, row: _level(row, 2),
    "topic_3": lambda _, row: _level(row, 3),
    "office": lambda cutting, row: cutting.offices.get(row["office_id"], (None, None))[0],
    "office_kind": lambda cutting, row: cutting.offices.get(row["office_id"], (None, None))[1],
    "opened_on": lambda cutting, row: cutting.day(row["opened_at"]),
    "closed_on": lambda cutting, row: cutting.day(row["closed_at"]),
    "due_on": lambda cutting, row: cutting.day(cutting.due(row)),
    "late": Cutting.late,
    "extensions": lambda _, row: sum(told.get("extensions", 0) for told in row["clocks"].values()),
    "helper": lambda _, row: bool(row["link"]),
    "joined": lambda _, row: row["joined_id"] is not None,
}


def _write(table: Table, kind: OrderKind, rows: Sequence[Row], cutting: Cutting, path: Path) -> list[str]:
    """Write rows as the table declares them; the areas they are of."""
    arrays = [_array(column, kind, rows, cutting) for column in table.open_columns]
    numbers = pa.array([row["pk"] for row in rows], pa.int64())
    pq.write_table(pa.Table.from_arrays([*arrays, numbers], schema=schema_of(table.open_columns)), path, compression="zstd")
    return sorted({row["area"] for row in rows})


def _array(column: Column, kind: OrderKind, rows: Sequence[Row], cutting: Cutting) -> pa.Array:
    field, own = kind.field(column.key), OWN.get(column.key)
    if field is None and own is not None:
        return pa.array([own(cutting, row) for row in rows], arrow_type(column))
    if field is None or field.personal:
        return pa.nulls(len(rows), arrow_type(column))
    read, key = READ_AS.get(column.type, _as_it_is), column.key
    return pa.array([None if (told := row["fields"].get(key)) is None else read(told) for row in rows], arrow_type(column))


def _as_it_is(value: Any) -> Any:
    return value


def touched(catalog: Catalog, orders: Iterable[Order]) -> None:
    """Remember which chunks of which tables changed, inside the transaction that changes their orders."""
    numbers: dict[str, set[int]] = {}
    for order in orders:
        numbers.setdefault(order.kind, set()).add(order.pk // CHUNK)
    for table in catalog.tables.values():
        if chunks := numbers.get(table.orders):
            changed: Any = Chunk.objects.filter(table=table.key, number__in=chunks)
            if changed.update(changed=F("changed") + 1) < len(chunks):
                touch(table.key, [number * CHUNK for number in chunks])
