"""Money of policies put together: applied, approved, paid, back; by policy, street, month. What is promised is the rule's."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Substr, TruncMonth
from django.utils import timezone

from plumbline.store.grants.tables import HELD, LIVE, Award, Budget

NOTHING = Decimal(0)
APPROVED = (*HELD, "paid", "clawed")
PAID = ("paid", "clawed")


@dataclass(frozen=True, slots=True)
class Part:
    """How many, and yuan; amounts nobody knows yet are counted and not summed: `unknown` of them."""

    count: int
    yuan: Decimal
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Money:
    """Money of a policy, a street, a month, or of all.

    key    number of the policy, code of the street, `2020-05`; label in words
    paid   what went out, whatever came back; `back` what came back
    """

    key: str
    label: str
    applied: Part
    approved: Part
    paid: Part
    back: Part


def _sums(rows: Any) -> Any:
    """What is added up of awards."""
    told = {"applied": Q(state__in=(*LIVE, "clawed")), "approved": Q(state__in=APPROVED), "paid": Q(state__in=PAID)}
    every = {f"{name}_count": Count("pk", filter=which) for name, which in told.items()}
    every |= {f"{name}_yuan": Sum("amount", filter=which) for name, which in told.items()}
    every |= {"applied_unknown": Count("pk", filter=told["applied"] & Q(amount=None)),
              "back_count": Count("pk", filter=Q(back__gt=0)), "back_yuan": Sum("back")}
    return rows, every


def _money(key: str, label: str, told: dict[str, Any]) -> Money:
    parts = {name: Part(told[f"{name}_count"], told[f"{name}_yuan"] or NOTHING, told.get(f"{name}_unknown", 0))
             for name in ("applied", "approved", "paid", "back")}
    return Money(key, label, **parts)


def total(user: Any, policy: int | None = None) -> Money:
    """All money of the user's area, or that of one policy there."""
    rows, every = _sums(_seen(user, policy))
    return _money("", "合计", rows.aggregate(**every))


def by(user: Any, way: str, policy: int | None = None) -> list[Money]:
    """Money by policy, by street or by the month of payment (what is not paid has no month).

    Raises  KeyError for another way
    """
    rows = _seen(user, policy)
    key = {"policy": F("policy"), "street": Substr("place", 1, 9), "month": TruncMonth("paid_on")}[way]
    rows = rows.filter(state__in=PAID) if way == "month" else rows
    grouped, every = _sums(rows.annotate(at=key).values("at").order_by("at"))
    titles = dict(rows.values_list("policy", "title").order_by("policy").distinct()) if way == "policy" else {}
    return [_money(_key(way, one["at"]), titles.get(one["at"], ""), one) for one in grouped.annotate(**every)]


def _key(way: str, at: Any) -> str:
    if way == "month":
        return f"{at:%Y-%m}" if at else ""
    return str(at or "")


def _seen(user: Any, policy: int | None) -> Any:
    rows = Award.objects.visible_to(user)
    return rows if policy is None else rows.filter(policy=policy)


def budgets(user: Any, policies: Iterable[int] | None = None) -> Any:
    """Budgets of the user's area, the newest first."""
    rows = Budget.objects.visible_to(user)
    return rows if policies is None else rows.filter(policy__in=list(policies))


def days_to_cash(user: Any, policy: int | None = None) -> Decimal | None:
    """Mean days from application to money; None where nothing was paid."""
    rows = _seen(user, policy).filter(state__in=PAID, paid_on__isnull=False)
    days = [(paid - timezone.localdate(asked)).days for paid, asked in rows.values_list("paid_on", "asked_at").iterator()]
    return Decimal(sum(days)) / len(days) if days else None
