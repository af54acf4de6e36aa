"""One policy: its paper, its conditions, whom it fits, its editions and its story; handed in, approved, revised, ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from plumbline.kernel import BadInput, Catalog, Conflict, Finding, area_name
from plumbline.store import declarations, policies
from plumbline.store.models import Document, PolicyMatch, PolicyVersion
from plumbline.store.people import may
from plumbline.store.policies import PUBLIC, Policy, PolicyClause
from plumbline.systems.enterprise.policy_cells import place_names
from plumbline.systems.enterprise.policy_head import seen_policy
from plumbline.systems.enterprise.policy_trial import ANSWERS, Answer, Bar, bars_of
from plumbline.systems.enterprise.policy_words import ClauseWords, clause_words, days_words, percent, width
from plumbline.web.forms import onward, status_of, told, version
from plumbline.web.history import Step, history
from plumbline.web.screen import act, show, twin
from plumbline.web.table_access import reads
from plumbline.web.words import amount

# how many streets the page shows, all of them are in the matrix; sizes and industries are never more than this
MOST_CELLS, MOST_VALUES = 12, 20
CELLS = (("street", "街道乡镇"), ("size", "规模"), ("trade", "行业"))


@dataclass(frozen=True, slots=True)
class Cell:
    """Firms of one street, size or industry: how many of each answer, and the list of those it fits."""

    value: str
    label: str
    eligible: int
    not_eligible: int
    unknown: int
    width: str
    href: str


@dataclass(frozen=True, slots=True)
class MatchWords:
    """What matching a policy found.

    under_way  whether it is waiting or running; the page asks again then
    """

    state: str
    state_words: str
    under_way: bool
    progress: int
    trouble: str
    day: date | None
    at: datetime | None
    total: int
    answers: list[Answer]
    bars: list[Bar]
    amount: str
    breakdowns: list[tuple[str, list[Cell], int]]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """An edition as the page lists it."""

    n: int
    at: datetime
    by: str
    approved_by: str
    why: str
    href: str


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """One policy; the flags say what this person may do with it now."""

    key: int
    title: str
    state: str
    state_words: str
    edition: int
    version: int
    facts: list[tuple[str, str]]
    document: str
    materials: list[str]
    conditions: list[ClauseWords]
    gift: ClauseWords | None
    open_ones: int
    match: MatchWords | None
    versions: list[VersionRow]
    history: list[Step]
    revision: str
    revises: str
    public: str
    example: bool
    edits: bool
    submits: bool
    approves: bool
    approves_not: str
    revises_now: bool
    ends: bool
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)
    where: str = "policies"


def policy(request: HttpRequest, key: int) -> HttpResponseBase:
    """The policy's page."""
    return page(request, seen_policy(request, key))


def page(request: HttpRequest, one: Policy, error: Exception | None = None) -> HttpResponseBase:
    """The page as it stands; after a refusal with why."""
    user, catalog = request.user, declarations.catalog()
    rows = [one_row for one_row in one.clauses.select_related("confirmed_by") if one_row.state != "dropped"]
    shown = [clause_words(row, one, catalog.tables[one.table], catalog) for row in rows]
    writes, reviews = policies.writes(user, one), may(user, "review", one.area)
    own = user.pk in one.hands
    screen = PolicyPage(
        one.pk, one.title, one.state, one.get_state_display(), one.edition, one.version, facts_of(one), document_of(user, one),
        one.materials, [row for row in shown if row.kind == "condition"], gift_in(shown),
        sum(row.state == "proposed" for row in shown), match_of(user, one, catalog), versions_of(one),
        history(user, "policy", one.pk, 30), revision_of(user, one),
        reverse("policy", args=[one.revises_id]) if one.revises_id else "",
        reverse("public-policy", args=[one.pk]) if one.state in PUBLIC else "", one.example, writes and one.open_to_edit,
        writes and one.state == "draft", reviews and one.state == "submitted" and not own,
        "您起草、改动或提交过这项政策，须由另一位同志审核。" if reviews and one.state == "submitted" and own else "",
        writes and one.state == "published", reviews and one.state == "published", *told(error))
    return show(request, screen, "enterprise/policy.html", status_of(error) if error else 200)


def gift_in(shown: list[ClauseWords]) -> ClauseWords | None:
    """What is given, among clauses; None where nothing is."""
    return next((row for row in shown if row.kind == "gift"), None)


def facts_of(one: Policy) -> list[tuple[str, str]]:
    """What stands above a policy: label and words."""
    made = [("文号", one.number), ("发文机关", one.issuer), ("适用地区", area_name(one.area)), ("办理单位", one.office.name),
            ("办理方式", one.get_way_display()), ("有效期", days_words(one.since, one.until))]
    if one.way == "apply":
        made.append(("申报时间", days_words(one.apply_since, one.apply_until, "长期受理")))
    if one.why_ended:
        made.append(("终止理由", one.why_ended))
    return [(label, words) for label, words in made if words]


def document_of(user: Any, one: Policy) -> str:
    """The reader of the paper, where this person may see it."""
    seen = one.document_id and Document.objects.visible_to(user).filter(pk=one.document_id).exists()
    return reverse("document", args=[one.document_id]) if seen else ""


def revision_of(user: Any, one: Policy) -> str:
    """The page of the next edition that is being written, for those who see it."""
    row = Policy.objects.visible_to(user).filter(revises=one, state__in=("draft", "submitted")).first()
    return reverse("policy", args=[row.pk]) if row else ""


def versions_of(one: Policy) -> list[VersionRow]:
    """The editions, newest first."""
    rows = PolicyVersion.objects.filter(policy=one).select_related("submitted_by", "approved_by").defer("body")
    return [VersionRow(row.n, row.at, str(row.submitted_by or ""), str(row.approved_by), row.why,
                       reverse("policy-version", args=[one.pk, row.n])) for row in rows]


def match_of(user: Any, one: Policy, catalog: Catalog) -> MatchWords | None:
    """What matching found; None where there is none yet to show."""
    match = PolicyMatch.objects.filter(policy=one).first() if one.edition else None
    if match is None:
        return None
    counts, listed = match.counts or {}, reads(user)
    total = sum(counts.get(key, 0) for key, _ in ANSWERS)
    stem = reverse("policy-parties", args=[one.pk])
    answers = [Answer(key, label, counts[key], percent(counts[key], total), width(counts[key], total), [],
                      f"{stem}?answer={key}" if listed else "") for key, label in ANSWERS if counts]
    rule = policies.rules_read([one], catalog)[0].get(one.pk)
    bars = bars_of(rule, {key: tuple(told) for key, told in counts.get("by_condition", {}).items()}, total) if rule else []
    return MatchWords(
        match.state, match.get_state_display(), match.state in ("waiting", "running"), match.progress, match.trouble, match.day,
        match.at, total, answers, bars, amount_words(match), breakdowns(one, match, listed))


def amount_words(match: PolicyMatch) -> str:
    """What those it fits would be given together, and of how many of them nobody can tell."""
    if not match.amount:
        return ""
    unpriced = (match.counts or {}).get("unpriced", 0)
    return amount(match.amount, "元") + (f"（另有 {unpriced} 家缺资料，算不出金额）" if unpriced else "")


def breakdowns(one: Policy, match: PolicyMatch, listed: bool) -> list[tuple[str, list[Cell], int]]:
    """By street, size and industry: label, the cells with most, and how many more there are."""
    made = []
    for column, label in CELLS:
        told: Mapping[str, list[int]] = match.cells.get(column, {}) if match.cells else {}
        order = sorted(told.items(), key=lambda pair: (-pair[1][0], pair[0]))
        most = max((row[0] for _, row in order), default=0)
        shown = order[:MOST_CELLS if column == "street" else MOST_VALUES]
        named = place_names(value for value, _ in shown) if column == "street" else {}
        cells = [cell_of(one, (column, value, named.get(value, value)), row, most if listed else -most) for value, row in shown]
        made += [(label, cells, len(order) - len(shown))] if cells else []
    return made


def cell_of(one: Policy, of: tuple[str, str, str], row: list[int], most: int) -> Cell:
    """One cell of a column, its value and what that is called; a negative `most` says that its firms may not be listed."""
    column, value, name = of
    href = f"{reverse('policy-parties', args=[one.pk])}?answer=eligible&{urlencode({column: value})}" if most >= 0 else ""
    return Cell(value, name or "未填", row[0], row[1], row[2], width(row[0], abs(most)), href)


def edition(request: HttpRequest, key: int, n: int) -> HttpResponseBase:
    """An edition as it was published, word for word."""
    one, catalog = seen_policy(request, key), declarations.catalog()
    row = PolicyVersion.objects.filter(policy=one, n=n).select_related("submitted_by", "approved_by").first()
    if row is None:
        raise Http404
    return show(request, edition_of(one, row, catalog), "enterprise/policy-edition.html")


@dataclass(frozen=True, slots=True)
class EditionPage:
    """An edition of a policy, frozen."""

    key: int
    n: int
    newest: int
    title: str
    at: datetime
    by: str
    approved_by: str
    why: str
    sha256: str
    facts: list[tuple[str, str]]
    materials: list[str]
    clauses: list[ClauseWords]
    text: str
    where: str = "policies"


def edition_of(one: Policy, row: PolicyVersion, catalog: Catalog) -> EditionPage:
    """The page of an edition, from its frozen body alone."""
    body: dict[str, Any] = row.body
    days = {name: date.fromisoformat(body[name]) if body.get(name) else None for name in ("since", "until", "apply_since",
                                                                                         "apply_until")}
    was = Policy(area=body["area"], table=body["table"], title=body["title"], number=body["number"], issuer=body["issuer"],
                 office_id=body["office_id"], text=body["text"], way=body["way"], materials=body["materials"], **days)
    kept = [PolicyClause(policy=was, n=told["n"], kind=told["kind"], body=told["body"], start=told["start"], end=told["end"],
                         state="confirmed") for told in body["clauses"]]
    words = [clause_words(clause, was, catalog.tables[was.table], catalog) for clause in kept]
    return EditionPage(one.pk, row.n, one.edition, was.title, row.at, str(row.submitted_by or ""), str(row.approved_by), row.why,
                       row.sha256, facts_of(was), was.materials, words, was.text)


DEEDS: dict[str, tuple[Callable[..., Policy], str]] = {
    "submit": (policies.submit, "已提交审核，并记入日志；须由另一位同志审核。"),
    "approve": (policies.approve, "已审核通过并发布，并记入日志；正在匹配符合的企业。"),
    "return": (policies.give_back, "已退回起草人，并记入日志。"),
    "revise": (policies.revise, "新的一版已建立；发布之前，现行的一版继续有效。"),
    "end": (policies.end, "已终止，并记入日志。"),
    "drop": (policies.give_up, "已放弃这份草稿，并记入日志。"),
}


def do(request: HttpRequest, key: int, deed: str) -> HttpResponseBase:
    """Hand a policy on."""
    one = seen_policy(request, key)
    if deed not in DEEDS:
        raise Http404
    act_of, words = DEEDS[deed]
    try:
        made = act_of(request.user, key, version(request), request.POST.get("why", ""))
    except (BadInput, Conflict) as error:
        return page(request, one, error)
    messages.success(request, words)
    return onward(request, "policy-work" if deed == "revise" else "policy", made.pk)


urls = [
    *twin("enterprise/policies/<int:key>", policy, "policy"),
    *twin("enterprise/policies/<int:key>/editions/<int:n>", edition, "policy-version"),
    *act("enterprise/policies/<int:key>/do/<str:deed>", do, "policy-do"),
]
