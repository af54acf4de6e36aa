"""A published policy is matched, then told to whom it fits; to each once, later to those who fit later."""

from datetime import date

import pytest
from django.utils import timezone

from plumbline.engine.matching import match
from plumbline.site.pushing import tell, waiting
from plumbline.store import declarations
from plumbline.store.models import Policy, Push, Pushing
from plumbline.systems.enterprise.tests import policy_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def world():
    return policy_world.district()


def told():
    """Tell whoever waits."""
    return tell(declarations.catalog(), timezone.localdate())


def test_who_fits_is_told_once_and_who_fits_later_then(world):
    policy = policy_world.published(world)
    assert waiting() == []
    match(declarations.catalog(), timezone.localdate())
    assert (len(waiting()), told(), told(), waiting()) == (1, 3, 0, [])
    rows = {(one.key, one.place, one.channel, one.version) for one in Push.objects.all()}
    assert rows == {(policy_world.code(n), f"99010100{1 + n % 2}", "page", 1) for n in (1, 2, 3)}
    lines = [(*line[:9], "25", *line[10:]) if line[0] == policy_world.code(6) else line for line in policy_world.lines()]
    policy_world.delivered(world.root, lines, "次日.csv")
    match(declarations.catalog(), timezone.localdate())
    assert (told(), Push.objects.count(), Pushing.objects.get().new) == (1, 4, 4)
    assert Pushing.objects.get().policy == policy.pk


def test_a_policy_that_ended_is_told_to_nobody(world):
    policy_world.published(world)
    match(declarations.catalog(), timezone.localdate())
    Policy.objects.update(state="ended")
    assert (waiting(), told(), Push.objects.count()) == ([], 0, 0)


def test_what_is_not_yet_in_force_is_told_to_nobody(world):
    policy_world.published(world, since=date(2090, 1, 1))
    match(declarations.catalog(), timezone.localdate())
    assert (waiting(), Push.objects.count()) == ([], 0)
