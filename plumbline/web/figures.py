"""Figures: the list of those that stand, and the way to any other by its name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from plumbline.engine.refresh import refresh
from plumbline.kernel import AREAS, BadInput, Catalog, Finding, NotAllowed, area_name, inside
from plumbline.kernel.period import is_period
from plumbline.store import declarations, figures
from plumbline.store.figures import Figure
from plumbline.store.figures.tables import CURRENT
from plumbline.web import choices, links
from plumbline.web.choices import Choices
from plumbline.web.figure_words import missing_words, number_words
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, form_of, show, twin
from plumbline.web.words import period_words

EXAMPLES = "2020H1、2020Q1、2020-06 或 @2020-06-30"
HELD = (("told", "有数"), ("missing", "缺数"))


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure in a list; `value` exact in `unit` itself, `words` as reports print it, or why there is none."""

    key: int
    label: str
    area: str
    period: str
    words: str
    value: str
    unit: str
    counted: int
    missing: str
    cell: str
    at: datetime
    href: str


@dataclass(frozen=True, slots=True)
class FigureList:
    """The figures a person sees, and what he may ask to be counted: indicators, areas."""

    list: Listing
    indicators: Choices = ()
    areas: Choices = ()


SHOWN = (
    Column("label", "指标", "indicator"), Column("area", "地区", "area"), Column("period", "时期", "last_on"),
    Column("words", "数值", "magnitude"), Column("counted", "记录数", "counted"), Column("at", "公布时间", "run__at"),
)
# a file also has what the page puts into one cell
WHOLE = (*SHOWN, Column("value", "精确值"), Column("unit", "单位"), Column("missing", "缺数原因"), Column("cell", "分组"))


def rows(user: Any) -> QuerySet[Figure]:
    """The figures that stand, of those a user sees."""
    return Figure.objects.visible_to(user).filter(state=CURRENT).select_related("run").order_by(
        "indicator", "area", "-last_on", "cell", "pk")


def row_of(catalog: Catalog, row: Figure) -> FigureRow:
    """A figure as a list shows it."""
    one = catalog.indicators.get(row.indicator)
    return FigureRow(
        row.pk, one.label if one else row.indicator, area_name(row.area), period_words(row.period), number_words(row, one),
        row.value, row.unit, row.counted, missing_words(row), row.cell, timezone.localtime(row.run.at), links.figure(row.pk))


def spec(user: Any, catalog: Catalog, columns: tuple[Column, ...] = SHOWN) -> Spec:
    """The list, with the filters this user can choose from."""
    seen = Figure.objects.visible_to(user).filter(state=CURRENT)
    named = {key: catalog.indicators[key].label if key in catalog.indicators else key
             for key in seen.order_by("indicator").values_list("indicator", flat=True).distinct()}
    return Spec(columns, (
        Filter("q", "指标名称", ("indicator__in",), read=lambda text: [key for key, name in named.items() if text in name]),
        Filter("indicator", "指标", ("indicator",), tuple(sorted(named.items(), key=lambda one: one[1]))),
        Filter("area", "地区", ("area",), choices.areas(seen, "area")),
        Filter("period", "时期", ("period",), tuple((one, period_words(one)) for one in seen.order_by("-last_on").values_list(
            "period", flat=True).distinct())),
        Filter("held", "有无", ("missing__regex",), HELD, read=lambda chosen: "." if chosen == "missing" else "^$"),
    ), lambda row: row_of(catalog, row))


def list_of(request: HttpRequest) -> HttpResponseBase:
    """The figures that stand."""
    catalog, told = declarations.catalog(), rows(request.user)
    if form_of(request) in FILES:
        return sheet(request, told, spec(request.user, catalog, WHOLE), "数值")
    asks = request.user.role != "deputy"
    indicators = sorted(((one.key, one.label) for one in catalog.indicators.values() if known(request.user, one.key)),
                        key=lambda one: one[1]) if asks else ()
    areas = ((one.code, one.name) for one in AREAS if asks and may_ask(request.user, one.code))
    found = FigureList(listing(request, told, spec(request.user, catalog)), tuple(indicators), tuple(areas))
    return show(request, found, "web/figures.html")


def may_ask(user: Any, area: str) -> bool:
    """Whether a user may have a figure of an area counted: one of his own, or of the city above it."""
    return bool(user.is_superuser or inside(area, user.area) or (area.endswith("0000") and user.area[:2] == area[:2]))


def known(user: Any, key: str) -> bool:
    """Whether a user may know of an indicator: not of what another district declared for itself."""
    return bool(user.is_superuser or declarations.open_to(key, user.area))


def at(request: HttpRequest) -> HttpResponseBase:
    """The page of a figure named by indicator, area and period; counted now where it never was."""
    told = {key: request.GET.get(key, "").strip() for key in ("indicator", "area", "period")}
    catalog = declarations.catalog()
    wrong = []
    if told["indicator"] not in catalog.indicators or not known(request.user, told["indicator"]):
        wrong.append(Finding("figure.indicator", "指标", f"没有指标「{told['indicator']}」；请从列表中选择。"))
    if not is_period(told["period"]):
        wrong.append(Finding("figure.period", "时期", f"「{told['period']}」不是时期；请写 {EXAMPLES}。"))
    if wrong:
        raise BadInput(wrong)
    if request.user.role == "deputy" or not may_ask(request.user, told["area"]):
        stands = figures.current(told["indicator"], told["area"], told["period"])
        if stands is None or not Figure.objects.visible_to(request.user).filter(pk=stands.pk).exists():
            raise NotAllowed("这个数不在您可以查看的范围内。")
        return redirect(links.figure(stands.pk))
    [row] = refresh(catalog, [(told["indicator"], told["area"], told["period"], ())]).values()
    return redirect(reverse("figure", args=[row.pk]))


urls = [*twin("figures", list_of, "figures", *FILES), *twin("figures/at", at, "figure-at")]
