"""All values of a column in one pass are the figures of each value by itself."""

import pytest

from plumbline.engine import compute
from plumbline.engine.groups import By, grouped, over
from plumbline.engine.tests import made
from plumbline.kernel import BadInput, Coverage, Inputs

CITY = "110000"


def short(figures):
    return {(one.indicator, one.period, one.cell): one for one in figures}


@pytest.mark.parametrize(("by", "area", "period"), [
    ("level", CITY, "2020"), ("kind", "110112", "2020H1"), ("done", CITY, "1999")])
def test_a_group_is_the_figure_of_its_cell(tmp_path, by, area, period):
    told = {made.CALLS.key: made.inputs(tmp_path, made.rows(9, 300), 2)}
    wanted = made.indicators()[::2]
    groups = grouped(made.catalog(), wanted, period, told, area, by)
    assert groups
    for value, figures in groups.items():
        assert figures == compute(made.catalog(), wanted, period, [area], told, [(by, value)])
    asked = compute(made.catalog(), wanted, period, [area], told, [by])
    assert {one.cell for one in asked} == {one.cell for figures in groups.values() for one in figures}


def test_periods_and_fixed_cells_come_in_the_same_pass(tmp_path):
    told = {made.CALLS.key: made.inputs(tmp_path, made.rows(5, 300), 3)}
    wanted, periods = made.indicators()[::4], ("2020-05", "2020H1")
    found = over(made.catalog(), wanted, periods, told, CITY, By("level", (("done", "true"),)))
    assert {period for _, period in found} == set(periods)
    for (value, period), figures in found.items():
        assert figures == compute(made.catalog(), wanted, period, [CITY], told, [("done", "true"), ("level", value)])
    plain = over(made.catalog(), wanted, periods, told, CITY)
    assert plain["", "2020H1"] == compute(made.catalog(), wanted, "2020H1", [CITY], told)


def test_covered_and_empty_is_not_the_same_as_not_received(tmp_path):
    one = made.indicator("count")
    empty = {made.CALLS.key: Inputs(made.CALLS, (), (Coverage((CITY,)),))}
    assert {value: figure.value for value, [figure] in grouped(made.catalog(), [one], "2020", empty, CITY, "level").items()} == {
        "甲": 0, "乙": 0, "丙": 0}
    untold = grouped(made.catalog(), [one], "2020", {}, CITY, "level")
    assert {figure.missing for [figure] in untold.values()} == {"not received"}


def test_a_row_whose_column_is_empty_is_unknown_in_every_value(tmp_path):
    rows = [{"area": "110101", "due_on": made.date(2020, 1, 1), "level": level} for level in ("甲", None)]
    told = {made.CALLS.key: made.inputs(tmp_path, rows, 1)}
    groups = grouped(made.catalog(), [made.indicator("count")], "2020", told, CITY, "level")
    assert {value: (figure.counted, figure.unknown) for value, [figure] in groups.items()} == {
        "甲": (1, 1), "乙": (0, 1), "丙": (0, 1)}


def test_an_undeclared_column_is_refused(tmp_path):
    told = {made.CALLS.key: made.inputs(tmp_path, made.rows(5, 3), 1)}
    with pytest.raises(BadInput, match="没有申报分组栏目"):
        grouped(made.catalog(), [made.indicator("count")], "2020", told, CITY, "number")
