"""Deliveries of a roll: the form to hand one in, what waits, what was taken, and the rows that were left out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from plumbline.kernel import AREAS, BadInput, Coverage, Finding, Table, area_name, inside
from plumbline.store import deliveries, rolls
from plumbline.store.deliveries import Delivery
from plumbline.store.records.tally import listed
from plumbline.store.rolls import Step
from plumbline.web.deliveries_waiting import WaitingRow, waiting_of
from plumbline.web.delivery_work import small, work
from plumbline.web.export import export
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.listing import day as day_of
from plumbline.web.screen import FILES, form_of, show, twin
from plumbline.web.table_access import TableHead, head_of, table_seen

NOTHING_SENT = Finding("upload.missing", "文件", "没有选择文件。请选择一份 xlsx、csv、jsonl 或 parquet 后再上传。")
NO_DAY = Finding("roll.day", "截至日", "请写明这份数据截至哪一天，如 2020-06-30。")
SCOPES = (("whole", "整册", "文件里是这些地区的全部；没有列出的视为退出名册"),
          ("part", "只更新文件里的这几列", "按标识找到各行，只改文件里有的列；没有列出的行不动"))


@dataclass(frozen=True, slots=True)
class StepRow:
    """A delivery that was taken, in the list; `faults` leads to the rows that were left out."""

    key: int
    name: str
    day: date
    scope: str
    areas: str
    source: str
    new: int
    changed: int
    gone: int
    same: int
    bad: int
    by: str
    at: datetime
    why: str
    example: bool
    faults: str


@dataclass(frozen=True, slots=True)
class RollForm:
    """The form, with what was typed when it was refused."""

    areas: list[tuple[str, str]]
    chosen: list[str]
    day: str
    scope: str
    partly: bool
    source: str
    why: str
    scopes: tuple[tuple[str, str, str], ...] = field(default=SCOPES, metadata={"json": False})


@dataclass(frozen=True, slots=True)
class RollDeliverScreen:
    """Handing in, and what was taken; `form` is None for who may not."""

    table: TableHead
    waiting: list[WaitingRow]
    form: RollForm | None
    limit_mb: int
    stem: str = field(metadata={"json": False})
    findings: list[Finding]
    list: Listing


COLUMNS = (Column("name", "文件", "name"), Column("day", "截至", "day"), Column("areas", "地区"), Column("new", "新增", "new"),
           Column("changed", "变更", "changed"), Column("gone", "退出", "gone"), Column("same", "不变", "same"),
           Column("bad", "未收", "bad"), Column("by", "收下", "at"))
IN_FILES = (COLUMNS[0], Column("scope", "方式"), *COLUMNS[1:3], Column("source", "来源"), *COLUMNS[3:8], Column("by", "报送人"),
            Column("at", "收下时间"), Column("why", "说明"))


def deliver(request: HttpRequest, table: Table) -> HttpResponseBase:
    """The page of a roll's deliveries; with POST, hands one in."""
    if request.method == "POST":
        return hand_in(request, table)
    if form_of(request) in FILES:
        return sheet(request, taken(request.user, table), spec(table, IN_FILES), f"{table.label}报送")
    return page(request, table, ())


def taken(user: Any, table: Table) -> Any:
    """The deliveries a person sees."""
    return Step.objects.visible_to(user).filter(table=table.key).select_related("taken_by")


def spec(table: Table, columns: tuple[Column, ...]) -> Spec:
    """The list of deliveries, with its filters."""
    return Spec(columns, (Filter("q", "文件名", ("name__icontains",)), Filter("source", "来源", ("source__icontains",)),
                          Filter("from", "截至不早于", ("day__gte",), kind="date")), lambda row: step_row(table, row))


def step_row(table: Table, row: Step) -> StepRow:
    """A delivery in the list."""
    labels = {one.key: one.label for one in table.columns}
    scope = "整册" if row.whole else "、".join(labels.get(key, key) for key in row.columns[:6])
    return StepRow(row.pk, row.name, row.day, scope, listed((area_name(area) for area in row.areas), 4), row.source, row.new,
                   row.changed, row.gone, row.same, row.bad, str(row.taken_by), row.at, row.why, row.example,
                   reverse("roll-faults-xlsx", args=[table.key, row.pk]) if row.faults else "")


def page(request: HttpRequest, table: Table, findings: Iterable[Finding], status: int = 200) -> HttpResponse:
    """The page, with what was wrong with what was just handed in."""
    head = head_of(request.user, table)
    return show(request, RollDeliverScreen(
        head, waiting_of(request.user, table), form(request) if head.may_deliver else None, settings.UPLOAD_LIMIT // 1024**2,
        f"/tables/{table.key}/deliver", list(findings), listing(request, taken(request.user, table), spec(table, COLUMNS))),
        "web/roll-deliver.html", status)


def form(request: HttpRequest) -> RollForm:
    """The form, with what was typed."""
    user, told = request.user, request.POST
    own = [(one.code, one.name) for one in AREAS if user.is_superuser or inside(one.code, user.area)]
    return RollForm(own, told.getlist("area") or ([user.area] if user.area else []), told.get("day", ""),
                    told.get("scope", "whole"), bool(told.get("partly")), told.get("source", ""), told.get("why", ""))


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
    file, told = request.FILES.get("file"), request.POST
    day = day_of(told.get("day", ""))
    if wrong := [*([] if file else [NOTHING_SENT]), *([] if day else [NO_DAY])]:
        raise BadInput(wrong)
    assert file is not None
    terms = {"whole": told.get("scope", "whole") != "part", "partly": bool(told.get("partly")),
             "source": told.get("source", "").strip()[:100]}
    sent = deliveries.Sent(file.name or "", file.chunks(), told.get("why", ""), terms)
    return deliveries.hand_in(request.user, table, sent, Coverage(tuple(told.getlist("area")), None, day))


def faults(request: HttpRequest, key: str, step: int) -> HttpResponseBase:
    """The rows of a delivery that were left out, as a file to hand back to who sent it."""
    _, table = table_seen(request, key)
    if form_of(request) not in FILES:
        raise Http404
    row = get_object_or_404(Step.objects.visible_to(request.user), pk=step, table=table.key)
    lines = rolls.faults_of(row)
    return export(f"{row.name} 未收的行", ["行", "问题和怎么改"], ([line, why] for line, why in lines), len(lines),
                  form_of(request))


urls = [*twin("tables/<str:key>/taken/<int:step>", faults, "roll-faults", *FILES)]
