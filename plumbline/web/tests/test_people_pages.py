"""People, offices and one's own password."""

import pytest
from django.urls import reverse

from plumbline.store.models import Entry, Office, User
from plumbline.store.tests import made
from plumbline.web.tests import world

pytestmark = pytest.mark.django_db
NEW = {"username": "xinren", "label": "新人", "role": "leader", "area": made.DISTRICT, "is_active": "1",
       "password": made.PASSWORD}


@pytest.fixture
def keeper():
    """A planner who keeps the people of the district."""
    return made.user("keeper", is_staff=True)


@pytest.fixture
def client(keeper):
    return world.browser(keeper)


def test_somebody_is_added_and_can_sign_in(client):
    assert client.post(reverse("add-person"), NEW).status_code == 302
    added = User.objects.get(username="xinren")
    assert (added.label, added.role, added.area, added.is_staff, added.is_superuser) == (
        "新人", "leader", made.DISTRICT, False, False)
    assert world.browser().login(username="xinren", password=made.PASSWORD)
    assert Entry.objects.get(table="user", key=str(added.pk)).who == "keeper"


@pytest.mark.parametrize(("change", "words"), [
    ({"username": ""}, "用户名"), ({"username": "keeper"}, "已有人使用"), ({"password": "1"}, "密码"),
    ({"role": "king"}, "角色"), ({"role": "office"}, "单位"),
])
def test_who_cannot_be_added_is_told_why_and_nothing_is_kept(client, change, words):
    before = made.everything()
    answer = client.post(reverse("add-person"), NEW | change)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert made.PASSWORD not in answer.content.decode()
    assert made.everything() == before


@pytest.mark.parametrize("change", [{"area": made.NEIGHBOUR}, {"area": made.CITY}])
def test_nobody_is_added_to_another_area(client, change):
    before = made.everything()
    assert client.post(reverse("add-person"), NEW | change).status_code == 403
    assert made.everything() == before


def test_nobody_raises_himself(client, keeper):
    form = {"label": "k", "role": "planner", "area": made.DISTRICT, "is_active": "1", "is_staff": "1",
            "is_superuser": "1", "version": "0"}
    client.post(reverse("person", args=[keeper.pk]), form)
    assert User.objects.get(pk=keeper.pk).is_superuser is False


def test_a_user_changed_meanwhile_is_not_overwritten(client):
    client.post(reverse("add-person"), NEW)
    address = reverse("person", args=[User.objects.get(username="xinren").pk])
    form = {"label": "甲", "role": "leader", "area": made.DISTRICT, "is_active": "1", "version": "0"}
    assert client.post(address, form).status_code == 302
    before = made.everything()
    assert client.post(address, form | {"label": "乙"}).status_code == 409
    assert made.everything() == before


def test_an_office_is_added_and_renamed(client):
    assert client.post(reverse("offices"), {"name": "区教委", "area": made.DISTRICT}).status_code == 302
    office = Office.objects.get(name="区教委")
    address = reverse("rename-office", args=[office.pk])
    assert client.post(address, {"name": "区教育局", "was": "区教委"}).status_code == 302
    before = made.everything()
    assert client.post(address, {"name": "x", "was": "区教委"}).status_code == 409
    twice = client.post(reverse("offices"), {"name": "区教育局", "area": made.DISTRICT})
    assert twice.status_code == 400
    assert "已经有了" in twice.content.decode()
    assert made.everything() == before


def test_one_s_own_password_is_changed_and_one_stays_signed_in():
    user = made.user()
    client = world.browser(user)
    sent = {"old": made.PASSWORD, "new": "another-long-word-8", "again": "another-long-word-8"}
    assert client.post(reverse("profile"), sent).status_code == 302
    assert client.get(reverse("profile")).status_code == 200
    assert world.browser().login(username="planner", password="another-long-word-8")
    entry = Entry.objects.get(action="user.password")
    assert "another" not in str((entry.before, entry.after, entry.why))


@pytest.mark.parametrize(("change", "words"), [
    ({"old": "wrong"}, "原密码不对"), ({"again": "else"}, "两次输入"), ({}, "两次输入"),
    ({"new": "12345678", "again": "12345678"}, "密码"),
])
def test_a_password_that_cannot_be_is_refused(change, words):
    user = made.user()
    sent = {"old": made.PASSWORD, "new": "another-long-word-8", "again": "another-long-word-8"} | change
    if not change:
        del sent["again"]
    before = made.everything()
    client = world.browser(user)
    User.objects.filter(pk=user.pk).update(last_login=None)
    answer = client.post(reverse("profile"), sent)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert made.everything() == before


def test_an_office_and_a_deputy_see_themselves_alone():
    deputy = made.user("deputy", "deputy")
    made.user("leader", "leader")
    shown = world.browser(deputy).get("/people.json").json()
    assert [row["username"] for row in shown["list"]["rows"]] == ["deputy"]
