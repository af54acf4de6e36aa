"""A tree with its parameters as they stand on a day, for whoever asks the same of many rows."""

from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

from plumbline.kernel.expression import tree
from plumbline.kernel.expression.row import constant
from plumbline.kernel.expression.tree import Node

Some = TypeVar("Some", bound=Node)


def fixed(node: Node, day: date) -> Node:
    """The same tree with a value in place of each parameter; NULL before its first day."""
    if isinstance(node, tree.Constant):
        return tree.Literal(node.kind, constant(node, day))
    return _rebuilt(node, day)


def _rebuilt(node: Some, day: date) -> Some:
    return type(node)(*(_fixed(getattr(node, one.name), day) for one in fields(node)))


def _fixed(value: Any, day: date) -> Any:
    if isinstance(value, Node):
        return fixed(value, day)
    return tuple(_fixed(one, day) for one in value) if isinstance(value, tuple) else value
