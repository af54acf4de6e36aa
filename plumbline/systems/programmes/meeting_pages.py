"""Meetings: the list, and one with the earlier decisions, the agenda, the decisions made and the minutes; it prints."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import BadInput, Conflict, Finding
from plumbline.store.models import Order
from plumbline.store.people import may
from plumbline.systems.programmes import meetings, tasks
from plumbline.systems.programmes.board_pages import now_rules, seen
from plumbline.systems.programmes.meetings import DECIDED, EARLIER, ITEM, MEETING, SERIES, TERMS, Point
from plumbline.systems.programmes.returns import late
from plumbline.systems.programmes.standing import needing, standings, wholes
from plumbline.web import choices
from plumbline.web.forms import office_key, onward, status_of, told, version, when
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, act, form_of, show, twin

STATES = (("planned", "待召开"), ("held", "已召开"), ("cancelled", "已取消"))
MOST = 3_000


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in the list, with how many decisions it made and how many of them are closed."""

    number: str
    title: str
    series: str
    held_on: date | None
    state: str
    decisions: int
    closed: int
    href: str


@dataclass(frozen=True, slots=True)
class MeetingsPage:
    """The meetings; `calls` where this person may call one."""

    calls: bool
    series: Sequence[str]
    today: date
    trouble: str = ""
    findings: Sequence[Finding] = ()
    list: Listing | None = None
    where: str = "meetings"


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: what, who, until when, and how it stands."""

    number: str
    text: str
    office: str
    task: str
    state: str
    state_key: str
    due_on: date | None
    late: bool
    href: str


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """One meeting: the agenda as it stands, or as it stood when it was held."""

    number: str
    title: str
    series: str
    held_on: date | None
    state: str
    state_key: str
    version: int
    earlier: list[Point]
    items: list[Point]
    decisions: list[Decision]
    minutes: str
    plans: bool
    offices: choices.Choices
    terms: tuple[tuple[str, str], ...]
    typed: dict[str, str]
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)
    where: str = "meetings"


COLUMNS = (Column("title", "会议", "title"), Column("series", "类别"), Column("held_on", "日期", "opened_at"),
           Column("state", "状态", "state"), Column("decisions", "决定"), Column("closed", "已销号"))


def spec(user: Any) -> Spec:
    """The list of meetings."""
    return Spec(COLUMNS, (Filter("q", "查找", ("title__icontains", "number")), Filter("state", "状态", ("state",), STATES)),
                lambda one: row_of(user, one))


def row_of(user: Any, one: Order) -> MeetingRow:
    """A meeting as the list shows it."""
    made = meetings.decided(user, one)
    return MeetingRow(one.number, one.title, str(one.fields.get("series", "")), tasks.day(one, "held_on"),
                      dict(STATES).get(one.state, one.state), len(made), sum(1 for each in made if each.state == "closed"),
                      reverse("programmes-meeting", args=[one.number]))


def all_meetings(request: HttpRequest) -> HttpResponseBase:
    """The meetings; by POST one is called."""
    error: Exception | None = None
    if request.method == "POST":
        try:
            made = meetings.call(request.user, request.POST.dict(), when(request.POST.get("held_on", "").strip()))
        except BadInput as refused:
            error = refused
        else:
            messages.success(request, f"已列入 {made.title}；议题从落后、受阻、逾期的任务中自动列出。")
            return onward(request, "programmes-meeting", made.number)
    rows = seen(request.user, MEETING).order_by("-pk")
    if form_of(request) in FILES:
        return sheet(request, rows, spec(request.user), "调度会")
    page = MeetingsPage(may(request.user, "plan", request.user.area), SERIES, timezone.localdate(), *told(error),
                        listing(request, rows, spec(request.user)))
    return show(request, page, "programmes/meetings.html", status_of(error) if error else 200)


def meeting(request: HttpRequest, number: str) -> HttpResponseBase:
    """One meeting."""
    one = get_object_or_404(seen(request.user, MEETING), number=number)
    return show(request, page_of(request, one), "programmes/meeting.html")


def agenda(user: Any, one: Order) -> list[Point]:
    """The agenda as it stands now: earlier decisions, then the tasks that need people."""
    now, rules = now_rules()
    return meetings.points(meetings.earlier(user, one), needing(standings(wholes(user)[:MOST], now, rules)), now)


def page_of(request: HttpRequest, one: Order, error: Exception | None = None) -> MeetingPage:
    """A meeting with its forms."""
    user = request.user
    points = agenda(user, one) if one.state == "planned" else meetings.kept(one)
    earlier, items = ([point for point in points if point.kind == kind] for kind in (EARLIER, ITEM))
    return MeetingPage(
        one.number, one.title, str(one.fields.get("series", "")), tasks.day(one, "held_on"),
        dict(STATES).get(one.state, one.state), one.state, one.version, earlier, items,
        [decision_of(each) for each in meetings.decided(user, one)], str(one.fields.get("minutes", "")),
        may(user, "plan", one.area) and one.state != "cancelled", choices.offices(user), tuple(TERMS.items()),
        {key: request.POST.get(key, "") for key in ("text", "term", "task", "office", "minutes")} if error else {}, *told(error))


def decision_of(one: Order) -> Decision:
    """A decision as the page shows it."""
    due = one.clocks.get("finish", {}).get("due_at")
    return Decision(one.number, one.text or one.title, str(one.office or ""), str(one.fields.get("task", "")),
                    DECIDED.get(one.state, one.state), one.state, meetings.last_day(due), late(one, timezone.now()),
                    reverse("order", args=[one.number]))


def decide(request: HttpRequest, number: str) -> HttpResponseBase:
    """A decision of a meeting becomes an order."""
    one = get_object_or_404(seen(request.user, MEETING), number=number)
    try:
        made = meetings.decide(request.user, one, request.POST.dict(), office_key(request.POST.get("office", "")))
    except (BadInput, Conflict) as error:
        return show(request, page_of(request, one, error), "programmes/meeting.html", status_of(error))
    messages.success(request, f"决定已成为工单 {made.number}，交{made.office}办理。")
    return onward(request, "programmes-meeting", number)


def hold(request: HttpRequest, number: str) -> HttpResponseBase:
    """The meeting was held: its minutes, and the agenda as it stood."""
    one = get_object_or_404(seen(request.user, MEETING), number=number)
    try:
        meetings.hold(request.user, one, request.POST.dict(), agenda(request.user, one), version(request))
    except (BadInput, Conflict) as error:
        return show(request, page_of(request, one, error), "programmes/meeting.html", status_of(error))
    messages.success(request, "纪要已保存，议题按开会时的情况留存；已记入日志。")
    return onward(request, "programmes-meeting", number)


def move(request: HttpRequest, number: str, key: str) -> HttpResponseBase:
    """The meeting is called off, or its minutes are put right."""
    one = get_object_or_404(seen(request.user, MEETING), number=number)
    told_ = {name: text for name in ("reason", "minutes") if (text := request.POST.get(name, "").strip())}
    try:
        meetings.act(request.user, one, key, told_, version(request))
    except (BadInput, Conflict) as error:
        return show(request, page_of(request, one, error), "programmes/meeting.html", status_of(error))
    messages.success(request, "会议已取消，并记入日志。" if key == "cancel" else "纪要已补正，原来的写法留在工单的经过里。")
    return onward(request, "programmes-meeting", number)


urls = [
    *twin("programmes/meetings", all_meetings, "programmes-meetings", *FILES),
    *twin("programmes/meetings/<str:number>", meeting, "programmes-meeting"),
    *act("programmes/meetings/<str:number>/decide", decide, "programmes-decide"),
    *act("programmes/meetings/<str:number>/hold", hold, "programmes-hold"),
    *act("programmes/meetings/<str:number>/do/<str:key>", move, "programmes-meeting-move"),
]
