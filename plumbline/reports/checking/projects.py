"""The same named project in two reports, in other words: 通车 here, 竣工 there, and by when."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from plumbline.kernel import AGREES, AREAS, CANNOT_TELL, CITY, DIFFERS, Place, Statement
from plumbline.reports.checking.quantity import Sheet
from plumbline.reports.reading.normal import Block

# words for one state of a project, by what they mean for its date
_STATES = {
    "开放": "开园|(?<!扩大)(?<!对外)开放(?=$|使用|运营)|开业|开馆|投用|投入使用|启用|投入运营|开通运营",
    "建成": "全线通车|建成通车|竣工通车|通车|竣工|完工|建成|贯通",
    "开工": "开工建设|开工|动工",
    "投产": "投产|达产",
}
_STATE = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _STATES.items()))
_BY = re.compile(
    r"(?P<month>\d{1,2})月(?:底|末|份)?(?:之?前)?|(?P<quarter>[一二三四])季度(?:末|内)?|(?P<year>年底(?:之?前)?|年末|年内)")
_CLAUSE = re.compile("[^，；。]+")
# words that name no particular project
_PLACES = "|".join((*(name for area in AREAS for name in area.also), CITY.short))
_GENERIC = re.compile(
    f"{_PLACES}|城市|工程|项目|建设|主体|结构|加快|推进|推动|实现|确保|力争|年底|完成|启动|施工|道路|正式|全面|重点|改造|工作|"
    "[^\u4e00-\u9fffA-Za-z]|基础|设施|一批|一期|二期|综合|治理|行动|计划|规划|发展|高质量|服务|企业|中心|[和与及等的年月底前内个项处条家]")


@dataclass(frozen=True, slots=True)
class Event:
    """A project that shall reach a state; `month` None where the clause names no date."""

    words: str
    said: str
    state: str
    month: int | None
    place: Place


def projects(report: Sheet, other: Sheet) -> list[Statement]:
    """Projects that both reports promise, with their states and dates held against each other."""
    found = []
    for one, two in product(_events(report), _events(other)):
        name = common(one.words, two.words)
        if one.state == two.state and name:
            found.append(_held(name, one, two))
    return found


def common(left: str, right: str) -> str:
    """The longest run of words two names share, where it names a thing; else an empty text.

    >>> common("确保青塘路北延", "青塘路北延实现"), common("推进重点项目建设", "加快重点项目建设")
    ('青塘路北延', '')
    """
    best = ""
    for start in range(len(left)):
        end = start + max(len(best) + 1, 4)
        while end <= len(left) and left[start:end] in right:
            best, end = left[start:end], end + 1
    return best if len(_GENERIC.sub("", best)) > 1 else ""


def _held(name: str, one: Event, two: Event) -> Statement:
    words = f"{name}：一处“{one.said}”，一处“{two.said}”"
    places = (one.place, two.place)
    if one.month is not None and two.month is not None:
        same = one.month == two.month
        return Statement("across", AGREES if same else DIFFERS, f"{words}：期限{'一致' if same else '不一致'}", places)
    if 12 in (one.month, two.month) or one.month == two.month:
        return Statement("across", AGREES, f"{words}：均在年内", places)
    return Statement("across", CANNOT_TELL, f"{words}：一处未写期限", places)


def _events(sheet: Sheet) -> Iterator[Event]:
    """Promised states in the measures of a report."""
    begin = min((section.start for section in sheet.report.sections if section.part == 3), default=None)
    if begin is None:
        return
    for block in sheet.blocks:
        if block.at[0] >= begin:
            yield from _promises(sheet, block)


def _promises(sheet: Sheet, block: Block) -> Iterator[Event]:
    opening = ""
    ended = True
    for match in _CLAUSE.finditer(block.text):
        opening = match[0] if ended else opening
        ended = block.text[match.end():match.end() + 1] == "。"
        state = _STATE.search(match[0])
        if state:
            words = _STATE.sub("", _BY.sub("", match[0]))
            words = words if len(_GENERIC.sub("", words)) > 1 else opening
            place = sheet.span(*block.span(*match.span()))
            yield Event(words, match[0], str(state.lastgroup), _month(match[0]), place)


def _month(clause: str) -> int | None:
    match = _BY.search(clause)
    if match is None:
        return None
    if match["month"]:
        return int(match["month"])
    return 3 * ("一二三四".index(match["quarter"]) + 1) if match["quarter"] else 12
