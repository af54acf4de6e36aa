"""Settings of orders: the kinds there are, each drawn, with its clocks, and a form for what may change without a release."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from plumbline.kernel import (
    AFTER,
    NEEDS,
    STATE_KINDS,
    BadInput,
    Conflict,
    Finding,
    Move,
    OrderKind,
)
from plumbline.store import declarations
from plumbline.store.declarations.kind_body import body_of
from plumbline.store.models import Declaration
from plumbline.store.people import may
from plumbline.web.forms import status_of, told, version
from plumbline.web.orders.drawing import Drawing, drawing
from plumbline.web.orders.kind_clocks import WHO, ClockRow, clock_rows
from plumbline.web.orders.rows import kinds, reads_orders
from plumbline.web.screen import show, twin

BEGINS = (("next_day", "次日起算"), ("moment", "即时起算"))
ENDS = (("midnight", "末日24时"), ("close", "末日下班"), ("moment", "满时"))
TRANSFER = (("keeps", "转派后继续计时"), ("restarts", "转派后重新计时"))
REOPEN = (("restarts", "重新办理后重新计时"), ("continues", "重新办理后接着计时"), ("stays", "重新办理后不再计时"))
OFFERED = {"begins": BEGINS, "ends": ENDS, "transfer": TRANSFER, "reopen": REOPEN}
SAVED = "已保存，并记入日志；新的时限和动作从现在起生效。"


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind in the list."""

    key: str
    label: str
    meaning: str
    owner: str
    prefix: str
    states: int
    moves: int
    clocks: list[str]
    version: int


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """All that can be set: kinds; parameters and years have pages of their own."""

    kinds: list[KindRow]
    may: bool
    where: str = "order-settings"


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A move in words."""

    key: str
    label: str
    sources: str
    to: str
    by: str
    needs: str
    notes: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a declaration: who, when, why."""

    version: int
    by: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class KindPage:
    """A kind: drawn, in words, and as a form. `body` is what stands in the form."""

    kind: OrderKind
    drawing: Drawing
    states: list[tuple[str, str, str]]
    moves: list[MoveRow]
    clocks: list[ClockRow]
    body: dict[str, Any]
    history: list[Version]
    version: int
    may: bool
    offered: dict[str, tuple[tuple[str, str], ...]]
    why: str = ""
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)
    where: str = "order-settings"


def settings_page(request: HttpRequest) -> HttpResponseBase:
    """The kinds of order there are."""
    if not reads_orders(request.user):
        raise Http404
    versions = dict(Declaration.objects.newest().filter(kind=declarations.ORDER).values_list("key", "version"))
    rows = [KindRow(key, one.label, one.meaning, one.owner, one.prefix, len(one.states), len(one.moves),
                    [clock.label for clock in one.clocks.values()], versions.get(key, 0)) for key, one in kinds().items()]
    return show(request, SettingsPage(rows, may_set(request.user)), "web/order-settings.html")


def may_set(user: Any) -> bool:
    """Whether a person may change kinds and parameters: a planner of the city."""
    return may(user, "order", f"{user.area[:2]}0000" if user.area else "")


def kind_page(request: HttpRequest, key: str) -> HttpResponseBase:
    """A kind of order, and what an official changes of it."""
    kind = kinds().get(key) if reads_orders(request.user) else None
    if kind is None:
        raise Http404
    body = body_of(kind)
    if request.method != "POST":
        return show(request, page_of(request, kind, body), "web/order-kind.html")
    changed = typed_over(request, body)
    try:
        declarations.declare_order(request.user, key, changed, request.POST.get("why", ""), version(request))
    except (BadInput, Conflict) as error:
        return show(request, page_of(request, kind, changed, error), "web/order-kind.html", status_of(error))
    messages.success(request, SAVED)
    return redirect("order-kind", key)


def typed_over(request: HttpRequest, body: dict[str, Any]) -> dict[str, Any]:
    """The declaration with what was typed in the form in its place; parts the form does not show stay as they are."""
    made = deepcopy(body)
    for name, value in request.POST.items():
        path = name.split(".")
        if path[0] in ("label", "meaning", "delete_months", "states", "moves", "clocks"):
            put(made, path, value.strip()[:300])
    return made


def put(body: dict[str, Any], path: list[str], value: str) -> None:
    """Put a value in its place, where the form may: no new part comes to be but the words of one."""
    *above, last = path
    for part in above:
        body = body.get(part)  # type: ignore[assignment]
        if not isinstance(body, dict):
            return
    if last in ("label", "meaning", "says", "used", "delete_months", *OFFERED) and isinstance(body.get(last, ""), str):
        body[last] = value
        if not value and last in ("says", "meaning"):
            body.pop(last)


def page_of(request: HttpRequest, kind: OrderKind, body: dict[str, Any], error: Exception | None = None) -> KindPage:
    """The page of a kind."""
    versions = history(kind.key)
    return KindPage(
        kind, drawing(kind), [(one.label, STATE_KINDS[one.kind], one.kind) for one in kind.states.values()],
        [move_row(kind, one) for one in kind.moves.values()],
        clock_rows(declarations.catalog(), kind, OFFERED, timezone.localdate()), body, versions,
        versions[0].version if versions else 0, may_set(request.user), OFFERED, request.POST.get("why", ""), *told(error))


def move_row(kind: OrderKind, move: Move) -> MoveRow:
    """A move in words."""
    notes = []
    if move.other_than:
        notes.append(f"须由另一人办（不是「{label_of(kind, move.other_than)}」的人）")
    notes += [f"须先办完{AFTER[one]}" for one in move.after]
    notes += ["重新计时"] if move.reopens else []
    notes += [f"来件人看到：{move.says}"] if move.says else []
    needs = [word_of(kind, one) for one in move.needs] + [f"{word_of(kind, one)}（可不填）" for one in move.takes]
    state = kind.states.get(move.to)
    return MoveRow(move.key, move.label, "、".join(kind.states[one].label for one in move.sources),
                   state.label if state else "不变", "、".join(WHO[one] for one in move.by), "、".join(needs), "；".join(notes))


def label_of(kind: OrderKind, key: str) -> str:
    """What a move is called; the opening, which is no move, too."""
    return kind.moves[key].label if key in kind.moves else "登记"


def word_of(kind: OrderKind, key: str) -> str:
    """What a field of a move is called."""
    column = kind.field(key)
    return NEEDS.get(key, column.label if column else key)


def history(key: str) -> list[Version]:
    """The versions of a declaration, the latest first."""
    rows = Declaration.objects.filter(key=key).select_related("by").order_by("-version")
    return [Version(one.version, str(one.by), one.at, one.why) for one in rows]


urls = [
    *twin("orders/settings", settings_page, "order-settings"),
    *twin("orders/settings/kinds/<str:key>", kind_page, "order-kind"),
]
