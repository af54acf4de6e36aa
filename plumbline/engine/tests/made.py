"""Tables made by chance, indicators of every kind over them, and figures counted one row at a time in Python."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow
from pyarrow import parquet

from plumbline.kernel import Catalog, Column, Coverage, Figure, File, Indicator, Inputs, Table, inside, settle
from plumbline.kernel.expression import Expression
from plumbline.kernel.expression import parse as parsed
from plumbline.kernel.figure import NOT_ADDED, UNKNOWN
from plumbline.kernel.period import span

CALLS = Table("trial.calls", "工单", (
    Column("area", "text", "地区"), Column("due_on", "date", "应办日", required=False),
    Column("closed_on", "date", "办结日", required=False), Column("kind", "text", "类别", required=False),
    Column("firm", "text", "单位", required=False), Column("amount", "decimal", "金额", unit="元", required=False),
    Column("staff", "integer", "人数", unit="人", required=False), Column("done", "boolean", "办结", required=False),
    Column("level", "text", "级别", required=False, choices=("甲", "乙", "丙")),
    Column("name", "text", "姓名", personal=True, required=False),
), area="area", dated="due_on", identity=("firm", "due_on"), delete_months=6)
STREETS = ("110112001000", "110112010000", "110112011003")
CODES = ("110101", "110112", *STREETS, "110000", "990101", None)
AREAS = ("110000", "110101", "110112", "110112010000", "990000")
EVERYWHERE = (Coverage(("110000", "990000")),)
CONDITIONS = (
    "", "done", "amount > 100", "staff >= 3 AND kind = 'a'", "closed_on <= due_on", "kind IN ('a', 'b') OR done",
    "NOT done", "kind LIKE '%文%'", "closed_on IS NULL", "coalesce(closed_on <= due_on, FALSE)", "staff * 2 < amount",
)
DRAWN = {
    "kind": ("a", "b", "文字", "", "'\\$%", None), "firm": ("f1", "f2", "f3", "f4", None), "level": ("甲", "乙", None),
    "done": (True, False, None), "staff": (0, 1, 3, -7, 9_000_000_000, None),
    "amount": (Decimal("0.00"), Decimal("-1.25"), Decimal("100.01"), Decimal("99999999999999.99"), None),
}
TYPES = {"text": pyarrow.string(), "integer": pyarrow.int64(), "date": pyarrow.date32(), "boolean": pyarrow.bool_()}


def indicator(kind: str, of: str = "", where: str = "", **more: Any) -> Indicator:
    """An indicator over the calls; its key says what it counts."""
    told = {"dated": "due_on", "dimensions": ("kind", "level", "done", "staff"), **more}
    key = f"trial.{kind}:{of}:{where}:adds {told.get('adds')}:fresh {told.get('fresh')}:{told['dated']}"
    return Indicator(key, "试", CALLS.key, kind, "件", "虚构", of=of, where=where, **told)


def indicators() -> list[Indicator]:
    """Every kind, each with several conditions."""
    counts = [indicator("count", where=where) for where in CONDITIONS]
    sums = [indicator(kind, of, where) for kind in ("sum", "mean") for of in ("amount", "staff", "amount * 3 - staff")
            for where in CONDITIONS[:5]]
    shares = [indicator("share", of, where) for of in CONDITIONS[1:8] for where in CONDITIONS[:4]]
    latest = [indicator("latest", of, where, fresh=fresh) for of in ("amount", "staff") for where in CONDITIONS[:4]
              for fresh in (True, False)]
    values = [indicator("distinct", of, where) for of in ("firm", "staff", "closed_on") for where in CONDITIONS[:3]]
    alone = [indicator(kind, of, adds=False) for kind, of in (
        ("count", ""), ("sum", "amount"), ("latest", "staff"), ("share", "done"), ("distinct", "firm"))]
    undated = [indicator(kind, of, "staff < 5", dated="") for kind, of in (
        ("count", ""), ("sum", "amount"), ("latest", "staff"), ("mean", "amount"))]
    closed = [indicator("count", dated="closed_on"), indicator("sum", "amount", "done", dated="closed_on")]
    return [*counts, *sums, *shares, *latest, *values, *alone, *undated, *closed]


def catalog(table: Table = CALLS, these: Iterable[Indicator] = ()) -> Catalog:
    """A catalog of one table."""
    return Catalog(tables={table.key: table}, indicators={one.key: one for one in these})


def row(chance: random.Random) -> dict[str, Any]:
    """One row by chance, with gaps."""
    told: dict[str, Any] = {key: chance.choice(values) for key, values in DRAWN.items()}
    first = date(2020, 1, 1)
    told["area"] = chance.choice(CODES)
    for key in ("due_on", "closed_on"):
        told[key] = None if chance.random() < 0.1 else first + timedelta(chance.randrange(500))
    return told


def rows(seed: int, count: int) -> list[dict[str, Any]]:
    """Rows by chance, the same for a seed."""
    chance = random.Random(seed)
    return [row(chance) for _ in range(count)]


def write(folder: Path, name: str, table: Table, these: Sequence[Mapping[str, Any]], without: Sequence[str] = ()) -> File:
    """A Parquet of rows, as a delivery is kept; `row_` counts from 1 unless a row says it."""
    columns = [column for column in table.open_columns if column.key not in without]
    data = {column.key: pyarrow.array([one.get(column.key) for one in these], TYPES.get(
        column.type, pyarrow.decimal128(38, column.scale))) for column in columns}
    data["row_"] = pyarrow.array([one.get("row_", at + 1) for at, one in enumerate(these)], pyarrow.int64())
    path = folder / f"{name}.parquet"
    parquet.write_table(pyarrow.table(data), path, row_group_size=1000)
    return File(path, name, len(these))


def inputs(folder: Path, these: Sequence[Mapping[str, Any]], files: int = 2, table: Table = CALLS,
           coverage: tuple[Coverage, ...] = EVERYWHERE) -> Inputs:
    """The rows in some files, named so that the order of names is not that of the rows."""
    parts = [these[at::files] for at in range(files)]
    return Inputs(table, tuple(write(folder, f"{'cab'[at % 3]}{at:03}", table, part) for at, part in enumerate(parts)),
                  coverage)


def held(told: Inputs) -> list[dict[str, Any]]:
    """All rows of the files, each with the name of its file."""
    return [{**one, "file_": file.sha256} for file in told.files for one in parquet.read_table(file.path).to_pylist()]


@cache
def parse(told: str) -> Expression:
    """An expression over the calls."""
    return parsed(told, CALLS)


def both(*values: bool | None) -> bool | None:
    """AND of three-valued logic."""
    return False if False in values else None if None in values else True


def member(one: Indicator, these: Mapping[str, Any], area: str, period: str, cell: Sequence[tuple[str, str]]) -> bool | None:
    """Whether a row belongs to a figure, as SQL would say."""
    first, last = span(period)
    lies = None if these["area"] is None else inside(these["area"], area) if one.adds else these["area"] == area
    day = these[one.dated] if one.dated else last
    begin = date.min if one.kind == "latest" and not one.fresh or not one.dated else first
    dated = None if day is None else begin <= day <= last
    where = parse(one.where).on(these, last) if one.where else True
    cells = [None if these[key] is None else text(these[key]) == value for key, value in cell]
    return both(lies, dated, where, *cells)


def text(value: Any) -> str:
    """A value as a cell writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def picked(one: Indicator, these: Sequence[dict[str, Any]], period: str) -> list[dict[str, Any]]:
    """Of each firm the last row; rows without a day stay."""
    if one.kind != "latest" or not one.dated:
        return list(these)
    first, last = span(period)
    dated = [row for row in these if row["due_on"] and row["due_on"] <= last and (not one.fresh or row["due_on"] >= first)]
    best: dict[Any, dict[str, Any]] = {}
    for row in sorted(dated, key=lambda row: (row["due_on"], row["file_"], row["row_"])):
        best[row["firm"]] = row
    return [*best.values(), *(row for row in these if row["due_on"] is None)]


def counted(one: Indicator, these: Sequence[dict[str, Any]], area: str, period: str,
            cell: Sequence[tuple[str, str]] = ()) -> tuple[list[Any], int]:
    """What each row that counts adds, and how many rows nobody can judge."""
    of = parse(one.of) if one.of else None
    values, unknown = [], 0
    for row in picked(one, these, period):
        belongs = member(one, row, area, period, cell)
        value = of.on(row, span(period)[1]) if of else True
        if belongs and value is not None:
            values.append(value)
        elif belongs is not False:
            unknown += 1
    return values, unknown


def figure(one: Indicator, these: Sequence[dict[str, Any]], area: str, period: str,
           cell: Sequence[tuple[str, str]] = ()) -> tuple[Any, ...]:
    """The figure, counted one row at a time: value, missing, counted, unknown."""
    values, unknown = counted(one, these, area, period, cell)
    if not values and (unknown or not one.adds):
        return None, UNKNOWN if unknown else NOT_ADDED, 0, unknown
    top = {"count": len(values), "distinct": len(set(values)), "share": sum(value is True for value in values)}.get(
        one.kind, sum(values) if one.kind not in ("count", "distinct", "share") else 0)
    value, missing = settle(one.kind, Decimal(top), Decimal(len(values)))
    return value, missing, len(values), unknown


def short(told: Figure) -> tuple[Any, ...]:
    """What an oracle says of a figure."""
    return told.value, told.missing, told.counted, told.unknown
