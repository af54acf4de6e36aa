"""The worker begins to match when a policy waits, and not again while nothing has changed."""

import pytest
from django.utils import timezone

from plumbline.engine.matching import match
from plumbline.site.matching import Matching
from plumbline.store import declarations, policies
from plumbline.store.models import PolicyMatch
from plumbline.store.tests import rolled

pytestmark = pytest.mark.django_db


class Counted:
    """Stands for the process beside: it only counts how often it was begun."""

    def __init__(self):
        self.begun = 0

    def under_way(self):
        return False

    def begin(self):
        self.begun += 1


@pytest.fixture
def world(settings):
    settings.CATALOG = rolled.catalog()
    return rolled.town()


@pytest.fixture
def worker(monkeypatch):
    monkeypatch.setattr("plumbline.site.matching.PAUSE_SECONDS", 0)
    one = Matching()
    one.aside = Counted()
    return one


def test_nothing_is_begun_where_nothing_is_published(world, worker):
    rolled.draft(world)
    assert (worker.take_up(), worker.aside.begun) == (False, 0)


def test_a_published_policy_is_taken_up_until_it_is_matched(world, worker):
    one = rolled.published(world, until=None)
    assert (worker.take_up(), worker.aside.begun) == (True, 1)
    assert (worker.take_up(), worker.aside.begun) == (True, 2)
    match(declarations.catalog(), timezone.localdate())
    assert (worker.take_up(), worker.aside.begun) == (False, 2)
    found = PolicyMatch.objects.get()
    assert (found.state, found.counts["eligible"], found.counts["not_eligible"]) == ("done", 0, 0)
    again = policies.revise(world.officer, one.pk, one.version, "改")
    assert (worker.take_up(), again.state) == (False, "draft")


def test_a_policy_that_cannot_be_matched_says_why_and_is_left_alone(world, worker):
    one, other = (rolled.published(world, until=None) for _ in range(2))
    body = one.versions.get().body
    body["rule"]["because"]["c1"]["text"] = "employees < 300 AND nothing"
    one.versions.update(body=body)
    assert match(declarations.catalog(), timezone.localdate()) == 1
    found = PolicyMatch.objects.get(policy=one)
    assert (found.state, "nothing" in found.trouble, PolicyMatch.objects.get(policy=other).state) == ("failed", True, "done")
    assert worker.take_up() is False
