import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.reports.checking import check
from plumbline.reports.checking.tests.texts import report, verdicts


def whys(text, period="2020H1"):
    return [each.why for each in check(report(text, period))]


def test_growth_of_the_first_quarter_follows_from_growth_and_narrowing():
    (why,) = whys("工业产值下降3.7%、降幅比一季度收窄11个百分点。")
    assert "推算一季度为-14.7%（-15.25至-14.15）" in why


def test_growth_pairs_with_its_difference_in_order():
    one, two = whys("金融、信息业增加值分别增长5.7%和8.3%、比一季度提高0.2个和4.8个百分点。")
    assert "推算一季度为5.5%" in one
    assert "推算一季度为3.5%" in two


def test_a_fall_called_narrower_while_the_figure_grows_differs():
    assert verdicts("工业产值增长3.7%，降幅比一季度收窄2.1个百分点。") == ["differs"]


def test_a_target_that_is_not_printed_is_derived_and_cannot_be_told():
    (found,) = check(report("城镇登记失业率2.96%，低于控制目标0.54个百分点。"))
    assert (found.kind, found.verdict) == ("difference", "cannot tell")
    assert "推算控制目标为3.5%" in found.why
    assert len(found.places) == 2


def test_a_target_no_one_would_set_differs():
    assert verdicts("城镇登记失业率2.96%，低于控制目标0.58个百分点。") == ["differs"]


@pytest.mark.parametrize(("period", "verdict"), [("2020H1", "agrees"), ("2020-01/2020-09", "differs")])
def test_pace_is_the_share_of_the_year_gone(period, verdict):
    assert verdicts("完成预算的44.1%，慢于序时进度5.9个百分点。", period=period) == [verdict]


def test_a_reference_printed_beside_its_name_verifies_the_difference():
    text = "城镇登记失业率3.37%，比年目标任务4.00%低{}个百分点。"
    assert verdicts(text.format("0.63"), "difference") == ["agrees"]
    assert verdicts(text.format("0.83"), "difference") == ["differs"]
    assert verdicts("投资增长34.5%，比全省平均水平（17.3%）高17.2个百分点。", "difference") == ["agrees"]
    assert verdicts("投资增长34.5%，比全省平均水平（17.3%）低17.2个百分点。", "difference") == ["differs"]


def test_pace_without_a_known_period_cannot_be_told():
    assert verdicts("完成预算的44.1%，慢于序时进度5.9个百分点。", period=None) == ["cannot tell"]


@pytest.mark.parametrize("text", [
    "办结率由78.9%上升到63.4%。", "在营平台由年初5家降至100家。", "事项网上可办率由去年的97%提高到90%。"])
def test_a_direction_against_the_numbers_differs(text):
    assert verdicts(text) == ["differs"]


def test_growth_that_turns_is_no_change_of_level():
    assert verdicts("出口增速由下降5.3%上升到增长4.2%。") == []


def test_a_change_without_printed_difference_is_derived():
    one, two = check(report("解决率、满意率由年初的61.2%和77.9%分别上升到72.3%和81.1%。"))
    assert (one.kind, one.verdict) == ("derived", "cannot tell")
    assert "相差11.1个百分点" in one.why
    assert "相差3.2个百分点" in two.why


@given(st.integers(1, 899), st.integers(1, 99))
def test_every_right_change_agrees_and_every_wrong_one_does_not(old, change):
    start, end = f"{old / 10:.1f}", f"{(old + change) / 10:.1f}"
    assert verdicts(f"比例由{start}%上升到{end}%，提高{change / 10:.1f}个百分点。") == ["agrees"]
    assert verdicts(f"比例由{start}%上升到{end}%，提高{(change + 1) / 10:.1f}个百分点。") == ["cannot tell"]
    assert verdicts(f"比例由{start}%上升到{end}%，提高{(change + 7) / 10:.1f}个百分点。") == ["differs"]
