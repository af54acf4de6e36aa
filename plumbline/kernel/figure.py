"""A figure: a number with indicator, area, period, unit and what it was counted from, or why there is none."""

from dataclasses import dataclass
from decimal import Decimal

NOT_RECEIVED, NO_DENOMINATOR, UNKNOWN, NOT_ADDED = "not received", "no denominator", "unknown", "not added"
NO_COMPARISON, NOT_PUBLISHED = "no comparison", "not published"
MISSING = {
    NOT_RECEIVED: "这个地区、这段时间没有收到（或没有收全）数据",
    NO_DENOMINATOR: "分母为零，算不出比率",
    UNKNOWN: "有记录，但所需的栏目都没有填",
    NOT_ADDED: "下级地区的数不能相加，而这个地区自己没有数",
    NO_COMPARISON: "缺少比较所需的另一个数",
    NOT_PUBLISHED: "还没有发布过这个数，或您看不到",
}
Cell = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, or its absence.

    period   in the house's one notation; a stock is a state (`@2020-06-30`)
    value    None where it is missing; shares as 0.951; amounts in the unit itself (元, never 万元)
    missing  empty, or one of `MISSING`
    counted  rows behind it: as many as `rows_behind` pages through
    unknown  rows that could not be judged or whose number is empty; never part of `value`
    top      exact numerator: rows that pass, or the sum; of every kind but `latest`'s a whole remakes from it
    bottom   exact denominator of a share or a mean, else None
    cell     values of dimensions, in the order asked for: (("street", "110112001"),)
    inputs   hashes of the Parquet files it was counted from, sorted
    version  of the indicator's declaration
    """

    indicator: str
    area: str
    period: str
    unit: str
    value: Decimal | None
    missing: str = ""
    counted: int = 0
    unknown: int = 0
    top: Decimal | None = None
    bottom: Decimal | None = None
    cell: Cell = ()
    inputs: tuple[str, ...] = ()
    version: int = 1
