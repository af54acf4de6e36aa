"""A new order: a kind chosen, what is told of it, and who asked."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from plumbline.kernel import BadInput, Finding, OrderKind
from plumbline.store import declarations, orders
from plumbline.web import choices
from plumbline.web.forms import status_of
from plumbline.web.forms import told as why_not
from plumbline.web.orders import movers, own_pages
from plumbline.web.orders.forms import Asked, asked_of, office_told, typed_in
from plumbline.web.orders.rows import href, kinds, reads_orders, urgencies
from plumbline.web.orders.wanted import areas, offices, streets
from plumbline.web.screen import show, twin

TOLD = ("title", "text", "topic", "urgency", "source", "area", "place", "address", "office")
ASKER = ("name", "phone", "email")
SOURCES = ("电话", "网页", "来信", "来访", "转办", "其他")


@dataclass(frozen=True, slots=True)
class NewPage:
    """The form of a new order; `once`, the key by which sending it twice opens one order."""

    kind: str
    label: str
    meaning: str
    fields: dict[str, str]
    asked: list[Asked]
    urgencies: choices.Choices
    sources: choices.Choices
    areas: choices.Choices
    offices: choices.Choices
    streets: choices.Choices
    asker: bool
    once: str
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ChoosePage:
    """The kinds a person may open orders of."""

    kinds: list[OrderKind]


def openable(user: Any) -> tuple[tuple[str, str], ...]:
    """The kinds this person may open orders of: key and label."""
    return tuple((key, kind.label) for key, kind in kinds().items() if may_open(user, kind))


def may_open(user: Any, kind: OrderKind) -> bool:
    """Whether a person's role may open orders of a kind."""
    return reads_orders(user) and (user.is_superuser or user.role in kind.opens)


def choose(request: HttpRequest) -> HttpResponseBase:
    """Which kind; the form itself, where there is but one."""
    found = [kind for kind in kinds().values() if may_open(request.user, kind)]
    return redirect("order-new", found[0].key) if len(found) == 1 else show(request, ChoosePage(found), "web/order-choose.html")


def new(request: HttpRequest, key: str) -> HttpResponseBase:
    """A new order of a kind."""
    kind = kinds().get(key)
    if kind is None or not may_open(request.user, kind):
        raise Http404
    if key in own_pages.begun:
        return redirect(own_pages.begun[key])
    if request.method != "POST":
        return show(request, page_of(request, kind, blank(request)), "web/order-new.html")
    try:
        made = orders.open_(request.user, key, told(request, kind), asker=asker_told(request),
                            key=request.POST.get("once", "")[:64])
        made = movers.give(request.user, made, kind)
    except BadInput as error:
        return show(request, page_of(request, kind, typed_in(request, request.POST), error), "web/order-new.html",
                    status_of(error))
    messages.success(request, f"已登记，编号 {made.number}{f'，已交给{made.office}' if made.office else ''}。")
    return redirect(href(made))


def blank(request: HttpRequest) -> dict[str, str]:
    """What stands in a form nobody filled in yet; what the address says of it."""
    user = request.user
    given = {name: request.GET[name] for name in TOLD if name in request.GET}
    return {"area": user.area, "source": SOURCES[0]} | given


def told(request: HttpRequest, kind: OrderKind) -> dict[str, Any]:
    """What the form tells of the order."""
    made: dict[str, Any] = {key: text for key, text in typed_in(request, TOLD).items() if text}
    if "office" in made:
        made["office"] = office_told(request.user, made["office"])
    made["fields"] = {key: text for key, text in typed_in(request, [one.key for one in kind.fields]).items() if text}
    return made


def asker_told(request: HttpRequest) -> dict[str, Any] | None:
    """Who asked; None where nothing is told of him."""
    told_of = {key: text for key, text in typed_in(request, [f"asker.{one}" for one in ASKER]).items() if text}
    made: dict[str, Any] = {key.removeprefix("asker."): text for key, text in told_of.items()}
    return made | {"secret": request.POST.get("asker.secret") == "1"} if made else None


def page_of(request: HttpRequest, kind: OrderKind, fields: dict[str, str], error: Exception | None = None) -> NewPage:
    """The form, with what was typed and what was wrong."""
    asked = [asked_of(one, one.required, fields.get(one.key, "")) for one in shown(kind)]
    return NewPage(
        kind.key, kind.label, kind.meaning, fields, asked, urgencies(declarations.catalog(), kind),
        tuple((one, one) for one in SOURCES), areas(request.user), offices(request.user), streets(request.user),
        "asker" in kind.opens, fields.get("once") or uuid.uuid4().hex, *why_not(error))


def shown(kind: OrderKind) -> list[Any]:
    """The fields that are told when an order begins: those that must be, and those no move asks for."""
    later = {key for move in kind.moves.values() for key in move.asks}
    return [one for one in kind.fields if one.required or one.key not in later]


urls = [*twin("orders/new", choose, "order-choose"), *twin("orders/new/<str:key>", new, "order-new")]
