"""An expression as an official reads it: 从业人员少于300人."""

from collections.abc import Callable
from datetime import date
from typing import Any

from plumbline.kernel.expression import tree
from plumbline.kernel.expression.tree import Node
from plumbline.kernel.printing import day_name, shortest

NUMBERS = {"=": "等于", "<>": "不等于", "<": "少于", "<=": "不超过", ">": "超过", ">=": "不少于"}
DAYS = {"=": "是", "<>": "不是", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
TEXTS = {"=": "{}是{}", "<>": "{}不是{}", "<": "{}排在{}之前", "<=": "{}不排在{}之后", ">": "{}排在{}之后",
         ">=": "{}不排在{}之前"}
TRUTHS = {"=": "{}与{}一致", "<>": "{}与{}不一致"}
TURNED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
# how tightly words hold together; what holds less stands in brackets
OR, AND, TEST, SUM, PRODUCT, WORD = range(6)


def said(node: Node, least: int = OR, unit: str = "") -> str:
    """The node in Chinese.

    least  in brackets where its words hold together less tightly
    unit   said after a bare number
    """
    level, text = SAY[type(node)](node, unit)
    return text if level >= least else f"（{text}）"


def spoken(node: Node) -> str:
    """A whole expression in Chinese."""
    return _part(node, OR)


def unit_of(node: Node) -> str:
    """The unit a number is told in; empty where there is none."""
    if isinstance(node, tree.Field):
        return node.column.unit
    if isinstance(node, tree.Constant):
        return node.parameter.unit
    if isinstance(node, tree.Gap):
        return "天"
    if isinstance(node, tree.Call):
        return {"year": "年", "month": "月", "length": "个字"}[node.name]
    units = [unit for unit in map(unit_of, _measured(node)) if unit]
    several = isinstance(node, tree.Arithmetic) and node.sign == "*" and len(units) > 1
    return units[0] if units and not several else ""


def _measured(node: Node) -> tuple[Node, ...]:
    if isinstance(node, tree.Arithmetic):
        return node.left, node.right
    if isinstance(node, tree.First):
        return node.parts
    if isinstance(node, tree.Case):
        return (*(then for _, then in node.branches), node.otherwise)
    return (node.part,) if isinstance(node, tree.Negative) else ()


def _literal(node: tree.Literal, unit: str) -> tuple[int, str]:
    value = node.value
    if value is None:
        return WORD, "空值"
    if isinstance(value, bool):
        return WORD, "是" if value else "否"
    if isinstance(value, date):
        return WORD, day_name(value)
    if isinstance(value, str):
        return WORD, f"“{value}”" if value else "空文字"
    return WORD, shortest(value, unit)


def _field(node: tree.Field, unit: str) -> tuple[int, str]:
    return WORD, node.column.label


def _constant(node: tree.Constant, unit: str) -> tuple[int, str]:
    last = node.parameter.values[-1:]
    told = "".join(f"（{day_name(one.since)}起{shortest(one.value, node.parameter.unit)}）" for one in last)
    return WORD, f"{node.parameter.meaning}{told}"


def _compare(node: tree.Compare, unit: str) -> tuple[int, str]:
    left, right, sign = node.left, node.right, node.sign
    if isinstance(left, tree.Literal) and not isinstance(right, tree.Literal):
        left, right, sign = right, left, TURNED[sign]
    if isinstance(right, tree.Literal) and isinstance(right.value, bool):
        return TEST, _true(left, right.value == (sign == "="))
    unit = unit_of(left) or unit_of(right)
    one, other = said(left, SUM, unit), _beside(left, right, unit)
    if left.kind.numeric:
        return TEST, f"{one}{NUMBERS[sign]}{other}"
    if left.kind.name == "date":
        return TEST, f"{one}{DAYS[sign]}{other}"
    return TEST, (TEXTS if left.kind.name == "text" else TRUTHS)[sign].format(one, other)


def _beside(node: Node, other: Node, unit: str) -> str:
    """What a column is compared with, by the column's own words for it."""
    if isinstance(node, tree.Field) and isinstance(other, tree.Literal) and isinstance(other.value, str):
        other = tree.Literal(other.kind, node.column.name_of(other.value))
    return said(other, SUM, unit)


def _true(node: Node, true: bool) -> str:
    return f"{said(node, SUM)}为{'是' if true else '否'}"


def _part(node: Node, least: int) -> str:
    """A condition; a column of yes and no says which."""
    return _true(node, True) if node.kind.name == "boolean" and _bare(node) else said(node, least)


def _bare(node: Node) -> bool:
    return isinstance(node, tree.Field)


def _every(node: tree.Every, unit: str) -> tuple[int, str]:
    return AND, "，并且".join(_part(part, TEST) for part in node.parts)


def _some(node: tree.Some, unit: str) -> tuple[int, str]:
    return OR, "，或者".join(_part(part, TEST) for part in node.parts)


def _opposite(node: tree.Opposite, unit: str) -> tuple[int, str]:
    part = node.part
    if isinstance(part, tree.Compare):
        return _compare(tree.Compare(part.kind, OPPOSITE[part.sign], part.left, part.right), unit)
    if isinstance(part, tree.Empty):
        return TEST, f"{said(part.part, SUM)}不为空"
    if isinstance(part, tree.Among):
        return TEST, _listed(part, "不是")
    if isinstance(part, tree.Between):
        return TEST, _within(part, "不在")
    if isinstance(part, tree.Like):
        return TEST, _alike(part, "不")
    if isinstance(part, tree.First) and _bare(part.parts[0]) and [getattr(one, "value", 0) for one in part.parts[1:]] == [False]:
        return TEST, f"{said(part.parts[0], SUM)}为否或不明"
    return TEST, _true(part, False) if _bare(part) else f"不是{said(part, WORD)}"


def _empty(node: tree.Empty, unit: str) -> tuple[int, str]:
    return TEST, f"{said(node.part, SUM)}为空"


def _among(node: tree.Among, unit: str) -> tuple[int, str]:
    return TEST, _listed(node, "是")


def _listed(node: tree.Among, word: str) -> str:
    unit = unit_of(node.part)
    items = "、".join(_beside(node.part, item, unit) for item in node.items)
    return f"{said(node.part, SUM)}{word}{items}{'之一' if len(node.items) > 1 else ''}"


def _between(node: tree.Between, unit: str) -> tuple[int, str]:
    return TEST, _within(node, "在")


def _within(node: tree.Between, word: str) -> str:
    unit = unit_of(node.part)
    return f"{said(node.part, SUM)}{word}{said(node.low, SUM, unit)}与{said(node.high, SUM, unit)}之间（含两端）"


def _like(node: tree.Like, unit: str) -> tuple[int, str]:
    return TEST, _alike(node, "")


def _alike(node: tree.Like, no: str) -> str:
    what, inner = said(node.part, SUM), node.pattern.strip("%")
    start, end = not node.pattern.startswith("%"), not node.pattern.endswith("%")
    if not inner or "%" in inner or "_" in inner or (start and end):
        return f"{what}{no}形如“{node.pattern}”（_ 代表一个字，% 代表任意多个字）"
    if start or end:
        return f"{what}{no}以“{inner}”{'开头' if start else '结尾'}"
    return f"{what}{no}含有“{inner}”"


def _arithmetic(node: tree.Arithmetic, unit: str) -> tuple[int, str]:
    level = PRODUCT if node.sign == "*" else SUM
    unit = "" if node.sign == "*" else unit_of(node) or unit
    word = {"+": "加", "-": "减", "*": "乘"}[node.sign]
    return level, f"{said(node.left, level, unit)}{word}{said(node.right, level + 1, unit)}"


def _negative(node: tree.Negative, unit: str) -> tuple[int, str]:
    return PRODUCT, f"负的{said(node.part, WORD, unit)}"


def _shift(node: tree.Shift, unit: str) -> tuple[int, str]:
    return SUM, f"{said(node.day, SUM)}{'加' if node.sign == '+' else '减'}{said(node.days, PRODUCT, '天')}"


def _gap(node: tree.Gap, unit: str) -> tuple[int, str]:
    return WORD, f"从{said(node.right, SUM)}到{said(node.left, SUM)}的天数"


def _call(node: tree.Call, unit: str) -> tuple[int, str]:
    return WORD, f"{said(node.part, WORD)}的{ {'year': '年份', 'month': '月份', 'length': '字数'}[node.name] }"


def _first(node: tree.First, unit: str) -> tuple[int, str]:
    unit = unit_of(node) or unit
    first, *rest = node.parts
    if node.kind.name == "boolean":
        level = TEST
        told = [f"判断不了时按{said(part)}" for part in rest]
    else:
        level = WORD
        told = [f"为空时取{said(part, SUM, unit)}" for part in rest]
    return level, f"{_part(first, TEST)}（{'，再'.join(told)}）"


def _case(node: tree.Case, unit: str) -> tuple[int, str]:
    unit = unit_of(node) or unit
    whens = "；".join(f"{_part(when, OR)}时取{said(then, SUM, unit)}" for when, then in node.branches)
    return OR, f"{whens}；其他情况取{said(node.otherwise, SUM, unit)}"


SAY: dict[type[Node], Callable[[Any, str], tuple[int, str]]] = {
    tree.Literal: _literal, tree.Field: _field, tree.Constant: _constant, tree.Compare: _compare, tree.Every: _every,
    tree.Some: _some, tree.Opposite: _opposite, tree.Empty: _empty, tree.Among: _among, tree.Between: _between,
    tree.Like: _like, tree.Arithmetic: _arithmetic, tree.Negative: _negative, tree.Shift: _shift, tree.Gap: _gap,
    tree.Call: _call, tree.First: _first, tree.Case: _case,
}
