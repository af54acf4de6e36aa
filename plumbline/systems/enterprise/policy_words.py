"""A policy in the words of an official: clauses read in Chinese, the gift, days, the paper's text with its clauses marked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from plumbline.kernel import BadInput, Catalog, Table, parse_expression
from plumbline.store.policies import Policy, PolicyClause
from plumbline.web.words import amount, exact, share_words

NO_END = "长期有效"


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """A clause as pages show it.

    reading  its expression in Chinese; of a gift, how it is reckoned, line by line
    quote    the words of the paper it stands on; empty where it was typed without any
    trouble  why it can no longer be read; empty where it can
    """

    key: int
    n: int
    name: str
    kind: str
    state: str
    state_words: str
    label: str
    reading: tuple[str, ...]
    text: str
    source: str
    quote: str
    start: int | None
    sure: bool
    why: str
    by: str
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a paper's text; `clause` the number of the clause it is, 0 of none."""

    text: str
    clause: int = 0
    state: str = ""


def clause_words(row: PolicyClause, policy: Policy, table: Table, catalog: Catalog) -> ClauseWords:
    """A clause in words."""
    trouble = ""
    try:
        reading = reading_of(row, table, catalog)
    except BadInput as error:
        reading, trouble = (), "；".join(one.message for one in error.findings)
    quote = policy.text[row.start:row.end] if row.start is not None and row.end is not None else ""
    return ClauseWords(
        row.pk or 0, row.n, row.key, row.kind, row.state, row.get_state_display(), str(row.body.get("label", "")), reading,
        str(row.body.get("text") or row.body.get("base", "")), str(row.body.get("source", "")), quote, row.start, row.sure,
        row.why, str(row.confirmed_by) if row.confirmed_by_id else "", trouble)


def reading_of(row: PolicyClause, table: Table, catalog: Catalog) -> tuple[str, ...]:
    """A clause in Chinese, line by line; nothing where nobody could read it yet."""
    if row.kind == "gift":
        return gift_reading(row.body, table, catalog)
    text = str(row.body.get("text", ""))
    return (read(text, table, catalog),) if text else ()


def read(text: str, table: Table, catalog: Catalog) -> str:
    """An expression in Chinese."""
    return parse_expression(text, table, catalog.parameters).chinese()


def gift_reading(body: Mapping[str, Any], table: Table, catalog: Catalog) -> tuple[str, ...]:
    """How a gift is reckoned, line by line."""
    lines = [f"基数：{read(str(body.get('base', '')), table, catalog)}"]
    lines += [f"{read(band['when'], table, catalog)}的，按 {rate_words(band['rate'], table, catalog)}"
              for band in body.get("bands") or ()]
    if body.get("rate"):
        lines.append(f"{'其余按' if body.get('bands') else '比例：'} {rate_words(str(body['rate']), table, catalog)}")
    if body.get("cap"):
        lines.append(f"最高：{cap_words(str(body['cap']), table, catalog)}")
    return tuple(lines)


def cap_words(text: str, table: Table, catalog: Catalog) -> str:
    """The most a gift may be: yuan where it is a plain number."""
    most = exact(text)
    return read(text, table, catalog) if most is None else amount(most, "元")


def rate_words(text: str, table: Table, catalog: Catalog) -> str:
    """A rate in words: 30%, or what a parameter says."""
    try:
        rate = Decimal(text)
    except InvalidOperation:
        return read(text, table, catalog)
    return "全额" if rate == 1 else f"{(rate * 100).normalize():f}%"


def days_words(since: date | None, until: date | None, open_end: str = NO_END) -> str:
    """A stretch of days in words.

    >>> days_words(date(2020, 2, 1), None), days_words(None, date(2020, 6, 30))
    ('2020-02-01 起，长期有效', '至 2020-06-30')
    """
    if since and until:
        return f"{since} 至 {until}"
    return f"{since} 起，{open_end}" if since else f"至 {until}" if until else open_end


def marked(text: str, clauses: Iterable[PolicyClause]) -> list[list[Run]]:
    """A paper's paragraphs with its clauses in their places; where two overlap, the first has the words."""
    spans = sorted((one.start, one.end, one.n, one.state) for one in clauses if one.start is not None and one.end is not None)
    runs, at = list[Run](), 0
    for start, end, n, state in spans:
        start = max(start, at)
        if start < end <= len(text):
            runs += [Run(text[at:start]), Run(text[start:end], n, state)]
            at = end
    return paragraphs([*runs, Run(text[at:])])


def paragraphs(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs cut at line ends; empty lines are left out."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        lines[-1] += [Run(first, run.clause, run.state)] if first else []
        for more in others:
            lines.append([Run(more, run.clause, run.state)] if more else [])
    return [line for line in lines if any(run.text.strip() for run in line)]


def percent(part: int, whole: int) -> str:
    """A share in print; empty where there is nothing it is a share of."""
    return share_words(Decimal(part) / whole) if whole else ""


def width(part: int, whole: int) -> str:
    """How wide a bar is, for a style: at least a hair where there is anything."""
    return f"{max(Decimal(100 * part) / whole, Decimal('0.5')):.1f}%" if part and whole else "0"
