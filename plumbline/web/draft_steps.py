"""Handing a draft on: its head changed, submitted, returned, approved, sent, withdrawn."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from plumbline.kernel import BadInput, Conflict
from plumbline.reports import drafting, sending
from plumbline.store import drafts
from plumbline.store.declarations import catalog
from plumbline.store.drafts import Draft
from plumbline.web.draft_page import refused, seen
from plumbline.web.forms import onward, typed_in, version, when, whole
from plumbline.web.screen import act

FIELDS = ("title", "period", "kind", "issuer", "occasion", "delivered_on")


def step(deed: Callable[[HttpRequest, Draft], Any], done: str) -> Callable[..., HttpResponse]:
    """The view of a deed; what is refused is told on the draft's own page."""
    def view(request: HttpRequest, key: int) -> HttpResponse:
        draft = seen(request, key)
        try:
            deed(request, draft)
        except (BadInput, Conflict) as error:
            return refused(request, draft, error)
        messages.success(request, done)
        return onward(request, "draft", key)
    return view


def why(request: HttpRequest) -> str:
    """The reason a person typed."""
    return request.POST.get("why", "")


def number(request: HttpRequest) -> int:
    """The version a person saw; one that cannot be is a version nobody has."""
    return whole(request.POST.get("n", "")) or 0


def head(request: HttpRequest, draft: Draft) -> None:
    """What stands above the report."""
    changes: dict[str, Any] = dict(typed_in(request, FIELDS))
    if "delivered_on" in changes:
        changes["delivered_on"] = when(changes["delivered_on"])
    drafts.edit_head(request.user, draft.pk, changes, version(request))


def seen_all(request: HttpRequest, draft: Draft) -> None:
    """The new numbers of every line have been seen."""
    drafts.acknowledge_all(request.user, draft.pk)


def submit(request: HttpRequest, draft: Draft) -> None:
    """For review, as it reads now."""
    drafting.submit(request.user, catalog(), draft, version(request), why(request))


def return_(request: HttpRequest, draft: Draft) -> None:
    """Back to be written on."""
    drafts.return_(request.user, draft.pk, number(request), why(request))


def approve(request: HttpRequest, draft: Draft) -> None:
    """The version that was seen."""
    drafts.approve(request.user, draft.pk, number(request), why(request))


def withdraw(request: HttpRequest, draft: Draft) -> None:
    """Given up."""
    drafts.withdraw(request.user, draft.pk, version(request), why(request))


def send(request: HttpRequest, key: int) -> HttpResponse:
    """Out to everybody: a published document."""
    draft = seen(request, key)
    try:
        document = sending.send(request.user, draft, number(request), why(request))
    except (BadInput, Conflict) as error:
        return refused(request, draft, error)
    messages.success(request, "已签发，各地区用户都可以查看；每个数字都可点开看依据。")
    return redirect("report", document.pk)


urls = [
    *act("drafts/<int:key>/head", step(head, "已保存，并记入日志。"), "draft-head"),
    *act("drafts/<int:key>/seen", step(seen_all, "已记下：您看过了现在的数值。"), "draft-seen"),
    *act("drafts/<int:key>/submit", step(submit, "已提交审核。审核人须是没有改过这份稿子的另一位同志。"), "draft-submit"),
    *act("drafts/<int:key>/return", step(return_, "已退回起草。"), "draft-return"),
    *act("drafts/<int:key>/approve", step(approve, "审核通过，等待签发。"), "draft-approve"),
    *act("drafts/<int:key>/withdraw", step(withdraw, "已撤回；内容和各版本仍可查看。"), "draft-withdraw"),
    *act("drafts/<int:key>/send", send, "draft-send"),
]
