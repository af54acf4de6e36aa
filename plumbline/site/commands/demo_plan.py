"""Puts the example report's promises into the plan, as its planner would, so that the cockpit has something to show."""

from plumbline.store import plans
from plumbline.store.models import Claim, Commitment, Document, Office, Pairing, Target, User


def confirm(planner: User, why: str) -> None:
    """Confirm targets, commitments and pairings of the example, once; later changes by people stay."""
    for document in Document.objects.visible_to(planner).filter(area=planner.area, state="read", example=True):
        if not Target.objects.filter(document=document).exists():
            targets(planner, document, why)
            commitments(planner, document, why)
            pairings(planner, document, why)


def targets(planner: User, document: Document, why: str) -> None:
    """Commit every target claim that can become a target."""
    promised = Claim.objects.visible_to(planner).filter(document=document, modality="target")
    ids = list(promised.values_list("pk", flat=True))
    possible = [preview.claim_id for preview in plans.preview(planner, ids) if preview.possible]
    plans.commit(planner, possible, why)


def commitments(planner: User, document: Document, why: str) -> None:
    """Confirm the commitments, each with the office its text names."""
    offices = list(Office.objects.visible_to(planner).filter(area=planner.area))
    for commitment in Commitment.objects.visible_to(planner).filter(document=document, state="proposed"):
        named = next((office for office in offices if office.name in commitment.text), None)
        plans.confirm_commitments(planner, [commitment.pk], why, office=named)


def pairings(planner: User, document: Document, why: str) -> None:
    """Confirm what was proposed as reported for each promise: of several the likeliest, then the latest said."""
    settled = set()
    proposed = Pairing.objects.visible_to(planner).filter(promised__document=document, state="proposed")
    for pairing in proposed.order_by("-score", "-reported__number"):
        if pairing.promised_id not in settled:
            settled.add(pairing.promised_id)
            plans.decide(planner, pairing, "confirmed", why, on_top=bool(pairing.on_top))
