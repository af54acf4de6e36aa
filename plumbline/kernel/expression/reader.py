"""What the reading of an expression knows and gathers: the table, the parameters, everything that is wrong."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlglot import expressions

from plumbline.kernel.expression import tree
from plumbline.kernel.expression.chinese import said
from plumbline.kernel.expression.kinds import MOST_DIGITS, NULL, Kind, common
from plumbline.kernel.expression.tree import Node
from plumbline.kernel.finding import Finding
from plumbline.kernel.parameter import Parameter
from plumbline.kernel.record import Table

DEEPEST = 60
ALLOWED = ("= <> < <= > >=、AND OR NOT、IS NULL、IN、BETWEEN、LIKE、+ - *、COALESCE、CASE、YEAR、MONTH、LENGTH、"
           "日期 ± INTERVAL n DAY、日期 - 日期")


class Reader:
    """Turns nodes of the parser into ours; `read` gives None where something is wrong, and keeps why."""

    def __init__(self, table: Table, parameters: Mapping[str, Parameter],
                 readers: Mapping[type, Callable[["Reader", Any], Node | None]]):
        self.table, self.parameters, self.readers = table, parameters, readers
        self.findings: list[Finding] = []
        self.depth = 0

    def refuse(self, check: str, where: str, message: str) -> None:
        """Keep what is wrong; the same sentence once."""
        finding = Finding(f"expression.{check}", where, message)
        if finding not in self.findings:
            self.findings.append(finding)

    def read(self, part: Any) -> Node | None:
        """Our node for one of the parser's."""
        while isinstance(part, expressions.Paren) and not part.comments:
            part = part.this
        reader = self.readers.get(type(part))
        if isinstance(part, expressions.AggFunc):
            self.refuse("aggregate", named(part), f"式子只看一行，不能写{named(part)}；计数、合计、占比、平均请选指标的种类。")
            return None
        if reader is None:
            self.refuse("forbidden", named(part), f"式子里不能写{named(part)}；可以写的是：{ALLOWED}。")
            return None
        if self.depth >= DEEPEST:
            self.refuse("depth", "整个式子", f"式子套了 {DEEPEST} 层以上；请拆成几个简单的条件。")
            return None
        self.depth += 1
        node = reader(self, part)
        self.depth -= 1
        return node

    def each(self, parts: Sequence[Any]) -> list[Node] | None:
        """Our nodes, or None where one is wrong; all are read."""
        nodes = [self.read(part) for part in parts]
        told = [node for node in nodes if node is not None]
        return told if len(told) == len(nodes) else None

    def fits(self, kind: Kind, node: Node) -> bool:
        """Whether a number keeps to the digits that engines hold; refused otherwise."""
        if kind.digits <= MOST_DIGITS:
            return True
        where = shown(node)
        self.refuse("digits", where, f"{where}的结果可能超过 {MOST_DIGITS} 位数字，算不准；请少乘一次，或减少小数位数。")
        return False

    def boolean(self, node: Node) -> Node | None:
        """A node that is true or false; NULL becomes an unknown one."""
        if node.kind == NULL:
            return typed(node, Kind("boolean"))
        if node.kind.name == "boolean":
            return node
        self.refuse("type", shown(node), f"{shown(node)}是{node.kind.word}，不是条件；请写成比较，例如 … > 0。")
        return None

    def alike(self, nodes: Sequence[Node]) -> list[Node] | None:
        """Nodes of kinds that can stand beside each other; NULL takes the kind of the rest."""
        kind = common(node.kind for node in nodes)
        if kind is None:
            self._unlike(nodes)
            return None
        if kind == NULL:
            self.refuse("null", "NULL", "这里只有 NULL，得不出结果；请写出一个值。")
            return None
        if not self.fits(kind, nodes[0]):
            return None
        return [typed(node, kind) if node.kind == NULL else node for node in nodes]

    def _unlike(self, nodes: Sequence[Node]) -> None:
        told = [node for node in nodes if node.kind != NULL]
        one = told[0]
        other = next(node for node in told if common((one.kind, node.kind)) is None)
        self.refuse("type", shown(one), f"{shown(one)}是{one.kind.word}，{shown(other)}是{other.kind.word}，"
                    f"不能放在一起比较；{advice(one, other)}。")


def typed(node: Node, kind: Kind) -> Node:
    """A NULL of a kind."""
    return tree.Literal(kind, None) if node.kind == NULL else node


def advice(one: Node, other: Node) -> str:
    """What to write where two kinds do not go together."""
    kinds = {one.kind.name, other.kind.name}
    if kinds == {"date", "text"}:
        return "日期请写成 DATE '2020-06-30'"
    if "text" in kinds and kinds & {"integer", "decimal"}:
        return "文字请加单引号，数字不加"
    if "boolean" in kinds:
        return "“是否”栏目请直接写栏目名，或写 = TRUE、= FALSE"
    return "请换成同一类的栏目或值"


def shown(node: Node) -> str:
    """A node as a message names it, not longer than a line."""
    if isinstance(node, tree.Field):
        return f"{node.column.key}（{node.column.label}）"
    text = said(node).strip("“”")
    return f"“{text if len(text) <= 40 else text[:38] + '……'}”"


def named(part: Any) -> str:
    """The parser's node as a person would call it."""
    words = {
        "Select": "子查询 SELECT", "Subquery": "子查询 SELECT", "Exists": "子查询 EXISTS", "Mod": "取余 %", "DPipe": "连接 ||",
        "Pow": "乘方", "RegexpLike": "正则表达式", "ILike": "ILIKE", "Escape": "ESCAPE", "Star": "*", "Placeholder": "占位符",
        "Cast": "类型转换 CAST", "TryCast": "类型转换 TRY_CAST", "Bracket": "方括号", "Interval": "单独的 INTERVAL",
        "NullSafeEQ": "IS NOT DISTINCT FROM", "NullSafeNEQ": "IS DISTINCT FROM", "Tuple": "一组值", "Window": "窗口函数 OVER",
        "RawString": "$$…$$", "Date": "函数 DATE()", "CurrentDate": "今天的日期",
    }
    if isinstance(part, expressions.Anonymous):
        return f"函数 {str(part.this).upper()}"
    if type(part).__name__ in words:
        return words[type(part).__name__]
    if isinstance(part, expressions.Func):
        return f"函数 {part.sql_name()}"
    return f"{type(part).__name__.upper()}"
