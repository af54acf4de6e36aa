"""Applying: filled in from the roll, refused with every reason, once a year; lists to confirm without an application."""

from decimal import Decimal

import pytest

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store.grants import applying, examining
from plumbline.store.grants.tables import Award, Budget
from plumbline.store.grants.tests.made import (
    SETTING,
    TABLE,
    act,
    applied,
    budget,
    cast,
    firm,
    offer,
    row,
)
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Order
from plumbline.store.tests.made import refused

pytestmark = pytest.mark.django_db


def test_an_application_is_filled_in_and_keeps_what_it_rests_on():
    told = cast()
    award = applied(told)
    order = Order.objects.get(pk=award.order_id)
    assert order.fields == {
        "policy": "7", "policy_title": "稳岗补贴（虚构）", "code": "91990101MA00000001", "name": "模拟企业1", "size": "小型",
        "industry": "零售业", "street": "990101001", "amount": "1005.00", "persons": 10, "way": "企业申报", "period": "2020"}
    assert (order.state, order.office, order.subject) == ("submitted", told.office, "91990101MA00000001")
    assert order.place == "990101001"
    assert (award.amount, award.persons, award.state, award.period) == (Decimal("1005.00"), 10, "asked", "2020")
    assert award.basis["facts"] == {"status": "存续", "insured": 10, "dishonest": False}
    assert [one["holds"] for one in award.basis["conditions"]] == [True, True, True]
    assert order.clocks["accept"]["on"] == "running"


def test_who_does_not_fit_is_told_every_reason_and_nothing_is_kept():
    told = cast()
    with refused(BadInput) as raised:
        applied(told, insured=303, dishonest=True)
    words = [one.message for one in raised.value.findings]
    assert words[0].startswith("不符合「参保职工不多于 300 人」：")
    assert "303" in words[0]
    assert words[1].startswith("不符合「没有严重失信」")


def test_who_would_be_given_nothing_is_told_so():
    told = cast()
    with refused(BadInput) as raised:
        applied(told, insured=0)
    assert [one.where for one in raised.value.findings] == ["金额"]


def test_facts_nobody_knows_are_asked_for_and_stated():
    told = cast()
    with refused(BadInput) as raised:
        applied(told, dishonest=None)
    assert [one.where for one in raised.value.findings] == ["严重失信"]
    order = applying.apply(told.clerk, offer(), row(dishonest=None), {"stated": {"dishonest": "否"}}, table=TABLE, **SETTING)
    award = Award.objects.get(order=order)
    assert award.stated == {"dishonest": False}
    assert (award.basis["facts"]["dishonest"], award.basis["holds"], award.amount) == (None, True, Decimal("1005.00"))
    with refused(BadInput) as raised:
        applying.apply(told.clerk, offer(), row(2, dishonest=None), {"stated": {"dishonest": "是"}}, table=TABLE, **SETTING)
    assert "没有严重失信" in str(raised.value)


def test_the_same_party_applies_once_a_year_and_again_when_that_is_over():
    told = cast()
    first = applied(told)
    with refused(Conflict) as raised:
        applied(told)
    assert first.order.number in str(raised.value)
    act(told.first, first, "refuse", reason="材料不实")
    assert applied(told).pk != first.pk


def test_a_firm_applies_for_itself_alone():
    told = cast()
    mine = firm(1)
    award = applied(told, 1, by=mine)
    assert award.order.opened_by == mine
    with refused(NotAllowed):
        applied(told, 2, by=mine)


def test_nobody_applies_outside_the_days_for_it():
    told = cast()
    closed = offer(apply_until=offer().day.replace(day=1, month=5))
    with refused(BadInput):
        applying.apply(told.clerk, closed, row(), table=TABLE, **SETTING)


def test_a_persons_business_is_not_named():
    told = cast()
    award = applied(told, kind="个体工商户", name="张三小吃店（模拟）")
    assert "张三" not in award.order.title
    assert award.order.fields["name"] == "个体工商户（代码末四位 0001）"


def test_a_list_to_confirm_holds_whom_the_rule_holds_of_and_each_once():
    told = cast()
    rows = [row(1), row(2, insured=400), row(3, dishonest=None), row(4, insured=0), row(5)]
    auto = offer(automatic=True, office=told.office.pk)
    made = applying.automatic(told.first, auto, rows, "免申即享", **SETTING)
    assert (made.made, made.before, made.others, made.unreckoned) == (2, 0, 2, 1)
    again = applying.automatic(told.first, auto, rows, "免申即享", **SETTING)
    assert (again.made, again.before) == (0, 2)
    assert set(Award.objects.values_list("key", "state", "automatic", "amount")) == {
        (row(1)["code"], "asked", True, Decimal("1005.00")), (row(5)["code"], "asked", True, Decimal("1005.00"))}
    assert set(Order.objects.values_list("state", "office")) == {("offered", told.office.pk)}
    budget(told)
    moved = examining.act_many(told.holder, Order.objects.values_list("pk", flat=True), "confirm", {}, **SETTING)
    assert (moved.done, moved.refused) == (2, ())
    assert Budget.objects.get().reserved == Decimal("2010.00")
    assert verify().broken is None


def test_a_firm_confirms_its_own_with_one_click():
    told = cast()
    budget(told)
    applying.automatic(told.first, offer(automatic=True, office=told.office.pk), [row(1), row(2)], "免申即享", **SETTING)
    mine, other = Award.objects.order_by("pk")
    user = firm(1)
    assert act(user, mine, "confirm").state == "reserved"
    with refused(NotAllowed):
        act(user, other, "confirm")
    assert Entry.objects.filter(action="order.confirm", who="firm1").count() == 1


def test_a_list_is_not_made_by_who_may_not():
    told = cast()
    with refused(NotAllowed):
        applying.automatic(told.leader, offer(automatic=True), [row()], "免申即享", **SETTING)
