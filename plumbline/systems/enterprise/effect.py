"""What support did: firms that received it against firms like them that did not, stratum by stratum.

    effect   = Σ n₁ₛ (mean of the supported − mean of the others) ÷ Σ n₁ₛ        over strata that hold both
    variance = Σ (n₁ₛ ÷ Σ n₁)² (v₁ₛ ÷ n₁ₛ + v₀ₛ ÷ n₀ₛ)                            Neyman's: never too small on average

A stratum is what a firm was before: trade, size, age, where it lies, how lively it was. The mean is that of the supported
(ATT): what it did to those who received it, not what it would do to others. Values come as whole numbers; sums are exact.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

EXACT = Context(prec=40)
# of the normal distribution, two-sided 95 %
NORMAL = Decimal("1.959963984540054")
# fewer supported firms with somebody like them are too few to say anything of
FEWEST = 20
CANNOT = (
    "申请与否是企业自己决定的，审批也有选择：只比了看得见的条件（行业、规模、成立年限、街道、此前活跃度），看不见的条件（经营者、订单、其他融资）可能不同。",
    "同一时期的其他政策和市场变化，如果恰好只影响其中一边，会混进差别里。",
    "获支持的企业可能带动或挤占了周围未获支持的企业，这样差别会偏小或偏大。",
    "没有相近企业可比的获支持企业不在这个数里；这个数说的只是能比的那些，不能推到其他企业。",
    "活跃度由报来的记录算出，记录不全的企业两边都没有计入；记录本身的错误看不出来。",
)


@dataclass(frozen=True, slots=True)
class Moments:
    """Some values, summed: how many, their sum, the sum of their squares; whole numbers. Parts add up."""

    count: int = 0
    total: int = 0
    squares: int = 0

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(self.count + other.count, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self) -> Decimal:
        """Their mean; there must be one."""
        return EXACT.divide(Decimal(self.total), Decimal(self.count))

    @property
    def spread(self) -> Decimal:
        """Sum of the squared distances from their mean."""
        return EXACT.divide(Decimal(self.count * self.squares - self.total**2), Decimal(self.count or 1))


@dataclass(frozen=True, slots=True)
class Stratum:
    """Firms that were alike before: those that received support, and the others."""

    key: tuple[str, ...]
    supported: Moments = Moments()  # noqa: RUF009  never changes
    others: Moments = Moments()  # noqa: RUF009  never changes

    @property
    def both(self) -> bool:
        """Whether there is somebody to compare with."""
        return bool(self.supported.count and self.others.count)


@dataclass(frozen=True, slots=True)
class Effect:
    """The mean difference, with its 95 % interval; unit as the values'. None with the reason in `why`.

    matched   supported firms with somebody like them, in `strata` strata with `others` others; `alone` have nobody
    supported, without  means of the matched, and of the others weighted to them
    """

    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    matched: int = 0
    alone: int = 0
    others: int = 0
    strata: int = 0
    supported: Decimal | None = None
    without: Decimal | None = None
    why: str = ""

    @property
    def seen(self) -> bool:
        """Whether a difference is seen: zero lies outside the interval."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)

    def words(self, what: str, unit: str, scale: Decimal = Decimal(1)) -> str:
        """The finding in a sentence; `scale` makes what is printed of a value.

        >>> Effect(Decimal(300), Decimal(-100), Decimal(700), 40, others=90).words("活跃度", "点", Decimal("0.01"))
        '看不出差别：40 户获支持企业的活跃度与相近企业相差 3.0点，95% 区间 -1.0 至 7.0点，包含零。'
        """
        if self.value is None or self.low is None or self.high is None:
            return f"{what}：{self.why}"
        value, low, high = (f"{one * scale:.1f}" for one in (self.value, self.low, self.high))
        if not self.seen:
            return (f"看不出差别：{self.matched} 户获支持企业的{what}与相近企业相差 {value}{unit}，"
                    f"95% 区间 {low} 至 {high}{unit}，包含零。")
        more = "高" if self.value > 0 else "低"
        return (f"{self.matched} 户获支持企业的{what}平均比相近、未获支持的企业{more} {abs(self.value) * scale:.1f}{unit}，"
                f"95% 区间 {low} 至 {high}{unit}，不含零。")


def strata(units: Iterable[tuple[tuple[str, ...], bool, int]]) -> list[Stratum]:
    """Strata of single firms: what each was before, whether it received support, and its value."""
    found: dict[tuple[str, ...], list[list[int]]] = defaultdict(lambda: [[0, 0, 0], [0, 0, 0]])
    for key, supported, value in units:
        sums = found[key][0 if supported else 1]
        sums[0] += 1
        sums[1] += value
        sums[2] += value * value
    return [Stratum(key, Moments(*mine), Moments(*theirs)) for key, (mine, theirs) in sorted(found.items())]


def effect(found: Sequence[Stratum], fewest: int = FEWEST) -> Effect:
    """The effect on those supported.

    One     firm alone on its side of a stratum has no spread of its own: the mean spread of that side stands for it
    Alike   where all values of a side are the same nothing tells how they might have differed: no interval, no finding
    Raises  nothing: too few, or all the same, is an effect without a value that says why
    """
    both = [one for one in found if one.both]
    matched, whole = (sum(one.supported.count for one in some) for some in (both, found))
    alone = whole - matched
    if matched < fewest:
        return Effect(None, matched=matched, alone=alone, strata=len(both),
                      why=f"能与相近企业相比的获支持企业只有 {matched} 户，不足 {fewest} 户，不下结论")
    weight = [EXACT.divide(Decimal(one.supported.count), Decimal(matched)) for one in both]
    supported = sum((w * one.supported.mean for w, one in zip(weight, both, strict=True)), Decimal(0))
    without = sum((w * one.others.mean for w, one in zip(weight, both, strict=True)), Decimal(0))
    told = {"matched": matched, "alone": alone, "others": sum(one.others.count for one in both), "strata": len(both),
            "supported": supported, "without": without}
    pools = _pooled([one.supported for one in both]), _pooled([one.others for one in both])
    if not pools[0] or not pools[1]:
        return Effect(None, why="其中一边各户的数都一样，或每层只有一户，算不出区间，不下结论", **told)  # type: ignore[arg-type]
    variance = sum((w * w * (_of_mean(one.supported, pools[0]) + _of_mean(one.others, pools[1]))
                    for w, one in zip(weight, both, strict=True)), Decimal(0))
    value, half = supported - without, NORMAL * variance.sqrt()
    return Effect(value, value - half, value + half, **told)  # type: ignore[arg-type]


def _pooled(sides: Sequence[Moments]) -> Decimal | None:
    """The mean variance within strata; None where no stratum has two."""
    free = sum(one.count - 1 for one in sides)
    return EXACT.divide(sum((one.spread for one in sides), Decimal(0)), Decimal(free)) if free else None


def _of_mean(one: Moments, pooled: Decimal) -> Decimal:
    """Variance of a stratum's mean."""
    variance = EXACT.divide(one.spread, Decimal(one.count - 1)) if one.count > 1 else pooled
    return EXACT.divide(variance, Decimal(one.count))


__all__ = ["CANNOT", "Effect", "Moments", "Stratum", "effect", "strata"]
