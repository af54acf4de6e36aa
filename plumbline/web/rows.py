"""The rows of any table or register: filtered by column or by an expression, sorted, paged, exported."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from plumbline.engine.sources import FILE
from plumbline.kernel import ROW, BadInput, Column, Inputs, Table
from plumbline.store import deliveries, registers
from plumbline.store.models import SavedFilter
from plumbline.store.people import may
from plumbline.web import links
from plumbline.web.export import export
from plumbline.web.forms import whole
from plumbline.web.listing import SIZES
from plumbline.web.orders.rows import named
from plumbline.web.row_filters import Asked, asked, query_of
from plumbline.web.row_source import every, found, inputs_of
from plumbline.web.screen import FILES, act, form_of, show, twin
from plumbline.web.table_access import TableHead, head_of, table_seen
from plumbline.web.table_rows import EMPTY, RowCell, RowHead, cells, heads, shown_columns

FORMS = ("xlsx", "csv", "json")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list: its number in its file or register, the file, its values, and its page."""

    number: int
    sha256: str
    cells: list[RowCell]
    href: str
    personal: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved filter; `query` is its address."""

    key: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class RowsScreen:
    """One page of a table's rows.

    count     rows on all pages, as filtered
    asked     filters, order and columns as they stand
    sample    an expression that would do, to show how one is written
    personal  labels of the columns that are hidden; `extra` those shown, after a reason was given
    here      the address with its page
    """

    table: TableHead
    heads: list[RowHead]
    rows: list[Row]
    count: int
    page: int
    pages: int
    asked: Asked
    choosable: list[Column] = field(metadata={"json": False})
    saved: list[Saved]
    sample: str
    personal: list[str]
    extra: list[str]
    may_edit: bool
    may_personal: bool
    here: str = field(metadata={"json": False})
    sizes: Sequence[int] = field(default=tuple(sorted(SIZES)), metadata={"json": False})
    forms: Sequence[str] = field(default=FORMS, metadata={"json": False})

    @property
    def filtering(self) -> bool:
        """Whether a filter by column is used."""
        return any(one.used for one in self.asked.filters)

    @property
    def address(self) -> str:
        """What was asked, for the links to other pages."""
        return self.asked.address


def rows(request: HttpRequest, key: str) -> HttpResponseBase:
    """A table's rows, or all of them as a file."""
    _, table = table_seen(request, key)
    wanted = asked(request, table)
    if form_of(request) in FILES:
        return exported(request, table, wanted)
    return show(request, page_of(request, table, wanted), "web/rows.html", 400 if wanted.findings else 200)


def page_of(request: HttpRequest, table: Table, wanted: Asked, why: str = "") -> RowsScreen:
    """The page asked for; with a reason `why`, the personal columns of its rows are shown as well."""
    told = found(inputs_of(table), wanted)
    hidden = [column for column in table.columns if column.personal]
    shown = hidden if why else []
    columns = shown_columns(table, wanted.shown)
    pairs = [(str(row[FILE]), int(row[ROW])) for row in told.rows]
    private = deliveries.personal(request.user, table, pairs, why) if shown else {}
    pages = max(1, -(-told.count // wanted.size))
    head, in_words = head_of(request.user, table), named(table)
    return RowsScreen(
        head, heads(columns, wanted.sort),
        [Row(pair[1], pair[0], cells(table, columns, row, in_words), href_of(table, pair, row),
             [str(private.get(pair, {}).get(column.key) or EMPTY) for column in shown])
         for row, pair in zip(told.rows, pairs, strict=True)],
        told.count, min(wanted.page, pages), pages, wanted, list(table.open_columns), saved(request.user, table),
        sample(table), [column.label for column in hidden], [column.label for column in shown], head.may_edit,
        bool(hidden) and may(request.user, "personal", request.user.area), f"{wanted.address}&page={wanted.page}")


def href_of(table: Table, pair: tuple[str, int], row: Mapping[str, Any]) -> str:
    """The page of a row."""
    if table.roll:
        return links.party(table.key, str(row[table.identity[0]]))
    return links.entry(table.key, pair[1]) if table.register or table.orders else links.record(table.key, *pair)


def saved(user: Any, table: Table) -> list[Saved]:
    """The filters this person keeps for a table."""
    return [Saved(one.pk, one.name, one.query) for one in SavedFilter.objects.visible_to(user).filter(table=table.key)]


def sample(table: Table) -> str:
    """An expression that would do on a table.

    >>> sample(Table("x.y", "表", (Column("n", "integer", "数"),), "area"))
    'n >= 100'
    """
    for column in table.open_columns:
        if column.choices:
            return f"{column.key} = '{column.choices[0]}'"
        if column.type in ("integer", "decimal"):
            return f"{column.key} >= 100"
    return f"{table.dated} >= DATE '{date(2025, 1, 1)}'" if table.dated else f"{table.area} IS NOT NULL"


def exported(request: HttpRequest, table: Table, wanted: Asked) -> HttpResponseBase:
    """All rows as filtered and sorted, as the file the address asks for; personal columns never leave this way."""
    if wanted.findings:
        raise BadInput(wanted.findings)
    columns = shown_columns(table, wanted.shown)
    inputs = inputs_of(table)
    count = found(inputs, wanted, rows=1).count
    labels = [f"{column.label}（{column.unit}）" if column.unit else column.label for column in columns]
    return export(table.label, labels, lines(inputs, wanted, columns, count), count, form_of(request))


def lines(inputs: Inputs, wanted: Asked, columns: Sequence[Column], count: int) -> Iterator[list[object]]:
    """The rows of a file, one after another."""
    for row in every(inputs, wanted, count):
        yield [row.get(column.key) for column in columns]


def personal(request: HttpRequest, key: str) -> HttpResponseBase:
    """The same page with its personal columns; the reason is journalled before anything is shown."""
    _, table = table_seen(request, key)
    wanted = asked(request, table)
    return show(request, page_of(request, table, wanted, request.POST.get("why", "").strip() or " "),
                "web/rows.html")


def keep_filter(request: HttpRequest, key: str) -> HttpResponse:
    """Keep a filter under a name, for oneself."""
    _, table = table_seen(request, key)
    wanted = asked(request, table, query_of(request))
    registers.save_filter(request.user, table.key, request.POST.get("name", ""), wanted.address, list(wanted.shown))
    messages.success(request, "已存为常用筛选。")
    return redirect(f"{reverse('rows', args=[key])}?{wanted.address}")


def drop_filter(request: HttpRequest, key: str) -> HttpResponse:
    """Drop a filter one kept."""
    table_seen(request, key)
    registers.remove_filter(request.user, whole(request.POST.get("id", "")) or 0)
    return redirect("rows", key)


urls = [
    *twin("tables/<str:key>", rows, "rows", *FILES),
    *act("tables/<str:key>/personal", personal, "personal"),
    *act("tables/<str:key>/keep-filter", keep_filter, "keep-filter"),
    *act("tables/<str:key>/drop-filter", drop_filter, "drop-filter"),
]
