"""Numbers as texts print them: digits with separators, and numbers in Chinese characters."""

from decimal import Decimal

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10_000, "亿": 100_000_000}
MULTIPLIERS = {
    "": 1, "十": 10, "百": 100, "千": 1000, "万": 10_000, "十万": 100_000, "百万": 1_000_000,
    "千万": 10_000_000, "亿": 100_000_000, "十亿": 1_000_000_000, "百亿": 10_000_000_000,
    "千亿": 100_000_000_000, "万亿": 1_000_000_000_000,
}
LONGEST = 30


def chinese(text: str) -> int | None:
    """Value of a whole number in characters, or None where it is not one.

    >>> chinese("两"), chinese("十四"), chinese("二十三"), chinese("一百零五"), chinese("三万六千")
    (2, 14, 23, 105, 36000)
    >>> chinese("二〇二〇"), chinese("若干")
    (2020, None)
    """
    if not text or any(c not in DIGITS and c not in SMALL and c not in LARGE for c in text):
        return None
    if all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    total = section = digit = 0
    for c in text:
        if c in DIGITS:
            digit = DIGITS[c]
        elif c in SMALL:
            section += (digit or 1) * SMALL[c]
            digit = 0
        else:
            total = (total + section + digit) * LARGE[c] if LARGE[c] == LARGE["亿"] else (
                total + (section + digit) * LARGE[c])
            section = digit = 0
    return total + section + digit


def printed(digits: str, multiplier: str = "") -> tuple[Decimal, Decimal] | None:
    """Value and half of its last printed digit, multiplied out; None beyond 30 digits.

    >>> printed("48.59", "亿")
    (Decimal('4859000000'), Decimal('500000'))
    >>> printed("1,672")
    (Decimal('1672'), Decimal('0.5'))
    """
    clean = digits.replace(",", "")
    if sum(c.isdigit() for c in clean) > LONGEST:
        return None
    factor = Decimal(MULTIPLIERS[multiplier])
    decimals = len(clean.partition(".")[2])
    return normal(Decimal(clean) * factor), normal(Decimal(5).scaleb(-decimals - 1) * factor)


def normal(value: Decimal) -> Decimal:
    """The same number without trailing zeros after the point, never in exponent form."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return Decimal(text or "0")
