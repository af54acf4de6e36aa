"""The claims of a document as a table, and several of them confirmed at once."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from plumbline.kernel import BadInput, Finding, label
from plumbline.kernel.label import LABELS
from plumbline.store import documents
from plumbline.store.documents.tables import CLAIM_STATES, Claim, Document
from plumbline.store.people import may
from plumbline.web import links
from plumbline.web.claim import until, words_of
from plumbline.web.forms import whole
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, act, form_of, show, twin
from plumbline.web.words import exact, period_words

NOTHING_CHOSEN = Finding("claims.none", "勾选", "没有勾选任何数字。请先勾选要确认的数字。")
MOST_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim in a table: as printed (`surface`), as read (`words`), exact (`value`, `value2`), and its parts."""

    id: int
    number: int
    subject: str
    surface: str
    words: str
    value: str
    value2: str
    unit: str
    measure: str
    modality: str
    bound: str
    period: str
    deadline: str
    reference: str
    place: str
    section: str
    state: str
    state_words: str
    reason: str
    para: int
    start: int
    end: int
    href: str

    @property
    def low(self) -> Decimal | None:
        """The value as a number, for a file."""
        return exact(self.value)

    @property
    def high(self) -> Decimal | None:
        """The upper end of a range as a number, for a file."""
        return exact(self.value2)

    @property
    def measure_words(self) -> str:
        """度量 in Chinese."""
        return label("measure", self.measure)

    @property
    def modality_words(self) -> str:
        """性质 in Chinese."""
        return label("modality", self.modality)

    @property
    def bound_words(self) -> str:
        """界 in Chinese."""
        return label("bound", self.bound)

    @property
    def period_words(self) -> str:
        """时期 in Chinese."""
        return period_words(self.period) if self.period else ""

    @property
    def deadline_words(self) -> str:
        """时限 in Chinese."""
        return until(self.deadline)


@dataclass(frozen=True, slots=True)
class ClaimsScreen:
    """The claims of a document; `may_confirm` whether the person may confirm them."""

    document: int
    title: str
    claims: Listing
    may_confirm: bool


def row_of(claim: Any) -> ClaimRow:
    """A claim as a table shows it."""
    return ClaimRow(
        id=claim.pk, number=claim.number, subject=claim.subject, surface=claim.surface, words=words_of(claim),
        value=claim.value, value2=claim.value2, unit=claim.unit, measure=claim.measure, modality=claim.modality,
        bound=claim.bound, period=claim.period, deadline=claim.deadline, reference=claim.reference,
        place=claim.place, section=claim.section, state=claim.state, state_words=claim.get_state_display(),
        reason=claim.reason, para=claim.para, start=claim.start, end=claim.end,
        href=links.claim(claim.document_id, claim.number),
    )


PAGE_COLUMNS = (
    Column("number", "序", "number"), Column("subject", "指标", "subject"), Column("surface", "原文", "magnitude"),
    Column("words", "读作"), Column("measure_words", "度量", "measure"), Column("modality_words", "性质", "modality"),
    Column("period_words", "时期", "period"), Column("deadline_words", "时限", "deadline"),
    Column("state_words", "状态", "state"),
)
FILE_COLUMNS = (
    *PAGE_COLUMNS, Column("low", "数值"), Column("high", "数值上端"), Column("unit", "单位"),
    Column("bound_words", "界"), Column("reference", "比较对象"), Column("place", "地区"), Column("section", "章节"),
    Column("para", "行"), Column("start", "起"), Column("end", "止"), Column("reason", "理由"),
)
FILTERS = (
    Filter("q", "指标或原文", ("subject__icontains", "surface__icontains")),
    Filter("measure", "度量", ("measure",), tuple(LABELS["measure"].items())),
    Filter("modality", "性质", ("modality",), tuple(LABELS["modality"].items())),
    Filter("part", "部分", ("part",), tuple(LABELS["part"].items())),
    Filter("state", "状态", ("state",), CLAIM_STATES),
    Filter("section", "章节", ("section__icontains",)),
)


def claims(request: HttpRequest, document: int) -> HttpResponseBase:
    """The claims of one document."""
    one = get_object_or_404(Document.objects.visible_to(request.user), pk=document)
    rows = Claim.objects.visible_to(request.user).filter(document=one)
    if form_of(request) in FILES:
        return sheet(request, rows, Spec(FILE_COLUMNS, FILTERS, row_of), f"数字 {one}")
    screen = ClaimsScreen(one.pk, str(one), listing(request, rows, Spec(PAGE_COLUMNS, FILTERS, row_of)),
                          may(request.user, "confirm", one.area))
    return show(request, screen, "web/claims.html")


def confirm(request: HttpRequest, document: int) -> HttpResponse:
    """Say of several claims that they were read rightly."""
    get_object_or_404(Document.objects.visible_to(request.user), pk=document)
    sent = request.POST.getlist("id")
    asked = [key for text in sent if (key := whole(text)) is not None]
    if not asked or len(asked) > MOST_AT_ONCE:
        raise BadInput([NOTHING_CHOSEN])
    rows = Claim.objects.visible_to(request.user).filter(document=document, pk__in=asked)
    chosen = list(rows.values_list("pk", flat=True))
    documents.confirm(request.user, chosen, request.POST.get("why", ""))
    messages.success(request, f"已确认 {len(chosen)} 个数字。")
    back = request.POST.get("address", "")
    return redirect(reverse("claims", args=[document]) + (f"?{back}" if back else ""))


urls = [
    *twin("documents/<int:document>/claims", claims, "claims", *FILES),
    *act("documents/<int:document>/claims/confirm", confirm, "claims-confirm"),
]
