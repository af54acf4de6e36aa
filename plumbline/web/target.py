"""Targets: the list, and one of them with its sentence, its progress, its history and its form."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from plumbline.kernel import BadInput, Conflict, Finding, area_name
from plumbline.kernel.label import LABELS
from plumbline.reports.holding.likeness import likeness
from plumbline.store import declarations, plans
from plumbline.store.models import Target
from plumbline.store.plans.tables import TARGET_STATES
from plumbline.web import choices, links
from plumbline.web.excerpt import Excerpt, around, excerpt
from plumbline.web.forms import changed, onward, status_of, told, typed_in, version
from plumbline.web.history import Step, history
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, form_of, show, twin
from plumbline.web.standing import Standing, standing, with_evidence
from plumbline.web.words import bounded

EDITED = ("label", "value", "unit", "bound", "due_on", "office", "state", "note", "indicator")


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target in a list.

    words     the target as people say it: 不低于95%
    standing  how far it is at its report's date
    href      its page
    source    its sentence in the report
    """

    key: int
    label: str
    words: str
    due_on: date | None
    office: str
    state: str
    state_key: str
    standing: Standing
    section: str
    area: str
    document: str
    href: str
    source: str

    @property
    def progress(self) -> str:
        """How far it is, in a word and a share."""
        return self.standing.short


@dataclass(frozen=True, slots=True)
class TargetList:
    """The plan's targets as a table."""

    title: str
    list: Listing
    where: str = "targets"


def row_of(target: Target) -> TargetRow:
    """A target as a list shows it."""
    return TargetRow(
        target.pk, target.label, bounded(target.bound, target.value, target.unit), target.due_on,
        str(target.office or ""), target.get_state_display(), target.state,
        standing(target), target.section, area_name(target.area), str(target.document),
        reverse("target", args=[target.pk]), links.claim(target.document_id, target.claim.number),
    )


COLUMNS = (
    Column("label", "指标", "label"), Column("words", "目标", "claim__magnitude"), Column("due_on", "时限", "due_on"),
    Column("office", "责任单位", "office__name"), Column("progress", "进度"), Column("state", "状态", "state"),
    Column("section", "章节", "section"), Column("area", "地区", "area"), Column("document", "报告", "document__title"),
)


# the report stands under its section on the page
SHOWN = tuple(column for column in COLUMNS if column.key != "document")


def rows(user: Any) -> QuerySet[Target]:
    """The targets a user sees, with all that a row shows."""
    return with_evidence(user, Target.objects.visible_to(user))


def one_row(user: Any) -> QuerySet[Target]:
    """The same, with the sentence of each."""
    return rows(user).annotate(around=around("claim__"))


def spec(user: Any) -> Spec:
    """The list of targets, with the filters this user can choose from."""
    seen = Target.objects.visible_to(user)
    return Spec(COLUMNS, (
        Filter("q", "查找", ("label__icontains", "claim__surface__icontains", "section__icontains")),
        *choices.choice("area", "地区", "area", choices.areas(seen, "area")),
        *choices.choice("document", "报告", "document_id", choices.documents(user)),
        *choices.choice("section", "章节", "section", choices.values(seen, "section")),
        *choices.choice("office", "责任单位", "office_id", choices.offices(user)),
        *choices.due(),
        Filter("state", "状态", ("state",), TARGET_STATES),
    ), row_of)


def targets(request: HttpRequest) -> HttpResponseBase:
    """The plan's targets as a table."""
    if form_of(request) in FILES:
        return sheet(request, rows(request.user), spec(request.user), "目标")
    page = TargetList("目标", listing(request, rows(request.user), replace(spec(request.user), columns=SHOWN)))
    return show(request, page, "web/targets.html")


@dataclass(frozen=True, slots=True)
class TargetPage:
    """One target.

    sentence  the sentence it was promised in
    fields    the form: what stands, or what was typed when it could not be saved
    allowed   fields this user may change
    why       the reason typed; `trouble`, why a change was not saved
    history   what was done to it, latest first
    """

    key: int
    row: TargetRow
    sentence: Excerpt
    fields: dict[str, str]
    version: int
    allowed: list[str]
    offices: choices.Choices
    states: choices.Choices
    bounds: choices.Choices
    history: list[Step]
    indicators: choices.Choices = ()
    why: str = ""
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)


def target(request: HttpRequest, key: int) -> HttpResponseBase:
    """A target, and what a person changes of it."""
    found = get_object_or_404(one_row(request.user), pk=key)
    if request.method != "POST":
        return show(request, page_of(request, found), "web/target.html")
    typed = typed_in(request, EDITED)
    try:
        plans.edit(request.user, key, meant(changed(standing_fields(found), typed)), request.POST.get("why", ""),
                   version(request))
    except (Conflict, BadInput) as error:
        return unsaved(request, key, typed, error)
    messages.success(request, "已保存，并记入日志。")
    return onward(request, "target", key)


def meant(changes: dict[str, object]) -> dict[str, object]:
    """Changes with the indicator itself in place of its key, where there is one of that key."""
    key = changes.get("indicator")
    return changes | {"indicator": declarations.catalog().indicators.get(str(key), key)} if key else changes


def unsaved(request: HttpRequest, key: int, typed: dict[str, str], error: Exception) -> HttpResponseBase:
    """The target as it stands now, with what was typed and why it was not saved."""
    found = get_object_or_404(one_row(request.user), pk=key)
    return show(request, page_of(request, found, typed, error), "web/target.html", status_of(error))


def standing_fields(found: Target) -> dict[str, str]:
    """What stands in the form."""
    return {"label": found.label, "value": found.value, "unit": found.unit, "bound": found.bound,
            "due_on": found.due_on.isoformat() if found.due_on else "", "office": str(found.office_id or ""),
            "state": found.state, "note": found.note, "indicator": found.indicator}


def page_of(
    request: HttpRequest, found: Any, typed: dict[str, str] | None = None, error: Exception | None = None,
) -> TargetPage:
    """A target with its form."""
    return TargetPage(
        found.pk, row_of(found), excerpt(found.around, found.claim), standing_fields(found) | (typed or {}),
        found.version, plans.editable(request.user, found), choices.offices(request.user), TARGET_STATES,
        tuple(LABELS["bound"].items()), history(request.user, "target", found.pk), counting(found),
        request.POST.get("why", ""),
        *told(error),
    )


def counting(found: Target) -> choices.Choices:
    """Indicators that may count a target, those whose names are like its own first."""
    every = declarations.catalog().indicators.values()
    like = sorted((one for one in every if not plans.fits(found, one)),
                  key=lambda one: (-likeness(found.label, one.subject or one.label), one.label))
    return tuple((one.key, one.label) for one in like)


urls = [
    *twin("plan/targets", targets, "targets", *FILES),
    *twin("plan/targets/<int:key>", target, "target"),
]
