"""Expressions: the condition part of SQL, one meaning on one row, in DuckDB and in Spark."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlglot import expressions
from sqlglot.errors import SqlglotError

from plumbline.kernel.errors import BadInput
from plumbline.kernel.expression import tree
from plumbline.kernel.expression.chinese import spoken
from plumbline.kernel.expression.kinds import NULL
from plumbline.kernel.expression.reader import Reader
from plumbline.kernel.expression.reading import READERS
from plumbline.kernel.expression.row import Test, compiled
from plumbline.kernel.expression.sql import WRITERS, top
from plumbline.kernel.expression.written import DIALECT, troubles
from plumbline.kernel.finding import Finding
from plumbline.kernel.parameter import Parameter
from plumbline.kernel.record import Table

# readings kept of one expression; more than a screen and a night's run ask for
MOST_KEPT = 64


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A condition or a value of a row, parsed and checked against a table.

    text     as written
    type     text | integer | decimal | date | boolean
    digits   of a number: how many it can have at most, those behind the point included
    scale    of a number: digits behind the point
    columns  keys of the columns it reads
    params   keys of the parameters it reads
    """

    text: str
    type: str
    digits: int
    scale: int
    columns: frozenset[str]
    params: frozenset[str]
    root: tree.Node
    _test: Test = field(repr=False)
    _kept: dict[tuple[Any, ...], str] = field(default_factory=dict, repr=False)

    def on(self, row: Mapping[str, object], day: date) -> bool | int | Decimal | str | date | None:
        """The value for one row, None where it is unknown; parameters as they stand on `day`.

        row  values by column key, in the column's own Python type; a key that is absent is unknown
        """
        value: bool | int | Decimal | str | date | None = self._test(row, day)
        return value

    def sql(self, dialect: str, day: date, prefix: str = "") -> str:
        """The expression for `duckdb` or `spark`, in brackets where needed; `prefix` is written before each column.

        Type  VARCHAR, BIGINT (DECIMAL above 18 digits), DECIMAL(digits, scale), DATE, BOOLEAN
        """
        key = (dialect, day if self.params else None, prefix)
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = top(WRITERS[dialect](day, prefix), self.root)
        return self._kept[key]

    def chinese(self) -> str:
        """The expression as an official reads it, with labels and units."""
        return spoken(self.root)


def parse(text: str, table: Table, parameters: Mapping[str, Parameter] | None = None) -> Expression:
    """An expression over the open columns of a table.

    Raises  BadInput with everything that is wrong, in Chinese
    """
    found = troubles(text)
    if found:
        raise BadInput(found)
    reader = Reader(table, parameters or {}, READERS)
    root = reader.read(_parsed(text))
    if root is not None and root.kind == NULL:
        reader.refuse("null", "NULL", "式子只有 NULL，得不出结果；请写一个条件。")
    if root is None or reader.findings:
        raise BadInput(reader.findings)
    nodes = list(tree.walk(root))
    return Expression(
        text, root.kind.name, root.kind.digits if root.kind.numeric else 0, root.kind.scale,
        frozenset(node.column.key for node in nodes if isinstance(node, tree.Field)),
        frozenset(node.parameter.key for node in nodes if isinstance(node, tree.Constant)), root, compiled(root))


def _parsed(text: str) -> Any:
    """The parser's tree. It tells much more than a condition; what it may hold is for the reader to say."""
    try:
        parts = DIALECT.parse_into(expressions.Condition, text)
    except SqlglotError as error:
        raise BadInput([Finding("expression.syntax", _place(text, error), _message(text, error))]) from error
    except RecursionError as error:
        raise BadInput([Finding("expression.depth", "整个式子", "式子套得太深；请拆成几个简单的条件。")]) from error
    if len(parts) != 1 or parts[0] is None:
        raise BadInput([Finding("expression.syntax", "整个式子", "不能用分号隔开几个式子；请只写一个。")])
    return parts[0]


def _place(text: str, error: SqlglotError) -> str:
    told = getattr(error, "errors", None)
    column = told[0].get("col") if told else None
    return f"第 {column} 个字符附近" if column and "\n" not in text else "整个式子"


def _message(text: str, error: SqlglotError) -> str:
    place = _place(text, error)
    where = f"式子在{place}" if place.startswith("第") else "式子"
    return (f"{where}读不懂；请检查括号是否成对、两个条件之间是否写了 AND 或 OR。只写条件，不写 SELECT、WHERE；"
            "栏目名与 SQL 的词相同时，给它加英文双引号。")
