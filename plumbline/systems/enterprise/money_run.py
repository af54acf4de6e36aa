"""One payment run: its lines, the second person's word, the file for the bank, the return, what failed and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from plumbline.kernel import BadInput, Conflict, Finding
from plumbline.store.grants import accounts, bank, booking, paying
from plumbline.store.grants.tables import LINE_STATES, PaymentLine, PaymentRun
from plumbline.store.people import may
from plumbline.systems.enterprise.money_words import yuan
from plumbline.web.export import attached
from plumbline.web.forms import onward, status_of, told, version
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.orders.own_pages import page_of as order_address
from plumbline.web.screen import FILES, act, form_of, show, twin

COLUMNS = (Column("n", "序号", "n"), Column("firm", "收款人"), Column("account", "账户"),
           Column("amount", "金额（元）", "amount"), Column("state", "状态", "state"), Column("why", "原因", "why"),
           Column("paid_on", "到账", "paid_on"), Column("number", "申请编号", "award__order__number"))


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a run; its account masked."""

    n: int
    firm: str
    account: str
    amount: str
    state: str
    state_key: str
    why: str
    paid_on: str
    number: str
    href: str


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run. steps: what was done, by whom and when; still to do: without a moment."""

    number: str
    title: str
    state: str
    state_key: str
    count: int
    total: str
    paid: str
    failed: str
    version: int
    steps: list[tuple[str, str, datetime | None]]
    sha256: str
    encoding: str
    pays: bool
    mine: bool
    list: Listing
    trouble: str = ""
    findings: Sequence[Finding] = ()
    where: str = "runs"


def row_of(one: PaymentLine) -> LineRow:
    """A line as the list shows it."""
    order = one.award.order
    return LineRow(one.n, str(order.fields.get("name", "")), f"{accounts.masked(one.account.number)} {one.account.bank}",
                   f"{one.amount:,.2f}", one.get_state_display(), one.state, one.why, f"{one.paid_on or ''}", order.number,
                   order_address(order.kind, order.number))


SPEC = Spec(COLUMNS, (
    Filter("q", "查找", ("award__order__number__iexact", "award__key__iexact", "award__order__title__icontains")),
    Filter("state", "状态", ("state",), LINE_STATES)), row_of)


def seen(request: HttpRequest, number: str) -> PaymentRun:
    """A run the person sees; 404 otherwise."""
    rows = PaymentRun.objects.visible_to(request.user).select_related("made_by", "approved_by")
    return get_object_or_404(rows, number=number)


def run(request: HttpRequest, number: str) -> HttpResponseBase:
    """One run, or all its lines as a file: accounts masked."""
    one = seen(request, number)
    if form_of(request) in FILES:
        return sheet(request, paying.lines_of(request.user, one), SPEC, f"拨付{one.number}")
    return show(request, page_of(request, one), "enterprise/money-run.html")


def page_of(request: HttpRequest, one: PaymentRun, error: Exception | None = None) -> RunPage:
    """Everything the page of a run shows."""
    user: Any = request.user
    sums = dict(one.lines.order_by().filter(state__in=("paid", "failed")).values_list("state").annotate(Sum("amount")))
    steps = [("制单", str(one.made_by), one.made_at), ("复核", str(one.approved_by or ""), one.approved_at),
             ("发银行", "", one.sent_at), ("回盘入账", "", one.booked_at)]
    return RunPage(
        one.number, one.title, one.get_state_display(), one.state, one.count, yuan(one.total),
        yuan(sums["paid"]) if "paid" in sums else "", yuan(sums["failed"]) if "failed" in sums else "", one.version, steps,
        one.sha256, one.encoding, may(user, "pay", one.area), one.made_by_id == user.pk,
        listing(request, paying.lines_of(user, one), SPEC), *told(error))


def refused(request: HttpRequest, number: str, error: Exception) -> HttpResponseBase:
    """The run, with why something was not done."""
    return show(request, page_of(request, seen(request, number), error), "enterprise/money-run.html", status_of(error))


def approve(request: HttpRequest, number: str) -> HttpResponseBase:
    """The second person's word."""
    try:
        paying.approve(request.user, seen(request, number).pk, version(request))
    except (BadInput, Conflict) as error:
        return refused(request, number, error)
    messages.success(request, "已复核，可以生成银行文件。")
    return onward(request, "enterprise-run", number)


def cancel(request: HttpRequest, number: str) -> HttpResponseBase:
    """Take a run apart that was not sent."""
    try:
        paying.cancel(request.user, seen(request, number).pk, version(request), request.POST.get("why", ""))
    except (BadInput, Conflict) as error:
        return refused(request, number, error)
    messages.success(request, "批次已取消，其中的申请回到待拨付，预算仍然占着。")
    return onward(request, "enterprise-run", number)


def file(request: HttpRequest, number: str) -> HttpResponseBase:
    """Send a run to the bank, which makes its file; sent, the file itself: a page stays as it is when a file comes."""
    one = seen(request, number)
    try:
        made = bank.handed_out(request.user, one.pk, version(request), request.POST.get("encoding", "utf-8"))
    except (BadInput, Conflict) as error:
        return refused(request, number, error)
    if one.sha256:
        return attached(made.data, "text/csv", made.name)
    messages.success(request, "银行文件已生成，视为已发出；请下载后交给银行，并把指纹另行告诉银行。")
    return onward(request, "enterprise-run", number)


def book(request: HttpRequest, number: str) -> HttpResponseBase:
    """Book the bank's return."""
    sent = request.FILES.get("return")
    try:
        if sent is None:
            raise BadInput([Finding("return.none", "回盘文件", "没有选择文件；请选好银行给的回盘文件再上传。")])
        made = booking.book(request.user, seen(request, number).pk, version(request), sent.read(bank.MOST_BYTES + 1))
    except (BadInput, Conflict) as error:
        return refused(request, number, error)
    before = f"，{made.before} 笔以前已入账，没有再记" if made.before else ""
    messages.success(request, f"到账 {made.paid} 笔，退汇 {made.failed} 笔{before}；还有 {made.waiting} 笔没有结果。")
    return onward(request, "enterprise-run", number)


STEM = "enterprise/runs/<str:number>"
urls = [
    *twin(STEM, run, "enterprise-run", *FILES),
    *act(f"{STEM}/approve", approve, "enterprise-run-approve"),
    *act(f"{STEM}/cancel", cancel, "enterprise-run-cancel"),
    *act(f"{STEM}/file", file, "enterprise-run-file"),
    *act(f"{STEM}/book", book, "enterprise-run-book"),
]
