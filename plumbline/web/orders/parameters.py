"""Dated parameters: limits, weights, numbers of times; each with its history and a form for a new value."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import BadInput, Catalog, Conflict, Dated, Finding, Parameter
from plumbline.store import declarations
from plumbline.web.export import export
from plumbline.web.forms import status_of, told, version
from plumbline.web.listing import Chosen, Column, Filter, Listing, chosen_of, listed
from plumbline.web.orders.kinds import Version, history, may_set
from plumbline.web.orders.rows import reads_orders
from plumbline.web.screen import FILES, form_of, show, twin

COLUMNS = (Column("meaning", "参数"), Column("used", "用于"), Column("value", "现行数值"), Column("since", "自何日起"),
           Column("source", "依据"), Column("next", "以后"))
FILTERS = (Filter("q", "查找", ()),)


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A parameter in the list: the value in force, and one that will be."""

    key: str
    meaning: str
    used: str
    value: str
    since: date | None
    source: str
    next: str
    href: str


@dataclass(frozen=True, slots=True)
class ParametersPage:
    """All parameters."""

    list: Listing
    where: str = "order-settings"


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A value of a parameter; `state`: in force, past, to come."""

    since: date
    value: str
    source: str
    state: str


@dataclass(frozen=True, slots=True)
class ParameterPage:
    """A parameter, its values, its history, its form."""

    key: str
    meaning: str
    unit: str
    used: str
    values: list[ValueRow]
    history: list[Version]
    version: int
    may: bool
    fields: dict[str, str]
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)
    where: str = "order-settings"


def parameters(request: HttpRequest) -> HttpResponseBase:
    """All parameters of the installed systems."""
    if not reads_orders(request.user):
        raise Http404
    catalog, today = declarations.catalog(), timezone.localdate()
    chosen = [chosen_of(request, one) for one in FILTERS]
    rows = [row_of(catalog, key, today) for key in catalog.parameters]
    shown = [row for row in rows if chosen[0].value.lower() in f"{row.key} {row.meaning} {row.used} {row.source}".lower()]
    if form_of(request) in FILES:
        lines = ([getattr(row, column.key) for column in COLUMNS] for row in shown)
        return export("参数", [column.label for column in COLUMNS], lines, len(shown), form_of(request))
    return show(request, ParametersPage(listing_of(request, shown, chosen)), "web/order-parameters.html")


def listing_of(request: HttpRequest, rows: list[ParameterRow], chosen: list[Chosen]) -> Listing:
    """One page of the parameters."""
    return listed(request, rows, {one.key: one.value for one in chosen}, chosen, COLUMNS)


def row_of(catalog: Catalog, key: str, today: date) -> ParameterRow:
    """A parameter in the list, by its key in the catalog: its own does not name the system."""
    one = catalog.parameters[key]
    now = one.on(today)
    later = [f"{dated.since} 起 {words(dated.value, one.unit)}" for dated in one.values if dated.since > today]
    return ParameterRow(key, one.meaning, used(catalog, key), words(now.value, one.unit) if now else "尚无",
                        now.since if now else None, now.source if now else "", "；".join(later),
                        reverse("parameter", args=[key]))


def words(value: Decimal, unit: str) -> str:
    """A value with its unit.

    >>> words(Decimal("24.00"), "小时"), words(Decimal("0.4"), "")
    ('24小时', '0.4')
    """
    plain = value.normalize()
    return f"{plain:f}{unit if unit != '1' else ''}"


def used(catalog: Catalog, key: str) -> str:
    """Which clocks a parameter is a limit of; else which system it belongs to."""
    found = [f"{kind.label}·{clock.label}" for kind in catalog.orders.values() for clock in kind.clocks.values()
             if key == clock.most or key == clock.of or key.rpartition(".")[0] == clock.of]
    system = catalog.systems.get(key.partition(".")[0])
    return "、".join(found) or (system.label if system else "")


def parameter(request: HttpRequest, key: str) -> HttpResponseBase:
    """A parameter, and a value an official adds."""
    one = declarations.catalog().parameters.get(key)
    if one is None or not reads_orders(request.user):
        raise Http404
    if request.method != "POST":
        return show(request, page_of(request, key, one), "web/order-parameter.html")
    typed = {name: request.POST.get(name, "").strip()[:300] for name in ("since", "value", "source", "why")}
    try:
        dated = declarations.dated_from(typed["since"], typed["value"], typed["source"])
        declarations.declare_parameter(request.user, key, dated, typed["why"], version(request))
    except (BadInput, Conflict) as error:
        return show(request, page_of(request, key, one, typed, error), "web/order-parameter.html", status_of(error))
    messages.success(request, "已保存，并记入日志；从写明的日期起开始计时的按新数，那天以前开始计时的不受影响。")
    return redirect("parameter", key)


def page_of(request: HttpRequest, key: str, one: Parameter, typed: dict[str, str] | None = None,
            error: Exception | None = None) -> ParameterPage:
    """The page of a parameter."""
    today = timezone.localdate()
    versions = history(key)
    fields: dict[str, Any] = {"since": today.isoformat(), "value": "", "source": "", "why": ""} | (typed or {})
    return ParameterPage(key, one.meaning, one.unit, used(declarations.catalog(), key), values_of(one, today), versions,
                         versions[0].version if versions else 0, may_set(request.user), fields, *told(error))


def values_of(one: Parameter, today: date) -> list[ValueRow]:
    """The values of a parameter, the latest first."""
    now = one.on(today)

    def state(dated: Dated) -> str:
        return "现行" if dated == now else "将生效" if dated.since > today else "已被取代"

    return [ValueRow(dated.since, words(dated.value, one.unit), dated.source, state(dated)) for dated in reversed(one.values)]


urls = [*twin("orders/settings/parameters", parameters, "parameters", *FILES),
        *twin("orders/settings/parameters/<str:key>", parameter, "parameter")]
