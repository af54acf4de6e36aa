"""Cuts: a register written to Parquet as it stands, a chunk at a time, and only the chunks that changed."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection, transaction
from django.db.models import F, OuterRef, Subquery, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from plumbline.kernel import Column, Conflict, Coverage, File, Inputs, Table
from plumbline.store.records.cells import arrow_type, schema_of
from plumbline.store.records.files import only_writer, part, path_of, put
from plumbline.store.registers.tables import CHUNK, Chunk, Cut, Item, Kept

MANY = 2_000
# how a value of JSON becomes one of Arrow; the others are what they are
READ: dict[str, Callable[[str], Any]] = {"decimal": Decimal, "date": date.fromisoformat}


def inputs(table: Table, as_of: datetime | None = None) -> Inputs:
    """Files and coverage of a register: cut now, or as last cut before a moment.

    Raises  Conflict where what was cut before that moment is no longer kept
    """
    if as_of is None:
        cut(table)
    return standing(table, as_of)


def standing(table: Table, as_of: datetime | None = None) -> Inputs:
    """Files and coverage of the last cuts, or of the last ones before a moment.

    Raises  Conflict where one of them is no longer kept
    """
    kept = Kept.objects.filter(table=table.key, **({"since_at__lte": as_of} if as_of else {}))
    areas = tuple(kept.order_by("area").values_list("area", flat=True))
    cuts = list(_latest(table.key, as_of))
    if not all(one.kept for one in cuts):
        raise Conflict(f"「{table.label}」在 {as_of:%Y-%m-%d %H:%M} 的状态没有留存；当时没有公布以它为据的数字。")
    files = tuple(File(path_of(one.sha256), one.sha256, one.rows) for one in cuts if one.rows)
    return Inputs(table, files, (Coverage(areas),) if areas else ())


def _latest(table: str, as_of: datetime | None) -> Iterable[Cut]:
    """The last cut of each chunk, in the order of the entries."""
    moment = {"at__lte": as_of} if as_of else {}
    newest = Cut.objects.filter(chunk=OuterRef("pk"), **moment).order_by("-id").values("pk")[:1]
    chunks = Chunk.objects.filter(table=table).annotate(newest=Subquery(newest))
    return Cut.objects.filter(pk__in=chunks.values("newest")).order_by("chunk__number")


def cut(table: Table) -> int:
    """Write the chunks of a register that changed since they were last cut; how many.

    Order    the Parquet lies safe before the row says so. A chunk that changes while it is being cut is cut again
             the next time. A cut says nothing new, so it is not journalled
    """
    changed = list(Chunk.objects.filter(table=table.key).exclude(cut=F("changed")).order_by("number"))
    for chunk in changed:
        with part() as path:
            rows = _write(table, chunk, path)
            with only_writer(), transaction.atomic():
                if Chunk.objects.filter(pk=chunk.pk, cut__lt=chunk.changed).update(cut=chunk.changed):
                    Cut.objects.create(chunk=chunk, sha256=put(path) if rows else "", rows=rows, at=timezone.now())
    return len(changed)


def _write(table: Table, chunk: Chunk, path: Path) -> int:
    """Write the entries of a chunk that stand, in the order of their numbers; how many."""
    entries = (Item.objects.filter(table=table.key, until=None, pk__gte=chunk.number * CHUNK, pk__lt=(chunk.number + 1) * CHUNK)
               .order_by("pk").annotate(text=Cast("values", TextField())).values_list("pk", "text"))
    numbers, texts = [], []
    for number, text in entries:
        numbers.append(number)
        texts.append(text)
    pq.write_table(rows_of(table.open_columns, numbers, json.loads(f"[{','.join(texts)}]")), path, compression="zstd")
    return len(numbers)


def rows_of(columns: Sequence[Column], numbers: list[int], values: list[dict[str, Any]]) -> pa.Table:
    """Entries as Arrow: columns and `row_`, the entry's number."""
    arrays = [_array(column, values) for column in columns]
    return pa.Table.from_arrays([*arrays, pa.array(numbers, pa.int64())], schema=schema_of(tuple(columns)))


def _array(column: Column, values: list[dict[str, Any]]) -> pa.Array:
    read, key = READ.get(column.type), column.key
    if read is None:
        return pa.array([one.get(key) for one in values], arrow_type(column))
    return pa.array([None if (text := one.get(key)) is None else read(text) for one in values], arrow_type(column))


def hold(table: str) -> None:
    """Nobody else writes entries of a register until the transaction ends.

    Order  entries are locked first, all of them, by number; then the register; the journal last. So nobody waits in a
           circle
    """
    Chunk.objects.bulk_create([Chunk(table=table, number=0, changed=0)], ignore_conflicts=True)
    list(Chunk.objects.select_for_update().filter(table=table, number=0).values_list("pk"))


def touch(table: str, numbers: Iterable[int]) -> None:
    """Remember which chunks changed, inside the transaction that changes their entries."""
    assert connection.in_atomic_block
    chunks = sorted({number // CHUNK for number in numbers})
    Chunk.objects.bulk_create([Chunk(table=table, number=number, changed=0) for number in chunks], ignore_conflicts=True)
    Chunk.objects.filter(table=table, number__in=chunks).update(changed=F("changed") + 1)


def hashes() -> set[str]:
    """Names of all files a cut rests on, those of the past included."""
    return set(Cut.objects.filter(kept=True).exclude(sha256="").values_list("sha256", flat=True))


def thin(before: datetime, needed: Collection[str]) -> int:
    """Give up cuts made before a moment that a later one followed and that are not needed; how many.

    needed  names of the files that figures rest on. The files themselves are dropped by `tidy`
    """
    newest = Cut.objects.filter(chunk=OuterRef("chunk")).order_by("-id").values("pk")[:1]
    old = Cut.objects.filter(at__lt=before, kept=True).exclude(sha256="").exclude(pk=Subquery(newest))
    gone = [number for number, sha256 in old.values_list("pk", "sha256") if sha256 not in needed]
    for start in range(0, len(gone), MANY):
        Cut.objects.filter(pk__in=gone[start:start + MANY]).update(kept=False)
    return len(gone)
