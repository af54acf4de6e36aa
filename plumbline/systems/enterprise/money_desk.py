"""The desk of who examines: applications with what is asked, how long there is, and a box to decide on many at once."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.timezone import localdate

from plumbline.store.grants.tables import Award
from plumbline.store.people import may
from plumbline.systems.enterprise.money_words import KIND, OF_STAGE, STAGES, policies, seen, street_name, streets
from plumbline.web import choices
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.orders.rows import OrderRow, Speech, kinds, row_of, speech
from plumbline.web.screen import FILES, form_of, show, twin

COLUMNS = (
    Column("number", "编号", "order__number"), Column("firm", "企业"), Column("policy", "政策", "title"),
    Column("amount", "金额（元）", "amount"), Column("state", "状态", "order__state"), Column("left", "时限", "order__due_at"),
    Column("street", "街道", "place"), Column("way", "方式", "automatic"), Column("asked_on", "申请", "asked_at"))
WAYS = (("true", "免申即享"), ("false", "企业申报"))


@dataclass(frozen=True, slots=True)
class CaseRow:
    """An application in the list. clock: its order as lists draw it."""

    key: int
    number: str
    firm: str
    code: str
    policy: str
    amount: str
    state: str
    state_kind: str
    left: str
    street: str
    way: str
    asked_on: date
    clock: OrderRow
    href: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    """Applications; how many wait to be taken, examined, confirmed, paid."""

    list: Listing
    waiting: Sequence[tuple[str, str, int]]
    pays: bool
    where: str = "desk"


def month(text: str) -> tuple[date, date]:
    """The days of a month of the address."""
    year, number = int(text[:4]), int(text[5:7])
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def months(rows: Any) -> choices.Choices:
    """Months in which money arrived."""
    days = rows.filter(paid_on__isnull=False).dates("paid_on", "month", order="DESC")
    return tuple((f"{day:%Y-%m}", f"{day:%Y-%m}") for day in days)


def spec(user: Any) -> Spec:
    """The list and its filters."""
    rows, known, by = seen(user), streets(user), speech()
    states = tuple((one.key, one.label) for one in kinds()[KIND].states.values())
    places = tuple((code, street_name(code, known)) for code in sorted({
        place[:9] for place in rows.order_by("place").values_list("place", flat=True).distinct() if place}))
    return Spec(COLUMNS, (
        Filter("q", "查找", ("order__number__iexact", "order__title__icontains", "key__iexact")),
        Filter("state", "状态", ("order__state",), states),
        *choices.choice("policy", "政策", "policy", policies(rows)),
        Filter("stage", "资金", ("state__in",), tuple((key, STAGES[key]) for key in OF_STAGE), read=OF_STAGE.__getitem__),
        *choices.choice("street", "街道", "place__startswith", places),
        Filter("way", "方式", ("automatic",), WAYS, read="true".__eq__),
        *([Filter("month", "拨付月份", ("paid_on__range",), offered, read=month)] if (offered := months(rows)) else []),
        Filter("back", "追回", ("back__gt",), (("0", "有追回"),), read=int)), lambda one: row(one, by, known))


def row(one: Award, by: Speech, known: dict[str, str]) -> CaseRow:
    """An application as the list shows it."""
    order = row_of(one.order, by)
    asked: datetime = one.asked_at
    return CaseRow(one.order_id, order.number, str(one.order.fields.get("name", "")), one.key, one.title,
                   "" if one.amount is None else f"{one.amount:,.2f}", order.state, order.state_kind, order.left,
                   street_name(one.place[:9], known) if one.place else "", "免申即享" if one.automatic else "企业申报",
                   localdate(asked), order, order.href)


def waiting(user: Any) -> list[tuple[str, str, int]]:
    """States in which somebody has to act: key, words, how many."""
    rows, states = Award.objects.visible_to(user), kinds()[KIND].states
    told = [(key, states[key].label, rows.filter(order__state=key).count())
            for key in ("submitted", "examining", "offered", "approved", "failed")]
    return [one for one in told if one[2]]


def desk(request: HttpRequest) -> HttpResponseBase:
    """The applications; a page of them, or all as a file."""
    user = request.user
    if form_of(request) in FILES:
        return sheet(request, seen(user), spec(user), "补贴申请")
    page = DeskPage(listing(request, seen(user), spec(user)), waiting(user), may(user, "pay", user.area))
    return show(request, page, "enterprise/money-desk.html")


urls = [*twin("enterprise/applications", desk, "enterprise-applications", *FILES)]
