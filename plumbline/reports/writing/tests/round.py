"""What a cite should be read back as, and how well a reading does it: strict, all keys at once."""

from dataclasses import dataclass

from plumbline.kernel import Cite, Claim, Paper, Report
from plumbline.kernel import period as periods
from plumbline.kernel.printing import PERCENT, rounded
from plumbline.kernel.ref import ref
from plumbline.reports.holding.likeness import likeness
from plumbline.reports.writing.papers import as_text

MEASURES = {"": "level", "cumulative": "level", "yoy": "yoy", "qoq": "diff", "times": "times", "of_target": "level",
            "change": "diff", "narrowing": "diff", "against": "diff", "rank": "rank"}


@dataclass(frozen=True, slots=True)
class Score:
    """F1 over all keys, and what was missed: printed, key, should be, is."""

    f1: float
    misses: tuple[tuple[str, str, object, object], ...]


def expected(cite: Cite, before: str) -> dict[str, object]:
    """Keys of the claim a cite should be read as; `before`: the words before it."""
    grown = cite.unit == "%" and not ref(cite.ref).steps and before.endswith(("增长", "下降"))
    value = cite.value.scaleb(PERCENT.get(cite.unit, 0))
    places = cite.decimals if cite.decimals is not None else 0
    return {"value": rounded(value, places - PERCENT.get(cite.unit, 0)), "unit": cite.unit,
            "measure": "yoy" if grown else MEASURES[ref(cite.ref).step], "period": cite.period}


def score(paper: Paper, report: Report) -> Score:
    """How many cites a reading gives back with value, unit, measure, period and subject all right."""
    starts = as_text(paper)[1]
    claims = {claim.start: claim for claim in report.claims}
    misses: list[tuple[str, str, object, object]] = []
    right = 0
    for paragraph, start in zip(paper.paragraphs, starts, strict=True):
        for cite in paragraph.cites:
            printed = paragraph.text[max(0, cite.start - 12):cite.end]
            claim = claims.get(start + cite.start) or claims.get(start + cite.start - 1)
            wrong = ["absent"] if claim is None else _wrong(expected(cite, paragraph.text[:cite.start]), cite, claim)
            right += not wrong
            misses += [(printed, *one) if isinstance(one, tuple) else (printed, one, cite.ref, None) for one in wrong]
    return Score(2 * right / (len(paper.cites) + len(report.claims)), tuple(misses))


def _wrong(should: dict[str, object], cite: Cite, claim: Claim) -> list[tuple[str, object, object]]:
    told = {"value": claim.value, "unit": claim.unit, "measure": claim.measure}
    wrong = [(key, should[key], told[key]) for key in told if should[key] != told[key]]
    if not periods.same_time(claim.period or "2000", str(should["period"])):
        wrong.append(("period", should["period"], claim.period))
    if likeness(claim.subject, cite.label) < 0.5:
        wrong.append(("subject", cite.label, claim.subject))
    if claim.bound != "=" or claim.modality != "actual":
        wrong.append(("bound or modality", "=", f"{claim.bound} {claim.modality}"))
    return wrong
