"""Pages of activity: how the firms of an area fare, month by month; one firm's index, its parts, its stage and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from plumbline.engine import Page, compute, rows
from plumbline.engine.refresh import refresh
from plumbline.engine.tallies import Tally, tallies
from plumbline.kernel import MISSING, BadInput, Finding, NotAllowed, inside, scope
from plumbline.kernel import period as periods
from plumbline.store import batches, rolls
from plumbline.store.people import may
from plumbline.systems.enterprise.activity import ACTIVITY, FIRMS, MONTHS, PARTS, Part, month_of, months_told, parts_of, reckon
from plumbline.systems.enterprise.activity_view import BACK, Eye, Window, dated, eye_of, span
from plumbline.systems.enterprise.lifecycle import STAGES, Reason, stage_reason, warning_reasons
from plumbline.web import links
from plumbline.web.export import export
from plumbline.web.figure_words import value_words
from plumbline.web.listing import Chosen, Column, Listing, listed
from plumbline.web.row_filters import quoted
from plumbline.web.screen import FILES, act, form_of, show, twin

UNRECKONED = "这家企业还没有算过活跃度：没有报来逐月经营记录，或者还没有算到它所在的地区。"
NUMBERS = ("enterprise.active_share", "enterprise.mean_activity", "enterprise.watched_firms", "enterprise.warned_firms")
BYS = {"street": "街道乡镇", "trade": "行业", "size": "规模", "kind": "主体类别"}
UNKNOWN = "看不出"
# a roll of more firms is not reckoned while somebody waits for a page
MOST_AT_ONCE = 300_000
ORDER = tuple(label for _, label in STAGES)
# points of a bar of the distribution; the index ends at 200
WIDTH = 10
COLUMNS = (Column("name", "名称"), Column("count", "户数"), Column("active", "平均活跃度"),
           *(Column(stage, stage) for stage in (*ORDER, UNKNOWN)))


@dataclass(frozen=True, slots=True)
class Number:
    """A figure above a page: its words, the page where its records open, and why there is none."""

    label: str
    words: str
    href: str
    why: str


@dataclass(frozen=True, slots=True)
class Group:
    """Firms of a street, a trade, a size: how many, their mean index, how many in each stage; `share` of the whole in it."""

    key: str
    name: str
    count: int
    active: Decimal | None
    stages: list[tuple[str, int]]
    href: str

    def row(self) -> list[object]:
        """As a line of a file."""
        return [self.name, self.count, self.active, *(many for _, many in self.stages)]


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """How the firms of an area fare in a month, and over the months before.

    over    of each of the last months: how many firms in each stage
    bars    how many firms have an index of 0 to 9, 10 to 19, …
    partly  the areas reckoned, where not the whole area was
    reckons whether this person may have a month reckoned, and which ones are not yet
    """

    area: str
    month: date | None
    months: list[tuple[str, str]]
    areas: tuple[tuple[str, str], ...]
    by: str
    numbers: list[Number]
    over: Mapping[str, Any] = field(metadata={"json": False})
    bars: Sequence[int]
    list: Listing | None
    missing: Sequence[str]
    partly: str
    reckons: bool
    bys: Mapping[str, str] = field(metadata={"json": False}, default_factory=lambda: BYS)

    @property
    def month_text(self) -> str:
        """The month as an address writes it."""
        return f"{self.month:%Y-%m}" if self.month else ""


@dataclass(frozen=True, slots=True)
class Month:
    """A firm's month: index, stage, and the points each part adds to the index."""

    month: date
    index: Decimal | None
    stage: str
    points: list[tuple[str, Decimal | None]]


@dataclass(frozen=True, slots=True)
class FirmPage:
    """One firm's activity: the last month's parts and reasons, and the months before.

    known  of 100, how much of the weights the index rests on; left: what was left out
    """

    code: str
    name: str
    month: date | None
    index: Decimal | None
    known: Decimal | None
    left: list[str]
    parts: list[Part]
    stage: Reason | None
    warnings: list[Reason]
    months: list[Month]
    drawn: Mapping[str, Any] = field(metadata={"json": False})

    @property
    def script(self) -> str:
        """The name its picture's data has on the page."""
        return f"activity-firm-{self.code}"


def overview(request: HttpRequest) -> HttpResponseBase:
    """The firms of an area in a month."""
    eye = eye_of(request)
    by = request.GET.get("by", "") if request.GET.get("by") in BYS else "street"
    found = groups(eye, by)
    if form_of(request) in FILES:
        lines = (one.row() for one in found)
        heads = [one.label for one in COLUMNS]
        return export(f"企业活跃度-{BYS[by]}-{eye.month or '无'}", heads, lines, len(found), form_of(request))
    asked = {"area": eye.area, "month": f"{eye.month:%Y-%m}" if eye.month else "", "by": by}
    shown = listed(request, found, asked, [Chosen("by", "分组", by, tuple(BYS.items()))], COLUMNS) if eye.month else None
    untold = [f"{one:%Y-%m}" for one in months_told(batches.inputs(eye.catalog.tables[MONTHS])) if one not in eye.months]
    page = ActivityPage(
        eye.area, eye.month, [(f"{one:%Y-%m}", f"{one:%Y年%m月}") for one in reversed(eye.months)], eye.areas, by,
        numbers(eye), over_time(eye), distribution(eye), shown, untold, eye.partly, may(request.user, "deliver", eye.area))
    return show(request, page, "enterprise/activity.html")


def numbers(eye: Eye) -> list[Number]:
    """The figures of the month."""
    if eye.month is None:
        return []
    period = f"{eye.month:%Y-%m}"
    figures = compute(eye.catalog, [eye.catalog.indicators[key] for key in NUMBERS], period, [eye.area],
                      {ACTIVITY: eye.rows}, eye.cell)
    found = []
    for one in figures:
        indicator = eye.catalog.indicators[one.indicator]
        words = value_words("" if one.value is None else str(one.value), indicator.unit, indicator)
        href = f"{reverse('activity-figure')}?{urlencode({'indicator': one.indicator, 'area': eye.area, 'month': period})}"
        unknown = f"另有 {one.unknown} 户算不出" if one.unknown else ""
        found.append(Number(indicator.label, words, href, "；".join(filter(None, (MISSING.get(one.missing, ""), unknown)))))
    return found


def over_time(eye: Eye) -> Mapping[str, Any]:
    """How many firms are in each stage, month by month; a month nobody reckoned is empty, not zero."""
    if eye.month is None:
        return {"months": [], "stages": []}
    every = [periods.months_later(eye.month, -at) for at in range(BACK - 1, -1, -1)]
    told = tallies(eye.rows, eye.area, (every[0], span(eye.month)[1]), ("month_on", "coalesce(stage, '看不出')"),
                   where=eye.within)
    many = {(one.values[0], one.values[1]): one.count for one in told}
    known = {one.values[0] for one in told}
    return {"months": [f"{one:%Y-%m}" for one in every],
            "stages": [{"name": stage, "values": [many.get((one.isoformat(), stage), 0) if one.isoformat() in known else None
                                                  for one in every]} for stage in (*ORDER, UNKNOWN)]}


def distribution(eye: Eye) -> list[int]:
    """How many firms have an index within each ten points."""
    if eye.month is None:
        return []
    whens = " ".join(f"when index < {limit} then '{limit:03}'" for limit in range(WIDTH, 200, WIDTH))
    told = tallies(eye.rows, eye.area, span(eye.month), (f"case {whens} when index >= 190 then '200' end",), where=eye.within)
    many = {one.values[0]: one.count for one in told}
    return [many.get(f"{limit:03}", 0) for limit in range(WIDTH, 200 + WIDTH, WIDTH)]


def groups(eye: Eye, by: str) -> list[Group]:
    """The firms of the month by a column, the largest group first."""
    if eye.month is None:
        return []
    told = tallies(eye.rows, eye.area, span(eye.month), (f"coalesce({by}, '不明')", "coalesce(stage, '看不出')"), "index",
                   eye.within)
    names = dict.fromkeys(one.values[0] or "" for one in told)
    return sorted((_group(eye, by, key, [one for one in told if one.values[0] == key]) for key in names),
                  key=lambda one: (-one.count, one.key))


def _group(eye: Eye, by: str, key: str, told: Sequence[Tally]) -> Group:
    known, total = sum(one.known for one in told), sum(one.total for one in told)
    stages = {one.values[1]: one.count for one in told}
    asked = {"area": eye.area, "month": f"{eye.month:%Y-%m}", by: key}
    return Group(key, eye.street(key) if by == "street" else key, sum(one.count for one in told),
                 (Decimal(total) / known / 100).quantize(Decimal("0.1")) if known else None,
                 [(stage, stages.get(stage, 0)) for stage in (*ORDER, UNKNOWN)],
                 f"{reverse('activity-firms')}?{urlencode(asked)}")


def figure(request: HttpRequest) -> HttpResponseBase:
    """The page of a figure of a month, counted now where it never was; its records open there."""
    eye, told = eye_of(request), request.GET
    key, area, month = told.get("indicator", ""), told.get("area", ""), told.get("month", "")
    if key not in NUMBERS or not periods.is_period(month) or month.startswith("@"):
        raise BadInput([Finding("activity.figure", "地址", "地址里的指标或月份不对；请从活跃度页点开。")])
    if not (eye.user.is_superuser or inside(area, eye.user.area)):
        raise NotAllowed("这个数不在您可以查看的范围内。")
    [row] = refresh(eye.catalog, [(key, area, month, eye.cell)]).values()
    return redirect(links.figure(row.pk))


FIRM_COLUMNS = (Column("name", "名称"), Column("place", "街道"), Column("trade", "行业"), Column("size", "规模"),
                Column("stage", "阶段"), Column("index", "活跃度", "index"))


@dataclass(frozen=True, slots=True)
class FirmRow:
    """A firm in a list."""

    code: str
    name: str
    place: str
    trade: str
    size: str
    stage: str
    index: Decimal | None
    href: str


@dataclass(frozen=True, slots=True)
class FirmsPage:
    """The firms of a month that pass what was chosen."""

    month: date | None
    list: Listing


def firms(request: HttpRequest) -> HttpResponseBase:
    """The firms behind a line of the overview."""
    eye = eye_of(request)
    stages = (*ORDER, UNKNOWN)
    stage = request.GET.get("stage", "")
    chosen = [Chosen("q", "名称", request.GET.get("q", "").strip()[:50], ()),
              Chosen("stage", "阶段", stage if stage in stages else "", tuple((one, one) for one in stages)),
              *(Chosen(key, label, request.GET.get(key, "").strip()[:40], ()) for key, label in BYS.items())]
    asked = {"area": eye.area, "month": f"{eye.month:%Y-%m}" if eye.month else "", "sort": request.GET.get("sort", "")}
    asked |= {one.key: one.value for one in chosen if one.value}
    order = (asked["sort"],) if asked["sort"] in ("index", "-index") else ()
    found = Window(eye.rows, where_of(eye, asked), {"name": asked["q"]} if asked.get("q") else {}, order) if eye.month else []
    if form_of(request) in FILES:
        lines = ([one.name, one.place, one.trade, one.size, one.stage, one.index] for one in each_firm(eye, found))
        return export("企业活跃度名单", [one.label for one in FIRM_COLUMNS], lines, len(found), form_of(request))
    page = listed(request, found, asked, chosen, FIRM_COLUMNS)
    page.rows[:] = [firm_row(eye, one) for one in page.rows]
    return show(request, FirmsPage(eye.month, page), "enterprise/activity-firms.html")


def each_firm(eye: Eye, found: Sequence[Any], step: int = 1_000) -> Any:
    """All firms of a list, some at a time."""
    for first in range(0, len(found), step):
        yield from (firm_row(eye, one) for one in found[first:first + step])


def where_of(eye: Eye, asked: Mapping[str, str]) -> str:
    """The condition of the rows asked for."""
    assert eye.month is not None  # for the types: asked for where a month was reckoned
    told = [dated(eye.rows, eye.month), f"area like '{scope(eye.area)}%'"]
    told += [eye.within] if eye.within else []
    told += [f"coalesce({key}, '不明') = {quoted(asked[key])}" for key in BYS if asked.get(key)]
    if stage := asked.get("stage"):
        told.append("stage is null" if stage == UNKNOWN else f"stage = {quoted(stage)}")
    return " and ".join(told)


def firm_row(eye: Eye, row: Mapping[str, Any]) -> FirmRow:
    """A firm of a list."""
    return FirmRow(row["code"], row["name"] or row["code"], eye.place(row["area"], row["street"]), row["trade"] or "不明",
                   row["size"] or "不明", row["stage"] or UNKNOWN, row["index"], reverse("activity-firm", args=[row["code"]]))


def firm(request: HttpRequest, code: str) -> HttpResponseBase:
    """One firm's activity; where none was reckoned, its page in the roll says so."""
    eye = eye_of(request)
    rolls.looked(request.user, eye.catalog.tables[FIRMS], code)
    page = firm_page(eye, code)
    if page is None and form_of(request) == "html":
        messages.info(request, UNRECKONED)
        return redirect("party", FIRMS, code)
    if page is None:
        raise Http404
    return show(request, page, "enterprise/activity-firm.html")


def of_party(request: HttpRequest, table: str, code: str) -> HttpResponseBase:
    """From a firm's page in the roll to its activity."""
    if table != FIRMS:
        raise Http404
    return redirect("activity-firm", code)


def firm_page(eye: Eye, code: str) -> FirmPage | None:
    """A firm's activity, for its own page too; None where none was reckoned. Who may see the firm is for the caller to ask."""
    mine = rows(eye.rows, f"code = {quoted(code)}", {}, ("-month_on",), Page(0, 24)).rows
    if not mine:
        return None
    last, day = mine[0], span(mine[0]["month_on"])[1]
    months = rows(batches.inputs(eye.catalog.tables[MONTHS]), f"code = {quoted(code)}", {}, ("-month_on",), Page(0, 60)).rows
    parts = parts_of(eye.catalog, last["month_on"].replace(day=1), {one["month_on"].replace(day=1): one for one in months}, last)
    weights = {score: part.weight for (_, _, score, _), part in zip(PARTS, parts, strict=True)}
    every = [_month(one, weights) for one in reversed(mine)]
    left = [f"{one.label}（{one.why}）" for one in parts if one.why]
    return FirmPage(code, last["name"] or code, last["month_on"], last["index"], last["known_weight"], left, parts,
                    stage_reason(eye.catalog, last, day), warning_reasons(eye.catalog, last, day), every, drawn(every))


def _month(row: Mapping[str, Any], weights: Mapping[str, int]) -> Month:
    """A month with what each part adds to its index."""
    known = sum(weight for score, weight in weights.items() if row[score] is not None)
    points = [(label, None if row[score] is None else (row[score] * weights[score] / known).quantize(Decimal("0.01")))
              for _, _, score, label in PARTS]
    return Month(row["month_on"], row["index"], row["stage"] or UNKNOWN, points)


def drawn(every: Sequence[Month]) -> Mapping[str, Any]:
    """What the picture of a firm shows."""
    return {"months": [f"{one.month:%Y-%m}" for one in every], "stages": [one.stage for one in every],
            "index": [None if one.index is None else float(one.index) for one in every],
            "parts": [{"name": label, "values": [None if one.points[at][1] is None else float(one.points[at][1] or 0)
                                                 for one in every]} for at, (*_, label) in enumerate(PARTS)]}


def reckon_month(request: HttpRequest) -> HttpResponseBase:
    """Have a month reckoned, or reckoned again."""
    eye = eye_of(request)
    text, area = request.POST.get("month", ""), request.POST.get("area", "") or eye.area
    month, many = month_of(text), sum(file.rows for file in eye.roll.files)
    if many > MOST_AT_ONCE:
        raise BadInput([Finding("activity.size", "名录", f"名录共 {many} 户，在网页上算要等几分钟；请管理员在服务器上运行 "
                                f"plumbline enterprise activity {text} --area {area} --as {request.user.username}。")])
    batch = reckon(request.user, month, area)
    messages.success(request, f"{text} 的活跃度已经算好，{batch.rows} 户。")
    return redirect(f"{reverse('activity')}?{urlencode({'month': text, 'area': eye.area})}")


urls = [*twin("enterprise/activity", overview, "activity", *FILES),
        *twin("enterprise/activity/figure", figure, "activity-figure"),
        *twin("enterprise/activity/firms", firms, "activity-firms", *FILES),
        *twin("enterprise/activity/firm/<str:code>", firm, "activity-firm"),
        *twin("enterprise/activity/of/<str:table>/<str:code>", of_party, "activity-of"),
        *act("enterprise/activity/reckon", reckon_month, "activity-reckon")]
