"""Whatever the report, `text[start:end]` is the printed number: over generated reports and the shared ones."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.kernel import Report
from plumbline.reports import read

SHARED = Path(os.environ.get("PLUMBLINE_SHARED", "../shared")) / "reports"
WIDE = str.maketrans("0123456789.%,;()", "０１２３４５６７８９．％，；（）")

things = st.sampled_from([
    "工业总产值", "旅游收入", "居民人均可支配收入", "新建公园", "登记失业率", "蔬菜调运量", "服务企业"])
units = st.sampled_from(["亿元", "万元", "家", "%", "公里", "万人次", "个", "微克/立方米", "万平方米"])
whole = st.integers(1, 99_999).map(str)
decimal = st.tuples(st.integers(0, 9_999), st.integers(0, 99)).map(lambda n: f"{n[0]}.{n[1]}")
figures = st.one_of(whole, decimal, st.integers(1_000, 9_999_999).map(lambda n: f"{n:,}"))
bounds = st.sampled_from(["", "约", "近", "超过", "不低于"])
tails = st.sampled_from(["", "，同比增长3.4%", "，较一季度收窄1.2个百分点", "，其中城区占一半", "、居全市第三"])
opens = st.sampled_from(["", "上半年，", "截至6月底，", "1-6月", "2020年"])
sentences = st.builds(lambda o, t, b, f, u, e: f"{o}{t}{b}{f}{u}{e}。", opens, things, bounds, figures, units, tails)
breaks = st.sampled_from(["", "", "\n", "\r\n", "\n\n　　"])


@st.composite
def texts(draw) -> str:
    """A report of generated sentences, some in full-width forms, some broken over lines, some with blanks."""
    lines = ["关于临川区2021年国民经济和社会发展计划上半年执行情况的报告", "一、上半年计划执行情况"]
    for sentence in draw(st.lists(sentences, min_size=1, max_size=6)):
        if draw(st.booleans()):
            sentence = sentence.translate(WIDE)
        cut = draw(st.integers(0, len(sentence)))
        blank = draw(st.sampled_from(["", " ", "\u3000"]))
        lines.append(sentence[:cut] + draw(breaks) + blank + sentence[cut:])
    return "\n".join(lines)


def stands(report: Report) -> None:
    for claim in report.claims:
        assert report.text[claim.start:claim.end] == claim.surface
        first = report.line_starts[claim.para - 1]
        row = claim.as_json(first)
        assert report.text.split("\n")[claim.para - 1][row["start"]:row["end"]] == claim.surface.split("\n")[0]
        for start, end in claim.spans.values():
            assert 0 <= start < end <= len(report.text)
        number = slice(*claim.spans["number"])
        assert any(c.isdigit() for c in report.text[number]) or claim.numeral == "zh"


@settings(max_examples=150, deadline=None)
@given(texts())
def test_every_claim_of_a_generated_report_stands_where_it_says(text):
    report = read(text.encode(), "生成.txt")
    stands(report)
    assert report.claims


@settings(max_examples=60, deadline=None)
@given(sentences, st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_the_encoding_changes_nothing(sentence, encoding):
    text = f"关于临川区2021年国民经济和社会发展计划上半年执行情况的报告\n一、上半年计划执行情况\n{sentence}\n"
    assert read(text.encode(encoding), "a.txt").claims == read(text.encode(), "a.txt").claims


@settings(max_examples=60, deadline=None)
@given(sentences)
def test_full_width_reads_like_half_width(sentence):
    head = "关于临川区2021年国民经济和社会发展计划上半年执行情况的报告\n一、上半年计划执行情况\n"
    keys = ("value", "unit", "measure", "bound", "period", "modality", "subject", "start", "end")
    half, full = (read((head + text).encode(), "a.txt").claims for text in (sentence, sentence.translate(WIDE)))
    assert [[getattr(c, key) for key in keys] for c in half] == [[getattr(c, key) for key in keys] for c in full]


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no reports at {SHARED}: set PLUMBLINE_SHARED to read real ones")
def test_every_claim_of_the_shared_reports_stands_where_it_says():
    for path in sorted(SHARED.glob("*.txt")):
        stands(read(path))
