"""A table's rows as lists, files and pages show them: values in words, heads with their units."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from plumbline.kernel import Column, Table, area_name
from plumbline.kernel.form import industry_words

EMPTY = "—"
NOTHING_NAMED: Mapping[str, Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class RowHead:
    """A column's head: `turn` is the order a click asks for, `sorted` is `ascending`, `descending` or empty."""

    key: str
    label: str
    unit: str
    number: bool
    turn: str
    sorted: str

    @property
    def words(self) -> str:
        """The label, with the unit behind it."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class RowCell:
    """A value in its column: as it is kept, and in words."""

    label: str
    value: Any
    words: str
    number: bool


def heads(columns: Iterable[Column], sort: str) -> list[RowHead]:
    """Heads of columns, with what a click on each sorts by."""
    return [_head(column, sort) for column in columns]


def _head(column: Column, sort: str) -> RowHead:
    now = {column.key: "ascending", f"-{column.key}": "descending"}.get(sort, "")
    return RowHead(column.key, column.label, column.unit, column.type in ("integer", "decimal"),
                   f"-{column.key}" if now == "ascending" else column.key, now)


def cells(table: Table, columns: Iterable[Column], row: Mapping[str, Any],
          named: Mapping[str, Mapping[str, str]] = NOTHING_NAMED) -> list[RowCell]:
    """A row's values in some columns.

    named  by column, keys that have words of their own: the states of an order
    """
    return [RowCell(column.label, value, words(table, column, value, named), column.type in ("integer", "decimal"))
            for column in columns for value in (row.get(column.key),)]


def words(table: Table, column: Column, value: Any, named: Mapping[str, Mapping[str, str]] = NOTHING_NAMED) -> str:
    """A value in words, an industry with its section; what nobody filled in is —, never 0.

    >>> table = Table("x.y", "表", (), "area")
    >>> words(table, Column("n", "integer", "数"), 12000), words(table, Column("area", "text", "地区"), "110112")
    ('12,000', '通州区')
    """
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, Decimal)):
        return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    if isinstance(value, date):
        return value.isoformat()
    if told := named.get(column.key, {}).get(str(value)):
        return told
    if column.form == "industry":
        return industry_words(str(value))
    return area_name(str(value)) if column.key == table.area else str(value)


def shown_columns(table: Table, shown: Iterable[str]) -> tuple[Column, ...]:
    """The columns to show, in the table's order; all that are open where none is chosen."""
    wanted = set(shown)
    return tuple(column for column in table.open_columns if not wanted or column.key in wanted)
