"""Knocks at doors that are open to everybody, counted in the database: all processes of the server count together."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from plumbline.store.people.tables import Knock

KEPT_SECONDS = 24 * 60 * 60


def knock(door: str, who: str, seconds: int, now: datetime) -> int:
    """Count a knock; how many there were, this one too, in the stretch of so many seconds that `now` lies in."""
    since, digest = _since(seconds, now), digest_of(who)
    rows = Knock.objects.filter(door=door, who=digest, since=since)
    if not rows.update(count=F("count") + 1):
        Knock.objects.filter(since__lt=since - KEPT_SECONDS).delete()
        try:
            with transaction.atomic():
                Knock.objects.create(door=door, who=digest, since=since, count=1)
        except IntegrityError:  # another process was quicker
            rows.update(count=F("count") + 1)
    return knocks(door, who, seconds, now)


def knocks(door: str, who: str, seconds: int, now: datetime) -> int:
    """How many knocks there were in the stretch `now` lies in."""
    rows = Knock.objects.filter(door=door, who=digest_of(who), since=_since(seconds, now))
    return rows.values_list("count", flat=True).first() or 0


def digest_of(who: str) -> str:
    """What is kept of who knocked."""
    return salted_hmac("plumbline.knock", who.encode("utf-8", "replace"), algorithm="sha256").hexdigest()


def _since(seconds: int, now: datetime) -> int:
    at = int(now.timestamp())
    return at - at % seconds
