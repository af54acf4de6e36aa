"""Decisions on applications: a move of the order and the money it takes or frees, in one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Unpack

from django.db import transaction

from plumbline.kernel import ZONE, BadInput, Conflict, Finding, NotAllowed
from plumbline.store.grants import budgets
from plumbline.store.grants.tables import HELD, Award, Budget
from plumbline.store.journal.writing import Write, record
from plumbline.store.orders.access import hats
from plumbline.store.orders.moving import Moved, move, move_many, possible
from plumbline.store.orders.setting import At, kind_in, setting
from plumbline.store.orders.tables import Order
from plumbline.store.words import bad

# moves that take money of a budget, and those that give it back
RESERVES, RELEASES = ("approve", "confirm"), ("refuse", "withdraw")
MANY = 500
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Taken:
    """An award and what is taken for it: from which budget, how much, yuan."""

    award: Award
    budget: Budget
    amount: Decimal


@transaction.atomic
def act(user: Any, order: Order, key: str, told: Mapping[str, Any], version: int, **at: Unpack[At]) -> Order:
    """A declared move of an application: approved, its money is reserved; over, it is free again.

    Without   an award, as those taken in from elsewhere are, it is moved alone: no money is reserved, and no run pays it
    Locks     the award, its budget, the order, the journal: in this order for everybody
    Raises    BadInput where no budget holds it, or it has not enough left: nobody is promised what is not there
    """
    award = Award.objects.select_for_update(of=("self",)).filter(order=order.pk).first()
    if award is None:
        return move(user, order.pk, key, told, version, **at)
    catalog, now = setting(at)
    if key in RESERVES:
        # who may not make the move is told nothing of budgets
        possible(kind_in(catalog, order.kind), order, key, hats(user, order))
        taken = _fitting(award, order.number, amount_of(award, told), budgets.held([award.policy], _day(now)))
        if key == "approve":
            told = {**told, "amount": str(taken.amount)}
        moved = move(user, order.pk, key, told, version, **at)
        _reserve(user, [taken], now)
        return moved
    if key in RELEASES:
        Budget.objects.select_for_update(of=("self",)).filter(pk=award.budget_id).first()
    moved = move(user, order.pk, key, told, version, **at)
    if key in RELEASES:
        _release(user, award)
    return moved


def amount_of(award: Award, told: Mapping[str, Any]) -> Decimal:
    """What is to be approved, yuan; another amount than the rule reckons needs a reason."""
    typed = str(told.get("amount") or "").strip()
    amount = budgets.yuan(typed) if typed else award.amount
    if amount is None or amount <= 0:
        raise bad("award.amount", "金额", "规则算不出这一件的金额；请填写核定金额（元）和理由。")
    if award.amount != amount and not str(told.get("reason") or "").strip():
        reckoned = "算不出" if award.amount is None else f"是 {award.amount} 元"
        raise bad("award.reason", "理由", f"按规则{reckoned}，核定为 {amount} 元；请写明理由。")
    return amount


def _fitting(award: Award, number: str, amount: Decimal, known: Sequence[Budget]) -> Taken:
    """Where the money comes from; BadInput where there is none, or not enough."""
    budget = budgets.of(known, award.policy, award.area)
    if budget is None:
        raise bad("budget.absent", number, f"{number}：「{award.title}」没有可用的预算；请先设定预算，再批准。")
    if budget.left < amount:
        raise bad("budget.over", number, f"{number}：要 {amount} 元，「{award.title}」预算只剩 {budget.left} 元；没有批准。")
    return Taken(award, budget, amount)


def _reserve(user: Any, some: Sequence[Taken], now: datetime) -> None:
    by_budget: dict[int, list[Taken]] = {}
    for one in some:
        by_budget.setdefault(one.budget.pk, []).append(one)
        if one.award.amount != one.amount:
            Award.objects.filter(pk=one.award.pk).update(amount=one.amount)
    for budget, taken in by_budget.items():
        Award.objects.filter(pk__in=[one.award.pk for one in taken]).update(
            state="reserved", budget=budget, approved_at=now, approved_by=user)
    sums = {budget: (sum((one.amount for one in taken), NOTHING), NOTHING, NOTHING) for budget, taken in by_budget.items()}
    record(user, *[Write("award.reserve", "award", one.award.pk, {"state": "asked"},
                         {"state": "reserved", "amount": str(one.amount), "budget": one.budget.pk}, area=one.award.area)
                   for one in some], *budgets.shift(sums))


def _release(user: Any, award: Award) -> None:
    before = {"state": award.state}
    writes = []
    if award.state in HELD and award.budget_id is not None and award.amount is not None:
        writes = budgets.shift({award.budget_id: (-award.amount, NOTHING, NOTHING)})
    award.state = "void"
    award.save(update_fields=["state"])
    record(user, Write("award.release", "award", award.pk, before, {"state": "void"}, area=award.area), *writes)


def act_many(user: Any, order_ids: Iterable[int], key: str, told: Mapping[str, Any], **at: Unpack[At]) -> Moved:
    """One move of many applications, each with its money; those that cannot are named, the others move.

    Killed  some hundred are one transaction: each moved with its money reserved, or not at all
    """
    numbers = sorted(set(order_ids))
    if key in RELEASES:
        return _one_by_one(user, numbers, key, told, at)
    if key not in RESERVES:
        return move_many(user, numbers, key, told, **at)
    if told.get("amount") or told.get("persons"):
        raise bad("award.bulk", "金额", "成批批准按各件算出的金额办理，不能统一填金额或人数；要改金额的请逐件办理。")
    done, refused = 0, list[Finding]()
    for start in range(0, len(numbers), MANY):
        many = _some(user, numbers[start:start + MANY], key, told, at)
        done, refused = done + many.done, refused + list(many.refused)
    return Moved(done, tuple(refused))


@transaction.atomic
def _some(user: Any, numbers: Sequence[int], key: str, told: Mapping[str, Any], at: At) -> Moved:
    _, now = setting(at)
    orders = _able(user, numbers, key, at)
    rows = Award.objects.select_for_update(of=("self",)).filter(order__in=list(orders), state="asked").order_by("pk")
    awards = {one.order_id: one for one in rows}
    known = budgets.held({one.policy for one in awards.values()}, _day(now))
    taken, refused = _fit(awards, orders, known)
    others = [number for number in numbers if number not in awards]
    moved = move_many(user, [*taken, *others], key, told, **at)
    stands = set(Order.objects.filter(pk__in=list(taken), state="approved").values_list("pk", flat=True))
    _reserve(user, [one for number, one in taken.items() if number in stands], now)
    return Moved(moved.done, (*refused, *moved.refused))


def _able(user: Any, numbers: Sequence[int], key: str, at: At) -> dict[int, str]:
    """The orders of which this person may make the move, and their numbers: of others nothing is said, not even of budgets."""
    catalog, _ = setting(at)
    orders = Order.objects.visible_to(user).filter(pk__in=numbers, kind__in=list(catalog.orders))
    wanted = ((one, catalog.orders[one.kind].moves.get(key)) for one in orders)
    return {one.pk: one.number for one, move in wanted if move and hats(user, one) & set(move.by)}


def _fit(awards: Mapping[int, Award], numbers: Mapping[int, str], known: Sequence[Budget]
         ) -> tuple[dict[int, Taken], list[Finding]]:
    """Those that the budgets hold, one after another as they came; and why the others do not fit."""
    taken, refused, left = dict[int, Taken](), list[Finding](), {one.pk: one.left for one in known}
    for order, award in awards.items():
        try:
            one = _fitting(award, numbers[order], amount_of(award, {}), known)
            if left[one.budget.pk] < one.amount:
                raise bad("budget.over", numbers[order],
                          f"{numbers[order]}：要 {one.amount} 元，预算只剩 {left[one.budget.pk]} 元；没有批准。")
        except BadInput as error:
            refused += error.findings
        else:
            left[one.budget.pk] -= one.amount
            taken[order] = one
    return taken, refused


def _one_by_one(user: Any, numbers: Sequence[int], key: str, told: Mapping[str, Any], at: At) -> Moved:
    done, refused = 0, list[Finding]()
    for order in Order.objects.visible_to(user).filter(pk__in=numbers).order_by("pk"):
        try:
            act(user, order, key, told, order.version, **at)
        except (BadInput, Conflict, NotAllowed) as error:
            refused.append(Finding("order.bulk", order.number, f"{order.number}：{error}"))
        else:
            done += 1
    return Moved(done, tuple(refused))


def _day(now: datetime) -> date:
    return now.astimezone(ZONE).date()
