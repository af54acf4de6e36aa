"""Whether a number is reported, promised or a norm, and for when."""

import re
from dataclasses import dataclass

from plumbline.kernel import period as periods
from plumbline.reports.reading.numbers import Number
from plumbline.reports.reading.times import Mention, ends_in_state

# 计划 is a verb where none of 行动, 发展, 工作, 年度, 执行, 实施, 社会, 三年, 专项 makes it a name
_PROMISE = re.compile(
    r"(?:年度计划(?=(?:完成)?总?投资)|(?<![动展作度行施会年项扶])计划(?=[总年今到引入上市实施安排投资新建完成融资开募招增改拟在]"
    r"(?!表|单|情况))|拟|力争|确保|将[于达完实新再继全累超突]|预期目标(?=[：为是])|"
    r"(?:今年|全年)计划(?!的|完成|任务|目标|执行)|目标(?:任务|值)?(?:为|是|定为)|争取到?(?:20\d\d年|年底)|到20\d\d年|"
    r"到?[“\"]?十[一-六]五[”\"]?(?:期)?末|明年|下半年)")
_FAR = ("力争", "确保", "下半年", "明年", "今年计划", "全年计划")
_TASK_AROUND = (re.compile("(?:全年|年度)$"), re.compile("[^，。；\\d]{0,6}(?:任务|目标|计划)的\\d"))
_ALREADY = re.compile("已(?!知)[^，。；的]{0,6}$")
_SO_FAR = re.compile("[^，。；]{0,6}(?:实现|已)")
_TASK = re.compile("(?<![于超比])(?:全年|年度)(?:目标)?(?:任务|计划|目标)(?:数|值)?(?:为|是)?$")
_DONE = re.compile(r"已(?!知)|目前|截[至止]|累计完成|同比|较上年|比上年|现有|前[一二两三四五\d]年")
_LIMIT_BEFORE = re.compile(
    r"最高(?:给予|补贴|奖励|补助|资助|可|支持|限额|额度)?[^，。；]{0,14}$|上限(?:为|是)?$|(?:不超过|不低于)每")
_LIMIT_AFTER = re.compile(r"的?(?:警戒线|控制目标|控制线|控制数|上限|下限|红线|国家标准|限值|限额|标准线)")
_QUOTA = re.compile(
    r"(?:国家|中央|央行|人民银行|全国)(?:新增|安排|推出|出台|设立|的|[\d.]+[万亿]+[^，。；]{0,16}(?:和|、|"
    r"及))?$")
_PLAN_AFTER = re.compile(r"(?:左右|以上|以内)?的?(?:预期目标|目标|计划目标|年度目标|预算目标|任务目标)")
_OF_IT = re.compile(r"\d[^，。；\d]{0,6}的(?:[^，。；\d]|$)")
_BEGUN = re.compile("已|实现|启动|累计|新建|建成|达到|完工|复工|完成(?!率)|上半年")
_PLANNED = re.compile("将|规划|构建|拟|计划")
BALANCE = re.compile(r"(?:余额|(?<!当期)(?<!当年)结余|存贷比|负债率|债务率|保有量)")


@dataclass(frozen=True, slots=True)
class Frame:
    """What the report says of a block's figures before the block says more.

    part       1 results, 2 problems, 3 measures, 4 glossary, 0 unknown
    default    period of a reported figure
    year       of the report; plan_year of its promises
    """

    part: int
    default: str | None
    year: int | None
    plan_year: int | None
    place: str | None = None
    path: tuple[str, ...] = ()


def modality(number: Number, said: tuple[str, str, str], when: tuple[bool, bool], frame: Frame) -> str:
    """actual | target | limit.

    said  sentence up to the number, clause up to the number, what comes after
    when  whether the time named lies before the plan's, and whether it lies after the report's
    """
    sentence, clause, after = said
    past, ahead = when
    if (_LIMIT_BEFORE.search(clause) and number.unit.startswith("元")) or _LIMIT_AFTER.match(after) or (
            _QUOTA.search(clause) and re.search("政策|额度|再贷款|再贴现", after[:24])):
        return "limit"
    if _PLAN_AFTER.match(after) and frame.part != 3:
        return "target"
    if frame.part == 3 and (past or _ALREADY.search(clause)):
        return "actual"
    if frame.part == 3 or (frame.part == 4 and _PLANNED.search(sentence) and not _DONE.search(sentence)):
        return "target"
    if frame.part == 0 and re.search("力争|确保|预期目标[：为]|下一步", sentence) and not _DONE.search(sentence):
        return "target"
    if number.unit not in ("%", "百分点") and (
            _TASK.search(clause) or (_TASK_AROUND[0].search(clause) and _TASK_AROUND[1].match(after))):
        return "target"
    if ahead and frame.part in (0, 1) and not _DONE.search(clause) and not _SO_FAR.match(after):
        return "target"
    match = list(_PROMISE.finditer(sentence))
    if match and not _SO_FAR.match(after) and match[-1].start() >= _clause_of_promise(sentence, match[-1][0]):
        return "target"
    return "actual"


def _clause_of_promise(sentence: str, word: str) -> int:
    """Where a promise must stand to hold here: 力争 reaches as far as nothing done is said, 计划 to the comma."""
    done = list(_DONE.finditer(sentence))
    reach = sentence.rfind("；") if word in _FAR else max(sentence.rfind("，"), sentence.rfind("；"))
    return max(reach + 1, done[-1].start() if done else 0)


def holding(number: Number, found: list[Mention], text: str, bounds: tuple[int, int, int], frame: Frame,
            ) -> tuple[Mention | None, str | None]:
    """The time a reported number holds for: the mention that says so, and the period.

    bounds  start of the sentence, of the clause, and end of the clause
    """
    sentence, clause, _ = bounds
    said = [m for m in found if sentence <= m.start and m.end <= number.pre_start and m.role != "compare"]
    origin = [m for m in said if m.role in ("from", "same") and m.start >= clause]
    if origin and not re.search("[至到转变调]", text[origin[-1].end:number.start]):
        return origin[-1], _year_before(frame.default) if origin[-1].role == "same" else origin[-1].period
    half = text.rfind("；", sentence, number.start) + 1  # a month or quarter holds up to the next ；
    held = (m for m in reversed(said) if m.role in ("period", "state", "due")
            and (m.end > half or text[m.start] == "截" or not re.fullmatch(r"\d{4}(?:-\d\d|Q\d)|@.*", m.period or ""))
            and _reaches(m, text[m.end:number.start] + text[number.end:bounds[2]], frame))
    mention = next(held, None)
    default = None if frame.part == 4 and not _DONE.search(text[sentence:number.start]) else frame.default
    current = mention.period if mention else default
    if current and not current.startswith("@") and (
            ends_in_state(text, number.pre_start) or _stock(text[sentence:number.pre_start])):
        return mention, periods.end_state(current)
    if mention is None and current and BALANCE.search(text, clause, number.start):
        return None, periods.end_state(current) if not current.startswith("@") else current
    return mention, current


def ahead(number: Number, found: list[Mention], bounds: tuple[int, int, int], frame: Frame) -> bool:
    """Whether the time that governs a number ends after the report's period: 7月底前, 下半年 — not the whole year."""
    near = [m for m in found if bounds[0] <= m.start and m.end <= number.pre_start and m.role in ("period", "due")]
    if not near or not near[-1].period or not frame.default or near[-1].period == str(frame.year):
        return False
    last, report = periods.span(near[-1].period), periods.span(frame.default)[1]
    return last[1] > report and (near[-1].role == "due" or last[0] > report)


def _year_before(period: str | None) -> str | None:
    """The same period of the year before: 2019H1 for 2020H1."""
    return re.sub(r"\d{4}", lambda match: str(int(match[0]) - 1), period) if period else None


def past(number: Number, found: list[Mention], sentence: int, frame: Frame) -> bool:
    """Whether the last time named before the number lies before the plan's year, or ended with the report."""
    said = [m for m in found if sentence <= m.start and m.end <= number.pre_start and m.role in ("period", "state")]
    if not said or not said[-1].period or not frame.plan_year:
        return False
    last = periods.span(said[-1].period)[1]
    report = periods.span(frame.default)[1] if frame.default else None
    told = report is not None and last <= report and "Q" not in said[-1].period
    return last.year < frame.plan_year or (told and frame.default != str(frame.plan_year))


def _reaches(mention: Mention, between: str, frame: Frame) -> bool:
    """The whole year, said in a report on a part of it, holds only until something is done."""
    whole = mention.period == str(frame.year) and frame.default not in (None, str(frame.year))
    return not (whole and (_BEGUN.search(between) or _OF_IT.search(between)))


_NEW_THEN_ALL = re.compile(r"新[增建开认设签培注][^。；]{0,24}\d[^。；，、]{0,6}[、，]累计[^，。；、\d]{0,4}$")


def _stock(said: str) -> bool:
    """新开通…个、累计开通…个: after what is new, 累计 with the same verb is the stock."""
    match = re.search(r"累计(?P<verb>[^，。；、\d]{2,4}|达到?)?$", said)
    if match is None:
        return False
    return bool(_NEW_THEN_ALL.search(said)) or f"新{match['verb'] or ''}" in said.replace("达到", "").replace("新达", "新")


def promised(number: Number, found: list[Mention], text: str, bounds: tuple[int, int, int], frame: Frame,
             ) -> tuple[Mention | None, str | None, str | None]:
    """The time of a promise: the mention that says so, its period, its deadline."""
    sentence, clause, end = bounds
    part = max(sentence, text.rfind("；", sentence, number.start) + 1)
    near = [m for m in found if part <= m.start < end and m.role not in ("compare", "from") and m.deadline]
    before = [m for m in near if m.end <= number.pre_start]
    here = [m for m in before if m.start >= clause]
    inside = [m for m in near if m.start >= number.end and m.start >= clause]
    mention = here[-1] if here else inside[0] if inside else before[-1] if before else None
    year = str(frame.plan_year) if frame.plan_year else None
    if mention is None or mention.period is None:
        stated = (frame.part == 3 or _PLAN_AFTER.match(text, number.post_end)
                  or _TASK.search(text, max(0, number.pre_start - 24), number.pre_start))
        return None, year if stated else None, year
    named = mention.period
    apart = "，" in text[mention.end:number.start]
    day = re.fullmatch(r"\d{4}-\d\d(-\d\d)?", named) or (mention.role == "due" and "Q" not in named)
    to_year_end = apart and mention.deadline == str(periods.year_of(named))
    if named.startswith("@") or day or to_year_end:
        named = str(periods.year_of(mention.period))
    return mention, named, mention.deadline
