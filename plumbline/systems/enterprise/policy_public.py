"""Published policies for everybody, without an account: found by words, read with their conditions in Chinese, printed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from plumbline.kernel import area_name
from plumbline.store import declarations
from plumbline.store.policies import PUBLIC, WAYS, Policy
from plumbline.systems.enterprise.policy_page import facts_of, gift_in
from plumbline.systems.enterprise.policy_words import ClauseWords, clause_words, days_words
from plumbline.web import choices
from plumbline.web.listing import Column, Filter, Listing, Spec, listing
from plumbline.web.screen import show

MOST_WORDS = 10
ENDED, CLOSED, OPEN, LATER = "已终止", "申报已截止", "正在受理", "尚未开始"


@dataclass(frozen=True, slots=True)
class PublicRow:
    """A published policy in the list everybody may read."""

    title: str
    number: str
    issuer: str
    office: str
    area: str
    way: str
    days: str
    standing: str
    example: bool
    href: str


@dataclass(frozen=True, slots=True)
class PublicPolicies:
    """The published policies."""

    list: Listing


@dataclass(frozen=True, slots=True)
class PublicPolicy:
    """A published policy, as everybody may read it."""

    title: str
    standing: str
    facts: list[tuple[str, str]]
    conditions: list[ClauseWords]
    gift: ClauseWords | None
    materials: list[str]
    edition: int
    published_on: date | None
    text: list[str]
    example: bool


def standing(one: Policy, day: date) -> str:
    """How a published policy stands on a day, in words."""
    if one.state == "ended" or (one.until and one.until < day):
        return ENDED
    if one.way == "automatic":
        return dict(WAYS)["automatic"]
    if one.apply_until and one.apply_until < day:
        return CLOSED
    return LATER if (one.apply_since or one.since) > day else OPEN


def public_rows() -> QuerySet[Policy]:
    """What everybody may read."""
    return Policy.objects.filter(state__in=PUBLIC).select_related("office").order_by("-published_at", "-pk")


def row_of(day: date) -> Callable[[Policy], PublicRow]:
    """Makes the row shown of a policy."""
    def row(one: Policy) -> PublicRow:
        asked = days_words(one.apply_since, one.apply_until, "长期受理")
        days = asked if one.way == "apply" else days_words(one.since, one.until)
        return PublicRow(one.title, one.number, one.issuer, one.office.name, area_name(one.area), one.get_way_display(), days,
                         standing(one, day), one.example, reverse("public-policy", args=[one.pk]))
    return row


@require_safe
def all_public(request: HttpRequest) -> HttpResponseBase:
    """The list, with a search over titles, numbers, words of the text."""
    rows, day = public_rows(), timezone.localdate()
    rows = among(saying(rows, request.GET.get("q", "")), day, request.GET.get("on", ""))
    spec = Spec((Column("title", "政策", "title"),), (
        Filter("q", "查找政策（名称、文号、原文里的词）", ("pk__isnull",), read=lambda _: False),
        Filter("way", "办理方式", ("way",), WAYS), *choices.choice("area", "地区", "area", choices.areas(public_rows(), "area")),
        Filter("on", "状态", ("pk__isnull",), (("now", "现行有效"), ("ended", ENDED)), read=lambda _: False)), row_of(day))
    return show(request, PublicPolicies(listing(request, rows.defer("text"), spec)), "enterprise/public-policies.html")


def saying(rows: QuerySet[Policy], words: str) -> QuerySet[Policy]:
    """Those whose title, number or text says every word."""
    for word in words.replace("\0", "").replace("，", " ").split()[:MOST_WORDS]:
        either = Q(title__icontains=word) | Q(number__icontains=word) | Q(issuer__icontains=word)
        rows = rows.filter(either | Q(text__icontains=word))
    return rows


def among(rows: QuerySet[Policy], day: date, on: str) -> QuerySet[Policy]:
    """Those that hold now, or those that no longer do; all where nothing is said."""
    over = Q(state="ended") | Q(until__lt=day)
    return {"now": rows.exclude(over), "ended": rows.filter(over)}.get(on, rows)


@require_safe
def public_policy(request: HttpRequest, key: int) -> HttpResponseBase:
    """One policy; 404 for what is not published, as for what is not there."""
    one = public_rows().filter(pk=key).first()
    if one is None:
        raise Http404
    return show(request, page_of(one), "enterprise/public-policy.html")


def page_of(one: Policy) -> PublicPolicy:
    """A policy for everybody: the confirmed clauses alone, no names of people, no numbers of firms."""
    catalog: Any = declarations.catalog()
    rows = one.clauses.filter(state="confirmed")
    shown = [clause_words(row, one, catalog.tables[one.table], catalog) for row in rows]
    at = one.published_at
    return PublicPolicy(
        one.title, standing(one, timezone.localdate()), facts_of(one), [row for row in shown if row.kind == "condition"],
        gift_in(shown), one.materials, one.edition,
        timezone.localtime(at).date() if at else None, [line for line in one.text.split("\n") if line.strip()], one.example)


urls = [
    path("policies/", all_public, name="public-policies"),
    path("policies/<int:key>/", public_policy, name="public-policy"),
]
