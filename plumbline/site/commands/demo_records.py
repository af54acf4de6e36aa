"""The demo's records: what each system's own demo makes, handed in as an office would. All of it is invented."""

import json
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

from django.conf import settings

from plumbline.kernel import Coverage, Table
from plumbline.store import batches, registers
from plumbline.store.batches import Batch
from plumbline.store.registers import Item

WHY = "演示：导入模拟数据"


def deliver(planner: Any, keys: Iterable[str] | None = None, scale: int = 1) -> list[str]:
    """Hand in the demo deliveries of the installed systems, as the city's planner; what is there already stays.

    Gives  a line for each delivery: its name and how many rows
    """
    return [line for key in (keys or settings.SYSTEMS)
            for delivery in import_module(f"plumbline.systems.{key}.demo").deliveries(scale)
            if (line := _one(planner, *delivery))]


def _one(planner: Any, key: str, name: str, coverage: Coverage, rows: Iterable[Mapping[str, Any]]) -> str:
    table: Table = settings.CATALOG.tables[key]
    if table.roll:
        return ""
    if table.register:
        if Item.objects.filter(table=key).exists():
            return ""
        taken = registers.take_in(planner, table, f"{name}.jsonl", lines(rows), WHY)
        return f"{name} {taken.rows} 条"
    if Batch.objects.filter(table=key, name=f"{name}.jsonl").exists():
        return ""
    batch = batches.receive(planner, table, f"{name}.jsonl", lines(rows), coverage, example=True)
    return f"{name} {batch.rows} 条"


def lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as JSON lines; dates and exact decimals as text."""
    return "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows).encode()
