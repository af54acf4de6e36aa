"""Covered and empty is 0, not covered is missing; which areas and days are told."""

from datetime import date
from decimal import Decimal

import pytest

from plumbline.engine import compute
from plumbline.engine.tests import made
from plumbline.kernel import AREAS, BadDeclaration, BadInput, Catalog, Coverage, Inputs
from plumbline.kernel.figure import NO_DENOMINATOR, NOT_ADDED, NOT_RECEIVED, UNKNOWN

COUNT, SHARE, STOCK = made.indicator("count"), made.indicator("share", "done"), made.indicator("latest", "staff")
DISTRICTS = tuple(area.code for area in AREAS if area.code.startswith("11") and area.code != "110000")


def one(tmp_path, indicator, area, period, *coverage, rows=()):
    told = made.inputs(tmp_path, rows, 1, coverage=coverage)
    return compute(made.catalog(), [indicator], period, [area], {made.CALLS.key: told})[0]


def days(areas, first, last):
    return Coverage(areas, date.fromisoformat(first), date.fromisoformat(last))


def test_covered_and_empty_is_zero_and_not_covered_is_missing(tmp_path):
    told = days(("110101",), "2020-01-01", "2020-06-30")
    assert made.short(one(tmp_path, COUNT, "110101", "2020H1", told)) == (Decimal(0), "", 0, 0)
    assert made.short(one(tmp_path, COUNT, "110102", "2020H1", told)) == (None, NOT_RECEIVED, 0, 0)
    assert made.short(one(tmp_path, COUNT, "110101", "2020-07", told)) == (None, NOT_RECEIVED, 0, 0)
    assert made.short(one(tmp_path, SHARE, "110101", "2020H1", told)) == (None, NO_DENOMINATOR, 0, 0)
    assert one(tmp_path, COUNT, "110101", "2020H1").missing == NOT_RECEIVED


def test_what_was_not_handed_over_is_not_received():
    figure, = compute(made.catalog(), [COUNT], "2020", ["110101"], {})
    assert (made.short(figure), figure.inputs) == ((None, NOT_RECEIVED, 0, 0), ())


def test_rows_of_a_time_only_half_covered_give_no_value_but_are_counted(tmp_path):
    rows = [{"area": "110101", "due_on": date(2020, 1, 5)}] * 3
    figure = one(tmp_path, COUNT, "110101", "2020H1", days(("110101",), "2020-01-01", "2020-05-31"), rows=rows)
    assert (made.short(figure), figure.top) == ((None, NOT_RECEIVED, 3, 0), None)


@pytest.mark.parametrize(("second", "missing"), [
    ("2020-04-01", ""), ("2020-03-01", ""), ("2020-04-02", NOT_RECEIVED),
])
def test_deliveries_that_follow_each_other_cover_together(tmp_path, second, missing):
    told = days(("110000",), "2019-12-01", "2020-03-31"), days(("110101",), second, "2020-06-30")
    assert one(tmp_path, COUNT, "110101", "2020H1", *told).missing == missing


def test_a_city_is_told_by_all_its_districts_and_not_by_some(tmp_path):
    every, some = Coverage(DISTRICTS), Coverage(DISTRICTS[1:])
    assert one(tmp_path, COUNT, "110000", "2020", every).value == 0
    assert one(tmp_path, COUNT, "110000", "2020", some).missing == NOT_RECEIVED
    assert one(tmp_path, COUNT, "110000", "2020", some, Coverage(DISTRICTS[:1])).value == 0
    assert one(tmp_path, made.indicator("count", adds=False), "110000", "2020", every).missing == NOT_RECEIVED


def test_a_state_needs_its_day_alone(tmp_path):
    told = days(("110000",), "2020-06-01", "2020-06-30")
    assert one(tmp_path, STOCK, "110101", "2020H1", told).missing == ""
    assert one(tmp_path, STOCK, "110101", "2020-07", told).missing == NOT_RECEIVED
    assert one(tmp_path, made.indicator("count", dated=""), "110101", "2020H1", told).value == 0
    assert one(tmp_path, COUNT, "110101", "2020H1", told).missing == NOT_RECEIVED


def test_a_published_growth_of_a_city_is_its_own_and_never_its_districts(tmp_path):
    growth = made.indicator("latest", "amount", adds=False, fresh=True)
    rows = [{"area": "110101", "firm": "a", "due_on": date(2020, 6, 30), "amount": Decimal("-3.40")}]
    assert one(tmp_path, growth, "110101", "2020H1", *made.EVERYWHERE, rows=rows).value == Decimal("-3.40")
    assert made.short(one(tmp_path, growth, "110000", "2020H1", *made.EVERYWHERE, rows=rows)) == (None, NOT_ADDED, 0, 0)


def test_a_stock_is_never_an_older_number_when_the_newest_is_empty(tmp_path):
    rows = [{"area": "110101", "firm": "a", "due_on": date(2020, 5, 31), "staff": 5},
            {"area": "110101", "firm": "a", "due_on": date(2020, 6, 30)}]
    assert made.short(one(tmp_path, STOCK, "110101", "2020H1", *made.EVERYWHERE, rows=rows)) == (None, UNKNOWN, 0, 1)
    assert one(tmp_path, STOCK, "110101", "2020-05", *made.EVERYWHERE, rows=rows).value == 5


def test_streets_are_put_together_into_their_district_and_never_into_a_neighbour(tmp_path):
    rows = [{"area": code, "due_on": date(2020, 1, 1)} for code in ("110112010001", "110112010000", "110112011000", "110112")]
    found = {area: one(tmp_path, COUNT, area, "2020", *made.EVERYWHERE, rows=rows).value
             for area in ("110112010000", "110112011000", "110112", "110000", "110101")}
    assert found == {"110112010000": 2, "110112011000": 1, "110112": 4, "110000": 4, "110101": 0}


def test_districts_add_up_to_the_city_and_different_values_do_not(tmp_path):
    rows = [{"area": area, "firm": firm, "due_on": date(2020, 1, 1)} for area in ("110101", "110102") for firm in "ab"]
    told = {made.CALLS.key: made.inputs(tmp_path, rows, 2)}
    firms = made.indicator("distinct", "firm")
    figures = compute(made.catalog(), [COUNT, firms], "2020", ["110000", "110101", "110102"], told)
    assert [figure.value for figure in figures] == [4, 2, 2, 2, 2, 2]


@pytest.mark.parametrize(("asked", "says"), [
    ({"period": "2020-13-45x"}, "不是时期"), ({"areas": ["东城"]}, "不是数字"), ({"cells": ("firm",)}, "没有申报分组栏目“firm”"),
    ({"indicators": [made.indicator("sum", "kind")]}, "应当是数"), ({"indicators": [made.indicator("share", "staff")]}, "是.*否"),
    ({"indicators": [made.indicator("count", where="staff")]}, "是.*否"),
    ({"indicators": [made.indicator("sum")]}, "须写明数什么"),
    ({"indicators": [made.indicator("count", where="sleep(9)")]}, "SLEEP"),
    ({"indicators": [made.indicator("count", where="name = '张三'")]}, "个人信息"),
])
def test_what_cannot_be_counted_is_said(asked, says):
    told = {"catalog": made.catalog(), "indicators": [COUNT], "period": "2020", "areas": ["110101"], "inputs": {}} | asked
    with pytest.raises(BadInput, match=says):
        compute(**told)


def test_an_indicator_of_no_table_is_a_bad_declaration():
    with pytest.raises(BadDeclaration, match="trial.calls"):
        compute(Catalog(), [COUNT], "2020", ["110101"], {made.CALLS.key: Inputs(made.CALLS)})
