"""The board of the plan's tasks: lights first, parts inside; and the same by office."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import ZONE
from plumbline.store import declarations
from plumbline.store.models import Order
from plumbline.store.people import may
from plumbline.systems.programmes.lights import LABELS, Rules, rules_on
from plumbline.systems.programmes.standing import FIRST, STATES, Standing, flat, standings, wholes
from plumbline.web import choices
from plumbline.web.export import export
from plumbline.web.listing import Column, Filter, Listing, chosen_of, listed
from plumbline.web.screen import FILES, form_of, show, twin

COLUMNS = (
    Column("title", "任务"), Column("colour", "灯"), Column("office", "责任单位"), Column("owes", "应完成"),
    Column("done", "已完成"), Column("percent", "完成比例"), Column("due_on", "期限"), Column("state", "状态"),
    Column("urged", "督办"), Column("reasons", "为什么"),
)
# more than these are looked at by area or office
MOST = 3_000


@dataclass(frozen=True, slots=True)
class BoardPage:
    """The tasks of the plan.

    lights  of all that pass the filters but the light's own: key, label, how many, address
    cut     only the newest MOST tasks were looked at
    gives   whether this person may give out tasks
    """

    lights: list[tuple[str, str, int, str]]
    list: Listing
    on: date
    rules: Rules
    cut: bool
    gives: bool
    where: str = "board"


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """An office: its tasks by light, the months it owes, how often it was urged."""

    office: str
    lights: list[tuple[str, str, int]]
    count: int
    owed: int
    urged: int
    href: str


@dataclass(frozen=True, slots=True)
class OfficesPage:
    """The tasks by office, those with most red ones first."""

    list: Listing
    on: date
    where: str = "offices"


def filters(user: Any) -> tuple[Filter, ...]:
    """What can be chosen."""
    return (Filter("q", "查找", ()), *choices.choice("office", "责任单位", "", choices.offices(user)),
            Filter("light", "灯", (), tuple(LABELS.items())), Filter("state", "状态", (), tuple(STATES.items())))


def now_rules() -> tuple[datetime, Rules]:
    """The moment, and the rules of its day."""
    now = timezone.now()
    return now, rules_on(declarations.catalog().parameters, now.astimezone(ZONE).date())


def board(request: HttpRequest) -> HttpResponseBase:
    """The tasks, a page of them, or all as a file."""
    now, rules = now_rules()
    chosen = [chosen_of(request, one) for one in filters(request.user)]
    asked = {one.key: one.value for one in chosen}
    every = standings(wholes(request.user)[:MOST], now, rules)
    found = narrowed(every, asked)
    rows = sorted((one for one in found if asked.get("light") in ("", one.light.key)), key=urgent)
    if form_of(request) in FILES:
        lines = ([getattr(row, column.key) for column in COLUMNS] for row in flat(rows))
        return export("任务看板", [column.label for column in COLUMNS], lines, len(flat(rows)), form_of(request))
    many = Counter(one.light.key for one in found)
    address = {key: value for key, value in asked.items() if value and key != "light"}
    lights = [(key, LABELS[key], many[key], f"?{urlencode(address | {'light': key})}") for key in FIRST]
    shown = listed(request, rows, asked, chosen, COLUMNS)
    page = BoardPage(lights, shown, now.astimezone(ZONE).date(), rules, len(every) == MOST,
                     may(request.user, "plan", request.user.area))
    return show(request, page, "programmes/board.html")


def narrowed(every: Iterable[Standing], asked: dict[str, str]) -> list[Standing]:
    """Tasks that pass the filters; of an office, its parts stand by themselves."""
    rows = list(every)
    if asked.get("office"):
        rows = [one for one in flat(rows) if str(one.office_key) == asked["office"]]
    if asked.get("state"):
        rows = [one for one in rows if one.state_key == asked["state"]]
    text = asked.get("q", "")
    return [one for one in rows if text in one.title or text in one.number]


def urgent(one: Standing) -> tuple[int, date, int]:
    """As people want to see them: red first, then by day."""
    return FIRST.index(one.light.key), one.due_on or date.max, -one.key


def offices(request: HttpRequest) -> HttpResponseBase:
    """The tasks by office; a page of them, or all as a file."""
    now, rules = now_rules()
    rows = by_office(flat(standings(wholes(request.user)[:MOST], now, rules)))
    if form_of(request) in FILES:
        heads = ["责任单位", "任务", *(LABELS[key] for key in FIRST), "逾期未报（次）", "督办"]
        lines = ([row.office, row.count, *(many for _, _, many in row.lights), row.owed, row.urged] for row in rows)
        return export("各单位任务", heads, lines, len(rows), form_of(request))
    return show(request, OfficesPage(listed(request, rows, {}), now.astimezone(ZONE).date()), "programmes/offices.html")


def by_office(rows: Iterable[Standing]) -> list[OfficeRow]:
    """Tasks by who holds them."""
    made: dict[tuple[int | None, str], list[Standing]] = {}
    for one in rows:
        made.setdefault((one.office_key, one.office), []).append(one)
    found = [office_row(key, name, held) for (key, name), held in made.items()]
    return sorted(found, key=lambda one: ([-many for _, _, many in one.lights[:2]], one.office))


def office_row(key: int | None, name: str, held: list[Standing]) -> OfficeRow:
    """An office with what it holds."""
    many = Counter(one.light.key for one in held)
    lights = [(light, LABELS[light], many[light]) for light in FIRST]
    return OfficeRow(name, lights, len(held), sum(len(one.owed) for one in held), sum(one.urged for one in held),
                     f"{reverse('programmes-board')}?{urlencode({'office': key or ''})}")


def seen(user: Any, kind: str) -> Any:
    """Orders of a kind this user sees."""
    return Order.objects.visible_to(user).filter(kind=kind).select_related("office", "parent")


urls = [
    *twin("programmes/board", board, "programmes-board", *FILES),
    *twin("programmes/offices", offices, "programmes-offices", *FILES),
]
