"""Places in an order: 居全市第三, 列全省第9位, 历史最好; in digits they are figures, in characters too."""

import re
from decimal import Decimal

from plumbline.kernel import chinese
from plumbline.reports.reading.numbers import Number

_PLACE = re.compile(
    r"第(?P<digits>\d{1,3})(?:位|名)?|第(?P<zh>[一二三四五六七八九十]{1,3})(?:位|名)?|前(?P<top>\d{1,3})(?:位|"
    r"名|强)?")
_NAMES_A_THING = re.compile("[届批次期章节条款部个轮季产医人小中实附高]")
_VERB = re.compile("居|列|位|排|名|跃|升至|前移|蝉联|保持|进入|进|全[市省国区县]")
_CUT = re.compile("[，。；“”]")
_BEST = re.compile(
    r"(?P<among>历史(?:同期)?|有史以来|近\d+年)(?:来)?(?P<best>最[好高优低]|新高)(?:水平)?|"
    r"创(?:下)?(?P<new>历史新高)")


def ranks(text: str) -> list[Number]:
    """Every rank printed in a normal text."""
    found = [number for number in (_place(text, match) for match in _PLACE.finditer(text)) if number]
    return found + [_rank(match.start("best") if match["best"] else match.start("new"), match.end(), Decimal(1), "zh")
                    for match in _BEST.finditer(text)]


def _place(text: str, match: re.Match[str]) -> Number | None:
    words = _CUT.split(text[max(0, match.start() - 24):match.start()])[-1]
    if not _VERB.search(words) or _NAMES_A_THING.match(text, match.end()):
        return None
    if match["zh"]:
        value = chinese(match["zh"])
        return _rank(match.start("zh"), match.end(), Decimal(value), "zh") if value else None
    if match["top"] and not re.search("进入?|居|列|位|名", words):
        return None
    start = match.start("digits") if match["digits"] else match.start("top")
    return _rank(start, match.end(), Decimal(match["digits"] or match["top"]), None, "<=" if match["top"] else "=")


def _rank(start: int, end: int, value: Decimal, numeral: str | None, bound: str = "=") -> Number:
    return Number(start, end, value, Decimal(0), "位", bound, end, start, end, numeral=numeral)
