"""The page of warnings: a list with reasons, a map by district or bars by street, and a button that orders visits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from plumbline.engine.tallies import tallies
from plumbline.kernel import BadInput, Finding, area_name, scope
from plumbline.store.people import may
from plumbline.systems.enterprise.activity_pages import BYS
from plumbline.systems.enterprise.activity_view import Eye, Window, dated, eye_of, span, today
from plumbline.systems.enterprise.lifecycle import WARNINGS, Reason, warning_reasons
from plumbline.systems.enterprise.warnings import MOST_AT_ONCE, because, condition, visit, waiting
from plumbline.web.export import export
from plumbline.web.listing import Chosen, Column, Listing, listed
from plumbline.web.row_filters import quoted
from plumbline.web.screen import FILES, act, form_of, show, twin

COLUMNS = (Column("name", "企业"), Column("place", "街道乡镇"), Column("trade", "行业"), Column("size", "规模"),
           Column("stage", "阶段"), Column("index", "活跃度", "index"), Column("why", "预警和理由"), Column("visit", "走访"))
KINDS = tuple((column, label) for column, _, label in WARNINGS)


@dataclass(frozen=True, slots=True)
class Row:
    """A firm warned of something. visit: number of an order to visit it that is still open."""

    code: str
    name: str
    place: str
    trade: str
    size: str
    stage: str
    index: Decimal | None
    reasons: list[Reason]
    why: str
    visit: str
    href: str


@dataclass(frozen=True, slots=True)
class WarningsPage:
    """The firms of an area that are warned of something in a month.

    places  how many of each district (whole city) or street, how many of all firms there, and the kinds
    """

    area: str
    month: date | None
    months: Sequence[tuple[str, str]]
    areas: tuple[tuple[str, str], ...]
    kinds: Sequence[tuple[str, str, int, str]]
    places: Sequence[Mapping[str, Any]]
    city: bool
    orders: bool
    partly: str
    list: Listing | None
    drawn: Mapping[str, Any] = field(metadata={"json": False})

    @property
    def month_text(self) -> str:
        """The month as an address writes it."""
        return f"{self.month:%Y-%m}" if self.month else ""


def screen_of(request: HttpRequest) -> HttpResponseBase:
    """The warnings of a month."""
    eye = eye_of(request)
    told = request.GET
    kind = told.get("warning", "") if told.get("warning") in dict(KINDS) else ""
    chosen = [Chosen("q", "名称", told.get("q", "").strip()[:50], ()), Chosen("warning", "预警", kind, KINDS),
              *(Chosen(key, label, told.get(key, "").strip()[:40], options(eye, key)) for key, label in BYS.items())]
    asked = {one.key: one.value for one in chosen if one.value}
    sort = told.get("sort", "") if told.get("sort") in ("index", "-index") else ""
    found = window(eye, asked, sort)
    if form_of(request) in FILES:
        lines = ([getattr(one, column.key) for column in COLUMNS] for one in each(eye, found))
        return export("企业预警名单", [one.label for one in COLUMNS], lines, len(found), form_of(request))
    address = asked | {"area": eye.area, "month": f"{eye.month:%Y-%m}" if eye.month else "", "sort": sort}
    page = listed(request, found, address, chosen, COLUMNS)
    page.rows[:] = rows_of(eye, page.rows)
    spread = places(eye, kind)
    screen = WarningsPage(
        eye.area, eye.month, [(f"{one:%Y-%m}", f"{one:%Y年%m月}") for one in reversed(eye.months)], eye.areas,
        kinds(eye, address), spread, eye.area.endswith("0000"), may(request.user, "handle", eye.area),
        eye.partly, page if eye.month else None, {"city": eye.area.endswith("0000"), "places": spread})
    return show(request, screen, "enterprise/warnings.html")


def window(eye: Eye, asked: Mapping[str, str], sort: str) -> Sequence[Any]:
    """The rows of the month that pass what was chosen, those least lively first."""
    if eye.month is None:
        return []
    within = f"area like '{scope(eye.area)}%'"
    told = [dated(eye.rows, eye.month), within, f"({condition(asked.get('warning', ''))})"]
    told += [eye.within] if eye.within else []
    told += [f"coalesce({key}, '不明') = {quoted(asked[key])}" for key in BYS if asked.get(key)]
    return Window(eye.rows, " and ".join(told), {"name": asked["q"]} if asked.get("q") else {}, (sort or "index", "code"))


def options(eye: Eye, key: str) -> tuple[tuple[str, str], ...]:
    """The values of a column among the firms warned this month."""
    if eye.month is None:
        return ()
    told = tallies(eye.rows, eye.area, span(eye.month), (f"coalesce({key}, '不明')",), where=_and(condition(""), eye.within))
    return tuple((value, eye.street(value) if key == "street" else value) for one in told if (value := one.values[0]))


def _and(*texts: str) -> str:
    return " and ".join(f"({one})" for one in texts if one)


def kinds(eye: Eye, address: Mapping[str, str]) -> list[tuple[str, str, int, str]]:
    """Of each kind of warning: key, label, how many firms, where they are listed."""
    if eye.month is None:
        return []
    found = []
    for column, label in KINDS:
        told = tallies(eye.rows, eye.area, span(eye.month), (f"coalesce({column}, false)",), where=eye.within)
        many = sum(one.count for one in told if one.values[0] == "true")
        found.append((column, label, many, f"?{urlencode({**address, 'warning': column})}"))
    return found


def places(eye: Eye, kind: str) -> list[Mapping[str, Any]]:
    """By district of the city, or by street of a district: firms warned and all firms, the most first."""
    if eye.month is None:
        return []
    by = "area" if eye.area.endswith("0000") else "coalesce(street, '不明')"
    told = tallies(eye.rows, eye.area, span(eye.month), (by, condition(kind)), where=eye.within)
    names = dict.fromkeys(one.values[0] or "" for one in told)
    found = []
    for key in names:
        every = sum(one.count for one in told if one.values[0] == key)
        warned = sum(one.count for one in told if one.values[0] == key and one.values[1] == "true")
        asked = {"month": f"{eye.month:%Y-%m}", "area" if by == "area" else "street": key, "warning": kind}
        asked |= {} if by == "area" else {"area": eye.area}
        found.append({"key": key, "name": area_name(key) if by == "area" else eye.street(key), "value": warned, "of": every,
                      "share": f"{Decimal(warned) / every * 100:.1f}%", "wide": round(100 * warned / every),
                      "href": f"?{urlencode(asked)}"})
    return sorted(found, key=lambda one: (-one["value"], one["key"]))


def rows_of(eye: Eye, found: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Rows with their reasons, and the visits still to be made."""
    visits = waiting([one["code"] for one in found], eye.user)
    made = []
    for one in found:
        reasons = warning_reasons(eye.catalog, one, span(one["month_on"].replace(day=1))[1])
        made.append(Row(one["code"], one["name"] or one["code"], eye.place(one["area"], one["street"]), one["trade"] or "不明",
                        one["size"] or "不明", one["stage"] or "看不出", one["index"], reasons, because(reasons, one),
                        visits.get(one["code"], ""), reverse("activity-firm", args=[one["code"]])))
    return made


def each(eye: Eye, found: Sequence[Any], step: int = 500) -> Any:
    """All rows of a list, some at a time."""
    for first in range(0, len(found), step):
        yield from rows_of(eye, found[first:first + step])


def visits(request: HttpRequest) -> HttpResponseBase:
    """Order visits to the firms that were ticked; one that already has an open visit gets no second."""
    eye = eye_of(request)
    month, codes = request.POST.get("month", ""), list(dict.fromkeys(request.POST.getlist("id")))[:MOST_AT_ONCE + 1]
    eye = Eye(eye.user, eye.user.area or eye.area, month)
    if not codes or len(codes) > MOST_AT_ONCE or eye.month is None or f"{eye.month:%Y-%m}" != month:
        raise BadInput([Finding("warnings.visit", "走访", f"请勾选 1 至 {MOST_AT_ONCE} 户企业，再点“开走访单”。")])
    known = ", ".join(map(quoted, codes))
    where = _and(dated(eye.rows, eye.month), f"code in ({known})", condition(""), eye.within)
    found = Window(eye.rows, where, {}, ("code",))
    already = waiting(codes, eye.user)
    made = [visit(eye.user, eye.catalog, row, today()) for row in found[:len(found)] if row["code"] not in already]
    more = f"；{len(already)} 户已有待走访的，没有重开" if already else ""
    messages.success(request, f"开了 {len(made)} 张走访单{more}。")
    return redirect(f"{reverse('warnings')}?{urlencode({'month': month})}")


urls = [*twin("enterprise/warnings", screen_of, "warnings", *FILES),
        *act("enterprise/warnings/visits", visits, "warnings-visits")]
