"""The reader of clauses with words of another line of work: it knows no column of its own."""

from datetime import date

import pytest

from plumbline.reports.clauses import (
    CONDITION,
    DAY,
    GIFT,
    UNREAD,
    Base,
    Choice,
    Phrase,
    Quantity,
    Special,
    Words,
    propose,
)
from plumbline.reports.clauses.amounts import amounts, masked

WORDS = Words(
    quantities=(Quantity("床位数?", "beds", "人"), Quantity("年收入", "income", "元", ("income_now", "income_before")),
                Quantity("空置率", "vacancy", "%")),
    phrases=(Phrase("公办", "public", "public", "not public"), Phrase("停办", "closed", "", "not closed")),
    choices=(Choice("grade", (("一级", ("甲",)), ("二级", ("乙",)))),),
    bases=(Base("运营费", "running"), Base("租金", "rent", monthly=True)),
    specials=(Special(r"利率下调(?P<n>[\d.]+)个百分点", "loan", "{n}"),),
    persons=(("老人", "guests"),), age="opened_on")


def read(text, kind=CONDITION):
    return [one.text if kind == CONDITION else one for one in propose(f"通知\n{text}\n", WORDS) if one.kind == kind]


@pytest.mark.parametrize(("text", "expression"), [
    ("床位不超过300人的机构可以申请。", "beds <= 300"), ("床位300人以下的机构。", "beds <= 300"),
    ("床位少于300人的机构。", "beds < 300"),
    ("床位300人（不含）以下的机构。", "beds < 300"), ("床位不足三百人的机构。", "beds < 300"),
    ("床位超过30人的机构。", "beds > 30"),
    ("床位30人及以上的机构。", "beds >= 30"), ("床位至少30人的机构。", "beds >= 30"),
    ("年收入在50万元至1亿元之间的。", "income between 500000 and 100000000"),
    ("空置率不高于5.5%的机构。", "vacancy <= 0.055"), ("年收入同比下降30%以上的。", "income_now <= income_before * 0.7"),
    ("年收入同比增长10%（含）以上的。", "income_now >= income_before * 1.1"), ("公办机构。", "public"),
    ("非公办机构。", "not public"),
    ("一级、二级机构。", "grade in ('甲', '乙')"), ("停办的机构除外。", "not closed"), ("一级机构除外。", "grade <> '甲'"),
    ("2019年12月31日（含）前登记的机构。", "opened_on <= date '2019-12-31'"),
])
def test_a_clause_becomes_an_expression(text, expression):
    assert read(text) == [expression]


@pytest.mark.parametrize(("text", "gift"), [
    ("按运营费的20%给予补贴，最高不超过5万元。", {"base": "running", "rate": "0.2", "cap": "50000"}),
    ("给予2万元补助。", {"base": "20000"}),
    ("按老人每人500元给予补贴，每人最高800元。", {"base": "guests * 500", "cap": "guests * 800"}),
    ("减免3个月租金。", {"base": "rent * 3"}), ("租金减半收取。", {"base": "rent", "rate": "0.5"}),
    ("利率下调0.5个百分点。", {"base": "loan", "rate": "0.005"}),
])
def test_a_clause_becomes_a_gift(text, gift):
    found = read(text, GIFT)
    assert len(found) == 1
    assert {key: value for key, value in found[0].body.items() if key != "label"} == gift


def test_rising_bands_are_asked_from_the_highest():
    text = "床位10人以上的，给予1万元补助；床位50人以上的，给予3万元补助。"
    body = read(text, GIFT)[0].body
    assert body["base"] == "1"
    assert body["bands"] == [{"when": "beds >= 50", "rate": "30000"}, {"when": "beds >= 10", "rate": "10000"}]
    assert read(text) == []


def test_years_since_the_opening_are_counted_back_from_the_first_day_of_the_policy():
    text = "成立满2年的机构。\n自2020年6月1日起施行，有效期至2020年12月31日。"
    found = propose(text, WORDS)
    told = next(one for one in found if one.kind == CONDITION)
    assert (told.text, told.sure) == ("opened_on <= date '2018-06-01'", False)
    assert {one.key: one.day for one in found if one.kind == DAY} == {"since": date(2020, 6, 1), "until": date(2020, 12, 31)}
    leap = propose("成立满1年的机构。\n自2020年2月29日起施行。", WORDS)
    assert leap[0].text == "opened_on <= date '2019-02-28'"
    assert [one.why for one in propose("成立满2年的机构。", WORDS)] == ["文件没有写明施行日期，算不出要在哪一天以前成立"]


def test_what_cannot_be_read_is_listed_with_why():
    found = propose("机构应当取得消防验收合格证，护士不少于5名。", WORDS)
    assert [one.kind for one in found] == [UNREAD, UNREAD]
    assert all(one.why and not one.sure for one in found)
    assert found[1].clause == "护士不少于5名"


def test_a_span_is_the_words_of_the_source_however_it_is_printed():
    text = "办法\n床位 不超过３００ 人的机构，\u3000公办。\n"
    found = propose(text, WORDS)
    assert [one.text for one in found] == ["beds <= 300", "public"]
    assert [text[one.start:one.end] for one in found] == [one.clause for one in found]
    assert found[0].clause == "床位 不超过３００ 人"


def test_dates_are_no_amounts():
    assert amounts(masked("2020年2月至4月，2019年12月31日前，1、2月")) == []
    assert [one.text for one in amounts("不超过1.5亿元")] == ["150000000"]


def test_a_long_text_is_read_in_time():
    assert len(propose("床位不超过300人，年收入50万元以上的一级机构，" * 3000, WORDS)) >= 3


def test_what_stands_beside_a_condition_is_listed_too():
    found = propose("通知\n连续两年开门的公办机构，床位不超过300人。\n", WORDS)
    assert [(one.kind, one.clause) for one in found] == [
        (UNREAD, "连续两年开门"), (CONDITION, "公办"), (CONDITION, "床位不超过300人")]


def test_two_different_values_of_one_column_are_in_doubt():
    found = propose("通知\n一级机构免费，二级机构半价。\n", WORDS)
    told = [one for one in found if one.kind == CONDITION]
    assert [one.text for one in told] == ["grade = '甲'", "grade = '乙'"]
    assert all("两处不同的要求" in one.why and not one.sure for one in told)
