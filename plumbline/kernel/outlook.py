"""What a tree may come to where not everything is known, and which fields it is NULL for.

Every node is looked at with some unknown fields *taken as told*: of any value, but not NULL. A look says whether the
node may be NULL, and what else it may be.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from plumbline.kernel.expression import tree
from plumbline.kernel.expression.row import COMPARE, compiled
from plumbline.kernel.expression.tree import Node, walk

# what a node may be besides NULL: anything, or nothing at all; else the one value
ANY, NOTHING = object(), object()
Fields = frozenset[str]
NONE: Fields = frozenset()


@dataclass(frozen=True, slots=True)
class Look:
    """What a node may be: NULL, and a value, ANY or NOTHING."""

    null: bool
    value: object

    def may_be(self, truth: bool) -> bool:
        """Whether it may be true, or false."""
        return self.value is ANY or self.value is truth


NULL, OPEN = Look(True, NOTHING), Look(False, ANY)
_DAY = date.max


@dataclass(frozen=True, slots=True)
class View:
    """A row with fields taken as told."""

    row: Mapping[str, object]
    told: Fields = NONE

    def look(self, node: Node) -> Look:
        """What the node may be."""
        return LOOKS[type(node)](self, node)

    def need(self, node: Node) -> Fields:
        """Of a node that may be NULL: the fields it is NULL for; none where no field would help."""
        return NEEDS.get(type(node), _need_parts)(self, node) if self.look(node).null else NONE

    def blank(self, key: str) -> bool:
        """Whether a field is neither known nor taken as told."""
        return key not in self.told and self.row.get(key) is None


def _literal(view: View, node: tree.Literal) -> Look:
    return NULL if node.value is None else Look(False, node.value)


def _field(view: View, node: tree.Field) -> Look:
    key = node.column.key
    if key in view.told:
        return OPEN
    value = view.row.get(key)
    return NULL if value is None else Look(False, value)


def _strict(*names: str) -> Callable[[View, Any], Look]:
    """The look of a node that is NULL where one of its parts is."""
    def look(view: View, node: Any) -> Look:
        parts = [view.look(getattr(node, name)) for name in names]
        null = any(part.null for part in parts)
        if any(part.value is NOTHING for part in parts):
            return NULL
        if any(part.value is ANY for part in parts):
            return Look(null, ANY)
        value = _applied(node, names, [part.value for part in parts])
        return Look(null or value is None, NOTHING if value is None else value)
    return look


def _applied(node: Any, names: Sequence[str], values: Sequence[Any]) -> Any:
    """The value of a node whose parts are known."""
    if isinstance(node, tree.Compare):
        return COMPARE[node.sign](*values)
    if isinstance(node, tree.Opposite):
        return not values[0]
    told = {name: tree.Literal(getattr(node, name).kind, value) for name, value in zip(names, values, strict=True)}
    rest = {name: getattr(node, name) for name in type(node).__dataclass_fields__ if name not in told}
    return compiled(type(node)(**rest, **told))({}, _DAY)


def _every(view: View, node: tree.Every) -> Look:
    return _joined([view.look(part) for part in node.parts], False)


def _some(view: View, node: tree.Some) -> Look:
    return _joined([view.look(part) for part in node.parts], True)


def _joined(parts: Sequence[Look], decides: bool) -> Look:
    """AND, OR: the first part that decides does, whatever the others are."""
    if any(part.value is decides and not part.null for part in parts):
        return Look(False, decides)
    decided = any(part.may_be(decides) for part in parts)
    open_ = all(part.null or part.may_be(not decides) for part in parts)
    rest = all(part.may_be(not decides) for part in parts)
    null = open_ and any(part.null for part in parts)
    return Look(null, ANY if decided and rest else decides if decided else (not decides) if rest else NOTHING)


def _empty(view: View, node: tree.Empty) -> Look:
    told = view.look(node.part)
    if told.null and told.value is not NOTHING:
        return OPEN
    return Look(False, told.null)


def _among(view: View, node: tree.Among) -> Look:
    same = [tree.Compare(node.kind, "=", node.part, item) for item in node.items]
    return _joined([view.look(one) for one in same], True)


def _ends(node: tree.Between) -> tuple[Node, Node]:
    return (tree.Compare(node.kind, ">=", node.part, node.low), tree.Compare(node.kind, "<=", node.part, node.high))


def _between(view: View, node: tree.Between) -> Look:
    return _joined([view.look(one) for one in _ends(node)], False)


def _first(view: View, node: tree.First) -> Look:
    values: list[object] = []
    for part in node.parts:
        told = view.look(part)
        values.append(told.value)
        if not told.null:
            return Look(False, _united(values))
    return Look(True, _united(values))


def _case(view: View, node: tree.Case) -> Look:
    looks = [view.look(one) for one in reached(view, node)]
    return Look(any(one.null for one in looks), _united([one.value for one in looks]))


def reached(view: View, node: tree.Case) -> list[Node]:
    """The values a CASE may have."""
    found: list[Node] = []
    for when, then in node.branches:
        told = view.look(when)
        if told.may_be(True):
            found.append(then)
            if told.value is True and not told.null:
                return found
    return [*found, node.otherwise]


def _united(values: Sequence[object]) -> object:
    told = [value for value in values if value is not NOTHING]
    if not told:
        return NOTHING
    return told[0] if all(value is not ANY and value == told[0] for value in told) else ANY


def order(root: Node) -> list[str]:
    """The fields of a tree as they are written."""
    return list(dict.fromkeys(node.column.key for node in walk(root) if isinstance(node, tree.Field)))


def _need_parts(view: View, node: Node) -> Fields:
    return NONE.union(*(view.need(part) for part in parts(node)))


def parts(node: Node) -> list[Node]:
    """The nodes a node is made of."""
    told = [getattr(node, name) for name in type(node).__dataclass_fields__ if name != "kind"]
    flat = [one for value in told for one in (value if isinstance(value, tuple) else (value,))]
    return [one for one in flat if isinstance(one, Node)]


def _need_field(view: View, node: tree.Field) -> Fields:
    return frozenset({node.column.key})


def _need_between(view: View, node: tree.Between) -> Fields:
    return NONE.union(*(view.need(one) for one in _ends(node)))


def _need_first(view: View, node: tree.First) -> Fields:
    """The first part that can be told; who knows it need not know the later ones."""
    return next((told for part in node.parts if (told := view.need(part))), NONE)


def _need_case(view: View, node: tree.Case) -> Fields:
    return NONE.union(*(view.need(one) for one in reached(view, node)))


LOOKS: dict[type[Node], Callable[[View, Any], Look]] = {
    tree.Literal: _literal, tree.Field: _field, tree.Compare: _strict("left", "right"), tree.Every: _every,
    tree.Some: _some, tree.Opposite: _strict("part"), tree.Empty: _empty, tree.Among: _among, tree.Between: _between,
    tree.Like: _strict("part"), tree.Arithmetic: _strict("left", "right"), tree.Negative: _strict("part"),
    tree.Shift: _strict("day", "days"), tree.Gap: _strict("left", "right"), tree.Call: _strict("part"),
    tree.First: _first, tree.Case: _case,
}
NEEDS: dict[type[Node], Callable[[View, Any], Fields]] = {
    tree.Field: _need_field, tree.Between: _need_between, tree.First: _need_first, tree.Case: _need_case,
}
