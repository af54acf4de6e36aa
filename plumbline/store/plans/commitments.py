"""Commitments: into the plan by a person's confirmation, and how people change them."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from plumbline.kernel import NotAllowed
from plumbline.store.documents.locking import hold
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import may
from plumbline.store.people.tables import Office
from plumbline.store.plans.changes import office_for
from plumbline.store.plans.editing import ABSENT, allowed, write
from plumbline.store.plans.tables import Commitment
from plumbline.store.words import plain, reason

KEPT = ("state", "office_id")


def _locked(ids: Iterable[int]) -> Any:
    return (Commitment.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
            .select_related("document", "office").defer("document__text", "document__outline"))


@transaction.atomic
def confirm_commitments(
    user: Any, ids: Iterable[int], why: str = "", office: Office | int | None = None,
) -> list[Commitment]:
    """Put commitments into the plan, all or none, and give them to an office where one is named.

    Gives  those that changed
    """
    wanted, why = set(ids), reason(why, needed=False)
    hold(Commitment.objects.filter(pk__in=wanted))
    found = list(_locked(wanted))
    areas = {one.document.area for one in found}
    if len(found) < len(wanted) or not all(may(user, "plan", area) for area in areas):
        raise NotAllowed(ABSENT)
    owing = office_for(user, office, areas)
    changed, writes = [], []
    for one in found:
        before = plain(one, KEPT)
        one.state, one.office = "confirmed", owing or one.office
        if (after := plain(one, KEPT)) != before:
            one.version += 1
            changed.append(one)
            writes.append(Write("commitment.confirm", "commitment", one.pk, before, after, why, one.document.area))
    Commitment.objects.bulk_update(changed, ["state", "office", "version"], batch_size=200)
    record(user, *writes)
    return changed


@transaction.atomic
def edit_commitment(user: Any, commitment_id: int, changes: dict[str, Any], why: str, version: int) -> Commitment:
    """Change a commitment: due_on, office, state, outcome, note; the old values stay in the journal."""
    one = _locked([commitment_id]).first()
    changed, why = allowed(user, one, changes, why, version)
    return write(user, one, "commitment", changed, why)
