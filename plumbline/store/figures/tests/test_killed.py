"""A process killed while it publishes leaves the run whole or not at all."""

import os
import random
import signal
import time
from decimal import Decimal

import pytest
from django.db import connections

from plumbline.kernel import Figure
from plumbline.store import figures, models
from plumbline.store.journal import verify
from plumbline.store.tests import made

KILLS, MANY = 25, 300


def run_of(value: int) -> list[Figure]:
    """Figures that say the same value in every place."""
    return [Figure("programmes.moved", made.DISTRICT, f"20{at % 90 + 10}-{at // 90 + 1:02}", "家", Decimal(value), counted=value,
                   top=Decimal(value), inputs=(str(value),)) for at in range(MANY)]


def publish_for_ever(first: int) -> None:
    """Publish one run after another until killed."""
    value = first
    while True:
        figures.publish(None, run_of(value), f"第{value}次")
        value += 1


@pytest.mark.slow
def test_killed_at_any_moment_a_run_is_whole_or_absent(transactional_db):
    chance = random.Random(20200630)
    begin = time.perf_counter()
    figures.publish(None, run_of(0))
    longest = 3 * (time.perf_counter() - begin)
    reached = [0]
    for _ in range(KILLS):
        connections.close_all()
        child = os.fork()
        if not child:
            publish_for_ever(reached[-1] + 1)
        time.sleep(chance.uniform(0.02, longest))  # the moment of the kill, not a wait
        os.kill(child, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        standing = set(models.Figure.objects.filter(state="current").values_list("value", flat=True))
        assert len(standing) == 1
        reached.append(int(standing.pop()))
        assert models.Figure.objects.filter(state="current").count() == MANY
        assert models.Figure.objects.count() == MANY * (reached[-1] + 1)
        assert models.Run.objects.count() == reached[-1] + 1
    assert verify().broken is None
    assert reached[-1] > 0
