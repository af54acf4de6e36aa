"""Expressions: the condition part of SQL, parsed, checked, and read in Python, DuckDB, Spark and Chinese."""

from plumbline.kernel.expression.expression import Expression, parse
from plumbline.kernel.expression.kinds import WHOLE_DIGITS

__all__ = ["WHOLE_DIGITS", "Expression", "parse"]
