"""The last yuan, and the same firm, wanted by many at once: never over, never twice, and each of them is told."""

from decimal import Decimal

import pytest

from plumbline.kernel import BadInput, Conflict
from plumbline.store.grants import applying, paying
from plumbline.store.grants.tables import Award, Budget, PaymentRun
from plumbline.store.grants.tests.made import (
    SETTING,
    account,
    act,
    applied,
    approved,
    booked,
    budget,
    cast,
    offer,
    returned,
    row,
    sent,
)
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Order
from plumbline.store.tests.made import DISTRICT
from plumbline.store.tests.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 200
FIT = 7


def test_two_hundred_approvals_at_once_never_pass_the_budget():
    told = cast()
    budget(told, "7999.99")  # seven of 1005 yuan, and almost an eighth
    applying.automatic(told.first, offer(automatic=True, office=told.office.pk), map(row, range(MANY)), "免申即享", **SETTING)
    answers = at_once(*[lambda one=one: act(told.holder, one, "confirm") for one in Award.objects.all()])
    standing = Budget.objects.get()
    assert sum(isinstance(one, BadInput) for one in answers) == MANY - FIT
    assert (standing.reserved, Award.objects.filter(state="reserved").count()) == (FIT * Decimal("1005.00"), FIT)
    assert Order.objects.filter(state="approved").count() == FIT
    assert Entry.objects.filter(action="award.reserve").count() == FIT
    assert verify().broken is None


def test_the_last_money_goes_to_one_of_many():
    told = cast()
    budget(told, "1005")
    waiting = [act(told.holder, applied(told, n), "take") for n in range(6)]
    answers = at_once(*[lambda one=one: act(told.first, one, "approve") for one in waiting])
    assert sum(isinstance(one, BadInput) for one in answers) == 5
    assert Budget.objects.get().reserved == Decimal("1005.00")


def test_one_firm_applying_many_times_at_once_applies_once():
    told = cast()
    answers = at_once(*[lambda: applied(told, 1)] * 6)
    assert sum(isinstance(one, Conflict) for one in answers) == 5
    assert (Award.objects.count(), Order.objects.count()) == (1, 1)
    assert verify().broken is None


def test_an_award_comes_into_one_of_many_runs_made_at_once():
    told = cast()
    budget(told)
    awards = [approved(told, n).pk for n in (1, 2)]
    answers = at_once(*[lambda: paying.make(told.first, DISTRICT, "第一批", awards, **SETTING)] * 4)
    assert sum(isinstance(one, BadInput) for one in answers) == 3
    assert PaymentRun.objects.get().count == 2


def test_a_return_booked_by_many_at_once_pays_once():
    told = cast()
    budget(told)
    account(told, 1)
    paid = sent(told, approved(told, 1), approved(told, 2))
    back = returned(paid.run, "成功", "成功")
    at_once(*[lambda: booked(told, paid.run, back)] * 4)
    standing = Budget.objects.get()
    assert (standing.reserved, standing.paid) == (0, Decimal("2010.00"))
    assert Entry.objects.filter(action="order.pay").count() == 2
    assert verify().broken is None
