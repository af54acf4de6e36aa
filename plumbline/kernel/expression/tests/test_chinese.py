"""Every node has a Chinese reading; brackets stand only where they are needed."""

import pytest

from plumbline.kernel import Column, Table, parse_expression
from plumbline.kernel.expression import tree
from plumbline.kernel.expression.chinese import SAY
from plumbline.kernel.expression.row import COMPILE
from plumbline.kernel.expression.sql import WRITE
from plumbline.kernel.expression.tests.golden import PARAMETERS, TABLE

READINGS = {
    "i < 300": "从业人员少于300人", "i <= 300": "从业人员不超过300人", "i > 300": "从业人员超过300人",
    "i >= 300": "从业人员不少于300人",
    "i = 300": "从业人员等于300人", "NOT i <> 300": "从业人员等于300人", "NOT i < 300": "从业人员不少于300人",
    "300 > i": "从业人员少于300人", "i < j": "从业人员少于核定人数", "i < -1": "从业人员少于-1人",
    "d >= 20000000": "营业收入不少于2000万元", "d >= 150000000": "营业收入不少于1.5亿元",
    "d < 12345.67": "营业收入少于12345.67元",
    "d >= 0.5 * e": "营业收入不少于0.5乘核定收入", "i + j - 1 > 3": "从业人员加核定人数减1人超过3人",
    "i - (j - 1) > 3": "从业人员减（核定人数减1人）超过3人", "(i + j) * 2 > 9": "（从业人员加核定人数）乘2超过9人",
    "i + j * 2 > 9": "从业人员加核定人数乘2超过9人", "- i < 3": "负的从业人员少于3人",
    "- (i + j) < 3": "负的（从业人员加核定人数）少于3人",
    "t = '甲'": "企业名称是“甲”", "t <> ''": "企业名称不是空文字", "t < s": "企业名称排在曾用名之前", "t IS NULL": "企业名称为空",
    "t IS NOT NULL": "企业名称不为空", "t LIKE '云溪%'": "企业名称以“云溪”开头", "t NOT LIKE '%厂'": "企业名称不以“厂”结尾",
    "t LIKE '%印刷%'": "企业名称含有“印刷”", "t LIKE '云_'": "企业名称形如“云_”（_ 代表一个字，% 代表任意多个字）",
    "kind IN ('甲', '乙')": "类别是“甲”、“乙”之一", "kind NOT IN ('甲', '乙')": "类别不是“甲”、“乙”之一",
    "kind IN ('甲')": "类别是“甲”",
    "i IN (1, 20000, NULL)": "从业人员是1人、2万人、空值之一", "i BETWEEN 1 AND 300": "从业人员在1人与300人之间（含两端）",
    "i NOT BETWEEN 1 AND j": "从业人员不在1人与核定人数之间（含两端）",
    "opened <= DATE '2020-06-30'": "交办日期不晚于2020年6月30日", "opened = closed": "交办日期是办结日期",
    "closed > opened": "办结日期晚于交办日期", "closed <= opened + INTERVAL 3 DAY": "办结日期不晚于交办日期加3天",
    "closed <= opened - INTERVAL param.limits.days DAY": "办结日期不晚于交办日期减办理时限（2021年1月1日起5天）",
    "closed - opened > 3": "从交办日期到办结日期的天数超过3天", "YEAR(opened) = 2020": "交办日期的年份等于2020年",
    "MONTH(opened) <= 6": "交办日期的月份不超过6月", "LENGTH(t) > 4": "企业名称的字数超过4个字",
    "i < param.limits.staff": "从业人员少于小型企业人数上限（2021年1月1日起500人）", "p": "已核实为是", "NOT p": "已核实为否",
    "p = TRUE": "已核实为是", "p <> TRUE": "已核实为否", "p = q": "已核实与已公开一致", "TRUE": "是",
    "p AND i < 3": "已核实为是，并且从业人员少于3人", "p OR q AND i < 3": "已核实为是，或者（已公开为是，并且从业人员少于3人）",
    "(p OR q) AND i < 3": "（已核实为是，或者已公开为是），并且从业人员少于3人",
    "((p AND q)) AND (i < 3)": "已核实为是，并且已公开为是，并且从业人员少于3人",
    "NOT (p OR q)": "不是（已核实为是，或者已公开为是）",
    "COALESCE(closed <= opened, FALSE)": "办结日期不晚于交办日期（判断不了时按否）",
    "COALESCE(i, j, 0) < 3": "从业人员（为空时取核定人数，再为空时取0人）少于3人",
    "NOT COALESCE(p, FALSE)": "已核实为否或不明", "COALESCE(p, FALSE)": "已核实为是（判断不了时按否）",
    "NOT COALESCE(p, TRUE)": "不是（已核实为是（判断不了时按是））",
    "CASE WHEN p THEN i WHEN i > 3 THEN 20000 END": "已核实为是时取从业人员；从业人员超过3人时取2万人；其他情况取空值",
    "CASE kind WHEN '甲' THEN 1 ELSE 0 END > 0": "（类别是“甲”时取1；其他情况取0）超过0",
}


@pytest.mark.parametrize(("text", "chinese"), READINGS.items())
def test_reads_as_an_official_says_it(text, chinese):
    assert parse_expression(text, TABLE, PARAMETERS).chinese() == chinese


def test_what_a_column_is_compared_with_is_said_in_the_column_s_words():
    table = Table("x.y", "表", (Column("state", "text", "状态", names=(("done", "已办结"), ("void", "已作废"))),), area="")
    texts = "state = 'done'", "'void' <> state", "state IN ('done', 'x')"
    assert [parse_expression(text, table).chinese() for text in texts] == [
        "状态是“已办结”", "状态不是“已作废”", "状态是“已办结”、“x”之一"]


def test_every_node_has_every_reading():
    nodes = {one for one in vars(tree).values() if isinstance(one, type) and issubclass(one, tree.Node)} - {tree.Node}
    assert set(SAY) == set(COMPILE) == set(WRITE) == nodes
    read = {type(node) for text in READINGS for node in tree.walk(parse_expression(text, TABLE, PARAMETERS).root)}
    assert read == nodes
