"""A promise split to offices by weight, so that the parts add up to the whole, to the last digit."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from plumbline.kernel import BadInput, Finding, normal
from plumbline.kernel.target import is_rate

# amounts, lengths and weights are cut finer than they were promised; what is counted one by one is not
FINER = {"亿元": 4, "万元": 2, "元": 2, "公顷": 2, "亩": 2, "平方公里": 2, "平方米": 0, "公里": 2, "米": 0, "吨": 2, "万吨": 4,
         "万平方米": 4, "万亩": 4}
MOST = 200


@dataclass(frozen=True, slots=True)
class Part:
    """What one office gets of a whole."""

    office: int
    weight: Decimal
    value: Decimal | None


def split_trouble(value: Decimal, unit: str, measure: str = "level") -> str:
    """Why a number cannot be split into parts that add up; empty where it can.

    >>> split_trouble(Decimal(95), "%")
    '「%」是比率，各单位的数加不成全区的数；请把同一目标分别下达，或者不带数字分解。'
    """
    if is_rate(measure, unit):
        return f"「{unit}」是比率，各单位的数加不成全区的数；请把同一目标分别下达，或者不带数字分解。"
    return "" if value > 0 else "要分解的数不大于零；请先改正应完成数。"


def shares(value: Decimal, weights: Sequence[Decimal], scale: int = 0) -> list[Decimal]:
    """A value in parts by weight, each a whole number of units at `scale` digits; what is over goes to the largest remainders.

    Equal  remainders: who stands first
    Raises BadInput where a weight is not above nothing, or the value has more digits than the scale

    >>> [str(one) for one in shares(Decimal(100), [Decimal(3), Decimal(3), Decimal(1)])]
    ['43', '43', '14']
    """
    if not weights or any(not one.is_finite() or one <= 0 for one in weights):
        raise BadInput([Finding("split.weight", "权重", "每个单位的权重都要大于零；不承担的单位请不要选。")])
    units = value.scaleb(scale)
    if units != units.to_integral_value():
        raise BadInput([Finding("split.scale", "应完成", f"{normal(value):f} 的小数多于 {scale} 位，分不尽；请多留几位小数。")])
    whole, total = int(units), sum(_whole(weights))
    exact = [whole * one for one in _whole(weights)]
    parts = [one // total for one in exact]
    first = sorted(range(len(parts)), key=lambda at: (-(exact[at] % total), at))
    for at in first[:whole - sum(parts)]:
        parts[at] += 1
    return [Decimal(one).scaleb(-scale) for one in parts]


def _whole(weights: Sequence[Decimal]) -> list[int]:
    """Weights as whole numbers in the same proportion."""
    digits = max(0, *(-int(one.normalize().as_tuple().exponent) for one in weights))
    return [int(one.scaleb(digits).to_integral_value(ROUND_FLOOR)) for one in weights]


def scale_of(value: Decimal, unit: str) -> int:
    """Digits behind the point that parts of a value are given in: its own, or what the unit is measured in."""
    own = max(0, -int(value.normalize().as_tuple().exponent))
    return max(own, FINER.get(unit, 0))


def parts_of(value: Decimal | None, unit: str, measure: str, weights: Sequence[tuple[int, Decimal]]) -> list[Part]:
    """What each office gets, in their order; without numbers where the whole has none.

    Raises  BadInput where an office stands twice, there are too many, or the number cannot be split
    """
    offices = [office for office, _ in weights]
    if trouble := _trouble(offices, value, unit, measure):
        raise BadInput([Finding("split", "分解", trouble)])
    if value is None:
        return [Part(office, weight, None) for office, weight in weights]
    cut = shares(value, [weight for _, weight in weights], scale_of(value, unit))
    if nothing := sum(1 for one in cut if not one):
        raise BadInput([Finding("split.nothing", "分解", f"有 {nothing} 个单位分到的是 0；请少选几个单位，或者调整权重。")])
    return [Part(office, weight, share) for (office, weight), share in zip(weights, cut, strict=True)]


def _trouble(offices: Sequence[int], value: Decimal | None, unit: str, measure: str) -> str:
    if len(offices) < 2:
        return "至少选两个单位；只交一个单位办的，请转办。"
    if len(offices) > MOST:
        return f"选了 {len(offices)} 个单位，最多 {MOST} 个；请分级下达。"
    if len(set(offices)) < len(offices):
        return "同一个单位选了两次；请只留一次。"
    return "" if value is None else split_trouble(value, unit, measure)
