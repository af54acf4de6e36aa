"""An indicator tried on the rows that stand: how it reads in Chinese, what it counts, rows that count and rows that do not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from plumbline.engine import Page, Sight, compute, rows, rows_behind
from plumbline.engine.behind import PASSED
from plumbline.kernel import (
    AREAS,
    CITY,
    KINDS,
    MISSING,
    BadInput,
    Column,
    Figure,
    Finding,
    Indicator,
    Inputs,
    Table,
    area_name,
    inside,
)
from plumbline.kernel.counting import reading
from plumbline.kernel.period import is_period, since_january
from plumbline.kernel.printing import signed
from plumbline.store import declarations
from plumbline.web.row_filters import seen
from plumbline.web.row_source import inputs_of
from plumbline.web.table_rows import RowCell, cells
from plumbline.web.words import period_words

SHOWN, MOST_COLUMNS = 5, 8
PASSES = {True: "✓ 符合", False: "✗ 不符合", None: ""}


@dataclass(frozen=True, slots=True)
class TriedRow:
    """A row of the trial; `mark` says of a share whether it passes."""

    mark: str
    cells: list[RowCell]


@dataclass(frozen=True, slots=True)
class TriedArea:
    """What an area would get: the number in words, or why there is none."""

    area: str
    words: str
    counted: int
    unknown: int
    told: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What an indicator as typed would count.

    reading  how it counts, in Chinese; `passing` what a share asks of each row
    areas    the person's own first, then the districts inside it
    yes, no  first rows that count, and first that do not; `heads` of both
    """

    findings: list[Finding] = field(default_factory=list)
    period: str = ""
    kind: str = ""
    reading: str = ""
    passing: str = ""
    areas: list[TriedArea] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    yes: list[TriedRow] = field(default_factory=list)
    no: list[TriedRow] = field(default_factory=list)
    rows: int = 0

    @property
    def own(self) -> TriedArea | None:
        """The person's own area."""
        return self.areas[0] if self.areas else None

    @property
    def period_words(self) -> str:
        """The period in Chinese."""
        return period_words(self.period) if is_period(self.period) else self.period


def period_for(inputs: Inputs) -> str:
    """From January to the last day that was told; of a register, of its latest entry; else to this day."""
    days = [one.last for one in inputs.coverage if one.last] or latest_of(inputs)
    last = max(days) if days else timezone.localdate()
    return since_january(last.year, last.month)


def latest_of(inputs: Inputs) -> list[date]:
    """The latest day an entry counts for, where entries have one."""
    dated = inputs.table.dated
    first = rows(inputs, f'"{dated}" IS NOT NULL', order=(f"-{dated}",), page=Page(0, 1)).rows if dated else ()
    return [row[dated] for row in first]


def trial(user: Any, indicator: Indicator, table: Table, period: str) -> Trial:
    """An indicator tried on the rows this person may see; one that cannot be tried says why."""
    if not is_period(period):
        words = f"「{period[:30]}」不是时期；请写 2020、2020H1、2020Q1 或 2020-06。"
        return Trial([Finding("trial.period", "时期", words)], period)
    catalog = declarations.catalog()
    read = reading(indicator, table, catalog.parameters)
    inputs = inputs_of(table)
    told: dict[str, Any] = {
        "period": period, "kind": KINDS[indicator.kind], "reading": read.where.chinese() if read.where else "每一行都算",
        "passing": read.of.chinese() if read.of else ""}
    try:
        figures = compute(catalog, [indicator], period, areas_for(user), {table.key: inputs})
        yes = rows_behind(catalog, indicator, figures[0].area, period, {table.key: inputs}, Sight(Page(0, SHOWN)))
        where = " AND ".join([*seen(user, table), f"NOT COALESCE(({indicator.where}\n), FALSE)"]) if indicator.where else "FALSE"
        no = rows(inputs, where, page=Page(0, SHOWN))
    except BadInput as error:
        return Trial(list(error.findings), **told)
    columns = shown(table, (read.where.columns if read.where else frozenset()) | (read.of.columns if read.of else frozenset()))
    return Trial(
        areas=[_area(one, indicator) for one in figures], heads=[column.label for column in columns],
        yes=[_row(table, columns, row) for row in yes.rows], no=[_row(table, columns, row) for row in no.rows],
        rows=sum(file.rows for file in inputs.files), **told)


def areas_for(user: Any) -> list[str]:
    """The person's own area, then those inside it."""
    own = user.area or CITY.code
    return [own, *(one.code for one in AREAS if one.code != own and inside(one.code, own))]


def shown(table: Table, used: frozenset[str]) -> list[Column]:
    """The columns of the trial: those that name a row, those the expressions use, then others while there is room."""
    first = [column for column in table.open_columns if column.key in {*table.identity, *used, table.area}]
    others = [column for column in table.open_columns if column not in first]
    return (first + others)[:max(MOST_COLUMNS, len(first))]


def _area(figure: Figure, indicator: Indicator) -> TriedArea:
    words = MISSING.get(figure.missing, "没有数")
    if figure.value is not None:
        words = signed(figure.value, indicator.unit, indicator.decimals)
    return TriedArea(area_name(figure.area), words, figure.counted, figure.unknown, figure.value is not None)


def _row(table: Table, columns: Sequence[Column], row: Any) -> TriedRow:
    return TriedRow(PASSES[row.get(PASSED)], cells(table, columns, row))
