"""Keeping what was read of a document: whole, in one transaction, or not at all."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from plumbline.kernel import Conflict, Proposal, Report, Statement
from plumbline.store.documents.merging import BATCH, merge
from plumbline.store.documents.rows import check_rows, claim_rows, commitment_rows, describe, problem_rows
from plumbline.store.documents.tables import Check, Claim, Document
from plumbline.store.journal.writing import Write, record
from plumbline.store.plans.tables import Answer, Commitment, Pairing, Share, Target
from plumbline.store.words import fitted

SETTLED = ("confirmed", "rejected")
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Across:
    """What was found between the document and another one that stands in the store.

    other       number of the other document
    statements  what holding them against each other said; places in the other bear another file name
    shares      a city's promise (left) and a district's part of it (right)
    whole       the other document is the city's
    """

    other: int
    statements: tuple[Statement, ...] = ()
    shares: tuple[Proposal, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one document beside its claims."""

    statements: tuple[Statement, ...] = ()
    pairings: tuple[Proposal, ...] = ()
    answers: tuple[Proposal, ...] = ()
    across: tuple[Across, ...] = ()


@transaction.atomic
def keep(document_id: int, report: Report, found: Found = Found()) -> Document:  # noqa: B008  frozen
    """Store a report and what was found in it.

    Twice   a document that is read already is laid over: what people confirmed, corrected, set aside or put
            into the plan stays; where even the text differs and people have worked on it, nothing changes
    Raises  Conflict where the document is gone, stopped or failed meanwhile
    """
    document = Document.objects.select_for_update().filter(pk=document_id).first()
    if document is None or document.state not in ("waiting", "reading", "read"):
        raise Conflict("这份文件已停止读取或已删除；没有保存读出的内容。")
    was = document.state
    if was == "read" and document.text != report.text and _worked_on(document):
        return document
    before = {"state": was, "area": document.area}
    describe(document, report)
    document.state, document.progress, document.trouble, document.read_at = "read", 100, "", timezone.now()
    document.save()
    counts = _parts(document, report, found)
    after = {"state": "read", "area": document.area, "title": document.title, **counts,
             "text_sha256": hashlib.sha256(document.text.encode()).hexdigest()}
    record(None, Write("document.read-again" if was == "read" else "document.read", "document", document.pk, before,
                       after, area=document.area))
    return document


@transaction.atomic
def recheck(document_id: int, report: Report, found: Found) -> None:
    """Put the statements of a document whose claims a person has changed in place of the older ones.

    Raises  Conflict where the document is gone or is being read meanwhile
    """
    document = Document.objects.select_for_update().filter(pk=document_id, state="read").first()
    if document is None:
        raise Conflict("这份文件正在读取或已删除；没有重新核对。")
    before = _said(document)
    _checks(document, report, found)
    after = _said(document)
    if after != before:
        gone, news = _beyond(before, after), _beyond(after, before)
        record(None, Write("document.recheck", "document", document.pk, gone, news, area=document.area))


def _said(document: Document) -> dict[str, list[str]]:
    """What the statements of a document say, by verdict."""
    said: dict[str, list[str]] = {}
    rows = Check.objects.filter(Q(document=document) | Q(other=document)).order_by("why")
    for verdict, why in rows.values_list("verdict", "why"):
        said.setdefault(verdict, []).append(why)
    return said


def _beyond(said: dict[str, list[str]], other: dict[str, list[str]]) -> dict[str, list[str]]:
    """What is said here and not there."""
    return {verdict: [why for why in whys if why not in other.get(verdict, [])] for verdict, whys in said.items()}


def _worked_on(document: Document) -> bool:
    return (document.claims.exclude(state="read").exists() or document.targets.exists()
            or document.commitments.exclude(state="proposed").exists())


def _parts(document: Document, report: Report, found: Found) -> dict[str, int]:
    """Claims, commitments, problems, checks and proposals as rows; how many of each."""
    claims = merge(claim_rows(document, report.claims), document.claims.all(), _touched_claims(document), "number")
    commitments = merge(commitment_rows(document, report.commitments), document.commitments.all(),
                        _touched_commitments(document), "number")
    problems = merge(problem_rows(document, report.problems), document.problems.all(),
                     _pinned(_settled(Answer, problem__document=document), "problem_id"), "n")
    by_number = {claim.number: claim.pk for claim in claims}
    checks = _checks(document, report, found)
    pairs = _pairs(found.pairings, by_number, by_number)
    proposed = _propose(Pairing, ("promised_id", "reported_id"), pairs, promised__document=document)
    answers = _pairs(found.answers, {one.n: one.pk for one in problems},
                     {number: one.pk for number, one in enumerate(commitments, 1)})
    proposed += _propose(Answer, ("problem_id", "commitment_id"), answers, problem__document=document)
    proposed += _shares(document, by_number, found.across)
    return {"claims": len(claims), "commitments": len(commitments), "problems": len(problems),
            "checks": checks, "proposals": proposed}


def _touched_claims(document: Document) -> Callable[[Claim], bool]:
    pinned = set(Target.objects.filter(document=document).values_list("claim_id", flat=True))
    for model, sides in ((Pairing, ("promised_id", "reported_id")), (Share, ("whole_id", "part_id"))):
        for side in sides:
            near = side.removesuffix("_id")
            pinned.update(_settled(model, **{f"{near}__document": document}).values_list(side, flat=True))
    return lambda claim: claim.state != "read" or claim.pk in pinned


def _touched_commitments(document: Document) -> Callable[[Commitment], bool]:
    answered = _pinned(_settled(Answer, commitment__document=document), "commitment_id")
    return lambda one: one.state != "proposed" or one.version > 0 or answered(one)


def _settled(model: type[Model], **rows: Any) -> Any:
    return model.objects.filter(state__in=SETTLED, **rows)


def _pinned(rows: Any, side: str) -> Callable[[Any], bool]:
    pinned = set(rows.values_list(side, flat=True))
    return lambda row: row.pk in pinned


def _checks(document: Document, report: Report, found: Found) -> int:
    """Statements are the machine's alone: the old ones go, those of two documents on either side."""
    Check.objects.filter(Q(document=document) | Q(other=document)).delete()
    rows = check_rows(document, report.name, found.statements)
    others = Document.objects.in_bulk([one.other for one in found.across])
    for one in found.across:
        if one.other in others:
            rows += check_rows(document, report.name, one.statements, others[one.other])
    Check.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def _shares(document: Document, by_number: dict[int, int], across: Iterable[Across]) -> int:
    Share.objects.filter(Q(whole__document=document) | Q(part__document=document), state="proposed").delete()
    total = 0
    for one in across:
        theirs = dict(Claim.objects.filter(document=one.other).values_list("number", "pk"))
        sides = (theirs, by_number) if one.whole else (by_number, theirs)
        total += _propose(Share, ("whole_id", "part_id"), _pairs(one.shares, *sides))
    return total


def _pairs(
    proposals: Iterable[Proposal], left: dict[int, int], right: dict[int, int],
) -> dict[Pair, Proposal]:
    """Proposals by the rows they mean; those of a claim that could not be kept fall away."""
    return {(left[one.left], right[one.right]): one for one in proposals if one.left in left and one.right in right}


def _propose(model: type[Model], sides: tuple[str, str], pairs: dict[Pair, Proposal], **old: Any) -> int:
    """Write proposals in place of `old` ones nobody has decided; what was decided stands."""
    if old:
        model.objects.filter(state="proposed", **old).delete()
    stand = set(model.objects.filter(**{f"{sides[0]}__in": {left for left, _ in pairs}}).values_list(*sides))
    rows = []
    for pair, one in pairs.items():
        if pair in stand:
            continue
        row = model(**dict(zip(sides, pair, strict=True)), score=one.score,
                    reason=fitted(model, "reason", one.reason))
        if model is Pairing:
            row.on_top = one.on_top
        rows.append(row)
    model.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)
