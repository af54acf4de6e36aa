"""Numbers of a text that stand for no figure: found by the reader, marked, and what they might be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plumbline.kernel import AGREES, Claim
from plumbline.kernel.comparison import Basis, named
from plumbline.kernel.ref import Ref
from plumbline.kernel.sentence import USUAL, Form, Slot
from plumbline.reports.checking.allowance import allowance, day_of
from plumbline.reports.holding.matching import matches
from plumbline.reports.holding.verdict import Verdict, weigh


@dataclass(frozen=True, slots=True)
class Unbound:
    """A number of a paragraph (from 0) bound to nothing; offsets into its text."""

    paragraph: int
    start: int
    end: int
    claim: Claim


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number an unbound one may stand for: what to type instead (`slot`), its name, and why it is offered."""

    ref: Ref
    slot: str
    label: str
    reason: str
    agrees: bool


def candidates(claim: Claim, basis: Basis, area: str, period: str, most: int = 5) -> list[Candidate]:
    """What a number may stand for: those that agree after rounding first, then the likeliest names."""
    by = allowance(day_of(period))
    scored = [(weigh(claim, match.one, by), match) for match in matches(claim, basis, area, period, least=0.0)]
    useful = [pair for pair in scored if pair[0].verdict == AGREES or pair[1].likeness >= 0.5]
    useful.sort(key=lambda pair: (pair[0].verdict != AGREES, -pair[1].likeness))
    found = [_candidate(verdict, match.ref, named(match.one, match.ref), (area, period)) for verdict, match in useful]
    return list({one.slot: one for one in reversed(found)}.values())[::-1][:most]


def _candidate(verdict: Verdict, ref: Ref, label: str, own: tuple[str, str]) -> Candidate:
    short = Ref(ref.indicator, ref.steps, "" if ref.area == own[0] else ref.area,
                "" if ref.period == own[1] else ref.period, ref.cell)
    slot = Slot(short, Form("level" if not ref.steps else "size" if ref.step not in ("rank", "of_target", "times")
                            else USUAL.get(ref.step, ref.step)))
    return Candidate(short, str(slot), label, verdict.why, verdict.verdict == AGREES)


def unbound(claims: Iterable[Claim], bound: Iterable[tuple[int, int]]) -> Iterator[Claim]:
    """The claims that share no character with a bound span; offsets of both into one text."""
    spans = sorted(bound)
    for claim in claims:
        if not any(start < claim.end and claim.start < end for start, end in spans):
            yield claim
