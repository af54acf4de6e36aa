"""From the parser's tree to ours: arithmetic, days and the three functions of a value."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlglot import expressions as sql

from plumbline.kernel.expression import naming, tree
from plumbline.kernel.expression.kinds import DATE, LONG_DIGITS, TEXT, Kind
from plumbline.kernel.expression.reader import Reader, shown
from plumbline.kernel.expression.tree import Node, walk

SIGNS: dict[type, str] = {sql.Add: "+", sql.Sub: "-", sql.Mul: "*"}
# an engine is told a shifted day twice, so that shifts within shifts would double at each step
MOST_SHIFTS = 3
# a hundred years
MOST_DAYS = 36_600


def _arithmetic(reader: Reader, part: Any) -> Node | None:
    left, right, sign = part.this, part.expression, SIGNS[type(part)]
    if isinstance(_bare(left), sql.Interval) and sign == "+":
        left, right = right, left
    if isinstance(_bare(right), sql.Interval):
        return _shift(reader, sign, left, _bare(right))
    sides = reader.each((left, right))
    if sides is None:
        return None
    if sign == "-" and sides[0].kind == sides[1].kind == DATE:
        return tree.Gap(Kind("integer", 7), *sides)
    return _reckoned(reader, sign, sides[0], sides[1])


def _bare(part: Any) -> Any:
    while isinstance(part, sql.Paren):
        part = part.this
    return part


def _reckoned(reader: Reader, sign: str, left: Node, right: Node) -> Node | None:
    wrong = [side for side in (left, right) if not side.kind.numeric]
    for side in wrong:
        days = "；日期加减天数请写 + INTERVAL 3 DAY" if side.kind == DATE else "；请换成数字"
        reader.refuse("type", shown(side), f"{shown(side)}是{side.kind.word}，不能用 {sign} 计算{days}。")
    if wrong:
        return None
    node = tree.Arithmetic(_result(sign, left.kind, right.kind), sign, left, right)
    return node if reader.fits(node.kind, node) else None


def _result(sign: str, left: Kind, right: Kind) -> Kind:
    """Digits of a sum or a product; a product has one more, as Spark counts it so."""
    name = "integer" if left.name == right.name == "integer" else "decimal"
    if sign == "*":
        return Kind(name, left.whole + right.whole + 1, left.scale + right.scale)
    return Kind(name, max(left.whole, right.whole) + 1, max(left.scale, right.scale))


def _negative(reader: Reader, part: Any) -> Node | None:
    node = reader.read(part.this)
    if node is None:
        return None
    if not node.kind.numeric:
        reader.refuse("type", shown(node), f"{shown(node)}是{node.kind.word}，前面不能写负号；请换成数字。")
        return None
    if isinstance(node, tree.Literal) and isinstance(node.value, int | Decimal):
        return tree.Literal(node.kind, 0 - node.value if isinstance(node.value, int) else node.value.copy_negate())
    return tree.Negative(node.kind, node)


def _shift(reader: Reader, sign: str, day: Any, interval: Any) -> Node | None:
    unit = str(interval.args.get("unit") or "").upper()
    if unit not in ("DAY", "DAYS"):
        reader.refuse("interval", f"INTERVAL … {unit}", f"INTERVAL 只能按天写，不能按 {unit or '别的单位'} 写（月和年长短不一）；"
                      "请写成 INTERVAL 30 DAY。")
        return None
    start, days = reader.read(day), _days(reader, interval.this)
    if start is None or days is None:
        return None
    if start.kind != DATE:
        reader.refuse("type", shown(start), f"{shown(start)}是{start.kind.word}，不是日期，不能加减天数；请换成日期栏目。")
        return None
    node = tree.Shift(DATE, sign, start, days)
    if sum(isinstance(one, tree.Shift) for one in walk(node)) > MOST_SHIFTS:
        reader.refuse("interval", "INTERVAL", f"加减天数最多套 {MOST_SHIFTS} 次；请合并成一个天数。")
        return None
    return node


def _days(reader: Reader, part: Any) -> Node | None:
    written = part.this if isinstance(part, sql.Literal) else ""
    if isinstance(part, sql.Literal) and re.fullmatch(r"-?\d{1,9}", written):
        node = naming.number(reader, Decimal(written))
    else:
        node = reader.read(part)
    if node is None:
        return None
    if node.kind.name != "integer" or node.kind.whole > LONG_DIGITS:
        reader.refuse("interval", shown(node), f"INTERVAL 的天数{shown(node)}不是整数，或者可能太大；请写整数天数。")
        return None
    if isinstance(node, tree.Literal) and isinstance(node.value, int) and abs(node.value) > MOST_DAYS:
        reader.refuse("interval", shown(node), f"INTERVAL 的天数最多 {MOST_DAYS}；请改小。")
        return None
    return node


def _call(name: str, kind: Kind, takes: Kind) -> Callable[[Reader, Any], Node | None]:
    def call(reader: Reader, part: Any) -> Node | None:
        if any(value for key, value in part.args.items() if key != "this"):
            reader.refuse("forbidden", name.upper(), f"{name.upper()} 只取一个值，例如 {name.upper()}(栏目)。")
            return None
        node = reader.read(part.this)
        if node is not None and node.kind != takes:
            reader.refuse("type", shown(node), f"{shown(node)}是{node.kind.word}，{name.upper()} 要的是{takes.word}；"
                          "请换一个栏目。")
            return None
        return tree.Call(kind, name, node) if node else None
    return call


def _division(reader: Reader, part: Any) -> Node | None:
    reader.refuse("division", "除号",
                  "式子里不能写除法（除数为零时无从计算）；请改写成乘法，例如 a / b >= 0.5 写成 a >= 0.5 * b。")
    return None


def _single(reader: Reader, part: Any) -> Node | None:
    reader.refuse("interval", "INTERVAL", "INTERVAL 不能单独写；请和日期相加减，例如 日期 + INTERVAL 3 DAY。")
    return None


READERS: dict[type, Callable[[Reader, Any], Node | None]] = {
    **dict.fromkeys(SIGNS, _arithmetic), sql.Neg: _negative, sql.Div: _division, sql.IntDiv: _division,
    sql.Interval: _single, sql.Year: _call("year", Kind("integer", 4), DATE),
    sql.Month: _call("month", Kind("integer", 2), DATE), sql.Length: _call("length", Kind("integer", 10), TEXT),
}
