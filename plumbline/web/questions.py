"""Questions about numbers of sent reports, and the answers in their thread."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from plumbline.kernel import BadInput, Conflict, Finding, area_name
from plumbline.store import figures
from plumbline.store.drafts.changes import counted
from plumbline.store.figures.tables import QUESTION_STATES
from plumbline.store.models import Question, Reply
from plumbline.store.people import may
from plumbline.web import choices
from plumbline.web.excerpt import parted
from plumbline.web.forms import onward, status_of, told, version
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, act, form_of, show, twin


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question in a list."""

    key: int
    text: str
    surface: str
    label: str
    document: str
    area: str
    by: str
    asked_at: datetime
    state: str
    state_words: str
    replies: int
    href: str


@dataclass(frozen=True, slots=True)
class QuestionList:
    """The questions a person sees."""

    list: Listing
    where: str = "questions"


def row_of(row: Any) -> QuestionRow:
    """A question as a list shows it; wants `reply_count`."""
    return QuestionRow(
        row.pk, row.text, row.cite.surface, row.cite.label, str(row.document), area_name(row.document.area),
        str(row.asked_by), row.asked_at, row.state, row.get_state_display(), row.reply_count,
        reverse("question", args=[row.pk]))


COLUMNS = (
    Column("text", "问题"), Column("surface", "数字"), Column("label", "名称", "cite__label"),
    Column("document", "报告", "document__title"), Column("area", "地区", "document__area"),
    Column("by", "提问人", "asked_by__label"), Column("asked_at", "提问时间", "asked_at"),
    Column("replies", "答复", "reply_count"), Column("state_words", "状态", "state"),
)


def rows(user: Any) -> QuerySet[Any]:
    """The questions a user sees, the latest first."""
    return (Question.objects.visible_to(user).select_related("cite", "document", "asked_by")
            .defer("document__text", "document__outline", "document__findings")
            .annotate(reply_count=counted(Reply.objects.all(), "question")).order_by("-asked_at", "-pk"))


def spec(user: Any) -> Spec:
    """The list, with the filters this user can choose from."""
    seen = Question.objects.visible_to(user)
    asked = seen.order_by("document").values_list("document", "document__title").distinct()
    return Spec(COLUMNS, (
        Filter("q", "问题或名称", ("text__icontains", "cite__label__icontains", "cite__surface__icontains")),
        Filter("state", "状态", ("state",), QUESTION_STATES),
        *choices.choice("document", "报告", "document_id", tuple((str(key), title) for key, title in asked)),
        *choices.choice("area", "地区", "document__area", choices.areas(seen, "document__area")),
    ), row_of)


def questions(request: HttpRequest) -> HttpResponseBase:
    """The list of questions."""
    if form_of(request) in FILES:
        return sheet(request, rows(request.user), spec(request.user), "提问")
    return show(request, QuestionList(listing(request, rows(request.user), spec(request.user))), "web/questions.html")


@dataclass(frozen=True, slots=True)
class Word:
    """A word in the thread; `asker` where it is the one who asked."""

    by: str
    role: str
    at: datetime
    text: str
    asker: bool


@dataclass(frozen=True, slots=True)
class QuestionScreen:
    """A question with its thread.

    before, surface, after  the sentence the number stands in
    may_answer, may_close   what the person may do
    typed                   an answer that could not be kept
    """

    row: QuestionRow
    before: str
    surface: str
    after: str
    evidence: str
    words: list[Word]
    version: int
    may_answer: bool
    may_close: bool
    typed: str = ""
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)


def question(request: HttpRequest, key: int) -> HttpResponse:
    """A question with its thread."""
    return show(request, screen_of(request, key), "web/question.html")


def screen_of(request: HttpRequest, key: int, error: Exception | None = None) -> QuestionScreen:
    """A question as the person sees it."""
    row = get_object_or_404(rows(request.user), pk=key)
    asker = row.asked_by_id == request.user.pk
    replies = row.replies.select_related("by").order_by("at", "id")
    words = [Word(str(one.by), one.by.get_role_display(), one.at, one.text, one.by_id == row.asked_by_id)
             for one in (*[_first(row)], *replies)]
    told_in = parted(row.cite.sentence, row.cite.surface)
    return QuestionScreen(
        row_of(row), told_in.before, told_in.number, told_in.after,
        reverse("report-cite", args=[row.document_id, row.cite.number]), words,
        row.version, asker or may(request.user, "answer", row.document.area), asker and row.state != "closed",
        request.POST.get("text", ""), *told(error))


def _first(row: Any) -> Reply:
    """The question itself, as the first word of its thread."""
    return Reply(text=row.text, by=row.asked_by, at=row.asked_at)


def answer(request: HttpRequest, key: int) -> HttpResponse:
    """A word in the thread."""
    return said(request, key, lambda: figures.answer(request.user, key, request.POST.get("text", ""), version(request)))


def close(request: HttpRequest, key: int) -> HttpResponse:
    """Settled, says who asked."""
    return said(request, key, lambda: figures.close(request.user, key, version(request)))


def said(request: HttpRequest, key: int, deed: Any) -> HttpResponse:
    """The thread after a deed, or as it stands with why it was refused."""
    get_object_or_404(Question.objects.visible_to(request.user), pk=key)
    try:
        deed()
    except (BadInput, Conflict) as error:
        return show(request, screen_of(request, key, error), "web/question.html", status_of(error))
    return onward(request, "question", key)


def waiting(user: Any) -> int:
    """How many questions wait for an answer of this user's area; 0 for those who do not answer."""
    if not (user.is_authenticated and user.role == "planner" and may(user, "answer", user.area)):
        return 0
    seen = Question.objects.visible_to(user).filter(state="open")
    return sum(may(user, "answer", area) for area in seen.values_list("document__area", flat=True))


urls = [
    *twin("questions", questions, "questions", *FILES),
    *twin("questions/<int:key>", question, "question"),
    *act("questions/<int:key>/answer", answer, "question-answer"),
    *act("questions/<int:key>/close", close, "question-close"),
]
