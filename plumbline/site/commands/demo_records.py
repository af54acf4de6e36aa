"""The demo's records: what each system's own demo makes, handed in as an office would. All of it is invented."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib import import_module
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from plumbline.kernel import AREAS, Coverage, Table, inside
from plumbline.store import batches, registers, rolls
from plumbline.store.batches import Batch
from plumbline.store.records.cells import arrow_type
from plumbline.store.registers import Item

WHY = "演示：导入模拟数据"
# the day a roll of the demo is told as of: the end of the half-year its events are of
TOLD_ON = date(2020, 6, 30)


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
        return _roll(planner, table, name, coverage, rows)
    if table.register:
        if Item.objects.filter(table=key).exists():
            return ""
        taken = registers.take_in(planner, table, f"{name}.jsonl", lines(rows), WHY)
        return f"{name} {taken.rows} 条"
    if Batch.objects.filter(table=key, name=f"{name}.jsonl").exists():
        return ""
    batch = batches.receive(planner, table, f"{name}.jsonl", lines(rows), coverage, example=True)
    return f"{name} {batch.rows} 条"


def _roll(planner: Any, table: Table, name: str, coverage: Coverage, rows: Iterable[Mapping[str, Any]]) -> str:
    """A roll as of the day the demo tells its state of; what is there already stays."""
    if rolls.Step.objects.filter(table=table.key).exists():
        return ""
    areas = [one.code for one in AREAS for area in coverage.areas if one.code != area and inside(one.code, area)]
    step = rolls.take(planner, table, parquet(table, list(rows)), f"{name}.parquet", day=TOLD_ON, areas=areas, why=WHY,
                      example=True)
    return f"{name} {step.new} 条"


def parquet(table: Table, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Rows as Parquet, in the columns a source tells; what a row does not say is empty."""
    columns = [one for one in table.columns if not one.derived]
    told = {one.key: pa.array([row.get(one.key) for row in rows], arrow_type(one)) for one in columns}
    written = io.BytesIO()
    pq.write_table(pa.table(told), written)
    return written.getvalue()


def lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as JSON lines; dates and exact decimals as text."""
    return "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows).encode()
