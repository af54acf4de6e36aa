"""Published growth beside the growth of the levels: both are kept, neither is made from the other."""

from dataclasses import dataclass
from decimal import Decimal

POINT = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Beside:
    """Published growth and the growth of the levels, as shares to a tenth of a point; `apart` is the first less the second.

    why  what an official reads; says why a difference is no error
    """

    published: Decimal
    of_levels: Decimal
    apart: Decimal
    why: str


def beside(now: Decimal | None, before: Decimal | None, growth: Decimal | None, base_note: str = "",
           scope: str = "") -> Beside | None:
    """Published growth (a share) beside that of two levels; None where one of the three is unknown or the base is not above 0.

    >>> told = beside(Decimal(105), Decimal(100), Decimal("0.032"), "按可比价格")
    >>> str(told.of_levels), str(told.apart)
    ('0.050', '-0.018')
    """
    if now is None or growth is None or before is None or before <= 0:
        return None
    of_levels = ((now - before) / before).quantize(POINT)
    published = growth.quantize(POINT)
    apart = published - of_levels
    return Beside(published, of_levels, apart, _why(published, of_levels, apart, base_note, scope))


def _why(published: Decimal, of_levels: Decimal, apart: Decimal, base_note: str, scope: str) -> str:
    said = f"发布的增速是 {_percent(published)}%，按两期水平值推算是 {_percent(of_levels)}%"
    if not apart:
        return f"{said}，两者一致。"
    noted = "、".join(filter(None, (base_note, scope)))
    reason = f"发布的增速{noted}计算" if base_note else "发布的增速按可比口径计算，上年基数可能已经修订"
    return f"{said}，相差 {_percent(abs(apart))} 个百分点；{reason}，水平值按当期口径，所以不同，不是差错。"


def _percent(share: Decimal) -> str:
    return f"{share * 100:.1f}"
