"""Personal values are dropped when their table says so; what was counted of the rest stays as it was."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from plumbline.kernel import Table
from plumbline.kernel.period import months_later
from plumbline.store.batches.standing import tidy
from plumbline.store.batches.tables import Batch
from plumbline.store.journal.writing import Write, record
from plumbline.store.registers.entries import HIDDEN, plain_values
from plumbline.store.registers.tables import Item
from plumbline.store.rolls import forgetting as rolls

GONE = "已到期删除"
WHY = "个人信息保存期满"
SHORTEST_MONTH_DAYS = 28
MANY = 2_000


def forget(today: date, tables: Mapping[str, Table]) -> int:
    """Drop the personal columns of batches whose day has come, and of entries that have long been retired.

    Batch   so many months after it was received, whether it stands or not; its rows stay without them
    Entry   so many months after it was retired; while it stands it is needed
    Roll    so many months after a source last told them
    Gives   how many batches and entries lost something. May run twice harmlessly
    """
    gone = _batches(today) + sum(_entries(today, table) for table in tables.values() if table.register and table.delete_months)
    gone += sum(rolls.forget(today, table) for table in tables.values() if table.roll and table.delete_months)
    tidy()
    return gone


@transaction.atomic
def _batches(today: date) -> int:
    due = list(Batch.objects.select_for_update(of=("self",)).filter(forget_on__lte=today).exclude(personal=""))
    Batch.objects.filter(pk__in=[batch.pk for batch in due]).update(personal="")
    record(None, *(Write("batch.forget", "batch", batch.pk, {"personal": HIDDEN}, {"personal": GONE}, WHY, batch.area)
                   for batch in due))
    return len(due)


@transaction.atomic
def _entries(today: date, table: Table) -> int:
    personal = {column.key for column in table.columns if column.personal}
    if not personal:
        return 0
    assert table.delete_months  # declared with personal columns
    long_ago = today - timedelta(SHORTEST_MONTH_DAYS * table.delete_months)
    writes = []
    for item in Item.objects.select_for_update().filter(table=table.key, until__lte=long_ago).iterator(chunk_size=MANY):
        held = personal & item.values.keys()
        if held and months_later(item.until, table.delete_months) <= today:
            _strip(item, table, held)
            writes.append(Write("item.forget", "item", item.pk, dict.fromkeys(sorted(held), HIDDEN),
                                dict.fromkeys(sorted(held), GONE), WHY, item.area[:6]))
    record(None, *writes)
    return len(writes)


def _strip(item: Any, table: Table, held: set[str]) -> None:
    """Take personal values out of an entry; the identity too, where it is one."""
    item.values = plain_values({key: value for key, value in item.values.items() if key not in held})
    if held & set(table.identity):
        item.key = GONE
    item.save(update_fields=["values", "key"])
