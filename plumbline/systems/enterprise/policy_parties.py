"""The firms of one answer of a policy: by street, size and industry; paged, exported; each leads to its page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from plumbline.engine import Page
from plumbline.engine.fitting import Over, parties
from plumbline.kernel import CITY, BadInput, Catalog, Finding, Judge, Rule, Table, inside, parse_expression
from plumbline.kernel import Column as TableColumn
from plumbline.store import declarations, policies
from plumbline.systems.enterprise.policy_head import seen_policy
from plumbline.systems.enterprise.policy_page import CELLS
from plumbline.systems.enterprise.policy_trial import ANSWERS
from plumbline.systems.enterprise.policy_words import read
from plumbline.web import links
from plumbline.web.export import export
from plumbline.web.listing import Chosen, Head, Listing, size_of
from plumbline.web.orders.rows import named
from plumbline.web.row_filters import number, quoted, seen
from plumbline.web.row_source import inputs_of
from plumbline.web.screen import FILES, form_of, show, twin
from plumbline.web.table_access import table_seen
from plumbline.web.table_rows import words
from plumbline.web.words import amount

PIECE, MOST_COLUMNS = 1_000, 12
# columns that name a firm; why it has its answer stands behind them
NAMES = 2
WHY = {"eligible": "金额", "unknown": "缺什么", "not_eligible": "为什么"}


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A firm: its cells as words, why it has this answer, and the address of its page."""

    code: str
    cells: list[str]
    why: str
    href: str


@dataclass(frozen=True, slots=True)
class PartiesPage:
    """The firms of one answer.

    conditions  the policy's, in Chinese
    """

    key: int
    title: str
    answer: str
    answer_words: str
    conditions: list[tuple[str, str]]
    stem: str
    list: Listing
    where: str = "policies"


def firms(request: HttpRequest, key: int) -> HttpResponseBase:
    """The list, a page of it, or all as a file."""
    policy, catalog = seen_policy(request, key), declarations.catalog()
    _, table = table_seen(request, policy.table)
    if not policy.edition:
        raise Http404
    rules, troubles = policies.rules_read([policy], catalog)
    if policy.pk in troubles:
        raise BadInput([Finding("policy.rule", policy.title, f"「{policy.title}」的条件现在读不出来：{troubles[policy.pk]}")])
    rule = rules[policy.pk]
    answer = request.GET.get("answer", "")
    answer = answer if answer in dict(ANSWERS) else ANSWERS[0][0]
    narrowed, chosen = narrowing(request, table, answer)
    over = Over(inputs_of(table), catalog.parameters, timezone.localdate(), narrowed)
    columns = columns_of(rule, table, catalog)
    if form_of(request) in FILES:
        first = parties(rule, over, answer, Page(0, 0))
        judge = Judge(rule, table, catalog.parameters, over.day)
        lines = all_lines(lambda page: parties(rule, over, answer, page).rows, first.count, judge, (table, columns))
        title, heads = f"{policy.title}（{dict(ANSWERS)[answer]}）", [*(one.label for one in columns), WHY[answer]]
        return export(title, heads, lines, first.count, form_of(request))
    size, at = size_of(request), number(request.GET.get("page", ""))
    told = parties(rule, over, answer, Page((at - 1) * size, size))
    pages = max((told.count + size - 1) // size, 1)
    if at > pages:
        told = parties(rule, over, answer, Page((pages - 1) * size, size))
    judge = Judge(rule, table, catalog.parameters, over.day)
    address = urlencode({one.key: one.value for one in chosen if one.value})
    in_words = named(table)
    rows = [row_of(judge, table, columns, row, in_words) for row in told.rows]
    shown = Listing(rows, told.count, min(at, pages), pages, chosen, heads_of(columns, answer), address)
    conditions = [(one.label, read(one.text, table, catalog)) for one in rule.conditions if one.key != policies.AREA]
    page = PartiesPage(key, policy.title, answer, dict(ANSWERS)[answer], conditions,
                       reverse("policy-parties", args=[key]).rstrip("/"), shown)
    return show(request, page, "enterprise/policy-parties.html")


def narrowing(request: HttpRequest, table: Table, answer: str) -> tuple[str, list[Chosen]]:
    """The expression of the rows a person sees and chose, and the filters as they stand."""
    area, in_words = getattr(request.user, "area", "") or CITY.code, named(table)
    parts, chosen = list(seen(request.user, table)), [Chosen("answer", "结论", answer, ANSWERS)]
    for key, label in CELLS:
        column = table.column(key)
        if column is None:
            continue
        value = request.GET.get(key, "").replace("\0", "").strip()[:100]
        streets = ((code, name) for code, name in sorted(in_words.get(key, {}).items()) if inside(code[:6], area))
        chosen.append(Chosen(key, label, value, tuple((one, one) for one in column.choices) or tuple(streets)))
        parts += [f'"{key}" = {quoted(value)}'] if value else []
    return " AND ".join(f"({one})" for one in parts), chosen


def columns_of(rule: Rule, table: Table, catalog: Catalog) -> list[TableColumn]:
    """The columns shown: those that name a firm, those the rule asks of, then street, size and industry."""
    read = (parse_expression(one.text, table, catalog.parameters) for one in rule.conditions)
    asked = frozenset[str]().union(*(one.columns for one in read))
    used = [one for one in table.open_columns if one.key in asked and one.key != table.area]
    first = [one for one in table.open_columns if one.key in {*table.identity, "name", *(key for key, _ in CELLS)}]
    return [*first, *(one for one in used if one not in first)][:MOST_COLUMNS]


def heads_of(columns: Sequence[TableColumn], answer: str) -> list[Head]:
    """The heads of the list: why stands beside the name."""
    made = [Head(one.key, one.label, "", "") for one in columns]
    return [*made[:NAMES], Head("why", WHY[answer], "", ""), *made[NAMES:]]


def why_of(judge: Judge, table: Table, row: Any) -> str:
    """Why a firm has its answer: what it is given, what shuts it out (how far, if one thing alone), what would tell."""
    told = judge.on(row)
    if told.holds:
        return amount(told.amount, "元") if told.amount is not None else told.why_no_amount
    if told.holds is None:
        labels = [column.label if (column := table.column(key)) else key for key in told.wants]
        return "、".join(labels) or "现有栏目判断不了"
    failed = [one for one in told.conditions if one.holds is False]
    return failed[0].near or failed[0].label if len(failed) == 1 else "；".join(one.label for one in failed)


def row_of(judge: Judge, table: Table, columns: Sequence[TableColumn], row: Any, in_words: Mapping[str, Any]) -> PartyRow:
    """A firm as the list shows it."""
    code = str(row[table.identity[0]])
    cells = [words(table, column, row.get(column.key), in_words) for column in columns]
    return PartyRow(code, cells, why_of(judge, table, row), links.party(table.key, code))


def all_lines(page_of: Any, count: int, judge: Judge, of: tuple[Table, Sequence[TableColumn]]) -> Iterator[list[object]]:
    """Every row, a piece at a time in memory."""
    table, columns = of
    for first in range(0, count, PIECE):
        for row in page_of(Page(first, PIECE)):
            yield [*(row.get(column.key) for column in columns), why_of(judge, table, row)]


urls = [*twin("enterprise/policies/<int:key>/firms", firms, "policy-parties", *FILES)]
