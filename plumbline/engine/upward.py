"""From a record upward: which indicators count it, for which areas and periods."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from plumbline.engine.duck import quoted
from plumbline.engine.pages import Page, rows
from plumbline.engine.places import chain
from plumbline.engine.reading import Reading, reading
from plumbline.kernel import Catalog, Inputs
from plumbline.kernel.indicator import Indicator
from plumbline.store.figures import Counts


def figures_of(catalog: Catalog, inputs: Inputs, row: Mapping[str, Any]) -> list[Counts]:
    """The indicators that count a row, with the areas and the periods for which they do.

    Stock  a `latest` counts a row from its day on until the next row of the same thing
    """
    found, code = [], row.get(inputs.table.area)
    for one in catalog.of_table(inputs.table.key):
        day = row.get(one.dated) if one.dated else None
        if code and (day or not one.dated) and _counts(reading(catalog, one), row, day):
            areas = chain(str(code)) if one.adds else (str(code),)
            stock = one.kind == "latest" and bool(one.dated)
            found.append(Counts(one.key, areas, day, _next(inputs, one, row) if stock else None, stock and not one.fresh))
    return found


def _counts(read: Reading, row: Mapping[str, Any], day: date | None) -> bool:
    """Whether the row counts: the condition holds, and what it adds is known."""
    on = day or date.max
    return (read.where is None or read.where.on(row, on) is True) and (read.of is None or read.of.on(row, on) is not None)


def _next(inputs: Inputs, one: Indicator, row: Mapping[str, Any]) -> date | None:
    """The day of the next row of the same thing; None where this is the last."""
    same = [key for key in inputs.table.identity if key != one.dated and row.get(key) is not None]
    columns = {column.key: column.type for column in inputs.table.columns}
    where = " AND ".join([*(f"{quoted(key)} = {literal(row[key], columns[key])}" for key in same),
                          f"{quoted(one.dated)} > {literal(row[one.dated], 'date')}"])
    found: Sequence[Mapping[str, Any]] = rows(inputs, where, order=(one.dated,), page=Page(0, 1)).rows
    return found[0][one.dated] if found else None


def literal(value: Any, kind: str) -> str:
    """A value as an expression writes it.

    >>> literal("O'Neil", "text"), literal(date(2020, 6, 30), "date"), literal(True, "boolean")
    ("'O''Neil'", "DATE '2020-06-30'", 'TRUE')
    """
    if kind == "text":
        return "'" + str(value).replace("'", "''") + "'"
    if kind == "boolean":
        return str(bool(value)).upper()
    return f"DATE '{value}'" if kind == "date" else str(value)
