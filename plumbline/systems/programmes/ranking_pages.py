"""The monthly ranking of offices and streets, and every order behind each number."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import ZONE, Finding, period
from plumbline.store import declarations
from plumbline.store.models import Order
from plumbline.store.people.tables import OFFICE_KINDS
from plumbline.systems.programmes import behind, ranking
from plumbline.systems.programmes.ranking import PARTS, URGED, Score, Weights
from plumbline.systems.programmes.return_pages import last_month
from plumbline.web.export import export
from plumbline.web.forms import whole
from plumbline.web.listing import Column, Listing, listed
from plumbline.web.orders.own_pages import page_of
from plumbline.web.screen import FILES, form_of, show, twin

COLUMNS = (Column("office", "单位"), Column("reached", "计入"), Column("number", "编号"), Column("title", "标题"),
           Column("state", "状态"))

NOT_RANKED = "—"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of the ranking and where its orders are; `words` such as 3/4, empty where there are none."""

    words: str
    share: str
    href: str


@dataclass(frozen=True, slots=True)
class RankRow:
    """An office in the ranking."""

    rank: str
    office: str
    kind: str
    total: str
    cells: list[Cell]
    urged: int
    urged_href: str
    words: str


@dataclass(frozen=True, slots=True)
class RankingPage:
    """The ranking of a month, by kind of office; the rules it is made by.

    groups  kind, those that are ranked or were urged, and the names of the others
    """

    month: str
    groups: list[tuple[str, list[RankRow], list[str]]]
    heads: list[tuple[str, str]]
    weights: Weights
    findings: list[Finding] = field(default_factory=list)
    where: str = "ranking"


@dataclass(frozen=True, slots=True)
class BehindRow:
    """An order a number counted; `reached` where it counts for the office."""

    office: str
    number: str
    title: str
    state: str
    reached: str
    href: str


@dataclass(frozen=True, slots=True)
class BehindPage:
    """The orders behind one number of the ranking."""

    title: str
    month: str
    list: Listing
    address: str
    where: str = "ranking"


def month_of(request: HttpRequest) -> tuple[str, list[Finding]]:
    """The month asked for, else the last one over; a finding where it is none."""
    told = request.GET.get("month", "").strip()
    last = last_month(timezone.now().astimezone(ZONE).date())
    if not told or (period.is_period(told) and len(told) == 7 and told[5] != "Q" and "2020-01" <= told <= "2199-12"):
        return told or last, []
    return last, [Finding("ranking.month", "月份", f"「{told[:20]}」不是可以排名的月份；请写作 2020-06。现在显示 {last}。")]


def ranked(request: HttpRequest) -> HttpResponseBase:
    """The ranking of a month, as a page or as a file."""
    month, wrong = month_of(request)
    catalog = declarations.catalog()
    scores = behind.ranking_of(request.user, month, catalog, timezone.now())
    rows = [row_of(one, month) for one in scores]
    if form_of(request) in FILES:
        heads = ["类别", "名次", "单位", "得分", *PARTS.values(), "督办次数", "怎样得来"]
        lines = ([row.kind, row.rank, row.office, row.total, *(cell.words for cell in row.cells), row.urged, row.words]
                 for row in rows)
        return export(f"{month} 月度排名", heads, lines, len(rows), form_of(request))
    weights = ranking.weights_on(catalog.parameters, period.span(month)[1])
    groups: dict[str, list[RankRow]] = {}
    for row in rows:
        groups.setdefault(row.kind, []).append(row)
    tops = [(label, f"{weights.points[key]:f}分") for key, label in PARTS.items()]
    page = RankingPage(month, [grouped(kind, these) for kind, these in groups.items()], tops, weights, wrong)
    return show(request, page, "programmes/ranking.html", 400 if wrong else 200)


def grouped(kind: str, rows: list[RankRow]) -> tuple[str, list[RankRow], list[str]]:
    """Offices of a kind: those something is counted of, and the names of those nothing was asked of."""
    told = [row for row in rows if row.rank != NOT_RANKED or row.urged]
    return kind, told, [row.office for row in rows if row not in told]


def row_of(one: Score, month: str) -> RankRow:
    """An office's score as the page shows it."""
    cells = [Cell(f"{each.top}/{each.bottom}" if each.bottom else "", percent(each.value), address(month, one, each.key))
             for each in one.shares]
    return RankRow(str(one.rank or NOT_RANKED), one.office.name, dict(OFFICE_KINDS).get(one.office.kind, "其他"),
                   "—" if one.total is None else f"{one.total:f}", cells, one.urged, address(month, one, URGED), one.words)


def percent(value: Decimal | None) -> str:
    """A share in print; empty where there is none."""
    return "" if value is None else f"{value * 100:.1f}%"


def address(month: str, one: Score, part: str) -> str:
    """Where the orders behind a number are."""
    return f"{reverse('programmes-behind')}?{urlencode({'month': month, 'office': one.office.key, 'part': part})}"


def orders_behind(request: HttpRequest) -> HttpResponseBase:
    """The orders behind one number of the ranking; a page of them, or all as a file."""
    month, _ = month_of(request)
    office, part = whole(request.GET.get("office", "")) or 0, request.GET.get("part", "")
    counted = behind.told_of(request.user, month, timezone.now()).get(office, ranking.Told({}, {}))
    keys = counted.urged if part == URGED else counted.below.get(part, ())
    rows = behind_rows(request.user, keys, set(counted.urged if part == URGED else counted.above.get(part, ())))
    title = "督办" if part == URGED else PARTS.get(part, "")
    if form_of(request) in FILES:
        lines = ([getattr(row, column.key) for column in COLUMNS] for row in rows)
        return export(f"{month} {title}", [column.label for column in COLUMNS], lines, len(rows), form_of(request))
    asked = {"month": month, "office": str(office), "part": part}
    name = rows[0].office if rows else ""
    shown = listed(request, rows, asked, columns=COLUMNS)
    page = BehindPage(f"{name} {title}".strip() or "排名依据", month, shown, urlencode(asked))
    return show(request, page, "programmes/behind.html")


def behind_rows(user: Any, keys: Sequence[int], reached: set[int]) -> list[BehindRow]:
    """Orders of a number, each once for each time it counts; those that count against the office first."""
    kinds = declarations.catalog().orders
    found = Order.objects.visible_to(user).select_related("office").in_bulk(list(keys))
    rows = [BehindRow(str(one.office or ""), one.number, one.title, kinds[one.kind].states[one.state].label,
                      "是" if key in reached else "否", page_of(one.kind, one.number))
            for key in keys if (one := found.get(key))]
    return sorted(rows, key=lambda row: (row.reached, row.number))


urls = [
    *twin("programmes/ranking", ranked, "programmes-ranking", *FILES),
    *twin("programmes/ranking/orders", orders_behind, "programmes-behind", *FILES),
]
