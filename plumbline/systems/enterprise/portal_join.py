"""Signing up for a firm, asking for one more, and leaving one: the answer is the same whatever the roll says."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from plumbline.kernel import AREAS, BadInput, Finding, scope
from plumbline.store import people
from plumbline.store.parties import bindings
from plumbline.systems.enterprise.portal_door import Firm, of_firm
from plumbline.systems.enterprise.portal_known import TABLE
from plumbline.web.attempts import address_of
from plumbline.web.firms import for_firms, is_firm, strange
from plumbline.web.screen import act, show, twin
from plumbline.web.sign import refusal

TYPED = ("username", "label", "area", "key", "name", "evidence")
DOOR, SECONDS, MOST = "firm-join", 60 * 60, 10
TOO_OFTEN = "您所在的网络提交得太频繁，这一次没有保存。请一小时后再试，或到所在区的政务服务大厅现场办理。"
ASKED = "已提交。工作人员会核对营业执照和企业名录，结果在这里看；核对通过后即可查看本企业的政策和办事进度。"


@dataclass(frozen=True, slots=True)
class JoinPage:
    """The form; `more`: of an account that is there already."""

    typed: dict[str, str]
    areas: list[tuple[str, str]]
    more: bool
    findings: list[Finding] = field(default_factory=list)


def districts() -> list[tuple[str, str]]:
    """The districts a firm may lie in."""
    return [(one.code, one.name) for one in AREAS if scope(one.code) == one.code]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponseBase:
    """Sign up: an account and the firm it asks to speak for."""
    if request.user.is_authenticated:
        return redirect("firm-more" if is_firm(request.user) else "home")
    if request.method != "POST":
        return form(request, {}, False)
    return tried(request, False)


@for_firms
def more(request: HttpRequest) -> HttpResponseBase:
    """Ask to speak for one more firm."""
    if not is_firm(request.user):
        return strange(request, "firm/more")
    return tried(request, True) if request.method == "POST" else form(request, {"area": request.user.area}, True)


def tried(request: HttpRequest, again: bool) -> HttpResponseBase:
    """What was sent, counted first; then asked for, or everything that is wrong with it."""
    if answer := held(request):
        return answer
    typed = {name: request.POST.get(name, "").strip()[:600] for name in TYPED}
    told, file = typed | {"table": TABLE}, sent(request)
    try:
        if again:
            bindings.ask(request.user, told, file)
        else:
            password = request.POST.get("password", "")
            if password != request.POST.get("again", ""):
                raise BadInput([Finding("join.again", "密码", "两次输入的密码不一样；请重新输入。")])
            made = bindings.join(told | {"password": password}, file)
            login(request, made.user)
    except BadInput as error:
        return form(request, typed, again, list(error.findings))
    messages.success(request, ASKED)
    return redirect("firm")


def sent(request: HttpRequest) -> tuple[str, Any] | None:
    """The picture sent along."""
    file = request.FILES.get("paper")
    return (file.name or "", file) if file else None


def held(request: HttpRequest) -> HttpResponse | None:
    """Count what is sent from an address and by an account; the polite refusal where it is too much."""
    now, who = timezone.now(), f"{request.user.pk or ''} {address_of(request)}"
    if people.knocks(DOOR, who, SECONDS, now) >= MOST:
        answer = refusal(request, 429, TOO_OFTEN)
        answer["Retry-After"] = str(SECONDS - int(now.timestamp()) % SECONDS)
        return answer
    people.knock(DOOR, who, SECONDS, now)
    return None


def form(request: HttpRequest, typed: dict[str, str], again: bool, findings: list[Finding] | None = None) -> HttpResponse:
    """The form, with what was typed and what is wrong with it."""
    page = JoinPage(typed, districts(), again, findings or [])
    return show(request, page, "enterprise/portal-join.html", 400 if findings else 200)


@of_firm
def leave(request: HttpRequest, firm: Firm) -> HttpResponseBase:
    """Speak for a firm no longer."""
    bindings.end(request.user, firm.binding.pk, request.POST.get("why", ""))
    messages.success(request, f"已解除与「{firm.name}」的绑定，并记入日志。需要时可以重新申请。")
    return redirect("firm")


urls = [
    path("firm/join/", join, name="firm-join"),
    *twin("firm/more", more, "firm-more"),
    *act("firm/<str:key>/leave", leave, "firm-leave"),
]
