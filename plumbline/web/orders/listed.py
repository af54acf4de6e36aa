"""The list of orders: filtered, paged, exported, with filters one keeps; it never counts beyond ten thousand."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from plumbline.store import registers
from plumbline.store.models import SavedFilter
from plumbline.web.export import MOST_ROWS, export
from plumbline.web.forms import whole
from plumbline.web.listing import Column, Listing, head_of, size_of
from plumbline.web.orders.opens import openable
from plumbline.web.orders.rows import reads_orders, row_of, speech
from plumbline.web.orders.wanted import MOST_COUNTED, WINDOW, Wanted, capped, wanted
from plumbline.web.screen import FILES, act, form_of, show, twin

TABLE = "orders"
COLUMNS = (
    Column("number", "编号", "pk"), Column("title", "标题"), Column("state", "状态"), Column("due_at", "时限", "due_at"),
    Column("office", "承办单位"), Column("area", "地区"), Column("opened_at", "收到时间"),
)
IN_FILES = (
    Column("number", "编号"), Column("kind", "类别"), Column("title", "标题"), Column("state", "状态"),
    Column("office", "承办单位"), Column("area", "地区"), Column("topic", "分类"), Column("urgency", "紧急程度"),
    Column("opened_at", "收到时间"), Column("due_at", "时限"), Column("tone_words", "时限状态"),
    Column("closed_at", "办结时间"), Column("returns", "退单次数"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A filter one keeps; `query` is its address."""

    key: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """The list.

    over      there are more than are counted
    narrowed  how many of the latest orders a text was looked for in; None where no text was
    openable  kinds this person may open orders of: key and label
    """

    list: Listing
    over: bool
    narrowed: int | None
    saved: Sequence[Kept]
    openable: tuple[tuple[str, str], ...]
    reads: bool
    where: str = "orders"


def orders(request: HttpRequest) -> HttpResponseBase:
    """The orders a person sees."""
    asked = wanted(request)
    if form_of(request) in FILES:
        return as_file(request, asked)
    count = capped(asked.query)
    page = OrdersPage(
        page_of(request, asked, min(count, MOST_COUNTED)), count > MOST_COUNTED, WINDOW if asked.narrowed else None,
        kept(request), openable(request.user), reads_orders(request.user))
    return show(request, page, "web/order-list.html")


def page_of(request: HttpRequest, asked: Wanted, count: int) -> Listing:
    """One page of the list; those beyond what is counted are found by a filter only."""
    size, sort = size_of(request), request.GET.get("sort", "")
    pages = max(1, -(-count // size))
    page = min(max(whole(request.GET.get("page", "")) or 1, 1), pages)
    by = speech()
    rows = [row_of(one, by) for one in asked.query[(page - 1) * size:page * size]]
    return Listing(rows, count, page, pages, asked.chosen, [head_of(one, sort) for one in COLUMNS], address_of(asked, sort))


def address_of(asked: Wanted, sort: str) -> str:
    """Filters and order as they stand in an address."""
    chosen = {one.key: one.value for one in asked.chosen if one.value}
    return urlencode(chosen | ({"sort": sort} if sort else {}))


def as_file(request: HttpRequest, asked: Wanted) -> HttpResponseBase:
    """The whole list as a file."""
    by = speech()
    rows = ([getattr(row, column.key) for column in IN_FILES]
            for row in (row_of(one, by) for one in asked.query.iterator(chunk_size=1000)))
    count = capped(asked.query, MOST_ROWS)
    return export("工单", [column.label for column in IN_FILES], rows, count, form_of(request))


def kept(request: HttpRequest) -> list[Kept]:
    """The filters this person keeps."""
    return [Kept(one.pk, one.name, one.query) for one in SavedFilter.objects.visible_to(request.user).filter(table=TABLE)]


def keep(request: HttpRequest) -> HttpResponse:
    """Keep a filter under a name, for oneself."""
    query = request.POST.get("query", "")
    registers.save_filter(request.user, TABLE, request.POST.get("name", ""), query)
    messages.success(request, "已存为常用筛选。")
    return redirect(f"{reverse('orders')}?{query}")


def drop(request: HttpRequest) -> HttpResponse:
    """Drop a filter one kept."""
    registers.remove_filter(request.user, whole(request.POST.get("id", "")) or 0)
    return redirect("orders")


urls = [
    *twin("orders", orders, "orders", *FILES),
    *act("orders/keep-filter", keep, "keep-orders"),
    *act("orders/drop-filter", drop, "drop-orders"),
]
