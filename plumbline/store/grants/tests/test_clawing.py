"""Money asked back: a reason, two people, booked once it has come."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store.grants import clawing
from plumbline.store.grants.tables import Award, Budget, ClawBack
from plumbline.store.grants.tests.made import CATALOG, applied, approved, booked, budget, cast, returned, sent
from plumbline.store.journal import verify
from plumbline.store.models import Order
from plumbline.store.tests.made import refused

pytestmark = pytest.mark.django_db
LATER = {"catalog": CATALOG, "now": datetime(2020, 7, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))}
DAY = date(2020, 6, 30)


@pytest.fixture
def told():
    """People, and a paid award."""
    people = cast()
    budget(people)
    paid = sent(people, approved(people))
    booked(people, paid.run, returned(paid.run, "成功"))
    return people


def test_money_comes_back_whole_and_the_application_is_clawed_back(told):
    claw = clawing.ask(told.first, Award.objects.get().pk, Decimal("1005.00"), "裁员超过规定", **LATER)
    with refused(NotAllowed):
        clawing.decide(told.first, claw.pk, True, **LATER)
    with refused(Conflict):
        clawing.book(told.second, claw.pk, DAY, **LATER)
    clawing.decide(told.second, claw.pk, True, **LATER)
    clawing.book(told.first, claw.pk, DAY, **LATER)
    standing, order = Budget.objects.get(), Order.objects.get()
    assert (standing.paid, standing.back, standing.left) == (Decimal("1005.00"), Decimal("1005.00"), Decimal("98995.00"))
    assert (Award.objects.get().state, order.state, order.fields["back"]) == ("clawed", "clawed", "1005.00")
    with refused(Conflict):
        clawing.book(told.first, claw.pk, DAY, **LATER)
    assert verify().broken is None
    assert applied(told).state == "asked"


def test_a_part_comes_back_and_the_rest_stays_paid(told):
    for amount in ("5.00", "1000.00"):
        claw = clawing.ask(told.first, Award.objects.get().pk, Decimal(amount), "多付", **LATER)
        clawing.decide(told.second, claw.pk, True, **LATER)
        assert Order.objects.get().state == "paid"
        clawing.book(told.first, claw.pk, DAY, **LATER)
    assert (Award.objects.get().state, Award.objects.get().back) == ("clawed", Decimal("1005.00"))


@pytest.mark.parametrize("amount", ["0", "1005.01", "-1"])
def test_no_more_is_asked_back_than_was_paid(told, amount):
    with refused(BadInput):
        clawing.ask(told.first, Award.objects.get().pk, Decimal(amount), "多付", **LATER)


def test_one_at_a_time_and_not_agreed_needs_a_reason(told):
    award = Award.objects.get().pk
    claw = clawing.ask(told.first, award, Decimal(5), "多付", **LATER)
    with refused(Conflict):
        clawing.ask(told.second, award, Decimal(6), "多付", **LATER)
    with refused(BadInput):
        clawing.decide(told.second, claw.pk, False, **LATER)
    clawing.decide(told.second, claw.pk, False, "查无此事", **LATER)
    assert ClawBack.objects.get().state == "refused"
    assert clawing.ask(told.second, award, Decimal(6), "多付", **LATER).state == "asked"


@pytest.mark.parametrize("day", [date(2020, 6, 4), date(2020, 7, 2)])
def test_money_does_not_come_back_before_it_went_nor_tomorrow(told, day):
    claw = clawing.ask(told.first, Award.objects.get().pk, Decimal(5), "多付", **LATER)
    clawing.decide(told.second, claw.pk, True, **LATER)
    with refused(BadInput):
        clawing.book(told.first, claw.pk, day, **LATER)


@pytest.mark.parametrize("who", ["holder", "leader", "stranger"])
def test_nobody_else_asks_money_back(told, who):
    with refused(NotAllowed):
        clawing.ask(getattr(told, who), Award.objects.get().pk, Decimal(5), "多付", **LATER)


def test_what_was_not_paid_is_not_asked_back(told):
    award = approved(told, 2)
    with refused(BadInput):
        clawing.ask(told.first, award.pk, Decimal(5), "多付", **LATER)
