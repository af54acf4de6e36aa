"""A delivery that was read, held beside the roll as it stands: chunk by chunk, what it would do and what stands then."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from plumbline.kernel import ROW
from plumbline.kernel.form import FORMS
from plumbline.store.records.identity import read as columns_in
from plumbline.store.records.reading import Reading
from plumbline.store.rolls.checking import RowTally
from plumbline.store.rolls.chunks import (
    Lying,
    bits_for,
    key_column,
    lying,
    numbers_of,
    read_chunk,
    roll_of,
    schema,
    write_chunk,
)
from plumbline.store.rolls.comparing import LINE, Outcome, Terms, compared
from plumbline.store.rolls.standing import overlays, row_counts
from plumbline.store.rolls.tables import Step

Pieces = dict[int, list[pa.RecordBatch]]


@dataclass(slots=True)
class Taken:
    """A chunk as it was written anew.

    rows   rows it holds; `first` the last number given before its fresh ones
    seen   the cut it was compared with, None where nothing was cut
    """

    outcome: Outcome
    paths: Sequence[Path]
    rows: int
    first: int
    seen: int | None


class Beside:
    """A delivery beside the roll.

    held       the chunks that stand; `bits` the width they have then, `regrouped` where that is another than now
    known      the last delivery taken when the work began
    same       rows delivered as they stand already, by chunk
    """

    def __init__(self, terms: Terms, reading: Reading, tally: RowTally) -> None:
        table = terms.table
        self.reading, self.tally = reading, tally
        self.known = Step.objects.filter(table=table.key).values_list("pk", flat=True).first()
        self.roll, self.held = roll_of(table), lying(table)
        rows = max(sum(row_counts(table).values()), reading.rows)
        self.bits = max(self.roll.bits, bits_for(rows)) if terms.asked.whole else self.roll.bits
        self.regrouped = self.bits > self.roll.bits and bool(self.held)
        self._pieces, wrong = partitioned(terms, reading, self.bits, tally.rows)
        column = table.column(key_column(table))
        right = FORMS[column.form].right if column and column.form else bool
        nobody = any(not (key and right(key)) for key in wrong)
        self.mark = terms.derive.mark
        self.terms = replace(terms, spared=frozenset(key for key in wrong if key), nobody=nobody,
                             afresh=self.mark != self.roll.mark)
        self.same: dict[int, int] = {}
        self._read: tuple[Lying | None, pa.Table] = (None, schema(table).empty_table())

    @property
    def numbers(self) -> list[int]:
        """The chunks the delivery may touch."""
        if self.regrouped:
            return list(range(1 << self.bits, 2 << self.bits))
        return sorted({*self._pieces, *(self.held if self.terms.asked.whole or self.terms.afresh else ())})

    def outcomes(self) -> Iterator[tuple[int, Outcome]]:
        """Each of them, compared."""
        for number in self.numbers:
            yield number, self.outcome(number)

    def outcome(self, number: int) -> Outcome:
        """What the delivery does to a chunk."""
        found = compared(self.terms, self._old(number), self._new(number), self.tally)
        self.same[number] = found.same
        return found

    def _old(self, number: int) -> pa.Table:
        """The rows of a chunk as they stand; out of the wider chunk that holds them, where chunks become narrower."""
        wide = number >> (self.bits - self.roll.bits) if self.regrouped else number
        one = self.held.get(wide)
        if one is None:
            return schema(self.terms.table).empty_table()
        if self._read[0] != one:
            self._read = (one, read_chunk(self.terms.table, one))
        rows = self._read[1]
        if not self.regrouped:
            return rows
        return rows.filter(pc.equal(numbers_of(rows[key_column(self.terms.table)], self.bits), number))

    def _new(self, number: int) -> pa.Table:
        """What was delivered of a chunk, as it was sent."""
        if batches := self._pieces.get(number):
            return pa.Table.from_batches(batches)
        whole = schema(self.terms.table)
        names = (*self.terms.table.identity, *self.terms.told)
        return pa.schema([*(whole.field(name) for name in names), pa.field(LINE, pa.int64())]).empty_table()

    def taken(self, number: int, outcome: Outcome, paths: Sequence[Path], first: int) -> tuple[Taken, Callable[[], None]]:
        """A chunk whose fresh rows have their numbers, from behind `first`; and what writes it."""
        rows = outcome.rows[ROW].combine_chunks()
        given = pa.array(range(first + 1, first + 1 + outcome.new), pa.int64())
        numbers = pc.replace_with_mask(rows, pc.equal(rows, -1), given)
        place, many = outcome.rows.column_names.index(ROW), len(outcome.rows)
        write = partial(write_chunk, self.terms.table, outcome.rows.set_column(place, ROW, numbers), paths)
        outcome.rows = outcome.rows.slice(0, 0)
        held = self.held.get(number)
        return Taken(outcome, paths, many, first, held.cut if held else None), write

    def again(self, number: int, now: Lying, taken: Taken) -> Taken:
        """A chunk compared and written once more, since a row of it was corrected meanwhile."""
        self.held[number] = now
        self.terms.overlays.clear()
        self.terms.overlays.update(overlays(self.terms.table))
        again, write = self.taken(number, self.outcome(number), taken.paths, taken.first)
        write()
        return again


def partitioned(terms: Terms, reading: Reading, bits: int, wrong: set[int]) -> tuple[Pieces, list[str | None]]:
    """The delivered rows by chunk, in pieces, wrong ones left out; and the keys of those, None of one that could not be read."""
    key, names = key_column(terms.table), [*terms.table.identity, *terms.told]
    pieces, left, out = Pieces(), list[str | None](), pa.array(sorted(wrong), pa.int64())
    for found in columns_in(reading.files, (*names, ROW)):
        batch = pa.RecordBatch.from_arrays([*(found[name] for name in names), found[ROW]], names=[*names, LINE])
        if wrong:
            out_of_it = pc.is_in(batch[LINE], value_set=out)
            left += batch[key].filter(out_of_it).to_pylist()
            batch = batch.filter(pc.invert(out_of_it))
        numbers = numbers_of(batch[key], bits)
        order = pc.sort_indices(numbers)
        batch, runs, start = batch.take(order), pc.run_end_encode(numbers.take(order)), 0
        for number, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
            pieces.setdefault(number, []).append(batch.slice(start, end - start))
            start = end
    return pieces, left if len(left) == len(wrong) else [*left, None]


