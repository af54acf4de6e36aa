"""Notices sent by e-mail: each at most once, tried again where the server refuses it, never at night where they need not be."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.db.models import F

from plumbline.kernel import Catalog
from plumbline.store.declarations.reading import catalog as catalog_now
from plumbline.store.orders.hours import opening
from plumbline.store.orders.recipients import WAITING
from plumbline.store.orders.tables import Asker, Notice, Order
from plumbline.store.people.tables import User

SENDING, SENT, FAILED, DROPPED = "sending", "sent", "failed", ""
# minutes till an e-mail that could not be sent is tried again; then it is given up
PAUSES = (1, 5, 30, 120)
# minutes till a server that cannot be reached is asked again; that is no fault of the e-mail's
AWAY = 5
# one that was being sent so long ago was cut off: nobody knows whether it went out, so it is not sent again
CUT_OFF = timedelta(minutes=10)
CUT_OFF_SAYS = "发送时程序中断，不知是否送达；没有再发。"
SUBJECT = "准绳：{}"
BODY = "{}\n\n请登录准绳查看。这是系统自动发出的邮件，请勿回复。\n"
ASKER_BODY = "{}\n\n请凭编号和查询码查看办理情况。这是系统自动发出的邮件，请勿回复。\n"


def mail(now: datetime, most: int = 200, catalog: Catalog | None = None) -> int:
    """Send e-mails that wait, each at most once; how many were sent.

    Killed  one that was being sent is given up as unknown: it may have gone out. Those that wait still wait
    Failed  tried again after 1, 5, 30, 120 minutes, then given up; where the server is away, all wait
    Stale   a reminder of a clock that runs no more, or to an office that has the order no more, is not sent;
            one of office hours waits for them
    """
    Notice.objects.filter(mail=SENDING, next_at__lte=now - CUT_OFF).update(mail=FAILED, next_at=None, trouble=CUT_OFF_SAYS)
    waiting = list(Notice.objects.filter(mail=WAITING, next_at__lte=now).order_by("next_at", "pk")[:most])
    if not waiting:
        return 0
    ready = _ready(waiting, now, catalog or catalog_now())
    connection = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        Notice.objects.filter(pk__in=[one.pk for one in ready], mail=WAITING).update(
            next_at=now + timedelta(minutes=AWAY), trouble=_said(error))
        return 0
    try:
        return sum(_mailed(connection, one, addresses, now) for one, addresses in _addressed(ready))
    finally:
        connection.close()


def _ready(waiting: list[Notice], now: datetime, catalog: Catalog) -> list[Notice]:
    """Those that still hold and may go out at this hour; the others are dropped, or wait for the office to open."""
    orders = Order.objects.in_bulk({one.order_id for one in waiting if one.clock})
    open_at, found = opening(now, catalog), []
    for one in waiting:
        order = orders.get(one.order_id)
        if one.clock and not (order and _runs(one, order)):
            Notice.objects.filter(pk=one.pk, mail=WAITING).update(mail=DROPPED, next_at=None)
        elif order and open_at > now and _office_hours(one, order, catalog):
            Notice.objects.filter(pk=one.pk, mail=WAITING).update(next_at=open_at)
        else:
            found.append(one)
    return found


def _runs(one: Notice, order: Order) -> bool:
    """Whether a reminder still holds: its clock runs, and the office it goes to still has the order."""
    return order.clocks.get(one.clock, {}).get("on") == "running" and one.office_id in (None, order.office_id)


def _office_hours(one: Notice, order: Order, catalog: Catalog) -> bool:
    kind = catalog.orders.get(order.kind)
    clock = kind.clocks.get(one.clock) if kind else None
    return clock is not None and any(level.key == one.level and level.hours == "office" for level in clock.levels)


def _addressed(waiting: list[Notice]) -> Iterator[tuple[Notice, list[str]]]:
    """Notices with the addresses they go to, looked up for all of them at once."""
    own = dict(User.objects.filter(is_active=True, pk__in=[one.user_id for one in waiting]).values_list("pk", "email"))
    offices: dict[int | None, list[str]] = {}
    people = User.objects.filter(is_active=True, office__in=[one.office_id for one in waiting]).exclude(email="").order_by("pk")
    for office, address in people.values_list("office", "email"):
        offices.setdefault(office, []).append(address)
    asking = [one.order_id for one in waiting if one.user_id is None and one.office_id is None]
    askers = dict(Asker.objects.filter(order__in=asking).values_list("order", "email"))
    for one in waiting:
        single = own.get(one.user_id) if one.user_id else askers.get(one.order_id)
        yield one, offices.get(one.office_id, []) if one.office_id else [single] if single else []


def _mailed(connection: Any, one: Notice, addresses: list[str], now: datetime) -> bool:
    """Send one e-mail, claimed first, so that no two workers send it."""
    claimed = Notice.objects.filter(pk=one.pk, mail=WAITING, next_at__lte=now)
    if not addresses:
        claimed.update(mail=DROPPED, next_at=None)
        return False
    if not claimed.update(mail=SENDING, next_at=now, tries=F("tries") + 1):
        return False
    trouble = _sent(connection, one, addresses)
    again = PAUSES[one.tries] if trouble and one.tries < len(PAUSES) else None
    Notice.objects.filter(pk=one.pk, mail=SENDING).update(
        mail=WAITING if again else FAILED if trouble else SENT, trouble=trouble,
        next_at=now + timedelta(minutes=again) if again else None)
    return not trouble


def _sent(connection: Any, one: Notice, addresses: list[str]) -> str:
    """Send one e-mail; what went wrong, empty where nothing did."""
    body = (BODY if one.user_id or one.office_id else ASKER_BODY).format(one.text)
    to, hidden = (addresses, []) if len(addresses) == 1 else ([], addresses)
    subject = SUBJECT.format(" ".join(one.text.split())[:80])
    try:
        EmailMessage(subject, body, to=to, bcc=hidden, connection=connection).send()
    except (OSError, SMTPException, ValueError) as error:
        connection.close()
        return _said(error)
    return ""


def _said(error: Exception) -> str:
    return f"{type(error).__name__}：{error}"[:200]
