"""The reader: a report as a page to read, every claim marked in its place, and one of them open beside it."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from plumbline.kernel import DIFFERS, Finding, label
from plumbline.kernel.label import LABELS
from plumbline.store.documents.tables import CLAIM_STATES, Check
from plumbline.store.people import may
from plumbline.web import page
from plumbline.web.checks import Tally, tallies
from plumbline.web.claim import ClaimScreen, claim_seen, form_for, panel, screen_of
from plumbline.web.documents import DocumentRow, row_of, seen, state_of
from plumbline.web.forms import whole
from plumbline.web.screen import form_of, show, twin


@dataclass(frozen=True, slots=True)
class Shown:
    """A stretch of text: plain (`claim` is 0), a theme, or a claim with what it is.

    first  whether the claim begins here; one broken over two lines has a second stretch
    says   what a screen reader adds to the number
    """

    text: str
    theme: bool = False
    claim: int = 0
    first: bool = False
    measure: str = ""
    modality: str = ""
    state: str = ""
    verdict: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A title, heading, paragraph or table of the page; `paras` are the lines of the text it was made of."""

    kind: str
    level: int
    paras: list[int]
    runs: list[Shown]
    rows: list[list[list[Shown]]]


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A heading in the outline: its line, and how many claims stand below it and its own headings."""

    level: int
    title: str
    para: int
    claims: int


@dataclass(frozen=True, slots=True)
class Legend:
    """A kind of mark, its word, and how many there are."""

    group: str
    key: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class ReaderScreen:
    """A report to read.

    document     what it is, and its counts
    occasion, speaker  what its head says
    pieces       the page, from top to bottom
    outline      its headings
    problems, commitments  how many there are: part two and part three
    legend       the kinds of marks that occur
    verdicts     how its checks came out
    findings     what the reading could not make sense of
    may_publish, may_remove  what the person may do with it
    open         the claim that is open, or nothing
    """

    document: DocumentRow
    occasion: str
    speaker: str
    pieces: list[Piece]
    outline: list[OutlineEntry]
    problems: int
    commitments: int
    legend: list[Legend]
    verdicts: list[Tally]
    findings: list[Finding]
    may_publish: bool
    may_remove: bool
    open: ClaimScreen | None = field(default=None)


def reader(request: HttpRequest, document: int) -> HttpResponse:
    """The report; `?claim=12` opens a claim beside it. A document not read yet says how far it is."""
    row = seen(request, document)
    if row.state != "read":
        return show(request, state_of(request, row), "web/document.html")
    number = whole(request.GET.get("claim", "")) or 0
    known = number and row.claims.filter(number=number).exists()
    return show(request, screen_for(request, row, number if known else 0), "web/reader.html")


def claim_page(request: HttpRequest, document: int, number: int) -> HttpResponse:
    """A claim: alone for a page that shows it beside the text, or as JSON; else the report with it open."""
    if form_of(request) == "json" or request.headers.get("HX-Request") == "true":
        return panel(request, document, number)
    claim_seen(request, document, number)
    return show(request, screen_for(request, seen(request, document), number), "web/reader.html")


def screen_for(request: HttpRequest, document: Any, number: int) -> ReaderScreen:
    """A report to read, with a claim open where one is asked for."""
    claims = list(document.claims.order_by("start"))
    headings = headings_of(document)
    checks = Check.objects.visible_to(request.user).filter(Q(document=document) | Q(other=document))
    differ = differing(list(checks.values_list("verdict", "places")), document.pk)
    blocks = page.blocks(document.text, document.title, headings,
                         [page.Mark(claim.number, claim.start, claim.end) for claim in claims])
    return ReaderScreen(
        document=row_of(document), occasion=document.occasion, speaker=document.speaker,
        pieces=pieces(blocks, claims, differ),
        outline=outline(headings, claims, document.text),
        problems=document.problems.count(), commitments=document.commitments.count(), legend=legend(claims, differ),
        verdicts=tallies(checks),
        findings=[Finding(**finding) for finding in document.findings],
        may_publish=may(request.user, "publish", document.area),
        may_remove=may(request.user, "remove", document.area),
        open=opened(request, document.pk, number) if number else None,
    )


def opened(request: HttpRequest, document: int, number: int) -> ClaimScreen:
    """The claim that is open, with its form where the address asks for it."""
    claim = claim_seen(request, document, number)
    may_edit = "form" in request.GET and may(request.user, "correct", claim.document.area)
    return screen_of(request.user, claim, form=form_for(claim, {}) if may_edit else [])


def headings_of(document: Any) -> list[page.Heading]:
    """The headings the reader found."""
    return [page.Heading(row["level"], row["title"], row["start"], row["end"], row.get("part", 0))
            for row in document.outline.get("sections", ())]


def differing(found: list[tuple[str, list[dict[str, Any]]]], document: int) -> set[int]:
    """Claims that a check says do not agree."""
    return {place["claim"] for verdict, places in found if verdict == DIFFERS
            for place in places if place.get("claim") and place.get("document") == document}


def pieces(blocks: list[page.Block], claims: list[Any], differ: set[int]) -> list[Piece]:
    """The blocks of the page, each claim with what it is."""
    known, begun = {claim.number: claim for claim in claims}, set[int]()

    def shown(run: page.Run) -> Shown:
        if not run.claim:
            return Shown(run.text, run.theme)
        claim, first = known[run.claim], run.claim not in begun
        begun.add(run.claim)
        return Shown(run.text, run.theme, run.claim, first, claim.measure, claim.modality, claim.state,
                     DIFFERS if run.claim in differ else "", says(claim))

    return [Piece(block.kind, block.level, block.paras, [shown(run) for run in block.runs],
                  [[[shown(run) for run in cell] for cell in row] for row in block.rows]) for block in blocks]


def says(claim: Any) -> str:
    """What a claim is, in a few words: 一般公共预算收入，同比，已发生，机读."""
    return "，".join((claim.subject, label("measure", claim.measure), label("modality", claim.modality),
                     claim.get_state_display()))


def outline(headings: list[page.Heading], claims: list[Any], text: str) -> list[OutlineEntry]:
    """The headings down to the third level, with the claims that stand below each."""
    shown = sorted((heading for heading in headings if heading.level < 4), key=lambda heading: heading.start)
    made = []
    for index, heading in enumerate(shown):
        end = next((other.start for other in shown[index + 1:] if other.level <= heading.level), len(text))
        count = sum(heading.start <= claim.start < end for claim in claims)
        made.append(OutlineEntry(heading.level, heading.title, text.count("\n", 0, heading.start) + 1, count))
    return made


def legend(claims: list[Any], differ: set[int]) -> list[Legend]:
    """The kinds of marks that occur, with their numbers."""
    groups = (("measure", LABELS["measure"]), ("modality", LABELS["modality"]), ("state", dict(CLAIM_STATES)))
    made = []
    for group, words in groups:
        values = [getattr(claim, group) for claim in claims]
        made += [Legend(group, key, word, values.count(key)) for key, word in words.items() if key in values]
    return [*made, Legend("verdict", DIFFERS, "核对不符", len(differ))] if differ else made


urls = [
    *twin("documents/<int:document>", reader, "document"),
    *twin("documents/<int:document>/claims/<int:number>", claim_page, "claim"),
]
