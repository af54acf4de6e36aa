"""Whom one rule fits, asked of the rows at once: counts while it is being typed, and the rows of each answer by the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from plumbline.engine.pages import Page, Question, Rows, duck, paged
from plumbline.engine.reading import expression
from plumbline.kernel import Expression, Inputs, Parameter, Rule

ELIGIBLE, NOT_ELIGIBLE, UNKNOWN = "eligible", "not_eligible", "unknown"


@dataclass(frozen=True, slots=True)
class Fit:
    """How many rows a rule fits.

    by  key of a condition → rows it fails for, rows it cannot be told of, rows that fail by it alone
    """

    eligible: int
    not_eligible: int
    unknown: int
    by: Mapping[str, tuple[int, int, int]]


def fit(rule: Rule, inputs: Inputs, parameters: Mapping[str, Parameter], day: date, narrowed: str = "") -> Fit:
    """How many rows a rule fits on a day, in one pass.

    narrowed  an expression the rows looked at must meet, without parameters; empty for all
    Raises    BadInput for an expression that cannot be used
    """
    read = _read(rule, inputs, parameters)
    only = expression(narrowed, inputs.table, {})
    columns = sorted(frozenset().union(*(one.columns for one in (*read.values(), only) if one)))
    names = [f"c{n}_" for n in range(len(read))]
    tests = ", ".join(f"({one.sql('duckdb', day)}) AS {name}" for one, name in zip(read.values(), names, strict=True))
    source = duck().source(inputs, columns or [inputs.table.area])
    where = f" WHERE {only.sql('duckdb', date.max)}" if only else ""
    told = ["count(*)", _many(" AND ".join(names)), _many(f"NOT ({' AND '.join(names)})")]
    for name in names:
        others = [f"NOT {name}", *(other for other in names if other != name)]
        told += [_many(f"NOT {name}"), _many(f"{name} IS NULL"), _many(" AND ".join(others))]
    [row] = duck().query(f"SELECT {', '.join(told)} FROM (SELECT {tests} FROM {source} AS t_{where}) AS c_")
    every, eligible, shut, *each = row
    by = {key: (each[3 * n], each[3 * n + 1], each[3 * n + 2]) for n, key in enumerate(read)}
    return Fit(eligible, shut, every - eligible - shut, by)


def parties(rule: Rule, inputs: Inputs, over: tuple[Mapping[str, Parameter], date], answer: str, narrowed: str = "",
            page: Page = Page()) -> Rows:  # noqa: B008  a page never changes
    """The rows a rule gives an answer for, a page of them.

    over    parameters, and the day they are taken of
    answer  eligible | not_eligible | unknown
    """
    question = _question(rule, inputs, over, answer, narrowed)
    return paged(question, (), page)


def _question(rule: Rule, inputs: Inputs, over: tuple[Mapping[str, Parameter], date], answer: str, narrowed: str) -> Question:
    parameters, day = over
    read = _read(rule, inputs, parameters)
    every = " AND ".join(f"({one.sql('duckdb', day)})" for one in read.values())
    parts = [{ELIGIBLE: every, NOT_ELIGIBLE: f"NOT ({every})", UNKNOWN: f"({every}) IS NULL"}[answer]]
    only = expression(narrowed, inputs.table, {})
    parts += [f"({only.sql('duckdb', date.max)})"] if only else []
    columns = frozenset[str]().union(*(one.columns for one in (*read.values(), only) if one))
    return Question(inputs, " AND ".join(parts), columns)


def _read(rule: Rule, inputs: Inputs, parameters: Mapping[str, Parameter]) -> dict[str, Expression]:
    """The conditions of a rule, read, by key."""
    read = {one.key: expression(one.text, inputs.table, parameters) for one in rule.conditions}
    return {key: one for key, one in read.items() if one is not None}


def _many(condition: str) -> str:
    return f"count(*) FILTER (WHERE {condition})"
