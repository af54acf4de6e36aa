"""Two people at one application, budget, run or claw-back at the same moment: one does it, and money agrees with the orders."""

from datetime import date
from decimal import Decimal

import pytest

from plumbline.kernel import BadInput, Conflict
from plumbline.store.grants import bank, budgets, clawing, paying
from plumbline.store.grants.tables import Award, BankAccount, Budget, BudgetChange, ClawBack, PaymentRun
from plumbline.store.grants.tests.made import (
    BACK,
    NOW,
    POLICY,
    SETTING,
    account,
    act,
    applied,
    approved,
    booked,
    budget,
    cast,
    firm,
    returned,
    sent,
)
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Order
from plumbline.store.tests.made import DISTRICT
from plumbline.store.tests.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ONE = Decimal("1005.00")
LATER = SETTING | {"now": BACK}


def refusals(answers):
    """How many were told that another was quicker."""
    return sum(isinstance(one, (BadInput, Conflict)) for one in answers)


def test_two_examiners_approve_once():
    told = cast()
    budget(told)
    one = act(told.holder, applied(told), "take")
    answers = at_once(lambda: act(told.first, one, "approve"), lambda: act(told.second, one, "approve"))
    assert (refusals(answers), Budget.objects.get().reserved) == (1, ONE)
    assert Entry.objects.filter(action="award.reserve").count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_a_firm_that_withdraws_beside_the_approval_leaves_nothing_reserved(attempt):
    told, by = cast(), firm(1)
    budget(told)
    one = act(told.holder, applied(told, 1, by), "take")
    at_once(lambda: act(told.first, one, "approve"), lambda: act(by, one, "withdraw"))
    state, order = Award.objects.get().state, Order.objects.get().state
    assert (state, order, Budget.objects.get().reserved) in (("reserved", "approved", ONE), ("void", "withdrawn", 0))


@pytest.mark.parametrize("attempt", range(3))
def test_a_budget_lowered_beside_an_approval_never_falls_below_it(attempt):
    told = cast()
    budget(told)
    one = act(told.holder, applied(told), "take")
    wanted = budgets.Wanted(POLICY, "稳岗补贴（虚构）", DISTRICT, Decimal(1), "虚构资金文件", date(2020, 1, 1))
    change = budgets.ask(told.first, wanted, "压减", now=NOW)
    answers = at_once(lambda: budgets.decide(told.second, change.pk, True, now=NOW), lambda: act(told.first, one, "approve"))
    standing = Budget.objects.get()
    assert refusals(answers) == 1
    assert (standing.amount, standing.reserved) in ((Decimal(1), 0), (Decimal(100000), ONE))


def test_a_run_approved_and_taken_apart_at_once_is_one_of_both():
    told = cast()
    budget(told)
    run = paying.make(told.first, DISTRICT, "一批", [approved(told).pk], **SETTING).run
    answers = at_once(lambda: paying.approve(told.second, run.pk, 0, **SETTING),
                      lambda: paying.cancel(told.first, run.pk, 0, "重做", **SETTING))
    assert refusals(answers) == 1
    assert (PaymentRun.objects.get().state, Award.objects.get().state) in (("approved", "listed"), ("cancelled", "reserved"))


def test_a_file_handed_out_beside_taking_the_run_apart_pays_nobody_who_was_let_go():
    told = cast()
    budget(told)
    run = paying.make(told.first, DISTRICT, "一批", [approved(told).pk], **SETTING).run
    paying.approve(told.second, run.pk, 0, **SETTING)
    answers = at_once(lambda: bank.handed_out(told.first, run.pk, 1, **SETTING),
                      lambda: paying.cancel(told.second, run.pk, 1, "重做", **SETTING))
    assert refusals(answers) == 1
    assert (PaymentRun.objects.get().state, Award.objects.get().state) in (("sent", "listed"), ("cancelled", "reserved"))


def test_money_is_asked_back_decided_and_booked_once():
    told = cast()
    budget(told)
    paid = sent(told, approved(told))
    booked(told, paid.run, returned(paid.run, "成功"))
    award = Award.objects.get().pk
    assert refusals(at_once(*[lambda: clawing.ask(told.first, award, ONE, "多发", **LATER)] * 3)) == 2
    claw = ClawBack.objects.get().pk
    assert refusals(at_once(*[lambda: clawing.decide(told.second, claw, True, **LATER)] * 3)) == 2
    assert refusals(at_once(*[lambda: clawing.book(told.first, claw, date(2020, 6, 5), **LATER)] * 3)) == 2
    assert (Budget.objects.get().back, Award.objects.get().back, Order.objects.get().state) == (ONE, ONE, "clawed")
    assert verify().broken is None


def test_an_account_said_by_two_at_once_stands_once():
    told, numbers = cast(), ("6222000011112222", "6222000033334444")
    answers = at_once(*[lambda number=number: account(told, 1, number=number) for number in numbers])
    assert [one for one in answers if isinstance(one, Exception) and not isinstance(one, Conflict)] == []
    assert BankAccount.objects.filter(until_at=None).count() == 1


def test_a_budget_asked_for_by_two_at_once_is_asked_for_once():
    told = cast()
    wanted = budgets.Wanted(POLICY, "稳岗补贴（虚构）", DISTRICT, Decimal(1), "虚构资金文件", date(2020, 1, 1))
    answers = at_once(*[lambda who=who: budgets.ask(who, wanted, "下达", now=NOW) for who in (told.first, told.second)])
    assert sum(isinstance(one, Conflict) for one in answers) == 1
    assert BudgetChange.objects.count() == 1
