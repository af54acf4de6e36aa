"""Invented monthly records of firms, of any number, the same on every run: how each fares follows from its place in the list.

    of 1,000 firms: 680 steady, 120 growing, 110 shrinking, 40 fall silent on the way, 25 drop sharply at the end, 25 go quiet

All of them lose in February and March 2020 and come back by June. Some columns are never told of a firm, some months not.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from plumbline.kernel import period as periods

FIRST, LAST = date(2019, 1, 1), date(2020, 6, 1)
# a prime, and what numbers are mixed with
PRIME, SQUARED, MIXES = 2_147_483_647, 1_000_003, (48_271, 16_807, 69_621)
THOUSAND = 1_000
# per thousand of an ordinary month, for all firms alike
CITY = {date(2020, 2, 1): 600, date(2020, 3, 1): 750, date(2020, 4, 1): 880, date(2020, 5, 1): 950}
# where each course ends among 1,000 firms
STEADY, GROWING, SHRINKING, SILENT, DROPPING = 680, 800, 910, 950, 975
UNTOLD, LOST = 120, 15
FIRM_COLUMNS = ("code", "area", "street", "insured", "set_up_on", "closed_on")
YUAN = pa.decimal128(38, 2)


@dataclass(frozen=True, slots=True)
class Firms:
    """Firms in a fixed order: what the roll says of them, and the numbers that follow from their places."""

    told: pa.Table

    @property
    def places(self) -> pa.Array:
        """1, 2, 3 …"""
        return pa.array(range(1, len(self.told) + 1), pa.int64())

    def dice(self, salt: int) -> pa.Array:
        """A number below 1,000 for each firm, another for every salt."""
        mixed = _rest(pc.add(pc.multiply(self.places, MIXES[0]), salt * MIXES[1]), PRIME)
        for mix in MIXES:
            # a square bends the line that multiplying alone would leave
            part = _rest(mixed, SQUARED)
            mixed = _rest(pc.add(pc.multiply(part, part), pc.multiply(pc.divide(mixed, SQUARED), mix)), PRIME)
            mixed = _rest(pc.add(pc.multiply(mixed, mix), salt), PRIME)
        return _rest(pc.divide(mixed, 1_009), THOUSAND)


def firms_of(rows: Iterable[Mapping[str, Any]]) -> Firms:
    """Firms from rows of the roll; one whose staff is not told has some all the same."""
    kinds = (pa.string(), pa.string(), pa.string(), pa.int64(), pa.date32(), pa.date32())
    told: dict[str, list[Any]] = {name: [] for name in FIRM_COLUMNS}
    for row in rows:
        for name in FIRM_COLUMNS:
            told[name].append(row.get(name))
    return Firms(pa.table({name: pa.array(told[name], kind) for name, kind in zip(FIRM_COLUMNS, kinds, strict=True)}))


def months(first: date = FIRST, last: date = LAST) -> Iterator[date]:
    """The first days of the months told of."""
    while first <= last:
        yield first
        first = periods.months_later(first, 1)


def month(firms: Firms, of: date) -> pa.Table:
    """What is told of a month, in the columns of `enterprise.months`: a row for each firm that stood in it."""
    at = (of.year - FIRST.year) * 12 + of.month - FIRST.month
    staff = pc.coalesce(firms.told["insured"], pc.add(pc.divide(firms.dice(1), 60), 2)).combine_chunks()
    level = _level(firms, at)
    moves = pc.divide(pc.multiply(level, CITY.get(of, THOUSAND)), THOUSAND)
    alive = pc.greater(level, 0)
    size = pc.multiply(staff, moves)
    quarter = 3 if of.month % 3 == 1 else 1
    told: dict[str, pa.Array] = {
        "insured": pc.divide(pc.multiply(staff, level), THOUSAND),
        "tax_yuan": _yuan(_noisy(firms, pc.divide(pc.multiply(size, 3), 2), 20 + at)),
        "invoices_yuan": _yuan(_noisy(firms, pc.multiply(size, 20), 60 + at)),
        "invoices": pc.divide(_noisy(firms, pc.multiply(size, 4), 100 + at), THOUSAND),
        "power_kwh": _yuan(_noisy(firms, pc.divide(pc.multiply(size, 3), 10), 140 + at)),
        "hires": pc.divide(_noisy(firms, size, 180 + at), 30 * THOUSAND),
        "leavers": pc.divide(_noisy(firms, pc.multiply(staff, 2 * THOUSAND), 220 + at), 60 * THOUSAND),
        "filings": pc.if_else(alive, quarter, 0).cast(pa.int64())}
    told = {name: _forgotten(firms, cells, 300 + n * 40, at) for n, (name, cells) in enumerate(told.items())}
    fixed = {"code": firms.told["code"], "area": firms.told["area"], "street": firms.told["street"],
             "month_on": pa.array([of] * len(firms.told), pa.date32())}
    return pa.table(fixed | told).filter(_stands(firms, of))


def _level(firms: Firms, at: int) -> pa.Array:
    """How a firm fares in its own course, per thousand of its begin; 0: nothing moves."""
    course, turns = firms.dice(2), _rest(firms.dice(3), 12)
    steps = ((STEADY, pa.scalar(THOUSAND)), (GROWING, pa.scalar(THOUSAND + 25 * at)), (SHRINKING, pa.scalar(THOUSAND - 30 * at)),
             (SILENT, pc.if_else(pc.less_equal(pc.add(turns, 3), at), 0, THOUSAND)),
             (DROPPING, pa.scalar(THOUSAND if at < 16 else 300)), (THOUSAND, pa.scalar(THOUSAND if at < 14 else 0)))
    level = pa.array([0] * len(course), pa.int64())
    for end, told in reversed(steps):
        level = pc.if_else(pc.less(course, end), told, level)
    return level.cast(pa.int64())


def _noisy(firms: Firms, cells: pa.Array, salt: int) -> pa.Array:
    """Numbers, each up to 15 % off."""
    return pc.divide(pc.multiply(cells, pc.add(pc.divide(pc.multiply(firms.dice(salt), 3), 10), 850)), THOUSAND)


def _forgotten(firms: Firms, cells: pa.Array, salt: int, at: int) -> pa.Array:
    """Without what nobody tells of a firm, and what was lost of a month."""
    told = pc.and_(pc.greater_equal(firms.dice(salt), UNTOLD), pc.greater_equal(firms.dice(salt + 1 + at), LOST))
    return pc.if_else(told, cells, pa.scalar(None, cells.type))


def _stands(firms: Firms, of: date) -> pa.Array:
    """Whether a firm stood in a month; without a day, it always did."""
    last = periods.months_later(of, 1)
    began = pc.fill_null(pc.less(firms.told["set_up_on"], pa.scalar(last, pa.date32())), True)
    return pc.and_(began, pc.fill_null(pc.greater_equal(firms.told["closed_on"], pa.scalar(of, pa.date32())), True))


def _yuan(thousandths: pa.Array) -> pa.Array:
    """Whole units with two digits behind the point."""
    return pc.cast(pc.cast(thousandths, pa.decimal128(20, 0)), YUAN)


def _rest(cells: pa.Array, by: int) -> pa.Array:
    return pc.subtract(cells, pc.multiply(pc.divide(cells, by), by))


__all__ = ["FIRST", "LAST", "Firms", "firms_of", "month", "months"]
