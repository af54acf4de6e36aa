"""Cuts of orders: those of a kind written to Parquet as rows of a declared table, a chunk at a time, as registers are."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F

from plumbline.kernel import Catalog
from plumbline.store.orders.tables import Order
from plumbline.store.registers.cutting import touch
from plumbline.store.registers.tables import CHUNK, Chunk


def touched(catalog: Catalog, orders: Iterable[Order]) -> None:
    """Remember which chunks of which tables changed, inside the transaction that changes their orders."""
    numbers: dict[str, set[int]] = {}
    for order in orders:
        numbers.setdefault(order.kind, set()).add(order.pk // CHUNK)
    for table in catalog.tables.values():
        if chunks := numbers.get(table.orders):
            changed: Any = Chunk.objects.filter(table=table.key, number__in=chunks)
            if changed.update(changed=F("changed") + 1) < len(chunks):
                touch(table.key, [number * CHUNK for number in chunks])
