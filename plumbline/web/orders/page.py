"""The page of an order: what was asked, how its clocks stand, what can be done, and all that happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from plumbline.kernel import Finding, Move, OrderKind, area_name, inside
from plumbline.store import declarations, orders, rolls
from plumbline.store.models import Asker, Office, Order
from plumbline.store.orders.access import hats, may_lead
from plumbline.store.orders.extensions import spent
from plumbline.store.people import may
from plumbline.web import choices, links
from plumbline.web.forms import told
from plumbline.web.orders.clocks import ClockView, ExtensionView, clocks, extensions
from plumbline.web.orders.forms import MoveForm, aside, form_of
from plumbline.web.orders.rows import OPEN, OrderRow, order_seen, row_of, speech
from plumbline.web.orders.story import Kin, Note, Paper, Step, kin, notes, papers, story, words
from plumbline.web.orders.suggestions import Suggestion, suggest
from plumbline.web.orders.wanted import offered
from plumbline.web.screen import show, twin
from plumbline.web.table_access import tables_of

UNITS = ("小时", "日", "工作日", "工时")
PARTS = 4
# of what a form was told: texts somebody typed
KEPT = ("reply", "reason", "text", "why")


@dataclass(frozen=True, slots=True)
class Acts:
    """What else this person may do with an order.

    extend  clocks he may ask to extend: key and label
    sends   he may send out to offices, so that the parts of a split order go out at once
    """

    extend: choices.Choices
    note: bool
    urge: bool
    join: bool
    split: bool
    sends: bool
    summon: bool
    personal: bool


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order.

    facts   label and value of whatever is told of it
    party   whom it is about: what the roll calls it, the name, the page
    records tables it is a row of: label, and its page there, with the figures and sentences that rest on it
    asker   who asked: name and value, once they were asked for with a reason; `hidden` before
    undone  the deed that was not done, with why: `trouble`, `findings`; `typed` in its form;
            `several`, what was typed or chosen more than once
    """

    row: OrderRow
    text: str
    facts: list[tuple[str, str]]
    state_kind: str
    clocks: list[ClockView]
    suggestion: Suggestion | None
    moves: list[MoveForm]
    story: list[Step]
    extensions: list[ExtensionView]
    notes: list[Note]
    papers: list[Paper]
    kin: Kin
    acts: Acts
    offices: choices.Choices
    hidden: bool
    records: list[tuple[str, str]]
    asker: list[tuple[str, str]]
    party: tuple[str, str, str] | None = None
    undone: str = ""
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    several: dict[str, list[str]] = field(default_factory=dict)
    units: tuple[str, ...] = UNITS

    @property
    def astray(self) -> bool:
        """Whether the form of the deed that was not done is no longer on the page: somebody else was quicker."""
        here = {"note": self.acts.note, "attach": self.acts.note, "extend": bool(self.clocks and self.acts.extend),
                "decide": bool(self.clocks), "urge": self.acts.urge, "summon": self.acts.summon, "split": self.acts.split,
                "join": self.acts.join and not self.kin.joined, "unjoin": self.acts.join and bool(self.kin.joined), "asker": True}
        return bool(self.undone) and not here.get(self.undone, any(move.key == self.undone for move in self.moves))

    @property
    def parts(self) -> list[tuple[str, str]]:
        """What was typed of the parts an order is split into: title and office, for as many as the form has."""
        told = self.several if self.undone == "split" else {}
        titles, offices = ([*told.get(key, []), *[""] * PARTS][:PARTS] for key in ("title", "office"))
        return list(zip(titles, offices, strict=True))

    @property
    def lost(self) -> list[str]:
        """What was typed in a form that is no longer there, to be copied."""
        return [text for key in KEPT if (text := self.typed.get(key, ""))] if self.astray else []


def order(request: HttpRequest, number: str) -> HttpResponseBase:
    """An order."""
    found, kind = order_seen(request, number)
    return show(request, page_of(request, found, kind), "web/order.html")


def not_done(request: HttpRequest, number: str, deed: str, error: Exception, status: int) -> HttpResponse:
    """The order as it stands now, with what was typed in the form of a deed, and why it was not done."""
    found, kind = order_seen(request, number)
    trouble, findings = told(error)
    page = page_of(request, found, kind, undone=deed, trouble=trouble, findings=findings, typed=request.POST.dict(),
                   several={key: request.POST.getlist(key) for key in ("title", "office")})
    return show(request, page, "web/order.html", status)


def page_of(request: HttpRequest, found: Order, kind: OrderKind, **more: Any) -> OrderPage:
    """The page of an order; `more` as the screen has it."""
    user, by = request.user, speech()
    given, proposed = offered(user, kind, found.area, found.place), suggest(found)
    typed: Mapping[str, str] = more.get("typed", {})
    undone = more.get("undone", "")
    asker = more.pop("asker", [])
    stands = {"topic": found.topic or (proposed.topic if proposed else ""), "urgency": found.urgency, "place": found.place,
              "office": str(proposed.office or "") if proposed else ""}
    forms = [form_of(one, kind, given, typed if one.key == undone else stands) for one in leading(user, found, kind)]
    return OrderPage(
        row_of(found, by), found.text, facts(found, kind), found.state_kind, clocks(found, kind, by.now), proposed,
        forms, story(user, found, kind), extensions(user, found, kind),
        notes(user, found), papers(user, found), kin(user, found, by), acts(user, found, kind, by.now), given["office"],
        not asker and Asker.objects.visible_to(user).filter(order=found).exists(), records(user, found), asker,
        party(user, found), **more)


def leading(user: Any, found: Order, kind: OrderKind) -> list[Move]:
    """The moves this person may make, those that lead on first: the main way needs no reason, a way back or aside does."""
    return sorted(orders.may_move(user, found, kind), key=aside)


def records(user: Any, found: Order) -> list[tuple[str, str]]:
    """The tables an order is a row of, as far as this person looks into them: label, and the page of its row."""
    _, tables = tables_of(user)
    return [(table.label, links.entry(table.key, found.pk)) for table in tables
            if table.orders == found.kind and inside(found.area, user.area or found.area)]


def party(user: Any, found: Order) -> tuple[str, str, str] | None:
    """Whom an order is about, where a roll has it and this person may look: what the roll calls it, its name, its page."""
    _, tables = tables_of(user) if found.subject else (None, [])
    for table in tables:
        row = rolls.rows_of(table, [found.subject]).get(found.subject) if table.roll else None
        if row and rolls.visible(user, table, row):
            return table.label, str(row.get("name") or found.subject), links.party(table.key, found.subject)
    return None


def facts(found: Order, kind: OrderKind) -> list[tuple[str, str]]:
    """What is told of an order, label and value; what is empty is left out."""
    told_of = [
        ("地区", area_name(found.area) if found.area else ""), ("街道社区", place_words(found.place)), ("地址", found.address),
        ("分类", found.topic), ("来源", found.source), ("首接单位", str(found.first_office or "")),
        ("发起单位", str(found.sender or "")), ("登记人", str(found.opened_by or "")),
        ("退单", f"{found.returns}次" if found.returns else ""), ("转派", f"{found.transfers}次" if found.transfers else ""),
        ("办结", minute_words(found.closed_at)),
    ]
    own = [(f"{one.label}（{one.unit}）" if one.unit else one.label, words(found.fields.get(one.key), one))
           for one in kind.fields]
    return [(label, value) for label, value in (*told_of, *own) if value]


def minute_words(at: datetime | None) -> str:
    """An instant in print, in our own time; empty where there is none."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def place_words(code: str) -> str:
    """A street or a community by its code: the street's name where it is known, and the code."""
    street = Office.objects.filter(kind="street", place=code[:9]).values_list("name", flat=True).first() if code else None
    return f"{street}（{code}）" if street else code


def acts(user: Any, found: Order, kind: OrderKind, now: datetime) -> Acts:
    """What else this person may do."""
    worn, leads = hats(user, found), may_lead(user, found)
    holds, takes = "holder" in worn, may(user, "take", found.area)
    running = found.state_kind in OPEN
    extend = tuple((key, clock.label) for key, clock in kind.clocks.items()
                   if clock.most and running and worn & set(clock.asks) and counts(found, key, now))
    links = takes or may(user, "dispatch", found.area)
    return Acts(
        extend, leads or takes, running and may(user, "urge", found.area), running and links,
        bool(kind.part) and running and leads,
        may(user, "dispatch", found.area), bool(kind.helper) and running and leads,
        (holds and running) or may(user, "personal", found.area))


def counts(found: Order, key: str, now: datetime) -> bool:
    """Whether a clock runs, its time is not over, and it may be extended once more."""
    due, catalog = orders.due_of(found, key, now), declarations.catalog()
    if due is None or due.state != "running":
        return False
    return spent(found, catalog.orders[found.kind].clocks[key], catalog, now) is None


urls = [*twin("orders/<str:number>", order, "order")]
