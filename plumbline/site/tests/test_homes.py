"""Where each begins, and which pages of orders he is led to."""

import pytest
from django.test import Client

from plumbline.store import people
from plumbline.store.models import Order
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db


def page_of(user, address="/"):
    """What a browser shows of an address."""
    client = Client()
    client.force_login(user)
    return client.get(address, follow=True)


@pytest.mark.parametrize(("role", "home"), [
    ("operator", "/hotline/desk/"), ("dispatcher", "/orders/board/"), ("planner", "/cockpit/"), ("leader", "/cockpit/"),
    ("deputy", "/cockpit/"), ("office", "/cockpit/")])
def test_each_begins_where_his_work_waits(role, home):
    office = people.create_office(None, "区商务局", made.DISTRICT) if role == "office" else None
    assert page_of(made.user("somebody", role, office=office)).redirect_chain[-1][0] == home


def test_an_office_that_orders_are_given_to_begins_at_its_inbox():
    office = people.create_office(None, "区商务局", made.DISTRICT)
    Order.objects.create(kind="hotline.request", number="SQ2025000001", title="路灯", area=made.DISTRICT, office=office,
                         state="assigned", state_kind="open", opened_at="2025-03-03T09:00+08:00",
                         changed_at="2025-03-03T09:00+08:00")
    assert page_of(made.user("somebody", "office", office=office)).redirect_chain[-1][0] == "/orders/inbox/"


@pytest.mark.parametrize(("role", "led", "not_led"), [
    ("operator", ("/hotline/desk/", "/hotline/callbacks/"), ("/hotline/rates/",)),
    ("dispatcher", ("/hotline/desk/", "/hotline/rates/", "/hotline/objections/", "/hotline/hotspots/"), ()),
    ("planner", ("/hotline/rates/",), ("/hotline/desk/", "/hotline/callbacks/"))])
def test_each_is_led_to_the_pages_of_his_role(role, led, not_led):
    text = page_of(made.user("somebody", role), "/orders/").content.decode()
    assert [one for one in led if f'href="{one}"' not in text] == []
    assert [one for one in not_led if f'href="{one}"' in text] == []


@pytest.mark.parametrize("address", ["/hotline/desk/", "/hotline/callbacks/", "/hotline/rates/", "/hotline/objections/",
                                     "/hotline/hotspots/"])
def test_pages_of_a_system_stand_under_orders(address):
    text = page_of(made.user("somebody", "dispatcher"), address).content.decode()
    assert '<a class="nav-link" href="/orders/board/" aria-current="page">工单' in text


def test_who_has_no_account_is_led_to_the_pages_for_everybody_from_the_page_to_sign_in():
    text = Client().get("/sign-in/").content.decode()
    assert [one for one in ("/ask/", "/ask/track/") if f'href="{one}"' not in text] == []
