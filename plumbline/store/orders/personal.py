"""Who asked: shown to those who need it, each look with its reason in the journal; dropped on its day."""

from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from plumbline.kernel import ZONE, Catalog, NotAllowed, OrderKind
from plumbline.store.declarations.reading import catalog as catalog_now
from plumbline.store.journal.writing import Write, record
from plumbline.store.orders.access import ABSENT, hats
from plumbline.store.orders.opening import digits_of, phone_digest
from plumbline.store.orders.steps import OVER
from plumbline.store.orders.tables import Asker, Order
from plumbline.store.people.roles import may, require
from plumbline.store.words import bad, reason

NOBODY = "这件工单没有留下来件人的信息，或者已经按期删除。"
SECRET = "来件人要求对承办单位保密；没有显示。需要联系时请由热线转达。"
MANY = 1000
SHORTEST = 7


@transaction.atomic
def asker_of(user: Any, order_id: int, why: str) -> Asker:
    """Name and telephone of who asked, after a line in the journal says who looked and why.

    Who     those with the action `personal` in its area; the holder while he works on it, unless the person asked him not to
    Raises  NotAllowed, in the same words where there is no such order; BadInput without a reason, or where nobody is known
    """
    order = Order.objects.visible_to(user).filter(pk=order_id).first()
    if order is None:
        raise NotAllowed(ABSENT)
    asker = Asker.objects.filter(order=order).first()
    if not may(user, "personal", order.area):
        if "holder" not in hats(user, order) or order.state_kind not in ("open", "waiting"):
            raise NotAllowed("您没有查看来件人信息的权限；没有显示任何个人信息。")
        if asker and asker.secret:
            raise NotAllowed(SECRET)
    why = reason(why)
    if asker is None:
        raise bad("order.asker", order.number, NOBODY)
    record(user, Write("order.look", "order", order.pk, None, {"number": order.number, "looked": "asker"}, why, order.area))
    return asker


@transaction.atomic
def history_of(user: Any, phone: str) -> QuerySet[Order]:
    """Orders of earlier calls from a telephone, the latest first, as far as this person sees them; the look is journalled.

    Short   fewer than seven digits are no telephone: nothing is looked up
    Raises  NotAllowed for who may not take calls
    """
    require(user, "take", user.area)
    if len(digits_of(phone)) < SHORTEST:
        return Order.objects.none()
    digest = phone_digest(phone)
    found = Order.objects.visible_to(user).filter(asker__phone_digest=digest).order_by("-pk")
    record(user, Write("order.history", "asker", digest[:16], None, {"orders": found.count()}, area=user.area))
    return found


def forget(today: date, catalog: Catalog | None = None) -> int:
    """Drop who asked of orders whose day has come, and what personal fields say of them; how many drops. Some hundred a
    transaction, each journalled.
    """
    done = 0
    while many := _forget_some(today):
        done += many
    for kind in (catalog or catalog_now()).orders.values():
        while many := _empty_some(kind, today):
            done += many
    return done


@transaction.atomic
def _forget_some(today: date) -> int:
    due = Asker.objects.filter(forget_on__lte=today).order_by("pk").values_list("pk", "order_id")[:MANY]
    rows = list(due)
    if rows:
        Asker.objects.filter(pk__in=[pk for pk, _ in rows]).delete()
        record(None, Write("order.forget", "asker", rows[0][0], {"orders": [order for _, order in rows]}, None))
    return len(rows)


@transaction.atomic
def _empty_some(kind: OrderKind, today: date) -> int:
    """Empty the personal fields of orders of a kind that have been over as long as it says."""
    keys = [one.key for one in kind.fields if one.personal]
    if not keys:
        return 0
    filled = reduce(or_, (Q(told__contains=f'"{key}":') for key in keys))
    over = Order.objects.filter(kind=kind.key, state_kind__in=OVER, closed_at__lt=_kept_from(today, kind.delete_months))
    due = over.annotate(told=Cast("fields", TextField())).filter(filled).order_by("pk")
    rows = [one for one in due.select_for_update(of=("self",))[:MANY] if not set(keys).isdisjoint(one.fields)]
    for order in rows:
        order.fields = {key: value for key, value in order.fields.items() if key not in keys}
    if rows:
        Order.objects.bulk_update(rows, ["fields"])
        record(None, Write("order.forget", "order", rows[0].pk, {"orders": [one.pk for one in rows], "fields": keys}, None))
    return len(rows)


def _kept_from(today: date, months: int) -> datetime:
    """What was over before this moment is due to be dropped, as `steps.months_after` says."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return datetime(year, month + 1, 1, tzinfo=ZONE)
