from decimal import Decimal

import pytest

from plumbline.kernel import BadInput, Paper
from plumbline.kernel.sentence import sentence_from
from plumbline.reports.writing import paper, write
from plumbline.reports.writing.tests.invented import AREA, BASIS, PERIOD

HEAD = Paper("关于云溪区2025年国民经济和社会发展计划上半年执行情况的报告", AREA, PERIOD, "虚构", ())


def text(template):
    return write(template, BASIS, AREA, PERIOD).text


@pytest.mark.parametrize(("template", "printed"), [
    ("收入{made.revenue}", "收入48.59亿元"),
    ("{made.revenue:level.1/万}", "485912.3万元"),
    ("{made.revenue|yoy}", "同比下降7.4%"),
    ("{made.revenue|yoy:growth/bare}", "下降7.4%"),
    ("{made.revenue|narrowing}", "降幅较一季度收窄3.4个百分点"),
    ("{made.income_growth:growth}，{made.income_growth|against:city}", "同比增长3.4%，高于全市1.3个百分点"),
    ("{made.firms|yoy}", "同比持平"),
    ("{made.firms|of_target}", "完成全年目标的75.6%"),
    ("{made.people}", "12.5万人"),
    ("{made.solved|change:from_to}", "由上年同期的71.2%上升到82.3%"),
    ("{made.solved|change:from_to/bare}", "由71.2%上升到82.3%"),
    ("{made.solved|change}", "同比提高11.1个百分点"),
    ("{made.revenue|times:times.2}", "是上年同期的0.93倍"),
    ("共{=17}项", "共17项"),
])
def test_numbers_in_the_words_of_the_genre(template, printed):
    assert text(template) == printed


def test_a_cite_says_which_number_it_is_and_how_exact():
    written = write("{made.revenue|yoy}", BASIS, AREA, PERIOD)
    cite, = written.cites
    assert written.text[cite.start:cite.end] == "7.4%"
    assert (cite.ref, cite.concept, cite.unit, cite.decimals) == ("made.revenue|yoy", "made.revenue.yoy", "%", 3)
    assert cite.value == Decimal("4859123456") / Decimal("5247432458") - 1


def test_an_empty_figure_is_refused_with_its_name_and_reason():
    with pytest.raises(BadInput) as caught:
        write("收入{made.revenue|area:990000}，就业{made.people|yoy}", BASIS, AREA, PERIOD)
    words = [finding.message for finding in caught.value.findings]
    assert len(words) == 2
    assert "一般公共预算收入" in words[0]
    assert "没有收到" in words[0]


def test_a_sentence_is_left_out_where_it_says_so_and_that_is_told():
    wrong: list[str] = []
    body = {"text": "就业{a}，{b}。", "figures": {"a": "made.people", "b": "made.people|yoy"}, "when": "b"}
    sentence = sentence_from("made.jobs", body, wrong)
    assert wrong == []
    written = write(sentence, BASIS, AREA, PERIOD)
    assert written.text == ""
    assert "新增就业" in written.left_out


def test_the_verb_of_the_words_must_be_that_of_the_figure():
    assert text("下降{made.revenue|yoy:size/down}") == "下降7.4%"
    with pytest.raises(BadInput, match="与文字所说的升相反"):
        text("增长{made.revenue|yoy:size/up}")


def test_a_number_bound_to_nothing_is_marked():
    composed = paper(HEAD, [("body", "退出企业{made.firms}，新建公园3处，{=12}个村完成整治。")], BASIS)
    one, = composed.unbound
    assert composed.paper.paragraphs[0].text[one.start:one.end] == "3处"
    assert not composed.ready


def test_a_draft_with_an_empty_figure_is_still_shown():
    composed = paper(HEAD, [("body", "{made.people|yoy}。"), ("body", "退出企业{made.firms}。")], BASIS)
    assert [part.text for part in composed.paper.paragraphs] == ["〔无数〕。", "退出企业68家。"]
    assert composed.findings[0].where == "第1行"
