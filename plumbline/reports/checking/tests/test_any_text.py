"""Whatever a text says, checking it ends, and every place it names is a place of the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.reports.checking import check
from plumbline.reports.checking.tests.texts import report
from plumbline.reports.reading.reader import read

WORDS = (
    "其中", "合计", "共", "由", "上升到", "降至", "提高", "，", "、", "；", "。", "：", "（", "）", "和",
    "分别", "占", "的", "完成", "年度计划", "同比增长", "下降", "降幅", "比一季度", "收窄", "高于全市",
    "低于控制目标", "序时进度", "收入", "支出", "结余", "开工", "率", "地区生产总值", "第一产业增加值",
    "第二产业增加值", "第三产业增加值", "从行业看", "按阶段划分", "结构", "增收", "较年初增加", "累计", "\n",
)
UNITS = ("%", "个百分点", "亿元", "万元", "个", "项", "家", "万人", "倍", "余家", "公里", "亿", "", "‰", "微克/立方米")
numbers = st.one_of(
    st.integers(0, 10**6).map(str), st.decimals(0, 9999, places=2).map(str), st.just("0"), st.just("007"),
    st.just("1,024"), st.just("9" * 400), st.just("100"), st.just("1:2:97"))
pieces = st.one_of(st.sampled_from(WORDS), st.tuples(numbers, st.sampled_from(UNITS)).map("".join))
texts = st.lists(pieces, min_size=1, max_size=40).map("".join)


def stand(statements, text):
    lines = text.split("\n")
    for statement in statements:
        assert statement.why
        for place in statement.places:
            assert 0 <= place.start < place.end <= len(lines[place.para - 1])


@settings(max_examples=100, deadline=None)
@given(texts)
def test_any_text_without_a_reader_is_checked(text):
    stand(check(report(text), report(text)), text)


@settings(max_examples=30, deadline=None)
@given(texts, texts)
def test_any_two_texts_are_checked(one, two):
    reports = [read(f"关于{area}2020年计划上半年执行情况的报告\n三、下半年措施\n{text}。".encode(), "报告.txt")
               for area, text in (("云溪区", one), ("示例市", two))]
    stand(check(reports[0]), reports[0].text)
    assert all(statement.places for statement in check(*reports))


@pytest.mark.parametrize("text", [
    "总数100家，其中：\uf0b7甲40家、\ue001乙60家，合计\uf0b7\ue003。", "占\ue000比重12%\ue005，其中\uf8ff3家。"])
def test_bullets_of_symbol_fonts_are_no_numbers(text):
    statements = check(read(text.encode(), "a.txt"))
    plain = check(read("".join("·" if "\ue000" <= letter <= "\uf8ff" else letter for letter in text).encode(), "a.txt"))
    assert [(each.verdict, each.places) for each in statements] == [(each.verdict, each.places) for each in plain]


@pytest.mark.parametrize("piece", [
    "其中1家、2家，合计", "不低于1、1、1分别扩大其中：12:30", "一季度3家其中1家1万其中1家", "1和", "  \t"])
def test_a_sentence_of_hundreds_of_numbers_is_checked(piece):
    report = read(("一、上半年执行情况\n" + piece * 150).encode() + "上".encode() * 400, "a.txt")
    for statement in check(report):
        for place in statement.places:
            assert 0 <= place.start < place.end
