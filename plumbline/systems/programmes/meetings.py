"""Meetings (调度会): an agenda from what is behind or blocked, decisions that become orders, the earlier ones first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from plumbline.kernel import ZONE, BadInput, Catalog, Finding, NotAllowed
from plumbline.store import orders
from plumbline.store.models import Order
from plumbline.store.people import require
from plumbline.systems.programmes.returns import late
from plumbline.systems.programmes.standing import Standing
from plumbline.systems.programmes.tasks import ABSENT, TASK, office_for, place_in

MEETING, DECISION = "programmes.meeting", "programmes.decision"
SERIES = ("领导小组会", "月调度", "周调度", "日调度", "专题调度")
TERMS = {"week": "一周", "fortnight": "两周", "month": "一个月"}
DECIDED = {"working": "办理中", "proposed": "待销号", "closed": "已销号", "cancelled": "已撤销"}
EARLIER, ITEM, BETWEEN = "前次", "议题", "｜"
MOST = 200


@dataclass(frozen=True, slots=True)
class Point:
    """A line of an agenda: an earlier decision and its state, or a task and its light."""

    kind: str
    number: str
    mark: str
    title: str
    office: str
    why: str = ""

    @property
    def href(self) -> str:
        """Its page."""
        return reverse("programmes-task" if self.kind == ITEM else "order", args=[self.number])


def call(user: Any, told: Mapping[str, str], held_on: date | None, *, catalog: Catalog | None = None,
         now: datetime | None = None) -> Order:
    """A meeting called: title, series, the day."""
    require(user, "plan", user.area)
    title, series = told.get("title", "").strip(), told.get("series", "")
    wrong = [Finding("meeting.series", "会议", "请从列表中选择会议。")] if series not in SERIES else []
    wrong += [Finding("meeting.day", "日期", "请填写开会的日期。")] if held_on is None else []
    if wrong or held_on is None:
        raise BadInput(wrong)
    made = {"title": title or f"{held_on} {series}", "area": user.area,
            "fields": {"series": series, "held_on": held_on.isoformat()}}
    return orders.open_(user, MEETING, made, catalog=catalog, now=now)


def earlier(user: Any, meeting: Order) -> list[Order]:
    """Decisions of the meetings before, of the area: those under way, and those that were over since the last one."""
    before = list(Order.objects.visible_to(user).filter(kind=MEETING, area=meeting.area, pk__lt=meeting.pk)
                  .exclude(state="cancelled").order_by("-pk"))
    since = before[0].opened_at if before else meeting.opened_at
    rows = Order.objects.visible_to(user).filter(kind=DECISION, subject__in=[f"meeting {one.pk}" for one in before])
    return [one for one in rows.select_related("office").order_by("pk")
            if one.state in ("working", "proposed") or (one.closed_at or one.changed_at) >= since]


def mark(one: Order, now: datetime) -> str:
    """How a decision stands, in words; an open one whose time is over says so."""
    over = one.state in ("working", "proposed") and late(one, now)
    return DECIDED.get(one.state, one.state) + ("（超期）" if over else "")


def points(decisions: Iterable[Order], tasks: Iterable[Standing], now: datetime) -> list[Point]:
    """The agenda: earlier decisions first, then the tasks that need people."""
    made = [Point(EARLIER, one.number, mark(one, now), one.title, str(one.office or "")) for one in decisions]
    made += [Point(ITEM, one.number, one.colour, one.title, one.office, one.reasons) for one in tasks]
    return made[:MOST]


def written(rows: Iterable[Point]) -> str:
    """An agenda as the minutes keep it, a line each."""
    return "\n".join(BETWEEN.join(_bare(text) for text in (one.kind, one.number, one.mark, one.title, one.office, one.why))
                     for one in rows)


def _bare(text: str) -> str:
    return " ".join(text.replace(BETWEEN, "／").split())


def kept(meeting: Order) -> list[Point]:
    """The agenda as it was when the meeting was held."""
    rows = [line.split(BETWEEN) for line in str(meeting.fields.get("agenda", "")).split("\n")]
    return [Point(*row) for row in rows if len(row) == 6 and row[0] in (EARLIER, ITEM)]


def hold(user: Any, meeting: Order, told: Mapping[str, str], agenda: Iterable[Point], version: int, *,
         now: datetime | None = None) -> Order:
    """The meeting as it was held: minutes, and the agenda as it stood then."""
    minutes = told.get("minutes", "").strip()
    if not minutes:
        raise BadInput([Finding("meeting.minutes", "纪要", "请写会议纪要；没有保存。")])
    held_on = told.get("held_on") or str(meeting.fields.get("held_on", ""))
    return orders.move(user, meeting.pk, "hold", {
        "minutes": minutes, "held_on": held_on, "agenda": written(agenda)}, version, now=now)


def act(user: Any, meeting: Order, move: str, told: Mapping[str, str], version: int, *, now: datetime | None = None) -> Order:
    """A meeting called off, or its minutes put right; it is held by `hold`, which keeps the agenda.

    Raises  BadInput for other moves
    """
    if move not in ("cancel", "amend"):
        raise BadInput([Finding("meeting.move", "会议", "会议在这里只能取消或者补正纪要。")])
    return orders.move(user, meeting.pk, move, told, version, now=now)


@transaction.atomic
def decide(user: Any, meeting: Order, told: Mapping[str, str], office: int | None, *, catalog: Catalog | None = None,
           now: datetime | None = None) -> Order:
    """A decision of a meeting as an order: what, who, until when, and the task it is about."""
    require(user, "plan", meeting.area)
    if meeting.kind != MEETING or meeting.state == "cancelled":
        raise NotAllowed(ABSENT)
    text, term, about = (told.get(key, "").strip() for key in ("text", "term", "task"))
    wrong = [] if text else [Finding("decision.text", "决定", "请写明决定办什么。")]
    wrong += [] if term in TERMS else [Finding("decision.term", "时限", "请从列表中选择办理时限。")]
    if about and not Order.objects.visible_to(user).filter(kind=TASK, number=about).exists():
        wrong.append(Finding("decision.task", "有关任务", f"没有编号是「{about[:24]}」的任务；请从议题中选择，或者留空。"))
    if wrong:
        raise BadInput(wrong)
    holder = office_for(user, office, meeting.area)
    made = {"title": text[:80], "text": text, "urgency": term, "area": meeting.area, "office": holder.pk,
            "place": place_in(holder, meeting.area), "subject": f"meeting {meeting.pk}",
            "fields": {"task": about} if about else {}}
    return orders.open_(user, DECISION, made, catalog=catalog, now=now)


def last_day(due_at: str | None) -> date | None:
    """The last day of a clock's limit: one that ends at midnight ends the day before."""
    return (datetime.fromisoformat(due_at).astimezone(ZONE) - timedelta(microseconds=1)).date() if due_at else None


def decided(user: Any, meeting: Order) -> list[Order]:
    """The decisions of a meeting."""
    return list(Order.objects.visible_to(user).filter(kind=DECISION, subject=f"meeting {meeting.pk}")
                .select_related("office").order_by("pk"))
