"""One visit, made for a telephone: what is known of the firm, why to go, what it asks for, and that it was visited."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from plumbline.kernel import BadInput, Conflict, Finding
from plumbline.store import declarations, orders
from plumbline.store.models import Order
from plumbline.systems.enterprise import visiting
from plumbline.systems.enterprise.needs import ITEM, VISIT
from plumbline.systems.enterprise.places import OFFICES
from plumbline.systems.enterprise.service_facts import FirmFacts, Line, facts_of, line_of
from plumbline.systems.enterprise.service_lists import day_of, seen, text_in
from plumbline.web import choices
from plumbline.web.forms import office_key, onward, status_of, told, typed_in, version
from plumbline.web.screen import act, show, twin

URGENCIES = (("ordinary", "一般"), ("urgent", "紧急"), ("complex", "疑难"))
ITEM_TYPED, DONE_TYPED = ("matter", "text", "urgency", "office"), ("done_on", "told", "reason", "planned_on")
# moves that are made here
DONE = {"finish": "走访已记录。", "postpone": "走访已改期。", "cancel": "走访已取消。", "amend": "记录已更正。"}


@dataclass(frozen=True, slots=True)
class VisitPage:
    """A visit.

    items   matters it brought, each an order
    moves   keys of the moves this person may make; `adds` whether he may add matters
    photos  names of what lies with it
    """

    number: str
    firm: FirmFacts
    state: str
    state_key: str
    version: int
    planned_on: date | None
    done_on: date | None
    visitor: str
    office: str
    need: str
    reasons: list[str]
    told: str
    items: Sequence[Line]
    photos: Sequence[tuple[int, str]]
    moves: tuple[str, ...]
    adds: bool
    matters: Sequence[str]
    urgencies: tuple[tuple[str, str], ...]
    offices: choices.Choices
    today: date
    address: str
    phone: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    findings: Sequence[Finding] = ()
    where: str = "visits"


def visit(request: HttpRequest, number: str) -> HttpResponseBase:
    """One visit."""
    return show(request, page_of(request, one_of(request, number)), "enterprise/service-visit.html")


def one_of(request: HttpRequest, number: str) -> Order:
    """The visit of a number; 404 where there is none this person sees."""
    return get_object_or_404(seen(request.user, VISIT), number=number)


def page_of(request: HttpRequest, one: Order, error: Exception | None = None) -> VisitPage:
    """The page, with what was typed where it was refused."""
    user, kind = request.user, declarations.catalog().orders[VISIT]
    mine = tuple(move.key for move in orders.may_move(user, one, kind) if move.key in DONE)
    return VisitPage(
        one.number, facts_of(user, one.subject, text_in(one, "firm")), kind.states[one.state].label, one.state, one.version,
        day_of(one.fields.get("planned_on")), day_of(one.fields.get("done_on")), text_in(one, "visitor"), str(one.office or ""),
        text_in(one, "need"), [text for text in text_in(one, "reasons").split("；") if text], text_in(one, "told"),
        [line_of(item) for item in visiting.items_of(user, one)], list(one.attachments.values_list("pk", "name")), mine,
        visiting.leads(user, one) and one.state != "void", matters(), URGENCIES, choices.offices(user), timezone.localdate(),
        one.address, typed=typed_in(request, (*ITEM_TYPED, *DONE_TYPED)) if error else {}, **why(error))


def why(error: Exception | None) -> dict[str, Any]:
    """Why something was not kept, as a page says it."""
    trouble, findings = told(error)
    return {"trouble": trouble, "findings": findings}


def matters() -> tuple[str, ...]:
    """What a matter can be about, as the kind of order says."""
    column = declarations.catalog().orders[ITEM].field("matter")
    return column.choices if column else tuple(OFFICES)


def add(request: HttpRequest, number: str) -> HttpResponseBase:
    """A matter of the visit becomes an order, now."""
    one, typed = one_of(request, number), typed_in(request, ITEM_TYPED)
    try:
        made = visiting.add_item(request.user, one, typed, office_key(typed.get("office", "")))
    except (BadInput, Conflict) as error:
        return show(request, page_of(request, one, error), "enterprise/service-visit.html", status_of(error))
    messages.success(request, added(made))
    return onward(request, "enterprise-visit", number)


def added(made: Order) -> str:
    """What became of a matter, in a sentence."""
    return f"已成为工单 {made.number}，交{made.office}办理。" if made.office else f"已成为工单 {made.number}，由派单员派出。"


def move(request: HttpRequest, number: str, key: str) -> HttpResponseBase:
    """The visit was made, put off, called off, or its words are put right; photographs go with it."""
    one = one_of(request, number)
    given: dict[str, object] = {name: text for name, text in typed_in(request, DONE_TYPED).items() if text}
    files = [(file.name or "照片", file) for file in request.FILES.getlist("photo")]
    try:
        refuse_unknown(key)
        with orders.attaching(request.user, one.pk, files):
            orders.move(request.user, one.pk, key, given, version(request))
    except (BadInput, Conflict) as error:
        return show(request, page_of(request, one, error), "enterprise/service-visit.html", status_of(error))
    messages.success(request, DONE[key])
    return onward(request, "enterprise-visit", number)


def refuse_unknown(key: str) -> None:
    """Raise BadInput for a move that is not made here."""
    if key not in DONE:
        raise BadInput([Finding("visit.move", "走访", "走访在这里只能记录完成、改期、取消或者更正。")])


urls = [
    *twin("enterprise/visits/<str:number>", visit, "enterprise-visit"),
    *act("enterprise/visits/<str:number>/item", add, "enterprise-visit-item"),
    *act("enterprise/visits/<str:number>/do/<str:key>", move, "enterprise-visit-move"),
]
