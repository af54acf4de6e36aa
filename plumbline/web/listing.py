"""Lists: filtered, sorted, paged, and handed out whole as xlsx or csv.

A list is declared once as a `Spec`; the page, its `.json`, `.xlsx` and `.csv` are all drawn from it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from plumbline.web.export import export
from plumbline.web.screen import form_of

SIZES = (50, 20, 100, 200)


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of a list: `key` in the address; `lookups` any of which may hold; `choices`, free text or a date.

    read  makes what the lookups take of what the address says
    """

    key: str
    label: str
    lookups: tuple[str, ...]
    choices: tuple[tuple[str, str], ...] = ()
    kind: str = "search"
    read: Callable[[str], Any] = str


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `key` names a field of the row; `order` the field it is sorted by, or nothing."""

    key: str
    label: str
    order: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """A list: its columns, its filters, and `row`, which makes the row shown of the row kept."""

    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    row: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter as it stands: `value` is what the person chose, empty for all."""

    key: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...]
    kind: str = "search"


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: `turn` is the sort order a click asks for, `sorted` is `ascending`, `descending` or empty."""

    key: str
    label: str
    turn: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list.

    rows     rows of this page
    count    rows on all pages, as filtered
    page     number of this page, from 1
    pages    how many there are
    filters  the filters and what is chosen
    heads    columns with their sort orders
    address  filters and sort order as they stand in the address, without the page
    """

    rows: list[Any]
    count: int
    page: int
    pages: int
    filters: list[Chosen]
    heads: list[Head] = field(metadata={"json": False})
    address: str = field(metadata={"json": False})

    @property
    def filtered(self) -> bool:
        """Whether anything is filtered away."""
        return any(chosen.value for chosen in self.filters)


def listing(request: HttpRequest, query: QuerySet[Any], spec: Spec) -> Listing:
    """The page of a list that the address asks for."""
    chosen = [chosen_of(request, one) for one in spec.filters]
    sort = request.GET.get("sort", "")
    kept = ordered(filtered(query, spec, chosen), spec, sort)
    page = Paginator(kept, size_of(request)).get_page(request.GET.get("page"))
    asked = {one.key: one.value for one in chosen if one.value}
    return Listing(
        rows=[spec.row(row) for row in page.object_list], count=page.paginator.count, page=page.number,
        pages=page.paginator.num_pages, filters=chosen, heads=[head_of(column, sort) for column in spec.columns],
        address=urlencode(asked | ({"sort": sort} if sort else {})),
    )


def listed(request: HttpRequest, rows: Sequence[Any], asked: Mapping[str, str], chosen: Sequence[Chosen] = (),
           columns: Sequence[Column] = ()) -> Listing:
    """The page of rows that are no query: they are filtered and sorted already, by what `asked` says in the address."""
    page = Paginator(rows, size_of(request)).get_page(request.GET.get("page"))
    heads = [head_of(column, asked.get("sort", "")) for column in columns]
    return Listing(list(page.object_list), page.paginator.count, page.number, page.paginator.num_pages, list(chosen), heads,
                   urlencode({key: value for key, value in asked.items() if value}))


def sheet(request: HttpRequest, query: QuerySet[Any], spec: Spec, title: str) -> HttpResponseBase:
    """The whole list, as filtered and sorted, as the file the address asks for."""
    chosen = [chosen_of(request, one) for one in spec.filters]
    kept = ordered(filtered(query, spec, chosen), spec, request.GET.get("sort", ""))
    rows = ([getattr(row, column.key) for column in spec.columns]
            for row in map(spec.row, kept.iterator(chunk_size=1000)))
    return export(title, [column.label for column in spec.columns], rows, kept.count(), form_of(request))


def passing(request: HttpRequest, query: QuerySet[Any], spec: Spec) -> QuerySet[Any]:
    """All rows that pass the filters of the address, on every page."""
    return filtered(query, spec, [chosen_of(request, one) for one in spec.filters])


def size_of(request: HttpRequest) -> int:
    """Rows on a page: what the address asks for among `SIZES`, else the first of them."""
    return next((size for size in SIZES if request.GET.get("size") == str(size)), SIZES[0])


def chosen_of(request: HttpRequest, one: Filter) -> Chosen:
    """What a person chose in a filter; a value that is not among the choices counts as nothing."""
    value = request.GET.get(one.key, "").replace("\0", "").strip()[:200]
    known = value in dict(one.choices) if one.choices else one.kind != "date" or day(value) is not None
    return Chosen(one.key, one.label, value if known else "", one.choices, one.kind)


def day(text: str) -> date | None:
    """A day from an address or a form, None where it is not one.

    >>> day("2020-06-31"), day("2020-06-30")
    (None, datetime.date(2020, 6, 30))
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def filtered(query: QuerySet[Any], spec: Spec, chosen: list[Chosen]) -> QuerySet[Any]:
    """The rows that pass every filter."""
    for one, choice in zip(spec.filters, chosen, strict=True):
        if choice.value:
            either = Q()
            for lookup in one.lookups:
                either |= Q(**{lookup: one.read(choice.value)})
            query = query.filter(either)
    return query


def ordered(query: QuerySet[Any], spec: Spec, sort: str) -> QuerySet[Any]:
    """The rows in the order asked for, or in their own."""
    fields = {column.key: column.order for column in spec.columns if column.order}
    name = sort.removeprefix("-")
    if name not in fields:
        return query
    return query.order_by(("-" if sort.startswith("-") else "") + fields[name], "pk")


def head_of(column: Column, sort: str) -> Head:
    """A column's head, with what a click on it sorts by."""
    now = {column.key: "ascending", f"-{column.key}": "descending"}.get(sort, "")
    turn = "" if not column.order else f"-{column.key}" if now == "ascending" else column.key
    return Head(column.key, column.label, turn, now)
