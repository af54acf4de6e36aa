"""Figures counted by DuckDB are those counted one row at a time."""

from dataclasses import replace

import pytest

from plumbline.engine import compute
from plumbline.engine.tests import made

PERIODS = ("2020", "2020H1", "2020-05", "@2020-06-30", "2021-04/2021-05", "1999")


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize(("seed", "count", "files"), [(1, 400, 2), (2, 60, 3), (3, 3, 1), (4, 0, 1)])
def test_figures_equal_those_counted_row_by_row(tmp_path, period, seed, count, files):
    told = made.inputs(tmp_path, made.rows(seed, count), files)
    wanted, rows = made.indicators(), made.held(told)
    figures = compute(made.catalog(), wanted, period, made.AREAS, {made.CALLS.key: told})
    assert [(figure.indicator, figure.area) for figure in figures] == [
        (one.key, area) for one in wanted for area in made.AREAS]
    expected = [made.figure(one, rows, area, period) for one in wanted for area in made.AREAS]
    assert [made.short(figure) for figure in figures] == expected


@pytest.mark.parametrize("cells", [("level",), ("done", "level"), (("kind", "文字"),), (("staff", "3"), "done")])
def test_figures_of_cells_equal_those_counted_row_by_row(tmp_path, cells):
    told = made.inputs(tmp_path, made.rows(9, 300), 2)
    wanted, rows = made.indicators()[::4], made.held(told)
    figures = compute(made.catalog(), wanted, "2020", ("110000", "110112"), {made.CALLS.key: told}, cells)
    assert [made.short(figure) for figure in figures] == [made.figure(
        next(one for one in wanted if one.key == figure.indicator), rows, figure.area, "2020", figure.cell)
        for figure in figures]
    assert len({figure.cell for figure in figures}) > 1 or cells == (("kind", "文字"),)


def test_a_declared_choice_without_rows_is_a_cell_of_zero(tmp_path):
    told = made.inputs(tmp_path, [{"area": "110101", "due_on": made.date(2020, 1, 1), "level": "甲"}], 1)
    figures = compute(made.catalog(), [made.indicator("count")], "2020", ("110101",), {made.CALLS.key: told}, ("level",))
    assert [(figure.cell, figure.value) for figure in figures] == [
        ((("level", "丙"),), 0), ((("level", "乙"),), 0), ((("level", "甲"),), 1)]


def test_more_conditions_than_a_number_has_bits_are_told_apart(tmp_path):
    told = made.inputs(tmp_path, made.rows(10, 200), 1)
    wanted = [made.indicator("count", where=f"staff >= {at} OR kind = 'a' AND amount < {at}") for at in range(-9, 70)]
    figures = compute(made.catalog(), wanted, "2020", ("110000",), {made.CALLS.key: told})
    rows = made.held(told)
    assert [made.short(figure) for figure in figures] == [made.figure(one, rows, "110000", "2020") for one in wanted]


def test_a_table_without_identity_has_one_stock_for_each_area(tmp_path):
    table = replace(made.CALLS, identity=("due_on",))
    rows = [{"area": area, "due_on": made.date(2020, month, 1), "staff": staff}
            for area, month, staff in (("110101", 1, 5), ("110101", 2, 7), ("110102", 1, 100))]
    told = {table.key: made.inputs(tmp_path, rows, 1, table)}
    stock = made.indicator("latest", "staff")
    figures = compute(made.catalog(table), [stock], "2020", ("110000", "110101"), told)
    assert [figure.value for figure in figures] == [107, 7]
