"""Figures counted by DuckDB are those counted one row at a time."""

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
