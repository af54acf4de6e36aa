"""The make-up of an economy printed as a ratio: 三次产业结构由14.2:43.5:42.3调整为13.1:43.0:43.9."""

import re
from dataclasses import dataclass

from plumbline.kernel import printed
from plumbline.reports.reading.numbers import Number

_SHARE = r"(\d{1,3}(?:\.\d{1,3})?)"
_RATIO = re.compile(rf"(?<![\d.]){_SHARE}[：:∶]{_SHARE}[：:∶]{_SHARE}(?![\d：:∶])")
_STRUCTURE = re.compile(r"(?:三次产业|三产|产业)(?:结构|比例|比重|增加值)[^。；]{0,60}$")
SECTORS = ("第一产业比重", "第二产业比重", "第三产业比重")


@dataclass(frozen=True, slots=True)
class Share:
    """One sector's share, as a number in % with the subject it has."""

    number: Number
    subject: str


def structure(text: str) -> list[Share]:
    """The shares of the three sectors wherever a text prints them as a ratio."""
    found = []
    for match in _RATIO.finditer(text):
        if _STRUCTURE.search(text, max(0, match.start() - 80), match.start()):
            found += [Share(_number(match, i), f"三次产业结构{sector}") for i, sector in enumerate(SECTORS, 1)]
    return found


def _number(match: re.Match[str], group: int) -> Number:
    read = printed(match[group])
    if read is None:
        raise ValueError(match[group])
    start, end = match.span(group)
    return Number(start, end, *read, "%", "=", end, match.start(), end)
