"""Booking what the bank says: each line once, its award paid or sent back, the budget moved; all of a return, or nothing."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Unpack

from django.db import transaction

from plumbline.kernel import ZONE, Finding
from plumbline.store.grants import budgets
from plumbline.store.grants.bank import Answer, answers, line_key
from plumbline.store.grants.paying import KEPT, run_of
from plumbline.store.grants.tables import Award, PaymentLine, PaymentRun
from plumbline.store.journal.writing import Write, record
from plumbline.store.orders.moving import move_many
from plumbline.store.orders.setting import At, setting
from plumbline.store.words import plain, refuse

NOTHING = Decimal(0)
# by budget, what to add to what is reserved, paid, back
Shifts = dict[int, tuple[Decimal, Decimal, Decimal]]
SAYS = {"paid": "成功", "failed": "失败"}


@dataclass(frozen=True, slots=True)
class Booked:
    """What came of a return: lines booked now as paid and as failed, those booked before, and those still to come."""

    paid: int
    failed: int
    before: int
    waiting: int


@transaction.atomic
def book(user: Any, run_id: int, version: int, data: bytes, **at: Unpack[At]) -> Booked:
    """Book a return of a run that was sent. The same return again books nothing more.

    Locks   the run, its awards, their budgets, the orders, the journal
    Raises  NotAllowed, Conflict; BadInput with every line that is wrong, or says otherwise than was booked: nothing is kept
    """
    _, now = setting(at)
    run = run_of(user, run_id, version, ("sent", "booked"))
    told = answers(run, data, now.astimezone(ZONE).date())
    rows = run.lines.select_for_update(of=("self",)).filter(n__in=[one.n for one in told])
    lines = {one.n: one for one in rows.order_by("n")}
    refuse(_contradictions(run, told, lines))
    new = [one for one in told if lines[one.n].state == "waiting"]
    writes = budgets.shift(_booked(new, lines, now))
    _orders(new, lines, run, at)
    waiting = run.lines.filter(state="waiting").count()
    before = plain(run, KEPT)
    if new and not waiting:
        run.state, run.booked_at = "booked", now
    run.version += bool(new)
    run.save()
    paid = sum(one.state == "paid" for one in new)
    found = Booked(paid, len(new) - paid, len(told) - len(new), waiting)
    _journal(user, run, before, (data, found), new, writes)
    return found


def _contradictions(run: PaymentRun, told: Iterable[Answer], lines: Mapping[int, PaymentLine]) -> Iterable[Finding]:
    for one in told:
        stands = lines[one.n].state
        if stands not in ("waiting", one.state):
            key = line_key(run, one.n)
            yield Finding("return.other", key, f"{key} 已按“{SAYS[stands]}”入账，这次写的是“{SAYS[one.state]}”；请向银行核实。")


def _booked(new: Sequence[Answer], lines: Mapping[int, PaymentLine], now: datetime) -> Shifts:
    """Lines and awards as they are after it, saved, those alike together; what moves in each budget: reserved, paid, back."""
    ids = [lines[one.n].award_id for one in new]
    budget_of = dict(Award.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").values_list("pk", "budget"))
    sums: Shifts = {}
    for (state, day, why), some in _alike(new, now).items():
        paid_on = day if state == "paid" else None
        PaymentLine.objects.filter(pk__in=[lines[one.n].pk for one in some]).update(
            state=state, why=why, booked_at=now, paid_on=paid_on)
        Award.objects.filter(pk__in=[lines[one.n].award_id for one in some]).update(state=state, paid_on=paid_on)
        for one in some if state == "paid" else ():
            line = lines[one.n]
            reserved, paid, back = sums.get(budget_of[line.award_id], (NOTHING, NOTHING, NOTHING))
            sums[budget_of[line.award_id]] = (reserved - line.amount, paid + line.amount, back)
    return sums


def _alike(new: Iterable[Answer], now: datetime) -> dict[tuple[str, date | None, str], list[Answer]]:
    """Answers that say the same, together: state, day of payment, why it failed."""
    found: dict[tuple[str, date | None, str], list[Answer]] = {}
    for one in new:
        paid = one.state == "paid"
        found.setdefault((one.state, day_of(one, now) if paid else None, "" if paid else one.why), []).append(one)
    return found


def day_of(one: Answer, now: datetime) -> date:
    """The day money arrived: as the bank says, else today."""
    return one.day or now.astimezone(ZONE).date()


def _orders(new: Sequence[Answer], lines: Mapping[int, PaymentLine], run: PaymentRun, at: At) -> None:
    """Move the orders, those alike together."""
    _, now = setting(at)
    numbers = dict(Award.objects.filter(pk__in=[lines[one.n].award_id for one in new]).values_list("pk", "order_id"))
    for (state, day, why), some in _alike(new, now).items():
        told = {"reason": f"批次 {run.number}{f'：{why}' if why else ''}"[:300], **({"paid_on": day.isoformat()} if day else {})}
        ids = [numbers[lines[one.n].award_id] for one in some]
        moved = move_many(None, ids, "pay" if state == "paid" else "bounce", told, **at)
        if moved.done != len(ids):
            refuse(moved.refused)


def _journal(user: Any, run: PaymentRun, before: dict[str, Any], came: tuple[bytes, Booked], new: Sequence[Answer],
             writes: Sequence[Write]) -> None:
    data, found = came
    after = plain(run, KEPT) | {"return_sha256": hashlib.sha256(data).hexdigest(), "paid": found.paid, "failed": found.failed,
                                "before": found.before, "lines": [one.n for one in new]}
    record(user, Write("run.book", "paymentrun", run.pk, before, after, area=run.area), *writes)
