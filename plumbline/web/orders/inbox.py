"""An office's inbox, made for a phone: what it holds, the most pressing first, with moves made by one press."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from plumbline.store.models import Order
from plumbline.web.forms import whole
from plumbline.web.orders.cards import Card, card
from plumbline.web.orders.rows import OPEN, kinds, seen, speech
from plumbline.web.screen import show, twin

SIZE = 20


@dataclass(frozen=True, slots=True)
class Tab:
    """Orders in a state called so: how many, and how many of them late."""

    key: str
    label: str
    count: int
    late: int
    current: bool


@dataclass(frozen=True, slots=True)
class InboxPage:
    """An office's inbox; `office` empty for who belongs to none."""

    office: str
    tabs: list[Tab]
    count: int
    late: int
    cards: list[Card]
    page: int
    more: bool
    state: str


def inbox(request: HttpRequest) -> HttpResponseBase:
    """What the user's office holds."""
    user, by = request.user, speech()
    held = seen(user).filter(office=user.office_id, state_kind__in=OPEN) if user.office_id else Order.objects.none()
    chosen = request.GET.get("state", "")
    tabs = tabs_of(held, chosen)
    known = chosen if any(tab.key == chosen for tab in tabs) else ""
    page = max(whole(request.GET.get("page", "")) or 1, 1)
    shown = held.filter(called(known)) if known else held
    rows = list(shown.order_by(F("due_at").asc(nulls_last=True), "-pk")[(page - 1) * SIZE:page * SIZE + 1])
    screen = InboxPage(str(user.office or ""), tabs, sum(tab.count for tab in tabs), sum(tab.late for tab in tabs),
                       [card(user, one, by) for one in rows[:SIZE]], page, len(rows) > SIZE, known)
    return show(request, screen, "web/order-inbox.html")


def tabs_of(held: Any, chosen: str) -> list[Tab]:
    """The states there are orders in, by the word they are called, in the order declared: kinds may call one key differently."""
    late = Count("pk", filter=Q(due_at__lt=timezone.now()))
    found: dict[str, list[int]] = {}
    for row in held.order_by().values("kind", "state").annotate(count=Count("pk"), late=late):
        kind = kinds().get(row["kind"])
        label = kind.states[row["state"]].label if kind and row["state"] in kind.states else row["state"]
        counts = found.setdefault(label, [0, 0])
        counts[0] += row["count"]
        counts[1] += row["late"]
    words = [state.label for kind in kinds().values() for state in kind.states.values()]
    shown = [label for label in dict.fromkeys([*words, *found]) if label in found]
    return [Tab(label, label, found[label][0], found[label][1], label == chosen) for label in shown]


def called(label: str) -> Q:
    """Orders in a state called so, of whichever kind."""
    states = [Q(kind=kind.key, state=key) for kind in kinds().values() for key, one in kind.states.items() if one.label == label]
    return reduce(or_, states) if states else Q(state=label)


urls = [*twin("orders/inbox", inbox, "order-inbox")]
