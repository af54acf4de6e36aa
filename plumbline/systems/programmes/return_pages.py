"""Monthly returns: what an office has to hand in, made for a phone; and how far a month is, for the planner."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import ZONE, BadInput, Conflict, Finding, normal
from plumbline.store.models import Attachment, Order
from plumbline.store.people import may
from plumbline.systems.programmes import returns, tasks
from plumbline.systems.programmes.board_pages import seen
from plumbline.systems.programmes.returns import MONTHLY
from plumbline.web import choices
from plumbline.web.forms import onward, status_of, told, version
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, act, form_of, show, twin

STATES = (("asked", "待填报"), ("handed_in", "已填报"))
MOST_FILES = 9


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A return in a list."""

    number: str
    title: str
    period: str
    office: str
    value: str
    state: str
    state_key: str
    due_at: datetime | None
    late: bool
    href: str


@dataclass(frozen=True, slots=True)
class ReturnsPage:
    """Returns; `asks` where this person may ask for a month, `month` the last one over."""

    list: Listing
    asks: bool
    month: str
    where: str = "returns"


@dataclass(frozen=True, slots=True)
class ReturnPage:
    """One return: what was told, or the form. before: the month and number told last; papers: names of what lies with it."""

    number: str
    title: str
    task: str
    task_href: str
    period: str
    office: str
    state: str
    state_key: str
    unit: str
    counted: bool
    owes: str
    before: str
    blocked: bool
    due_at: datetime | None
    late: bool
    version: int
    may_hand_in: bool
    value: str
    words: str
    papers: list[str]
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)
    where: str = "returns"


COLUMNS = (Column("title", "任务", "title"), Column("period", "月份", "topic"), Column("office", "单位", "office__name"),
           Column("value", "累计完成"), Column("state", "状态", "state"), Column("due_at", "时限", "due_at"))


def spec(user: Any) -> Spec:
    """The list of returns."""
    months = choices.values(seen(user, MONTHLY), "topic")
    return Spec(COLUMNS, (
        Filter("q", "查找", ("title__icontains", "number")),
        *choices.choice("month", "月份", "topic", tuple(reversed(months))),
        *choices.choice("office", "单位", "office_id", choices.offices(user)),
        Filter("state", "状态", ("state",), STATES)), row_of)


def row_of(one: Order) -> ReturnRow:
    """A return as a list shows it."""
    value, over = tasks.number(one, "value"), returns.late(one, timezone.now())
    state = dict(STATES).get(one.state, "不需填报")
    shown = "" if value is None else f"{normal(value):f}{one.fields.get('unit', '')}"
    return ReturnRow(one.number, one.title, one.topic, str(one.office or ""), shown, f"{state}（逾期）" if over else state,
                     one.state, one.due_at.astimezone(ZONE) if one.due_at else None, over,
                     reverse("programmes-return", args=[one.number]))


def rows(user: Any) -> Any:
    """Returns this person sees: those still to come in first, the earliest due on top."""
    return seen(user, MONTHLY).order_by("state", "due_at", "-pk")


def all_returns(request: HttpRequest) -> HttpResponseBase:
    """The returns; a page of them, or all as a file."""
    if form_of(request) in FILES:
        return sheet(request, rows(request.user), spec(request.user), "月度填报")
    page = ReturnsPage(listing(request, rows(request.user), spec(request.user)), may(request.user, "plan", request.user.area),
                       last_month(timezone.now().astimezone(ZONE).date()))
    return show(request, page, "programmes/returns.html")


def last_month(today: date) -> str:
    """The last month that is over."""
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


def ask(request: HttpRequest) -> HttpResponseBase:
    """Ask every task under way for a month."""
    made = returns.ask(request.user, request.user.area, request.POST.get("month", "").strip(), timezone.now())
    many = len({one.office_id for one in made})
    messages.success(request, f"已向 {many} 个单位要求填报 {len(made)} 项任务。" if made
                     else "这个月没有还要填报的：在办的任务都已要求过，或者是那个月以后才下达的。")
    return onward(request, "programmes-returns")


def one_return(request: HttpRequest, number: str) -> HttpResponseBase:
    """One return; by POST it is handed in."""
    one = get_object_or_404(seen(request.user, MONTHLY), number=number)
    if request.method != "POST":
        return show(request, page_of(request, one), "programmes/return.html")
    files = [(file.name or "附件", file.read()) for file in request.FILES.getlist("files")[:MOST_FILES]]
    try:
        returns.hand_in(request.user, one, request.POST.dict(), version(request), files)
    except (BadInput, Conflict) as error:
        return show(request, page_of(request, one, error), "programmes/return.html", status_of(error))
    messages.success(request, f"{one.topic} 的进展已报送，并记入日志。")
    return onward(request, "programmes-returns")


def page_of(request: HttpRequest, one: Order, error: Exception | None = None) -> ReturnPage:
    """A return with its form, and what was told last."""
    user = request.user
    task = returns.task_of(user, one)
    row, owes = row_of(one), tasks.number(task, "value")
    unit = str(task.fields.get("unit", ""))
    earlier = [each for each in returns.returned([task.pk], timezone.now())[task.pk] if each.period < one.topic]
    last = returns.latest(earlier)
    before = f"{last.period} 报 {normal(last.value):f}{unit}" if last and last.value is not None else "此前没有报过"
    said = one.moves.filter(move="hand_in").order_by("-n").values_list("told", flat=True).first() or ""
    typed = request.POST if error else {}
    return ReturnPage(
        one.number, one.title, f"{task.number} {task.title}", reverse("programmes-task", args=[task.number]), one.topic,
        row.office, row.state, row.state_key, unit, owes is not None, "" if owes is None else f"{normal(owes):f}{unit}", before,
        bool(typed.get("blocked") if error else task.fields.get("blocked")), row.due_at, row.late, one.version,
        one.state == "asked" and one.office_id == user.office_id and user.office_id is not None,
        str(typed.get("value", "")) or row.value, str(typed.get("words", "")) or said,
        list(Attachment.objects.visible_to(user).filter(order=one).values_list("name", flat=True)), *told(error))


urls = [
    *twin("programmes/returns", all_returns, "programmes-returns", *FILES),
    *act("programmes/returns/ask", ask, "programmes-ask"),
    *twin("programmes/returns/<str:number>", one_return, "programmes-return"),
]
