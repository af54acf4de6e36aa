"""The page of a report: nothing lost, nothing added, every number in its place."""

import re

from hypothesis import given
from hypothesis import strategies as st

from plumbline.web.page import Block, Heading, Mark, Run, blocks

REPORT = """首页 > 文件

关于某区2025年计划
执行情况的报告
——2025年7月28日在会议上
主任：

一、执行情况
工业平稳。产值12.5亿元，增长3%。
这一段在纸上断成了两行所以这里没有句号而下一行
接着说完，共4项。
指标 | 数值
粮食 | 3万吨
"""
TITLE = "关于某区2025年计划执行情况的报告"


def heading(text: str, words: str, level: int) -> Heading:
    return Heading(level, words, text.index(words), text.index(words) + len(words))


def marks(text: str, *numbers: str) -> list[Mark]:
    return [Mark(n, text.index(number), text.index(number) + len(number)) for n, number in enumerate(numbers, 1)]


def page() -> list[Block]:
    return blocks(REPORT, TITLE, [heading(REPORT, "一、执行情况", 1), heading(REPORT, "工业平稳。", 5)],
                  marks(REPORT, "12.5亿元", "3%", "4项", "3万吨"))


def test_every_line_has_its_kind():
    assert [(block.kind, block.paras) for block in page()] == [
        ("crumb", [1]), ("title", [3, 4]), ("head", [5]), ("salute", [6]), ("heading", [8]), ("paragraph", [9]),
        ("paragraph", [10, 11]), ("table", [12, 13])]


def test_theme_and_numbers_are_cut_out_of_a_paragraph():
    paragraph = page()[5]
    assert paragraph.runs == [Run("工业平稳。", theme=True), Run("产值"), Run("12.5亿元", 1), Run("，增长"), Run("3%", 2),
                              Run("。")]


def test_broken_line_goes_on():
    assert page()[6].text.endswith("而下一行接着说完，共4项。")


def test_table_keeps_its_cells():
    assert page()[7].rows == [[[Run("指标")], [Run("数值")]], [[Run("粮食")], [Run("3万吨", 4)]]]


def test_two_claims_of_one_number_are_both_there():
    text = "甲、乙均达到100%。\n"
    at = text.index("100%")
    (block,) = blocks(text, "", [], [Mark(1, at, at + 4), Mark(2, at, at + 4)])
    assert block.runs == [Run("甲、乙均达到"), Run("100%", 1), Run("", 2), Run("。")]


@given(st.text(st.sampled_from("甲乙12。 \n|（：、"), max_size=80), st.data())
def test_nothing_is_lost_and_nothing_added(text, data):
    places = st.integers(0, len(text))
    claims = [Mark(n, *sorted(data.draw(st.tuples(places, places)))) for n in range(1, 4)]
    themes = [Heading(5, "", *sorted(data.draw(st.tuples(places, places))))]
    shown = "".join(run.text for block in blocks(text, "", themes, claims)
                    for runs in [block.runs, *(cell for row in block.rows for cell in row)] for run in runs)
    assert re.sub(r"[\s|]", "", shown) == re.sub(r"[\s|]", "", text)


@given(st.text(st.sampled_from("甲乙12。，"), max_size=60), st.data())
def test_claim_shows_what_stands_at_its_place(text, data):
    first = data.draw(st.integers(0, len(text)))
    last = data.draw(st.integers(first, len(text)))
    shown = "".join(run.text for block in blocks(text, "", [], [Mark(7, first, last)]) for run in block.runs if run.claim)
    assert shown == text[first:last]
