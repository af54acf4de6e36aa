"""Conditions proposed from a policy's text: shown where they stand, confirmed one by one; the library published whole."""

from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from plumbline.store import declarations, policies
from plumbline.store.models import Policy
from plumbline.store.tests import made, rolled
from plumbline.systems.enterprise import policy_library
from plumbline.systems.enterprise.tests.policy_world import TABLE
from plumbline.web.tests.world import browser

pytestmark = pytest.mark.django_db
TEXT = """稳岗返还办法（虚构）
一、裁员率不超过5.5%的中小微企业可以享受。
二、僵尸企业、严重失信企业除外。
三、返还标准为企业上年度实际缴纳失业保险费的50%。
四、本办法自2020年2月1日起施行，有效期至2020年12月31日。
"""


@pytest.fixture
def world():
    return rolled.town()


def drafted(world):
    return policies.draft(world.officer, rolled.told(world, table=TABLE, text=TEXT, until=None))


def proposed(world, one):
    client = browser(world.officer)
    return client.post(reverse("policy-propose", args=[one.pk]), {"version": one.version}, follow=True)


def test_what_is_proposed_lies_where_the_text_says_it_and_waits(world):
    one = drafted(world)
    page = unescape(proposed(world, one).content.decode())
    rows = list(one.clauses.all())
    assert rows
    assert {row.state for row in rows} == {"proposed"}
    words = {TEXT[row.start:row.end] for row in rows}
    assert any("裁员率" in text for text in words)
    assert "policy-mark is-proposed" in page
    assert "有效期至是 2020-12-31，现在填的是 空" in page
    assert [one.key for one in policies.rules_of(one, declarations.catalog())[0].conditions] == ["area"]


def test_confirmed_as_proposed_changed_or_dropped(world):
    one = drafted(world)
    proposed(world, one)
    client = browser(world.officer)
    for row in one.clauses.filter(state="proposed"):
        version = Policy.objects.get().version
        readable = row.kind == "gift" or row.body["text"]
        name = "policy-confirm" if readable else "policy-drop"
        assert client.post(reverse(name, args=[one.pk, row.pk]), {"version": version}).status_code == 302
    [rule] = policies.rules_of(Policy.objects.get(), declarations.catalog())
    assert "layoff_rate <= 0.055" in " ".join(condition.text for condition in rule.conditions)
    assert (rule.gives.base, rule.gives.rate) == ("unemployment_paid_yuan", "0.5")
    version = Policy.objects.get().version
    assert client.post(reverse("policy-do", args=[one.pk, "submit"]), {"version": version}).status_code == 302


def test_who_may_not_write_has_nothing_proposed(world):
    one = drafted(world)
    for who in (world.stranger, world.deputy, world.neighbour, world.leader):
        assert browser(who).post(reverse("policy-propose", args=[one.pk]), {"version": 0}).status_code == 404
    assert not one.clauses.exists()


def test_the_library_is_published_once_with_four_eyes(world):
    told = policy_library.publish(world.planner, world.leader, made.DISTRICT, world.bureau.pk)
    assert len(told) >= 5
    assert policy_library.publish(world.planner, world.leader, made.DISTRICT, world.bureau.pk) == []
    rules = policies.rules_of_all(told, declarations.catalog())
    assert all(rule.conditions[0].key == "area" and len(rule.conditions) > 1 for rule in rules.values())
    assert all(one.example and "模拟" in one.title for one in told)
    assert policies.published(TABLE, date(2026, 5, 1), [made.DISTRICT])
