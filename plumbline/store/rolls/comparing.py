"""A chunk as it stands beside what was delivered of it: new, changed, gone and same rows, and what stands then."""

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from plumbline.kernel import ROW, Table
from plumbline.store.records.tally import Tally, at
from plumbline.store.registers.cutting import READ
from plumbline.store.rolls.checking import Asked, lies_in
from plumbline.store.rolls.chunks import key_column
from plumbline.store.rolls.deriving import Derive, names_of
from plumbline.store.rolls.tables import Overlay

# number of a delivered row in its file
LINE = "line_"
CHANGED, GONE = 1, 2
FIRST_CHANGES = 20


@dataclass(frozen=True, slots=True)
class Terms:
    """How a delivery is compared.

    told     keys of the columns it tells, without the key
    derive   reckons the derived columns; `afresh` those of every row, since they rest on other terms than when they were written
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
    afresh: bool = False

    @property
    def compared(self) -> tuple[str, ...]:
        """Columns that may differ afterwards."""
        return (*self.told, *names_of(self.table))


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
    """A chunk, sorted by key, and its delivered rows (with `line_`) in any order.

    Findings  of rows another area keeps, and, where only some columns are told, of keys nobody knows
    """
    key = key_column(terms.table)
    new, ended = _settled(terms, new)
    place = pc.index_in(new[key].combine_chunks(), value_set=old[key].combine_chunks())
    known = new.filter(pc.is_valid(place))
    named = _own(terms, old.take(place.drop_null()), known, tally)
    fresh = _fresh(terms, new.filter(pc.is_null(place)), old, tally)
    merged, differs = _merged(terms, old, named)
    gone = _gone(terms, old, new[key])
    changed = pc.and_(differs, pc.invert(gone))
    rows = merged.filter(pc.invert(gone)) if pc.any(gone, min_count=0).as_py() else merged
    if len(fresh):
        rows = pa.concat_tables([rows, fresh]).sort_by(key)
    was, left = old.filter(changed), old.filter(gone)
    again = pc.sum(pc.is_in(was[key], value_set=named[key].combine_chunks()), min_count=0).as_py()
    return Outcome(rows, _images(was, left), len(fresh), len(was), len(left), len(named) - again,
                   _first(terms, was, merged.filter(changed)), ended)


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


def _own(terms: Terms, old: pa.Table, new: pa.Table, tally: Tally) -> pa.Table:
    """Delivered rows of known parties of the areas told; those of other areas are left out, and told."""
    outside = pc.invert(lies_in(old[terms.table.area].combine_chunks(), terms.asked.areas))
    if not pc.any(outside, min_count=0).as_py():
        return new
    column = terms.table.column(key_column(terms.table))
    assert column  # declared
    tally.cells("roll.other", column.label, new[LINE].combine_chunks(), outside,
                lambda _: "现由其他地区登记，不在本次报送的地区之内；请核对，或请该地区先迁出。")
    return new.filter(pc.invert(outside))


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
    return terms.derive.of_rows(rows.select(old.column_names)) if len(rows) else rows.select(old.column_names)


def _merged(terms: Terms, old: pa.Table, new: pa.Table) -> tuple[pa.Table, pa.Array]:
    """All rows of a chunk with the values that were told, derived ones reckoned anew; and which rows differ."""
    key = key_column(terms.table)
    place = pc.index_in(old[key].combine_chunks(), value_set=new[key].combine_chunks())
    told, merged = pc.is_valid(place), old
    every, differs = place.null_count == 0, pa.array([False] * len(old), pa.bool_())
    for name in terms.told:
        at = old.column_names.index(name)
        was, now = old[name].combine_chunks(), new[name].combine_chunks().take(place)
        now = now if every else pc.if_else(told, now, was)
        # most columns are as they were: to see that all at once costs a tenth of telling cells apart
        if not now.equals(was):
            differs = pc.or_(differs, unlike(was, now))
            merged = merged.set_column(at, old.schema.field(at), now)
    return _reckoned(terms, old, merged, differs)


def _reckoned(terms: Terms, old: pa.Table, merged: pa.Table, differs: pa.Array) -> tuple[pa.Table, pa.Array]:
    """Rows with their derived columns: of those that differ, or of all where the parameters are others than they were."""
    if terms.afresh:
        every = terms.derive.of_rows(merged)
        for name in names_of(terms.table):
            differs = pc.or_(differs, unlike(old[name].combine_chunks(), every[name].combine_chunks()))
        return every, differs
    if not pc.any(differs, min_count=0).as_py():
        return merged, differs
    some = terms.derive.of_rows(merged.filter(differs))
    for name in names_of(terms.table):
        at = merged.column_names.index(name)
        cells = pc.replace_with_mask(merged[name].combine_chunks(), differs, some[name].combine_chunks())
        merged = merged.set_column(at, merged.schema.field(at), cells)
    return merged, differs


def unlike(one: pa.Array, other: pa.Array) -> pa.Array:
    """Whether each pair of cells differs; two empty ones do not."""
    return pc.coalesce(pc.not_equal(one, other), pc.xor(pc.is_null(one), pc.is_null(other)))


def _gone(terms: Terms, old: pa.Table, keys: pa.Array) -> pa.Array:
    """Which rows of the areas told in full were not named."""
    if not terms.asked.whole or terms.nobody:
        return pa.array([False] * len(old), pa.bool_())
    keys = pa.concat_arrays([keys.combine_chunks(), pa.array(sorted(terms.spared), pa.string())])
    absent = pc.invert(pc.is_in(old[key_column(terms.table)].combine_chunks(), value_set=keys))
    return pc.and_(absent, lies_in(old[terms.table.area].combine_chunks(), terms.asked.areas))


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
