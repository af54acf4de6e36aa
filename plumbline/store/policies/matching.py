"""How many parties the published policies fit, kept as the last matching found it.

Nothing is decided here: the numbers follow from the policies and the roll, as a cut follows from a register, so the journal
does not tell of them.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from plumbline.store.journal.tables import canonical
from plumbline.store.policies.tables import PUBLISHED, Policy, PolicyMatch


@dataclass(frozen=True, slots=True)
class Matched:
    """What matching one policy found.

    counts  eligible, not_eligible, unknown
    by      key of a condition → how many fail, cannot be told, fail by it alone
    cells   column → value → eligible, not eligible, cannot tell
    amount  exact yuan of what the eligible would be given; None where it gives none
    unpriced  eligible ones of whom nobody can tell how much: in no sum
    """

    eligible: int
    not_eligible: int
    unknown: int
    by: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    cells: Mapping[str, Mapping[str, tuple[int, int, int]]] = field(default_factory=dict)
    amount: Decimal | None = None
    unpriced: int = 0


def mark_of(edition: int, day: date, hashes: Iterable[str], code: str = "") -> str:
    """Hash of all that a matching depends on."""
    return hashlib.sha256(canonical([edition, day.isoformat(), sorted(hashes), code]).encode()).hexdigest()


def stale(policies: Iterable[Policy], marks: Mapping[int, str]) -> list[Policy]:
    """The policies whose last matching rests on something else than what stands now."""
    known = {one.policy_id: one for one in PolicyMatch.objects.filter(policy__in=marks)}
    return [one for one in policies
            if (last := known.get(one.pk)) is None or last.mark != marks[one.pk] or last.state not in ("done", "failed")]


@transaction.atomic
def begin(policies: Iterable[Policy], day: date) -> None:
    """Matching of these has begun; what was found last stays to be read."""
    for one in policies:
        PolicyMatch.objects.update_or_create(policy=one, defaults={"state": "running", "progress": 0, "trouble": ""},
                                             create_defaults={"edition": one.edition, "day": day, "state": "running"})


def tell(policies: Iterable[Policy], percent: int) -> None:
    """How far it has come, 0 to 100."""
    PolicyMatch.objects.filter(policy__in=list(policies), state="running").update(progress=max(0, min(percent, 100)))


@transaction.atomic
def keep(policy: Policy, day: date, mark: str, found: Matched) -> PolicyMatch | None:
    """Keep what was found; nothing where the policy has changed since."""
    now = Policy.objects.select_for_update(of=("self",)).filter(pk=policy.pk, state=PUBLISHED, edition=policy.edition).first()
    if now is None:
        return None
    told: dict[str, Any] = {
        "edition": policy.edition, "day": day, "mark": mark, "state": "done", "progress": 100, "trouble": "",
        "at": timezone.now(),
        "counts": {"eligible": found.eligible, "not_eligible": found.not_eligible, "unknown": found.unknown,
                   "unpriced": found.unpriced,
                   "by_condition": {key: list(one) for key, one in found.by.items()}},
        "cells": {column: {value: list(one) for value, one in rows.items()} for column, rows in found.cells.items()},
        "amount": "" if found.amount is None else f"{found.amount:f}"}
    return PolicyMatch.objects.update_or_create(policy=now, defaults=told)[0]


@transaction.atomic
def fail(policies: Iterable[Policy], marks: Mapping[int, str], trouble: str) -> None:
    """It could not be done, and why; tried again when the policy, the day or the roll has changed."""
    for one in policies:
        PolicyMatch.objects.filter(policy=one).update(state="failed", mark=marks[one.pk], trouble=trouble[:300],
                                                      at=timezone.now())
