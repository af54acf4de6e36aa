"""A document beside the figures: each number of its text agrees, differs or cannot be told, with why."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from plumbline.kernel import AGREES, CANNOT_TELL, DIFFERS, label
from plumbline.reports.against import Beside, against, count
from plumbline.store import people
from plumbline.store.declarations import catalog
from plumbline.store.documents import Document
from plumbline.web import links
from plumbline.web.export import export
from plumbline.web.listing import Listing, listed
from plumbline.web.screen import FILES, act, form_of, show, twin

# what needs a person stands first
ORDER = (DIFFERS, CANNOT_TELL, AGREES)
HEADS = ["结论", "所印", "依据", "所在行"]


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A number of the text and what a figure says of it; `href` opens the text there, `figure` the figure."""

    verdict: str
    verdict_words: str
    printed: str
    why: str
    para: int
    href: str
    figure: str


@dataclass(frozen=True, slots=True)
class AgainstScreen:
    """A document held against figures.

    numbers  a page of the numbers a figure was found for, what needs a person first; of one verdict where `chosen`
    counts   verdict, its words, how many
    rest     how many numbers no figure was found for
    """

    document: int
    title: str
    numbers: Listing
    counts: list[tuple[str, str, int]]
    rest: int
    chosen: str
    may_count: bool


def page(request: HttpRequest, document: int) -> HttpResponseBase:
    """The numbers of a document beside the figures this person sees."""
    one = get_object_or_404(Document.objects.visible_to(request.user), pk=document)
    every = against(request.user, catalog(), one)
    found = sorted((_row(one.pk, each) for each in every if each.held.ref), key=lambda row: ORDER.index(row.verdict))
    chosen = request.GET.get("verdict", "")
    rows = [row for row in found if row.verdict == chosen] if chosen in ORDER else found
    if form_of(request) in FILES:
        return export(f"对照数据 {one}", HEADS, ([row.verdict_words, row.printed, row.why, row.para] for row in rows),
                      len(rows), form_of(request))
    counts = [(key, label("verdict", key), sum(row.verdict == key for row in found)) for key in ORDER]
    numbers = listed(request, rows, {"verdict": chosen if chosen in ORDER else ""})
    screen = AgainstScreen(one.pk, str(one), numbers, counts, len(every) - len(found), chosen,
                           people.may(request.user, "count", one.about or one.area))
    return show(request, screen, "web/against.html")


def counted(request: HttpRequest, document: int) -> HttpResponse:
    """Count what the document may speak of, then show it again."""
    one = get_object_or_404(Document.objects.visible_to(request.user), pk=document)
    count(request.user, catalog(), one)
    return redirect("document-figures", one.pk)


def _row(document: int, each: Beside) -> HeldRow:
    one: Any = each.held
    href = links.claim(document, one.claim.number)
    return HeldRow(one.verdict, label("verdict", one.verdict), one.claim.surface, one.why, one.claim.para, href,
                   links.figure(each.figure.pk) if each.figure else "")


urls = [
    *twin("documents/<int:document>/figures", page, "document-figures", *FILES),
    *act("documents/<int:document>/figures/count", counted, "document-figures-count"),
]
