"""What matching found is kept with all it depends on, and not for an edition that is gone."""

from datetime import date
from decimal import Decimal

import pytest

from plumbline.store import policies
from plumbline.store.models import Entry, PolicyMatch
from plumbline.store.policies import Matched
from plumbline.store.tests import rolled
from plumbline.store.tests.rolled import published

pytestmark = pytest.mark.django_db
DAY = date(2020, 5, 1)
FOUND = Matched(3, 5, 2, {"c1": (5, 2, 4)}, {"size": {"小型": (3, 1, 0)}}, Decimal("1234.50"))


@pytest.fixture
def policy(settings):
    settings.CATALOG = rolled.catalog()
    return published(rolled.town())


def test_a_published_policy_waits_until_it_is_matched(policy):
    marks = {policy.pk: policies.mark_of(1, DAY, ["b", "a"])}
    assert policies.stale([policy], marks) == [policy]
    policies.begin([policy], DAY)
    policies.tell([policy], 40)
    assert (PolicyMatch.objects.get().state, PolicyMatch.objects.get().progress) == ("running", 40)
    entries = Entry.objects.count()
    kept = policies.keep(policy, DAY, marks[policy.pk], FOUND)
    assert policies.stale([policy], marks) == []
    assert (kept.counts["eligible"], kept.counts["by_condition"], kept.cells, kept.amount) == (
        3, {"c1": [5, 2, 4]}, {"size": {"小型": [3, 1, 0]}}, "1234.50")
    assert Entry.objects.count() == entries


def test_another_day_roll_or_edition_asks_for_it_again():
    mark = policies.mark_of(1, DAY, ["a", "b"])
    assert mark == policies.mark_of(1, DAY, ["b", "a"])
    assert len({mark, policies.mark_of(2, DAY, ["a", "b"]), policies.mark_of(1, date(2020, 5, 2), ["a", "b"]),
                policies.mark_of(1, DAY, ["a"]), policies.mark_of(1, DAY, ["a", "b"], "x")}) == 5


def test_what_was_found_for_an_edition_that_is_gone_is_not_kept(policy):
    policies.Policy.objects.filter(pk=policy.pk).update(edition=2)
    assert policies.keep(policy, DAY, "m", FOUND) is None
    assert PolicyMatch.objects.get().counts == {}


def test_a_failure_is_told_and_not_tried_again_until_something_changes(policy):
    marks = {policy.pk: "m"}
    policies.fail([policy], marks, "名录读不出来")
    assert PolicyMatch.objects.get().trouble == "名录读不出来"
    assert policies.stale([policy], marks) == []
    assert policies.stale([policy], {policy.pk: "n"}) == [policy]
