"""The versions of a draft: what each said, what two of them differ in, and any of them as a file."""

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from plumbline.kernel import AGREES, CANNOT_TELL, DIFFERS, BadInput, Finding, Paper, label
from plumbline.reports import drafting, export
from plumbline.store import drafts
from plumbline.store.declarations import catalog
from plumbline.store.drafts import Draft, DraftVersion
from plumbline.store.drafts.changes import changed_of
from plumbline.web import draft_evidence, links
from plumbline.web.draft_page import Version, part, read_only, seen, version_of
from plumbline.web.draft_text import Passage, titled
from plumbline.web.export import attached
from plumbline.web.forms import whole
from plumbline.web.screen import show, signed_in, twin


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of two versions: in both (`kind` empty), in the older only (`del`), in the newer only (`ins`)."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph of two versions: `same`, `changed`, `added` or `dropped`."""

    kind: str
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class VersionScreen:
    """A version to read, or beside another one.

    other     number of the version it is held against, 0 for none
    rows      the paragraphs of both; those that differ
    same      how many paragraphs do not
    """

    key: int
    title: str
    titled: bool
    version: Version
    versions: list[Version]
    passages: list[Passage]
    other: int
    rows: list[Row]
    same: int


def versions_of(draft: Draft) -> list[Version]:
    """All versions, the newest first."""
    return [version_of(row) for row in draft.versions.select_related("by").defer("paper").order_by("-n")]


def version(request: HttpRequest, key: int, n: int) -> HttpResponse:
    """A version; `?with=2` shows what it and version 2 differ in."""
    draft = seen(request, key)
    row = get_object_or_404(draft.versions.select_related("by"), n=n)
    paper, other = drafts.thawed(row.paper, n), whole(request.GET.get("with", "")) or 0
    older = draft.versions.filter(n=other).first() if other != n else None
    rows = compared(drafts.thawed(older.paper), paper) if older else []
    moved = {id(one.cite) for one in changed_of(paper.cites)}
    screen = VersionScreen(
        key, draft.title, titled(paper), version_of(row), versions_of(draft),
        read_only(paper, reverse("draft-version", args=[key, n]), moved), older.n if older else 0,
        [one for one in rows if one.kind != "same"], sum(one.kind == "same" for one in rows))
    return show(request, screen, "web/draft-version.html")


def compared(old: Paper, new: Paper) -> list[Row]:
    """Two papers, paragraph by paragraph."""
    before, after = ([one.text for one in paper.paragraphs] for paper in (old, new))
    rows: list[Row] = []
    for deed, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if deed == "equal":
            rows += [Row("same", [Piece(text)]) for text in after[c:d]]
        else:
            rows += in_place(before[a:b], after[c:d])
    return rows


def in_place(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    """Paragraphs in place of others: pairs letter by letter, the rest whole."""
    for old, new in zip(before, after, strict=False):
        yield Row("changed", list(letters(old, new)))
    for text in before[len(after):]:
        yield Row("dropped", [Piece(text, "del")])
    for text in after[len(before):]:
        yield Row("added", [Piece(text, "ins")])


def letters(old: str, new: str) -> Iterator[Piece]:
    """Two texts, letter by letter."""
    for deed, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if deed == "equal":
            yield Piece(old[a:b])
            continue
        if a < b:
            yield Piece(old[a:b], "del")
        if c < d:
            yield Piece(new[c:d], "ins")


def cite_card(request: HttpRequest, key: int, n: int, number: int) -> HttpResponse:
    """The evidence of a number of a version."""
    row = get_object_or_404(seen(request, key).versions, n=n)
    return part(request, card_of(request.user, row, number), "web/draft-card.html", reverse("draft-version", args=[key, n]))


def card_of(user: Any, row: DraftVersion, number: int) -> draft_evidence.Card:
    """The card of cite `number` of a version."""
    told = [(one, cite) for one in drafts.thawed(row.paper).paragraphs for cite in one.cites]
    if not 0 < number <= len(told):
        raise BadInput([Finding("draft.number", "数值", "这个版本里没有这个数值；请从正文点开。")])
    one, cite = told[number - 1]
    return draft_evidence.card(user, catalog(), cite, one.text[cite.start:cite.end])


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A number or a sum that was checked: the verdict, why, and the paragraph it stands in."""

    verdict: str
    words: str
    why: str
    place: str


@dataclass(frozen=True, slots=True)
class CheckScreen:
    """A draft held against the figures, and against itself.

    figures   numbers against figures: those that differ or cannot be told first
    sums      sums, shares and differences inside the text
    agreeing  how many numbers agree
    """

    key: int
    title: str
    state: str
    figures: list[CheckRow]
    sums: list[CheckRow]
    agreeing: int
    count: int


def check_row(one: Any, place: str = "") -> CheckRow:
    """What was found of a number, or of a sum."""
    return CheckRow(one.verdict, label("verdict", one.verdict), one.why, place)


def check(request: HttpRequest, key: int) -> HttpResponse:
    """Hold a draft, as it reads now or as it was handed on, against the figures and against itself."""
    draft = seen(request, key)
    last = draft.versions.first()
    paper = None if draft.state == "writing" or last is None else drafts.thawed(last.paper)
    held, sums = drafting.checked(catalog(), draft, paper)
    figures = [check_row(one, one.claim.surface if one.claim else "") for one in held]
    rows = sorted((one for one in figures if one.verdict != AGREES), key=lambda one: one.verdict != DIFFERS)
    inside = [check_row(one) for one in sums if one.kind != "derived"]
    inside.sort(key=lambda one: (DIFFERS, CANNOT_TELL, AGREES).index(one.verdict))
    screen = CheckScreen(key, draft.title, draft.get_state_display(), rows, inside,
                         sum(one.verdict == AGREES for one in figures), len(figures))
    return show(request, screen, "web/draft-check.html")


FORMS: dict[str, tuple[str, str, Callable[[Paper], bytes]]] = {
    "docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", export.docx),
    "ixbrl": ("zip", "application/zip", export.ixbrl),
    "pdf": ("pdf", "application/pdf", export.pdf),
}


def file_of(request: HttpRequest, paper: Paper, form: str, kept: bytes = b"") -> HttpResponse:
    """A paper as a file, its numbers leading to the pages of their figures; `kept` where the file lies in the store.

    Raises  BadInput where there is no such form, or LibreOffice is not installed; SourceDown where it does not answer
    """
    if form not in FORMS:
        raise BadInput([Finding("export.form", "导出", "只能导出 docx、ixbrl 或 pdf；请从页面上的按钮导出。")])
    ending, media, made = FORMS[form]
    keys = {key for cite in paper.cites for key in cite.figures}
    linked = replace(paper, addresses={key: request.build_absolute_uri(links.figure(key)) for key in keys})
    return attached(kept or made(linked), media, f"{paper.title}.{ending}")


def handed_out(request: HttpRequest, key: int, form: str) -> HttpResponse:
    """A draft as a file: `?n=` as it was handed on, else as it reads now, marked as a draft."""
    draft, n = seen(request, key), whole(request.GET.get("n", ""))
    if n is not None:
        paper = drafts.thawed(get_object_or_404(draft.versions, n=n).paper, n)
    else:
        paper = drafting.sheet(catalog(), draft).paper
    return file_of(request, paper, form)


urls = [
    *twin("drafts/<int:key>/versions/<int:n>", version, "draft-version"),
    *twin("drafts/<int:key>/versions/<int:n>/cites/<int:number>", cite_card, "draft-version-cite"),
    *twin("drafts/<int:key>/check", check, "draft-check"),
    path("drafts/<int:key>/export/<str:form>/", signed_in(handed_out), name="draft-export"),
]
