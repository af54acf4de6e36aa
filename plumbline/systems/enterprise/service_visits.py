"""Whom to visit first, with the reasons; a plan of visits made from it; and the visits there are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import BadInput, Finding
from plumbline.store import declarations
from plumbline.store.people import may, outsider
from plumbline.systems.enterprise import needs, visiting
from plumbline.systems.enterprise.activity_view import Eye
from plumbline.systems.enterprise.lifecycle import warned
from plumbline.systems.enterprise.needs import VISIT, Need, Reason
from plumbline.systems.enterprise.service_lists import day_of, seen, states_of, street_names, text_in
from plumbline.systems.enterprise.warning_pages import window
from plumbline.web import choices
from plumbline.web.export import export
from plumbline.web.forms import office_key, onward, status_of, told, typed_in, when, whole
from plumbline.web.listing import Column, Filter, Listing, Spec, chosen_of, listed, listing, sheet
from plumbline.web.screen import FILES, act, form_of, show, twin

COLUMNS = (Column("name", "企业"), Column("score", "需要程度"), Column("why", "为什么"), Column("street", "街道乡镇"),
           Column("last_on", "上次走访"))
MOST_WARNED = 300
TYPED = ("office", "visitor", "first", "a_day")


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A firm in the list, with its reasons. street: in words."""

    code: str
    name: str
    score: int
    reasons: tuple[Reason, ...]
    why: str
    street: str
    last_on: date | None
    planned: bool


@dataclass(frozen=True, slots=True)
class NeedsPage:
    """Firms by need; `plans` where this person may plan visits."""

    list: Listing
    on: date
    plans: bool
    offices: choices.Choices
    a_day: int
    weights: Sequence[tuple[str, str]]
    typed: dict[str, str] = field(default_factory=dict)
    ticked: Sequence[str] = ()
    trouble: str = ""
    findings: Sequence[Finding] = ()
    where: str = "needs"


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit in the list."""

    number: str
    firm: str
    planned_on: date | None
    done_on: date | None
    visitor: str
    office: str
    state: str
    need: str
    items: int
    href: str


@dataclass(frozen=True, slots=True)
class VisitsPage:
    """The visits."""

    list: Listing
    where: str = "visits"


def need_rows(found: Sequence[Need]) -> list[NeedRow]:
    """Firms as the list shows them."""
    streets = street_names(one.street for one in found)
    return [NeedRow(one.code, one.name, one.score, one.reasons, one.why, streets.get(one.street, "未填"), one.last_on,
                    one.planned) for one in found]


def warned_of(user: Any) -> dict[str, list[str]]:
    """What firms of the person's area are warned of in the last month reckoned, the least lively ones, by credit code."""
    eye = Eye(user, user.area)
    return {} if eye.month is None else {row["code"]: warned(row) for row in window(eye, {}, "")[:MOST_WARNED]}


def filters(rows: Sequence[NeedRow]) -> tuple[Filter, ...]:
    """The filters of the list."""
    streets = tuple((name, name) for name in sorted({one.street for one in rows}))
    return (Filter("q", "查找", ()), Filter("street", "街道乡镇", (), streets),
            Filter("planned", "安排", (), (("no", "还没有安排"), ("yes", "已安排"))))


def passing(rows: Sequence[NeedRow], asked: dict[str, str]) -> list[NeedRow]:
    """The rows that pass the filters."""
    text, street, planned = asked.get("q", ""), asked.get("street", ""), asked.get("planned", "")
    return [one for one in rows if (not text or text in one.name or text in one.code or text in one.why)
            and (not street or one.street == street) and (not planned or one.planned == (planned == "yes"))]


def all_needs(request: HttpRequest) -> HttpResponseBase:
    """Firms by need; by POST visits to those that are ticked are planned."""
    user = request.user
    if outsider(user):
        raise Http404
    found = needs.ranked(user, user.area, declarations.catalog(), timezone.now(), warned_of(user))
    rows = need_rows(found)
    if request.method == "POST":
        return plan(request, found, rows)
    if form_of(request) in FILES:
        kept = passing(rows, {one.key: chosen_of(request, one).value for one in filters(rows)})
        cells = ([getattr(one, column.key) for column in COLUMNS] for one in kept)
        return export("走访建议", [column.label for column in COLUMNS], cells, len(kept), form_of(request))
    return show(request, page_of(request, rows), "enterprise/service-needs.html")


def page_of(request: HttpRequest, rows: Sequence[NeedRow], error: Exception | None = None) -> NeedsPage:
    """The page, with what was typed where it was refused."""
    chosen = [chosen_of(request, one) for one in filters(rows)]
    asked = {one.key: one.value for one in chosen}
    user, today = request.user, timezone.localdate()
    catalog = declarations.catalog()
    dated = catalog.parameters["enterprise.visiting.a_day"].on(today)
    said = [(one.meaning.partition("，")[2], f"{now.value:f}{one.unit}") for key, one in catalog.parameters.items()
            if key.startswith("enterprise.need.") and (now := one.on(today))]
    return NeedsPage(listed(request, passing(rows, asked), asked, chosen, COLUMNS), today, may_plan(user), choices.offices(user),
                     int(dated.value) if dated else 1, said, typed_in(request, TYPED) if error else {},
                     request.POST.getlist("code") if error else (), *told(error))


def may_plan(user: Any) -> bool:
    """Whether a person may plan visits in his area."""
    kind = declarations.catalog().orders[VISIT]
    return user.is_superuser or (user.role in kind.opens and may(user, "see", user.area))


def plan(request: HttpRequest, found: Sequence[Need], rows: Sequence[NeedRow]) -> HttpResponseBase:
    """Plan visits to the firms ticked."""
    wanted = set(request.POST.getlist("code"))
    typed = typed_in(request, TYPED)
    try:
        made = visiting.planned(request.user, [one for one in found if one.code in wanted], {
            "office": office_key(typed.get("office", "")), "visitor": typed.get("visitor", "")[:50],
            "first": when(typed.get("first", "")), "a_day": whole(typed.get("a_day", ""))})
    except BadInput as error:
        return show(request, page_of(request, rows, error), "enterprise/service-needs.html", status_of(error))
    days = {one.fields["planned_on"] for one in made}
    messages.success(request, f"已安排走访 {len(made)} 家，从 {min(days)} 到 {max(days)}，按街道分日；已交走访单位。")
    return onward(request, "enterprise-visits")


VISIT_COLUMNS = (
    Column("firm", "企业"), Column("planned_on", "计划日期"), Column("done_on", "走访日期", "closed_at"),
    Column("visitor", "走访人"), Column("office", "走访单位", "office__name"), Column("state", "状态", "state"),
    Column("need", "需要程度"), Column("items", "事项"))


def spec() -> Spec:
    """The list of visits."""
    kind = declarations.catalog().orders[VISIT]
    found = (Filter("q", "查找", ("title__icontains", "number", "subject")), states_of(kind),
             Filter("from", "走访不早于", ("closed_at__date__gte",), kind="date"),
             Filter("to", "走访不晚于", ("closed_at__date__lte",), kind="date"))
    labels = {one.key: one.label for one in kind.states.values()}
    return Spec(VISIT_COLUMNS, found, lambda one: visit_row(one, labels))


def visit_row(one: Any, labels: dict[str, str]) -> VisitRow:
    """A visit as the list shows it."""
    return VisitRow(one.number, text_in(one, "firm"), day_of(one.fields.get("planned_on")), day_of(one.fields.get("done_on")),
                    text_in(one, "visitor"), str(one.office or ""), labels.get(one.state, one.state), text_in(one, "need"),
                    one.matters, reverse("enterprise-visit", args=[one.number]))


def all_visits(request: HttpRequest) -> HttpResponseBase:
    """The visits; those to be made come first."""
    rows = seen(request.user, VISIT).annotate(matters=Count("children")).order_by("-state", "-pk")
    if form_of(request) in FILES:
        return sheet(request, rows, spec(), "走访")
    return show(request, VisitsPage(listing(request, rows, spec())), "enterprise/service-visits.html")


urls = [
    *twin("enterprise/needs", all_needs, "enterprise-needs", *FILES),
    *act("enterprise/needs/plan", all_needs, "enterprise-needs-plan"),
    *twin("enterprise/visits", all_visits, "enterprise-visits", *FILES),
]
