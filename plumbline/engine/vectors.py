"""An expression over many rows at once, by Arrow's own functions: exact, three-valued, a bit a row.

Numbers are whole: cents of yuan, days since 1970. What cannot be reckoned so in 64 bits raises Beyond, and DuckDB is asked
instead. A text condition is asked once of each different text, by the same function that one row is asked with.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache, reduce
from typing import Any

import pyarrow
from pyarrow import compute

from plumbline.engine import numbers
from plumbline.engine.numbers import LONG, Array, Beyond, Columns, Number, Texts, Truth, chosen, coalesced
from plumbline.kernel.expression import tree
from plumbline.kernel.expression.row import compiled
from plumbline.kernel.expression.tree import Node, walk

# a list of more numbers is looked up, not compared one by one
MOST_COMPARED = 16
# ranges of sorted texts that are compared; more are looked up
MOST_RANGES = 4
# texts of a column whose answers are kept for the next file
MOST_KEPT = 1_000
TURNED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": compute.equal, "<>": compute.not_equal, "<": compute.less, "<=": compute.less_equal, ">": compute.greater,
    ">=": compute.greater_equal,
}
def vector(node: Node, columns: Columns) -> Array:
    """A condition for every row: an array of bits, NULL where it is unknown. Raises Beyond."""
    told = truth(node, columns)
    if told is None:
        return pyarrow.nulls(columns.rows, pyarrow.bool_())
    return pyarrow.repeat(told, columns.rows) if isinstance(told, bool) else told


def truth(node: Node, columns: Columns) -> Truth:
    """A condition for every row, or one answer for all."""
    reads = {one.column.key: one.column.type for one in walk(node) if isinstance(one, tree.Field)} if type(node) in ALONE else {}
    if [*reads.values()] == ["text"]:
        return _each(node, next(iter(reads)), columns)
    if type(node) not in TRUTHS:
        raise Beyond
    return TRUTHS[type(node)](node, columns)


def number(node: Node, columns: Columns) -> Number:
    """A number or a day for every row."""
    return numbers.number(node, columns, truth)


def _each(node: Node, key: str, columns: Columns) -> Truth:
    """A condition on one text column: asked of every different text."""
    texts = columns.texts(key)
    ask = _answered if len(texts.values) <= MOST_KEPT else _answered.__wrapped__
    answers, blank = ask(node, key, texts.values)
    told = _placed(texts, answers)
    if blank is not None and texts.places.null_count:
        return compute.coalesce(told, pyarrow.scalar(blank)) if None not in answers else _looked_up(texts, answers, blank)
    return told


@lru_cache(maxsize=5_000)
def _answered(node: Node, key: str, values: tuple[str, ...]) -> tuple[tuple[bool | None, ...], bool | None]:
    """What a condition says of each text, and of none; kept, as the next file mostly has the same texts."""
    test = compiled(node)
    return tuple(test({key: value}, date.max) for value in values), test({}, date.max)


def _placed(texts: Texts, answers: Sequence[bool | None]) -> Array:
    runs = _runs(answers)
    if None in answers or len(runs) > MOST_RANGES:
        return _looked_up(texts, answers, None)
    parts = [_within(texts.places, first, last) for first, last in runs]
    return reduce(compute.or_, parts) if parts else compute.less(texts.places, _like(0, texts.places))


def _runs(answers: Sequence[bool | None]) -> list[tuple[int, int]]:
    """First and last place of each run of true answers."""
    found: list[tuple[int, int]] = []
    for at, answer in enumerate(answers):
        if answer and found and found[-1][1] == at - 1:
            found[-1] = (found[-1][0], at)
        elif answer:
            found.append((at, at))
    return found


def _within(places: Array, first: int, last: int) -> Array:
    if first == last:
        return compute.equal(places, _like(first, places))
    return compute.and_(compute.greater_equal(places, _like(first, places)), compute.less_equal(places, _like(last, places)))


def _like(value: int, array: Array) -> Array:
    return pyarrow.scalar(value, array.type)


def _looked_up(texts: Texts, answers: Sequence[bool | None], blank: bool | None) -> Array:
    """Answers by place, a byte each; 2 stands for NULL."""
    every = [*answers, blank]
    codes = pyarrow.array([2 if answer is None else int(answer) for answer in every], pyarrow.int8())
    found = codes.take(texts.places.fill_null(len(answers)))
    told = compute.equal(found, pyarrow.scalar(1, pyarrow.int8()))
    return compute.if_else(compute.equal(found, pyarrow.scalar(2, pyarrow.int8())), None, told) if None in every else told


def _literal(node: tree.Literal, columns: Columns) -> Truth:
    return node.value


def _field(node: tree.Field, columns: Columns) -> Truth:
    return columns.truth(node.column.key)


def _compare(node: tree.Compare, columns: Columns) -> Truth:
    if node.left.kind.name == "boolean":
        return _same(truth(node.left, columns), truth(node.right, columns), node.sign)
    return compared(number(node.left, columns), number(node.right, columns), node.sign)


def _same(left: Truth, right: Truth, sign: str) -> Truth:
    if left is None or right is None:
        return None
    if isinstance(left, bool) and isinstance(right, bool):
        return (left == right) == (sign == "=")
    if isinstance(left, bool):
        left, right = right, left
    if isinstance(right, bool):
        return left if right == (sign == "=") else compute.invert(left)
    return COMPARE[sign](left, right)


def compared(left: Number, right: Number, sign: str) -> Truth:
    """Two numbers, row by row."""
    if left.values is None or right.values is None:
        return None
    if left.one and not right.one:
        return compared(right, left, TURNED[sign])
    if right.one and not left.one:
        return _limited(left, right, sign)
    scale = max(left.scale, right.scale)
    one, other = left.scaled(scale), right.scaled(scale)
    told = COMPARE[sign](one.values, other.values)
    return told.as_py() if left.one else told


def _limited(left: Number, right: Number, sign: str) -> Truth:
    """Numbers beside one limit; a limit of more digits behind the point is cut to theirs."""
    exact = Decimal(right.values).scaleb(left.scale - right.scale)
    floor, ceiling = int(exact.to_integral_value(ROUND_FLOOR)), int(exact.to_integral_value(ROUND_CEILING))
    if floor != ceiling and sign in ("=", "<>"):
        return _always(left.values, sign == "<>")
    limit = floor if sign in ("<=", ">", "=", "<>") else ceiling
    if not left.low <= limit <= left.high:
        return _always(left.values, {"=": False, "<>": True}.get(sign, (limit > left.high) == (sign in ("<", "<="))))
    return COMPARE[sign](left.values, _like(limit, left.values))


def _always(values: Array, answer: bool) -> Array:
    """The same answer wherever there is a value."""
    told = compute.is_valid(values) if answer else compute.is_null(values)
    return compute.if_else(compute.is_valid(values), told, None) if values.null_count else told


def _every(node: tree.Every, columns: Columns) -> Truth:
    return joined([truth(part, columns) for part in node.parts], False)


def _some(node: tree.Some, columns: Columns) -> Truth:
    return joined([truth(part, columns) for part in node.parts], True)


def joined(parts: Sequence[Truth], decides: bool) -> Truth:
    """OR where True decides, AND where False does."""
    if any(part is decides for part in parts):
        return decides
    act = compute.or_kleene if decides else compute.and_kleene
    arrays = [part for part in parts if part is not None and not isinstance(part, bool)]
    blank = any(part is None for part in parts)
    if not arrays:
        return None if blank else not decides
    told = reduce(act, arrays)
    return act(told, pyarrow.scalar(None, pyarrow.bool_())) if blank else told


def _opposite(node: tree.Opposite, columns: Columns) -> Truth:
    part = truth(node.part, columns)
    return part if part is None else not part if isinstance(part, bool) else compute.invert(part)


def _empty(node: tree.Empty, columns: Columns) -> Truth:
    part = node.part
    told = number(part, columns).values if part.kind.numeric or part.kind.name == "date" else _other(part, columns)
    return told is None if told is None or isinstance(told, bool | int) else compute.is_null(told)


def _other(part: Node, columns: Columns) -> Any:
    if part.kind.name == "boolean":
        return truth(part, columns)
    if isinstance(part, tree.Field):
        return columns.texts(part.column.key).places
    raise Beyond


def _among(node: tree.Among, columns: Columns) -> Truth:
    if node.part.kind.name == "text":
        raise Beyond
    if len(node.items) > MOST_COMPARED:
        return _listed(node, columns)
    return joined([_compare(tree.Compare(node.kind, "=", node.part, item), columns) for item in node.items], True)


def _listed(node: tree.Among, columns: Columns) -> Truth:
    part, items = number(node.part, columns), [number(item, columns) for item in node.items]
    if part.one or not all(item.one for item in items):
        raise Beyond
    exact = [Decimal(item.values).scaleb(part.scale - item.scale) for item in items if item.values is not None]
    whole = pyarrow.array([int(one) for one in exact if one == int(one) and abs(one) <= LONG], part.values.type)
    told = compute.is_in(part.values, whole)
    told = compute.if_else(compute.is_valid(part.values), told, None) if part.values.null_count else told
    return joined([told, None], True) if any(item.values is None for item in items) else told


def _between(node: tree.Between, columns: Columns) -> Truth:
    if node.part.kind.name in ("text", "boolean"):
        raise Beyond
    part = number(node.part, columns)
    return joined([compared(part, number(node.low, columns), ">="), compared(part, number(node.high, columns), "<=")], False)


def _first(node: tree.First, columns: Columns) -> Truth:
    told: list[Truth] = []
    for part in (truth(part, columns) for part in node.parts):
        if part is not None:
            told.append(part)
        if isinstance(part, bool):
            break
    return coalesced(told, pyarrow.bool_())


def _case(node: tree.Case, columns: Columns) -> Truth:
    thens = [truth(then, columns) for _, then in node.branches]
    return chosen([truth(when, columns) for when, _ in node.branches], thens, truth(node.otherwise, columns), pyarrow.bool_())


TRUTHS: dict[type[Node], Callable[[Any, Columns], Truth]] = {
    tree.Literal: _literal, tree.Field: _field, tree.Compare: _compare, tree.Every: _every, tree.Some: _some,
    tree.Opposite: _opposite, tree.Empty: _empty, tree.Among: _among, tree.Between: _between, tree.First: _first,
    tree.Case: _case,
}
# what is asked of each different text where one text column is all it reads; AND and OR are taken apart first
ALONE = (tree.Compare, tree.Among, tree.Between, tree.Like, tree.Empty, tree.First, tree.Case)
