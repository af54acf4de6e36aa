"""A published figure in words: as reports print it, or why there is none and what to do."""

from decimal import Decimal

from plumbline.kernel import MISSING, Indicator
from plumbline.kernel.figure import NO_DENOMINATOR, NOT_ADDED, NOT_RECEIVED, UNKNOWN
from plumbline.kernel.printing import signed
from plumbline.store.figures import Figure

TO_DO = {
    NOT_RECEIVED: "请在“记录”里补报这段时间的数据；收全之后会自动计算。",
    NO_DENOMINATOR: "没有一条记录进入分母；请核对条件，或换一个时期。",
    UNKNOWN: "请补填下面记录中空着的栏目。",
    NOT_ADDED: "请报送这个地区自己的数。",
}


def number_words(row: Figure, one: Indicator | None) -> str:
    """A figure's number as reports print it; a dash where there is none."""
    return value_words(row.value, row.unit, one)


def value_words(value: str, unit: str, one: Indicator | None) -> str:
    """A kept number as reports print it.

    >>> value_words("4859000000", "元", None), value_words("-0.074", "%", None), value_words("", "元", None)
    ('49亿元', '-7%', '—')
    """
    if not value:
        return "—"
    return signed(Decimal(value), unit, one.decimals if one else 0)


def missing_words(row: Figure) -> str:
    """Why there is no number; empty where there is one."""
    return MISSING.get(row.missing, row.missing)


def to_do(row: Figure) -> str:
    """What to do about a number that is missing."""
    return TO_DO.get(row.missing, "")


def exact_words(value: str) -> str:
    """A kept number with all its digits and no idle zeros.

    >>> exact_words("4859000000.0000"), exact_words("0.50"), exact_words("100"), exact_words("")
    ('4859000000', '0.5', '100', '')
    """
    return value.rstrip("0").rstrip(".") if "." in value else value
