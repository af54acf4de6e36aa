"""How far a row is from a condition it fails: 从业人员 303 人，须不多于 300 人."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from plumbline.kernel.expression import tree
from plumbline.kernel.expression.chinese import OPPOSITE, SUM, TURNED, said, spoken, unit_of
from plumbline.kernel.expression.row import compiled
from plumbline.kernel.expression.tree import Node
from plumbline.kernel.printing import day_name, shortest

NUMBERS = {"=": "等于", "<>": "不等于", "<": "少于", "<=": "不多于", ">": "多于", ">=": "不少于"}
DAYS = {"=": "是", "<>": "不是", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
TEXTS = {"=": "是", "<>": "不是"}
WORDS = {"integer": NUMBERS, "decimal": NUMBERS, "date": DAYS}
DAY = date.max
APART, SCALELESS = re.compile(r"(\d)(?=[^\d.])"), ("", "年", "月", "%")
Row = Mapping[str, object]


class Short(NamedTuple):
    """How far a row is from a condition.

    words     value and limit
    distance  from the limit, in the column's unit or in days; None where there is no such measure
    """

    words: str
    distance: Decimal | None


Measure = Callable[[Row], Short]


def measure(node: Node) -> Measure:
    """A function of a row that fails the condition: how far it is. The tree has no parameters (`fixed`)."""
    return MEASURES.get(type(node), _plainly)(node)


def shown(value: object, node: Node, unit: str) -> str:
    """A value of a node as it is told: 303 人, 2020年3月1日, 小型."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return day_name(value)
    if isinstance(value, str):
        return node.column.name_of(value) if isinstance(node, tree.Field) else value
    return _counted(value, unit) if isinstance(value, int | Decimal) else "不明"


def _counted(value: int | Decimal, unit: str) -> str:
    """A number as `shortest` says it, its unit apart; quickly where it is a whole one that 万 would not make shorter."""
    whole = int(value)
    if whole == value and unit not in SCALELESS and (whole % 100 or -10_000 < whole < 10_000):
        return f"{whole} {unit}"
    return APART.sub(r"\1 ", shortest(value, unit), count=1)


def _limit(node: Node, unit: str, beside: Node) -> Callable[[Row], str]:
    """How a limit is told: a value as it is, an expression with what it comes to."""
    if isinstance(node, tree.Literal):
        told = shown(node.value, beside if isinstance(node.value, str) else node, unit)
        return lambda row: told
    test, name = compiled(node), said(node, SUM, unit)
    return lambda row: f"{name}（{shown(test(row, DAY), node, unit)}）"


def _gap(one: Any, other: Any) -> Decimal | None:
    if isinstance(one, date) and isinstance(other, date):
        return Decimal(abs((one - other).days))
    if isinstance(one, bool) or not isinstance(one, int | Decimal) or not isinstance(other, int | Decimal):
        return None
    return abs(Decimal(one) - Decimal(other))


def _compare(node: tree.Compare) -> Measure:
    left, right, sign = node.left, node.right, node.sign
    if isinstance(left, tree.Literal) and not isinstance(right, tree.Literal):
        left, right, sign = right, left, TURNED[sign]
    words = WORDS.get(left.kind.name, TEXTS)
    if sign not in words:
        return _plainly(node)
    unit = unit_of(left) or unit_of(right)
    one, other, limit = compiled(left), compiled(right), _limit(right, unit, left)
    name, word = said(left, SUM, unit), words[sign]

    def told(row: Row) -> Short:
        value = one(row, DAY)
        return Short(f"{name} {shown(value, left, unit)}，须{word} {limit(row)}", _gap(value, other(row, DAY)))
    return told


def _between(node: tree.Between) -> Measure:
    unit = unit_of(node.part)
    one, low, high = (compiled(part) for part in (node.part, node.low, node.high))
    least, most = _limit(node.low, unit, node.part), _limit(node.high, unit, node.part)
    name = said(node.part, SUM, unit)

    def told(row: Row) -> Short:
        value = one(row, DAY)
        gaps = [gap for side in (low, high) if (gap := _gap(value, side(row, DAY))) is not None]
        return Short(f"{name} {shown(value, node.part, unit)}，须在 {least(row)} 与 {most(row)} 之间（含两端）",
                     min(gaps, default=None))
    return told


def _among(node: tree.Among) -> Measure:
    unit = unit_of(node.part)
    one, items = compiled(node.part), [compiled(item) for item in node.items]
    limits = [_limit(item, unit, node.part) for item in node.items]
    name, tail = said(node.part, SUM, unit), " 之一" if len(items) > 1 else ""

    def told(row: Row) -> Short:
        value = one(row, DAY)
        gaps = [gap for item in items if (gap := _gap(value, item(row, DAY))) is not None]
        return Short(f"{name} {shown(value, node.part, unit)}，须是 {'、'.join(limit(row) for limit in limits)}{tail}",
                     min(gaps, default=None))
    return told


def _field(node: tree.Field) -> Measure:
    words = f"{node.column.label}：现为“否”，须为“是”"
    return lambda row: Short(words, None)


def _every(node: tree.Every) -> Measure:
    """The parts that are false; a distance where only one is."""
    parts = [(compiled(part), measure(part)) for part in node.parts]

    def told(row: Row) -> Short:
        answers = [test(row, DAY) for test, _ in parts]
        short = [far(row) for (_, far), answer in zip(parts, answers, strict=True) if answer is False]
        alone = len(short) == 1 and None not in answers
        return Short("；".join(one.words for one in short), short[0].distance if alone else None)
    return told


def _some(node: tree.Some) -> Measure:
    parts = [measure(part) for part in node.parts]
    return lambda row: Short("，或者".join(far(row).words for far in parts), None)


def _opposite(node: tree.Opposite) -> Measure:
    part = node.part
    if isinstance(part, tree.Opposite):
        return measure(part.part)
    if isinstance(part, tree.Compare):
        return _compare(tree.Compare(part.kind, OPPOSITE[part.sign], part.left, part.right))
    if isinstance(part, tree.Every | tree.Some):
        kind = tree.Some if isinstance(part, tree.Every) else tree.Every
        return measure(kind(part.kind, tuple(tree.Opposite(one.kind, one) for one in part.parts)))
    if isinstance(part, tree.Field):
        words = f"{part.column.label}：现为“是”，须为“否”"
        return lambda row: Short(words, None)
    return _besides(node, part)


def _besides(node: Node, part: Node) -> Measure:
    """A value that must be another one."""
    words, of = f"须满足：{spoken(node)}", getattr(part, "part", None)
    if not isinstance(of, tree.Field):
        return lambda row: Short(words, None)
    test, name, unit = compiled(of), of.column.label, of.column.unit
    return lambda row: Short(f"{name} {shown(test(row, DAY), of, unit)}，{words}", None)


def _plainly(node: Node) -> Measure:
    return _besides(node, node)


MEASURES: dict[type[Node], Callable[[Any], Measure]] = {
    tree.Compare: _compare, tree.Between: _between, tree.Among: _among, tree.Field: _field, tree.Every: _every,
    tree.Some: _some, tree.Opposite: _opposite,
}
