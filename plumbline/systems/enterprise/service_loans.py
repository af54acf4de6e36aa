"""Loans: how many and how much at each bank and step, and the list of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from plumbline.kernel import OrderKind
from plumbline.store import declarations
from plumbline.store.models import Order
from plumbline.systems.enterprise.service_facts import LOAN
from plumbline.systems.enterprise.service_lists import day_of, holding, money, number_of, on, seen, states_of, text_in
from plumbline.web import choices
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, passing, sheet
from plumbline.web.screen import FILES, form_of, show, twin

UNDER_WAY, APPROVED = ("asked", "examining"), ("approved", "paid")
COLUMNS = (
    Column("firm", "企业"), Column("product", "业务"), Column("channel", "渠道"), Column("bank", "银行", "office__name"),
    Column("asked", "申请金额"), Column("amount", "审批金额"), Column("rate", "年利率"), Column("fee", "担保费率"),
    Column("state", "状态", "state"), Column("opened_on", "申请日期", "opened_at"), Column("approved_on", "审批日期"))


@dataclass(frozen=True, slots=True)
class Pipe:
    """A bank: loans by step, and what it approved in yuan."""

    bank: str
    under_way: int
    late: int
    approved: int
    paid: int
    refused: int
    amount: Decimal
    amount_text: str
    share: int


@dataclass(frozen=True, slots=True)
class LoanRow:
    """A loan in the list."""

    number: str
    firm: str
    product: str
    channel: str
    bank: str
    asked: Decimal | None
    amount: Decimal | None
    asked_text: str
    amount_text: str
    rate: str
    fee: str
    state: str
    late: bool
    opened_on: date | None
    approved_on: date | None
    href: str


@dataclass(frozen=True, slots=True)
class LoansPage:
    """Loans: by bank, and one by one. whole: all banks together."""

    whole: Pipe
    banks: Sequence[Pipe]
    list: Listing
    where: str = "loans"


def spec(kind: OrderKind, user: Any) -> Spec:
    """The list of loans."""
    offered = [(name, label, column.choices) for name, label in (("product", "业务"), ("channel", "渠道"))
               if (column := kind.field(name))]
    banks = choices.values(seen(user, LOAN), "office__name")
    labels = {one.key: one.label for one in kind.states.values()}
    return Spec(COLUMNS, (
        Filter("q", "查找", ("title__icontains", "number", "subject")),
        *(holding(name, label, told) for name, label, told in offered),
        *choices.choice("bank", "银行", "office__name", banks), states_of(kind),
        Filter("from", "申请不早于", ("opened_at__date__gte",), kind="date"),
        Filter("to", "申请不晚于", ("opened_at__date__lte",), kind="date")), lambda one: row_of(one, labels))


def row_of(one: Order, labels: dict[str, str]) -> LoanRow:
    """A loan as the list shows it."""
    asked, amount = number_of(one.fields.get("asked_yuan")), number_of(one.fields.get("amount_yuan"))
    return LoanRow(
        one.number, text_in(one, "firm") or one.title, text_in(one, "product"), text_in(one, "channel"),
        str(one.office or "未派"), asked, amount, money(asked), money(amount), percent(one.fields.get("rate")),
        percent(one.fields.get("fee_rate")), labels.get(one.state, one.state), one.level == 3 and one.state in UNDER_WAY,
        on(one.opened_at), day_of(one.fields.get("approved_on")), reverse("order", args=[one.number]))


def percent(told: Any) -> str:
    """A rate in print; empty where there is none.

    >>> percent("0.0435"), percent(None)
    ('4.35%', '')
    """
    found = number_of(told)
    return "" if found is None else f"{(found * 100).normalize():f}%"


def pipes(rows: Iterable[tuple[str | None, str, int, Mapping[str, Any]]]) -> tuple[Pipe, list[Pipe]]:
    """All banks together, and each: the largest amount first. rows: bank, state, level (3: late), fields."""
    counts: dict[str, dict[str, int]] = {}
    amounts: dict[str, Decimal] = {}
    for bank, state, level, fields in rows:
        for name in ("", bank or "未派"):
            own = counts.setdefault(name, {})
            own[state] = own.get(state, 0) + 1
            own["late"] = own.get("late", 0) + (level == 3 and state in UNDER_WAY)
            if state in APPROVED:
                amounts[name] = amounts.get(name, Decimal(0)) + (number_of(fields.get("amount_yuan")) or 0)
    whole = amounts.get("", Decimal(0))
    made = {name: _pipe(name, own, amounts.get(name, Decimal(0)), whole) for name, own in counts.items()}
    first = made.pop("", None) or _pipe("", {}, Decimal(0), whole)
    return first, sorted(made.values(), key=lambda one: (-one.amount, one.bank))


def _pipe(name: str, own: dict[str, int], amount: Decimal, whole: Decimal) -> Pipe:
    share = int(amount * 100 / whole) if whole else 0
    return Pipe(name, sum(own.get(state, 0) for state in UNDER_WAY), own.get("late", 0),
                sum(own.get(state, 0) for state in APPROVED), own.get("paid", 0), own.get("refused", 0), amount,
                money(amount), share)


def loans(request: HttpRequest) -> HttpResponseBase:
    """The loans."""
    rows, listed_as = seen(request.user, LOAN), spec(declarations.catalog().orders[LOAN], request.user)
    if form_of(request) in FILES:
        return sheet(request, rows, listed_as, "融资对接")
    told = passing(request, rows, listed_as).order_by().values_list("office__name", "state", "level", "fields")
    return show(request, LoansPage(*pipes(told.iterator(chunk_size=5_000)), listing(request, rows, listed_as)),
                "enterprise/service-loans.html")


urls = [*twin("enterprise/loans", loans, "enterprise-loans", *FILES)]
