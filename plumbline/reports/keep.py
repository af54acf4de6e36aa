"""From the bytes of a document to everything the house keeps of it: read, checked, paired, stored.

Runs in the background, and may run twice: the store lays a second reading over the first. It is the one module of
`reports` that knows the store.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from plumbline.kernel import BadInput, Claim, Conflict, Finding, Report, Statement, inside
from plumbline.reports.checking import check
from plumbline.reports.pairing import answers, pairings, shares
from plumbline.reports.reading.reader import read
from plumbline.store import documents
from plumbline.store.documents import Across, Document, Found

GONE = "存放的文件不见了，没有读出内容；请重新上传原文件。"


def keep(document_id: int) -> None:
    """Read a stored document, check it, pair what it promises and reports, and store all of it.

    Fails   what cannot be read is kept as the document's findings, and nothing is raised
    Raises  Conflict where the document was removed or stopped meanwhile
    """
    document = Document.objects.filter(pk=document_id).first()
    if document is None:
        raise Conflict("这份文件已删除；没有读取。")
    try:
        report = read(documents.bytes_of(document), document.name)
    except BadInput as error:
        documents.fail(document_id, error.findings)
        return
    except FileNotFoundError:
        documents.fail(document_id, [Finding("document.gone", document.name, GONE)])
        return
    documents.advance(document_id, 40)
    documents.keep(document_id, report, _found(document, report))


def recheck(document_id: int) -> None:
    """Hold a document against itself and the reports beside it again, with its claims as people left them.

    Silent where its file can no longer be read: the older statements stay.
    """
    document = Document.objects.get(pk=document_id)
    report = as_it_stands(document)
    if report is None:
        return
    across = [Across(other.pk, tuple(_between(check(report, theirs), report.name)))
              for other in related(document, report) if (theirs := as_it_stands(other, report.name))]
    documents.recheck(document_id, report, Found(tuple(check(report)), across=tuple(across)))


def _found(document: Document, report: Report) -> Found:
    statements = tuple(check(report))
    documents.advance(document.pk, 60)
    paired, answered = tuple(pairings(report)), tuple(answers(report))
    documents.advance(document.pk, 75)
    across = []
    for other in related(document, report):
        across.append(_across(report, other))
        documents.advance(document.pk, min(75 + 5 * len(across), 95))
    return Found(statements, paired, answered, tuple(across))


def related(document: Document, report: Report) -> list[Document]:
    """The documents of the same period about an area above or below: the newest of each area and kind."""
    area, period = report.heading.area, report.heading.period
    if not area or not period:
        return []
    rows = (Document.objects.filter(state="read", period=period).exclude(pk=document.pk)
            .exclude(about__in=("", area)).defer("text", "outline").order_by("-received_at", "-pk"))
    newest: dict[tuple[str, str], Document] = {}
    for other in rows:
        if inside(other.about, area) or inside(area, other.about):
            newest.setdefault((other.about, other.kind), other)
    return list(newest.values())


def _across(report: Report, other: Document) -> Across:
    """What two reports say of each other; the other one as people have corrected it."""
    theirs = as_it_stands(other, report.name)
    if theirs is None:
        return Across(other.pk)
    whole = inside(report.heading.area or "", other.about)
    both = tuple(shares(theirs, report) if whole else shares(report, theirs))
    return Across(other.pk, tuple(_between(check(report, theirs), report.name)), both, whole)


def _between(statements: list[Statement], name: str) -> Iterator[Statement]:
    """The statements that rest on both texts."""
    for statement in statements:
        files = {place.file for place in statement.places}
        if name in files and len(files) > 1:
            yield statement


def as_it_stands(document: Document, beside: str = "") -> Report | None:
    """The report of a stored document with its claims as they stand; None where the file can no longer be read.

    beside  name of the report it is held against: two files of one name could not be told apart
    """
    name = document.name if document.name != beside else f"{document.name}（另一份）"
    try:
        report = read(documents.bytes_of(document), name)
    except (BadInput, FileNotFoundError):
        return None
    rows = {(row.start, row.end): row for row in document.claims.exclude(state="aside")}
    claims = tuple(
        _standing(claim, rows[claim.start, claim.end]) for claim in report.claims if (claim.start, claim.end) in rows)
    return replace(report, claims=claims)


def _standing(claim: Claim, row: documents.Claim) -> Claim:
    """A claim as its row has it now."""
    if row.state != "corrected":
        return replace(claim, number=row.number)
    return replace(
        claim, number=row.number, value=Decimal(row.value), value2=Decimal(row.value2) if row.value2 else None,
        unit=row.unit, subject=row.subject, measure=row.measure, modality=row.modality, bound=row.bound,
        place=row.place or None, period=row.period or None, deadline=row.deadline or None,
        reference=row.reference or None)
