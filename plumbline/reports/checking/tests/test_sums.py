from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.reports.checking import check
from plumbline.reports.checking.tests.texts import HOLDING, SILENT, altered, report, silent, verdicts

NAMES = ("市级", "区级", "镇级", "村级", "园级", "企级")


@pytest.mark.parametrize(("text", "kind"), HOLDING)
def test_an_identity_that_holds_agrees(text, kind):
    found = [each for each in check(report(text)) if each.kind == kind]
    assert found
    assert {each.verdict for each in found} == {"agrees"}


@pytest.mark.parametrize(("text", "kind"), HOLDING)
def test_each_altered_digit_is_noticed(text, kind):
    for statement in check(report(text)):
        if statement.kind != kind:
            continue
        for place in statement.places:
            for other in altered(text, place.start, place.end):
                assert not silent(statement, (place.para, place.start), check(report(other))), other


@pytest.mark.parametrize("text", SILENT)
def test_a_sentence_that_claims_no_sum_raises_no_alarm(text):
    assert "differs" not in verdicts(text)
    assert "agrees" not in verdicts(text, "identity")


def test_the_two_lists_of_one_sentence_are_two_statements():
    found = check(report(HOLDING[1][0]))
    assert [len(each.places) for each in found if each.kind == "identity"] == [3, 3]


def test_places_carry_the_printed_numbers():
    text = "第一行\n" + HOLDING[0][0]
    lines = text.split("\n")
    (found,) = check(report(text))
    assert [lines[p.para - 1][p.start:p.end] for p in found.places] == ["214项", "86项", "97项", "31项"]


def test_places_stand_where_blanks_and_full_width_forms_are_printed():
    text = "安排工程 214 项，其中市级主责 86 项，区级主责９７项，镇级主责 31项。"
    (found,) = check(report(text))
    assert found.verdict == "agrees"
    assert [text[p.start:p.end] for p in found.places] == ["214 项", "86 项", "９７项", "31项"]


def test_a_gap_within_rounding_is_no_error():
    assert verdicts("补助资金37.5亿元，其中21.6亿元用于河道，15.8亿元用于道路。") == ["cannot tell"]


def test_a_gap_beyond_rounding_differs():
    assert verdicts("补助资金39.4亿元，其中21.6亿元用于河道，15.8亿元用于道路。") == ["differs"]


def test_counts_are_never_rounded():
    assert verdicts("安排工程215项，其中市级主责86项，区级主责97项，镇级主责31项。") == ["differs"]


def test_parts_of_an_incomplete_list_may_fall_short():
    assert verdicts("新签约项目73个，其中省级项目3个、市级项目19个。") == []
    assert verdicts("新签约项目73个，其中省级项目3个、市级项目19个、县级项目12个。") == ["cannot tell"]


def test_a_total_behind_its_parts_is_held_to_its_digits():
    text = "发放贷款6.47亿元，正在审批额度2.24亿元，合计{}亿元。"
    assert verdicts(text.format("8.71")) == ["agrees"]
    assert verdicts(text.format("8.91")) == ["differs"]
    assert verdicts(text.format("8.72")) == ["cannot tell"]


def test_parts_joined_in_one_clause_are_of_one_form():
    assert verdicts("治理隐患共10处，其中城区治理4处、乡镇新建7处。") == ["differs"]


def test_items_of_several_forms_are_no_division():
    assert verdicts("新签约项目73个，其中开工31个，竣工投产11家，总投资52亿元。") == []
    assert verdicts("计划项目255个（其中上半年新开工223个），已开工206个。") == []


def test_the_figures_of_one_project_are_no_parts_of_another():
    text = "总投资337.13亿元，完成投资35.9亿元。其中：桥梁总投资32.4亿元，计划投资49.2亿元。"
    assert verdicts(text, "identity") == []


def test_a_wrong_digit_never_finds_another_total_or_a_shorter_list():
    assert "agrees" not in verdicts("东片14处，西片10处，其中城区改造8处，乡镇改造6处。")
    assert "agrees" not in verdicts("改造2处，其中城区改造1处，乡镇改造1处，园区改造4998处。")


def test_a_list_of_several_forms_is_taken_whole_where_it_adds_up():
    text = "总支出完成244707万元，其中：本级支出230362万元，上解支出2832万元，还本支出10540万元，补充基金{}万元。"
    assert verdicts(text.format("973")) == ["agrees"]
    assert verdicts(text.format("993")) == ["cannot tell"]
    assert "agrees" not in verdicts("改造142处，其中城区改造100处，乡镇改造42处，拆除6处。")
    assert verdicts("改造142处，其中城区改造100处，乡镇改造42处，拆除61处。") == ["agrees"]


def test_a_view_is_a_division_too():
    text = "收入完成28,583万元。从征收部门看：税务部门完成13,866万元；财政部门完成14,717万元。"
    assert verdicts(text) == ["agrees"]
    assert verdicts(text.replace("13,866", "13,886")) == ["cannot tell"]
    text = text.replace("税务部门", "税收收入").replace("财政部门", "非税收入")
    assert verdicts(text.replace("13,866", "13,886")) == ["differs"]


def test_counts_and_amounts_of_stages_make_the_whole():
    text = "203个项目完成投资792.4亿元。按阶段划分，其中46个投产项目完成投资442.4亿元，为年计划的52.4%；" \
        "136个续建项目完成投资335.5亿元；21个新开工项目完成投资14.5亿元。"
    assert verdicts(text, "identity") == ["agrees", "agrees"]


def test_parts_larger_than_the_whole_differ_even_in_an_incomplete_list():
    assert verdicts("新签约项目73个，其中省级项目43个、市级项目39个。") == ["differs"]


def test_a_single_part_larger_than_the_whole_differs():
    assert verdicts("货物进出口总额63.2亿元，其中出口91.5亿元。") == ["differs"]
    assert verdicts("货物进出口总额63.2亿元，其中出口41.5亿元。") == []
    assert verdicts("引进投资过5亿元产业项目35个，其中过50亿元项目3个。") == []


def test_a_whole_of_about_so_many_is_not_held_to_its_digits():
    assert verdicts("走访企业300余家，其中工业企业180家、服务企业131家。") == ["cannot tell"]


def test_the_whole_may_stand_in_the_sentence_before():
    text = "收入完成1,392,476万元，增长9.85%。其中：税收收入完成1,018,630万元；非税收入完成373,846万元。"
    assert verdicts(text, "identity") == ["agrees"]


def test_structure_rounded_to_100_point_1_is_no_error():
    assert verdicts("三次产业结构为6.3:41.9:51.9。") == ["cannot tell"]
    assert verdicts("三次产业结构为7.2:41.9:51.9。") == ["differs"]


def listed(whole, parts):
    items = "，".join(f"{name}主责{part}项" for name, part in zip(NAMES, parts, strict=False))
    return f"全年安排工程{whole}项，其中{items}。"


@given(st.lists(st.integers(1, 9999), min_size=2, max_size=6))
def test_every_right_list_agrees(parts):
    assert verdicts(listed(sum(parts), parts)) == ["agrees"]


@given(st.lists(st.integers(1, 9999), min_size=2, max_size=6), st.integers(1, 9999))
def test_no_wrong_list_agrees(parts, gap):
    assert "agrees" not in verdicts(listed(sum(parts) + gap, parts))


@given(st.lists(st.integers(1, 9999), min_size=2, max_size=6), st.data())
def test_no_altered_list_agrees(parts, data):
    text = listed(sum(parts), parts)
    at = data.draw(st.sampled_from([i for i, c in enumerate(text) if c.isdigit()]))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != text[at]]))
    found = verdicts(text[:at] + digit + text[at + 1:], "identity")
    assert found
    assert "agrees" not in found


@given(st.lists(st.integers(1, 99999), min_size=2, max_size=5))
def test_independent_rounding_never_differs(hundredths):
    """Whole and parts rounded to a tenth each on its own: no printed table may be called wrong."""
    parts = [round(Decimal(h) / 100, 1) for h in hundredths]
    whole = round(Decimal(sum(hundredths)) / 100, 1)
    items = "，".join(f"{name}投资{part}亿元" for name, part in zip(NAMES, parts, strict=False))
    assert "differs" not in verdicts(f"完成投资{whole}亿元，其中{items}。")
