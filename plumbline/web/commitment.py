"""Commitments: the measures a report promises, as a list to confirm, and one of them with its form."""

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
from plumbline.store import plans
from plumbline.store.models import Answer, Claim, Commitment, Target
from plumbline.store.people import may
from plumbline.store.plans.tables import PROPOSAL_STATES, TARGET_STATES
from plumbline.web import choices, links
from plumbline.web.forms import changed, office_key, onward, status_of, ticked, told, typed_in, version
from plumbline.web.history import Step, history
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, passing, sheet
from plumbline.web.screen import FILES, act, form_of, show, twin
from plumbline.web.words import bounded

EDITED = ("due_on", "office", "outcome", "note")


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """A commitment in a list; `state` says whether it is in the plan, `outcome` what became of it."""

    key: int
    text: str
    theme: str
    section: str
    n: int
    due_on: date | None
    office: str
    bodies: list[str]
    targets: int
    state: str
    state_key: str
    outcome: str
    outcome_key: str
    area: str
    document: str
    href: str
    source: str


@dataclass(frozen=True, slots=True)
class CommitmentList:
    """The plan's commitments as a table; `confirmable` where this user may put them into the plan."""

    title: str
    list: Listing
    offices: choices.Choices
    confirmable: bool
    where: str = "commitments"


COLUMNS = (
    Column("text", "内容", "number"), Column("due_on", "时限", "due_on"), Column("office", "责任单位", "office__name"),
    Column("state", "列入计划", "state"), Column("outcome", "办理", "outcome"), Column("bodies", "文中单位"),
    Column("theme", "主题", "theme"), Column("section", "章节", "section"), Column("area", "地区", "document__area"),
    Column("document", "报告", "document__title"),
)


# the theme stands over the section on the page, the report under it
SHOWN = tuple(column for column in COLUMNS if column.key not in ("document", "theme", "bodies"))


def rows(user: Any) -> QuerySet[Commitment]:
    """The commitments a user sees, with all that a row shows."""
    return Commitment.objects.visible_to(user).select_related("document", "office").defer(
        "document__text", "document__outline")


def row_of(one: Commitment) -> CommitmentRow:
    """A commitment as a list shows it."""
    return CommitmentRow(
        one.pk, one.text, one.theme, one.section, one.n, one.due_on, str(one.office or ""), one.bodies,
        len(one.targets), one.get_state_display(), one.state, one.get_outcome_display(), one.outcome,
        area_name(one.document.area), str(one.document), reverse("commitment", args=[one.pk]),
        links.place(one.document_id, one.para),
    )


def spec(user: Any) -> Spec:
    """The list of commitments, with the filters this user can choose from."""
    seen = Commitment.objects.visible_to(user)
    return Spec(COLUMNS, (
        Filter("q", "查找", ("text__icontains", "theme__icontains", "section__icontains")),
        *choices.choice("area", "地区", "document__area", choices.areas(seen, "document__area")),
        *choices.choice("document", "报告", "document_id", choices.documents(user)),
        *choices.choice("section", "章节", "section", choices.values(seen, "section")),
        *choices.choice("office", "责任单位", "office_id", choices.offices(user)),
        *choices.due(),
        Filter("state", "列入计划", ("state",), PROPOSAL_STATES),
        Filter("outcome", "办理", ("outcome",), TARGET_STATES),
    ), row_of)


def commitments(request: HttpRequest) -> HttpResponseBase:
    """The plan's commitments as a table."""
    if form_of(request) in FILES:
        return sheet(request, rows(request.user), spec(request.user), "措施")
    page = CommitmentList("措施", listing(request, rows(request.user), replace(spec(request.user), columns=SHOWN)),
                          choices.offices(request.user), may(request.user, "plan", request.user.area))
    return show(request, page, "web/commitments.html")


def confirm(request: HttpRequest) -> HttpResponseBase:
    """Puts the ticked commitments, or all that pass the filters, into the plan."""
    chosen = ticked(request)
    if request.POST.get("all"):
        waiting = passing(request, rows(request.user), spec(request.user)).filter(state="proposed")
        chosen = list(waiting.values_list("pk", flat=True))
    if not chosen:
        messages.warning(request, "还没有选中任何一条；请先勾选，再确认。")
        return onward(request, "commitments")
    made = plans.confirm_commitments(request.user, chosen, request.POST.get("why", "").strip(),
                                     office=office_key(request.POST.get("office", "")))
    messages.success(request, f"已将 {len(made)} 条措施列入计划，并记入日志。")
    return onward(request, "commitments")


@dataclass(frozen=True, slots=True)
class CommitmentPage:
    """One commitment.

    fields    the form: what stands, or what was typed when it could not be saved
    promises  the targets inside it: label, words, address; those not in the plan lead to the report
    problems  the problems it answers, and how sure that is
    allowed   fields this user may change
    why       the reason typed; `trouble`, why a change was not saved
    """

    key: int
    row: CommitmentRow
    fields: dict[str, str]
    version: int
    allowed: list[str]
    offices: choices.Choices
    outcomes: choices.Choices
    promises: list[dict[str, str]]
    problems: list[dict[str, str]]
    history: list[Step]
    plannable: bool
    why: str = ""
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)


def commitment(request: HttpRequest, key: int) -> HttpResponseBase:
    """A commitment, and what a person changes of it."""
    found = get_object_or_404(rows(request.user), pk=key)
    if request.method != "POST":
        return show(request, page_of(request, found), "web/commitment.html")
    typed = typed_in(request, EDITED)
    try:
        plans.edit_commitment(request.user, key, changed(standing_fields(found), typed),
                              request.POST.get("why", "").strip(), version(request))
    except (Conflict, BadInput) as error:
        again = get_object_or_404(rows(request.user), pk=key)
        return show(request, page_of(request, again, typed, error), "web/commitment.html", status_of(error))
    messages.success(request, "已保存，并记入日志。")
    return onward(request, "commitment", key)


def standing_fields(one: Commitment) -> dict[str, str]:
    """What stands in the form."""
    return {"due_on": one.due_on.isoformat() if one.due_on else "", "office": str(one.office_id or ""),
            "outcome": one.outcome, "note": one.note}


def page_of(
    request: HttpRequest, found: Commitment, typed: dict[str, str] | None = None, error: Exception | None = None,
) -> CommitmentPage:
    """A commitment with its form."""
    return CommitmentPage(
        found.pk, row_of(found), standing_fields(found) | (typed or {}), found.version,
        plans.editable(request.user, found), choices.offices(request.user), TARGET_STATES,
        promises(request.user, found), problems(request.user, found),
        history(request.user, "commitment", found.pk), may(request.user, "plan", found.document.area),
        request.POST.get("why", ""),
        *told(error),
    )


def promises(user: Any, found: Commitment) -> list[dict[str, str]]:
    """The numbers promised in a commitment: targets, and claims that are none yet."""
    targets = {one.claim.number: one for one in Target.objects.visible_to(user).filter(
        document=found.document_id, claim__number__in=found.targets).select_related("claim")}
    made = []
    for claim in Claim.objects.visible_to(user).filter(document=found.document_id, number__in=found.targets):
        target = targets.get(claim.number)
        made.append({
            "label": target.label if target else claim.subject,
            "words": bounded(target.bound, target.value, target.unit) if target
            else bounded(claim.bound, claim.value, claim.unit),
            "state": target.get_state_display() if target else "未列入计划",
            "state_key": target.state if target else "proposed",
            "href": reverse("target", args=[target.pk]) if target else links.claim(claim.document_id, claim.number),
        })
    return made


def problems(user: Any, found: Commitment) -> list[dict[str, str]]:
    """The problems a commitment answers, confirmed or proposed."""
    answers = Answer.objects.visible_to(user).filter(commitment=found).exclude(state="rejected").select_related(
        "problem").order_by("-score", "pk")
    home = f"{reverse('problems')}?document={found.document_id}"
    return [{"title": one.problem.title, "state": one.get_state_display(), "state_key": one.state,
             "href": f"{home}#problem-{one.problem_id}"} for one in answers]


urls = [
    *twin("plan/commitments", commitments, "commitments", *FILES),
    *act("plan/commitments/confirm", confirm, "confirm-commitments"),
    *twin("plan/commitments/<int:key>", commitment, "commitment"),
]
