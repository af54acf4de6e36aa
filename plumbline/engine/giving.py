"""What a rule gives to all eligible rows together: exact sums, by DuckDB, of the amounts `kernel.gift` gives one by one."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from plumbline.engine.duck import Duck
from plumbline.kernel import BadInput, Expression, Finding, Inputs, Parameter, Rule
from plumbline.kernel.decision import condition_of
from plumbline.kernel.gift import Reckoning, reckoning


class Given(NamedTuple):
    """What eligible rows are given together.

    total    yuan, exact
    counted  rows with an amount
    unknown  eligible rows whose amount cannot be told
    """

    total: Decimal
    counted: int
    unknown: int


NOTHING = Given(Decimal("0.00"), 0, 0)


def given(rule: Rule, inputs: Inputs, parameters: Mapping[str, Parameter], day: date, duck: Duck) -> Given:
    """The exact sum of a rule's gifts to the rows it holds of; nothing where it gives no money."""
    told = _reckoning(rule, inputs, parameters)
    if told is None or not inputs.files:
        return NOTHING
    conditions = [condition_of(one, inputs.table, parameters) for one in rule.conditions]
    columns = sorted(frozenset[str]().union(*(one.columns for one in (*conditions, *told.expressions))))
    holds = " AND ".join(f"({one.sql('duckdb', day)})" for one in conditions)
    source = duck.source(inputs, columns)
    [(total, counted, rows)] = duck.query(
        f"SELECT sum(amount_), count(amount_), count(*) FROM (SELECT {_amount(told, day)} AS amount_ FROM {source} AS t_ "
        f"WHERE {holds}) AS a_")
    return Given(total if total is not None else NOTHING.total, counted, rows - counted)


def _reckoning(rule: Rule, inputs: Inputs, parameters: Mapping[str, Parameter]) -> Reckoning | None:
    if rule.gives is None:
        return None
    wrong: list[str] = []
    told = reckoning(f"{rule.key}.gives", rule.gives, inputs.table, parameters, wrong)
    if wrong:
        raise BadInput([Finding("rule.gives", f"{rule.key}.gives", one) for one in wrong])
    return told


def _amount(told: Reckoning, day: date) -> str:
    """The amount of a row to 0.01, half up; NULL where any part of it is."""
    base, rate = told.base.sql("duckdb", day), told.rate.sql("duckdb", day) if told.rate else "0" if told.bands else "1"
    for when, one in reversed(told.bands):
        test = when.sql("duckdb", day)
        rate = f"CASE WHEN ({test}) IS NULL THEN NULL WHEN {test} THEN {one.sql('duckdb', day)} ELSE {rate} END"
    digits, scale = _size(told)
    product = f"CAST(CAST({base} AS DECIMAL({digits}, {told.base.scale})) * ({rate}) AS DECIMAL(38, {scale}))"
    amount = _cents(product)
    if told.cap is None:
        return amount
    cap = _cents(_pointed(told.cap, day))
    return f"CASE WHEN {amount} <= {cap} THEN {amount} WHEN {cap} < {amount} THEN {cap} END"


def _cents(number: str) -> str:
    return f"CAST(round({number}, 2) AS DECIMAL(38, 2))"


def _pointed(told: Expression, day: date) -> str:
    """A number as a decimal, so that it is rounded as one."""
    return f"CAST({told.sql('duckdb', day)} AS DECIMAL(38, {told.scale}))"


def _size(told: Reckoning) -> tuple[int, int]:
    """Digits of the base and digits behind the point of the product."""
    rates = [one for one in (told.rate, *(rate for _, rate in told.bands)) if one]
    scale = max((one.scale for one in rates), default=0)
    return min(38, max(told.base.digits, 19)), told.base.scale + scale
