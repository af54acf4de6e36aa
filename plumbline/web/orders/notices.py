"""Notices: a word to a person or an office about an order; seen ones stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from plumbline.store import orders
from plumbline.store.models import Notice
from plumbline.web.forms import ticked
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.orders.rows import href
from plumbline.web.screen import FILES, act, form_of, show, twin

SEEN = (("no", "未读"), ("yes", "已读"))
TONES = {"late": "late", "warn": "warn", "remind": "remind", "urge": "warn"}
MAILS = {"waiting": "待发邮件", "sent": "已发邮件", "failed": "邮件未发出"}


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice in the list."""

    key: int
    text: str
    tone: str
    at: datetime
    seen_at: datetime | None
    to: str
    number: str
    mail: str
    href: str


@dataclass(frozen=True, slots=True)
class NoticesPage:
    """One's notices; `waiting` where some of those shown are not seen yet."""

    list: Listing
    waiting: Sequence[int]
    where: str = "notices"


COLUMNS = (Column("at", "时间", "at"), Column("text", "内容"), Column("number", "工单"), Column("to", "发给"),
           Column("mail", "邮件"))


def row_of(one: Any) -> NoticeRow:
    """A notice as the list shows it."""
    return NoticeRow(one.pk, one.text, TONES.get(one.level, "none"), one.at, one.seen_at, str(one.user or one.office or ""),
                     one.order.number if one.order else "", MAILS.get(one.mail, ""), href(one.order) if one.order else "")


def rows(user: Any) -> Any:
    """One's notices, the latest first."""
    return Notice.objects.visible_to(user).select_related("order", "user", "office").order_by("-pk")


SPEC = Spec(COLUMNS, (Filter("seen", "已读未读", ("seen_at__isnull",), SEEN, read=lambda value: value == "no"),
                      Filter("q", "查找", ("text__icontains", "order__number__icontains"))), row_of)


def notices(request: HttpRequest) -> HttpResponseBase:
    """One's notices."""
    if form_of(request) in FILES:
        return sheet(request, rows(request.user), SPEC, "通知")
    page = listing(request, rows(request.user), SPEC)
    return show(request, NoticesPage(page, [row.key for row in page.rows if row.seen_at is None]), "web/order-notices.html")


def see(request: HttpRequest) -> HttpResponse:
    """Mark those sent along as seen."""
    orders.seen(request.user, ticked(request))
    return redirect("notices")


urls = [*twin("notices", notices, "notices", *FILES), *act("notices/seen", see, "notices-seen")]
