"""The difference a delivery makes, applied: in one transaction, once every file lies safe."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import transaction
from django.utils import timezone

from plumbline.kernel import ROW, Conflict
from plumbline.store.batches.coverage import common_area
from plumbline.store.journal.writing import Write, record
from plumbline.store.records.files import only_writer, part, put
from plumbline.store.registers.cutting import hold
from plumbline.store.registers.tables import Chunk, Cut, Kept
from plumbline.store.rolls.beside import Beside, Taken
from plumbline.store.rolls.chunks import GROUP, key_column, lying, schema
from plumbline.store.rolls.tables import Leaf, Overlay, Roll, Step
from plumbline.store.words import fitted, plain

KEPT = ("table", "day", "whole", "columns", "areas", "source", "name", "sha256", "rows", "new", "changed", "gone", "same", "bad",
        "example")
# of a file of rows as they were: the chunk they lay in
CHUNK_OF = "chunk_"


@dataclass(frozen=True, slots=True)
class Said:
    """What is kept of a delivery besides its rows."""

    name: str
    source: str
    why: str
    example: bool


def apply(user: Any, beside: Beside, taken: dict[int, Taken], said: Said) -> Step:
    """Put the written chunks in their places and keep what they were before.

    Raises  Conflict where another delivery was taken meanwhile; a chunk whose row was corrected meanwhile is compared again
    """
    table, at = beside.terms.table, timezone.now()
    with part() as images, part() as faults, only_writer(), transaction.atomic():
        roll = _held(beside)
        for number, now in lying(table).items():
            if number in taken and now.cut != taken[number].seen:
                taken[number] = beside.again(number, now, taken[number])
        step = _step(user, beside, taken, said, at)
        step.first, step.last = roll.last, roll.last + step.new
        if _write_images(beside, taken, images):
            step.images = put(images)
        if _write_faults(beside, faults):
            step.faults = put(faults)
        step.save()
        _place(beside, taken, at)
        _end(beside, taken, step, at)
        roll.bits, roll.last, roll.mark = beside.bits, step.last, beside.mark
        roll.save()
        if step.whole:
            Kept.objects.bulk_create([Kept(table=table.key, area=area, since_at=at) for area in step.areas],
                                     ignore_conflicts=True)
        record(user, Write("roll.take", "step", step.pk, None, plain(step, KEPT), step.why, step.area))
        return step


def _held(beside: Beside) -> Roll:
    """The roll, locked; Conflict where another delivery was taken meanwhile, or chunks that are regrouped have changed."""
    table = beside.terms.table
    hold(table.key)
    Roll.objects.bulk_create([Roll(table=table.key)], ignore_conflicts=True)
    roll = Roll.objects.select_for_update().get(table=table.key)
    known = Step.objects.filter(table=table.key).values_list("pk", flat=True).first()
    if known != beside.known or (beside.regrouped and lying(table) != beside.held):
        raise Conflict("核对期间这份名册又有了变化；没有保存，请再核对一次。")
    return roll


def _step(user: Any, beside: Beside, taken: Mapping[int, Taken], said: Said, at: datetime) -> Step:
    asked, reading = beside.terms.asked, beside.reading
    counts = {name: sum(getattr(one.outcome, name) for one in taken.values()) for name in ("new", "changed", "gone")}
    return Step(
        table=beside.terms.table.key, day=asked.day, whole=asked.whole, columns=list(beside.terms.told),
        area=common_area(asked.areas), areas=list(asked.areas), source=fitted(Step, "source", said.source),
        name=fitted(Step, "name", said.name), sha256=reading.survey.sha256, rows=reading.rows, **counts,
        same=sum(beside.same.values()), bad=len(beside.tally.rows), bits=beside.bits, why=said.why,
        example=said.example, taken_by=user, at=at)


def _write_images(beside: Beside, taken: Mapping[int, Taken], path: Any) -> int:
    """Write what changed and gone rows were, chunk after chunk; how many there are. Personal values are not kept."""
    table = beside.terms.table
    names = [key_column(table), ROW, "kind_"]
    told = {one.key for one in table.open_columns} if beside.terms.asked.whole else set(beside.terms.compared)
    names += [one.key for one in table.open_columns if one.key in told and one.key not in names]
    whole = schema(table)
    fields = [pa.field("kind_", pa.int8()) if name == "kind_" else whole.field(name) for name in names]
    written, waiting = 0, list[pa.Table]()
    with pq.ParquetWriter(path, pa.schema([*fields, pa.field(CHUNK_OF, pa.int32())]), compression="zstd") as writer:
        for number, one in sorted(taken.items()):
            rows = one.outcome.before.select(names)
            waiting.append(rows.append_column(CHUNK_OF, pa.array([number] * len(rows), pa.int32())))
            if sum(map(len, waiting)) >= GROUP:
                writer.write_table(pa.concat_tables(waiting))
                waiting = []
            written += len(rows)
        if waiting:
            writer.write_table(pa.concat_tables(waiting))
    return written


def _write_faults(beside: Beside, path: Any) -> int:
    """Write which rows were left out and why; how many there are."""
    rows = sorted(beside.tally.notes)
    told = pa.table({"line_": pa.array([row for row, _ in rows], pa.int64()), "why_": [words for _, words in rows]},
                    schema=pa.schema([("line_", pa.int64()), ("why_", pa.string())]))
    pq.write_table(told, path, compression="zstd")
    return len(rows)


def _place(beside: Beside, taken: Mapping[int, Taken], at: datetime) -> None:
    """Name the files by their hashes and say that the chunks are cut."""
    key = beside.terms.table.key
    Chunk.objects.bulk_create([Chunk(table=key, number=number, changed=1, cut=1) for number in taken], ignore_conflicts=True)
    old = set(beside.held) if beside.regrouped else set()
    chunks = {one.number: one for one in Chunk.objects.filter(table=key, number__in=[*taken, *old])}
    for number in old:
        Cut.objects.create(chunk=chunks[number], sha256="", rows=0, at=at)
        Leaf.objects.filter(chunk=chunks[number]).delete()
    for number, one in taken.items():
        if beside.regrouped and not one.rows:
            continue
        hashes = [put(path) if one.rows else "" for path in one.paths]
        cut = Cut.objects.create(chunk=chunks[number], sha256=hashes[0], rows=one.rows, at=at)
        Leaf.objects.update_or_create(chunk=chunks[number], defaults={
            "cut": cut, "personal": hashes[1] if len(hashes) > 1 else ""})


def _end(beside: Beside, taken: Mapping[int, Taken], step: Step, at: datetime) -> None:
    """Corrections the source has overtaken, and those of rows that are gone, stand no longer."""
    over = [one.pk for chunk in taken.values() for one in chunk.outcome.ended]
    standing = beside.terms.overlays
    if standing:
        column, keys = key_column(beside.terms.table), pa.array(list(standing), pa.string())
        for chunk in taken.values():
            gone = chunk.outcome.before.slice(chunk.outcome.changed)[column]
            over += [one.pk for key in gone.filter(pc.is_in(gone, value_set=keys)).to_pylist() for one in standing[key].values()]
    Overlay.objects.filter(pk__in=over).update(ended_at=at, ended_by=step)
