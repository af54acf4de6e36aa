"""Budgets: set by one person, put into force by another, and never passed: every approval takes its money under a lock."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from plumbline.kernel import BY_CODE, Conflict, Finding, NotAllowed, inside
from plumbline.store.grants.tables import ASKED, DONE, REFUSED, Budget, BudgetChange
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import may, require
from plumbline.store.words import longest, plain, reason, refuse, text_trouble

KEPT = ("policy", "area", "amount", "reserved", "paid", "source", "since", "until")
MOST = Decimal(10) ** 15
# an amount below MOST as people write it; no 1e3, no signs
YUAN = re.compile(r"[0-9]{1,15}(\.[0-9]{0,2})?")
WIDE = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
ABSENT = "没有这笔预算，或者您无权操作；没有保存任何改动。"
SAME = "预算由一个人提出、另一个人决定：这一笔是您自己提出的；没有保存任何改动。"
STALE = "这笔预算刚被他人处理；没有保存您的操作，请刷新后再看。"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A budget as somebody asks to set it: yuan, the paper it comes from, the days it may be spent on."""

    policy: int
    title: str
    area: str
    amount: Decimal
    source: str
    since: date
    until: date | None = None


def yuan(text: Any, label: str = "金额") -> Decimal:
    """An amount of yuan that was typed, exact to a cent; BadInput where it is none.

    >>> yuan("1,234.5")
    Decimal('1234.50')
    """
    plain_text = str(text).translate(WIDE).replace(",", "").strip()
    if not YUAN.fullmatch(plain_text):
        refuse([Finding("money.amount", label, f"「{str(text)[:30]}」不是金额；请以元为单位填写，最多两位小数，如 12345.60。")])
    return Decimal(plain_text).quantize(Decimal("0.01"))


@transaction.atomic
def ask(user: Any, wanted: Wanted, why: str, now: datetime | None = None) -> BudgetChange:
    """Ask to set the budget of a policy in an area; it counts once another person says so.

    Raises  NotAllowed; BadInput with every finding; Conflict where one is waiting already
    """
    require(user, "pay", wanted.area)
    why = reason(why)
    refuse(_troubles(wanted))
    budget, fresh = Budget.objects.select_for_update(of=("self",)).get_or_create(
        policy=wanted.policy, area=wanted.area, since=wanted.since,
        defaults={"title": wanted.title, "source": wanted.source, "until": wanted.until})
    if not fresh and wanted.until not in (None, budget.until):
        refuse([Finding("budget.days", "止", f"这笔预算{f'到 {budget.until} 为止' if budget.until else '没有截止日期'}，"
                        "不能在这里改；请不填，或者另立一笔起始日期不同的预算。")])
    if budget.changes.filter(state=ASKED).exists():
        raise Conflict("这笔预算已有一项改动在等待决定；没有再提。请先决定那一项。")
    if wanted.amount < budget.reserved + budget.paid:
        refuse([Finding("budget.below", "预算", f"已批未付和已拨付共 {budget.reserved + budget.paid} 元，预算不能少于它。")])
    made = BudgetChange.objects.create(budget=budget, before=budget.amount, amount=wanted.amount, source=wanted.source, why=why,
                                       asked_by=user, asked_at=now or timezone.now())
    record(user, Write("budget.ask", "budget", budget.pk, {"amount": str(budget.amount)},
                       {"amount": str(made.amount), "source": made.source}, why, budget.area))
    return made


def _troubles(wanted: Wanted) -> Iterable[Finding]:
    if wanted.area not in BY_CODE:
        yield Finding("budget.area", "地区", "没有这个地区；请从列表中选择。")
    if not wanted.source.strip():
        yield Finding("budget.source", "资金文件", "请写明资金下达文件的名称和文号。")
    elif trouble := text_trouble("资金文件", wanted.source, longest(Budget, "source")):
        yield Finding("budget.source", "资金文件", trouble)
    if wanted.until is not None and wanted.until < wanted.since:
        yield Finding("budget.days", "止", "截止日期早于起始日期；请更正。")


@transaction.atomic
def decide(user: Any, change_id: int, agreed: bool, answer: str = "", now: datetime | None = None) -> BudgetChange:
    """Put a change into force, or not; another person than the one who asked.

    Raises  NotAllowed, Conflict where it is decided already, BadInput where the money is spent meanwhile
    """
    one = BudgetChange.objects.filter(pk=change_id).first()
    if one is None or not may(user, "pay", one.budget.area):
        raise NotAllowed(ABSENT)
    budget = Budget.objects.select_for_update(of=("self",)).get(pk=one.budget_id)
    one = BudgetChange.objects.select_for_update(of=("self",)).get(pk=change_id)
    if one.state != ASKED:
        raise Conflict(STALE)
    if one.asked_by_id == user.pk:
        raise NotAllowed(SAME)
    answer = reason(answer, needed=not agreed)
    before = plain(budget, KEPT)
    if agreed:
        if one.amount < budget.reserved + budget.paid:
            refuse([Finding("budget.below", "预算", f"已批未付和已拨付共 {budget.reserved + budget.paid} 元，预算不能少于它。")])
        budget.amount, budget.source, budget.version = one.amount, one.source, budget.version + 1
        budget.save()
    one.state, one.decided_by, one.decided_at, one.answer = DONE if agreed else REFUSED, user, now or timezone.now(), answer
    one.save()
    record(user, Write("budget.decide" if agreed else "budget.refuse", "budget", budget.pk, before, plain(budget, KEPT),
                       answer or one.why, budget.area))
    return one


def held(policies: Iterable[int], day: date) -> list[Budget]:
    """The budgets of policies that may be spent on a day, locked to the end of the transaction, in one order for everybody."""
    rows = Budget.objects.select_for_update(of=("self",)).filter(_in_force(day), policy__in=list(policies))
    return list(rows.order_by("pk"))


def open_on(policy: int, day: date) -> list[Budget]:
    """The budgets of a policy that may be spent on a day, to be shown only: they may be less by now."""
    return list(Budget.objects.filter(_in_force(day), policy=policy))


def _in_force(day: date) -> Q:
    """Those of a day that somebody agreed to: one that is only asked for stands before none."""
    return Q(since__lte=day, version__gt=0) & (Q(until=None) | Q(until__gte=day))


def of(budgets: Iterable[Budget], policy: int, area: str) -> Budget | None:
    """The budget an award of an area is paid from: the narrowest one that holds it, the newest of these."""
    fitting = [one for one in budgets if one.policy == policy and inside(area, one.area)]
    return max(fitting, key=lambda one: (len(one.area.rstrip("0")), one.since), default=None)


def shift(moves: Mapping[int, tuple[Decimal, Decimal, Decimal]]) -> list[Write]:
    """Move money of budgets: reserved, paid, back to add, by budget; their rows are locked by now. What the journal is told."""
    writes = []
    for budget in Budget.objects.select_for_update(of=("self",)).filter(pk__in=sorted(moves)).order_by("pk"):
        reserved, paid, back = moves[budget.pk]
        before = plain(budget, ("reserved", "paid", "back"))
        budget.reserved, budget.paid, budget.back = budget.reserved + reserved, budget.paid + paid, budget.back + back
        budget.save(update_fields=["reserved", "paid", "back"])
        writes.append(Write("budget.spend", "budget", budget.pk, before, plain(budget, ("reserved", "paid", "back")),
                            area=budget.area))
    return writes
