"""The demo's firms as they are served now: an account that speaks for one, what it asks, visits, a pack, a loan."""

from collections.abc import Mapping

from django.conf import settings
from django.utils import timezone

from plumbline.store.models import User
from plumbline.systems.enterprise import rehearsal

WHO = rehearsal.WHO


def begin(people: Mapping[str, User]) -> int:
    """Let the demo's people serve some firms now; once. How many orders are new."""
    return rehearsal.begin(people, settings.CATALOG, timezone.now())
