"""The dispatcher's board: orders by state, the districts on a map, and offices to give orders to."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import OrderKind, area_name
from plumbline.store.models import Office
from plumbline.web import choices
from plumbline.web.orders.cards import Card, card
from plumbline.web.orders.rows import OPEN, STILL, Speech, kinds, reads_orders, seen, speech
from plumbline.web.orders.suggestions import alarms_of
from plumbline.web.orders.wanted import CLOCKS, areas, by_clock, capped, in_area
from plumbline.web.screen import show, twin

MOST_CARDS = 20
MOST_COUNTED = 999
DISPATCHING = ("dispatcher", "planner", "operator", "leader")


@dataclass(frozen=True, slots=True)
class Queue:
    """Orders in one state: `over` where there are more than are counted; `href`, all of them."""

    key: str
    label: str
    count: int
    over: bool
    cards: list[Card]
    href: str


@dataclass(frozen=True, slots=True)
class Patch:
    """A district on the map."""

    code: str
    name: str
    count: int
    late: int
    href: str


@dataclass(frozen=True, slots=True)
class BoardPage:
    """The board of one kind.

    mapped  whether the districts can be drawn on the map of the city
    alarms  lines of the systems: orders go where they never went
    """

    kind: str
    kinds: choices.Choices
    area: str
    areas: choices.Choices
    clock: str
    clocks: choices.Choices
    queues: list[Queue]
    offices: list[tuple[int, str, str]]
    patches: list[Patch]
    mapped: bool
    reads: bool
    alarms: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many are open in all districts."""
        return sum(patch.count for patch in self.patches)

    @property
    def drawn(self) -> list[dict[str, Any]]:
        """The districts as the map's script reads them."""
        return [asdict(patch) for patch in self.patches]


def board(request: HttpRequest) -> HttpResponseBase:
    """The board of the kind asked for, else of the first."""
    if not reads_orders(request.user):
        raise Http404
    every = kinds()
    kind = every.get(request.GET.get("kind", "")) or busy(request.user, every)
    by = speech()
    area, clock = asked(request, areas(request.user), "area"), asked(request, CLOCKS, "clock")
    patches = patches_of(request.user, kind) if kind else []
    screen = BoardPage(
        kind.key if kind else "", tuple((key, one.label) for key, one in every.items()), area, areas(request.user), clock,
        CLOCKS, queues(request.user, kind, (area, clock), by) if kind else [], offices_of(request.user, area), patches,
        any(one.code.startswith("11") and not one.code.endswith("0000") for one in patches), True,
        alarms_of(kind.key, request.user) if kind else ())
    return show(request, screen, "web/order-board.html")


def busy(user: Any, every: Mapping[str, OrderKind]) -> OrderKind | None:
    """The kind to show first: the first this person sends out and has open orders of, else any with open ones, else any."""
    held = [kind for key, kind in every.items() if seen(user).filter(kind=key, state__in=to_do(kind)).exists()]
    sends = [kind for kind in held if user.is_superuser or any(user.role in move.by for move in kind.moves_from(kind.first))]
    return next(iter([*sends, *held, *every.values()]), None)


def to_do(kind: OrderKind) -> list[str]:
    """The states in which somebody still has to do something."""
    return [key for key, one in kind.states.items() if one.kind in OPEN]


def asked(request: HttpRequest, offered: choices.Choices, key: str) -> str:
    """What the address asks for, among what is offered."""
    value = request.GET.get(key, "")
    return value if value in dict(offered) else ""


def queues(user: Any, kind: OrderKind, narrowed: tuple[str, str], by: Speech) -> list[Queue]:
    """A queue for each state that somebody still has to do something in."""
    area, clock = narrowed
    rows = seen(user).filter(STILL, kind=kind.key)
    if area:
        rows = rows.filter(in_area(area))
    if clock:
        rows = rows.filter(by_clock(clock, by.now))
    return [queue(user, kind, key, rows, by) for key in to_do(kind)]


def queue(user: Any, kind: OrderKind, state: str, rows: QuerySet[Any], by: Speech) -> Queue:
    """The orders in a state, the most pressing first."""
    here = rows.filter(state=state)
    count = capped(here, MOST_COUNTED)
    cards = [card(user, one, by, state == kind.first) for one in pressing(here)]
    return Queue(state, kind.states[state].label, min(count, MOST_COUNTED), count > MOST_COUNTED, cards,
                 f"{reverse('orders')}?kind={kind.key}&state={state}")


def pressing(rows: QuerySet[Any]) -> list[Any]:
    """The first to show: those that are due soonest, then those without a limit, each found by an index."""
    due = list(rows.filter(due_at__isnull=False).order_by("due_at", "pk")[:MOST_CARDS])
    return [*due, *rows.filter(due_at=None).order_by("pk")[:MOST_CARDS - len(due)]]


def patches_of(user: Any, kind: OrderKind) -> list[Patch]:
    """Open orders by district, those with most first."""
    late = Count("pk", filter=Q(due_at__lt=timezone.now()))
    here = seen(user).filter(STILL, kind=kind.key).order_by()
    rows = here.values("area").annotate(count=Count("pk"), late=late)
    found = [Patch(row["area"], area_name(row["area"]), row["count"], row["late"],
                   f"{reverse('order-board')}?kind={kind.key}&area={row['area']}") for row in rows]
    return sorted(found, key=lambda one: (-one.count, one.code))


def offices_of(user: Any, area: str) -> list[tuple[int, str, str]]:
    """Offices an order may be given to: number, name, kind in words."""
    if user.role not in DISPATCHING and not user.is_superuser:
        return []
    rows = Office.objects.visible_to(user)
    if area and not area.endswith("0000"):
        rows = rows.filter(Q(area=area) | Q(area__endswith="0000"))
    return [(one.pk, one.name, one.get_kind_display()) for one in rows]


urls = [*twin("orders/board", board, "order-board")]
