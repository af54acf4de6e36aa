"""The tree of an expression. It is ours, so that the meaning does not hang on a version of the parser."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from plumbline.kernel.expression.kinds import Kind
from plumbline.kernel.parameter import Parameter
from plumbline.kernel.record import Column

Value = bool | int | Decimal | str | date | None


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression; `kind` is what it gives, unless NULL."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value as written."""

    value: Value


@dataclass(frozen=True, slots=True)
class Field(Node):
    """What a row holds in a column."""

    column: Column


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """The value of a parameter on a day, NULL before its first."""

    parameter: Parameter


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`=` `<>` `<` `<=` `>` `>=`; NULL where one side is."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Every(Node):
    """AND: FALSE as soon as one part is."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some(Node):
    """OR: TRUE as soon as one part is."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Opposite(Node):
    """NOT; of NULL it is NULL."""

    part: Node


@dataclass(frozen=True, slots=True)
class Empty(Node):
    """IS NULL; an empty text is not."""

    part: Node


@dataclass(frozen=True, slots=True)
class Among(Node):
    """IN; NULL where nothing is equal and something is NULL."""

    part: Node
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between(Node):
    """BETWEEN, both ends included."""

    part: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Like(Node):
    """LIKE with `%` and `_`; a backslash is a backslash."""

    part: Node
    pattern: str


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`+` `-` `*` of two numbers, exact."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """A number with the other sign."""

    part: Node


@dataclass(frozen=True, slots=True)
class Shift(Node):
    """A day so many days later (`+`) or earlier (`-`); NULL outside the years 1 to 9999."""

    sign: str
    day: Node
    days: Node


@dataclass(frozen=True, slots=True)
class Gap(Node):
    """Days from `right` to `left`."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`year` or `month` of a day, `length` of a text in characters."""

    name: str
    part: Node


@dataclass(frozen=True, slots=True)
class First(Node):
    """COALESCE: the first part that is not NULL."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Case(Node):
    """The value of the first condition that is TRUE, else `otherwise`."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for one in fields(node):
        yield from _below(getattr(node, one.name))


def _below(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield from walk(value)
    elif isinstance(value, tuple):
        for one in value:
            yield from _below(one)
