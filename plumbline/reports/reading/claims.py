"""From a paragraph to its claims: which numbers are figures, what each says, and where it stands."""

import re
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal

from plumbline.kernel import Claim
from plumbline.kernel import period as periods
from plumbline.reports.reading import subjects
from plumbline.reports.reading.fractions import doubling
from plumbline.reports.reading.measures import Measure, measure_of, moved
from plumbline.reports.reading.modes import BALANCE, Frame, ahead, holding, modality, past, promised
from plumbline.reports.reading.naming import State, begin_clause, begin_sentence, each, named
from plumbline.reports.reading.normal import Block, line_of
from plumbline.reports.reading.numbers import Number
from plumbline.reports.reading.paragraph import Paragraph
from plumbline.reports.reading.shares import structure
from plumbline.reports.reading.times import Mention

# how far from a number the words stand that say what kind it is, in a sentence that will not end
FAR = 600
_BESIDE = re.compile("(?:全[国省市区州县]|上年同期|去年同期)(?:为|平均)?")
# a paragraph that opens so speaks of what is to come, wherever it stands
_FORWARD = re.compile("(?:同时，|此外，)?(?:下半年|下一步|下一?阶段|今后)(?!以来)")
_PLACED = re.compile(
    "(?:在[^，。；]{1,12}中)?(?:均|都|分别|分)?(?:位居|位列|名列|排名|位次|跃居|稳居|升至|进入|[居列位排]).{0,24}$")
_GROWS = re.compile("(?:增速|增幅|涨幅|降幅|跌幅|(?<!自然)增长率)(?=$|由负转正$|扭)")
_PER = re.compile(r"每(?P<of>人|户|家|亩|平方米|公斤|吨|天|日|次|套|辆|床|件|公里|立方米)(?:每(?P<time>[月年天]))?$")
_PERSONS = re.compile(
    "[^，。；、]{0,4}?(?:居民|群众|职工|人口|学生|市民|农民|党员|员工|劳动力|考生|老人|干部|观众|用户)")
_COUNTS_PERSONS = re.compile(
    "(?:群众|居民|职工|人口|学生|市民|农民|人数|人员|游客|老人|用户)(?:总数)?(?:达到?|超过?|约|近|为|共)*$")


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with what it measures and of what.

    head     first number of its group: what is said of time and promise is said of all
    printed  where the subject stands in the block, or None
    start    where the group's own words begin
    """

    number: Number
    measure: Measure
    subject: str
    printed: tuple[int, int] | None
    start: int
    head: Number


def claims_of(block: Block, frame: Frame, starts: tuple[int, ...]) -> list[Claim]:
    """The claims of one paragraph, in order; numbers and printed words are filled in by the report."""
    if frame.part in (0, 1) and _FORWARD.match(block.text):
        frame = replace(frame, part=3)
    paragraph = Paragraph(block, frame)
    return [_claim(paragraph, figure, starts) for figure in (*_figures(paragraph), *_structure(paragraph))]


def _figures(paragraph: Paragraph) -> list[Measured]:
    state, end = State(), 0
    found: list[Measured] = []
    groups = paragraph.groups()
    for index, group in enumerate(groups):
        following = groups[index + 1][0].pre_start if index + 1 < len(groups) else len(paragraph.text)
        found += _group(paragraph, group, (end, following), state)
        end = group[-1].post_end
    return found


def _structure(paragraph: Paragraph) -> list[Measured]:
    """The shares of the three sectors; the first of three stands for all."""
    shares = structure(paragraph.text)
    found = []
    for index, share in enumerate(shares):
        word = paragraph.text.rfind("结构", 0, share.number.start)
        printed = (max(0, word - 4), word + 2) if word >= 0 else None
        measure = Measure("level", share.number.value, 0)
        head = shares[index - index % 3].number
        found.append(Measured(share.number, measure, share.subject, printed, share.number.pre_start, head))
    return found


def _group(paragraph: Paragraph, group: list[Number], around: tuple[int, int], state: State) -> list[Measured]:
    """The figures said in one breath; `around`: end of the number before, start of the next."""
    bounds = paragraph.bounds(group[0])
    if bounds[0] != state.sentence:
        begin_sentence(paragraph, bounds, state)
    elif bounds[1] > around[0]:
        begin_clause(paragraph, bounds, around[0], state)
    start = max(bounds[1], around[0])
    measures = _measures(paragraph, group, start, (bounds[0], state.measure))
    before = copy(state)
    names = named(paragraph, group, measures[0], (start, around[1]), state)
    said_in_words = group[0].numeral and len(state.topic) <= 4
    state.measure = measures[-1].measure
    if said_in_words or paragraph.in_brackets(group[0], bounds[0]):  # said by the way: nothing inherits it
        state.topic, state.base, state.topic_span = before.topic, before.base, before.topic_span
    return [
        Measured(number, _base(paragraph, _rate(measure, number, one), start), one, printed, start, group[0])
        for number, measure, (subject, printed) in zip(group, measures, names, strict=True)
        for one in (each(subject) if len(group) == 1 and measure.measure == "level" else (subject,))
    ]


def _measures(paragraph: Paragraph, group: list[Number], start: int, said: tuple[int, str]) -> list[Measure]:
    """The measures of a group; `said`: where the sentence starts, and the measure of the figure before."""
    sentence, last = said
    before = paragraph.masked[start:group[0].pre_start]
    if doubling(paragraph.text, group[0]):
        return [Measure("yoy", number.value, len(before)) for number in group]
    if last == "yoy" and _BESIDE.fullmatch(before) and paragraph.in_brackets(group[0], sentence):
        return [Measure("yoy", number.value, len(before)) for number in group]
    after = paragraph.text[group[-1].post_end:]
    context = paragraph.text[sentence:group[0].pre_start]
    printed = [paragraph.text[number.unit_start:number.end] for number in group]
    return [moved(before, number) or _measure(before, number, after, context) if word == "位" else
            _measure(before, number, after, context) for number, word in zip(group, printed, strict=True)]


def _measure(before: str, number: Number, after: str, context: str) -> Measure:
    if number.unit == "位":
        place = _PLACED.search(before)
        return Measure("rank", number.value, place.start() if place else 0)
    return measure_of(before, number, after, context)


def _base(paragraph: Paragraph, measure: Measure, start: int) -> Measure:
    """Growth on another year than the one before is a difference, not a yoy (比2019年同期增长9.3%)."""
    year = paragraph.frame.year
    if measure.measure != "yoy" or not measure.comparison or year is None:
        return measure
    first, last = start + measure.comparison[0], start + measure.comparison[1]
    named = re.search(r"(20\d\d)年", paragraph.text[first:last])
    if not named or int(named[1]) in (year - 1, year):
        return measure
    return replace(measure, measure="diff", reference=f"{named[1]}年")


def _rate(measure: Measure, number: Number, subject: str) -> Measure:
    """A share said of 增速 or 增幅, named a clause before, is growth (增幅由负转正，达到3.6%)."""
    said = _GROWS.search(subject)
    if measure.measure != "level" or number.unit != "%" or not said:
        return measure
    return replace(measure, measure="yoy", value=-number.value if said[0] in ("降幅", "跌幅") else number.value)


@dataclass(frozen=True, slots=True)
class Time:
    """When a figure holds or falls due, and the words that say so."""

    modality: str
    period: str | None
    deadline: str | None
    mention: Mention | None


def _time(paragraph: Paragraph, figure: Measured) -> Time:
    text, frame, head = paragraph.text, paragraph.frame, figure.head
    bounds = paragraph.bounds(head)
    first, last = figure.number.pre_start, figure.number.post_end
    said = (text[max(bounds[0], first - FAR):first], text[max(bounds[1], first - FAR):first], text[last:last + FAR])
    when = (past(head, paragraph.times, bounds[0], frame), ahead(head, paragraph.times, bounds, frame))
    mode = modality(figure.number, said, when, frame)
    if mode == "target":
        mention, period, deadline = promised(head, paragraph.times, text, bounds, frame)
        return Time(mode, period, deadline, mention)
    mention, period = holding(head, paragraph.times, text, bounds, frame)
    if figure.measure.measure == "yoy" and mention and mention.role == "period":
        period = mention.period
    if mention is None and period and not period.startswith("@") and BALANCE.search(figure.subject):
        period = periods.end_state(period)
    if mode == "limit" and frame.part == 3 and mention is None:
        period = str(frame.plan_year) if frame.plan_year else None
    return Time(mode, period, None, mention)


def _claim(paragraph: Paragraph, figure: Measured, starts: tuple[int, ...]) -> Claim:
    number, measure, frame = figure.number, figure.measure, paragraph.frame
    time = _time(paragraph, figure)
    clause = paragraph.text[paragraph.bounds(figure.head)[1]:number.pre_start]
    first, last = paragraph.block.span(number.start, number.end)
    national = time.modality == "limit" and "国家" in clause[-6:] or figure.subject.startswith(("全国", "中国"))
    return Claim(
        number=0, para=line_of(starts, first), start=first, end=last, surface="", value=measure.value,
        unit=measure.unit or _unit(number, paragraph.text), subject=subjects.spelled_out(figure.subject)[:200],
        value2=number.value2, tolerance=_tolerance(number, measure), measure=measure.measure, modality=time.modality,
        bound=_bound(number, clause, time.modality), place="全国" if national else frame.place, period=time.period,
        deadline=time.deadline, reference=measure.reference, numeral=number.numeral,
        spans=_spans(paragraph.block, figure, time.mention), part=frame.part if frame.part < 4 else 0,
        section=frame.path)


def _unit(number: Number, text: str) -> str:
    if not number.unit and number.multiplier:
        before = text[max(0, number.start - 8):number.start]
        return "人" if _PERSONS.match(text, number.end) or _COUNTS_PERSONS.search(before) else "元"
    per = _PER.search(text, max(0, number.pre_start - 8), number.pre_start)
    return f"{number.unit}/{per['of']}{per['time'] or ''}" if per and number.unit in ("元", "美元") else (
        "分钟" if number.unit == "分" and re.match("间隔|钟", text[number.end:]) else number.unit)


def _tolerance(number: Number, measure: Measure) -> Decimal:
    """Half of the last printed digit, in the scale of the value: 增长1.3倍 is 130 % give or take 5."""
    return number.tolerance * 100 if number.unit == "倍" and measure.unit == "%" else number.tolerance


def _bound(number: Number, clause: str, mode: str) -> str:
    if number.bound == "=" and mode == "limit" and re.search("最高|上限", clause):
        return "<="
    return number.bound


def _spans(block: Block, figure: Measured, mention: Mention | None) -> dict[str, tuple[int, int]]:
    """Places in the text of a claim's parts; a part that is not printed is left out."""
    number, said = figure.number, figure.measure.comparison
    before, behind = (number.pre_start, number.start), (number.end, number.post_end)
    places: dict[str, tuple[int, int] | None] = {
        "number": (number.start, number.unit_start or number.end),
        "unit": (number.unit_start, number.end),
        "subject": figure.printed,
        "period": (mention.start, mention.end) if mention else None,
        "comparison": (figure.start + said[0], figure.start + said[1]) if said else None,
        "bound": before if number.pre_start < number.start else behind,
    }
    return {name: block.span(*place) for name, place in places.items() if place and place[0] < place[1]}
