"""Numbers people read, one after another in each year; and the secret code an asker keeps."""

import secrets
from typing import Protocol

from django.db import connection
from django.utils import timezone

from plumbline.store.orders.tables import Numbering

# Crockford's base 32: no letter that is read as a digit
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
DIGITS = 6
NEXT = ("INSERT INTO {table} (prefix, year, last) VALUES (%s, %s, %s) ON CONFLICT (prefix, year)"
        " DO UPDATE SET last = {table}.last + excluded.last RETURNING last")


class Series(Protocol):
    """What is numbered in a series of its own: a kind of order, payment runs."""

    @property
    def prefix(self) -> str:
        """What its numbers begin with."""


def next_numbers(kind: Series, year: int, many: int = 1) -> list[str]:
    """The next numbers of a kind in a year; others who number wait until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT.format(table=Numbering._meta.db_table), [kind.prefix, year, many])
        [last] = cursor.fetchone()
    return [number_of(kind, year, one) for one in range(last - many + 1, last + 1)]


def numbered_to(kind: Series, year: int, last: int) -> None:
    """Give no number up to `last` again."""
    made, _ = Numbering.objects.select_for_update().get_or_create(prefix=kind.prefix, year=year)
    if made.last < last:
        made.last = last
        made.save()


def number_of(kind: Series, year: int, number: int) -> str:
    """How a number is written: SQ2020000123."""
    return f"{kind.prefix}{year}{number:0{DIGITS}}"


def year_of(at: object) -> int:
    """The year an instant falls in, in our own time."""
    return timezone.localtime(at).year  # type: ignore[arg-type]


def new_code() -> str:
    """A code nobody guesses: twelve of 32 letters."""
    number = secrets.randbits(5 * CODE_LENGTH)
    return "".join(LETTERS[number >> 5 * at & 31] for at in range(CODE_LENGTH))
