"""From a paragraph to its claims: which numbers are figures, what each says, and where it stands."""

import re
from dataclasses import dataclass, replace

from plumbline.kernel import Claim, unit
from plumbline.kernel import period as periods
from plumbline.reports.reading import subjects
from plumbline.reports.reading.fractions import doubling, fractions
from plumbline.reports.reading.measures import Measure, measure_of, moved
from plumbline.reports.reading.modes import BALANCE, Frame, holding, modality, past, promised
from plumbline.reports.reading.names import Names
from plumbline.reports.reading.normal import Block, line_of
from plumbline.reports.reading.numbers import Number, in_characters, numbers
from plumbline.reports.reading.ranks import ranks
from plumbline.reports.reading.shares import Share, structure
from plumbline.reports.reading.times import Mention, mentions

_SENTENCE = re.compile("[。！？]")
_CLAUSE = re.compile("[，。；：！？（）]")
_PLACED = re.compile("(?:均|都|分别|分)?(?:位居|位列|名列|排名|位次|跃居|稳居|升至|进入|[居列位排]).{0,24}$")
_BRACKET = re.compile(r"（([^（），。；\d]{1,4})）")
_GROWS = re.compile("(?:增速|增幅|涨幅|降幅|跌幅|(?<!自然)增长率)(?=$|由负转正$|扭)")
_LINK = re.compile(r"(?:、|和|与|及|以及|或|，其中)?$")
_PER = re.compile(r"每(?P<of>人|户|家|亩|平方米|公斤|吨|天|日|次|套|辆|床|件|公里|立方米)(?:每(?P<time>[月年天]))?$")
_SHARE_OF = re.compile(
    r"(?:仅|已|分别|约|累计)*(?P<verb>完成|占|为|相当于|达到?)(?P<of>[^，。；]{0,20}?)(?:的|(?<=计划)|"
    r"(?<=任务)|(?<=预算)|(?<=目标)|(?<=比重)|(?<=总量)|(?<=总额))$")
_PERSONS = re.compile(
    "[^，。；、]{0,4}?(?:居民|群众|职工|人口|学生|市民|农民|党员|员工|劳动力|考生|老人|干部|观众|用户)")
_COUNTS_PERSONS = re.compile("(?:群众|居民|职工|人口|学生|市民|农民|人数|人员|游客|老人|用户)(?:总数)?(?:达到?|超过?|约|近|为|共)*$")
COUNTED = frozenset(unit.canonical(name) for name in (*unit.PERSONS, *unit.COUNTERS, "人次"))


@dataclass(slots=True)
class State:
    """What has been said so far in a paragraph.

    topic   subject of the last figure, which growth and comparison inherit
    base    last subject that stands alone, which 总投资, 余额 … are said of
    series  the last list of subjects
    recent  subjects of the levels of this sentence, in order
    """

    topic: str = ""
    base: str = ""
    topic_span: tuple[int, int] | None = None
    series: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    sentence: int = -1


class Paragraph:
    """One block with what its words are: figures, names, times, sentences."""

    def __init__(self, block: Block, frame: Frame):
        self.block, self.frame, self.text = block, frame, block.text
        self.names = Names(self.text)
        self.times = mentions(self.text, frame.plan_year if frame.part == 3 else frame.year)
        self.flat = _BRACKET.sub(lambda match: f"〈{match[1]}〉", self.text)
        found = [n for n in numbers(self.text) if self.names.kind(n) is None]
        taken = {i for n in found for i in range(n.start, n.end)}
        written = [n for n in in_characters(self.text)
                   if n.start not in taken and self.names.kind(n) is None and not self._in_time(n)]
        ranked = [n for n in ranks(self.text) if not self._in_time(n)]
        special = ranked + [n for n in fractions(self.text) if self.names.kind(n) is None]
        digits = {n.start for n in special}
        self.figures = sorted([n for n in [*found, *written] if n.start not in digits] + special,
                              key=lambda n: n.start)
        self.masked = self._masked()

    def _in_time(self, number: Number) -> bool:
        return any(m.start <= number.start < m.end for m in self.times)

    def _masked(self) -> str:
        """The text with the times that are no comparison blotted out, same length."""
        chars = list(self.text)
        for mention in self.times:
            if mention.role != "compare":
                chars[mention.start:mention.end] = "\0" * (mention.end - mention.start)
        return "".join(chars)

    def groups(self) -> list[list[Number]]:
        """Figures that only 、 or 和 parts, or nothing: said in one breath."""
        found: list[list[Number]] = []
        for number in self.figures:
            last = found[-1][-1] if found else None
            between = self.text[last.post_end:number.pre_start] if last else None
            if last and between in ("", "、", "和", "与", "及", "以及") and last.end <= number.start:
                found[-1].append(number)
            else:
                found.append([number])
        return [_same_units(group) for group in found]

    def bounds(self, number: Number) -> tuple[int, int, int]:
        """Start of the sentence, start of the clause and end of the clause a number stands in."""
        sentence = max((m.end() for m in _SENTENCE.finditer(self.flat, 0, number.start)), default=0)
        clause = max((m.end() for m in _CLAUSE.finditer(self.flat, sentence, number.start)), default=sentence)
        match = _CLAUSE.search(self.flat, number.end)
        return sentence, clause, match.start() if match else len(self.text)


def claims_of(block: Block, frame: Frame, starts: tuple[int, ...]) -> list[Claim]:
    """The claims of one paragraph, numbered from 1 within it."""
    paragraph = Paragraph(block, frame)
    state = State()
    found: list[Claim] = []
    end = 0
    groups = paragraph.groups()
    for index, group in enumerate(groups):
        following = groups[index + 1][0].pre_start if index + 1 < len(groups) else len(paragraph.text)
        found += _group(paragraph, group, end, following, state, starts)
        end = group[-1].post_end
    shares = structure(paragraph.text)
    return found + [_share_claim(paragraph, share, shares[i - i % 3].number, starts) for i, share in enumerate(shares)]


def _share_claim(paragraph: Paragraph, share: Share, head: Number, starts: tuple[int, ...]) -> Claim:
    measure = Measure("level", share.number.value, 0)
    named = paragraph.text.rfind("结构", 0, share.number.start)
    span = (max(0, named - 4), named + 2) if named >= 0 else None
    return _claim(paragraph, share.number, measure, share.subject, span, share.number.pre_start, head, starts)


def _group(paragraph: Paragraph, group: list[Number], end: int, following: int, state: State,
           starts: tuple[int, ...]) -> list[Claim]:
    bounds = paragraph.bounds(group[0])
    if bounds[0] != state.sentence:
        _new_sentence(paragraph, bounds, state)
    elif bounds[1] > end:
        _new_clause(paragraph, bounds, end, state)
    start = max(bounds[1], end)
    before = paragraph.masked[start:group[0].pre_start]
    after = paragraph.text[group[-1].post_end:]
    context = paragraph.text[bounds[0]:group[0].pre_start]
    measures = [_measure(before, number, after, context) for number in group]
    if doubling(paragraph.text, group[0]):
        measures = [Measure("yoy", number.value, len(before)) for number in group]
    named = _subjects(paragraph, group, measures, (start, following), state)
    measures = [_rate(measure, number, subject)
                for number, measure, (subject, _) in zip(group, measures, named, strict=True)]
    return [
        _claim(paragraph, number, measure, one, span, start, group[0], starts)
        for number, measure, (subject, span) in zip(group, measures, named, strict=True)
        for one in (_each(subject) if len(group) == 1 and measure.measure == "level" else (subject,))
    ]


def _each(subject: str) -> tuple[str, ...]:
    """One number said of several rates is one claim for each (安装率、运行率达到100%)."""
    items = re.split("、|和|与", subject)
    return tuple(items) if len(items) > 1 and all(re.search("[^比]率$", item) for item in items) else (subject,)


def _measure(before: str, number: Number, after: str, context: str) -> Measure:
    if number.unit == "位":
        place = _PLACED.search(before)
        return Measure("rank", number.value, place.start() if place else 0)
    if number.unit == "人" and number.end - number.unit_start == 1 and moved(before, number):
        return moved(before, number) or Measure("level", number.value, len(before))
    return measure_of(before, number, after, context)


def _rate(measure: Measure, number: Number, subject: str) -> Measure:
    """A share said of 增速 or 增幅, named a clause before, is growth (增幅由负转正，达到3.6%)."""
    said = _GROWS.search(subject)
    if measure.measure != "level" or number.unit != "%" or not said:
        return measure
    return replace(measure, measure="yoy", value=-number.value if said[0] in ("降幅", "跌幅") else number.value)


def _new_sentence(paragraph: Paragraph, bounds: tuple[int, int, int], state: State) -> None:
    """A sentence begins: its clauses before the first number are the topic, or a short title sentence before it."""
    start, clause, _ = bounds
    state.sentence, state.series, state.recent = start, (), ()
    said = [words for words in _CLAUSE.split(paragraph.masked[start:clause].replace("\0", "")) if len(words) > 3 and not subjects.discourse(words)]
    if said:
        state.topic = state.base = subjects.clean(said[-1])[-24:]
        state.topic_span = _printed(paragraph.text, state.topic, start)
        return
    head = re.search(r"(?:^|[。；])\s*(?:\d{1,2}[.、]|（\d{1,2}）)?([^。，；\d]{2,16})。$", paragraph.text[:start])
    if head:
        state.topic = state.base = subjects.clean(head[1])
        state.topic_span = None


def _new_clause(paragraph: Paragraph, bounds: tuple[int, int, int], end: int, state: State) -> None:
    """A clause without figures right before this one is what 惠及, 筹措资金 … are said of."""
    clauses = [words for words in _CLAUSE.split(paragraph.masked[end:bounds[1]].replace("\0", "")) if len(words) > 5 and not subjects.discourse(words)]
    if clauses and paragraph.masked[end:bounds[1]].count("，") + paragraph.masked[end:bounds[1]].count("；") > 1:
        state.base = subjects.clean(clauses[-1])[-24:] or state.base


def _same_units(group: list[Number]) -> list[Number]:
    """Members of a list take the unit of the last where they print none (0.2个和4.8个百分点)."""
    last = group[-1]
    filled = []
    for number in group:
        if number is not last and (not number.unit or (number.unit == "个" and last.unit == "百分点")):
            number = replace(number, unit=last.unit)
        filled.append(number)
    return filled


def _subjects(paragraph: Paragraph, group: list[Number], measures: list[Measure], stretch: tuple[int, int],
              state: State) -> list[tuple[str, tuple[int, int] | None]]:
    """For each number of a group the subject, and where it is printed."""
    start, following = stretch
    before = paragraph.masked[start:group[0].pre_start]
    phrase = before[:measures[0].cut]
    behind = subjects.behind(paragraph.text, group[-1].post_end, following)
    own = subjects.clean(phrase.replace("\0", ""))
    if _LINK.search(before) and before.rstrip("\0").endswith(("、", "和", "与", "及", "以及")) and behind:
        own = ""
    share = _SHARE_OF.fullmatch(phrase.replace("\0", "").strip("，、")) if group[0].unit == "%" else None
    if share and measures[0].measure == "level" and (state.topic or share["verb"] != "占"):
        return [(_share(state.topic, share), state.topic_span)] * len(group)
    several = subjects.split(own, len(group)) if len(group) > 1 else []
    if several:
        several = [state.base + name if subjects.weak(name) and name not in state.base else name for name in several]
        state.series, state.topic = tuple(several), own
        state.base = state.base if subjects.weak(subjects.clean(own)) else own
        state.topic_span = _printed(paragraph.text, own, start)
        return [(name, _printed(paragraph.text, name, start) or state.topic_span) for name in several]
    if not own and len(state.series) != len(group) > 1 and "分别" in before and len(state.recent) >= len(group):
        state.series = state.recent[-len(group):]
    if not own and len(state.series) == len(group) > 1:
        return [(_with_rate(name, m), state.topic_span) for name, m in zip(state.series, measures, strict=True)]
    return _one(paragraph, group, measures, (own, behind), start, state)


def _share(topic: str, share: re.Match[str]) -> str:
    of = subjects.clean(share["of"])
    if share["verb"] == "占":
        return f"{topic}占{of}比重"
    return f"{topic}完成{of}比例"


def _one(paragraph: Paragraph, group: list[Number], measures: list[Measure], words: tuple[str, str], start: int,
         state: State) -> list[tuple[str, tuple[int, int] | None]]:
    own, behind = words
    unit_name = group[-1].unit
    name = own
    if measures[0].measure == "level":
        alone = (not own and unit_name not in COUNTED) or (
            subjects.weak(own + subjects.clean(behind)) and (bool(behind) or subjects.verbal(own)))
        phrase = subjects.clean(_rest(paragraph, group[-1]) if alone else behind)
        name = phrase if own.endswith("等") and phrase else own + phrase
    full = name
    if not name or (paragraph.text[start - 1:start].isalnum() and state.topic.endswith(name)):
        full = state.topic
    elif subjects.weak(name) and name not in state.base:
        full = state.base + name
    full = full or subjects.clean(_rest(paragraph, group[-1])) or (paragraph.frame.path or ("",))[-1]
    span = (_printed(paragraph.text, own or subjects.clean(behind), start) if name else None) or state.topic_span
    if measures[0].measure == "level":
        state.recent += (full,)
    if full != state.topic:
        state.topic, state.topic_span, state.series = full, span, ()
        state.base = state.base if subjects.weak(name) else name
    return [(_with_rate(full, measure), span) for measure in measures]


def _rest(paragraph: Paragraph, number: Number) -> str:
    """The rest of the clause behind a number, other numbers left out."""
    end = paragraph.bounds(number)[2]
    chars = [c for i, c in enumerate(paragraph.text[number.post_end:end], number.post_end)
             if not any(n.pre_start <= i < n.post_end for n in paragraph.figures)]
    return "".join(chars)


def _with_rate(subject: str, measure: Measure) -> str:
    if measure.measure == "diff" and measure.unit != "位" and subject and not re.search(
        "率|增速|增幅|比重|占比|比例|余额|面|额|收入|支出|比$", subject[-4:]):
        return f"{subject}同比增速"
    return subject


def _printed(text: str, words: str, start: int) -> tuple[int, int] | None:
    """Where words stand in the block, from `start` on: whole, or their longest beginning."""
    for length in range(len(words), 1, -1):
        found = text.find(words[:length], start)
        if found >= 0:
            return found, found + length
    return None


def _claim(paragraph: Paragraph, number: Number, measure: Measure, subject: str, named: tuple[int, int] | None,
           start: int, head: Number, starts: tuple[int, ...]) -> Claim:
    text, frame, block = paragraph.text, paragraph.frame, paragraph.block
    bounds = paragraph.bounds(head)
    sentence, clause = text[bounds[0]:number.pre_start], text[bounds[1]:number.pre_start]
    earlier = past(head, paragraph.times, bounds[0], frame)
    mode = modality(number, (sentence, clause, text[number.post_end:]), earlier, frame)
    deadline = None
    if mode == "target":
        mention, period, deadline = promised(head, paragraph.times, text, bounds, frame)
    else:
        mention, period = holding(head, paragraph.times, text, bounds, frame)
        if mention is None and period and not period.startswith("@") and BALANCE.search(subject):
            period = periods.end_state(period)
        if mode == "limit" and frame.part == 3 and mention is None:
            period = str(frame.plan_year) if frame.plan_year else None
    first, last = block.span(number.start, number.end)
    return Claim(
        number=0, para=line_of(starts, first), start=first, end=last, surface="", value=measure.value,
        unit=measure.unit or _unit(number, text), subject=subjects.spelled_out(subject)[:200], value2=number.value2,
        tolerance=number.tolerance, measure=measure.measure, modality=mode, bound=_bound(number, clause, mode),
        place="全国" if mode == "limit" and "国家" in clause[-6:] else frame.place, period=period,
        deadline=deadline, reference=measure.reference, numeral=number.numeral,
        spans=_spans(block, number, measure, named, mention, start), part=frame.part if frame.part < 4 else 0,
        section=frame.path)


def _unit(number: Number, text: str) -> str:
    if not number.unit and number.multiplier:
        before = text[max(0, number.start - 8):number.start]
        return "人" if _PERSONS.match(text, number.end) or _COUNTS_PERSONS.search(before) else "元"
    per = _PER.search(text, max(0, number.pre_start - 8), number.pre_start)
    return f"{number.unit}/{per['of']}{per['time'] or ''}" if per and number.unit in ("元", "美元") else (
        "分钟" if number.unit == "分" and re.match("间隔|钟", text[number.end:]) else number.unit)


def _bound(number: Number, clause: str, mode: str) -> str:
    if number.bound == "=" and mode == "limit" and re.search("最高|上限", clause):
        return "<="
    return number.bound


def _spans(block: Block, number: Number, measure: Measure, named: tuple[int, int] | None, mention: Mention | None,
           start: int) -> dict[str, tuple[int, int]]:
    """Places in the text of a claim's parts; a part that is not printed is left out."""
    places: dict[str, tuple[int, int] | None] = {
        "number": (number.start, number.unit_start or number.end),
        "unit": (number.unit_start, number.end) if number.unit_start < number.end else None,
        "subject": named,
        "period": (mention.start, mention.end) if mention else None,
        "comparison": (start + measure.comparison[0], start + measure.comparison[1]) if measure.comparison else None,
        "bound": (number.pre_start, number.start) if number.pre_start < number.start else (
            (number.end, number.post_end) if number.post_end > number.end else None),
    }
    return {name: block.span(*place) for name, place in places.items() if place and place[0] < place[1]}
