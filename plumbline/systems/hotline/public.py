"""Pages for everybody, without an account: asking, and following what becomes of it by number and code."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plumbline.kernel import BadInput, Finding
from plumbline.store import declarations, orders
from plumbline.store.models import Order
from plumbline.systems.hotline import gate, tracked
from plumbline.systems.hotline.asking import (
    ADDRESS_LONGEST,
    TEXT_LONGEST,
    District,
    Typed,
    districts,
    opened,
    photographed,
    typed_of,
)
from plumbline.web.attempts import address_of
from plumbline.web.screen import show

WRONG = "编号或查询码不对，请核对提交成功时给出的编号和 12 位查询码；查询码遗失的，请拨打 12345。"


@dataclass(frozen=True, slots=True)
class AskPage:
    """The form: what was typed, what is wrong with it, the places to choose from."""

    typed: Typed
    districts: tuple[District, ...]
    key: str
    findings: tuple[Finding, ...] = ()
    text_longest: int = TEXT_LONGEST
    address_longest: int = ADDRESS_LONGEST
    phone: str = "12345"


@dataclass(frozen=True, slots=True)
class TrackPage:
    """The form that asks for number and code."""

    number: str
    findings: tuple[Finding, ...] = field(default=())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponseBase:
    """The form; sent, it opens a request and leads to its page."""
    if request.method != "POST":
        return _form(request, Typed())
    now = timezone.now()
    if answer := gate.posts_held(request, now):
        return answer
    typed = typed_of(request.POST)
    try:
        order = opened(typed, now)
    except BadInput as error:
        return _form(request, typed, error.findings)
    if order.opened_at == now:  # a second click finds the request there, and its photos
        for finding in photographed(order, request.FILES.getlist("photos")):
            messages.warning(request, f"有一张照片没有保存：{finding.message}")
    tracked.grant(request, order, fresh=True)
    return redirect("ask-order", order.number)


def _form(request: HttpRequest, typed: Typed, findings: tuple[Finding, ...] = ()) -> HttpResponse:
    page = AskPage(typed, districts(), typed.key or secrets.token_urlsafe(24), findings)
    return show(request, page, "hotline/ask.html", 400 if findings else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponseBase:
    """Asks for number and code; an unknown number and a wrong code are answered alike."""
    if request.method != "POST":
        return show(request, TrackPage(request.GET.get("number", "")[:24]), "hotline/track.html")
    now = timezone.now()
    number = "".join(request.POST.get("number", "").split()).upper()[:40]
    if answer := _guesses_held(request, number, now):
        return answer
    order = tracked.found(number, request.POST.get("code", "")[:40])
    if order is None:
        gate.knock("guesses", address_of(request), now)
        gate.knock("number_guesses", number, now)
        return show(request, TrackPage(number, (Finding("track.wrong", "编号", WRONG),)), "hotline/track.html", 400)
    tracked.grant(request, order)
    return redirect("ask-order", order.number)


def _guesses_held(request: HttpRequest, number: str, now: datetime) -> HttpResponse | None:
    """The refusal of who guessed too often, or of a number that was guessed at too often."""
    for name, who in (("guesses", address_of(request)), ("number_guesses", number)):
        if gate.full(name, who, now):
            return gate.held(request, name, now, "输错编号或查询码的次数太多，已暂停查询")
    return None


@never_cache
@require_GET
def order(request: HttpRequest, number: str) -> HttpResponseBase:
    """What becomes of a request; who was not let in is asked for the code, whether there is such a number or not."""
    row = tracked.granted(request, number)
    if row is None:
        return show(request, TrackPage(number), "hotline/track.html")
    fresh = bool(request.session[tracked.GRANTS][number]["fresh"])
    return show(request, tracked.tracked(row, timezone.now(), fresh), "hotline/asked.html")


def _mine(request: HttpRequest, number: str) -> tuple[Order | None, HttpResponseBase | None]:
    """The request a form is sent about; or the answer to who was not let in, or sends too much."""
    row = tracked.granted(request, number)
    if row is None:
        return None, redirect("ask-order", number)
    return row, gate.posts_held(request, timezone.now())


@require_POST
def add(request: HttpRequest, number: str) -> HttpResponseBase:
    """Add a word, photos, or both."""
    row, answer = _mine(request, number)
    if row is None or answer:
        return answer
    text = request.POST.get("text", "").strip()
    files = request.FILES.getlist("photos")
    if not (text or files):
        return _back(request, number, [Finding("ask.empty", "补充", "请写补充的内容，或选一张照片。")])
    found: list[Finding] = []
    if text:
        found += _tried(lambda: orders.note(None, row.pk, text, True, code=row.code))
    return _back(request, number, found + photographed(row, files), "已补充，承办单位看得到。")


@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponseBase:
    """Take the request back."""
    row, answer = _mine(request, number)
    if row is None or answer:
        return answer
    kind = declarations.catalog().orders[gate.KIND]
    move = next((one for one in kind.moves_from(row.state) if "asker" in one.by), None)
    if move is None:
        return _back(request, number, [Finding("ask.late", "撤回", "这件诉求已有答复或已办结，不能再撤回。")])
    told = {"reason": request.POST.get("reason", "").strip()} if "reason" in move.asks else {}
    found = _tried(lambda: orders.move(None, row.pk, move.key, told, row.version, as_asker_code=row.code))
    return _back(request, number, found, "已撤回，不再办理。")


@require_POST
def rate(request: HttpRequest, number: str) -> HttpResponseBase:
    """Say whether the reply satisfies, once; the call-back reads it."""
    row, answer = _mine(request, number)
    if row is None or answer:
        return answer
    verdict = tracked.VERDICTS.get(request.POST.get("verdict", ""))
    rated = any(note.by_id is None and note.text.startswith(tracked.RATED) for note in tracked.public_notes(row))
    if verdict is None or rated or not tracked.may_rate(row):
        return _back(request, number, [Finding("ask.rate", "评价", "请选「满意」或「不满意」；有了答复才能评价，只评一次。")])
    why = " ".join(request.POST.get("why", "").split())
    text = f"{tracked.RATED}{verdict}" + (f"（{why}）" if why else "")
    return _back(request, number, _tried(lambda: orders.note(None, row.pk, text, True, code=row.code)), "谢谢您的评价。")


@require_POST
def leave(request: HttpRequest, number: str) -> HttpResponseBase:
    """Forget the request in this browser, as one does at a borrowed computer."""
    tracked.left(request, number)
    return redirect("ask-track")


@require_GET
def photo(request: HttpRequest, number: str, key: int) -> HttpResponseBase:
    """A photo or paper that is public to the person who asked."""
    row = tracked.granted(request, number)
    paper = tracked.public_papers(row).filter(pk=key).first() if row else None
    if paper is None:
        raise Http404
    answer = FileResponse(orders.path_of(paper).open("rb"), content_type=paper.type, filename=paper.name,
                          as_attachment=not paper.type.startswith("image/"))
    answer["Cache-Control"] = "private, no-store"
    return answer


def _tried(act: Any) -> list[Finding]:
    """What the store refused, if anything."""
    try:
        act()
    except BadInput as error:
        return list(error.findings)
    return []


def _back(request: HttpRequest, number: str, findings: list[Finding], done: str = "") -> HttpResponseBase:
    for finding in findings:
        messages.error(request, finding.message)
    if done and not findings:
        messages.success(request, done)
    return redirect("ask-order", number)


urls = [
    path("ask/", ask, name="ask"),
    path("ask/track/", track, name="ask-track"),
    path("ask/<str:number>/", order, name="ask-order"),
    path("ask/<str:number>/add/", add, name="ask-add"),
    path("ask/<str:number>/withdraw/", withdraw, name="ask-withdraw"),
    path("ask/<str:number>/rate/", rate, name="ask-rate"),
    path("ask/<str:number>/leave/", leave, name="ask-leave"),
    path("ask/<str:number>/photo/<int:key>/", photo, name="ask-photo"),
]
