"""Numbers and days of many rows at once, in whole numbers of 64 bits that are known not to overflow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

import pyarrow
from pyarrow import compute

from plumbline.kernel.expression import tree
from plumbline.kernel.expression.sql import EPOCH, FROM, UNTIL
from plumbline.kernel.expression.tree import Node

LONG = 2**63 - 1
Array = Any
# a condition: an array of bits, or the same answer for every row
Truth = Any
ACT: dict[str, Callable[[Any, Any], Any]] = {"+": compute.add, "-": compute.subtract, "*": compute.multiply}
WHOLE: dict[str, Callable[[int, int], int]] = {"+": int.__add__, "-": int.__sub__, "*": int.__mul__}


class Beyond(Exception):  # noqa: N818  no error: another engine can
    """An expression, or a value in it, that is not for this engine."""


@dataclass(frozen=True, slots=True)
class Number:
    """Numbers or days: whole ones, to be divided by ten to the scale; one for all rows, or None: NULL for all.

    low, high  what none of them is below or above
    """

    values: Array
    scale: int = 0
    low: int = 0
    high: int = 0

    @property
    def one(self) -> bool:
        """Whether it is the same for every row."""
        return self.values is None or isinstance(self.values, int)

    def scaled(self, scale: int) -> "Number":
        """The same with more digits behind the point. Raises Beyond where 64 bits do not hold it."""
        if scale == self.scale or self.values is None:
            return Number(self.values, scale, self.low, self.high)
        by = 10 ** (scale - self.scale)
        return within("*", self.values, by, (self.low * by, self.high * by), scale)


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts by their place in a sorted list; a place is NULL where the text is."""

    places: Array
    values: tuple[str, ...]


class Columns(Protocol):
    """Rows of a file, a column at a time."""

    rows: int

    def number(self, key: str) -> Number:
        """A column of numbers or days."""

    def truth(self, key: str) -> Array:
        """A column of yes and no."""

    def texts(self, key: str) -> Texts:
        """A column of texts. Raises Beyond where they are too many different ones."""


Ask = Callable[[Node, Columns], Truth]


def number(node: Node, columns: Columns, ask: Ask) -> Number:
    """A number or a day for every row, or one for all. Raises Beyond."""
    if type(node) not in NUMBERS or not (node.kind.numeric or node.kind.name == "date"):
        raise Beyond
    return NUMBERS[type(node)](node, columns, ask)


def of(value: tree.Value, scale: int) -> Number:
    """One number or day for all rows."""
    if value is None:
        return Number(None, scale)
    if isinstance(value, date):
        value = value.toordinal() - EPOCH.toordinal()
    whole = int(Decimal(value).scaleb(scale)) if isinstance(value, int | Decimal) else 0
    return Number(whole, scale, whole, whole)


def within(sign: str, left: Any, right: Any, bounds: tuple[int, int], scale: int) -> Number:
    """Two numbers added, taken away or multiplied, the result within these bounds. Raises Beyond above 64 bits."""
    if isinstance(left, int) and isinstance(right, int):
        return Number(WHOLE[sign](left, right), scale, *bounds)
    low, high = bounds
    if low < -LONG or high > LONG:
        raise Beyond
    one, other = (pyarrow.scalar(side, pyarrow.int64()) if isinstance(side, int) else side.cast(pyarrow.int64())
                  for side in (left, right))
    return Number(ACT[sign](one, other), scale, low, high)


def reckoned(sign: str, left: Number, right: Number) -> Number:
    """Two numbers added, taken away or multiplied. Raises Beyond where 64 bits may not hold the result."""
    if left.values is None or right.values is None:
        return Number(None, left.scale + right.scale if sign == "*" else max(left.scale, right.scale))
    scale = max(left.scale, right.scale)
    one, other = (left, right) if sign == "*" else (left.scaled(scale), right.scaled(scale))
    ends = [WHOLE[sign](a, b) for a in (one.low, one.high) for b in (other.low, other.high)]
    return within(sign, one.values, other.values, (min(ends), max(ends)), one.scale + other.scale if sign == "*" else scale)


def _literal(node: tree.Literal, columns: Columns, ask: Ask) -> Number:
    return of(node.value, node.kind.scale)


def _field(node: tree.Field, columns: Columns, ask: Ask) -> Number:
    return columns.number(node.column.key)


def _arithmetic(node: tree.Arithmetic, columns: Columns, ask: Ask) -> Number:
    return reckoned(node.sign, number(node.left, columns, ask), number(node.right, columns, ask))


def _negative(node: tree.Negative, columns: Columns, ask: Ask) -> Number:
    return reckoned("-", of(0, 0), number(node.part, columns, ask))


def _gap(node: tree.Gap, columns: Columns, ask: Ask) -> Number:
    return reckoned("-", number(node.left, columns, ask), number(node.right, columns, ask))


def _shift(node: tree.Shift, columns: Columns, ask: Ask) -> Number:
    """A day moved; Beyond where one may leave the years 1 to 9999."""
    told = reckoned(node.sign, number(node.day, columns, ask), number(node.days, columns, ask))
    if told.values is not None and not FROM <= told.low <= told.high <= UNTIL:
        raise Beyond
    return told


def _call(node: tree.Call, columns: Columns, ask: Ask) -> Number:
    """Year or month of a day; the length of a text is for another engine, unless the text is all a condition reads."""
    if node.name == "length":
        raise Beyond
    day = number(node.part, columns, ask)
    if day.one:
        raise Beyond
    told = {"year": compute.year, "month": compute.month}[node.name](day.values.cast(pyarrow.int32()).cast(pyarrow.date32()))
    return Number(told, 0, *((1, 12) if node.name == "month" else (1, 9999)))


def _first(node: tree.First, columns: Columns, ask: Ask) -> Number:
    parts = _scaled(node.parts, node.kind.scale, columns, ask)
    told = [part for part in parts if part.values is not None]
    return _bounded(lambda: coalesced([part.values for part in told], pyarrow.int64()), told, node.kind.scale)


def _case(node: tree.Case, columns: Columns, ask: Ask) -> Number:
    parts = _scaled([*(then for _, then in node.branches), node.otherwise], node.kind.scale, columns, ask)
    *thens, otherwise = [part.values for part in parts]
    whens = [ask(when, columns) for when, _ in node.branches]
    return _bounded(lambda: chosen(whens, thens, otherwise, pyarrow.int64()), parts, node.kind.scale)


def _scaled(nodes: Sequence[Node], scale: int, columns: Columns, ask: Ask) -> list[Number]:
    return [number(node, columns, ask).scaled(scale) for node in nodes]


def _bounded(told: Callable[[], Any], parts: Sequence[Number], scale: int) -> Number:
    """One of several numbers. Raises Beyond where 64 bits do not hold them all."""
    low, high = min((part.low for part in parts), default=0), max((part.high for part in parts), default=0)
    if low < -LONG or high > LONG:
        raise Beyond
    return Number(told(), scale, low, high)


def coalesced(parts: Sequence[Any], kind: pyarrow.DataType) -> Any:
    """The first that is not NULL, row by row."""
    if not parts or (len(parts) == 1):
        return parts[0] if parts else None
    arrays = [pyarrow.scalar(part, kind) if isinstance(part, bool | int) else part.cast(kind) for part in parts]
    return parts[0] if isinstance(parts[0], bool | int) else compute.coalesce(*arrays)


def chosen(whens: Sequence[Truth], thens: Sequence[Any], otherwise: Any, kind: pyarrow.DataType) -> Any:
    """The first value whose condition is true, from the last one on."""
    told = otherwise
    for when, then in reversed(list(zip(whens, thens, strict=True))):
        if when is None or isinstance(when, bool):
            told = then if when else told
            continue
        one, other = (pyarrow.scalar(part, kind) if part is None or isinstance(part, bool | int) else part.cast(kind)
                      for part in (then, told))
        told = compute.if_else(when.fill_null(False), one, other)
    return told


NUMBERS: dict[type[Node], Callable[[Any, Columns, Ask], Number]] = {
    tree.Literal: _literal, tree.Field: _field, tree.Arithmetic: _arithmetic, tree.Negative: _negative, tree.Gap: _gap,
    tree.Shift: _shift, tree.Call: _call, tree.First: _first, tree.Case: _case,
}
