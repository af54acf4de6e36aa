"""Money asked back (追回): by one person with a reason, decided by another, booked when it has come."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Unpack

from django.db import transaction

from plumbline.kernel import ZONE, Conflict, NotAllowed
from plumbline.store.grants import budgets
from plumbline.store.grants.tables import ASKED, REFUSED, Award, ClawBack
from plumbline.store.journal.writing import Write, record
from plumbline.store.orders.moving import move_many
from plumbline.store.orders.setting import At, setting
from plumbline.store.people.roles import may
from plumbline.store.words import bad, plain, reason, refuse

KEPT = ("award_id", "amount", "state", "back_on")
NOTHING = Decimal(0)
ABSENT = "没有这一笔，或者您无权操作；没有保存任何改动。"
SAME = "追回由一个人提出、另一个人决定：这一笔是您自己提出的；没有保存任何改动。"
STALE = "这一笔刚被他人处理；没有保存您的操作，请刷新后再看。"


def _award(user: Any, award_id: int) -> Award:
    one = Award.objects.select_for_update(of=("self",)).filter(pk=award_id).first()
    if one is None or not may(user, "pay", one.area):
        raise NotAllowed(ABSENT)
    return one


@transaction.atomic
def ask(user: Any, award_id: int, amount: Decimal, why: str, **at: Unpack[At]) -> ClawBack:
    """Ask for money back, at most what was paid and not given back yet.

    Raises  NotAllowed; BadInput where nothing was paid, or less; Conflict where one is open
    """
    _, now = setting(at)
    award = _award(user, award_id)
    why = reason(why)
    if award.state != "paid" or award.amount is None:
        raise bad("claw.unpaid", "追回", "这一件没有拨付，不必追回；请改用撤回或不予批准。")
    if not 0 < amount <= award.amount - award.back:
        raise bad("claw.amount", "金额", f"追回的金额要大于 0，最多 {award.amount - award.back} 元。")
    if award.claws.filter(state__in=(ASKED, "agreed")).exists():
        raise Conflict("这一件已有一项追回在办理；没有再提。")
    made = ClawBack.objects.create(award=award, amount=amount, why=why, asked_by=user, asked_at=now)
    record(user, Write("claw.ask", "clawback", made.pk, None, plain(made, KEPT), why, award.area))
    return made


def _claw(user: Any, claw_id: int, state: str) -> tuple[ClawBack, Award]:
    one = ClawBack.objects.filter(pk=claw_id).first()
    if one is None:
        raise NotAllowed(ABSENT)
    award = _award(user, one.award_id)
    one = ClawBack.objects.select_for_update(of=("self",)).get(pk=claw_id)
    if one.state != state:
        raise Conflict(STALE)
    return one, award


@transaction.atomic
def decide(user: Any, claw_id: int, agreed: bool, answer: str = "", **at: Unpack[At]) -> ClawBack:
    """Decide on it; another person than the one who asked."""
    _, now = setting(at)
    one, award = _claw(user, claw_id, ASKED)
    if one.asked_by_id == user.pk:
        raise NotAllowed(SAME)
    before, answer = plain(one, KEPT), reason(answer, needed=not agreed)
    one.state, one.decided_by, one.decided_at, one.answer = "agreed" if agreed else REFUSED, user, now, answer
    one.save()
    record(user, Write("claw.decide", "clawback", one.pk, before, plain(one, KEPT), answer or one.why, award.area))
    return one


@transaction.atomic
def book(user: Any, claw_id: int, back_on: date, **at: Unpack[At]) -> ClawBack:
    """Book that it came back. Given back whole, the application is over as clawed back; the money is not spent again."""
    _, now = setting(at)
    one, award = _claw(user, claw_id, "agreed")
    _refuse_day(award, back_on, now)
    before = plain(one, KEPT)
    one.state, one.back_on, one.booked_by = "back", back_on, user
    one.save()
    award.back += one.amount
    whole = award.back == award.amount
    award.state = "clawed" if whole else award.state
    award.save(update_fields=["back", "state"])
    writes = budgets.shift({award.budget_id: (NOTHING, NOTHING, one.amount)}) if award.budget_id is not None else []
    told = {"back": str(award.back), "reason": f"追回 {one.amount} 元：{one.why}"[:300]}
    moved = move_many(None, [award.order_id], "claw" if whole else "take_back", told, **at)
    if not moved.done:
        refuse(moved.refused)
    record(user, Write("claw.book", "clawback", one.pk, before, plain(one, KEPT), one.why, award.area), *writes)
    return one


def _refuse_day(award: Award, back_on: date, now: datetime) -> None:
    if (award.paid_on is not None and back_on < award.paid_on) or back_on > now.astimezone(ZONE).date():
        raise bad("claw.day", "收回日期", "收回日期要在拨付之后、今天或以前；请更正。")
