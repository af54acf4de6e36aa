"""Targets: from claims to the plan by a person's confirmation, and how people change them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from plumbline.kernel import Finding, NotAllowed, due_day, label
from plumbline.store.documents.locking import ABSENT as NO_CLAIM
from plumbline.store.documents.locking import locked_claims
from plumbline.store.documents.tables import Claim
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import may
from plumbline.store.people.tables import Office
from plumbline.store.plans.changes import office_for
from plumbline.store.plans.editing import allowed, write
from plumbline.store.plans.tables import Target
from plumbline.store.words import plain, reason, refuse

KEPT = ("claim_id", "label", "area", "section", "period", "due_on", "bound", "value", "unit", "measure",
        "office_id", "state")


@dataclass(frozen=True, slots=True)
class Preview:
    """What `commit` would write of one claim; `why_not` where it would write nothing."""

    claim: Claim
    label: str
    section: str
    area: str
    period: str
    due_on: date | None
    bound: str
    value: str
    unit: str
    measure: str
    why_not: str = ""

    @property
    def claim_id(self) -> int:
        """Number of the claim."""
        return self.claim.pk

    @property
    def possible(self) -> bool:
        """Whether the claim can become a target."""
        return not self.why_not


def preview(user: Any, claim_ids: Iterable[int]) -> list[Preview]:
    """What `commit` would write, claim by claim in the order of the text; writes nothing."""
    ids = set(claim_ids)
    claims = list(Claim.objects.visible_to(user).filter(pk__in=ids).select_related("document", "target")
                  .defer("document__text", "document__outline"))
    if len(claims) < len(ids):
        raise NotAllowed(NO_CLAIM)
    taken = {claim.pk for claim in claims if hasattr(claim, "target")}
    return [_preview(claim, _why_not(user, claim, taken)) for claim in claims]


def _preview(claim: Claim, why_not: str = "") -> Preview:
    return Preview(claim, claim.subject, claim.section, claim.document.area, claim.period,
                   due_day(claim.deadline), claim.bound, claim.value, claim.unit, claim.measure, why_not)


def _why_not(user: Any, claim: Claim, taken: set[int]) -> str:
    """Why a claim cannot become a target; empty where it can."""
    if not may(user, "plan", claim.document.area):
        return "不在您可以编制计划的地区。"
    if claim.pk in taken:
        return "已在计划中。"
    if claim.state == "aside":
        return "已搁置；如确是目标，请先确认这个数字。"
    if claim.modality != "target":
        return f"性质是「{label('modality', claim.modality)}」；如确是目标，请先更正性质。"
    return ""


@transaction.atomic
def commit(user: Any, claim_ids: Iterable[int], why: str = "", office: Office | int | None = None) -> list[Target]:
    """Put claims into the plan as targets: all of them, or none; confirms the claims as well.

    Raises  BadInput naming every claim that cannot become a target
    """
    claims, why = locked_claims(user, claim_ids, "plan"), reason(why, needed=False)
    taken = set(Target.objects.filter(claim__in=claims).values_list("claim_id", flat=True))
    troubles = ((str(claim), _why_not(user, claim, taken)) for claim in claims)
    refuse(Finding("plan.claim", words, f"「{words}」：{trouble}") for words, trouble in troubles if trouble)
    owing = office_for(user, office, {claim.document.area for claim in claims})
    targets = [_target(claim, owing) for claim in claims]
    Target.objects.bulk_create(targets, batch_size=1000)
    fresh = [claim for claim in claims if claim.state == "read"]
    Claim.objects.filter(pk__in=[claim.pk for claim in fresh]).update(state="confirmed", version=F("version") + 1)
    record(user, *(Write("claim.confirm", "claim", claim.pk, {"state": "read"}, {"state": "confirmed"}, why,
                         claim.document.area) for claim in fresh),
           *(Write("target.commit", "target", target.pk, None, plain(target, KEPT), why, target.area)
             for target in targets))
    return targets


def _target(claim: Claim, office: Office | None) -> Target:
    return Target(claim=claim, document=claim.document, area=claim.document.area, label=claim.subject,
                  section=claim.section, period=claim.period, due_on=due_day(claim.deadline), bound=claim.bound,
                  value=claim.value, unit=claim.unit, measure=claim.measure, office=office)


@transaction.atomic
def edit(user: Any, target_id: int, changes: dict[str, Any], why: str, version: int) -> Target:
    """Change a target; the old values stay in the journal. Moving the promise itself needs a reason.

    Fields  those `editable` names
    """
    target = (Target.objects.select_for_update(of=("self",)).filter(pk=target_id).select_related("document", "office")
              .defer("document__text", "document__outline").first())
    changed, why = allowed(user, target, changes, why, version)
    return write(user, target, "target", changed, why)
