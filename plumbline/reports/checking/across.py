"""Two reports against each other: an area and one that holds it, or two reports of one area.

What is told apart: a difference the text states (高于全市1.3个百分点) is verified where the other report prints the
rate; an amount of an inner area is no larger than that of the outer one; a rate of two areas may differ, so it is
only set beside the other (`cannot tell`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plumbline.kernel import AGREES, BY_CODE, CANNOT_TELL, DIFFERS, Claim, Place, Statement, area_name, inside
from plumbline.reports.checking.arithmetic import number
from plumbline.reports.checking.differences import AREA, Compared, compared
from plumbline.reports.checking.projects import common, projects
from plumbline.reports.checking.quantity import Quantity, Sheet
from plumbline.reports.checking.subjects import same_indicator, topic

_RATES = ("%", "百分点", "‰", "微克/立方米", "毫克/立方米", "元")
_PER_HEAD = re.compile("人均|每|平均|率|浓度")
_NOUN = re.compile(r"[^，。；、（ -]{2,14}?(?=[，。；、（ -]|正式|生效|$)")
_ALIKE = 0.7


@dataclass(frozen=True)
class Pair:
    """Two reports; `inner` lies in `outer` where their areas tell, else neither holds the other."""

    outer: Sheet
    inner: Sheet
    nested: bool

    def named(self, sheet: Sheet) -> str:
        """Name of a report's area for people."""
        heading = sheet.report.heading
        return heading.area_name or (area_name(heading.area) if heading.area else sheet.report.name)


def across(report: Sheet, other: Sheet) -> list[Statement]:
    """Everything two reports say of the same things."""
    pair = _pair(report, other)
    found = [*_beside(pair), *_targets(pair), *projects(report, other)]
    if pair.nested:
        found += [*_gaps(pair), *_handed(pair)]
    return found


def _pair(report: Sheet, other: Sheet) -> Pair:
    one, two = report.report.heading.area, other.report.heading.area
    if one and two and one != two:
        if inside(one, two):
            return Pair(other, report, nested=True)
        if inside(two, one):
            return Pair(report, other, nested=True)
    return Pair(other, report, nested=False)


# the same indicator ---------------------------------------------------------------------------------------------


def _beside(pair: Pair) -> Iterator[Statement]:
    """Indicators both reports print, for the same period."""
    outers = [(topic(pair.outer.report, claim), claim) for claim in pair.outer.report.claims if _stands(claim)]
    for claim in pair.inner.report.claims:
        if not _stands(claim):
            continue
        name = topic(pair.inner.report, claim)
        for known, outer in outers:
            if _comparable(outer, claim) and same_indicator(known, name):
                yield _set_beside(pair, name, outer, claim)
                break


def _stands(claim: Claim) -> bool:
    return (claim.modality == "actual" and claim.bound == "=" and claim.measure in ("level", "yoy")
            and claim.numeral is None and claim.value2 is None)


def _comparable(left: Claim, right: Claim) -> bool:
    return (left.unit == right.unit and left.measure == right.measure and bool(left.period and right.period)
            and left.period == right.period)


def _set_beside(pair: Pair, name: str, outer: Claim, inner: Claim) -> Statement:
    places = (pair.outer.span(outer.start, outer.end, outer), pair.inner.span(inner.start, inner.end, inner))
    growth = "同比" if outer.measure == "yoy" else ""
    words = (f"{name}{growth}：{pair.named(pair.outer)}{_printed(outer)}，{pair.named(pair.inner)}{_printed(inner)}")
    if not pair.nested:
        same = pair.outer.report.heading.area == pair.inner.report.heading.area is not None
        return _same_area(words, outer, inner, places) if same else Statement(
            "across", CANNOT_TELL, f"{words}；两地数值不必相同", places)
    if outer.measure == "yoy" or outer.unit in _RATES[:-1] or _PER_HEAD.search(name):
        gap = f"相差{number(abs(inner.value - outer.value))}"
        return Statement("across", CANNOT_TELL, f"{words}，{gap}；两级数值不必相同", places)
    if inner.value - inner.tolerance > outer.value + outer.tolerance:
        return Statement("across", DIFFERS, f"{words}：部分大于整体", places)
    return Statement("across", AGREES, f"{words}：部分不大于整体", places)


def _printed(claim: Claim) -> str:
    return ("-" if claim.value < 0 else "") + "".join(claim.surface.split())


def _same_area(words: str, left: Claim, right: Claim, places: tuple[Place, ...]) -> Statement:
    gap = abs(left.value - right.value)
    if not gap:
        return Statement("across", AGREES, f"{words}：一致", places)
    if gap <= left.tolerance + right.tolerance:
        return Statement("across", CANNOT_TELL, f"{words}：差在四舍五入的范围内", places)
    return Statement("across", CANNOT_TELL, f"{words}：两份报告不同，请核对口径与修订", places)


# stated differences ---------------------------------------------------------------------------------------------


def _gaps(pair: Pair) -> Iterator[Statement]:
    """`高于全市1.3个百分点`: the inner report's rate and difference against the outer report's rate."""
    for sentence in pair.inner.sentences:
        for each in compared(sentence):
            if AREA.search(each.reference) and not each.reference.startswith(("全国", "国家", "全省")):
                yield _gap(pair, each)


def _gap(pair: Pair, each: Compared) -> Statement:
    places = [pair.inner.place(each.quantity), pair.inner.place(each.delta)]
    low, high = sorted((each.range.low, each.range.high))
    gap = f"与{each.reference}相差{number(each.delta.digits)}个百分点"
    words = (f"{pair.named(pair.inner)}{_signed(each.quantity)}，{gap}，"
             f"推算{pair.named(pair.outer)}为{number(each.implied)}%（{number(low)}至{number(high)}）")
    outer = _printed_rate(pair, each.quantity)
    if outer is None:
        return Statement("across", CANNOT_TELL, f"{words}；{pair.named(pair.outer)}的报告未印出该数", tuple(places))
    places.append(pair.outer.span(outer.start, outer.end, outer))
    words += f"，{pair.named(pair.outer)}的报告印为{_printed(outer)}"
    if outer.value == each.implied:
        return Statement("across", AGREES, f"{words}：一致", tuple(places))
    if low - outer.tolerance <= outer.value <= high + outer.tolerance:
        return Statement("across", CANNOT_TELL, f"{words}：差在四舍五入的范围内", tuple(places))
    return Statement("across", DIFFERS, f"{words}：不一致", tuple(places))


def _signed(quantity: Quantity) -> str:
    return ("-" if quantity.value < 0 else "") + quantity.surface


def _printed_rate(pair: Pair, quantity: Quantity) -> Claim | None:
    """The outer report's rate of the same indicator and period."""
    if quantity.claim is None:
        return None
    name = topic(pair.inner.report, quantity.claim)
    for claim in pair.outer.report.claims:
        if _stands(claim) and _comparable(claim, quantity.claim) and same_indicator(
                name, topic(pair.outer.report, claim)):
            return claim
    return None


# targets and shares ---------------------------------------------------------------------------------------------


def _targets(pair: Pair) -> Iterator[Statement]:
    """A target of the inner area is no larger than the outer area's for the same thing."""
    if not pair.nested:
        return
    wholes = [claim for claim in pair.outer.report.claims if _promised(claim)]
    for claim in pair.inner.report.claims:
        if _promised(claim):
            best = max(wholes, key=lambda whole: _alike(pair, whole, claim), default=None)
            if best is not None and _alike(pair, best, claim) > 0:
                yield _share(pair, best, claim)


def _promised(claim: Claim) -> bool:
    return (claim.modality == "target" and claim.measure == "level" and claim.numeral is None
            and claim.unit not in _RATES and claim.value2 is None)


def _kind(unit: str) -> str:
    return "个" if unit in ("个", "项", "件", "家") else unit


def _alike(pair: Pair, whole: Claim, part: Claim) -> float:
    """How much of the shorter name two targets share; 0 where the common words name no thing."""
    if _kind(whole.unit) != _kind(part.unit) or (whole.deadline or "")[:4] != (part.deadline or "")[:4]:
        return 0.0
    scores = [0.0]
    printed = topic(pair.outer.report, whole), topic(pair.inner.report, part)
    for left, right in ((whole.subject, part.subject), printed):
        shared = common(left, right)
        if shared:
            scores.append(len(shared) / min(len(left), len(right)))
    return max(scores)


def _share(pair: Pair, whole: Claim, part: Claim) -> Statement:
    places = (pair.outer.span(whole.start, whole.end, whole), pair.inner.span(part.start, part.end, part))
    words = (f"{part.subject}：{pair.named(pair.outer)}目标{whole.surface}（{whole.subject}），"
             f"{pair.named(pair.inner)}目标{part.surface}")
    if part.value <= whole.value:
        share = number(part.value * 100 / whole.value, 1) if whole.value else "0"
        return Statement("across", AGREES, f"{words}，占{share}%：部分不大于整体", places)
    sure = _alike(pair, whole, part) >= _ALIKE
    return Statement("across", DIFFERS if sure else CANNOT_TELL, f"{words}：部分大于整体", places)


# what one report says it hands to the other's area ----------------------------------------------------------------


def _handed(pair: Pair) -> Iterator[Statement]:
    """Counts the outer report gives for the inner area by name, beside the inner report's own (30项管理权限)."""
    given = list(_counts(pair.outer, _names(pair)))
    for quantity, noun, _ in _counts(pair.inner, ()):
        for outer, thing, _ in given:
            if outer.kind == quantity.kind and noun != thing and thing.endswith(noun) or noun == thing:
                yield _handed_over(pair, outer, thing, quantity, noun)


def _names(pair: Pair) -> tuple[str, ...]:
    code = pair.inner.report.heading.area or ""
    return (area_name(code), *(BY_CODE[code].also if code in BY_CODE else ()))


def _counts(sheet: Sheet, names: tuple[str, ...]) -> Iterator[tuple[Quantity, str, str]]:
    """Counts with the noun behind them; only of clauses that name one of `names`, where any are given."""
    for sentence in sheet.sentences:
        for index, quantity in enumerate(sentence.quantities):
            lead = sentence.lead(index)
            match = _NOUN.match(sentence.after(index))
            if (match and len(match[0]) >= 4 and quantity.exact and not quantity.slack
                    and (not names or any(name in lead for name in names))):
                yield quantity, match[0], lead


def _handed_over(pair: Pair, outer: Quantity, thing: str, inner: Quantity, noun: str) -> Statement:
    sentence = next(each for each in pair.inner.sentences if inner in each.quantities)
    at = sentence.index(inner)
    near = [q for i, q in enumerate(sentence.quantities) if i != at and abs(i - at) == 1 and q.size == outer.size
            and q.unit in ("个", "项", "件")]
    places = (pair.outer.place(outer), pair.inner.place(inner), *map(pair.inner.place, near))
    words = f"{pair.named(pair.outer)}称{outer.surface}{thing}，{pair.named(pair.inner)}称{inner.surface}{noun}"
    if outer.size == inner.size:
        return Statement("across", AGREES, f"{words}：一致", places)
    if near:
        other = sentence.after(sentence.index(near[0]))[:2]
        words = f"{words}、{near[0].surface}{other}：数目不同，另一数相同，口径请核对"
        return Statement("across", CANNOT_TELL, words, places)
    return Statement("across", CANNOT_TELL, f"{words}：数目不同，口径请核对", places)
