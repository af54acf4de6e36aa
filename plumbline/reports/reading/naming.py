"""Whose number it is: the subject of each figure, its own or one said before it in the sentence."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from operator import attrgetter

from plumbline.kernel import unit
from plumbline.reports.reading import subjects
from plumbline.reports.reading.measures import Measure
from plumbline.reports.reading.numbers import Number
from plumbline.reports.reading.paragraph import CLAUSE, Paragraph

_LIST_GOES_ON = re.compile("(?:、|和|与|及)$")
_TITLE = re.compile(r"(?:^|[。；])\s*(?:\d{1,2}[.、]|（\d{1,2}）)?([^。，；\d]{2,16})。$")
_SHARE_OF = re.compile(
    r"(?:仅|已|分别|约|累计)*(?P<verb>完成|占|为|相当于|达到?)(?P<of>[^，。；]{0,20}?)(?:的|(?<=计划)|"
    r"(?<=任务)|(?<=预算)|(?<=目标)|(?<=比重)|(?<=总量)|(?<=总额))$")
_RATE = re.compile("(?:率|比重|占比|比例|覆盖面)$")
_OF_ITS_OWN = re.compile("率|比重|占比|比例|覆盖面|比$|度$")
_GROWTH = re.compile("增速$|增幅$|涨幅$|升幅$")
_FALL = re.compile("(?:同比)?(?:降幅|跌幅)$")
LONGEST_REST = 200  # letters behind a number that can name what it is of
COUNTED = frozenset(unit.canonical(name) for name in (*unit.PERSONS, *unit.COUNTERS, "人次"))
Named = tuple[str, tuple[int, int] | None]  # a subject, and where in the block it is printed


@dataclass(slots=True)
class State:
    """What has been said so far in a paragraph.

    topic   subject of the last figure, which growth and comparison inherit
    base    last subject that stands alone, which 总投资, 余额 … are said of
    series  the last list of subjects
    recent  subjects of the levels of this sentence, in order
    measure that of the last figure
    share   subject of the last figure where it was a share (占…的比重), else empty
    """

    topic: str = ""
    base: str = ""
    topic_span: tuple[int, int] | None = None
    series: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    sentence: int = -1
    measure: str = "level"
    share: str = ""


def begin_sentence(paragraph: Paragraph, bounds: tuple[int, int, int], state: State) -> None:
    """A sentence begins: its clauses before the first number are the topic, or a short title sentence before it."""
    start, clause, _ = bounds
    state.sentence, state.series, state.recent, state.share = start, (), (), ""
    said = _clauses(paragraph.masked[start:clause], 3)
    head = _TITLE.search(paragraph.text[:start])
    if said:
        state.topic = state.base = subjects.clean(said[-1])[-24:]
        state.topic_span = _printed(paragraph.text, state.topic, start)
    elif head:
        state.topic = state.base = subjects.clean(head[1])
        state.topic_span = None


def begin_clause(paragraph: Paragraph, bounds: tuple[int, int, int], end: int, state: State) -> None:
    """A clause without figures right before this one is what 惠及, 筹措资金 … are said of."""
    between = paragraph.masked[end:bounds[1]]
    said = _clauses(between, 5)
    if said and between.count("，") + between.count("；") > 1:
        state.base = subjects.clean(said[-1])[-24:] or state.base
        if "；" in between:
            state.topic, state.topic_span = state.base, _printed(paragraph.text, state.base, end)


def _clauses(text: str, longer_than: int) -> list[str]:
    return [words for words in CLAUSE.split(text.replace("\0", ""))
            if len(words) > longer_than and not subjects.discourse(words)]


def named(paragraph: Paragraph, group: list[Number], measure: Measure, stretch: tuple[int, int],
          state: State) -> list[Named]:
    """For each number of a group the subject, and where it is printed.

    measure  that of the group's first number
    stretch  where the group's own words begin, and where the next number does
    """
    start, following = stretch
    before = paragraph.masked[start:group[0].pre_start]
    phrase = _own_words(paragraph, before[:measure.cut].replace("\0", ""), start)
    behind = subjects.behind(paragraph.text, group[-1].post_end, following)
    own = "" if behind and _LIST_GOES_ON.search(before.rstrip("\0")) else subjects.clean(phrase)
    share = _SHARE_OF.fullmatch(phrase.strip("，、")) if group[0].unit == "%" else None
    if share and measure.measure == "level" and (state.topic or share["verb"] != "占"):
        if "分别" in before and len(group) > 1 and len(state.recent) >= len(group):
            return [(_share(topic, share), state.topic_span) for topic in state.recent[-len(group):]]
        state.share = _share(state.topic, share)
        return [(state.share, state.topic_span)] * len(group)
    if own.startswith("占") and state.topic and measure.measure == "level":
        state.share = f"{state.topic}{own}"
        return [(state.share, state.topic_span)] * len(group)
    several = subjects.split(own, len(group)) if len(group) > 1 else []
    if several:
        return _several(paragraph, several, own, start, state)
    if not own and "分别" in before and len(state.series) != len(group) > 1 and len(state.recent) >= len(group):
        state.series = state.recent[-len(group):]
    if not own and len(state.series) == len(group) > 1:
        return [(_with_rate(subject, group[-1]), state.topic_span) for subject in state.series]
    subject, span = _one(paragraph, group[-1], measure, (own, behind), (start, state))
    return [(_with_rate(subject, group[-1]), span)] * len(group)


def _own_words(paragraph: Paragraph, phrase: str, start: int) -> str:
    """The words before a number without the noun that belongs to the number before it (…19条措施、复工复产10条)."""
    if not any(number.post_end == start for number in paragraph.figures):
        return phrase
    if phrase.endswith("中"):
        return ""
    return phrase.split("、", 1)[1] if "、" in phrase else phrase


def _several(paragraph: Paragraph, items: list[str], own: str, start: int, state: State) -> list[Named]:
    full = [state.base + item if subjects.weak(item) and item not in state.base else item for item in items]
    state.series, state.topic = tuple(full), own
    state.base = state.base if subjects.weak(own) else own
    state.topic_span = _printed(paragraph.text, own, start)
    return [(item, _printed(paragraph.text, item, start) or state.topic_span) for item in full]


def _share(topic: str, share: re.Match[str]) -> str:
    of = subjects.clean(share["of"])
    if share["verb"] == "占":
        return f"{topic}占{of}比重"
    return f"{topic}完成{of}比例"


def _one(paragraph: Paragraph, number: Number, measure: Measure, words: tuple[str, str],
         where: tuple[int, State]) -> Named:
    """The subject of a number that stands alone; remembers it for what is said of it next."""
    (own, behind), (start, state) = words, where
    phrase = own if measure.measure != "level" else _phrase(paragraph, number, own, behind)
    full = phrase
    if not phrase or (paragraph.text[start - 1:start].isalnum() and state.topic.endswith(phrase)):
        full = state.topic
    elif subjects.weak(phrase) and phrase not in state.base:
        full = state.base + phrase
    if not phrase and number.unit == "百分点" and state.share:
        full = state.share  # 占比72%，提高2个百分点: the share rose
    full = full or subjects.clean(_rest(paragraph, number)) or (paragraph.frame.path or ("",))[-1]
    span = (_printed(paragraph.text, own or subjects.clean(behind), start) if phrase else None) or state.topic_span
    if measure.measure == "level":
        state.recent += (full,)
        state.share = ""
    if full not in (state.topic, state.share):
        state.topic, state.topic_span, state.series = full, span, ()
        state.base = state.base if subjects.weak(phrase) or _RATE.search(phrase) else phrase
    return full, span


def _phrase(paragraph: Paragraph, number: Number, own: str, behind: str) -> str:
    """The words before a number and the noun behind it; the rest of the clause where those say too little."""
    alone = (not own and number.unit not in COUNTED) or (
        subjects.weak(own + subjects.clean(behind)) and (bool(behind) or subjects.verbal(own)))
    noun = subjects.clean(_rest(paragraph, number) if alone else behind)
    return noun if noun and (own.endswith("等") or subjects.light(own)) else own + noun


def _rest(paragraph: Paragraph, number: Number) -> str:
    """The rest of the clause behind a number, other numbers left out."""
    first, end = number.post_end, min(paragraph.bounds(number)[2], number.post_end + LONGEST_REST)
    others = paragraph.figures[bisect_left(paragraph.figures, number.start, key=attrgetter("start")):
                               bisect_left(paragraph.figures, end + LONGEST_REST, key=attrgetter("start"))]
    taken = {i for n in others for i in range(n.pre_start, n.post_end)}
    return "".join(paragraph.text[i] for i in range(first, end) if i not in taken)


def _with_rate(subject: str, number: Number) -> str:
    """A difference in points is said of the growth, not of the thing."""
    if number.unit != "百分点" or not subject or _OF_ITS_OWN.search(subject[-4:]) or _GROWTH.search(subject):
        return subject
    return f"{_FALL.sub('', subject)}同比增速"


def _printed(text: str, words: str, start: int) -> tuple[int, int] | None:
    """Where words stand in the block, from `start` on: whole, or their longest beginning."""
    for length in range(len(words), 1, -1):
        found = text.find(words[:length], start)
        if found >= 0:
            return found, found + length
    return None


def each(subject: str) -> tuple[str, ...]:
    """One number said of several rates is one claim for each (安装率、运行率达到100%)."""
    items = re.split("、|和|与", subject)
    return tuple(items) if len(items) > 1 and all(re.search("[^比]率$", item) for item in items) else (subject,)
