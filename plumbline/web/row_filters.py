"""What the address of a list of records asks for: filters by column, an expression, an order, columns, a page.

    c.street=中仓            text holds it; a choice, an area (with all inside it) or 是/否 is it
    c.area_m2.from=100       and .to: numbers and days between the two, both included
    where=area_m2 > 100      an expression, as rules and indicators are written
    show=street&show=area    columns to show; all where none is named
    sort=-done_on            order
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from plumbline.kernel import AREAS, BadInput, Column, Finding, Table, inside, scope
from plumbline.kernel.expression import parse
from plumbline.web.listing import size_of
from plumbline.web.table_access import own_office

LONGEST = 200
LONGEST_WHERE = 2000
TRUTH = (("true", "是"), ("false", "否"))


@dataclass(frozen=True, slots=True)
class ColumnFilter:
    """A filter by one column, as it stands.

    kind     text | choice | number | date
    value    what is looked for; of a number and a date, `first` and `last` instead
    """

    key: str
    label: str
    kind: str
    value: str = ""
    first: str = ""
    last: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def used(self) -> bool:
        """Whether it filters anything."""
        return bool(self.value or self.first or self.last)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks of a table's rows.

    where     the expression of all filters, the person's areas among them; empty for every row
    contains  texts that columns hold
    typed     the expression typed, and `reading`, the same in Chinese
    findings  what was wrong in it; nothing is shown then, since what was asked is not known
    shown     keys of the columns to show
    sort      column to sort by, with - in front to turn it round; empty for the order of delivery
    address   all of it as it stands in an address, without the page
    """

    where: str
    contains: Mapping[str, str]
    typed: str
    reading: str
    findings: tuple[Finding, ...]
    shown: tuple[str, ...]
    sort: str
    page: int
    size: int
    filters: tuple[ColumnFilter, ...]
    address: str

    @property
    def filtered(self) -> bool:
        """Whether anything is filtered away."""
        return bool(self.typed) or any(one.used for one in self.filters)


def asked(request: HttpRequest, table: Table, query: QueryDict | None = None) -> Asked:
    """What the address asks of a table's rows, narrowed to what this user may see.

    query  instead of the address: a form that carries one along
    """
    told = request.GET if query is None else query
    filters = tuple(filter_of(told, table, column, request.user) for column in table.open_columns)
    typed = told.get("where", "").strip()[:LONGEST_WHERE]
    reading, findings = read(typed, table)
    parts = [*seen(request.user, table), *(part for one in filters for part in conditions(table, one))]
    if typed and not findings:
        parts.append(f"({typed}\n)")
    known = {column.key for column in table.open_columns}
    sort = told.get("sort", "")
    return Asked(
        " AND ".join(parts), {one.key: one.value for one in filters if one.kind == "text" and one.value}, typed, reading,
        findings, tuple(key for key in told.getlist("show") if key in known),
        sort if sort.removeprefix("-") in known else "", number(told.get("page", "")), size_of(request), filters,
        address_of(told, known))


def number(text: str) -> int:
    """The page asked for, 1 where it is none."""
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def read(typed: str, table: Table) -> tuple[str, tuple[Finding, ...]]:
    """An expression in Chinese, and what is wrong with it."""
    if not typed:
        return "", ()
    try:
        found = parse(typed, table)
    except BadInput as error:
        return "", error.findings
    if found.type != "boolean":
        return "", (Finding("where.type", "条件", "条件应当回答“是”或“否”，如：employees < 300。"),)
    return found.chinese(), ()


def seen(user: Any, table: Table) -> Iterator[str]:
    """The conditions that keep a person to the rows of his area, and an office to its own orders; none for who sees all."""
    if not (user.is_superuser or user.area):
        yield "FALSE"
    elif not user.is_superuser:
        yield f"{named(table.area)} LIKE {quoted(scope(user.area) + '%')}"
    if (office := own_office(user, table)) is not None:
        yield f"({' OR '.join(f'{named(key)} = {quoted(held)}' for key, held in office) or 'FALSE'})"


def named(key: str) -> str:
    """A column's name as an expression has it, whatever SQL itself means by the word."""
    return f'"{key}"'


def quoted(text: str) -> str:
    """A text as a literal of an expression.

    >>> quoted("O'Hara")
    "'O''Hara'"
    """
    return "'" + text.replace("'", "''") + "'"


def filter_of(told: QueryDict, table: Table, column: Column, user: Any) -> ColumnFilter:
    """The filter by a column as the address sets it; a value that cannot be counts as nothing."""
    key, kind, choices = column.key, kind_of(table, column), choices_of(table, column, user)
    value, first, last = (told.get(f"c.{key}{part}", "").replace("\0", "").strip()[:LONGEST] for part in ("", ".from", ".to"))
    if kind in ("number", "date"):
        first, last = (text if literal(column, text) else "" for text in (first, last))
        return ColumnFilter(key, column.label, kind, "", first, last)
    return ColumnFilter(key, column.label, kind, value if not choices or value in dict(choices) else "", choices=choices)


def kind_of(table: Table, column: Column) -> str:
    """What a filter by a column looks like."""
    if column.key == table.area or column.choices or column.type == "boolean":
        return "choice"
    return {"text": "text", "date": "date"}.get(column.type, "number")


def choices_of(table: Table, column: Column, user: Any) -> tuple[tuple[str, str], ...]:
    """What a filter by a column offers."""
    if column.key == table.area:
        return tuple((one.code, one.name) for one in AREAS if user.is_superuser or inside(one.code, user.area))
    if column.type == "boolean":
        return TRUTH
    return tuple((choice, choice) for choice in column.choices)


def literal(column: Column, text: str) -> str:
    """A number or a day as a literal of an expression, empty where the text is neither.

    >>> literal(Column("n", "integer", "数"), "１２"), literal(Column("d", "date", "日"), "2025-02-30")
    ('', '')
    """
    try:
        if column.type == "date":
            return f"DATE '{date.fromisoformat(text).isoformat()}'"
        value = Decimal(text) if text.isascii() else None
    except (ValueError, InvalidOperation):
        return ""
    return f"{value:f}" if value is not None and value.is_finite() and abs(value.adjusted()) < 30 else ""


def conditions(table: Table, one: ColumnFilter) -> Iterator[str]:
    """What a filter asks, as parts of an expression; texts that are only contained are not among them."""
    column = table.column(one.key)
    if column is None:
        return
    if one.kind == "choice" and one.value:
        if column.key == table.area:
            yield f"{named(one.key)} LIKE {quoted(scope(one.value) + '%')}"
        else:
            yield f"{named(one.key)} = {one.value.upper() if column.type == 'boolean' else quoted(one.value)}"
    if one.first:
        yield f"{named(one.key)} >= {literal(column, one.first)}"
    if one.last:
        yield f"{named(one.key)} <= {literal(column, one.last)}"


def query_of(request: HttpRequest) -> QueryDict:
    """The list a form was opened from: its address, carried along as `query`."""
    asked_in = request.POST if request.method == "POST" else request.GET
    return QueryDict(asked_in.get("query", "")[:LONGEST_WHERE])


def address_of(told: QueryDict, known: Iterable[str]) -> str:
    """What was asked, as it stands in an address, without the page and without what is empty."""
    names = {"where", "sort", "show", "size", *(f"c.{key}{part}" for key in known for part in ("", ".from", ".to"))}
    return urlencode([(name, value) for name, values in told.lists() if name in names for value in values if value])
