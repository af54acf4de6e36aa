"""Which fields would decide a condition that cannot be told: what is left of its tree under the values that are known.

A field is named when the answer may stay open without it. Fields that stand in several comparisons are tried with a value
of each region their limits cut; others may make a comparison true or false as they like.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

from plumbline.kernel.expression import tree
from plumbline.kernel.expression.fixed import fixed
from plumbline.kernel.expression.tree import Node, walk
from plumbline.kernel.outlook import ANY, NONE, NOTHING, Derived, Fields, View, order, reached, under
from plumbline.kernel.record import Column

# combinations of values that are tried before a field is kept untried
MOST_TRIED = 512
# a text that no condition names
OTHER = "\x00"


def wants(root: Node, row: Mapping[str, object], derived: Mapping[str, Derived] | None = None) -> tuple[str, ...]:
    """The fields that decide a root which is NULL of a row: with any values of these it is told, without one perhaps not.

    root  without parameters (`fixed`)
    """
    view = View(row, NONE, derived or {})
    while _open(root, view):
        more = view.need(root) - view.told or _touched(view, root) - view.told
        if not more:
            break
        view = View(row, view.told | more, view.derived)
    return _least(root, view)


@lru_cache(maxsize=20_000)
def waited(derived: Derived, values: tuple[object, ...]) -> tuple[str, ...]:
    """The fields a derived column that is NULL waits for, by the values of its `columns`; kept, as every rule asks the same."""
    return wants(derived.root, dict(zip(derived.columns, values, strict=True)), derived.below)


def _least(root: Node, view: View) -> tuple[str, ...]:
    """The fields in the order they are written, without those that can be left out."""
    told = [key for key in order(root, view.derived) if key in view.told]
    if len(told) < 2 or _open(root, view):
        return tuple(told)
    left = 0
    while left != len(told):  # without one, another may no longer matter
        left = len(told)
        for key in reversed(told[:]):
            if not _open(root, View(view.row, frozenset(told) - {key}, view.derived)):
                told.remove(key)
    return tuple(told)


def _touched(view: View, root: Node) -> Fields:
    """Every blank field of the tree, where no one path to an answer is left."""
    every = frozenset(key for key in order(root, view.derived) if view.blank(key))
    return frozenset(key for key in every if key not in view.derived or not under(view, key))


def _open(root: Node, view: View) -> bool:
    """Whether the root may be NULL; a look that says so is tried with values."""
    if not view.look(root).null:
        return False
    tried = _regions(root, view)
    if not tried:
        return True
    keys = frozenset(tried)
    return any(View({**view.row, **dict(zip(tried, values, strict=True))}, view.told - keys, view.derived, keys).look(root).null
               for values in product(*tried.values()))


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
    elif isinstance(node, tree.Field) and node.column.key in view.derived:
        if view.row.get(node.column.key) is None:
            yield from _atoms(view, view.derived[node.column.key].root)
    elif view.look(node).value is ANY:
        yield node
        for one in walk(node):
            if isinstance(one, tree.Field) and one is not node and one.column.key in view.derived:
                yield from _atoms(view, one)


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
