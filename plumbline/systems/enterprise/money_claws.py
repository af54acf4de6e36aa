"""The list of money asked back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from plumbline.store.grants.tables import BACK_STATES, ClawBack
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.orders.own_pages import page_of
from plumbline.web.screen import FILES, form_of, show, twin

COLUMNS = (Column("number", "申请编号", "award__order__number"), Column("firm", "企业"), Column("policy", "政策", "award__title"),
           Column("amount", "金额（元）", "amount"), Column("why", "理由"), Column("state", "状态", "state"),
           Column("asked_by", "提出", "asked_by__label"), Column("decided_by", "决定", "decided_by__label"),
           Column("back_on", "收回日期", "back_on"))


@dataclass(frozen=True, slots=True)
class ClawRow:
    """Money asked back, in the list."""

    number: str
    firm: str
    policy: str
    amount: str
    why: str
    state: str
    asked_by: str
    decided_by: str
    back_on: date | None
    href: str


@dataclass(frozen=True, slots=True)
class ClawsPage:
    """The list."""

    list: Listing
    where: str = "claws"


def row_of(one: ClawBack) -> ClawRow:
    """One of them."""
    order = one.award.order
    return ClawRow(order.number, str(order.fields.get("name", "")), one.award.title, f"{one.amount:,.2f}", one.why,
                   one.get_state_display(), str(one.asked_by), str(one.decided_by or ""), one.back_on,
                   page_of(order.kind, order.number))


SPEC = Spec(COLUMNS, (Filter("q", "查找", ("award__order__number__iexact", "award__order__title__icontains")),
                      Filter("state", "状态", ("state",), BACK_STATES)), row_of)


def rows(user: Any) -> Any:
    """Those the person sees."""
    return ClawBack.objects.visible_to(user).select_related("award__order", "asked_by", "decided_by").order_by("-pk")


def all_claws(request: HttpRequest) -> HttpResponseBase:
    """The list; a page of it, or all as a file."""
    if form_of(request) in FILES:
        return sheet(request, rows(request.user), SPEC, "追回")
    return show(request, ClawsPage(listing(request, rows(request.user), SPEC)), "enterprise/money-claws.html")


urls = [*twin("enterprise/claws", all_claws, "enterprise-claws", *FILES)]
