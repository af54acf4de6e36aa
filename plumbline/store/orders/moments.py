"""Instants as notices and stories say them, in our own time."""

from datetime import datetime, timedelta

from django.utils import timezone


def hour_of(at: datetime) -> str:
    """An instant as a notice says it; midnight belongs to the day it ends.

    >>> from plumbline.kernel import ZONE
    >>> hour_of(datetime(2020, 1, 6, tzinfo=ZONE)), hour_of(datetime(2020, 1, 5, 9, 30, tzinfo=ZONE))
    ('1月5日24时', '1月5日09:30')
    """
    local = timezone.localtime(at)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        day = local - timedelta(days=1)
        return f"{day.month}月{day.day}日24时"
    return f"{local.month}月{local.day}日{local:%H:%M}"


def minute_of(at: datetime | None) -> str | None:
    """An instant as the story keeps it, in our own time, to the minute; None for none."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else None
