"""What a paragraph gives: a share of a sum, an amount for each person or party, months of rent, and the most of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from plumbline.kernel import normal
from plumbline.reports.clauses.amounts import Amount
from plumbline.reports.clauses.found import Found, Passage
from plumbline.reports.clauses.proposed import GIFT
from plumbline.reports.clauses.words import Base

GIVES = re.compile("贴息|给予|补贴|补助|奖励|返还|减免|资助|补偿|奖补|减收|免收")
FLAT = re.compile(r"(?:给予|补助|奖励|补贴|资助|发放|奖补|减免)[^，。；\d每]{0,8}$")
PERSON = re.compile(r"每(?:人|名[^，。；]{0,4})[^，。；月]{0,7}$")
ODD = re.compile(r"每新增|每增加|每月|每吸纳|新招用|人民币|每年")
NEAR = 16
CAP = re.compile(r"(?:奖励|补贴|补助|返还|金额|最高|最多|每户|单户|单个企业|每家|合计|总额)[^，。；]{0,10}$")
HALF = "减半|打五折|五折"
FREE = "免收|免除|免缴|全免|免交|全额免"
MOST = re.compile(r"最(?:多|高)[^，。；]{0,6}$")
BAND = re.compile(r"(?:[（）含]{0,3})的(?:企业|单位|中小微企业|小微企业)?，")


@dataclass(frozen=True, slots=True)
class Raw:
    """A gift before bands and caps are put to it; `per`: the count of persons it is multiplied with."""

    start: int
    end: int
    base: str
    rate: Decimal = Decimal(1)
    flat: bool = False
    per: str = ""
    each: Decimal = Decimal(0)
    cap: str = ""
    why: str = ""


@dataclass(slots=True)
class Given:
    """The gifts of a paragraph and the amounts they took."""

    raws: list[Raw] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)


def given(here: Passage) -> Given:
    """The gifts of a paragraph, in order, and which amounts are theirs."""
    told = Given(list(_said(here)))
    for one in here.amounts:
        if any(raw.start <= one.start < raw.end for raw in told.raws):
            told.taken.add(one.start)
        elif raw := (_share(here, one) or _share_again(here, one, told.raws) or _money(here, one) or _months(here, one)):
            told.raws.append(raw)
            told.taken.add(one.start)
        else:
            _capped(here, one, told)
    told.raws.sort(key=lambda raw: raw.start)
    return told


def _said(here: Passage) -> Iterator[Raw]:
    """Gifts said in a way of their own, halves, and what is free."""
    for special in here.words.specials:
        for match in re.finditer(special.words, here.plain):
            share = text_of(Decimal(match["n"]) / 100)
            yield Raw(*match.span(), special.base.format(n=share), Decimal(special.rate.format(n=share) or 1))
    for base in here.words.bases:
        if not base.monthly:
            continue
        for match in re.finditer(rf"(?:{base.words})[^，。；]{{0,6}}?(?:{HALF})(?:收取|缴纳|征收)?", here.text):
            yield Raw(*match.span(), base.text, Decimal("0.5"))
        free = rf"(?:{FREE})[^，。；\d]{{0,4}}(?:\d{{4}}年)?(?:\d{{1,2}}月份?)?(?:的)?(?:{base.words})"
        for match in re.finditer(free, here.text):
            if not any(one.unit == "月" and match.start() <= one.start < match.end() for one in here.amounts):
                yield Raw(*match.span(), base.text)


def _share(here: Passage, one: Amount) -> Raw | None:
    """实际缴纳失业保险费的50%."""
    start, end = here.sentence_of(one.start)
    if one.unit != "%" or one.bound or not GIVES.search(here.text, start, end):
        return None
    for base in here.words.bases:
        match = re.search(rf"(?:{base.words})(?:的|之|总额的|金额的)?$", here.plain[start:one.start])
        if match:
            months = next((m for m in here.amounts if start <= m.start < end and m.unit == "月"), None) if base.monthly else None
            first = min(start + match.start(), months.start) if months and months.start < one.start else start + match.start()
            return Raw(first, one.end, _monthly(base, months), one.value)
    return None


def _share_again(here: Passage, one: Amount, before: list[Raw]) -> Raw | None:
    """…，按50%补贴: of the same sum as the share before it."""
    last = before[-1] if before else None
    if one.unit != "%" or one.bound or last is None or last.flat or last.per:
        return None
    by = re.search(r"的，(?:按(?:照)?)?$", here.plain[last.end:one.start])
    return Raw(one.start, one.end, last.base, one.value) if by else None


def _monthly(base: Base, months: Amount | None) -> str:
    return f"{base.text} * {months.text}" if months else base.text


def _money(here: Passage, one: Amount) -> Raw | None:
    """每人1000元; 给予2万元补助."""
    start, _ = here.sentence_of(one.start)
    before = here.plain[start:one.start]
    near = before[-16:]
    if one.unit != "元" or one.bound or ODD.search(near) or MOST.search(before):
        return None
    if person := PERSON.search(before):
        column = counted(here, before)
        named = any(re.search(words, before) for words, _ in here.words.persons)
        return Raw(start + person.start(), one.end, f"{column} * {one.text}", per=column, each=one.value,
                   why="" if named else "按哪一项人数，原文没有写明")
    if (match := FLAT.search(before)) or (match := FLAT.search(before + "给予") if _prize(here, one) else None):
        at = min(start + match.start(), one.start)
        return Raw(at, one.end, one.text, flat=True, each=one.value)
    return None


def _prize(here: Passage, one: Amount) -> bool:
    """5万元奖励, with nothing before it."""
    return bool(re.match(r"(?:的)?(?:一次性)?(?:奖励|补助|补贴|资助)", here.plain[one.end:]))


def counted(here: Passage, before: str) -> str:
    """Which persons 每人 counts: those named last before it, else the first that are known."""
    found = [(match.end(), column) for words, column in here.words.persons for match in re.finditer(words, before)]
    return max(found)[1] if found else here.words.persons[0][1]


def _months(here: Passage, one: Amount) -> Raw | None:
    """减免2个月租金."""
    if one.unit != "月" or one.bound:
        return None
    before, after = here.plain[max(0, one.start - 8):one.start], here.plain[one.end:one.end + 10]
    for base in here.words.bases:
        match = re.match(rf"(?:的)?(?:{base.words})(?!\d|的?\d)", after)
        if base.monthly and match and (verb := re.search(rf"(减半)?(?:减免|{FREE}|补贴|收取)[^，。；]{{0,3}}$", before)):
            rate = Decimal("0.5") if verb[1] else Decimal(1)
            return Raw(one.start - len(before) + verb.start(), one.end + match.end(), f"{base.text} * {one.text}", rate)
    return None


def _capped(here: Passage, one: Amount, told: Given) -> None:
    """最高不超过20万元, 最多奖励100人, 最多补助6个月: a limit of the gift before it in the same sentence."""
    last = told.raws[-1] if told.raws else None
    most = bool(MOST.search(here.plain[:one.start]))
    if last is None or not (most or one.bound in ("<=", "<")) or "。" in here.text[last.end:one.start] or one.start < last.end:
        return
    words = here.plain[max(last.end, one.start - 14):one.start + 4]
    if one.unit == "人" and last.per:
        cap = text_of(last.each * one.value)
    elif one.unit == "元" and (most or CAP.search(words[:-4] + ("最高" if "最" in words else ""))):
        person = re.search(r"每人", here.plain[last.end:one.start])
        cap = f"{last.per or counted(here, here.plain[:last.end])} * {one.text}" if person else one.text
    elif one.unit == "月" and not re.search(r"\* \d", last.base) and any(base.monthly and base.text == last.base
                                                                       for base in here.words.bases):
        told.raws[-1] = replace(last, base=f"{last.base} * {one.text}", end=one.end)
        told.taken.add(one.start)
        return
    else:
        return
    told.raws[-1] = replace(last, cap=cap, end=max(one.end, last.end))
    told.taken.add(one.start)


def banded(here: Passage, raws: list[Raw], conditions: list[Found]) -> tuple[list[Found], list[Found]]:
    """The gifts with their bands, and the conditions that are left.

    Reading  two gifts, each after a number that ends in 的，, are bands of one; one such gift alone keeps its condition
    """
    whens = [_when(here, raws[:at], raw, conditions) for at, raw in enumerate(raws)]
    columns = {one.column or one.key for when in whens for one in when}
    alike = len({raw.base for raw in raws}) == 1 or all(raw.flat for raw in raws)
    if len(raws) > 1 and all(whens[1:]) and len(columns) == 1 and alike and (whens[0] or not raws[0].flat):
        used = {id(one) for when in whens for one in when}
        return [_bands(here, raws, whens)], [one for one in conditions if id(one) not in used]
    return [_gift(here, raw) for raw in raws], conditions


def _when(here: Passage, before: list[Raw], raw: Raw, conditions: list[Found]) -> list[Found]:
    begin = before[-1].end if before else 0
    near = [one for one in conditions if begin <= one.start and one.end <= raw.start and (before or one.amount)]
    return near if near and raw.start - near[-1].end <= NEAR and BAND.match(here.text, near[-1].end) else []


def _bands(here: Passage, raws: list[Raw], whens: list[list[Found]]) -> Found:
    flat = all(raw.flat for raw in raws)
    pairs = [(raw, when) for raw, when in zip(raws, whens, strict=True) if when]
    whens = [when for _, when in pairs]
    if all(len(when) == 1 and when[0].amount for when in whens):
        down = all(when[0].text.split(" ")[1] in (">=", ">") for when in whens)
        pairs.sort(key=lambda pair: pair[1][0].amount.value if pair[1][0].amount else 0, reverse=down)
    bands = [{"when": " and ".join(one.text for one in when), "rate": text_of(raw.each if flat else raw.rate)}
             for raw, when in pairs]
    start, end = min(raws[0].start, whens[0][0].start), raws[-1].end
    body: dict[str, Any] = {"label": here.text[start:end][:40], "base": "1" if flat else raws[0].base, "bands": bands}
    if len(pairs) < len(raws):
        body["rate"] = text_of(raws[0].rate)
    if cap := next((raw.cap for raw in reversed(raws) if raw.cap), ""):
        body["cap"] = cap
    return Found(start, end, "", kind=GIFT, gift=body)


def _gift(here: Passage, raw: Raw) -> Found:
    body = {"label": here.text[raw.start:raw.end][:40], "base": raw.base}
    if raw.rate != 1:
        body["rate"] = text_of(raw.rate)
    if raw.cap:
        body["cap"] = raw.cap
    return Found(raw.start, raw.end, "", kind=GIFT, gift=body, sure=not raw.why, why=raw.why)


def text_of(value: Decimal) -> str:
    """A number as an expression has it."""
    return format(normal(value), "f")
