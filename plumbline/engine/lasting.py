"""How long parties lasted: of a roll's rows with a begin and an end, how many ended, or were only seen, after so many months."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from plumbline.engine.duck import literal, quoted
from plumbline.engine.pages import duck
from plumbline.engine.reading import expression
from plumbline.kernel import Inputs, scope

# (months lasted, ended then, only seen until then)
Lasted = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Lives:
    """What a life is: columns of the first and the last day; what the last day was the end of.

    ended  a condition that is true where the party came to its end then, and not where it only went out of sight (moved);
           where it is true and there is no last day, nobody knows how long it lasted
    """

    began: str
    last: str
    ended: str


@dataclass(frozen=True, slots=True)
class Group:
    """The lives of some parties; `untold` of them have no first day, no last one, or one before the other."""

    lasted: tuple[Lasted, ...]
    untold: int


def lasting(inputs: Inputs, lives: Lives, day: date, area: str, by: str = "", where: str = "") -> dict[str, Group]:
    """By value of an expression the lives of an area's parties, as they stood on a day; without one, all of them as "".

    Months  whole ones; parties set up after the day are not there, and whoever ended after it still stood
    Raises  BadInput for an expression that cannot be used
    """
    condition = _sql(inputs, lives.ended, day) or "FALSE"
    value, within = _sql(inputs, by, day) or "''", _sql(inputs, where, day) or "TRUE"
    began, last, place = quoted(lives.began), quoted(lives.last), quoted(inputs.table.area)
    keys = {lives.began, lives.last, inputs.table.area}
    keys = keys.union(*(one.columns for text in (lives.ended, by, where)
                        if (one := expression(text, inputs.table, {})) is not None))
    over = f"coalesce({condition}, FALSE) AND coalesce({last} <= DATE '{day}', TRUE)"
    seen = f"least(coalesce({last}, DATE '{day}'), DATE '{day}')"
    rows = (f"SELECT CAST({value} AS VARCHAR) AS value_, {over} AS over_, "
            f"CASE WHEN {began} IS NULL OR {seen} < {began} OR ({over} AND {last} IS NULL) THEN NULL "
            f"ELSE date_sub('month', {began}, {seen}) END AS months_ FROM {duck().source(inputs, sorted(keys))} AS r_ "
            f"WHERE starts_with({place}, {literal(scope(area))}) AND ({within}) AND coalesce({began} <= DATE '{day}', TRUE)")
    told: dict[str, list[Lasted]] = defaultdict(list)
    untold: dict[str, int] = defaultdict(int)
    for group, months, ended, left in duck().query(
            f"SELECT coalesce(value_, ''), months_, count(*) FILTER (over_), count(*) FILTER (NOT over_) FROM ({rows}) "
            "GROUP BY 1, 2 ORDER BY 1, 2"):
        if months is None:
            untold[group] += ended + left
        else:
            told[group].append((months, ended, left))
    return {group: Group(tuple(told[group]), untold[group]) for group in sorted({*told, *untold})}


def _sql(inputs: Inputs, text: str, day: date) -> str:
    told = expression(text, inputs.table, {})
    return f"({told.sql('duckdb', day)})" if told else ""


__all__ = ["Group", "Lasted", "Lives", "lasting"]
