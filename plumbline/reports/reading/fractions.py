"""Shares and growth said in words: 超半数, 六成, 三分之一, 翻一番; figures in characters, all in %."""

import re
from decimal import Decimal

from plumbline.kernel import chinese, normal
from plumbline.reports.reading.numbers import Number

_N = "[一二三四五六七八九十两]"
_WORDS = re.compile(
    rf"(?P<lead>近|超|约|逾)?(?:(?P<half>半数|一半|(?<=首次)过半)|(?P<tenth>{_N})成(?![功就立效果为员本长都品套份熟])(?P<more>多|以上)?|"
    rf"(?P<under>{_N}{{1,3}})分之(?P<over>{_N}{{1,3}})(?![一-鿿]?号)|翻(?:了)?(?P<double>[一两三])番|(?P<plain>翻番))")
_ANY = re.compile("半|成|分之|番")
_BOUNDS = {"近": "<~", "超": ">", "约": "~", "逾": ">"}


def fractions(text: str) -> list[Number]:
    """Every share or doubling said in words in a normal text."""
    if not _ANY.search(text):
        return []
    return [_number(match) for match in _WORDS.finditer(text)]


def doubling(text: str, number: Number) -> bool:
    """Whether a number is a doubling (翻一番), which is growth."""
    return text[number.start] == "翻"


def _number(match: re.Match[str]) -> Number:
    if match["half"]:
        value = Decimal(50)
    elif match["tenth"]:
        value = Decimal(10 * (chinese(match["tenth"]) or 0))
    elif match["under"]:
        value = Decimal(100 * (chinese(match["over"]) or 0)) / Decimal(chinese(match["under"]) or 1)
        value = normal(value.quantize(Decimal("0.1")))
    else:
        value = Decimal(100 * (2 ** {"一": 1, "两": 2, "三": 3}.get(match["double"] or "一", 1) - 1))
    start = match.end("lead") if match["lead"] else match.start()
    bound = _BOUNDS.get(match["lead"] or "", ">" if match["more"] else "=")
    return Number(start, match.end(), value, Decimal(0), "%", bound, match.end(), match.start(), match.end(),
                  numeral="zh")
