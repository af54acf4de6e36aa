"""Indicator tables: every cell a claim, with its row as subject and its column as period and kind."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from plumbline.kernel import MULTIPLIERS, Claim, printed, unit
from plumbline.kernel import period as periods
from plumbline.reports.reading import subjects
from plumbline.reports.reading.grid import CELL, Cell, Column, Grid
from plumbline.reports.reading.normal import line_of

_BOUNDS = {
    "约": "~", "近": "<~", "超": ">", ">": ">", ">=": ">=", "≥": ">=", "<": "<", "<=": "<=", "≤": "<=", "不低于": ">=",
    "不高于": "<=", "不超过": "<=", "控制在": "<=", "左右": "~", "以上": ">=", "及以上": ">=", "以内": "<=",
    "及以内": "<=", "以下": "<=", "及以下": "<=", "内": "<=",
}
_STATE = re.compile("余额|期末|年末|保有量")

_IN_BRACKETS = re.compile(r"[（(]([^（）()]{1,10})[)）]$")
_FALLS = re.compile(r"(?:降低|下降|减少)(?:率|幅度)?$")
_RISES = re.compile(r"(?:增长|增速|增幅|涨幅)$")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its name, its unit as printed, its cells beside the columns."""

    label: Cell
    unit: Cell | None
    cells: tuple[tuple[Cell, Column], ...]

    @property
    def scale(self) -> str:
        """The unit, from its own column or from behind the row's name: 地区生产总值（亿元）."""
        match = _IN_BRACKETS.search(self.label.text)
        return self.unit.text if self.unit else match[1] if match else ""

    @property
    def name(self) -> str:
        """The row's name without the unit behind it."""
        return _IN_BRACKETS.sub("", self.label.text)


def claims_in(grid: Grid, starts: tuple[int, ...], place: str | None) -> list[Claim]:
    """The claims of a table's cells."""
    found = []
    for cells in grid.rows:
        row = _row(tuple(zip(cells, grid.columns, strict=False)))
        if row is None:
            continue
        for cell, column in row.cells:
            claim = _claim(cell, column, row)
            if claim:
                found.append(_placed(claim, row, starts, place))
    return found


def _row(cells: tuple[tuple[Cell, Column], ...]) -> Row | None:
    label = next((cell for cell, column in cells if column.kind == "subject" and cell.text), None)
    if label is None:
        return None
    return Row(label, next((cell for cell, column in cells if column.kind == "unit"), None), cells)


def _placed(claim: Claim, row: Row, starts: tuple[int, ...], place: str | None) -> Claim:
    spans = dict(claim.spans)
    if row.unit and row.unit.text and claim.measure == "level":
        spans["unit"] = (row.unit.start, row.unit.end)
    return replace(claim, spans=spans, para=line_of(starts, claim.start), place=place)


def _claim(cell: Cell, column: Column, row: Row) -> Claim | None:
    match = CELL.match(re.sub(r"（[^（）]*）$", "", cell.text))
    if not match or column.kind in ("subject", "unit", "skip", "other"):
        return None
    share = column.kind == "share"
    growth = not share and _is_growth(match, column, row)
    multiplier, name = ("", "%") if growth or share else _scale(match["unit"] or row.scale)
    read, upper = printed(match["digits"], multiplier), printed(match["upper"] or "0", multiplier)
    if read is None or upper is None:
        return None
    falls = match["grow"] in ("下降", "降低") or (growth and "%" in row.scale and bool(_FALLS.search(row.name)))
    target = column.kind in ("target", "growth target")
    subject = subjects.clean(row.name) or row.label.text
    return Claim(
        number=0, para=0, start=cell.start, end=cell.end, surface="",
        value=-read[0] if (match["sign"] == "-") != falls else read[0], unit=name,
        subject=f"{subject}完成比例" if share else subject, value2=upper[0] if match["upper"] else None,
        tolerance=read[1], measure="yoy" if growth else "level", modality="target" if target else "actual",
        bound=_BOUNDS.get(match["post"] or "", _BOUNDS.get(match["lead"] or "", "=")),
        period=_period(column, row, target), deadline=column.period if target else None,
        spans={"number": (cell.start, cell.end), "subject": (row.label.start, row.label.end)})


def _period(column: Column, row: Row, target: bool) -> str | None:
    period = column.period
    if period and not target and _STATE.search(row.label.text) and not period.startswith("@"):
        return periods.end_state(period)
    return period


def _is_growth(match: re.Match[str], column: Column, row: Row) -> bool:
    """Whether a cell is growth in %: its column, its own words or its row's name say so, or its size does."""
    if column.kind in ("growth", "growth target") or match["grow"]:
        return True
    if "%" in row.scale:
        return bool(_FALLS.search(row.name) or _RISES.search(row.name))
    return column.kind == "target" and _small_for_money(match, row)


def _small_for_money(match: re.Match[str], row: Row) -> bool:
    """A target of 7 beside 386.42 亿元 done is growth in %: far below what is there, or alone and small."""
    aim = Decimal(match["digits"].replace(",", ""))
    if "元" not in row.scale or aim > 30:
        return False
    done = next((cell.text for cell, column in row.cells if column.kind == "actual"), "")
    actual = CELL.match(done)
    return not actual or Decimal(actual["digits"].replace(",", "")) > Decimal("1.5") * aim


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
