"""The page of one party of a roll: every column with its unit, its source and since when; as of any day; who looked.

    /tables/<roll>/of/<key>/            as it stands
    /tables/<roll>/of/<key>/?day=…      as it stood on a day
    …?correct=<column>                  the form that puts a column right
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from plumbline.kernel import BadInput, Column, Conflict, Finding, NotAllowed, Table, inside
from plumbline.store import rolls
from plumbline.store.models import Order, User
from plumbline.store.people import may
from plumbline.store.rolls import Change, Look, Overlay, Step
from plumbline.web import links
from plumbline.web.entry_form import KINDS, TRUTH
from plumbline.web.forms import status_of, told
from plumbline.web.listing import day as day_of
from plumbline.web.orders.rows import OrderRow, row_of, speech
from plumbline.web.orders.rows import named as named_of
from plumbline.web.screen import act, show, twin
from plumbline.web.table_access import TableHead, head_of, table_seen
from plumbline.web.table_rows import EMPTY, words

MOST_CHANGES, MOST_ORDERS = 200, 50
NO_DAY = Finding("party.day", "日期", "「截至」不是日期；请写作 2020-06-30。")


@dataclass(frozen=True, slots=True)
class Fact:
    """A column of a party.

    source  who told it last, and `told` of which day; `since` the day it has been so
    was     of a corrected value, the source's own; None where nothing was corrected
    """

    key: str
    label: str
    words: str
    known: bool
    source: str
    told: date | None
    since: date | None
    was: str | None
    derived: bool
    correct: str = field(default="", metadata={"json": False})
    take_back: str = field(default="", metadata={"json": False})


@dataclass(frozen=True, slots=True)
class Told:
    """A change, as the page lists it."""

    day: date
    at: datetime
    label: str
    before: str
    after: str
    source: str


@dataclass(frozen=True, slots=True)
class CorrectForm:
    """The form that puts one column right, with what was typed when it was refused."""

    key: str
    label: str
    unit: str
    kind: str
    value: str
    why: str
    choices: tuple[tuple[str, str], ...]
    trouble: str
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class PartyScreen:
    """A party.

    day     the day asked for; None: as it stands
    absent  it had no row on that day
    orders  about it, that this person sees, the latest first
    """

    table: TableHead
    key: str
    title: str
    day: date | None
    absent: bool
    facts: list[Fact]
    unknown: list[str]
    personal: list[tuple[str, str]]
    hidden: list[str]
    may_personal: bool
    changes: list[Told]
    more: int
    looks: list[Look]
    orders: list[OrderRow]
    example: bool
    findings: list[Finding]
    form: CorrectForm | None = field(default=None, metadata={"json": False})


def party(request: HttpRequest, key: str, code: str) -> HttpResponseBase:
    """A party, as it stands or as of a day; the look is journalled."""
    table, row = seen(request, key, code)
    rolls.looked(request.user, table, code)
    asked = request.GET.get("day", "").strip()
    day = day_of(asked) if asked else None
    findings = [NO_DAY] if asked and day is None else []
    return show(request, screen_of(request, table, row, day, findings=findings, form=form_of(request, table, row)),
                "web/party.html", 400 if findings else 200)


def seen(request: HttpRequest, key: str, code: str) -> tuple[Table, dict[str, Any]]:
    """The roll and the party's row, if this person sees it; 404, the same, where there is none."""
    _, table = table_seen(request, key)
    if not table.roll:
        raise Http404
    try:
        return table, rolls.seen(request.user, table, code)
    except NotAllowed as error:
        raise Http404 from error


def screen_of(request: HttpRequest, table: Table, now: dict[str, Any], day: date | None = None, **more: Any) -> PartyScreen:
    """The page of a party; `more` of it as the screen has it."""
    code = str(now[table.identity[0]])
    row = now if day is None else rolls.row_of(table, code, day)
    history = rolls.history_of(table, code)
    steps = list(Step.objects.filter(table=table.key))
    hidden, named = [one for one in table.columns if one.personal], named_of(table)
    allowed = correctable(request.user, table, now) and day is None
    past = Past(day, history, steps, standing(table, code) if day is None else {}, named)
    facts = [fact(table, one, row, past, allowed) for one in table.open_columns] if row else []
    title = next((str((row or now)[name]) for name in ("name",) if (row or now).get(name)), code)
    return PartyScreen(
        head_of(request.user, table), code, title, day, row is None, [one for one in facts if one.known],
        [one.label for one in facts if not one.known], more.pop("personal", []), [one.label for one in hidden],
        bool(hidden) and day is None and may(request.user, "personal", str(now[table.area])[:6]),
        [change(table, one, named) for one in history[:MOST_CHANGES]], max(0, len(history) - MOST_CHANGES),
        looks(request.user, table, code), orders_of(request.user, code), any(one.example for one in steps),
        more.pop("findings", []), **more)


def looks(user: Any, table: Table, code: str) -> list[Look]:
    """Who looked at a party, by their names."""
    found = rolls.lookers(user, table, code)
    names = {one.username: str(one) for one in User.objects.filter(username__in={look.who for look in found})}
    return [replace(look, who=names.get(look.who, look.who)) for look in found]


def orders_of(user: Any, code: str) -> list[OrderRow]:
    """Orders about a party that a person sees."""
    by = speech()
    return [row_of(one, by) for one in Order.objects.visible_to(user).filter(subject=code).select_related("office")[:MOST_ORDERS]]


def correctable(user: Any, table: Table, row: dict[str, Any]) -> bool:
    """Whether a person may put the row right."""
    return rolls.visible(user, table, row) and may(user, "register", str(row[table.area])[:6])


def standing(table: Table, code: str) -> dict[str, Overlay]:
    """The corrections of a party that stand, by column."""
    return rolls.overlays(table, code).get(code, {})


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of where a party's values come from, up to a day."""

    day: date | None
    history: Sequence[Change]
    steps: Sequence[Step]
    overlays: dict[str, Overlay]
    named: Mapping[str, Mapping[str, str]]

    def since(self, column: str) -> date | None:
        """The day a column has been what it is."""
        until = self.day or date.max
        return next((one.day for one in self.history if one.day <= until and one.column in (column, "")), None)

    def source(self, table: Table, column: Column, area: str) -> tuple[str, date | None]:
        """Who told a column last, and of which day; a key comes with its row."""
        until, named = self.day or date.max, column.key in table.identity
        if overlay := self.overlays.get(column.key):
            return f"更正（{overlay.correction.by}）：{overlay.correction.why}", overlay.correction.day
        for one in self.steps:
            told = column.key in one.columns or (named and one.whole)
            if told and one.day <= until and any(inside(area, outer) for outer in one.areas):
                return one.source, one.day
        return "", None


def fact(table: Table, column: Column, row: dict[str, Any], past: Past, allowed: bool) -> Fact:
    """A column of a party as the page shows it."""
    value, overlay = row.get(column.key), past.overlays.get(column.key)
    label = f"{column.label}（{column.unit}）" if column.unit else column.label
    was = None if overlay is None else words(table, column, rolls.value_of(table, column.key, overlay.was), past.named)
    page = links.party(table.key, str(row[table.identity[0]]))
    editable = allowed and not column.derived and column.key not in (table.area, *table.identity)
    source, told = ("按其他列计算", None) if column.derived else past.source(table, column, str(row[table.area]))
    return Fact(column.key, label, words(table, column, value, past.named), value is not None, source, told,
                past.since(column.key), was, bool(column.derived), f"{page}?correct={column.key}#correct" if editable else "",
                reverse("party-take-back", args=[table.key, row[table.identity[0]]]) if overlay and allowed else "")


def change(table: Table, one: Change, named: Mapping[str, Mapping[str, str]]) -> Told:
    """A change in words."""
    column = table.column(one.column)
    if column is None:
        return Told(one.day, one.at, "进入名册" if one.after else "退出名册", "", "", one.source)
    before, after = (words(table, column, cell, named) for cell in (one.before, one.after))
    return Told(one.day, one.at, column.label, before, after, one.source)


def form_of(request: HttpRequest, table: Table, row: dict[str, Any], error: Exception | None = None) -> CorrectForm | None:
    """The form for the column asked for; None where none is, or the person may not."""
    asked = request.POST if error else request.GET
    column = table.column(asked.get("column" if error else "correct", ""))
    if column is None or column.personal or column.derived or not correctable(request.user, table, row):
        return None
    stands = "" if row.get(column.key) is None else str(row[column.key])
    stands = stands.lower() if column.type == "boolean" else stands
    choices = TRUTH if column.type == "boolean" else tuple((one, one) for one in column.choices)
    value, why = (asked.get("value", stands), asked.get("why", "")) if error else (stands, "")
    return CorrectForm(column.key, column.label, column.unit, KINDS.get(column.type, "text"), value, why, choices, *told(error))


def correct(request: HttpRequest, key: str, code: str) -> HttpResponseBase:
    """Put a column right; what could not be saved stays in the form."""
    table, row = seen(request, key, code)
    column = request.POST.get("column", "")
    try:
        rolls.correct(request.user, table, code, {column: request.POST.get("value", "").strip()}, request.POST.get("why", ""))
    except (BadInput, Conflict) as error:
        screen = screen_of(request, table, row, form=form_of(request, table, row, error), findings=list(findings_of(error)))
        return show(request, screen, "web/party.html", status_of(error))
    messages.success(request, "已更正，并记入日志；来源的值改变之前一直有效。")
    return redirect(links.party(key, code))


def findings_of(error: Exception) -> Iterable[Finding]:
    """What was wrong with what was typed."""
    return error.findings if isinstance(error, BadInput) else ()


def take_back(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """Take a correction back."""
    table, _ = seen(request, key, code)
    rolls.take_back(request.user, table, code, request.POST.get("column", ""), request.POST.get("why", ""))
    messages.success(request, "已撤回更正，恢复为来源的值。")
    return redirect(links.party(key, code))


def personal(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """The page with its personal columns; the reason is journalled before anything is shown."""
    table, row = seen(request, key, code)
    found = rolls.personal_of(request.user, table, code, request.POST.get("why", ""))
    shown = [(one.label, words(table, one, found.get(one.key)) or EMPTY) for one in table.columns if one.personal]
    return show(request, screen_of(request, table, row, personal=shown), "web/party.html")


urls = [
    *twin("tables/<str:key>/of/<str:code>", party, "party"),
    *act("tables/<str:key>/of/<str:code>/correct", correct, "party-correct"),
    *act("tables/<str:key>/of/<str:code>/take-back", take_back, "party-take-back"),
    *act("tables/<str:key>/of/<str:code>/personal", personal, "party-personal"),
]
