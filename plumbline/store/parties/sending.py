"""Words of policies sent by e-mail and webhook: claimed first, tried again where they do not arrive."""

import json
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F

from plumbline.kernel import SourceDown
from plumbline.store.orders.mailing import CUT_OFF, CUT_OFF_SAYS, PAUSES
from plumbline.store.orders.outbound import post
from plumbline.store.orders.recipients import DUMMY
from plumbline.store.orders.webhooks import PAUSES as HOOK_PAUSES
from plumbline.store.orders.webhooks import signature
from plumbline.store.parties.preferences import heard_at
from plumbline.store.parties.tables import FAILED, HOOK, MAIL, SENDING, SENT, WAITING, Preference, Push
from plumbline.store.words import fitted

SUBJECT = "准绳：有一项政策可能适合您的企业"
BODY = ("{}\n\n按名录里的情况，这项政策的条件您的企业都符合。请登录准绳，在「我的企业」里查看逐条理由和申请办法。"
        "\n\n不想再收到这类邮件，可在「接收设置」里关闭。这是系统自动发出的邮件，请勿回复。\n")
NO_MAIL = "本平台没有设置邮件服务器；没有发送。"
UNWANTED = "企业已关闭这一方式；没有发送。"


def deliver(now: datetime, most: int = 200) -> int:
    """Send what waits and may go out at this hour; how many arrived.

    Killed  an e-mail that was being sent is given up as unknown; a webhook's word is sent again under the same number
    Failed  tried again, e-mails after 1, 5, 30, 120 minutes, webhooks also after 720; then given up
    """
    Push.objects.filter(state=SENDING, channel=MAIL, next_at__lte=now - CUT_OFF).update(
        state=FAILED, next_at=None, trouble=CUT_OFF_SAYS)
    Push.objects.filter(state=SENDING, channel=HOOK, next_at__lte=now).update(state=WAITING)
    waiting = list(Push.objects.filter(state=WAITING, next_at__lte=now).order_by("next_at", "pk")[:most])
    known = {(one.table, one.key): one for one in Preference.objects.filter(key__in={one.key for one in waiting})}
    mails = [one for one in waiting if one.channel == MAIL]
    done = _mailed(mails, known, now) if mails else 0
    return done + sum(_hooked(one, known.get((one.table, one.key)), now) for one in waiting if one.channel == HOOK)


def due(now: datetime) -> bool:
    """Whether anything waits to be sent."""
    return Push.objects.filter(state__in=(WAITING, SENDING), next_at__lte=now).exists()


def _mailed(waiting: list[Push], known: dict[tuple[str, str], Preference], now: datetime) -> int:
    if settings.EMAIL_BACKEND == DUMMY:
        Push.objects.filter(pk__in=[one.pk for one in waiting], state=WAITING).update(state=FAILED, next_at=None, trouble=NO_MAIL)
        return 0
    with_server = get_connection()
    try:
        with_server.open()
    except (OSError, SMTPException) as error:
        Push.objects.filter(pk__in=[one.pk for one in waiting], state=WAITING).update(
            next_at=now + timedelta(minutes=PAUSES[1]), trouble=_said(error))
        return 0
    try:
        return sum(_mail(with_server, one, known.get((one.table, one.key)), now) for one in waiting)
    finally:
        with_server.close()


def _mail(with_server: Any, one: Push, told: Preference | None, now: datetime) -> bool:
    if not _claimed(one, told, told.mail if told else "", now, now):
        return False
    trouble = ""
    try:
        EmailMessage(SUBJECT, BODY.format(one.title), to=[told.mail if told else ""], connection=with_server).send()
    except (OSError, SMTPException, ValueError) as error:
        with_server.close()
        trouble = _said(error)
    return _settled(one, trouble, PAUSES, now)


def _hooked(one: Push, told: Preference | None, now: datetime) -> bool:
    # taken up again at this time where the process is killed meanwhile
    again = now + timedelta(minutes=HOOK_PAUSES[min(one.tries, len(HOOK_PAUSES) - 1)])
    if not _claimed(one, told, told.hook if told else "", now, again) or told is None:
        return False
    body = json.dumps({"policy": one.policy, "version": one.version, "key": one.key, "title": one.title,
                       "at": one.made_at.isoformat()}, ensure_ascii=False, sort_keys=True).encode()
    seconds = str(int(now.timestamp()))
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Plumbline",
               "X-Plumbline-Delivery": f"push-{one.pk}", "X-Plumbline-Time": seconds,
               "X-Plumbline-Signature": f"sha256={signature(told.secret, seconds, body)}"}
    try:
        answer = post(told.hook, body, headers, settings.WEBHOOKS_PRIVATE)
    except SourceDown as error:
        return _settled(one, str(error), HOOK_PAUSES, now)
    trouble = "" if 200 <= answer.status < 300 else f"对方应答 {answer.status}：{answer.text}"
    return _settled(one, trouble, HOOK_PAUSES, now)


def _claimed(one: Push, told: Preference | None, address: str, now: datetime, until: datetime) -> bool:
    """Whether a word is ours to send now: nobody else sends it, the party still wants it, and it is no quiet hour."""
    mine = Push.objects.filter(pk=one.pk, state=WAITING, next_at__lte=now)
    if told is None or not address:
        mine.update(state=FAILED, next_at=None, trouble=UNWANTED)
        return False
    if (heard := heard_at(told, now)) > now:
        mine.update(next_at=heard)
        return False
    return bool(mine.update(state=SENDING, next_at=until, tries=F("tries") + 1))


def _settled(one: Push, trouble: str, pauses: tuple[int, ...], now: datetime) -> bool:
    again = pauses[one.tries] if trouble and one.tries < len(pauses) else None
    Push.objects.filter(pk=one.pk, state=SENDING).update(
        state=WAITING if again else FAILED if trouble else SENT, trouble=fitted(Push, "trouble", trouble),
        sent_at=None if trouble else now, next_at=now + timedelta(minutes=again) if again else None)
    return not trouble


def _said(error: Exception) -> str:
    return f"{type(error).__name__}：{error}"[:200]
