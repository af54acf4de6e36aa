"""The operator's desk: a request taken while the caller speaks, with the keyboard alone; and what helps to take it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import get_random_string

from plumbline.kernel import BadInput, Finding, NotAllowed, inside
from plumbline.store import declarations, orders
from plumbline.store.models import Item, Office, Order
from plumbline.store.people import may
from plumbline.systems.hotline.knowledge import Answer, Near, fitting, similar
from plumbline.systems.hotline.proposing import Proposed, classes_in, proposed
from plumbline.web import choices
from plumbline.web.forms import status_of, told, whole
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
class HintsPage:
    """What helps to take a request: the caller's earlier ones, open ones alike, answers, and who could be given it."""

    past: list[Past]
    near: list[Near]
    answers: list[Answer]
    proposed: Proposed | None


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
    state = declarations.catalog().orders[one.kind].states[one.state].label
    return f"已受理，{state}" + (f"（{one.office}）" if one.office else "")


def taken(user: Any, typed: Mapping[str, str], step: str) -> Order:
    """Open the request, and do with it what the operator chose; Raises BadInput with every finding, and nothing is kept."""
    check(typed, step)
    place = typed["place"]
    made = orders.open_(user, KIND, {
        "title": typed["title"] or typed["text"][:40], "text": typed["text"], "topic": typed["topic"],
        "urgency": typed["urgency"] or "ordinary", "source": "电话", "area": place[:6] or typed["area"], "place": place,
        "address": typed["address"], "fields": {name: typed[name] for name in ("wants", "spot") if typed[name]},
    }, asker={"name": typed["name"], "phone": typed["phone"], "secret": bool(typed["secret"])}, key=typed["key"])
    if step == "dispatch" and made.office_id is None:
        return orders.move(user, made.pk, "dispatch", {"office": typed["office"]}, made.version)
    if step == "answer":
        return orders.move(user, made.pk, "answer_now", {"reply": typed["reply"]}, made.version)
    if step == "join":
        orders.join(user, made.pk, int(typed["into"]), "同一件事，并入已有工单", made.version)
    return made


def check(typed: Mapping[str, str], step: str) -> None:
    """Refuse what cannot be done, before anything is."""
    needed = {"dispatch": ("office", "派单请选承办单位。"), "answer": ("reply", "直接答复请写答复内容。"),
              "join": ("into", "请选要并入的工单。")}
    found = [] if typed["text"] or typed["title"] else [Finding("desk.text", "诉求内容", "请写诉求内容。")]
    if step in needed and not typed[needed[step][0]]:
        found.append(Finding(f"desk.{needed[step][0]}", "处理方式", needed[step][1]))
    if step == "join" and whole(typed["into"]) is None:
        found.append(Finding("desk.into", "处理方式", "请选要并入的工单。"))
    if not typed["place"] and not typed["area"]:
        found.append(Finding("desk.place", "地点", "请选所在区或街道乡镇。"))
    if found:
        raise BadInput(found)


def hints(request: HttpRequest) -> HttpResponseBase:
    """What helps with what was typed so far."""
    require_operator(request.user)
    typed = {name: request.GET.get(name, "").strip() for name in TYPED}
    text = f"{typed['title']} {typed['text']}".strip()
    found = HintsPage(past(request.user, typed["phone"]), near(request.user, typed, text), fitting(
        text, answers(request.user), timezone.localdate()) if text else [],
        proposed(request.user, text, typed["place"] or typed["area"] or request.user.area) if len(text) > 3 else None)
    return show(request, found, "hotline/desk-hints.html")


def past(user: Any, phone: str) -> list[Past]:
    """The caller's earlier requests, by the telephone the operator typed; the newest first."""
    digits = "".join(letter for letter in phone if letter.isdigit())
    return [past_of(one) for one in orders.history_of(user, phone)[:5]] if len(digits) >= 7 else []


def near(user: Any, typed: Mapping[str, str], text: str) -> list[Near]:
    """Open requests like this one, of the same street or district."""
    where = typed["place"][:9] or typed["area"]
    if not text or not where:
        return []
    rows = Order.objects.visible_to(user).filter(
        kind=KIND, state_kind__in=("open", "waiting"), joined=None, area=where[:6],
        opened_at__gte=timezone.now() - timedelta(days=NEAR_DAYS)).order_by("-pk")
    rows = rows.filter(place__startswith=where) if len(where) >= 9 else rows
    found = rows.values_list("pk", "number", "title", "fields")[:NEAR_MOST]
    return similar(text, typed["spot"], ((key, number, title, (fields or {}).get("spot") or "")
                                         for key, number, title, fields in found))


def answers(user: Any) -> list[Answer]:
    """The knowledge base of the areas above and below a person's own."""
    found = Item.objects.filter(table="hotline.answers", until=None).values_list("area", "values")
    return [Answer(str(one.get("question", "")), str(one.get("answer", "")), tuple(str(one.get("words") or "").split()),
                   str(one.get("source") or ""), str(one.get("path") or ""), day(str(one.get("until") or "")))
            for area, one in found if inside(area, user.area) or inside(user.area, area)]


urls = [*twin("hotline/desk", desk, "hotline-desk"), *twin("hotline/desk/hints", hints, "hotline-hints")]
