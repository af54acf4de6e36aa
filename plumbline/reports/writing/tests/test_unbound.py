import pytest

from plumbline.reports.writing import candidates, paper
from plumbline.reports.writing.law import head
from plumbline.reports.writing.tests.invented import AREA, BASIS, PERIOD


def offered(text):
    """What is offered for each unbound number of a line: printed, first slot, what that prints."""
    composed = paper(head(AREA, PERIOD), [("body", text)], BASIS)
    first = [(one, next(iter(candidates(one.claim, BASIS, AREA, PERIOD)), None)) for one in composed.unbound]
    return [(one.claim.surface, best and best.slot, best and best.prints) for one, best in first]


@pytest.mark.parametrize(("text", "slots"), [
    ("上半年，一般公共预算收入48.6亿元，同比下降7.4%，降幅较一季度收窄3.4个百分点。",
     ["{made.revenue:level.1}", "{made.revenue|yoy:size}", "{made.revenue|yoy|narrowing:quarter:size}"]),
    ("居民人均可支配收入增长3.4%，高于全市1.3个百分点。",
     ["{made.income_growth:size}", "{made.income_growth|against:city:size}"]),
    ("退出企业68家，完成全年目标的75.6%。", ["{made.firms:level}", "{made.firms|of_target:level}"]),
    ("热线诉求解决率由上年同期的71.2%上升到82.3%。",
     ["{made.solved|period:year-before:level}", "{made.solved:level}"]),
])
def test_what_agrees_is_offered_and_prints_the_same_in_its_place(text, slots):
    found = offered(text)
    assert [slot for _, slot, _ in found] == slots
    assert [prints for _, _, prints in found] == [surface for surface, _, _ in found]
    bound = text
    for surface, slot, _ in found:
        bound = bound.replace(surface, slot, 1)
    composed = paper(head(AREA, PERIOD), [("body", bound)], BASIS)
    assert composed.ready
    assert composed.paper.paragraphs[0].text == text


def test_nothing_is_offered_for_a_number_no_figure_has():
    assert offered("新建公园3处。") == [("3处", None, None)]


def test_a_likely_name_is_offered_though_the_number_differs_and_that_is_told():
    composed = paper(head(AREA, PERIOD), [("body", "退出企业70家。")], BASIS)
    best = candidates(composed.unbound[0].claim, BASIS, AREA, PERIOD)[0]
    assert (best.slot, best.agrees, best.prints) == ("{made.firms:level}", False, "68家")
    assert "相差2家" in best.reason


def test_names_and_dates_need_no_figure():
    text = "2025年，十四五规划收官，12345热线全天受理，“云8条”落地，5G网络覆盖更广，第三季度再看。"
    assert paper(head(AREA, PERIOD), [("body", text)], BASIS).ready
