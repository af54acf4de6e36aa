"""Invented figures of 云溪区 (990101) to write from; no number is of a real report."""

from decimal import Decimal

from plumbline.kernel import Figure, Indicator
from plumbline.kernel.comparison import Basis
from plumbline.kernel.figure import NOT_RECEIVED

AREA, CITY, NATION, PERIOD = "990101", "990000", "100000", "2025H1"


def indicator(key: str, label: str, unit: str, decimals: int = 0, kind: str = "sum", **more: object) -> Indicator:
    """An indicator of an invented table."""
    return Indicator(key, label, "made.rows", kind, unit, "虚构", dated="day", decimals=decimals, **more)


INDICATORS = {one.key: one for one in (
    indicator("made.revenue", "一般公共预算收入", "元", 2),
    indicator("made.income", "居民人均可支配收入", "元", 0, "mean"),
    indicator("made.income_growth", "居民人均可支配收入增速", "%", 1, "latest", subject="居民人均可支配收入"),
    indicator("made.firms", "退出企业", "家", 0, "count"),
    indicator("made.people", "新增就业", "人", 1, "sum"),
    indicator("made.solved", "热线诉求解决率", "%", 1, "share"),
    indicator("made.trees", "造林绿化面积", "公顷", 1),
)}
VALUES = {
    ("made.revenue", AREA, "2025H1"): "4859123456", ("made.revenue", AREA, "2024H1"): "5247432458",
    ("made.revenue", AREA, "2025Q1"): "2000000000", ("made.revenue", AREA, "2024Q1"): "2242152466",
    ("made.income", AREA, "2025H1"): "23184", ("made.income_growth", AREA, "2025H1"): "0.034",
    ("made.income_growth", CITY, "2025H1"): "0.021", ("made.firms", AREA, "2025H1"): "68",
    ("made.firms", AREA, "2024H1"): "68", ("made.firms", CITY, "2025H1"): "645", ("made.people", AREA, "2025H1"): "125000",
    ("made.solved", AREA, "2025H1"): "0.823", ("made.solved", AREA, "2024H1"): "0.712",
    ("made.trees", AREA, "2025H1"): "870.23",
}


def figure(key: str, area: str, period: str, cell: tuple[tuple[str, str], ...] = (), values: dict | None = None) -> Figure:
    """The invented figure, or a missing one."""
    told = (VALUES if values is None else values).get((key, area, period))
    value = None if told is None else Decimal(told)
    return Figure(key, area, period, INDICATORS[key].unit, value, "" if told else NOT_RECEIVED, cell=cell)


BASIS = Basis(INDICATORS, figure, target=lambda key, area, period: {"made.firms": Decimal(90)}.get(key))
