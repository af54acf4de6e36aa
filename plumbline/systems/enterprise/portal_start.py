"""A firm's first page: what fits it, what nearly fits, what cannot be told and which facts would tell."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from plumbline.kernel import BadInput, Column, Finding
from plumbline.kernel.decision import Told
from plumbline.store.models import Binding, Order
from plumbline.store.parties import pushing, statements
from plumbline.store.policies.tables import AUTOMATIC
from plumbline.systems.enterprise.money_words import ANSWERS, KIND, MARKS
from plumbline.systems.enterprise.portal_door import Firm, bound, of_firm
from plumbline.systems.enterprise.portal_known import (
    TABLE,
    Answer,
    answers,
    clauses_of,
    deciding,
    shown,
    table,
    yuan,
)
from plumbline.web.firms import for_firms, is_firm, strange
from plumbline.web.orders.forms import Asked, asked_of
from plumbline.web.screen import show, twin


@dataclass(frozen=True, slots=True)
class Head:
    """What every page of a firm has above: its name and code, the tabs, the other firms of the account."""

    key: str
    name: str
    here: str
    others: list[tuple[str, str]]
    unread: int = 0


def head_of(firm: Firm, here: str) -> Head:
    """The head of a firm's page."""
    unread = pushing.unread(TABLE, firm.key)
    return Head(firm.key, firm.name, here, firm.others, unread)


@dataclass(frozen=True, slots=True)
class Reason:
    """A condition: what it is, what it says of the firm, how far it misses or what is missing; the clause it comes from."""

    label: str
    mark: str
    words: str
    note: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """A policy as its card shows it.

    note   in one line: what is given, what misses, what is missing
    until  last day to apply, in words
    order  number of the application there is already
    """

    policy: int
    title: str
    issuer: str
    answer: str
    mark: str
    amount: str
    until: str
    automatic: bool
    note: str
    stated: bool
    order: str
    href: str


@dataclass(frozen=True, slots=True)
class StartPage:
    """A firm's first page. form: the few facts that would tell most; tells: of how many policies."""

    head: Head
    known: bool
    fits: list[Fit]
    near: list[Fit]
    untold: list[Fit]
    others: list[Fit]
    total: str
    form: list[Asked]
    tells: int
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HomePage:
    """Where an account begins that speaks for no firm yet, or for several."""

    firms: list[tuple[str, str]]
    waiting: list[Binding] = field(metadata={"json": False})


@for_firms
def home(request: HttpRequest) -> HttpResponseBase:
    """The firm of the account; the list of them, where there are several or none."""
    if not is_firm(request.user):
        return strange(request, "firm") if request.user.is_anonymous else redirect("home")
    own = bound(request.user)
    waiting = list(Binding.objects.filter(user=request.user).exclude(state="confirmed").order_by("-pk")[:20])
    if len(own) == 1 and "all" not in request.GET:
        return redirect("firm-start", own[0].key)
    return show(request, HomePage([(one.key, one.name) for one in own], waiting), "enterprise/portal-home.html")


@of_firm
def start(request: HttpRequest, firm: Firm) -> HttpResponseBase:
    """The first page; sent a form, it keeps what the firm says of itself and asks again."""
    found: list[Finding] = []
    if request.method == "POST":
        try:
            kept = state(request, firm)
        except BadInput as error:
            found = list(error.findings)
        else:
            messages.success(request, f"已记下 {kept} 项，按您填的重新判断了；工作人员核对前标作「自述待核」。")
            return redirect("firm-start", firm.key)
    return show(request, start_page(firm, found), "enterprise/portal-start.html", 400 if found else 200)


def state(request: HttpRequest, firm: Firm) -> int:
    """Keep what was typed in fields `v.…`; how many facts."""
    told = {name[2:]: text[:200] for name, text in request.POST.items() if name.startswith("v.") and text.strip()}
    return len(statements.state(request.user, table(), firm.key, told, request.POST.get("why", "")))


def start_page(firm: Firm, findings: list[Finding]) -> StartPage:
    """Everything the first page shows."""
    told = answers(firm.known, firm.day) if firm.known else []
    orders = applied(firm)
    cards = [(one, fit_of(firm, one, orders)) for one in told]
    fits = [card for one, card in cards if one.decision.holds]
    untold = [one for one, _ in cards if one.decision.holds is None]
    amounts = [one.decision.amount for one, _ in cards if one.decision.amount]
    return StartPage(
        head_of(firm, "start"), firm.known is not None, fits,
        [card for one, card in cards if one.decision.holds is False and one.decision.near],
        [card for one, card in cards if one.decision.holds is None],
        [card for one, card in cards if one.decision.holds is False and not one.decision.near],
        yuan(sum(amounts, Decimal(0))) if amounts else "", [asked(one) for one in deciding(untold)], len(untold), findings)


def asked(column: Column) -> Asked:
    """A fact as a form asks for it."""
    one = asked_of(column, False)
    return Asked(f"v.{one.key}", one.label, one.kind, False, "", one.choices, one.hint)


def applied(firm: Firm) -> dict[str, str]:
    """The firm's applications that are not over without money: number by policy."""
    rows = Order.objects.filter(kind=KIND, subject=firm.key).exclude(state_kind="void").order_by("pk")
    return {str(fields.get("policy")): number for fields, number in rows.values_list("fields", "number")}


def fit_of(firm: Firm, one: Answer, orders: dict[str, str]) -> Fit:
    """A policy's card."""
    policy, told = one.policy, one.decision
    until = policy.apply_until or policy.until
    return Fit(
        policy.pk, policy.title, policy.issuer, ANSWERS[told.holds], MARKS[told.holds], yuan(told.amount),
        f"{until:%Y年%-m月%-d日}" if until else "", policy.way == AUTOMATIC, note_of(one),
        bool(firm.known and firm.known.told.keys() & set(one.reads)), orders.get(str(policy.pk), ""),
        reverse("firm-policy", args=[firm.key, policy.pk]))


def note_of(one: Answer) -> str:
    """A policy's answer in one line."""
    told, columns = one.decision, {column.key: column.label for column in table().columns}
    if told.holds:
        return told.why_no_amount if told.amount is None else ""
    if told.holds is None:
        return f"还差：{'、'.join(columns.get(key, key) for key in told.wants)}" if told.wants else "现有信息不能判断"
    if told.near:
        return told.near.words
    failing = [each.label for each in told.conditions if each.holds is False]
    return f"不符合：{'；'.join(failing[:2])}{'等' if len(failing) > 2 else ''}"


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """A policy as a firm reads it: its answer, every reason with the clause, what to bring, how to apply."""

    head: Head
    fit: Fit
    number: str
    office: str
    since: str
    reasons: list[Reason]
    materials: list[str]
    form: list[Asked]
    facts: list[tuple[str, str, bool]]
    apply: str
    findings: list[Finding] = field(default_factory=list)


def answer_of(firm: Firm, policy: int) -> Answer | None:
    """What one published policy answers."""
    told = answers(firm.known, firm.day) if firm.known else []
    return next((one for one in told if one.policy.pk == policy), None)


@of_firm
def policy(request: HttpRequest, firm: Firm, policy: int) -> HttpResponseBase:
    """One policy with all its reasons; opened, it counts as read."""
    one = answer_of(firm, policy)
    if one is None:
        return strange(request, f"{firm.key} {policy}", "打开不适用的政策")
    found: list[Finding] = []
    if request.method == "POST":
        try:
            kept = state(request, firm)
        except BadInput as error:
            found = list(error.findings)
        else:
            messages.success(request, f"已记下 {kept} 项，按您填的重新判断了。")
            return redirect("firm-policy", firm.key, policy)
    pushing.read(TABLE, firm.key, policy)
    return show(request, policy_page(firm, one, found), "enterprise/portal-policy.html", 400 if found else 200)


def policy_page(firm: Firm, one: Answer, findings: list[Finding]) -> PolicyPage:
    """Everything a policy's page shows."""
    clauses, columns = clauses_of(one.policy), {column.key: column for column in table().columns}
    wanted = [columns[key] for key in one.decision.wants if key in columns]
    whole, told = (firm.known.whole, firm.known.told) if firm.known else ({}, {})
    facts = [(columns[key].label, shown(columns[key], whole.get(key)) or "未知", key in told)
             for key in one.reads if key in columns and not columns[key].personal]
    fit = fit_of(firm, one, applied(firm))
    return PolicyPage(
        head_of(firm, "start"), fit, one.policy.number, str(one.policy.office or ""), f"{one.policy.since:%Y年%-m月%-d日}",
        [reason_of(each, clauses, columns) for each in one.decision.conditions], [str(each) for each in one.policy.materials],
        [asked(each) for each in wanted], facts, apply_address(firm, one, fit), findings)


def reason_of(told: Told, clauses: dict[str, str], columns: dict[str, Column]) -> Reason:
    """A condition in words."""
    lacks = "、".join(columns[key].label for key in told.wants if key in columns)
    note = told.near if told.holds is False else f"还不知道{lacks}" if told.holds is None and lacks else ""
    return Reason(told.label, MARKS[told.holds], ANSWERS[told.holds], note, clauses.get(told.key, ""))


def apply_address(firm: Firm, one: Answer, fit: Fit) -> str:
    """Where one applies; empty where it does not fit, was applied for, needs no application, or it is not the time."""
    policy = one.policy
    early = policy.apply_since is not None and firm.day < policy.apply_since
    late = policy.apply_until is not None and policy.apply_until < firm.day
    if one.decision.holds is not True or fit.order or fit.automatic or early or late:
        return ""
    return reverse("firm-apply", args=[firm.key, policy.pk])


urls = [
    *twin("firm", home, "firm"),
    *twin("firm/<str:key>", start, "firm-start"),
    *twin("firm/<str:key>/policies/<int:policy>", policy, "firm-policy"),
]
