"""Several people at one policy at the same moment: one is told, and what was approved is what is published."""

import pytest

from plumbline.kernel import Conflict
from plumbline.store import policies
from plumbline.store.journal import verify
from plumbline.store.models import Policy, PolicyVersion
from plumbline.store.tests import rolled
from plumbline.store.tests.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(settings):
    settings.CATALOG = rolled.catalog()
    return rolled.town()


def handed_in(world):
    one = rolled.draft(world)
    return policies.submit(world.officer, one.pk, one.version)


def test_two_approvals_publish_once(world):
    one = handed_in(world)
    answers = at_once(*(lambda who=who: policies.approve(who, one.pk, one.version) for who in (world.leader, world.second)))
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert (Policy.objects.get().edition, PolicyVersion.objects.count()) == (1, 1)
    assert verify().broken is None


@pytest.mark.parametrize("attempt", range(3))
def test_an_edit_beside_the_approval_is_refused_or_takes_it_back(world, attempt):
    one = handed_in(world)
    approved, edited = at_once(lambda: policies.approve(world.leader, one.pk, one.version),
                               lambda: policies.edit(world.officer, one.pk, {"title": "改过"}, one.version))
    assert isinstance(approved, Conflict) != isinstance(edited, Conflict)
    found = Policy.objects.get()
    told = ("draft", "改过") if isinstance(approved, Conflict) else ("published", "稳岗补贴（虚构）")
    assert (found.state, found.title) == told


def test_two_revisions_at_once_make_one(world):
    one = rolled.published(world)
    people = (world.officer, world.planner)
    answers = at_once(*(lambda who=who: policies.revise(who, one.pk, one.version, "改") for who in people))
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert Policy.objects.filter(revises=one).count() == 1
