"""The demo's money: every desk has work, two hands everywhere, and doing it again adds nothing."""

from collections import Counter
from datetime import date

import pytest
from django.conf import settings
from django.utils import timezone

from plumbline.store import people, policies
from plumbline.store.grants.tables import Award, Budget, PaymentRun
from plumbline.store.journal import verify
from plumbline.store.tests import made, rolled
from plumbline.systems.enterprise import money_rehearsal
from plumbline.systems.enterprise.invented_firms import cast
from plumbline.systems.enterprise.places import TOWN
from plumbline.systems.enterprise.tests.policy_world import FEW, GIFT, TABLE, TEXT, delivered

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("way", ["apply", "automatic"])
def test_the_money_of_a_published_policy_is_given_once(way):
    facts = (TOWN, f"{TOWN}001", "企业", "C3911", "存续", "20", "1000000", "12", "1000.00", "true", "2015-06-01")
    firms = [(one.code, one.name, *facts) for one in cast().town[:money_rehearsal.FIRMS + 4]]
    delivered(made.user("root", is_superuser=True), firms)
    office = people.create_office(None, "虚构人社局", TOWN)
    told = {name: made.user(name, *(("office",) if name == "shenpi" else ()), area=TOWN,
                            **({"office": office} if name == "shenpi" else {})) for name in money_rehearsal.WHO}
    leader = made.user("leader", "leader", area=TOWN)
    world = type("World", (), {"bureau": office})
    body = rolled.told(world, table=TABLE, text=TEXT, since=date(2020, 2, 1), until=None) | {"area": TOWN}
    for told_way in (way, "apply"):
        policy = policies.draft(told["fuwu"], body | {"way": told_way})
        policies.add_clause(told["fuwu"], policy.pk, "condition", FEW, 0, (0, 17))
        policies.add_clause(told["fuwu"], policy.pk, "gift", GIFT, 1)
        policy.refresh_from_db()
        policy = policies.submit(told["fuwu"], policy.pk, policy.version)
        policies.approve(leader, policy.pk, policy.version, "同意")
    many = money_rehearsal.FIRMS + money_rehearsal.FEW
    assert money_rehearsal.begin(told, settings.CATALOG, timezone.now()) == many
    assert Counter(Award.objects.filter(policy=policy.pk).values_list("state", flat=True)) == {"asked": 4, "reserved": 4}
    assert sorted({one.state for one in Award.objects.all()}) == ["asked", "failed", "listed", "paid", "reserved"]
    assert sorted(PaymentRun.objects.values_list("state", flat=True)) == ["booked", "made"]
    assert [budget.paid > 0 for budget in Budget.objects.order_by("pk")] == [True, False]
    assert {one.automatic for one in Award.objects.exclude(policy=policy.pk)} == {way == "automatic"}
    assert verify().broken is None
    assert money_rehearsal.begin(told, settings.CATALOG, timezone.now()) == 0
