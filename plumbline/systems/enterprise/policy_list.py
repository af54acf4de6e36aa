"""The list of policies, for officers: filtered, sorted, paged, exported."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from plumbline.kernel import area_name
from plumbline.store.people import may
from plumbline.store.policies import POLICY_STATES, WAYS, Policy
from plumbline.web import choices
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, form_of, show, twin

COLUMNS = (
    Column("title", "政策", "title"), Column("number", "文号", "number"), Column("office", "办理单位", "office__name"),
    Column("area", "地区", "area"), Column("way", "办理方式", "way"), Column("since", "施行", "since"),
    Column("apply_until", "申报截止", "apply_until"), Column("state", "状态", "state"), Column("edition", "版次", "edition"),
    Column("eligible", "符合（家）"), Column("unknown", "无法判断（家）"),
)
# states a person filters by; one that was joined into another edition is found there
STATES = tuple((key, words) for key, words in POLICY_STATES if key != "joined")


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy in the list; the numbers are None until it was matched."""

    title: str
    number: str
    office: str
    area: str
    way: str
    since: date
    apply_until: date | None
    state: str
    state_key: str
    edition: int
    eligible: int | None
    unknown: int | None
    example: bool
    revises: bool
    href: str


@dataclass(frozen=True, slots=True)
class PoliciesPage:
    """The policies a person may see; `adds` where he may draft one."""

    list: Listing
    adds: bool
    waiting: int
    where: str = "policies"


def seen(user: Any) -> QuerySet[Policy]:
    """Policies this user sees, without the drafts that became part of another edition."""
    rows = Policy.objects.visible_to(user).exclude(state="joined")
    return rows.select_related("office", "match").defer("text").order_by("-changed_at", "-pk")


def row_of(one: Policy) -> PolicyRow:
    """A policy as the list shows it."""
    match = getattr(one, "match", None)
    counts = match.counts if match and match.counts else {}
    href = reverse("policy", args=[one.pk])
    return PolicyRow(one.title, one.number, one.office.name, area_name(one.area), one.get_way_display(), one.since,
                     one.apply_until, one.get_state_display(), one.state, one.edition, counts.get("eligible"),
                     counts.get("unknown"), one.example, bool(one.revises_id), href)


def spec(user: Any) -> Spec:
    """The list and its filters."""
    rows = Policy.objects.visible_to(user)
    return Spec(COLUMNS, (
        Filter("q", "查找", ("title__icontains", "number__icontains", "issuer__icontains")),
        Filter("state", "状态", ("state",), STATES), Filter("way", "办理方式", ("way",), WAYS),
        *choices.choice("office", "办理单位", "office", offices(rows)),
        *choices.choice("area", "地区", "area", choices.areas(rows, "area")),
        Filter("from", "施行不早于", ("since__gte",), kind="date")), row_of)


def offices(rows: QuerySet[Policy]) -> choices.Choices:
    """Offices that handle some of these policies."""
    pairs = rows.order_by("office__name").values_list("office", "office__name").distinct()
    return tuple((str(key), name) for key, name in pairs)


def all_policies(request: HttpRequest) -> HttpResponseBase:
    """The policies, a page of them, or all as a file."""
    user = request.user
    if form_of(request) in FILES:
        return sheet(request, seen(user), spec(user), "政策")
    waiting = seen(user).filter(state="submitted").count() if may(user, "review", user.area) else 0
    page = PoliciesPage(listing(request, seen(user), spec(user)), may(user, "policy", user.area), waiting)
    return show(request, page, "enterprise/policies.html")


urls = [*twin("enterprise/policies", all_policies, "policies", *FILES)]
