"""Payment runs: the list, and making a new one of applications that were approved."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Sum
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate

from plumbline.kernel import BadInput, Conflict, Finding
from plumbline.store.grants import paying
from plumbline.store.grants.tables import RUN_STATES, PaymentRun
from plumbline.store.people import may, require
from plumbline.systems.enterprise.money_words import yuan
from plumbline.web.forms import onward, status_of, ticked, told, whole
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, act, form_of, show, twin

COLUMNS = (Column("number", "批次", "number"), Column("title", "名称", "title"), Column("count", "笔数", "count"),
           Column("total", "金额（元）", "total"), Column("state", "状态", "state"), Column("made_by", "制单", "made_by__label"),
           Column("approved_by", "复核", "approved_by__label"), Column("made_on", "制单日期", "made_at"))
MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the list."""

    number: str
    title: str
    count: int
    total: str
    state: str
    state_key: str
    made_by: str
    approved_by: str
    made_on: date
    href: str


@dataclass(frozen=True, slots=True)
class Ready:
    """Applications of a policy that can be paid: how many, how much."""

    policy: int
    title: str
    count: int
    yuan: str


@dataclass(frozen=True, slots=True)
class RunsPage:
    """The runs, and what could be paid."""

    list: Listing
    ready: Sequence[Ready]
    pays: bool
    where: str = "runs"


@dataclass(frozen=True, slots=True)
class NewRunPage:
    """A run about to be made of what was ticked."""

    ids: list[int]
    count: int
    others: int
    total: str
    title: str
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)
    where: str = "runs"


def row_of(one: PaymentRun) -> RunRow:
    """A run as the list shows it."""
    return RunRow(one.number, one.title, one.count, f"{one.total:,.2f}", one.get_state_display(), one.state, str(one.made_by),
                  str(one.approved_by or ""), localdate(one.made_at), reverse("enterprise-run", args=[one.number]))


def rows(user: Any) -> Any:
    """Runs this person sees."""
    return PaymentRun.objects.visible_to(user).select_related("made_by", "approved_by").order_by("-pk")


SPEC = Spec(COLUMNS, (Filter("q", "查找", ("number__iexact", "title__icontains")),
                      Filter("state", "状态", ("state",), RUN_STATES)), row_of)


def all_runs(request: HttpRequest) -> HttpResponseBase:
    """The runs; a page of them, or all as a file."""
    user = request.user
    if form_of(request) in FILES:
        return sheet(request, rows(user), SPEC, "拨付批次")
    return show(request, RunsPage(listing(request, rows(user), SPEC), ready(user), may(user, "pay", user.area)),
                "enterprise/money-runs.html")


def ready(user: Any) -> list[Ready]:
    """What could be paid, by policy."""
    found = paying.payable(user).order_by("policy").values("policy").annotate(
        many=Count("pk"), sum=Sum("amount"), name=Max("title"))
    return [Ready(one["policy"], one["name"], one["many"], yuan(one["sum"])) for one in found]


def new(request: HttpRequest) -> HttpResponseBase:
    """What was ticked, to be made a run of."""
    require(request.user, "pay", request.user.area)
    ids = ticked(request)
    if not ids:
        raise BadInput([Finding("run.none", "选择", "还没有选中任何一件；请先在列表中勾选。")])
    return new_page(request, ids)


def new_page(request: HttpRequest, ids: list[int], error: Exception | None = None) -> HttpResponseBase:
    """The page that asks for a name."""
    found = paying.payable(request.user).filter(order__in=ids)
    sums = found.aggregate(many=Count("pk"), sum=Sum("amount"))
    page = NewRunPage(ids, sums["many"], len(ids) - sums["many"], yuan(sums["sum"] or Decimal(0)),
                      request.POST.get("title", ""), *told(error))
    return show(request, page, "enterprise/money-run-new.html", status_of(error) if error else 200)


def make(request: HttpRequest) -> HttpResponseBase:
    """Make a run of what was ticked, or of all that can be paid of a policy."""
    user, policy = request.user, whole(request.POST.get("policy", ""))
    ids = ticked(request)
    awards = None if policy else list(paying.payable(user).filter(order__in=ids).values_list("pk", flat=True))
    try:
        made = paying.make(user, user.area, request.POST.get("title", ""), awards, policy)
    except (BadInput, Conflict) as error:
        if policy:
            raise
        return new_page(request, ids, error)
    messages.success(request, f"批次 {made.run.number}：{made.run.count} 笔，{yuan(made.run.total)}；等待另一人复核。")
    for one in made.left_out[:MOST_NAMED]:
        messages.warning(request, one.message)
    return onward(request, "enterprise-run", made.run.number)


urls = [
    *twin("enterprise/runs", all_runs, "enterprise-runs", *FILES),
    *act("enterprise/runs/new", new, "enterprise-run-new"),
    *act("enterprise/runs/make", make, "enterprise-run-make"),
]
