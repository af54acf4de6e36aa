"""Webhooks: addresses of other systems that are told when orders move, and the log of what was sent."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from plumbline.kernel import BadInput, Conflict, Finding, area_name
from plumbline.store.models import Webhook, WebhookDelivery
from plumbline.store.orders import webhooks as store
from plumbline.store.people import may
from plumbline.web import choices
from plumbline.web.forms import status_of, told, version
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.orders.rows import href, kinds
from plumbline.web.screen import FILES, act, form_of, show, twin

STATES = (("waiting", "待送"), ("sent", "已送达"), ("failed", "已放弃"))


@dataclass(frozen=True, slots=True)
class HookRow:
    """A webhook in the list."""

    key: int
    label: str
    address: str
    area: str
    kinds: str
    retired: bool
    made_by: str
    href: str


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A word sent, or to be sent, to a webhook."""

    key: int
    made_at: datetime
    hook: str
    number: str
    move: str
    state: str
    state_key: str
    tries: int
    status: int | None
    answer: str
    sent_at: datetime | None
    next_at: datetime | None
    href: str


@dataclass(frozen=True, slots=True)
class HooksPage:
    """The webhooks, and what was sent to them."""

    hooks: list[HookRow]
    list: Listing
    where: str = "webhooks"


@dataclass(frozen=True, slots=True)
class HookPage:
    """A webhook's form; `secret` only just after it was made, for it is shown once."""

    key: int | None
    fields: dict[str, str]
    chosen: list[str]
    kinds: choices.Choices
    area: str
    version: int
    retired: bool
    secret: str = ""
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)
    where: str = "webhooks"


COLUMNS = (
    Column("made_at", "时间", "made_at"), Column("hook", "推送到"), Column("number", "工单"), Column("move", "动作"),
    Column("state", "状态", "state"), Column("tries", "次数", "tries"), Column("status", "应答"), Column("answer", "应答内容"),
    Column("sent_at", "送达时间", "sent_at"),
)


def delivery_row(one: Any) -> DeliveryRow:
    """A delivery as the log shows it."""
    kind = kinds().get(one.order.kind)
    move = kind.moves.get(one.move) if kind else None
    return DeliveryRow(one.pk, one.made_at, one.webhook.label, one.order.number, move.label if move else one.move,
                       dict(STATES).get(one.state, one.state), one.state, one.tries, one.status, one.answer, one.sent_at,
                       one.next_at if one.state == "waiting" else None, href(one.order))


def spec(user: Any) -> Spec:
    """The log."""
    named = tuple((str(one.pk), one.label) for one in Webhook.objects.visible_to(user))
    return Spec(COLUMNS, (*choices.choice("hook", "推送到", "webhook", named), Filter("state", "状态", ("state",), STATES),
                          Filter("number", "工单编号", ("order__number__istartswith",))), delivery_row)


def deliveries(user: Any) -> Any:
    """What was sent to the webhooks a person sees."""
    return WebhookDelivery.objects.visible_to(user).select_related("webhook", "order").defer("body", "order__text")


def sets_up(user: Any) -> bool:
    """Whether a person sets up webhooks."""
    return may(user, "order", user.area)


def hooks(request: HttpRequest) -> HttpResponseBase:
    """The webhooks and the log."""
    if not sets_up(request.user):
        raise Http404
    if form_of(request) in FILES:
        return sheet(request, deliveries(request.user), spec(request.user), "推送记录")
    rows = [hook_row(one) for one in Webhook.objects.visible_to(request.user).select_related("made_by")]
    log = listing(request, deliveries(request.user), spec(request.user))
    return show(request, HooksPage(rows, log), "web/order-webhooks.html")


def hook_row(one: Webhook) -> HookRow:
    """A webhook in the list."""
    named = kinds()
    return HookRow(one.pk, one.label, one.address, area_name(one.area), "、".join(
        named[key].label if key in named else key for key in one.kinds) or "全部", one.retired_at is not None,
        str(one.made_by), reverse("webhook", args=[one.pk]))


def add(request: HttpRequest) -> HttpResponseBase:
    """A new webhook."""
    return edit(request, None)


def hook(request: HttpRequest, key: int) -> HttpResponseBase:
    """A webhook, and what is changed of it."""
    return edit(request, get_object_or_404(Webhook.objects.visible_to(request.user), pk=key))


def edit(request: HttpRequest, found: Webhook | None) -> HttpResponseBase:
    """The form of a webhook; of a new one, its secret is shown once it is saved."""
    if not sets_up(request.user):
        raise Http404
    if request.method != "POST":
        return show(request, page_of(request, found), "web/order-webhook.html")
    typed = {name: request.POST.get(name, "").strip()[:300] for name in ("label", "address")}
    told_of = {**typed, "kinds": request.POST.getlist("kinds"), "moves": found.moves if found else []}
    try:
        made = store.save(request.user, told_of, found.pk if found else None, version(request) if found else None)
    except (BadInput, Conflict) as error:
        return show(request, page_of(request, found, typed, error), "web/order-webhook.html", status_of(error))
    messages.success(request, "已保存，并记入日志。")
    if found is None:
        return show(request, page_of(request, made, secret=made.secret), "web/order-webhook.html")
    return redirect("webhooks")


def page_of(request: HttpRequest, found: Webhook | None, typed: dict[str, str] | None = None, error: Exception | None = None,
            secret: str = "") -> HookPage:
    """The form, with what was typed."""
    fields = {"label": found.label, "address": found.address} if found else {"label": "", "address": ""}
    chosen = request.POST.getlist("kinds") if typed else list(found.kinds) if found else []
    return HookPage(found.pk if found else None, fields | (typed or {}), chosen,
                    tuple((key, one.label) for key, one in kinds().items()),
                    area_name(found.area if found else request.user.area),
                    found.version if found else 0, bool(found and found.retired_at), secret, *told(error))


def retire(request: HttpRequest, key: int) -> HttpResponse:
    """Stop a webhook."""
    store.retire(request.user, key, request.POST.get("why", ""))
    messages.success(request, "已停用；不再推送，记录保留。")
    return redirect("webhooks")


def again(request: HttpRequest, key: int) -> HttpResponse:
    """Send a word again that was given up."""
    store.again(request.user, key)
    messages.success(request, "已排入重发。")
    return redirect("webhooks")


urls = [*twin("webhooks", hooks, "webhooks", *FILES), *twin("webhooks/add", add, "add-webhook"),
        *twin("webhooks/<int:key>", hook, "webhook"), *act("webhooks/<int:key>/retire", retire, "retire-webhook"),
        *act("webhooks/deliveries/<int:key>/again", again, "webhook-again")]
