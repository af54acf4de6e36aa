"""From claim to target: choose claims that promise something, see what would be written, confirm with a reason."""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from plumbline.kernel import area_name, scope
from plumbline.kernel.label import label
from plumbline.store import plans
from plumbline.store.models import Claim
from plumbline.web import choices, links
from plumbline.web.forms import office_key, onward, ticked
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, passing, sheet
from plumbline.web.screen import FILES, act, form_of, show, twin
from plumbline.web.words import bounded, period_words


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim that promises something and is not in the plan yet."""

    key: int
    subject: str
    words: str
    period: str
    deadline: str
    measure: str
    state: str
    state_key: str
    section: str
    area: str
    document: str
    source: str


@dataclass(frozen=True, slots=True)
class ClaimList:
    """Claims that await their place in the plan."""

    title: str
    list: Listing
    offices: choices.Choices
    where: str = "claims"


COLUMNS = (
    Column("subject", "指标", "subject"), Column("words", "目标", "magnitude"), Column("deadline", "时限", "deadline"),
    Column("period", "时期", "period"), Column("measure", "度量", "measure"), Column("state", "核对", "state"),
    Column("section", "章节", "section"), Column("area", "地区", "document__area"),
    Column("document", "报告", "document__title"),
)


# the report stands under its section on the page
SHOWN = tuple(column for column in COLUMNS if column.key != "document")


def rows(user: Any) -> QuerySet[Claim]:
    """Claims this user could put into the plan: promises of reports kept in the user's area."""
    seen = Claim.objects.visible_to(user).filter(modality="target", target=None).exclude(state="aside")
    if not user.is_superuser:
        seen = seen.filter(document__area__startswith=scope(user.area)) if user.area else seen.none()
    return seen.select_related("document").defer("document__text", "document__outline")


def row_of(claim: Claim) -> ClaimRow:
    """A claim as the list shows it."""
    return ClaimRow(
        claim.pk, claim.subject, bounded(claim.bound, claim.value, claim.unit),
        period_words(claim.period) if claim.period else "", claim.deadline, label("measure", claim.measure),
        claim.get_state_display(), claim.state, claim.section, area_name(claim.document.area), str(claim.document),
        links.claim(claim.document_id, claim.number),
    )


def spec(user: Any) -> Spec:
    """The list of claims, with the filters this user can choose from."""
    seen = rows(user)
    return Spec(COLUMNS, (
        Filter("q", "查找", ("subject__icontains", "surface__icontains", "section__icontains")),
        *choices.choice("area", "地区", "document__area", choices.areas(seen, "document__area")),
        *choices.choice("document", "报告", "document_id", choices.documents(user)),
        *choices.choice("section", "章节", "section", choices.values(seen, "section")),
    ), row_of)


def claims(request: HttpRequest) -> HttpResponseBase:
    """Claims that promise something and are not in the plan yet."""
    if form_of(request) in FILES:
        return sheet(request, rows(request.user), spec(request.user), "待列入计划")
    shown = listing(request, rows(request.user), replace(spec(request.user), columns=SHOWN))
    page = ClaimList("待列入计划的目标", shown, choices.offices(request.user))
    return show(request, page, "web/claims-to-plan.html")


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """What would be written of one claim, or why it cannot be."""

    key: int
    label: str
    words: str
    due_on: str
    area: str
    section: str
    why_not: str
    source: str


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """What a confirmation would write; nothing is written yet."""

    title: str
    good: list[PreviewRow]
    bad: list[PreviewRow]
    offices: choices.Choices
    office: str
    why: str
    where: str = "claims"


def preview(request: HttpRequest) -> HttpResponseBase:
    """What confirming the ticked claims would write, and what cannot be."""
    chosen = ticked(request)
    if request.POST.get("all"):
        chosen = list(passing(request, rows(request.user), spec(request.user)).values_list("pk", flat=True))
    if not chosen:
        messages.warning(request, "还没有选中任何一条；请先勾选，再预览。")
        return onward(request, "claims-to-plan")
    made = [preview_row(one) for one in plans.preview(request.user, chosen)]
    page = PreviewPage(
        "列入计划之前", [row for row in made if not row.why_not], [row for row in made if row.why_not],
        choices.offices(request.user), request.POST.get("office", ""), request.POST.get("why", ""))
    return show(request, page, "web/preview.html")


def preview_row(one: plans.Preview) -> PreviewRow:
    """What would be written of one claim."""
    return PreviewRow(one.claim.pk, one.label, bounded(one.bound, one.value, one.unit),
                      one.due_on.isoformat() if one.due_on else "", area_name(one.area), one.section, one.why_not,
                      links.claim(one.claim.document_id, one.claim.number))


def confirm(request: HttpRequest) -> HttpResponseBase:
    """Puts the claims of a preview into the plan."""
    made = plans.commit(request.user, ticked(request), request.POST.get("why", "").strip(),
                        office=office_key(request.POST.get("office", "")))
    messages.success(request, f"已将 {len(made)} 条目标列入计划，并记入日志。")
    return onward(request, "targets")


urls = [
    *twin("plan/claims", claims, "claims-to-plan", *FILES),
    *twin("plan/claims/preview", preview, "preview"),
    *act("plan/claims/confirm", confirm, "confirm"),
]
