"""Lists: a `Table` declares columns and filters, `sheet` gives the page an address asks for, `export` a file.

    def targets(request):
        rows = Target.objects.visible_to(request.user)
        table = Table("目标", COLUMNS, filters, empty="…")
        if form_of(request) in FILES:
            return hand_out(request, table, rows)
        return show(request, sheet(table, rows, request.GET), "web/targets.html")

The template draws it with `{% include "web/sheet.html" with sheet=screen %}`.
"""

import datetime
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase

from plumbline.web.export import export
from plumbline.web.screen import form_of

FILES = ("xlsx", "csv")
SIZES = (25, 50, 100, 200)
DRAWN_ONLY = {"json": False}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list.

    of     gives the value from a row: text, Decimal, date, bool or None (unknown)
    order  field(s) to sort by, separated by blanks; empty where the column does not sort
    kind   text | long | number | date | time | state | share: how it is drawn
    link   gives the address its cell opens, or empty
    tones  colour of a state, by its value
    wide   left out on narrow screens
    """

    key: str
    label: str
    of: Callable[[Any], object] = field(metadata=DRAWN_ONLY)
    order: str = ""
    kind: str = "text"
    link: Callable[[Any], str] | None = field(default=None, metadata=DRAWN_ONLY)
    tones: Mapping[str, str] = field(default_factory=dict, metadata=DRAWN_ONLY)
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A way to narrow a list: `narrow(query, value)`; kinds choice | text | date."""

    key: str
    label: str
    narrow: Callable[[Any, str], Any] = field(metadata=DRAWN_ONLY)
    choices: tuple[tuple[str, str], ...] = ()
    kind: str = "choice"


@dataclass(frozen=True, slots=True)
class Table:
    """What a list shows; `empty` tells what to do next where there is nothing."""

    title: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    empty: str = "这里还没有内容。"
    size: int = 50


@dataclass(frozen=True, slots=True)
class Cell:
    """A value where it is drawn."""

    column: Column
    value: object
    href: str = ""

    @property
    def tone(self) -> str:
        """Colour of the value, where it is a state."""
        return self.column.tones.get(str(self.value), "secondary")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: `key` its number in the store, `values` by column, `links` where a value opens a page."""

    key: object
    values: dict[str, object]
    links: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a list.

    total   rows that pass the filters, on all pages
    chosen  filters in force, by key
    sort    column it is sorted by, with `-` in front when downwards; empty: the list's own order
    notes   what of the address could not be used, and why
    query   the address' own filters and order, to be carried along
    """

    title: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    rows: tuple[Row, ...]
    total: int
    page: int
    pages: int
    size: int
    sort: str
    chosen: dict[str, str]
    notes: tuple[str, ...]
    empty: str
    query: str

    @property
    def lines(self) -> list[tuple[Row, list[Cell]]]:
        """The rows with their cells, for drawing."""
        return [(row, [Cell(c, row.values[c.key], row.links.get(c.key, "")) for c in self.columns])
                for row in self.rows]

    @property
    def heads(self) -> list[tuple[Column, str, str]]:
        """Each column with the order its heading asks for, and the order it has (up, down or none)."""
        return [(c, f"-{c.key}" if self.sort == c.key else c.key,
                 {c.key: "up", f"-{c.key}": "down"}.get(self.sort, "")) for c in self.columns]

    @property
    def drawn_filters(self) -> list[tuple[Filter, str]]:
        """Each filter with the value in force."""
        return [(one, self.chosen.get(one.key, "")) for one in self.filters]

    @property
    def first(self) -> int:
        """Number of the first row shown."""
        return (self.page - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return self.first + len(self.rows) - 1 if self.total else 0


def sheet(table: Table, rows: QuerySet[Any], asked: QueryDict) -> Sheet:
    """The page of a list that an address asks for: two queries, whatever the number of rows."""
    rows, chosen, notes = narrowed(table, rows, asked)
    sort, rows = ordered(table, rows, asked.get("sort", ""))
    size = number(asked.get("size"), table.size, SIZES[-1])
    total = rows.count()
    pages = max(1, math.ceil(total / size))
    page = min(number(asked.get("page"), 1), pages)
    shown = tuple(row_of(table, row) for row in rows[(page - 1) * size:page * size]) if total else ()
    return Sheet(table.title, table.columns, table.filters, shown, total, page, pages, size, sort,
                 chosen, tuple(notes), table.empty, carried(asked))


def narrowed(
    table: Table, rows: QuerySet[Any], asked: QueryDict,
) -> tuple[QuerySet[Any], dict[str, str], list[str]]:
    """The rows that pass the filters of an address, the filters in force, and what could not be used."""
    chosen: dict[str, str] = {}
    notes: list[str] = []
    for one in table.filters:
        value = asked.get(one.key, "").strip().replace("\0", "")
        if not value:
            continue
        if trouble := unusable(one, value):
            notes.append(trouble)
            continue
        rows, chosen[one.key] = one.narrow(rows, value), value
    return rows, chosen, notes


def unusable(one: Filter, value: str) -> str:
    """Why a filter cannot take a value, for people; empty where it can."""
    if one.kind == "choice" and value not in {key for key, _ in one.choices}:
        return f"筛选「{one.label}」没有「{value[:30]}」这一项，未采用；请从下拉框中选择。"
    if one.kind == "date" and day(value) is None:
        return f"「{one.label}」应写作 2020-08-31 这样的日期；「{value[:30]}」未采用。"
    return ""


def ordered(table: Table, rows: QuerySet[Any], sort: str) -> tuple[str, QuerySet[Any]]:
    """The rows in the order asked for, or in their own; ties always fall the same way."""
    column = next((c for c in table.columns if c.order and c.key == sort.removeprefix("-")), None)
    if column is None:
        return "", rows
    sign = "-" if sort.startswith("-") else ""
    return sort, rows.order_by(*(sign + name for name in column.order.split()), "pk")


def row_of(table: Table, row: Model) -> Row:
    """A row of the store as the list shows it."""
    return Row(row.pk, {c.key: c.of(row) for c in table.columns},
               {c.key: href for c in table.columns if c.link and (href := c.link(row))})


def number(text: str | None, default: int, most: int = 10**9) -> int:
    """A positive whole number from an address, or the default.

    >>> number("3", 1), number("x", 1), number("-1", 1), number("９", 1), number("900", 50, 200)
    (3, 1, 1, 1, 200)
    """
    if not text or not (text.isascii() and text.isdigit()) or len(text) > 12:
        return default
    return min(int(text), most) or default


def day(text: str | None) -> datetime.date | None:
    """A day from an address, None where it is not one.

    >>> day("2020-06-31"), day("2020-06-30")
    (None, datetime.date(2020, 6, 30))
    """
    try:
        return datetime.date.fromisoformat(text or "")
    except ValueError:
        return None


def carried(asked: QueryDict) -> str:
    """The address' query without the page, to be put before another page or export."""
    kept = asked.copy()
    kept.pop("page", None)
    return kept.urlencode()


def hand_out(request: HttpRequest, table: Table, rows: QuerySet[Any]) -> HttpResponseBase:
    """Every row that passes the filters, as the file the address asks for."""
    rows, _, _ = narrowed(table, rows, request.GET)
    _, rows = ordered(table, rows, request.GET.get("sort", ""))
    return export(table.title, [c.label for c in table.columns],
                  ([c.of(row) for c in table.columns] for row in rows), rows.count(), form_of(request))
