"""Who may do what, where; and how users and offices are written."""

import pytest
from django.contrib.auth.models import AnonymousUser

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store import people
from plumbline.store.journal import Entry
from plumbline.store.models import Check, Claim, Commitment, Document, Office, Pairing, Problem, Target, User
from plumbline.store.people import may, offices_of
from plumbline.store.plans import commit
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db
PLANNER = {
    "see", "upload", "correct", "confirm", "publish", "remove", "plan", "report", "deliver", "register", "declare",
    "personal", "count", "write", "review", "send", "question", "answer",
}


@pytest.mark.parametrize(("role", "actions"), [
    ("planner", PLANNER | {"take", "dispatch", "handle", "urge", "judge", "order", "policy", "examine", "pay", "bind"}),
    ("office", {"see", "report", "deliver", "register", "handle", "policy", "examine", "bind"}), ("firm", set()),
    ("leader", {"see", "review", "send", "question", "urge", "judge"}), ("deputy", {"see", "question"}),
    ("operator", {"see", "take", "personal"}),
    ("dispatcher", {"see", "take", "dispatch", "urge", "judge", "personal"})])
def test_a_role_may_do_so_much_in_its_own_area_and_nothing_elsewhere(role, actions):
    office = people.create_office(None, "区商务局", made.DISTRICT)
    who = made.user(role, role, office=office if role == "office" else None)
    assert {action for action in people.ACTIONS if may(who, action, made.DISTRICT)} == actions
    assert not any(may(who, action, area) for action in people.ACTIONS for area in (made.NEIGHBOUR, made.CITY, ""))


def test_a_city_planner_may_act_in_its_districts():
    who = made.user(area=made.CITY)
    assert may(who, "plan", made.DISTRICT)
    assert not may(who, "plan", made.NEIGHBOUR)


def test_strangers_and_people_who_left_may_nothing():
    gone = made.user(is_active=False)
    for who in (AnonymousUser(), gone):
        assert not any(may(who, action, made.DISTRICT) for action in people.ACTIONS)
        assert not Office.objects.visible_to(who).exists()


def test_a_superuser_may_everything():
    root = people.create_user(None, "root", made.PASSWORD, area="", is_superuser=True)
    assert all(may(root, action, made.NEIGHBOUR) for action in people.ACTIONS)


def test_users_and_offices_are_journalled_without_the_password():
    made.user("new")
    entry = Entry.objects.get(action="user.create")
    assert entry.after["username"] == "new"
    assert "password" not in entry.after


def test_only_planners_marked_as_staff_manage_people_and_only_in_their_area():
    staff, planner = made.user("staff", is_staff=True), made.user("plain")
    assert people.create_user(staff, "made", made.PASSWORD, area=made.DISTRICT).pk
    for who, area in ((planner, made.DISTRICT), (staff, made.NEIGHBOUR), (staff, made.CITY)):
        with made.refused(NotAllowed):
            people.create_user(who, "other", made.PASSWORD, area=area)


def test_planners_name_the_offices_of_their_area_and_nobody_else_does():
    planner = made.user("plain")
    office = people.create_office(planner, "区商务局", made.DISTRICT)
    leader, neighbour = made.user("leader", "leader"), made.user("neighbour", area=made.NEIGHBOUR)
    for who, area in ((planner, made.NEIGHBOUR), (planner, made.CITY), (leader, made.DISTRICT),
                      (neighbour, made.DISTRICT)):
        with made.refused(NotAllowed):
            people.create_office(who, "区教委", area)
    with made.refused(NotAllowed):
        people.edit_office(leader, office.pk, "区教委", "区商务局")


def test_nobody_raises_himself():
    staff = made.user("staff", is_staff=True)
    for changes in ({"is_superuser": True}, {"area": made.CITY}):
        with made.refused(NotAllowed):
            people.edit_user(staff, staff.pk, changes, 0)
    with made.refused(NotAllowed):
        people.create_user(staff, "x", made.PASSWORD, area=made.DISTRICT, is_staff=True)


def test_everything_wrong_with_a_new_user_is_said_at_once():
    made.user("taken")
    with made.refused(BadInput) as raised:
        people.create_user(None, "taken", "123", area="000000", role="king")
    assert {f.check for f in raised.value.findings} == {"user.username", "user.password", "user.area", "user.role"}
    with made.refused(BadInput):
        people.create_user(None, "desk", made.PASSWORD, area=made.DISTRICT, role="office")


def test_an_edit_keeps_the_old_value_and_refuses_a_stale_one():
    who = made.user()
    people.edit_user(None, who.pk, {"label": "新名"}, 0)
    assert Entry.objects.get(action="user.edit").before["label"] == "planner"
    with made.refused(Conflict):
        people.edit_user(None, who.pk, {"label": "旧名"}, 0)
    people.edit_user(None, who.pk, {"password": "another-long-word-8"}, 1)
    assert User.objects.get(pk=who.pk).check_password("another-long-word-8")


def test_an_office_exists_once_an_area():
    office = people.create_office(None, "区商务局", made.DISTRICT)
    people.create_office(None, "区商务局", made.NEIGHBOUR)
    with made.refused(BadInput):
        people.create_office(None, "区商务局", made.DISTRICT)
    with made.refused(Conflict):
        people.edit_office(None, office.pk, "区商务和投资局", "区商务委")
    assert people.edit_office(None, office.pk, "区商务和投资局", "区商务局").name == "区商务和投资局"


def test_an_area_sees_its_own_documents_and_what_is_published():
    planner, neighbour = made.user(), made.user("neighbour", area=made.NEIGHBOUR)
    city, deputy = made.user("city", area=made.CITY), made.user("deputy", "deputy")
    document = made.document(planner)
    tables = (Document, Claim, Check, Commitment, Problem, Pairing)

    def seen(who):
        return [model.objects.visible_to(who).exists() for model in tables]

    assert seen(planner) == seen(city) == [True] * 6
    assert seen(neighbour) == seen(deputy) == seen(AnonymousUser()) == [False] * 6
    Document.objects.filter(pk=document.pk).update(published=True)
    assert seen(neighbour) == seen(deputy) == [True] * 6
    Document.objects.filter(pk=document.pk).update(area=made.NEIGHBOUR)
    assert seen(deputy) == [False] * 6


def test_an_office_sees_only_what_it_owes():
    planner = made.user()
    mine, other = (people.create_office(None, name, made.DISTRICT) for name in ("区商务局", "区教委"))
    desk = made.user("desk", "office", office=mine)
    claims = {claim.number: claim.pk for claim in made.document(planner).claims.all()}
    commit(planner, [claims[4]], office=mine)
    commit(planner, [claims[5]], office=other)
    commit(planner, [claims[6]])
    assert Target.objects.visible_to(desk).get().claim_id == claims[4]
    assert list(offices_of(desk)) == [mine]
    assert list(offices_of(planner)) == sorted([mine, other], key=lambda office: office.name)


def test_a_user_without_an_area_sees_only_what_is_published():
    made.document(made.user())
    lost = made.user("lost")
    lost.area = ""
    assert not Document.objects.visible_to(lost).exists()
    assert not Office.objects.visible_to(lost).exists()


@pytest.mark.parametrize("letter", ["\0", "\x7f", "\u200b", "\u202e", "\u2028", "\ufeff", "\ud800", "\U000e0041"])
def test_two_names_that_look_the_same_are_the_same(letter):
    made.user("planner")
    with made.refused(BadInput):
        made.user(f"planner{letter}")
    with made.refused(BadInput):
        people.create_office(None, f"区{letter}商务局", made.DISTRICT)
    people.create_office(None, "区　商务局😀𠮷", made.DISTRICT)
