"""Checks: what the numbers of a report, or of two reports, say of each other; every place opens the text there."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from plumbline.kernel import AGREES, CANNOT_TELL, DIFFERS, label
from plumbline.kernel.label import LABELS
from plumbline.store.documents.tables import Check, Claim, Document
from plumbline.web import choices, links
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, form_of, show, twin

# what needs a person stands first
ORDER = (DIFFERS, CANNOT_TELL, AGREES)
# a value worked out of others; it is told, not judged
DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A number a check rests on: what is printed there, and the address that opens the text at it."""

    document: str
    para: int
    surface: str
    href: str


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A statement and whether it holds.

    kind, verdict  keys of the kernel; `…_words` in Chinese
    why            the reckoning, with the numbers as printed
    places         every number it rests on
    printed        the same in one line, for a file
    """

    id: int
    document: int
    title: str
    other: str
    kind: str
    kind_words: str
    verdict: str
    verdict_words: str
    why: str
    places: list[PlaceRow]

    @property
    def printed(self) -> str:
        """The numbers and their lines, for a file."""
        return "；".join(f"{place.document} 第{place.para}行 {place.surface}" for place in self.places)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many checks came out one way; `chosen` is the part of the address that shows only those."""

    key: str
    words: str
    count: int
    chosen: str


@dataclass(frozen=True, slots=True)
class ChecksScreen:
    """Checks of everything a person sees, or of one document.

    checks    a page of them
    counts    how many differ, cannot be told, agree, and are derived values; unfiltered
    document  number and title of the one document, or nothing
    """

    checks: Listing
    counts: list[Tally]
    document: int = 0
    title: str = ""


class Surfaces:
    """What is printed at the places of checks; each document's numbers are fetched once."""

    def __init__(self, user: Any):
        self.user = user
        self.known: dict[int, dict[int, str]] = {}
        self.titles: dict[int, str] = {}

    def row(self, check: Any) -> CheckRow:
        """A check as a list shows it."""
        return CheckRow(
            id=check.pk, document=check.document_id, title=str(check.document), other=str(check.other or ""),
            kind=check.kind, kind_words=label("statement", check.kind), verdict=check.verdict,
            verdict_words=label("verdict", check.verdict), why=check.why,
            places=[self.place(check, place) for place in check.places],
        )

    def place(self, check: Any, place: dict[str, Any]) -> PlaceRow:
        """A place of a check."""
        document = place.get("document") or check.document_id
        title = check.other if check.other_id == document else check.document
        claim = place.get("claim")
        href = links.claim(document, claim) if claim else links.place(document, place["para"])
        surface = self.of(document).get(claim) if claim else None
        return PlaceRow(str(title), place["para"], surface or f"第{place['para']}行", href)

    def of(self, document: int) -> dict[int, str]:
        """Every number of a document, as printed."""
        if document not in self.known:
            rows = Claim.objects.visible_to(self.user).filter(document=document)
            self.known[document] = dict(rows.values_list("number", "surface"))
        return self.known[document]


def rows(user: Any) -> QuerySet[Any]:
    """Every check a person sees, what needs him first, without the texts of their documents."""
    texts = [f"{document}__{name}" for document in ("document", "other") for name in ("text", "outline", "findings")]
    urgency = Case(When(kind=DERIVED, then=len(ORDER)),
                   *(When(verdict=verdict, then=place) for place, verdict in enumerate(ORDER)), default=len(ORDER))
    found = Check.objects.visible_to(user).select_related("document", "other").defer(*texts)
    outcome = Case(When(kind=DERIVED, then=Value(DERIVED)), default=F("verdict"))
    return found.annotate(urgency=urgency, outcome=outcome).order_by("urgency", "document_id", "pk")


def tallies(found: QuerySet[Any]) -> list[Tally]:
    """Checks counted by verdict; a derived value claims nothing, and is counted apart."""
    pairs = list(found.order_by().values_list("kind", "verdict"))
    made = [Tally(key, label("verdict", key), sum(kind != DERIVED and verdict == key for kind, verdict in pairs),
                  urlencode({"verdict": key})) for key in ORDER]
    derived = sum(kind == DERIVED for kind, _ in pairs)
    return [*made, Tally(DERIVED, label("statement", DERIVED), derived, urlencode({"verdict": DERIVED}))]


def checks_of(user: Any, claim: Any) -> list[CheckRow]:
    """The checks a claim takes part in, what needs a person first."""
    surfaces, mine = Surfaces(user), (claim.document_id, claim.number)
    either = rows(user).filter(Q(document=claim.document_id) | Q(other=claim.document_id))
    return [surfaces.row(check) for check in either
            if any((place.get("document") or check.document_id, place.get("claim")) == mine
                   for place in check.places)]


COLUMNS = (
    Column("verdict_words", "结论", "verdict"), Column("kind_words", "种类", "kind"), Column("why", "依据"),
    Column("printed", "所在"), Column("title", "文件", "document__title"),
)
FILTERS = (
    Filter("verdict", "结论", ("outcome",),
           (*((key, label("verdict", key)) for key in ORDER), (DERIVED, label("statement", DERIVED)))),
    Filter("kind", "种类", ("kind",), tuple(LABELS["statement"].items())),
    Filter("q", "依据", ("why__icontains",)),
)


def spec_for(user: Any, documents: bool) -> Spec:
    """The list of checks; over several documents it can be filtered by document."""
    by_document = choices.choice("document", "文件", "document", choices.documents(user)) if documents else ()
    return Spec(COLUMNS, (*FILTERS, *by_document), Surfaces(user).row)


def all_checks(request: HttpRequest) -> HttpResponseBase:
    """Checks of everything the person sees."""
    return answer(request, rows(request.user), spec_for(request.user, documents=True), "核对")


def checks_of_one(request: HttpRequest, document: int) -> HttpResponseBase:
    """Checks of one document, and those of other documents against it."""
    one = get_object_or_404(Document.objects.visible_to(request.user), pk=document)
    found = rows(request.user).filter(Q(document=one) | Q(other=one))
    return answer(request, found, spec_for(request.user, documents=False), f"核对 {one}", one)


def answer(request: HttpRequest, found: QuerySet[Any], spec: Spec, title: str, one: Any = None) -> HttpResponseBase:
    """The list, or the file the address asks for."""
    if form_of(request) in FILES:
        return sheet(request, found, spec, title)
    screen = ChecksScreen(listing(request, found, spec), tallies(found), one.pk if one else 0, str(one or ""))
    return show(request, screen, "web/checks.html")


urls = [
    *twin("checks", all_checks, "checks", *FILES),
    *twin("documents/<int:document>/checks", checks_of_one, "document-checks", *FILES),
]
