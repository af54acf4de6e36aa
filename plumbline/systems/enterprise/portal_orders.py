"""A firm's applications and requests: as the person who asked reads them, never the office's own notes and reasons."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import BadInput, Column, Conflict, Finding, OrderKind
from plumbline.store import declarations, orders
from plumbline.store.models import Attachment, Notice, Order, OrderMove, OrderNote
from plumbline.systems.enterprise.money_words import KIND
from plumbline.systems.enterprise.portal_door import Firm, of_firm
from plumbline.systems.enterprise.portal_known import yuan
from plumbline.systems.enterprise.portal_start import Head, head_of
from plumbline.web.firms import strange
from plumbline.web.orders.acts import moved_with_papers
from plumbline.web.orders.forms import MoveForm, asked_of, form_of, typed_in
from plumbline.web.orders.opens import shown as begun_with
from plumbline.web.orders.page import place_words
from plumbline.web.orders.papers import handed_out
from plumbline.web.orders.rows import left_words
from plumbline.web.orders.story import IMAGES, words
from plumbline.web.screen import act, show, twin
from plumbline.web.words import exact

MOST = 200
OVER = ("done", "void")
BEGUN, SENT = "open", "已提交"
# fields of an application that say nothing new to the firm itself
OWN = {"policy", "code", "name", "firm", "returned_for"}


@dataclass(frozen=True, slots=True)
class OrderCard:
    """An order in a list. tone: open, waits (for the firm), done, void."""

    number: str
    title: str
    kind: str
    state: str
    tone: str
    at: datetime
    left: str
    amount: str
    href: str


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """A firm's orders, its notices, and what it may ask for."""

    head: Head
    applications: list[OrderCard]
    requests: list[OrderCard]
    notices: list[tuple[datetime, str]]
    opens: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened, as it was said to the firm; `why` where something is left to it, or refused."""

    at: datetime
    says: str
    told: str
    why: str


@dataclass(frozen=True, slots=True)
class Said:
    """A word for both sides to read."""

    at: datetime
    text: str
    mine: bool


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One order."""

    head: Head
    card: OrderCard
    text: str
    office: str
    due: str
    facts: list[tuple[str, str]]
    steps: list[Step]
    said: list[Said]
    papers: list[tuple[str, str, bool]]
    moves: list[MoveForm]
    version: int
    over: bool
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class NewPage:
    """The form of something a firm asks for."""

    head: Head
    kind: str
    label: str
    meaning: str
    asked: list[Any]
    typed: dict[str, str]
    once: str
    findings: list[Finding] = field(default_factory=list)


def own_orders(request: HttpRequest, firm: Firm) -> Any:
    """The orders of this firm that its account sees."""
    return Order.objects.visible_to(request.user).filter(subject=firm.key)


def card_of(firm: Firm, one: Order, kind: OrderKind) -> OrderCard:
    """An order's card."""
    state = kind.states.get(one.state)
    mine = any({"asker", "firm"} & set(move.by) and move.to for move in kind.moves_from(one.state))
    tone = "waits" if mine and one.state_kind == "waiting" else one.state_kind
    left = left_words(one.due_at, timezone.now()) if one.due_at and one.state_kind not in OVER else ""
    money = yuan(exact(str(one.fields.get("amount") or ""))) if kind.field("amount") else ""
    return OrderCard(one.number, one.title, kind.label, state.label if state else one.state, tone,
                     timezone.localtime(one.opened_at), left, money, reverse("firm-order", args=[firm.key, one.number]))


@of_firm
def listed(request: HttpRequest, firm: Firm) -> HttpResponseBase:
    """What the firm applied and asked for, the last first."""
    kinds = declarations.catalog().orders
    rows = [(one.kind, card_of(firm, one, kinds[one.kind])) for one in own_orders(request, firm).order_by("-pk")[:MOST]]
    told_of = Notice.objects.filter(user=request.user, order__in=own_orders(request, firm)).order_by("-pk")[:20]
    page = OrdersPage(
        head_of(firm, "orders"), [card for kind, card in rows if kind == KIND], [card for kind, card in rows if kind != KIND],
        [(timezone.localtime(one.at), one.text) for one in told_of],
        [(kind.label, kind.meaning, reverse("firm-new", args=[firm.key, kind.key])) for kind in openable()])
    return show(request, page, "enterprise/portal-orders.html")


def openable() -> list[OrderKind]:
    """The kinds a firm opens by a form; applications are opened from their policy."""
    return [kind for kind in declarations.catalog().orders.values() if "firm" in kind.opens and kind.key != KIND]


@of_firm
def new(request: HttpRequest, firm: Firm, kind: str) -> HttpResponseBase:
    """Ask for something."""
    found = next((one for one in openable() if one.key == kind), None)
    if found is None:
        return strange(request, kind)
    if request.method != "POST":
        return show(request, new_page(firm, found, {}), "enterprise/portal-new.html")
    typed = typed_in(request, ["title", "text", *(one.key for one in found.fields)])
    fields = {one.key: typed[one.key] for one in begun_with(found) if typed[one.key]}
    if found.field("firm"):
        fields["firm"] = firm.name
    place = str(firm.known.row.get("street") or "") if firm.known else ""
    body = {"title": typed["title"], "text": typed["text"], "area": firm.area, "place": place, "subject": firm.key,
            "source": "企业门户", "fields": fields}
    try:
        made = orders.open_(request.user, kind, body, key=request.POST.get("once", "")[:64])
    except BadInput as error:
        return show(request, new_page(firm, found, typed, list(error.findings)), "enterprise/portal-new.html", 400)
    messages.success(request, f"已提交，编号 {made.number}。进度在这里看。")
    return redirect("firm-order", firm.key, made.number)


def new_page(firm: Firm, kind: OrderKind, typed: dict[str, str], findings: list[Finding] | None = None) -> NewPage:
    """The form, with what was typed."""
    asked = [asked_of(one, one.required, typed.get(one.key, "")) for one in begun_with(kind) if one.key not in OWN]
    return NewPage(head_of(firm, "orders"), kind.key, kind.label, kind.meaning, asked, typed, uuid.uuid4().hex, findings or [])


def seen(request: HttpRequest, firm: Firm, number: str) -> Order | None:
    """The firm's order of a number; None where it has none of it."""
    return own_orders(request, firm).select_related("office").filter(number=number).first()


@of_firm
def order(request: HttpRequest, firm: Firm, number: str) -> HttpResponseBase:
    """One order: what was said, what is left to do."""
    one = seen(request, firm, number)
    return strange(request, number, "打开不属于自己的工单") if one is None else page(request, firm, one)


def page(request: HttpRequest, firm: Firm, one: Order, error: Exception | None = None) -> HttpResponseBase:
    """The page of an order, and why something was not done."""
    user, kind = request.user, declarations.catalog().orders[one.kind]
    steps = OrderMove.objects.visible_to(user).filter(order=one).order_by("n")
    notes = OrderNote.objects.visible_to(user).filter(order=one).select_related("by").order_by("pk")
    papers = Attachment.objects.visible_to(user).filter(order=one).order_by("pk")
    moves = [form_of(move, kind, {}) for move in orders.may_move(user, one, kind) if "office" not in move.needs]
    shown = OrderPage(
        head_of(firm, "orders"), card_of(firm, one, kind), one.text, str(one.office or ""),
        f"{timezone.localtime(one.due_at):%Y年%-m月%-d日 %H:%M}" if one.due_at and one.state_kind not in OVER else "",
        facts(one, kind), [step_of(row, kind) for row in steps],
        [Said(timezone.localtime(row.at), row.text, row.by is not None and row.by.role == "firm") for row in notes],
        [(row.name, reverse("firm-paper", args=[firm.key, one.number, row.pk]), row.type in IMAGES) for row in papers],
        moves, one.version, one.state_kind in OVER, str(error) if isinstance(error, Conflict) else "",
        list(error.findings) if isinstance(error, BadInput) else [])
    status = 200 if error is None else 409 if isinstance(error, Conflict) else 400
    return show(request, shown, "enterprise/portal-order.html", status)


def step_of(row: OrderMove, kind: OrderKind) -> Step:
    """A step; the reason of one that leaves something to the firm, or refuses it, is told, others are the office's own."""
    state = kind.states.get(row.to)
    left = state is not None and state.kind == "waiting" and any("asker" in move.by for move in kind.moves_from(row.to))
    told = left or (state is not None and state.kind == "void")
    return Step(timezone.localtime(row.at), SENT if row.move == BEGUN else row.says, row.told, row.why if told else "")


def facts(one: Order, kind: OrderKind) -> list[tuple[str, str]]:
    """The fields of an order that say something to the firm."""
    return [(column.label, fact(column, one.fields[column.key])) for column in kind.fields
            if column.key not in OWN and one.fields.get(column.key) not in (None, "")]


def fact(column: Column, value: Any) -> str:
    """A field's value in words, money to the last 分."""
    if column.unit == "元":
        return yuan(exact(str(value)))
    if column.key == "street":
        return place_words(str(value))
    return f"{words(value, column)}{column.unit}"


@of_firm
def move(request: HttpRequest, firm: Firm, number: str, move: str) -> HttpResponseBase:
    """Do what is left to the firm: bring what lacks, confirm, rate, withdraw."""
    one = seen(request, firm, number)
    if one is None:
        return strange(request, number, "办理不属于自己的工单")
    kind = declarations.catalog().orders[one.kind]
    way = next((each for each in orders.may_move(request.user, one, kind) if each.key == move), None)
    try:
        if way is None:
            raise BadInput([Finding("order.move", "办理", "现在不能这样办；页面已刷新，请按现在的状态办理。")])
        moved_with_papers(request, one, kind, way)
    except (BadInput, Conflict) as error:
        return page(request, firm, seen(request, firm, number) or one, error)
    messages.success(request, f"已{way.label}。")
    return redirect("firm-order", firm.key, number)


@of_firm
def add(request: HttpRequest, firm: Firm, number: str) -> HttpResponseBase:
    """Add a word, papers, or both."""
    one = seen(request, firm, number)
    if one is None:
        return strange(request, number, "补充不属于自己的工单")
    text, files = request.POST.get("text", "").strip(), request.FILES.getlist("papers")
    try:
        if not (text or files):
            raise BadInput([Finding("firm.empty", "补充", "请写补充的内容，或选一个文件。")])
        with orders.attaching(request.user, one.pk, [(file.name or "", file) for file in files], True):
            if text:
                orders.note(request.user, one.pk, text, True)
    except BadInput as error:
        return page(request, firm, one, error)
    messages.success(request, "已补充，承办单位看得到。")
    return redirect("firm-order", firm.key, number)


@of_firm
def paper(request: HttpRequest, firm: Firm, number: str, paper: int) -> HttpResponseBase:
    """A paper both sides may see."""
    one = seen(request, firm, number)
    mine = one and Attachment.objects.visible_to(request.user).filter(order=one, pk=paper).exists()
    if not mine:
        return strange(request, f"{number} {paper}", "打开不属于自己的附件")
    return handed_out(*orders.opened(request.user, paper))


urls = [
    *twin("firm/<str:key>/orders", listed, "firm-orders"),
    *twin("firm/<str:key>/orders/new/<str:kind>", new, "firm-new"),
    *twin("firm/<str:key>/orders/<str:number>", order, "firm-order"),
    *act("firm/<str:key>/orders/<str:number>/moves/<str:move>", move, "firm-move"),
    *act("firm/<str:key>/orders/<str:number>/add", add, "firm-add"),
    twin("firm/<str:key>/orders/<str:number>/papers/<int:paper>", paper, "firm-paper")[0],
]
