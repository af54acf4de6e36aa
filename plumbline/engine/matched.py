"""Parties that received something beside parties like them that did not: sums by stratum, exact, over millions of rows.

What a party was is its row of the month before; what became of it is read so many months later, and from the roll: who
has left it is known to have ended, whoever has no row is not. Each other party stands beside one month's receivers alone,
chosen by its key, so that no row is counted twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from plumbline.engine.duck import literal, quoted
from plumbline.engine.opening import Engine
from plumbline.engine.pages import duck
from plumbline.engine.reading import expression
from plumbline.kernel import Inputs, Parameter, scope
from plumbline.kernel import period as periods

# what is summed of each stratum and side: how many, their sum, the sum of their squares, and how many are not told
Sums = tuple[int, int, int, int]
OUTCOMES = ("alive", "active", "index", "change", "placebo")


@dataclass(frozen=True, slots=True)
class Design:
    """How parties are matched and what is looked at.

    strata   expressions over a row of the months before: parties with the same values are alike; none may be unknown
    months   so many months after the month of receipt
    active   from which index on a party counts as active, in hundredths
    ended    column of the roll: a party's last day
    """

    strata: tuple[str, ...]
    months: int
    active: int
    ended: str
    index: str = "index"
    before: int = 3


@dataclass(frozen=True, slots=True)
class Held:
    """The roll and the parties' months, as they stand; and what was received: by first day of a month, the keys."""

    roll: Inputs
    rows: Inputs
    received: Mapping[date, Sequence[str]]

    @property
    def key(self) -> str:
        """The column that names a party."""
        return self.roll.table.identity[0]


def sums(design: Design, held: Held, area: str, parameters: Mapping[str, Parameter],
         least: Sequence[str] = ()) -> dict[str, dict[tuple[tuple[str, ...], bool], Sums]]:
    """Of each outcome, by stratum and side, the exact sums; indexes in hundredths, alive and active as 1 and 0.

    Outcomes  alive: not ended by the end of the later month; active: alive, and its index high enough; index: 0 of who
              ended; change: index less what it was the month before; placebo: the same before receipt, over as many
              months as `before` says: nothing received later can have done that
    least     keys that count on neither side (they received something else)
    """
    parts = [_month(design, held, month, at, area, parameters) for at, month in enumerate(sorted(held.received))]
    if not parts:
        return {name: {} for name in OUTCOMES}
    told = ", ".join(f"count({name}_), coalesce(sum({name}_), 0), coalesce(sum({name}_::HUGEINT * {name}_), 0), "
                     f"count(*) FILTER ({name}_ IS NULL)" for name in OUTCOMES)
    outside = f"WHERE k_ NOT IN ({_texts(least)})" if least else ""
    names = [f"s{at}_" for at in range(len(design.strata) + 1)]
    sql = f"SELECT {', '.join(names)}, got_, {told} FROM ({' UNION ALL '.join(parts)}) {outside} GROUP BY ALL"
    found: dict[str, dict[tuple[tuple[str, ...], bool], Sums]] = {name: {} for name in OUTCOMES}
    for row in duck().query(sql):
        key, got = tuple(map(str, row[:len(names)])), bool(row[len(names)])
        for at, name in enumerate(OUTCOMES):
            count, total, squares, untold = row[len(names) + 1 + 4 * at:len(names) + 5 + 4 * at]
            found[name][key, got] = int(count), int(total), int(squares), int(untold)
    return found


def _month(design: Design, held: Held, month: date, at: int, area: str, parameters: Mapping[str, Parameter]) -> str:
    """Receivers of a month and the others beside them, each with its stratum and what became of it."""
    engine, key = duck(), quoted(held.key)
    every = [one for some in held.received.values() for one in some]
    later = periods.months_later(month, design.months)
    end = periods.months_later(later, 1)
    strata = [_stratum(held, text, month, parameters) for text in design.strata]
    index = f"CAST({quoted(design.index)} * 100 AS BIGINT)"
    columns = sorted({held.key, held.rows.table.area, design.index, held.rows.table.dated}.union(
        *(one.columns for text in design.strata if (one := expression(text, held.rows.table, parameters)) is not None)))
    was = (f"SELECT {key} AS k_, {index} AS i0_, {', '.join(f'{sql} AS s{n}_' for n, sql in enumerate(strata))} "
           f"FROM {engine.source(held.rows, columns)} AS b_ WHERE {_of(held, periods.months_later(month, -1))} "
           f"AND starts_with({quoted(held.rows.table.area)}, {literal(scope(area))})")
    alive = f"coalesce({quoted(design.ended)} >= DATE '{end}', TRUE)"
    ends = f"SELECT {key} AS r_, {alive} AS alive_ FROM {engine.source(held.roll, [held.key, design.ended])} AS t_"
    mine = f"k_ IN ({_texts(held.received[month])})"
    others = f"k_ NOT IN ({_texts(every)}) AND md5_number_lower(k_) % {len(held.received)} = {at}"
    now = "CASE WHEN NOT alive_ THEN 0 ELSE i1_ END"
    return (f"SELECT {', '.join(f's{n}_' for n in range(len(strata)))}, '{month:%Y-%m}' AS s{len(strata)}_, k_, {mine} AS got_, "
            f"alive_::INT AS alive_, CASE WHEN NOT alive_ THEN 0 ELSE (i1_ >= {design.active})::INT END AS active_, "
            f"{now} AS index_, {now} - i0_ AS change_, i0_ - e0_ AS placebo_ FROM ({was}) "
            f"JOIN ({ends}) ON r_ = k_ LEFT JOIN ({_index(engine, held, design, later)}) AS l_ (l_, i1_) ON l_ = k_ "
            f"LEFT JOIN ({_index(engine, held, design, periods.months_later(month, -1 - design.before))}) AS e_ (e_, e0_) "
            f"ON e_ = k_ WHERE ({mine} OR ({others})) AND i0_ IS NOT NULL "
            f"AND {' AND '.join(f's{n}_ IS NOT NULL' for n in range(len(strata)))}")


def _stratum(held: Held, text: str, month: date, parameters: Mapping[str, Parameter]) -> str:
    told = expression(text, held.rows.table, parameters)
    assert told is not None  # for the types: a stratum is written
    return f"CAST({told.sql('duckdb', month)} AS VARCHAR)"


def _index(engine: Engine, held: Held, design: Design, month: date) -> str:
    source = engine.source(held.rows, [held.key, design.index, held.rows.table.dated])
    return (f"SELECT {quoted(held.key)}, CAST({quoted(design.index)} * 100 AS BIGINT) FROM {source} AS x_ "
            f"WHERE {_of(held, month)}")


def _of(held: Held, month: date) -> str:
    dated = quoted(held.rows.table.dated)
    return f"{dated} >= DATE '{month}' AND {dated} < DATE '{periods.months_later(month, 1)}'"


def _texts(keys: Sequence[str]) -> str:
    """A list of keys as DuckDB reads it; one that nothing equals, where there is none."""
    return ", ".join(map(literal, keys)) or "''"


__all__ = ["OUTCOMES", "Design", "Held", "Sums", "sums"]
