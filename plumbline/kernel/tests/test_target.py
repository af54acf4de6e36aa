"""How far a target is: verdicts for each kind of promise, and never a guess."""

from datetime import date
from decimal import Decimal

import pytest

from plumbline.kernel import Reported, Target, due_day, progress

HALF = date(2020, 6, 30)
YEAR_END = date(2020, 12, 31)


def told(value, unit, reported, bound="=", on=HALF, **fields):
    """Progress of a target of 2020, with what was reported of the half-year; tolerance 5 points."""
    on_top = fields.pop("on_top", False)
    target = Target(Decimal(str(value)), unit, bound=bound, **{"period": "2020", "due_on": YEAR_END} | fields)
    found = None if reported is None else Reported(Decimal(str(reported)), unit, "2020H1", on_top)
    return progress(target, found, on, Decimal(5))


@pytest.mark.parametrize(("reported", "verdict"), [
    (68, "ahead"), (50, "ahead"), (49, "on pace"), (45, "on pace"), (41, "on pace"), (40, "behind"), (0, "behind"),
    (90, "kept"), (91, "kept")])
def test_a_sum_is_held_against_the_time_gone(reported, verdict):
    found = told(90, "家", reported)
    assert found.verdict == verdict
    assert found.share == Decimal(reported) / 90
    assert found.elapsed == Decimal(182) / 366


def test_the_words_give_the_numbers_and_the_rule():
    assert told(90, "家", 68).words == (
        "完成68家，目标90家，占75.6%；时间过去182/366天，占49.7%；比时间快25.8个百分点，超出容许的5个百分点，超前。")
    assert told(90, "家", 68).label == "超前"


@pytest.mark.parametrize(("on_top", "verdict"), [(False, "behind"), (True, "behind"), (None, "behind")])
def test_both_readings_of_a_promise_that_agree_need_no_choice(on_top, verdict):
    assert told(13000, "个", 5135, on_top=on_top).verdict == verdict


def test_a_promise_on_top_counts_what_is_reported_into_the_whole():
    assert told(24, "项", 78, on_top=True).share == Decimal(78) / 102
    assert told(24, "项", 78, on_top=True).verdict == "ahead"


def test_readings_that_differ_cannot_be_told_until_somebody_chooses():
    found = told(24, "项", 78, on_top=None)
    assert found.verdict == "cannot tell"
    assert "选定口径" in found.words


@pytest.mark.parametrize(("value", "unit", "bound", "reported", "on", "verdict"), [
    (95, "%", ">=", "96.1", HALF, "on pace"), (95, "%", ">=", 95, YEAR_END, "kept"),
    (95, "%", ">=", "94.9", HALF, "behind"),
    (95, "%", ">", 95, HALF, "behind"), (1, "%", "<=", "0.9", HALF, "on pace"),
    (1, "%", "<=", "1.1", YEAR_END, "behind"),
    (38, "微克/立方米", "<=", 42, HALF, "behind"), (38, "微克/立方米", "~", 42, HALF, "cannot tell"),
    (80, "%", "=", 75, HALF, "cannot tell"), (80, "%", "=", 80, HALF, "on pace"),
    (100, "个", "<=", 60, HALF, "on pace"),
    (100, "个", "<", 100, HALF, "behind")])
def test_a_rate_or_a_limit_is_met_or_not_and_never_divided(value, unit, bound, reported, on, verdict):
    found = told(value, unit, reported, bound, on)
    assert (found.verdict, found.share) == (verdict, None)


@pytest.mark.parametrize(("value", "bound", "reported", "verdict"), [
    (6, "~", 7, "on pace"), (6, "~", "-3.2", "behind"), (-3, ">=", -4, "on pace"), (-3, ">=", -2, "behind"),
    (-3, "<=", -2, "on pace"), (-3, "<=", -4, "behind")])
def test_growth_is_reached_by_growing_and_a_fall_by_falling_further(value, bound, reported, verdict):
    assert told(value, "%", reported, bound, measure="yoy").verdict == verdict


def test_a_rank_is_reached_by_a_smaller_number():
    assert told(3, "位", 2, ">=", measure="rank").verdict == "on pace"
    assert told(3, "位", 4, "=", measure="rank").verdict == "behind"


def test_what_nobody_reported_is_not_zero():
    found = told(90, "家", None)
    assert (found.share, found.reported, found.verdict) == (None, None, "cannot tell")


@pytest.mark.parametrize("fields", [
    {"unit": "公里", "reported_unit": "个"}, {"on": None}, {"value": 0}, {"due_on": None},
    {"due_on": date(2025, 12, 31), "period": ""}])
def test_what_cannot_be_compared_cannot_be_told(fields):
    unit = fields.get("unit", "个")
    target = Target(Decimal(fields.get("value", 90)), unit, period=fields.get("period", "2020"),
                due_on=fields.get("due_on", YEAR_END))
    reported = Reported(Decimal(68), fields.get("reported_unit", unit))
    found = progress(target, reported, fields.get("on", HALF), Decimal(5))
    assert found.verdict == "cannot tell"
    assert found.words.endswith("。")


def test_things_counted_one_by_one_compare_whatever_their_measure_word():
    found = progress(Target(Decimal(90), "个", due_on=YEAR_END), Reported(Decimal(68), "家"), HALF, Decimal(5))
    assert found.verdict == "ahead"


def test_a_day_that_is_over_leaves_only_kept_or_behind():
    assert told(90, "家", 89, on=YEAR_END).verdict == "behind"
    assert told(90, "家", 90, on=YEAR_END).verdict == "kept"


def test_a_stock_without_a_known_start_is_not_held_against_time():
    assert told(700, "公里", 699, ">", period="@2020-12-31").verdict == "cannot tell"
    assert told(700, "公里", 701, ">", period="@2020-12-31").verdict == "kept"


def test_time_runs_from_the_earliest_period_told():
    assert told(90, "家", 68, period="2020H2").elapsed == Decimal(182) / 366
    assert told(90, "家", 68, period="2018/2020").elapsed == Decimal(366 + 365 + 182 - 1) / (365 * 2 + 366)
    assert told(90, "家", 68, period="2020", due_on=date(2020, 8, 31)).elapsed == Decimal(182) / 244


def test_a_year_means_its_last_day():
    assert due_day("2020") == YEAR_END
    assert due_day("2020-02-30") is due_day("") is due_day("年底") is None
