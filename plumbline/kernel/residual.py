"""Which fields would decide a condition that cannot be told: what is left of its tree under the values that are known.

A field is named when the answer may stay open without it. Fields that stand in several comparisons are tried with a value
of each region their limits cut; others may make a comparison true or false as they like.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

from plumbline.kernel.expression import tree
from plumbline.kernel.expression.fixed import fixed
from plumbline.kernel.expression.row import Row, Test, compiled
from plumbline.kernel.expression.tree import Node, walk
from plumbline.kernel.outlook import ANY, NONE, NOTHING, Fields, Look, View, order, parts, reached
from plumbline.kernel.record import Column

# combinations of values that are tried before a field is kept untried
MOST_TRIED = 512
# a text that no condition names
OTHER = "\x00"


def wants(root: Node, row: Row, told: Fields = NONE, thorough: bool = True) -> tuple[str, ...]:
    """The fields that decide a root which is NULL of a row: with any values of these it is told, without one perhaps not.

    root      without parameters (`fixed`)
    told      fields that are taken as told anyway
    thorough  try values; else only what the tree itself shows
    """
    view = View(row, told)
    while _open(root, view) if thorough else view.look(root).null:
        more = view.need(root) - view.told or _touched(view, root) - view.told
        if not more:
            return tuple(key for key in order(root) if key in view.told - told)
        view = View(row, view.told | more)
    return _least(root, view, told, thorough)


def _least(root: Node, view: View, told: Fields, thorough: bool) -> tuple[str, ...]:
    """The fields in the order they are written, without those that can be left out."""
    keys = [key for key in order(root) if key in view.told - told]
    left = 0
    while left != len(keys):  # without one, another may no longer matter
        left = len(keys)
        for key in reversed(keys[:] if left + len(told) > 1 else []):
            without = View(view.row, frozenset(keys) - {key} | told)
            if not (_open(root, without) if thorough else without.look(root).null):
                keys.remove(key)
    return tuple(keys)


def _touched(view: View, root: Node) -> Fields:
    """Every blank field of what is left of a tree, where no one path to an answer is."""
    return frozenset(key for key in _left(view, root) if view.blank(key))


def _left(view: View, node: Node) -> Iterator[str]:
    if isinstance(node, tree.Field):
        yield node.column.key
    elif isinstance(node, tree.Case):
        for part in (*(when for when, _ in node.branches), *reached(view, node)):
            yield from _left(view, part)
    else:
        for part in parts(node):
            yield from _left(view, part)


def _open(root: Node, view: View) -> bool:
    """Whether the root may be NULL; a look that says so is tried with values."""
    return view.look(root).null and any(look.null for look in _looks(root, view))


def _looks(root: Node, view: View) -> Iterator[Look]:
    """What a root may be, for each combination of the values that are tried."""
    regions = _regions(root, view)
    rest = view.told - regions.keys()
    for values in product(*regions.values()):
        yield View({**view.row, **dict(zip(regions, values, strict=True))}, rest).look(root)


def _regions(root: Node, view: View) -> dict[str, list[Any]]:
    """Values, one of each region, of the fields that stand in several comparisons; none where they cannot be tried."""
    found: dict[str, list[list[Any] | None]] = {}
    for atom in _atoms(view, root):
        for node in {one for one in walk(atom) if isinstance(one, tree.Field) and one.column.key in view.told}:
            ends = 1 + isinstance(atom, tree.Between)
            found.setdefault(node.column.key, []).extend([_limits(view, atom, node.column)] * ends)
    told: dict[str, list[Any]] = {}
    for key, limits in found.items():
        known = [limit for limit in limits if limit is not None]
        if len(limits) > 1 and len(known) == len(limits):
            told[key] = list(dict.fromkeys(value for limit in known for value in limit))
    return told if prod(len(values) for values in told.values()) <= MOST_TRIED else {}


def _atoms(view: View, node: Node) -> Iterator[Node]:
    """The comparisons that what is left of a tree still asks."""
    if isinstance(node, tree.Every | tree.Some | tree.Opposite | tree.First):
        for part in (node.part,) if isinstance(node, tree.Opposite) else node.parts:
            yield from _atoms(view, part)
    elif isinstance(node, tree.Case):
        for part in (*(when for when, _ in node.branches), *reached(view, node)):
            yield from _atoms(view, part)
    elif view.look(node).value is ANY:
        yield node


def _limits(view: View, atom: Node, column: Column) -> list[Any] | None:
    """Values on all sides of where an atom turns, for a column it compares with what is known; None where it does more."""
    if isinstance(atom, tree.Field):
        return [True, False] if column.type == "boolean" else None
    if isinstance(atom, tree.Empty) and isinstance(atom.part, tree.Field):
        return []
    if isinstance(atom, tree.Like):
        return _patterned(atom.part, atom.pattern)
    part, others = _sides(view, atom, column)
    if not isinstance(part, tree.Field) or part.column != column:
        return None
    values = [view.look(one).value for one in others]
    if any(value is ANY for value in values) or (column.type == "text" and getattr(atom, "sign", "=") not in ("=", "<>")):
        return None
    if column.type == "text" and isinstance(atom, tree.Between):
        return None
    return [near for value in values if value is not NOTHING for near in _beside(value, column)]


def _patterned(part: Node, pattern: str) -> list[Any] | None:
    """Texts on both sides of a pattern that says how one begins; None where it says more."""
    start = pattern.removesuffix("%")
    plain = isinstance(part, tree.Field) and "%" not in start and "_" not in start
    return [start, start + OTHER, OTHER] if plain else None


def _sides(view: View, atom: Node, column: Column) -> tuple[Node | None, tuple[Node, ...]]:
    """What an atom compares, and with what."""
    if isinstance(atom, tree.Compare):
        left, right = _settled(view, atom.left), _settled(view, atom.right)
        mine = isinstance(left, tree.Field) and left.column == column
        return (left, (right,)) if mine else (right, (left,))
    if isinstance(atom, tree.Among):
        return _settled(view, atom.part), atom.items
    return (_settled(view, atom.part), (atom.low, atom.high)) if isinstance(atom, tree.Between) else (None, ())


def _settled(view: View, node: Node) -> Node:
    """Of a COALESCE whose first part is never NULL, that part."""
    while isinstance(node, tree.First):
        looks = [(part, view.look(part)) for part in node.parts]
        first = next(((part, look) for part, look in looks if look.value is not NOTHING), None)
        if first is None or first[1].null:
            break
        node = first[0]
    return node


def _beside(value: Any, column: Column) -> list[Any]:
    """A limit and what lies next to it on both sides, as the column can hold it."""
    if isinstance(value, bool):
        return [True, False]
    if isinstance(value, str):
        return [value, OTHER]
    if isinstance(value, date):
        return [day for gap in (-1, 0, 1) if (day := _moved(value, gap))]
    step = Decimal(1).scaleb(-column.scale) if column.type == "decimal" else Decimal(1)
    low, high = ((Decimal(value) / step).to_integral_value(way) * step for way in (ROUND_FLOOR, ROUND_CEILING))
    told = dict.fromkeys((low - step, low, high, high + step))
    return [int(one) for one in told] if column.type == "integer" else list(told)


def _moved(day: date, gap: int) -> date | None:
    number = day.toordinal() + gap
    return day + timedelta(gap) if date.min.toordinal() <= number <= date.max.toordinal() else None


def always_told(root: Node, day: date) -> bool:
    """Whether a tree is never NULL once every column it reads is known, parameters as they stand on a day."""
    told = frozenset(node.column.key for node in walk(root) if isinstance(node, tree.Field))
    return not _open(fixed(root, day), View({}, told))


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """What a derived column is reckoned from: its tree, without parameters, and the derived columns below it."""

    root: Node
    columns: tuple[str, ...]
    below: Mapping[str, "Derived"]


@lru_cache(maxsize=20_000)
def waited(derived: Derived, values: tuple[object, ...]) -> tuple[str, ...]:
    """The fields a derived column that is NULL waits for, by the values of its `columns`; kept, as every rule asks the same."""
    row = dict(zip(derived.columns, values, strict=True))
    return spread(wants(derived.root, row, thorough=False), row, derived.below)


def spread(keys: Iterable[str], row: Row, derived: Mapping[str, Derived]) -> tuple[str, ...]:
    """The fields to be told, a derived one by those it waits for; itself where it waits for none."""
    found: dict[str, None] = {}
    for key in keys:
        one = derived.get(key)
        found |= dict.fromkeys((one and waited(one, tuple(row.get(below) for below in one.columns))) or (key,))
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of a condition, ready to say which fields it waits for.

    root   its tree, without parameters
    parts  of AND, OR and NOT; a comparison has none
    plain  unknown exactly where one of its columns is, or made of such parts; told once is told for good
    loose  columns of parts that are not plain: told, such a column may open what is closed
    """

    root: Node
    test: Test
    columns: tuple[str, ...]
    parts: tuple["Part", ...]
    plain: bool
    loose: Fields

    def blank(self, row: Row) -> list[str] | None:
        """Fields of the comparisons that are still open; None where a part that is not plain is."""
        if self.test(row, date.max) is not None:
            return []
        if not self.parts:
            return [key for key in self.columns if row.get(key) is None] if self.plain else None
        found: list[str] = []
        for part in self.parts:
            told = part.blank(row)
            if told is None:
                return None
            found += told
        return found


@lru_cache(maxsize=20_000)
def tried(part: Part, values: tuple[object, ...]) -> tuple[str, ...]:
    """The fields that decide a part, by the values of its columns; kept, as the rules of a firm often say the same."""
    return wants(part.root, dict(zip(part.columns, values, strict=True)))


@lru_cache(maxsize=20_000)
def never(part: Part, values: tuple[object, ...], fields: tuple[str, ...]) -> bool:
    """Whether a part is not true whatever these fields hold: its own comparisons contradict each other."""
    view = View(dict(zip(part.columns, values, strict=True)), frozenset(fields))
    return not any(look.may_be(True) for look in _looks(part.root, view))


def part_of(node: Node) -> Part:
    """A condition taken apart."""
    test, columns = compiled(node), tuple(order(node))
    if isinstance(node, tree.Every | tree.Some | tree.Opposite):
        under = tuple(part_of(one) for one in ((node.part,) if isinstance(node, tree.Opposite) else node.parts))
        return Part(node, test, columns, under, all(one.plain for one in under), NONE.union(*(one.loose for one in under)))
    firm = plain(node)
    return Part(node, test, columns, (), firm, NONE if firm else frozenset(columns))


def plain(root: Node) -> bool:
    """Whether a tree is NULL exactly where one of its fields is: nothing in it can do without one."""
    return all(isinstance(node, PLAIN) and not (isinstance(node, tree.Literal) and node.value is None) and _firm(node)
               for node in walk(root))


def _firm(node: Node) -> bool:
    if isinstance(node, tree.Between):
        ends = [side.value for side in (node.low, node.high) if isinstance(side, tree.Literal)]
        return len(ends) == 2 and None not in ends and bool(ends[0] <= ends[1])  # type: ignore[operator]
    return not isinstance(node, tree.Among) or all(isinstance(side, tree.Literal) for side in node.items)


PLAIN = (tree.Literal, tree.Field, tree.Compare, tree.Opposite, tree.Among, tree.Between, tree.Like, tree.Arithmetic,
         tree.Negative, tree.Gap, tree.Call)
