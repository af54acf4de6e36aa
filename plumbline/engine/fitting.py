"""Whom one rule fits, asked of the rows at once: counts while it is being typed, and the rows of each answer by the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from plumbline.engine.giving import Given, given
from plumbline.engine.pages import Page, Question, Rows, duck, paged
from plumbline.engine.reading import expression
from plumbline.kernel import Expression, Inputs, Parameter, Rule

ELIGIBLE, NOT_ELIGIBLE, UNKNOWN = "eligible", "not_eligible", "unknown"


@dataclass(frozen=True, slots=True)
class Over:
    """The rows a rule is asked of.

    parameters  of the whole catalog, taken as they stand on `day`
    narrowed    an expression the rows must meet, without parameters; empty for all
    """

    inputs: Inputs
    parameters: Mapping[str, Parameter]
    day: date
    narrowed: str = ""

    @property
    def only(self) -> Expression | None:
        """What the rows must meet."""
        return expression(self.narrowed, self.inputs.table, {})


@dataclass(frozen=True, slots=True)
class Fit:
    """How many rows a rule fits.

    by  key of a condition → rows it fails for, rows it cannot be told of, rows that fail by it alone
    """

    eligible: int
    not_eligible: int
    unknown: int
    by: Mapping[str, tuple[int, int, int]]


def fit(rule: Rule, over: Over) -> Fit:
    """How many rows a rule fits, in one pass.

    Raises  BadInput for an expression that cannot be used
    """
    read = _read(rule, over)
    names = [f"c{n}_" for n in range(len(read))]
    tests = ", ".join(f"({one.sql('duckdb', over.day)}) AS {name}" for one, name in zip(read.values(), names, strict=True))
    source = duck().source(over.inputs, sorted(_columns(read, over)) or [over.inputs.table.area])
    where = f" WHERE {over.only.sql('duckdb', date.max)}" if over.only else ""
    told = ["count(*)", _many(" AND ".join(names)), _many(f"NOT ({' AND '.join(names)})")]
    for name in names:
        others = [f"NOT {name}", *(other for other in names if other != name)]
        told += [_many(f"NOT {name}"), _many(f"{name} IS NULL"), _many(" AND ".join(others))]
    [row] = duck().query(f"SELECT {', '.join(told)} FROM (SELECT {tests} FROM {source} AS t_{where}) AS c_")
    every, eligible, shut, *each = row
    by = {key: (each[3 * n], each[3 * n + 1], each[3 * n + 2]) for n, key in enumerate(read)}
    return Fit(eligible, shut, every - eligible - shut, by)


def parties(rule: Rule, over: Over, answer: str, page: Page = Page(), known: int | None = None) -> Rows:  # noqa: B008
    """The rows a rule gives an answer for, a page of them.

    answer  eligible | not_eligible | unknown
    known   how many there are, where somebody has counted them
    """
    read = _read(rule, over)
    every = " AND ".join(f"({one.sql('duckdb', over.day)})" for one in read.values())
    parts = [{ELIGIBLE: every, NOT_ELIGIBLE: f"NOT ({every})", UNKNOWN: f"({every}) IS NULL"}[answer]]
    parts += [f"({over.only.sql('duckdb', date.max)})"] if over.only else []
    return paged(Question(over.inputs, " AND ".join(parts), _columns(read, over)), (), page, known)


def gives(rule: Rule, over: Over) -> Given:
    """What a rule gives all rows it holds of, together, exactly; the rows are those of its own conditions."""
    return given(rule, over.inputs, over.parameters, over.day, duck())


def _read(rule: Rule, over: Over) -> dict[str, Expression]:
    """The conditions of a rule, read, by key."""
    read = {one.key: expression(one.text, over.inputs.table, over.parameters) for one in rule.conditions}
    return {key: one for key, one in read.items() if one is not None}


def _columns(read: Mapping[str, Expression], over: Over) -> frozenset[str]:
    return frozenset[str]().union(*(one.columns for one in (*read.values(), over.only) if one))


def _many(condition: str) -> str:
    return f"count(*) FILTER (WHERE {condition})"
