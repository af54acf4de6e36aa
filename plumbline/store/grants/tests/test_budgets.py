"""Budgets: two people, never below what is promised, never passed."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from plumbline.kernel import CITY, BadInput, Conflict, NotAllowed
from plumbline.store.grants import budgets, examining
from plumbline.store.grants.tables import Award, Budget, BudgetChange
from plumbline.store.grants.tests.made import NOW, POLICY, SETTING, act, applied, approved, budget, cast
from plumbline.store.journal import verify
from plumbline.store.tests.made import DISTRICT, refused

pytestmark = pytest.mark.django_db


def wanted(amount="500", **more):
    """A budget to ask for."""
    return budgets.Wanted(**{"policy": POLICY, "title": "虚构", "area": DISTRICT, "amount": Decimal(amount), "source": "虚构文件",
                             "since": date(2020, 1, 1), **more})


def test_a_budget_counts_once_another_person_says_so():
    told = cast()
    change = budgets.ask(told.first, wanted(), "下达", now=NOW)
    assert Budget.objects.get().amount == 0
    with refused(NotAllowed):
        budgets.decide(told.first, change.pk, True, now=NOW)
    with refused(Conflict):
        budgets.ask(told.second, wanted("600"), "再提", now=NOW)
    budgets.decide(told.second, change.pk, True, now=NOW)
    assert Budget.objects.get().amount == Decimal("500.00")
    with refused(Conflict):
        budgets.decide(told.second, change.pk, True, now=NOW)
    assert verify().broken is None


def test_a_budget_that_is_not_agreed_stays_as_it_was_with_the_reason():
    told = cast()
    standing = budget(told, "500")
    change = budgets.ask(told.first, wanted("900"), "追加", now=NOW)
    with refused(BadInput):
        budgets.decide(told.second, change.pk, False, now=NOW)
    budgets.decide(told.second, change.pk, False, "没有文件", now=NOW)
    standing.refresh_from_db()
    assert (standing.amount, BudgetChange.objects.get(pk=change.pk).state) == (Decimal("500.00"), "refused")


@pytest.mark.parametrize("who", ["holder", "leader", "stranger"])
def test_nobody_else_sets_a_budget(who):
    told = cast()
    with refused(NotAllowed):
        budgets.ask(getattr(told, who), wanted(), "下达", now=NOW)


@pytest.mark.parametrize("more", [{"source": " "}, {"until": date(2019, 1, 1)}, {"area": "000000"}])
def test_a_budget_without_a_paper_or_with_wrong_days_is_refused(more):
    told = cast()
    with refused((BadInput, NotAllowed)):
        budgets.ask(told.first, wanted(**more), "下达", now=NOW)


def test_the_days_of_a_budget_are_not_altered_unseen():
    told = cast()
    budget(told, "500", until=date(2020, 12, 31))
    with refused(BadInput):
        budgets.ask(told.first, wanted("600", until=date(2021, 12, 31)), "延长", now=NOW)
    assert budgets.ask(told.first, wanted("600", until=date(2020, 12, 31)), "追加", now=NOW).amount == 600


def test_a_budget_is_not_set_below_what_is_promised():
    told = cast()
    budget(told, "2000")
    approved(told)
    with refused(BadInput):
        budgets.ask(told.first, wanted("1004.99"), "压减", now=NOW)


def test_the_database_itself_refuses_more_than_there_is():
    budget(cast(), "100")
    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.update(reserved=Decimal("100.01"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.update(paid=Decimal(-1))


def test_approval_takes_money_and_a_refusal_of_it_says_what_is_left():
    told = cast()
    standing = budget(told, "1500")
    first, second = approved(told, 1), act(told.holder, applied(told, 2), "take")
    standing.refresh_from_db()
    assert (first.state, standing.reserved, standing.left) == ("reserved", Decimal("1005.00"), Decimal("495.00"))
    with refused(BadInput) as raised:
        act(told.first, second, "approve")
    assert "只剩 495.00 元" in str(raised.value)


def test_nothing_is_approved_without_a_budget_that_holds_the_day_and_the_area():
    told = cast()
    budget(told, until=date(2020, 5, 31))
    award = act(told.holder, applied(told), "take")
    with refused(BadInput) as raised:
        act(told.first, award, "approve")
    assert "没有可用的预算" in str(raised.value)


def test_the_narrowest_budget_pays():
    narrow = Budget(pk=1, policy=POLICY, area=DISTRICT, since=date(2020, 1, 1))
    wide = Budget(pk=2, policy=POLICY, area=CITY.code, since=date(2020, 2, 1))
    other = Budget(pk=3, policy=8, area=DISTRICT, since=date(2020, 2, 1))
    assert budgets.of([other, narrow], POLICY, DISTRICT) is narrow
    assert budgets.of([other, wide], POLICY, "110112") is wide
    assert budgets.of([other, narrow], POLICY, "110112") is None


def test_another_amount_than_the_rule_gives_needs_a_reason():
    told = cast()
    budget(told)
    award = act(told.holder, applied(told), "take")
    with refused(BadInput):
        act(told.first, award, "approve", amount="900")
    done = act(told.first, award, "approve", amount="900", reason="有两人已离职")
    assert (done.amount, Budget.objects.get().reserved) == (Decimal("900.00"), Decimal("900.00"))
    assert done.order.fields["amount"] == "900.00"


def test_who_hands_in_does_not_approve():
    told = cast()
    budget(told)
    award = act(told.holder, applied(told), "take")
    with refused(NotAllowed):
        act(told.clerk, award, "approve")


def test_who_may_not_approve_learns_nothing_of_the_budget():
    told = cast()
    budget(told, "1")
    award = act(told.holder, applied(told), "take")
    with refused(NotAllowed) as raised:
        act(told.stranger, award, "approve")
    assert "预算" not in str(raised.value)
    moved = examining.act_many(told.stranger, [award.order_id], "approve", {}, **SETTING)
    assert (moved.done, [one.message for one in moved.refused if "预算" in one.message]) == (0, [])
    assert "不能办理" in moved.refused[0].message or "无权" in moved.refused[0].message


def test_what_is_withdrawn_frees_its_money():
    told = cast()
    budget(told)
    act(told.first, approved(told), "withdraw", reason="企业来函")
    assert (Budget.objects.get().reserved, Award.objects.get().state) == (0, "void")


def test_many_are_approved_as_far_as_the_money_goes_and_the_others_named():
    told = cast()
    budget(told, "3100")
    awards = [act(told.holder, applied(told, n), "take") for n in range(1, 6)]
    with refused(BadInput):
        examining.act_many(told.first, [one.order_id for one in awards], "approve", {"amount": "1"}, **SETTING)
    moved = examining.act_many(told.first, [one.order_id for one in awards], "approve", {}, **SETTING)
    assert (moved.done, [one.where for one in moved.refused]) == (3, [one.order.number for one in awards[3:]])
    assert Budget.objects.get().reserved == Decimal("3015.00")
    assert sorted(Award.objects.values_list("state", flat=True)) == ["asked", "asked", "reserved", "reserved", "reserved"]
    assert verify().broken is None
