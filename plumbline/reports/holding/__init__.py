"""Holding a document against figures: each claim agrees, differs, or nobody can tell, with why."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from plumbline.kernel import AGREES, CANNOT_TELL, DIFFERS, Claim, Indicator, Paper, Place, Report, Statement
from plumbline.kernel.comparison import Basis
from plumbline.kernel.ref import Ref, ref
from plumbline.reports.checking.allowance import Allowance, allowance, day_of
from plumbline.reports.holding.aligning import Standing, standings
from plumbline.reports.holding.likeness import same_unit
from plumbline.reports.holding.matching import SURE, Match, matches, meant
from plumbline.reports.holding.verdict import Verdict, surface, weigh

KIND = "figure"
FAR = 60  # letters before a number that can say that it is of a part
_OF_A_PART = re.compile("其中[^。；]*$|[由从]$")
__all__ = ["KIND", "Held", "held", "hold", "same_unit", "wanted", "weigh"]


@dataclass(frozen=True, slots=True)
class Held:
    """What figures say of one number of a document.

    claim  None where a cited number can no longer be read
    ref    of the number it was held against, area and period filled in; None where none was found
    start  offsets of the number in the whole text; both None where its paragraph is gone
    """

    verdict: str
    why: str
    claim: Claim | None = None
    ref: Ref | None = None
    start: int | None = None
    end: int | None = None
    cited: bool = False


def hold(report: Report, basis: Basis, paper: Paper | None = None) -> list[Statement]:
    """What the figures say of every number of a document, in the order of the text.

    paper  the document as it was written, where it was written here: its cites say which figure each number is
    """
    return [_statement(report, one) for one in held(report, basis, paper)]


def wanted(report: Report, indicators: Mapping[str, Indicator], area: str, period: str) -> list[Ref]:
    """The numbers that holding a text by its words will ask for, each once: count them all at once beforehand."""
    refs = (ref for claim in report.claims if claim.modality == "actual"
            for ref, _ in meant(claim, indicators, (area, period)))
    return list(dict.fromkeys(refs))


def held(report: Report, basis: Basis, paper: Paper | None = None) -> list[Held]:
    """The same, with the claim and the ref of each."""
    by = allowance(day_of(paper.period if paper else report.heading.period))
    found = list(_cited(report, basis, paper, by)) if paper else []
    taken = {one.claim.number for one in found if one.claim}
    area = (paper.area if paper else report.heading.area) or ""
    period = (paper.period if paper else report.heading.period) or ""
    if area and period:
        rest = [_guessed(report, claim, basis, (area, period), by) for claim in report.claims
                if claim.number not in taken and claim.modality == "actual"]
        found += [_stated(one) for one in rest] if paper else rest
    return sorted(found, key=lambda one: -1 if one.start is None else one.start)


def _cited(report: Report, basis: Basis, paper: Paper, by: Allowance) -> Iterator[Held]:
    claims = sorted(report.claims, key=lambda claim: claim.start)
    starts = [claim.start for claim in claims]
    for standing in standings(paper, report.text):
        asked = ref(standing.cite.ref).at(paper.area, paper.period)
        claim = _claim_at(claims, starts, standing)
        if claim is None:
            yield _unread(report, standing, asked)
            continue
        verdict = weigh(claim, basis(asked), by, standing.cite.decimals)
        yield Held(verdict.verdict, verdict.why, claim, asked, claim.start, claim.end, cited=True)


def _claim_at(claims: list[Claim], starts: list[int], standing: Standing) -> Claim | None:
    """The claim that stands where a cite stands, by the digits they share."""
    if standing.start is None or standing.end is None:
        return None
    first = max(bisect_left(starts, standing.start) - 1, 0)
    for claim in claims[first:]:
        if claim.start >= max(standing.end, standing.start + 1):
            return None
        if claim.end > standing.start:
            return claim
    return None


def _unread(report: Report, standing: Standing, asked: Ref) -> Held:
    label, first = standing.cite.label, standing.first
    if standing.start is None or standing.end is None:
        return Held(DIFFERS, f"「{label}」{first}所在的段落不见了", ref=asked, cited=True)
    now = report.text[standing.start:standing.end]
    if now == first:
        return Held(CANNOT_TELL, f"「{label}」{first}未读成数字，请核对前后文字", ref=asked, start=standing.start,
                    end=standing.end, cited=True)
    return Held(DIFFERS, f"「{label}」原为{first}，现为「{now}」，读不出数字", ref=asked, start=standing.start,
                end=standing.end, cited=True)


def _rank_of(match: Match, verdict: Verdict) -> tuple[bool, float, bool, int]:
    """Order of what a claim may stand for: what agrees, the likest name, what is told; a published growth before ours."""
    return verdict.verdict == AGREES, match.likeness, match.one.value is not None, -len(match.ref.steps)


def _stated(one: Held) -> Held:
    """A number its writer bound to nothing is no figure's, whatever its neighbours are called."""
    if one.verdict != DIFFERS:
        return one
    return replace(one, verdict=CANNOT_TELL, why=f"{one.why}；写稿时没有绑定指标，请核对")


def _guessed(report: Report, claim: Claim, basis: Basis, own: tuple[str, str], by: Allowance) -> Held:
    """A claim no cite speaks for: against the figure its words name, if they name one."""
    found = [(match, weigh(claim, match.one, by)) for match in matches(claim, basis, *own)]
    best = max(found, key=lambda pair: _rank_of(*pair), default=None)
    if best is None:
        why = f"印作{surface(claim)}；没有找到与「{claim.subject}」同名、同单位的指标"
        return Held(CANNOT_TELL, why, claim, None, claim.start, claim.end)
    match, verdict = best
    likely = _likely(match, found) and not _part(report, claim)
    sure = verdict.verdict if likely or verdict.verdict == AGREES else CANNOT_TELL
    why = verdict.why if sure == verdict.verdict else f"{verdict.why}；是否就是这个指标，请核对"
    return Held(sure, why, claim, match.ref, claim.start, claim.end)


def _likely(match: Match, found: list[tuple[Match, Verdict]]) -> bool:
    """Whether the name leaves little doubt: nearly the same, and no other indicator's name as near."""
    rivals = [other for other, _ in found if other.ref.indicator != match.ref.indicator]
    return match.likeness >= SURE and all(other.likeness < match.likeness for other in rivals)


def _part(report: Report, claim: Claim) -> bool:
    """Whether a claim may be of a part (其中 before it), or of another time (由…): not the thing its subject names."""
    said = _OF_A_PART.search(report.text, max(claim.start - FAR, 0), claim.start)
    named = claim.spans.get("subject", (0, 0))
    return said is not None and not said.end() >= named[1] > named[0] >= said.start()


def _statement(report: Report, one: Held) -> Statement:
    places: tuple[Place, ...] = ()
    if one.start is not None and one.end is not None:
        para = bisect_left(report.line_starts, one.start + 1)
        line = report.line_starts[para - 1]
        places = (Place(report.name, para, one.start - line, one.end - line, one.claim.number if one.claim else None),)
    return Statement(KIND, one.verdict, one.why, places)
