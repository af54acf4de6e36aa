"""Reports that were sent: each number leads to its evidence, what has changed since is marked, anybody may ask."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from plumbline.kernel import BadInput, Conflict, Finding, area_name, label
from plumbline.kernel import Cite as Printed
from plumbline.kernel.label import LABELS
from plumbline.store import documents, drafts, figures
from plumbline.store.drafts.changes import changes, counted
from plumbline.store.models import Cite, Document, DraftVersion, Question
from plumbline.store.people import may
from plumbline.web import choices, links
from plumbline.web.draft_evidence import Card, value_words
from plumbline.web.draft_text import Entry, Legend, Mark, Passage, legend, outline, passages_of, titled
from plumbline.web.draft_versions import card_of, file_of
from plumbline.web.forms import onward, status_of, told
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, act, form_of, show, signed_in, twin
from plumbline.web.words import period_words


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report that was sent.

    cites      numbers that stand for figures
    changes    how many of them have changed since
    questions  asked of it and not yet closed
    """

    key: int
    title: str
    period: str
    area: str
    kind: str
    delivered_on: date | None
    cites: int
    changes: int
    questions: int
    sent_at: Any
    example: bool
    href: str


@dataclass(frozen=True, slots=True)
class ReportList:
    """The reports a person may read; `where` names the tab it stands under."""

    list: Listing
    where: str = "reports"


def row_of(document: Any) -> ReportRow:
    """A report as a list shows it."""
    return ReportRow(
        document.pk, str(document), period_words(document.period), area_name(document.area), label("report", document.kind),
        document.delivered_on, document.cite_count, document.change_count, document.question_count, document.received_at,
        document.example, reverse("report", args=[document.pk]))


COLUMNS = (
    Column("title", "标题", "title"), Column("period", "报告期", "period"), Column("area", "地区", "area"),
    Column("kind", "文种", "kind"), Column("cites", "有依据的数", "cite_count"),
    Column("changes", "发出后有变化", "change_count"), Column("questions", "未了结的提问", "question_count"),
    Column("sent_at", "签发时间", "received_at"),
)


def seen_rows(user: Any) -> QuerySet[Any]:
    """The reports a user sees, without their texts."""
    return Document.objects.visible_to(user).filter(draft__isnull=False).defer("text", "outline", "findings")


def rows(user: Any) -> QuerySet[Any]:
    """The same with the counts a list shows, the latest first."""
    return seen_rows(user).annotate(
        cite_count=counted(Cite.objects.all(), "document"), change_count=changes(),
        question_count=counted(Question.objects.exclude(state="closed"), "document")).order_by("-received_at", "-pk")


def spec(user: Any) -> Spec:
    """The list, with the filters this user can choose from."""
    seen = seen_rows(user)
    return Spec(COLUMNS, (
        Filter("q", "标题", ("title__icontains",)),
        *choices.choice("period", "报告期", "period", tuple(
            (key, period_words(key)) for key, _ in choices.values(seen, "period"))),
        *choices.choice("area", "地区", "area", choices.areas(seen, "area")),
        Filter("kind", "文种", ("kind",), tuple(LABELS["report"].items())),
    ), row_of)


def reports(request: HttpRequest) -> HttpResponseBase:
    """The list of reports that were sent."""
    if form_of(request) in FILES:
        return sheet(request, rows(request.user), spec(request.user), "报告")
    return show(request, ReportList(listing(request, rows(request.user), spec(request.user))), "web/draft-reports.html")


@dataclass(frozen=True, slots=True)
class Changed:
    """A number that has changed since it was printed."""

    number: int
    surface: str
    label: str
    before: str
    after: str
    why: str
    at: Any


@dataclass(frozen=True, slots=True)
class Thread:
    """A question about a number."""

    key: int
    text: str
    by: str
    at: Any
    state: str
    state_words: str
    replies: int
    href: str


@dataclass(frozen=True, slots=True)
class CiteScreen:
    """A number of a report with its evidence, the questions asked of it, and the form to ask one.

    typed  what was typed when it could not be kept
    """

    document: int
    number: int
    card: Card
    place: str
    threads: list[Thread]
    may_ask: bool
    typed: str = ""
    trouble: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportScreen:
    """A report that was sent, to be read."""

    key: int
    title: str
    titled: bool
    kind: str
    area: str
    period: str
    issuer: str
    delivered_on: date | None
    example: bool
    published: bool
    passages: list[Passage]
    outline: list[Entry]
    legend: list[Legend]
    changed: list[Changed]
    questions: int
    draft: int | None
    reader: str
    open: CiteScreen | None = None


def report_seen(request: HttpRequest, document: int) -> Any:
    """The report, if this person sees it; 404 otherwise."""
    return get_object_or_404(seen_rows(request.user).select_related("draft"), pk=document)


def sent_version(document: Any) -> DraftVersion:
    """What was sent."""
    return document.draft.versions.get(action="sent")


def report(request: HttpRequest, document: int) -> HttpResponse:
    """A report to read."""
    return show(request, screen_for(request, report_seen(request, document)), "web/draft-sent.html")


def screen_for(request: HttpRequest, document: Any, open: CiteScreen | None = None) -> ReportScreen:
    """A report as the person sees it, with a number open where one is asked for."""
    paper = drafts.thawed(sent_version(document).paper)
    changed = [Changed(one.cite.number, one.cite.surface, one.cite.label, value_words(one.before), value_words(one.after),
                       one.after.reason, one.after.run.at) for one in figures.changed_since(document.pk)]
    passages = marked(document.pk, paper, {one.number for one in changed})
    own = may(request.user, "write", document.area) or may(request.user, "review", document.area)
    return ReportScreen(
        document.pk, str(document), titled(paper), label("report", document.kind), area_name(document.area),
        period_words(document.period), paper.issuer, document.delivered_on, document.example, document.published,
        passages, outline(passages), legend(passages), changed, document.questions.exclude(state="closed").count(),
        document.draft.pk if own else None, links.document(document.pk), open)


def marked(document: int, paper: Any, changed: set[int]) -> list[Passage]:
    """The paragraphs, each number leading to its evidence."""
    kept = set(Cite.objects.filter(document=document).values_list("number", flat=True))

    def mark(number: int, one: Printed, surface: str) -> Mark | None:
        says = f"{one.label}，{area_name(one.area)}，{period_words(one.period)}；点开看依据"
        return Mark(one.start, one.end, "changed" if number in changed else "bound", says,
                    reverse("report-cite", args=[document, number])) if number in kept else None
    return passages_of(paper, mark)


def cite(request: HttpRequest, document: int, number: int) -> HttpResponse:
    """A number with its evidence: alone beside the text, or the report with it open."""
    row = report_seen(request, document)
    return shown(request, row, cite_screen(request, row, number))


def shown(request: HttpRequest, row: Any, screen: CiteScreen, status: int = 200) -> HttpResponse:
    """A number of a report, in the form the request wants."""
    if form_of(request) == "json" or request.headers.get("HX-Request") == "true":
        return show(request, screen, "web/draft-cite.html", status)
    return show(request, screen_for(request, row, screen), "web/draft-sent.html", status)


def cite_screen(request: HttpRequest, document: Any, number: int, error: Exception | None = None) -> CiteScreen:
    """A number with its evidence and its questions."""
    found = get_object_or_404(Cite.objects.visible_to(request.user), document=document.pk, number=number)
    asked = Question.objects.visible_to(request.user).filter(cite=found).select_related("asked_by")
    threads = [thread_of(row) for row in asked.annotate(replies_count=counted_replies()).order_by("-asked_at")]
    trouble, findings = told(error)
    place = f"{links.document(document.pk)}#c{found.claim}" if found.claim else links.document(document.pk)
    return CiteScreen(document.pk, number, card_of(request.user, sent_version(document), number), place, threads,
                      may(request.user, "question", document.about or document.area), request.POST.get("text", ""),
                      trouble, tuple(findings))


def counted_replies() -> Any:
    """How many answers a question has."""
    return counted(figures.Reply.objects.all(), "question")


def thread_of(row: Any) -> Thread:
    """A question in a list."""
    return Thread(row.pk, row.text, str(row.asked_by), row.asked_at, row.state, row.get_state_display(), row.replies_count,
                  reverse("question", args=[row.pk]))


def ask(request: HttpRequest, document: int, number: int) -> HttpResponse:
    """Question a number."""
    row = report_seen(request, document)
    found = get_object_or_404(Cite.objects.visible_to(request.user), document=document, number=number)
    try:
        asked = figures.question(request.user, found.pk, request.POST.get("text", ""))
    except (BadInput, Conflict) as error:
        return shown(request, row, cite_screen(request, row, number, error), status_of(error))
    if request.headers.get("HX-Request") == "true":
        return show(request, cite_screen(request, row, number), "web/draft-cite.html")
    messages.success(request, "已提交。有了答复，会显示在这里和“提问”页。")
    return onward(request, "question", asked.pk)


def handed_out(request: HttpRequest, document: int, form: str) -> HttpResponse:
    """A report as a file, as it was sent: the Word document letter for letter, the others made anew from its version."""
    found = report_seen(request, document)
    row = sent_version(found)
    kept = documents.bytes_of(found) if form == "docx" else b""
    return file_of(request, drafts.thawed(row.paper, row.n), form, kept)


urls = [
    *twin("reports", reports, "reports", *FILES),
    *twin("reports/<int:document>", report, "report"),
    *twin("reports/<int:document>/cites/<int:number>", cite, "report-cite"),
    *act("reports/<int:document>/cites/<int:number>/ask", ask, "report-ask"),
    path("reports/<int:document>/export/<str:form>/", signed_in(handed_out), name="report-export"),
]
