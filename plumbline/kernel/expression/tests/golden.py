"""Reads golden.txt: expressions, rows and the value that every engine has to give."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from plumbline.kernel import Column, Dated, Parameter, Table

TABLE = Table("golden.rows", "用例", (
    Column("area", "text", "地区"), Column("p", "boolean", "已核实"), Column("q", "boolean", "已公开"),
    Column("i", "integer", "从业人员", unit="人"), Column("j", "integer", "核定人数", unit="人"),
    Column("d", "decimal", "营业收入", unit="元"), Column("e", "decimal", "核定收入", unit="元", scale=4),
    Column("f", "decimal", "用电量", unit="千瓦时", scale=3),
    Column("t", "text", "企业名称"), Column("s", "text", "曾用名"),
    Column("opened", "date", "交办日期"),
    Column("closed", "date", "办结日期"), Column("kind", "text", "类别", choices=("甲", "乙", "丙")),
    Column("phone", "text", "联系电话", personal=True)), area="area", delete_months=1)


def parameter(name: str, meaning: str, unit: str, values: dict[str, str]) -> Parameter:
    dated = tuple(Dated(date.fromisoformat(since), Decimal(value), "虚构") for since, value in values.items())
    return Parameter(f"limits.{name}", meaning, unit, dated, date(2025, 1, 1))


PARAMETERS = {one.key: one for one in (
    parameter("staff", "小型企业人数上限", "人", {"2020-01-01": "300", "2021-01-01": "500"}),
    parameter("rate", "扣除比例", "", {"2020-01-01": "0.05", "2021-01-01": "0.075"}),
    parameter("days", "办理时限", "天", {"2020-01-01": "3", "2021-01-01": "5"}))}


@dataclass(frozen=True)
class Block:
    """Rows, and what each expression gives for them."""

    name: str
    day: date
    rows: list[dict[str, Any]]
    cases: list[tuple[str, list[str]]]


def blocks() -> list[Block]:
    text = (Path(__file__).parent / "golden.txt").read_text(encoding="utf-8")
    return [_block(part) for part in text.split("\n== ")[1:]]


def _block(part: str) -> Block:
    name, day, head, *lines = part.rstrip("\n").split("\n")
    columns = head.removeprefix("row ").split(" | ")
    rows, cases = [], []
    for line in lines:
        cells = line.strip().split(" | ")
        if not line.startswith("    "):
            cases.append((line, []))
        elif cases:
            cases[-1][1].extend(cells)
        else:
            rows.append(dict(zip(columns, map(value, cells), strict=True)))
    return Block(name, date.fromisoformat(day.removeprefix("day ")), rows, cases)


def value(cell: str) -> Any:
    """What a cell of golden.txt says."""
    if cell in ("TRUE", "FALSE", "NULL"):
        return {"TRUE": True, "FALSE": False, "NULL": None}[cell]
    if "'" in cell:
        return "".join(text.replace("''", "'") * int(times or 1)
                       for text, times in re.findall(r"'((?:[^']|'')*)'(?:\*(\d+))?", cell))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        return date.fromisoformat(cell)
    return Decimal(cell) if "." in cell else int(cell)


def wanted(cell: str, kind: str) -> Any:
    """The value of a cell in the Python type of an expression."""
    told = value(cell)
    return Decimal(told) if kind == "decimal" and told is not None else told


def each() -> Iterator[tuple[Block, str, int, str]]:
    """Every case: block, expression, number of the row, value as written."""
    for block in blocks():
        for text, cells in block.cases:
            assert len(cells) == len(block.rows), (block.name, text)
            for number, cell in enumerate(cells):
                yield block, text, number, cell
