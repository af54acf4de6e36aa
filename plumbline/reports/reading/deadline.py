"""The day a promise is due, from the dates its words name."""

import calendar
import re
from collections.abc import Iterator
from datetime import date

from plumbline.kernel import chinese
from plumbline.reports.reading.normal import fold

_DONE = (
    "完成|建成|开工|竣工|投产|投用|投入|通车|开园|开放|实现|达到|启动|开业|运营|交付|形成|新增|新建|基本|力争|确保|全面")
_YEAR = r"(?:(?P<year>20\d\d)年|(?P<rel>明年|今年|当年|本年|次年))?"
_DAY = re.compile(
    rf"(?<![-\d]){_YEAR}(?P<month>1[0-2]|0?[1-9])月(?P<day>\d{{1,2}})日(?!起|以来|后|至|-|开始|召开|发生)(?P<by>之?前|以前)?")
_MONTH = re.compile(
    rf"(?<![-\d年]){_YEAR}(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?(?P<at>上旬|中旬|下旬|初|底|末)?"
    r"(?!\d|-|至|以来|起|后|单月|例|考)")
_QUARTER = re.compile(
    rf"(?<![比较前]){_YEAR}(?:第)?(?P<quarter>[一二三四1-4])季度(?!以来|起|后|比|相比|收窄|报|数据|的)(?P<at>末|底|内|前)?")
_HALF = re.compile(rf"{_YEAR}上半年(?:末|底|前|内|(?={_DONE}))")
_FEAST = re.compile(rf"{_YEAR}(?P<feast>五一|七一|八一|国庆|十一|元旦|新年)(?:劳动)?节?(?:之|以)?前")
_FEASTS = {"五一": (4, 30), "七一": (6, 30), "八一": (7, 31), "国庆": (9, 30), "十一": (9, 30)}
_THIS_YEAR = re.compile(
    rf"年底|年末|年内|年终|年度内|(?<!上|前)半年内|全年(?!确定|目标|任务|计划|重点|各项|经济|预期|工作|[^，。；]{{0,4}}的)|"
    rf"(?:今年|本年度?)(?=内|底|[^，。；]{{0,2}}(?:{_DONE}))|下半年(?=[^，。；]{{0,2}}(?:{_DONE}))")
_OTHER_YEAR = re.compile(
    rf"(?<![-\d])(?:到|至|在)?(?P<year>20\d\d)年(?:年?底|年?末|内|前|之前|以前|(?=(?:{_DONE})))|"
    rf"(?:到|至)(?P<to>20\d\d)年|(?P<next>明年)(?:底|末|内|(?=[^，。；\d]{{0,2}}(?:{_DONE})))|"
    r"“?十(?P<plan>[三四五六])五”?(?:末|期末|时期末|规划期末)")
_SPEAKS_OF_TIME = re.compile("[月季年末期]|节前|[一七]前|庆前|一前")
_PAST = re.compile("(?:去年|上年|前年|同期)$")


def deadline(text: str, year: int) -> str | None:
    """The latest date a promise names: an ISO day, or a year where the year's end is meant.

    >>> deadline("8月底前全部下达完毕，三季度内达产", 2020), deadline("9月开园，年底前通车", 2020)
    ('2020-09-30', '2020')
    >>> deadline("到2025年建成", 2020), deadline("针对全年确定的重点项目", 2020)
    ('2025', None)
    """
    found = list(_dates(fold(text), year)) if _SPEAKS_OF_TIME.search(text) else []
    return max(found, key=_order) if found else None


def _order(when: str) -> tuple[str, int]:
    return (when, 1) if len(when) > 4 else (f"{when}-12-31", 0)


def _dates(words: str, year: int) -> Iterator[str]:
    for pattern, read in ((_DAY, _day), (_MONTH, _month), (_QUARTER, _quarter), (_HALF, _half), (_FEAST, _feast)):
        for match in pattern.finditer(words):
            if not _PAST.search(words[max(0, match.start() - 2):match.start()]):
                when = read(match, _year(match, year))
                if when:
                    yield when
    if _THIS_YEAR.search(words):
        yield from _years_end(words, year)
    for match in _OTHER_YEAR.finditer(words):
        if match["plan"]:
            yield str(2005 + 5 * (_number(match["plan"]) - 1) + 5)
        else:
            yield match["year"] or match["to"] or str(year + 1)


def _years_end(words: str, year: int) -> Iterator[str]:
    """The year, unless every 年底 belongs to a year named before it."""
    for match in _THIS_YEAR.finditer(words):
        before = words[max(0, match.start() - 4):match.start()]
        if not re.search(r"20\d\d$|[明去上前次]$", before):
            yield str(year)


def _year(match: re.Match[str], year: int) -> int:
    if match["year"]:
        return int(match["year"])
    return year + 1 if match["rel"] in ("明年", "次年") else year


def _number(words: str) -> int:
    """A month, quarter or five-year plan in digits or characters."""
    return int(words) if words.isdigit() else chinese(words) or 0


def _day(match: re.Match[str], year: int) -> str | None:
    try:
        return date(year, int(match["month"]), int(match["day"])).isoformat()
    except ValueError:
        return None


def _month(match: re.Match[str], year: int) -> str:
    month = _number(match["month"])
    day = {"初": 10, "上旬": 10, "中旬": 20}.get(match["at"] or "", calendar.monthrange(year, month)[1])
    return date(year, month, day).isoformat()


def _quarter(match: re.Match[str], year: int) -> str:
    quarter = _number(match["quarter"])
    return date(year, 3 * quarter, calendar.monthrange(year, 3 * quarter)[1]).isoformat()


def _half(match: re.Match[str], year: int) -> str:
    return f"{year}-06-30"


def _feast(match: re.Match[str], year: int) -> str:
    if match["feast"] in ("元旦", "新年"):
        return str(year if not match["year"] and not match["rel"] else year - 1)
    month, day = _FEASTS[match["feast"]]
    return date(year, month, day).isoformat()
