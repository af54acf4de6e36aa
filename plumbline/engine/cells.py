"""What was decided, counted once more by the values of some columns, of the rows of one area alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow
from pyarrow import compute

from plumbline.engine.decide import Counts, Decided
from plumbline.engine.reasons import Bits
from plumbline.engine.stretches import stretches

Triple = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Cells:
    """One rule, counted among the rows that its condition of the area holds of.

    counts  of the rule and each condition
    cells   column → value → eligible, not eligible, cannot be told; a value nobody told is None
    """

    counts: Counts
    cells: Mapping[str, Mapping[str | None, Triple]] = field(default_factory=dict)


@dataclass(slots=True)
class _Coded:
    """The values of a column in a stretch: a number for each row, and what the numbers stand for.

    within  the numbers of the rows of an area, by the digest of its condition; counted once
    """

    codes: Any
    values: Sequence[str | None]
    within: dict[str, tuple[Any, Mapping[int, int]]] = field(default_factory=dict)

    def of(self, area: str, mask: Bits | None) -> tuple[Any, Mapping[int, int]]:
        """The numbers of the rows of an area, and how many there are of each."""
        if area not in self.within:
            codes = self.codes if mask is None else self.codes.filter(mask)
            self.within[area] = (codes, _many(codes))
        return self.within[area]


def cells(decided: Decided, columns: Sequence[str], area: str) -> Iterator[tuple[str, Cells]]:
    """Every rule by its key, counted in the rows where its condition `area` holds; in all rows where it has none.

    Reads  the columns once, however many rules there are
    """
    told = [column for column in columns if decided.inputs.table.column(column)]
    coded = _coded(decided, told)
    for key, rule in decided.rules.items():
        keys = [one.key for one in rule.conditions]
        narrowed, masks = _narrowed(decided, key, keys.index(area) if area in keys else None)
        sums: dict[str, dict[str | None, list[int]]] = {column: {} for column in told}
        for part, mine, (name, mask) in zip(narrowed.parts, coded, masks, strict=True):
            holds = narrowed.answer(key, part)
            unknown = compute.is_null(holds)
            for column, one in zip(told, mine, strict=True):
                _add(sums[column], one, one.of(name, mask), (holds, unknown))
        found = {column: {value: (one[0], one[1], one[2]) for value, one in rows.items()} for column, rows in sums.items()}
        yield key, Cells(narrowed.counts(key), found)


def _narrowed(decided: Decided, key: str, at: int | None) -> tuple[Decided, list[tuple[str, Bits | None]]]:
    """One rule's answers for the rows of its area, and the mask of the area for each part."""
    names = decided.names[key]
    masks: list[tuple[str, Bits | None]] = [
        ("", None) if at is None else (names[at], part.bits[names[at]]) for part in decided.parts]
    parts = []
    for part, (_, mask) in zip(decided.parts, masks, strict=True):
        bits = {name: part.bits[name] if mask is None else part.bits[name].filter(mask) for name in names}
        parts.append(replace(part, bits=bits))
    return replace(decided, rules={key: decided.rules[key]}, names={key: names}, parts=tuple(parts)), masks


def _add(sums: dict[str | None, list[int]], coded: _Coded, told: tuple[Any, Mapping[int, int]], marks: tuple[Bits, Bits]) -> None:
    """Add a part's rows by the values of a column."""
    codes, every = told
    eligible, unknown = (_many(codes.filter(mark)) for mark in marks)
    for code, many in every.items():
        one = sums.setdefault(coded.values[code], [0, 0, 0])
        one[0] += eligible.get(code, 0)
        one[1] += many - eligible.get(code, 0) - unknown.get(code, 0)
        one[2] += unknown.get(code, 0)


def _many(codes: Any) -> dict[int, int]:
    """How often each number occurs."""
    found = codes.value_counts()
    return dict(zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True))


def _coded(decided: Decided, columns: Sequence[str]) -> list[list[_Coded]]:
    """The columns of every part."""
    found: list[list[_Coded]] = []
    for file in dict.fromkeys(part.file for part in decided.parts):
        for stretch in stretches(file, decided.inputs.table, list(columns)):
            found.append([_of_column(stretch.column(column)) for column in columns])
    return found


def _of_column(array: Any) -> _Coded:
    encoded = array if pyarrow.types.is_dictionary(array.type) else array.dictionary_encode()
    names: list[str | None] = [*encoded.dictionary.to_pylist(), None]
    return _Coded(encoded.indices.cast(pyarrow.int32()).fill_null(len(names) - 1), names)
