"""A delivery of a roll, looked through: what a row says of its own, and which rows are wrong where some may be left out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from plumbline.kernel import ROW, Column, Table, scope
from plumbline.store.records.heads import columns_of
from plumbline.store.records.identity import read
from plumbline.store.records.reading import opened
from plumbline.store.records.sheet import survey
from plumbline.store.records.tally import PLACE, Tally, at
from plumbline.store.words import bad

# notes of wrong rows that are handed back at most
MOST_NOTES = 100_000
NUMBERS = ("integer", "decimal")
# a column whose code begins with that of another: the street lies in the area, the community in the street
INSIDE = {"street": ("", 6), "community": ("street", 9)}


class RowTally(Tally):
    """A tally that also knows every row that is wrong, and what to say of each.

    rows   numbers of the rows something is wrong with
    notes  row and words, of as many as are handed back
    whole  something is wrong with the file and not with a row
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows: set[int] = set()
        self.notes: dict[tuple[int, str], None] = {}
        self.whole = False

    def say(self, check: str, where: str, message: str, kind: str = "") -> None:
        """Count a finding, and remember the rows it is about."""
        super().say(check, where, message, kind)
        match = PLACE.match(where)
        number = int(match[1]) if match else 0
        # the heads are a row of a sheet, and no row of the roll
        if number == 0 or check.startswith(("head.", "file.")):
            self.whole = True
            return
        told = [int(one) for one in PLACE.findall(message)] if check == "row.twice" else [number]
        for one in told:
            self._note(one, message)

    def _note(self, row: int, message: str) -> None:
        self.rows.add(row)
        if len(self.notes) < MOST_NOTES:
            self.notes[row, message] = None

    def cells(self, check: str, label: str, rows: pa.Array, bad: pa.Array, message: Callable[[int], str]) -> None:
        """A finding of each row where `bad` is true, all of them remembered."""
        super().cells(check, label, rows, bad, message)
        places = pc.indices_nonzero(bad) if isinstance(bad, (pa.Array, pa.ChunkedArray)) else pa.array([], pa.uint64())
        for place, row in zip(places.to_pylist(), rows.take(places).to_pylist(), strict=True):
            if len(self.notes) < MOST_NOTES:
                self._note(row, f"{at(row, label)}：{message(place)}")
            self.rows.add(row)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a delivery is said to be.

    whole    rows of `areas` it does not name are gone
    columns  keys of the columns it tells besides the key; empty: those its heads name
    """

    day: date
    areas: tuple[str, ...]
    whole: bool = True
    columns: tuple[str, ...] = ()


def columns_named(table: Table, path: Path) -> tuple[str, ...]:
    """Keys of the columns a file's heads name, the key aside."""
    tally = Tally()
    heads = opened(table, path, survey(path), tally).heads
    found = [one.key for one in columns_of(table, heads, tally) if one and one.key not in table.identity]
    return tuple(dict.fromkeys(found))


def deliverable(table: Table, asked: Asked) -> Table:
    """The table as a delivery may fill it: all of it, or the key and some columns alone.

    Raises  BadInput for a column that is not declared, or is derived
    """
    known = {one.key: one for one in table.columns}
    for key in asked.columns:
        if key not in known or known[key].derived:
            why = "由系统按其他列计算，不能报送" if key in known else "没有申报"
            raise bad("roll.column", known[key].label if key in known else key, f"「{key}」{why}；请删去这一列。")
    told = {*asked.columns, *table.identity}
    kept = tuple(one for one in table.columns if asked.whole or one.derived or one.key in told)
    return replace(table, columns=kept)


def refuse_derived(columns: Iterable[Column], tally: Tally) -> None:
    """Findings of heads that name a derived column: what is reckoned here cannot be handed in."""
    for one in columns:
        if one.derived:
            tally.say("head.derived", f"列「{one.label}」", f"「{one.label}」由系统按其他列计算，不收报送的值；请删去这一列。")


def look(table: Table, files: Sequence[Path], asked: Asked, tally: Tally) -> None:
    """Findings of what rows say of their own: days to come, amounts below zero, streets outside their area."""
    told = [one for one in table.columns if one.type == "date" or (one.type in NUMBERS and one.unit)]
    places = [one.key for one in table.columns if one.key == table.area or one.form in INSIDE]
    for found in read(files, dict.fromkeys((*(one.key for one in told), *places, ROW))):
        for column in told:
            _one(column, found[column.key], found[ROW], asked.day, tally)
        for column, wrong, words in _places(table, found):
            tally.cells("cell.place", column.label, found[ROW], pc.fill_null(wrong, False), partial(_same, words))


def _same(words: str, place: int) -> str:
    return words


def _one(column: Column, cells: pa.Array, rows: pa.Array, day: date, tally: Tally) -> None:
    if column.type == "date":
        late = pc.fill_null(pc.greater(cells, pa.scalar(day)), False)
        tally.cells("cell.future", column.label, rows, late, lambda place: f"{cells[place]} 晚于截至日 {day}；请核对。")
    else:
        below = pc.fill_null(pc.less(cells, pa.scalar(0, cells.type)), False)
        tally.cells("cell.negative", column.label, rows, below, lambda place: f"{cells[place]} 小于零；请核对，没有数时留空。")


def _places(table: Table, found: dict[str, pa.Array]) -> Iterator[tuple[Column, pa.Array, str]]:
    """Columns with the code of a place, where it does not lie in the wider one beside it."""
    by_form = {one.form: one for one in table.columns if one.form in INSIDE}
    for form, (outer, many) in INSIDE.items():
        column = by_form.get(form)
        wide = by_form.get(outer) if outer else table.column(table.area)
        if column and wide:
            apart = pc.not_equal(pc.utf8_slice_codeunits(found[column.key], 0, many),
                                 pc.utf8_slice_codeunits(found[wide.key], 0, many))
            yield column, apart, f"与「{wide.label}」不在一处：代码的前 {many} 位应当相同；请核对。"


def lies_in(areas: pa.Array, outer: Sequence[str]) -> pa.Array:
    """Whether each area lies in one of some others."""
    told = pa.nulls(len(areas), pa.bool_()) if not outer else None
    for one in outer:
        inside = pc.starts_with(areas, scope(one))
        told = inside if told is None else pc.or_(told, inside)
    return pc.fill_null(told, False)
