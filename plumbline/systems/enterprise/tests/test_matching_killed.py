"""kill -9 at random moments of matching: what is kept is whole, and the next matching says what an unharmed one says."""

import random
import shutil
import time
from datetime import timedelta
from itertools import count

import pytest

from plumbline.engine.decide import decide, home
from plumbline.engine.matching import match
from plumbline.kernel import Judge
from plumbline.store import batches, declarations, policies, rolls
from plumbline.store.batches.tests.test_killed import killed
from plumbline.store.journal import verify
from plumbline.store.models import PolicyMatch
from plumbline.systems.enterprise.tests.policy_world import DAY, TABLE, code, district, published

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
KILLS = 10


def test_a_matching_killed_is_done_again_and_says_the_same():
    world = district()
    one = published(world)
    catalog, days = declarations.catalog(), count(1)

    def work():
        shutil.rmtree(home(), ignore_errors=True)
        match(catalog, DAY + timedelta(next(days)))

    work()
    begin, dice = time.perf_counter(), random.Random(5)
    work()
    long = time.perf_counter() - begin
    for n in range(KILLS):
        killed(work, dice.uniform(0, 1.5 * long))
        day = DAY + timedelta(1000 + n)
        assert match(catalog, day) == 1
        found = PolicyMatch.objects.get(policy=one)
        assert (found.state, found.day, found.amount) == ("done", day, "1100.00")
        assert [found.counts[key] for key in ("eligible", "unknown", "not_eligible")] == [3, 3, 6]
        assert why(catalog, one, day) == [True, None, False]
    assert verify().broken is None


def why(catalog, policy, day):
    """What is kept of three firms; the same as the rule says of each alone."""
    table = catalog.tables[TABLE]
    [rule] = policies.rules_of(policy, catalog)
    decided = decide([rule], batches.inputs(table), day, catalog.parameters)
    judge = Judge(rule, table, catalog.parameters, day)
    told = [decided.why(rule.key, code(n)).holds for n in (1, 6, 8)]
    assert told == [judge.on(rolls.row_of(table, code(n))).holds for n in (1, 6, 8)]
    return told
