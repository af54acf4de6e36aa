from dataclasses import replace
from decimal import Decimal

import pytest

from plumbline.kernel import AGREES, CANNOT_TELL, DIFFERS, Figure, Paper
from plumbline.kernel.comparison import Basis, needed
from plumbline.reports.holding import KIND, held, hold, wanted
from plumbline.reports.reading.reader import read_source
from plumbline.reports.reading.source import Source
from plumbline.reports.writing import paper
from plumbline.reports.writing.law import read_back
from plumbline.reports.writing.tests.invented import AREA, BASIS, INDICATORS, PERIOD, figure

TITLE = "关于云溪区2025年国民经济和社会发展计划上半年执行情况的报告"


def report(sentence):
    return read_source(Source("虚构.txt", "txt", f"{TITLE}\n一、上半年计划执行情况\n{sentence}\n"))


def verdicts(sentence, basis=BASIS):
    return [one.verdict for one in held(report(sentence), basis)]


@pytest.mark.parametrize(("sentence", "verdict"), [
    ("上半年，一般公共预算收入48.59亿元。", AGREES), ("上半年，一般公共预算收入48.6亿元。", AGREES),
    ("上半年，一般公共预算收入48.58亿元。", DIFFERS), ("上半年，一般公共预算收入约50亿元。", AGREES),
    ("上半年，一般公共预算收入约40亿元。", DIFFERS), ("上半年，一般公共预算收入超过48亿元。", AGREES),
    ("上半年，一般公共预算收入超过49亿元。", DIFFERS), ("上半年，一般公共预算收入近50亿元。", AGREES),
    ("上半年，一般公共预算收入近60亿元。", DIFFERS), ("上半年，一般公共预算收入下降7.4%。", AGREES),
    ("上半年，一般公共预算收入增长7.4%。", DIFFERS), ("上半年，退出企业68家。", AGREES), ("上半年，退出企业69家。", DIFFERS),
    ("上半年，热线诉求解决率82.3%。", AGREES), ("上半年，热线诉求解决率同比提高11.1个百分点。", AGREES),
    ("上半年，新建公园3处。", CANNOT_TELL), ("上半年，造林绿化面积870公顷，其中20公顷为新增。", AGREES),
])
def test_a_text_of_others_is_held_against_the_figure_its_words_name(sentence, verdict):
    assert verdicts(sentence)[0] == verdict


def test_a_part_is_not_taken_for_the_whole():
    assert verdicts("上半年，造林绿化面积870公顷，其中20公顷为新增。")[1] == CANNOT_TELL


def test_an_empty_figure_says_nothing():
    one, = held(report("上半年，新增就业同比增长3%。"), BASIS)
    assert one.verdict == CANNOT_TELL
    assert "没有收到" in one.why


def test_a_promise_is_held_against_nothing():
    assert verdicts("下半年，力争退出企业90家。") == []


def test_a_tie_between_two_roundings_cannot_be_told():
    tied = Basis(INDICATORS, lambda *asked: replace(figure(*asked), value=Decimal("0.8225")))
    assert verdicts("上半年，热线诉求解决率82.3%。", tied) == [AGREES]
    assert verdicts("上半年，热线诉求解决率82.2%。", tied) == [CANNOT_TELL]


def test_a_cited_number_is_held_against_its_own_figure_whatever_it_is_called():
    made = paper(Paper(TITLE, AREA, PERIOD, "", ()), [("body", "上半年，共有{made.firms}。")], BASIS).paper
    one, = held(read_back(made), BASIS, made)
    assert (one.verdict, one.cited, str(one.ref)) == (AGREES, True, "made.firms|area:990101|period:2025H1")


def test_a_corrected_figure_shows_in_the_text_that_printed_it():
    made = paper(Paper(TITLE, AREA, PERIOD, "", ()), [("body", "上半年，退出企业{made.firms}。")], BASIS).paper
    corrected = Basis(INDICATORS, lambda *asked: replace(figure(*asked), value=Decimal(67)))
    statement, = hold(read_back(made), corrected, made)
    assert (statement.kind, statement.verdict) == (KIND, DIFFERS)
    assert "68家" in statement.why
    assert "67家" in statement.why


@pytest.mark.parametrize(("was", "now"), [
    ("68家", "680家"), ("68家", "6家"), ("68家", "若干家"), ("下降7.4%", "增长7.4%"), ("48.59亿元", "48.59万元"),
    ("上半年，退出企业68家，", ""),
])
def test_any_change_by_hand_of_a_written_text_is_noticed(was, now):
    lines = [("body", "上半年，退出企业{made.firms}，一般公共预算收入{made.revenue}，{made.revenue|yoy}。")]
    made = paper(Paper(TITLE, AREA, PERIOD, "", ()), lines, BASIS).paper
    text = f"{TITLE}\n{made.paragraphs[0].text.replace(was, now)}\n"
    found = held(read_back(made, text), BASIS, made)
    assert DIFFERS in [one.verdict for one in found if one.cited]


def test_a_paragraph_that_is_gone_is_told():
    lines = [("body", "上半年，退出企业{made.firms}。"), ("body", "一般公共预算收入{made.revenue}，{made.revenue|yoy}。")]
    made = paper(Paper(TITLE, AREA, PERIOD, "", ()), lines, BASIS).paper
    found = held(read_back(made, f"{TITLE}\n{made.paragraphs[0].text}\n"), BASIS, made)
    assert [one.verdict for one in found if one.start is None] == [DIFFERS, DIFFERS]


def test_paragraphs_put_in_between_move_nothing():
    lines = [("body", "上半年，退出企业{made.firms}。"), ("body", "一般公共预算收入{made.revenue}，{made.revenue|yoy}。")]
    made = paper(Paper(TITLE, AREA, PERIOD, "", ()), lines, BASIS).paper
    texts = [part.text for part in made.paragraphs]
    text = "\n".join([TITLE, "主任、各位副主任：", texts[0], "我们还做了别的事。", texts[1], ""])
    found = held(read_back(made, text), BASIS, made)
    assert [one.verdict for one in found] == [AGREES] * 3


def test_a_figure_in_ten_thousands_is_told_in_its_base_unit():
    indicators = {"m.x": replace(INDICATORS["made.revenue"], key="m.x", unit="万元")}
    basis = Basis(indicators, lambda key, area, period, cell: Figure(key, area, period, "万元", Decimal("485912.3456")))
    assert verdicts("上半年，一般公共预算收入48.59亿元。", basis) == [AGREES]


def test_a_text_broken_into_lines_anywhere_is_the_same_text():
    lines = [("body", "上半年，退出企业{made.firms}，一般公共预算收入{made.revenue}，{made.revenue|yoy}。")]
    made = paper(Paper(TITLE, AREA, PERIOD, "", ()), lines, BASIS).paper
    words = made.paragraphs[0].text
    for at in range(5, len(words) - 1, 3):
        text = f"{TITLE}\n{words[:at]}\n{words[at:]}\n"
        assert [one.start is not None for one in held(read_back(made, text), BASIS, made) if one.cited] == [True] * 3


def test_a_text_of_something_else_has_none_of_the_paragraphs():
    made = paper(Paper(TITLE, AREA, PERIOD, "", ()), [("body", "上半年，退出企业{made.firms}。")], BASIS).paper
    found = held(report("我们召开了多次会议，研究了许多事项，取得了新的进展。" * 300), BASIS, made)
    assert [(one.verdict, one.start) for one in found if one.cited] == [(DIFFERS, None)]


def test_what_will_be_asked_for_is_known_beforehand():
    text = report("上半年，一般公共预算收入48.59亿元，同比下降7.4%，降幅较一季度收窄3.4个百分点；新建公园3处。")
    asked = []
    seen = replace(BASIS, figure=lambda *one: asked.append(one) or figure(*one))
    held(text, seen)
    before = needed(wanted(text, INDICATORS, AREA, PERIOD), INDICATORS)
    assert set(asked) <= set(before)
    assert len(before) == 4
