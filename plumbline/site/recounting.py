"""What documents print is counted again when records change, so that a sent report is marked without anybody looking."""

import logging
import signal
import time

from django.utils import timezone

from plumbline.engine.refresh import refresh
from plumbline.kernel import Conflict, PlumblineError
from plumbline.site.aside import Aside
from plumbline.store import declarations, figures, plans
from plumbline.store.models import Figure, Head

LONGEST_SECONDS = 600
# at most so often: each change of a long table costs a pass over it
PAUSE_SECONDS = 2.0
log = logging.getLogger("plumbline.recounting")


class Recounting:
    """Counts again whenever the journal has grown; every change of a record or of a declaration is in it."""

    def __init__(self) -> None:
        self.seen = -1
        self.at = 0.0
        self.aside = Aside(apart, LONGEST_SECONDS)

    def take_up(self) -> bool:
        """Count again in a process of its own where anything was written since the last time; whether it was done."""
        last = Head.objects.values_list("seq", flat=True).first() or 0
        if last == self.seen or time.monotonic() - self.at < PAUSE_SECONDS:
            return False
        self.aside.begin()
        self.aside.wait()
        self.seen, self.at = last, time.monotonic()
        return True


def apart() -> None:
    """Count again, in this process."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        recount()
    except Conflict:
        log.info("somebody published the same figures; they stand")
    except PlumblineError:
        log.exception("figures that documents print could not be counted again")


def recount() -> int:
    """Count every figure that a document prints, or a target is held against, anew; how many numbers changed."""
    catalog = declarations.catalog()
    rows = [row for row in Figure.objects.filter(cites__isnull=False).distinct() if row.indicator in catalog.indicators]
    standing = figures.standing(rows)
    keys = {(row.indicator, row.area, row.period, figures.counted(row).cell): standing.get(row.pk) for row in rows}
    for target in plans.tied():
        for indicator, area, period, cell in plans.wanted(target, timezone.localdate()):
            if indicator in catalog.indicators:
                keys.setdefault((indicator, area, period, cell), figures.current(indicator, area, period))
    now = refresh(catalog, keys, "记录有更新")
    return sum(before is not None and not figures.same_value(before, now[key]) for key, before in keys.items())
