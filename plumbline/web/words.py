"""Values in the words of an official: amounts, bounds, periods; nothing is rounded here."""

from datetime import date
from decimal import Decimal, InvalidOperation

from plumbline.kernel import printing


def exact(text: str) -> Decimal | None:
    """The decimal a stored text holds, None where it holds none."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def amount(value: Decimal | str | None, unit: str = "") -> str:
    """A number with its unit, exact, large ones in 万 or 亿.

    >>> amount(Decimal(4859000000), "元"), amount("13000", "个"), amount("71.20", "%"), amount(None)
    ('48.59亿元', '13,000个', '71.20%', '不明')
    """
    number = exact(value) if isinstance(value, str) else value
    if number is None:
        return value if isinstance(value, str) and value else "不明"
    return printing.amount(number, unit, grouped=True)


def grouped(number: Decimal) -> str:
    """Digits in groups of three, as many behind the point as there are."""
    return printing.digits(number, grouped=True)


def bounded(bound: str, value: Decimal | str, unit: str) -> str:
    """A target in words.

    >>> bounded(">=", "95", "%")
    '不低于95%'
    """
    return f"{printing.BOUND_WORDS.get(bound, '')}{amount(value, unit)}"


def period_words(period: str) -> str:
    """A period as people write it.

    >>> period_words("2020H1"), period_words("")
    ('2020年上半年', '时期不明')
    """
    return printing.period_name(period) if period else "时期不明"


def days_words(first: date | None, last: date | None) -> str:
    """What days a delivery covers.

    >>> days_words(date(2020, 1, 1), None), days_words(None, None)
    ('2020-01-01 至 现在', '不分时段')
    """
    return f"{first or '最早'} 至 {last or '现在'}" if first or last else "不分时段"


def share_words(share: Decimal | None) -> str:
    """A share in print, one digit behind the point.

    >>> share_words(Decimal("0.3951")), share_words(None)
    ('39.5%', '无法判断')
    """
    return "无法判断" if share is None else f"{share * 100:.1f}%"
