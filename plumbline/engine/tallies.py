"""Rows counted by what expressions say of them, with the sum of one number: for pictures, from one look at the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from plumbline.engine.duck import literal, quoted
from plumbline.engine.pages import duck
from plumbline.engine.reading import expression
from plumbline.kernel import BadInput, Finding, Inputs, scope


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows that say the same: their values (None: unknown), how many, of how many the number is known, and its exact sum.

    total  in the number's smallest unit
    """

    values: tuple[str | None, ...]
    count: int
    known: int
    total: int


def tallies(inputs: Inputs, area: str, span: tuple[date, date] | None, by: Sequence[str], of: str = "",
            where: str = "") -> list[Tally]:
    """The rows of an area dated in a span, by the values of expressions over them, in the order of the values.

    span    first and last day; None: rows of any day, and of none
    of      a decimal or whole column that is summed; empty: nothing is
    where   a condition of the rows; empty: all
    Raises  BadInput for an expression or a column that cannot be used
    """
    read = [expression(text, inputs.table, {}) for text in by]
    if any(one is None for one in read):
        raise BadInput([Finding("engine.tallies", "分组", "请写明按什么分组")])
    column, within = inputs.table.column(of), expression(where, inputs.table, {})
    columns = {inputs.table.area, *([inputs.table.dated] if span else []), *([of] if of else [])}.union(
        *(one.columns for one in [*read, within] if one))
    power = 10 ** (column.scale if column and column.type == "decimal" else 0)
    number = "0" if column is None else f"CAST({quoted(of)} * {power} AS BIGINT)"
    day = span[1] if span else date.max
    values = [f"CAST({one.sql('duckdb', day)} AS VARCHAR)" for one in read if one]
    dated = f"{quoted(inputs.table.dated)} BETWEEN DATE '{span[0]}' AND DATE '{span[1]}'" if span else "TRUE"
    sql = (f"SELECT {', '.join([*values, ''])}count(*), count({number}), coalesce(sum({number}), 0) "
           f"FROM {duck().source(inputs, sorted(columns))} AS t_ WHERE starts_with({quoted(inputs.table.area)}, "
           f"{literal(scope(area))}) AND {dated} AND ({within.sql('duckdb', day) if within else 'TRUE'}) "
           f"GROUP BY {', '.join(map(str, range(1, len(values) + 1)))} ORDER BY ALL")
    return [Tally(tuple(row[:-3]), int(row[-3]), int(row[-2]), int(row[-1])) for row in duck().query(sql)]


__all__ = ["Tally", "tallies"]
