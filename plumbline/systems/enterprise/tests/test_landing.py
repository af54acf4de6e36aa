"""A project goes to a space of its district that is large enough and meant for it; both ledgers say so, or neither."""

from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store import registers
from plumbline.store.journal import Entry
from plumbline.store.registers import Item
from plumbline.store.tests import made
from plumbline.systems.enterprise import landing

TABLES, DAY = settings.CATALOG.tables, date(2026, 3, 2)


@pytest.fixture
def planner(db):
    return made.user("planner")


def entered(user, table, number, **values):
    return registers.save(user, TABLES[table], None, {
        "number": number, "area": user.area, "listed_on": "2026-01-05", **values}, "登记")


def space(user, number, free, fits="", **values):
    told = {"name": f"模拟楼{number}", "kind": "写字楼", "free_m2": free, "fits": fits}
    return entered(user, landing.SPACES, number, **told | values)


def project(user, needs="500", industry="I"):
    return entered(user, landing.LANDINGS, "XM1", project="模拟项目", state="洽谈", needs_m2=needs, industry=industry)


def test_what_fits_is_of_the_district_large_enough_and_meant_for_it(planner):
    one = project(planner)
    for number, free, fits in (("1", "900", "I M"), ("2", "500", ""), ("3", "499", "I"), ("4", "600", "C")):
        space(planner, number, free, fits)
    space(made.user("next", area=made.NEIGHBOUR), "5", "700")
    told = landing.fits(one, Item.objects.filter(table=landing.SPACES))
    assert [(fit.number, fit.spare, fit.why) for fit in told] == [("2", 0, "没有限定行业"), ("1", 400, "适合这个行业")]


def test_a_project_that_does_not_say_its_size_fits_with_nothing_said_of_the_rest(planner):
    one = project(planner, needs="", industry="")
    space(planner, "1", "900", "I")
    assert [(fit.spare, fit.why) for fit in landing.fits(one, landing.spaces(planner))] == [(None, "项目没有写行业")]


def test_a_choice_stands_in_both_ledgers(planner):
    one, room = project(planner), space(planner, "1", "900")
    landing.choose(planner, one.pk, room.pk, (0, 0), settings.CATALOG, DAY)
    one.refresh_from_db()
    room.refresh_from_db()
    assert (one.values["space"], one.values["matched_on"], one.values["state"]) == ("1", "2026-03-02", "已对接空间")
    assert room.values["free_m2"] == "400.00"
    assert landing.looking(planner) == []


def test_what_does_not_fit_or_was_changed_or_is_not_ones_own_changes_nothing(planner):
    one, room = project(planner), space(planner, "1", "499")
    farther = made.user("next", area=made.NEIGHBOUR)
    before = Entry.objects.count(), [(row.version, row.values) for row in Item.objects.order_by("pk")]
    for user, versions, refusal in ((planner, (0, 0), BadInput), (planner, (0, 1), Conflict), (farther, (0, 0), NotAllowed)):
        with pytest.raises(refusal):
            landing.choose(user, one.pk, room.pk, versions, settings.CATALOG, DAY)
    assert (Entry.objects.count(), [(row.version, row.values) for row in Item.objects.order_by("pk")]) == before


def test_the_page_offers_spaces_and_takes_the_choice(planner):
    one, room = project(planner), space(planner, "1", "900")
    client = Client()
    client.force_login(planner)
    assert "模拟楼1" in client.get(reverse("enterprise-landings")).content.decode()
    told = client.post(reverse("enterprise-landing-choose", args=[one.pk]), {"space": room.pk, "version": "0", "of": "0"})
    assert told.status_code == 302
    again = client.post(reverse("enterprise-landing-choose", args=[one.pk]), {"space": room.pk, "version": "0", "of": "0"})
    assert again.status_code == 409
    assert client.get(reverse("enterprise-landings-csv")).status_code == 200
