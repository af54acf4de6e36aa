"""A printed number against the number it stands for: agrees, differs, or nobody can tell; rounding-aware."""

import re
from dataclasses import dataclass
from decimal import Decimal

from plumbline.kernel import AGREES, CANNOT_TELL, DIFFERS, Claim, area_name, normal
from plumbline.kernel.comparison import Compared
from plumbline.kernel.printing import BOUND_WORDS, COUNTED, PERCENT, amount, in_full, period_name, rounded
from plumbline.reports.checking.allowance import Allowance
from plumbline.reports.checking.arithmetic import Interval, allowed
from plumbline.reports.holding.likeness import same_unit

EXACT = 4  # places a quotient is shown with
_MAGNITUDE = re.compile("[万亿]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """agrees | differs | cannot tell, and why in Chinese, with both numbers."""

    verdict: str
    why: str


def weigh(claim: Claim, one: Compared, by: Allowance, decimals: int | None = None) -> Verdict:
    """What a claim's print and a number say of each other.

    decimals     digits behind the point the print is known to hold for, zeros that fell away among them; of the
                 number in its unit itself (3 for 11% that was rounded to 11.0%)
    Agrees       only where the number, rounded half up, is what is printed, or lies where 超, 近, 约 put it
    Cannot tell  the number is missing; or lies just where half up and half even part
    """
    shown = surface(claim)
    if one.value is None:
        return Verdict(CANNOT_TELL, f"印作{shown}；没有数可对照：{one.why or one.missing}")
    if not same_unit(claim.unit, one.unit):
        return Verdict(DIFFERS, f"印作{shown}，单位「{claim.unit}」与指标的「{one.unit}」不同")
    value = in_print(one)
    told = f"印作{shown}，{source(one)}为{exactly(one)}"
    if claim.value2 is not None:
        inside = claim.value <= value <= claim.value2
        return Verdict(AGREES if inside else DIFFERS, f"{told}，{'在所写范围之内' if inside else '不在所写范围之内'}")
    if claim.bound != "=":
        return _bounded(claim, value, told, by)
    half = tolerance(claim)
    if decimals is not None:
        half = min(half, Decimal(5).scaleb(PERCENT.get(one.unit, 0) - decimals - 1))
    return _rounded(claim, value, half, told)


def surface(claim: Claim) -> str:
    """A claim as it is printed, without blanks."""
    return "".join(claim.surface.split())


def in_print(one: Compared) -> Decimal:
    """The number in the scale of a claim: shares, growth and points times a hundred."""
    value = one.value if one.value is not None else Decimal(0)
    return value.scaleb(PERCENT.get(one.unit, 0))


def exactly(one: Compared) -> str:
    """The number in full, for people; a quotient to four places."""
    if one.unit == "位":
        return f"第{normal(in_print(one)):f}位"
    return in_full(one.value or Decimal(0), one.unit, EXACT, grouped=False)


def source(one: Compared) -> str:
    """Which number it is: 「…」云溪区2025年上半年."""
    if not one.figures:
        return f"「{one.label}」"
    first = one.figures[0]
    return f"「{one.label}」{area_name(first.area)}{period_name(first.period)}"


def tolerance(claim: Claim) -> Decimal:
    """Half of the last printed digit; nothing for what is counted one by one and printed in full."""
    in_full = claim.unit in COUNTED and not _MAGNITUDE.search(claim.surface) and claim.value == claim.value.to_integral_value()
    return Decimal(0) if in_full or claim.measure == "rank" else claim.tolerance


def _rounded(claim: Claim, value: Decimal, half: Decimal, told: str) -> Verdict:
    gap = abs(value) - abs(claim.value)
    if claim.value and value and (claim.value < 0) != (value < 0):
        return Verdict(DIFFERS, f"{told}，增减方向相反")
    if gap == 0 or -half <= gap < half:
        return Verdict(AGREES, f"{told}，相符" if gap == 0 else f"{told}，四舍五入后相符")
    if gap == half:
        return Verdict(CANNOT_TELL, f"{told}，恰在进位处，四舍五入应进一位；请核对")
    unit = "个百分点" if claim.unit in PERCENT else claim.unit
    return Verdict(DIFFERS, f"{told}，相差{amount(normal(rounded(abs(gap), EXACT)), unit)}")


def _bounded(claim: Claim, value: Decimal, told: str, by: Allowance) -> Verdict:
    """Bounds speak of sizes: 下降超5% is a fall of more than 5 %; their number is a limit, and not rounded."""
    if claim.value and value and (claim.value < 0) != (value < 0):
        return Verdict(DIFFERS, f"{told}，增减方向相反")
    size = abs(claim.value)
    room = allowed(size, Decimal(0), claim.bound, by)
    if claim.bound == "<~":
        room = Interval(size * by.near, room.high)
    inside = room.low <= abs(value) <= room.high
    word = BOUND_WORDS[claim.bound]
    return Verdict(AGREES if inside else DIFFERS, f"{told}，{'符合' if inside else '不符合'}「{word}」")
