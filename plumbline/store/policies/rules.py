"""A policy's clauses as a rule, and its published words frozen."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from plumbline.kernel import BadDeclaration, Catalog, Rule, inside, rule_from
from plumbline.store.journal.tables import canonical
from plumbline.store.policies.tables import CONDITION, CONFIRMED, GIFT, PUBLISHED, Policy, PolicyClause, PolicyVersion
from plumbline.store.policies.wording import FIELDS, day_words, within_area
from plumbline.store.words import plain

AREA = "area"


def rule_key(policy_id: int) -> str:
    """What the rule of a policy is called everywhere."""
    return f"policy.{policy_id}"


def rule_body(policy: Policy, clauses: Iterable[PolicyClause], catalog: Catalog) -> dict[str, Any]:
    """The rule its confirmed clauses make, as `rules.yaml` has it; those of other areas are shut out first."""
    counting = [one for one in clauses if one.state == CONFIRMED]
    because = {AREA: within_area(policy.area, catalog.tables[policy.table])}
    because |= {one.key: one.body for one in counting if one.kind == CONDITION}
    body = {"label": policy.title, "table": policy.table, "since": day_words(policy.since),
            "source": policy.number or policy.title, "because": because}
    gifts = [one.body for one in counting if one.kind == GIFT]
    return body | ({"until": day_words(policy.until)} if policy.until else {}) | ({"gives": gifts[0]} if gifts else {})


def made_of(key: str, body: Mapping[str, Any], catalog: Catalog, wrong: list[str]) -> Rule | None:
    """The rule of a body; `wrong` grows by what is wrong with it."""
    return rule_from(key, body, catalog.tables, catalog.parameters, wrong)


def rules_of(policy: Policy, catalog: Catalog) -> tuple[Rule, ...]:
    """The rule of a policy, `policy.<number>`: of the newest published edition, else of what is confirmed so far."""
    return tuple(rules_of_all([policy], catalog).values())


def rules_of_all(policies: Iterable[Policy], catalog: Catalog) -> dict[int, Rule]:
    """The rules of many policies, by number, in one query; one that cannot be read any more raises BadDeclaration."""
    found, troubles = rules_read(policies, catalog)
    if troubles:
        raise BadDeclaration("; ".join(troubles.values()))
    return found


def rules_read(policies: Iterable[Policy], catalog: Catalog) -> tuple[dict[int, Rule], dict[int, str]]:
    """The rules of policies by number, and why others cannot be read: a column or a parameter they name may be gone."""
    rows = list(policies)
    frozen = {(one.policy_id, one.n): one.body["rule"] for one in
              PolicyVersion.objects.filter(policy__in=[row.pk for row in rows if row.edition])}
    found: dict[int, Rule] = {}
    troubles: dict[int, str] = {}
    for row in rows:
        wrong: list[str] = []
        body = frozen.get((row.pk, row.edition)) or rule_body(row, row.clauses.all(), catalog)
        rule = made_of(rule_key(row.pk), body, catalog, wrong)
        if rule is None:
            troubles[row.pk] = "；".join(wrong)
        else:
            found[row.pk] = rule
    return found, troubles


def published(table: str, day: date, areas: Iterable[str] | None = None) -> list[Policy]:
    """Published policies that hold on a day for parties of these areas (of all where none is said), the newest first."""
    rows = Policy.objects.filter(table=table, state=PUBLISHED, since__lte=day).exclude(until__lt=day).select_related("office")
    told = None if areas is None else tuple(areas)
    return [one for one in rows.order_by("-published_at", "-pk")
            if told is None or any(inside(area, one.area) for area in told)]


def frozen_body(policy: Policy, clauses: Iterable[PolicyClause], catalog: Catalog) -> dict[str, Any]:
    """Every word of a policy as a version keeps it."""
    rows = [one for one in clauses if one.state == CONFIRMED]
    kept = [{"n": one.n, "kind": one.kind, "body": one.body, "start": one.start, "end": one.end} for one in rows]
    return plain(policy, ("area", "table", *FIELDS)) | {"clauses": kept, "rule": rule_body(policy, rows, catalog)}


def digest(body: Mapping[str, Any]) -> str:
    """Hash of a frozen body."""
    return hashlib.sha256(canonical(body).encode()).hexdigest()
