"""kill -9 at random moments from the run to its booking: each award is paid once or not at all, and the sums agree."""

import random
import time
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db.models import Sum

from plumbline.kernel import BadInput, Conflict
from plumbline.store.batches.tests.test_killed import killed
from plumbline.store.grants import bank, booking, paying
from plumbline.store.grants.tables import Award, Budget, PaymentLine, PaymentRun
from plumbline.store.grants.tests.made import BACK, SETTING, approved, budget, cast, returned
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Order
from plumbline.store.tests.made import DISTRICT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MANY, KILLS = 30, 8
ONE = Decimal("1005.00")


def go_on(told):
    """Bring the oldest run that is not over one stage on; make one where there is none."""
    run = PaymentRun.objects.exclude(state__in=("booked", "cancelled")).order_by("pk").first()
    if run is None:
        some = Award.objects.filter(state="reserved").order_by("pk").values_list("pk", flat=True)[:3]
        paying.make(told.first, DISTRICT, "一批", list(some), **SETTING)
    elif run.state == "made":
        paying.approve(told.second, run.pk, run.version, **SETTING)
    elif run.state == "approved":
        bank.handed_out(told.first, run.pk, run.version, **SETTING)
    else:
        booking.book(told.first, run.pk, run.version, returned(run, *["成功"] * run.count), **SETTING | {"now": BACK})


def work(told):
    """As `go_on`, as long as there is anything to do; the process that is killed does this over and over."""
    with suppress(BadInput, Conflict):  # when all are paid
        go_on(told)


def whole():
    """Lines, awards, orders, budget and journal say the same."""
    paid = set(Award.objects.filter(state="paid").values_list("pk", flat=True))
    lines = list(PaymentLine.objects.filter(state="paid").values_list("award", flat=True))
    assert sorted(lines) == sorted(paid)
    standing, listed = Budget.objects.get(), Award.objects.exclude(state="paid").aggregate(total=Sum("amount"))["total"] or 0
    assert (standing.paid, standing.reserved) == (ONE * len(paid), listed)
    assert set(Order.objects.filter(state="paid").values_list("award", flat=True)) == paid
    assert set(Order.objects.filter(state="listed").values_list("award", flat=True)) == set(
        PaymentLine.objects.filter(state="waiting").values_list("award", flat=True))
    assert Entry.objects.filter(action="order.pay").count() == len(paid)
    for run in PaymentRun.objects.exclude(sha256=""):
        assert Entry.objects.filter(action="run.file", key=str(run.pk)).count() == 1
    assert verify().broken is None
    return len(paid)


def test_payment_killed_at_any_moment_pays_each_once():
    told = cast()
    budget(told)
    for n in range(MANY):
        approved(told, n)
    begin = time.perf_counter()
    for _ in range(4):
        go_on(told)
    long = time.perf_counter() - begin
    seen, dice = {whole()}, random.Random(5)
    for _ in range(KILLS):
        killed(lambda: work(told), dice.uniform(0, 3 * long))
        seen.add(whole())
    assert len(seen) > 1
    for _ in range(4 * MANY):
        if Award.objects.exclude(state="paid").exists():
            go_on(told)
    assert whole() == MANY
