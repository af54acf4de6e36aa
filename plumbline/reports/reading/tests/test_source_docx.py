"""Word documents: what is printed comes out in order, numbers included; bombs and wrecks are refused."""

import io
import random
import struct
import zipfile

import docx as python_docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.kernel import BadInput
from plumbline.reports.reading import source_package
from plumbline.reports.reading.source import load
from plumbline.reports.reading.tests.source_makers import docx, p, tc, xml, zipped
from plumbline.reports.reading.tests.test_source_text import refused

SENTENCE = "上半年云溪区收入12.5亿元，同比增长3.2%。"


def level(index: int, form: str, text: str, more: str = "") -> str:
    """A level of a list."""
    return (f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
            f'<w:lvlText w:val="{text}"/></w:lvl>')


def in_list(index: int, number: int = 1) -> str:
    """The properties of a paragraph in a list."""
    return f'<w:numPr><w:ilvl w:val="{index}"/><w:numId w:val="{number}"/></w:numPr>'


LEVELS = level(0, "chineseCounting", "%1、") + level(1, "chineseCounting", "（%2）") + level(2, "decimal", "%3.")
LISTS = (
    f'<w:abstractNum w:abstractNumId="7">{LEVELS}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="7"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)


def test_a_document_of_python_docx_is_read_in_order():
    made = python_docx.Document()
    made.add_heading("关于执行情况的报告", 0)
    made.add_paragraph(SENTENCE)
    table = made.add_table(2, 3)
    for cell, text in zip(table._cells, ("指标", "单位", "完成数", "收入", "亿元", "12.5"), strict=True):
        cell.text = text
    made.add_paragraph("以上为主要指标。")
    out = io.BytesIO()
    made.save(out)
    got = load(out.getvalue(), "报告.docx")
    assert got.text == f"关于执行情况的报告\n{SENTENCE}\n指标\t单位\t完成数\n收入\t亿元\t12.5\n以上为主要指标。\n"
    assert (got.media, got.breaks, got.findings) == ("docx", frozenset(), ())
    assert [got.text[cell.start:cell.end] for cell in got.tables[0].cells][3:] == ["收入", "亿元", "12.5"]


def test_automatic_numbers_are_written_out():
    body = (p("成效", in_list(0)) + p("收入", in_list(1)) + p("税收", in_list(2)) + p("非税", in_list(2))
            + p("支出", in_list(1)) + p("民生", in_list(2)) + p("问题", in_list(0)) + p("短板", in_list(1)))
    assert load(docx(body, LISTS)).text.split("\n")[:-1] == [
        "一、成效", "（一）收入", "1.税收", "2.非税", "（二）支出", "1.民生", "二、问题", "（一）短板"]


def test_lists_of_one_pattern_count_on_unless_told_to_begin_again():
    body = p("甲", in_list(0)) + p("乙", in_list(0)) + p("丙", in_list(0, 2)) + p("丁", in_list(0))
    assert load(docx(body, LISTS)).text == "一、甲\n二、乙\n一、丙\n二、丁\n"


def test_numbers_come_from_styles_too():
    styles = (
        f'<w:style w:styleId="a"><w:pPr>{in_list(0)}</w:pPr></w:style>'
        '<w:style w:styleId="b"><w:basedOn w:val="a"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="c"><w:basedOn w:val="c"/></w:style>'
    )
    body = "".join(p(text, f'<w:pStyle w:val="{style}"/>') for text, style in (("甲", "a"), ("乙", "b"), ("丙", "c")))
    body += p("丁", '<w:pStyle w:val="a"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert load(docx(body, LISTS, styles)).text == "一、甲\n（一）乙\n丙\n丁\n"


@pytest.mark.parametrize(("form", "text", "label"), [
    ("decimalEnclosedCircle", "%1", "③ "), ("decimalEnclosedParen", "%1", "⑶ "), ("upperLetter", "%1.", "C."),
    ("lowerRoman", "(%1)", "(iii)"), ("chineseLegalSimplified", "%1、", "叁、"),
    ("ideographTraditional", "%1、", "丙、"),
    ("decimalFullWidth", "%1．", "３．"), ("bullet", "●", ""), ("none", "附件", "附件 "), ("decimalZero", "%1.", "03."),
    ("chineseCountingThousand", "第%1条", "第三条 "), ("noSuchFormat", "%1.", "3."),
])
def test_number_formats(form, text, label):
    lists = (f'<w:abstractNum w:abstractNumId="7">{level(0, form, text)}</w:abstractNum>'
             '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>')
    assert load(docx(p("甲", in_list(0)) * 3, lists)).text.split("\n")[2] == f"{label}甲"


def test_changes_are_read_as_accepted():
    body = (
        '<w:p><w:r><w:t>收入</w:t></w:r><w:del><w:r><w:delText>11</w:delText></w:r></w:del>'
        '<w:ins><w:r><w:t>12.5</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom>'
        '<w:moveTo><w:r><w:t>亿元</w:t></w:r></w:moveTo></w:p>'
        '<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>同比</w:t></w:r></w:p>' + p("增长。")
    )
    got = load(docx(body))
    assert got.text == "收入12.5亿元\n同比增长。\n"
    assert [finding.check for finding in got.findings] == ["source.changes"]


def test_text_boxes_are_read_once():
    box = "<w:txbxContent>" + p("框内") + "</w:txbxContent>"
    body = ('<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent>'
            f'<mc:Choice Requires="wps"><wps:txbx>{box}</wps:txbx></mc:Choice>'
            f'<mc:Fallback><v:textbox>{box}</v:textbox></mc:Fallback></mc:AlternateContent></w:r></w:p>')
    assert load(docx(body + p("后文"))).text == "正文\n框内\n后文\n"


def test_what_is_not_printed_is_left_out():
    body = (
        '<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        '<w:r><w:t>收入</w:t><w:tab/><w:t>支出</w:t><w:noBreakHyphen/><w:t>一</w:t></w:r></w:p>'
    )
    assert load(docx(body, header1=p("页眉"))).text == "收入 支出-一\n"


def test_footnotes_are_remarked():
    body = '<w:p><w:r><w:t>收入</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    got = load(docx(body, footnotes="<w:footnote><w:p/></w:footnote>"))
    assert [finding.check for finding in got.findings] == ["source.footnotes"]


def test_a_title_broken_by_hand_goes_on():
    body = "<w:p><w:r><w:t>关于云溪区国民经济和</w:t><w:br/><w:t>社会发展计划的报告</w:t></w:r></w:p>" + (
        "<w:p><w:r><w:t>一、收入</w:t><w:br/><w:t>增长较快。</w:t><w:br/><w:t>支出</w:t></w:r></w:p>")
    got = load(docx(body))
    assert got.text == "关于云溪区国民经济和\n社会发展计划的报告\n一、收入\n增长较快。\n支出\n"
    assert got.breaks == {1}


def test_merged_cells_keep_the_columns():
    rows = (
        "<w:tr><w:trPr><w:tblHeader/></w:trPr>" + tc("指标", '<w:vMerge w:val="restart"/>')
        + tc("上半年", '<w:gridSpan w:val="2"/>') + "</w:tr>"
        "<w:tr>" + tc("", "<w:vMerge/>") + tc("完成") + tc("增长") + "</w:tr>"
        "<w:tr><w:trPr><w:del/></w:trPr>" + tc("旧") + tc("旧") + tc("旧") + "</w:tr>"
        "<w:tr>" + tc("收入") + tc("12.5") + tc("3.2") + "</w:tr>"
    )
    got = load(docx(f"<w:tbl>{rows}</w:tbl>"))
    assert got.text == "指标\t上半年\n\t完成\t增长\n收入\t12.5\t3.2\n"
    (table,) = got.tables
    assert table.heads == 1
    assert (table.cells[0].rows, table.cells[1].columns) == (2, 2)


def test_a_frame_of_one_cell_is_no_table():
    got = load(docx(f"<w:tbl><w:tr><w:tc>{p('甲')}{p('乙')}</w:tc></w:tr></w:tbl>"))
    assert (got.text, got.tables) == ("甲\n乙\n", ())


def test_the_strict_form_is_read():
    data = xml("document", f"<w:body>{p(SENTENCE)}</w:body>").replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert load(zipped({"[Content_Types].xml": "<a/>", "word/document.xml": data})).text == SENTENCE + "\n"


@pytest.mark.parametrize(("files", "check"), [
    ({"a.txt": "x"}, "source.zip"), ({"[Content_Types].xml": "<a/>", "xl/workbook.xml": "<a/>"}, "source.sheet"),
    ({"[Content_Types].xml": "<a/>", "ppt/slides.xml": "<a/>"}, "source.slides"), ({"OFD.xml": "<a/>"}, "source.ofd"),
    ({"mimetype": "x", "content.xml": "<a/>"}, "source.odf"),
    ({"[Content_Types].xml": "<a/>", "word/other.xml": "<a/>"}, "source.damaged"),
    ({"[Content_Types].xml": "<a/>", "word/document.xml": "<a>"}, "source.damaged"),
])
def test_zips_that_are_no_document_say_what_they_are(files, check):
    assert check in refused(zipped(files), "报告.docx")


def test_a_document_of_pictures_is_refused():
    assert "文字识别" in refused(docx("<w:p><w:r><w:drawing/></w:r></w:p>"))


def test_a_document_in_another_language_is_refused():
    assert "source.language" in refused(docx(p("Revenue rose by three per cent.")))


def test_a_docx_cut_off_half_way_is_refused():
    data = docx(p(SENTENCE) * 50)
    for end in range(30, len(data) - 1, 97):
        assert "source.damaged" in refused(data[:end], "报告.docx")


def test_a_part_that_unfolds_too_far_is_refused():
    assert "source.bomb" in refused(docx(p("一" * 9_000_000)))


def test_a_directory_of_too_many_bytes_is_refused(monkeypatch):
    monkeypatch.setattr(source_package, "MOST_INFLATED", 10_000)
    noise = random.Random(1).randbytes(20_000)
    assert "source.bomb" in refused(zipped({"[Content_Types].xml": "<a/>", "word/a": noise}))


def test_a_directory_that_lies_about_sizes_gains_nothing():
    data = bytearray(docx(p("一" * 9_000_000)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        true = archive.getinfo("word/document.xml").file_size
    at = -1
    while (at := data.find(struct.pack("<L", true), at + 1)) >= 0:
        data[at:at + 4] = struct.pack("<L", 5000)
    assert "source.damaged" in refused(bytes(data), "报告.docx")


def test_nested_entities_are_refused():
    bomb = '<!DOCTYPE a [<!ENTITY b "上上上">' + "".join(
        f'<!ENTITY b{n} "{f"&b{n - 1 if n else str()};" * 20}">' for n in range(9)) + "]>"
    document = xml("document", f"<w:body>{p('&b8;')}</w:body>").replace("?>", f"?>{bomb}", 1)
    check = refused(zipped({"[Content_Types].xml": "<a/>", "word/document.xml": document})).split()[0]
    assert check in ("source.entities", "source.damaged", "source.deep")


def test_an_entity_that_names_a_file_is_refused(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密文件", "utf-8")
    document = xml("document", f"<w:body>{p('&b;')}</w:body>").replace(
        "?>", f'?><!DOCTYPE a [<!ENTITY b SYSTEM "{secret.as_uri()}">]>', 1)
    said = refused(zipped({"[Content_Types].xml": "<a/>", "word/document.xml": document}))
    assert "source.entities" in said
    assert "机密" not in said


def test_deeply_nested_elements_are_refused():
    assert "source.deep" in refused(docx("<w:sdt>" * 5000 + "</w:sdt>" * 5000))


def test_deep_but_harmless_nesting_is_read():
    depth = 60
    table = "".join("<w:tbl><w:tr><w:tc>" for _ in range(depth)) + p("深") + "</w:tc></w:tr></w:tbl>" * depth
    assert load(docx(table)).text == "深\n"


def test_other_kinds_of_packing_and_passwords_are_refused():
    data = docx(p(SENTENCE))
    for offset, value, check in ((8, 12, "source.damaged"), (6, 1, "source.locked")):
        changed = bytearray(data)
        at = -1
        while (at := changed.find(b"PK\x01\x02", at + 1)) >= 0:
            changed[at + offset + 2] = value
        at = -1
        while (at := changed.find(b"PK\x03\x04", at + 1)) >= 0:
            changed[at + offset] = value
        assert check in refused(bytes(changed), "报告.docx")


MODEL = docx(p("成效", in_list(0)) + p(SENTENCE) + f"<w:tbl><w:tr>{tc('甲')}{tc('1')}</w:tr></w:tbl>", LISTS)
INNER = {name: zipfile.ZipFile(io.BytesIO(MODEL)).read(name) for name in zipfile.ZipFile(io.BytesIO(MODEL)).namelist()}


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(MODEL) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_changed_document_is_read_or_refused(changes):
    data = bytearray(MODEL)
    for place, value in changes:
        data[place] = value
    read_or_refused(bytes(data))


PATCHES = (b"", b"0", b"-7", b"99999999", b"<w:p>", b"</w:p>", "上".encode())


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(["word/document.xml", "word/numbering.xml"]), st.data())
def test_a_changed_part_is_read_or_refused(name, data):
    part = bytearray(INNER[name])
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(part)))
        end = data.draw(st.integers(start, min(len(part), start + 40)))
        part[start:end] = data.draw(st.sampled_from(PATCHES))
    read_or_refused(zipped(INNER | {name: bytes(part)}))


def read_or_refused(data: bytes) -> None:
    """Read, or refused with a finding; nothing else."""
    try:
        assert load(data, "报告.docx").text.endswith("\n")
    except BadInput as error:
        assert error.findings  # noqa: PT017
