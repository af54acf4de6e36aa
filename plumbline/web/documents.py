"""Documents: the list, handing one in, how far the reading is, and what can be done with one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from plumbline.kernel import DIFFERS, BadInput, Finding, area_name, label
from plumbline.kernel.label import LABELS
from plumbline.store import documents
from plumbline.store.documents.tables import DOCUMENT_STATES, Check, Claim, Document
from plumbline.store.drafts import Draft
from plumbline.store.people import may, require
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.look import look
from plumbline.web.screen import FILES, act, form_of, show, twin
from plumbline.web.words import period_words

NOTHING_SENT = Finding("upload.missing", "file", "没有选择文件。请选择一份 txt、docx、html 或 pdf 报告后再上传。")
UNFINISHED = ("waiting", "reading")


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in a list.

    id           number in the address
    title        title, or the file's name while it is not read
    name         the file's name
    kind         kind of report, in Chinese
    about        area its title names, in Chinese
    area         area that keeps it, in Chinese
    period       period reported on, in Chinese
    delivered_on day it was given
    state        waiting, reading, read, failed, stopped
    state_words  the same in Chinese
    progress     percent read
    claims       numbers found
    unconfirmed  numbers nobody has confirmed, corrected or set aside
    differs      checks that do not agree
    published    whether everybody may see it
    example      whether it is invented
    sent         whether it was written and sent here, so that each number has its evidence
    received_by  who handed it in
    received_at  when
    """

    id: int
    title: str
    name: str
    kind: str
    about: str
    area: str
    period: str
    delivered_on: date | None
    state: str
    state_words: str
    progress: int
    claims: int
    unconfirmed: int
    differs: int
    published: bool
    example: bool
    sent: bool
    received_by: str
    received_at: datetime

    @property
    def unfinished(self) -> bool:
        """Whether it still waits or is being read."""
        return self.state in UNFINISHED


@dataclass(frozen=True, slots=True)
class DocumentsScreen:
    """The documents a person sees.

    documents   a page of them
    may_upload  whether the person may hand one in
    limit_mb    how large a file may be
    findings    what was wrong with the file just handed in
    """

    documents: Listing
    may_upload: bool
    limit_mb: int
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StateScreen:
    """How far the reading of a document is.

    document  the document
    trouble   why it could not be read
    findings  everything that was wrong with it
    may_edit  whether the person may stop it, or have it read again
    """

    document: DocumentRow
    trouble: str
    findings: list[Finding]
    may_edit: bool


def row_of(document: Any) -> DocumentRow:
    """A document as a list shows it; wants the counts that `counted` adds."""
    return DocumentRow(
        id=document.pk, title=document.title or document.name, name=document.name,
        kind=label("report", document.kind) if document.kind else "",
        about=document.about_name or (area_name(document.about) if document.about else ""),
        area=area_name(document.area), period=period_words(document.period) if document.period else "",
        delivered_on=document.delivered_on, state=document.state, state_words=document.get_state_display(),
        progress=document.progress, claims=document.claim_count, unconfirmed=document.unconfirmed_count,
        differs=document.differ_count, published=document.published, example=document.example, sent=document.sent,
        received_by=str(document.received_by), received_at=document.received_at,
    )


def counted(query: QuerySet[Any]) -> QuerySet[Any]:
    """Documents with the counts a list shows, latest first."""
    return query.select_related("received_by").annotate(
        claim_count=count_of(Claim), unconfirmed_count=count_of(Claim, state="read"),
        differ_count=count_of(Check, verdict=DIFFERS), sent=Exists(Draft.objects.filter(document=OuterRef("pk"))),
    ).order_by("-received_at", "-pk")


def count_of(model: Any, **condition: str) -> Coalesce:
    """How many rows of a table belong to a document; counted apart, so that two counts do not multiply."""
    rows = model.objects.filter(document=OuterRef("pk"), **condition).order_by().values("document")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


SPEC = Spec(
    columns=(
        Column("title", "标题", "title"), Column("period", "报告期", "period"), Column("about", "所述地区", "about"),
        Column("kind", "文种", "kind"), Column("state_words", "状态", "state"), Column("claims", "数字", "claim_count"),
        Column("differs", "不符", "differ_count"), Column("received_by", "上传人"),
        Column("received_at", "上传时间", "received_at"),
    ),
    filters=(
        Filter("q", "标题或文件名", ("title__icontains", "name__icontains")),
        Filter("state", "状态", ("state",), DOCUMENT_STATES),
        Filter("kind", "文种", ("kind",), tuple(LABELS["report"].items())),
    ),
    row=row_of,
)


def rows_for(user: Any) -> QuerySet[Any]:
    """The documents a person sees, without their texts."""
    return counted(Document.objects.visible_to(user)).defer("text", "outline", "findings")


def seen(request: HttpRequest, document: int) -> Any:
    """The document, if this person sees it; 404 otherwise, whether it exists or not."""
    return get_object_or_404(counted(Document.objects.visible_to(request.user)), pk=document)


def all_documents(request: HttpRequest) -> HttpResponseBase:
    """The list of documents; with POST, hands one in."""
    if request.method == "POST":
        return hand_in(request)
    if form_of(request) in FILES:
        return sheet(request, rows_for(request.user), SPEC, "文件")
    return documents_page(request, ())


def documents_page(request: HttpRequest, findings: Iterable[Finding], status: int = 200) -> HttpResponse:
    """The list, with what was wrong with the file just handed in."""
    screen = DocumentsScreen(
        listing(request, rows_for(request.user), SPEC), may(request.user, "upload", request.user.area),
        settings.UPLOAD_LIMIT // 1024 // 1024, list(findings))
    return show(request, screen, "web/documents.html", status)


def hand_in(request: HttpRequest) -> HttpResponse:
    """Take a file in; a page shows what was wrong beside the form, `.json` answers with the document."""
    try:
        document = receive(request)
    except BadInput as error:
        if form_of(request) == "json":
            raise
        return documents_page(request, error.findings, status=400)
    if form_of(request) == "json":
        return show(request, state_of(request, seen(request, document.pk)), "", status=201)
    messages.success(request, f"已收到「{document.name}」，正在读取。")
    return redirect("documents")


def receive(request: HttpRequest) -> Any:
    """The document made of the file that was sent."""
    require(request.user, "upload", request.user.area)
    file = request.FILES.get("file")
    if file is None:
        raise BadInput([NOTHING_SENT])
    name, data = file.name or "", file.read()
    look(name, data)
    return documents.receive(request.user, name, data, request.POST.get("published") == "on")


def state_of(request: HttpRequest, document: Any) -> StateScreen:
    """How far a document is."""
    return StateScreen(row_of(document), document.trouble, [Finding(**finding) for finding in document.findings],
                       may(request.user, "upload", document.area))


def state(request: HttpRequest, document: int) -> HttpResponse:
    """How far a document is, as the piece of a page that asks again by itself; `?row` as a row of the list."""
    screen = state_of(request, seen(request, document))
    if "row" in request.GET:
        return show(request, screen, "web/document-state-row.html")
    answer = show(request, screen, "web/document-state.html")
    if screen.document.state == "read":
        answer.headers["HX-Refresh"] = "true"
    return answer


def stop(request: HttpRequest, document: int) -> HttpResponse:
    """Stop the reading of a document."""
    seen(request, document)
    documents.stop(request.user, document)
    return state(request, document)


def again(request: HttpRequest, document: int) -> HttpResponse:
    """Have a document read once more whose reading failed or was stopped."""
    seen(request, document)
    documents.again(request.user, document)
    return state(request, document)


def publish(request: HttpRequest, document: int) -> HttpResponse:
    """Let everybody see a document, or, with `published=no`, its own area only."""
    seen(request, document)
    public = request.POST.get("published") != "no"
    documents.publish(request.user, document, request.POST.get("why", ""), public)
    messages.success(request, "已公开，各地区用户都可以查看。" if public else "已取消公开，只有本地区用户可以查看。")
    return redirect("document", document)


def remove(request: HttpRequest, document: int) -> HttpResponse:
    """Take a document out, with all that was read from it."""
    row = seen(request, document)
    documents.remove(request.user, document, request.POST.get("why", ""))
    messages.success(request, f"已删除「{row.title or row.name}」。")
    return redirect("documents")


urls = [
    *twin("documents", all_documents, "documents", *FILES),
    *twin("documents/<int:document>/state", state, "document-state"),
    *act("documents/<int:document>/stop", stop, "document-stop"),
    *act("documents/<int:document>/again", again, "document-again"),
    *act("documents/<int:document>/publish", publish, "document-publish"),
    *act("documents/<int:document>/remove", remove, "document-remove"),
]
