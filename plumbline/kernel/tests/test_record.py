"""Declared tables: what is read, what is refused, what a delivery covers."""

from datetime import date

import pytest

from plumbline.kernel import Column, Coverage, Table, table_from

BODY = {
    "label": "疏解台账", "area": "area", "dated": "done_on", "identity": ["number"], "delete_months": "24",
    "columns": {
        "number": {"type": "text", "label": "编号"},
        "area": {"type": "text", "label": "区"},
        "done_on": {"type": "date", "label": "完成日期", "required": "false"},
        "amount": {"type": "decimal", "label": "金额", "unit": "元", "scale": "4"},
        "contact": {"type": "text", "label": "联系人", "personal": "true"},
        "state": {"type": "text", "label": "状态", "choices": ["在办", "办结"]},
    },
}


def read(**changes):
    wrong: list[str] = []
    return table_from("works.list", {**BODY, **changes}, wrong), wrong


def test_a_table_is_read_as_it_is_declared():
    table, wrong = read()
    assert wrong == []
    assert isinstance(table, Table)
    assert table.column("amount") == Column("amount", "decimal", "金额", unit="元", scale=4)
    assert table.column("done_on").required is False
    assert table.column("state").choices == ("在办", "办结")
    assert [column.key for column in table.open_columns] == ["number", "area", "done_on", "amount", "state"]
    assert table.delete_months == 24
    assert table.column("absent") is None


@pytest.mark.parametrize(("changes", "says"), [
    ({"label": ""}, "label is missing"),
    ({"colour": "red"}, "colour is no part of a table"),
    ({"area": "place"}, "place is no column of it"),
    ({"dated": "amount"}, "must be a date"),
    ({"area": "amount"}, "must be text"),
    ({"identity": [], "register": "true"}, "a register needs identity"),
    ({"delete_months": None}, "contact are personal; write delete_months"),
    ({"delete_months": "two"}, "delete_months is 'two'"),
    ({"area": "contact"}, "cannot be personal"),
    ({"register": "yess"}, "register is 'yess'; write true or false"),
    ({"columns": {"area": {"type": "text", "label": "区", "personal": "yes"}}}, "personal is 'yes'; write true or false"),
    ({"columns": {"area": {"type": "text", "label": "区", "required": "no"}}}, "required is 'no'; write true or false"),
    ({"columns": {}}, "columns is missing"),
    ({"columns": {"area": {"type": "word", "label": "区"}}}, "type is 'word'"),
    ({"columns": {"area": {"type": "text"}}}, "label is missing"),
    ({"columns": {"row_": {"type": "text", "label": "行"}}}, "is not row_"),
    ({"columns": {"区": {"type": "text", "label": "区"}}}, "small letters"),
    ({"columns": {"area": {"type": "decimal", "label": "区", "scale": "9"}}}, "scale is '9'"),
])
def test_a_wrong_declaration_says_what_to_write(changes, says):
    table, wrong = read(**changes)
    assert table is None
    assert any(says in one for one in wrong), wrong


def test_all_that_is_wrong_is_told_at_once():
    _, wrong = read(label="", dated="amount", colour="red")
    assert len(wrong) == 3


def test_a_delivery_covers_its_days_and_the_areas_inside_its_areas():
    told = Coverage(("110000",), date(2020, 1, 1), date(2020, 6, 30))
    assert told.covers("110112", date(2020, 6, 30))
    assert not told.covers("110112", date(2020, 7, 1))
    assert not told.covers("990101", date(2020, 6, 30))
    assert Coverage(("110112",)).covers("110112", date(1999, 1, 1))
    assert not Coverage(("110112",)).covers("110000", date(1999, 1, 1))


ROLL = {"roll": "true", "identity": ["number"], "columns": BODY["columns"] | {
    "number": {"type": "text", "label": "代码", "form": "credit_code"},
    "small": {"type": "boolean", "label": "小额", "derived": "amount < 100"}}}


def test_a_roll_has_derived_columns_and_forms():
    table, wrong = read(**ROLL)
    assert wrong == []
    assert table.roll is True
    assert [column.key for column in table.derived_columns] == ["small"]
    assert table.column("number").form == "credit_code"


@pytest.mark.parametrize(("changes", "says"), [
    ({**ROLL, "identity": ["number", "area"]}, "a roll has one identity column"),
    ({**ROLL, "register": "true"}, "neither a register nor orders"),
    ({**ROLL, "roll": "false"}, "only a roll has derived columns"),
    ({"columns": BODY["columns"] | {"amount": {"type": "decimal", "label": "金额", "form": "credit_code"}}}, "write one of"),
])
def test_a_roll_that_does_not_fit_is_refused(changes, says):
    table, wrong = read(**changes)
    assert table is None
    assert says in "; ".join(wrong)
