"""Workers that tell at once, and workers that are killed: whoever is told is told once, and in the end everybody is."""

import random
import time
from multiprocessing import get_context

import pytest
from django.db import connections
from django.db.models import Count

from plumbline.store.batches.tests.test_killed import killed
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Preference, Push
from plumbline.store.parties import pushing
from plumbline.store.parties.pushing import Paper, Party
from plumbline.store.parties.tests.firms import TABLE
from plumbline.store.parties.tests.test_pushing import NOON
from plumbline.store.tests import made

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MANY, WORKERS = 12_000, 3
PAPER = Paper(7, 1, TABLE, "虚构政策", made.DISTRICT)


def parties():
    """Twelve thousand firms."""
    return (Party(f"91990101MB{n:08}", made.DISTRICT, "990101001") for n in range(MANY))


def push():
    """Tell all of them."""
    return pushing.push(None, PAPER, parties(), NOON)


def once():
    """Each is told at most once, and the journal holds and counts what is there; how many were told."""
    assert not Push.objects.values("key", "channel").annotate(many=Count("pk")).filter(many__gt=1).exists()
    assert verify().broken is None
    told = Push.objects.count()
    assert sum(one.after["new"] for one in Entry.objects.filter(action="push.send", key="7")) == told
    return told


def work():
    """A worker of its own."""
    connections.close_all()
    push()


def test_workers_that_tell_at_once_tell_nobody_twice():
    Preference.objects.create(table=TABLE, key="91990101MB00000007", area=made.DISTRICT, mail="a@example.org")
    connections.close_all()
    started = [get_context("fork").Process(target=work) for _ in range(WORKERS)]
    for one in started:
        one.start()
    for one in started:
        one.join(60)
    assert ([one.exitcode for one in started], once()) == ([0] * WORKERS, MANY + 1)


def test_a_worker_that_is_killed_leaves_each_told_once_or_not_yet(monkeypatch):
    monkeypatch.setattr(pushing, "BATCH", 300)
    dice, seen = random.Random(5), {0}
    begin = time.perf_counter()
    pushing.push(None, Paper(8, 1, TABLE, "另一项", made.DISTRICT), parties(), NOON)
    long = time.perf_counter() - begin
    Push.objects.filter(policy=8).delete()
    for _ in range(5):
        killed(push, dice.uniform(0, long / 3))
        seen.add(once())
    push()
    assert (once(), len(seen) > 1) == (MANY, True)
