"""Offices with their reasons; nothing is sent where nothing speaks for it. All texts are invented."""

import pytest

from plumbline.systems.hotline import duties
from plumbline.systems.hotline.classify import ByWords
from plumbline.systems.hotline.duties import STARTING, STREET_OF_PLACE, Duty
from plumbline.systems.hotline.routing import House, Past, entries_of, nearest, route
from plumbline.systems.hotline.taxonomy import classes

PLACE = "110105001"
EMPTY = House(ByWords(), classes(), STARTING)


def test_an_empty_house_sends_by_words_and_says_why():
    found = route("出租车司机拒载还议价，不打表", PLACE, EMPTY)
    assert (found.path, found.office, found.abstained) == ("交通运输/出租车管理/行业监管", "交通运输局", False)
    assert found.clauses == (next(duty for duty in STARTING if duty.path == "交通运输"),)
    assert found.why == (
        "判为“交通运输/出租车管理/行业监管”（按词表，100%），依据文中的词：不打表、出租车、拒载、议价",
        f"职责清单：交通运输由交通运输局承办（{found.clauses[0].clause}）")


def test_the_longest_path_of_the_list_counts():
    found = route("地铁口附近食堂食物中毒，餐饮店食品过期", PLACE, EMPTY)
    assert (found.path, found.office) == ("卫生计生/食品药品监管/食品安全", "市场监督管理局")


def test_what_the_street_does_goes_to_the_street_of_the_place():
    text = "物业公司不修电梯，物业费照收"
    found = route(text, "110105001003", EMPTY)
    assert (found.office, found.street) == (STREET_OF_PLACE, "110105001")
    unknown = route(text, "110105", EMPTY)
    assert (unknown.office, unknown.street) == (None, "")
    assert unknown.why[0] == "应由属地街道乡镇承办，但没有写明是哪个街道乡镇；请补上地点。"


@pytest.mark.parametrize("text", ["", "您好，请帮忙", "hello"])
def test_nothing_is_sent_where_nothing_speaks(text):
    found = route(text, PLACE, EMPTY)
    assert (found.office, found.path, found.others) == (None, "", ())
    assert found.why == ("文字里没有足以判断类别的词，也没有相似的旧件；请人工选择类别和承办单位。",)


def test_a_class_without_an_office_is_not_sent():
    found = route("出租车司机拒载", PLACE, House(ByWords(), classes(), ()))
    assert (found.office, found.path) == (None, "交通运输/出租车管理/行业监管")
    assert "请人工派单，并在职责清单中补上" in found.why[0]


def test_two_offices_alike_are_suggestions_and_no_guess():
    alike = (Duty("交通运输", "甲局", "第1条"), Duty("交通运输", "乙局", "第2条"))
    found = route("出租车司机拒载", PLACE, House(ByWords(), classes(), alike))
    assert found.office is None
    assert found.others == (("乙局", 0.5), ("甲局", 0.5))
    assert found.why[0] == "无法判断承办单位：乙局 50%、甲局 50%，相差不够；请人工派单。"


def test_past_requests_decide_between_two():
    alike = (Duty("交通运输", "甲局", "第1条"), Duty("交通运输", "乙局", "第2条"))
    past = (Past("G1", "机场出租车司机拒载短途", "甲局"), Past("G2", "出租车司机拒载老人", "甲局"),
            Past("G3", "路灯不亮三天了", "丙局"))
    found = route("出租车司机拒载", PLACE, House(ByWords(), classes(), alike, past))
    assert found.office == "甲局"
    assert [one.past.number for one in found.cases] == ["G2", "G1"]
    assert "相似的旧件由甲局办理：G2（相似" in found.why[-1]


def test_past_requests_send_what_no_word_names():
    past = tuple(Past(f"G{n}", f"河边的健步道石板松动{n}处", "园林局") for n in range(3))
    found = route("河边的健步道石板松动了", PLACE, House(ByWords(()), (), STARTING, past))
    assert (found.office, found.score, found.clauses) == ("园林局", 1.0, ())
    assert found.answer.abstained


def test_who_leads_receives_first():
    entries = (Duty("环境保护", "甲", "1", leads=False), Duty("环境保护", "乙", "2"))
    assert [duty.office for duty in entries_of("环境保护/环境污染/水污染", PLACE, entries)] == ["乙"]
    assert [duty.office for duty in entries_of("环境保护", PLACE, entries[:1])] == ["甲"]


def test_a_districts_own_entry_stands_before_the_citys():
    entries = (Duty("环境保护", "市局", "1", "110000"), Duty("环境保护", "区局", "2", "110105"))
    assert [duty.office for duty in entries_of("环境保护", "110105001", entries)] == ["区局"]
    assert [duty.office for duty in entries_of("环境保护", "110106001", entries)] == ["市局"]


def test_entries_no_longer_in_use_are_left_out():
    row = {"path": "环境保护", "office": "甲", "clause": None, "area": "110000", "leads": None, "closed_on": None}
    assert duties.duties_from([row, {**row, "closed_on": "2024-01-01"}]) == (Duty("环境保护", "甲", "", "110000"),)


def test_every_starting_duty_is_about_a_class_there_is():
    paths = {"/".join(one.path[:level]) for one in classes() for level in (1, 2, 3)}
    assert [duty.path for duty in STARTING if duty.path not in paths] == []


def test_texts_that_share_nothing_are_not_near():
    assert nearest("停水三天", [Past("G1", "公交改线", "甲")]) == ()
    assert nearest("停水三天", []) == ()
