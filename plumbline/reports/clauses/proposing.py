"""From the text of a policy to conditions, gifts and days for a person to confirm; what could not be read is listed, not lost."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from plumbline.reports.clauses.conditions import joined, said
from plumbline.reports.clauses.dates import days
from plumbline.reports.clauses.found import Found, Passage, passage
from plumbline.reports.clauses.gifts import banded, given
from plumbline.reports.clauses.proposed import CONDITION, DAY, UNREAD, Proposed
from plumbline.reports.clauses.words import Words
from plumbline.reports.reading.normal import Block, blocks

TITLE = 40
TWICE = "同一栏目有两处不同的要求，可能是分档，或其中一处是例外，请人工判断"
# characters of a rest beside a condition that may be one, words that only carry the sentence taken out
SHORT = 4
PLAIN = re.compile(
    r"\d{4}年度?|[上下]半年?|\d{1,2}(?:月|-|至)*\d{0,2}月份?|至|申请|申报|享受|可以|均可|补贴|补助|政策|支持|主体|对象|企业|单位|用户|"
    r"符合|标准|条件|第[一二三四五六七八九十]+条|（[一二三四五六七八九十\d]+）|^\d+[.、]|[一二三四五六七八九十]、|返还|对于?|凡|各|及?其|等|并|且|"
    r"和|或者?|的|[：、，。]|行业|范围|要求|提出|参照执行|给予|被认定为|一次性|按照?|实际|本办法|适用于|用人")
LOOKS = re.compile(
    "应当|应为|须|必须|不得|未|承诺|依法|具有|具备|符合|属于|位于|登记|注册|以上|以下|以内|超过|不低于|不少于|除外|不适用|不予|"
    "不享受|满|正常经营|信用|比上年|增加|不裁员|少裁员|无")
PAYS = re.compile("贴息|给予|补贴|补助|奖励|返还|减免|免收|减半|缓缴|资助")
SUM = re.compile("元|%|减半|个月|新增部分|[壹贰叁肆伍陆柒捌玖拾]")
BLAND = re.compile(
    "同时(?:符合|具备)|下列条件|以下条件|符合条件|另行制定|负责解释|^本(?:办法|通知|细则|公告|措施|意见|指南)|申请补贴的企业|^(?:第[一二三四五六七八九十]+条)?\\s*[^，]{0,6}(?:应当|应为|必须|须|应)$|"
    "以上(?:措施|政策|规定)|有关要求|依据|根据|为深入|为贯彻|材料")


def propose(text: str, words: Words) -> tuple[Proposed, ...]:
    """What a policy text asks and gives, in the order of the text; offsets into it.

    Missing  a clause that looks like a condition or a gift and was not understood comes as `unread`, with why
    """
    pairs = [(block, passage(block.text, words)) for block in _bodies(text)]
    told = [days(here) for _, here in pairs]
    since = _since(told)
    found: list[tuple[Block, Passage, Found]] = []
    for (block, here), its_days in zip(pairs, told, strict=True):
        read = _read(here, since)
        whole = sorted([*its_days, *read, *_unread(here, [*its_days, *read])], key=lambda one: one.start)
        found += [(block, here, one) for one in whole]
    return tuple(_proposed(text, block, one) for block, one in _doubted(_once(found)))


def _bodies(text: str) -> list[Block]:
    """The paragraphs without the title: the first line, short and without a full stop."""
    found = blocks(text)
    return found[1:] if len(found) > 1 and len(found[0].text) <= TITLE and not re.search("[。；，]", found[0].text) else found


def _since(told: Iterable[list[Found]]) -> date | None:
    first = next((one for found in told for one in found if one.key == "since"), None)
    return date.fromisoformat(first.text) if first else None


def _read(here: Passage, since: date | None) -> list[Found]:
    """Conditions and gifts of a paragraph; a number belongs to one of them."""
    gifts = given(here)
    told = [one for one in said(here, since) if one.amount is None or one.amount.start not in gifts.taken]
    given_, left = banded(here, gifts.raws, joined(here, told))
    kept = [one for one in left if one.amount or not any(gift.start <= one.start and one.end <= gift.end for gift in given_)]
    return sorted([*given_, *kept], key=lambda one: one.start)


def _unread(here: Passage, found: list[Found]) -> Iterator[Found]:
    """Parts that look like a condition or a gift and that nothing was read from."""
    for start, end in here.parts():
        for first, last in _rests(here.text, start, end, found):
            rest = here.text[first:last]
            counted = any(first <= one.start < last and one.unit not in ("年", "户") for one in here.amounts)
            if len(rest) < 4 or BLAND.search(rest) and not counted:
                continue
            if PAYS.search(rest) and SUM.search(rest):
                yield Found(first, last, "", kind=UNREAD, sure=False, why="看起来是给付，没有读出按什么计算，请人工填写")
            elif counted or LOOKS.search(rest):
                yield Found(first, last, "", kind=UNREAD, sure=False, why="看起来是条件，登记表中没有对应的栏目，或写法没有读懂")
            elif _beside(here, first, found) and len(PLAIN.sub("", rest)) >= SHORT:
                yield Found(first, last, "", kind=UNREAD, sure=False, why="与条件写在一起，没有读出，请看是不是条件")


def _beside(here: Passage, at: int, found: list[Found]) -> bool:
    """Whether a condition was read in the sentence of an offset."""
    start, end = here.sentence_of(at)
    return any(start <= one.start < end and one.kind == CONDITION for one in found)


def _rests(text: str, start: int, end: int, found: list[Found]) -> Iterator[tuple[int, int]]:
    """What is left of a part once all that was read is taken out, without blanks and little words at its ends."""
    at = start
    for one in sorted((one for one in found if one.start < end and start < one.end), key=lambda one: one.start):
        yield from _stripped(text, at, max(at, min(one.start, end)))
        at = max(at, one.end)
    yield from _stripped(text, at, max(at, end))


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    match = re.fullmatch(r"(\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.]\s*)?)(.*?)((?:的|和|且|、|\s)*)", text[start:end])
    if match and match[2]:
        yield start + match.end(1), start + match.end(2)


def _once(found: list[tuple[Block, Passage, Found]]) -> Iterator[tuple[Block, Passage, Found]]:
    """Each condition and day once, where it stands first; an exclusion that another condition of the column implies is none."""
    seen: set[tuple[str, str, str]] = set()
    asked = {one.column for _, _, one in found if one.column and " in (" in one.text and " not in " not in one.text}
    for block, here, one in found:
        key = (one.kind, one.key, one.text) if one.kind in (CONDITION, DAY) else (one.kind, "", f"{block.para} {one.start}")
        implied = one.column in asked and "<>" in one.text
        if one.kind != "covered" and key not in seen and not implied:
            seen.add(key)
            yield block, here, one


def _doubted(found: Iterable[tuple[Block, Passage, Found]]) -> list[tuple[Block, Found]]:
    """What is left, in doubt where a column of values is asked for twice, and differently: mostly that is a table of cases."""
    rows = [(block, one) for block, _, one in found]
    asked = Counter(one.column for _, one in rows if one.kind == CONDITION and one.column and not one.amount)
    return [(block, one.doubted(TWICE) if one.kind == CONDITION and not one.amount and asked[one.column] > 1 else one)
            for block, one in rows]


def _proposed(text: str, block: Block, one: Found) -> Proposed:
    start, end = block.span(one.start, max(one.end, one.start + 1))
    day = date.fromisoformat(one.text) if one.kind == DAY else None
    told = one.text if one.kind == CONDITION else ""
    return Proposed(one.kind, one.key, start, end, text[start:end], told, one.gift, day, one.sure, one.why)
