"""Pages of objections: the form an office objects with, and the list where judges decide."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from plumbline.kernel import NotAllowed
from plumbline.store import declarations
from plumbline.store.models import Office, Order
from plumbline.systems.hotline import objections
from plumbline.systems.hotline.callback_pages import last_day
from plumbline.systems.hotline.rate_rows import said
from plumbline.systems.hotline.rate_view import Eye
from plumbline.web.forms import whole
from plumbline.web.listing import SIZES
from plumbline.web.screen import act, show, twin

ANSWERS = (("reached", "接通"), ("responded", "响应"), ("solved", "解决"), ("satisfied", "满意"))


@dataclass(frozen=True, slots=True)
class Judged:
    """An objection as its list shows it, with the request it is about; `settling`: upheld, and still to be done."""

    key: int
    number: str
    version: int
    asks_for: str
    text: str
    office: str
    state: str
    settling: bool
    href: str
    due: str
    request: str
    request_title: str
    request_href: str
    answers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ObjectionsScreen:
    """Objections that wait for a judge; choices: what a strike-out may be for, and offices; `every`: where all are listed."""

    rows: list[Judged]
    struck_for: Sequence[str] = field(metadata={"json": False})
    offices: Sequence[tuple[int, str]] = field(metadata={"json": False})
    may_judge: bool
    every: str


def waiting(request: HttpRequest) -> HttpResponseBase:
    """Objections that wait: those a judge decides, or one's own office's."""
    if not Eye(request.user).sees:
        raise Http404
    kind = declarations.catalog().orders[objections.REQUEST].field("struck_for")
    may = request.user.is_superuser or request.user.role in ("dispatcher", "planner")
    found = Order.objects.visible_to(request.user).filter(kind=objections.KIND, state_kind__in=("open", "waiting"))
    judged = judged_rows(found.select_related("office").order_by("pk")[:SIZES[0]])
    offices = [(one.pk, one.name) for one in Office.objects.visible_to(request.user)] if may and any(
        one.asks_for == objections.OFFICE for one in judged) else []
    every = f"{reverse('orders')}?{urlencode({'kind': objections.KIND})}"
    screen = ObjectionsScreen(judged, kind.choices if kind else (), offices, may, every)
    return show(request, screen, "hotline/objections.html")


def judged_rows(found: Iterable[Order]) -> list[Judged]:
    """Objections with what call-back said of their requests; two queries, however many there are."""
    rows = list(found)
    about = objections.requests_of(rows)
    return [judged_of(one, about[one.pk]) for one in rows]


def judged_of(one: Order, about: Order) -> Judged:
    """An objection with what call-back said of its request."""
    settling = one.state == "accepted"
    return Judged(one.pk, one.number, one.version, one.fields.get("asks_for", ""), one.text, str(one.office or ""),
                  "已采纳，待更正" if settling else "待裁定", settling, reverse("order", args=[one.number]),
                  last_day(one.due_at).isoformat() if one.due_at else "", about.number,
                  f"{about.title}（{about.office or '未派单'}）", reverse("order", args=[about.number]), answers_of(about))


def object_to(request: HttpRequest, number: str) -> HttpResponse:
    """Object to a request."""
    told = request.POST
    made = objections.object_to(request.user, number, told.get("asks_for", ""), told.get("text", ""))
    messages.success(request, f"已提出申诉 {made.number}，等待裁定。")
    return redirect("hotline-objections")


def judge(request: HttpRequest, key: int) -> HttpResponse:
    """Decide an objection."""
    told = request.POST
    verdict = objections.Verdict(told.get("reason", "").strip(), told.get("struck_for", ""), whole(told.get("office", "")))
    version = whole(told.get("version", "")) or 0
    if told.get("verdict") == "reject":
        done = objections.reject(request.user, key, verdict.reason, version)
    elif told.get("verdict") == "settle":
        one = get_object_or_404(Order.objects.visible_to(request.user), pk=key, kind=objections.KIND)
        done = objections.settle(request.user, one, verdict)
    else:
        done = objections.uphold(request.user, key, verdict, version)
    messages.success(request, f"申诉 {done.number} 已裁定：{'不采纳' if done.state == 'rejected' else '采纳，成绩已更正'}。")
    return redirect("hotline-objections")


def objecting(request: HttpRequest, number: str) -> HttpResponseBase:
    """The form an office objects with."""
    order = Order.objects.filter(kind=objections.REQUEST, number=number).first()
    if order is None or not objections.own(request.user, order):
        raise NotAllowed(objections.ABSENT)
    why = objections.why_not(request.user, order, objections.pending(order))
    about = [("诉求点", str(order.fields.get("spot") or "—")), ("分类", order.topic or "—"),
             ("承办单位", str(order.office or "—")), *answers_of(order)]
    return show(request, {"number": number, "asks": objections.ASKS, "why": why, "about": about}, "hotline/object.html")


def answers_of(order: Order) -> list[tuple[str, str]]:
    """What call-back said of a request, in words."""
    return [(label, said(order.fields.get(key))) for key, label in ANSWERS]


urls = [
    *twin("hotline/objections", waiting, "hotline-objections"),
    *twin("hotline/objections/about/<str:number>", objecting, "hotline-objecting"),
    *act("hotline/objections/about/<str:number>/send", object_to, "hotline-object"),
    *act("hotline/objections/<int:key>/judge", judge, "hotline-judge"),
]
