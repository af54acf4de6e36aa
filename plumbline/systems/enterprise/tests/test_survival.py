"""Survival curves: a textbook's worked example, an independent computation, and what is left out."""

import random
from decimal import Decimal

import pytest
from scipy.stats import CensoredData, ecdf

from plumbline.systems.enterprise.survival import curve

# remission of 21 patients (Freireich and others 1963), the example of the textbooks: week, ended, only seen until then
REMISSION = ((6, 3, 1), (7, 1, 0), (9, 0, 1), (10, 1, 1), (11, 0, 1), (13, 1, 0), (16, 1, 0), (17, 0, 1), (19, 0, 1),
             (20, 0, 1), (22, 1, 0), (23, 1, 0), (25, 0, 1), (32, 0, 2), (34, 0, 1), (35, 0, 1))


def test_the_textbooks_example_comes_out():
    found = curve(REMISSION)
    told = [(one.month, one.at_risk, one.closed, *(str(round(value, 3)) for value in (one.share, one.low, one.high)))
            for one in found.steps if one.closed]
    assert told == [
        (6, 21, 3, "0.857", "0.620", "0.952"), (7, 17, 1, "0.807", "0.563", "0.923"), (10, 15, 1, "0.753", "0.503", "0.889"),
        (13, 12, 1, "0.690", "0.432", "0.849"), (16, 11, 1, "0.627", "0.368", "0.805"),
        (22, 7, 1, "0.538", "0.268", "0.747"), (23, 6, 1, "0.448", "0.188", "0.680")]
    assert [str(round(one.deviation, 4)) for one in found.steps if one.closed] == [
        "0.0764", "0.0869", "0.0963", "0.1068", "0.1141", "0.1282", "0.1346"]
    assert (found.count, found.closed, found.median, found.median_low, found.median_high) == (21, 9, 23, 13, None)


def test_a_share_is_told_to_forty_digits():
    assert str(curve(REMISSION).steps[0].share) == "0." + ("857142" * 7)[:40]


@pytest.mark.parametrize("seed", range(5))
def test_an_independent_computation_agrees(seed):
    dice = random.Random(seed)
    lives = [(1 + int(dice.expovariate(1 / 30)), 1 + dice.randrange(60)) for _ in range(300)]
    told = [(min(life, seen), life <= seen) for life, seen in lives]
    found = curve((month, int(ended), int(not ended)) for month, ended in told)
    data = CensoredData(uncensored=[month for month, ended in told if ended], right=[month for month, ended in told if not ended])
    theirs = ecdf(data).sf
    bands = theirs.confidence_interval(method="log-log")
    for one in (step for step in found.steps if step.closed and 0 < step.share < 1):
        at = list(theirs.quantiles).index(one.month)
        assert float(one.share) == pytest.approx(theirs.probabilities[at], abs=1e-12)
        assert float(one.low) == pytest.approx(bands.low.probabilities[at], abs=1e-9)
        assert float(one.high) == pytest.approx(bands.high.probabilities[at], abs=1e-9)


def test_the_order_and_the_parts_told_do_not_matter():
    parts = [(month, 1, 0) for month, ended, _ in REMISSION for _ in range(ended)]
    parts += [(month, 0, 1) for month, _, left in REMISSION for _ in range(left)]
    random.Random(1).shuffle(parts)
    assert curve(parts) == curve(REMISSION)


def test_nobody_closed_is_all_that_stand_without_a_band_or_a_median():
    found = curve([(12, 0, 5)])
    assert (found.count, found.closed, found.median, found.steps[-1].share, found.steps[-1].low) == (5, 0, None, 1, None)
    assert found.after(6) == 1
    assert found.after(13) is None


def test_all_closed_ends_at_zero_with_a_median():
    found = curve([(1, 1, 0), (2, 2, 0), (3, 1, 0)])
    assert (found.median, found.steps[-1].share, found.after(1), found.after(0)) == (2, 0, Decimal("0.75"), 1)


def test_no_firms_have_no_curve():
    assert curve([]).steps == ()
    assert curve([]).after(0) is None
