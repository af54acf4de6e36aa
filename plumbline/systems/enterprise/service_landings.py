"""Projects that look for a space, what fits each, and the choice."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import BadInput, Conflict, Finding, area_name
from plumbline.kernel.form import industry_words
from plumbline.store import declarations
from plumbline.store.people import may
from plumbline.systems.enterprise import landing
from plumbline.systems.enterprise.landing import LANDINGS, SPACES, Fit
from plumbline.systems.enterprise.service_lists import money, number_of
from plumbline.web.export import export
from plumbline.web.forms import onward, status_of, told, whole
from plumbline.web.listing import Column, Filter, Listing, chosen_of, listed
from plumbline.web.screen import FILES, act, form_of, show, twin

COLUMNS = (Column("project", "项目"), Column("area", "所在区"), Column("industry", "行业"), Column("needs", "需要面积"),
           Column("money", "计划投资"), Column("source", "来源"), Column("spaces", "可去的空间"))
FILTERS = (Filter("q", "查找", ()), Filter("found", "空间", (), (("yes", "有合适的"), ("no", "没有合适的"))))


@dataclass(frozen=True, slots=True)
class LandingRow:
    """A project and the spaces it can go to, the closest ones; `many` of them in all."""

    pk: int
    version: int
    number: str
    project: str
    area: str
    industry: str
    needs: Decimal | None
    money: str
    source: str
    fits: Sequence[tuple[Fit, int]]
    many: int

    @property
    def spaces(self) -> str:
        """The closest spaces in a line."""
        return "；".join(f"{one.name}（{one.free:f}平方米）" for one, _ in self.fits) or "没有合适的"


@dataclass(frozen=True, slots=True)
class LandingsPage:
    """Projects without a space; `chooses` where this person may choose one."""

    list: Listing
    free: int
    chooses: bool
    projects: str
    spaces: str
    trouble: str = ""
    findings: Sequence[Finding] = ()
    where: str = "landings"


def rows_of(user: Any) -> list[LandingRow]:
    """Projects that look for a space."""
    offered = landing.spaces(user)
    versions = {one.pk: one.version for one in offered}
    found = []
    for one in landing.looking(user):
        fits, values = landing.fits(one, offered), one.values
        found.append(LandingRow(
            one.pk, one.version, str(values.get("number")), str(values.get("project")), area_name(one.area),
            industry_words(str(values.get("industry") or "未填")), number_of(values.get("needs_m2")),
            money(number_of(values.get("money_yuan"))),
            str(values.get("source") or "未填"), [(fit, versions[fit.pk]) for fit in fits[:landing.SHOWN]], len(fits)))
    return found


def landings(request: HttpRequest, error: Exception | None = None) -> HttpResponseBase:
    """The projects."""
    chosen = [chosen_of(request, one) for one in FILTERS]
    asked = {one.key: one.value for one in chosen}
    rows = [one for one in rows_of(request.user) if (not asked["q"] or asked["q"] in f"{one.number} {one.project}")
            and (not asked["found"] or bool(one.many) == (asked["found"] == "yes"))]
    if form_of(request) in FILES:
        cells = ([getattr(one, column.key) for column in COLUMNS] for one in rows)
        return export("招商项目对接空间", [column.label for column in COLUMNS], cells, len(rows), form_of(request))
    page = LandingsPage(listed(request, rows, asked, chosen, COLUMNS), len(landing.spaces(request.user)),
                        may(request.user, "register", request.user.area), reverse("rows", args=[LANDINGS]),
                        reverse("rows", args=[SPACES]), *told(error))
    return show(request, page, "enterprise/service-landings.html", status_of(error) if error else 200)


def choose(request: HttpRequest, key: int) -> HttpResponseBase:
    """A space is chosen for a project."""
    space, versions = whole(request.POST.get("space", "")), [whole(request.POST.get(name, "")) for name in ("version", "of")]
    try:
        made = landing.choose(request.user, key, space or 0, [-1 if one is None else one for one in versions],
                              declarations.catalog(), timezone.localdate())
    except (BadInput, Conflict) as error:
        return landings(request, error)
    messages.success(request, f"{made.values['project']} 已对接空间 {made.values['space']}；两本台账都已更新。")
    return onward(request, "enterprise-landings")


urls = [
    *twin("enterprise/landings", landings, "enterprise-landings", *FILES),
    *act("enterprise/landings/<int:key>/choose", choose, "enterprise-landing-choose"),
]
