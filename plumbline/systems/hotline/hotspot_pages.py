"""Hot spots as pages: ranked clusters with trend and place, a cluster's requests, and what remedies did."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Max, Min, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import area_name, scope
from plumbline.store import declarations, orders
from plumbline.store.models import Office, Order
from plumbline.store.people import may
from plumbline.systems.hotline.hotspots import WEEKS, Cluster, Fallen, Said, clusters, fallen
from plumbline.web.export import export
from plumbline.web.listing import Chosen, Column, Filter, Listing, chosen_of, day, listed
from plumbline.web.orders.rows import reads_orders
from plumbline.web.people import areas_of
from plumbline.web.screen import FILES, act, form_of, show, twin

KIND, REMEDY = "hotline.request", "hotline.remedy"
# more requests than these are looked at district by district
MOST = 40_000
KEEP_SECONDS = 900
# days on either side of a remedy that are compared, at most
EFFECT_DAYS = 60
# days of other years are none that requests came on
YEARS = range(1900, 2200)
# between the words of a cluster, where they stand in a field
BETWEEN = "、"
FORMS = (("小微项目", "小微项目"), ("每月一题", "每月一题"))
COLUMNS = (Column("rank", "名次"), Column("what", "说的什么"), Column("where", "地点"), Column("topic", "分类"),
           Column("count", "件数"), Column("people", "人数"), Column("trend", "走势"), Column("last", "最近一件"))


@dataclass(frozen=True, slots=True)
class Spot:
    """A cluster as the list shows it; `bars` its weeks as heights of at most 100."""

    rank: int
    what: str
    where: str
    area: str
    topic: str
    count: int
    people: int
    trend: str
    weeks: tuple[int, ...]
    first: date
    last: date
    href: str

    @property
    def bars(self) -> list[tuple[int, int]]:
        """Requests of each week, and how high its bar is."""
        most = max((*self.weeks, 1))
        return [(many, round(100 * many / most)) for many in self.weeks]


@dataclass(frozen=True, slots=True)
class SpotsPage:
    """The hot spots of what was chosen, up to a day. cut: only the newest MOST requests were looked at."""

    on: date
    since: date
    looked_at: int
    cut: bool
    areas: list[dict[str, Any]]
    list: Listing


@dataclass(frozen=True, slots=True)
class ClusterPage:
    """One cluster: its requests, and the form that makes a proposal of it; remedies that stand already."""

    spot: Spot
    words: tuple[str, ...]
    may_propose: bool
    forms: tuple[tuple[str, str], ...]
    remedies: list[tuple[str, str, str]]
    list: Listing


@dataclass(frozen=True, slots=True)
class RemedyRow:
    """A remedy, and what share of its cluster fell away since it was done."""

    number: str
    title: str
    form: str
    state: str
    office: str
    before: int | None
    told: Fallen | None
    href: str

    @property
    def effect(self) -> str:
        """The effect in words."""
        if self.told is None:
            return "尚未完成"
        if self.told.share is None:
            return f"前后能比的只有 {self.told.days} 天，或此前没有诉求，还看不出"
        return f"前后各 {self.told.days} 天：{self.told.before} 件 → {self.told.after} 件"

    @property
    def share(self) -> str:
        """The share that fell away, in print; empty where it cannot be told."""
        return "" if self.told is None or self.told.share is None else f"{self.told.share * 100:.1f}%"


@dataclass(frozen=True, slots=True)
class RemediesPage:
    """All remedies."""

    list: Listing


def filters(user: Any) -> tuple[Filter, ...]:
    """What can be chosen."""
    return (Filter("area", "地区", (), areas_of(user)), Filter("topic", "分类", ()), Filter("q", "字词", ()))


def spots(request: HttpRequest) -> HttpResponseBase:
    """The hot spots, ranked; a page of them, or all of them as a file."""
    require_reader(request.user)
    chosen = [chosen_of(request, one) for one in filters(request.user)]
    on, found, looked_at, cut = found_for(request.user, chosen, request.GET.get("on", ""))
    names = street_names()
    rows = [spot_of(rank, one, on, chosen, names) for rank, one in enumerate(found, 1)]
    if form_of(request) in FILES:
        lines = ([getattr(row, column.key) for column in COLUMNS] for row in rows)
        return export("未诉先办热点", [column.label for column in COLUMNS], lines, len(rows), form_of(request))
    asked = {one.key: one.value for one in chosen if one.value} | ({"on": on.isoformat()} if request.GET.get("on") else {})
    shown = listed(request, rows, asked, chosen, COLUMNS)
    page = SpotsPage(on, on - timedelta(weeks=WEEKS), looked_at, cut, by_area(rows), shown)
    return show(request, page, "hotline/hotspots.html")


def require_reader(user: Any) -> None:
    """Raise Http404 for who reads no orders."""
    if not reads_orders(user):
        raise Http404


def found_for(user: Any, chosen: Sequence[Chosen], on_text: str) -> tuple[date, list[Cluster], int, bool]:
    """The day looked from, the clusters, how many requests were looked at, and whether there were more."""
    rows = narrowed(user, {one.key: one.value for one in chosen})
    told_on = day(on_text)
    on = told_on if told_on and told_on.year in YEARS else newest(rows)
    rows = within(rows, on)
    told = said(rows)
    words = "\n".join(f"{one.number} {one.on} {one.who} {one.place} {one.topic} {one.spot} {one.text}" for one in told)
    key = hashlib.sha256(f"{on} {words}".encode()).hexdigest()
    found = cache.get(f"hotspots/{key}")
    if found is None:
        found = clusters(told, on)
        cache.set(f"hotspots/{key}", found, KEEP_SECONDS)
    return on, found, len(told), len(told) == MOST


def narrowed(user: Any, asked: dict[str, str]) -> QuerySet[Order]:
    """Requests this person sees, of an area, class and words."""
    rows = Order.objects.visible_to(user).filter(kind=KIND, joined=None).exclude(state_kind="void")
    if asked.get("area"):
        rows = rows.filter(area__startswith=scope(asked["area"]))
    if asked.get("topic"):
        rows = rows.filter(topic__startswith=asked["topic"])
    return rows.filter(title__contains=asked["q"]) if asked.get("q") else rows


def newest(rows: QuerySet[Order]) -> date:
    """The day of the newest request; today where there is none."""
    last = rows.aggregate(last=Max("opened_at"))["last"]
    return timezone.localtime(last).date() if last else timezone.localdate()


def within(rows: QuerySet[Order], on: date) -> QuerySet[Order]:
    """Requests of the weeks up to a day."""
    return rows.filter(opened_at__date__gt=on - timedelta(weeks=WEEKS), opened_at__date__lte=on)


def said(rows: QuerySet[Order], most: int = MOST) -> list[Said]:
    """Requests as the finder sees them, the newest first; never a name or a telephone, only its digest."""
    told = rows.order_by("-opened_at", "-pk").values_list(
        "number", "title", "opened_at", "asker__phone_digest", "place", "area", "topic", "fields")[:most]
    return [Said(number, title, timezone.localtime(at).date(), who or "", place or area, topic,
                 (fields or {}).get("spot") or "")
            for number, title, at, who, place, area, topic, fields in told]


def spot_of(rank: int, one: Cluster, on: date, chosen: Sequence[Chosen], names: Mapping[str, str]) -> Spot:
    """A cluster as the list shows it."""
    asked = {"on": on.isoformat(), "place": one.place, "words": "|".join(one.words)}
    asked |= {each.key: each.value for each in chosen if each.value}
    return Spot(rank, "、".join(one.words[:3]), place_name(one.place, names), one.place[:6], one.topic, one.count, one.people,
                one.trend, one.weeks, one.first, one.last, f"{reverse('hotspot')}?{urlencode(asked)}")


def street_names() -> dict[str, str]:
    """The streets' names by their codes."""
    return dict(Office.objects.exclude(place="").values_list("place", "name"))


def place_name(place: str, names: Mapping[str, str]) -> str:
    """The name of a street, with its district; of a district alone where no street is known."""
    return f"{area_name(place[:6])}{names.get(place[:9], '')}" or "地点不明"


def by_area(rows: Iterable[Spot]) -> list[dict[str, Any]]:
    """How many requests of hot spots each district has, for the map."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.area] = found.get(row.area, 0) + row.count
    return [{"name": area_name(code), "value": many, "area": code} for code, many in sorted(found.items())]


def spot(request: HttpRequest) -> HttpResponseBase:
    """One cluster and its requests."""
    require_reader(request.user)
    rank, one, on, chosen = chosen_cluster(request)
    rows = Order.objects.visible_to(request.user).filter(number__in=one.numbers).select_related("office").order_by("-opened_at")
    states = declarations.catalog().orders[REMEDY].states
    made = [(row.number, row.title, states[row.state].label)
            for row in Order.objects.visible_to(request.user).filter(kind=REMEDY, subject=subject_of(one))]
    asked = {key: request.GET[key] for key in ("on", "place", "words", "area", "topic", "q") if request.GET.get(key)}
    listing = listed(request, list(rows), asked)
    page = ClusterPage(spot_of(rank, one, on, chosen, street_names()), one.words,
                       may(request.user, "dispatch", one.place[:6]), FORMS, made, listing)
    return show(request, page, "hotline/hotspot.html")


def chosen_cluster(request: HttpRequest) -> tuple[int, Cluster, date, list[Chosen]]:
    """The cluster an address names, as it is found now; 404 where it is no longer one."""
    chosen = [chosen_of(request, one) for one in filters(request.user)]
    on, found, _, _ = found_for(request.user, chosen, request.GET.get("on", ""))
    words = set(request.GET.get("words", "").split("|")) - {""}
    place = request.GET.get("place", "")
    near = [(len(words & set(one.words)), -rank, one) for rank, one in enumerate(found, 1) if one.place[:9] == place[:9]]
    shared, rank, one = max(near, default=(0, 0, None), key=lambda told: told[:2])
    if not shared or one is None:
        raise Http404
    return -rank, one, on, chosen


def subject_of(one: Cluster) -> str:
    """What ties a remedy to its cluster."""
    return f"hotspot {one.place} {'|'.join(one.words[:2])}"[:60]


def propose(request: HttpRequest) -> HttpResponseBase:
    """Make a proposal of a cluster: an order a leader or planner approves and an office carries out.

    Twice  the same person proposing the same on one day is led to what he proposed
    """
    require_reader(request.user)
    _, one, on, _ = chosen_cluster(request)
    where = place_name(one.place, street_names())
    made = orders.open_(request.user, REMEDY, {
        "title": (request.POST.get("title") or f"{where}：{'、'.join(one.words[:2])}").strip()[:200],
        "text": f"{on - timedelta(weeks=WEEKS)}至{on}，{where}共 {one.count} 件诉求（{one.people} 人）说到"
                f"{'、'.join(one.words)}。",
        "area": one.place[:6], "place": one.place, "topic": one.topic, "subject": subject_of(one),
        "fields": {"form": request.POST.get("form", ""), "topic": one.topic, "spot": BETWEEN.join(one.words)[:200],
                   "since": one.first.isoformat(), "until": one.last.isoformat(), "before": one.count}},
        key=f"{subject_of(one)} {request.POST.get('form', '')} {timezone.localdate()}")
    return redirect("order", made.number)


def remedies(request: HttpRequest) -> HttpResponseBase:
    """All remedies and what they did."""
    require_reader(request.user)
    states = declarations.catalog().orders[REMEDY].states
    found = Order.objects.visible_to(request.user).filter(kind=REMEDY).select_related("office").order_by("-pk")
    columns = (Column("number", "编号"), Column("title", "事项"), Column("form", "形式"), Column("state", "状态"),
               Column("office", "承办单位"), Column("before", "立项前诉求"), Column("effect", "完成前后"),
               Column("share", "下降"))
    if form_of(request) in FILES:
        lines = ([getattr(remedy_row(one, states[one.state].label), column.key) for column in columns] for one in found)
        return export("未诉先办成效", [column.label for column in columns], lines, found.count(), form_of(request))
    page = listed(request, found, {}, (), columns)
    page.rows[:] = [remedy_row(one, states[one.state].label) for one in page.rows]
    return show(request, RemediesPage(page), "hotline/remedies.html")


def effect_of(one: Order, words: Sequence[str], done_on: date) -> Fallen:
    """What fell away since a day: among all requests of its street, whoever looks; as many days before as after.

    Reading  days before anybody was asked here, or that have not come yet, are no days without requests
    """
    known = Order.objects.filter(kind=KIND, area=one.area).exclude(state_kind="void")
    told = known.aggregate(first=Min("opened_at"), last=Max("opened_at"))
    if told["first"] is None:
        return Fallen(0, 0, 0, None)
    first, last = (timezone.localtime(told[key]).date() for key in ("first", "last"))
    days = max(min((last - done_on).days, (done_on - first).days, EFFECT_DAYS), 0)
    near = known.filter(joined=None, place__startswith=one.place[:9], opened_at__date__gte=done_on - timedelta(days),
                        opened_at__date__lte=done_on + timedelta(days))
    return fallen(said(near), words, done_on, done_on + timedelta(days))


def remedy_row(one: Order, state: str) -> RemedyRow:
    """A remedy, and what fell away."""
    done, words = one.fields.get("done_on"), [word for word in str(one.fields.get("spot") or "").split(BETWEEN) if word]
    told = effect_of(one, words, date.fromisoformat(done)) if done and words else None
    return RemedyRow(one.number, one.title, str(one.fields.get("form") or ""), state,
                     str(one.office or ""), one.fields.get("before"), told, reverse("order", args=[one.number]))


urls = [*twin("hotline/hotspots", spots, "hotspots", *FILES), *twin("hotline/hotspots/one", spot, "hotspot"),
        *act("hotline/hotspots/propose", propose, "hotspot-propose"), *twin("hotline/remedies", remedies, "remedies", *FILES)]
