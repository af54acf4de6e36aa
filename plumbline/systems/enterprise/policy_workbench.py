"""The workbench of a policy: its text with the clauses marked, its clauses, the form of one, and what they would do at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from plumbline.kernel import BadInput, Catalog, Conflict, Finding, Table, parse_expression
from plumbline.kernel.expression import tree
from plumbline.store import declarations, policies
from plumbline.store.policies import Policy, PolicyClause
from plumbline.systems.enterprise.policy_forms import (
    KINDS,
    SIGNS,
    TIMES,
    Typed,
    condition_of,
    gift_of,
    grouped,
    kind_of,
    typed_of,
)
from plumbline.systems.enterprise.policy_head import seen_policy
from plumbline.systems.enterprise.policy_trial import Trial, piece, tried
from plumbline.systems.enterprise.policy_words import ClauseWords, Run, clause_words, marked
from plumbline.web.forms import onward, status_of, told, version, whole
from plumbline.web.screen import act, show, twin

BLANK_BANDS = 2


@dataclass(frozen=True, slots=True)
class Editor:
    """The form of one clause.

    clause   number of the row it changes; 0 for a new one
    how      form | free
    values   as many as the comparison takes
    offered  of a column with choices: each with whether it is chosen
    bands    of a gift: condition and rate
    """

    kind: str
    clause: int
    how: str
    typed: Typed
    label: str = ""
    source: str = ""
    columns: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    signs: tuple[tuple[str, str], ...] = ()
    shape: str = ""
    unit: str = ""
    offered: list[tuple[str, bool]] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    gift: dict[str, str] = field(default_factory=dict)
    bands: list[tuple[str, str]] = field(default_factory=list)
    proposed: bool = False
    times: tuple[tuple[str, str], ...] = TIMES


@dataclass(frozen=True, slots=True)
class Workbench:
    """The workbench of a policy.

    propose_href  where clauses are proposed from the text; empty where there is none
    chips     number columns, for the expressions of the gift: key and label
    """

    key: int
    title: str
    state: str
    state_words: str
    version: int
    editable: bool
    paragraphs: list[list[Run]]
    clauses: list[ClauseWords]
    open_ones: int
    has_gift: bool
    propose_href: str
    editor: Editor
    trial: Trial
    chips: list[tuple[str, str]]
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)
    where: str = "policies"


def work(request: HttpRequest, key: int) -> HttpResponseBase:
    """The workbench."""
    return bench(request, seen_policy(request, key))


def bench(request: HttpRequest, policy: Policy, error: Exception | None = None) -> HttpResponseBase:
    """The workbench as it stands; after a refusal with what was typed."""
    if not (policy.open_to_edit and (policies.writes(request.user, policy) or policy.state == "submitted")):
        raise Http404
    catalog = declarations.catalog()
    table = catalog.tables[policy.table]
    rows = list(policy.clauses.exclude(state="dropped").select_related("confirmed_by"))
    shown = [clause_words(one, policy, table, catalog) for one in rows]
    confirmed = [one for one in rows if one.state == "confirmed"]
    trial = tried(request.user, policy, confirmed, catalog) if any(one.kind == "condition" for one in confirmed) else Trial()
    screen = Workbench(
        policy.pk, policy.title, policy.state, policy.get_state_display(), policy.version,
        policies.writes(request.user, policy), marked(policy.text, rows), shown, sum(one.state == "proposed" for one in shown),
        any(one.kind == "gift" for one in confirmed), propose_address(policy),
        editor_of(request, policy, table, catalog), trial,
        [(one.key, f"{one.label}{f'（{one.unit}）' if one.unit else ''}") for one in table.open_columns
         if one.type in ("integer", "decimal")], *told(error))
    return show(request, screen, "enterprise/policy-workbench.html", status_of(error) if error else 200)


def propose_address(policy: Policy) -> str:
    """Where clauses are proposed from a policy's text."""
    return reverse("policy-propose", args=[policy.pk]) if policy.text.strip() else ""


def editor_of(request: HttpRequest, policy: Policy, table: Table, catalog: Catalog) -> Editor:
    """The form as the address or the form itself asks for it: a clause that is there, or a new one."""
    asked = request.POST if request.method == "POST" else request.GET
    row = policy.clauses.exclude(state="dropped").filter(pk=whole(asked.get("clause", "")) or 0).first()
    kind = row.kind if row else asked.get("kind", "condition")
    if kind == "gift":
        return gift_editor(request, row)
    typing = "column" in asked or "free" in asked
    typed = typed_of(asked) if typing else read_apart(str(row.body.get("text", "")), table, catalog) if row else Typed()
    how = asked.get("how") or ("free" if typed.free else "form")
    if how == "form" and typed.free:
        typed = Typed()
    if how == "free" and not typed.free and row and not asked.get("free"):
        typed = Typed(free=str(row.body.get("text", "")))
    body: Mapping[str, Any] = asked if typing else row.body if row else {}
    made = Editor("condition", row.pk if row else 0, how, typed, str(body.get("label", "")), str(body.get("source", "")),
                  grouped(table), proposed=bool(row and row.state == "proposed"))
    return shaped(made, table)


def shaped(made: Editor, table: Table) -> Editor:
    """The form with what its column takes: comparisons, values, unit."""
    column = next((one for one in table.open_columns if one.key == made.typed.column), None)
    if column is None or made.how == "free":
        return made
    shape, signs = kind_of(column), KINDS[kind_of(column)]
    sign = made.typed.sign if made.typed.sign in dict(signs) else signs[0][0]
    many = 2 if sign == "between" else 1
    values = [*made.typed.values, *[""] * many][:many]
    offered = [(one, one in made.typed.values) for one in column.choices]
    return replace(made, typed=replace(made.typed, sign=sign), signs=signs, shape=shape, unit=column.unit, offered=offered,
                   values=values)


def gift_editor(request: HttpRequest, row: PolicyClause | None) -> Editor:
    """The form of what a policy gives."""
    body = gift_of(request.POST) if "base" in request.POST else row.body if row else {}
    gift = {name: str(body.get(name, "")) for name in ("label", "base", "rate", "cap")}
    bands = [(one["when"], one["rate"]) for one in body.get("bands") or ()]
    return Editor("gift", row.pk if row else 0, "form", Typed(), gift=gift, bands=[*bands, *[("", "")] * BLANK_BANDS],
                  proposed=bool(row and row.state == "proposed"))


def read_apart(text: str, table: Table, catalog: Catalog) -> Typed:
    """An expression as the form would have made it; one that it could not have made stays whole."""
    try:
        root = parse_expression(text, table, catalog.parameters).root
    except BadInput:
        return Typed(free=text)
    turned = isinstance(root, tree.Opposite)
    node = root.part if isinstance(root, tree.Opposite) else root
    if isinstance(node, tree.Field):
        return Typed(node.column.key, "no" if turned else "yes", ("",))
    if isinstance(node, tree.Compare) and not turned:
        return _compared(node, text)
    if isinstance(node, tree.Among) and isinstance(node.part, tree.Field):
        values = tuple(_plain(one) for one in node.items)
        listed = values if node.part.column.choices else ("、".join(values),)
        return Typed(node.part.column.key, "out" if turned else "in", listed) if all(values) else Typed(free=text)
    if isinstance(node, tree.Between) and isinstance(node.part, tree.Field) and not turned:
        ends = (_plain(node.low), _plain(node.high))
        return Typed(node.part.column.key, "between", ends) if all(ends) else Typed(free=text)
    return Typed(free=text)


def _compared(node: tree.Compare, text: str) -> Typed:
    """A column compared with a value."""
    left, value = node.left, _plain(node.right)
    if not isinstance(left, tree.Field) or not value:
        return Typed(free=text)
    if left.column.choices:
        signs = {"=": "in", "<>": "out"}
        return Typed(left.column.key, signs[node.sign], (value,)) if node.sign in signs else Typed(free=text)
    sign = next(key for key, one in SIGNS.items() if one == node.sign)
    return Typed(left.column.key, sign, (value,)) if sign in dict(KINDS[kind_of(left.column)]) else Typed(free=text)


def _plain(node: tree.Node) -> str:
    """A literal as it is typed; empty for anything else."""
    if not isinstance(node, tree.Literal) or node.value is None or isinstance(node.value, bool):
        return ""
    return str(node.value)


def fields(request: HttpRequest, key: int) -> HttpResponseBase:
    """The form of a clause as a piece of the page: after another column, another comparison, or a clause was chosen."""
    policy, catalog = editable(request, key), declarations.catalog()
    editor = editor_of(request, policy, catalog.tables[policy.table], catalog)
    return show(request, {"key": key, "version": policy.version, "editor": editor, "chips": []}, "enterprise/policy-editor.html")


def trial(request: HttpRequest, key: int) -> HttpResponseBase:
    """How many firms the policy fits with the clause as it is typed; keeps nothing."""
    return piece(request, editable(request, key))


def editable(request: HttpRequest, key: int) -> Policy:
    """A policy this user may write; 404 for any other."""
    policy = seen_policy(request, key)
    if not policies.writes(request.user, policy) or not policy.open_to_edit:
        raise Http404
    return policy


def clause(request: HttpRequest, key: int) -> HttpResponseBase:
    """Keep the clause a form was sent with: a new one, a changed one, or a proposal that is confirmed."""
    policy, catalog = editable(request, key), declarations.catalog()
    try:
        row = policy.clauses.filter(pk=whole(request.POST.get("clause", "")) or 0).first()
        kind = row.kind if row else request.POST.get("kind", "condition")
        body = gift_of(request.POST) if kind == "gift" else condition_of(request.POST, catalog.tables[policy.table], catalog)
        if row:
            policies.confirm_condition(request.user, row.pk, body, version(request))
        else:
            policies.add_clause(request.user, key, kind, body, version(request))
    except (BadInput, Conflict) as error:
        return bench(request, policy, error)
    messages.success(request, f"「{body['label']}」已确认，并记入日志。")
    return onward(request, "policy-work", key)


def confirm(request: HttpRequest, key: int, row: int) -> HttpResponseBase:
    """Confirm a proposal as it is."""
    policy = editable(request, key)
    found = policy.clauses.filter(pk=row).first()
    if found is None:
        raise Http404
    try:
        policies.confirm_condition(request.user, row, found.body, version(request))
    except (BadInput, Conflict) as error:
        return bench(request, policy, error)
    messages.success(request, f"「{found}」已确认，并记入日志。")
    return onward(request, "policy-work", key)


def drop(request: HttpRequest, key: int, row: int) -> HttpResponseBase:
    """Leave a clause out."""
    policy = editable(request, key)
    if not policy.clauses.filter(pk=row).exists():
        raise Http404
    try:
        policies.drop_clause(request.user, row, version(request))
    except Conflict as error:
        return bench(request, policy, error)
    messages.success(request, "已去掉这一条，并记入日志。")
    return onward(request, "policy-work", key)


urls = [
    *twin("enterprise/policies/<int:key>/work", work, "policy-work"),
    *twin("enterprise/policies/<int:key>/fields", fields, "policy-fields"),
    *act("enterprise/policies/<int:key>/trial", trial, "policy-trial"),
    *act("enterprise/policies/<int:key>/clauses", clause, "policy-clause"),
    *act("enterprise/policies/<int:key>/clauses/<int:row>/confirm", confirm, "policy-confirm"),
    *act("enterprise/policies/<int:key>/clauses/<int:row>/drop", drop, "policy-drop"),
]
