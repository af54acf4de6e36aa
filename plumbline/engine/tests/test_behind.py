"""From a figure to its rows: as many as it says it counted, and the very ones."""

import pytest

from plumbline.engine import Page, Sight, all_behind, compute, rows_behind, trace
from plumbline.engine.tests import made

CATALOG = made.catalog()


@pytest.fixture
def told(tmp_path):
    return {made.CALLS.key: made.inputs(tmp_path, made.rows(6, 300), 2)}


@pytest.mark.parametrize("period", ["2020", "2020-05", "@2020-06-30"])
def test_as_many_rows_lie_behind_a_figure_as_it_counted(told, period):
    rows = made.held(told[made.CALLS.key])
    for figure in compute(CATALOG, made.indicators(), period, ("110000", "110112"), told):
        one = next(one for one in made.indicators() if one.key == figure.indicator)
        behind = rows_behind(CATALOG, one, figure.area, period, told, Sight(Page(0, 1000)))
        assert behind.count == len(behind.rows) == figure.counted, figure
        values, _ = made.counted(one, rows, figure.area, period)
        mark = "passed_" if one.kind == "share" else "summand_"
        assert sorted(map(str, values)) == sorted(str(row[mark] if one.of else True) for row in behind.rows), figure


def test_rows_of_a_cell_are_those_of_its_figure(told):
    one = made.indicator("sum", "amount")
    figures = compute(CATALOG, [one], "2020", ("110000",), told, ("kind", "done"))
    assert len(figures) == 10
    for figure in figures:
        behind = rows_behind(CATALOG, one, "110000", "2020", told, Sight(cell=figure.cell))
        assert behind.count == figure.counted
        assert {(row["kind"], row["done"]) for row in behind.rows} <= {
            (dict(figure.cell)["kind"], dict(figure.cell)["done"] == "true")}


def test_an_export_of_the_rows_behind_is_complete_and_in_order(told):
    for one in made.indicators()[::9]:
        behind = rows_behind(CATALOG, one, "110000", "2020", told, Sight(Page(0, 1000)))
        sent = [row for batch in all_behind(CATALOG, one, "110000", "2020", told) for row in batch.to_pylist()]
        assert sent == list(behind.rows)


def test_a_trace_counts_what_every_figure_counted(told, tmp_path):
    wanted = made.indicators()
    traced = trace(CATALOG, wanted, "2020", made.AREAS, told, str(tmp_path))
    figures = compute(CATALOG, wanted, "2020", made.AREAS, told)
    by_key = {one.key: one for one in wanted}
    assert [traced.counted(by_key[figure.indicator], figure.area) for figure in figures] == [
        figure.counted for figure in figures]
    assert sum(figure.counted for figure in figures) > 1000
