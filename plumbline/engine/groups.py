"""Figures of every value of one column at once (streets, offices, classes), of one period or of several, in one pass."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from plumbline.engine import places
from plumbline.engine.compute import Line, Pass, Tally, compute, made
from plumbline.engine.counting import QUOTES, Asked
from plumbline.engine.opening import standing
from plumbline.engine.reading import Reading, Terms, inputs_of, reading, terms
from plumbline.kernel import BadInput, Catalog, Figure, Finding, Indicator, Inputs
from plumbline.kernel.figure import NOT_RECEIVED, Cell

# counted again for each period: of each thing its last row, or different values
APART = ("latest", "distinct")
Groups = dict[tuple[str, str], list[Figure]]


@dataclass(frozen=True, slots=True)
class By:
    """What figures are grouped by: a column (empty: by period alone), among rows whose other columns hold a value.

    cell  those columns and their values, as a figure's cell
    """

    column: str = ""
    cell: Cell = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """All columns asked for, the grouping one last."""
        return (*(key for key, _ in self.cell), *([self.column] if self.column else []))


def grouped(catalog: Catalog, indicators: Sequence[Indicator], period: str, inputs: Mapping[str, Inputs], area: str,
            by: str | By) -> dict[str, list[Figure]]:
    """By value of a column the figures of the indicators, in their order; of each value some row of the area holds.

    Equal    to `compute` of each indicator and cell: the same three answers, missing is never 0
    Unknown  rows whose column is empty may belong to any value: unknown in every one
    Raises   BadInput, BadDeclaration, as `compute`
    """
    return {value: figures for (value, _), figures in over(catalog, indicators, (period,), inputs, area, by).items()}


def over(catalog: Catalog, indicators: Sequence[Indicator], periods: Sequence[str], inputs: Mapping[str, Inputs], area: str,
         by: str | By = "") -> Groups:
    """The same for several periods at once, by value and period; without a column, the value is empty."""
    [code], how = places.checked([area]), By(by) if isinstance(by, str) else by
    read = [reading(catalog, one) for one in indicators]
    _permitted(read, how)
    found: dict[int, Groups] = {}
    plain = [at for at, one in enumerate(read) if one.indicator.kind not in APART]
    for table in {read[at].table.key for at in plain}:
        these = [at for at in plain if read[at].table.key == table]
        held = inputs_of(inputs, read[these[0]].table)
        told = _Counted([read[at] for at in these], tuple(periods), held, code, how).figures()
        found |= {at: {key: [row[n]] for key, row in told.items()} for n, at in enumerate(these)}
    for at in set(range(len(read))) - set(plain):
        found[at] = _one_by_one(catalog, indicators[at], periods, inputs, (code, how))
    keys = dict.fromkeys(key for at in found for key in found[at])
    return {key: [found[at][key][0] if key in found[at] else _alone(catalog, indicators[at], key, inputs, (code, how))
                  for at in range(len(read))] for key in sorted(keys)}


def _permitted(read: Iterable[Reading], by: By) -> None:
    """Raise BadInput where an indicator may not be broken down so."""
    wrong = [Finding("engine.dimension", one.indicator.key, f"指标“{one.indicator.label}”没有申报分组栏目“{key}”；"
                     f"可选：{'、'.join(one.indicator.dimensions) or '无'}")
             for one in read for key in by.keys if key not in one.indicator.dimensions]
    if wrong:
        raise BadInput(wrong)


def _alone(catalog: Catalog, indicator: Indicator, key: tuple[str, str], inputs: Mapping[str, Inputs],
           asked: tuple[str, By]) -> Figure:
    """The figure of a value that only rows of other indicators hold."""
    area, by = asked
    [figure] = compute(catalog, [indicator], key[1], [area], inputs, [*by.cell, (by.column, key[0])])
    return figure


def _one_by_one(catalog: Catalog, indicator: Indicator, periods: Iterable[str], inputs: Mapping[str, Inputs],
                asked: tuple[str, By]) -> Groups:
    area, by = asked
    cells: list[str | tuple[str, str]] = [*by.cell, *([by.column] if by.column else [])]
    return {(one.cell[-1][1] if by.column else "", period): [one] for period in periods
            for one in compute(catalog, [indicator], period, [area], inputs, cells)}


@dataclass(frozen=True, slots=True)
class _Counted:
    """Indicators of one table, counted for several periods and all values of a column."""

    read: Sequence[Reading]
    periods: tuple[str, ...]
    inputs: Inputs
    area: str
    by: By

    def figures(self) -> Groups:
        """By value and period the figures, in the order of the readings."""
        dialect = standing().dialect
        told = [terms(one, period, dialect, QUOTES[dialect]) for period in self.periods for one in self.read]
        tallies, blind = self._tallied(self._lines(told), len(told))
        empties = [self._empty(one, period) for period in self.periods for one in self.read]
        wide = len(self.read)
        return {(value, period): [self._figure(value, each, mine[at] + blind[at]) for at, each in
                                  enumerate(empties[n * wide:(n + 1) * wide], n * wide)]
                for value, mine in tallies.items() for n, period in enumerate(self.periods)}

    def _lines(self, told: Sequence[Terms]) -> list[Line]:
        asked = Asked(self.read[0].table, standing().dialect, (self.area,), self.by.keys,
                      any(not one.indicator.adds for one in self.read))
        return Pass(standing(), asked, self.inputs, self.periods[0]).lines(told)

    def _tallied(self, lines: Iterable[Line], wide: int) -> tuple[dict[str, list[Tally]], list[Tally]]:
        """Of each value its tallies, and what may belong to any of them."""
        found: dict[str, list[Tally]] = {value: [Tally()] * wide for value in self._declared()}
        blind = [Tally()] * wide
        for line, value, unsure in self._mine(lines):
            if value is not None and line.key is not None and not unsure:
                found.setdefault(value, [Tally()] * wide)
        for line, value, unsure in self._mine(lines):
            into = blind if value is None else found.get(value)
            if into is not None:
                for at, tally in enumerate(line.tallies):
                    if self._lies(line.key, at):
                        into[at] = into[at] + (tally.blind if unsure else tally)
        return found, blind

    def _mine(self, lines: Iterable[Line]) -> Iterator[tuple[Line, str | None, bool]]:
        """Lines that may belong to the area and cell: value of the column, and whether that they do is not known."""
        many = len(self.by.cell)
        for line in lines:
            if all(mine in (None, value) for mine, (_, value) in zip(line.cell[:many], self.by.cell, strict=True)):
                value = line.cell[-1] if self.by.column else ""
                yield line, value, line.key is None or None in line.cell

    def _lies(self, key: str | None, at: int) -> bool:
        return key is None or places.lies(key, self.area, self.read[at % len(self.read)].indicator.adds)

    def _declared(self) -> tuple[str, ...]:
        column = self.read[0].table.column(self.by.column)
        return ("",) if not self.by.column else column.choices if column else ()

    def _empty(self, one: Reading, period: str) -> tuple[Indicator, str, Figure]:
        """The indicator, why there can be no figure of it for this period, and the figure without its number."""
        missing = "" if places.told(self.inputs, one.indicator, self.area, period) else NOT_RECEIVED
        return one.indicator, missing, Figure(one.indicator.key, self.area, period, one.indicator.unit, None,
                                              inputs=self.inputs.hashes, version=one.indicator.version)

    def _figure(self, value: str, empty: tuple[Indicator, str, Figure], tally: Tally) -> Figure:
        indicator, missing, figure = empty
        cell = (*self.by.cell, (self.by.column, value)) if self.by.column else self.by.cell
        return made(indicator, tally, missing, _with_cell(figure, cell))


def _with_cell(figure: Figure, cell: Cell) -> Figure:
    return Figure(figure.indicator, figure.area, figure.period, figure.unit, None, cell=cell, inputs=figure.inputs,
                  version=figure.version)


__all__ = ["By", "grouped", "over"]
