"""A firm's way from signing up to a corrected roll, on a roll that was delivered and a policy that was approved."""

import pytest
from django.test import Client

from plumbline.store import people, rolls
from plumbline.store.journal import verify
from plumbline.store.models import Binding, Order, Statement
from plumbline.store.parties.tests import firms
from plumbline.store.people import user_of_key
from plumbline.store.tests import made
from plumbline.systems.enterprise.tests import policy_world
from plumbline.systems.enterprise.tests.portal_world import signed, words

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
KEY, BLANK = policy_world.code(1), policy_world.code(6)


@pytest.fixture
def world():
    here = policy_world.district()
    here.policy = policy_world.published(here)
    here.planner = made.user("planner-of-accounts")
    return here


def joined(world, key, name, username):
    """An account that an officer confirmed on his page."""
    client = Client()
    client.post("/firm/join/", {"username": username, "password": made.PASSWORD, "again": made.PASSWORD, "key": key, "name": name,
                                "area": made.DISTRICT, "evidence": "法定代表人"})
    one = Binding.objects.get(key=key)
    officer = signed(world.planner)
    assert name in words(officer.get(f"/enterprise/accounts/{one.pk}/"))
    assert officer.post(f"/enterprise/accounts/{one.pk}/", {"deed": "confirm", "version": "0"}).status_code == 302
    return client


def test_a_firm_sees_its_answer_applies_and_who_looked(world):
    client = joined(world, KEY, "虚构企业1", "yi")
    [fit] = client.get(f"/firm/{KEY}.json").json()["fits"]
    assert (fit["title"], fit["amount"]) == (world.policy.title, "500元")
    client.post(f"/firm/{KEY}/policies/{world.policy.pk}/apply/")
    assert Order.objects.get().subject == KEY
    data = words(client.get(f"/firm/{KEY}/data/"))
    assert ("planner-of-accounts" in data, "还没有人打开过" in data) == (True, False)
    assert verify().broken is None


def test_a_fact_stated_decides_and_confirmed_stands_in_the_roll(world):
    client = joined(world, BLANK, "虚构企业6", "liu")
    told = client.get(f"/firm/{BLANK}.json").json()
    assert [one["title"] for one in told["untold"]] == [world.policy.title]
    assert [one["key"] for one in told["form"]] == ["v.insured"]
    client.post(f"/firm/{BLANK}/", {"v.insured": "12"})
    [fit] = client.get(f"/firm/{BLANK}.json").json()["fits"]
    assert (fit["amount"], fit["stated"]) == ("300元", True)
    one = Statement.objects.get()
    assert signed(world.planner).post(f"/enterprise/statements/{one.pk}/settle/", {"deed": "confirm"}).status_code == 302
    assert rolls.row_of(firms.roll(), BLANK)["insured"] == 12
    [fit] = client.get(f"/firm/{BLANK}.json").json()["fits"]
    assert (fit["amount"], fit["stated"]) == ("300元", False)


def test_a_key_of_the_api_never_speaks_for_a_firm(world):
    _, secret = people.create_key(world.planner, "程序")
    assert user_of_key(secret) == world.planner
    world.planner.role = "firm"
    world.planner.save()
    assert user_of_key(secret) is None
