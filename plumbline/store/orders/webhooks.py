"""Webhooks: addresses of other systems that are told when orders move; each word logged, signed, and sent again till it arrives.

    X-Plumbline-Delivery   number of the word: one that comes twice bears the same
    X-Plumbline-Time       seconds since 1970
    X-Plumbline-Signature  sha256=…: HMAC-SHA256, by the webhook's secret, of the time, a dot and the body

A word says which order moved where. It says nothing of who asked, nor what: title, text and reply are read by the API.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Unpack

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from plumbline.kernel import Catalog, Conflict, Finding, NotAllowed, SourceDown, inside
from plumbline.store.declarations.reading import catalog as catalog_now
from plumbline.store.journal.writing import Write, record
from plumbline.store.orders.outbound import post, trouble_of
from plumbline.store.orders.setting import At, setting
from plumbline.store.orders.tables import Order, OrderMove, Webhook, WebhookDelivery
from plumbline.store.people.roles import may, require
from plumbline.store.people.tables import Office
from plumbline.store.words import bad, fitted, longest, plain, reason, refuse, text_trouble

ABSENT = "没有这个推送地址，或者您无权操作；没有保存任何改动。"
STALE = "这个推送地址刚被他人修改；没有保存您的操作，请刷新后再改。"
MOST = 20
PARTS = {"label": "名称", "address": "网址", "kinds": "工单类别", "moves": "动作"}
KEPT = ("label", "address", "area", "kinds", "moves", "retired_at")
WAITING, SENT, FAILED = "waiting", "sent", "failed"
# minutes till a word that did not arrive is sent again; then it is given up
PAUSES = (1, 5, 30, 120, 720)
RETIRED = "推送地址已停用；没有再发。"


@transaction.atomic
def save(user: Any, told: Mapping[str, Any], webhook_id: int | None = None, version: int | None = None,
         **at: Unpack[At]) -> Webhook:
    """A new webhook, or one changed; its secret is made once and stays.

    told    label, address, kinds (keys of kinds of order; empty: all), moves (keys of moves; empty: all)
    Raises  NotAllowed, BadInput with every finding, Conflict where another person changed it meanwhile
    """
    catalog, now = setting(at)
    if webhook_id is None:
        require(user, "order", user.area)
        one = Webhook(area=user.area, secret=secrets.token_urlsafe(32), made_by=user, made_at=now)
        if Webhook.objects.filter(area=user.area, retired_at=None).count() >= MOST:
            raise bad("webhook.many", "推送地址", f"在用的推送地址已有 {MOST} 个；请先停用不再使用的。没有新增。")
    else:
        one = _own(user, webhook_id)
        if version is not None and version != one.version or one.retired_at:
            raise Conflict(STALE)
        one.version += 1
    before = plain(one, KEPT) if one.pk else None
    _put(one, told, catalog)
    one.save()
    action = "webhook.edit" if before else "webhook.create"
    record(user, Write(action, "webhook", one.pk, before, plain(one, KEPT), area=one.area))
    return one


def _put(one: Webhook, told: Mapping[str, Any], catalog: Catalog) -> None:
    """Put what is told into a webhook; BadInput with every finding."""
    one.label, one.address = (" ".join(str(told.get(name, "")).split()) for name in ("label", "address"))
    one.kinds, one.moves = (sorted({str(each) for each in told.get(name) or ()}) for name in ("kinds", "moves"))
    found = [Finding(f"webhook.{name}", PARTS[name], trouble) for name in ("label", "address")
             if (trouble := text_trouble(PARTS[name], getattr(one, name), longest(Webhook, name)))]
    if not one.label:
        found.append(Finding("webhook.label", "名称", "请写明推送给哪个系统。"))
    if trouble := trouble_of(one.address):
        found.append(Finding("webhook.address", "网址", trouble))
    moves = {move for kind in catalog.orders.values() for move in kind.moves} | {"open"}
    for name, known in (("kinds", set(catalog.orders)), ("moves", moves)):
        if strange := sorted(set(getattr(one, name)) - known):
            found.append(Finding(f"webhook.{name}", PARTS[name], f"没有「{'、'.join(strange)[:100]}」；请从列表中选择。"))
    refuse(found)


@transaction.atomic
def retire(user: Any, webhook_id: int, why: str, now: datetime | None = None) -> Webhook:
    """Stop a webhook; what waits is not sent. One that is stopped already stays as it is."""
    one, why = _own(user, webhook_id), reason(why)
    if one.retired_at is None:
        before = plain(one, KEPT)
        one.retired_at, one.version = now or timezone.now(), one.version + 1
        one.save()
        one.deliveries.filter(state=WAITING).update(state=FAILED, next_at=None, answer=RETIRED)
        record(user, Write("webhook.retire", "webhook", one.pk, before, plain(one, KEPT), why, one.area))
    return one


@transaction.atomic
def again(user: Any, delivery_id: int, now: datetime | None = None) -> WebhookDelivery:
    """Send a word again that was given up; it counts its tries from the beginning."""
    hook = WebhookDelivery.objects.filter(pk=delivery_id).values_list("webhook", flat=True).first()
    webhook = _own(user, hook or 0)
    one = WebhookDelivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
    if one.state != FAILED or webhook.retired_at:
        raise Conflict("只有没有送达、地址仍在使用的推送可以重发；请刷新后再看。")
    one.state, one.tries, one.next_at = WAITING, 0, now or timezone.now()
    one.save()
    record(user, Write("webhook.again", "webhookdelivery", one.pk, {"state": FAILED}, {"state": WAITING}, area=webhook.area))
    return one


def _own(user: Any, webhook_id: int) -> Webhook:
    """The webhook, locked; NotAllowed, in the same words, where there is none or the user may not."""
    one = Webhook.objects.select_for_update(of=("self",)).filter(pk=webhook_id).first()
    if one is None or not may(user, "order", one.area):
        raise NotAllowed(ABSENT)
    return one


def queue(order: Order, row: OrderMove, catalog: Catalog | None = None) -> list[WebhookDelivery]:
    """Put a word of a step into the queue of every webhook that wants it; inside the step's transaction."""
    return queue_all([(order, row)], catalog)


def queue_all(pairs: Iterable[tuple[Order, OrderMove]], catalog: Catalog | None = None) -> list[WebhookDelivery]:
    """Put words of steps into the queues, inside their transaction: three queries, however many there are."""
    hooks = list(Webhook.objects.filter(retired_at=None).order_by("pk"))
    if not hooks:
        return []
    catalog, steps = catalog or catalog_now(), list(pairs)
    names = dict(Office.objects.filter(pk__in={order.office_id for order, _ in steps} - {None}).values_list("pk", "name"))
    return WebhookDelivery.objects.bulk_create([
        WebhookDelivery(webhook=hook, order=order, move=row.move, body=_body(order, row, catalog, names), next_at=row.at,
                        made_at=row.at)
        for order, row in steps for hook in hooks if _wants(hook, order, row)])


def _wants(hook: Webhook, order: Order, row: OrderMove) -> bool:
    return (inside(order.area, hook.area) and (not hook.kinds or order.kind in hook.kinds)
            and (not hook.moves or row.move in hook.moves))


def _body(order: Order, row: OrderMove, catalog: Catalog, offices: Mapping[int, str]) -> str:
    """What a word says: the order's number and where it stands, the step; no personal thing, no text."""
    kind = catalog.orders.get(order.kind)
    state = kind.states.get(order.state) if kind else None
    told = {
        "number": order.number, "kind": order.kind, "move": row.move, "label": row.label, "at": row.at.isoformat(),
        "state": order.state, "state_label": state.label if state else "", "state_kind": order.state_kind, "area": order.area,
        "place": order.place, "topic": order.topic, "urgency": order.urgency,
        "office": offices.get(order.office_id), "due_at": order.due_at.isoformat() if order.due_at else None}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def send(now: datetime, most: int = 100) -> int:
    """Send words that wait; how many arrived.

    Killed  a word that was on its way is sent again after its pause, under the same number
    Failed  sent again after 1, 5, 30, 120, 720 minutes, then given up. Where an address does not answer, all that waits
            for it waits a minute more, so that it holds up nobody else's
    """
    done, down = 0, set[int]()
    waiting = WebhookDelivery.objects.filter(state=WAITING, next_at__lte=now).order_by("next_at", "pk")
    for one in waiting.select_related("webhook")[:most]:
        if one.webhook_id in down or not _claimed(one, now):
            continue
        arrived, answers = _delivered(one, now)
        done += arrived
        if not answers:
            down.add(one.webhook_id)
            WebhookDelivery.objects.filter(webhook=one.webhook_id, state=WAITING, next_at__lte=now).update(
                next_at=now + timedelta(minutes=PAUSES[0]))
    return done


def _claimed(one: WebhookDelivery, now: datetime) -> bool:
    """Take a word, so that no other worker sends it: its next time is set before it is sent."""
    pause = PAUSES[min(one.tries, len(PAUSES) - 1)]
    free = WebhookDelivery.objects.filter(pk=one.pk, state=WAITING, next_at__lte=now, tries=one.tries)
    return bool(free.update(tries=F("tries") + 1, next_at=now + timedelta(minutes=pause)))


def _delivered(one: WebhookDelivery, now: datetime) -> tuple[bool, bool]:
    """Send a word that was taken: whether it arrived, and whether anybody answered."""
    body, status, text = one.body.encode(), None, ""
    try:
        answer = post(one.webhook.address, body, headers_of(one, body, now), settings.WEBHOOKS_PRIVATE)
        status, text = answer.status, answer.text
    except SourceDown as error:
        text = str(error)
    arrived = status is not None and 200 <= status < 300
    given_up = not arrived and one.tries >= len(PAUSES)
    told: dict[str, Any] = {"status": status, "answer": fitted(WebhookDelivery, "answer", text)}
    if arrived:
        told |= {"state": SENT, "sent_at": now, "next_at": None}
    elif given_up:
        told |= {"state": FAILED, "next_at": None}
    WebhookDelivery.objects.filter(pk=one.pk, state=WAITING).update(**told)
    return arrived, status is not None


def headers_of(one: WebhookDelivery, body: bytes, now: datetime) -> dict[str, str]:
    """The headers a word goes out with."""
    seconds = str(int(now.timestamp()))
    return {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Plumbline", "X-Plumbline-Delivery": str(one.pk),
            "X-Plumbline-Time": seconds, "X-Plumbline-Signature": f"sha256={signature(one.webhook.secret, seconds, body)}"}


def signature(secret: str, seconds: str, body: bytes) -> str:
    """The signature of a word, as hex."""
    return hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()


def thin(before: datetime) -> int:
    """Drop words that were sent or given up before a moment; how many."""
    return WebhookDelivery.objects.filter(made_at__lt=before).exclude(state=WAITING).delete()[0]
