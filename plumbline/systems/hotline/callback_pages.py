"""The call-back desk: one answered request after another, with the reply, its quality, and four questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import BadInput, Conflict, Finding
from plumbline.store import orders
from plumbline.store.models import Order, OrderMove
from plumbline.systems.hotline.desk_pages import KIND, require_operator
from plumbline.systems.hotline.replies import Check, quality
from plumbline.web.forms import status_of, told, version, whole
from plumbline.web.screen import act, show, twin

QUESTIONS = (("reached", "接通了吗"), ("responded", "承办单位联系过您吗"), ("solved", "问题解决了吗"),
             ("satisfied", "对办理满意吗"))
SEEN = "回访"
LATER = "回访未接通，稍后再拨"
PASSED = 50


@dataclass(frozen=True, slots=True)
class CallbackPage:
    """The next request to call back about; `order` 0 where none waits.

    asker  name and telephone: shown here because the operator calls it; each look is journalled
    after  those put off in this round, as the address has them
    """

    order: int
    number: str
    version: int
    title: str
    text: str
    office: str
    opened_at: datetime | None
    answered_at: datetime | None
    reply: str
    checks: tuple[Check, ...]
    name: str
    phone: str
    tried: int
    questions: tuple[tuple[str, str], ...]
    typed: Mapping[str, str]
    waiting: int
    after: str
    trouble: str
    findings: list[Finding]


def waiting(user: Any) -> QuerySet[Order]:
    """Requests that are answered and wait for a call, the earliest due first; joined ones too: each asker is called."""
    return Order.objects.visible_to(user).filter(kind=KIND, state="answered").order_by("due_at", "pk")


def callback(request: HttpRequest, error: Exception | None = None) -> HttpResponseBase:
    """The one that was asked for, else the next."""
    require_operator(request.user)
    rows = waiting(request.user)
    number = request.POST.get("number") or request.GET.get("number", "")
    skipped = passed(request)
    one = rows.filter(number=number).first() if number else rows.exclude(pk__in=skipped).first() or rows.first()
    if number and one is None and error is None:
        raise Http404
    status = status_of(error) if error else 200
    return show(request, page(request, one, rows.count(), error), "hotline/callback.html", status)


def passed(request: HttpRequest) -> list[int]:
    """Those this person has put off, the last ones."""
    told = request.POST.get("after") or request.GET.get("after", "")
    return [key for text in told.split(",") if (key := whole(text)) is not None][-PASSED:]


def page(request: HttpRequest, one: Order | None, count: int, error: Exception | None) -> CallbackPage:
    """The page of a request, or the empty one."""
    trouble, findings = told(error)
    typed = {key: request.POST.get(key, "") for key, _ in QUESTIONS} | {"reason": request.POST.get("reason", "")}
    if one is None:
        return CallbackPage(0, "", 0, "", "", "", None, None, "", (), "", "", 0, QUESTIONS, typed, count, "", trouble, findings)
    answer = OrderMove.objects.filter(order=one).exclude(told="").order_by("-n").first()
    asker = orders.asker_of(request.user, one.pk, SEEN) if hasattr(one, "asker") else None
    reply, at = (answer.told, answer.at) if answer else ("", None)
    found = quality(f"{one.title} {one.text}", reply, timezone.localtime(one.opened_at).date(),
                    timezone.localtime(at).date() if at else None, *due_day(one, at))
    return CallbackPage(
        one.pk, one.number, one.version, one.title, one.text, str(one.office or ""), one.opened_at, at, reply, found.checks,
        asker.name if asker else "", asker.phone if asker else "", one.notes.filter(text=LATER).count(), QUESTIONS, typed, count,
        ",".join(map(str, passed(request))), trouble, findings)


def due_day(one: Order, answered_at: datetime | None) -> tuple[date | None, bool | None]:
    """The last day the reply was in time, and whether it came after its hour; None where no clock says it."""
    due = orders.due_of(one, "reply", timezone.now())
    if due.at is None:
        return None, None
    return last_day(due.at), None if answered_at is None else answered_at > due.at


def last_day(due_at: datetime) -> date:
    """The last day of a limit: one that ends at midnight ends the day before."""
    return timezone.localtime(due_at - timedelta(microseconds=1)).date()


def called(request: HttpRequest) -> HttpResponseBase:
    """What the person said, kept; or a note that nobody answered, and the next one."""
    require_operator(request.user)
    one = waiting(request.user).filter(pk=whole(request.POST.get("order", "")) or 0).first()
    if one is None:
        raise Conflict("这件工单已有人回访，或已不在待回访之列；请看下一件。")
    if request.POST.get("later"):
        orders.note(request.user, one.pk, LATER, False)
        messages.info(request, f"{one.number} 没接通，已记下；下面是另一件。")
        return redirect(f"{reverse('hotline-callbacks')}?{urlencode({'after': ','.join(map(str, [*passed(request), one.pk]))})}")
    said = {key: request.POST.get(key, "") for key, _ in QUESTIONS if request.POST.get(key)}
    try:
        if "reached" not in said:
            raise BadInput([Finding("callback.reached", "接通", "请先选是否接通。")])
        more = {"called_on": timezone.localdate().isoformat(), "reason": request.POST.get("reason", "").strip()}
        orders.move(request.user, one.pk, "call_back", said | {key: text for key, text in more.items() if text}, version(request))
    except BadInput as error:
        return callback(request, error)
    messages.success(request, f"{one.number} 已记下回访结果。")
    return redirect("hotline-callbacks")


urls = [*twin("hotline/callbacks", callback, "hotline-callbacks"), *act("hotline/callbacks/called", called, "hotline-called")]
