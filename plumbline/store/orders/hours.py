"""Office hours, as reminders keep them."""

from datetime import datetime

from plumbline.kernel import Catalog
from plumbline.kernel.calendar import moment, stamp_of
from plumbline.store.orders.clocks import calendar_now


def opening(now: datetime, catalog: Catalog | None = None) -> datetime:
    """The moment itself while offices are open, else when they open next."""
    stamp = stamp_of(now)
    opens = calendar_now(catalog).opening(stamp)
    return now if opens == stamp else moment(opens)
