"""What the pages of services have alike: orders a person sees, streets by name, offices to choose, money in print."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from plumbline.kernel import ZONE
from plumbline.kernel.printing import printed_amount
from plumbline.store.models import Office, Order
from plumbline.web.listing import Filter

STREET = 9


def seen(user: Any, kind: str) -> QuerySet[Order]:
    """Orders of a kind this person sees, the newest first."""
    return Order.objects.visible_to(user).filter(kind=kind).select_related("office").order_by("-pk")


def street_names(codes: Iterable[str]) -> dict[str, str]:
    """Streets by code: the name of the office that looks after one, else its code."""
    wanted = {code[:STREET] for code in codes if code}
    known = dict(Office.objects.filter(kind="street", place__in=wanted).values_list("place", "name"))
    return {code: known.get(code, code) for code in wanted}


def holding(key: str, label: str, choices: Iterable[str]) -> Filter:
    """A filter by a field of orders that is chosen from a list."""
    return Filter(key, label, ("fields__contains",), tuple((one, one) for one in choices), read=lambda told: f'"{key}":"{told}"')


def states_of(kind: Any) -> Filter:
    """A filter by the states of a kind of order."""
    return Filter("state", "状态", ("state",), tuple((one.key, one.label) for one in kind.states.values()))


def day_of(told: Any) -> date | None:
    """A day as an order keeps it in a field; None where there is none."""
    return date.fromisoformat(told) if told else None


def on(at: datetime | None) -> date | None:
    """The day of an instant, here."""
    return at.astimezone(ZONE).date() if at else None


def number_of(told: Any) -> Decimal | None:
    """A number as an order or an entry keeps it; None where there is none."""
    return Decimal(str(told)) if told not in (None, "") else None


def money(yuan: Decimal | None) -> str:
    """Yuan in print; what is not known is said so.

    >>> money(Decimal(1_234_000)), money(Decimal(75_200_000_000)), money(None)
    ('123.4万元', '752亿元', '未填')
    """
    return "未填" if yuan is None else printed_amount(yuan, "元", 2).text


def text_in(order: Order, key: str) -> str:
    """A field of an order as text; empty where it has none."""
    return str(order.fields.get(key) or "")
