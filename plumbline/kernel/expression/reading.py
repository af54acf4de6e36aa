"""From the parser's tree to ours: conditions. Numbers and days are in `reckoning`, names and values in `naming`."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlglot import expressions as sql

from plumbline.kernel.expression import naming, reckoning, tree
from plumbline.kernel.expression.kinds import BOOLEAN, NULL, TEXT, common
from plumbline.kernel.expression.reader import Reader, shown
from plumbline.kernel.expression.tree import Node
from plumbline.kernel.unit import canonical

SIGNS: dict[type, str] = {sql.EQ: "=", sql.NEQ: "<>", sql.LT: "<", sql.LTE: "<=", sql.GT: ">", sql.GTE: ">="}
MOST_PIECES = 10


def _compare(reader: Reader, part: Any) -> Node | None:
    sides = reader.each((part.this, part.expression))
    if sides is None:
        return None
    if any(side.kind == NULL for side in sides):
        reader.refuse("null", "NULL", "与 NULL 比较永远得不出结果；请写 IS NULL 或 IS NOT NULL。")
        return None
    return _compared(reader, SIGNS[type(part)], sides[0], sides[1])


def _compared(reader: Reader, sign: str, left: Node, right: Node) -> Node | None:
    if reader.alike((left, right)) is None:
        return None
    if left.kind == BOOLEAN and sign not in ("=", "<>"):
        reader.refuse("type", shown(left), f"{shown(left)}只有“是”和“否”，不分大小；请用 = 或 <>。")
        return None
    chosen = sign not in ("=", "<>") or (_chosen(reader, left, (right,)) and _chosen(reader, right, (left,)))
    return tree.Compare(BOOLEAN, sign, left, right) if chosen and _one_unit(reader, left, right) else None


def _chosen(reader: Reader, node: Node, others: Sequence[Node]) -> bool:
    """Whether values compared with a column are among its choices; a typing mistake is refused."""
    if not isinstance(node, tree.Field) or not node.column.choices:
        return True
    wrong = [str(other.value) for other in others if isinstance(other, tree.Literal) and other.value is not None
             and str(other.value) not in node.column.choices]
    for value in wrong:
        reader.refuse("choice", shown(node), f"{shown(node)}没有“{value}”这一项；可以写的是："
                      f"{'、'.join(node.column.choices)}。")
    return not wrong


def _one_unit(reader: Reader, left: Node, right: Node) -> bool:
    """Whether a column and a parameter are told in one unit: 万元 beside 元 is refused."""
    units = {type(node): _unit(node) for node in (left, right)}
    one, other = units.get(tree.Field), units.get(tree.Constant)
    if not one or not other or canonical(one) == canonical(other):
        return True
    reader.refuse("unit", shown(left), f"{shown(left)}与{shown(right)}的单位不同：一个是{_unit(left)}，"
                  f"一个是{_unit(right)}；请先换算成同一单位。")
    return False


def _unit(node: Node) -> str:
    if isinstance(node, tree.Field):
        return node.column.unit
    return node.parameter.unit if isinstance(node, tree.Constant) else ""


def _connected(kind: Any, ours: type[tree.Every] | type[tree.Some]) -> Callable[[Reader, Any], Node | None]:
    def connected(reader: Reader, part: Any) -> Node | None:
        nodes = reader.each(_flat(part, kind))
        if nodes is None:
            return None
        parts = [reader.boolean(node) for node in nodes]
        told = tuple(node for node in parts if node is not None)
        return ours(BOOLEAN, told) if len(told) == len(parts) else None
    return connected


def _flat(part: Any, kind: Any) -> list[Any]:
    """`a and b and c` as three parts, in their order, without recursion."""
    waiting: list[Any] = [part]
    parts = []
    while waiting:
        one = waiting.pop()
        while isinstance(one, sql.Paren):
            one = one.this
        if isinstance(one, kind):
            waiting += [one.expression, one.this]
        else:
            parts.append(one)
    return parts


def _opposite(reader: Reader, part: Any) -> Node | None:
    node = reader.read(part.this)
    node = node and reader.boolean(node)
    return tree.Opposite(BOOLEAN, node) if node else None


def _empty(reader: Reader, part: Any) -> Node | None:
    if not isinstance(part.expression, sql.Null):
        reader.refuse("forbidden", "IS", "IS 后面只能写 NULL 或 NOT NULL；判断真假请直接写条件，或写 = TRUE。")
        return None
    node = reader.read(part.this)
    return tree.Empty(BOOLEAN, tree.Literal(BOOLEAN, None) if node.kind == NULL else node) if node else None


def _among(reader: Reader, part: Any) -> Node | None:
    if any(part.args.get(name) for name in ("query", "unnest", "field", "is_global")) or not part.expressions:
        reader.refuse("forbidden", "IN", "IN 后面请写括号里的一串值，例如 IN ('甲', '乙')；不能写子查询，也不能空着。")
        return None
    nodes = reader.each((part.this, *part.expressions))
    nodes = nodes and reader.alike(nodes)
    if nodes is None or not _chosen(reader, nodes[0], nodes[1:]):
        return None
    return tree.Among(BOOLEAN, nodes[0], tuple(nodes[1:]))


def _between(reader: Reader, part: Any) -> Node | None:
    if part.args.get("symmetric"):
        reader.refuse("forbidden", "BETWEEN SYMMETRIC", "不能写 SYMMETRIC；请把小的写在前面。")
        return None
    nodes = reader.each((part.this, part.args["low"], part.args["high"]))
    nodes = nodes and reader.alike(nodes)
    if nodes is None:
        return None
    if nodes[0].kind == BOOLEAN:
        reader.refuse("type", shown(nodes[0]), f"{shown(nodes[0])}只有“是”和“否”，不分大小；请用 = 或 <>。")
        return None
    return tree.Between(BOOLEAN, *nodes)


def _like(reader: Reader, part: Any) -> Node | None:
    node, pattern = reader.read(part.this), part.expression
    if not (isinstance(pattern, sql.Literal) and pattern.is_string):
        reader.refuse("forbidden", "LIKE", "LIKE 后面请直接写单引号里的文字，例如 LIKE '云溪%'。")
        return None
    if node is None:
        return None
    if node.kind != TEXT:
        reader.refuse("type", shown(node), f"{shown(node)}是{node.kind.word}，不是文字，不能用 LIKE；请换成文字栏目。")
        return None
    if sum(bool(piece) for piece in pattern.this.split("%")) > MOST_PIECES:
        reader.refuse("pattern", "LIKE", f"LIKE 的样式里最多写 {MOST_PIECES} 段文字；请拆成几个条件。")
        return None
    like = tree.Like(BOOLEAN, node, pattern.this)
    return tree.Opposite(BOOLEAN, like) if part.args.get("negate") else like


def _first(reader: Reader, part: Any) -> Node | None:
    nodes = reader.each((part.this, *part.expressions))
    nodes = nodes and reader.alike(nodes)
    kind = nodes and common(node.kind for node in nodes)
    return tree.First(kind, tuple(nodes)) if nodes and kind else None


def _case(reader: Reader, part: Any) -> Node | None:
    if part.this is not None and not isinstance(part.this, sql.Column):
        reader.refuse("forbidden", "CASE", "CASE 后面只能写一个栏目；请改写成 CASE WHEN 条件 THEN 值 END。")
        return None
    whens = [_when(reader, part.this, one.this) for one in part.args["ifs"]]
    values = reader.each([one.args["true"] for one in part.args["ifs"]] +
                         [part.args.get("default") or sql.Null()])
    values = values and reader.alike(values)
    told = [when for when in whens if when is not None]
    kind = values and common(value.kind for value in values)
    if not values or not kind or len(told) < len(whens):
        return None
    return tree.Case(kind, tuple(zip(told, values[:-1], strict=True)), values[-1])


def _when(reader: Reader, of: Any, when: Any) -> Node | None:
    if of is not None:
        return _compare(reader, sql.EQ(this=of.copy(), expression=when.copy()))
    node = reader.read(when)
    return reader.boolean(node) if node else None


READERS: dict[type, Callable[[Reader, Any], Node | None]] = {
    **dict.fromkeys(SIGNS, _compare), sql.And: _connected(sql.And, tree.Every), sql.Or: _connected(sql.Or, tree.Some),
    sql.Not: _opposite, sql.Is: _empty, sql.In: _among, sql.Between: _between, sql.Like: _like, sql.Coalesce: _first,
    sql.Case: _case, **naming.READERS, **reckoning.READERS,
}
