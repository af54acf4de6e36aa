"""Web pages: blocks become lines, tables cells, navigation and scripts nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.kernel import BadInput
from plumbline.reports.reading.source import Source, load
from plumbline.reports.reading.tests.test_source_text import refused

PAGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>云溪区</title><style>p{{}}</style></head>'
    "<body>{}</body></html>"
)


def page(body: str) -> Source:
    """A page with a body."""
    return load(PAGE.format(body).encode())


def cells(source: Source) -> dict[tuple[int, int], str]:
    """The cells of the first table, by row and column."""
    return {(cell.row, cell.column): source.text[cell.start:cell.end] for cell in source.tables[0].cells}


def test_blocks_become_lines():
    got = page("<div><h1>关于上半年<br>执行情况的报告</h1><p>　　一、成效</p>"
               "收入<b>12.5</b>亿元<p>同比&nbsp;增长&#51;%</p></div>")
    assert got.media == "html"
    assert got.text == "关于上半年\n执行情况的报告\n一、成效\n收入12.5亿元\n同比 增长3%\n"


def test_source_line_ends_between_characters_are_no_blanks():
    assert page("<p>国民经济和\n   社会发展\n2020 年计划</p>").text == "国民经济和社会发展 2020 年计划\n"


def test_preformatted_text_keeps_its_lines():
    assert page("<pre>一、收入\n12.5亿元\n二、<b>支出</b>\n增长</pre>").text == "一、收入\n12.5亿元\n二、支出\n增长\n"


@pytest.mark.parametrize("mark", [
    "<nav>{}</nav>", "<footer>{}</footer>", '<div role="navigation">{}</div>', '<div class="top-nav">{}</div>',
    '<ul id="breadcrumb"><li>{}</li></ul>', '<div style="display: none">{}</div>', "<p hidden>{}</p>",
    "<script>{}</script>", "<!-- {} -->", "<noscript>{}</noscript>", "<select><option>{}</option></select>",
])
def test_what_is_marked_as_no_text_is_left_out(mark):
    body = mark.format("首页导航") + "<p>上半年收入12.5亿元，同比增长3.2%。</p>"
    assert page(body).text == "上半年收入12.5亿元，同比增长3.2%。\n"


def test_a_wrong_mark_does_not_lose_the_report():
    assert page('<div class="nav"><p>上半年收入12.5亿元。</p></div>').text == "上半年收入12.5亿元。\n"


def test_tables_become_rows_of_cells():
    got = page(
        "<p>主要指标</p><table><thead><tr><th>指标</th><th>单位</th><th>完成数</th></tr></thead>"
        "<tr><td>收入</td><td>亿元</td><td><p>12.5</p></td></tr></table><p>说明</p>"
    )
    assert got.text == "主要指标\n指标\t单位\t完成数\n收入\t亿元\t12.5\n说明\n"
    assert cells(got)[1, 2] == "12.5"
    assert got.tables[0].heads == 1


def test_merged_cells_keep_the_columns():
    got = page(
        '<table><tr><th rowspan="2">指标</th><th colspan="2">上半年</th></tr><tr><th>完成</th><th>增长%</th></tr>'
        "<tr><td>收入</td><td>12.5</td><td>3.2</td></tr></table>"
    )
    assert got.text == "指标\t上半年\n\t完成\t增长%\n收入\t12.5\t3.2\n"
    assert cells(got) == {(0, 0): "指标", (0, 1): "上半年", (1, 1): "完成", (1, 2): "增长%",
                          (2, 0): "收入", (2, 1): "12.5", (2, 2): "3.2"}
    table = got.tables[0]
    assert table.heads == 2
    assert table.covering(1, 0) == table.cells[0]
    assert table.covering(0, 2) == table.cells[1]
    assert table.covering(9, 9) is None


def test_tables_that_lay_out_the_page_are_no_tables():
    got = page(
        "<table><tr><td><p>一、收入</p><p>12.5亿元</p><table><tr><td>甲</td><td>1</td></tr></table></td></tr></table>"
    )
    assert got.text == "一、收入\n12.5亿元\n甲\t1\n"
    assert len(got.tables) == 1


@pytest.mark.parametrize("encoding", ["gb2312", "gbk", "gb18030", "utf-8"])
def test_the_declared_encoding_is_used(encoding):
    data = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}"></head><p>收入</p>'
    assert load(data.encode(encoding)).text == "收入\n"


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "iso-8859-1", "no-such", "rot13", "idna", "utf-16"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_bytes_that_contradict_the_declaration_decide(declared, encoding):
    data = f'<html><meta charset="{declared}"><body><p>全区经济运行总体平稳</p></body></html>'
    assert load(data.encode(encoding)).text == "全区经济运行总体平稳\n"


def test_a_fragment_is_a_page_when_its_name_says_so():
    assert load("来源：云溪<br>上半年".encode(), "a.html").text == "来源：云溪\n上半年\n"


def test_a_page_without_text_is_refused():
    assert "source.empty" in refused(PAGE.format("<script>收入</script>").encode())


def test_a_page_in_another_language_is_refused():
    assert "source.language" in refused(PAGE.format("<p>Revenue rose in the first half.</p>").encode())


@pytest.mark.parametrize("body", [
    "<div>" * 200_000 + "上半年", "<p><b>" * 50_000 + "上半年", "<!--" * 100_000, "<" * 500_000,
    "<table><tr><td>" * 30_000 + "上", '<a x="' * 50_000, "<nav>" * 100_000, "<table>" + "<td colspan=99>上" * 90_000,
    "<table><tr>" + "<td>上" * 150_000,
])
def test_a_hostile_page_is_read_or_refused(body):
    try:
        page(body)
    except BadInput as error:
        assert error.findings  # noqa: PT017


TAGS = st.sampled_from(
    ["<p>", "</p>", "<table>", "<tr>", "<td colspan=3>", "<td rowspan=0>", "</table>", "<br>", "<nav>", "</nav>",
     "<pre>", "</pre>", "<!--", "-->", "<th>", "<li>", "&nbsp;", "&#0;", "&#xD800;", "</body>", "<script>", "</script>",
     "收入", "增长", "3.2%", "\n", " ", "<caption>", "<thead>", "<div class=menu>", "</div>", "\x0c", "\u200b"]
)


@settings(deadline=None)
@given(st.lists(TAGS, max_size=40))
def test_any_page_gives_lines_and_cells_that_fit(tags):
    try:
        got = page("上半年" + "".join(tags))
    except BadInput:
        return
    assert got.text.endswith("\n")
    assert not set(got.text) & set("\r\x00\u200b\x0c")
    lines = got.text.split("\n")
    for table in got.tables:
        for cell in table.cells:
            line = lines[got.text.count("\n", 0, cell.start)]
            start = got.text.rfind("\n", 0, cell.start) + 1
            assert line.split("\t")[cell.column] == got.text[cell.start:cell.end]
            assert got.text[start:cell.start].count("\t") == cell.column
