"""Indicator tables as they reach us: lines of cells parted by tabs or blanks, or one cell a line.

The head names the columns: 指标 | 单位 | 预期目标 | 完成数 | 增长%.
"""

import re
from dataclasses import dataclass

from plumbline.kernel import line_starts
from plumbline.kernel import period as periods
from plumbline.reports.reading.normal import fold

_SUBJECT = re.compile(r"^(?:主要|经济|发展|统计)*(?:指标|项目|名称|内容|类别|任务)(?:名称|类别)?$|^(?:指标|项目)")
_UNIT = re.compile(r"^(?:计量|计算)?单位$")
_SKIP = re.compile(r"备注|说明|序号|责任|牵头|排名|位次|属性|类型")
_SHARE = re.compile(r"(?:完成|占|进度).*(?:%|比例|率|进度)|完成率|完成比例|完成进度")
_GROWTH = re.compile(r"增长|增速|增幅|同比|±|比上年|涨幅")
_TARGET = re.compile(r"目标|计划|预期|预计|任务|预算")
_ACTUAL = re.compile(
    r"完成|实际|实绩|执行|累计|本期|数值|现状|情况|^(?:20\d\d年)?(?:上半年|全年|[1-9]-\d+月|.季度)?(?:数|值)?$")
CELL = re.compile(
    r"^(?P<lead>约|近|超|>=?|≥|<=?|≤|不低于|不高于|不超过|控制在)?(?P<grow>增长|下降|降低|提高)?(?P<sign>[-+])?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:[-~至](?P<upper>\d+(?:\.\d+)?))?"
    r"(?P<unit>[^\d左以及上下]{0,6})(?P<post>左右|及?以上|及?以内|及?以下|内)?$")
When = tuple[int | None, str | None]  # year and default period of the report


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text in normal form and its offsets in the source text, blanks at the edges left out."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds: subject, unit, target, actual, growth, share or skip; and the period it names."""

    kind: str
    period: str | None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its head, its rows, and the lines (1-based) it stands on."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    lines: range


def grids(text: str, year: int | None, default: str | None) -> list[Grid]:
    """The indicator tables of a text."""
    lines = text.split("\n")
    starts = line_starts(text)
    found: list[Grid] = []
    number = 0
    while number < len(lines):
        grid = _in_rows(lines, starts, number, (year, default)) or _in_cells(lines, starts, number, (year, default))
        if grid:
            found.append(grid)
            number = grid.lines.stop - 1
        else:
            number += 1
    return found


def _split(line: str, start: int, pattern: str) -> list[Cell]:
    cells = []
    for match in re.finditer(rf"(?:(?!{pattern}).)+|(?<=\t)(?=\t)", line):
        raw = match[0]
        lead = len(raw) - len(raw.lstrip())
        end = len(raw.rstrip())
        first = start + match.start()
        cells.append(Cell(re.sub(r"\s", "", fold(raw)), first + lead, first + max(end, lead)))
    return cells


def _in_rows(lines: list[str], starts: tuple[int, ...], number: int, when: When) -> Grid | None:
    pattern = r"\t" if "\t" in lines[number] else r"\s\s|[|｜│]"
    head = _split(lines[number], starts[number], pattern)
    columns = _columns([cell.text for cell in head], when)
    if columns is None:
        return None
    rows, line = [], number + 1
    while line < len(lines):
        cells = _split(lines[line], starts[line], pattern)
        if len(cells) < 2 or len(cells) > len(columns) + 1:
            break
        rows.append(tuple(cells))
        line += 1
    return Grid(columns, tuple(rows), range(number + 1, line + 1)) if rows else None


def _in_cells(lines: list[str], starts: tuple[int, ...], number: int, when: When) -> Grid | None:
    """One cell a line: the head runs as long as lines name columns."""
    if not _SUBJECT.match(fold(lines[number]).strip()) or len(lines[number].strip()) > 8:
        return None
    head: list[str] = []
    line = number
    while line < len(lines) and _names_column(fold(lines[line]).strip()):
        head.append(re.sub(r"\s", "", fold(lines[line])))
        line += 1
    columns = _columns(head, when)
    if columns is None:
        return None
    rows = []
    while line + len(columns) <= len(lines):
        cells = tuple(_cell(lines[i], starts[i]) for i in range(line, line + len(columns)))
        if not _is_row(cells, columns):
            break
        rows.append(cells)
        line += len(columns)
    return Grid(columns, tuple(rows), range(number + 1, line + 1)) if rows else None


def _cell(line: str, start: int) -> Cell:
    lead = len(line) - len(line.lstrip())
    return Cell(re.sub(r"\s", "", fold(line)), start + lead, start + max(len(line.rstrip()), lead))


def _names_column(text: str) -> bool:
    return 0 < len(text) <= 16 and not re.fullmatch(r"[\d.,%-]+", text) and _column(text, (None, None)).kind != "other"


def _is_row(cells: tuple[Cell, ...], columns: tuple[Column, ...]) -> bool:
    figures = [cell for cell, column in zip(cells, columns, strict=True)
               if column.kind not in ("subject", "unit", "skip")]
    return all(re.fullmatch(r"[-—–/]*|…", c.text) or CELL.match(c.text) for c in figures) and len(cells[0].text) > 1


def _columns(head: list[str], when: When) -> tuple[Column, ...] | None:
    columns = tuple(_column(text, when) for text in head)
    kinds = [column.kind for column in columns]
    figures = sum(kind in ("target", "actual", "growth", "share") for kind in kinds)
    return columns if kinds.count("subject") == 1 and figures >= 1 and len(columns) >= 3 else None


def _column(text: str, when: When) -> Column:
    year, default = when
    named = re.search(r"(20\d\d)年?", text)
    own = int(named[1]) if named else year
    period = _period(text, own, default if not named or own == year else None)
    if _SKIP.search(text):
        return Column("skip", None)
    if _UNIT.match(text):
        return Column("unit", None)
    if _SHARE.search(text):
        return Column("share", default if own == year else period)
    if _GROWTH.search(text) and not _TARGET.search(text):
        return Column("growth", period)
    if _TARGET.search(text) and not re.search("完成|执行", text):
        return Column("growth target" if _GROWTH.search(text) else "target", str(own) if own else None)
    if _ACTUAL.search(text) or named:
        return Column("actual", period)
    return Column("subject" if _SUBJECT.match(text) else "other", None)


def _period(text: str, year: int | None, default: str | None) -> str | None:
    if year is None:
        return default
    if "上半年" in text:
        return f"{year}H1"
    months = re.search(r"(\d{1,2})-(\d{1,2})月", text)
    if months and 1 <= int(months[1]) < int(months[2]) <= 12:
        return periods.named(year, int(months[1]), int(months[2]))
    quarter = re.search("([一二三四])季度", text)
    if quarter:
        return periods.named(year, 1, 9) if "前三" in text else f"{year}Q{'一二三四'.index(quarter[1]) + 1}"
    return str(year) if "全年" in text or default is None else default
