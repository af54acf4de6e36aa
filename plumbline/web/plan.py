"""The plan as a tree: a report's sections, their themes, what is promised there and in what numbers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from plumbline.store.models import Claim, Commitment, Document, Target
from plumbline.store.people import may
from plumbline.store.plans.tables import PROPOSAL_STATES
from plumbline.web import choices, commitment, confirmation, links, proposals, target
from plumbline.web.forms import whole
from plumbline.web.listing import Chosen, Filter, Spec, chosen_of, filtered
from plumbline.web.screen import show, twin
from plumbline.web.words import bounded

OTHER = "其他"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A number of the plan: a target, or (`key` empty) a claim that may become one."""

    key: int | None
    number: int
    label: str
    words: str
    due: str
    office: str
    state: str
    state_key: str
    href: str
    source: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A commitment with the numbers inside it."""

    key: int
    n: int
    text: str
    due_on: date | None
    office: str
    state: str
    state_key: str
    outcome: str
    outcome_key: str
    href: str
    source: str
    leaves: list[Leaf]


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme of a section, with its commitments."""

    title: str
    branches: list[Branch] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Section:
    """A section, its themes, and the numbers promised in no commitment of it."""

    title: str
    themes: list[Theme] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many commitments it has."""
        return sum(len(theme.branches) for theme in self.themes)


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One report's plan as a tree.

    document  number of the report, or None where there is none to see
    waiting   how many commitments, numbers and pairings wait for a person
    kept      how many commitments and targets are in the plan
    """

    title: str
    document: int | None
    document_title: str
    documents: choices.Choices
    filters: list[Chosen]
    sections: list[Section]
    waiting: dict[str, int]
    kept: dict[str, int]
    plannable: bool
    where: str = "plan"

    @property
    def chosen(self) -> str:
        """The report, as its choice writes it."""
        return str(self.document or "")

    @property
    def filtered(self) -> bool:
        """Whether anything is filtered away."""
        return any(one.value for one in self.filters)


def plan(request: HttpRequest) -> HttpResponseBase:
    """The plan of one report, as a tree."""
    offered = choices.documents(request.user)
    wanted = request.GET.get("document", "")
    key = whole(wanted if wanted in dict(offered) else offered[0][0] if offered else "")
    found = Document.objects.visible_to(request.user).defer("text", "outline").filter(pk=key).first()
    filters = commitment_filters(request.user, key)
    chosen = [chosen_of(request, one) for one in filters]
    branches = list(filtered(_commitments(request.user, key), Spec((), filters, str), chosen))
    leaves = leaves_of(request.user, key)
    narrowed = any(one.value for one in chosen)
    page = PlanPage(
        "计划", key, str(found or ""), offered, chosen, sections_of(branches, leaves, narrowed),
        *counts(request.user, key), found is not None and may(request.user, "plan", found.area))
    return show(request, page, "web/plan.html")


def _commitments(user: Any, key: int | None) -> Any:
    return commitment.rows(user).filter(document=key)


def commitment_filters(user: Any, key: int | None) -> tuple[Filter, ...]:
    """The filters of the tree."""
    seen = Commitment.objects.visible_to(user).filter(document=key)
    return (
        Filter("q", "查找", ("text__icontains", "theme__icontains", "section__icontains")),
        *choices.choice("section", "章节", "section", choices.values(seen, "section")),
        *choices.choice("office", "责任单位", "office_id", choices.offices(user)),
        *choices.due(),
        Filter("state", "列入计划", ("state",), PROPOSAL_STATES),
    )


def leaves_of(user: Any, key: int | None) -> dict[int, tuple[str, Leaf]]:
    """Section and leaf of every target, and of every claim that may become one, by the claim's number."""
    made = {one.claim.number: (one.section, leaf_of_target(one)) for one in Target.objects.visible_to(user).filter(
        document=key).select_related("claim", "office")}
    for claim in Claim.objects.visible_to(user).filter(document=key, modality="target", target=None).exclude(
            state="aside"):
        made[claim.number] = (claim.section, leaf_of_claim(claim))
    return dict(sorted(made.items()))


def leaf_of_target(one: Target) -> Leaf:
    """A target as a leaf."""
    return Leaf(one.pk, one.claim.number, one.label, bounded(one.bound, one.value, one.unit),
                one.due_on.isoformat() if one.due_on else "", str(one.office or ""), one.get_state_display(), one.state,
                reverse("target", args=[one.pk]), links.claim(one.document_id, one.claim.number))


def leaf_of_claim(claim: Claim) -> Leaf:
    """A claim as a leaf; it leads to the list where it can be put into the plan."""
    source = links.claim(claim.document_id, claim.number)
    return Leaf(None, claim.number, claim.subject, bounded(claim.bound, claim.value, claim.unit), claim.deadline, "",
                "待列入计划", "proposed", f"{reverse('preview')}?id={claim.pk}", source)


def sections_of(
    commitments: Iterable[Commitment], leaves: dict[int, tuple[str, Leaf]], narrowed: bool,
) -> list[Section]:
    """The tree; numbers outside every commitment are left out where the commitments are filtered."""
    made: dict[str, Section] = {}
    inside: set[int] = set()
    for one in commitments:
        section = made.setdefault(one.section, Section(one.section or OTHER))
        if not section.themes or section.themes[-1].title != one.theme:
            section.themes.append(Theme(one.theme))
        inside.update(one.targets)
        section.themes[-1].branches.append(branch_of(one, [leaves[n][1] for n in one.targets if n in leaves]))
    if not narrowed:
        for number, (path, leaf) in leaves.items():
            if number not in inside:
                made.setdefault(path, Section(path or OTHER)).leaves.append(leaf)
    return list(made.values())


def branch_of(one: Commitment, leaves: list[Leaf]) -> Branch:
    """A commitment as a branch."""
    return Branch(one.pk, one.n, one.text, one.due_on, str(one.office or ""), one.get_state_display(), one.state,
                  one.get_outcome_display(), one.outcome, reverse("commitment", args=[one.pk]),
                  links.place(one.document_id, one.para), leaves)


def counts(user: Any, key: int | None) -> tuple[dict[str, int], dict[str, int]]:
    """How much of a report waits for a person, and how much is in the plan."""
    commitments = Commitment.objects.visible_to(user).filter(document=key)
    waiting = {
        "claims": confirmation.rows(user).filter(document=key).count(),
        "commitments": commitments.filter(state="proposed").count(),
        "pairings": proposals.pairing_rows(user).filter(promised__document=key, state="proposed").count(),
    }
    kept = {"commitments": commitments.filter(state="confirmed").count(),
            "targets": Target.objects.visible_to(user).filter(document=key).count()}
    return waiting, kept


urls = [
    *twin("plan", plan, "plan"), *target.urls, *commitment.urls, *confirmation.urls, *proposals.urls,
]
