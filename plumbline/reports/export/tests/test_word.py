"""The list of GB/T 9704-2012, measured on the unzipped Word document; every number bound; the same bytes each time."""

import io
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from docx import Document
from lxml import etree

from plumbline.kernel import BadInput
from plumbline.kernel.paper import Paragraph
from plumbline.reports.export import docx
from plumbline.reports.export.fact import facts
from plumbline.reports.export.tests import made
from plumbline.reports.reading.reader import read

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MM = 1440 / 25.4  # twips
SLOTS = ("ascii", "hAnsi", "eastAsia", "cs")


@pytest.fixture(scope="module")
def paper():
    return made.paper(topics=9)


@pytest.fixture(scope="module")
def parts(paper):
    """The document's parts, parsed."""
    package = zipfile.ZipFile(io.BytesIO(docx(paper)))
    assert package.testzip() is None
    return {name: etree.fromstring(package.read(name)) for name in package.namelist()}


def told(node, name):
    return int(node.get(f"{W}{name}"))


@pytest.fixture(scope="module")
def section(parts):
    return parts["word/document.xml"].find(f".//{W}sectPr")


def test_page_is_a4_with_the_margins_of_the_standard(section):
    size, margin = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    assert (told(size, "w"), told(size, "h")) == (11906, 16838)
    assert abs(told(margin, "top") / MM - 37) <= 1
    assert abs(told(margin, "left") / MM - 28) <= 1
    width = told(size, "w") - told(margin, "left") - told(margin, "right")
    height = told(size, "h") - told(margin, "top") - told(margin, "bottom")
    assert (round(width / MM), round(height / MM)) == (156, 225)
    assert (told(margin, "right"), told(margin, "bottom")) == (1474, 1985)


def test_twenty_two_lines_of_twenty_eight_characters_fill_the_type_area(section, parts):
    grid, margin, size = section.find(f"{W}docGrid"), section.find(f"{W}pgMar"), section.find(f"{W}pgSz")
    pitch = told(grid, "linePitch")
    height = told(size, "h") - told(margin, "top") - told(margin, "bottom")
    assert pitch == 579
    assert height // pitch == 22
    width = told(size, "w") - told(margin, "left") - told(margin, "right")
    runs = [run for run in parts["word/document.xml"].iter(f"{W}rPr") if told(run.find(f"{W}sz"), "val") == 32]
    assert {width // (320 + told(run.find(f"{W}spacing"), "val")) for run in runs} == {28}
    normal = parts["word/styles.xml"].find(f".//{W}style[@{W}styleId='Normal']")
    spacing = normal.find(f".//{W}spacing")
    assert (told(spacing, "line"), spacing.get(f"{W}lineRule"), told(spacing, "before"), told(spacing, "after")) == (
        579, "exact", 0, 0)


def test_every_run_names_its_font_in_all_four_slots(parts):
    runs = [run for name in ("word/document.xml", "word/footer1.xml", "word/footer2.xml", "word/header1.xml")
            for run in parts[name].iter(f"{W}r")]
    assert len(runs) > 500
    for run in runs:
        fonts = run.find(f"{W}rPr/{W}rFonts")
        assert {fonts.get(f"{W}{slot}") for slot in SLOTS} == {fonts.get(f"{W}eastAsia")}
    controls = list(parts["word/document.xml"].iter(f"{W}sdtPr"))
    assert controls
    assert all(control.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia") for control in controls)


FONTS = {
    "title": ("方正小标宋简体", 44), "heading1": ("黑体", 32), "heading2": ("楷体_GB2312", 32),
    "heading3": ("仿宋_GB2312", 32), "heading4": ("仿宋_GB2312", 32), "body": ("仿宋_GB2312", 32),
}


def test_each_level_has_its_typeface_and_size(paper, parts):
    from_kind = {}
    paragraphs = list(parts["word/document.xml"].iter(f"{W}p"))
    kinds = ["title", *(one.kind for one in paper.paragraphs), "signature", "date"]
    assert len(paragraphs) == len(kinds)
    for kind, node in zip(kinds, paragraphs, strict=True):
        for run in node.iter(f"{W}r"):
            rpr = run.find(f"{W}rPr")
            from_kind.setdefault(kind, set()).add((rpr.find(f"{W}rFonts").get(f"{W}eastAsia"), told(rpr.find(f"{W}sz"), "val")))
    assert {kind: from_kind[kind] for kind in FONTS} == {kind: {font} for kind, font in FONTS.items()}


def test_digits_are_latin_so_that_no_line_breaks_behind_their_point(parts):
    language = parts["word/styles.xml"].find(f".//{W}rPrDefault//{W}lang")
    assert (language.get(f"{W}val"), language.get(f"{W}eastAsia")) == ("en-US", "zh-CN")


def test_body_is_indented_by_two_characters(parts):
    style = parts["word/styles.xml"].find(f".//{W}style[@{W}styleId='BodyText']")
    indent = style.find(f".//{W}ind")
    assert (told(indent, "firstLineChars"), told(indent, "firstLine")) == (200, 640)


def test_page_numbers_stand_in_dashes_right_on_odd_pages_and_left_on_even_ones(parts, section):
    assert parts["word/settings.xml"].find(f"{W}evenAndOddHeaders") is not None
    kinds = {node.get(f"{W}type"): node.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")
             for node in section.findall(f"{W}footerReference")}
    assert set(kinds) == {"default", "even"}
    for name, side, indent in (("word/footer1.xml", "right", "right"), ("word/footer2.xml", "left", "left")):
        line = parts[name].find(f"{W}p")
        assert line.find(f"{W}pPr/{W}jc").get(f"{W}val") == side
        assert told(line.find(f"{W}pPr/{W}ind"), indent) == 280  # one character of 14 pt
        text = "".join(node.text for node in line.iter(f"{W}t", f"{W}instrText"))
        assert [part.strip() for part in text.split("—")] == ["", "PAGE 1", ""]
        for run in line.iter(f"{W}r"):
            assert told(run.find(f"{W}rPr/{W}sz"), "val") == 28
            assert run.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia") == "宋体"


def test_page_number_stands_seven_millimetres_below_the_type_area(section):
    margin = section.find(f"{W}pgMar")
    below = told(margin, "bottom") - told(margin, "footer") - 280  # its line is 14 pt high
    assert below / MM == pytest.approx(7, abs=0.1)


def test_the_date_stands_four_characters_in_and_the_issuer_above_its_middle(paper, parts):
    *_, issuer, date = parts["word/document.xml"].iter(f"{W}p")
    assert "".join(node.text for node in date.iter(f"{W}t")) == "2031年7月15日"
    character = (11906 - 1588 - 1474) // 28
    widths = [sum(0.5 if letter < "\u0080" else 1 for letter in "".join(node.text for node in line.iter(f"{W}t")))
              for line in (issuer, date)]
    right = [told(line.find(f"{W}pPr/{W}ind"), "right") for line in (issuer, date)]
    assert min(right[1] / character, 4) == 4
    middles = [edge / character + wide / 2 for edge, wide in zip(right, widths, strict=True)]
    assert middles[0] == pytest.approx(middles[1], abs=0.02)


def test_marked_words_stand_on_every_page(parts, paper):
    assert "".join(parts["word/header1.xml"].itertext()) == "模拟数据"
    references = parts["word/document.xml"].findall(f".//{W}headerReference")
    assert {node.get(f"{W}type") for node in references} == {"default", "even"}
    plain = zipfile.ZipFile(io.BytesIO(docx(replace(paper, marked=""))))
    assert not any("header" in name for name in plain.namelist())


def test_every_number_is_a_content_control_bound_to_its_fact(paper, parts):
    controls = list(parts["word/document.xml"].iter(f"{W}sdt"))
    assert len(controls) == len(paper.cites) == 270
    facts_of = {node.get("key"): node for node in parts["customXml/item1.xml"]}
    store = parts["customXml/itemProps1.xml"].get(
        "{http://schemas.openxmlformats.org/officeDocument/2006/customXml}itemID")
    for control, cite in zip(controls, paper.cites, strict=True):
        tag = control.find(f"{W}sdtPr/{W}tag").get(f"{W}val")
        shown = "".join(node.text for node in control.iter(f"{W}t"))
        fact = facts_of[tag]
        said = {etree.QName(node).localname: node.text for node in fact}
        assert said["printed"] == shown
        assert (fact.get("concept"), fact.get("value"), fact.get("unit")) == (cite.concept, f"{cite.value:f}", cite.unit)
        assert control.find(f"{W}sdtPr/{W}dataBinding").get(f"{W}storeItemID") == store
        assert f"[@key='{tag}']" in control.find(f"{W}sdtPr/{W}dataBinding").get(f"{W}xpath")


ORDER = ("rPr", "alias", "tag", "id", "dataBinding", "text")


def test_children_stand_in_the_order_of_the_schema(parts):
    for control in parts["word/document.xml"].iter(f"{W}sdtPr"):
        names = [etree.QName(node).localname for node in control]
        assert names == [name for name in ORDER if name in names]
    for properties in parts["word/document.xml"].iter(f"{W}rPr"):
        names = [etree.QName(node).localname for node in properties]
        assert [name for name in names if name != "spacing"] == ["rFonts", "sz", "szCs"]
        assert names[1:2] == ["spacing"] or "spacing" not in names
    for properties in parts["word/document.xml"].iter(f"{W}pPr"):
        assert [etree.QName(node).localname for node in properties] in (["pStyle"], ["pStyle", "ind"])


def test_the_same_paper_gives_the_same_bytes(paper):
    assert docx(paper) == docx(made.paper(topics=9))


def test_nobody_is_named_in_the_properties(parts):
    names = {etree.QName(node).localname for node in parts["docProps/core.xml"]}
    assert names == {"title", "publisher", "language", "created", "modified"}


def test_other_programs_open_it(paper):
    opened = Document(io.BytesIO(docx(paper)))
    assert opened.paragraphs[0].text == paper.title
    assert opened.sections[0].page_height.mm == pytest.approx(297, abs=0.1)


def test_reading_it_gives_back_every_paragraph_and_every_number(paper):
    report = read(docx(paper), "report.docx")
    text = report.text
    at, missed = 0, []
    claims = {(claim.start, claim.end): claim for claim in report.claims}
    for one in paper.paragraphs:
        at = text.index(one.text, at)
        for cite, fact in zip(one.cites, facts(replace(paper, paragraphs=(one,)))[0], strict=True):
            claim = claims.get((at + cite.start, at + cite.end))
            value = abs(fact.value * 100) if cite.unit in ("%", "百分点") else fact.value
            allowed = Decimal("0.05") if one.text[cite.start:cite.end] == "三分之一" else Decimal(0)
            if claim is None or abs(abs(claim.value) - abs(value)) > allowed:
                missed.append((cite.label, one.text[cite.start:cite.end], claim and claim.value))
    assert missed == []


def test_a_number_that_is_not_its_figure_is_refused_with_every_finding():
    wrong = made.paragraph("产值", ("12.5亿元", "1350000000", "元", -7, made.told(0, "output")), "，户数",
                           ("17户", "18", "户", None, made.told(0, "firms")), "。")
    with pytest.raises(BadInput) as raised:
        docx(made.paper(topics=0, paragraphs=(Paragraph("body", "开头。"), wrong)))
    assert [finding.check for finding in raised.value.findings] == ["export.value"] * 2
    assert "请刷新这个数" in str(raised.value)
