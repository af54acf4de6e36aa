"""Marks the pages of orders use."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse

from plumbline.store import orders
from plumbline.store.orders.moments import hour_of
from plumbline.store.people import may
from plumbline.web.orders.rows import reads_orders
from plumbline.web.templatetags.systems import offered

register = template.Library()
# an instant as people say it: midnight is 24时 of the day it ends
register.filter("hour", hour_of)
MOST_SHOWN = 99
SENDERS = ("order-board", "order-settings")


@register.simple_tag(takes_context=True)
def order_tabs(context: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The pages of orders this person uses: name, address, words."""
    user = context["request"].user
    every = [("orders", "全部"), *([("order-inbox", "收件箱")] if user.office_id else []), ("order-board", "派单台"),
             *offered(user, "orders"), ("notices", "通知"), ("order-settings", "设置")]
    if user.role == "office" and not user.is_superuser:
        every = [one for one in every if one[0] not in SENDERS]
    if may(user, "order", user.area):
        every.append(("webhooks", "推送"))
    return [(name, reverse(name), words) for name, words in every]


@register.simple_tag(takes_context=True)
def notices_waiting(context: dict[str, Any]) -> int | None:
    """How many notices this person has not seen, up to one more than are shown; None where he gets none. Counted once a page."""
    request = context["request"]
    if not reads_orders(request.user):
        return None
    if not hasattr(request, "notices_waiting"):
        request.notices_waiting = orders.unseen(request.user, MOST_SHOWN + 1)
    found: int = request.notices_waiting
    return found


@register.filter
def share(value: Decimal) -> str:
    """A share in print: 80%."""
    return f"{(value * 100).normalize():f}%"


@register.filter
def of(told: Mapping[str, Any], key: str) -> Any:
    """A part of a mapping, by a key that is a variable."""
    return told.get(key, "")
