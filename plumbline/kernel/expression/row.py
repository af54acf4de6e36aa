"""An expression on one row, in Python: a chain of small functions with SQL's three-valued logic."""

import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Context, Decimal
from typing import Any

from plumbline.kernel.expression import tree
from plumbline.kernel.expression.like import matcher
from plumbline.kernel.expression.tree import Node

Row = Mapping[str, object]
Test = Callable[[Row, date], Any]
EXACT = Context(prec=120)
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}
WHOLE: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
DECIMAL: dict[str, Callable[[Any, Any], Any]] = {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply}
FIRST_DAY, LAST_DAY = date.min.toordinal(), date.max.toordinal()


def compiled(node: Node) -> Test:
    """A function of a row and a day that gives the node's value; a column the row lacks is NULL."""
    return COMPILE[type(node)](node)


def _literal(node: tree.Literal) -> Test:
    value = node.value
    return lambda row, day: value


def _field(node: tree.Field) -> Test:
    key = node.column.key
    return lambda row, day: row.get(key)


def constant(node: tree.Constant, day: date) -> int | Decimal | None:
    """A parameter's value on a day, a whole number as int; None before its first day."""
    dated = node.parameter.on(day)
    if dated is None:
        return None
    return int(dated.value) if node.kind.name == "integer" else dated.value


def _constant(node: tree.Constant) -> Test:
    return lambda row, day: constant(node, day)


def _both(left: Test, right: Test, act: Callable[[Any, Any], Any]) -> Test:
    def test(row: Row, day: date) -> Any:
        one = left(row, day)
        if one is None:
            return None
        other = right(row, day)
        return None if other is None else act(one, other)
    return test


def _one(part: Test, act: Callable[[Any], Any]) -> Test:
    def test(row: Row, day: date) -> Any:
        value = part(row, day)
        return None if value is None else act(value)
    return test


def _compare(node: tree.Compare) -> Test:
    return _both(compiled(node.left), compiled(node.right), COMPARE[node.sign])


def _until(parts: list[Test], decides: bool) -> Test:
    def test(row: Row, day: date) -> Any:
        answer: Any = not decides
        for part in parts:
            value = part(row, day)
            if value is decides:
                return decides
            if value is None:
                answer = None
        return answer
    return test


def _every(node: tree.Every) -> Test:
    return _until([compiled(part) for part in node.parts], False)


def _some(node: tree.Some) -> Test:
    return _until([compiled(part) for part in node.parts], True)


def _opposite(node: tree.Opposite) -> Test:
    return _one(compiled(node.part), operator.not_)


def _empty(node: tree.Empty) -> Test:
    part = compiled(node.part)
    return lambda row, day: part(row, day) is None


def _among(node: tree.Among) -> Test:
    values = {item.value for item in node.items if isinstance(item, tree.Literal) and item.value is not None}
    others = [compiled(item) for item in node.items if not isinstance(item, tree.Literal) or item.value is None]
    part = compiled(node.part)

    def test(row: Row, day: date) -> bool | None:
        value = part(row, day)
        if value is None or value in values:
            return None if value is None else True
        answers = [other(row, day) for other in others]
        if value in answers:
            return True
        return None if None in answers else False
    return test


def _between(node: tree.Between) -> Test:
    return _until([_both(compiled(node.part), compiled(node.low), operator.ge),
                   _both(compiled(node.part), compiled(node.high), operator.le)], False)


def _like(node: tree.Like) -> Test:
    return _one(compiled(node.part), matcher(node.pattern))


def _arithmetic(node: tree.Arithmetic) -> Test:
    act = (WHOLE if node.kind.name == "integer" else DECIMAL)[node.sign]
    return _both(compiled(node.left), compiled(node.right), act)


def _negative(node: tree.Negative) -> Test:
    return _one(compiled(node.part), operator.neg if node.kind.name == "integer" else
                lambda value: EXACT.subtract(0, value))


def _shift(node: tree.Shift) -> Test:
    way = 1 if node.sign == "+" else -1

    def later(start: date, days: int) -> date | None:
        number = start.toordinal() + way * days
        return date.fromordinal(number) if FIRST_DAY <= number <= LAST_DAY else None
    return _both(compiled(node.day), compiled(node.days), later)


def _gap(node: tree.Gap) -> Test:
    return _both(compiled(node.left), compiled(node.right), lambda one, other: (one - other).days)


def _call(node: tree.Call) -> Test:
    acts: dict[str, Callable[[Any], int]] = {"length": len, "year": lambda on: on.year, "month": lambda on: on.month}
    return _one(compiled(node.part), acts[node.name])


def _same(node: Node, whole: tree.Node) -> Test:
    """A branch, in the kind of the whole: 1 beside 0.5 is a decimal."""
    if whole.kind.name == "decimal" and node.kind.name == "integer":
        return _one(compiled(node), Decimal)
    return compiled(node)


def _first(node: tree.First) -> Test:
    parts = [_same(part, node) for part in node.parts]

    def test(row: Row, day: date) -> Any:
        for part in parts:
            value = part(row, day)
            if value is not None:
                return value
        return None
    return test


def _case(node: tree.Case) -> Test:
    branches = [(compiled(when), _same(then, node)) for when, then in node.branches]
    otherwise = _same(node.otherwise, node)

    def test(row: Row, day: date) -> Any:
        for when, then in branches:
            if when(row, day) is True:
                return then(row, day)
        return otherwise(row, day)
    return test


COMPILE: dict[type[Node], Callable[[Any], Test]] = {
    tree.Literal: _literal, tree.Field: _field, tree.Constant: _constant, tree.Compare: _compare, tree.Every: _every,
    tree.Some: _some, tree.Opposite: _opposite, tree.Empty: _empty, tree.Among: _among, tree.Between: _between,
    tree.Like: _like, tree.Arithmetic: _arithmetic, tree.Negative: _negative, tree.Shift: _shift, tree.Gap: _gap,
    tree.Call: _call, tree.First: _first, tree.Case: _case,
}
