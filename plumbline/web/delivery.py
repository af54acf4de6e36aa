"""A delivery before it is a batch: how far it is, everything wrong with it, what it would change; yes or no."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from plumbline.kernel import Finding, area_name
from plumbline.store import deliveries
from plumbline.store.deliveries import HELD, Delivery
from plumbline.store.people import may
from plumbline.web.delivery_work import small, work
from plumbline.web.effects import Effect
from plumbline.web.export import export
from plumbline.web.screen import FILES, act, form_of, show, twin
from plumbline.web.table_access import TableHead, head_of, table_seen
from plumbline.web.words import days_words

WORKING = ("waiting", "checking", "accepted", "receiving")
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class DeliveryScreen:
    """A delivery.

    said      how many rows it has, and how many things are wrong
    facts     file, coverage, who handed it in, what it replaces
    findings  the first things that are wrong; `more`, how many are not shown
    changes   figures it would change; `changes_said` where there is none
    """

    table: TableHead
    key: int
    name: str
    state: str
    state_key: str
    working: bool
    stoppable: bool
    over: bool
    may_act: bool
    done: int
    total: int
    said: str
    facts: list[tuple[str, str]]
    findings: list[Finding]
    findings_said: str
    more: int
    changes: list[Effect]
    changes_said: str
    heads: list[str]
    first_rows: list[list[str]] = field(default_factory=list)


def seen(request: HttpRequest, key: str, number: int) -> tuple[TableHead, Delivery]:
    """The table and the delivery, if this person sees it; 404 otherwise."""
    _, table = table_seen(request, key)
    rows = Delivery.objects.visible_to(request.user).filter(table=table.key).select_related("handed_by", "replaces", "batch")
    return head_of(request.user, table), get_object_or_404(rows, pk=number)


def delivery(request: HttpRequest, key: str, number: int) -> HttpResponseBase:
    """The page of a delivery; as a file, all that is wrong with it."""
    table, row = seen(request, key, number)
    if form_of(request) in FILES:
        lines = ([one["where"], one["message"], one["check"]] for one in row.findings)
        return export(f"{row.name} 的问题", ["位置", "问题和怎么改", "检查"], lines, len(row.findings), form_of(request))
    return show(request, screen_of(request.user, table, row), "web/delivery.html")


def state(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The piece of the page that asks again by itself."""
    table, row = seen(request, key, number)
    return show(request, screen_of(request.user, table, row), "web/delivery-state.html")


def screen_of(user: Any, table: TableHead, row: Delivery) -> DeliveryScreen:
    """A delivery as its page shows it."""
    told, working = row.preview, row.state in WORKING
    done, total = deliveries.reached(row.pk) if working else (0, 0)
    effects = [Effect(**one) for one in told.get("effects", [])]
    allowed = may(user, "register" if table.register else "deliver", row.area)
    return DeliveryScreen(
        table, row.pk, row.name, row.get_state_display(), row.state, working, row.state in HELD, row.state not in HELD,
        allowed, done, total, said(row), facts(row), [Finding(**one) for one in row.findings[:MOST_SHOWN]],
        f"共 {sum(told.get('counts', {}).values()) or len(row.findings)} 处问题", max(0, len(row.findings) - MOST_SHOWN),
        effects, unchanged(effects, told.get("tried", True)), told.get("heads", []),
        told.get("first", []))


def unchanged(effects: list[Effect], tried: bool) -> str:
    """What is said where no figure is shown that would change."""
    if not tried:
        return "条目太多，没有预先计算；确认之后，用到这份名录的数会按新内容重算，新旧数都保留。"
    return "" if effects else "按已公布过的和本次覆盖的时期计算，收下之后没有数会变。"


def said(row: Delivery) -> str:
    """How many rows a delivery has, and what is wrong with it, in a sentence."""
    told = row.preview
    parts = [f"共 {told['rows']} 行"] if "rows" in told else []
    parts += [f"{label} {told[name]} 条" for name, label in (
        ("new", "新增"), ("changed", "修改"), ("gone", "退出"), ("same", "不变"), ("bad", "有误而不收"))
              if told.get(name) is not None]
    parts += [f"有 {sum(told.get('counts', {}).values()) or len(row.findings)} 处问题"] if row.findings else ["没有发现问题"]
    return "，".join(parts)


def facts(row: Delivery) -> list[tuple[str, str]]:
    """What is known of a delivery."""
    areas = "、".join(area_name(area) for area in row.areas)
    covers = [("地区", areas), ("截至", str(row.last_on)), ("方式", way(row))] if row.terms else \
        [("覆盖", f"{areas}，{days_words(row.first_on, row.last_on)}")]
    told = [("文件", f"{row.name}（{row.size:,} 字节）"), *covers,
            ("报送人", f"{row.handed_by} · {timezone.localtime(row.handed_at):%Y-%m-%d %H:%M}")]
    told += [("更正", f"第 {row.replaces.pk} 批「{row.replaces.name}」")] if row.replaces else []
    told += [("说明", row.why)] if row.why else []
    return told + ([("成为", f"第 {row.batch.pk} 批")] if row.batch else [])


def way(row: Delivery) -> str:
    """How a delivery of a roll is taken."""
    scope = "整册：没有列出的视为退出" if row.terms.get("whole", True) else "只更新文件里的列，没有列出的不动"
    if row.preview.get("nobody_gone"):
        scope = "整册；有的行认不出是谁，本次没有列出的都不作退出"
    return f"{scope}；{'有误的行不收，其余照收' if row.terms.get('partly') else '有一行有误就都不收'}"


def accept(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Say yes; a small file is received at once."""
    _, row = seen(request, key, number)
    deliveries.accept(request.user, number)
    if small(row) and work(number).state == "received":
        messages.success(request, "已收下，并记入日志。")
    return redirect("delivery", key, number)


def stop(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Give a delivery up."""
    seen(request, key, number)
    deliveries.stop(request.user, number)
    messages.success(request, "已取消，没有收下任何内容。")
    return redirect("deliver", key)


urls = [
    *twin("tables/<str:key>/deliver/<int:number>", delivery, "delivery", *FILES),
    *twin("tables/<str:key>/deliver/<int:number>/state", state, "delivery-state"),
    *act("tables/<str:key>/deliver/<int:number>/accept", accept, "accept-delivery"),
    *act("tables/<str:key>/deliver/<int:number>/stop", stop, "stop-delivery"),
]
