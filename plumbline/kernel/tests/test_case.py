"""Worked cases: what is read, what is refused, what is told where a rule says otherwise."""

from datetime import date

import pytest

from plumbline.kernel import BadDeclaration, Catalog, rule_from
from plumbline.kernel.case import cases, trouble
from plumbline.kernel.tests.test_decision import FIRMS, PARAMETERS

BODY = {"label": "补贴", "table": "firms", "since": "2020-01-01", "source": "虚构",
        "because": {"small": "size = '微型'", "paying": "paid > 0"},
        "gives": {"label": "补贴", "base": "paid", "rate": "param.help.rate"}}
RULE = rule_from("works.help", BODY, {FIRMS.key: FIRMS}, PARAMETERS, [])
CATALOG = Catalog(tables={FIRMS.key: FIRMS}, parameters=PARAMETERS, rules={"works.help": (RULE,)})
GOOD = """
- name: small and paying
  rule: works.help
  date: 2020-06-01
  given: {staff: 5, sold: 1000, paid: 10.01}
  holds: true
  because: {small: true, paying: true}
  amount: 5.01
- name: nobody knows what was paid
  rule: works.help
  date: 2020-06-01
  given: {staff: 5, sold: 1000}
  holds: null
  wants: [paid]
- name: ten and a hundred are small, not micro
  column: works.firms.size
  date: 2020-06-01
  given: {staff: 10, sold: 100}
  gives: 小型
- name: sales unknown
  column: works.firms.size
  date: 2020-06-01
  given: {staff: 10}
  gives: null
"""


def read(tmp_path, text):
    (tmp_path / "cases").mkdir(exist_ok=True)
    (tmp_path / "cases" / "help.yaml").write_text(text, encoding="utf-8")
    return cases(tmp_path)


def test_cases_of_another_shape_are_left_to_the_test_that_reads_them(tmp_path):
    assert read(tmp_path, "- {industry: A01, trade: 农业}\n") == ()


def test_cases_that_agree_say_nothing(tmp_path):
    told = read(tmp_path, GOOD)
    assert [trouble(one, CATALOG) for one in told] == [[]] * 4
    assert told[0].date == date(2020, 6, 1)


@pytest.mark.parametrize(("was", "now", "says"), [
    ("holds: true", "holds: false", "small and paying: holds is True, not False"),
    ("paying: true", "paying: null", "small and paying: paying is True, not None"),
    ("paying: true", "poor: true", "there is no condition poor"),
    ("amount: 5.01", "amount: 5.00", "amount is 5.01 , not 5.00"),
    ("date: 2020-06-01", "date: 2019-06-01", "there is no rule works.help on 2019-06-01"),
    ("rule: works.help", "rule: works.other", "there is no rule works.other"),
])
def test_a_rule_that_says_otherwise_is_told(tmp_path, was, now, says):
    assert says in trouble(read(tmp_path, GOOD.replace(was, now, 1))[0], CATALOG)[0]


def test_other_fields_or_values_are_told(tmp_path):
    told = read(tmp_path, GOOD.replace("[paid]", "[staff]").replace("gives: 小型", "gives: 微型"))
    assert [trouble(one, CATALOG) for one in told[1:3]] == [
        ["nobody knows what was paid: wants paid, not staff"],
        ["ten and a hundred are small, not micro: works.firms.size is 小型, not 微型"]]


@pytest.mark.parametrize(("was", "now", "says"), [
    ("holds: true", "answer: true", "answer is no part of a case"),
    ("  holds: true\n", "", "holds is missing"),
    ("date: 2020-06-01", "date: 2020-06-31", "date is '2020-06-31'"),
    ("name: small and paying", "name: ''\n  what: 1", "case 1: what is no part"),
])
def test_a_wrong_case_says_what_to_write(tmp_path, was, now, says):
    with pytest.raises(BadDeclaration, match=says):
        read(tmp_path, GOOD.replace(was, now, 1))


@pytest.mark.parametrize(("was", "now", "says"), [
    ("staff: 5", "staff: five", "staff is 'five'; it is a integer"),
    ("staff: 5", "workers: 5", "workers is no column"),
])
def test_a_row_that_is_none_is_refused(tmp_path, was, now, says):
    with pytest.raises(BadDeclaration, match=says):
        trouble(read(tmp_path, GOOD.replace(was, now, 1))[0], CATALOG)
