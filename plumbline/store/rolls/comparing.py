"""A chunk as it stands beside what was delivered of it: new, changed, gone and same rows, and what stands then."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from plumbline.kernel import ROW, Table
from plumbline.store.records.tally import Tally, at
from plumbline.store.registers.cutting import READ
from plumbline.store.rolls import deriving
from plumbline.store.rolls.checking import Asked, lies_in
from plumbline.store.rolls.chunks import key_column
from plumbline.store.rolls.deriving import Derive
from plumbline.store.rolls.tables import Overlay

# number of a delivered row in its file
LINE = "line_"
CHANGED, GONE = 1, 2
FIRST_CHANGES = 20


@dataclass(frozen=True, slots=True)
class Terms:
    """How a delivery is compared.

    told     keys of the columns it tells, without the key
    derive   reckons the derived columns
    overlays corrections that stand, by key and column
    spared   keys of wrong rows that are left out: their parties stay as they are
    nobody   no party is gone, since some wrong row does not say whose it is
    """

    table: Table
    asked: Asked
    told: tuple[str, ...]
    derive: Derive
    overlays: dict[str, dict[str, Overlay]] = field(default_factory=dict)
    spared: frozenset[str] = frozenset()
    nobody: bool = False

    @property
    def compared(self) -> tuple[str, ...]:
        """Columns that may differ afterwards."""
        return (*self.told, *(one.key for one in self.table.derived_columns))


@dataclass(slots=True)
class Outcome:
    """What a delivery does to a chunk.

    rows    the chunk as it will stand, sorted by key
    fresh   how many of them have no number yet: -1 stands in its place
    before  rows that change or go, as they are, with `kind_`
    first   the first changes: key, column -> before and after
    ended   corrections the source has overtaken
    """

    rows: pa.Table
    before: pa.Table
    new: int = 0
    changed: int = 0
    gone: int = 0
    same: int = 0
    first: list[tuple[str, dict[str, tuple[Any, Any]]]] = field(default_factory=list)
    ended: list[Overlay] = field(default_factory=list)

    @property
    def touched(self) -> bool:
        """Whether the chunk is another afterwards."""
        return bool(self.new or self.changed or self.gone or self.ended)


def compared(terms: Terms, old: pa.Table, new: pa.Table, tally: Tally) -> Outcome:
    """A chunk and its delivered rows (with `line_`), both sorted by key.

    Findings  of rows another area keeps, and, where only some columns are told, of keys nobody knows
    """
    key = key_column(terms.table)
    new, ended = _settled(terms, new)
    place = pc.index_in(new[key].combine_chunks(), value_set=old[key].combine_chunks())
    known = pc.is_valid(place)
    new_known, old_known = new.filter(known), old.take(place.drop_null())
    foreign = _foreign(terms, old_known, new_known, tally)
    if pc.any(foreign, min_count=0).as_py():
        keep = pc.invert(foreign)
        new_known, old_known = new_known.filter(keep), old_known.filter(keep)
    fresh = _fresh(terms, new.filter(pc.invert(known)), old, tally)
    merged = deriving.derived(terms.table, _merged(terms, old_known, new_known), terms.asked.day, terms.derive)
    differs = _differs(terms.compared, old_known, merged)
    changed, was = merged.filter(differs), old_known.filter(differs)
    gone = _gone(terms, old, new[key])
    stays = _neither(old[ROW], [was[ROW], gone[ROW]])
    rows = pa.concat_tables([old.filter(stays), changed, fresh]).sort_by(key)
    return Outcome(rows, _images(was, gone), len(fresh), len(changed), len(gone), len(new_known) - len(changed),
                   _first(terms, was, changed), ended)


def _settled(terms: Terms, new: pa.Table) -> tuple[pa.Table, list[Overlay]]:
    """What was delivered, with the corrections that still stand in place of the values they correct."""
    key, ended = key_column(terms.table), list[Overlay]()
    if not terms.overlays:
        return new, ended
    wanted = pc.is_in(new[key], value_set=pa.array(list(terms.overlays), pa.string()))
    places = pc.indices_nonzero(wanted).to_pylist()
    put: dict[str, dict[int, Any]] = {}
    for place in places:
        for name, overlay in terms.overlays[new[key][place].as_py()].items():
            if name not in terms.told:
                continue
            if new[name][place].as_py() == value_of(terms.table, name, overlay.was):
                put.setdefault(name, {})[place] = value_of(terms.table, name, overlay.value)
            else:
                ended.append(overlay)
    for name, cells in put.items():
        values = new[name].to_pylist()
        for place, value in cells.items():
            values[place] = value
        new = new.set_column(new.column_names.index(name), name, pa.array(values, new[name].type))
    return new, ended


def value_of(table: Table, name: str, told: Any) -> Any:
    """A value as JSON keeps it, in its column's own type."""
    column = table.column(name)
    read = READ.get(column.type) if column else None
    return told if read is None or told is None else read(told)


def _foreign(terms: Terms, old: pa.Table, new: pa.Table, tally: Tally) -> pa.Array:
    """Rows that lie outside the areas the delivery tells of; each is told."""
    outside = pc.invert(lies_in(old[terms.table.area].combine_chunks(), terms.asked.areas))
    column = terms.table.column(key_column(terms.table))
    assert column  # declared
    tally.cells("roll.other", column.label, new[LINE].combine_chunks(), outside,
                lambda _: "现由其他地区登记，不在本次报送的地区之内；请核对，或请该地区先迁出。")
    return outside


def _fresh(terms: Terms, new: pa.Table, old: pa.Table, tally: Tally) -> pa.Table:
    """The rows nobody knew, as the roll keeps them; where only some columns are told they are wrong instead."""
    if not terms.asked.whole:
        for line, key in zip(new[LINE].to_pylist(), new[key_column(terms.table)].to_pylist(), strict=True):
            tally.say("roll.unknown", at(line), f"{at(line)}的「{key}」不在「{terms.table.label}」中；只报部分列时不能新增，"
                                                "请核对代码，或先由登记部门报送。", "unknown")
        new = new.slice(0, 0)
    arrays = [new[one.name].cast(one.type) if one.name in new.column_names else pa.nulls(len(new), one.type)
              for one in old.schema if one.name != ROW]
    rows = pa.Table.from_arrays([*arrays, pa.array([-1] * len(new), pa.int64())],
                                schema=pa.schema([*(one for one in old.schema if one.name != ROW), old.schema.field(ROW)]))
    return deriving.derived(terms.table, rows.select(old.column_names), terms.asked.day, terms.derive)


def _merged(terms: Terms, old: pa.Table, new: pa.Table) -> pa.Table:
    """Known rows with the values that were told."""
    for name in terms.told:
        place = old.column_names.index(name)
        old = old.set_column(place, old.schema.field(place), new[name].cast(old.schema.field(place).type))
    return old


def _differs(names: Sequence[str], old: pa.Table, new: pa.Table) -> pa.Array:
    """Whether any of some columns differs, empty cells being alike."""
    told = pa.array([False] * len(old), pa.bool_())
    for name in names:
        told = pc.or_(told, unlike(old[name].combine_chunks(), new[name].combine_chunks()))
    return told


def unlike(one: pa.Array, other: pa.Array) -> pa.Array:
    """Whether each pair of cells differs; two empty ones do not."""
    return pc.coalesce(pc.not_equal(one, other), pc.xor(pc.is_null(one), pc.is_null(other)))


def _gone(terms: Terms, old: pa.Table, keys: pa.Array) -> pa.Table:
    """Rows of the areas told in full that were not named."""
    if not terms.asked.whole or terms.nobody:
        return old.slice(0, 0)
    keys = pa.concat_arrays([keys.combine_chunks(), pa.array(sorted(terms.spared), pa.string())])
    absent = pc.invert(pc.is_in(old[key_column(terms.table)], value_set=keys))
    return old.filter(pc.and_(absent, lies_in(old[terms.table.area].combine_chunks(), terms.asked.areas)))


def _neither(numbers: pa.Array, others: Sequence[pa.Array]) -> pa.Array:
    """Whether each number is none of some others."""
    told = pa.array([True] * len(numbers), pa.bool_())
    for other in others:
        told = pc.and_(told, pc.invert(pc.is_in(numbers.combine_chunks(), value_set=other.combine_chunks())))
    return told


def _images(was: pa.Table, gone: pa.Table) -> pa.Table:
    """Rows as they were, and what became of them."""
    kinds = [CHANGED] * len(was) + [GONE] * len(gone)
    return pa.concat_tables([was, gone]).append_column("kind_", pa.array(kinds, pa.int8()))


def _first(terms: Terms, was: pa.Table, changed: pa.Table) -> list[tuple[str, dict[str, tuple[Any, Any]]]]:
    """The first changes, without personal values."""
    names = [one for one in terms.compared if (column := terms.table.column(one)) and not column.personal]
    key = key_column(terms.table)
    pairs = zip(was.slice(0, FIRST_CHANGES).to_pylist(), changed.slice(0, FIRST_CHANGES).to_pylist(), strict=True)
    return [(old[key], {name: (old[name], new[name]) for name in names if old[name] != new[name]}) for old, new in pairs]
