"""Rows added, and statements sent, in as few trips to the database as it allows: while a row is locked, others wait."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.db import connection, models

# what is kept as it stands; other columns are put into the database's own form
PLAIN = (models.CharField, models.TextField, models.ForeignKey, models.BooleanField, models.PositiveIntegerField,
         models.PositiveSmallIntegerField, models.BigIntegerField)
FEW = 20
Statement = tuple[str, Sequence[Any]]


def add(*groups: Sequence[models.Model], then: Statement | None = None) -> None:
    """Add rows that are new, group by group, each of one table; then send one more statement.

    Keys   those of the database's own making are not read back
    Trips  one on PostgreSQL for few rows; else one a group
    """
    groups = tuple(group for group in groups if group)
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            for group in groups:
                sql, marks = _insert(_table(group))
                cursor.executemany(sql + marks, list(_rows(group)))
            if then:
                cursor.execute(*then)
        return
    many = [group for group in groups if len(group) > FEW]
    for group in many:
        _copied(group)
    together([*(_statement(group) for group in groups if len(group) <= FEW), *([then] if then else ())])


def together(statements: Iterable[Statement]) -> None:
    """Send statements that give nothing back, in their order, in one trip; of PostgreSQL only."""
    told = list(statements)
    if told:
        with connection.cursor() as cursor:
            cursor.execute("; ".join(sql for sql, _ in told), [value for _, values in told for value in values])


def _statement(group: Sequence[models.Model]) -> Statement:
    sql, marks = _insert(_table(group))
    return sql + ", ".join([marks] * len(group)), [value for row in _rows(group) for value in row]


def _copied(group: Sequence[models.Model]) -> None:
    """Add many rows as a stream."""
    sql, _ = _insert(_table(group))
    with connection.cursor() as cursor, cursor.copy(
            sql.replace("INSERT INTO", "COPY", 1).replace("VALUES ", "FROM STDIN")) as stream:
        for row in _rows(group):
            stream.write_row(row)


def _table(group: Sequence[models.Model]) -> Any:
    return type(group[0])


@cache
def _columns(table: Any) -> list[Any]:
    return [one for one in table._meta.concrete_fields if not isinstance(one, models.AutoField)]


@cache
def _insert(table: Any) -> tuple[str, str]:
    quote, columns = connection.ops.quote_name, _columns(table)
    names = ", ".join(quote(one.column) for one in columns)
    return f"INSERT INTO {quote(table._meta.db_table)} ({names}) VALUES ", f"({', '.join(['%s'] * len(columns))})"


def _rows(group: Sequence[models.Model]) -> Iterator[tuple[Any, ...]]:
    """The values of rows, in the order of their columns."""
    columns, own = _columns(_table(group)), connection.vendor == "postgresql"
    plain = {*PLAIN, models.DateTimeField} if own else {*PLAIN}
    told = [(one.attname, None if type(one) in plain else one.get_db_prep_save) for one in columns]
    for row in group:
        values = row.__dict__
        yield tuple(values[name] if form is None else form(values[name], connection) for name, form in told)
