"""The editor of an indicator: which rows count and how, tried on the rows that stand while it is typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from plumbline.kernel import CITY, KINDS, TYPES, BadInput, Conflict, Finding, Table
from plumbline.store import declarations
from plumbline.store.models import Declaration
from plumbline.store.people import may, require
from plumbline.web.forms import onward, status_of, told, version
from plumbline.web.indicator_trial import Trial, period_for, trial
from plumbline.web.row_source import inputs_of
from plumbline.web.screen import act, form_of, show, twin
from plumbline.web.table_access import table_seen

TEXTS = ("label", "kind", "of", "where", "unit", "decimals", "dated", "better", "source", "subject", "period")
BETTER = (("", "不论"), ("up", "越大越好"), ("down", "越小越好"))
HINTS = {
    "count": "符合条件的行有几行", "sum": "把一栏数加起来，如 land", "share": "符合条件的行里，再符合这个条件的占多少",
    "mean": "把一栏数平均", "latest": "取到期末为止最近一期的数", "distinct": "一栏里不同的值有几个",
}
WRITTEN = ("=", "<>", ">=", "<", "and", "or", "not", "is null", "is not null", "in ()", "between  and ", "like '%%'")
OWN = "本系统约定"


@dataclass(frozen=True, slots=True)
class Chip:
    """A column to click: what it puts in, what it is called, and its choices."""

    key: str
    label: str
    type: str
    choices: list[str]


@dataclass(frozen=True, slots=True)
class IndicatorForm:
    """An indicator's form, and how it counts now.

    key       of the indicator; empty for a new one
    grouping  columns it may be broken down by, and those chosen
    """

    table: str
    table_label: str
    href: str
    key: str
    title: str
    fields: dict[str, str]
    chosen: list[str]
    adds: bool
    fresh: bool
    version: int
    state: str
    editable: bool
    chips: list[Chip]
    days: list[tuple[str, str]]
    grouping: list[tuple[str, str]]
    trial: Trial | None
    why: str = ""
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)
    kinds: tuple[tuple[str, str, str], ...] = field(
        default=tuple((key, label, HINTS[key]) for key, label in KINDS.items()), metadata={"json": False})
    better: tuple[tuple[str, str], ...] = field(default=BETTER, metadata={"json": False})
    written: tuple[str, ...] = field(default=WRITTEN, metadata={"json": False})


def add(request: HttpRequest, key: str) -> HttpResponseBase:
    """A new indicator of a ledger, or of a system's table."""
    _, table = table_seen(request, key)
    require(request.user, "declare", area_for(request.user, table))
    if request.method == "POST":
        return saved(request, table, None)
    start = dict.fromkeys(TEXTS, "") | {
        "kind": "count", "unit": "个", "decimals": "0", "dated": table.dated, "source": OWN}
    return page(request, table, None, body_of(start, table, [], True, False))


def edit(request: HttpRequest, key: str, indicator: str) -> HttpResponseBase:
    """An indicator as it stands, and its next version."""
    _, table = table_seen(request, key)
    found = Declaration.objects.visible_to(request.user).newest().filter(
        key=indicator, kind=declarations.INDICATOR, table=key).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        return saved(request, table, found)
    return page(request, table, found, found.body)


def area_for(user: Any, table: Table) -> str:
    """The area an indicator of this person belongs to; of who belongs to none, the ledger's own."""
    return user.area or declarations.area_in(table.key) or CITY.code


def saved(request: HttpRequest, table: Table, found: Declaration | None) -> HttpResponseBase:
    """Declare what was typed; the form says why where it cannot be."""
    body = typed(request, table)
    key = found.key if found else declarations.free_key(area_for(request.user, table), declarations.INDICATOR)
    try:
        declarations.declare_indicator(request.user, key, body, request.POST.get("why", ""), version(request) if found else 0)
    except (BadInput, Conflict) as error:
        return page(request, table, found, body, error)
    messages.success(request, f"指标「{body['label']}」已保存，并记入日志；写报告时可以引用它。")
    return onward(request, "ledger-indicator", table.key, key)


def check(request: HttpRequest, key: str) -> HttpResponseBase:
    """What an indicator would count as it is typed, as a piece of the page; keeps nothing."""
    _, table = table_seen(request, key)
    body = typed(request, table)
    return show(request, tried(request, table, body, period_of(request, table)), "web/indicator-trial.html")


def period_of(request: HttpRequest, table: Table) -> str:
    """The period the person wants to see; else the latest that was told."""
    return request.POST.get("period", "").strip() or period_for(inputs_of(table))


def tried(request: HttpRequest, table: Table, body: Mapping[str, Any], period: str) -> Trial:
    """An indicator, tried on the rows that stand; what is not named yet is left for saving to tell."""
    stand_in = {"label": "试算", "unit": "个", "source": OWN}
    told_body = {**body, **{name: body.get(name) or word for name, word in stand_in.items()}}
    key = f"{declarations.SYSTEM}.d{area_for(request.user, table)}_trial"
    try:
        made = declarations.indicator_checked(request.user, key, told_body)
    except BadInput as error:
        return Trial(findings=list(error.findings), period=period)
    return trial(request.user, made, table, period)


def typed(request: HttpRequest, table: Table) -> dict[str, Any]:
    """The declaration that was typed."""
    fields = {name: request.POST.get(name, "").strip() for name in TEXTS}
    return body_of(fields, table, request.POST.getlist("dimensions"), request.POST.get("adds") == "1",
                   request.POST.get("fresh") == "1")


def body_of(fields: Mapping[str, str], table: Table, dimensions: list[str], adds: bool, fresh: bool) -> dict[str, Any]:
    """The declaration these fields make."""
    kind = fields["kind"]
    body: dict[str, Any] = {
        "label": fields["label"], "table": table.key, "unit": fields["unit"] or ("%" if kind == "share" else ""),
        "source": fields["source"], "where": fields["where"], "dated": fields["dated"], "decimals": fields["decimals"] or "0",
        "dimensions": dimensions, "adds": adds, "fresh": fresh, "better": fields["better"], "subject": fields["subject"]}
    return body | ({kind: "" if kind == "count" else fields["of"]} if kind in KINDS else {})


def page(request: HttpRequest, table: Table, found: Declaration | None, body: Mapping[str, Any],
         error: Exception | None = None) -> HttpResponseBase:
    """The editor with a declaration in it."""
    kind = next((kind for kind in KINDS if kind in body), "count")
    period = period_of(request, table)
    fields = {name: str(body.get(name) or "") for name in TEXTS} | {
        "kind": kind, "of": str(body.get(kind) or ""), "period": period}
    area = found.area if found else area_for(request.user, table)
    screen = IndicatorForm(
        table.key, table.label, home_of(table), found.key if found else "", found.label if found else "定义指标", fields,
        list(body.get("dimensions") or ()), body.get("adds") is not False, bool(body.get("fresh")),
        found.version if found else 0, found.state if found else "", may(request.user, "declare", area), chips(table),
        [(one.key, one.label) for one in table.open_columns if one.type == "date"],
        [(one.key, one.label) for one in table.open_columns if one.type in ("text", "boolean") and one.key != table.area],
        tried(request, table, body, period), request.POST.get("why", ""), *told(error))
    return show(request, screen, "web/indicator-form.html", status_of(error) if error else 200)


def home_of(table: Table) -> str:
    """The page of the ledger, empty for a system's table."""
    return table.key if declarations.area_in(table.key) else ""


def chips(table: Table) -> list[Chip]:
    """The columns an expression may use."""
    return [Chip(one.key, f"{one.label}{f'（{one.unit}）' if one.unit else ''}", TYPES[one.type], list(one.choices))
            for one in table.open_columns]


def retire(request: HttpRequest, key: str, indicator: str) -> HttpResponseBase:
    """Put an indicator out of use, or back into it."""
    _, table = table_seen(request, key)
    deed = declarations.restore if request.POST.get("state") == "current" else declarations.retire
    deed(request.user, indicator, request.POST.get("why", ""), version(request))
    messages.success(request, "已重新启用，并记入日志。" if deed is declarations.restore else
                     "已停用，并记入日志；数过的数都保留。")
    if form_of(request) != "json" and home_of(table):
        return onward(request, "ledger", table.key)
    return onward(request, "ledger-indicator", table.key, indicator)


urls = [
    *twin("ledgers/<str:key>/indicators/add", add, "add-indicator"),
    *act("ledgers/<str:key>/indicators/check", check, "check-indicator"),
    *twin("ledgers/<str:key>/indicators/<str:indicator>", edit, "ledger-indicator"),
    *act("ledgers/<str:key>/indicators/<str:indicator>/retire", retire, "retire-indicator"),
]
