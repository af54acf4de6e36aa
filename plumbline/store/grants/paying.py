"""Payment runs: made of what is approved by one person, approved by another, taken apart again before anything is sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Unpack

from django.db import transaction

from plumbline.kernel import Conflict, Finding, NotAllowed, scope
from plumbline.store.grants.tables import Award, BankAccount, PaymentLine, PaymentRun
from plumbline.store.journal.writing import Write, record
from plumbline.store.orders.moving import move_many
from plumbline.store.orders.numbering import next_numbers, year_of
from plumbline.store.orders.setting import At, setting
from plumbline.store.people.roles import may, require
from plumbline.store.words import bad, plain, reason, refuse

# lines of one run: what a bank takes at once
MOST = 5_000
PREFIX = "BF"
KEPT = ("number", "state", "count", "total", "sha256")
ABSENT = "没有这个拨付批次，或者您无权操作；没有保存任何改动。"
STALE = "这个拨付批次刚被他人处理；没有保存您的操作，请刷新后再看。"
SAME = "制单和复核要由两个人来做：这一批是您自己制单的；没有保存任何改动。"


@dataclass(frozen=True, slots=True)
class Series:
    """What the numbers of runs begin with."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Made:
    """A run that was made, and those left out of it, each with why."""

    run: PaymentRun
    left_out: tuple[Finding, ...]


def payable(user: Any, policy: int | None = None) -> Any:
    """Awards that may be put into a run: approved, or sent back by the bank; of the user's area."""
    rows = Award.objects.visible_to(user).filter(state__in=("reserved", "failed"), amount__gt=0)
    return rows.filter(policy=policy) if policy is not None else rows


@transaction.atomic
def make(user: Any, area: str, title: str, awards: Iterable[int] | None = None, policy: int | None = None,
         **at: Unpack[At]) -> Made:
    """Make a run of awards of an area: those named, or all that can be paid of a policy; the first MOST of them.

    Left out  who has no account, and whom the bank sent back to an account that was not put right since
    Raises    NotAllowed, BadInput where none is left
    """
    require(user, "pay", area)
    _, now = setting(at)
    title = reason(title)
    rows = Award.objects.select_for_update(of=("self",)).filter(
        state__in=("reserved", "failed"), amount__gt=0, area__startswith=scope(area))
    rows = rows.filter(policy=policy) if policy is not None else rows
    rows = rows.filter(pk__in=list(awards)) if awards is not None else rows
    found = list(rows.order_by("pk")[:MOST])
    accounts, left_out = _accounts(found)
    paid = [one for one in found if one.pk in accounts]
    if not paid:
        raise bad("run.empty", "批次", "没有可以列入的申请：要先批准，并登记好收款账户。"
                  + "".join(f" {one.message}" for one in left_out[:5]))
    run = _run(user, area, title, paid, now)
    run.policy = policy
    run.save(force_insert=True)
    PaymentLine.objects.bulk_create([
        PaymentLine(run=run, n=n, award=one, account=accounts[one.pk], amount=one.amount) for n, one in enumerate(paid, 1)])
    _become([one.pk for one in paid], "listed")
    _all_moved(move_many(None, [one.order_id for one in paid], "list", {"reason": f"拨付批次 {run.number}"}, **at), len(paid))
    record(user, Write("run.make", "paymentrun", run.pk, None,
                       plain(run, KEPT) | {"awards": [one.pk for one in paid]}, title, area))
    return Made(run, tuple(left_out))


def _run(user: Any, area: str, title: str, paid: Sequence[Award], now: datetime) -> PaymentRun:
    [number] = next_numbers(Series(PREFIX), year_of(now))
    total = sum((one.amount or Decimal(0) for one in paid), Decimal(0))
    return PaymentRun(number=number, area=area, title=title, count=len(paid), total=total, made_by=user, made_at=now)


def _accounts(awards: Sequence[Award]) -> tuple[dict[int, BankAccount], list[Finding]]:
    """The account of each award; and who has none, or one that failed."""
    keys = {one.key for one in awards}
    stand = {(one.table, one.key): one for one in BankAccount.objects.filter(key__in=keys, until_at=None)}
    failed = set(PaymentLine.objects.filter(award__in=[one.pk for one in awards], state="failed")
                 .values_list("award_id", "account_id"))
    found, left = dict[int, BankAccount](), list[Finding]()
    for one in awards:
        account = stand.get((one.table, one.key))
        if account is None:
            left.append(Finding("run.account", one.key, f"{one.key} 没有登记收款账户；登记后再列入。"))
        elif (one.pk, account.pk) in failed:
            left.append(Finding("run.failed", one.key, f"{one.key} 的收款账户被银行退汇过，还没有更正；更正后再列入。"))
        else:
            found[one.pk] = account
    return found, left


def _become(awards: Sequence[int], state: str) -> None:
    Award.objects.filter(pk__in=awards).update(state=state)


def _all_moved(moved: Any, wanted: int) -> None:
    """Nothing of a run is kept where one of its orders cannot follow."""
    if moved.done != wanted:
        refuse(moved.refused)


def run_of(user: Any, run_id: int, version: int, states: tuple[str, ...]) -> PaymentRun:
    """A run, locked; NotAllowed, in the same words, where there is none this person may pay; Conflict where it moved on."""
    run = PaymentRun.objects.select_for_update(of=("self",)).filter(pk=run_id).first()
    if run is None or not may(user, "pay", run.area):
        raise NotAllowed(ABSENT)
    if run.version != version or run.state not in states:
        raise Conflict(STALE)
    return run


@transaction.atomic
def approve(user: Any, run_id: int, version: int, **at: Unpack[At]) -> PaymentRun:
    """Let a run go to the bank; another person than the one who made it."""
    _, now = setting(at)
    run = run_of(user, run_id, version, ("made",))
    if run.made_by_id == user.pk:
        raise NotAllowed(SAME)
    before = plain(run, KEPT)
    run.state, run.approved_by, run.approved_at, run.version = "approved", user, now, run.version + 1
    run.save()
    record(user, Write("run.approve", "paymentrun", run.pk, before, plain(run, KEPT), area=run.area))
    return run


@transaction.atomic
def cancel(user: Any, run_id: int, version: int, why: str, **at: Unpack[At]) -> PaymentRun:
    """Take a run apart that was not sent: its awards are approved again, their money stays reserved."""
    why = reason(why)
    run = run_of(user, run_id, version, ("made", "approved"))
    before = plain(run, KEPT)
    awards = list(Award.objects.select_for_update(of=("self",)).filter(lines__run=run).order_by("pk"))
    run.lines.update(state="dropped", why=why[:200])
    _become([one.pk for one in awards], "reserved")
    moved = move_many(None, [one.order_id for one in awards], "unlist", {"reason": f"批次 {run.number} 取消：{why}"[:300]}, **at)
    _all_moved(moved, len(awards))
    run.state, run.version = "cancelled", run.version + 1
    run.save()
    record(user, Write("run.cancel", "paymentrun", run.pk, before, plain(run, KEPT), why, run.area))
    return run


def lines_of(user: Any, run: PaymentRun) -> Any:
    """The lines of a run, with what is shown of them; accounts masked by who shows them."""
    return PaymentLine.objects.visible_to(user).filter(run=run).select_related("award__order", "account").order_by("n")

