"""All rules on all rows of a table in one pass, the reasons kept: who is eligible, who is not and why, who cannot be told."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow
from django.conf import settings
from pyarrow import compute

from plumbline.engine import giving, reasons
from plumbline.engine.giving import Given
from plumbline.engine.pages import duck
from plumbline.engine.reasons import Answers, Asked, Bits
from plumbline.engine.sources import column_of
from plumbline.engine.stretches import stretches
from plumbline.kernel import ROW, BadDeclaration, BadInput, File, Finding, Inputs, Parameter, Rule, Table
from plumbline.kernel.decision import condition_of

Progress = Callable[[int, int], None]


class Shut(NamedTuple):
    """How many rows a condition holds of, fails of, and cannot be told of; and of how many it alone fails."""

    true: int
    false: int
    unknown: int
    alone: int


class Counts(NamedTuple):
    """How many rows a rule holds of, does not, and cannot be told of; the same of each condition, by key."""

    eligible: int
    not_eligible: int
    unknown: int
    by_condition: Mapping[str, Shut]


class Why(NamedTuple):
    """The kept answer for one row: of the rule, and of each condition by key."""

    holds: bool | None
    conditions: Mapping[str, bool | None]


@dataclass(frozen=True, slots=True)
class Decided:
    """Answers of rules for all rows of a table, on a day. Nothing is reckoned anew: everything is a look-up of bits.

    parts  the rows, stretch by stretch, in the order of the files' hashes
    names  digests of each rule's conditions, by the rule's key, in the rule's order
    """

    inputs: Inputs
    rules: Mapping[str, Rule]
    names: Mapping[str, tuple[str, ...]]
    parts: tuple[Answers, ...]
    parameters: Mapping[str, Parameter]
    day: date
    folder: Path | None = None

    def counts(self, key: str) -> Counts:
        """How many rows, in all and by condition."""
        names = self.names[key]
        if not self.parts:
            return Counts(0, 0, 0, {one.key: Shut(0, 0, 0, 0) for one in self.rules[key].conditions})
        bits = [pyarrow.concat_arrays([part.bits[name] for part in self.parts]) for name in names]
        whole, each = _counted(bits)
        return Counts(*whole, {one.key: shut for one, shut in zip(self.rules[key].conditions, each, strict=True)})

    def by(self, key: str, column: str) -> dict[Any, tuple[int, int, int]]:
        """How many rows are eligible, not, and cannot be told, by the values of a column; None where it is unknown."""
        column_of(self.inputs.table, column)
        found: dict[Any, list[int]] = {}
        for part, values in self._beside(column):
            holds = self.answer(key, part)
            marks = (holds, compute.invert(holds), compute.is_null(holds))
            for at, mark in enumerate(marks):
                for told in values.filter(mark, null_selection_behavior="drop").value_counts():
                    found.setdefault(told["values"].as_py(), [0, 0, 0])[at] += told["counts"].as_py()
        return {value: (told[0], told[1], told[2]) for value, told in sorted(found.items(), key=lambda one: str(one[0]))}

    def why(self, key: str, row: object) -> Why | None:
        """The kept answer for a row by its key; None where the table has no such row."""
        for part, values in self._keys():
            at = compute.index(values, pyarrow.scalar(row, values.type)).as_py()
            if at >= 0:
                told = {one.key: part.bits[name][at].as_py()
                        for one, name in zip(self.rules[key].conditions, self.names[key], strict=True)}
                return Why(_of_all(told.values()), told)
        return None

    def rows(self, key: str, answer: bool | None, first: int = 0, size: int = 100) -> list[Any]:
        """Keys of the rows with an answer, a page of them, in the order of the files."""
        return self._page(lambda part: _with(self.answer(key, part), answer), first, size)

    def misses(self, key: str, condition: str, first: int = 0, size: int = 100) -> list[Any]:
        """Keys of the rows that only one condition shuts out, all others being true; a page of them."""
        at = [one.key for one in self.rules[key].conditions].index(condition)

        def alone(part: Answers) -> Bits:
            bits = [part.bits[name] for name in self.names[key]]
            return _with(_all([*bits[:at], compute.invert(bits[at]), *bits[at + 1:]]), True)
        return self._page(alone, first, size)

    def amounts(self, key: str) -> Given:
        """What the eligible rows are given together, exactly."""
        return giving.given(self.rules[key], self.inputs, self.parameters, self.day, duck())

    def answer(self, key: str, part: Answers) -> Bits:
        """The rule's answers for some rows."""
        return _all([part.bits[name] for name in self.names[key]])

    @property
    def identity(self) -> str:
        """The column that names a row; the row's number where several columns do."""
        told = self.inputs.table.identity
        return told[0] if len(told) == 1 else ROW

    def _page(self, wanted: Callable[[Answers], Bits], first: int, size: int) -> list[Any]:
        found: list[Any] = []
        for part in self.parts:
            bits = wanted(part)
            if first >= bits.true_count:
                first -= bits.true_count
                continue
            [values] = [values for other, values in self._keys(part.file) if other is part]
            found += values.filter(bits).slice(first, size - len(found)).to_pylist()
            first = 0
            if len(found) >= size:
                break
        return found

    def _beside(self, column: str) -> Iterator[tuple[Answers, Any]]:
        """The stretches, each with its values of a column."""
        for file, mine in self._files():
            for part, stretch in zip(mine, stretches(file, self.inputs.table, [column]), strict=True):
                yield part, stretch.column(column)

    def _keys(self, only: File | None = None) -> Iterator[tuple[Answers, Any]]:
        """The stretches, of one file or of all, each with what names its rows."""
        for file, mine in self._files():
            if only in (None, file):
                yield from zip(mine, reasons.keys(file, self.inputs.table, self.identity, self.folder), strict=True)

    def _files(self) -> Iterator[tuple[File, list[Answers]]]:
        for file, mine in groupby(self.parts, key=lambda part: part.file):
            yield file, list(mine)


def decide(rules: Sequence[Rule], inputs: Inputs, day: date, parameters: Mapping[str, Parameter],
           progress: Progress | None = None, folder: Path | None = None) -> Decided:
    """What the rules say of every row on a day; only what is not kept yet is reckoned, and is then kept.

    parameters  of the whole catalog
    progress    told how many files of how many are done
    folder      where answers are kept; `decisions` of the data folder unless said otherwise
    Raises      BadInput for an expression that cannot be used or a broken file
    """
    return _decided(rules, inputs, (day, parameters), folder or home(), progress)


def live(rule: Rule, inputs: Inputs, day: date, parameters: Mapping[str, Parameter]) -> Decided:
    """The same for one rule that is still being typed: nothing is kept."""
    return _decided([rule], inputs, (day, parameters), None, None)


def home() -> Path:
    """The folder of answers."""
    return Path(settings.DATA) / "decisions"


def tidy_decisions(files: Collection[str], conditions: Collection[str] | None = None, folder: Path | None = None) -> int:
    """Drop answers of files that no longer stand, and of conditions nobody asks for; how many packs.

    files       sha256 of every file that stands, of every table with rules
    conditions  `digests` of all rules in force; None: every condition may be asked for again
    """
    return reasons.tidy(folder or home(), files, conditions)


def digests(rules: Sequence[Rule], table: Table, day: date, parameters: Mapping[str, Parameter]) -> frozenset[str]:
    """Names of all conditions of rules as they are kept."""
    return frozenset(one.digest for rule in rules for one in _asked(rule, table, day, parameters))


def _decided(rules: Sequence[Rule], inputs: Inputs, on: tuple[date, Mapping[str, Parameter]], folder: Path | None,
             progress: Progress | None) -> Decided:
    day, parameters = on
    table = inputs.table
    for rule in rules:
        if rule.table != table.key:
            raise BadDeclaration(f"{rule.key} is a rule of {rule.table}, not of {table.key}")
    told = {rule.key: _asked(rule, table, day, parameters) for rule in rules}
    these = list({one.digest: one for asked in told.values() for one in asked}.values())
    files = sorted(inputs.files, key=lambda file: file.sha256)
    asking, found = duck(), list[Answers]()
    for at, parts in enumerate(_together(lambda file: reasons.answers(file, table, these, folder, asking), files)):
        found += parts
        if progress:
            progress(at + 1, len(files))
    names = {key: tuple(one.digest for one in asked) for key, asked in told.items()}
    return Decided(inputs, {rule.key: rule for rule in rules}, names, tuple(found), parameters, day, folder)


def _asked(rule: Rule, table: Table, day: date, parameters: Mapping[str, Parameter]) -> list[Asked]:
    try:
        return [reasons.asked(condition_of(one, table, parameters), table, day) for one in rule.conditions]
    except BadInput as error:
        raise BadInput(Finding(one.check, f"{rule.key}.{one.where}", one.message) for one in error.findings) from error


def _together(act: Callable[[Any], Any], these: Sequence[Any]) -> Iterator[Any]:
    """The act on each, as many at once as there are cores, in their order."""
    if len(these) < 2:
        yield from map(act, these)
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(act, these)


def _all(bits: Sequence[Bits]) -> Bits:
    """AND of them, three-valued."""
    return reduce(compute.and_kleene, bits)


def _of_all(answers: Collection[bool | None]) -> bool | None:
    return False if False in answers else None if None in answers else True


def _with(bits: Bits, answer: bool | None) -> Bits:
    """Where bits have an answer: true or false, never NULL."""
    if answer is None:
        return compute.is_null(bits)
    return (bits if answer else compute.invert(bits)).fill_null(False)


def _tally(bits: Bits) -> tuple[int, int, int]:
    """How many are true, false and NULL."""
    true, unknown = bits.true_count, bits.null_count
    return true, len(bits) - true - unknown, unknown


def _counted(bits: Sequence[Bits]) -> tuple[tuple[int, int, int], list[Shut]]:
    """Of a rule's conditions: its own tally, and each condition's with how many it alone fails."""
    before, after = [bits[0]], [bits[-1]]
    for one in bits[1:]:
        before.append(compute.and_kleene(before[-1], one))
    for one in reversed(bits[:-1]):
        after.append(compute.and_kleene(after[-1], one))
    after.reverse()
    told = []
    for at, one in enumerate(bits):
        others = [*(before[at - 1:at] if at else ()), *after[at + 1:at + 2]]
        told.append(Shut(*_tally(one), _all([compute.invert(one), *others]).true_count))
    return _tally(before[-1]), told
