"""Handing a policy on: submitted, given back, approved and published, revised, ended. Nobody approves his own words."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from plumbline.kernel import Conflict, Finding, NotAllowed
from plumbline.store import declarations
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import may
from plumbline.store.policies.editing import ABSENT, STALE, held, locked, touched, writes
from plumbline.store.policies.rules import digest, frozen_body, made_of, rule_body, rule_key
from plumbline.store.policies.tables import (
    CONDITION,
    CONFIRMED,
    DRAFT,
    DROPPED,
    ENDED,
    JOINED,
    LEFT_OUT,
    PROPOSED,
    PUBLISHED,
    SUBMITTED,
    Policy,
    PolicyClause,
    PolicyMatch,
    PolicyVersion,
)
from plumbline.store.policies.wording import FIELDS
from plumbline.store.words import reason, refuse

OWN_WORDS = "起草、改动或提交过这项政策的人不能审核它；请由另一位同志审核。没有保存任何改动。"
NOT_SUBMITTED = "这项政策现在不在待审核的状态；没有保存任何改动，请刷新后再看。"
NOT_PUBLISHED = "这项政策没有发布，或已终止；没有保存任何改动。"


@transaction.atomic
def submit(user: Any, policy_id: int, version: int, why: str = "") -> Policy:
    """Hand a policy in for approval.

    Raises  BadInput where a proposal is neither confirmed nor dropped, or no condition is there
    """
    policy, why = held(user, policy_id, version), reason(why, needed=False)
    if policy.state != DRAFT:
        raise Conflict(STALE)
    refuse(_incomplete(policy))
    touched(user, policy)
    policy.state, policy.submitted_by = SUBMITTED, user
    policy.save(update_fields=["state", "submitted_by"])
    record(user, _moved("policy.submit", policy, DRAFT, why))
    return policy


def _incomplete(policy: Policy) -> list[Finding]:
    rows = list(policy.clauses.exclude(state=LEFT_OUT))
    open_ones = sum(one.state == PROPOSED for one in rows)
    found = []
    if open_ones:
        found.append(Finding("policy.proposed", "条款", f"还有 {open_ones} 条提出的条款没有确认；请逐条确认、修改或不采用。"))
    if not any(one.kind == CONDITION and one.state == CONFIRMED for one in rows):
        found.append(Finding("policy.empty", "条件", "还没有确认任何条件；请至少写一条，说明哪些企业符合。"))
    if found:
        return found
    wrong: list[str] = []
    catalog = declarations.catalog()
    made_of(rule_key(policy.pk), rule_body(policy, rows, catalog), catalog, wrong)
    return [Finding("policy.rule", "条件", f"条款合起来还不成一条规则：{one}") for one in wrong]


@transaction.atomic
def give_back(user: Any, policy_id: int, version: int, why: str) -> Policy:
    """Give a policy that was handed in back to be written on, with the reason."""
    policy, why = _reviewed(user, policy_id, version), reason(why)
    policy.state, policy.submitted_by = DRAFT, None
    policy.version, policy.changed_at = policy.version + 1, timezone.now()
    policy.save()
    record(user, _moved("policy.return", policy, SUBMITTED, why))
    return policy


@transaction.atomic
def approve(user: Any, policy_id: int, version: int, why: str = "") -> Policy:
    """Approve a policy that was handed in, which publishes it: frozen as the next edition.

    Gives   the published policy; of a revision, the one it revises
    Raises  NotAllowed where the user wrote, changed or submitted any of it; Conflict
    """
    policy, why = _reviewed(user, policy_id, version), reason(why, needed=False)
    if user.pk in policy.hands:
        raise NotAllowed(OWN_WORDS)
    one = _joined(policy) if policy.revises_id else policy
    before, now = one.state, timezone.now()
    one.state, one.edition, one.approved_by, one.submitted_by = PUBLISHED, one.edition + 1, user, policy.submitted_by
    one.published_at, one.changed_at, one.version, one.hands = now, now, one.version + 1, []
    one.save()
    body = frozen_body(one, one.clauses.all(), declarations.catalog())
    PolicyVersion(policy=one, n=one.edition, body=body, sha256=digest(body), submitted_by=one.submitted_by, approved_by=user,
                  at=now, why=why).save()
    PolicyMatch.objects.update_or_create(policy=one, defaults={
        "edition": one.edition, "day": timezone.localdate(), "state": "waiting", "progress": 0, "trouble": "", "mark": ""})
    record(user, Write("policy.publish", "policy", one.pk, {"state": before}, {
        "state": one.state, "edition": one.edition, "sha256": digest(body)}, why, one.area))
    return one


def _joined(revision: Policy) -> Policy:
    """The published policy with the fields and clauses of its revision, which is done with."""
    one = Policy.objects.select_for_update(of=("self",)).get(pk=revision.revises_id)
    if one.state != PUBLISHED:
        raise Conflict(NOT_PUBLISHED)
    for name in FIELDS:
        setattr(one, name, getattr(revision, name))
    one.clauses.all().delete()
    for row in revision.clauses.filter(state=CONFIRMED):
        _copied(row, one)
    revision.state, revision.version, revision.changed_at = JOINED, revision.version + 1, timezone.now()
    revision.save()
    return one


def _copied(row: PolicyClause, policy: Policy) -> None:
    names = ("n", "kind", "body", "state", "start", "end", "sure", "why", "confirmed_by_id", "confirmed_at")
    PolicyClause(policy=policy, **{name: getattr(row, name) for name in names}).save()


@transaction.atomic
def revise(user: Any, policy_id: int, version: int, why: str) -> Policy:
    """A new edition of a published policy to write on; the published one stands until it is approved."""
    policy, why = locked(user, policy_id), reason(why)
    if not writes(user, policy):
        raise NotAllowed(ABSENT)
    _standing(policy, version)
    if policy.revisions.filter(state__in=(DRAFT, SUBMITTED)).exists():
        raise Conflict("这项政策已有人在起草新的一版；请在那一版上改。没有保存任何改动。")
    now = timezone.now()
    one = Policy(area=policy.area, table=policy.table, revises=policy, example=policy.example, made_by=user, made_at=now,
                 changed_at=now, hands=[user.pk], **{name: getattr(policy, name) for name in FIELDS})
    one.save()
    for row in policy.clauses.filter(state=CONFIRMED):
        _copied(row, one)
    record(user, Write("policy.revise", "policy", policy.pk, None, {"revision": one.pk, "edition": policy.edition}, why,
                       policy.area))
    return one


@transaction.atomic
def end(user: Any, policy_id: int, version: int, why: str) -> Policy:
    """End a published policy before its time, with the reason; what it gave stays given."""
    policy, why = locked(user, policy_id), reason(why)
    if not may(user, "review", policy.area):
        raise NotAllowed(ABSENT)
    _standing(policy, version)
    policy.state, policy.ended_at, policy.why_ended = ENDED, timezone.now(), why
    policy.version, policy.changed_at = policy.version + 1, policy.ended_at
    policy.save()
    record(user, _moved("policy.end", policy, PUBLISHED, why))
    return policy


@transaction.atomic
def give_up(user: Any, policy_id: int, version: int, why: str) -> Policy:
    """Give a draft up; it stays to be read by those who wrote it."""
    policy, why = held(user, policy_id, version), reason(why)
    before, policy.state = policy.state, DROPPED
    policy.version, policy.changed_at = policy.version + 1, timezone.now()
    policy.save()
    record(user, _moved("policy.drop", policy, before, why))
    return policy


def _reviewed(user: Any, policy_id: int, version: int) -> Policy:
    """A policy that was handed in, locked, as the person saw it."""
    policy = locked(user, policy_id)
    if not may(user, "review", policy.area):
        raise NotAllowed(ABSENT)
    if policy.state != SUBMITTED:
        raise Conflict(NOT_SUBMITTED)
    if policy.version != version:
        raise Conflict(STALE)
    return policy


def _standing(policy: Policy, version: int) -> None:
    if policy.state != PUBLISHED:
        raise Conflict(NOT_PUBLISHED)
    if policy.version != version:
        raise Conflict(STALE)


def _moved(action: str, policy: Policy, before: str, why: str) -> Write:
    return Write(action, "policy", policy.pk, {"state": before}, {"state": policy.state}, why, policy.area)


