"""The same number printed twice in one report."""

import re
from itertools import combinations

from plumbline.kernel import AGREES, CANNOT_TELL, DIFFERS, Claim, Place, Statement
from plumbline.kernel.period import is_period, span
from plumbline.reports.checking.quantity import Sheet
from plumbline.reports.checking.subjects import topic

# words that make it another number although the name is the same
_OTHER_BASIS = re.compile("平均|名义|实际|可比|扣除|剔除|环比|当月|单月|季度|同口径|调整|预算|两年|新增|其中|不含|剩余")
# a rate, an index: one value for one period. Amounts and counts of one name may be of many things
_RATE = re.compile("率|浓度|比重|占比|指数|比例|强度|增速|结构|税|收入|总值|总额|投资|支出|价格")


def repeats(sheet: Sheet) -> list[Statement]:
    """Numbers printed more than once: same name, unit, measure, area and end of the period, in two paragraphs."""
    groups: dict[tuple[object, ...], list[Claim]] = {}
    for claim in sheet.report.claims:
        key = _key(sheet, claim)
        if key is not None:
            groups.setdefault(key, []).append(claim)
    return [_pair(sheet, str(key[0]), left, right) for key, claims in groups.items()
            for left, right in combinations(claims, 2) if left.para != right.para and _akin(left, right)]


def _akin(left: Claim, right: Claim) -> bool:
    """Whether two values may be meant as one: equal, rounded, or one digit apart; others are other numbers."""
    near = abs(left.value - right.value) <= max(left.tolerance, right.tolerance)
    return near or _one_digit_apart(left.surface, right.surface)


def _key(sheet: Sheet, claim: Claim) -> tuple[object, ...] | None:
    """What two mentions must share; None for a claim that may not be compared."""
    if claim.modality != "actual" or claim.bound != "=" or claim.value2 is not None or claim.numeral:
        return None
    if claim.part == 3:  # measures: what looks like a result there is a promise
        return None
    if claim.measure not in ("level", "yoy") or not claim.period or not is_period(claim.period):
        return None
    name = topic(sheet.report, claim)
    line = sheet.lines[claim.para - 1]
    context = re.split("[。；]", sheet.report.text[max(line, claim.start - 30):claim.start])[-1]
    if len(name) < 4 or not _RATE.search(name) or _OTHER_BASIS.search(context):
        return None
    if claim.measure == "level" and claim.unit == "%" and name[-1] not in "率重比例度数":
        return None
    return name, claim.unit, claim.measure, claim.place, span(claim.period)[1]


def _pair(sheet: Sheet, name: str, left: Claim, right: Claim) -> Statement:
    places = (sheet.span(left.start, left.end, left), sheet.span(right.start, right.end, right))
    words = f"{name}两处：{''.join(left.surface.split())}，{''.join(right.surface.split())}"
    if left.value == right.value and left.tolerance == right.tolerance:
        return Statement("identity", AGREES, f"{words}，一致", places)
    return _unequal(words, left, right, places)


def _unequal(words: str, left: Claim, right: Claim, places: tuple[Place, ...]) -> Statement:
    """Two values one digit apart: an error, but in short numbers perhaps two indicators."""
    if not _one_digit_apart(left.surface, right.surface):
        return Statement("identity", CANNOT_TELL, f"{words}，精度不同，在四舍五入的范围内", places)
    if sum(character.isdigit() for character in left.surface) < 3:
        return Statement("identity", CANNOT_TELL, f"{words}，不同；是否同一口径，请核对", places)
    return Statement("identity", DIFFERS, f"{words}，不一致", places)


def _one_digit_apart(left: str, right: str) -> bool:
    """Whether two numbers are printed alike but for one digit.

    >>> _one_digit_apart("2.96%", "2.95%"), _one_digit_apart("2.96%", "3.1%")
    (True, False)
    """
    unlike = [(a, b) for a, b in zip(left, right, strict=False) if a != b]
    return len(left) == len(right) and len(unlike) == 1 and all(character.isdigit() for character in unlike[0])
