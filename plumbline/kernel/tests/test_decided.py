"""Rules against a judge that tries everything: answers, and the fields that decide. `bench/decide.py` does a million of it."""

import pytest

from plumbline.kernel.tests import brute


@pytest.mark.parametrize("seed", range(2))
def test_every_answer_is_right_and_the_named_fields_decide(seed):
    told = brute.pairs(150, 20, seed)
    assert (told.judged, told.wrong, told.more) == (3_000, [], [])
    assert told.unknown > 500


@pytest.mark.slow
def test_twenty_thousand_more():
    told = brute.pairs(200, 100, 7)
    assert (told.judged, told.wrong, told.more) == (20_000, [], [])


def test_the_judge_who_tries_everything_notices_a_mistake():
    trees = [("compare", ">", ("field", "n"), ("value", 1)), ("field", "p")]
    row = dict.fromkeys(brute.DOMAIN)
    assert brute.always(trees, row, ["n", "p"])
    assert not brute.always(trees, row, ["n"])
    assert not brute.least(trees, row, ["n", "p", "q"])
    assert brute.least(trees, row, ["n", "p"])
