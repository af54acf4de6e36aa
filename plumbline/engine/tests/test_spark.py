"""Spark's figures are DuckDB's, to the last digit."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from plumbline.engine import compute, open_engine, standing, using
from plumbline.engine.tests import made
from plumbline.kernel import BadDeclaration, BadInput, Inputs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::FutureWarning"),
]
CATALOG = made.catalog()


def equal(spark_engine, these, period, told, cells=()):
    """The figures, once both engines gave the same."""
    asked = (CATALOG, these, period, made.AREAS, {made.CALLS.key: told}, cells)
    figures = compute(*asked)
    with using(spark_engine):
        assert standing() is spark_engine
        assert compute(*asked) == figures
    return figures


def test_figures_of_every_kind_are_equal(spark_engine, tmp_path):
    told = made.inputs(tmp_path, made.rows(11, 250), 3)
    figures = equal(spark_engine, made.indicators(), "2020H1", told)
    assert sum(figure.counted for figure in figures) > 1000


def test_figures_of_cells_and_of_a_state_are_equal(spark_engine, tmp_path):
    these = random.Random(1).sample(made.indicators(), 25)
    told = made.inputs(tmp_path, made.rows(12, 250), 2)
    assert len(equal(spark_engine, these, "@2020-06-30", told, ("level", ("done", "true")))) > 100


def test_a_file_without_a_later_column_and_no_file_at_all_are_equal(compiled, tmp_path):
    rows = made.rows(13, 60)
    files = (made.write(tmp_path, "old", made.CALLS, rows[:30], ("staff", "level")),
             made.write(tmp_path, "new", made.CALLS, rows[30:]))
    these = [made.indicator("sum", "staff"), made.indicator("latest", "staff"), made.indicator("count")]
    told = Inputs(made.CALLS, files, made.EVERYWHERE)
    assert equal(compiled, these, "2020", told)[0].unknown >= 20
    assert {figure.value for figure in equal(compiled, these, "2020", replace(told, files=()))} == {Decimal(0)}


def test_a_sum_above_38_digits_is_refused_by_both(spark_engine, tmp_path):
    rows = [{"area": "110101", "due_on": made.date(2020, 1, 1), "staff": 10**15 - 1}] * 120
    told = made.inputs(tmp_path, rows, 1)
    for engine in (standing(), spark_engine):
        with using(engine), pytest.raises(BadInput, match="合计超过38位"):
            compute(CATALOG, [made.indicator("sum", "staff * staff * 999999")], "2020", ("110000",), {made.CALLS.key: told})


def test_an_unknown_engine_is_refused():
    with pytest.raises(BadDeclaration, match="duckdb, spark"):
        open_engine("postgresql")
