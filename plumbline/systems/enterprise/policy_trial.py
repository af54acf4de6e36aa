"""How many firms a policy fits while it is being typed: three answers, and what each condition shuts out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from plumbline.engine import Page
from plumbline.engine.fitting import ELIGIBLE, NOT_ELIGIBLE, UNKNOWN, Over, fit, gives, parties
from plumbline.kernel import BadInput, Catalog, Condition, Finding, Rule, Table, area_name, inside
from plumbline.kernel.printing import rounded
from plumbline.store import declarations, policies
from plumbline.store.policies import Policy, PolicyClause
from plumbline.store.policies.rules import made_of, within_area
from plumbline.store.policies.wording import clause_findings
from plumbline.store.words import refuse
from plumbline.systems.enterprise.policy_forms import condition_of, gift_of, typed_of
from plumbline.systems.enterprise.policy_words import gift_reading, percent, width
from plumbline.web import links
from plumbline.web.row_source import inputs_of
from plumbline.web.screen import show
from plumbline.web.words import amount

ANSWERS = ((ELIGIBLE, "符合"), (UNKNOWN, "无法判断"), (NOT_ELIGIBLE, "不符合"))
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """A condition: how many firms it fails for, cannot be told of, and shuts out alone; widths for the drawing.

    most  whether it shuts out more than any other
    """

    name: str
    label: str
    fails: int
    unknown: int
    alone: int
    fails_width: str
    unknown_width: str
    most: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A firm of an answer; without an address where there is no page of it."""

    code: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the three answers: how many firms, what share, some of them, and where all of them are."""

    key: str
    label: str
    count: int
    share: str
    width: str
    examples: list[Example] = field(default_factory=list)
    href: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """What the rule as typed would do in an area.

    reading  the condition, or the gift, that is being typed, in Chinese
    amount   what all it fits would be given together, in words; empty where it gives none
    """

    area: str = ""
    day: date | None = None
    total: int = 0
    answers: list[Answer] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    reading: tuple[str, ...] = ()
    amount: str = ""
    findings: list[Finding] = field(default_factory=list)


def trial(request: HttpRequest, policy: Policy) -> Trial:
    """The trial of a policy with the clause its form is sent with in place."""
    catalog = declarations.catalog()
    rows = [one for one in policy.clauses.all() if one.state == "confirmed"]
    try:
        rows, reading = with_typed(request, policy, rows, catalog)
    except BadInput as error:
        return Trial(findings=list(error.findings))
    return tried(request.user, policy, rows, catalog, reading)


def with_typed(request: HttpRequest, policy: Policy, rows: list[PolicyClause],
               catalog: Catalog) -> tuple[list[PolicyClause], tuple[str, ...]]:
    """The clauses with the one that is being typed among them, and how that one reads."""
    told, table = request.POST, catalog.tables[policy.table]
    held = next((one for one in policy.clauses.all() if str(one.pk) == told.get("clause")), None)
    others = [one for one in rows if held is None or one.pk != held.pk]
    kind, n = told.get("kind", ""), held.n if held else max([one.n for one in policy.clauses.all()], default=0) + 1
    if kind == "gift":
        body: dict[str, Any] = gift_of(told)
        refuse_unusable(kind, body if body["base"] else None, table, catalog)
        reading = gift_reading(body, table, catalog) if body["base"] else ()
        gift = PolicyClause(policy=policy, n=n, kind="gift", body=body, state="confirmed")
        return [*(one for one in others if one.kind != "gift"), *([gift] if reading else [])], reading
    if kind != "condition" or typed_of(told).empty:
        return rows, ()
    body = condition_of(told, table, catalog)
    refuse_unusable(kind, body, table, catalog)
    made = PolicyClause(policy=policy, n=n, kind="condition", body=body, state="confirmed")
    return sorted([*others, made], key=lambda one: one.n), (body["label"],)


def refuse_unusable(kind: str, body: Mapping[str, Any] | None, table: Table, catalog: Catalog) -> None:
    """Raise with what could not be saved either, before anything is asked of the rows; its name may still be missing."""
    found = clause_findings(kind, body, table, catalog) if body else []
    refuse(one for one in found if one.check not in ("policy.label", "policy.source"))


def tried(user: Any, policy: Policy, rows: Sequence[PolicyClause], catalog: Catalog, reading: tuple[str, ...] = ()) -> Trial:
    """How many firms these clauses fit, in the part of the policy's area that the user sees."""
    wrong: list[str] = []
    rule = made_of(policies.rule_key(policy.pk), policies.rule_body(policy, rows, catalog), catalog, wrong)
    if rule is None:
        return Trial(reading=reading, findings=[Finding("policy.rule", "条件", one) for one in wrong])
    area = area_of(user, policy)
    table = catalog.tables[policy.table]
    over = Over(inputs_of(table), catalog.parameters, timezone.localdate(), within_area(area, table)["text"])
    told = fit(rule, over)
    total = told.eligible + told.not_eligible + told.unknown
    answers = []
    for key, label in ANSWERS:
        count = getattr(told, key)
        page = parties(rule, over, key, Page(0, EXAMPLES), count).rows if count else ()
        some = [example(table, row) for row in page]
        answers.append(Answer(key, label, count, percent(count, total), width(count, total), some))
    return Trial(area_name(area), over.day, total, answers, bars_of(rule, told.by, total), reading, amount_words(rule, over))


def amount_words(rule: Rule, over: Over) -> str:
    """What a rule gives together, how much that is for one on average, and of how many nobody can tell."""
    if rule.gives is None:
        return ""
    told = gives(rule, over)
    each = f"，平均每家 {amount(rounded(told.total / told.counted, 2), '元')}" if told.counted else ""
    unknown = f"；另有 {told.unknown} 家缺资料，算不出金额" if told.unknown else ""
    return f"符合的全部享受，合计 {amount(told.total, '元')}{each}{unknown}。"


def area_of(user: Any, policy: Policy) -> str:
    """The narrower of the policy's area and the user's."""
    return user.area if user.area and inside(user.area, policy.area) else policy.area


def bars_of(rule: Rule, by: Any, total: int) -> list[Bar]:
    """The conditions as bars, but for the one of the area."""
    shown = [one for one in rule.conditions if one.key != policies.AREA and one.key in by]
    most = max((by[one.key][0] for one in shown), default=0)
    return [_bar(one, tuple(by[one.key]), total, most) for one in shown]


def _bar(one: Condition, told: tuple[int, int, int], total: int, most: int) -> Bar:
    fails, unknown, alone = told
    return Bar(one.key, one.label, fails, unknown, alone, width(fails, total), width(unknown, total), 0 < fails == most)


def example(table: Table, row: Any) -> Example:
    """A firm of the roll, with the address of its page where there is one."""
    key = str(row[table.identity[0]])
    return Example(key, str(row.get("name") or key), links.party(table.key, key))


def piece(request: HttpRequest, policy: Policy) -> HttpResponseBase:
    """The trial as a piece of the workbench."""
    return show(request, trial(request, policy), "enterprise/policy-trial.html")
