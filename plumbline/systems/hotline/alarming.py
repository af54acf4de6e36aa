"""Watches where this hour's requests went, for the dispatcher's board: nothing is kept, each look counts anew."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from plumbline.store.models import Order
from plumbline.systems.hotline.proposing import KIND
from plumbline.systems.hotline.watching import WEEKS, watch

HOUR = timedelta(hours=1)
# lines shown at once: a flood to one office is also a fall of many others
MOST = 4


def alarms_now(user: Any, now: datetime | None = None) -> tuple[str, ...]:
    """What a person has to look at: the last 60 minutes of what he sees against the same of the eight weeks before.

    Cost  nine counts by an index, over as many requests as came in nine hours
    """
    end = now or timezone.now()
    ends = [end - timedelta(weeks=back) for back in range(WEEKS + 1)]
    hours = {one: sent for one in ends if (sent := sent_until(user, one)) or one == end}
    return tuple(alarm.why for alarm in watch(hours, end)[:MOST])


def sent_until(user: Any, end: datetime) -> dict[str, int]:
    """Requests of the hour before a moment by the office that received them first, as far as a person sees them."""
    rows = Order.objects.visible_to(user).filter(
        kind=KIND, opened_at__gt=end - HOUR, opened_at__lte=end, first_office__isnull=False)
    return dict(rows.order_by().values_list("first_office__name").annotate(Count("pk")))
