"""Corrections: what an officer, or a firm confirmed by one, says against the source; until the source says something else."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.utils import timezone

from plumbline.kernel import ROW, Conflict, Finding, NotAllowed, Table, inside
from plumbline.store.declarations.reading import catalog
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import require
from plumbline.store.records.files import only_writer, part, put
from plumbline.store.registers import entries
from plumbline.store.registers.cutting import hold
from plumbline.store.registers.tables import Chunk, Cut
from plumbline.store.rolls.chunks import Lying, key_column, lying, number_of, read_chunk, roll_of, write_chunk
from plumbline.store.rolls.comparing import value_of
from plumbline.store.rolls.deriving import Derive
from plumbline.store.rolls.standing import Row, overlays
from plumbline.store.rolls.tables import Correction, Leaf, Overlay
from plumbline.store.words import bad, reason, refuse

ABSENT = "没有这一条，或者您无权操作；没有保存任何改动。"
TRIES = 3


def correct(user: Any, table: Table, key: str, changes: Mapping[str, object], why: str, day: date | None = None) -> Row:
    """Put values of one party right; its row as it stands then.

    changes  by column, as typed or in the column's type; None empties it
    day      the day it is told of; today where None
    Cost     one chunk is written anew
    Raises   BadInput with every finding; NotAllowed, in the same words, where there is no such party or the user may not
    """
    why, values = reason(why), _checked(table, changes)
    return _retried(user, table, key, lambda row: {name: values.get(name) for name in changes}, (why, day))


def take_back(user: Any, table: Table, key: str, column: str, why: str, day: date | None = None) -> Row:
    """A correction no longer stands: the source's own value is shown again; the row as it stands then."""
    why = reason(why)
    told = overlays(table, key).get(key, {}).get(column)
    if told is None:
        raise Conflict("这一列没有现行的更正；请刷新页面。")
    return _retried(user, table, key, lambda row: {column: value_of(table, column, told.was)}, (why, day))


def _checked(table: Table, changes: Mapping[str, object]) -> dict[str, Any]:
    """The values in their columns' types; BadInput with every finding."""
    found: list[Finding] = []
    for name in changes:
        column = table.column(name)
        if column is None:
            found.append(Finding("roll.column", name, f"「{name}」不是这份名册的列；请刷新页面后重填。"))
        elif name in table.identity or name == table.area:
            found.append(Finding("roll.identity", column.label, f"「{column.label}」不能更正；请由登记部门报送。"))
        elif column.derived:
            found.append(Finding("roll.derived", column.label, f"「{column.label}」由系统按其他列计算；请更正它所依据的列。"))
        elif column.personal:
            found.append(Finding("roll.personal", column.label, f"「{column.label}」是个人信息，只由来源部门更正。"))
    refuse(found)
    if not changes:
        raise bad("roll.nothing", "更正", "没有填写要更正的内容；没有保存任何改动。")
    told = entries.checked(table, changes, [one for one in table.open_columns if one.key in changes])
    return {name: value_of(table, name, value) for name, value in told.items()}


def _retried(user: Any, table: Table, key: str, wanted: Any, said: tuple[str, date | None]) -> Row:
    """Correct a row; once more where its chunk was written by somebody else meanwhile."""
    for _ in range(TRIES):
        number = number_of(key, roll_of(table).bits)
        one = lying(table, number).get(number)
        rows = read_chunk(table, replace(one, personal="")) if one else None
        place = pc.index(rows[key_column(table)], key).as_py() if rows is not None else -1
        if one is None or rows is None or place < 0:
            raise NotAllowed(ABSENT)
        old = rows.slice(place, 1).to_pylist()[0]
        allowed(user, table, old)
        with ExitStack() as stack:
            new = _new(table, old, wanted(old), said[1])
            if new == old:
                return _shown(table, old)
            path = stack.enter_context(part())
            write_chunk(table, _with(rows, place, new), [path])
            if _kept(user, table, (one, path), (key, old, new), said):
                return _shown(table, new)
    raise Conflict("这份名册正在更新；没有保存，请稍后再试。")


def allowed(user: Any, table: Table, row: Mapping[str, Any]) -> None:
    """Raise NotAllowed unless the user may correct a row: of his area and, of a street's office, of its street."""
    area = str(row[table.area])
    if not user.is_superuser and not inside(area, user.area):
        raise NotAllowed(ABSENT)
    require(user, "register", area[:6])
    if own_street(user) and table.column("street") and row.get("street") != own_street(user):
        raise NotAllowed(ABSENT)


def own_street(user: Any) -> str:
    """The street a person of a street's office is kept to; empty for all others."""
    if user.is_superuser or user.role != "office" or user.office is None:
        return ""
    return str(user.office.place[:9])


def _new(table: Table, old: Row, changes: Mapping[str, Any], day: date | None) -> Row:
    """The row with its changes, derived columns reckoned anew."""
    new = {**old, **changes}
    return {**new, **Derive(table, catalog().parameters, day or timezone.localdate()).of_row(new)}


def _shown(table: Table, row: Row) -> Row:
    return {name: row.get(name) for name in (*(one.key for one in table.open_columns), ROW)}


def _with(rows: pa.Table, place: int, new: Row) -> pa.Table:
    one = pa.Table.from_pylist([new], schema=rows.schema)
    return pa.concat_tables([rows.slice(0, place), one, rows.slice(place + 1)])


def _kept(user: Any, table: Table, lies: tuple[Lying, Any], told: tuple[str, Row, Row], said: tuple[str, date | None]) -> bool:
    """Name the chunk and keep the correction; False where the chunk is another by now."""
    (one, path), (key, old, new), (why, day) = lies, told, said
    with only_writer(), transaction.atomic():
        hold(table.key)
        if lying(table, one.number).get(one.number) != one:
            return False
        at, chunk = timezone.now(), Chunk.objects.get(table=table.key, number=one.number)
        cut = Cut.objects.create(chunk=chunk, sha256=put(path), rows=Cut.objects.get(pk=one.cut).rows, at=at)
        Leaf.objects.filter(chunk=chunk).update(cut=cut)
        names = [name for name in new if new[name] != old[name]]
        before, after = (_plain(row, names) for row in (old, new))
        correction = Correction.objects.create(table=table.key, key=key, area=str(old[table.area]), before=before, after=after,
                                               day=day or timezone.localdate(), why=why, by=user, at=at)
        _lay(table, correction)
        area = str(old[table.area])[:6]
        record(user, Write("roll.correct", "correction", correction.pk, {"key": key, **before}, after, why, area))
        return True


def _plain(row: Row, names: list[str]) -> dict[str, Any]:
    """Values as JSON keeps them, empty ones named too."""
    told = entries.plain_values({name: row[name] for name in names})
    return {name: told.get(name) for name in names}


def _lay(table: Table, correction: Correction) -> None:
    """Let the corrected values stand over the source's own; one that says what the source says stands no longer."""
    known = overlays(table, correction.key).get(correction.key, {})
    for name, value in correction.after.items():
        column = table.column(name)
        if column is None or column.derived:
            continue
        was = known[name].was if name in known else correction.before[name]
        if name in known:
            Overlay.objects.filter(pk=known[name].pk).update(ended_at=correction.at)
        if value != was:
            Overlay.objects.create(table=table.key, key=correction.key, column=name, value=value, was=was, correction=correction)
