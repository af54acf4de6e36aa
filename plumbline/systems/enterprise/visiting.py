"""Visits: planned by need and street, so many a day; made; what a firm asks for becomes an order at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Unpack

from django.db import transaction
from django.utils import timezone

from plumbline.kernel import BadInput, Finding, NotAllowed
from plumbline.store import orders
from plumbline.store.models import Order
from plumbline.store.orders.setting import At, setting
from plumbline.store.people import may
from plumbline.systems.enterprise.needs import ITEM, PACK, VISIT, Need

PLAN = "enterprise.plan"
# by kind of the order a matter comes from, what it is said to come from
ORIGINS = {VISIT: "走访", PACK: "服务包", PLAN: "一企一策"}
MOST = 60
ABSENT = "没有这件走访、服务包或方案，或者您无权操作；没有保存任何改动。"


def planned(user: Any, needs: Sequence[Need], told: Mapping[str, Any], **at: Unpack[At]) -> list[Order]:
    """Visits to these firms, street by street, so many a day on days that are worked; all of them, or none.

    told    office (its number), visitor, first (the first day), a_day
    Raises  BadInput, NotAllowed
    """
    today = timezone.localtime(setting(at)[1]).date()
    first, a_day, office = told.get("first"), told.get("a_day") or 0, told.get("office")
    found = [] if first and first >= today else [Finding("visit.day", "从哪天起", "请填写今天或以后的日期。")]
    found += [] if 0 < a_day <= 20 else [Finding("visit.many", "一天几家", "请填写 1 至 20。")]
    found += [] if office else [Finding("visit.office", "走访单位", "请从列表中选择走访单位。")]
    found += [] if 0 < len(needs) <= MOST else [Finding("visit.firms", "企业", f"请选择 1 至 {MOST} 家企业。")]
    known = Order.objects.filter(kind=VISIT, state="planned", subject__in=[one.code for one in needs])
    found += [Finding("visit.twice", one.number, f"{one.fields.get('firm')} 已有待走访的安排 {one.number}；请去掉它。")
              for one in known[:MOST]]
    if found or first is None:
        raise BadInput(found)
    with transaction.atomic():
        return [_planned(user, one, day, told, at) for one, day in scheduled(needs, first, a_day)]


def scheduled(needs: Sequence[Need], first: date, a_day: int) -> Iterator[tuple[Need, date]]:
    """Each firm and its day: a street after another, that of the greatest need first, and in it the greatest need first."""
    streets: dict[str, int] = {}
    for one in needs:
        streets[one.street] = max(streets.get(one.street, 0), one.score)
    days = worked(first)
    day, left = next(days), a_day
    for one in sorted(needs, key=lambda one: (-streets[one.street], one.street, -one.score, one.code)):
        if not left:
            day, left = next(days), a_day
        left -= 1
        yield one, day


def worked(first: date) -> Iterator[date]:
    """Working days from a day on, as the house's calendar has them."""
    calendar, day = orders.calendar_now(), first
    while True:
        if calendar.working(day):
            yield day
        day += timedelta(days=1)


def _planned(user: Any, one: Need, day: date, told: Mapping[str, Any], at: At) -> Order:
    fields = {"firm": one.name, "visitor": told.get("visitor") or None, "planned_on": day.isoformat(), "need": str(one.score),
              "reasons": one.why[:900] or None}
    body = {"title": f"走访 {one.name}"[:200], "area": one.area, "place": one.street, "office": told["office"],
            "subject": one.code, "source": "走访计划", "fields": fields}
    return orders.open_(user, VISIT, body, **at)


def leads(user: Any, order: Order) -> bool:
    """Whether a person may add matters to a visit, a pack or a plan: its holder, or who sends out orders there."""
    return "holder" in orders.hats(user, order) or may(user, "dispatch", order.area)


def add_item(user: Any, order: Order, told: Mapping[str, str], office: int | None, **at: Unpack[At]) -> Order:
    """A matter of a visit, a pack or a plan, as an order; where an office is told, it is sent there at once.

    told    matter, text, urgency
    Raises  NotAllowed, BadInput; nothing is kept then
    """
    if order.kind not in ORIGINS or not leads(user, order) or order.state_kind == "void":
        raise NotAllowed(ABSENT)
    text = told.get("text", "").strip()
    if not text:
        raise BadInput([Finding("item.text", "办什么", "请写明企业要办什么；没有保存。")])
    body = {"title": text[:80], "text": text, "area": order.area, "place": order.place, "address": order.address,
            "urgency": told.get("urgency") or "ordinary", "source": ORIGINS[order.kind], "subject": order.subject,
            "parent": order.pk, "link": "part", "example": order.example,
            "fields": {"matter": told.get("matter", ""), "origin": ORIGINS[order.kind], "firm": order.fields.get("firm")}}
    with transaction.atomic():
        made = orders.open_(user, ITEM, body, **at)
        return orders.move(user, made.pk, "dispatch", {"office": office}, made.version, **at) if office else made


def items_of(user: Any, order: Order) -> list[Order]:
    """The matters of a visit, a pack or a plan that a person sees."""
    return list(Order.objects.visible_to(user).filter(parent=order, kind=ITEM).select_related("office").order_by("pk"))


def opened(user: Any, kind: str, firm: Mapping[str, Any], fields: Mapping[str, Any], office: int | None,
           **at: Unpack[At]) -> Order:
    """A pack or a plan for one firm; there is one at a time.

    firm    its row in the roll
    Raises  BadInput where it has one already
    """
    word = setting(at)[0].orders[kind].label
    if Order.objects.filter(kind=kind, subject=firm["code"], state_kind="open").exists():
        raise BadInput([Finding("pack.twice", "企业", f"这家企业已有{word}；请在原有的{word}上增加事项。")])
    if not office:
        raise BadInput([Finding("pack.office", "单位", "请从列表中选择负责的单位。")])
    body = {"title": f"{firm['name']} {word}"[:200], "area": firm["area"], "place": firm["street"] or "", "subject": firm["code"],
            "office": office, "source": "平台", "fields": {"firm": firm["name"], **fields}}
    return orders.open_(user, kind, body, **at)
