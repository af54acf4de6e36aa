"""Pushes and their effect, for officers: a funnel of each policy, and one of each street."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from plumbline.systems.enterprise import push_rows as rows
from plumbline.systems.enterprise.account_pages import watching
from plumbline.systems.enterprise.push_rows import STEPS, Funnel, StreetRow
from plumbline.web.export import export
from plumbline.web.screen import FILES, form_of, show, twin

SIZE = 20
HEADS = ["政策", "街道", *(label for _, label in STEPS)]


@dataclass(frozen=True, slots=True)
class PushesPage:
    """Policies that were pushed, each with its funnel."""

    funnels: list[Funnel]
    count: int
    page: int
    pages: int
    where: str = "pushes"


@dataclass(frozen=True, slots=True)
class PushPage:
    """One policy: its funnel, and the streets."""

    funnel: Funnel
    streets: list[StreetRow]
    heads: list[str]
    where: str = "pushes"


def pushes(request: HttpRequest) -> HttpResponseBase:
    """The policies that were pushed."""
    user = watching(request)
    found = rows.policies(user)
    if form_of(request) in FILES:
        lines: list[list[object]] = [[one.title, "合计", *(step[2] for step in one.steps)] for one in rows.funnels(user, found)]
        return export("政策推送成效", HEADS, lines, len(lines), form_of(request))
    pages = Paginator(found, SIZE)
    page = pages.get_page(request.GET.get("page", "1"))
    screen = PushesPage(rows.funnels(user, page.object_list), pages.count, page.number, pages.num_pages)
    return show(request, screen, "enterprise/pushes.html")


def push(request: HttpRequest, key: int) -> HttpResponseBase:
    """One of them, street by street."""
    user: Any = watching(request)
    one = get_object_or_404(rows.policies(user), pk=key)
    [funnel], streets = rows.funnels(user, [one]), rows.streets(user, key)
    if form_of(request) in FILES:
        lines: list[list[object]] = [[one.title, street.name, *street.counts] for street in streets]
        return export(f"{one.title[:40]}推送成效", HEADS, lines, len(lines), form_of(request))
    if not funnel.pushed:
        raise Http404
    return show(request, PushPage(funnel, streets, [label for _, label in STEPS]), "enterprise/push.html")


urls = [
    *twin("enterprise/pushes", pushes, "enterprise-pushes", *FILES),
    *twin("enterprise/pushes/<int:key>", push, "enterprise-push", *FILES),
]
