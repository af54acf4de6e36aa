"""What happened to firms under a policy, gathered: whom it fits, who was told, applied and was paid."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from plumbline.engine import streamed
from plumbline.engine.decide import decide
from plumbline.engine.eligible import eligible
from plumbline.engine.tallies import tallies
from plumbline.kernel import Rule, inside, scope
from plumbline.store import batches, policies, rolls
from plumbline.store.models import Policy
from plumbline.store.parties.tables import PAGE, Push
from plumbline.systems.enterprise.activity import FIRMS
from plumbline.systems.enterprise.activity_view import Eye
from plumbline.systems.enterprise.assess import Told
from plumbline.web.row_filters import quoted

APPLICATIONS = "enterprise.applications"
# more firms that fit than these are looked at by district
MOST = 200_000
CELLS = ("code", "area", "size", "trade", "street")


@dataclass(frozen=True, slots=True)
class Programme:
    """A policy under which firms applied: its key (number of a policy here, or the paper's own), how many, how much."""

    key: str
    title: str
    applied: int
    paid: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Gathered:
    """The firms of a policy; `unknown` more of which nobody can tell whether it fits, `cut` where not all were looked at."""

    told: tuple[Told, ...]
    unknown: int
    cut: bool


def applications(eye: Eye, where: str = "") -> Iterator[Mapping[str, Any]]:
    """Applications of the area this person may see, void ones left out."""
    for part in streamed(batches.inputs(eye.catalog.tables[APPLICATIONS]), within(eye, where)):
        yield from part.to_pylist()


def within(eye: Eye, where: str = "") -> str:
    """The condition of applications that count, and that a person may see."""
    return " and ".join(f"({one})" for one in (
        "state_kind <> 'void'", f"area like '{scope(eye.area)}%'", where, eye.within) if one)


def programmes(eye: Eye) -> list[Programme]:
    """All policies under which firms of the area applied, the largest sum first; published ones without any at the end."""
    found: dict[str, Programme] = {}
    told = tallies(batches.inputs(eye.catalog.tables[APPLICATIONS]), eye.area, None,
                   ("policy", "policy_title", "paid_on is not null"), "amount", within(eye))
    for row in told:
        policy, title, paid = row.values[0] or "", row.values[1] or "", row.values[2] == "true"
        one = found.get(policy) or Programme(policy, title, 0, 0, Decimal(0))
        found[one.key] = replace(one, applied=one.applied + row.count, paid=one.paid + paid * row.count,
                                 amount=one.amount + (Decimal(row.total).scaleb(-2) if paid else 0))
    for policy in Policy.objects.visible_to(eye.user).filter(edition__gt=0, table=FIRMS):
        found.setdefault(str(policy.pk), Programme(str(policy.pk), policy.title, 0, 0, Decimal(0)))
    return sorted(found.values(), key=lambda one: (-one.amount, one.key))


def rules(eye: Eye) -> dict[str, Rule]:
    """Rules of the library that say whom a past policy fitted, by key; the newest entry of each."""
    return {key: entries[-1] for key, entries in eye.catalog.rules.items() if entries[-1].table == FIRMS}


def rule_for(eye: Eye, key: str, chosen: str) -> Rule | None:
    """The rule a policy is held against: its own, or the one of the library that was chosen."""
    policy = policy_of(eye, key)
    if policy is not None:
        return next(iter(policies.rules_of(policy, eye.catalog)), None)
    return rules(eye).get(chosen)


def policy_of(eye: Eye, key: str) -> Policy | None:
    """The published policy of a number, if this person sees it."""
    return Policy.objects.visible_to(eye.user).filter(pk=int(key), edition__gt=0).first() \
        if key.isascii() and key.isdigit() and len(key) < 18 else None


def gathered(eye: Eye, key: str, rule: Rule | None) -> Gathered:
    """The firms of a policy in the area."""
    found: dict[str, Told] = {}
    unknown, cut, near = 0, False, scope(eye.area)
    if rule is not None:
        day = timezone.localdate()
        day = day if rule.until is None else min(day, rule.until)
        decided = decide([rule], eye.roll, day, eye.catalog.parameters)
        unknown = sum(one[2] for area, one in decided.by(rule.key, "area").items() if inside(area, eye.area))
        for code, area, size, trade, street in eligible(decided, rule.key, CELLS):
            if area.startswith(near) and eye.own_street in ("", street):
                found[code] = Told(code, True, size or "", trade or "", street or "")
            if len(found) > MOST:
                cut = True
                break
    _applied(eye, key, rule, found)
    _pushed(eye, key, found)
    return Gathered(tuple(found.values()), unknown, cut)


def _applied(eye: Eye, key: str, rule: Rule | None, found: dict[str, Told]) -> None:
    """Add who applied and was paid: of several applications the first of each, and the sum of what was paid."""
    rows = list(applications(eye, f"policy = {quoted(key)}"))
    strange = {row["code"] for row in rows} - found.keys()
    known = rolls.rows_of(eye.catalog.tables[FIRMS], strange, ("size", "trade", "street")) if strange else {}
    for row in rows:
        code = row["code"]
        one = found.get(code) or _stranger(code, rule, known.get(code, {}), row)
        amount = (one.amount or Decimal(0)) + (row["amount"] or Decimal(0)) if row["paid_on"] else one.amount
        found[code] = replace(one, applied_on=_first(one.applied_on, row["opened_on"]),
                              paid_on=_first(one.paid_on, row["paid_on"]), amount=amount)


def _stranger(code: str, rule: Rule | None, firm: Mapping[str, Any], row: Mapping[str, Any]) -> Told:
    """Who applied and is not among those it fits; where no rule was chosen, nobody can tell."""
    return Told(code, None if rule is None else False, firm.get("size") or row["size"] or "", firm.get("trade") or "",
                row["street"] or firm.get("street") or "")


def _first(*days: date | None) -> date | None:
    return min((one for one in days if one), default=None)


def _pushed(eye: Eye, key: str, found: dict[str, Told]) -> None:
    """Add who was told, and who opened it."""
    if not key.isdigit():
        return
    told = Push.objects.visible_to(eye.user).filter(policy=int(key), channel=PAGE)
    for code, sent, read in told.values_list("key", "sent_at", "read_at").iterator():
        if one := found.get(code):
            found[code] = replace(one, pushed_on=timezone.localtime(sent).date() if sent else None,
                                  read_on=timezone.localtime(read).date() if read else None)


def names(eye: Eye, codes: Iterable[str]) -> dict[str, str]:
    """Names of some firms."""
    found = rolls.rows_of(eye.catalog.tables[FIRMS], codes, ("name",))
    return {code: row["name"] or code for code, row in found.items()}


__all__ = ["Gathered", "Programme", "gathered", "names", "policy_of", "programmes", "rule_for", "rules"]
