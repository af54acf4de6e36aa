"""The pdf: pages as the standard has them, and a clear word where LibreOffice is absent."""

import shutil

import pypdfium2
import pytest

from plumbline.kernel import BadInput
from plumbline.kernel.paper import Paragraph
from plumbline.reports.export import pdf, portable
from plumbline.reports.export.tests import made

needs_libreoffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is absent: install it to run this")
FULL = Paragraph("body", "数" * 28 * 22 * 2)


@pytest.fixture(scope="module")
def printed():
    """Pages of two full pages of one character: lines of the text of each, by their height."""
    document = pypdfium2.PdfDocument(pdf(made.paper(topics=0, title="", issuer="", paragraphs=(FULL,), marked="")))
    return [lines(page) for page in document]


def lines(page):
    """Baselines and characters of the lines of a page, from the top."""
    text = page.get_textpage()
    found = {}
    for at in range(text.count_chars()):
        if text.get_text_range(at, 1) == "数":
            found.setdefault(round(text.get_charbox(at)[1]), []).append(text.get_charbox(at)[0])
    return [len(found[height]) for height in sorted(found, reverse=True)]


@pytest.mark.slow
@needs_libreoffice
def test_a_page_holds_twenty_two_lines_of_twenty_eight_characters(printed):
    assert [len(page) for page in printed[:2]] == [22, 22]
    assert printed[0][0] == 26  # the first line is indented by two
    assert set(printed[0][1:] + printed[1][:-1]) == {28}


@pytest.mark.slow
@needs_libreoffice
def test_the_words_of_the_paper_are_on_the_pages():
    paper = made.paper(topics=2)
    document = pypdfium2.PdfDocument(pdf(paper))
    text = "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "").replace("\n", "")
    assert all(one.text in text.replace(" ", "") or one.kind == "body" for one in paper.paragraphs)
    size = document[0].get_size()
    assert [round(side / 72 * 25.4) for side in size] == [210, 297]
    assert "模拟数据" in document[1].get_textpage().get_text_range()
    assert "1" in document[0].get_textpage().get_text_range()[-12:]


def test_without_libreoffice_it_says_so(monkeypatch):
    monkeypatch.setattr(portable.shutil, "which", lambda name: None)
    with pytest.raises(BadInput, match="没有安装 LibreOffice"):
        pdf(made.paper(topics=0))
