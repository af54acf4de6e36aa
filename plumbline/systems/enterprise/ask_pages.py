"""Asking about policies, for everybody and on a phone: what fits with its words marked; a firm hands in what found nothing."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from plumbline.kernel import BadInput, Finding
from plumbline.store.models import Order
from plumbline.systems.enterprise import asked
from plumbline.systems.enterprise.library import answers
from plumbline.systems.enterprise.portal_door import bound
from plumbline.systems.enterprise.search import Document, Hit, Index
from plumbline.web.firms import for_firms, is_firm, strange
from plumbline.web.screen import show, signed_in

# shown; and looked through for the policy a question is near to
LONGEST, TEXT_LONGEST, MOST, NEAR = 200, 1000, 3, 12
# questions to begin with
OFTEN = ("rent.who", "insurance.bands", "return.who", "training.amount", "deferral.until", "guarantee.cut", "size.what",
         "apply.automatic")
MARKS = {asked.POLICY: "政策", asked.RULE: "政策", asked.ANSWER: "答复"}

Pieces = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A hit as the page shows it.

    pieces  its words, with whether each is marked
    about   where it comes from
    href    of a policy there is a page of
    """

    kind: str
    word: str
    title: str
    pieces: Pieces
    why: tuple[str, ...]
    about: str
    href: str


@dataclass(frozen=True, slots=True)
class AskPage:
    """The question and what was found.

    firms  codes and names of the firms the account speaks for; a question is handed in for one of them
    often  questions to begin with, where nothing was asked
    """

    asked: str
    answers: list[Answer]
    firms: list[tuple[str, str]]
    often: list[str]
    once: str
    text: str = ""
    longest: int = LONGEST
    text_longest: int = TEXT_LONGEST
    findings: list[Finding] = field(default_factory=list)


@require_safe
def ask(request: HttpRequest) -> HttpResponseBase:
    """The page: a question in, the best three out."""
    question = " ".join(request.GET.get("q", "").split())[:LONGEST]
    return show(request, page(request, question), "enterprise/ask.html")


def page(request: HttpRequest, question: str, text: str = "", findings: list[Finding] | None = None) -> AskPage:
    """What the page shows for a question."""
    firms = [(one.key, one.name) for one in bound(request.user)] if is_firm(request.user) else []
    index = indexed(request)
    found = [answer_of(hit, document_of(hit, index)) for hit in index.find(question, MOST)] if question else []
    often = [] if question else [answers()[key].question for key in OFTEN]
    return AskPage(question, found, firms, often, uuid.uuid4().hex, text, findings=findings or [])


def indexed(request: HttpRequest) -> Index:
    """The index for who asks."""
    user = request.user
    own = bound(user) if is_firm(user) else []
    area = own[0].area if own else getattr(user, "area", "") or ""
    return asked.index(area, timezone.localdate())


def document_of(hit: Hit, index: Index) -> Document:
    """The document a hit is of."""
    return next(one for one in index.documents if (one.kind, one.key) == (hit.kind, hit.key))


def answer_of(hit: Hit, document: Document) -> Answer:
    """A hit as the page shows it: of an answer all of it, of a policy the sentence that fits best."""
    if hit.kind == asked.ANSWER and document.text.startswith(hit.excerpt):
        pieces = [*pieces_of(hit.excerpt, hit.marks), (document.text[len(hit.excerpt):], False)]
    elif hit.kind == asked.ANSWER:
        pieces = [(document.text, False)]
    else:
        pieces = list(pieces_of(hit.excerpt, hit.marks))
    href = reverse("public-policy", args=[int(hit.key)]) if hit.kind == asked.POLICY and hit.key.isdigit() else ""
    return Answer(hit.kind, MARKS[hit.kind], hit.title, [one for one in pieces if one[0]], hit.why, document.about, href)


def pieces_of(text: str, marks: tuple[tuple[int, int], ...]) -> Iterator[tuple[str, bool]]:
    """A text cut where marks begin and end."""
    at = 0
    for start, end in sorted(marks):
        yield text[at:start], False
        yield text[start:end], True
        at = end
    yield text[at:], False


@require_POST
def send(request: HttpRequest) -> HttpResponseBase:
    """Hand a question in for a firm; its page says what becomes of it."""
    if not is_firm(request.user):
        return strange(request, request.path)
    question = " ".join(request.POST.get("title", "").split())[:LONGEST]
    text = request.POST.get("text", "").strip()
    key = request.POST.get("firm", "")
    binding = next((one for one in bound(request.user) if one.key == key), None)
    if binding is None:
        return strange(request, key, "替不属于自己的企业咨询")
    try:
        order = sent(request, {"title": question, "text": text, "area": binding.area, "subject": key, "firm": binding.name})
    except BadInput as error:
        return show(request, page(request, question, text, list(error.findings)), "enterprise/ask.html", 400)
    messages.success(request, f"已提交，编号 {order.number}。答复后在这里看。")
    return redirect("firm-order", binding.key, order.number)


def sent(request: HttpRequest, told: dict[str, Any]) -> Order:
    """The order; BadInput where nothing was asked, or too much."""
    if len(told["title"]) < 4:
        raise BadInput([Finding("ask.short", "问题", "请写清楚要问什么，至少 4 个字；没有提交。")])
    if len(told["text"]) > TEXT_LONGEST:
        long = f"「补充说明」有 {len(told['text'])} 个字，最多 {TEXT_LONGEST} 个；请缩短。"
        raise BadInput([Finding("ask.long", "补充说明", long)])
    whole = told["title"] if not told["text"] else f"{told['title']}\n{told['text']}"
    return asked.send(request.user, {**told, "text": whole}, indexed(request).find(told["title"], NEAR),
                      key=request.POST.get("once", "")[:64])


urls = [
    path("policies/ask/", ask, name="policy-ask"),
    path("policies/ask/send/", signed_in(for_firms(send)), name="policy-ask-send"),
]
