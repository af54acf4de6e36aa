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

    Same     rows that begin and end at the same letters are the same; where nothing differs, nothing is written
    Touched  stays as it is, but for its number; stays too where the new reading does not find it
    """
    old = dict(_placed(stands))
    pairs = [(row, old.pop(place, None)) for place, row in _placed(fresh)]
    result = [was if was and (touched(was) or _same(was, row)) else row for row, was in pairs]
    numbers = {was.pk: getattr(row, numbered) for row, was in pairs if was}
    last = max((getattr(row, numbered) for row in fresh), default=0)
    kept = [row for row in old.values() if touched(row)]
    numbers |= {row.pk: number for number, row in enumerate(kept, last + 1)}
    _drop([row for row in old.values() if not touched(row)]
          + [was for (_, was), row in zip(pairs, result, strict=True) if was and row is not was])
    _renumber([row for row in result if row.pk] + kept, numbers, numbered)
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


def _same(old: Row, new: Row) -> bool:
    return all(getattr(old, field.attname) == getattr(new, field.attname)
               for field in old._meta.concrete_fields if not field.primary_key)


def _drop(rows: list[Row]) -> None:
    if rows:
        type(rows[0]).objects.filter(pk__in=[row.pk for row in rows]).delete()


def _renumber(rows: list[Row], numbers: dict[int, int], numbered: str) -> None:
    moved = [row for row in rows if getattr(row, numbered) != numbers[row.pk]]
    if not moved:
        return
    table = type(moved[0]).objects
    # out of the way first: two rows may not bear one number even for a moment
    table.filter(pk__in=[row.pk for row in moved]).update(**{numbered: F(numbered) + FAR})
    for row in moved:
        setattr(row, numbered, numbers[row.pk])
    table.bulk_update(moved, [numbered], batch_size=BATCH)
