"""The year a text is about where no title says it: from its own sentences, its file's name, or the years around it.

Reports name other years too: those they compare with lie before, those they aim at lie after.
"""

import re
from collections import Counter

_YEAR = re.compile(r"(?<![\d-])(20\d\d)年(?!代|期|行动|发展|规划)")
_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_PAST_BEFORE = re.compile(r"(?:比|较|与|从|由|自|于|以)$")
_PAST_AFTER = re.compile(r"(?:[底末])?(?:同期|以来|相比|水平|的|[底末](?!前))")
_AHEAD = re.compile(r"(?:到|至|力争|截至)$")
_AIM = re.compile("[底末]?(?:前|，?.{0,12}(?:达到|力争|目标|建成|实现))")
_FIVE = {"十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026}
_OPENING = re.compile(
    "[“\"](十[二三四五])五[”\"](?:[^。]{0,6})(?:开局|起步|首年|第一年)|(?:开局|起步)[^。]{0,8}[“\"](十[二三四五])五")
_CLOSING = re.compile("[“\"](十[二三四])五[”\"](?:[^。]{0,8})(?:收官|圆满|最后一年|收尾)")


def year_of_text(text: str, name: str = "") -> int | None:
    """The year a text without a title reports on, or None where nothing tells.

    >>> year_of_text("2022年，全区实现总产值9亿元，比2021年增长3%。")
    2022
    >>> year_of_text("上半年，全区总产值9亿元，比2019年同期增长3%。", "某区2021年上半年.txt")
    2021
    >>> year_of_text("上半年，优良天数比2022年同期多3天。")
    2023
    """
    plain, past, ahead, loose = _sorted(text)
    if plain:
        return max(plain, key=lambda year: (plain[year], year))
    named = _IN_NAME.search(name)
    if named:
        return int(named[1])
    opening, closing = _OPENING.search(text), _CLOSING.search(text)
    if opening:
        return _FIVE[opening[1] or opening[2]]
    if closing:
        return _FIVE[closing[1]] + 4
    if past:
        return max(past) + 1
    near = [year for year in ahead if year % 5]  # 到2025年 tells the end of a plan, not this year
    if near:
        return min(near) - 1
    return max(loose, key=lambda year: (loose[year], year)) if loose else None


def _sorted(text: str) -> tuple[Counter[int], Counter[int], Counter[int], Counter[int]]:
    """Years that open a sentence, are compared with, are aimed at; and the rest."""
    plain: Counter[int] = Counter()
    past: Counter[int] = Counter()
    ahead: Counter[int] = Counter()
    loose: Counter[int] = Counter()
    for match in _YEAR.finditer(text):
        before, after = text[max(0, match.start() - 4):match.start()], text[match.end():match.end() + 16]
        year = int(match[1])
        if _AHEAD.search(before) and not after.startswith(("底，累计", "末，累计")):
            ahead[year] += 1
        elif _PAST_BEFORE.search(before) or _PAST_AFTER.match(after):
            past[year] += 1
        elif before[-1:] in ("", "。", "；", "）", "、", "-"):
            plain[year] += 1
        else:
            (ahead if _AIM.match(after) else loose)[year] += 1
    return plain, past, ahead, loose
