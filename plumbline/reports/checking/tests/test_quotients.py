from hypothesis import assume, given
from hypothesis import strategies as st

from plumbline.reports.checking import check
from plumbline.reports.checking.tests.texts import report, verdicts


def whys(text):
    return [each.why for each in check(report(text))]


def test_last_year_follows_from_level_and_growth_with_its_interval():
    (why,) = whys("网上零售额1899.2亿元，增长25.8%。")
    assert "推算上年同期为1509.7亿元（1509.1至1510.3），增加389.5亿元" in why


def test_level_change_and_growth_are_held_against_each_other():
    assert verdicts("收入完成38,426万元，同比增收5,208万元，增长15.7%。", "derived") == ["agrees"]
    assert verdicts("收入完成38,426万元，同比增收5,208万元，增长25.7%。", "derived") == ["differs"]
    assert verdicts("收入完成38,426万元，同比减收5,208万元，增长15.7%。", "derived") == ["differs"]


def test_a_share_of_a_whole_printed_right_before_it_is_verified():
    assert verdicts("新增就业12314人，完成年目标任务12500人的98.5%。") == ["agrees"]
    assert verdicts("新增就业12314人，完成年目标任务12500人的89.5%。") == ["differs"]


def test_growth_on_another_basis_cannot_be_told():
    assert verdicts("收入（同口径）完成30,161万元，同比增长14.6%，增收4,376万元。", "derived") == ["cannot tell"]


def test_a_change_may_stand_behind_the_growth():
    assert verdicts("收入完成28,583万元，同比增长10.85%，增收2,798万元。", "derived") == ["agrees"]


def test_a_share_is_held_against_part_and_whole():
    text = "公共财政预算收入完成1,392,476万元，税收收入完成1,018,630万元，占公共财政预算收入的{}%。"
    assert "agrees" in verdicts(text.format("73.2"))
    assert "differs" in verdicts(text.format("78.2"))


def test_a_share_of_another_thing_is_not_taken_for_the_amount_before_it():
    text = "固定资产投资完成90亿元，工业投资50亿元，增长10%，房地产投资占固定资产投资的17.8%。"
    assert "differs" not in verdicts(text)


def test_a_share_of_the_wider_area_is_not_held_against_the_own_total():
    assert verdicts("规上工业总产值2220亿元，占全市规上工业总产值的31.4%。") == []


def test_a_share_of_the_plan_gives_the_plan():
    (why,) = whys("全年完成投资432亿元，占年度计划的108.3%。")
    assert "推算年度计划为398.9亿元" in why


def test_a_rate_of_completion_is_held_against_its_counts():
    assert verdicts("列入重点的35个项目开工33个，开工率94.3%。") == ["agrees"]
    assert verdicts("列入重点的35个项目开工31个，开工率94.3%。") == ["differs"]


def test_a_rate_of_completion_gives_the_whole_numbers_it_can_be():
    (why,) = whys("试点方案177项任务完成率达94%。")
    assert "推算为166至167项" in why


def test_the_level_before_follows_from_what_was_added():
    (why,) = whys("新开通基站5135个、累计开通2.25万个。")
    assert "1.7365万个（1.7315万个至1.7415万个）" in why


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_printed_share_that_was_rounded_never_differs(part, rest):
    share = round(part * 100 / (part + rest), 1)
    assume(share > 0)
    text = f"公共财政收入完成{part + rest}万元，税收收入完成{part}万元，占公共财政收入的{share}%。"
    assert "differs" not in verdicts(text)
