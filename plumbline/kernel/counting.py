"""Whether an indicator can be counted: its expressions read, its columns there, open and of the right type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from plumbline.kernel.errors import BadInput
from plumbline.kernel.expression import Expression, parse
from plumbline.kernel.finding import Finding
from plumbline.kernel.indicator import KINDS, Indicator
from plumbline.kernel.parameter import Parameter
from plumbline.kernel.record import TYPES, Table

NUMBERS = ("integer", "decimal")
WANTED = {"sum": NUMBERS, "mean": NUMBERS, "latest": NUMBERS, "share": ("boolean",), "distinct": tuple(TYPES)}


@dataclass(frozen=True, slots=True)
class Reading:
    """An indicator's expressions, parsed; None where it has none."""

    where: Expression | None
    of: Expression | None


def reading(indicator: Indicator, table: Table, parameters: Mapping[str, Parameter]) -> Reading:
    """The expressions of an indicator; `parameters` of the whole catalog.

    Raises  BadInput with everything that is wrong with them
    """
    found: list[Finding] = []
    where = _parsed("哪些行算数", indicator.where, table, parameters, found) if indicator.where else None
    of = _parsed(KINDS[indicator.kind], indicator.of, table, parameters, found) if indicator.of else None
    if found:
        raise BadInput(found)
    return Reading(where, of)


def indicator_findings(indicator: Indicator, table: Table, parameters: Mapping[str, Parameter]) -> list[Finding]:
    """Everything wrong with the expressions and columns of an indicator, in Chinese; empty where it can be counted."""
    found = list(_columns(indicator, table))
    try:
        read = reading(indicator, table, parameters)
    except BadInput as error:
        return [*found, *error.findings]
    return [*found, *mistyped(indicator, read)]


def mistyped(indicator: Indicator, read: Reading) -> Iterator[Finding]:
    """What is wrong with the types of an indicator's expressions: a condition that is none, a number that is none."""
    if read.where and read.where.type != "boolean":
        yield _finding("where", "哪些行算数", f"条件的结果是{TYPES[read.where.type]}，应当是「是」或「否」；"
                                         "请写成比较，例如 state = '已完成'。")
    wanted = WANTED.get(indicator.kind)
    if wanted and read.of and read.of.type not in wanted:
        name = KINDS[indicator.kind]
        yield _finding("of", name, f"「{name}」数的是{TYPES[read.of.type]}，应当是{_words(wanted)}；请改写。")
    if wanted and not read.of:
        yield _finding("of", KINDS[indicator.kind], f"「{KINDS[indicator.kind]}」须写明数什么。")


def _columns(indicator: Indicator, table: Table) -> Iterator[Finding]:
    open_keys = {column.key for column in table.open_columns}
    if indicator.dated and (column := table.column(indicator.dated)) is None:
        yield _finding("dated", "按哪一栏的日期", f"「{table.label}」没有「{indicator.dated}」这一栏；请重新选择。")
    elif indicator.dated and column and (column.type != "date" or column.key not in open_keys):
        yield _finding("dated", "按哪一栏的日期", f"「{column.label}」不是日期栏，或是个人信息；请另选一栏日期。")
    for name in indicator.dimensions:
        if name not in open_keys:
            yield _finding("dimensions", "分组", f"「{name}」不是「{table.label}」的公开栏目，不能用来分组；请重新选择。")
    if indicator.kind == "latest" and not (indicator.dated and table.identity):
        yield _finding("latest", KINDS["latest"], f"「{KINDS['latest']}」要求表里有日期栏，并指明哪几栏合起来是一行；请先补上。")


def _parsed(where: str, text: str, table: Table, parameters: Mapping[str, Parameter], found: list[Finding]) -> Expression | None:
    try:
        return parse(text, table, parameters)
    except BadInput as error:
        found += [Finding(one.check, where, one.message) for one in error.findings]
    return None


def _words(types: tuple[str, ...]) -> str:
    return "数" if types == NUMBERS else "或".join(TYPES[one] for one in types)


def _finding(check: str, where: str, message: str) -> Finding:
    return Finding(f"indicator.{check}", where, message)
