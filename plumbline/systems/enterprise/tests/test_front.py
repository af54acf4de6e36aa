"""The way in: who is led there, what waits, and doors that open."""

import pytest
from django.test import Client
from django.urls import reverse

from plumbline.store import orders, people
from plumbline.store.tests import made
from plumbline.systems.enterprise.front_pages import ROOMS

pytestmark = pytest.mark.django_db


def signed(role, **told):
    """A browser of somebody of the district, and who he is."""
    user, client = made.user(role=role, **told), Client()
    client.force_login(user)
    return user, client


def test_a_planner_is_led_to_the_platform_from_every_page():
    _, client = signed("planner")
    assert reverse("enterprise") in client.get(reverse("plan")).content.decode()


def test_a_deputy_is_led_to_the_published_policies_alone():
    _, client = signed("deputy")
    assert f'href="{reverse("enterprise")}"' in client.get(reverse("plan")).content.decode()
    told = client.get(reverse("enterprise-json")).json()
    doors = [address for _, doors in told["rooms"] for address, *_ in doors]
    assert (doors, told["money"], sum(one["count"] for one in told["waits"])) == (
        [reverse("public-policies"), reverse("policy-ask")], [], 0)
    assert {client.get(address).status_code for address in doors} == {200}


def test_a_bank_is_led_to_its_loans_and_sees_no_firms_beside_them():
    _, client = signed("office", office=people.create_office(None, "模拟银行", made.DISTRICT, kind="enterprise"))
    told = client.get(reverse("enterprise-json")).json()
    doors = [address for _, doors in told["rooms"] for address, *_ in doors]
    assert (doors[0], told["money"]) == (reverse("enterprise-loans"), [])
    assert {client.get(address).status_code for address in doors} == {200}
    hidden = [reverse("rows", args=[f"enterprise.{name}"]) for name in ("firms", "months", "activity")]
    hidden += [reverse(name) for name in ("activity", "warnings", "survival", "assess", "enterprise-needs")]
    assert {address: code for address in hidden if (code := client.get(address).status_code) != 404} == {}
    assert client.get(reverse("rows", args=["enterprise.loans"])).status_code == 200


@pytest.mark.parametrize("role", ["operator"])
def test_others_are_not_led_there_and_are_refused(role):
    _, client = signed(role)
    assert f'href="{reverse("enterprise")}"' not in client.get(reverse("plan")).content.decode()
    assert client.get(reverse("enterprise")).status_code == 403


@pytest.mark.parametrize("role", ["planner", "leader", "office", "dispatcher"])
def test_every_door_a_role_is_shown_opens(role):
    office = {"office": people.create_office(None, "模拟科", made.DISTRICT)} if role == "office" else {}
    _, client = signed(role, **office)
    told = client.get(reverse("enterprise-json")).json()
    doors = [address for _, doors in told["rooms"] for address, *_ in doors]
    assert doors
    assert {address: code for address in doors if (code := client.get(address).status_code) != 200} == {}


def test_what_waits_is_counted_where_one_may_see_it():
    user, client = signed("planner")
    before = [one["count"] for one in client.get(reverse("enterprise-json")).json()["waits"]]
    orders.open_(user, "enterprise.request", {"title": "模拟诉求", "text": "模拟", "area": user.area, "urgency": "ordinary",
                                              "fields": {"matter": "其他"}})
    after = [one["count"] for one in client.get(reverse("enterprise-json")).json()["waits"]]
    assert [b - a for a, b in zip(before, after, strict=True)] == [0, 1, 0, 0, 0, 0, 0]


def test_doors_have_names_of_their_own():
    names = [label for _, doors in ROOMS for _, _, label, _ in doors]
    assert len(set(names)) == len(names)
