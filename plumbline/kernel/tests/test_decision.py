"""What a rule says of a row: three answers, what would decide, how near a miss is, what it gives."""

from datetime import date
from decimal import Decimal

import pytest

from plumbline.kernel import Judge, Near, Told, rule_from
from plumbline.kernel.parameter import Dated, Parameter
from plumbline.kernel.record import Column, Table

SIZE = "CASE WHEN staff < 10 OR sold < 100 THEN '微型' WHEN staff >= 10 AND sold >= 100 THEN '小型' END"
FIRMS = Table("works.firms", "企业", (
    Column("code", "text", "代码"), Column("area", "text", "区"), Column("staff", "integer", "从业人员", unit="人"),
    Column("paid", "decimal", "已缴费", unit="元"), Column("kind", "text", "类型", names=(("a", "甲类"), ("b", "乙类"))),
    Column("poor", "boolean", "困难"), Column("bad", "boolean", "失信"), Column("opened", "date", "成立日期"),
    Column("sold", "decimal", "收入", unit="元"), Column("before", "decimal", "上年收入", unit="元"),
    Column("size", "text", "规模", derived=SIZE)),
    "area", identity=("code",), roll=True)
VALUES = (Dated(date(2020, 1, 1), Decimal("0.5"), ""), Dated(date(2020, 7, 1), Decimal("0.3"), ""))
HALF = Parameter("help.rate", "比例", "", VALUES, date(2020, 1, 1))
PARAMETERS = {"works.help.rate": HALF}
DAY = date(2020, 6, 1)


def judge(*texts, day=DAY, **gives):
    wrong: list[str] = []
    because = {f"c{at}": {"label": text, "text": text} for at, text in enumerate(texts)}
    body = {"label": "补贴", "table": "firms", "since": "2020-01-01", "source": "虚构", "because": because,
            **({"gives": {"label": "补贴", **gives}} if gives else {})}
    rule = rule_from("works.help", body, {FIRMS.key: FIRMS}, PARAMETERS, wrong)
    assert wrong == []
    return Judge(rule, FIRMS, PARAMETERS, day)


def test_three_answers_with_every_reason():
    told = judge("staff < 300", "paid > 0", "kind = 'a'").on({"staff": 303, "paid": None, "kind": "a"})
    assert told.holds is False
    assert told.conditions == (Told("c0", "staff < 300", False, (), "从业人员 303 人，须少于 300 人"),
                               Told("c1", "paid > 0", None, ("paid",)), Told("c2", "kind = 'a'", True))
    assert (told.wants, told.near, told.amount) == ((), None, None)


def test_all_true_holds_and_all_known_but_one_cannot_be_told():
    asked = judge("staff < 300", "paid > 0")
    assert asked.on({"staff": 1, "paid": Decimal(1)}).holds is True
    told = asked.on({"staff": 1})
    assert (told.holds, told.wants) == (None, ("paid",))


@pytest.mark.parametrize(("text", "row", "wants"), [
    ("staff < 3 OR paid > 0", {"staff": 1}, None),
    ("staff < 3 OR paid > 0", {"staff": 5}, ("paid",)),
    ("staff < 3 OR paid > 0", {}, ("staff", "paid")),
    ("coalesce(staff, paid) > 1", {}, ("staff",)),
    ("coalesce(staff, paid) > 1", {"paid": Decimal(1)}, None),
    ("coalesce(poor, false)", {}, None),
    ("CASE WHEN poor THEN staff > 1 ELSE paid > 1 END", {"poor": True}, ("staff",)),
    ("CASE WHEN poor THEN staff > 1 ELSE paid > 1 END", {"poor": False}, ("paid",)),
    ("CASE WHEN staff > 3 THEN paid > 1 ELSE staff > 0 END", {}, ("staff", "paid")),
    ("staff IS NULL AND paid > 1", {}, ("paid",)),
    ("(staff IS NULL AND paid > 1) OR staff > sold", {}, ("staff", "sold")),
    ("sold <= param.help.rate * before", {"sold": Decimal(1)}, ("before",)),
    ("staff BETWEEN 1 AND sold", {"staff": 0}, None),
    ("staff BETWEEN 1 AND sold", {"staff": 2}, ("sold",)),
    ("kind IN ('a', 'b')", {}, ("kind",)),
    ("NOT (bad OR poor)", {"bad": False}, ("poor",)),
    ("opened + INTERVAL (staff) DAY < DATE '2020-01-01'", {"opened": DAY}, ("staff",)),
    ("size = '微型'", {}, ("staff", "sold")),
    ("size = '微型'", {"staff": 20}, ("sold",)),
    ("size = '微型'", {"staff": 20, "size": "小型"}, None),
    ("size = '微型' OR coalesce(paid > 1, false)", {"staff": 20}, ("sold",)),
    ("staff < 300 AND (staff < 300 OR paid > 1)", {}, ("staff",)),
    ("CASE WHEN staff <= 5 THEN paid > 1 WHEN staff > 5 THEN true END", {}, ("staff", "paid")),
    ("CASE WHEN kind = 'a' THEN paid > 1 WHEN kind <> 'a' THEN true END", {"paid": Decimal(2)}, ("kind",)),
])
def test_the_fields_that_decide_are_named(text, row, wants):
    told = judge(text).on(row)
    assert (told.wants or None) == wants
    assert (told.holds is None) == (wants is not None)


def test_a_field_of_a_reason_that_could_do_without_may_open_it_again():
    told = judge("coalesce(staff > 5, true) OR paid > 1", "staff > 3", "poor").on({})
    assert told.wants == ("staff", "paid", "poor")


@pytest.mark.parametrize(("text", "row", "words", "distance"), [
    ("staff <= 300", {"staff": 303}, "从业人员 303 人，须不多于 300 人", "3"),
    ("300 >= staff", {"staff": 303}, "从业人员 303 人，须不多于 300 人", "3"),
    ("NOT staff > 300", {"staff": 303}, "从业人员 303 人，须不多于 300 人", "3"),
    ("sold <= 20000000", {"sold": Decimal("20000001.50")}, "收入 20000001.5 元，须不多于 2000 万元", "1.50"),
    ("staff BETWEEN 10 AND 20", {"staff": 8}, "从业人员 8 人，须在 10 人 与 20 人 之间（含两端）", "2"),
    ("staff IN (3, 5)", {"staff": 9}, "从业人员 9 人，须是 3 人、5 人 之一", "4"),
    ("kind IN ('a', 'b')", {"kind": "c"}, "类型 c，须是 甲类、乙类 之一", None),
    ("kind = 'a'", {"kind": "b"}, "类型 乙类，须是 甲类", None),
    ("opened < DATE '2020-01-01'", {"opened": date(2020, 1, 11)}, "成立日期 2020年1月11日，须早于 2020年1月1日", "10"),
    ("NOT bad", {"bad": True}, "失信：现为“是”，须为“否”", None),
    ("poor", {"poor": False}, "困难：现为“否”，须为“是”", None),
    ("sold <= param.help.rate * before", {"sold": Decimal(60), "before": Decimal(100)},
     "收入 60 元，须不多于 0.5乘上年收入（50 元）", "10"),
    ("staff < 5 AND poor", {"staff": 7, "poor": True}, "从业人员 7 人，须少于 5 人", "2"),
    ("staff < 5 OR poor", {"staff": 7, "poor": False}, "从业人员 7 人，须少于 5 人，或者困难：现为“否”，须为“是”", None),
    ("kind LIKE 'b%'", {"kind": "c"}, "类型 c，须满足：类型以“b”开头", None),
])
def test_a_near_miss_says_how_far(text, row, words, distance):
    told = judge(text, "code = '1'").on({**row, "code": "1"})
    assert told.near == Near("c0", words, None if distance is None else Decimal(distance))


@pytest.mark.parametrize("row", [{"staff": 303, "paid": None}, {"staff": 303, "paid": Decimal(0)}])
def test_one_more_that_fails_or_is_unknown_is_no_near_miss(row):
    assert judge("staff <= 300", "paid > 0").on(row).near is None


def test_parameters_are_dated():
    row = {"sold": Decimal(40), "before": Decimal(100)}
    text = "sold <= param.help.rate * before"
    assert (judge(text).on(row).holds, judge(text, day=date(2020, 7, 1)).on(row).holds) == (True, False)


GIVES = {"base": "paid", "rate": "param.help.rate"}


@pytest.mark.parametrize(("gives", "row", "amount"), [
    (GIVES, {"paid": Decimal("100.01")}, "50.01"),
    (GIVES, {"paid": Decimal("100.03")}, "50.02"),
    ({"base": "1540 * staff"}, {"staff": 3}, "4620.00"),
    ({**GIVES, "cap": "10 * staff"}, {"paid": Decimal(100), "staff": 3}, "30.00"),
    ({**GIVES, "cap": "10 * staff"}, {"paid": Decimal(10), "staff": 3}, "5.00"),
    ({"base": "paid", "bands": [{"when": "staff >= 20", "rate": "0.5"}, {"when": "staff >= 0", "rate": "0.3"}]},
     {"paid": Decimal(100), "staff": 20}, "50.00"),
    ({"base": "paid", "bands": [{"when": "staff >= 20", "rate": "0.5"}, {"when": "staff >= 0", "rate": "0.3"}]},
     {"paid": Decimal(100), "staff": 19}, "30.00"),
    ({"base": "paid", "bands": [{"when": "staff >= 20", "rate": "0.5"}]}, {"paid": Decimal(100), "staff": 1}, "0.00"),
    ({**GIVES, "bands": [{"when": "staff >= 20", "rate": "0.6"}]}, {"paid": Decimal(100), "staff": 1}, "50.00"),
])
def test_amounts_are_exact(gives, row, amount):
    told = judge("code = '1'", **gives).on({**row, "code": "1"})
    assert (str(told.amount), told.why_no_amount) == (amount, "")


@pytest.mark.parametrize(("gives", "row", "why"), [
    (GIVES, {}, "缺已缴费，算不出金额"),
    ({**GIVES, "cap": "10 * staff"}, {"paid": Decimal(1)}, "缺从业人员，算不出金额"),
    ({"base": "paid", "bands": [{"when": "staff > 1", "rate": "1"}]}, {"paid": Decimal(1)}, "缺从业人员，算不出金额"),
])
def test_an_unknown_part_gives_no_amount_and_says_why(gives, row, why):
    told = judge("code = '1'", **gives).on({**row, "code": "1"})
    assert (told.holds, told.amount, told.why_no_amount) == (True, None, why)


def test_only_who_is_eligible_has_an_amount():
    asked = judge("code = '1'", **GIVES)
    assert (asked.on({"paid": Decimal(1)}).amount, asked.on({"code": "2", "paid": Decimal(1)}).amount) == (None, None)
