"""Conditions of a paragraph: words that ask one thing, words for values of a column, and numbers with a bound."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from plumbline.reports.clauses.amounts import Amount
from plumbline.reports.clauses.dates import DAY, day_of
from plumbline.reports.clauses.found import Found, Passage, apart
from plumbline.reports.clauses.proposed import UNREAD
from plumbline.reports.clauses.words import Choice, Quantity

FAR = 16
JOIN = re.compile(r"(?:企业|行业|业)?(?:、|和|及|与|或者|或|以及|,)?(?:企业|行业)?")
OR = re.compile(r"(?:、|和|及|与|或者|或|以及)")
EITHER = re.compile(r"[^，。；]{0,3}(?:，)?(?:或者|或)[^，。；、]{0,3}")
AWAY = re.compile(r"not |\w+ (?:<>|not in) ")
FALLS = re.compile(r"(?:下降|减少|下滑|降低|下跌|降幅|减幅)(?:幅度)?(?:在)?[^，。；]{0,2}$")
RISES = re.compile(r"(?:增长|增加|上升|增幅|提高)(?:幅度)?(?:在)?[^，。；]{0,2}$")
PER = re.compile(r"每(?:人|户|家|名)[^，。；]{0,6}$")


def said(here: Passage, since: date | None) -> list[Found]:
    """All conditions of a paragraph, before gifts take their part; `since`: the day the paper is valid from, where known."""
    valued = [one for choice in here.words.choices for one in _values(here, choice)]
    words = _either(here, apart([*_phrases(here), *_merged(here, valued)]))
    return sorted([*words, *_numbers(here, since), *_before(here)], key=lambda one: one.start)


def _phrases(here: Passage) -> Iterator[Found]:
    for phrase in here.words.phrases:
        for match in re.finditer(phrase.words, here.text):
            away = here.excluded(*match.span())
            text = phrase.excluded if away else phrase.text
            if not text:
                why = "没有读出是要求还是排除，请人工判断"
                yield Found(*(away or match.span()), phrase.key, kind=UNREAD, sure=False, why=why)
            else:
                yield Found(*(away or match.span()), phrase.key, text, sure=not phrase.doubt, why=phrase.doubt)


def _either(here: Passage, found: list[Found]) -> list[Found]:
    """在园区注册或者属于高精尖产业: one of both will do."""
    told: list[Found] = []
    for one in found:
        last = told[-1] if told else None
        asks = last and last.text and one.text and not (AWAY.match(last.text) or AWAY.match(one.text))
        if last and asks and EITHER.fullmatch(here.text, last.end, one.start):
            if last.text == one.text:
                told[-1] = replace(last, end=one.end)
                continue
            both = Found(last.start, one.end, last.key, f"({last.text}) or ({one.text})", column=last.column)
            told[-1] = both.doubted("“或”两边读作满足一项即可")
        else:
            told.append(one)
    return told


def _values(here: Passage, choice: Choice) -> Iterator[Found]:
    """Words for values of a column, those that stand in one list taken together."""
    hits = apart(Found(*match.span(), choice.column, "\t".join(values))
                 for words, values in choice.values for match in re.finditer(words, here.text))
    run: list[Found] = []
    for one in hits:
        if run and not JOIN.fullmatch(here.text, run[-1].end, one.start):
            yield _listed(here, choice, run)
            run = []
        run.append(one)
    if run:
        yield _listed(here, choice, run)


def _listed(here: Passage, choice: Choice, run: list[Found]) -> Found:
    values = tuple(dict.fromkeys(value for one in run for value in one.text.split("\t")))
    start, end = run[0].start, run[-1].end
    away = here.excluded(start, end)
    return Found(*(away or (start, end)), choice.column, among(choice, values, bool(away)), column=choice.column)


def among(choice: Choice, values: tuple[str, ...], away: bool) -> str:
    """A column has one of some values, or none of them."""
    if choice.patterns:
        told = " or ".join(f"{choice.column} like '{value}'" for value in values)
        return f"not ({told})" if away else told
    if len(values) == 1:
        return f"{choice.column} {'<>' if away else '='} '{values[0]}'"
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{choice.column} {'not in' if away else 'in'} ({listed})"


def _merged(here: Passage, found: list[Found]) -> list[Found]:
    """中小微企业和个体工商户: of two columns whose words are joined, either will do; what is inside other words is none."""
    told: list[Found] = []
    for one in apart(found):
        last = told[-1] if told else None
        alike = last and {last.key, one.key} <= here.words.joined and last.key != one.key
        if last and alike and OR.fullmatch(here.text, last.end, one.start):
            told[-1] = Found(last.start, one.end, last.key, f"{last.text} or {one.text}", column=last.column)
        else:
            told.append(one)
    return told


def _numbers(here: Passage, since: date | None) -> Iterator[Found]:
    """Numbers with a bound and a name; one without takes the name before it."""
    last: Quantity | None = None
    before = 0
    for one in here.amounts:
        if not one.bound or PER.search(here.text, max(0, one.start - 12), one.start):
            continue
        if aged := _aged(here, one, since):
            yield aged
            continue
        named = _named(here, one)
        told = named[0] if named else last if last and _same(here, before, one) else None
        if told is None or (found := _compared(here, one, told, named[1] if named else one.start)) is None:
            continue
        last, before = told, one.end
        yield found


def _same(here: Passage, before: int, one: Amount) -> bool:
    """Whether nothing but little words lie between two numbers, so that they bound the same thing."""
    between = here.plain[before:one.start]
    if one.unit == "%" and re.search(r"(?:增幅|降幅|增长|下降)$", between):
        return True
    return len(between) <= FAR and not re.search(r"费|率|额|资产|资本|收入", between)


def _named(here: Passage, one: Amount) -> tuple[Quantity, int] | None:
    """The nearest name of a quantity of that unit before a number, and where it begins."""
    begin = max(here.sentence_of(one.start)[0], one.start - FAR - 14)
    best: tuple[int, int, Quantity] | None = None
    for quantity in here.words.quantities:
        if one.unit != quantity.unit and not (one.unit == "%" and quantity.growth):
            continue
        for match in re.finditer(quantity.words, here.plain[begin:one.start]):
            end = begin + match.end()
            size = match.end() - match.start()
            if one.start - end <= FAR and (best is None or (end, size) > (best[0], best[0] - best[1])):
                best = end, begin + match.start(), quantity
    return (best[2], best[1]) if best else None


def _compared(here: Passage, one: Amount, quantity: Quantity, start: int) -> Found | None:
    before = here.plain[max(0, one.start - 10):one.start]
    if one.unit == "%" and quantity.unit != "%":
        if not quantity.growth:
            return None
        return _grown(one, quantity, start, (bool(FALLS.search(before)), bool(RISES.search(before))))
    if one.unit != quantity.unit:
        return None
    if one.until is not None:
        text = f"{quantity.column} between {one.text} and {format(one.until.normalize(), 'f')}"
    else:
        text = f"{quantity.column} {one.bound} {one.text}"
    return Found(start, one.end, quantity.column, text, amount=one, column=quantity.column)


def _grown(one: Amount, quantity: Quantity, start: int, ways: tuple[bool, bool]) -> Found | None:
    """How much a number fell or rose: both years are compared, so that nothing is divided."""
    falls, rises = ways
    if not quantity.growth or not (falls or rises):
        return None
    now, then = quantity.growth
    share = format((1 - one.value if falls else 1 + one.value).normalize(), "f")
    bound = {">=": "<=", ">": "<", "<": ">", "<=": ">="}[one.bound] if falls else one.bound
    return Found(start, one.end, now, f"{now} {bound} {then} * {share}", amount=one, column=now)


def _aged(here: Passage, one: Amount, since: date | None) -> Found | None:
    """成立满2年: the day two years before the paper is valid."""
    words = here.words
    if one.unit not in ("年", "月") or one.bound not in (">=", ">") or not words.age:
        return None
    match = re.search(rf"(?:{words.age_words})[^，。；]{{0,5}}$", here.text[:one.start])
    if match is None:
        return None
    if since is None:
        why = "文件没有写明施行日期，算不出要在哪一天以前成立"
        return Found(match.start(), one.end, words.age, kind=UNREAD, sure=False, why=why)
    months = int(one.value) * (12 if one.unit == "年" else 1)
    index = since.year * 12 + since.month - 1 - months
    year, month = divmod(index, 12)
    day = date(year, month + 1, min(since.day, monthrange(year, month + 1)[1]))
    sign = "<=" if one.bound == ">=" else "<"
    found = Found(match.start(), one.end, words.age, f"{words.age} {sign} date '{day}'")
    return found.doubted(f"按施行日期{since}往前推算")


def _before(here: Passage) -> Iterator[Found]:
    """2019年12月31日前成立."""
    if not here.words.age:
        return
    by = rf"{DAY}(?P<how>（含）以前|（含）前|以前|之前|前)[^，。；]{{0,6}}?(?:{here.words.age_words})"
    for match in re.finditer(by, here.text):
        if day := day_of(match):
            found = Found(*match.span(), here.words.age, f"{here.words.age} <= date '{day}'")
            why = "“前”是否含当日，原文没有说明，按含当日"
            yield found if "含" in match["how"] else found.doubted(why)


def joined(here: Passage, found: list[Found]) -> list[Found]:
    """裁员率不超过5.5%；30人以下的，不超过20%: a second bound of the same column for some is an alternative to the first."""
    told: list[Found] = []
    for at, one in enumerate(found):
        first = next((other for other in told if other.amount and other.column == one.column and one.amount
                      and other.text.split(" ")[1] == one.text.split(" ")[1] and "*" not in one.text), None)
        who = found[at - 1] if at else None
        some = who and who.amount and re.fullmatch(r"的(?:企业|单位|用人单位)?，?", here.text[who.end:one.start])
        if first and who and some and who is not first and who in told:
            told.remove(who)
            told[told.index(first)] = replace(first, end=first.end, text=f"{first.text} or {who.text} and {one.text}").doubted(
                f"把“{here.text[who.start:one.end]}”读作另一种情形")
            told += [replace(who, kind="covered"), replace(one, kind="covered")]
        else:
            told.append(one)
    return told
