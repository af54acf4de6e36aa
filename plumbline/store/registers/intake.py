"""Taking a file into a register: each row is a new entry, corrects one, or says what is known already."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from plumbline.kernel import ROW, Column, Coverage, Finding, Table
from plumbline.store.people.roles import may, require
from plumbline.store.records.files import laid, parts
from plumbline.store.records.identity import read as read_rows
from plumbline.store.records.reading import Reading, Watch, read
from plumbline.store.records.tally import Tally, at
from plumbline.store.registers import entries
from plumbline.store.registers.editing import MANY, TOO_LONG, lock, too_long, write
from plumbline.store.registers.tables import Item
from plumbline.store.words import reason

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Change:
    """What a row would do to an entry: `before` is empty for a new one; only what differs, without personal values."""

    row: int
    key: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(slots=True)
class Intake:
    """What taking a file in does, or would do.

    new, changed, same  rows that are new entries, that correct one, that say what is known
    first               the first of those that change something
    findings            everything that is wrong; empty: it can be taken in
    """

    name: str
    columns: tuple[Column, ...]
    findings: tuple[Finding, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    first: list[Change] = field(default_factory=list)

    @property
    def possible(self) -> bool:
        """Whether it can be taken in."""
        return not self.findings


def check(user: Any, table: Table, name: str, data: bytes | Path, watch: Watch = Watch()) -> Intake:  # noqa: B008  frozen
    """What taking a file in would do, and everything that is wrong with it; keeps nothing."""
    with _read(user, table, data, watch) as reading:
        intake = Intake(name, reading.columns)
        for pairs in _paired(user, table, reading):
            _count(table, intake, pairs)
        intake.findings, intake.counts = reading.tally.told, dict(reading.tally.counts)
        return intake


def take_in(user: Any, table: Table, name: str, data: bytes | Path, why: str = "", watch: Watch = Watch()) -> Intake:  # noqa: B008
    """Take a file into a register: all of it, or nothing.

    Identity  says which entry a row is about; entries the file does not name stay as they are, and so do columns
              it does not have
    Raises    BadInput with every finding; NotAllowed; Conflict where `watch` says stop or somebody was quicker
    """
    why = reason(why, needed=False) or reason(f"导入「{name}」"[:300])
    with _read(user, table, data, watch) as reading:
        reading.tally.refuse()
        intake = Intake(name, reading.columns)
        with transaction.atomic():
            lock(table, _known(table, reading))
            for pairs in _paired(user, table, reading):
                reading.tally.refuse()
                _count(table, intake, pairs)
                write(user, table, [(item, new) for _, item, new in pairs], why, "item.import")
                watch.step(intake.rows, reading.rows)
            reading.tally.refuse()
        return intake


@contextmanager
def _read(user: Any, table: Table, data: bytes | Path, watch: Watch) -> Iterator[Reading]:
    """The rows of a file, checked against the table and the user's area."""
    entries.allowed(user, table, [])
    own = None if user.is_superuser and not user.area else Coverage((user.area,))
    if own:
        require(user, "register", user.area)
    with laid(data) as source, parts(table) as files:
        yield read(table, source, own, files, watch)


Pairs = list[tuple[int, Item, entries.Values]]


def _paired(user: Any, table: Table, reading: Reading) -> Iterator[Pairs]:
    """Row, entry (new, or as it stands) and its values, some at a time."""
    given = {column.key for column in reading.columns}
    if not given >= set(table.identity) | {table.area}:
        return
    for columns in read_rows(reading.files, (*(column.key for column in table.columns), ROW)):
        every = pa.RecordBatch.from_pydict(columns).to_pylist()
        for start in range(0, len(every), MANY):
            yield _with_entries(user, table, [(row.pop(ROW), row) for row in every[start:start + MANY]], given, reading.tally)


def _known(table: Table, reading: Reading) -> list[int]:
    """Numbers of the entries a file is about, in order."""
    found: set[int] = set()
    for columns in read_rows(reading.files, table.identity):
        rows = pa.RecordBatch.from_pydict(columns).to_pylist()
        keys = [entries.key_of(table, entries.plain_values(row)) for row in rows]
        for start in range(0, len(keys), MANY):
            some = Item.objects.filter(table=table.key, until=None, key__in=keys[start:start + MANY])
            found.update(some.values_list("pk", flat=True))
    return sorted(found)


def _with_entries(user: Any, table: Table, rows: list[tuple[int, dict[str, Any]]], given: set[str], tally: Tally) -> Pairs:
    values = [(row, entries.plain_values({key: cell for key, cell in cells.items() if key in given})) for row, cells in rows]
    keys = [entries.key_of(table, one) for _, one in values]
    standing = {item.key: item for item in Item.objects.filter(table=table.key, until=None, key__in=keys)}
    today, found = timezone.localdate(), Pairs()
    for (row, new), key in zip(values, keys, strict=True):
        if too_long(key):
            tally.say("entry.long", at(row), f"{at(row)}：{TOO_LONG}")
            continue
        item = standing.get(key) or Item(table=table.key, key=key, values={}, since=today)
        if item.pk and not may(user, "register", item.area[:6]):
            tally.say("entry.other", at(row), f"{at(row)}的「{key}」由其他地区登记，您无权更正；请删去这一行。")
        elif table.area in new:
            kept = {name: value for name, value in item.values.items() if name not in given}
            found.append((row, item, kept | new))
    return found


def _count(table: Table, intake: Intake, pairs: Pairs) -> None:
    for row, item, new in pairs:
        before, after = entries.difference(table, item.values, new)
        intake.rows += 1
        intake.new += not item.pk
        intake.changed += bool(item.pk and after)
        intake.same += bool(item.pk and not after)
        if after and len(intake.first) < SHOWN:
            intake.first.append(Change(row, entries.key_of(table, new), before if item.pk else {}, after))
