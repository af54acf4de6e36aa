"""From declared indicators and Parquet to figures: counted by the engine, divided and put together here, exactly."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Context, Decimal
from itertools import product
from typing import Any

from plumbline.engine import counting, places
from plumbline.engine.counting import QUOTES, Asked
from plumbline.engine.opening import Engine, standing
from plumbline.engine.reading import Reading, Terms, inputs_of, reading, terms
from plumbline.engine.sources import PLACE, overflow
from plumbline.kernel import ROW, BadInput, Catalog, Figure, Finding, Indicator, Inputs, settle
from plumbline.kernel.figure import NOT_ADDED, NOT_RECEIVED, UNKNOWN, Cell

EXACT = Context(prec=100)
LIMIT = Decimal(10) ** 38


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted of one indicator in one place; parts add up."""

    counted: int = 0
    unknown: int = 0
    top: Decimal | None = None

    def __add__(self, other: "Tally") -> "Tally":
        tops = [top for top in (self.top, other.top) if top is not None]
        top = EXACT.add(tops[0], tops[1]) if len(tops) == 2 else tops[0] if tops else None
        return Tally(self.counted + other.counted, self.unknown + other.unknown, top)

    @property
    def blind(self) -> "Tally":
        """The same rows, where nobody can say whether they belong here."""
        return Tally(0, self.counted + self.unknown)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the engine's answer: the key of an area (None: the rows name none), a cell, and the tallies."""

    key: str | None
    cell: tuple[str | None, ...]
    tallies: tuple[Tally, ...]


# one dimension asked for: its key, and its one value where only that is asked for
Wanted = tuple[tuple[str, str | None], ...]
# numbers of different values by area and cell
Values = dict[tuple[str, tuple[str | None, ...]], int]


def compute(catalog: Catalog, indicators: Sequence[Indicator], period: str, areas: Sequence[str],
            inputs: Mapping[str, Inputs], cells: Sequence[str | tuple[str, str]] = ()) -> list[Figure]:
    """Figures of many indicators for one period.

    Rows     one for each indicator, then area, then cell, in the order asked for
    cells    dimensions to break down by: a key gives every value there is (and every declared choice);
             a pair (key, value) gives that one. Empty: one figure for each area
    Unit     the indicator's own; shares as 0.951
    Missing  never 0: not covered; nothing known; no denominator; nothing of the area's own where parts do not add
    Raises   BadInput for a bad period, area, expression or dimension, a broken file, a sum above 38 digits;
             BadDeclaration for an undeclared table
    """
    codes = places.checked(areas)
    wanted = tuple((one, None) if isinstance(one, str) else (one[0], one[1]) for one in cells)
    read = [reading(catalog, indicator) for indicator in indicators]
    _dimensions(read, wanted)
    found: dict[int, list[Figure]] = {}
    for at, these in counting.passes(read).items():
        asked = Asked(these[0].table, standing().dialect, codes, tuple(key for key, _ in wanted),
                      any(not one.indicator.adds for one in these))
        told = Pass(standing(), asked, inputs_of(inputs, these[0].table), period).figures(these, wanted)
        found |= zip(_where(read, at), told, strict=True)
    return [figure for at in range(len(read)) for figure in found[at]]


def _dimensions(read: Iterable[Reading], wanted: Wanted) -> None:
    wrong = [(one.indicator, key) for one in read for key, _ in wanted if key not in one.indicator.dimensions]
    if wrong:
        raise BadInput([Finding("engine.dimension", indicator.key, f"指标“{indicator.label}”没有申报分组栏目“{key}”；"
                                f"可选：{'、'.join(indicator.dimensions) or '无'}") for indicator, key in wrong])


def _where(read: Sequence[Reading], key: tuple[str, ...]) -> list[int]:
    return [at for at, one in enumerate(read) if counting.pass_of(one) == key]


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass over the rows of a table for one period."""

    engine: Engine
    asked: Asked
    inputs: Inputs
    period: str

    def figures(self, these: Sequence[Reading], wanted: Wanted) -> Iterator[list[Figure]]:
        """The figures of each reading, by area and cell."""
        told = [self.terms(one) for one in these]
        lines = self.lines(told)
        values = self.values(told, lines)
        for at, one in enumerate(told):
            yield [self.figure(one.reading, area, cell, self.tally(lines, at, one.reading, area, cell), values.get(at))
                   for area in self.asked.areas
                   for cell in self.cells(lines, one.reading, area, wanted)]

    def terms(self, read: Reading) -> Terms:
        """A reading in the engine's words."""
        return terms(read, self.period, self.engine.dialect, QUOTES[self.engine.dialect])

    def lines(self, told: Sequence[Terms]) -> list[Line]:
        """The engine's answer: few lines, whatever the number of rows."""
        rows = self.engine.query(counting.question(self.asked, relation(self.engine, self.asked, self.inputs, told), told))
        wide = len(self.asked.dimensions)
        return [Line(row[0], tuple(map(_text, row[1:1 + wide])),
                     tuple(_told(one, *row[1 + wide + 3 * at:4 + wide + 3 * at]) for at, one in enumerate(told)))
                for row in rows]

    def values(self, told: Sequence[Terms], lines: Iterable[Line]) -> dict[int, Values]:
        """How many different values, by place of the indicator, then by area and cell; one question for all."""
        keys = sorted({line.key for line in lines if line.key is not None})
        found: dict[int, Values] = {at: {} for at, one in enumerate(told) if one.reading.indicator.kind == "distinct"}
        parts = []
        for at in found:
            adds = told[at].reading.indicator.adds
            lies = [(key, area) for key in keys for area in self.asked.areas if places.lies(key, area, adds)]
            if lies:
                source = relation(self.engine, self.asked, self.inputs, [told[at]])
                parts.append(f"SELECT {at} AS at_, * FROM ({counting.distinct(self.asked, source, told[at], lies)}) AS a_")
        for at, area, *cell, count in self.engine.query(" UNION ALL ".join(parts)) if parts else ():
            found[at][area, tuple(map(_text, cell))] = count
        return found

    def cells(self, lines: Iterable[Line], read: Reading, area: str, wanted: Wanted) -> list[Cell]:
        """The cells of an area, sorted: those asked for by value, the declared choices, and what its rows hold."""
        mine = [line.cell for line in lines if line.key and places.lies(line.key, area, read.indicator.adds)]
        found = {cell for cell in mine if None not in cell
                 and all(value in (None, cell[at]) for at, (_, value) in enumerate(wanted))}
        named = [self._named(key, value) for key, value in wanted]
        every = sorted(found.union(product(*named)) if all(named) else found, key=str)
        return [tuple((key, str(value)) for (key, _), value in zip(wanted, cell, strict=True)) for cell in every]

    def _named(self, key: str, value: str | None) -> tuple[str, ...]:
        column = self.asked.table.column(key)
        return (value,) if value is not None else column.choices if column else ()

    def tally(self, lines: Iterable[Line], at: int, read: Reading, area: str, cell: Cell) -> Tally:
        """What the lines say of one area and cell; rows without area or cell may belong to any."""
        total = Tally()
        for line in lines:
            if line.key is not None and not places.lies(line.key, area, read.indicator.adds):
                continue
            if any(mine not in (None, value) for mine, (_, value) in zip(line.cell, cell, strict=True)):
                continue
            unsure = line.key is None or None in line.cell
            total += line.tallies[at].blind if unsure else line.tallies[at]
        return total

    def figure(self, read: Reading, area: str, cell: Cell, tally: Tally, values: Values | None) -> Figure:
        """The figure a tally comes to; `values` only where different values are counted."""
        if values is not None:
            tally = replace(tally, top=Decimal(values.get((area, tuple(value for _, value in cell)), 0)))
        told = places.told(self.inputs, read.indicator, area, self.period)
        return made(read.indicator, tally, NOT_RECEIVED if not told else "", Figure(
            read.indicator.key, area, self.period, read.indicator.unit, None, cell=cell, inputs=self.inputs.hashes,
            version=read.indicator.version))


def relation(engine: Engine, asked: Asked, inputs: Inputs, told: Sequence[Terms], more: Iterable[str] = ()) -> str:
    """The rows a pass reads, in brackets: all of them, or of each identity the last."""
    table, one = asked.table, told[0]
    columns = sorted({table.area, *asked.dimensions, *more}.union(*(each.reading.columns for each in told)))
    if one.reading.indicator.kind != "latest" or not one.when:
        return engine.source(inputs, columns)
    whole = sorted({*columns, *counting.identity_of(one), ROW} - {PLACE})
    return counting.latest(asked, engine.source(inputs, [*whole, PLACE]), one, columns)


def made(indicator: Indicator, tally: Tally, missing: str, empty: Figure) -> Figure:
    """A figure from what was counted: its one division, or why it has no value."""
    if not missing and not tally.counted:
        missing = UNKNOWN if tally.unknown else "" if indicator.adds else NOT_ADDED
    counted = replace(empty, counted=tally.counted, unknown=tally.unknown)
    if missing:
        return replace(counted, missing=missing)
    top = tally.top if tally.top is not None else Decimal(0)
    if abs(top) >= LIMIT:
        raise overflow()
    bottom = Decimal(tally.counted) if indicator.kind in ("share", "mean") else None
    value, missing = settle(indicator.kind, top, bottom)
    return replace(counted, value=value, missing=missing, top=top, bottom=bottom)


def _told(one: Terms, counted: int | None, unknown: int | None, top: Decimal | int | None) -> Tally:
    """A tally as the engine gives it; only a count's top is what was counted."""
    rows = int(counted or 0)
    if one.reading.indicator.kind == "count":
        return Tally(rows, int(unknown or 0), Decimal(rows))
    if one.reading.indicator.kind == "share":
        return Tally(rows, int(unknown or 0), Decimal(top or 0))
    return Tally(rows, int(unknown or 0), Decimal(top) if top is not None and rows else None)


def _text(value: Any) -> str | None:
    """The value of a dimension as a cell writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return None if value is None else str(value)
