"""An indicator as an engine reads it: its conditions and its number, for one period, in one dialect."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from plumbline.engine.places import stated
from plumbline.kernel import BadDeclaration, BadInput, Catalog, Finding, Indicator, Inputs, Parameter, Table
from plumbline.kernel.counting import Reading as Parsed
from plumbline.kernel.counting import mistyped
from plumbline.kernel.expression import Expression, parse
from plumbline.kernel.period import is_period, span


@dataclass(frozen=True, slots=True)
class Reading:
    """An indicator with its table and its expressions, as they were declared.

    where  condition of the rows that count; None: every row
    of     number, condition or value; None for a count
    """

    indicator: Indicator
    table: Table
    where: Expression | None
    of: Expression | None

    @property
    def columns(self) -> frozenset[str]:
        """The columns it reads, the area's and the date's too."""
        told = [one.columns for one in (self.where, self.of) if one]
        own = {self.table.area, self.indicator.dated} - {""}
        return frozenset(own.union(*told))


def reading(catalog: Catalog, indicator: Indicator) -> Reading:
    """An indicator, read.

    Raises  BadDeclaration for an undeclared table, BadInput for an expression that cannot be used
    """
    table = catalog.tables.get(indicator.table)
    if table is None:
        raise BadDeclaration(f"{indicator.key}: table {indicator.table} is not declared")
    where = expression(indicator.where, table, catalog.parameters)
    of = expression(indicator.of, table, catalog.parameters)
    if wrong := list(mistyped(indicator, Parsed(where, of))):
        raise BadInput(replace(one, where=indicator.key, message=f"指标“{indicator.label}”，{one.where}：{one.message}")
                       for one in wrong)
    return Reading(indicator, table, where, of)


def expression(text: str, table: Table, parameters: Mapping[str, Parameter]) -> Expression | None:
    """An expression, parsed once; None where nothing is written. Raises BadInput."""
    return _parsed(text, table, frozenset(parameters.items())) if text.strip() else None


@lru_cache(maxsize=2_000)
def _parsed(text: str, table: Table, parameters: frozenset[tuple[str, Parameter]]) -> Expression:
    return parse(text, table, dict(parameters))


def days(period: str) -> tuple[date, date]:
    """First and last day of a period. Raises BadInput for what is no period."""
    if not is_period(period):
        raise BadInput([Finding("engine.period", period, f"“{period}”不是时期；请写成 2020、2020H1、2020-06 或 @2020-06-30")])
    return span(period)


@dataclass(frozen=True, slots=True)
class Terms:
    """A reading for one period, in SQL.

    when   the row is dated in the period; empty where every row counts at any time
    where  the row is one that counts; empty where every row is
    of     number, condition or value; empty for a count
    """

    reading: Reading
    when: str
    where: str
    of: str

    @property
    def conditions(self) -> tuple[str, ...]:
        """All that must hold of a row that counts."""
        return tuple(one for one in (self.when, self.where) if one)

    @property
    def member(self) -> str:
        """The whole condition: true, false, or unknown."""
        return " AND ".join(f"({one})" for one in self.conditions) or "TRUE"

    @property
    def known(self) -> str:
        """Of a row that counts: whether what is asked of it is known."""
        return f"({self.of}) IS NOT NULL" if self.of else "TRUE"


def terms(read: Reading, period: str, dialect: str, quote: str) -> Terms:
    """A reading for a period; `quote` is what the dialect puts around a column's name."""
    first, last = days(period)
    dated = f"{quote}{read.indicator.dated}{quote}" if read.indicator.dated else ""
    when = ""
    if dated and read.indicator.kind == "latest" and not read.indicator.fresh:
        when = f"{dated} <= DATE '{last}'"
    elif dated:
        when = f"{dated} BETWEEN DATE '{first}' AND DATE '{last}'"
    return Terms(read, when, _sql(read.where, dialect, last), _sql(read.of, dialect, last))


def _sql(told: Expression | None, dialect: str, day: date) -> str:
    return told.sql(dialect, day) if told else ""


def inputs_of(inputs: Mapping[str, Inputs], table: Table) -> Inputs:
    """What a table holds; nothing, and nothing covered, where it was not handed over."""
    return inputs.get(table.key) or Inputs(table)


__all__ = ["Reading", "Terms", "days", "expression", "inputs_of", "reading", "stated", "terms"]
