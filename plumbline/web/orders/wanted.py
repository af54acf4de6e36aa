"""Which orders an address asks for: filters that are quick at any size, and texts looked for among the latest.

    kind, state, office, area, clock   by index, over all orders
    number                             one order
    q, topic                           among the latest `WINDOW` that pass the others
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from plumbline.kernel import AREAS, STATE_KINDS, OrderKind, area_name, inside
from plumbline.store import declarations
from plumbline.store.models import Office
from plumbline.store.visibility import NOTHING
from plumbline.web import choices
from plumbline.web.listing import Chosen, Filter, chosen_of, filtered
from plumbline.web.listing import Spec as ListSpec
from plumbline.web.orders.rows import STILL, TOLD, kinds, seen, urgencies
from plumbline.web.orders.suggestions import topics

WINDOW = 50_000
MOST_COUNTED = 10_000
CLOCKS = (("late", "已超期"), ("today", "今天到期"), ("warn", "预警以上"), ("remind", "提醒以上"))
LEVELS = {"remind": 1, "warn": 2}
ONE_ORDER = re.compile(r"[A-Za-z]{1,10}[0-9]{6,14}")
SOFT = ("q", "topic")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.

    query     the orders, latest first or as sorted
    chosen    the filters as they stand
    narrowed  a text was looked for, and only among the latest `WINDOW`
    """

    query: QuerySet[Any]
    chosen: list[Chosen]
    narrowed: bool


def filters(request: HttpRequest) -> tuple[Filter, ...]:
    """The filters this person can choose from."""
    user = request.user
    every = kinds()
    chosen = every.get(request.GET.get("kind", ""))
    states = tuple((one.key, one.label) for one in chosen.states.values()) if chosen else tuple(STATE_KINDS.items())
    return (
        Filter("number", "编号", ()),
        Filter("q", "查找", ("title__icontains", "text__icontains", "address__icontains")),
        *choices.choice("kind", "类别", "kind", tuple((key, one.label) for key, one in every.items())),
        Filter("state", "状态", (), states),
        Filter("clock", "时限", (), CLOCKS),
        *choices.choice("office", "承办单位", "office_id", offices(user)),
        *choices.choice("area", "地区", "area", areas(user)),
        Filter("topic", "分类", ("topic__icontains",)),
    )


def offices(user: Any) -> choices.Choices:
    """Offices of the user's area, his own first."""
    if user.is_superuser:
        return tuple((str(key), name) for key, name in Office.objects.values_list("pk", "name"))
    return choices.offices(user)


def givable(user: Any, area: str) -> choices.Choices:
    """Offices an order of an area may be given to: of that area first, then of the city and of what lies in the area."""
    rows = Office.objects.visible_to(user)
    near = [one for one in rows if not area or inside(one.area, area) or inside(area, one.area)]
    return tuple((str(one.pk), one.name if one.area == area else f"{one.name}（{area_name(one.area)}）")
                 for one in sorted(near, key=lambda one: one.area != area))


def streets(user: Any) -> choices.Choices:
    """Streets of a person's area by their codes."""
    rows = Office.objects.visible_to(user).filter(kind="street").exclude(place="").order_by("place")
    return tuple(rows.values_list("place", "name"))


def offered(user: Any, kind: OrderKind, area: str, place: str = "") -> dict[str, choices.Choices]:
    """What can be chosen where a move asks for it; streets are those of an area, and the community it is in stays in reach."""
    rows = Office.objects.filter(kind="street", area=area).exclude(place="").order_by("place") if area else Office.objects.none()
    streets = tuple(rows.values_list("place", "name"))
    known = dict(streets).get(place[:9], "")
    community = ((place, f"{known}（{place}）" if known else place),) if place and place not in dict(streets) else ()
    return {"office": givable(user, area), "urgency": urgencies(declarations.catalog(), kind),
            "place": (*community, *streets), "topic": topics(kind.key, area or user.area)}


def areas(user: Any) -> choices.Choices:
    """Areas inside the user's own; none where there is but one."""
    inner = tuple((one.code, one.name) for one in AREAS if user.is_superuser or inside(one.code, user.area))
    return inner if len(inner) > 1 else ()


def wanted(request: HttpRequest) -> Wanted:
    """The orders an address asks for."""
    every = filters(request)
    chosen = [chosen_of(request, one) for one in every]
    value = {one.key: one.value for one in chosen}
    query = seen(request.user)
    if value["number"]:
        return Wanted(query.filter(number=value["number"].upper()), chosen, False)
    if ONE_ORDER.fullmatch(value["q"]) and query.filter(number=value["q"].upper()).exists():
        return Wanted(query.filter(number=value["q"].upper()), chosen, False)
    query = hard(query, value, request.GET.get("sort", ""))
    narrowed = any(value[key] for key in SOFT)
    if narrowed:
        soft = tuple(one for one in every if one.key in SOFT)
        query = filtered(latest(query), ListSpec((), soft, str), [one for one in chosen if one.key in SOFT])
    return Wanted(sorted_by(query, request.GET.get("sort", "")), chosen, narrowed)


def hard(query: QuerySet[Any], value: dict[str, str], sort: str) -> QuerySet[Any]:
    """The orders that pass the filters that have an index."""
    if value.get("kind"):
        query = query.filter(kind=value["kind"])
    if value["state"]:
        query = query.filter(**{"state_kind" if value["state"] in STATE_KINDS else "state": value["state"]})
    if value.get("office"):
        query = query.filter(office=value["office"])
    if value.get("area"):
        query = query.filter(in_area(value["area"]))
    if value["clock"] in LEVELS:
        query = query.filter(TOLD)
    elif value["clock"] or sort.removeprefix("-") == "due_at":
        query = query.filter(STILL, due_at__isnull=False)
    return query.filter(by_clock(value["clock"], timezone.now())) if value["clock"] else query


def in_area(code: str) -> Q:
    """Orders of an area, with all that lies in it; an index is used for a district."""
    return Q(area__startswith=code[:2]) if code.endswith("0000") else Q(area=code)


def by_clock(clock: str, now: datetime) -> Q:
    """Orders by how far their clock is."""
    if clock == "late":
        return Q(due_at__lt=now)
    if clock == "today":
        tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return Q(due_at__gte=now, due_at__lte=tomorrow)
    return Q(level__gte=LEVELS[clock]) if clock in LEVELS else NOTHING


def latest(query: QuerySet[Any]) -> QuerySet[Any]:
    """The latest `WINDOW` of some orders."""
    bound = query.order_by("-pk").values_list("pk", flat=True)[WINDOW:WINDOW + 1]
    last = next(iter(bound), None)
    return query if last is None else query.filter(pk__gt=last)


def sorted_by(query: QuerySet[Any], sort: str) -> QuerySet[Any]:
    """Latest first; by the time they are due, or the other way round, where asked for."""
    orders = {"due_at": ("due_at", "pk"), "-due_at": ("-due_at", "-pk"), "number": ("pk",)}
    return query.order_by(*orders.get(sort, ("-pk",)))


def capped(query: QuerySet[Any], most: int = MOST_COUNTED) -> int:
    """How many rows there are, one more than `most` where there are more than that."""
    return query.order_by().values("pk")[:most + 1].count()
