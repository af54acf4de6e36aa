"""Indicators: what is read, what is refused, and the one place that divides."""

from decimal import Decimal

import pytest

from plumbline.kernel import Indicator, Table, indicator_from, settle
from plumbline.kernel.figure import NO_DENOMINATOR, UNKNOWN

TABLES = {"works.list": Table("works.list", "台账", (), "area", "done_on")}
BODY = {"label": "办结率", "source": "本例", "table": "list", "unit": "%", "share": "state = '办结'", "decimals": "1"}


def read(**changes):
    wrong: list[str] = []
    body = {key: value for key, value in {**BODY, **changes}.items() if value is not None}
    return indicator_from("works.done", body, TABLES, wrong), wrong


def test_an_indicator_is_read_and_dated_by_its_table():
    found, wrong = read()
    assert wrong == []
    assert found == Indicator("works.done", "办结率", "works.list", "share", "%", "本例", of="state = '办结'",
                              dated="done_on", decimals=1)


def test_an_indicator_may_be_undated():
    assert read(dated="")[0].dated == ""


def test_a_count_has_no_expression_of_its_own():
    assert read(share=None, count="")[0].of == ""


@pytest.mark.parametrize(("changes", "says"), [
    ({"share": None}, "exactly one of"),
    ({"sum": "amount"}, "exactly one of"),
    ({"table": "other"}, "table other is not declared"),
    ({"unit": ""}, "unit is missing"),
    ({"decimals": "x"}, "decimals is 'x'"),
    ({"better": "more"}, "better is 'more'"),
    ({"colour": "red"}, "colour is no part"),
    ({"adds": "no"}, "adds is 'no'; write true or false"),
    ({"fresh": "yes"}, "fresh is 'yes'; write true or false"),
])
def test_a_wrong_declaration_says_what_to_write(changes, says):
    found, wrong = read(**changes)
    assert found is None
    assert any(says in one for one in wrong), wrong


def test_division_happens_once_and_never_by_zero():
    assert settle("share", Decimal(1), Decimal(8)) == (Decimal("0.125"), "")
    assert settle("mean", Decimal("10.5"), Decimal(3)) == (Decimal("3.5"), "")
    assert settle("share", Decimal(0), Decimal(0)) == (None, NO_DENOMINATOR)
    assert settle("share", Decimal(0), Decimal(5)) == (Decimal(0), "")
    assert settle("sum", None, None) == (None, UNKNOWN)
    assert settle("count", Decimal(0), None) == (Decimal(0), "")
