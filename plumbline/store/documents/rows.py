"""From what was read to rows of the tables: the words of the kernel, fitted to their columns."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from plumbline import kernel
from plumbline.kernel import Finding, Place, Report, due_day, inside, line_starts
from plumbline.store.documents.tables import Check, Claim, Document
from plumbline.store.plans.tables import Commitment, Problem
from plumbline.store.words import fitted, longest

BETWEEN_HEADINGS = " / "
# PostgreSQL keeps no NUL in a text; one letter for one letter, so that every offset stays true
NUL = {0: "\ufffd"}


def decimal_text(value: Decimal | None) -> str:
    """An exact decimal in plain digits; whole numbers without a point; empty for None.

    >>> decimal_text(Decimal("48.59") * 10**8), decimal_text(Decimal("71.20")), decimal_text(None)
    ('4859000000', '71.20', '')
    """
    if value is None:
        return ""
    whole = value.to_integral_value()
    return format(whole if whole == value else value, "f")


def describe(document: Document, report: Report) -> None:
    """Fill in what the head of the report says; the document moves to the area its title names, if that is inside."""
    heading = report.heading
    document.text = report.text.translate(NUL)
    document.outline = _clean({"sections": [asdict(s) for s in report.sections],
                               "terms": [asdict(t) for t in report.terms]})
    document.findings = [_clean(asdict(f)) for f in (*report.findings, *_left_out(report.claims))]
    for name, text in (("title", heading.title), ("kind", heading.kind), ("about", heading.area),
                       ("about_name", heading.area_name), ("period", heading.period),
                       ("occasion", heading.occasion), ("speaker", heading.speaker)):
        setattr(document, name, fitted(Document, name, (text or "").translate(NUL)))
    document.delivered_on = _day(heading.delivered_on)
    outer = document.received_area
    if heading.area and (not outer or inside(heading.area, outer)):
        document.area = heading.area


def claim_rows(document: Document, claims: Iterable[kernel.Claim]) -> list[Claim]:
    """Claims as rows; those with more digits than a column holds are left out, and a finding says so."""
    return [_claim(document, claim) for claim in claims if _fits(claim)]


def _claim(document: Document, claim: kernel.Claim) -> Claim:
    texts = ("surface", "unit", "subject", "place", "period", "deadline", "reference", "measure", "modality",
             "bound", "numeral")
    return Claim(
        document=document, number=claim.number, para=claim.para, start=claim.start, end=claim.end,
        spans={name: list(span) for name, span in claim.spans.items()},
        value=decimal_text(claim.value), value2=decimal_text(claim.value2), tolerance=decimal_text(claim.tolerance),
        magnitude=float(claim.value), part=claim.part,
        section=fitted(Claim, "section", BETWEEN_HEADINGS.join(claim.section).translate(NUL)),
        **{name: fitted(Claim, name, (getattr(claim, name) or "").translate(NUL)) for name in texts})


def _fits(claim: kernel.Claim) -> bool:
    return all(len(decimal_text(getattr(claim, name))) <= longest(Claim, name)
               for name in ("value", "value2", "tolerance"))


def _left_out(claims: Iterable[kernel.Claim]) -> list[Finding]:
    words = "超出可以保存的位数，没有记入；请核对原文。"
    return [Finding("claim.digits", f"第 {claim.para} 行",
                    f"第 {claim.para} 行的数字「{claim.surface[:20]}…」有 {len(claim.surface)} 个字，{words}")
            for claim in claims if not _fits(claim)]


def commitment_rows(document: Document, commitments: Iterable[kernel.Commitment]) -> list[Commitment]:
    """Commitments as rows, numbered in the order of the text."""
    return [
        Commitment(
            document=document, number=number, n=one.n, text=one.text.translate(NUL), para=one.para, start=one.start,
            end=one.end, due_on=due_day(one.deadline), bodies=_clean(list(one.bodies)), targets=list(one.targets),
            **{name: fitted(Commitment, name, (getattr(one, name) or "").translate(NUL))
               for name in ("ident", "section", "theme", "deadline")})
        for number, one in enumerate(commitments, 1)
    ]


def problem_rows(document: Document, problems: Iterable[kernel.Problem]) -> list[Problem]:
    """Problems of part two as rows."""
    return [Problem(document=document, n=one.n, title=fitted(Problem, "title", one.title.translate(NUL)),
                    text=one.text.translate(NUL), para=one.para, start=one.start, end=one.end) for one in problems]


def check_rows(
    document: Document, name: str, statements: Iterable[kernel.Statement], other: Document | None = None,
) -> list[Check]:
    """Statements as rows; `name` is the name under which `document` was read, every other place is in `other`."""
    starts = {doc.pk: line_starts(doc.text) for doc in (document, other) if doc}

    def place(at: Place) -> dict[str, Any]:
        doc = document if other is None or at.file == name else other
        line = starts[doc.pk][at.para - 1]
        return {"document": doc.pk, "claim": at.claim, "file": at.file, "para": at.para,
                "start": line + at.start, "end": line + at.end}

    return [Check(document=document, other=other, kind=one.kind, verdict=one.verdict, why=one.why.translate(NUL),
                  places=[place(at) for at in one.places]) for one in statements]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(NUL)
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, (list, tuple)) else value
