"""What one claim says, made ready to be held against another."""

import re
from dataclasses import dataclass
from decimal import Decimal

from plumbline.kernel import Claim, Report
from plumbline.kernel.period import is_period, span, year_of
from plumbline.reports.pairing.words import features, spelt

_EDGE = re.compile(r"[，。；：、,;:\n]")
_GROWTH = re.compile("增速|增幅|增长率")
_PHRASE = re.compile(r"[，。；,;\n]")
_NUMBER_LEFT = 60  # characters looked at on each side; a clause of the genre is shorter
_SENTENCE_LEFT = 600  # a longer sentence is no sentence
# words that count what one thing is; 家 and 个 count the same outlets
_COUNTERS = frozenset(["个", "家", "项", "处", "所", "座", "条", "户", "件", "组", "套", "块", "村"])


@dataclass(frozen=True, slots=True)
class Side:
    """A claim with the words around it, in one spelling: `said` is its subject and clause.

    clause    what stands around the number up to the next sign or number: what is counted
    phrase    what stands before it up to the next comma, over other numbers: 剩余在账的136户、302人
    sentence  what stands before it in its sentence: 全年退出90家、疏解66个
    core      features of the subject; `every` those of the clause too; `near` those of the sentence before it
    """

    claim: Claim
    subject: str
    clause: str
    phrase: str
    sentence: str
    core: frozenset[str]
    every: frozenset[str]
    near: frozenset[str]

    @property
    def said(self) -> str:
        """Subject and clause together."""
        return f"{self.subject} {self.clause}"


def sides(report: Report) -> list[Side]:
    """Every claim of a report with the words around it; those of the glossary are definitions, not claims."""
    inside = [(term.start, term.end) for term in report.terms]
    return [
        _side(report, index) for index, claim in enumerate(report.claims)
        if not any(start <= claim.start < end for start, end in inside)
    ]


def _side(report: Report, index: int) -> Side:
    claim = report.claims[index]
    low = report.claims[index - 1].end if index else 0
    high = report.claims[index + 1].start if index + 1 < len(report.claims) else len(report.text)
    before = report.text[max(low, claim.start - _NUMBER_LEFT, 0):claim.start]
    after = report.text[claim.end:min(high, claim.end + _NUMBER_LEFT)]
    clause = spelt(f"{_EDGE.split(before)[-1]} {_EDGE.split(after)[0]}")
    first = max(claim.start - _SENTENCE_LEFT, 0)
    begin = max(first, *(report.text.rfind(mark, first, claim.start) + 1 for mark in "。；;\n"))
    subject = spelt(claim.subject)
    core = features(subject) or features(clause)
    sentence = report.text[begin:claim.start]
    every = core | features(clause)
    return Side(claim, subject, clause, _PHRASE.split(sentence)[-1], sentence, core, every,
                features(sentence[-_NUMBER_LEFT:]))


def years(claim: Claim, home: str | None) -> frozenset[int]:
    """The years a claim speaks of; `home` is the period of its report, for a claim that names none."""
    for text in (claim.period, claim.deadline, home):
        if text and is_period(text):
            first, last = span(text)
            return frozenset(range(first.year, last.year + 1))
    return frozenset()


def reported_year(claim: Claim, home: str | None) -> int | None:
    """The year in which what is reported ends."""
    period = claim.period if claim.period and is_period(claim.period) else home
    return year_of(period) if period and is_period(period) else None


def same_unit(left: str, right: str) -> float:
    """1 for the same unit, less for two words that count the same thing, 0 for different ones."""
    if left == right:
        return 1.0
    return 0.9 if left in _COUNTERS and right in _COUNTERS else 0.0


def measured(claim: Claim) -> str:
    """The measure of a claim; 增速回升至6% is growth, though it is printed as a level."""
    return "yoy" if claim.unit == "%" and _GROWTH.search(claim.subject) else claim.measure


def is_share(claim: Claim) -> bool:
    """Whether a claim is a rate, a growth or a concentration: something that does not add up over time."""
    return claim.measure != "level" or claim.unit in ("%", "‰", "℃") or "/" in claim.unit


def share_of(part: Decimal, whole: Decimal) -> str:
    """A share as people read it.

    >>> share_of(Decimal(645), Decimal(1000))
    '64.5%'
    """
    return f"{part * 100 / whole:.1f}%"
