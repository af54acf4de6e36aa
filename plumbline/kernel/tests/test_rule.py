"""Rules: what is read, what is refused, and which stands on a day."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from plumbline.kernel import Condition, Gift, Rule, rule_from, rule_on
from plumbline.kernel.parameter import Dated, Parameter
from plumbline.kernel.record import Column, Table
from plumbline.kernel.rule import rules_from

FIRMS = Table("works.firms", "企业", (
    Column("code", "text", "代码"), Column("area", "text", "区"), Column("staff", "integer", "从业人员", unit="人"),
    Column("paid", "decimal", "已缴费", unit="元"), Column("phone", "text", "电话", personal=True)),
    "area", identity=("code",), delete_months=6)
TABLES = {FIRMS.key: FIRMS}
PARAMETERS = {"works.help.rate": Parameter("help.rate", "比例", "", (Dated(date(2020, 5, 1), Decimal("0.5"), "虚构"),),
                                           date(2020, 1, 1))}
BODY = {"label": "补贴", "table": "firms", "since": "2020-05-01", "source": "虚构第一条",
        "because": {"small": "staff < 300", "insured": {"label": "已参保", "text": "paid > 0", "source": "虚构第二条"}},
        "gives": {"label": "返还", "base": "paid", "rate": "param.help.rate", "cap": "1000 * staff",
                  "bands": [{"when": "staff > 100", "rate": "0.3"}]}}


def read(**changes):
    wrong: list[str] = []
    body = {key: value for key, value in {**BODY, **changes}.items() if value is not None}
    return rule_from("works.help", body, TABLES, PARAMETERS, wrong), wrong


def test_a_rule_is_read():
    found, wrong = read(until="2020-12-31")
    assert wrong == []
    assert found == Rule(
        "works.help", "补贴", "works.firms", date(2020, 5, 1), date(2020, 12, 31), "虚构第一条",
        (Condition("small", "从业人员少于300人", "staff < 300", "虚构第一条"),
         Condition("insured", "已参保", "paid > 0", "虚构第二条")),
        Gift("返还", "paid", "param.help.rate", (("staff > 100", "0.3"),), "1000 * staff"))


def test_a_rule_may_give_nothing():
    assert read(gives=None)[0].gives is None


@pytest.mark.parametrize(("changes", "says"), [
    ({"label": None}, "缺 label"),
    ({"source": None}, "缺 source"),
    ({"because": None}, "缺 because"),
    ({"table": "others"}, "没有登记“others”"),
    ({"since": "2020-02-30"}, "不是真实的日期"),
    ({"until": "2020-04-30"}, "早于 since"),
    ({"colour": "red"}, "colour 不是规则的内容"),
    ({"because": {"small": "workers < 300"}}, "没有“workers”"),
    ({"because": {"small": "staff < param.help.limit"}}, "没有参数 param.help.limit"),
    ({"because": {"small": "phone = '1'"}}, "个人信息"),
    ({"because": {"small": "staff + 1"}}, "条件（是或否）"),
    ({"because": {"small": {"label": "小"}}}, "请写一个式子"),
    ({"because": {"small": {"text": "staff < 1", "because": "x"}}}, "because 不是条件的内容"),
    ({"because": {"Small": "staff < 1"}}, "条件名“Small”"),
    ({"because": {"small": "CASE WHEN staff > 1 THEN paid > 1 END"}}, "ELSE"),
    ({"because": {"small": "1 < 2"}}, "没有用到任何栏目"),
    ({"since": "2020-04-30", "because": {"small": "staff * param.help.rate > 1"}}, "param.help.rate 在 2020-04-30 尚无数值"),
    ({"gives": {"label": "返还"}}, "缺 base"),
    ({"gives": {"label": "返还", "base": "staff > 1"}}, "结果应当是数"),
    ({"gives": {"label": "返还", "base": "paid", "rate": "half"}}, "没有“half”"),
    ({"gives": {"label": "返还", "base": "paid", "bands": [{"when": "staff"}]}}, "每一档"),
    ({"gives": {"label": "返还", "base": "paid", "bands": [{"when": "staff", "rate": "1"}]}}, "条件（是或否）"),
    ({"gives": {"label": "返还", "base": "paid", "limit": "1"}}, "limit 不是给付的内容"),
])
def test_a_wrong_rule_says_what_to_write(changes, says):
    found, wrong = read(**changes)
    assert found is None
    assert any(says in one for one in wrong), wrong


def test_an_entry_ends_the_day_before_the_next():
    wrong: list[str] = []
    later = {**BODY, "since": "2020-07-01", "label": "新补贴"}
    one, two = rules_from("works.help", [later, BODY], TABLES, PARAMETERS, wrong)
    assert (one.until, two.until, wrong) == (date(2020, 6, 30), None, [])
    assert rule_on((one, two), date(2020, 6, 30)) == one
    assert rule_on((one, two), date(2020, 7, 1)) == two
    assert rule_on((one, two), date(2020, 4, 30)) is None


@pytest.mark.parametrize("first", [{"since": "2020-07-01"}, {"until": "2020-07-01"}])
def test_two_rules_of_one_day_are_refused(first):
    wrong: list[str] = []
    rules_from("works.help", [{**BODY, **first}, {**BODY, "since": "2020-07-01"}], TABLES, PARAMETERS, wrong)
    assert wrong == ["works.help：2020-07-01 这一天有两条规则，请改 since 或 until"]


def test_the_last_day_counts():
    rule = replace(read()[0], until=date(2020, 5, 31))
    assert [rule.valid(date(2020, *day)) for day in ((4, 30), (5, 1), (5, 31), (6, 1))] == [False, True, True, False]
