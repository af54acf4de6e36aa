"""Which part of a report a heading opens: results, problems, or measures and targets."""

import re

from plumbline.reports.reading.heading import Head
from plumbline.reports.reading.mark import PART, POINT, Mark

OTHER, RESULTS, PROBLEMS, MEASURES, GLOSSARY = range(5)
_AHEAD = "下半年|下一步|下一阶段|下阶段|今后|明年|下一年"
_PLANNED = re.compile(
    f"{_AHEAD}|措施|举措|安排|打算|建议|思路|对策|预期目标|主要目标|目标任务|目标和|总体要求|努力方向|重点任务|工作任务")
_TOLD = re.compile("情况|回顾|成效|成绩|成就|总结|完成数")
_TROUBLE = re.compile("问题|困难|挑战|形势|短板|不足|风险隐患|差距")
_BEHIND = re.compile("上半年|过去|一季度|前三季度|[一三五]年来")
_WEAK = re.compile("工作|任务|重点|目标|要求|建设")
_ANSWERED = re.compile("解决|破解|针对|化解|应对|防范|补齐|攻克")
_INNER = (
    (PROBLEMS, re.compile(
        "存在.{0,8}(?:问题|困难|不足)|(?:面临|主要|突出).{0,6}(?:问题|困难|挑战|形势)$|(?:问题|困难)$")),
    (MEASURES, re.compile(
        f"(?:{_AHEAD}).{{0,14}}(?:措施|安排|打算|工作|重点|任务|思路|目标|建议)|(?:主要|工作|预期)目标$|总体要求$|"
        "^.{0,6}(?:措施|安排|打算|建议)$")),
    (RESULTS, re.compile("(?:执行|完成|运行|进展|收支|总体|基本).{0,2}情况$|工作?回顾$|^.{0,6}成效$")),
)
SAYS_TROUBLE = re.compile(
    r"[^。]{0,80}(?:看到|认识到|存在|面临|需要(?:重点|高度)?关注)[^。]{0,60}?(?:问题|困难|挑战|不足|短板|差距|方面)"
    r"[^。，]{0,10}(?:[：。]|$)")


def classify(title: str, year: int | None, plan_year: int | None) -> int | None:
    """The part a heading of a part opens, or None where its words do not say.

    >>> classify("二、计划执行中存在的主要问题", 2020, 2020), classify("三、完成全年计划的主要举措", 2020, 2020)
    (2, 3)
    >>> classify("四、2023年重点工作", 2022, 2023), classify("一、2022年工作回顾", 2022, 2023)
    (3, 1)
    """
    told, trouble = _TOLD.search(title), _TROUBLE.search(title)
    ahead = re.search(_AHEAD, title) or (plan_year != year and f"{plan_year}年" in title)
    if told and not ahead:
        return PROBLEMS if trouble and trouble.start() < told.start() else RESULTS
    if told and re.search(r"上半年|执行情况|完成情况|回顾", title[:told.end()]):
        return RESULTS
    if _PLANNED.search(title) or ahead:
        return MEASURES
    if trouble:
        return None if _ANSWERED.search(title) else PROBLEMS
    return RESULTS if _BEHIND.search(title) or (year and f"{year}年" in title and plan_year != year) else None


def inner(title: str) -> int | None:
    """The part a heading below the parts turns to, or None: only set phrases count here."""
    for part, pattern in _INNER:
        if pattern.search(title) and not (part == PROBLEMS and _ANSWERED.search(title)):
            return part
    return None


def classes(found: list[Mark | None], top: Head) -> dict[int, int]:
    """Part of every heading of the first level.

    Weak words (重点工作) mean measures only where no later heading says so plainly.
    """
    level = min((mark.level for mark in found if mark), default=PART)
    tops = [(i, mark) for i, mark in enumerate(found) if mark and mark.level == level]
    told = {
        i: classify(mark.title, top.year, top.plan_year) if level == PART else inner(mark.title) for i, mark in tops}
    planned = [i for i, part in told.items() if part == MEASURES]
    told_parts: dict[int, int] = {}
    part = RESULTS if top.heading.kind != "other" and level == PART else OTHER
    for i, mark in tops:
        own = told[i]
        if own is None and level == PART and _WEAK.search(mark.title) and not any(later > i for later in planned):
            own = MEASURES if i != tops[0][0] or top.plan_year != top.year else None
        part = part if own is None else own
        told_parts[i] = part
    return told_parts


def before(found: list[Mark | None], told: dict[int, int]) -> int:
    """Part of blocks before the first heading: an excerpt whose first heading is 二、…问题 began with results."""
    first = min(told, default=None)
    mark = None if first is None else found[first]
    if first is None or mark is None or mark.number in ("", "一", "(一)", "1"):
        return OTHER
    return RESULTS if told[first] == PROBLEMS else OTHER


def divided(found: list[Mark | None]) -> frozenset[int]:
    """Headings of the first level that have smaller ones below them."""
    level = min((mark.level for mark in found if mark), default=PART)
    above, current = set(), -1
    for i, mark in enumerate(found):
        if mark and mark.level == level:
            current = i
        elif mark and mark.level <= POINT:
            above.add(current)
    return frozenset(above)
