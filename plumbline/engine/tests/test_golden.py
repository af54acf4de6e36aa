"""The golden cases of expressions, from Parquet, in DuckDB and in Spark: equal in value and type."""

from datetime import date
from decimal import Decimal

import duckdb
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from plumbline.engine.tests.conditions import expressions, rows
from plumbline.kernel import ROW, parse_expression
from plumbline.kernel.expression.tests.golden import PARAMETERS, TABLE, blocks, wanted

ARROW = {"text": pyarrow.string(), "integer": pyarrow.int64(), "date": pyarrow.date32(), "boolean": pyarrow.bool_()}
DAY = date(2020, 6, 30)


def lies(path, given_rows):
    """The rows as our Parquet holds them; a column a row does not name is empty."""
    schema = pyarrow.schema([(column.key, pyarrow.decimal128(38, column.scale) if column.type == "decimal"
                              else ARROW[column.type]) for column in TABLE.columns] + [(ROW, pyarrow.int64())])
    told = [{column.key: exact(column, row.get(column.key)) for column in TABLE.columns} | {ROW: number}
            for number, row in enumerate(given_rows)]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(told, schema=schema), path)
    return path


def exact(column, value):
    return Decimal(value) if column.type == "decimal" and value is not None else value


def by_duckdb(path, parsed, day):
    chosen = ", ".join(expression.sql("duckdb", day) for expression in parsed)
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT {chosen} FROM read_parquet('{path}') ORDER BY {ROW}").fetchall()


def told(value, kind):
    """A value in the Python type of an expression; a whole number beyond int64 comes as a Decimal."""
    if value is None or kind not in ("integer", "decimal"):
        return value
    assert isinstance(value, int | Decimal), value
    if kind == "integer":
        assert int(value) == value
        return int(value)
    assert isinstance(value, Decimal), value
    return value


def disagreements(block, parsed, found):
    for (text, cells), expression, number in zip(block.cases, parsed, range(len(parsed)), strict=True):
        for row, cell, line in zip(block.rows, cells, found, strict=True):
            got, want = told(line[number], expression.type), wanted(cell, expression.type)
            if got != want or type(got) is not type(want):
                yield text, row, got, want


def parsed_of(block):
    return [parse_expression(text, TABLE, PARAMETERS) for text, _ in block.cases]


@pytest.mark.parametrize("block", blocks(), ids=lambda block: block.name)
def test_duckdb_gives_the_golden_values(block, tmp_path):
    parsed = parsed_of(block)
    found = by_duckdb(lies(tmp_path / "rows.parquet", block.rows), parsed, block.day)
    assert not list(disagreements(block, parsed, found))


def by_spark(spark, path, parsed, day):
    chosen = ", ".join(f"{expression.sql('spark', day)} AS c{place}" for place, expression in enumerate(parsed))
    return spark.query(f"SELECT {chosen} FROM parquet.`{path}` ORDER BY {ROW}")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_spark_gives_the_golden_values(spark, tmp_path):
    wrong = []
    for number, block in enumerate(blocks()):
        parsed = parsed_of(block)
        path = lies(tmp_path / f"{number}.parquet", block.rows)
        wrong += disagreements(block, parsed, by_spark(spark, path, parsed, block.day))
    assert not wrong


def unlike(texts, given_rows, found):
    """Where an engine and Python do not agree."""
    for row, line in zip(given_rows, found, strict=True):
        for text, value in zip(texts, line, strict=True):
            expression = parse_expression(text, TABLE, PARAMETERS)
            if told(value, expression.type) != expression.on(row, DAY):
                yield text, row, value, expression.on(row, DAY)


def some(strategy, least, most):
    return st.lists(strategy, min_size=least, max_size=most)


RANDOM = {"deadline": None, "derandomize": True, "database": None, "phases": (Phase.generate,),
          "suppress_health_check": list(HealthCheck)}


@settings(max_examples=60, **RANDOM)
@given(some(expressions(), 1, 12), some(rows(), 1, 12))
def test_any_expression_means_the_same_in_duckdb(tmp_path, texts, given_rows):
    parsed = [parse_expression(text, TABLE, PARAMETERS) for text in texts]
    found = by_duckdb(lies(tmp_path / "rows.parquet", given_rows), parsed, DAY)
    assert not list(unlike(texts, given_rows, found))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
@settings(max_examples=6, **RANDOM)
@given(some(expressions(), 30, 60), some(rows(), 10, 20))
def test_any_expression_means_the_same_in_spark(spark, tmp_path_factory, texts, given_rows):
    parsed = [parse_expression(text, TABLE, PARAMETERS) for text in texts]
    path = lies(tmp_path_factory.mktemp("rows") / "rows.parquet", given_rows)
    assert not list(unlike(texts, given_rows, by_spark(spark, path, parsed, DAY)))
