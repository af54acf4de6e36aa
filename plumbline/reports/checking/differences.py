"""Changes and differences: 由…到…提高…, 低于控制目标…, 快于序时进度…, 收入－支出＝结余.

A difference whose reference is printed is verified to the last digit. One whose reference is not printed gives the
reference as a derived value; that agrees with nothing, so its verdict is `cannot tell`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from plumbline.kernel import AGREES, CANNOT_TELL, DIFFERS, Claim, Place, Report, Statement
from plumbline.kernel.period import is_period, span
from plumbline.reports.checking.arithmetic import Interval, interval, number
from plumbline.reports.checking.quantity import NO_Q, Q, Quantity, Sheet, Utterance
from plumbline.reports.checking.subjects import same_indicator, topic

_UP = "上升|提高|提升|增加|增长|扩大|上涨|回升|扩|增|升|涨"
_DOWN = "下降|降低|减少|缩小|回落|压减|压缩|缩短|下调|降|减"
_GROUP = rf"{Q}(?:[、和及与]{NO_Q}，。；]{{0,6}}{Q})*"
_MOVE = re.compile(
    rf"[由从]{NO_Q}，。；]{{0,14}}(?P<old>{_GROUP}){NO_Q}。；]{{0,14}}?(?P<word>{_UP}|{_DOWN})(?:[到至为成])了?"
    rf"{NO_Q}，。；]{{0,8}}(?P<new>{_GROUP})"
    rf"(?:[，、](?:分别|共|累计|净)?(?P<by>{_UP}|{_DOWN})了?(?P<delta>{_GROUP}))?")
# from growth to growth: the words between tell the sign, not the direction
_GROWN = re.compile(f"(?:增长|下降|上涨|回落|减少|增加)了?{Q}(?=[^，]*(?:到|至|为|成))|[到至为成](?:增长|下降|上涨){Q}")
_WHAT = "增速|增幅|降幅|涨幅|跌幅|降速|增长率|占比|比重|总量"
_GROWS = "高出|提高|上升|提升|加快|回升|扩大|增加|增长|高|多"
_SHRINKS = "收窄|缩小|回落|下降|降低|放缓|减缓|减少|低|少"
_ABOVE = "高于|快于|高出|高过|超过|超出|超|大于|领先于?|多于"
_BELOW = "低于|慢于|小于|落后于?|滞后于?|少于"
COMPARED = re.compile(
    rf"(?:左右)?[，、；]?(?:但|且|并|仍|又|也|均|继续){{0,2}}(?P<what>{_WHAT})?(?:同比)?(?:"
    rf"(?:[较比与]|同(?!比))(?P<then>{NO_Q}，；、]{{1,16}}?)(?:相比)?，?(?:增幅|降幅)?(?P<grows>{_GROWS}|{_SHRINKS})|"
    rf"(?P<placed>{_ABOVE}|{_BELOW})(?P<other>{NO_Q}，；、]{{1,16}}?)的?|"
    rf"(?P<since>同比|环比)(?P<moved>{_GROWS}|{_SHRINKS}))[了约近]?")
# the reference printed beside its name: 比年目标4%低0.63个百分点, 比全省（17.3%）高17.2个百分点
_PRINTED = re.compile(
    rf"(?P<value>{Q})[，、；]?(?:{_WHAT})?(?:比|较)(?P<then>{NO_Q}，。；]{{1,14}}?)（?(?P<reference>{Q})）?"
    rf"(?:{_WHAT})?(?P<word>{_GROWS}|{_SHRINKS})了?(?P<delta>{Q})")
_PACE = re.compile(r"[序时]{2}进度|时间进度|序时")
_TARGET = re.compile(r"目标|控制数|控制线|计划|预期|指标")
AREA = re.compile(r"^(?:全市|全国|全省|全区|全州|北京市|国家|省|市)(?:平均)?(?:水平)?$|^全[市省国]平均")
_BALANCE = re.compile(
    rf"收入{NO_Q}，。；]{{0,8}}(?P<a>{Q})[，、]?{NO_Q}，。；]{{0,8}}支出{NO_Q}，。；]{{0,8}}(?P<b>{Q})"
    rf"[，、；]?(?:收支相抵|收支)?，?(?P<when>当期|当年|本年|年度)?(?:收支)?(?P<sign>结余|节余|盈余|赤字|缺口)(?:结转)?[为达]?(?P<c>{Q})")


@dataclass(frozen=True, slots=True)
class Compared:
    """A quantity and its difference from a reference that the sentence names."""

    quantity: Quantity
    delta: Quantity
    reference: str
    effect: int
    against: bool

    @property
    def implied(self) -> Decimal:
        """The reference that follows from the printed digits."""
        return self.quantity.value - self.effect * self.delta.size

    @property
    def range(self) -> Interval:
        """Where the reference may lie, given what is printed."""
        value, delta = interval(self.quantity, signed=True), interval(self.delta)
        return value - delta if self.effect > 0 else value + delta


def differences(sheet: Sheet, others: tuple[Report, ...] = ()) -> list[Statement]:
    """Every change and difference a text states."""
    found: list[Statement] = []
    for sentence in sheet.sentences:
        found += _moves(sheet, sentence)
        found += _balances(sheet, sentence)
        found += _beside(sheet, sentence)
        found += [_against(sheet, each, (sheet.report, *others)) for each in compared(sentence)]
    return found


# from … to … ----------------------------------------------------------------------------------------------------


def _moves(sheet: Sheet, sentence: Utterance) -> Iterator[Statement]:
    for match in _MOVE.finditer(sentence.skeleton):
        old, new = sentence.all(match["old"]), sentence.all(match["new"])
        deltas = sentence.all(match["delta"] or "")
        if _GROWN.search(match[0]) or [each.kind for each in old] != [each.kind for each in new]:
            continue
        if len(deltas) != len(old) or not _same_scale(old[0], deltas[0]):
            deltas = []
        for order, (first, last) in enumerate(zip(old, new, strict=True)):
            yield _moved(sheet, match, (first, last, *deltas[order:order + 1]))


def _same_scale(level: Quantity, delta: Quantity) -> bool:
    return delta.unit == "百分点" if level.unit == "%" else delta.kind == level.kind


def _moved(sheet: Sheet, match: re.Match[str], parts: tuple[Quantity, ...]) -> Statement:
    old, new = parts[:2]
    change = new.size - old.size
    rising = bool(re.fullmatch(_UP, match["word"]))
    unit = "个百分点" if new.unit == "%" else new.tail
    shown = number(abs(change) / (1 if new.unit == "%" else new.scale)) + unit
    words = f"由{old.surface}{match['word']}到{new.surface}，相差{shown}"
    places = tuple(map(sheet.place, parts))
    if _wrong_way(old, new, rising):
        return Statement("difference", DIFFERS, f"{words}：数字与“{match['word']}”的方向相反", places)
    if len(parts) < 3:
        return Statement("derived", CANNOT_TELL, f"{words}（推算，文中未印出差额）", places)
    verdict, why = _equal(abs(change), parts[2], interval(new) - interval(old))
    return Statement("difference", verdict, f"{words}，文中为{parts[2].surface}：{why}", places)


def _wrong_way(old: Quantity, new: Quantity, rising: bool) -> bool:
    before, after = interval(old), interval(new)
    return after.high < before.low if rising else after.low > before.high


def _equal(change: Decimal, printed: Quantity, allowed: Interval) -> tuple[str, str]:
    """Verdict on a printed difference: to the last digit, within rounding, or not at all."""
    if change == printed.size and printed.exact:
        return AGREES, "一致"
    both = Interval(min(abs(allowed.low), abs(allowed.high)), max(abs(allowed.low), abs(allowed.high)))
    if both.meets(interval(printed)):
        return CANNOT_TELL, "差在四舍五入的范围内，请核对"
    return DIFFERS, "不一致"


# receipts and payments ------------------------------------------------------------------------------------------


def _balances(sheet: Sheet, sentence: Utterance) -> Iterator[Statement]:
    for match in _BALANCE.finditer(sentence.skeleton):
        income, spent, left = (sentence.at(match[name]) for name in "abc")
        if len({income.kind, spent.kind, left.kind}) > 1:
            continue
        short = match["sign"] in ("赤字", "缺口")
        change = (spent.size - income.size) if short else (income.size - spent.size)
        allowed = (interval(spent) - interval(income)) if short else (interval(income) - interval(spent))
        verdict, why = _equal(change, left, allowed)
        words = f"收入{income.surface}，支出{spent.surface}，{match['sign']}{left.surface}：{why}"
        yield Statement("difference", verdict, words, tuple(map(sheet.place, (income, spent, left))))


# higher and lower than … ----------------------------------------------------------------------------------------


def compared(sentence: Utterance) -> list[Compared]:
    """Every difference in percentage points, with the rate it belongs to.

    A list is paired in its order (`增长5.7%和8.3%、比一季度提高0.2个和4.8个百分点`).
    """
    groups = list(_groups(sentence))
    found = []
    for order, group in enumerate(groups):
        first = sentence.quantities[group[0]]
        if first.unit != "百分点" or order == 0:
            continue
        match = COMPARED.fullmatch(sentence.between(group[0] - 1, group[0]).removesuffix("分别"))
        rates = _rates(sentence, groups[:order])
        if match and len(rates) == len(group):
            deltas = [sentence.quantities[index] for index in group]
            found += [_one(match, rate, delta) for rate, delta in zip(rates, deltas, strict=True)]
    return found


def _beside(sheet: Sheet, sentence: Utterance) -> Iterator[Statement]:
    """A rate, a reference printed with it, and their difference."""
    for match in _PRINTED.finditer(sentence.skeleton):
        value, reference, delta = (sentence.at(match[name]) for name in ("value", "reference", "delta"))
        if (value.unit, reference.unit, delta.unit) != ("%", "%", "百分点"):
            continue
        change = value.value - reference.value
        words = f"{_signed(value)}，{match['then']}{_signed(reference)}，相差{delta.surface}"
        rising = bool(re.fullmatch(_GROWS, match["word"]))
        verdict, why = _equal(abs(change), delta, interval(value, signed=True) - interval(reference, signed=True))
        if change and rising != (change > 0):
            verdict, why = DIFFERS, f"数字与“{match['word']}”的方向相反"
        yield Statement("difference", verdict, f"{words}：{why}", tuple(map(sheet.place, (value, reference, delta))))


def _groups(sentence: Utterance) -> Iterator[list[int]]:
    """Runs of quantities of one unit joined by 和 or 、."""
    run: list[int] = []
    for index, quantity in enumerate(sentence.quantities):
        if run and not (sentence.quantities[run[-1]].unit == quantity.unit
                        and re.fullmatch("[和、及与]", sentence.between(index - 1, index))):
            yield run
            run = []
        run.append(index)
    if run:
        yield run


def _rates(sentence: Utterance, groups: list[list[int]]) -> list[Quantity]:
    """The nearest rates before, past other differences of the same rates."""
    for group in reversed(groups):
        inside = [sentence.quantities[index] for index in group]
        if inside[0].unit == "%":
            return inside
        if inside[0].unit != "百分点" or not COMPARED.fullmatch(sentence.between(group[0] - 1, group[0])):
            return []
    return []


def _one(match: re.Match[str], rate: Quantity, delta: Quantity) -> Compared:
    word = match["grows"] or match["placed"] or match["moved"]
    rising = bool(re.fullmatch(f"{_GROWS}|{_ABOVE}", word))
    falling_rate = match["what"] in ("降幅", "跌幅", "降速")
    narrowing = word in ("收窄", "缩小")
    if falling_rate or (rate.value < 0 and narrowing):
        rising = not rising
    against = rate.measure == "yoy" and falling_rate and rate.value > 0
    reference = match["then"] or match["other"] or ("上年同期" if match["since"] == "同比" else "上期")
    return Compared(rate, delta, reference, 1 if rising else -1, against)


def _against(sheet: Sheet, each: Compared, reports: tuple[Report, ...]) -> Statement:
    """What a difference says: verified where its reference is known, else the reference as derived value."""
    places = (sheet.place(each.quantity), sheet.place(each.delta))
    words = f"{_signed(each.quantity)}，与{each.reference}相差{number(each.delta.digits)}个百分点"
    if each.against:
        return Statement("difference", DIFFERS, f"{words}：称“降幅”，而数字为增长", places)
    if _PACE.search(each.reference):
        return _pace(sheet, each, words, places)
    if _TARGET.search(each.reference):
        return _target(sheet, each, words, places, reports)
    why = f"{words}，推算{each.reference}为{_shown(each)}"
    return Statement("derived", CANNOT_TELL, why, places)


def _signed(quantity: Quantity) -> str:
    return ("-" if quantity.value < 0 else "") + quantity.surface


def _shown(each: Compared) -> str:
    low, high = sorted((each.range.low, each.range.high))
    spread = "" if low == high else f"（{number(low)}至{number(high)}）"
    return f"{number(each.implied)}%{spread}"


def _pace(sheet: Sheet, each: Compared, words: str, places: tuple[Place, ...]) -> Statement:
    """时间过半、任务过半: the pace is the share of the year that is over at the period's end."""
    claim = each.quantity.claim
    gone = [share for share in map(_year_gone, (claim.period if claim else None, sheet.report.heading.period)) if share]
    implied = f"{words}，推算序时进度为{_shown(each)}"
    if not gone:
        return Statement("derived", CANNOT_TELL, f"{implied}；报告期不明", places)
    if each.implied in gone and each.quantity.exact and each.delta.exact:
        return Statement("difference", AGREES, f"{implied}，与报告期一致", places)
    if any(each.range.low <= share <= each.range.high for share in gone):
        return Statement("difference", CANNOT_TELL, f"{implied}，在四舍五入的范围内", places)
    return Statement("difference", DIFFERS, f"{implied}，而按报告期为{number(gone[0], 2)}%", places)


def _year_gone(period: str | None) -> Decimal | None:
    """Share of the year's months gone at the end of a period, in %; None for a whole year, which has no pace."""
    if period is None or not is_period(period) or span(period)[1].month == 12:
        return None
    return Decimal(span(period)[1].month * 100) / 12


def _target(sheet: Sheet, each: Compared, words: str, places: tuple[Place, ...],
            reports: tuple[Report, ...]) -> Statement:
    """A difference from a target: held against the target where one is printed.

    Where none is, only this is known: targets for rates are set with one decimal at most. An implied target with
    more, beyond what rounding explains, differs.
    """
    implied = f"{words}，推算{each.reference}为{_shown(each)}"
    printed = _printed_target(sheet, each, reports)
    if printed is not None:
        value, place = printed
        verdict, why = _hold(each, value)
        return Statement("difference", verdict, f"{implied}，文中目标为{number(value)}%：{why}", (*places, place))
    tenth = round(each.implied, 1)
    if not each.range.low <= tenth <= each.range.high:
        return Statement("difference", DIFFERS, f"{implied}；目标通常至多一位小数，请核对", places)
    note = "" if each.implied == tenth else "，且不是整齐的数，请核对"
    return Statement("difference", CANNOT_TELL, f"{implied}；文中未印出该目标，无从核对{note}", places)


def _hold(each: Compared, value: Decimal) -> tuple[str, str]:
    if value == each.implied:
        return AGREES, "一致"
    if each.range.low <= value <= each.range.high:
        return CANNOT_TELL, "在四舍五入的范围内"
    return DIFFERS, "不一致"


def _printed_target(sheet: Sheet, each: Compared, reports: tuple[Report, ...]) -> tuple[Decimal, Place] | None:
    """The printed target of the same indicator, area and year, where exactly one value is printed."""
    claim = each.quantity.claim
    if claim is None or claim.modality != "actual":
        return None
    name = topic(sheet.report, claim)
    found = {}
    for report in reports:
        for other in report.claims:
            if _is_target_of(other, claim) and same_indicator(name, topic(report, other)):
                found[other.value] = Sheet(report).span(other.start, other.end, other)
    return next(iter(found.items())) if len(found) == 1 else None


def _is_target_of(other: Claim, claim: Claim) -> bool:
    return (other.unit == "%" and other.modality != "actual" and other.measure == claim.measure
            and other.place == claim.place and _same_year(other.period, claim.period))


def _same_year(left: str | None, right: str | None) -> bool:
    if not left or not right or not is_period(left) or not is_period(right):
        return False
    return span(left)[1].year == span(right)[1].year
