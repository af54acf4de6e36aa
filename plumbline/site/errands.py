"""What orders need while nobody looks: reminders when their time has come, e-mails and webhooks sent, old names dropped."""

import logging
import signal
from datetime import timedelta

from django.utils import timezone

from plumbline.kernel import PlumblineError
from plumbline.site.aside import Turns
from plumbline.store.models import Notice, Order, WebhookDelivery
from plumbline.store.orders.mailing import mail
from plumbline.store.orders.personal import forget
from plumbline.store.orders.sweeping import sweep
from plumbline.store.orders.webhooks import send, thin
from plumbline.store.parties import bindings
from plumbline.store.parties.sending import deliver, due

PAUSE_SECONDS = 5.0
LONGEST_SECONDS = 300
# days the log of webhooks is kept
LOG_DAYS = 180
log = logging.getLogger("plumbline.errands")


def waiting() -> bool:
    """Whether any reminder, e-mail, webhook or word of a policy is due."""
    now = timezone.now()
    return (Order.objects.filter(next_at__lte=now).exists()
            or Notice.objects.filter(mail="waiting", next_at__lte=now).exists()
            or WebhookDelivery.objects.filter(state="waiting", next_at__lte=now).exists() or due(now))


def apart() -> None:
    """Run them, in this process; reminders first, since e-mails tell of them."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for errand in (sweep, mail, send, deliver):
        try:
            errand(timezone.now())
        except PlumblineError:
            log.exception("%s could not be done", errand.__name__)


def errands_in_turn() -> Turns:
    """Errands run whenever any are due, beside what else the worker does."""
    return Turns(waiting, apart, LONGEST_SECONDS, PAUSE_SECONDS)


def daily() -> int:
    """Drop who asked of orders whose day has come, what webhooks were sent long ago, evidence of accounts long over; how many."""
    now = timezone.now()
    return forget(timezone.localdate()) + thin(now - timedelta(days=LOG_DAYS)) + bindings.forget(now)
