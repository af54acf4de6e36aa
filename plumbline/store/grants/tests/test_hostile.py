"""What a hostile firm, bank or officer says of money: refused in words, never half kept."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from plumbline.kernel import BadInput, Conflict, Judge, rule_from
from plumbline.store import people
from plumbline.store.grants import applying, bank, budgets, clawing
from plumbline.store.grants.tables import Award, Budget, ClawBack, PaymentLine, PaymentRun
from plumbline.store.grants.tests.made import (
    CATALOG,
    DAY,
    NOW,
    POLICY,
    RULE,
    SETTING,
    TABLE,
    act,
    applied,
    approved,
    booked,
    budget,
    cast,
    firm,
    offer,
    returned,
    row,
    sent,
)
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db
HEADS = "业务编号,金额,结果,原因,日期"


def line(run, **more):
    told = {"key": bank.line_key(run, 1), "amount": "1005.00", "result": "成功", "why": "", "day": "2020-06-05"} | more
    return f"{HEADS}\r\n{','.join(told.values())}".encode()


@pytest.fixture
def paid():
    told = cast()
    budget(told)
    told.paid = sent(told, approved(told, 1))
    return told


@pytest.mark.parametrize("more", [
    {"key": "BF2020000001-" + "9" * 5000}, {"key": "BF2020000001-٠٠٠٠١"}, {"day": "2999-01-01"}, {"day": "2020-05-31"},
    {"why": "退\0汇", "result": "失败", "day": ""}, {"amount": "1e3"}, {"amount": "NaN"}, {"amount": "-1005.00"},
    {"amount": "1005.001"}, {"result": "＝成功"}])
def test_an_altered_return_is_refused_in_words_and_books_nothing(paid, more):
    with pytest.raises(BadInput):
        booked(paid, paid.paid.run, line(paid.paid.run, **more))
    assert (PaymentLine.objects.get().state, Award.objects.get().state, Budget.objects.get().paid) == ("waiting", "listed", 0)


@pytest.mark.parametrize("head", ["日期", "原因"])
def test_a_column_told_twice_is_no_return(paid, head):
    data = line(paid.paid.run).replace(HEADS.encode(), f"{HEADS},{head}".encode()) + b",2020-06-03"
    with pytest.raises(BadInput):
        booked(paid, paid.paid.run, data)
    assert PaymentLine.objects.get().state == "waiting"


def test_a_budget_nobody_agreed_to_stands_before_none():
    told = cast()
    budget(told)
    wanted = budgets.Wanted(POLICY, "稳岗补贴（虚构）", made.DISTRICT, Decimal(1), "虚构资金文件", date(2020, 2, 1))
    budgets.ask(told.first, wanted, "看看", now=NOW)
    assert approved(told, 1).state == "reserved"
    assert budgets.of(budgets.open_on(POLICY, NOW.date()), POLICY, made.DISTRICT).since == date(2020, 1, 1)


def test_a_firm_that_confirms_sets_no_amount():
    told = cast()
    budget(told)
    applying.automatic(told.first, offer(automatic=True, office=told.office.pk), [row(1)], "免申即享", **SETTING)
    with pytest.raises(BadInput):
        act(firm(1), Award.objects.get(), "confirm", amount="99999", reason="多要")
    assert (Award.objects.get().amount, Budget.objects.get().reserved) == (Decimal("1005.00"), 0)


@pytest.mark.parametrize("typed", ["1e3", "1_000", "-0", "-1", "٣", "+5", "0x10", "NaN", "Infinity", "", "1.001", "1" + "0" * 15,
                                   "9" * 5000])
def test_what_is_no_amount_as_people_write_it_is_refused(typed):
    with pytest.raises(BadInput):
        budgets.yuan(typed)
    assert (budgets.yuan("１，２３４．５"), budgets.yuan(" 0.10 ")) == (Decimal("1234.50"), Decimal("0.10"))


def test_an_amount_no_budget_can_hold_is_refused_in_words():
    told, much = cast(), offer(judge=Judge(costly(), TABLE, CATALOG.parameters, DAY))
    with pytest.raises(BadInput):
        applying.apply(told.clerk, much, row(1), table=TABLE, **SETTING)
    listed = applying.automatic(told.first, replace(much, automatic=True, office=told.office.pk), [row(1)], "免申即享", **SETTING)
    assert (listed.made, listed.unreckoned, Award.objects.count()) == (0, 1, 0)


def costly():
    """A rule that gives more than there is."""
    body, wrong = RULE | {"gives": {"label": "补贴", "base": "insured", "rate": "99999999999999999999"}}, []
    return rule_from(f"policy.{POLICY}", body, CATALOG.tables, CATALOG.parameters, wrong)


def test_what_follows_from_a_firms_own_words_is_shown_as_its_own():
    by, own = firm(1), {"status": "存续", "employees": 3}
    cast()
    order = applying.apply(by, offer(), row(1), {"reckoned": own}, table=TABLE, **SETTING)
    assert Award.objects.get(order=order).stated == {"status": "存续"}


def test_money_that_came_back_early_in_the_day_came_today(paid):
    booked(paid, paid.paid.run, returned(paid.paid.run, "成功"))
    claw = clawing.ask(paid.first, Award.objects.get().pk, Decimal(5), "多发了", **SETTING)
    clawing.decide(paid.second, claw.pk, True, **SETTING)
    early = datetime(2020, 6, 5, 22, tzinfo=ZoneInfo("UTC"))
    clawing.book(paid.first, claw.pk, date(2020, 6, 6), catalog=SETTING["catalog"], now=early)
    assert ClawBack.objects.get().state == "back"


def test_withdrawing_and_applying_again_has_an_end():
    told, by = cast(), firm(1)
    for _ in range(applying.AGAIN):
        act(by, applied(told, 1, by), "withdraw")
    with pytest.raises(Conflict):
        applied(told, 1, by)
    assert Award.objects.count() == applying.AGAIN
    assert applied(told, 1).state == "asked"


def test_an_office_sees_payments_of_its_own_applications_alone(paid):
    elsewhere = made.user("jie", "office", office=people.create_office(None, "虚构街道", made.DISTRICT))
    booked(paid, paid.paid.run, returned(paid.paid.run, "成功"))
    clawing.ask(paid.first, Award.objects.get().pk, Decimal(5), "多发了", **SETTING)
    tables = (PaymentRun, PaymentLine, ClawBack, Award)
    assert [one.objects.visible_to(elsewhere).count() for one in tables] == [0, 0, 0, 0]
    assert [one.objects.visible_to(paid.holder).count() for one in tables] == [1, 1, 1, 1]
    assert [one.objects.visible_to(paid.leader).count() for one in tables] == [1, 1, 1, 1]
