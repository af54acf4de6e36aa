"""Who is let in where: every address of plan, cockpit, journal and people, as everybody, reading and writing."""

import pytest
from django.urls import reverse

from plumbline.store.models import Entry
from plumbline.store.tests import made
from plumbline.web import cockpit, journal, people, plan
from plumbline.web.tests import world

pytestmark = pytest.mark.django_db
EVERYBODY = ("planner", "leader", "deputy", "office", "other_office", "neighbour")
ADDRESSES = [address for part in (cockpit, plan, journal, people) for address in part.urls]
FORMS = ("json", "xlsx", "csv")
# pages that everybody signed in may open; what they show is what the person may see
OPEN = {"cockpit", "plan", "targets", "commitments", "claims-to-plan", "pairings", "shares", "problems", "journal",
        "people", "offices", "profile"}
# addresses that only take forms
ACTS = {"confirm", "confirm-commitments", "decide", "verify", "rename-office"}
# of the rest: who may open it; the others are refused with the status behind
DETAILS = {
    "target": ({"planner", "leader", "office"}, 404),
    "commitment": ({"planner", "leader", "office"}, 404),
    "entry": ({"planner", "leader"}, 404),
    "person": ({"planner", "leader"}, 404),
    "preview": ({"planner", "leader", "office", "other_office"}, 403),
    "add-person": (set(), 403),
}


@pytest.fixture
def district():
    return world.district()


def stem_and_form(name):
    stem, _, form = name.rpartition("-")
    return (stem, form) if form in FORMS else (name, "html")


def address_of(pattern, district):
    """An address with the district's own things in it."""
    stem, _ = stem_and_form(pattern.name)
    things = {"target": district.firms.pk, "commitment": district.commitment.pk,
              "entry": Entry.objects.filter(table="target").first().seq,
              "person": district.people["planner"].pk, "decide": district.pairing.pk, "rename-office": district.mine.pk}
    named = {"key": things[stem]} if stem in things else {}
    if stem == "decide":
        named["kind"] = "pairings"
    query = f"?id={district.claims[6].pk}" if stem == "preview" else ""
    return reverse(pattern.name, kwargs=named) + query


def test_every_address_is_told_of_here():
    stems = {stem_and_form(pattern.name)[0] for pattern in ADDRESSES} - {"home"}
    assert stems == OPEN | ACTS | set(DETAILS)


def test_a_stranger_is_sent_to_sign_in_and_writes_nothing(district):
    client = world.browser()
    before = made.everything()
    for pattern in ADDRESSES:
        address = address_of(pattern, district)
        for answer in (client.get(address), client.post(address, {"why": "x"})):
            home = pattern.name == "home"
            assert answer.status_code == 302, address
            assert home or answer["Location"].startswith(reverse("sign-in")), address
    assert made.everything() == before


@pytest.mark.parametrize("who", EVERYBODY)
def test_reading(district, who):
    client = world.browser(district.people[who])
    before = made.everything()
    for pattern in ADDRESSES:
        stem, _ = stem_and_form(pattern.name)
        answer = client.get(address_of(pattern, district))
        if stem == "home":
            expected = 302
        elif stem in ACTS:
            expected = 405
        else:
            allowed, status = DETAILS.get(stem, (set(EVERYBODY), 0))
            expected = 200 if stem in OPEN or who in allowed else status
        assert answer.status_code == expected, (who, pattern.name)
    assert made.everything() == before


OURS = ("退出一般制造业企业", "就业率", "投资不足", "报告.txt", "区经信局", world.WHY)


@pytest.mark.parametrize("who", ["neighbour", "deputy"])
def test_pages_of_another_district_and_unpublished_ones_tell_nothing(district, who):
    client = world.browser(district.people[who])
    for pattern in ADDRESSES:
        stem, form = stem_and_form(pattern.name)
        if stem not in OPEN or form == "xlsx" or (who == "deputy" and stem == "offices"):
            continue
        answer = client.get(address_of(pattern, district))
        text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        shown = [word for word in OURS if word in text]
        # the leaders' list of people is not for deputies, but they see their own offices in filters
        assert not [word for word in shown if not (who == "deputy" and word == "区经信局")], (pattern.name, shown)


def test_an_office_sees_its_own_targets_and_no_others(district):
    own = world.browser(district.people["office"]).get("/plan/targets.json").json()
    others = world.browser(district.people["other_office"]).get("/plan/targets.json").json()
    assert [row["label"] for row in own["list"]["rows"]] == ["退出一般制造业企业", "就业率"]
    assert others["list"]["rows"] == []


def forms_of(district):
    """Every form a person could send, filled in well."""
    return [
        (reverse("confirm"), {"id": district.claims[6].pk}),
        (reverse("target", args=[district.firms.pk]), {"value": "91", "version": 0, "why": "x"}),
        (reverse("commitment", args=[district.commitment.pk]), {"due_on": "2025-11-01", "version": 1, "why": "x"}),
        (reverse("confirm-commitments"), {"id": district.commitment.pk, "office": district.other.pk}),
        (reverse("decide", args=["pairings", district.pairing.pk]), {"state": "confirmed", "on_top": "0"}),
        (reverse("decide", args=["answers", district.answer.pk]), {"state": "confirmed"}),
        (reverse("offices"), {"name": "新单位", "area": made.DISTRICT}),
        (reverse("rename-office", args=[district.mine.pk]), {"name": "新名", "was": "区经信局"}),
        (reverse("add-person"), {"username": "new", "password": made.PASSWORD, "role": "leader",
                                 "area": made.DISTRICT, "is_active": "1"}),
        (reverse("person", args=[district.planner.pk]), {"label": "别人", "role": "planner", "area": made.DISTRICT,
                                                          "is_active": "1", "version": 0}),
    ]


@pytest.mark.parametrize("who", ["leader", "deputy", "office", "other_office", "neighbour"])
def test_writing_is_refused_and_leaves_nothing_behind(district, who):
    client = world.browser(district.people[who])
    before = made.everything()
    for address, form in forms_of(district):
        for ending in (address, f"{address.rstrip('/')}.json"):
            assert client.post(ending, form).status_code in (403, 404), (who, ending)
    assert made.everything() == before


def test_a_planner_writes_the_plan_and_offices_but_no_users(district):
    client = world.browser(district.planner)
    answers = {address: client.post(address, form).status_code for address, form in forms_of(district)}
    assert list(answers.values()) == [302] * 8 + [403] * 2


def test_a_form_without_its_token_is_refused(district):
    client = world.Client(enforce_csrf_checks=True)
    client.force_login(district.planner)
    with_nothing = made.everything()
    assert client.post(reverse("confirm"), {"id": district.claims[6].pk}).status_code == 403
    assert made.everything() == with_nothing
