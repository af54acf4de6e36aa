"""Texts no office writes: reading takes time in proportion to their length, and every number keeps its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.reports import read
from plumbline.reports.checking.quantity import Sheet
from plumbline.reports.reading import normal
from plumbline.reports.reading.normal import MOST_LETTERS, blocks

HEAD = "关于示例市云溪区2025年国民经济和社会发展计划上半年执行情况的报告\n一、上半年执行情况\n"
WITHOUT_END = {
    "no sign": "全区实现增长3家企业" * 3000,
    "commas": "，".join(f"指标完成{n}亿元" for n in range(3000)),
    "lines": "\n".join(f"指标完成{n}亿元，增长{n % 30}%" for n in range(2000)),
    "digits": "1" * 30_000,
    "changes": "由1%" * 1500,
    "brackets": "（" * 10_000 + "3家" + "）" * 10_000,
}


@pytest.mark.parametrize("text", WITHOUT_END.values(), ids=WITHOUT_END)
def test_no_paragraph_is_longer_than_people_write(text):
    found = blocks(HEAD + text)
    assert max(len(block.text) for block in found) <= MOST_LETTERS
    places = [place for block in found for place in block.at[:-1]]
    assert places == sorted(set(places))


@pytest.mark.parametrize("text", WITHOUT_END.values(), ids=WITHOUT_END)
def test_every_number_of_an_endless_sentence_keeps_its_place(text):
    report = read((HEAD + text).encode(), "a.txt")
    assert all(report.text[claim.start:claim.end] == claim.surface for claim in report.claims)
    assert all(len(sentence.skeleton) <= MOST_LETTERS for sentence in Sheet(report).sentences)


def test_a_long_paragraph_is_cut_behind_a_sentence_and_no_number_is_cut():
    sentences = "".join(f"第{n % 9 + 1}产业完成投资{n}.5亿元，同比增长{n % 30}.5%。" for n in range(400))
    pieces = blocks(sentences)
    assert len(pieces) > 2
    assert all(piece.text.endswith("。") for piece in pieces)
    without = blocks(sentences.replace("。", "，"))
    assert all(piece.text.endswith("，") for piece in without)


@given(st.text("增长3.5%，。；万1\n ", max_size=120))
def test_cutting_loses_no_letter(text):
    whole = "".join(block.text for block in blocks(text))
    limit, normal.MOST_LETTERS = normal.MOST_LETTERS, 7
    try:
        pieces = blocks(text)
    finally:
        normal.MOST_LETTERS = limit
    assert "".join(block.text for block in pieces) == whole
    assert all(len(block.text) <= 7 and len(block.at) == len(block.text) + 1 for block in pieces)
