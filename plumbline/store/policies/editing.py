"""Writing a policy: its fields, its clauses, what was proposed from its text. Whoever changes a word may not approve it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from plumbline.kernel import Conflict, Finding, NotAllowed
from plumbline.store import declarations
from plumbline.store.documents.tables import Document
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import may, offices_of, require
from plumbline.store.people.tables import Office
from plumbline.store.policies.tables import CLAUSE_KINDS, CONFIRMED, DRAFT, LEFT_OUT, PROPOSED, Policy, PolicyClause
from plumbline.store.policies.wording import FIELDS, MOST_CLAUSES, clause_body, clause_findings, head_findings, trimmed
from plumbline.store.words import bad, plain, refuse

ABSENT = "没有这项政策，或者您无权操作；没有保存任何改动。"
STALE = "这项政策刚被他人修改；没有保存您的改动，请刷新后核对再办理。"
FROZEN = "这项政策{state}，不能直接改；请先起草新的一版。没有保存任何改动。"
KEPT = ("area", "table", *FIELDS)


@transaction.atomic
def draft(user: Any, told: Mapping[str, Any], example: bool = False) -> Policy:
    """A new policy, not yet published.

    told    its fields by name: area, table, title, number, issuer, office (number), document, text, way, materials,
            since, until, apply_since, apply_until
    Raises  NotAllowed; BadInput with every finding
    """
    area = str(told.get("area") or "")
    require(user, "policy", area)
    now = timezone.now()
    policy = Policy(area=area, table=str(told.get("table") or ""), made_by=user, made_at=now, changed_at=now,
                    hands=[user.pk], example=example)
    _fill(user, policy, told)
    policy.save()
    record(user, Write("policy.create", "policy", policy.pk, None, plain(policy, KEPT), area=area))
    return policy


@transaction.atomic
def edit(user: Any, policy_id: int, changes: Mapping[str, Any], version: int) -> Policy:
    """Change fields of a policy that is not published; area and roll stay.

    Raises  NotAllowed; Conflict where somebody was quicker, or it is published; BadInput with every finding
    """
    policy = held(user, policy_id, version)
    before = plain(policy, FIELDS)
    _fill(user, policy, changes)
    after = plain(policy, FIELDS)
    if after == before:
        raise bad("policy.same", "修改", "没有任何改动。")
    touched(user, policy)
    record(user, Write("policy.edit", "policy", policy.pk, before, after, area=policy.area))
    return policy


def _fill(user: Any, policy: Policy, told: Mapping[str, Any]) -> None:
    """Set the fields that are told; BadInput with every finding."""
    found: list[Finding] = []
    for name in (name for name in FIELDS if name in told and not name.endswith("_id")):
        setattr(policy, name, trimmed(told[name]))
    if "office" in told:
        policy.office_id = _office(user, policy, told["office"], found)
    if "document" in told:
        policy.document_id = _document(user, told["document"], found)
    if isinstance(policy.materials, list):
        policy.materials = [" ".join(str(one).split()) for one in policy.materials if str(one).strip()]
    refuse([*found, *head_findings(policy, declarations.catalog())])


def _office(user: Any, policy: Policy, key: int | None, found: list[Finding]) -> int | None:
    """The office that handles it: one of the policy's area; for an office, itself."""
    office = offices_of(user).filter(pk=key).first() if key else None
    if key and (office is None or not Office.objects.filter(pk=key, area=policy.area).exists()):
        found.append(Finding("policy.office", "办理单位", "没有这个单位，或者不是本地区您可以选的单位；请从列表中选择。"))
    return office.pk if office else None


def _document(user: Any, key: int | None, found: list[Finding]) -> int | None:
    seen = Document.objects.visible_to(user).filter(pk=key).exists() if key else False
    if key and not seen:
        found.append(Finding("policy.document", "原文文件", "没有这份文件，或者您无权查看；请从列表中选择。"))
    return key if seen else None


@transaction.atomic
def add_clause(user: Any, policy_id: int, kind: str, told: Mapping[str, Any], version: int,
               span: tuple[int, int] | None = None) -> PolicyClause:
    """A clause that a person typed: it counts at once.

    kind  condition | gift, of which a policy has one
    """
    policy = held(user, policy_id, version)
    body = _checked(policy, kind, told)
    row = _rows(policy, [PolicyClause(kind=kind, body=body, state=CONFIRMED, confirmed_by=user, confirmed_at=timezone.now(),
                                      **_span(policy, span))])[0]
    _one_gift(policy, row)
    touched(user, policy)
    record(user, _write("policy.clause-add", policy, None, said(row)))
    return row


@transaction.atomic
def propose(user: Any, policy_id: int, proposed: Sequence[Any], version: int) -> list[PolicyClause]:
    """Keep what was proposed from the policy's text, in place of earlier proposals that nobody confirmed.

    proposed  each with kind, body, start, end, sure, why; none of them counts before a person confirms it
    """
    policy = held(user, policy_id, version)
    policy.clauses.filter(state=PROPOSED).delete()
    rows = _rows(policy, [PolicyClause(kind=one.kind, body=clause_body(one.kind, one.body), state=PROPOSED, sure=one.sure,
                                       why=one.why[:300], **_span(policy, (one.start, one.end))) for one in proposed])
    touched(user, policy)
    record(user, _write("policy.propose", policy, None, {"proposed": len(rows)}))
    return rows


@transaction.atomic
def confirm_condition(user: Any, clause_id: int, told: Mapping[str, Any], version: int) -> PolicyClause:
    """Confirm a clause as it is told, changed or as proposed: it counts from now on.

    version  of the policy
    """
    policy, row = _held_clause(user, clause_id, version)
    before, row.body = said(row), _checked(policy, row.kind, told)
    row.state, row.confirmed_by, row.confirmed_at = CONFIRMED, user, timezone.now()
    row.save()
    _one_gift(policy, row)
    touched(user, policy)
    record(user, _write("policy.clause-confirm", policy, before, said(row)))
    return row


@transaction.atomic
def drop_clause(user: Any, clause_id: int, version: int) -> Policy:
    """Leave a clause out: it no longer counts; its words stay in the journal."""
    policy, row = _held_clause(user, clause_id, version)
    before = said(row)
    row.state, row.confirmed_by, row.confirmed_at = LEFT_OUT, None, None
    row.save()
    touched(user, policy)
    record(user, _write("policy.clause-drop", policy, before, said(row)))
    return policy


def held(user: Any, policy_id: int, version: int | None) -> Policy:
    """The policy, locked, to be changed; NotAllowed, in the same words, where there is none or the user may not."""
    policy = locked(user, policy_id)
    if not writes(user, policy):
        raise NotAllowed(ABSENT)
    if not policy.open_to_edit:
        raise Conflict(FROZEN.format(state=policy.get_state_display()))
    if version is not None and policy.version != version:
        raise Conflict(STALE)
    return policy


def locked(user: Any, policy_id: int) -> Policy:
    """A policy this user sees, locked."""
    policy = Policy.objects.select_for_update(of=("self",)).filter(pk=policy_id).first()
    if policy is None or not Policy.objects.visible_to(user).filter(pk=policy_id).exists():
        raise NotAllowed(ABSENT)
    return policy


def writes(user: Any, policy: Policy) -> bool:
    """Whether a user may change a policy: planners all of their area, an office its own."""
    own = user.role != "office" or user.is_superuser or policy.office_id == user.office_id
    return may(user, "policy", policy.area) and own


def touched(user: Any, policy: Policy) -> None:
    """Keep a changed policy: one that was handed in goes back to writing."""
    policy.state, policy.submitted_by = DRAFT, None
    policy.hands = sorted({*policy.hands, user.pk})
    policy.version, policy.changed_at = policy.version + 1, timezone.now()
    policy.save()


def said(row: PolicyClause) -> dict[str, Any]:
    """A clause as the journal keeps it."""
    return {"clause": row.n, "kind": row.get_kind_display(), "state": row.get_state_display(), "body": row.body}


def _checked(policy: Policy, kind: str, told: Mapping[str, Any]) -> dict[str, Any]:
    if kind not in dict(CLAUSE_KINDS):
        raise bad("policy.kind", "种类", "没有这种条款；请刷新后重试。")
    catalog, body = declarations.catalog(), clause_body(kind, told)
    refuse(clause_findings(kind, body, catalog.tables[policy.table], catalog))
    return body


def _rows(policy: Policy, rows: Iterable[PolicyClause]) -> list[PolicyClause]:
    """New clauses behind those that are there."""
    last, made = policy.clauses.aggregate(last=Max("n"))["last"] or 0, list(rows)
    if policy.clauses.exclude(state=LEFT_OUT).count() + len(made) > MOST_CLAUSES:
        raise bad("policy.clauses", "条款", f"一项政策最多 {MOST_CLAUSES} 条；请合并，或拆成几项政策。")
    for n, row in enumerate(made, last + 1):
        row.policy, row.n = policy, n
        row.save()
    return made


def _one_gift(policy: Policy, row: PolicyClause) -> None:
    others = policy.clauses.filter(kind="gift", state=CONFIRMED).exclude(pk=row.pk)
    if row.kind == "gift" and others.exists():
        raise bad("policy.gift", "给什么", "这项政策已经写了给什么；请先修改或去掉原来的一条，不同的钱请另立政策。")


def _span(policy: Policy, span: tuple[int, int] | None) -> dict[str, int | None]:
    """Where a clause stands in the text; nowhere where the place is none of it."""
    if span is None or not 0 <= span[0] < span[1] <= len(policy.text):
        return {"start": None, "end": None}
    return {"start": span[0], "end": span[1]}


def _held_clause(user: Any, clause_id: int, version: int) -> tuple[Policy, PolicyClause]:
    found = PolicyClause.objects.visible_to(user).filter(pk=clause_id).values_list("policy", flat=True).first()
    if found is None:
        raise NotAllowed(ABSENT)
    policy = held(user, found, version)
    return policy, policy.clauses.get(pk=clause_id)


def _write(action: str, policy: Policy, before: dict[str, Any] | None, after: dict[str, Any] | None) -> Write:
    return Write(action, "policy", policy.pk, before, after, area=policy.area)
