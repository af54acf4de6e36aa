"""Laying a new reading over an older one: what people have touched stays, the rest is read anew."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from django.db.models import F, Model

Row = TypeVar("Row", bound=Model)
BATCH = 500
FAR = 1_000_000


def merge(fresh: Sequence[Row], stands: Iterable[Row], touched: Callable[[Row], bool], numbered: str) -> list[Row]:
    """Write fresh rows in place of those that stand; the rows that then stand for `fresh`, in its order.

    Same     rows that begin and end at the same letters are the same
    Touched  stays as it is, but for its number; stays too where the new reading does not find it
    """
    old = dict(_placed(stands))
    result = [_over(old.pop(place), row, touched, numbered) if place in old else row for place, row in _placed(fresh)]
    kept = [row for row in old.values() if touched(row)]
    last = max((getattr(row, numbered) for row in fresh), default=0)
    for number, row in enumerate(kept, last + 1):
        setattr(row, numbered, number)
    _drop([row for row in old.values() if not touched(row)])
    _change([row for row in result if row.pk] + kept, numbered)
    if made := [row for row in result if row.pk is None]:
        type(made[0]).objects.bulk_create(made, batch_size=BATCH)
    return result


def _placed(rows: Iterable[Row]) -> list[tuple[tuple[int, int, int], Row]]:
    """Rows by the letters they stand at; several at the same letters are told apart by their order."""
    seen: Counter[tuple[int, int]] = Counter()
    placed = []
    for row in rows:
        place = (row.start, row.end)
        placed.append(((*place, seen[place]), row))
        seen[place] += 1
    return placed


def _over(old: Row, new: Row, touched: Callable[[Row], bool], numbered: str) -> Row:
    if touched(old):
        setattr(old, numbered, getattr(new, numbered))
        return old
    new.pk = old.pk
    return new


def _drop(rows: list[Row]) -> None:
    if rows:
        type(rows[0]).objects.filter(pk__in=[row.pk for row in rows]).delete()


def _change(rows: list[Row], numbered: str) -> None:
    if not rows:
        return
    table = type(rows[0]).objects
    # out of the way first: two rows may not bear one number even for a moment
    table.filter(pk__in=[row.pk for row in rows]).update(**{numbered: F(numbered) + FAR})
    names = [field.name for field in table.model._meta.concrete_fields if not field.primary_key]
    table.bulk_update(rows, names, batch_size=BATCH)
