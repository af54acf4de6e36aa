"""From the parser's tree to ours: columns, parameters and values."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from sqlglot import expressions as sql

from plumbline.kernel.expression import tree
from plumbline.kernel.expression.kinds import BOOLEAN, DATE, MOST_DIGITS, NULL, TEXT, Kind, kind_of
from plumbline.kernel.expression.reader import Reader
from plumbline.kernel.expression.tree import Node
from plumbline.kernel.numeral import normal
from plumbline.kernel.parameter import Parameter

MOST_NAMED = 12
NUMBER = re.compile(r"\d+\.?\d*|\.\d+")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _column(reader: Reader, part: Any) -> Node | None:
    names = [one.name for one in part.parts]
    if len(names) > 1:
        return _parameter(reader, names)
    if isinstance(part.this, sql.Star):
        reader.refuse("forbidden", "*", "不能写 *；请写出栏目名。")
        return None
    name = names[0] if part.this.quoted else names[0].lower()
    column = reader.table.column(name)
    if column is None:
        reader.refuse("column", names[0], _unknown(reader, names[0], part.this.quoted))
        return None
    if column.personal:
        reader.refuse("personal", name, f"{name}（{column.label}）是个人信息，不能用于指标；请换一个栏目。")
        return None
    return tree.Field(kind_of(column), column)


def _unknown(reader: Reader, name: str, quoted: bool) -> str:
    labels = {column.label: column.key for column in reader.table.open_columns}
    keys = [column.key for column in reader.table.open_columns]
    if name in labels:
        return f"{reader.table.label}的“{name}”请写成 {labels[name]}。"
    near = get_close_matches(name.lower(), keys, 3) + [labels[one] for one in get_close_matches(name, list(labels), 2)]
    every = list(dict.fromkeys(near or keys))
    told = "、".join(every[:MOST_NAMED]) + ("等" if len(every) > MOST_NAMED else "")
    hint = "（如果是文字，请用单引号，不用双引号）" if quoted else ""
    return f"{reader.table.label}没有“{name}”这一栏{hint}；{'您要写的也许是' if near else '有的是'}：{told}。"


def _parameter(reader: Reader, names: list[str]) -> Node | None:
    key = ".".join(names[1:])
    if names[0].lower() != "param":
        reader.refuse("column", ".".join(names), f"不能写 {'.'.join(names)}；栏目直接写栏目名，参数写 param.文件.名称。")
        return None
    system = reader.table.key.rpartition(".")[0]
    found = reader.parameters.get(key) or reader.parameters.get(f"{system}.{key}")
    if found is None:
        near = get_close_matches(key, list(reader.parameters), 3) or sorted(reader.parameters)[:10]
        told = f"有的是：{'、'.join(f'param.{one}' for one in near)}" if near else "现在还没有任何参数"
        reader.refuse("parameter", f"param.{key}", f"没有参数 param.{key}；{told}。")
        return None
    node = tree.Constant(_kind(found), found)
    return node if reader.fits(node.kind, node) else None


def _kind(parameter: Parameter) -> Kind:
    values = [normal(dated.value) for dated in parameter.values]
    kinds = [_digits(value) for value in values] or [Kind("integer", 1)]
    scale = max(kind.scale for kind in kinds)
    return Kind("decimal" if scale else "integer", max(kind.whole for kind in kinds), scale)


def _digits(value: Decimal) -> Kind:
    whole, _, rest = format(abs(value), "f").partition(".")
    return Kind("decimal" if rest else "integer", len(whole.lstrip("0")), len(rest))


def literal(reader: Reader, part: Any) -> Node | None:
    """A number or a text as written."""
    if part.is_string:
        return tree.Literal(TEXT, part.this)
    if not NUMBER.fullmatch(part.this):
        reader.refuse("literal", part.this, f"{part.this} 不是能用的数字；请写成 1200 或 0.05，不写成 1e3。")
        return None
    return number(reader, Decimal(part.this), "." in part.this)


def number(reader: Reader, value: Decimal, pointed: bool = False) -> Node | None:
    """A node for a number; 5.0 is a decimal though it is whole."""
    kind = _digits(value)
    if kind.digits > MOST_DIGITS:
        reader.refuse("literal", "数字", f"数字超过 {MOST_DIGITS} 位；请写短一些。")
        return None
    if pointed or kind.name == "decimal":
        return tree.Literal(Kind("decimal", kind.whole, kind.scale), value)
    return tree.Literal(Kind("integer", max(kind.whole, 1)), int(value))


def _cast(reader: Reader, part: Any) -> Node | None:
    told, plain = part.this, part.to.this == sql.DType.DATE
    if not (plain and isinstance(told, sql.Literal) and told.is_string):
        reader.refuse("forbidden", "CAST", "不能转换类型；日期请写成 DATE '2020-06-30'，数字和文字请照原样写。")
        return None
    try:
        day = date.fromisoformat(told.this) if DAY.fullmatch(told.this) else None
    except ValueError:
        day = None
    if day is None:
        reader.refuse("literal", told.this,
                      f"“{told.this}”不是真实的日期；请写成 DATE '2020-06-30'（四位年、两位月、两位日）。")
        return None
    return tree.Literal(DATE, day)


def _truth(reader: Reader, part: Any) -> Node:
    return tree.Literal(BOOLEAN, bool(part.this))


def _null(reader: Reader, part: Any) -> Node:
    return tree.Literal(NULL, None)


READERS: dict[type, Callable[[Reader, Any], Node | None]] = {
    sql.Column: _column, sql.Literal: literal, sql.Cast: _cast, sql.Boolean: _truth, sql.Null: _null,
}
