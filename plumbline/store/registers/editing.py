"""Writing entries, one or many: checked, with a reason, journalled entry by entry, and the chunk marked as changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from plumbline.kernel import Conflict, Finding, NotAllowed, Table
from plumbline.store.journal.writing import Write, record
from plumbline.store.records.reading import Watch
from plumbline.store.registers import entries
from plumbline.store.registers.cutting import hold, touch
from plumbline.store.registers.tables import Item, Kept
from plumbline.store.words import bad, longest, reason, refuse

ABSENT = "没有所选条目，或者您无权操作；没有保存任何改动。"
STALE = "这一条刚被他人修改；请刷新后再改。"
TOO_LONG = "指明一行的各栏合起来太长；请缩短。"
# entries written at a time
MANY = 2_000


@transaction.atomic
def save(user: Any, table: Table, key: int | None, values: Mapping[str, object], why: str = "", version: int = 0) -> Item:
    """A new entry (key None), or the entry of that number with other values; columns not named stay as they are.

    values   as typed: texts, or values of the column's type
    version  the one the person saw
    Raises   BadInput with every finding, also where another entry has that identity; NotAllowed; Conflict
    """
    why = reason(why, needed=key is not None)
    item = Item(table=table.key, values={}, since=timezone.localdate()) if key is None else _held(user, table, key, version)
    old = dict(item.values)
    new = entries.checked(table, {**old, **values}, table.columns)
    allowed_areas = {entries.area_in(table, new), *([item.area] if item.pk else [])}
    entries.allowed(user, table, allowed_areas)
    before, after = entries.difference(table, old, new)
    if item.pk and not after:
        return item
    hold(table.key)
    fill(table, item, new)
    _refuse_known(item, table)
    item.version += bool(item.pk)
    made = item.pk is None
    _put([item])
    finish(table, [item])
    record(user, Write("item.create" if made else "item.edit", "item", item.pk, None if made else before, after, why,
                       item.area[:6]))
    return item


def fill(table: Table, item: Item, values: entries.Values) -> None:
    """Put values into an entry; BadInput where its identity is too long to keep."""
    item.values, item.area, item.key = values, entries.area_in(table, values), entries.key_of(table, values)
    if too_long(item.key):
        raise bad("entry.long", "标识", TOO_LONG)


def too_long(key: str) -> bool:
    """Whether the text of an identity is longer than its column."""
    return len(key) > longest(Item, "key")


def finish(table: Table, items: Iterable[Item]) -> None:
    """What every write of entries ends with: their chunks changed, and the register speaks for their areas."""
    touched = list(items)
    touch(table.key, (item.pk for item in touched))
    now = timezone.now()
    Kept.objects.bulk_create([Kept(table=table.key, area=area, since_at=now)
                              for area in sorted({item.area[:6] for item in touched})], ignore_conflicts=True)


def _refuse_known(item: Item, table: Table) -> None:
    if Item.objects.filter(table=table.key, key=item.key, until=None).exclude(pk=item.pk).exists():
        refuse([Finding("entry.twice", "标识", f"「{item.key}」已经登记过；请更正原有的那一条。")])


def _held(user: Any, table: Table, key: int, version: int) -> Item:
    """The entry, locked; NotAllowed, in the same words, where there is none or the user may not."""
    item = Item.objects.select_for_update().filter(pk=key, table=table.key).first()
    if item is None:
        raise NotAllowed(ABSENT)
    entries.allowed(user, table, [item.area])
    if item.version != version or item.until:
        raise Conflict(STALE)
    return item


@transaction.atomic
def retire(user: Any, table: Table, key: int, why: str, version: int) -> Item:
    """An entry that no longer stands from today on; it stays to be seen, and its identity is free again."""
    why, item = reason(why), _held(user, table, key, version)
    hold(table.key)
    item.until, item.version = timezone.localdate(), version + 1
    item.save(update_fields=["until", "version"])
    finish(table, [item])
    record(user, Write("item.retire", "item", item.pk, {"until": None}, {"until": item.until.isoformat()}, why,
                       item.area[:6]))
    return item


@transaction.atomic
def edit_many(user: Any, table: Table, keys: Sequence[int], changes: Mapping[str, object], why: str,
              watch: Watch = Watch()) -> int:  # noqa: B008  frozen
    """Put the same values into many entries, all of them or none; how many changed.

    changes  by column, as typed; an identity cannot be changed in bulk
    Raises   BadInput; NotAllowed where one of them is not there or not the user's
    """
    why, numbers = reason(why), sorted(set(keys))
    new = _changes(user, table, changes)
    lock(table, numbers)
    done = 0
    for start in range(0, len(numbers), MANY):
        some = numbers[start:start + MANY]
        items = list(Item.objects.filter(pk__in=some, table=table.key, until=None).order_by("pk"))
        if len(items) < len(some):
            raise NotAllowed(ABSENT)
        entries.allowed(user, table, {item.area for item in items})
        done += write(user, table, [(item, _merged(item.values, new)) for item in items], why, "item.edit")
        watch.step(start + len(some), len(numbers))
    return done


def lock(table: Table, numbers: Sequence[int]) -> None:
    """Hold entries, in the order of their numbers, and then the register."""
    for start in range(0, len(numbers), MANY):
        some = Item.objects.select_for_update().filter(pk__in=numbers[start:start + MANY]).order_by("pk")
        list(some.values_list("pk"))
    hold(table.key)


def _changes(user: Any, table: Table, changes: Mapping[str, object]) -> entries.Values:
    """What is to be put into every entry; None where a column is to be emptied."""
    fixed = [column.label for column in table.columns if column.key in changes and column.key in table.identity]
    refuse(Finding("entry.identity", label, f"「{label}」是标识，不能成批修改；请逐条更正。") for label in fixed)
    if not changes:
        refuse([Finding("entry.nothing", "修改", "没有选择要修改的列；没有保存任何改动。")])
    new = entries.checked(table, changes, [column for column in table.columns if column.key in changes])
    entries.allowed(user, table, [entries.area_in(table, new)] if table.area in new else [])
    return {key: new.get(key) for key in changes}


def _merged(old: entries.Values, new: entries.Values) -> entries.Values:
    return {key: value for key, value in {**old, **new}.items() if value is not None}


def write(user: Any, table: Table, pairs: Sequence[tuple[Item, entries.Values]], why: str, action: str) -> int:
    """Give entries, old and new, their values at once, inside a transaction; how many were written.

    Raises  Conflict where somebody else registered one of them meanwhile
    """
    changed = list(_changed(table, pairs))
    items = [item for item, _, _ in changed]
    _put(items)
    if items:
        finish(table, items)
    record(user, *(Write(action if item.version else "item.create", "item", item.pk, before if item.version else None, after,
                         why, item.area[:6]) for item, before, after in changed))
    return len(items)


def _changed(table: Table, pairs: Iterable[tuple[Item, entries.Values]]) -> Iterator[tuple[Item, entries.Values, entries.Values]]:
    """Entries whose values differ, filled, with what the journal is told."""
    for item, new in pairs:
        before, after = entries.difference(table, item.values, new)
        if after:
            fill(table, item, new)
            item.version += bool(item.pk)
            yield item, before, after


def _put(items: Sequence[Item]) -> None:
    """Save entries; Conflict where somebody else registered one of them meanwhile."""
    old = [item for item in items if item.pk]
    try:
        with transaction.atomic():
            Item.objects.bulk_create([item for item in items if not item.pk])
            Item.objects.bulk_create(old, update_conflicts=True, unique_fields=["id"],
                                     update_fields=["values", "area", "key", "version"])
    except IntegrityError as error:
        raise Conflict("其中有条目刚被他人登记；没有保存任何改动，请刷新后再核对一次。") from error
