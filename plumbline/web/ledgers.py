"""Ledgers: the tables officials declare; the list, and one of them with its columns, indicators and versions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from plumbline.kernel import KINDS, BadInput, Conflict, Finding, Table, area_name
from plumbline.kernel.sentence import Slot, pieces
from plumbline.store import declarations, deliveries
from plumbline.store.declarations.tables import DECLARATION_STATES, RETIRED
from plumbline.store.models import Batch, Declaration, Item
from plumbline.store.people import may
from plumbline.web import choices, links
from plumbline.web.export import XLSX, attached
from plumbline.web.forms import onward, status_of, told, version
from plumbline.web.ledger_changes import changes
from plumbline.web.ledger_template import blank
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, act, form_of, show, twin
from plumbline.web.tables import ColumnRow, column_row, how_words

FILLED = {True: "登记：逐条登记和更正", False: "报送：按期整批报送"}


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A ledger in the list.

    rows        rows that stand in it
    indicators  how many are counted from it
    """

    key: str
    label: str
    meaning: str
    owner: str
    area: str
    filled: str
    columns: int
    rows: int
    indicators: int
    state: str
    state_key: str
    version: int
    by: str
    at: datetime
    href: str


@dataclass(frozen=True, slots=True)
class LedgersScreen:
    """The ledgers a person sees; `addable` where he may declare one."""

    list: Listing
    addable: bool


COLUMNS = (
    Column("label", "台账", "label"), Column("owner", "负责单位", "owner"), Column("area", "地区", "area"),
    Column("filled", "怎么填"), Column("rows", "行数", "row_count"), Column("indicators", "指标", "indicator_count"),
    Column("state", "状态", "state"), Column("at", "最近修改", "at"),
)


def row_of(one: Any) -> LedgerRow:
    """A ledger as the list shows it."""
    register = declarations.true(one.body.get("register"))
    return LedgerRow(one.key, one.label, str(one.body.get("meaning") or ""), one.owner, area_name(one.area),
                     FILLED[register].partition("：")[0], len(one.body["columns"]), int(one.row_count), int(one.indicator_count),
                     one.get_state_display(), one.state, one.version, str(one.by), one.at, reverse("ledger", args=[one.key]))


def ledger_rows(user: Any) -> QuerySet[Any]:
    """The newest version of every ledger a person sees, with how much hangs on it."""
    entries = Item.objects.filter(table=OuterRef("key"), until=None).order_by().values("table").annotate(many=Count("pk"))
    batches = Batch.objects.filter(table=OuterRef("key"), state="current").order_by().values("table").annotate(many=Sum("rows"))
    counted = (Declaration.objects.filter(table=OuterRef("key"), version=1, kind=declarations.INDICATOR)
               .order_by().values("table").annotate(many=Count("pk")))
    return (Declaration.objects.visible_to(user).newest().filter(kind=declarations.TABLE).select_related("by")
            .annotate(row_count=Coalesce(Subquery(entries.values("many")), 0) + Coalesce(Subquery(batches.values("many")), 0),
                      indicator_count=Coalesce(Subquery(counted.values("many")), 0))
            .order_by("-state", "-at"))


def spec(user: Any) -> Spec:
    """The list of ledgers."""
    seen = Declaration.objects.visible_to(user).filter(kind=declarations.TABLE)
    return Spec(COLUMNS, (
        Filter("q", "名称或负责单位", ("label__icontains", "owner__icontains", "body__icontains")),
        *choices.choice("area", "地区", "area", choices.areas(seen, "area")),
        Filter("state", "状态", ("state",), DECLARATION_STATES),
    ), row_of)


def ledgers(request: HttpRequest) -> HttpResponseBase:
    """The ledgers of one's area."""
    if form_of(request) in FILES:
        return sheet(request, ledger_rows(request.user), spec(request.user), "台账")
    page = LedgersScreen(listing(request, ledger_rows(request.user), spec(request.user)),
                         may(request.user, "declare", request.user.area))
    return show(request, page, "web/ledgers.html")


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator of a ledger: what it counts, how, in words."""

    key: str
    label: str
    kind: str
    how: str
    unit: str
    source: str
    area: str
    state: str
    version: int
    href: str
    edit: str


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """A sentence of a ledger, with its indicators in its slots."""

    key: str
    label: str
    section: str
    text: str
    state: str
    edit: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a ledger: what it changed, who, when and why."""

    version: int
    by: str
    at: datetime
    why: str
    changes: list[str]


@dataclass(frozen=True, slots=True)
class LedgerScreen:
    """One ledger; `editable` where this person may change it."""

    row: LedgerRow
    filled: str
    identity: list[str]
    months: int | None
    columns: list[ColumnRow]
    indicators: list[IndicatorRow]
    sentences: list[SentenceRow]
    versions: list[VersionRow]
    editable: bool
    may_deliver: bool
    why: str = ""
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)


def seen(request: HttpRequest, key: str) -> Any:
    """The ledger, if this person sees it; 404 otherwise, whether it exists or not."""
    return get_object_or_404(ledger_rows(request.user), key=key)


def ledger(request: HttpRequest, key: str) -> HttpResponseBase:
    """A ledger with its columns, indicators and versions."""
    return show(request, page_of(request, seen(request, key)), "web/ledger.html")


def page_of(request: HttpRequest, found: Any, error: Exception | None = None) -> LedgerScreen:
    """A ledger's page."""
    table = declarations.table_of(found)
    labels = {column.key: column.label for column in table.columns}
    in_use = found.state != RETIRED
    return LedgerScreen(
        row_of(found), FILLED[table.register], [labels[name] for name in table.identity], table.delete_months,
        [column_row(table, column) for column in table.columns], indicator_rows(request.user, table),
        sentence_rows(request.user, table), version_rows(found.key),
        may(request.user, "declare", found.area), in_use and may(request.user, deliveries.action_for(table), request.user.area),
        request.POST.get("why", ""), *told(error))


def indicator_rows(user: Any, table: Table) -> list[IndicatorRow]:
    """The indicators officials declared on a table, as this person sees them."""
    catalog = declarations.catalog()
    rows = Declaration.objects.visible_to(user).newest().filter(kind=declarations.INDICATOR, table=table.key).order_by("at")
    made = [(one, catalog.indicators[one.key]) for one in rows]
    return [IndicatorRow(one.key, one.label, KINDS[counted.kind], how_words(catalog, counted), counted.unit, counted.source,
                         area_name(one.area), one.get_state_display(), one.version, links.indicator(one.key),
                         reverse("ledger-indicator", args=[table.key, one.key])) for one, counted in made]


def sentence_rows(user: Any, table: Table) -> list[SentenceRow]:
    """The sentences officials declared of a table; each slot says what its indicator is called."""
    known = declarations.catalog().indicators
    rows = Declaration.objects.visible_to(user).newest().filter(kind=declarations.SENTENCE, table=table.key).order_by("at")
    return [SentenceRow(
        one.key, one.label, str(one.body.get("section") or ""),
        "".join(f"〔{known[piece.ref.indicator].label}〕" if isinstance(piece, Slot) and piece.ref else str(piece)
                for piece in pieces(one.body["text"], declarations.sentence_of(one).figures)),
        one.get_state_display(), reverse("ledger-sentence", args=[table.key, one.key])) for one in rows]


def version_rows(key: str) -> list[VersionRow]:
    """The versions of a declaration, the newest first, each with what it changed."""
    rows = list(Declaration.objects.filter(key=key).select_related("by").order_by("version"))
    before: Sequence[Any] = [None, *rows]
    told = [VersionRow(one.version, str(one.by), one.at, one.why, changes(earlier, one))
            for earlier, one in zip(before, rows, strict=False)]
    return told[::-1]


def retire(request: HttpRequest, key: str) -> HttpResponseBase:
    """Put a ledger out of use, with its indicators."""
    return moved(request, key, declarations.retire, "已停用，并记入日志；已有的数据和数值都保留。")


def restore(request: HttpRequest, key: str) -> HttpResponseBase:
    """Put a ledger back into use."""
    return moved(request, key, declarations.restore, "已重新启用，并记入日志。")


def moved(request: HttpRequest, key: str, deed: Any, words: str) -> HttpResponseBase:
    """Retire or restore; the page says why where it cannot be."""
    found = seen(request, key)
    try:
        deed(request.user, key, request.POST.get("why", ""), version(request))
    except (Conflict, BadInput) as error:
        if form_of(request) == "json":
            raise
        return show(request, page_of(request, seen(request, key), error), "web/ledger.html", status_of(error))
    messages.success(request, f"「{found.label}」{words}")
    return onward(request, "ledger", key)


def template(request: HttpRequest, key: str) -> HttpResponse:
    """An empty xlsx to fill: heads, notes, choices to pick from."""
    table = declarations.table_of(seen(request, key))
    return attached(blank(table, request.user.area), XLSX, f"{table.key}.xlsx")


urls = [
    *twin("ledgers", ledgers, "ledgers", *FILES),
    *twin("ledgers/<str:key>", ledger, "ledger"),
    *twin("ledgers/<str:key>/template", template, "ledger-template"),
    *act("ledgers/<str:key>/retire", retire, "retire-ledger"),
    *act("ledgers/<str:key>/restore", restore, "restore-ledger"),
]
