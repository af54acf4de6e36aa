"""The operator's desk: a request taken while the caller speaks, with the keyboard alone; and what helps to take it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import get_random_string

from plumbline.kernel import BadInput, Finding, NotAllowed, area_name, inside, scope
from plumbline.store import declarations, orders
from plumbline.store.models import Item, Office, Order
from plumbline.store.people import may
from plumbline.systems.hotline.asking import located
from plumbline.systems.hotline.knowledge import Answer, Near, fitting, similar
from plumbline.systems.hotline.proposing import Proposed, classes_in, proposed
from plumbline.web import choices
from plumbline.web.forms import status_of, told
from plumbline.web.listing import day
from plumbline.web.people import areas_of
from plumbline.web.screen import show, twin

KIND = "hotline.request"
TYPED = ("phone", "name", "secret", "title", "text", "area", "place", "address", "topic", "urgency", "wants", "spot", "office",
         "reply", "into", "key")
URGENCIES = (("ordinary", "一般"), ("utility", "水电气热"), ("emergency", "突发"), ("complex", "复杂"))
STEPS = ("take", "dispatch", "answer", "join")
# how far back open requests are looked through for one like this
NEAR_DAYS, NEAR_MOST = 60, 400
# a telephone has so many figures at least
SHORTEST = 7


@dataclass(frozen=True, slots=True)
class DeskPage:
    """The form as it was typed, what can be chosen, and what is wrong with it."""

    typed: Mapping[str, str]
    areas: choices.Choices
    places: choices.Choices
    offices: choices.Choices
    topics: tuple[str, ...]
    urgencies: choices.Choices
    wants: tuple[str, ...]
    trouble: str
    findings: list[Finding]
    taken: list["Past"]


@dataclass(frozen=True, slots=True)
class Past:
    """A request of the same caller, or one just taken."""

    number: str
    title: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Where:
    """The place the words name: code of its district, of its street (empty where none is named), and both in words."""

    area: str
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class HintsPage:
    """What helps to take a request: the place its words name, open ones alike, answers, and who could be given it."""

    where: Where | None
    near: list[Near]
    answers: list[Answer]
    proposed: Proposed | None


@dataclass(frozen=True, slots=True)
class PastPage:
    """The caller's earlier requests; `asked` where a telephone was typed, so that none is said to be none."""

    asked: bool
    past: list[Past]


def desk(request: HttpRequest) -> HttpResponseBase:
    """The form, empty or as it was typed; sent, the request is taken and the next form stands ready."""
    require_operator(request.user)
    if request.method != "POST":
        return show(request, page(request.user, {"urgency": "ordinary", "key": get_random_string(20)}), "hotline/desk.html")
    typed = {name: request.POST.get(name, "").strip() for name in TYPED}
    step = request.POST.get("step", "take")
    try:
        made = taken(request.user, typed, step if step in STEPS else "take")
    except BadInput as error:
        return show(request, page(request.user, typed, error), "hotline/desk.html", status_of(error))
    messages.success(request, f"{made.number} {orders_words(made)}。查询码 {made.code}，请告诉来电人。")
    return redirect("hotline-desk")


def require_operator(user: Any) -> None:
    """Raise NotAllowed for those who take no requests."""
    if not may(user, "take", user.area):
        raise NotAllowed("受理来件的是话务员和派单员；您可以在工单页面查看自己的工单。")


def page(user: Any, typed: Mapping[str, str], error: Exception | None = None) -> DeskPage:
    """The desk with what was typed."""
    trouble, findings = told(error)
    kind = declarations.catalog().orders[KIND]
    wants = kind.field("wants")
    today = Order.objects.visible_to(user).filter(kind=KIND, opened_by=user).order_by("-pk")[:5]
    return DeskPage(typed, areas_of(user), street_choices(user), choices.offices(user), tuple(classes_in(user.area)), URGENCIES,
                    wants.choices if wants else (), trouble, findings, [past_of(one) for one in today])


def street_choices(user: Any) -> choices.Choices:
    """Streets by their codes, those of the user's area."""
    found = Office.objects.visible_to(user).exclude(place="").order_by("place")
    return tuple(found.values_list("place", "name"))


def past_of(one: Order) -> Past:
    """An order in a line."""
    return Past(one.number, one.title, declarations.catalog().orders[one.kind].states[one.state].label, one.opened_at)


def orders_words(one: Order) -> str:
    """Where an order stands, in words."""
    if one.joined:
        return f"已受理，并入 {one.joined.number}，随它一并办理"
    state = declarations.catalog().orders[one.kind].states[one.state].label
    return f"已受理，{state}" + (f"（{one.office}）" if one.office else "")


@transaction.atomic
def taken(user: Any, typed: Mapping[str, str], step: str) -> Order:
    """Open the request, and do with it what the operator chose; a form sent twice finds it done.

    Raises  BadInput with every finding, Conflict, NotAllowed; nothing is kept then
    """
    check(typed, step)
    place, into = typed["place"], into_of(user, typed["into"]) if step == "join" else None
    made = orders.open_(user, KIND, {
        "title": typed["title"] or typed["text"][:40], "text": typed["text"], "topic": typed["topic"],
        "urgency": typed["urgency"] or "ordinary", "source": "电话", "area": place[:6] or typed["area"], "place": place,
        "address": typed["address"], "fields": {name: typed[name] for name in ("wants", "spot") if typed[name]},
    }, asker={"name": typed["name"], "phone": typed["phone"], "secret": bool(typed["secret"])}, key=typed["key"])
    if made.state != declarations.catalog().orders[KIND].first or made.joined_id:
        return made
    if step == "dispatch":
        return orders.move(user, made.pk, "dispatch", {"office": typed["office"]}, made.version)
    if step == "answer":
        return orders.move(user, made.pk, "answer_now", {"reply": typed["reply"]}, made.version)
    return orders.join(user, made.pk, into.pk, "同一件事，并入已有工单", made.version) if into else made


def into_of(user: Any, number: str) -> Order:
    """The open request of a number, to join another to."""
    found = Order.objects.visible_to(user).filter(kind=KIND, number=number.upper()).first()
    if found is None:
        raise BadInput([Finding("desk.into", "并入工单", f"没有编号是「{number[:30]}」的诉求工单；请从右边的同类工单中选。")])
    return found


def check(typed: Mapping[str, str], step: str) -> None:
    """Refuse what cannot be done, before anything is."""
    needed = {"dispatch": ("office", "派单请选承办单位。"), "answer": ("reply", "直接答复请写答复内容。"),
              "join": ("into", "请选要并入的工单。")}
    found = [] if typed["text"] or typed["title"] else [Finding("desk.text", "诉求内容", "请写诉求内容。")]
    if step in needed and not typed[needed[step][0]]:
        found.append(Finding(f"desk.{needed[step][0]}", "处理方式", needed[step][1]))
    if not typed["place"] and not typed["area"]:
        found.append(Finding("desk.place", "地点", "请选所在区或街道乡镇。"))
    if found:
        raise BadInput(found)


def hints(request: HttpRequest) -> HttpResponseBase:
    """What helps with what was typed so far."""
    require_operator(request.user)
    typed = {name: request.GET.get(name, "").strip() for name in TYPED}
    text = f"{typed['title']} {typed['text']}".strip()
    where = where_of(request.user, f"{typed['address']} {text}") if text and not typed["place"] else None
    place = typed["place"] or (where.place or where.area if where else "") or typed["area"] or request.user.area
    found = HintsPage(where, near(request.user, place, typed["spot"], text), fitting(
        text, answers(request.user), timezone.localdate()) if text else [],
        proposed(request.user, text, place) if len(text) > 3 else None)
    return show(request, found, "hotline/desk-hints.html")


def where_of(user: Any, text: str) -> Where | None:
    """The place of the operator's area that the words name; None where they name none, or more than one."""
    area, place = located(text)
    if not area or not inside(area, user.area):
        return None
    street = Office.objects.filter(kind="street", place=place).first() if place else None
    return Where(area, place, f"{area_name(area)}{street.name if street else ''}")


def caller(request: HttpRequest) -> HttpResponseBase:
    """The caller's earlier requests: asked for once the telephone is typed, since every look is journalled."""
    require_operator(request.user)
    phone = request.GET.get("phone", "").strip()
    asked = len([letter for letter in phone if letter.isdigit()]) >= SHORTEST
    return show(request, PastPage(asked, past(request.user, phone) if asked else []), "hotline/desk-past.html")


def past(user: Any, phone: str) -> list[Past]:
    """The caller's earlier requests, by the telephone the operator typed; the newest first."""
    return [past_of(one) for one in orders.history_of(user, phone)[:5]]


def near(user: Any, place: str, spot: str, text: str) -> list[Near]:
    """Open requests like this one, of the same street; of the district, or the city, where no street is known."""
    if not text:
        return []
    rows = Order.objects.visible_to(user).filter(
        kind=KIND, state_kind__in=("open", "waiting"), joined=None,
        opened_at__gte=timezone.now() - timedelta(days=NEAR_DAYS)).order_by("-pk")
    rows = rows.filter(place__startswith=place[:9]) if len(place) >= 9 else rows.filter(area__startswith=scope(place))
    found = rows.values_list("pk", "number", "title", "fields")[:NEAR_MOST]
    return similar(text, spot, ((key, number, title, (fields or {}).get("spot") or "")
                                         for key, number, title, fields in found))


def answers(user: Any) -> list[Answer]:
    """The knowledge base of the areas above and below a person's own."""
    found = Item.objects.filter(table="hotline.answers", until=None).values_list("area", "values")
    return [Answer(str(one.get("question", "")), str(one.get("answer", "")), tuple(str(one.get("words") or "").split()),
                   str(one.get("source") or ""), str(one.get("path") or ""), day(str(one.get("until") or "")))
            for area, one in found if inside(area, user.area) or inside(user.area, area)]


urls = [*twin("hotline/desk", desk, "hotline-desk"), *twin("hotline/desk/hints", hints, "hotline-hints"),
        *twin("hotline/desk/caller", caller, "hotline-caller")]
