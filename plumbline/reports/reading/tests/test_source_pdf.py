"""Pdf files: lines in reading order, page furniture gone, paragraphs known across lines and pages."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.kernel import BadInput
from plumbline.reports.reading import source_pdf
from plumbline.reports.reading.source import Source, load
from plumbline.reports.reading.tests.source_makers import assembled, pdf, stream, typeset
from plumbline.reports.reading.tests.test_source_text import refused

WORDS = ("云溪区", "上半年", "一般公共预算收入", "同比增长", "重点项目", "开工建设", "持续推进", "改善", "完成",
         "计划的", "12.5", "3.2%", "和", "、")
PARAGRAPHS = tuple(
    "".join(random.Random(number).choices(WORDS, k=20 + number * 3)) + "。" for number in range(9)
)


def paragraphs(source: Source) -> list[str]:
    """The lines of a text, joined where a paragraph goes on."""
    assert source.breaks is not None
    joined = ""
    for number, line in enumerate(source.text.split("\n")[:-1], start=1):
        joined += line + ("" if number in source.breaks else "\n")
    return joined.split("\n")[:-1]


@pytest.mark.parametrize("packed", [False, True])
def test_paragraphs_come_back_across_lines_and_pages(packed):
    pages = typeset(PARAGRAPHS)
    assert len(pages) > 1
    got = load(pdf(pages, packed=packed), "报告.pdf")
    assert (got.media, got.findings) == ("pdf", ())
    assert paragraphs(got) == list(PARAGRAPHS)


def test_lines_are_ordered_by_place_not_by_the_file():
    pages = [list(reversed(page)) for page in typeset(PARAGRAPHS)]
    assert paragraphs(load(pdf(pages))) == list(PARAGRAPHS)


def test_headers_footers_and_page_numbers_are_dropped():
    pages = typeset(PARAGRAPHS)
    for number, page in enumerate(pages, start=1):
        page.append(("云溪区发展改革委员会", 220, 800, 9))
        page.append((f"— {number} —", 280, 40, 10))
    got = load(pdf(pages))
    assert paragraphs(got) == list(PARAGRAPHS)


def test_plain_page_numbers_are_dropped_where_they_count():
    pages = typeset(PARAGRAPHS)
    for number, page in enumerate(pages, start=14):
        page.append((f"{number}", 290, 40, 10))
    assert paragraphs(load(pdf(pages))) == list(PARAGRAPHS)


def test_a_number_in_the_body_is_no_page_number():
    assert "2020" in load(pdf([[("年份", 70, 700, 16), ("2020", 70, 600, 16)]])).text


def test_a_title_over_two_lines_goes_on():
    pages = typeset(PARAGRAPHS[:3])
    pages[0] += [("关于云溪区国民经济和", 190, 800, 22), ("社会发展计划的报告", 200, 770, 22)]
    got = load(pdf(pages))
    assert paragraphs(got) == ["关于云溪区国民经济和社会发展计划的报告", *PARAGRAPHS[:3]]


def test_blanks_are_kept_where_they_show():
    page = [("完成投资 3.24 万亿元", 70, 700, 16), ("增长", 70, 660, 16), ("3.2%", 104, 660, 16), ("GDP", 70, 620, 16),
            ("plan", 100, 620, 16)]
    assert load(pdf([page])).text == "完成投资 3.24 万亿元\n增长3.2%\nGDP plan\n"


def test_letters_printed_twice_are_read_once():
    page = [("一、主要成效", 70, 700, 16), ("一、主要成效", 70.4, 700, 16)]
    assert load(pdf([page])).text == "一、主要成效\n"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_upright(turn):
    # The page turns, the text does not: so it lies on its side, as it was written.
    got = load(pdf([[("上半年", 70, 700, 16), ("增长", 70, 660, 16)]], turn=turn))
    assert got.text == "上半年\n增长\n"


def test_columns_become_cells():
    rows = [("指标", "单位", "完成数"), ("公共收入", "亿元", "12.5"), ("增加值", "亿元", "230.1")]
    page = [(text, left, 700 - 30 * index, 12) for index, row in enumerate(rows)
            for text, left in zip(row, (80, 240, 380), strict=True)]
    got = load(pdf([[("主要指标完成情况如下", 80, 740, 12), *page]]))
    assert got.text == "主要指标完成情况如下\n指标\t单位\t完成数\n公共收入\t亿元\t12.5\n增加值\t亿元\t230.1\n"
    done = [got.text[cell.start:cell.end] for cell in got.tables[0].cells if cell.column == 2]
    assert done == ["完成数", "12.5", "230.1"]


GRID = (
    # across, at each height; down, at each place; the second head lies over two columns
    [((80, at), (440, at)) for at in (720, 660, 600)] + [((200, 690), (440, 690))]
    + [((at, 720), (at, 600)) for at in (80, 200, 440)] + [((320, 690), (320, 600))]
)
TABLE = [("指标", 100, 685, 12), ("上半年", 300, 700, 12), ("完成数", 210, 670, 12), ("增长%", 330, 670, 12),
         ("一般公共预", 130, 640, 12), ("算收入", 82, 620, 12), ("12.5", 210, 630, 12), ("3.2", 330, 630, 12)]


@pytest.mark.parametrize("drawn", [
    "\n".join(f"{a} {b} m {c} {d} l S" for (a, b), (c, d) in GRID),
    "\n".join(f"{a} {b} m {c} {d} l" for (a, b), (c, d) in GRID) + " S",
    "\n".join(f"{a} {b} {c - a or 0.5} {d - b or 0.5} re f" for (a, b), (c, d) in
              (sorted(rule) for rule in GRID)),
    "80 660 120 60 re 200 690 240 30 re 200 660 120 30 re 320 660 120 30 re "
    "80 600 120 60 re 200 600 120 60 re 320 600 120 60 re S",
])
def test_rules_tell_cells_apart(drawn):
    got = load(pdf([[("主要指标", 80, 740, 12), *TABLE]], drawn=drawn))
    assert got.text == "主要指标\n指标\t上半年\n\t完成数\t增长%\n一般公共预算收入\t12.5\t3.2\n"
    (table,) = got.tables
    assert [(cell.row, cell.column, cell.rows, cell.columns) for cell in table.cells] == [
        (0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1), (2, 0, 1, 1), (2, 1, 1, 1), (2, 2, 1, 1)]


def test_a_frame_around_text_is_no_table():
    got = load(pdf(typeset(PARAGRAPHS[:2]), drawn="60 100 480 700 re S"))
    assert (paragraphs(got), got.tables) == (list(PARAGRAPHS[:2]), ())


def test_one_line_with_a_gap_is_no_table():
    got = load(pdf([[("云溪区政府", 70, 700, 16), ("八月三日", 400, 700, 16), ("上半年平稳。", 70, 660, 16)]]))
    assert (got.text, got.tables) == ("云溪区政府 八月三日\n上半年平稳。\n", ())


def test_a_page_without_text_is_remarked():
    got = load(pdf([[("上半年平稳。", 70, 700, 16)], []]))
    assert [(finding.check, "第 2 页" in finding.message) for finding in got.findings] == [("source.pages", True)]


def test_text_that_may_be_missing_is_remarked():
    got = load(pdf([[("上半年平稳。", 70, 700, 16), ("一", 70, 660, 16)]], padded=False))
    assert [finding.check for finding in got.findings] == ["source.fonts"]


def test_a_pdf_whose_fonts_are_nowhere_is_refused():
    page = [(letter, 70 + 16 * index, 700, 16) for index, letter in enumerate("上半年平稳增长")]
    assert "source.fonts" in refused(pdf([page], padded=False))


def test_a_pdf_of_pictures_is_refused():
    assert "文字识别" in refused(pdf([[], []]), "扫描.pdf")


def test_a_text_layer_without_meaning_is_refused():
    said = refused(pdf([[("上半年一般公共预算收入", 70, 700, 16)]], mapped=False), "报告.pdf")
    assert "source.unmapped" in said
    assert "文字识别" in said


def test_a_pdf_in_another_language_is_refused():
    assert "source.language" in refused(pdf([[("Revenue rose in the first half.", 70, 700, 16)]]))


def test_a_pdf_cut_off_half_way_is_refused():
    data = pdf(typeset(PARAGRAPHS))
    for end in range(20, len(data) - 30, len(data) // 7):
        assert "没有传完" in refused(data[:end], "报告.pdf")


def test_a_locked_pdf_says_so():
    lock = "<< /Filter /Standard /V 1 /R 2 /P -4 /O <{}> /U <{}> >>".format("ab" * 32, "cd" * 32)
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 0 /Kids [] >>", lock]
    data = assembled(objects, f" /Encrypt 3 0 R /ID [<{'00' * 16}> <{'00' * 16}>]")
    assert "source.locked" in refused(data, "密.pdf")


def test_a_pdf_that_is_none_is_refused():
    assert "source.broken" in refused(b"%PDF-1.7\nnothing\n%%EOF\n", "报告.pdf")


def test_a_pdf_that_unfolds_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(source_pdf, "MOST_SECONDS", 5)
    letters = stream("BT /F1 9 Tf 70 700 Td " + "(a)Tj " * 20_000_000 + "ET", packed=True)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 << "
        "/Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>", letters,
    ]
    assert refused(assembled(objects), "报告.pdf").split()[0] in (
        "source.memory", "source.slow", "source.long", "source.crashed")


def test_a_crash_while_reading_is_a_refusal(monkeypatch, tmp_path):
    crash = tmp_path / "crash.py"
    crash.write_text("import os, signal, sys\nsys.stdin.buffer.read()\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    monkeypatch.setattr(source_pdf, "GLYPHS", crash)
    assert "source.crashed" in refused(pdf([[("上半年", 70, 700, 16)]]))


MODEL = pdf(typeset(PARAGRAPHS[:2]))


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, len(MODEL) - 1), st.integers(0, 255)), min_size=1, max_size=30))
def test_a_changed_pdf_is_read_or_refused(changes):
    data = bytearray(MODEL)
    for place, value in changes:
        data[place] = value
    try:
        assert load(bytes(data), "报告.pdf").text.endswith("\n")
    except BadInput as error:
        assert error.findings  # noqa: PT017
