"""Every request behind a score, with what call-back found; an office objects to one from here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from plumbline import engine
from plumbline.kernel import ROW, BadInput, Catalog, Finding, Indicator, Inputs, NotAllowed, area_name
from plumbline.kernel.figure import Cell
from plumbline.store import batches, declarations
from plumbline.store.models import Order
from plumbline.systems.hotline import objections
from plumbline.systems.hotline.rate_pages import HEADS, may_open
from plumbline.systems.hotline.rate_view import Eye, cell_text, read_cell
from plumbline.systems.hotline.rates import TABLE, period_trouble
from plumbline.web.export import export
from plumbline.web.forms import whole
from plumbline.web.listing import Chosen, Column, Head, Listing, head_of, size_of
from plumbline.web.screen import FILES, form_of, show, twin
from plumbline.web.words import period_words

# which requests of a score: all that ended, or those one rate counts
RATES = {"closed": "全部办结", **{name: HEADS[name] for name in ("responded", "solved", "satisfied", "on_time")},
         "struck": "已剔除", "returned": "退单率", "received": "受理", "late": "超期"}
PASSED = (("yes", "是"), ("no", "否"))
COLUMNS = (
    Column("number", "编号", "number"), Column("spot", "诉求点", "spot"), Column("topic", "分类", "topic"),
    Column("office", "承办单位", "office"), Column("closed_on", "办结", "closed_on"), Column("reached", "接通"),
    Column("responded", "响应"), Column("solved", "解决"), Column("satisfied", "满意"), Column("late", "超期"),
    Column("struck", "剔除"))
PIECE = 1000


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request behind a score. Answers are 是, 否 or —; `href` its page, empty where the person may not open it."""

    key: int
    number: str
    spot: str
    topic: str
    office: str
    closed_on: date | None
    reached: str
    responded: str
    solved: str
    satisfied: str
    late: str
    struck: str
    href: str = ""
    may_object: bool = False
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class RequestsScreen:
    """The requests behind a score; `counted` says of which rate; `own` whether they are the person's own score."""

    title: str
    period_words: str
    area: str
    period: str
    cell: str
    counted: str
    own: bool
    list: Listing
    figure: str


@dataclass(frozen=True)
class Behind:
    """What an address asks: whose requests, of which period, counted in what."""

    eye: Eye
    catalog: Catalog
    inputs: Mapping[str, Inputs]
    area: str
    period: str
    cell: Cell
    name: str
    passed: str

    @property
    def indicator(self) -> Indicator:
        """What counts exactly these requests."""
        one = self.catalog.indicators[f"hotline.{self.name}"]
        if one.kind != "share" or not self.passed:
            return one
        answer = f"({one.of})" if self.passed == "yes" else f"not ({one.of})"
        return replace(one, kind="count", of="", where=f"({one.where}) and {answer}")

    @property
    def address(self) -> dict[str, str]:
        """As it stands in an address."""
        return {"area": self.area, "period": self.period, "cell": cell_text(self.cell), "in": self.name, "passed": self.passed}


def asked(request: HttpRequest) -> Behind:
    """What the address asks.

    Raises  Http404 for who sees no rates, NotAllowed for another's score, BadInput for what is no period
    """
    eye, told, catalog = Eye(request.user), request.GET, declarations.catalog()
    if not eye.sees or TABLE not in catalog.tables:
        raise Http404
    cell = read_cell(told.get("cell", "")) or eye.own
    area, period = told.get("area", "") or eye.area, told.get("period", "")
    name = told.get("in", "") if told.get("in") in RATES else "closed"
    dimensions = catalog.indicators[f"hotline.{name}"].dimensions
    if period_trouble(period) or any(key not in dimensions for key, _ in cell):
        raise BadInput([Finding("rates.requests", "地址", "地址里的时期或分组不对；请从排名页点开。")])
    if not may_open(eye, area, cell) or (eye.office is not None and not cell):
        raise NotAllowed("这些诉求不计入您单位的成绩，或不在您可以查看的范围内。")
    passed = told.get("passed", "") if told.get("passed") in dict(PASSED) else ""
    return Behind(eye, catalog, {TABLE: batches.inputs(catalog.tables[TABLE])}, area, period, cell, name, passed)


def requests(request: HttpRequest) -> HttpResponseBase:
    """The requests behind a score: a page of them, or all as a file."""
    wanted, sort = asked(request), request.GET.get("sort", "")
    order = (sort,) if sort.removeprefix("-") in {column.order for column in COLUMNS if column.order} else ()
    if form_of(request) in FILES:
        count = rows_of(wanted, engine.Page(0, 1), ()).count
        return export(f"三率背后的诉求-{wanted.period.replace('/', '至')}", [column.label for column in COLUMNS],
                      lines(wanted, count), count, form_of(request))
    size, at = size_of(request), max(whole(request.GET.get("page", "")) or 1, 1)
    found = rows_of(wanted, engine.Page((at - 1) * size, size), order)
    table = Listing(with_orders(wanted, found.rows), found.count, at, max(1, -(-found.count // size)), chosen(wanted),
                    heads(sort), urlencode({key: text for key, text in {**wanted.address, "sort": sort}.items() if text}))
    screen = RequestsScreen(title(wanted), period_words(wanted.period), wanted.area, wanted.period, cell_text(wanted.cell),
                            RATES[wanted.name], wanted.eye.office is not None, table, figure_href(wanted))
    return show(request, screen, "hotline/rate-requests.html")


def heads(sort: str) -> list[Head]:
    """Heads of the list."""
    return [head_of(column, sort) for column in COLUMNS]


def chosen(wanted: Behind) -> list[Chosen]:
    """The two filters: counted in which rate, and whether it passes."""
    return [Chosen("in", "计入", wanted.name, tuple(RATES.items())), Chosen("passed", "达到", wanted.passed, PASSED)]


def title(wanted: Behind) -> str:
    """Whose requests these are."""
    named = [wanted.eye.name_of(key, value) for key, value in wanted.cell]
    return " · ".join(named) or area_name(wanted.area)


def figure_href(wanted: Behind) -> str:
    """The page of the figure that counts these requests."""
    told = {key: wanted.address[key] for key in ("area", "period", "cell")}
    return f"{reverse('hotline-rate-figure')}?{urlencode({'indicator': f'hotline.{wanted.name}', **told})}"


def rows_of(wanted: Behind, page: engine.Page, order: tuple[str, ...]) -> engine.Rows:
    """A page of the requests as they are counted."""
    return engine.rows_behind(wanted.catalog, wanted.indicator, wanted.area, wanted.period, wanted.inputs,
                              engine.Sight(page, order, wanted.cell))


def with_orders(wanted: Behind, found: Sequence[Mapping[str, Any]]) -> list[RequestRow]:
    """Rows with their orders: whose page the person may open, which he may object to."""
    keys = [int(row[ROW]) for row in found]
    open_to = set(Order.objects.visible_to(wanted.eye.user).filter(pk__in=keys).values_list("pk", flat=True))
    subjects = {f"{objections.SUBJECT}{key}": key for key in keys}
    waiting = {subjects[one] for one in Order.objects.filter(kind=objections.KIND, subject__in=subjects, state_kind__in=(
        "open", "waiting")).values_list("subject", flat=True)}
    known = Order.objects.defer("text").in_bulk(keys) if wanted.eye.office is not None else {}
    return [row_of(row, wanted.eye.user, known.get(key), (key in open_to, key in waiting))
            for key, row in zip(keys, found, strict=True)]


def row_of(row: Mapping[str, Any], user: Any, order: Order | None, state: tuple[bool, bool]) -> RequestRow:
    """A row of a cut as the list shows it; state: whether its page is open to the person, whether an objection waits."""
    opened, waiting = state
    why = objections.why_not(user, order, waiting) if order else "-"
    href = reverse("order", args=[row["number"]]) if opened else ""
    answers = {key: said(row[key]) for key in ("reached", "responded", "solved", "satisfied", "late", "struck")}
    return RequestRow(
        key=int(row[ROW]), number=row["number"], spot=row["spot"] or "", topic=row["topic"] or "", office=row["office"] or "",
        closed_on=row["closed_on"], href=href, may_object=not why, why_not="" if why == "-" else why, **answers)


def said(value: bool | None) -> str:
    """An answer in words.

    >>> said(True), said(False), said(None)
    ('是', '否', '—')
    """
    return "—" if value is None else "是" if value else "否"


def lines(wanted: Behind, count: int) -> Iterator[list[object]]:
    """The rows of a file, a piece at a time."""
    for first in range(0, count, PIECE):
        for row in rows_of(wanted, engine.Page(first, PIECE), ()).rows:
            yield [row[column.key] for column in COLUMNS]


urls = twin("hotline/rates/requests", requests, "hotline-rate-requests", *FILES)
