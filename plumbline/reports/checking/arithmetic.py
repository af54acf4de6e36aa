"""Arithmetic on printed numbers: intervals that printed precision allows, and what a sum of them proves."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from plumbline.kernel import AGREES, CANNOT_TELL, DIFFERS
from plumbline.reports.checking.allowance import Allowance, allowance
from plumbline.reports.checking.quantity import Quantity

_BOUNDLESS = Decimal("Infinity")
_DIGITS = 120  # a quotient of two numbers of 30 digits, with room


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a thing may lie, given what is printed of it."""

    low: Decimal
    high: Decimal

    def __add__(self, other: "Interval") -> "Interval":
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: "Interval") -> "Interval":
        return Interval(self.low - other.high, self.high - other.low)

    def __truediv__(self, other: "Interval") -> "Interval":
        """Quotient of two positive intervals."""
        return Interval(self.low / other.high, self.high / other.low)

    def meets(self, other: "Interval") -> bool:
        """Whether the two have a point in common."""
        return self.low <= other.high and other.low <= self.high


def interval(quantity: Quantity, signed: bool = False) -> Interval:
    """What the printed digits and the bound (余 近 超 左右) allow."""
    return allowed(quantity.value if signed else quantity.size, quantity.slack, quantity.bound, allowance(quantity.day))


def allowed(at: Decimal, slack: Decimal, bound: str, by: Allowance) -> Interval:
    """Where a thing may lie that is printed as `at`, give or take `slack`.

    A bound opens one side: `超5亿` is anything from 5亿 upwards.
    """
    low, high = at - slack, at + slack
    if bound in (">", ">="):
        high = _BOUNDLESS
    elif bound in ("<", "<=", "<~"):
        low = Decimal(0)
    elif bound == "~":
        low, high = at - abs(at) * by.about, at + abs(at) * by.about
    return Interval(low, high)


def plus(intervals: Sequence[Interval]) -> Interval:
    """Sum of intervals."""
    total = intervals[0]
    for each in intervals[1:]:
        total += each
    return total


@dataclass(frozen=True, slots=True)
class Sum:
    """A whole and the parts a text says it has.

    parallel  the parts are named in one form, so that they are parts of one division
    complete  words say that the parts are all there are
    open      words say that they are not (等)
    """

    whole: Quantity
    parts: tuple[Quantity, ...]
    parallel: bool = True
    complete: bool = False
    open: bool = False

    @property
    def total(self) -> Decimal:
        """The parts as printed, added up."""
        return sum((part.size for part in self.parts), Decimal(0))

    @property
    def fits(self) -> bool:
        """Whether the printed digits add up, to the last one."""
        return self.total == self.whole.size

    @property
    def one_digit(self) -> bool:
        """Whether one wrong digit explains the gap."""
        step = min(each.step for each in (self.whole, *self.parts))
        return len(str(int(abs(self.whole.size - self.total) / step)).rstrip("0")) == 1

    @property
    def speaks(self) -> bool:
        """Whether there is anything to say.

        Two parts that fall short of a whole, by what no single wrong digit explains, are examples of it; and parts
        that are not of one form are no division.
        """
        sure = self.complete or self.total > self.whole.size or len(self.parts) > 2
        return self.fits or self.one_digit or (self.parallel and sure)


def weigh(found: Sum) -> tuple[str, str]:
    """Verdict on a sum, and the reason in words.

    `agrees` is said only when the printed digits add up to the last one: every altered digit shows. A gap that
    rounding explains is never an error, nor is one that parts left unnamed explain.
    """
    gap = found.whole.size - found.total
    shown = shown_in(abs(gap), found.whole)
    if not all(each.exact for each in (found.whole, *found.parts)):
        return _bounded(found)
    if not gap:
        return (CANNOT_TELL, "数字合得上，但所列并非全部") if found.open else (AGREES, "各项之和与总数一致")
    if interval(found.whole).meets(plus([interval(part) for part in found.parts])):
        return CANNOT_TELL, f"相差{shown}，在四舍五入的范围内，请核对"
    if gap < 0:
        word = f"各项之和大于总数，多{shown}"
        return (DIFFERS, word) if found.parallel else (CANNOT_TELL, f"{word}；所列是否同属一项，请核对")
    if not found.open and (found.complete or (found.parallel and _likely(found))):
        return DIFFERS, f"各项之和小于总数，少{shown}"
    return CANNOT_TELL, f"各项之和比总数少{shown}；如所列为全部则不符"


def _bounded(found: Sum) -> tuple[str, str]:
    if interval(found.whole).meets(plus([interval(part) for part in found.parts])):
        return CANNOT_TELL, "有约数，未见矛盾"
    least = sum((interval(part).low for part in found.parts), Decimal(0))
    if found.parallel and least > interval(found.whole).high:
        return DIFFERS, "各项之和大于总数"
    return CANNOT_TELL, "有约数，请核对"


def _likely(found: Sum) -> bool:
    """Whether one wrong digit explains a gap better than parts left unnamed.

    In a whole of one or two digits nearly every gap is one digit, so there the parts must come near it.
    """
    long = found.whole.size / found.whole.step >= 100
    return found.one_digit and (long or found.total >= allowance(found.whole.day).near * found.whole.size)


def shown_in(size: Decimal, like: Quantity) -> str:
    """A size printed as `like` is printed: same scale, same unit."""
    return number(size / like.scale) + like.tail


def number(value: Decimal, places: int | None = None) -> str:
    """A decimal for people: no exponent, no trailing zeros, `places` after the point at most; 不限 where boundless."""
    if not value.is_finite():
        return "不限"
    if places is not None:
        with localcontext(prec=_DIGITS):
            value = round(value, places)
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
