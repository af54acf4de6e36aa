"""What people decide about claims: confirm, correct, set aside. Nothing read is lost: `original` keeps it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from plumbline.kernel import Conflict, due_day
from plumbline.store.documents.fields import LABELS, checked
from plumbline.store.documents.locking import locked_claims
from plumbline.store.documents.tables import Claim
from plumbline.store.journal.writing import Write, record
from plumbline.store.plans.tables import Target
from plumbline.store.words import bad, plain, reason

STALE = "这个数字刚被他人修改；没有保存您的改动，请刷新后再改。"
# what a target took over from its claim, as long as nobody edited it there
FOLLOWS = {"subject": "label", "value": "value", "unit": "unit", "bound": "bound", "period": "period",
           "measure": "measure"}


@transaction.atomic
def confirm(user: Any, claim_ids: Iterable[int], why: str = "") -> list[Claim]:
    """Say of claims that they are read rightly; those set aside come back. The claims that changed."""
    claims, why = locked_claims(user, claim_ids, "confirm"), reason(why, needed=False)
    changed = [claim for claim in claims if claim.state in ("read", "aside")]
    writes = []
    for claim in changed:
        before = {"state": claim.state}
        claim.state, claim.reason = "corrected" if claim.original else "confirmed", why
        claim.version += 1
        writes.append(Write("claim.confirm", "claim", claim.pk, before, {"state": claim.state}, why,
                            claim.document.area))
    Claim.objects.bulk_update(changed, ["state", "reason", "version"], batch_size=200)
    record(user, *writes)
    return changed


@transaction.atomic
def correct(user: Any, claim_id: int, changes: dict[str, Any], why: str, version: int) -> Claim:
    """Write what the text really says; `original` keeps what was read.

    Target  one that rests on the claim follows in every field nobody edited there
    Raises  BadInput with every finding, Conflict where `version` is not the one that stands
    """
    claim, why = _one(user, claim_id, "correct", version), reason(why)
    changed = checked(claim, changes)
    target = Target.objects.select_for_update(of=("self",)).filter(claim=claim).first()
    if target and target.state != "withdrawn" and changed.get("modality", "target") != "target":
        raise bad("claim.modality", "性质", "计划中有目标出自这个数字，不能改为非目标；请先撤销该目标。")
    old = plain(claim, LABELS)
    claim.original = claim.original or old
    for name, text in changed.items():
        setattr(claim, name, text)
    claim.magnitude, claim.state, claim.reason = float(claim.value), "corrected", why
    claim.version += 1
    claim.save()
    writes = [Write("claim.correct", "claim", claim.pk, {name: old[name] for name in changed}, changed, why,
                    claim.document.area)]
    if target:
        writes += _follow(target, old, changed, why)
    record(user, *writes)
    return claim


@transaction.atomic
def set_aside(user: Any, claim_id: int, why: str, version: int) -> Claim:
    """Say of a claim that it is none; refused while the plan rests on it."""
    claim, why = _one(user, claim_id, "correct", version), reason(why)
    if Target.objects.filter(claim=claim).exclude(state="withdrawn").exists():
        raise bad("claim.resting", claim.surface, "计划中有目标出自这个数字，不能搁置；请先撤销该目标。")
    before = {"state": claim.state}
    claim.state, claim.reason, claim.version = "aside", why, claim.version + 1
    claim.save(update_fields=["state", "reason", "version"])
    record(user, Write("claim.set-aside", "claim", claim.pk, before, {"state": "aside"}, why, claim.document.area))
    return claim


def _one(user: Any, claim_id: int, action: str, version: int) -> Claim:
    claim = locked_claims(user, [claim_id], action)[0]
    if claim.version != version:
        raise Conflict(STALE)
    return claim


def _follow(target: Target, old: dict[str, Any], changed: dict[str, str], why: str) -> list[Write]:
    new: dict[str, Any] = {theirs: changed[ours] for ours, theirs in FOLLOWS.items()
                           if ours in changed and getattr(target, theirs) == old[ours]}
    if "deadline" in changed and target.due_on == due_day(old["deadline"]):
        new["due_on"] = due_day(changed["deadline"])
    if not new:
        return []
    before = plain(target, new)
    for name, value in new.items():
        setattr(target, name, value)
    target.version += 1
    target.save()
    return [Write("target.follow", "target", target.pk, before, plain(target, new), why, target.area)]
