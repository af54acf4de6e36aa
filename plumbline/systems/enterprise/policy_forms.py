"""What is typed in the workbench, as expressions: a column, a comparison, a value with its unit; and back as Chinese."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from plumbline.kernel import BadInput, Catalog, Column, Finding, Table, parse_expression
from plumbline.web.row_filters import quoted

# comparisons by type: key → words; those of `two` values and of `many` choices are told apart by their keys
NUMBERS = (("lt", "少于"), ("le", "不超过"), ("gt", "超过"), ("ge", "不少于"), ("eq", "等于"), ("ne", "不等于"),
           ("between", "在两数之间（含两端）"))
DAYS = (("lt", "早于"), ("le", "不晚于"), ("gt", "晚于"), ("ge", "不早于"), ("between", "在两天之间（含两端）"))
CHOICES = (("in", "是其中之一"), ("out", "不是其中任何一个"))
TEXTS = (("eq", "是"), ("ne", "不是"), ("in", "是其中之一（用、隔开）"), ("out", "不是其中任何一个（用、隔开）"),
         ("starts", "开头是"), ("holds", "含有"))
TRUTHS = (("yes", "为是"), ("no", "为否"))
SIGNS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "=", "ne": "<>"}
TIMES = (("1", ""), ("10000", "万"), ("100000000", "亿"))
KINDS = {"number": NUMBERS, "date": DAYS, "choice": CHOICES, "text": TEXTS, "truth": TRUTHS}
GROUPS = (("number", "数字"), ("choice", "选项"), ("truth", "是否"), ("date", "日期"), ("text", "文字"))
LONGEST_VALUE, MOST_VALUES = 100, 50


@dataclass(frozen=True, slots=True)
class Typed:
    """A condition as it is typed.

    free    the whole expression, by somebody skilled; then nothing else counts
    values  one; two for `between`; the ticked ones of choices
    times   what the numbers are multiplied by: 1, 10000, 100000000
    """

    column: str = ""
    sign: str = ""
    values: tuple[str, ...] = ()
    times: str = "1"
    free: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing is typed yet."""
        return not self.free and (not self.column or (self.sign not in ("yes", "no") and not any(self.values)))


def typed_of(told: QueryDict) -> Typed:
    """The condition a form was sent with."""
    if told.get("how") == "free":
        return Typed(free=told.get("free", "").replace("\0", "").strip())
    values = tuple(one.replace("\0", "").strip() for one in told.getlist("value"))
    return Typed(told.get("column", ""), told.get("sign", ""), values, told.get("times", "1"))


def kind_of(column: Column) -> str:
    """What comparisons a column takes: number, date, choice, text, truth."""
    if column.choices:
        return "choice"
    return {"integer": "number", "decimal": "number", "date": "date", "boolean": "truth"}.get(column.type, "text")


def grouped(table: Table) -> list[tuple[str, list[tuple[str, str]]]]:
    """Columns to choose from, by kind: key and label with its unit."""
    found = [(label, [(one.key, f"{one.label}（{one.unit}）" if one.unit else one.label)
                      for one in table.open_columns if kind_of(one) == kind]) for kind, label in GROUPS]
    return [(label, columns) for label, columns in found if columns]


def expression_of(typed: Typed, table: Table) -> str:
    """The expression a typed condition makes.

    Raises  BadInput, in Chinese, for what is missing or is no value of the column
    """
    if typed.free:
        return typed.free
    column = next((one for one in table.open_columns if one.key == typed.column), None)
    if column is None:
        raise _bad("栏目", "请选择栏目。")
    kind = kind_of(column)
    if typed.sign not in dict(KINDS[kind]):
        raise _bad("比较", f"「{column.label}」不能这样比较；请重新选择。")
    name = f'"{column.key}"'
    if kind == "truth":
        return name if typed.sign == "yes" else f"NOT {name}"
    if typed.sign in ("in", "out"):
        return f"{name} {'IN' if typed.sign == 'in' else 'NOT IN'} ({', '.join(_listed(column, typed.values))})"
    if typed.sign in ("starts", "holds"):
        part = _pattern(column, _one(column, typed.values))
        return f"{name} LIKE '{part}%'" if typed.sign == "starts" else f"{name} LIKE '%{part}%'"
    if typed.sign == "between":
        return _between(column, typed)
    return f"{name} {SIGNS[typed.sign]} {literal(column, _one(column, typed.values), typed.times)}"


def _between(column: Column, typed: Typed) -> str:
    told = [one for one in typed.values if one]
    if len(told) != 2:
        raise _bad(column.label, f"「{column.label}」请填写两个值，从小到大。")
    low, high = (literal(column, one, typed.times) for one in told)
    if (Decimal(low) > Decimal(high)) if kind_of(column) == "number" else low > high:
        raise _bad(column.label, f"「{column.label}」的两个值顺序反了；请先写小的（早的）。")
    return f'"{column.key}" BETWEEN {low} AND {high}'


def _one(column: Column, values: Iterable[str]) -> str:
    value = next((one for one in values if one), "")
    if not value:
        raise _bad(column.label, f"「{column.label}」还没有填写比较的值。")
    if len(value) > LONGEST_VALUE:
        raise _bad(column.label, f"「{column.label}」的值超过 {LONGEST_VALUE} 个字；请缩短。")
    return value


def _listed(column: Column, values: Iterable[str]) -> list[str]:
    """Several values, as literals, each once."""
    told = list(values)
    if not column.choices:
        told = [one for text in told for one in text.replace("，", "、").replace(",", "、").split("、")]
    kept = list(dict.fromkeys(one.strip() for one in told if one.strip()))
    if not kept or len(kept) > MOST_VALUES:
        raise _bad(column.label, f"「{column.label}」请选择或填写 1 到 {MOST_VALUES} 个值。")
    if strange := [one for one in kept if column.choices and one not in column.choices]:
        raise _bad(column.label, f"「{column.label}」没有“{strange[0][:20]}”这个选项；可选：{'、'.join(column.choices)}。")
    return [quoted(_one(column, [one])) for one in kept]


def _pattern(column: Column, text: str) -> str:
    if "%" in text or "_" in text:
        raise _bad(column.label, f"「{column.label}」要找的字里不能有 % 和 _；请改用直接写式子。")
    return text.replace("'", "''")


def literal(column: Column, text: str, times: str = "1") -> str:
    """A typed value as a literal of a column's type; BadInput where it is none."""
    kind = kind_of(column)
    if kind == "date":
        return f"DATE '{_day(column, text).isoformat()}'"
    if kind == "number":
        return f"{number(column.label, text, times):f}"
    return quoted(text)


def _day(column: Column, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _bad(column.label, f"「{column.label}」的“{text[:20]}”不是日期；请写作 2020-02-01。") from None


def number(label: str, text: str, times: str = "1") -> Decimal:
    """A typed number, exact, multiplied by what stands behind it.

    >>> number("资产", "1.2", "100000000"), number("人数", "1,200")
    (Decimal('120000000.0'), Decimal('1200'))
    """
    plain = text.replace(",", "").replace("，", "")
    try:
        value = Decimal(plain) if plain.isascii() and len(plain) <= 30 else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value.adjusted()) > 20 or times not in dict(TIMES):
        raise _bad(label, f"「{label}」的“{text[:20]}”不是数；请写数字，如 300 或 0.5。")
    return value * Decimal(times)


def read_back(text: str, table: Table, catalog: Catalog) -> str:
    """An expression in Chinese; BadInput where it is none, or no condition."""
    read = parse_expression(text, table, catalog.parameters)
    if read.type != "boolean":
        raise _bad("条件", "条件应当回答“是”或“否”，如：employees < 300。")
    return read.chinese()


def condition_of(told: QueryDict, table: Table, catalog: Catalog) -> dict[str, str]:
    """A condition's body from its form; a label that was not typed is its reading in Chinese."""
    text = expression_of(typed_of(told), table)
    label, source = (" ".join(told.get(name, "").split()) for name in ("label", "source"))
    return {"text": text, "label": label or read_back(text, table, catalog)[:100], "source": source}


def gift_of(told: QueryDict) -> dict[str, Any]:
    """A gift's body from its form; bands without a word are left out."""
    bands = [{"when": when.strip(), "rate": rate_of(rate)} for when, rate in
             zip(told.getlist("band_when"), told.getlist("band_rate"), strict=False) if when.strip() or rate.strip()]
    text: Mapping[str, str] = {name: " ".join(told.get(name, "").split()) for name in ("gift_label", "base", "rate", "cap")}
    return {"label": text["gift_label"], "base": text["base"], "rate": rate_of(text["rate"]), "bands": bands, "cap": text["cap"]}


def rate_of(text: str) -> str:
    """A rate as a share: 30% is 0.3.

    >>> rate_of("30%"), rate_of("0.5"), rate_of("param.enterprise.x")
    ('0.3', '0.5', 'param.enterprise.x')
    """
    text = text.strip().replace("％", "%")
    if not text.endswith("%"):
        return text
    try:
        share = number("比例", text[:-1]) / 100
    except BadInput:
        return text
    return f"{share.normalize():f}"


def _bad(where: str, message: str) -> BadInput:
    return BadInput([Finding("policy.form", where, message)])
