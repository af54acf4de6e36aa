"""Conditions and gifts proposed from a policy's own text; none of them counts before a person confirms it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from plumbline.kernel import BadInput, Conflict
from plumbline.reports.clauses import CONDITION, DAY, GIFT, Proposed
from plumbline.reports.clauses import propose as read_clauses
from plumbline.store import policies
from plumbline.store.policies import Policy
from plumbline.systems.enterprise.clause_words import WORDS
from plumbline.systems.enterprise.policy_head import DAYS
from plumbline.systems.enterprise.policy_workbench import bench, editable
from plumbline.web.forms import onward, version
from plumbline.web.screen import act

# words that say that what follows or went before must not be
TURNED = ("除外", "不", "非", "未", "无", "没有")
LONGEST_LABEL, LONGEST_SOURCE = 40, 120


@dataclass(frozen=True, slots=True)
class Read:
    """A clause as the store keeps a proposal."""

    kind: str
    body: dict[str, Any]
    start: int
    end: int
    sure: bool
    why: str


def propose(request: HttpRequest, key: int) -> HttpResponseBase:
    """Read the policy's text and keep what it proposes; days that differ from the policy's are told."""
    policy = editable(request, key)
    found = read_clauses(policy.text, WORDS)
    try:
        rows = policies.propose(request.user, key, [as_kept(one) for one in found if one.kind != DAY], version(request))
    except (BadInput, Conflict) as error:
        return bench(request, policy, error)
    if rows:
        messages.success(request, f"从原文提出 {len(rows)} 条；请逐条对照原文确认、修改或不采用，确认以前都不算数。")
    else:
        messages.warning(request, "没有从原文读出条件；请在下面自己写。")
    for words in other_days(policy, found):
        messages.info(request, words)
    return onward(request, "policy-work", key)


def as_kept(one: Proposed) -> Read:
    """A proposal for the store; what could not be read comes as a condition without an expression, to be written or dropped."""
    if one.kind == GIFT:
        return Read("gift", dict(one.gift), one.start, one.end, one.sure, one.why)
    text = one.text if one.kind == CONDITION else ""
    turned = text.startswith("not ") and not any(word in one.clause for word in TURNED)
    label = f"{'不是' if turned else ''}{one.clause}"
    body = {"label": label[:LONGEST_LABEL], "text": text, "source": one.clause[:LONGEST_SOURCE]}
    return Read("condition", body, one.start, one.end, one.sure, one.why or ("" if one.text else "没有读懂，请人工填写"))


def other_days(policy: Policy, found: Iterable[Proposed]) -> Iterable[str]:
    """Days the text says that the policy's fields do not, for people to look at."""
    for one in found:
        held: date | None = getattr(policy, one.key, None) if one.kind == DAY and one.key in DAYS else None
        if one.kind == DAY and one.key in DAYS and one.day and one.day != held:
            yield f"原文「{one.clause[:40]}」说{DAYS[one.key]}是 {one.day}，现在填的是 {held or '空'}；请核对基本内容。"


urls = [*act("enterprise/policies/<int:key>/propose", propose, "policy-propose")]
