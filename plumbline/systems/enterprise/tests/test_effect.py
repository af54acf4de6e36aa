"""What support did, on invented firms whose effect is known: the interval covers it, and no effect is called none."""

import random
from decimal import Decimal

import pytest

from plumbline.systems.enterprise.effect import Effect, Moments, Stratum, effect, strata

RUNS, FIRMS = 100, 2_000
TRADES, SIZES, STREETS = ("工业", "批发业", "零售业", "餐饮业"), ("小型", "微型"), ("甲", "乙", "丙")


def world(seed, gives):
    """Firms of which the livelier and the larger apply more often, and would have done better anyway; support gives so much.

    Of each: its stratum, whether it was supported, its change of activity in hundredths of a point, and the true gain.
    """
    dice = random.Random(seed)
    for _ in range(FIRMS):
        trade, size, street = dice.choice(TRADES), dice.choice(SIZES), dice.choice(STREETS)
        before = int(dice.gauss(9_500, 1_800))
        chance = 0.02 + 0.25 * min(max(before - 6_000, 0), 7_000) / 7_000 + 0.20 * (size == "小型") + 0.06 * (trade == "工业")
        supported = dice.random() < chance
        drift = 0.15 * (before - 9_500) - 400 * (trade == "餐饮业") + 600 * (size == "小型")
        gain = int(dice.gauss(gives, 600)) if supported and gives else 0
        change = int(drift + dice.gauss(0, 1_500)) + gain
        yield (trade, size, street, str(min(max(before // 1_000, 7), 11))), supported, change, gain


def estimated(seed, gives):
    firms = list(world(seed, gives))
    gains = [gain for *_, supported, _, gain in firms if supported]
    return effect(strata((key, supported, change) for key, supported, change, _ in firms)), Decimal(sum(gains)) / len(gains)


@pytest.mark.parametrize("gives", [800, -500])
def test_the_interval_covers_a_known_effect(gives):
    covered = 0
    for seed in range(RUNS):
        found, truth = estimated(seed, gives)
        covered += found.low <= truth <= found.high
    assert 90 <= covered <= 99


def test_without_an_effect_it_says_that_none_is_seen():
    quiet = [estimated(seed, 0)[0] for seed in range(1_000, 1_000 + RUNS)]
    said = [found.words("活跃度", "点", Decimal("0.01")) for found in quiet]
    assert sum(found.low <= 0 <= found.high for found in quiet) >= 90
    assert all(words.startswith("看不出差别") == (not found.seen) for found, words in zip(quiet, said, strict=True))


def test_a_bare_comparison_would_have_been_wrong():
    """The strata do the work: without them, those who apply look better though support gave nothing."""
    wrong = 0
    for seed in range(20):
        firms = list(world(seed, 0))
        wrong += effect(strata(((), supported, change) for _, supported, change, _ in firms)).seen
    assert wrong >= 15


def test_the_mean_is_that_of_the_supported():
    found = effect([Stratum(("a",), Moments(30, 300, 3_600), Moments(2, 10, 60)),
                    Stratum(("b",), Moments(10, 200, 4_200), Moments(90, 900, 9_500))])
    assert found.value == (30 * (10 - 5) + 10 * (20 - 10)) / Decimal(40)
    assert (found.matched, found.alone, found.others, found.strata) == (40, 0, 92, 2)
    assert (found.supported, found.without) == (Decimal("12.5"), Decimal("6.25"))


def test_the_interval_is_neymans_by_hand():
    one = strata([(("a",), True, value) for value in (1, 2, 3, 6)] + [(("a",), False, value) for value in (0, 2)])
    found = effect(one, fewest=1)
    # variances 14/3 and 2; 14/3 ÷ 4 + 2 ÷ 2
    half = Decimal("1.959963984540054") * (Decimal(14) / 12 + 1).sqrt()
    assert found.value == 2
    assert abs(found.high - 2 - half) < Decimal("1e-20")
    assert abs(2 - found.low - half) < Decimal("1e-20")


def test_who_has_nobody_like_him_is_counted_and_left_out():
    units = [(("a",), at % 2 == 0, at) for at in range(80)] + [(("b",), True, 1_000)] * 3
    found = effect(strata(units))
    assert (found.matched, found.alone, found.others) == (40, 3, 40)
    assert found.value == -1


def test_too_few_give_no_number_but_the_reason():
    found = effect(strata([(("a",), at < 5, at) for at in range(50)]))
    assert found.value is None
    assert found.low is None
    assert found.words("活跃度", "点") == "活跃度：能与相近企业相比的获支持企业只有 5 户，不足 20 户，不下结论"


def test_all_alike_is_no_certainty():
    found = effect(strata([(("a",), at < 50, 1) for at in range(100)]))
    assert found.value is None
    assert "算不出区间" in found.why
    assert not found.seen


def test_sums_add_up_as_the_firms_do():
    assert Moments(1, 2, 4) + Moments(1, 3, 9) == Moments(2, 5, 13)
    assert strata([(("a",), True, 2), (("a",), True, 3), (("a",), False, -1)]) == [
        Stratum(("a",), Moments(2, 5, 13), Moments(1, -1, 1))]


def test_what_is_seen_is_said_with_its_side():
    assert Effect(Decimal(-5), Decimal(-8), Decimal(-2), 30).words("存续率", "个百分点") == (
        "30 户获支持企业的存续率平均比相近、未获支持的企业低 5.0个百分点，95% 区间 -8.0 至 -2.0个百分点，不含零。")
