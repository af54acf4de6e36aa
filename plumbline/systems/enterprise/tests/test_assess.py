"""Assessment of a policy: take-up, days to money, whom it missed; and its effect counted by the engine as by hand."""

import random
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plumbline.kernel import load
from plumbline.systems.enterprise import activity, assess
from plumbline.systems.enterprise.assess import Told
from plumbline.systems.enterprise.effect import effect, strata
from plumbline.systems.enterprise.tests.panels import back, firm, inputs

CATALOG = load([Path(activity.__file__).parent])
PAID, LATER = date(2020, 3, 1), date(2020, 6, 1)
STREETS = {"110112001": 5, "110112002": 6, "110112003": 7}


def row(at, month, index, **more):
    """A reckoned row of activity."""
    return {**firm(at), "month_on": month, "index": Decimal(index) / 100, "age_months": 60, "gone": False} | more


def world(folder, seed, gives, many=700):
    """Firms, some paid in March 2020, livelier ones more often; and their activity before and after."""
    dice = random.Random(seed)
    firms, rows, paid, values = [], [], [], []
    for at in range(many):
        early, before = int(dice.gauss(9_500, 1_500)), 0
        before = max(0, early + int(dice.gauss(0, 500)))
        got, gone = dice.random() < (0.15 if before < 9_500 else 0.4), dice.random() < 0.06
        after = max(0, before + int(dice.gauss(0, 800)) + (gives if got else 0))
        firms.append(firm(at, closed_on=date(2020, 5, 20) if gone else None, status="注销" if gone else "存续"))
        rows += [row(at, date(2019, 11, 1), early), row(at, date(2020, 2, 1), before)]
        if not gone:
            rows.append(row(at, LATER, after))
        if got:
            paid.append(f"F{at:05}")
        values.append((at, got, before, early, None if gone else after))
    held = inputs(CATALOG.tables[activity.FIRMS], firms, folder, "firms"), inputs(
        CATALOG.tables[activity.ACTIVITY], rows, folder, "rows")
    return held, {PAID: tuple(paid)}, values


def found_by(held, received, months=3):
    design = assess.design_of(CATALOG, LATER, months, STREETS)
    return {one.name: one for one in assess.effects(CATALOG, design, *held, received, "110112")}


def band(before):
    """How lively a firm was, as the strata say it."""
    limits = ((6_000, "低"), (9_000, "较低"), (11_000, "平常"), (14_000, "较高"))
    return next((word for limit, word in limits if before < limit), "高")


def test_the_engines_sums_are_those_of_the_firms_one_by_one(tmp_path):
    held, received, values = world(tmp_path, 3, 900)
    found = found_by(held, received)
    units = {name: [] for name in found}
    for at, got, before, early, after in values:
        key = (firm(at)["trade"], firm(at)["street"], band(before))
        now = 0 if after is None else after
        told = {"alive": int(after is not None), "active": int(now >= 6_000), "index": now, "change": now - before,
                "placebo": before - early}
        for name, value in told.items():
            units[name].append((key, got, value))
    for name, some in units.items():
        by_hand, engine = effect(strata(some)), found[name].effect
        assert (engine.matched, engine.alone, engine.others, engine.strata) == (
            by_hand.matched, by_hand.alone, by_hand.others, by_hand.strata), name
        # the sums are the same; only the order in which strata are added differs
        assert abs(engine.value - by_hand.value) < Decimal("1e-20"), name
        assert abs(engine.low - by_hand.low) < Decimal("1e-20"), name


def test_a_known_effect_is_found_and_the_check_before_passes(tmp_path):
    held, received, _ = world(tmp_path, 4, 1_500)
    found = found_by(held, received)
    assert found["change"].effect.seen
    assert found["change"].effect.low <= 1_410 <= found["change"].effect.high  # six in a hundred closed and gained nothing
    assert "高" in found["change"].words
    assert assess.trust(list(found.values())).startswith("事前检查通过")


def test_no_effect_is_said_to_be_none(tmp_path):
    held, received, _ = world(tmp_path, 5, 0)
    assert found_by(held, received)["change"].words.startswith("看不出差别")


def test_a_difference_before_any_money_is_said_to_spoil_the_comparison(tmp_path):
    held, received, values = world(tmp_path, 6, 0)
    rows = []
    for at, got, before, early, after in values:
        rows += [row(at, date(2019, 11, 1), early - (2_000 if got else 0)), row(at, date(2020, 2, 1), before)]
        if after is not None:
            rows.append(row(at, LATER, after))
    held = held[0], inputs(CATALOG.tables[activity.ACTIVITY], rows, tmp_path, "spoilt")
    assert assess.trust(list(found_by(held, received).values())).startswith("事前检查没有通过")


def test_who_has_no_row_later_and_has_not_closed_is_not_told(tmp_path):
    held, received, _ = world(tmp_path, 7, 0, many=120)
    rows = [row(at, date(2020, 2, 1), 9_500) for at in range(120)]
    held = held[0], inputs(CATALOG.tables[activity.ACTIVITY], rows, tmp_path, "bare")
    found = found_by(held, received)
    assert found["alive"].untold == 0
    assert found["index"].untold > 100
    assert found["index"].effect.value is None


def test_each_other_firm_stands_beside_one_month_alone(tmp_path):
    held, received, values = world(tmp_path, 8, 0)
    codes = received[PAID]
    two = {PAID: codes[::2], date(2020, 2, 1): codes[1::2]}
    rows = [row(at, month, 9_500 + at % 7) for at, *_ in values
            for month in (date(2019, 10, 1), date(2019, 11, 1), date(2020, 1, 1), date(2020, 2, 1), date(2020, 5, 1), LATER)]
    held = held[0], inputs(CATALOG.tables[activity.ACTIVITY], rows, tmp_path, "two")
    told = found_by(held, two)["alive"].effect
    assert told.others + told.matched + told.alone == len(values)


def test_months_not_reckoned_yet_are_left_out():
    received = {PAID: ("a",), date(2020, 5, 1): ("b",)}
    told = [back(n, LATER) for n in range(8)]
    assert assess.seen_months(received, told, 3) == {PAID: ("a",)}
    assert assess.seen_months(received, told, 1) == received


FIRMS = (
    Told("a", True, "小型", "工业", "1", date(2020, 4, 1), date(2020, 4, 2), date(2020, 4, 3), date(2020, 4, 23),
         Decimal("100.10")),
    Told("b", True, "小型", "工业", "2", date(2020, 4, 1), None, date(2020, 4, 9), date(2020, 4, 13), Decimal(50)),
    Told("c", True, "微型", "", "1", date(2020, 4, 1), date(2020, 4, 5)), Told("d", True, "微型", "零售业", "1"),
    Told("e", True, "微型", "零售业", "2", date(2020, 4, 1)), Told("f", None, "微型"),
    Told("g", False, "微型", paid_on=date(2020, 5, 1)),
)


def test_take_up_counts_each_step():
    [one] = assess.uptake(FIRMS)
    assert (one.eligible, one.unknown, one.pushed, one.read, one.applied, one.paid) == (5, 1, 4, 2, 2, 2)
    assert (one.amount, one.outside, one.share) == (Decimal("150.10"), 1, Decimal("0.4"))


@pytest.mark.parametrize(("by", "wanted"), [
    ("size", {"小型": (2, 2), "微型": (3, 0)}), ("industry", {"工业": (2, 2), "零售业": (2, 0), "不明": (1, 0)}),
    ("street", {"1": (3, 1), "2": (2, 1), "不明": (0, 0)})])
def test_take_up_by_what_a_firm_is(by, wanted):
    assert {one.key: (one.eligible, one.paid) for one in assess.uptake(FIRMS, by)} == wanted


def test_nobody_eligible_has_no_share():
    [one] = assess.uptake([Told("f")])
    assert (one.eligible, one.unknown, one.share) == (0, 1, None)


def test_days_to_money():
    told = assess.days_to_cash(FIRMS)
    assert (told.count, told.middle, told.slow, told.longest) == (2, 4, 20, 20)
    assert assess.days_to_cash(FIRMS[2:]).middle is None


def test_whom_it_missed_begins_with_those_nobody_told():
    assert [one.code for one in assess.missed(FIRMS)] == ["d", "e", "c"]
    assert assess.reasons(FIRMS) == {"没有推送": 1, "推送了没有读": 1, "读了没有申请": 1}


def test_payments_by_their_month():
    assert assess.by_month(FIRMS) == {date(2020, 4, 1): ("a", "b"), date(2020, 5, 1): ("g",)}
