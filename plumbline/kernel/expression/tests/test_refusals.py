"""What an expression may not hold: each is refused with what, where and what to do."""

import pytest

from plumbline.kernel import BadInput, Column, Table, parse_expression
from plumbline.kernel.expression.tests.golden import PARAMETERS, TABLE


def findings(text, table=TABLE):
    with pytest.raises(BadInput) as caught:
        parse_expression(text, table, PARAMETERS)
    return [(finding.check.removeprefix("expression."), finding.message) for finding in caught.value.findings]


def refused(text):
    (check, message), = findings(text)
    assert "；" in message or "请" in message, "says what to do"
    return check, message


@pytest.mark.parametrize(("text", "check", "words"), [
    ("t = 3", "type", "t（企业名称）是文字，“3”是整数，不能放在一起比较；文字请加单引号"),
    ("i > 'x'", "type", "文字请加单引号，数字不加"),
    ("opened > '2020-01-01'", "type", "日期请写成 DATE '2020-06-30'"),
    ("p = 1", "type", "请直接写栏目名"), ("p < q", "type", "不分大小"), ("p BETWEEN q AND TRUE", "type", "不分大小"),
    ("i AND p", "type", "i（从业人员）是整数，不是条件"), ("NOT t", "type", "不是条件"), ("1 < i < 3", "type", "真假值"),
    ("CASE WHEN i THEN 1 END", "type", "不是条件"), ("CASE WHEN p THEN 1 ELSE 'x' END", "type", "不能放在一起"),
    ("COALESCE(i, '无')", "type", "不能放在一起"), ("i IN (1, '2')", "type", "不能放在一起"),
    ("t + 1", "type", "不能用 + 计算"), ("- t = 'x'", "type", "负号"), ("opened + 3", "type", "INTERVAL 3 DAY"),
    ("opened * 2", "type", "不能用 * 计算"), ("LENGTH(i) = 1", "type", "LENGTH 要的是文字"),
    ("YEAR(t) = 2020", "type", "YEAR 要的是日期"), ("i LIKE '1%'", "type", "不能用 LIKE"),
    ("i + INTERVAL 3 DAY > opened", "type", "不是日期"),
    ("d / i >= 0.5", "division", "a >= 0.5 * b"), ("i // 2 = 1", "division", "改写成乘法"),
    ("UPPER(t) = 'A'", "forbidden", "函数 UPPER；可以写的是"), ("foo(t)", "forbidden", "函数 FOO"),
    ("i % 2 = 1", "forbidden", "取余"), ("t || s = 'x'", "forbidden", "连接 ||"), ("t ILIKE 'a'", "forbidden", "ILIKE"),
    ("t LIKE 'a!%' ESCAPE '!'", "forbidden", "ESCAPE"), ("t LIKE s", "forbidden", "单引号里的文字"),
    ("t ~ 'a'", "forbidden", "正则"), ("CAST(i AS TEXT) = '1'", "forbidden", "不能转换类型"),
    ("i::TEXT = '1'", "forbidden", "不能转换类型"), ("(SELECT 1) = i", "forbidden", "子查询"),
    ("i IN (SELECT 1)", "forbidden", "子查询"), ("EXISTS(SELECT 1)", "forbidden", "EXISTS"), ("i IN ()", "forbidden", "IN"),
    ("p IS TRUE", "forbidden", "= TRUE"), ("p IS DISTINCT FROM q", "forbidden", "IS DISTINCT FROM"),
    ("i BETWEEN SYMMETRIC 2 AND 1", "forbidden", "SYMMETRIC"), ("opened < CURRENT_DATE", "forbidden", "今天"),
    ("LENGTH(t) OVER () = 1", "forbidden", "窗口函数"), ("golden.i = 1", "column", "栏目直接写栏目名"), ("i = ?", "forbidden",
    "占位符"),
    ("CASE i + 1 WHEN 2 THEN p END", "forbidden", "CASE WHEN 条件"), ("t = 'a' COLLATE nocase", "forbidden", "COLLATE"),
    ("t = $$a$$", "forbidden", "$$"), ("t = E'\\n'", "forbidden", "BYTESTRING"), ("* = 1", "forbidden", "*"),
    ("COUNT(*) > 1", "aggregate", "请选指标的种类"), ("SUM(i) > 1", "aggregate", "函数 SUM"), ("MAX(d) > 1", "aggregate",
    "只看一行"),
    ("kind_ = '甲'", "column", "您要写的也许是：kind"), ("企业名称 = 'x'", "column", "请写成 t"), ("企业名 = 'x'", "column",
    "也许是：t"),
    ('t = "云溪"', "column", "单引号，不用双引号"), ("zzzzz = 1", "column", "有的是：area、p、q"),
    ("phone = '1'", "personal", "是个人信息，不能用于指标"), ("phone IS NULL", "personal", "换一个栏目"),
    ("i < param.limits.staf", "parameter", "param.limits.staff"), ("i < param.x", "parameter", "没有参数 param.x"),
    ("kind = '丁'", "choice", "没有“丁”这一项；可以写的是：甲、乙、丙"), ("'丁' <> kind", "choice", "甲、乙、丙"),
    ("kind IN ('甲', '丁')", "choice", "“丁”"), ("kind NOT IN ('甲 ')", "choice", "“甲 ”"),
    ("CASE kind WHEN '丁' THEN p END", "choice", "“丁”"),
    ("d > param.limits.staff", "unit", "一个是元，一个是人"),
    ("i = NULL", "null", "IS NULL"), ("NULL <> t", "null", "IS NULL"), ("NULL", "null", "只有 NULL"), ("COALESCE(NULL, NULL)",
    "null", "NULL"),
    ("opened = DATE '2025-02-30'", "literal", "不是真实的日期"), ("opened = DATE '2025-2-3'", "literal", "两位月"),
    ("opened = DATE '0000-01-01'", "literal", "真实"), ("i < 1e3", "literal", "不写成 1e3"), ("i < 1" + "0" * 38, "literal",
    "38 位"),
    ("opened + INTERVAL 1 MONTH > closed", "interval", "月和年长短不一"), ("opened + INTERVAL (d) DAY > closed", "interval",
    "整数"),
    ("opened + INTERVAL 1.5 DAY > closed", "interval", "整数"), ("opened + INTERVAL 36601 DAY > closed", "interval", "36600"),
    ("opened + INTERVAL (i * j) DAY > closed", "interval", "太大"), ("INTERVAL 3 DAY", "interval", "日期 + INTERVAL"),
    ("opened" + " + INTERVAL 1 DAY" * 4 + " > closed", "interval", "合并"),
    ("d * d * d > 1", "digits", "可能超过 38 位"), ("e * e > 1", "digits", "38 位"), ("i * j * i > 1", "digits", "少乘一次"),
    ("i * j * 10000000 < 0.01", "digits", "38 位"),
    ("t LIKE '%a%b%c%d%e%f%g%h%i%j%k%'", "pattern", "最多写 10 段"),
    ("", "empty", "空的"), ("  \n ", "empty", "空的"), ("i <", "syntax", "读不懂"), ("i = 1 j = 2", "syntax", "AND 或 OR"),
    ("SELECT 1", "syntax", "不写 SELECT"), ("DROP TABLE x", "syntax", "读不懂"), ("i = 1; j = 2", "syntax", "分号"),
    ("t = 'abc", "syntax", "成对"), ("t = \"abc", "syntax", "成对"), ("p -- \n q", "syntax", "读不懂"),
    ("i ＜ 3", "mark", "请改用英文标点 <"), ("i ≥ 3", "mark", ">="), ("kind IN ('甲'，'乙')", "mark", "，"), ("i = ３", "mark",
    "半角"),
    ("i\u200b = 3", "mark", "看不见"), ("t = '\x00'", "mark", "看不见"), ("t = '\ud800'", "mark", "看不见"),
])
def test_refused_with_what_to_do(text, check, words):
    got, message = refused(text)
    assert got == check
    assert words in message


def test_everything_wrong_is_told_at_once():
    told = findings("phone = '1' AND nam = 'x' AND i / 2 > 1 AND t > 3 AND phone = '2'")
    assert [check for check, _ in told] == ["personal", "column", "division", "type"]


def test_a_long_list_of_columns_is_cut_short():
    columns = tuple(Column(f"column_{number}", "text", f"栏目{number}") for number in range(40))
    table = Table("a.b", "长表", columns, area="column_0")
    (_, message), = findings("zzz = 'x'", table)
    assert message.count("、") == 11
    assert message.endswith("等。")


@pytest.mark.parametrize("text", [
    "(" * 10_000 + "p" + ")" * 10_000, "(" * 25 + "p" + ")" * 25,
    "NOT " * 10_000 + "p", "NOT " * 25 + "p", "i > " + "- " * 5_000 + "1",
    "CASE WHEN p THEN " * 25 + "1" + " END" * 25, "[" * 5_000, "p" + " IS NULL" * 3_000, "i = " + " + ".join(["i"] * 3_000),
    "opened > " + "INTERVAL " * 3_000 + "1 DAY", "@" * 3_000 + "i",
    " = ".join(["p"] * 3_000), "ARRAY " * 3_000, "length(" * 3_000,
])
def test_depth_is_refused_not_suffered(text):
    told = findings(text)
    assert {check for check, _ in told} <= {"depth", "length"}
    assert told


@pytest.mark.parametrize("text", [
    "p OR " * 300_000 + "p", "x" * 1_000_000, "t = '" + "云" * 100_000 + "'", "p AND " * 8_000 + "p"])
def test_length_is_refused(text):
    assert refused(text)[0] == "length"
