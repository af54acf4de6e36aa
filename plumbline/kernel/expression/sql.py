"""An expression as SQL of an engine. Every number is cast to the digits it needs, so that engines cannot guess.

Spark must run with ANSI on, in UTC, its string literals escaped and old days read as they lie (`MEANING` of the engine).
Files hold text as utf8, integers as int64, decimals of the declared scale, days as date32.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from plumbline.kernel.expression import tree
from plumbline.kernel.expression.kinds import LONG_DIGITS, Kind, common
from plumbline.kernel.expression.like import regex, winding
from plumbline.kernel.expression.row import FIRST_DAY, LAST_DAY, constant
from plumbline.kernel.expression.tree import Node

EPOCH = date(1970, 1, 1)
FROM, UNTIL = FIRST_DAY - EPOCH.toordinal(), LAST_DAY - EPOCH.toordinal()


class Writer:
    """Writes SQL as DuckDB reads it; what Spark says otherwise is in `SparkWriter`.

    day     parameters as they stand on it
    prefix  written before every column: `t.`
    """

    text, whole, mark = "VARCHAR", "BIGINT", '"'

    def __init__(self, day: date, prefix: str = ""):
        self.day, self.prefix = day, prefix

    def write(self, node: Node) -> str:
        """SQL of a node, in brackets where it is more than one word."""
        return WRITE[type(node)](self, node)

    def type_of(self, kind: Kind) -> str:
        """Name of the SQL type of a kind."""
        if kind.name == "integer" and kind.whole <= LONG_DIGITS:
            return self.whole
        if kind.numeric:
            return f"DECIMAL({kind.digits},{kind.scale})"
        return {"text": self.text, "date": "DATE"}.get(kind.name, "BOOLEAN")

    def cast(self, node: Node, kind: Kind) -> str:
        """SQL of a node in the very type of a kind."""
        bare = isinstance(node, tree.Literal | tree.Constant) or (
            isinstance(node, tree.Field) and node.kind.name == "decimal")
        if not kind.numeric or (not bare and self.type_of(node.kind) == self.type_of(kind)):
            return self.write(node)
        return f"CAST({self.write(node)} AS {self.type_of(kind)})"

    def alike(self, nodes: Sequence[Node]) -> list[str]:
        """SQL of nodes in one type, ready to be compared; whole numbers as they are."""
        kind = common(node.kind for node in nodes)
        if kind is None or (kind.name == "integer" and kind.whole <= LONG_DIGITS):
            return [self.write(node) for node in nodes]
        return [self.write(node) if isinstance(node, tree.Field) and node.kind == kind else self.cast(node, kind)
                for node in nodes]

    def value(self, value: tree.Value, kind: Kind) -> str:
        """SQL of a value."""
        if value is None:
            return f"CAST(NULL AS {self.type_of(kind)})"
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, Decimal):
            return format(value, "f")
        if isinstance(value, date):
            return f"DATE '{value.isoformat()}'"
        return self.quoted(value) if isinstance(value, str) else str(value)

    def quoted(self, text: str) -> str:
        """A text between quotes."""
        return "'" + text.replace("'", "''") + "'"

    def like(self, part: str, pattern: str) -> str:
        """LIKE that knows no escape; DuckDB is quick without `_`, else its regular expressions are."""
        if winding(pattern) and "_" in pattern:
            return f"regexp_full_match({part}, {self.quoted(regex(pattern, '.*?{}'))}, 's')"
        return f"({part} LIKE {self.quoted(pattern)})"

    def sum(self, node: tree.Arithmetic) -> tuple[str, str]:
        """Both sides of + or - in the type that holds both; engines add the digit themselves."""
        kind = own(common((node.left.kind, node.right.kind)) or node.kind)
        return self.cast(node.left, kind), self.cast(node.right, kind)

    def product(self, node: tree.Arithmetic) -> tuple[str, str]:
        """Both sides of *; the left in more than 18 digits, as DuckDB does not widen by itself."""
        left = node.left.kind
        wide = Kind("decimal", max(node.kind.digits, LONG_DIGITS + 1) - left.scale, left.scale)
        return self.cast(node.left, wide), self.cast(node.right, own(node.right.kind))

    def since(self, day: str) -> str:
        """Days since 1970-01-01."""
        return f"({day} - DATE '1970-01-01')"

    def on(self, days: str) -> str:
        """The day so many days after 1970-01-01."""
        return f"DATE '1970-01-01' + CAST({days} AS INTEGER)"

    def gap(self, left: str, right: str) -> str:
        """Days between two days."""
        return f"CAST({left} - {right} AS BIGINT)"


class SparkWriter(Writer):
    """Writes SQL as Spark reads it."""

    text, mark = "STRING", "`"

    def quoted(self, text: str) -> str:
        """A text between quotes; `$` by its code, as Spark replaces `${…}` even there."""
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("$", "\\u0024") + "'"

    def like(self, part: str, pattern: str) -> str:
        """LIKE, where Spark takes a backslash for an escape; it never goes back behind a piece it has found."""
        if winding(pattern):
            told = "(?s)\\A" + regex(pattern, "(?>.*?{})") + "\\z"
            return f"({part} RLIKE {self.quoted(told)})"
        return f"({part} LIKE {self.quoted(pattern.replace(chr(92), chr(92) * 2))})"

    def product(self, node: tree.Arithmetic) -> tuple[str, str]:
        """Both sides of * in their own types; Spark adds the digits itself."""
        return self.cast(node.left, own(node.left.kind)), self.cast(node.right, own(node.right.kind))

    def since(self, day: str) -> str:
        """Days since 1970-01-01."""
        return self.gap(day, "DATE '1970-01-01'")

    def on(self, days: str) -> str:
        """The day so many days after 1970-01-01."""
        return f"date_add(DATE '1970-01-01', CAST({days} AS INT))"

    def gap(self, left: str, right: str) -> str:
        """Days between two days."""
        return f"CAST(datediff({left}, {right}) AS BIGINT)"


def own(kind: Kind) -> Kind:
    """A whole number as a decimal without digits behind the point."""
    return Kind("decimal", kind.whole, kind.scale)


def top(writer: Writer, node: Node) -> str:
    """SQL of a whole expression; a number in the type that `kind` says."""
    if node.kind.numeric:
        return f"CAST({writer.write(node)} AS {writer.type_of(node.kind)})"
    return writer.write(node)


def _literal(to: Writer, node: tree.Literal) -> str:
    return to.value(node.value, node.kind)


def _field(to: Writer, node: tree.Field) -> str:
    return f"{to.prefix}{to.mark}{node.column.key}{to.mark}"


def _constant(to: Writer, node: tree.Constant) -> str:
    return to.value(constant(node, to.day), node.kind)


def _compare(to: Writer, node: tree.Compare) -> str:
    left, right = to.alike((node.left, node.right))
    return f"({left} {node.sign} {right})"


def _every(to: Writer, node: tree.Every) -> str:
    return "(" + " AND ".join(to.write(part) for part in node.parts) + ")"


def _some(to: Writer, node: tree.Some) -> str:
    return "(" + " OR ".join(to.write(part) for part in node.parts) + ")"


def _opposite(to: Writer, node: tree.Opposite) -> str:
    return f"(NOT {to.write(node.part)})"


def _empty(to: Writer, node: tree.Empty) -> str:
    return f"({to.write(node.part)} IS NULL)"


def _among(to: Writer, node: tree.Among) -> str:
    part, *items = to.alike((node.part, *node.items))
    return f"({part} IN ({', '.join(items)}))"


def _between(to: Writer, node: tree.Between) -> str:
    part, low, high = to.alike((node.part, node.low, node.high))
    return f"({part} BETWEEN {low} AND {high})"


def _like(to: Writer, node: tree.Like) -> str:
    return to.like(to.write(node.part), node.pattern)


def _arithmetic(to: Writer, node: tree.Arithmetic) -> str:
    kind = to.type_of(node.kind)
    if kind == to.whole:
        left, right = to.cast(node.left, node.kind), to.cast(node.right, node.kind)
        return f"({left} {node.sign} {right})"
    left, right = to.product(node) if node.sign == "*" else to.sum(node)
    return f"CAST({left} {node.sign} {right} AS {kind})"


def _negative(to: Writer, node: tree.Negative) -> str:
    return f"(- {to.cast(node.part, node.kind)})"


def _shift(to: Writer, node: tree.Shift) -> str:
    days = f"({to.since(to.write(node.day))} {node.sign} {to.cast(node.days, node.days.kind)})"
    return f"(CASE WHEN {days} BETWEEN {FROM} AND {UNTIL} THEN {to.on(days)} END)"


def _gap(to: Writer, node: tree.Gap) -> str:
    return to.gap(to.write(node.left), to.write(node.right))


def _call(to: Writer, node: tree.Call) -> str:
    return f"CAST({node.name}({to.write(node.part)}) AS BIGINT)"


def _first(to: Writer, node: tree.First) -> str:
    return f"COALESCE({', '.join(to.cast(part, node.kind) for part in node.parts)})"


def _case(to: Writer, node: tree.Case) -> str:
    whens = " ".join(f"WHEN {to.write(when)} THEN {to.cast(then, node.kind)}" for when, then in node.branches)
    return f"(CASE {whens} ELSE {to.cast(node.otherwise, node.kind)} END)"


WRITE: dict[type[Node], Callable[[Writer, Any], str]] = {
    tree.Literal: _literal, tree.Field: _field, tree.Constant: _constant, tree.Compare: _compare, tree.Every: _every,
    tree.Some: _some, tree.Opposite: _opposite, tree.Empty: _empty, tree.Among: _among, tree.Between: _between,
    tree.Like: _like, tree.Arithmetic: _arithmetic, tree.Negative: _negative, tree.Shift: _shift, tree.Gap: _gap,
    tree.Call: _call, tree.First: _first, tree.Case: _case,
}
WRITERS = {"duckdb": Writer, "spark": SparkWriter}
