"""Structures: shares that make 100, and the three industries that make the gross product."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from plumbline.kernel import AGREES, CANNOT_TELL, DIFFERS, Claim, Statement
from plumbline.reports.checking.arithmetic import Sum, number
from plumbline.reports.checking.quantity import NO_Q, Q, Quantity, Sheet, Utterance
from plumbline.reports.checking.sums import said

_STRUCTURE = re.compile(
    r"(?<!\d)(?P<a>\d+(?:\.\d+)?)(?:：|∶|:)(?P<b>\d+(?:\.\d+)?)(?:：|∶|:)(?P<c>\d+(?:\.\d+)?)(?![\d：∶:])")
_INDUSTRIES = re.compile(r"产业|结构|三产")
_SHARES = re.compile(
    rf"(?:三次产业|一二三产|[一二三、第]{{3,}}次?产业){NO_Q}，。；]{{0,14}}(?:比重|占比|比例|结构|占)"
    rf"{NO_Q}，。；]{{0,14}}({Q})[、，]({Q})[和、，]({Q})")
_INDUSTRY = re.compile("第([一二三])产业增加值$")
_NEAR = 24  # numbers between the gross product and its third industry, in a table with five columns


def structures(sheet: Sheet) -> list[Statement]:
    """Every structure a text or a table prints."""
    shares = [statement for sentence in sheet.sentences for statement in _shares(sheet, sentence)]
    return [*_structures(sheet), *shares, *(said(sheet, each) for each in _industries(sheet))]


def _industries(sheet: Sheet) -> Iterator[Sum]:
    """Gross product and its three industries, by what the reader says the numbers are of: in prose and in tables."""
    amounts = [q for sentence in sheet.sentences for q in sentence.quantities if q.claim and q.measure == "level"]
    for index, whole in enumerate(amounts):
        if whole.claim and whole.claim.subject.endswith("生产总值") and "人均" not in whole.claim.subject:
            parts = _three(whole.claim, amounts[index + 1:index + _NEAR])
            if len(parts) == 3:
                yield Sum(whole, tuple(parts.values()), complete=True)


def _three(whole: Claim, after: Iterable[Quantity]) -> dict[str, Quantity]:
    """The first amount of each industry that shares unit, period, place and modality with the whole."""
    found: dict[str, Quantity] = {}
    for quantity in after:
        claim = quantity.claim
        if claim is None or _same(claim) != _same(whole):
            continue
        if claim.subject.endswith("生产总值"):
            break
        match = _INDUSTRY.search(claim.subject)
        if match:
            found.setdefault(match[1], quantity)
    return found


def _same(claim: Claim) -> tuple[str | None, ...]:
    return claim.unit, claim.period, claim.modality, claim.place


def _structures(sheet: Sheet) -> list[Statement]:
    """`14.2:43.5:42.3`: the shares of the three industries make 100."""
    found = []
    for block in sheet.blocks:
        for match in _STRUCTURE.finditer(block.text):
            if _INDUSTRIES.search(block.text[max(0, match.start() - 30):match.start()]):
                places = tuple(sheet.span(*block.span(*match.span(name))) for name in "abc")
                shares = [Decimal(match[name]) for name in "abc"]
                verdict, why = _hundred(shares)
                found.append(Statement("identity", verdict, f"{match[0]}，{why}", places))
    return found


def _shares(sheet: Sheet, sentence: Utterance) -> Iterator[Statement]:
    for match in _SHARES.finditer(sentence.skeleton):
        shares = [sentence.at(marker) for marker in match.groups()]
        if all(share.unit in ("%", "") for share in shares):
            verdict, why = _hundred([share.digits for share in shares])
            words = "、".join(share.surface for share in shares)
            yield Statement("identity", verdict, f"{words}，{why}", tuple(map(sheet.place, shares)))


def _hundred(shares: list[Decimal]) -> tuple[str, str]:
    """Verdict on shares that should make 100."""
    total = sum(shares, Decimal(0))
    slack = sum((Decimal(1).scaleb(int(share.as_tuple().exponent)) / 2 for share in shares), Decimal(0))
    if total == 100:
        return AGREES, "合计100"
    if abs(total - 100) <= slack:
        return CANNOT_TELL, f"合计{number(total)}，在四舍五入的范围内"
    return DIFFERS, f"合计{number(total)}，不是100"
