"""Derived columns: reckoned from the columns before them when a row is written, by the parameters of that day.

One meaning, two hands: here row by row in Python, for one row or few; in bulk by the engine, which is handed in (store does
not know it). Both read the same expression.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa

from plumbline.kernel import Column, Expression, Parameter, Table, parse_expression
from plumbline.store.records.cells import arrow_type

# rows of a table, its derived columns, a day -> these columns of each row
Derive = Callable[[Table, pa.Table, date], Sequence[pa.Array]]
Reckoned = tuple[tuple[Column, Expression], ...]
# expressions of the table read last: one place, replaced whole
_last: list[tuple[Table, Mapping[str, Parameter], Reckoned]] = []


def expressions(table: Table, parameters: Mapping[str, Parameter]) -> Reckoned:
    """The derived columns of a table with their expressions, in the order they are reckoned."""
    for kept, known, told in _last:
        if kept == table and known is parameters:
            return told
    told = tuple((one, parse_expression(one.derived, _before(table, one), parameters)) for one in table.derived_columns)
    _last[:] = [(table, parameters, told)]
    return told


def _before(table: Table, column: Column) -> Table:
    """The table as far as a derived column may read it."""
    return replace(table, columns=table.columns[:table.columns.index(column)])


def of_row(table: Table, row: Mapping[str, Any], day: date, parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    """The derived values of one row."""
    found: dict[str, Any] = {}
    for column, expression in expressions(table, parameters):
        found[column.key] = expression.on({**row, **found}, day)
    return found


def row_by_row(parameters: Mapping[str, Parameter]) -> Derive:
    """The way without an engine: each row in Python, rows alike only once."""
    def derive(table: Table, rows: pa.Table, day: date) -> list[pa.Array]:
        made: list[pa.Array] = []
        for column, expression in expressions(table, parameters):
            names = sorted(expression.columns)
            values = {name: rows[name].to_pylist() for name in names}
            known: dict[tuple[Any, ...], Any] = {}
            told = [_once(known, expression, names, cells, day) for cells in zip(*values.values(), strict=True)] \
                if names else [expression.on({}, day)] * len(rows)
            made.append(pa.array(told, arrow_type(column)))
            rows = rows.set_column(rows.column_names.index(column.key), column.key, made[-1])
        return made
    return derive


def _once(known: dict[tuple[Any, ...], Any], expression: Expression, names: Sequence[str], cells: tuple[Any, ...],
          day: date) -> Any:
    if cells not in known:
        known[cells] = expression.on(dict(zip(names, cells, strict=True)), day)
    return known[cells]


def derived(table: Table, rows: pa.Table, day: date, derive: Derive) -> pa.Table:
    """Rows with their derived columns reckoned anew."""
    if not len(rows) or not table.derived_columns:
        return rows
    for column, cells in zip(table.derived_columns, derive(table, rows, day), strict=True):
        rows = rows.set_column(rows.column_names.index(column.key), column.key, cells)
    return rows
