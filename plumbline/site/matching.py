"""Published policies are matched again when they, the roll or the day have changed, so that their pages are quick."""

import logging
import signal
import time
from datetime import date

from django.utils import timezone

from plumbline.engine.matching import match, outdated
from plumbline.kernel import PlumblineError
from plumbline.site.aside import Aside
from plumbline.store import declarations
from plumbline.store.models import Head, PolicyMatch

LONGEST_SECONDS = 900
# at most so often: a delivery of a roll writes many entries
PAUSE_SECONDS = 3.0
log = logging.getLogger("plumbline.matching")


class Matching:
    """Matches in a process of its own whenever the journal has grown or a day has begun, beside what else the worker does."""

    def __init__(self) -> None:
        self.seen: tuple[int, date] | None = None
        self.at = 0.0
        self.aside = Aside(apart, LONGEST_SECONDS)

    def take_up(self) -> bool:
        """Begin where anything may wait; whether it was begun."""
        if self.aside.under_way() or time.monotonic() - self.at < PAUSE_SECONDS:
            return False
        now = (Head.objects.values_list("seq", flat=True).first() or 0, timezone.localdate())
        unfinished = PolicyMatch.objects.filter(state__in=("waiting", "running")).exists()
        if now == self.seen and not unfinished:
            return False
        self.seen, self.at = now, time.monotonic()
        if not outdated(declarations.catalog(), now[1]):
            return False
        self.aside.begin()
        return True


def apart() -> None:
    """Match, in this process."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        match(declarations.catalog(), timezone.localdate())
    except PlumblineError:
        log.exception("policies could not be matched")
