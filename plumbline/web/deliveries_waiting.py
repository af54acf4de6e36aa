"""Deliveries on their way: handed in, and not taken yet; the same list for every kind of table."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from plumbline.kernel import Table
from plumbline.store import deliveries
from plumbline.store.deliveries import Delivery

# how long one that came to nothing is told of, and how many are told at most
DAYS_TOLD, MOST_TOLD = 7, 50
UNDONE = Q(state__in=deliveries.HELD)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A delivery on its way."""

    key: int
    name: str
    state: str
    state_key: str
    by: str
    at: datetime


def waiting_of(user: Any, table: Table) -> list[WaitingRow]:
    """What a person sees of a table's deliveries that are undone, or came to nothing in the last days; at most MOST_TOLD."""
    recent = UNDONE | Q(handed_at__gte=timezone.now() - timedelta(days=DAYS_TOLD))
    rows = Delivery.objects.visible_to(user).filter(recent, table=table.key).exclude(state="received").select_related("handed_by")
    return [WaitingRow(one.pk, one.name, one.get_state_display(), one.state, str(one.handed_by), one.handed_at)
            for one in rows[:MOST_TOLD]]
