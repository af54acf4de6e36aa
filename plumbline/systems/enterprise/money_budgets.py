"""Budgets of policies: what there is, what is promised and paid, what is left; asked for by one person, decided by another."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from plumbline.kernel import BadInput, Conflict, Finding, area_name
from plumbline.store.grants import budgets
from plumbline.store.grants.tables import ASKED, Budget, BudgetChange
from plumbline.store.models import Policy
from plumbline.store.people import may
from plumbline.systems.enterprise.money_words import yuan
from plumbline.web import choices
from plumbline.web.forms import onward, status_of, told, when, whole
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, act, form_of, show, twin

COLUMNS = (Column("title", "政策", "title"), Column("area", "地区", "area"), Column("amount", "预算（元）", "amount"),
           Column("reserved", "已批未付（元）", "reserved"), Column("paid", "已拨付（元）", "paid"), Column("left", "剩余（元）"),
           Column("back", "已追回（元）", "back"), Column("days", "使用期间", "since"), Column("source", "资金文件"))
DESK = "enterprise-applications"
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A budget; shares of it in hundredths, for the bar."""

    title: str
    area: str
    amount: str
    reserved: str
    paid: str
    left: str
    back: str
    days: str
    source: str
    paid_share: int
    reserved_share: int
    href: str


@dataclass(frozen=True, slots=True)
class Change:
    """A budget as somebody asks to set it."""

    key: int
    title: str
    area: str
    before: str
    amount: str
    source: str
    why: str
    by: str
    mine: bool


@dataclass(frozen=True, slots=True)
class BudgetsPage:
    """The budgets, and those that wait for somebody's word."""

    list: Listing
    changes: Sequence[Change]
    asks: bool
    policies: Sequence[tuple[str, str]]
    areas: Sequence[tuple[str, str]]
    typed: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    findings: Sequence[Finding] = ()
    where: str = "budgets"


def row_of(one: Budget) -> BudgetRow:
    """A budget as the list shows it."""
    amount = one.amount or Decimal(1)
    days = f"{one.since} 至 {one.until}" if one.until else f"{one.since} 起"
    return BudgetRow(one.title, area_name(one.area), f"{one.amount:,.2f}", f"{one.reserved:,.2f}", f"{one.paid:,.2f}",
                     f"{one.left:,.2f}", f"{one.back:,.2f}", days, one.source, int(one.paid * HUNDRED / amount),
                     int((one.paid + one.reserved) * HUNDRED / amount), f"{reverse(DESK)}?policy={one.policy}")


def spec(user: Any) -> Spec:
    """The list of budgets."""
    rows = Budget.objects.visible_to(user)
    return Spec(COLUMNS, (Filter("q", "查找", ("title__icontains", "source__icontains")),
                          *choices.choice("area", "地区", "area", choices.areas(rows, "area"))), row_of)


def changes(user: Any) -> list[Change]:
    """Budgets that wait for another person's word."""
    rows = BudgetChange.objects.visible_to(user).filter(state=ASKED).select_related("budget", "asked_by")
    return [Change(one.pk, one.budget.title, area_name(one.budget.area), yuan(one.before), yuan(one.amount), one.source, one.why,
                   str(one.asked_by), one.asked_by_id == user.pk) for one in rows]


def page(request: HttpRequest, error: Exception | None = None) -> HttpResponseBase:
    """The budgets, with what was typed where it was not saved."""
    user = request.user
    rows = Budget.objects.visible_to(user).order_by("-pk")
    offered = Policy.objects.visible_to(user).filter(state="published").order_by("-pk").values_list("pk", "title")
    screen = BudgetsPage(
        listing(request, rows, spec(user)), changes(user), may(user, "pay", user.area),
        [(str(key), title) for key, title in offered], [(user.area, area_name(user.area))],
        request.POST.dict() if error else {}, *told(error))
    return show(request, screen, "enterprise/money-budgets.html", status_of(error) if error else 200)


def all_budgets(request: HttpRequest) -> HttpResponseBase:
    """The budgets; a page of them, or all as a file."""
    user = request.user
    if form_of(request) in FILES:
        return sheet(request, Budget.objects.visible_to(user).order_by("-pk"), spec(user), "补贴预算")
    return page(request)


def ask(request: HttpRequest) -> HttpResponseBase:
    """Ask to set a budget."""
    try:
        made = budgets.ask(request.user, wanted(request), request.POST.get("why", ""))
    except (BadInput, Conflict) as error:
        return page(request, error)
    messages.success(request, f"已提出：「{made.budget.title}」由 {yuan(made.before)} 改为 {yuan(made.amount)}，等待另一人决定。")
    return onward(request, "enterprise-budgets")


def wanted(request: HttpRequest) -> budgets.Wanted:
    """A budget as the form tells it."""
    typed = {key: request.POST.get(key, "").strip() for key in ("policy", "amount", "source", "since", "until")}
    policy = Policy.objects.visible_to(request.user).filter(pk=whole(typed["policy"]) or 0, state="published").first()
    since = when(typed["since"])
    found = [] if policy else [Finding("budget.policy", "政策", "请从列表中选择一项已发布的政策。")]
    found += [] if since else [Finding("budget.since", "起", "请填写从哪一天起可以使用。")]
    if found or policy is None or since is None:
        raise BadInput(found)
    until: date | None = when(typed["until"])
    return budgets.Wanted(policy.pk, policy.title, request.user.area, budgets.yuan(typed["amount"], "预算"), typed["source"],
                          since, until)


def decide(request: HttpRequest, change: int) -> HttpResponseBase:
    """Say yes or no to what another person asked."""
    try:
        made = budgets.decide(request.user, change, request.POST.get("agreed") == "1", request.POST.get("answer", ""))
    except (BadInput, Conflict) as error:
        return page(request, error)
    messages.success(request, "预算已生效，并记入日志。" if made.state == "done" else "没有同意，预算不变。")
    return onward(request, "enterprise-budgets")


urls = [
    *twin("enterprise/budgets", all_budgets, "enterprise-budgets", *FILES),
    *act("enterprise/budgets/ask", ask, "enterprise-budget-ask"),
    *act("enterprise/budgets/<int:change>/decide", decide, "enterprise-budget-decide"),
]
