"""Service packs (服务包) and plans for single firms (一企一策): the lists, and one with its matters and how they stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import BadInput, Conflict, Finding, NotAllowed, OrderKind
from plumbline.store import declarations, orders, rolls
from plumbline.store.models import Order
from plumbline.systems.enterprise import visiting
from plumbline.systems.enterprise.needs import FIRMS, PACK
from plumbline.systems.enterprise.service_facts import FirmFacts, Line, facts_of, line_of
from plumbline.systems.enterprise.service_lists import day_of, holding, on, seen, states_of, text_in
from plumbline.systems.enterprise.service_visit import ITEM_TYPED, URGENCIES, added, matters, why
from plumbline.systems.enterprise.visiting import PLAN
from plumbline.web import choices
from plumbline.web.forms import office_key, onward, status_of, typed_in, version
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, act, form_of, show, twin

KINDS = {"packs": PACK, "plans": PLAN}
# fields that are typed when one is opened, and when it is put right
TYPED = {PACK: ("card", "steward", "since", "until"), PLAN: ("aim", "until")}
MOVES = ("amend", "keep", "renew", "end", "finish", "reopen", "drop")
NEW = ("code", "office")


@dataclass(frozen=True, slots=True)
class PackRow:
    """A pack or a plan in the list, with its matters: how many, and how many of them are over."""

    number: str
    firm: str
    level: str
    office: str
    state: str
    items: int
    done: int
    opened_on: date | None
    until: date | None
    href: str


@dataclass(frozen=True, slots=True)
class PacksPage:
    """The packs, or the plans."""

    list: Listing
    where: str
    label: str
    opens: bool
    offices: choices.Choices
    cards: Sequence[str]
    today: date
    typed: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    findings: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """A field of a form: date, select or text; what stands in it now."""

    key: str
    label: str
    sort: str
    choices: Sequence[str]
    stands: str
    needed: bool


@dataclass(frozen=True, slots=True)
class MoveForm:
    """A move this person may make, and what it asks for."""

    key: str
    label: str
    inputs: Sequence[Input]


@dataclass(frozen=True, slots=True)
class PackPage:
    """One pack or plan."""

    number: str
    where: str
    label: str
    firm: FirmFacts
    state: str
    version: int
    office: str
    fields: Sequence[tuple[str, str]]
    items: Sequence[Line]
    done: int
    late: int
    moves: Sequence[MoveForm]
    adds: bool
    matters: Sequence[str]
    urgencies: tuple[tuple[str, str], ...]
    offices: choices.Choices
    typed: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    findings: Sequence[Finding] = ()


def kind_of(where: str) -> OrderKind:
    """The kind of order of an address; 404 for any other."""
    if where not in KINDS:
        raise Http404
    return declarations.catalog().orders[KINDS[where]]


def spec(where: str) -> Spec:
    """The list of packs, or of plans."""
    kind = kind_of(where)
    labels = {one.key: one.label for one in kind.states.values()}
    columns = (Column("firm", "企业"), Column("level", "服务卡" if where == "packs" else "目标"),
               Column("office", "负责单位", "office__name"), Column("state", "状态", "state"), Column("items", "事项"),
               Column("done", "已办结"), Column("opened_on", "建立日期", "opened_at"), Column("until", "期限"))
    column = kind.field("card")
    cards = (holding("card", "服务卡", column.choices),) if column else ()
    return Spec(columns, (Filter("q", "查找", ("title__icontains", "number", "subject")), *cards, states_of(kind)),
                lambda one: row_of(one, where, labels))


def row_of(one: Any, where: str, labels: dict[str, str]) -> PackRow:
    """A pack or a plan as the list shows it."""
    return PackRow(one.number, text_in(one, "firm"), text_in(one, "card") or text_in(one, "aim"), str(one.office or ""),
                   labels.get(one.state, one.state), one.matters, one.over, on(one.opened_at), day_of(one.fields.get("until")),
                   reverse("enterprise-pack", args=[where, one.number]))


def all_packs(request: HttpRequest, where: str) -> HttpResponseBase:
    """The packs or plans; by POST one is opened."""
    kind, error = kind_of(where), None
    if request.method == "POST":
        try:
            made = open_one(request, kind)
        except (BadInput, NotAllowed) as refused:
            error = refused
        else:
            messages.success(request, f"已建立 {made.number}；请逐项写明答应办的事，写一项成为一件工单。")
            return onward(request, "enterprise-pack", where, made.number)
    rows = seen(request.user, kind.key).annotate(
        matters=Count("children"), over=Count("children", filter=Q(children__state_kind="done")))
    if form_of(request) in FILES:
        return sheet(request, rows, spec(where), kind.label)
    card = kind.field("card")
    opens = request.user.is_superuser or request.user.role in kind.opens
    page = PacksPage(listing(request, rows, spec(where)), where, kind.label, opens, choices.offices(request.user),
                     card.choices if card else (), timezone.localdate(),
                     typed_in(request, (*NEW, *TYPED[kind.key])) if error else {}, **why(error))
    return show(request, page, "enterprise/service-packs.html", status_of(error) if error else 200)


def open_one(request: HttpRequest, kind: OrderKind) -> Order:
    """A pack or a plan of a firm of the roll that the person sees."""
    typed = typed_in(request, (*NEW, *TYPED[kind.key]))
    code = "".join(typed.get("code", "").split()).upper()
    try:
        firm = rolls.seen(request.user, declarations.catalog().tables[FIRMS], code)
    except NotAllowed as refused:
        words = f"没有信用代码是「{code[:18]}」的企业，或者您无权查看；请核对。"
        raise BadInput([Finding("pack.code", "信用代码", words)]) from refused
    fields = {key: typed[key] for key in TYPED[kind.key] if typed.get(key)}
    return visiting.opened(request.user, kind.key, firm, fields, office_key(typed.get("office", "")))


def pack(request: HttpRequest, where: str, number: str) -> HttpResponseBase:
    """One pack or plan."""
    return show(request, page_of(request, where, one_of(request, where, number)), "enterprise/service-pack.html")


def one_of(request: HttpRequest, where: str, number: str) -> Order:
    """The pack or plan of a number; 404 where there is none this person sees."""
    return get_object_or_404(seen(request.user, kind_of(where).key), number=number)


def page_of(request: HttpRequest, where: str, one: Order, error: Exception | None = None) -> PackPage:
    """The page, with what was typed where it was refused."""
    user, kind = request.user, kind_of(where)
    items = [line_of(item, text_in(item, "finding")) for item in visiting.items_of(user, one)]
    fields = [(column.label, text) for column in kind.fields if column.key != "firm" and (text := text_in(one, column.key))]
    typed = typed_in(request, (*ITEM_TYPED, "reason", "reply", "outcome", *TYPED[kind.key])) if error else {}
    return PackPage(
        one.number, where, kind.label, facts_of(user, one.subject, text_in(one, "firm")), kind.states[one.state].label,
        one.version, str(one.office or ""), fields, items, sum(item.state_kind == "done" for item in items),
        sum(item.late for item in items),
        [MoveForm(move.key, move.label, inputs_of(kind, one, move.asks, move.needs)) for move in orders.may_move(user, one, kind)
         if move.key in MOVES], visiting.leads(user, one) and one.state_kind == "open", matters(), URGENCIES,
        choices.offices(user), typed, **why(error))


def inputs_of(kind: OrderKind, one: Order, asks: Sequence[str], needs: Sequence[str]) -> list[Input]:
    """What a move asks for, as a form has it."""
    words = {"reason": "理由", "reply": "答复"}
    found = []
    for key in asks:
        column = kind.field(key)
        label = (column.label if column else words.get(key, key)) + ("" if key in needs else "（可不填）")
        sort = "date" if column and column.type == "date" else "select" if column and column.choices else "text"
        found.append(Input(key, label, sort, column.choices if column else (), text_in(one, key), key in needs))
    return found


def add(request: HttpRequest, where: str, number: str) -> HttpResponseBase:
    """A matter promised becomes an order, now."""
    one, typed = one_of(request, where, number), typed_in(request, ITEM_TYPED)
    try:
        made = visiting.add_item(request.user, one, typed, office_key(typed.get("office", "")))
    except (BadInput, Conflict) as error:
        return show(request, page_of(request, where, one, error), "enterprise/service-pack.html", status_of(error))
    messages.success(request, added(made))
    return onward(request, "enterprise-pack", where, number)


def move(request: HttpRequest, where: str, number: str, key: str) -> HttpResponseBase:
    """The pack or plan is put right, kept, ended."""
    one, kind = one_of(request, where, number), kind_of(where)
    names = (*TYPED[kind.key], "reason", "reply", "outcome")
    given: dict[str, object] = {name: text for name, text in typed_in(request, names).items() if text}
    try:
        orders.move(request.user, one.pk, key, given, version(request))
    except (BadInput, Conflict) as error:
        return show(request, page_of(request, where, one, error), "enterprise/service-pack.html", status_of(error))
    messages.success(request, f"已{kind.moves[key].label}。")
    return onward(request, "enterprise-pack", where, number)


urls = [
    *twin("enterprise/service/<str:where>", all_packs, "enterprise-packs", *FILES),
    *twin("enterprise/service/<str:where>/<str:number>", pack, "enterprise-pack"),
    *act("enterprise/service/<str:where>/<str:number>/item", add, "enterprise-pack-item"),
    *act("enterprise/service/<str:where>/<str:number>/do/<str:key>", move, "enterprise-pack-move"),
]
