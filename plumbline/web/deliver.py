"""Handing records in for a table: the form, what waits, the batches received, and taking one back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from plumbline.kernel import AREAS, CITY, BadInput, Coverage, Finding, Table, area_name, inside
from plumbline.store import batches, deliveries
from plumbline.store.deliveries import Delivery
from plumbline.store.models import Batch
from plumbline.store.people import may
from plumbline.web import roll_deliver
from plumbline.web.deliveries_waiting import WaitingRow, waiting_of
from plumbline.web.delivery_work import small, work
from plumbline.web.export import XLSX, attached
from plumbline.web.forms import whole
from plumbline.web.ledger_template import blank
from plumbline.web.listing import Column, Filter, Listing, Spec, day, listing, sheet
from plumbline.web.screen import FILES, act, form_of, show, twin
from plumbline.web.table_access import TableHead, filled_by_hand, head_of
from plumbline.web.words import days_words

NOTHING_SENT = Finding("upload.missing", "文件", "没有选择文件。请选择一份 xlsx、csv、jsonl 或 parquet 后再上传。")


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch in the list, or, of a register, an import."""

    key: int
    name: str
    state: str
    state_key: str
    areas: str
    days: str
    rows: int | None
    by: str
    at: datetime
    reason: str
    replaces: int | None
    example: bool
    may_withdraw: bool
    href: str


@dataclass(frozen=True, slots=True)
class DeliverForm:
    """The form to hand something in, with what was typed when it was refused."""

    areas: list[tuple[str, str]]
    chosen: list[str]
    first: str
    last: str
    replaceable: list[tuple[str, str]]
    replaces: str
    why: str


@dataclass(frozen=True, slots=True)
class DeliverScreen:
    """Handing in, and what was handed in; `form` is None for who may not."""

    table: TableHead
    waiting: list[WaitingRow]
    form: DeliverForm | None
    limit_mb: int
    stem: str = field(metadata={"json": False})
    findings: list[Finding]
    list: Listing


COLUMNS = (Column("name", "文件", "name"), Column("state", "状态", "state"), Column("areas", "覆盖"),
           Column("rows", "行数", "rows"), Column("by", "报送", "received_at"))
# in a file, each has a column of its own
IN_FILES = (Column("key", "批次"), *COLUMNS[:2], Column("areas", "覆盖地区"), Column("days", "覆盖时段"), COLUMNS[3],
            Column("by", "报送人"), Column("at", "收到时间"), Column("reason", "理由"), Column("replaces", "更正的批次"))


def deliver(request: HttpRequest, key: str) -> HttpResponseBase:
    """The page of a table's deliveries; with POST, hands one in."""
    table = filled_by_hand(request, key)
    if table.roll:
        return roll_deliver.deliver(request, table)
    if request.method == "POST":
        return hand_in(request, table)
    if form_of(request) in FILES:
        return sheet(request, rows_for(request.user, table), spec(request.user, table, IN_FILES), f"{table.label}批次")
    return page(request, table, ())


def page(request: HttpRequest, table: Table, findings: Iterable[Finding], status: int = 200) -> HttpResponse:
    """The page, with what was wrong with what was just handed in."""
    head = head_of(request.user, table)
    return show(request, DeliverScreen(
        head, waiting_of(request.user, table),
        form(request, table) if head.may_deliver else None, settings.UPLOAD_LIMIT // 1024**2,
        f"/tables/{table.key}/deliver", list(findings),
        listing(request, rows_for(request.user, table), spec(request.user, table, columns_of(table)))), "web/deliver.html",
        status)


def columns_of(table: Table) -> tuple[Column, ...]:
    """The columns of the list: of a register's imports, without a coverage, and sorted by their own fields."""
    return COLUMNS if table.register else (*COLUMNS, Column("act", "操作"))


def rows_for(user: Any, table: Table) -> QuerySet[Any]:
    """The batches of a table a person sees; of a register, its imports."""
    if table.register:
        return Delivery.objects.visible_to(user).filter(table=table.key, state="received").select_related(
            "handed_by", "batch")
    return Batch.objects.visible_to(user).filter(table=table.key).select_related("received_by", "replaces")


def spec(user: Any, table: Table, columns: tuple[Column, ...]) -> Spec:
    """The list of batches, with its filters."""
    by = "handed_by" if table.register else "received_by"
    states = () if table.register else (Filter("state", "状态", ("state",), batches.BATCH_STATES),)
    at = "handed_at" if table.register else "received_at"
    if table.register:
        columns = tuple(Column(one.key, one.label, {"received_at": at, "rows": ""}.get(one.order, one.order))
                        for one in columns)
    return Spec(columns, (Filter("q", "文件名", ("name__icontains",)), Filter("by", "报送人", (f"{by}__label__icontains",
                f"{by}__username__icontains")), *states, Filter("from", "收到不早于", (f"{at}__date__gte",), kind="date")),
                lambda row: import_row(row) if table.register else batch_row(user, table, row))


def batch_row(user: Any, table: Table, row: Batch) -> BatchRow:
    """A batch in the list."""
    return BatchRow(
        row.pk, row.name, row.get_state_display(), row.state, "、".join(area_name(area) for area in row.areas),
        days_words(row.first_on, row.last_on), row.rows, str(row.received_by), row.received_at, row.reason, row.replaces_id,
        row.example, row.state == "current" and may(user, "deliver", row.area),
        reverse("record", args=[table.key, row.sha256, 2]) if row.rows and row.state != "current" else "")


def import_row(row: Delivery) -> BatchRow:
    """An import into a register, in the list."""
    return BatchRow(row.pk, row.name, row.get_state_display(), row.state, "", "", row.preview.get("rows"),
                    str(row.handed_by), row.handed_at, row.why, None, False, False,
                    reverse("delivery", args=[row.table, row.pk]))


def form(request: HttpRequest, table: Table) -> DeliverForm:
    """The form, with what was typed."""
    user, told = request.user, request.POST
    own = [(one.code, one.name) for one in AREAS if user.is_superuser or inside(one.code, user.area)]
    standing = Batch.objects.visible_to(user).filter(table=table.key, state="current")[:200]
    labels = [(str(one.pk), f"第 {one.pk} 批 {one.name}（{covered(one)}）") for one in standing
              if may(user, "deliver", one.area)]
    return DeliverForm(own, told.getlist("area") or ([user.area] if user.area else []), told.get("first", ""),
                       told.get("last", ""), labels, told.get("replaces", request.GET.get("replaces", "")),
                       told.get("why", ""))


def covered(batch: Batch) -> str:
    """What a batch covers, in short."""
    return f"{'、'.join(area_name(area) for area in batch.areas[:3])}，{days_words(batch.first_on, batch.last_on)}"


def hand_in(request: HttpRequest, table: Table) -> HttpResponse:
    """Take a file in to be checked; a small one is checked at once."""
    try:
        row = received(request, table)
    except BadInput as error:
        if form_of(request) == "json":
            raise
        return page(request, table, error.findings, 400)
    if small(row):
        work(row.pk)
    return redirect("delivery-json" if form_of(request) == "json" else "delivery", table.key, row.pk)


def received(request: HttpRequest, table: Table) -> Delivery:
    """The delivery made of the form that was sent."""
    file = request.FILES.get("file")
    if file is None:
        raise BadInput([NOTHING_SENT])
    told = request.POST
    wrong: list[Finding] = []
    first, last = (when(told.get(name, ""), label, wrong) for name, label in (("first", "起日"), ("last", "止日")))
    if wrong:
        raise BadInput(wrong)
    replaces = whole(told.get("replaces", ""))
    old = Batch.objects.visible_to(request.user).filter(pk=replaces, table=table.key).first() if replaces else None
    if replaces and old is None:
        raise BadInput([Finding("delivery.replaces", "更正", "没有要更正的那一批，或它不在您可见的范围内；请重新选择。")])
    areas = tuple(told.getlist("area")) if not table.register else (request.user.area or CITY.code,)
    sent = deliveries.Sent(file.name or "", file.chunks(), told.get("why", ""))
    return deliveries.hand_in(request.user, table, sent, Coverage(areas, first, last), old)


def when(text: str, label: str, wrong: list[Finding]) -> Any:
    """A day of the form; None where it was left empty."""
    found = day(text) if text else None
    if text and found is None:
        wrong.append(Finding("form.day", label, f"{label}「{text[:30]}」不是日期；请写作 2025-06-30。"))
    return found


def withdraw(request: HttpRequest, key: str, batch: int) -> HttpResponse:
    """Take a batch back, with the reason."""
    table = filled_by_hand(request, key)
    get_object_or_404(Batch.objects.visible_to(request.user), pk=batch, table=table.key)
    batches.withdraw(request.user, batch, request.POST.get("why", ""))
    messages.success(request, "已撤回；它覆盖的地区和时间现在没有数据。")
    return redirect("deliver", table.key)


def template(request: HttpRequest, key: str) -> HttpResponse:
    """An empty xlsx to fill: the table's heads with notes, choices to pick from."""
    table = filled_by_hand(request, key)
    return attached(blank(table, request.user.area), XLSX, f"{table.key}.xlsx")


urls = [
    *twin("tables/<str:key>/deliver", deliver, "deliver", *FILES),
    *twin("tables/<str:key>/template", template, "table-template"),
    *act("tables/<str:key>/batches/<int:batch>/withdraw", withdraw, "withdraw"),
]
