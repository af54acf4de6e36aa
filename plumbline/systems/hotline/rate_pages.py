"""Pages of the rates: who ranks where by score, every number with its figure and its requests behind it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from plumbline.engine import Page, rows
from plumbline.engine.groups import By
from plumbline.engine.refresh import refresh
from plumbline.kernel import AREAS, MISSING, BadInput, Catalog, Figure, Finding, Indicator, Inputs, NotAllowed, area_name, inside
from plumbline.kernel import period as periods
from plumbline.store import batches, declarations
from plumbline.systems.hotline import rates
from plumbline.systems.hotline.rate_view import KINDS, Eye, cell_of, cell_text, grouping, read_cell
from plumbline.systems.hotline.rates import RATES, SHOWN, TABLE, Rated
from plumbline.web import links
from plumbline.web.export import export
from plumbline.web.figure_words import value_words
from plumbline.web.listing import Chosen, Column, Listing, listed
from plumbline.web.screen import FILES, form_of, show, twin
from plumbline.web.words import period_words

BYS = {"district": "区", "street": "街道乡镇", "office": "承办单位", "topic_1": "一级分类", "topic_2": "二级分类",
       "topic": "三级分类", "month": "月份"}
HEADS = {"responded": "响应率", "solved": "解决率", "satisfied": "满意率", "on_time": "按时办结率", "returned": "退单率",
         "received": "受理", "closed": "办结", "late": "超期"}
COLUMNS = (Column("place", "名次", "place"), Column("name", "名称", "name"), Column("score", "综合得分", "score"),
           *(Column(name, HEADS[name], name) for name in SHOWN))
DRAWN, MONTHS_OFFERED = 20, 18
# a month that fewer requests ended in ranks nobody, so one does not begin with it
FEW = 200
POINT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Number:
    """A figure in a row: as printed, with its address and, where it is missing or partly unknown, why."""

    name: str
    label: str
    words: str
    href: str
    why: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Row:
    """A body in the ranking. score: to a hundredth; `said` how it was reckoned; trend: points of a small picture of solved.

    why  it has no place among the others; empty where it has one, or where nothing of its kind is ranked
    """

    key: str
    name: str
    place: int | None
    of: int
    score: Decimal | None
    said: str
    numbers: list[Number]
    href: str
    trend: str = field(metadata={"json": False}, default="")
    trend_said: str = ""
    why: str = ""

    def number(self, name: str) -> Number:
        """The number of a name."""
        return next(one for one in self.numbers if one.name == name)


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight of the composite score, since when, and the paper it comes from."""

    label: str
    weight: Decimal
    since: str
    source: str


@dataclass(frozen=True, slots=True)
class RatesScreen:
    """The rates of a period by one way of looking, ranked, and above them those of the whole."""

    title: str
    by: str
    period: str
    period_words: str
    kind: str
    area: str
    whole: Sequence[Row]
    list: Listing
    weights: Sequence[Weight]
    least: int
    bys: Sequence[tuple[str, str]] = field(metadata={"json": False})
    periods: Sequence[tuple[str, str]] = field(metadata={"json": False})
    kinds: Sequence[tuple[str, str]] = field(metadata={"json": False})
    areas: Sequence[tuple[str, str]] = field(metadata={"json": False})
    drawn: Sequence[dict[str, Any]] = field(metadata={"json": False})

    @property
    def only_own(self) -> bool:
        """Whether the list is narrower than the ranking: places are told among more than are shown."""
        return any(row.of > self.list.count for row in self.list.rows if row.place)


@dataclass(frozen=True)
class Asked:
    """What an address asks of the rates, and what answers it."""

    eye: Eye
    catalog: Catalog
    inputs: Mapping[str, Inputs]
    by: str
    period: str
    kind: str
    area: str
    sort: str
    text: str

    @property
    def address(self) -> dict[str, str]:
        """As it stands in an address."""
        return {"by": self.by, "period": self.period, "kind": self.kind, "area": self.area, "sort": self.sort, "q": self.text}

    @property
    def own(self) -> Any:
        """The cell everything is narrowed to: an office's own, for classes and months."""
        return self.eye.own if self.by.startswith("topic") or self.by == "month" else ()


def asked(request: HttpRequest) -> Asked:
    """What the address asks; what it may not is not asked.

    Raises  Http404 for who sees no rates, BadInput for what is no period
    """
    eye = Eye(request.user)
    catalog = declarations.catalog()
    table = catalog.tables.get(TABLE)
    if table is None or not eye.sees:
        raise Http404
    inputs, told = batches.inputs(table), request.GET
    period = told.get("period", "").strip() or last_month(inputs, FEW)
    if trouble := rates.period_trouble(period):
        raise BadInput([Finding("rates.period", "时期", trouble)])
    by = told.get("by", "") if told.get("by") in BYS else "district" if eye.whole else eye.own[0][0] if eye.own else "street"
    kind = told.get("kind", "") if told.get("kind") in KINDS else ""
    area = told.get("area", "") if told.get("area") in dict(eye.areas) else eye.area
    return Asked(eye, catalog, {TABLE: inputs}, by, period, kind, area, told.get("sort", ""), told.get("q", "").strip()[:50])


def last_month(inputs: Inputs, few: int) -> str:
    """The month in which the `few`-th last request ended; the first, where fewer did; this month where none has."""
    found = rows(inputs, "closed_on IS NOT NULL", order=("-closed_on",), page=Page(0, few)).rows
    return f"{found[-1]['closed_on']:%Y-%m}" if found else f"{timezone.localdate():%Y-%m}"


def screen_of(request: HttpRequest) -> HttpResponseBase:
    """The rates, ranked."""
    wanted = asked(request)
    found = ordered(shown(wanted, bodies(wanted)), wanted.sort)
    if form_of(request) in FILES:
        return exported(request, wanted, found)
    chosen = [Chosen("q", "名称", wanted.text, ())]
    drawn = [{"name": one.name, "value": float(one.score), "words": f"{one.score}", "href": one.href}
             for one in sorted(found, key=lambda one: one.place or 10**6)[:DRAWN]
             if one.score is not None and not one.why]
    drawn = drawn if len({one["value"] for one in drawn}) > 1 else []
    page = listed(request, found, wanted.address, chosen, COLUMNS)
    page.rows[:] = with_trend(wanted, page.rows)
    screen = RatesScreen(
        "三率排名", wanted.by, wanted.period, period_words(wanted.period), wanted.kind, wanted.area, whole(wanted), page,
        weights(wanted), least(wanted), tuple(bys(wanted.eye)), tuple(offered(wanted)), tuple(KINDS.items()), wanted.eye.areas,
        drawn)
    return show(request, screen, "hotline/rates.html")


def exported(request: HttpRequest, wanted: Asked, found: Sequence[Row]) -> HttpResponseBase:
    """All rows as a file; shares exact, as 0.712."""
    lines: Iterator[list[object]] = ([one.place, one.name, one.score, *(number.value for number in one.numbers)] for one in found)
    title = f"三率排名-{BYS[wanted.by]}-{wanted.period.replace('/', '至')}"
    return export(title, [column.label for column in COLUMNS], lines, len(found), form_of(request))


def bys(eye: Eye) -> list[tuple[str, str]]:
    """The ways of looking; an office looks at itself among offices or streets, not at districts."""
    return [(key, label) for key, label in BYS.items() if eye.office is None or key != "district"]


def bodies(wanted: Asked) -> list[Rated]:
    """The bodies of the way of looking, ranked in the whole city; classes and months within what was chosen."""
    eye, told = wanted.eye, (wanted.catalog, wanted.inputs, wanted.period)
    if wanted.by == "district":
        return rates.areas(*told, parts_of(eye.city))
    if wanted.by == "month":
        return rates.months(*told, wanted.area, wanted.own)
    among = eye.city if wanted.by in ("street", "office") else wanted.area
    return rates.bodies(*told, among, grouping(wanted.by, wanted.kind, wanted.own))


def parts_of(city: str) -> list[str]:
    """The districts of a city."""
    return [one.code for one in AREAS if inside(one.code, city) and one.code != city]


def shown(wanted: Asked, found: Sequence[Rated]) -> list[Row]:
    """The rows a person may see of a ranking, those whose name holds what he looks for."""
    eye, by = wanted.eye, wanted.by
    rows_ = [row_of(wanted, one, eye.name_of(by, one.key) if by != "month" else period_words(one.key))
             for one in found if by == "month" or eye.opens(by, one.key)]
    return [one for one in rows_ if wanted.text in one.name]


def ordered(found: list[Row], sort: str) -> list[Row]:
    """Rows by a column; what is missing comes last, either way."""
    key = sort.removeprefix("-")
    if key not in {column.key for column in COLUMNS}:
        return found
    told: dict[str, Any] = {one.key: getattr(one, key) if key in ("place", "name", "score") else one.number(key).value
                            for one in found}
    known = [one for one in found if told[one.key] is not None]
    known.sort(key=lambda one: told[one.key], reverse=sort.startswith("-"))
    return known + [one for one in found if told[one.key] is None]


def row_of(wanted: Asked, one: Rated, name: str) -> Row:
    """A body as the ranking shows it."""
    by, period = wanted.by, one.key if wanted.by == "month" else wanted.period
    area = wanted.area if by == "month" else wanted.eye.area_of(by, one.key, wanted.area)
    cell = cell_text(cell_of(by, one.key, wanted.own))
    address = {"area": area, "period": period, "cell": cell} if may_open(wanted.eye, area, read_cell(cell)) else {}
    numbers = [number_of(wanted.catalog.indicators[f"hotline.{key}"], one.figures[key], address)
               for key in SHOWN if key in one.figures]
    score = None if one.score.value is None else one.score.value.quantize(POINT)
    behind = f"{reverse('hotline-rate-requests')}?{urlencode(address)}" if address else ""
    return Row(one.key, name, one.place, one.of, score, one.why or one.score.said, numbers, behind, why=one.why)


def number_of(indicator: Indicator, figure: Figure, address: Mapping[str, str]) -> Number:
    """A figure as a number of a row; without an address where its page is not the person's to see."""
    name = indicator.key.partition(".")[2]
    words = value_words("" if figure.value is None else f"{figure.value:f}", figure.unit, indicator)
    said = f"分子 {figure.top:f}，分母 {figure.bottom:f}" if figure.bottom is not None and figure.top is not None else ""
    unknown = f"{figure.unknown} 件{'没有回答' if name in RATES else '看不出'}，不计入" if figure.unknown else ""
    href = f"{reverse('hotline-rate-figure')}?{urlencode({'indicator': indicator.key, **address})}" if address else ""
    why = "；".join(filter(None, (MISSING.get(figure.missing, ""), said, unknown)))
    return Number(name, HEADS[name], words, href, why, figure.value)


def with_trend(wanted: Asked, page: Sequence[Row]) -> list[Row]:
    """Rows with a small picture of their solved share over the months of the half-year."""
    _, last = periods.span(wanted.period)
    every = rates.months_of(f"{last.year}H{1 if last.month < 7 else 2}")
    if wanted.by in ("district", "month"):
        return list(page)
    among = wanted.eye.city if wanted.by in ("street", "office") else wanted.area
    by = By(wanted.by, wanted.own)
    told = rates.grouped_over(wanted.catalog, wanted.inputs, every, among, by, ("solved",))
    return [trended(one, [told[one.key, month][0] if (one.key, month) in told else None for month in every]) for one in page]


def trended(one: Row, figures: Sequence[Figure | None]) -> Row:
    """A row with its picture: 100 wide, 24 high; months without a number are left out."""
    known = [(at, one.value) for at, one in enumerate(figures) if one is not None and one.value is not None]
    step = 100 / max(len(figures) - 1, 1)
    points = " ".join(f"{at * step:.1f},{22 - float(value) * 20:.1f}" for at, value in known) if len(known) > 1 else ""
    said = "、".join(f"{figures[at].period[-2:].lstrip('0')}月{value * 100:.1f}%" for at, value in known)  # type: ignore[union-attr]
    return replace(one, trend=points, trend_said=said)


def whole(wanted: Asked) -> list[Row]:
    """The city's, the district's and the office's own numbers, above the list."""
    eye, told = wanted.eye, (wanted.catalog, wanted.inputs, wanted.period)
    found = []
    [city] = rates.areas(*told, [eye.city])
    found.append(row_of(whole_of(wanted, "district"), replace(city, place=None, of=0), "全市"))
    if eye.area != eye.city:
        [own] = [one for one in rates.areas(*told, parts_of(eye.city)) if one.key == eye.area]
        found.append(row_of(whole_of(wanted, "district"), own, area_name(eye.area)))
    if eye.office is not None:
        [(by, key)] = eye.own
        found += [row_of(whole_of(wanted, by), one, eye.office.name) for one in rates.bodies(*told, eye.city, By(by))
                  if one.key == key]
    return found


def whole_of(wanted: Asked, by: str) -> Asked:
    """The same, looked at by another way."""
    return Asked(wanted.eye, wanted.catalog, wanted.inputs, by, wanted.period, "", wanted.area, "", "")


def offered(wanted: Asked) -> list[tuple[str, str]]:
    """Periods to choose from: the months up to the last, their half-years and years."""
    last = last_month(wanted.inputs[TABLE], FEW)
    first, _ = periods.span(last)
    months = [f"{periods.months_later(first, -at):%Y-%m}" for at in range(MONTHS_OFFERED)]
    longer = dict.fromkeys(part for month in months for part in (f"{month[:4]}H{1 if month[5:] < '07' else 2}", month[:4]))
    newest = last_month(wanted.inputs[TABLE], 1)
    every = dict.fromkeys([wanted.period, newest, *months[:1], *longer, *months[1:]])
    return [(one, period_words(one)) for one in every]


def weights(wanted: Asked) -> list[Weight]:
    """The weights in force on the period's last day."""
    _, last = periods.span(wanted.period)
    found = []
    for name in RATES:
        dated = wanted.catalog.parameters[f"hotline.weights.{name}"].on(last)
        if dated:
            found.append(Weight(rates.LABELS[name], dated.value, dated.since.isoformat(), dated.source))
    return found


def least(wanted: Asked) -> int:
    """From how many answers on a body is ranked."""
    dated = wanted.catalog.parameters[rates.LEAST].on(periods.span(wanted.period)[1])
    return int(dated.value) if dated else 0


def figure(request: HttpRequest) -> HttpResponseBase:
    """The page of a figure with its cell, counted now where it never was."""
    eye, told = Eye(request.user), request.GET
    catalog, cell = declarations.catalog(), read_cell(told.get("cell", ""))
    key, area, period = told.get("indicator", ""), told.get("area", ""), told.get("period", "")
    one = catalog.indicators.get(key)
    if not eye.sees or one is None or one.table != TABLE:
        raise Http404
    if rates.period_trouble(period) or any(name not in one.dimensions for name, _ in cell):
        raise BadInput([Finding("rates.figure", "地址", "地址里的时期或分组不对；请从排名页点开。")])
    if not may_open(eye, area, cell):
        raise NotAllowed("这个数不在您可以查看的范围内。")
    [row] = refresh(catalog, [(key, area, period, cell)]).values()
    return redirect(links.figure(row.pk))


def may_open(eye: Eye, area: str, cell: Any) -> bool:
    """Whether a figure of an area and cell, and the requests behind it, are a person's to see."""
    if eye.office is not None:
        return inside(area, eye.area) and any(eye.opens(name, value) for name, value in cell if name in ("street", "office"))
    return inside(area, eye.area) and all(eye.opens(name, value) for name, value in cell)


urls = [*twin("hotline/rates", screen_of, "hotline-rates", *FILES), *twin("hotline/rates/figure", figure, "hotline-rate-figure")]
