"""The size of a firm: every trade at every border, in Python and in DuckDB: cases/size.yaml, cases/trade.yaml."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plumbline.engine.duck import Duck
from plumbline.kernel import Judge, mapping, parameters, parse_expression, rule_from, table_from
from plumbline.kernel.declaration import declared

FOLDER = Path(__file__).parent.parent
DAY = date(2020, 6, 30)
COLUMNS = {"employees": "employees", "revenue": "revenue_yuan", "assets": "assets_yuan"}
SQL = {"text": "VARCHAR", "integer": "BIGINT", "decimal": "DECIMAL(17,2)", "date": "DATE", "boolean": "BOOLEAN"}


def declared_table():
    wrong = []
    table = table_from("enterprise.firms", mapping(FOLDER / "records.yaml")["firms"], wrong)
    assert wrong == []
    return table


TABLE = declared_table()
NUMBERS = {f"enterprise.{key}": one for key, one in parameters(FOLDER / "parameters" / "size.yaml").items()}


def derived(name):
    column = TABLE.column(name)
    return parse_expression(column.derived, replace(TABLE, columns=TABLE.columns[:TABLE.columns.index(column)]), NUMBERS)


TRADE, SIZE = derived("trade"), derived("size")


def told(name, text):
    """An indicator of the cases (persons, 万元) as the table has it (persons, yuan)."""
    if text == "-":
        return None
    return int(text) if name == "employees" else Decimal(text) * 10000


def firms():
    """Every case: the row as delivered, its trade and its size."""
    for group in declared(FOLDER / "cases" / "size.yaml"):
        for case in group["cases"]:
            facts = dict(zip(group["uses"], case["told"], strict=True))
            row = {"industry": group["industry"], **{COLUMNS[name]: told(name, text) for name, text in facts.items()}}
            yield row, group["trade"], None if case["size"] == "null" else case["size"]


FIRMS = list(firms())
TRADES = [(None if one["industry"] == "-" else one["industry"], None if one["trade"] == "null" else one["trade"])
          for one in declared(FOLDER / "cases" / "trade.yaml")]


def sized(row, day=DAY):
    return SIZE.on({**row, "trade": TRADE.on(row, day)}, day)


def test_all_sixteen_trades_stand_in_the_cases():
    assert len({trade for _, trade, _ in FIRMS}) == 16
    assert {size for _, _, size in FIRMS} == {"大型", "中型", "小型", "微型", None}
    assert len(FIRMS) == 442


@pytest.mark.parametrize(("row", "trade", "size"), FIRMS)
def test_every_border_falls_as_the_measure_says(row, trade, size):
    assert TRADE.on(row, DAY) == trade
    assert sized(row) == size


@pytest.mark.parametrize(("industry", "trade"), TRADES)
def test_a_code_belongs_to_one_trade_or_to_none(industry, trade):
    assert TRADE.on({"industry": industry}, DAY) == trade


def test_duckdb_says_the_same_of_all():
    keys = ["industry", *COLUMNS.values(), "certified_size"]
    rows = [row for row, _, _ in FIRMS] + [{"industry": industry} for industry, _ in TRADES]
    casts = ", ".join(f"CAST({key} AS {SQL[TABLE.column(key).type]}) AS {key}" for key in keys)
    values = ", ".join(f"({n}, {', '.join(written(row.get(key)) for key in keys)})" for n, row in enumerate(rows))
    told = f"SELECT n, {casts} FROM (VALUES {values}) AS t(n, {', '.join(keys)})"
    inner = f"SELECT *, {TRADE.sql('duckdb', DAY)} AS trade FROM ({told})"
    engine = Duck(threads=1)
    found = engine.query(f"SELECT trade, {SIZE.sql('duckdb', DAY)} FROM ({inner}) ORDER BY n")
    engine.close()
    assert found == [(TRADE.on(row, DAY), sized(row)) for row in rows]


def written(value):
    return "NULL" if value is None else f"'{value}'"


def test_both_measures_have_the_same_limits_and_none_before():
    days = {tuple(one.since.isoformat() for one in number.values) for number in NUMBERS.values()}
    assert days == {("2011-06-18", "2018-01-01")}
    assert all(number.values[0].value == number.values[1].value for number in NUMBERS.values())
    assert len(NUMBERS) == 90
    big = {"industry": "C3911", "employees": 5000, "revenue_yuan": Decimal(10**12)}
    assert [sized(big, day) for day in (date(2011, 6, 17), date(2011, 6, 18), date(2018, 1, 1))] == [None, "大型", "大型"]


def test_a_trade_without_a_row_has_the_size_it_was_certified():
    assert sized({"industry": "J6621", "employees": 5, "revenue_yuan": 1, "certified_size": "中型"}) == "中型"
    assert sized({"industry": "J6621", "employees": 5, "revenue_yuan": 1}) is None
    assert sized({"industry": "C3911", "employees": 5, "certified_size": "中型"}) == "微型"


def test_a_firm_of_such_a_trade_is_asked_for_its_certified_size():
    wrong = []
    rule = rule_from("small.only", {
        "label": "中小微", "table": TABLE.key, "since": "2020-01-01", "source": "虚构",
        "because": {"size": "size in ('中型', '小型', '微型')"}}, {TABLE.key: TABLE}, NUMBERS, wrong)
    assert wrong == []
    judge = Judge(rule, TABLE, NUMBERS, DAY)
    told = judge.on({"industry": "J6621", "trade": "不划型", "employees": 5, "revenue_yuan": Decimal(1)})
    assert (told.holds, told.wants) == (None, ("certified_size",))
