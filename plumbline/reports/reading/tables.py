"""Indicator tables: every cell a claim, with its row as subject and its column as period and kind.

A table reaches us as lines: cells parted by tabs (or several blanks), or one cell a line. Its head names the
columns (指标 | 单位 | 预期目标 | 完成数 | 增长%).
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from plumbline.kernel import MULTIPLIERS, Claim, printed, unit
from plumbline.kernel import period as periods
from plumbline.reports.reading import subjects
from plumbline.reports.reading.normal import fold, line_of, line_starts

_SUBJECT = re.compile(r"^(?:主要|经济|发展|统计)*(?:指标|项目|名称|内容|类别|任务)(?:名称|类别)?$|^(?:指标|项目)")
_UNIT = re.compile(r"^(?:计量|计算)?单位$")
_SKIP = re.compile(r"备注|说明|序号|责任|牵头|排名|位次|属性|类型")
_SHARE = re.compile(r"(?:完成|占|进度).*(?:%|比例|率|进度)|完成率|完成比例|完成进度")
_GROWTH = re.compile(r"增长|增速|增幅|同比|±|比上年|涨幅")
_TARGET = re.compile(r"目标|计划|预期|预计|任务|预算")
_ACTUAL = re.compile(r"完成|实际|实绩|执行|累计|本期|数值|现状|情况|^(?:20\d\d年)?(?:上半年|全年|[1-9]-\d+月|.季度)?(?:数|值)?$")
_CELL = re.compile(
    r"^(?P<lead>约|近|超|>=?|≥|<=?|≤|不低于|不高于|不超过|控制在)?(?P<grow>增长|下降|降低|提高)?(?P<sign>[-+])?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:[-~至](?P<upper>\d+(?:\.\d+)?))?"
    r"(?P<unit>[^\d左以及上下]{0,6})(?P<post>左右|及?以上|及?以内|及?以下|内)?$")
_BOUNDS = {
    "约": "~", "近": "<~", "超": ">", ">": ">", ">=": ">=", "≥": ">=", "<": "<", "<=": "<=", "≤": "<=", "不低于": ">=",
    "不高于": "<=", "不超过": "<=", "控制在": "<=", "左右": "~", "以上": ">=", "及以上": ">=", "以内": "<=",
    "及以内": "<=", "以下": "<=", "及以下": "<=", "内": "<=",
}
_STATE = re.compile("余额|期末|年末|保有量")


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


def claims_in(grid: Grid, starts: tuple[int, ...], place: str | None) -> list[Claim]:
    """The claims of a table's cells."""
    found = []
    for row in grid.rows:
        label = next((cell for cell, column in zip(row, grid.columns, strict=False) if column.kind == "subject"), None)
        if label is None or not label.text:
            continue
        unit_cell = next((c for c, column in zip(row, grid.columns, strict=False) if column.kind == "unit"), None)
        scale = unit_cell.text if unit_cell else _unit_in(label.text)
        for cell, column in zip(row, grid.columns, strict=False):
            claim = _claim(cell, column, label, (scale, row, grid.columns))
            if claim:
                found.append(_placed(claim, starts, place, unit_cell))
    return found


def _placed(claim: Claim, starts: tuple[int, ...], place: str | None, unit_cell: Cell | None) -> Claim:
    spans = dict(claim.spans)
    if unit_cell and claim.measure == "level" and unit_cell.text:
        spans["unit"] = (unit_cell.start, unit_cell.end)
    return replace(claim, spans=spans, para=line_of(starts, claim.start), place=place)


def _split(line: str, start: int, pattern: str) -> list[Cell]:
    cells = []
    for match in re.finditer(rf"(?:(?!{pattern}).)+|(?<=\t)(?=\t)", line):
        raw = match[0]
        lead = len(raw) - len(raw.lstrip())
        end = len(raw.rstrip())
        cells.append(Cell(re.sub(r"\s", "", fold(raw)), start + match.start() + lead, start + match.start() + max(end, lead)))
    return cells


def _in_rows(lines: list[str], starts: tuple[int, ...], number: int, when: tuple[int | None, str | None]) -> Grid | None:
    pattern = r"\t" if "\t" in lines[number] else r"\s{2,}|[|｜│]"
    head = [cell for cell in _split(lines[number], starts[number], pattern)]
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


def _in_cells(lines: list[str], starts: tuple[int, ...], number: int, when: tuple[int | None, str | None]) -> Grid | None:
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
    figures = [cell for cell, column in zip(cells, columns, strict=True) if column.kind not in ("subject", "unit", "skip")]
    return all(re.fullmatch(r"[-—–/]*|…", c.text) or _CELL.match(c.text) for c in figures) and len(cells[0].text) > 1


def _columns(head: list[str], when: tuple[int | None, str | None]) -> tuple[Column, ...] | None:
    columns = tuple(_column(text, when) for text in head)
    kinds = [column.kind for column in columns]
    figures = sum(kind in ("target", "actual", "growth", "share") for kind in kinds)
    return columns if kinds.count("subject") == 1 and figures >= 1 and len(columns) >= 3 else None


def _column(text: str, when: tuple[int | None, str | None]) -> Column:
    year, default = when
    named = re.search(r"(20\d\d)年?", text)
    own = int(named[1]) if named else year
    period = _period(text, own, default if not named or own == year else None)
    if _SKIP.search(text):
        return Column("skip", None)
    if _UNIT.match(text):
        return Column("unit", None)
    if _SHARE.search(text):
        return Column("share", period)
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


def _unit_in(label: str) -> str:
    """A unit printed behind the row's name: 地区生产总值（亿元）."""
    match = re.search(r"[（(]([^（）()]{1,10})[)）]$", label)
    return match[1] if match else ""


def _claim(cell: Cell, column: Column, label: Cell, row: tuple[str, tuple[Cell, ...], tuple[Column, ...]]) -> Claim | None:
    match = _CELL.match(cell.text)
    if not match or column.kind in ("subject", "unit", "skip", "other"):
        return None
    growth = column.kind in ("growth", "growth target") or bool(match["grow"])
    if column.kind == "target" and not growth:
        growth = _means_growth(match, row)
    falls = re.search(r"(?:降低|下降|减少)(?:率|幅度)?$", re.sub(r"（.*）$", "", label.text))
    rises = re.search(r"(?:增长|增速|增幅)$", re.sub(r"（.*）$", "", label.text))
    share = column.kind == "share"
    growth = growth or (not share and "%" in row[0] and bool(falls or rises))
    multiplier, name = ("", "%") if growth or share else _scale(match["unit"] or row[0])
    read = printed(match["digits"], multiplier)
    if read is None:
        return None
    negative = (match["sign"] == "-") != bool(match["grow"] in ("下降", "降低") or (falls and growth and "%" in row[0]))
    upper = printed(match["upper"], multiplier) if match["upper"] else None
    target = column.kind in ("target", "growth target")
    subject = subjects.clean(re.sub(r"[（(][^（）()]{1,10}[)）]$", "", label.text)) or label.text
    period = column.period
    if period and not target and _STATE.search(label.text) and not period.startswith("@"):
        period = periods.end_state(period)
    bound = _BOUNDS.get(match["post"] or "", _BOUNDS.get(match["lead"] or "", "="))
    return Claim(
        number=0, para=0, start=cell.start, end=cell.end, surface="", value=-read[0] if negative else read[0],
        unit=name, subject=f"{subject}完成比例" if share else subject, value2=upper[0] if upper else None,
        tolerance=read[1], measure="yoy" if growth and not share else "level",
        modality="target" if target else "actual", bound=bound, period=period,
        deadline=column.period if target else None,
        spans={"number": (cell.start, cell.end), "subject": (label.start, label.end)})


def _means_growth(match: re.Match[str], row: tuple[str, tuple[Cell, ...], tuple[Column, ...]]) -> bool:
    """A target of 7 beside 386.42 亿元 done is growth in %: it is far below what is already there, or stands alone."""
    scale, cells, columns = row
    if "%" in scale or not re.search("元", scale) or Decimal(match["digits"].replace(",", "")) > 30:
        return False
    done = next((c.text for c, column in zip(cells, columns, strict=False) if column.kind == "actual"), "")
    actual = _CELL.match(done)
    if not actual:
        return True
    return Decimal(actual["digits"].replace(",", "")) > Decimal("1.5") * Decimal(match["digits"].replace(",", ""))


def _scale(printed_unit: str) -> tuple[str, str]:
    """Multiplier and unit of a unit's name: 亿元 is 亿 and 元.

    >>> _scale("亿美元"), _scale("%"), _scale("人")
    (('亿', '美元'), ('', '%'), ('', '人'))
    """
    for multiplier in sorted(MULTIPLIERS, key=len, reverse=True):
        rest = printed_unit[len(multiplier):]
        if multiplier and printed_unit.startswith(multiplier) and rest and printed_unit not in unit.ALL:
            return multiplier, unit.canonical(rest)
    return "", unit.canonical(printed_unit)
