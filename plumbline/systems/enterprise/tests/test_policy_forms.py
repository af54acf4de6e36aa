"""What is typed in the form becomes an expression, reads back in Chinese, and is taken apart into the same form again."""

import pytest
from django.conf import settings
from django.http import QueryDict

from plumbline.kernel import BadInput
from plumbline.systems.enterprise.policy_forms import (
    Typed,
    condition_of,
    expression_of,
    gift_of,
    grouped,
    kind_of,
    read_back,
)
from plumbline.systems.enterprise.policy_workbench import read_apart

CATALOG = settings.CATALOG
TABLE = CATALOG.tables["enterprise.firms"]


@pytest.mark.parametrize(("column", "sign", "values", "times", "expression", "words"), [
    ("employees", "lt", ("300",), "1", '"employees" < 300', "从业人员少于300人"),
    ("employees", "ge", ("1,200",), "1", '"employees" >= 1200', "从业人员不少于1200人"),
    ("revenue_yuan", "le", ("4",), "100000000", '"revenue_yuan" <= 400000000', "营业收入不超过4亿元"),
    ("revenue_yuan", "gt", ("0.5",), "10000", '"revenue_yuan" > 5000.0', "营业收入超过5000元"),
    ("employees", "between", ("20", "300"), "1", '"employees" BETWEEN 20 AND 300', "从业人员在20人与300人之间（含两端）"),
    ("layoff_rate", "le", ("0.055",), "1", '"layoff_rate" <= 0.055', "上年度裁员率不超过0.055"),
    ("size", "in", ("小型", "微型"), "1", "\"size\" IN ('小型', '微型')", "企业规模是“小型”、“微型”之一"),
    ("kind", "out", ("个体工商户",), "1", "\"kind\" NOT IN ('个体工商户')", "主体类别不是“个体工商户”"),
    ("renter", "yes", ("",), "1", '"renter"', "租房经营为是"),
    ("dishonest", "no", ("",), "1", 'NOT "dishonest"', "严重失信为否"),
    ("set_up_on", "lt", ("2020-01-01",), "1", "\"set_up_on\" < DATE '2020-01-01'", "成立日期早于2020年1月1日"),
    ("industry", "starts", ("C39",), "1", "\"industry\" LIKE 'C39%'", "行业以“C39”开头"),
    ("name", "holds", ("餐饮",), "1", "\"name\" LIKE '%餐饮%'", "名称含有“餐饮”"),
    ("street", "in", ("110112001、110112002",), "1", "\"street\" IN ('110112001', '110112002')",
     "街道乡镇是“110112001”、“110112002”之一"),
    ("name", "eq", ("O'Hara 公司",), "1", "\"name\" = 'O''Hara 公司'", "名称是“O'Hara 公司”"),
])
def test_a_typed_condition_is_an_expression_and_reads_in_chinese(column, sign, values, times, expression, words):
    made = expression_of(Typed(column, sign, values, times), TABLE)
    assert (made, read_back(made, TABLE, CATALOG)) == (expression, words)
    again = read_apart(made, TABLE, CATALOG)
    assert again.free or expression_of(again, TABLE).replace(".0", "") == made.replace(".0", "")


@pytest.mark.parametrize(("column", "sign", "values"), [
    ("", "lt", ("300",)), ("phone", "eq", ("1",)), ("employees", "lt", ("",)), ("employees", "lt", ("三百",)),
    ("employees", "lt", ("1e999",)), ("employees", "lt", ("NaN",)), ("employees", "in", ("3",)),
    ("employees", "between", ("300",)), ("employees", "between", ("300", "20")), ("set_up_on", "lt", ("2020-02-30",)),
    ("size", "in", ()), ("size", "in", ("巨型",)), ("name", "holds", ("%",)), ("name", "eq", ("长" * 101,)),
    ("renter", "lt", ("1",))])
def test_what_is_no_condition_is_refused_in_chinese(column, sign, values):
    with pytest.raises(BadInput) as refused:
        expression_of(Typed(column, sign, values), TABLE)
    assert refused.value.findings[0].message.endswith("。")


def test_what_is_typed_never_ends_the_literal():
    made = expression_of(Typed("name", "eq", ("' OR TRUE --",)), TABLE)
    assert made == "\"name\" = ''' OR TRUE --'"
    assert read_back(made, TABLE, CATALOG) == "名称是“' OR TRUE --”"


@pytest.mark.parametrize("text", ["insured_2020 >= insured_2019 * 0.9", "renter AND employees < 3", "coalesce(renter, false)",
                                  "employees IS NULL", "300 > employees", "NOT (employees < 3)"])
def test_what_the_form_could_not_have_made_stays_whole(text):
    assert read_apart(text, TABLE, CATALOG).free == text


def test_a_label_that_was_not_typed_is_the_reading():
    body = condition_of(QueryDict("how=form&column=employees&sign=lt&value=300&source=第一条"), TABLE, CATALOG)
    assert body == {"text": '"employees" < 300', "label": "从业人员少于300人", "source": "第一条"}
    body = condition_of(QueryDict("how=free&free=employees < 300&label=人少"), TABLE, CATALOG)
    assert (body["text"], body["label"]) == ("employees < 300", "人少")
    with pytest.raises(BadInput):
        condition_of(QueryDict("how=free&free=employees"), TABLE, CATALOG)


def test_a_gift_is_read_from_its_form():
    told = QueryDict("gift_label=补贴&base=rent_yuan&rate=50%25&band_when=employees < 20&band_rate=0.8&band_when=&band_rate=")
    assert gift_of(told) == {"label": "补贴", "base": "rent_yuan", "rate": "0.5", "cap": "",
                             "bands": [{"when": "employees < 20", "rate": "0.8"}]}


def test_every_open_column_is_offered_once_and_no_personal_one():
    keys = [key for _, columns in grouped(TABLE) for key, _ in columns]
    assert sorted(keys) == sorted(column.key for column in TABLE.open_columns)
    assert not {"phone", "legal_person"} & set(keys)
    assert {kind_of(column) for column in TABLE.open_columns} == {"number", "choice", "truth", "date", "text"}
