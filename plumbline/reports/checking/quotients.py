"""What follows by division: last year's level, the plan behind a share of it, shares and rates that are printed.

A quotient hides the low digits of what it was made of, so these are all of kind `derived`: `agrees` means that the
printed rate lies where the printed amounts allow it; `cannot tell` that the value is new and nothing printed holds it.
"""

import re
from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from plumbline.kernel import AGREES, CANNOT_TELL, DIFFERS, Statement
from plumbline.reports.checking.arithmetic import Interval, interval, number, plus, shown_in
from plumbline.reports.checking.quantity import NO_Q, Q, Quantity, Sheet, Utterance
from plumbline.reports.checking.subjects import plain_name

_YEAR_AGO = "同比|比上年(?:同期)?|较上年(?:同期)?|比去年(?:同期)?|较去年(?:同期)?|与上年同期相比|与去年同期相比"
_GROWTH = re.compile(
    rf"[，、；]?(?:{_YEAR_AGO})?，?(?P<each>分别)?(?:增长|增加|上升|提高|上涨|下降|减少|降低|改善|负增长|回落)了?")
_CHANGED = re.compile(rf"[，、]?(?:{_YEAR_AGO})?(?P<word>增收|增加|增长|增支|多|减收|减少|下降|减支|少)了?")
_SHARE_OF_PLAN = re.compile(rf"(?:（{NO_Q}，。；）]{{1,8}}）)?[，、]?(?:已|仅)?(?:为|占|完成){NO_Q}，。；]{{1,12}}的?")
_IS_CHANGE = re.compile("(?:增收|增加|增长|增支|减收|减少|下降|减支|[多少])了?$")
_REAL = re.compile("生产总值|增加值|GDP")
_OF_PRINTED = re.compile(
    rf"(?:完成|占|为)(?:了)?(?P<name>{NO_Q}，。；]{{2,12}})(?P<whole>{Q})的(?P<share>{Q})")
_SHARE = re.compile(
    r"[，、]?(?P<joint>合计)?(?:占|为|完成)(?:了)?(?P<of>[^，。；、]{2,16}?)(?:的比重|比重|的)(?:为|达到?)?$")
_PLAN = re.compile(
    r"^(?:全年|年度|年初|本年|调整|年)?(?:总)?(?:计划|预算|调整预算|目标|任务|目标任务|计划投资)(?:数|任务)?$")
# growth on another basis than the printed amounts: prices of the year before, a comparable set of firms
_OTHER_BASIS = re.compile("同口径|可比|剔除|扣除|不变价|实际增|名义|生产总值|增加值|投资|零售")
_PLANNED = re.compile("计划|预算数|目标|任务")
_ADDED = re.compile(
    rf"新(?:增|开通|建|设|认定|入规){NO_Q}，。；]{{0,14}}(?P<new>{Q})[，、](?:总数|总量|累计){NO_Q}，。；]{{0,6}}(?P<all>{Q})")
_THEN = re.compile(
    rf"[，、]?(?P<when>[较比](?:{NO_Q}，。；]{{1,10}}?))(?P<word>增加|多|增长|减少|少|下降|提高|降低)了?")
_RATE_WORDS = "开工|完成|竣工|复工|投产|办结|达标|合格|整改|落地|签约|完工|通过|覆盖"
_DONE = re.compile(
    rf"(?P<of>{Q})(?P<noun>{NO_Q}，。；]{{0,12}}，?{NO_Q}，。；]{{0,6}})(?P<done>{Q}){NO_Q}。；，]{{0,6}}，"
    rf"(?P<what>{NO_Q}，。；]{{1,6}}?)[率面](?:为|达到?)?(?P<rate>{Q})")
_COUNTED = re.compile(
    rf"(?P<of>{Q}){NO_Q}，。；、]{{0,12}}[，、]?(?P<what>{_RATE_WORDS})率(?:为|达到?)?(?P<rate>{Q})")


def quotients(sheet: Sheet) -> list[Statement]:
    """Every value that follows by division, and every printed one that can be held against it."""
    found: list[Statement] = []
    for number_, sentence in enumerate(sheet.sentences):
        found += _growths(sheet, sentence)
        found += _earlier(sheet, sentence)
        found += _shares(sheet, number_)
        found += _of_printed(sheet, sentence)
        found += _done(sheet, sentence)
    return found


def _words(sentence: Utterance, index: int) -> str:
    return sentence.between(index - 1, index)


def _is_amount(quantity: Quantity) -> bool:
    """An amount of the period reported, printed without bound."""
    claim = quantity.claim
    actual = claim is None or (claim.modality == "actual" and claim.numeral is None)
    return actual and quantity.exact and quantity.measure == "level" and quantity.digits > 0 and (
        quantity.unit not in ("%", "百分点", "倍", "‰", ""))


# last year's level ----------------------------------------------------------------------------------------------


def _growths(sheet: Sheet, sentence: Utterance) -> Iterator[Statement]:
    for index, rate in enumerate(sentence.quantities):
        match = _GROWTH.fullmatch(_words(sentence, index)) if index else None
        if not match or rate.measure != "yoy" or rate.unit != "%" or not rate.exact or rate.value <= -100:
            continue
        rates = _run(sentence, index)
        levels = _levels(sentence, index, len(rates))
        changed = _change(sentence, index) or _changed_after(sentence, index, levels)
        if changed and len(rates) == 1:
            yield _verified(sheet, sentence, (*changed[:2], rate), changed[2])
        elif len(levels) == len(rates) and (len(rates) > 1 or not match["each"]):
            yield from (_last_year(sheet, sentence, *pair) for pair in zip(levels, rates, strict=True))


def _run(sentence: Utterance, index: int) -> list[Quantity]:
    """The rate and those joined to it by 和 or 、."""
    last = index + 1
    while (last < len(sentence.quantities) and sentence.quantities[last].measure == "yoy"
           and re.fullmatch("[和、及]", _words(sentence, last))):
        last += 1
    return list(sentence.quantities[index:last])


def _levels(sentence: Utterance, index: int, count: int) -> list[Quantity]:
    """The amounts right before a growth rate, past the share of a plan they make."""
    last = index
    while last > 0 and sentence.quantities[last - 1].unit == "%" and (
            last > 1 and _SHARE_OF_PLAN.fullmatch(_words(sentence, last - 1))):
        last -= 1
    found = list(sentence.quantities[max(0, last - count):last])
    changes = any(_IS_CHANGE.search(sentence.lead(at)) for at in range(max(0, last - count), last))
    return found if all(map(_is_amount, found)) and not changes else []


def _last_year(sheet: Sheet, sentence: Utterance, level: Quantity, rate: Quantity) -> Statement:
    growth = _factor(rate)
    before = interval(level) / growth
    value = level.size * 100 / (100 + rate.value)
    shown, low, high = (_rounded(size, level) for size in (value, before.low, before.high))
    real = "（按可比口径）" if _REAL.search(sentence.lead(sentence.index(level))) else ""
    change = _rounded(abs(level.size - value), level)
    sign = "-" if rate.value < 0 else "+"
    why = (f"{level.surface}，同比{sign}{number(abs(rate.value))}%，推算上年同期{real}为{shown}{level.tail}"
           f"（{low}至{high}），{'减少' if rate.value < 0 else '增加'}{change}{level.tail}")
    return Statement("derived", CANNOT_TELL, why, (sheet.place(level), sheet.place(rate)))


def _factor(rate: Quantity) -> Interval:
    """1 + growth, from growth in %; 1.3倍 is printed to a tenth of the whole."""
    slack = rate.slack * 100 if rate.surface.endswith("倍") else rate.slack
    at = 100 + rate.value
    return Interval((at - slack) / 100, (at + slack) / 100)


def _rounded(size: Decimal, like: Quantity) -> str:
    decimals = max(0, -int(like.digits.as_tuple().exponent))
    return number(size / like.scale, max(decimals, 1))


def _change(sentence: Utterance, index: int) -> tuple[Quantity, Quantity, bool] | None:
    """Level and change in front of a growth rate (`同比增收124,885万元，增长9.85%`); True for a rise."""
    change = sentence.quantities[index - 1]
    match = _CHANGED.fullmatch(_words(sentence, index - 1)) if index > 1 else None
    levels = _levels(sentence, index - 1, 1) if match else []
    if not match or not levels or levels[0].kind != change.kind or not change.exact:
        return None
    return levels[0], change, match["word"][0] in "增多"


def _changed_after(sentence: Utterance, index: int, levels: list[Quantity]) -> tuple[Quantity, Quantity, bool] | None:
    """The same where the change stands behind the rate (`增长10.85%，增收2,798万元`)."""
    if len(levels) != 1 or index + 1 == len(sentence.quantities):
        return None
    match, change = _CHANGED.fullmatch(_words(sentence, index + 1)), sentence.quantities[index + 1]
    if not match or change.kind != levels[0].kind or not change.exact:
        return None
    return levels[0], change, match["word"][0] in "增多"


def _verified(sheet: Sheet, sentence: Utterance, printed: tuple[Quantity, Quantity, Quantity],
              rising: bool) -> Statement:
    """Level, change and rate are printed: the rate is change ÷ (level − change), where all are on one basis."""
    level, change, rate = printed
    before = interval(level) - interval(change) if rising else interval(level) + interval(change)
    quotient = interval(change) / before if before.low > 0 else Interval(Decimal(0), Decimal("Infinity"))
    verdict, why = _hold(quotient, rate, rising == (rate.value > 0))
    if verdict == DIFFERS and _OTHER_BASIS.search(sentence.skeleton):
        verdict, why = CANNOT_TELL, f"{why}；增速可能另按可比口径计算"
    words = f"{level.surface}，{'增加' if rising else '减少'}{change.surface}，增速{rate.surface}：{why}"
    return Statement("derived", verdict, words, tuple(map(sheet.place, printed)))


def _hold(quotient: Interval, rate: Quantity, same_way: bool = True) -> tuple[str, str]:
    """Verdict on a printed rate in % given the quotient its parts allow."""
    low, high = quotient.low * 100, quotient.high * 100
    shown = f"推算为{number(low, 2)}%至{number(high, 2)}%" if low != high else f"推算为{number(low, 2)}%"
    if not same_way:
        return DIFFERS, f"方向相反，{shown}"
    allowed = interval(rate)
    # half up and half even both occur in print, and so does the plain cutting of digits
    if Interval(low, high).meets(Interval(allowed.low, allowed.high + rate.slack)):
        return AGREES, f"{shown}，一致"
    return DIFFERS, f"{shown}，不一致"


# earlier levels -------------------------------------------------------------------------------------------------


def _earlier(sheet: Sheet, sentence: Utterance) -> Iterator[Statement]:
    """Level at the beginning, from level and change (`较年初增加14.3亿元`, `新开通5135个、累计开通2.25万个`)."""
    for match in _ADDED.finditer(sentence.skeleton):
        new, total = sentence.at(match["new"]), sentence.at(match["all"])
        if new.kind == total.kind and _is_amount(new) and _is_amount(total):
            yield _before(sheet, total, new, "此前", rising=True)
    for index in range(1, len(sentence.quantities)):
        level, change = sentence.quantities[index - 1:index + 1]
        then = _THEN.fullmatch(_words(sentence, index))
        if then and level.kind == change.kind and _is_amount(level) and change.exact and change.unit != "%":
            yield _before(sheet, level, change, then["when"][1:], then["word"][0] in "增多提")


def _before(sheet: Sheet, level: Quantity, change: Quantity, when: str, rising: bool) -> Statement:
    allowed = interval(level) - interval(change) if rising else interval(level) + interval(change)
    value = level.size - change.size if rising else level.size + change.size
    spread = "" if allowed.low == allowed.high else (
        f"（{shown_in(allowed.low, level)}至{shown_in(allowed.high, level)}）")
    places = (sheet.place(level), sheet.place(change))
    if rising and allowed.high < 0:
        return Statement("identity", DIFFERS, f"增加{change.surface}大于总数{level.surface}", places)
    moved = f"{'增加' if rising else '减少'}{change.surface}"
    why = f"{level.surface}，{moved}，推算{when}为{shown_in(value, level)}{spread}"
    return Statement("derived", CANNOT_TELL, why, places)


# shares ---------------------------------------------------------------------------------------------------------


def _shares(sheet: Sheet, order: int) -> Iterator[Statement]:
    """`占公共财政预算收入的73.2%`, where part and whole are printed; `完成年度计划的61.7%` gives the plan."""
    sentence = sheet.sentences[order]
    for index, share in enumerate(sentence.quantities):
        match = _SHARE.search(_words(sentence, index)) if share.unit == "%" and share.exact and index else None
        if not match or not share.digits or "分别" in _words(sentence, index):
            continue
        parts = _parts(sentence, index, bool(match["joint"]))
        begins = match.start() + match[0].startswith(("，", "、"))
        if not _owns(sentence, parts, _words(sentence, index)[:begins]):
            continue
        whole, sure = _named(sheet, order, index, match["of"], parts) if parts else (None, False)
        if whole:
            quotient = plus([interval(part) for part in parts]) / interval(whole)
            verdict, why = _hold(quotient, share)
            words = f"{'＋'.join(part.surface for part in parts)}占{match['of']}{whole.surface}的{share.surface}：{why}"
            yield Statement("derived", verdict if sure or verdict == AGREES else CANNOT_TELL, words,
                            tuple(map(sheet.place, (*parts, whole, share))))
        elif parts and _PLAN.match(match["of"]):
            yield _plan(sheet, parts[0], share, match["of"])


def _of_printed(sheet: Sheet, sentence: Utterance) -> Iterator[Statement]:
    """`完成年初预算数60999万元的40.4%`: the whole stands before its share."""
    for match in _OF_PRINTED.finditer(sentence.skeleton):
        whole, share = sentence.at(match["whole"]), sentence.at(match["share"])
        parts = _parts(sentence, sentence.index(whole), joint=False)
        if not _owns(sentence, parts, re.split(Q, sentence.skeleton[:match.start()])[-1]):
            continue
        if share.unit == "%" and share.exact and whole.exact and whole.digits and whole.kind == parts[0].kind:
            verdict, why = _hold(interval(parts[0]) / interval(whole), share)
            words = f"{parts[0].surface}占{match['name']}{whole.surface}的{share.surface}：{why}"
            yield Statement("derived", verdict, words, tuple(map(sheet.place, (parts[0], whole, share))))


def _parts(sentence: Utterance, index: int, joint: bool) -> list[Quantity]:
    """The amount a share belongs to; with 合计 all amounts of its list."""
    before = list(sentence.quantities[:index])
    while before and not joint and (before[-1].unit in ("%", "百分点") or not _stands_alone(sentence, len(before) - 1)):
        before.pop()
    if not before or not _is_amount(before[-1]) or "；" in _text(sentence, len(before) - 1, index) or (
            _PLANNED.search(sentence.lead(len(before) - 1))):
        return []
    start = len(before) - 1
    while joint and start > 0 and before[start - 1].kind == before[-1].kind and re.fullmatch(
            "[和、及]", _words(sentence, start)):
        start -= 1
    return before[start:] if start < len(before) - 1 or not joint else []


def _owns(sentence: Utterance, parts: list[Quantity], words: str) -> bool:
    """Whether a share belongs to the amount before it: no other thing is named between."""
    name = re.split("[，、；]", words)[-1].strip("（）")
    if not parts or not name or name in ("已", "仅", "约", "总量", "累计"):
        return bool(parts)
    return sentence.lead(sentence.index(parts[-1])).startswith(name)


def _stands_alone(sentence: Utterance, index: int) -> bool:
    """Whether a quantity ends its clause: `列全市9个县第3位` is none that could have a share."""
    return bool(re.match("[，、；（]|左右|$", sentence.after(index)))


def _text(sentence: Utterance, left: int, right: int) -> str:
    first, last = sentence.quantities[left], sentence.quantities[right]
    return sentence.skeleton[sentence.mark(first):sentence.mark(last)]


def _plan(sheet: Sheet, part: Quantity, share: Quantity, name: str) -> Statement:
    """The plan that a share of it implies."""
    percent = interval(share)
    whole = interval(part) / Interval(percent.low / 100, percent.high / 100)
    low, high = _rounded(whole.low, part), _rounded(whole.high, part)
    value = _rounded(part.size * 100 / share.size, part)
    why = f"{part.surface}为{name}的{share.surface}，推算{name}为{value}{part.tail}（{low}至{high}）"
    return Statement("derived", CANNOT_TELL, why, (sheet.place(part), sheet.place(share)))


def _named(sheet: Sheet, order: int, index: int, name: str,
           parts: list[Quantity]) -> tuple[Quantity | None, bool]:
    """The nearest amount before that carries exactly this name, and whether it stands in the same paragraph.

    A plan is looked for in the same paragraph only: each project has one.
    """
    wanted = _plain(name)
    for back in range(order, -1, -1):
        sentence = sheet.sentences[back]
        near = sentence.block == sheet.sentences[order].block
        if not near and _PLANNED.search(name):
            break
        for at in range((index if back == order else len(sentence.quantities)) - 1, -1, -1):
            quantity = sentence.quantities[at]
            if (quantity not in parts and quantity.kind == parts[0].kind and _is_amount(quantity)
                    and _plain(sentence.lead(at)) == wanted):
                fits = quantity.size >= max(part.size for part in parts) or bool(_PLANNED.search(name))
                return (quantity, near) if fits else (None, False)
    return None, False


def _plain(name: str) -> str:
    area = re.match("(?:全[市区省县国])", name)
    return (area[0] if area else "") + plain_name(name)


# rates of completion --------------------------------------------------------------------------------------------


def _done(sheet: Sheet, sentence: Utterance) -> Iterator[Statement]:
    """`35个项目开工33个，开工率94.3%` is verified; `177项任务完成率达94%` gives how many that can be."""
    taken = set()
    for match in _DONE.finditer(sentence.skeleton):
        whole, part, rate = (sentence.at(match[name]) for name in ("of", "done", "rate"))
        stem = match["what"][-2:]
        taken.add(rate.start)
        if (whole.kind == part.kind and rate.unit == "%" and stem in match["noun"] and rate.exact
                and _is_amount(whole) and _is_amount(part) and part.size <= whole.size):
            verdict, why = _hold(interval(part) / interval(whole), rate)
            words = f"{whole.surface}中{part.surface}，{match['what']}率{rate.surface}：{why}"
            yield Statement("derived", verdict, words, tuple(map(sheet.place, (whole, part, rate))))
    for match in _COUNTED.finditer(sentence.skeleton):
        whole, rate = sentence.at(match["of"]), sentence.at(match["rate"])
        told = sentence.lead(sentence.index(whole))
        known = rate.start in taken or match["what"] in told or whole.slack
        if not known and rate.unit == "%" and rate.exact and rate.size < 100 and _is_amount(whole):
            yield _counted(sheet, whole, rate)


def _counted(sheet: Sheet, whole: Quantity, rate: Quantity) -> Statement:
    """The whole numbers that a printed rate leaves possible."""
    allowed = interval(rate)
    least = (whole.size * allowed.low / 100).to_integral_value(ROUND_CEILING)
    most = (whole.size * allowed.high / 100).to_integral_value(ROUND_FLOOR)
    if least > most:
        why = f"{whole.surface}的{rate.surface}不对应任何整数，请核对"
    else:
        span = number(least) if least == most else f"{number(least)}至{number(most)}"
        why = f"{whole.surface}的{rate.surface}，推算为{span}{whole.tail}"
    return Statement("derived", CANNOT_TELL, why, (sheet.place(whole), sheet.place(rate)))
