"""The page of one's own keys."""

import pytest
from django.test import Client
from django.urls import reverse

from plumbline.store import people
from plumbline.store.models import AccessKey, Entry
from plumbline.store.tests import made
from plumbline.web.history import action_words
from plumbline.web.tests.world import browser, drained

pytestmark = pytest.mark.django_db


def test_a_secret_is_shown_once():
    client = browser(made.user())
    answer = client.post(reverse("keys-json"), {"label": "统计平台"}).json()
    assert people.user_of_key(answer["secret"]).username == "planner"
    assert [row["hint"] for row in answer["list"]["rows"]] == [answer["secret"][-4:]]
    for page in (client.get(reverse("keys")), client.get(reverse("keys-json"))):
        assert answer["secret"] not in page.content.decode()


def test_the_page_shows_the_secret_and_how_to_use_it():
    page = browser(made.user()).post(reverse("keys"), {"label": "统计平台"})
    assert page.status_code == 200
    assert "plk_" in page.content.decode()
    assert "Authorization: Bearer" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_a_key_is_stopped_from_the_page():
    who = made.user()
    key, secret = people.create_key(who, "统计平台")
    page = browser(who).post(reverse("retire-key", args=[key.pk]), follow=True)
    assert "已停用" in page.content.decode()
    assert people.user_of_key(secret) is None
    assert action_words(Entry.objects.first().action) == "停用接口密钥"


def test_others_keys_are_neither_seen_nor_stopped():
    key, secret = people.create_key(made.user(), "统计平台")
    other = browser(made.user("other"))
    assert "统计平台" not in other.get(reverse("keys")).content.decode()
    assert "统计平台" not in drained(other.get(reverse("keys-csv"))).decode()
    assert other.post(reverse("retire-key", args=[key.pk])).status_code == 403
    assert people.user_of_key(secret)


def test_without_a_use_no_key():
    page = browser(made.user()).post(reverse("keys"), {"label": " "})
    assert (page.status_code, AccessKey.objects.count()) == (400, 0)
    assert "请写明这把密钥给哪个程序用" in page.content.decode()


def test_a_key_that_writes_is_made_where_the_box_is_ticked():
    client = browser(made.user())
    client.post(reverse("keys"), {"label": "热线平台", "writes": "on"})
    client.post(reverse("keys"), {"label": "统计平台"})
    assert [key.writes for key in AccessKey.objects.order_by("pk")] == [True, False]
    assert [row["rights"] for row in client.get(reverse("keys-json")).json()["list"]["rows"]] == ["只读", "可写入"]


def test_strangers_are_sent_to_sign_in():
    for name in ("keys", "keys-json", "keys-csv", "keys-xlsx"):
        assert Client().get(reverse(name))["Location"].startswith(reverse("sign-in"))
