"""Hot spots: the same thing of the same place, found among everything else."""

import csv
import os
import random
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from plumbline.systems.hotline.hotspots import Said, clusters, fallen

TODAY = date(2020, 6, 30)
SHARED = Path(os.environ.get("PLUMBLINE_SHARED", "../shared")) / "data" / "messages" / "hot-topics.csv"
THINGS = ("楼道灯不亮", "噪声太大", "井盖松动", "垃圾没人清", "电梯坏了", "树枝挡路", "停车乱", "水压低", "路面塌陷", "公厕脏")


def noise(many, place="110105001"):
    dice = random.Random(7)
    names = [f"模拟{chr(0x4e00 + at * 13)}{chr(0x5000 + at * 7)}里{dice.choice(THINGS)}" for at in range(many)]
    return [Said(f"N{at}", name, TODAY - timedelta(days=dice.randint(0, 55)), f"w{at}", place, "城市管理")
            for at, name in enumerate(names)]


def hot(many=12, place="110105001", who=None, back=4):
    said = ("夜里很吵", "粉尘很大", "半夜还在响")
    return [Said(f"H{at}", f"晨曦苑南门搅拌站{said[at % 3]}", TODAY - timedelta(days=at * back % 50), who or f"h{at}", place,
                 "环境保护") for at in range(many)]


def test_what_many_say_of_one_place_comes_first():
    first = clusters([*noise(120), *hot()], TODAY)[0]
    assert first.count == 12
    assert first.people == 12
    assert set(first.numbers) == {f"H{at}" for at in range(12)}
    assert any("晨曦苑" in word or "搅拌站" in word for word in first.words)
    assert first.topic == "环境保护"


def test_one_person_who_calls_often_is_no_hot_spot():
    assert clusters(hot(who="one"), TODAY) == []


def test_same_words_in_two_streets_are_two_things():
    found = clusters([*hot(6), *hot(6, place="110105002")], TODAY)
    assert [(one.place, one.count) for one in found] == [("110105001", 6), ("110105002", 6)]


def test_recent_requests_weigh_more_and_the_trend_is_told():
    rising = [Said(f"R{at}", "紫藤桥积水", TODAY - timedelta(days=at), f"r{at}", "110105003") for at in range(9)]
    falling = [Said(f"F{at}", "白杨路坑洼", TODAY - timedelta(days=47 + at), f"f{at}", "110105004") for at in range(9)]
    found = clusters([*falling, *rising], TODAY)
    assert [one.trend for one in found] == ["上升", "下降"]
    assert found[0].weeks == (0, 0, 0, 0, 0, 0, 2, 7)


def test_nothing_is_found_among_nothing():
    assert clusters([], TODAY) == []
    assert clusters(hot(2), TODAY) == []


def test_what_fell_away_after_a_remedy_is_counted_on_as_many_days():
    done = TODAY - timedelta(days=20)
    before = [Said(f"B{at}", "晨曦苑搅拌站太吵", done - timedelta(days=1 + at % 20)) for at in range(8)]
    long_before = [Said(f"L{at}", "晨曦苑搅拌站太吵", done - timedelta(days=40)) for at in range(5)]
    after = [Said("A1", "晨曦苑搅拌站又响了", done + timedelta(days=3)), Said("A2", "晨曦苑搅拌站", done)]
    told = fallen([*before, *long_before, *after], ["晨曦苑搅拌站"], done, TODAY)
    assert (told.before, told.after, told.days, told.share) == (8, 1, 20, 0.875)


def test_too_few_days_or_nothing_before_tells_nothing():
    assert fallen([], ["晨曦苑"], TODAY - timedelta(days=20), TODAY).share is None
    soon = fallen(hot(), ["晨曦苑"], TODAY - timedelta(days=5), TODAY)
    assert soon.share is None
    assert soon.before > 0


@pytest.mark.slow
def test_the_two_known_hot_spots_of_the_public_messages_are_among_the_first():
    if not SHARED.exists():
        pytest.skip(f"{SHARED} is absent; set PLUMBLINE_SHARED")
    with open(SHARED, encoding="utf-8-sig", newline="") as file:
        told = [Said(row["留言编号"], row["留言主题"], _day(row["留言时间"]), row["留言用户"]) for row in csv.DictReader(file)]
    first = [" ".join(one.words) for one in clusters(told, max(one.on for one in told))[:5]]
    assert any("丽发新城" in words for words in first)
    assert any("滨河苑" in words for words in first)


def _day(text):
    return datetime.strptime(text.split()[0].replace("-", "/"), "%Y/%m/%d").date()  # noqa: DTZ007  a day has no zone
