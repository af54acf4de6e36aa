"""kill -9 at random moments of taking and correcting: the old state whole or the new one, and the journal holds."""

import random
import time
from datetime import timedelta

import pyarrow.parquet as pq
import pytest

from plumbline.store import batches, rolls
from plumbline.store.batches.tests.test_killed import killed
from plumbline.store.journal import verify
from plumbline.store.models import Correction, Leaf, Overlay, Step
from plumbline.store.records.files import folder
from plumbline.store.rolls import chunks
from plumbline.store.rolls.tests.made import FIRST, PARTIES, code, line, row, take
from plumbline.store.tests import made

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MANY, KILLS = 600, 12


@pytest.fixture(autouse=True)
def narrow(monkeypatch):
    """Chunks so small that a delivery writes many."""
    monkeypatch.setattr(chunks, "CHUNK", 50)


def state():
    """Staff of every party that stands; each file is there, holds what is said of it, and none is left over."""
    found = {}
    for file in rolls.standing(PARTIES).files:
        told = pq.read_table(file.path).to_pylist()
        assert len(told) == file.rows
        found |= {one["code"]: one["people"] for one in told}
    batches.tidy()
    for leaf in Leaf.objects.select_related("cut"):
        assert (folder() / f"{leaf.cut.sha256}.parquet").exists()
        assert (folder() / f"{leaf.personal}.parquet").exists()
    assert verify().broken is None
    return found


def moments(work, seed):
    """Random moments within the work, which is done here once, unharmed."""
    begin = time.perf_counter()
    work()
    long, dice = time.perf_counter() - begin, random.Random(seed)
    return [dice.uniform(0, 1.2 * long) for _ in range(KILLS)]


def test_a_delivery_killed_leaves_the_old_state_or_the_new():
    user = made.user()
    take(user, *(line(n) for n in range(MANY)))
    day = [FIRST]

    def work():
        day[0] += timedelta(1)
        take(user, *(line(n, people=str(day[0].toordinal() % 100_000)) for n in range(MANY)), day=day[0])

    for after in moments(work, 1):
        before = state()
        steps = Step.objects.count()
        killed(work, after)
        now = state()
        taken = Step.objects.count() - steps
        assert len(now) == MANY
        assert len(set(now.values())) == 1
        assert (now == before) == (taken == 0)
        last = Step.objects.order_by("-pk").first()
        assert set(now.values()) == {last.day.toordinal() % 100_000 if last.day > FIRST else 10}
        assert row(7, FIRST)["people"] == 10
        day[0] = last.day


def test_a_correction_killed_is_whole_or_not_at_all():
    user = made.user()
    take(user, *(line(n) for n in range(MANY)))
    turn = [100]

    def work():
        turn[0] += 1
        rolls.correct(user, PARTIES, code(turn[0] % MANY), {"people": str(turn[0])}, "核实", FIRST + timedelta(1))

    for after in moments(lambda: [work() for _ in range(5)], 2):
        killed(work, after)
        now = state()
        corrected = {one.key: one.value for one in Overlay.objects.filter(ended_at=None)}
        assert {key: people for key, people in now.items() if people != 10} == corrected
        assert Correction.objects.count() == len({one.correction_id for one in Overlay.objects.all()})
        turn[0] += 40
