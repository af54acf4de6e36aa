"""Alarms from invented series: quiet in a usual hour, loud when everything goes to one office."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from plumbline.systems.hotline.watching import FALL, FLOOD, RISE, SILENCE, alarms, same_hours, tail, watch

HOUR = datetime(2024, 5, 14, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
OFFICES = {"甲街道": 0.4, "乙街道": 0.3, "水务局": 0.2, "教育局": 0.1}


def hour(chance: random.Random, many: int = 120) -> dict[str, int]:
    sent = chance.choices(list(OFFICES), list(OFFICES.values()), k=many)
    return {office: sent.count(office) for office in OFFICES}


def past(seed: int = 1) -> list[dict[str, int]]:
    chance = random.Random(seed)
    return [hour(chance) for _ in range(8)]


def test_a_usual_hour_is_quiet():
    chance = random.Random(2)
    assert [alarm for _ in range(300) for alarm in alarms(hour(chance), past())] == []


def test_everything_to_one_office_is_an_alarm_with_what_to_do():
    first, *rest = alarms({"水务局": 119, "甲街道": 1}, past())
    assert (first.kind, first.office, first.count, first.whole) == (FLOOD, "水务局", 119, 120)
    assert first.chance < 1e-9
    assert "119 件（99%）派给水务局，过去同一时段占 " in first.why
    assert first.why.endswith("请暂停自动派单，检查分类模型和职责清单。")
    assert {alarm.kind for alarm in rest} == {FALL}


def test_an_office_that_never_had_any_is_told_so():
    found = {alarm.office: alarm for alarm in alarms({"甲街道": 48, "乙街道": 12, "新单位": 60}, past())}
    assert (found["新单位"].kind, found["新单位"].usual) == (RISE, None)
    assert "过去同一时段没有派过" in found["新单位"].why
    assert found["乙街道"].kind == FALL


def test_few_requests_raise_no_alarm():
    assert alarms({"水务局": 19}, [{"水务局": 1, "甲街道": 18}] * 2) == ()


def test_an_unknown_past_raises_no_alarm():
    assert alarms({"水务局": 100}, []) == ()
    assert alarms({"水务局": 100}, [{"甲街道": 3}]) == ()


def test_silence_where_there_was_plenty():
    (found,) = alarms({}, past())
    assert (found.kind, found.count) == (SILENCE, 0)
    assert found.why == "这一小时只派单 0 件，过去 8 周同一时段最少也有 120 件；请检查受理和派单是否中断。"
    assert alarms({}, [{"甲街道": 3}] * 8) == ()


def test_only_the_same_hour_of_the_weekday_counts_and_gaps_are_no_zeros():
    hours = {HOUR - timedelta(weeks=1): {"a": 1}, HOUR - timedelta(weeks=3): {"b": 2}, HOUR - timedelta(hours=1): {"c": 3},
             HOUR - timedelta(weeks=9): {"d": 4}}
    assert same_hours(hours, HOUR) == [{"a": 1}, {"b": 2}]


def test_watching_an_hour_of_a_series():
    hours = {HOUR - timedelta(weeks=back): counts for back, counts in enumerate(past(), 1)}
    assert watch(hours, HOUR) == ()
    assert watch({**hours, HOUR: {"教育局": 50}}, HOUR)[0].kind == FLOOD


def ordinary(chance: random.Random, at: datetime) -> dict[str, int]:
    """An hour of an ordinary week: schools by day, pipes at night, more on Mondays, 80 to 160 in all."""
    day = 8 <= at.hour < 18
    weights = (0.4, 0.3, 0.1 if day else 0.25, 0.2 if day else 0.05)
    sent = chance.choices(list(OFFICES), weights, k=chance.randint(80, 120) + 40 * (at.weekday() == 0))
    return {office: sent.count(office) for office in OFFICES}


def test_ordinary_weeks_are_quiet_and_a_broken_router_is_told_in_its_first_hour():
    chance = random.Random(3)
    hours = {HOUR + timedelta(hours=at): ordinary(chance, HOUR + timedelta(hours=at)) for at in range(10 * 7 * 24)}
    last_week = [hour for hour in hours if hour >= HOUR + timedelta(weeks=9)]
    assert len(last_week) == 168
    assert [alarm for hour in last_week for alarm in watch(hours, hour)] == []
    for hour in last_week:
        for office in OFFICES:
            first = watch({**hours, hour: {office: sum(hours[hour].values())}}, hour)
            assert (FLOOD, office) in {(alarm.kind, alarm.office) for alarm in first}, (hour, office)


@pytest.mark.parametrize("above", [True, False])
def test_tails_are_those_summed_by_hand(above):
    # a uniform share: every count from 0 to 4 is as likely
    assert tail(3, 4, 1, 1, above=above) == pytest.approx(0.4 if above else 0.8)
