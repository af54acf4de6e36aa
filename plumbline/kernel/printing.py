"""Numbers in print: exact ones for a screen, rounded ones for a report; the only printer of 万 and 亿."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from plumbline.kernel.numeral import normal
from plumbline.kernel.period import is_period, span
from plumbline.kernel.unit import COUNTERS, PERSONS

BOUND_WORDS = {"=": "", "~": "约", ">": "超过", "<~": "接近", ">=": "不低于", "<": "低于", "<=": "不超过"}
SCALES = {"亿": 8, "万": 4, "": 0}
# beyond this an exact number is easier to read in 万
LONG = Decimal(10) ** 6
PERCENT = {"%": 2, "百分点": 2, "‰": 3}
_IN_PRINT = {"百分点": "个百分点", "位": ""}
_DIGITS = "零一二三四五六七八九"
# things counted one by one: their number is exact, and in 万 or 亿 it keeps two digits behind the point
COUNTED = (frozenset(COUNTERS) | frozenset(PERSONS)) - {"倍", "成", "分"}
PARTS = {"H1": "上半年", "H2": "下半年", "Q1": "一季度", "Q2": "二季度", "Q3": "三季度", "Q4": "四季度"}
_ROOM = 60  # digits to round in: wider than any sum the engine gives


@dataclass(frozen=True, slots=True)
class Amount:
    """A rounded number as a report prints it.

    text      digits, magnitude and unit: 48.59亿元
    value     what the text says, in the unit itself (4859000000; shares as 0.074), never negative
    decimals  digits behind the point of `value` the print can be relied on for, zeros that fell away among them;
              None where the print is exact
    """

    text: str
    value: Decimal
    decimals: int | None


def amount(value: Decimal, unit: str = "", grouped: bool = False) -> str:
    """A number with its unit, exact, large ones in 万 or 亿.

    >>> amount(Decimal(4859000000), "元"), amount(Decimal(13000), "个"), amount(Decimal(13000), "个", grouped=True)
    ('48.59亿元', '13000个', '13,000个')
    """
    for word, power in SCALES.items():
        if abs(value) >= max(Decimal(10) ** power, LONG) or not word:
            shown = normal(value.scaleb(-power)) if word else value
            return f"{digits(shown, grouped)}{word}{unit}"
    raise AssertionError("the last scale takes every number")


def power_of(unit: str) -> int:
    """Power of ten from a number told in a unit to the figure it stands for: shares as 0.074, amounts in the unit itself.

    >>> power_of("%"), power_of("‰"), power_of("万元"), power_of("家")
    (-2, -3, 4, 0)
    """
    return -PERCENT[unit] if unit in PERCENT else SCALES.get(unit[:1], 0) if len(unit) > 1 else 0


def shortest(value: int | Decimal, unit: str) -> str:
    """A number as a condition says it: in 万 or 亿 wherever that is shorter and exact.

    >>> shortest(20000000, "元"), shortest(300, "人"), shortest(Decimal("0.50"), "")
    ('2000万元', '300人', '0.5')
    """
    if unit and unit not in ("年", "月", "%"):
        for word, power in SCALES.items():
            small = normal(Decimal(value).scaleb(-power))
            if word and abs(small) >= 1 and len(f"{small:f}".partition(".")[2]) <= 2:
                return f"{small:f}{word}{unit}"
    return f"{normal(Decimal(value)):f}{unit}"


def in_full(value: Decimal, unit: str, places: int = 12, grouped: bool = True) -> str:
    """A figure with all its digits, a share as it is printed; of an endless quotient so many places.

    >>> in_full(Decimal("0.735"), "%"), in_full(Decimal("0.005"), "‰"), in_full(Decimal("0.021"), "百分点")
    ('73.5%', '5‰', '2.1个百分点')
    >>> in_full(Decimal(13000), "个"), in_full(Decimal(1) / 3, "%", 4), in_full(Decimal(10) / 3, "人", 4)
    ('13,000个', '33.3333%', '3.3333人')
    """
    shown = normal(rounded(value.scaleb(PERCENT.get(unit, 0)), places))
    return amount(shown, _IN_PRINT.get(unit, unit), grouped)


def signed(value: Decimal, unit: str, decimals: int = 0) -> str:
    """A figure as a report prints it, with its sign; what rounds to nothing has none.

    >>> signed(Decimal(4859000000), "元"), signed(Decimal("-0.074"), "%", 1), signed(Decimal("-0.0001"), "%")
    ('49亿元', '-7.4%', '0%')
    """
    told = printed_amount(value, unit, decimals)
    return f"{'-' if value < 0 and told.value else ''}{told.text}"


def digits(value: Decimal, grouped: bool = False) -> str:
    """The digits of a number, in groups of three where asked for."""
    if abs(value.adjusted()) > 30:
        return str(value)
    return f"{value:,f}" if grouped else f"{value:f}"


def bounded(bound: str, value: Decimal, unit: str = "") -> str:
    """A number and how it binds.

    >>> bounded(">=", Decimal(95), "%")
    '不低于95%'
    """
    return f"{BOUND_WORDS.get(bound, '')}{amount(value, unit)}"


def rounded(value: Decimal, places: int) -> Decimal:
    """Half up, in Decimal, to so many places (negative: left of the point).

    >>> rounded(Decimal("0.0345"), 3), rounded(Decimal("-2.5"), 0), rounded(Decimal(4859499999), -6)
    (Decimal('0.035'), Decimal('-3'), Decimal('4.859E+9'))
    """
    with localcontext(prec=_ROOM):
        return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def printed_amount(value: Decimal, unit: str, decimals: int = 0, scale: str | None = None) -> Amount:
    """The size of a number as a report prints it: magnitude, digits, unit; zeros behind the point fall away.

    decimals  behind the point: of a share in %, of an amount in 亿 or 万
    scale     "亿", "万" or "" for none; None: chosen as the genre does, and where the one asked for would print a nought

    >>> printed_amount(Decimal("4859123456"), "元", 2)
    Amount(text='48.59亿元', value=Decimal('4859000000'), decimals=-6)
    >>> printed_amount(Decimal("-0.0744"), "%", 1)
    Amount(text='7.4%', value=Decimal('0.074'), decimals=3)
    >>> printed_amount(Decimal(3000), "家"), printed_amount(Decimal(125000), "人", 1).text
    (Amount(text='3000家', value=Decimal('3000'), decimals=None), '12.5万人')
    >>> printed_amount(Decimal(4335123), "人").text, printed_amount(Decimal("870.23"), "公顷", 1).text
    ('433.51万人', '870.2公顷')
    >>> printed_amount(Decimal(42000), "家", 1, "万").text, printed_amount(Decimal(2), "家", 1, "万").text
    ('4.2万家', '2家')
    """
    size = abs(value)
    if unit in PERCENT:
        return _cut(size, PERCENT[unit], decimals, _IN_PRINT.get(unit, unit))
    counted = unit in COUNTED and size == size.to_integral_value()
    places = decimals or 2 if counted else decimals
    lost = bool(scale and size and not rounded(size.scaleb(-SCALES[scale]), places))
    word = _scale(size, unit, places) if scale is None or lost else scale
    tail = f"{word}{_IN_PRINT.get(unit, unit)}"
    if counted and not word:
        return Amount(f"{normal(size):f}{tail}", normal(size), None)
    return _cut(size, -SCALES[word], places, tail)


def _scale(size: Decimal, unit: str, decimals: int) -> str:
    if "/" in unit:
        return ""
    least = {"亿": 1, "万": 10}  # 23184元, but 19.4万元
    return next((word for word in least if rounded(size.scaleb(-SCALES[word]), decimals) >= least[word]), "")


def _cut(size: Decimal, shift: int, decimals: int, tail: str) -> Amount:
    """`size` times ten to the `shift`, with at most so many places."""
    shown = normal(rounded(size.scaleb(shift), decimals))
    return Amount(f"{shown:f}{tail}", normal(shown.scaleb(-shift)), decimals + shift)


def period_name(period: str) -> str:
    """A period in words; a text that is none as it stands.

    >>> period_name("2020H1"), period_name("@2020-06-30"), period_name("2020-02/2020-06"), period_name("2020")
    ('2020年上半年', '截至2020年6月30日', '2020年2月至2020年6月', '2020年')
    """
    if not is_period(period):
        return period
    first, last = span(period)
    if period.startswith("@"):
        return f"截至{day_name(first)}"
    if "/" in period:
        return f"{first.year}年{first.month}月至{last.year}年{last.month}月"
    if period[4:] in PARTS:
        return f"{period[:4]}年{PARTS[period[4:]]}"
    forms = {4: f"{first.year}年", 7: f"{first.year}年{first.month}月", 10: day_name(first)}
    return forms[len(period)]


def day_name(day: date) -> str:
    """A day as an official writes it.

    >>> day_name(date(2020, 6, 30))
    '2020年6月30日'
    """
    return f"{day.year}年{day.month}月{day.day}日"


def ordinal(place: int) -> str:
    """A place in Chinese characters, up to ninety-nine.

    >>> ordinal(3), ordinal(10), ordinal(12), ordinal(20), ordinal(21)
    ('三', '十', '十二', '二十', '二十一')
    """
    tens, ones = divmod(place, 10)
    if not 1 <= place <= 99:
        return str(place)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")
