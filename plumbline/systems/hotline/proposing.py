"""What a house knows is handed to the router, and what it says becomes a proposal on the desk and on the board."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Max, QuerySet, Sum
from django.utils import timezone

from plumbline.kernel import inside
from plumbline.store.models import Item, Office, Order
from plumbline.systems.hotline import taxonomy
from plumbline.systems.hotline.classify import current
from plumbline.systems.hotline.duties import STARTING, STREET_OF_PLACE, Duty, duty_of
from plumbline.systems.hotline.routing import House, Past, Route, entries_of, route
from plumbline.systems.hotline.taxonomy import Class
from plumbline.web.listing import day
from plumbline.web.orders.suggestions import Suggestion

KIND = "hotline.request"
# past requests that are looked at: while one caller waits, and for each card of a board
AT_DESK, ON_BOARD = 2_000, 300
# the beginning of a text is what it is about
HEAD = 200
KEPT_SECONDS = 600
UNCLEAR = "说不准，请人工判断"


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed for a request.

    topic   its class, as deep as it can be told; empty where it cannot
    office  key of the office; None where it cannot be told, then `sure` is False
    sure    whether class and office are clear enough to be taken as they are
    why     the reasons, one by one: words, clause, past requests; or what is missing
    """

    topic: str
    urgency: str
    office: int | None
    office_name: str
    sure: bool
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What the registers say of an area: classes with their words and urgencies, and the duties list."""

    among: Sequence[Class]
    urgencies: Mapping[str, str]
    duties: Sequence[Duty]


# by area: what the registers said, and the mark they bore then
_known: dict[str, tuple[tuple[Any, ...], Known]] = {}


def proposed(user: Any, text: str, place: str) -> Proposed | None:
    """What is proposed for a text told of a street, community or district; None where there is no text.

    user  whose past requests are looked at
    """
    return told(text, place, past(Order.objects.visible_to(user), place[:6], AT_DESK)) if text.strip() else None


def suggest(order: Order) -> Suggestion | None:
    """What is proposed for a request that waits to be given to an office; by its class where a person has said it.

    Kept  for some minutes, as long as neither the request nor the registers change: a board asks for every card
    """
    key = f"hotline.suggest.{order.code}.{order.version}.{mark_of()}".replace(" ", "")
    found = cache.get(key)
    if found is None:
        found = _suggested(order)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _suggested(order: Order) -> Suggestion:
    place = order.place or order.area
    found = listed(order.topic, place) or told(f"{order.title} {order.text}", place, past(
        Order.objects.exclude(pk=order.pk), order.area, ON_BOARD))
    return Suggestion(found.office, found.office_name or UNCLEAR, found.why, found.topic)


def told(text: str, place: str, before: Sequence[Past]) -> Proposed:
    """What the router says of a text, the office looked up among those registered."""
    known = known_of(place[:6])
    found = route(text, place, House(current(settings.DATA / "models"), known.among, known.duties, before))
    office, why = office_of(found.office, place), list(found.why)
    if found.office and office is None:
        why.append(f"没有登记「{found.office}」；请先登记这个单位，或更正职责清单。")
    return made(known, found.path, office, why, clear=not found.answer.abstained, guess=guess_of(found))


def guess_of(found: Route) -> str:
    """The class that may be meant, where it is not clear."""
    return found.path or found.answer.label


def listed(topic: str, place: str) -> Proposed | None:
    """What the duties list alone says of a class; None where it names no office, or more than one."""
    known = known_of(place[:6])
    entries = entries_of(topic, place, known.duties) if topic else []
    office = office_of(entries[0].office, place) if len({one.office for one in entries}) == 1 else None
    if office is None:
        return None
    return made(known, topic, office, [f"职责清单：{one.path}由{one.office}承办（{one.clause}）" for one in entries], clear=True)


def made(known: Known, topic: str, office: Office | None, why: Iterable[str], clear: bool, guess: str = "") -> Proposed:
    """A proposal."""
    return Proposed(topic or guess, known.urgencies.get(topic, "ordinary"), office.pk if office else None,
                    office.name if office else "", clear and office is not None, tuple(why))


def office_of(name: str | None, place: str) -> Office | None:
    """The office of a name that is nearest to a place; the street's own where the list names no other."""
    if name == STREET_OF_PLACE:
        return Office.objects.filter(kind="street", place=place[:9]).first() if len(place) >= 9 else None
    rows = [one for one in Office.objects.filter(name=name) if inside(place[:6], one.area)] if name else []
    return max(rows, key=lambda one: len(one.area.rstrip("0")), default=None)


def past(rows: QuerySet[Order], area: str, most: int) -> tuple[Past, ...]:
    """The latest requests of an area that an office finished without sending them back."""
    found = rows.filter(kind=KIND, area=area, state_kind="done", returns=0, office__isnull=False).order_by("-pk")
    return tuple(Past(number, f"{title} {text[:HEAD]}", STREET_OF_PLACE if kind == "street" else name)
                 for number, title, text, name, kind in found.values_list(
                     "number", "title", "text", "office__name", "office__kind")[:most])


def known_of(area: str) -> Known:
    """What the registers say of an area, read again when they have changed; what a new house starts with where they are empty."""
    mark = mark_of()
    if area not in _known or _known[area][0] != mark:
        _known[area] = (mark, _read(area))
    return _known[area][1]


def mark_of() -> tuple[Any, ...]:
    """What changes whenever the registers do, and every day."""
    rows = Item.objects.filter(table__in=("hotline.classes", "hotline.duties"))
    return (*rows.aggregate(Count("pk"), Max("pk"), Sum("version")).values(), timezone.localdate().isoformat())


def _read(area: str) -> Known:
    rows = in_use("hotline.classes", area)
    duties = tuple(duty_of(one) for one in in_use("hotline.duties", area))
    urgencies = {str(one.get("path")): str(one["urgency"]) for one in rows if one.get("urgency")}
    return Known(_classes(rows) or taxonomy.classes(), urgencies, duties or STARTING)


def _classes(rows: Iterable[Mapping[str, Any]]) -> tuple[Class, ...]:
    """Classes of the third level with their words."""
    found = {}
    for one in rows:
        path = str(one.get("path", "")).split("/")
        if len(path) == 3:
            found["/".join(path)] = Class((path[0], path[1], path[2]), tuple(str(one.get("words") or "").split()))
    return tuple(found[label] for label in sorted(found))


def in_use(table: str, area: str) -> list[Mapping[str, Any]]:
    """What a register says of an area, itself or one above or below it: entries not closed yet."""
    today = timezone.localdate()
    found = Item.objects.filter(table=table, until=None).values_list("area", "values")
    rows = [dict(values) | {"area": own} for own, values in found if inside(area, own) or inside(own, area)]
    return [one for one in rows if (closed := day(str(one.get("closed_on") or ""))) is None or closed > today]


def classes_in(area: str) -> list[str]:
    """The classes in use in an area."""
    return [one.label for one in known_of(area).among]
