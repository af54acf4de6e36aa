"""Numbers of a text that stand for no figure: found by the reader, marked, and what they might be."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from plumbline.kernel import AGREES, BadInput, Claim
from plumbline.kernel import period as periods
from plumbline.kernel.comparison import Basis, named
from plumbline.kernel.ref import Ref
from plumbline.kernel.sentence import Form, Slot
from plumbline.reports.checking.allowance import allowance, day_of
from plumbline.reports.holding.matching import POSSIBLE, Match, matches
from plumbline.reports.holding.verdict import Verdict, surface, weigh
from plumbline.reports.writing.phrases import Asked, phrase

_DIGITS = re.compile(r"\d(?:\.(\d+))?(?![\d.])")


@dataclass(frozen=True, slots=True)
class Unbound:
    """A number of a paragraph (from 0) bound to nothing; offsets into its text."""

    paragraph: int
    start: int
    end: int
    claim: Claim


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number an unbound one may stand for.

    slot    what to type in its place
    prints  what the slot would print there; empty where it cannot be printed so
    """

    ref: Ref
    slot: str
    label: str
    reason: str
    agrees: bool
    prints: str = ""


def candidates(claim: Claim, basis: Basis, area: str, period: str, most: int = 5) -> list[Candidate]:
    """What a number may stand for: those that agree after rounding first, then the likeliest names."""
    by = allowance(day_of(period))
    scored = [(weigh(claim, match.one, by), match) for match in matches(claim, basis, area, period, least=0.0)]
    useful = [pair for pair in scored if pair[0].verdict == AGREES or
              pair[1].likeness >= POSSIBLE and pair[1].one.value is not None]
    useful.sort(key=lambda pair: (pair[0].verdict != AGREES, -pair[1].likeness, len(pair[1].ref.steps)))
    found: dict[str, Candidate] = {}
    for verdict, match in useful:
        one = _candidate(claim, verdict, match, (area, period))
        found.setdefault(one.slot, one)
    return list(found.values())[:most]


def _candidate(claim: Claim, verdict: Verdict, match: Match, own: tuple[str, str]) -> Candidate:
    ref, agrees = match.ref, verdict.verdict == AGREES
    short = Ref(ref.indicator, ref.steps, "" if ref.area == own[0] else ref.area, _relative(ref.period, own[1]), ref.cell)
    form = _form(claim)
    text = _printed(match, form)
    if agrees and text != surface(claim) and (digits := _DIGITS.search(claim.surface)) and form.name != "rank":
        form = replace(form, digits=min(len(digits[1] or ""), 6))
        text = _printed(match, form)
    return Candidate(short, str(Slot(short, form)), named(match.one, ref), verdict.why, agrees, text)


def _printed(match: Match, form: Form) -> str:
    """What a form prints; empty where it cannot print the number (it goes the other way than the words)."""
    if match.one.value is None:
        return ""
    try:
        return "".join(part if isinstance(part, str) else part.text for part in phrase(Asked(match.one, form, match.ref)))
    except BadInput:
        return ""


def _relative(period: str, own: str) -> str:
    """A period as seen from the paper's own, so that the same words serve the next paper."""
    named = {own: "", periods.year_before(own): "year-before", periods.quarter_before(own): "quarter-before"}
    return named.get(period, period)


def _form(claim: Claim) -> Form:
    """The form that prints the bare number; the words around it stay."""
    if claim.measure == "rank":
        return Form("rank", option="only" if claim.numeral else "digits")
    return Form("size" if claim.measure in ("yoy", "diff") else "level")


def unbound(claims: Iterable[Claim], bound: Iterable[tuple[int, int]]) -> Iterator[Claim]:
    """The claims that share no character with a bound span; offsets of both into one text."""
    spans = sorted(bound)
    for claim in claims:
        if not any(start < claim.end and claim.start < end for start, end in spans):
            yield claim
