"""Parties month by month: how lively each is, against its own past and against its peers, reckoned for a whole city at once.

    score of a part = now ÷ mean of the known months before, 100 is as usual; mixed with the same against the peers' median
    index           = Σ weight × score ÷ Σ weight, over the parts that are known

All in whole numbers, hundredths of a point, rounded half up: one party in Python and millions here give the same.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from plumbline.engine.duck import literal, quoted
from plumbline.engine.pages import duck
from plumbline.engine.sources import DUCKDB, sql_type
from plumbline.kernel import BadInput, Finding, Inputs, Table, scope
from plumbline.kernel import period as periods
from plumbline.kernel.expression import Expression

HUNDRED = 10_000
# so many months before a month are its base; so many more back a party's longest silence is counted
BASE = 12
INDEX, WEIGHT, QUARTER, BEFORE = "index", "known_weight", "index_quarter", "index_before"
AGE, IDLE, TOLD, GONE = "age_months", "idle_months", "told_months", "gone"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an index: a column of the months, its weight in hundredths, and the column its score is written to."""

    column: str
    weight: int
    score: str


@dataclass(frozen=True, slots=True)
class Label:
    """A column filled by conditions over the others: the value of the first that holds; unknown where none does.

    Without a value (one condition, value None) the column says whether the condition holds.
    """

    column: str
    values: tuple[tuple[str | None, Expression], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """What is reckoned of each party and month.

    table     of the result; its columns are the roll's `kept`, the facts named above, the scores, and the labels
    kept      columns of the roll, taken over as they are; `peers` among them: who shares these is a peer
    began     column of the roll with the first day of a party, ended with its last; empty while it stands
    over      condition over the roll of a party that has ended; one without a last day is not there: nobody knows since when
    looked    of some columns of the months, how they stood so many months before: (column, months, name)
    own, peer weights of the two ways of looking, whole numbers
    fewest    months that must be known before there is a base; few: peers that must be known before there is a median
    most      no score is above it, in hundredths
    """

    table: Table
    parts: tuple[Part, ...]
    kept: tuple[str, ...]
    peers: tuple[str, ...]
    began: str
    ended: str
    looked: tuple[tuple[str, int, str], ...] = ()
    own: int = 1
    peer: int = 1
    fewest: int = 3
    few: int = 20
    most: int = 2 * HUNDRED
    labels: tuple[Label, ...] = ()
    over: Expression | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """What a panel is reckoned from: the roll, the months told of its parties, and the panel's own months before."""

    roll: Inputs
    months: Inputs
    earlier: Inputs

    @property
    def key(self) -> str:
        """The column that names a party."""
        return self.roll.table.identity[0]

    @property
    def dated(self) -> str:
        """The column of the month."""
        return self.months.table.dated


def write(panel: Panel, sources: Sources, month: date, area: str, path: Path) -> int:
    """Reckon a month of every party of an area that stood in it, and write it as Parquet; how many rows.

    month   its first day
    Peers   are those of the whole roll, wherever they lie
    Unknown a part without a value, or without a base, is left out and the others weigh more; nothing known: no index
    Raises  BadInput where a file is gone or a number has more digits than can be reckoned with
    """
    sql = question(panel, sources, month, area)
    duck().query(f"COPY ({sql}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
    [(many,)] = duck().query(f"SELECT count(*) FROM read_parquet({literal(str(path))})")
    return int(many)


def question(panel: Panel, sources: Sources, month: date, area: str) -> str:
    """What to ask for a month."""
    if month.day != 1:
        raise BadInput([Finding("panel.month", str(month), f"「{month}」不是一个月的第一天；请写该月 1 日")])
    steps = [("held_", _held(panel, sources, month)), ("own_", _own(panel, sources, month)), ("middle_", _middle(panel)),
             ("past_", _past(panel, sources, month)), ("scored_", _scored(panel)), ("facts_", _facts(panel, sources, month)),
             ("told_", _told(panel, month))]
    return f"WITH {', '.join(f'{name} AS ({sql})' for name, sql in steps)} SELECT {_columns(panel)} FROM told_ " \
        f"WHERE starts_with({quoted(panel.table.area)}, {literal(scope(area))}) ORDER BY {quoted(sources.key)}"


def _held(panel: Panel, sources: Sources, month: date) -> str:
    """Of each party: now, sum and number of the months before, and in which months anything moved; bit n is n months back."""
    dated, columns = quoted(sources.dated), {part.column for part in panel.parts}
    columns |= {column for column, _, _ in panel.looked}
    back = f"date_diff('month', {dated}, DATE '{month}')"
    cells = [f"{_whole(sources, column)} AS {quoted(column)}" for column in sorted(columns)]
    known = " OR ".join(f"{quoted(part.column)} IS NOT NULL" for part in panel.parts)
    moves = " OR ".join(f"coalesce({quoted(part.column)}, 0) <> 0" for part in panel.parts)
    source = duck().source(sources.months, [sources.key, sources.dated, *sorted(columns)])
    last = periods.months_later(month, 1)
    first = periods.months_later(month, -BASE)
    rows = (f"SELECT {quoted(sources.key)} AS k_, {back} AS back_, {', '.join(cells)} FROM {source} AS m_ "
            f"WHERE {dated} >= DATE '{first}' AND {dated} < DATE '{last}'")
    told = [f"bit_or(CASE WHEN {known} THEN 1::BIGINT << back_ ELSE 0 END) AS told_",
            f"bit_or(CASE WHEN {moves} THEN 1::BIGINT << back_ ELSE 0 END) AS moved_"]
    told += [f"max({quoted(name)}) FILTER (back_ = {many}) AS {quoted(alias)}" for name, many, alias in panel.looked]
    for at, part in enumerate(panel.parts):
        column = quoted(part.column)
        told += [f"max({column}) FILTER (back_ = 0) AS now{at}_", f"sum({column}) FILTER (back_ > 0) AS sum{at}_",
                 f"count({column}) FILTER (back_ > 0) AS many{at}_"]
    return f"SELECT k_, {', '.join(told)} FROM ({rows}) GROUP BY k_"


def _whole(sources: Sources, key: str) -> str:
    """A number as a whole number of its smallest unit."""
    column = sources.months.table.column(key)
    assert column is not None  # for the types: a panel is made of declared columns
    power = f" * {10 ** column.scale}" if column.type == "decimal" else ""
    return f"CAST({quoted(key)}{power} AS BIGINT)"


def _own(panel: Panel, sources: Sources, month: date) -> str:
    """Every party that stood in the month, with its parts against its own base; 100.00 is 10000."""
    last = periods.months_later(month, 1)
    over = panel.over.columns if panel.over else ()
    columns = list(dict.fromkeys([sources.key, *panel.kept, panel.began, panel.ended, *sorted(over)]))
    ends = f"coalesce({panel.over.sql('duckdb', month)}, FALSE)" if panel.over else "FALSE"
    roll = duck().source(sources.roll, columns)
    began, ended = quoted(panel.began), quoted(panel.ended)
    scores = [_against(f"now{at}_ * many{at}_", f"sum{at}_", panel.most,
                       f"now{at}_ IS NULL OR many{at}_ < {panel.fewest} OR sum{at}_ < 0 OR now{at}_ < 0 "
                       f"OR (sum{at}_ = 0 AND now{at}_ = 0)") + f" AS own{at}_" for at in range(len(panel.parts))]
    looked = [quoted(alias) for _, _, alias in panel.looked]
    age = f"date_diff('month', {began}, DATE '{month}') AS {quoted(AGE)}, coalesce({ended} < DATE '{last}', FALSE) AS {GONE}"
    return (f"SELECT r_.*, {', '.join([*looked, *scores])}, coalesce(told_, 0) AS told_, coalesce(moved_, 0) AS moved_, {age} "
            f"FROM {roll} AS r_ LEFT JOIN held_ ON k_ = {quoted(sources.key)} "
            f"WHERE coalesce({began} < DATE '{last}', TRUE) AND coalesce({ended} >= DATE '{month}', TRUE) "
            f"AND ({ended} IS NOT NULL OR NOT {ends})")


def _against(top: str, base: str, most: int, unless: str) -> str:
    """100 × top ÷ base in hundredths, half up, at most so much; of a base of zero, the most."""
    ratio = f"({top}::HUGEINT * {2 * HUNDRED} + {base}) // (2 * {base})"
    return f"CASE WHEN {unless} THEN NULL WHEN {base} = 0 THEN {most} ELSE least({most}, {ratio})::BIGINT END"


def _middle(panel: Panel) -> str:
    """The peers' medians; of an even number the lower one."""
    peers = [quoted(key) for key in panel.peers]
    told = [f"CASE WHEN count(own{at}_) >= {panel.few} THEN quantile_disc(own{at}_, 0.5) END AS mid{at}_"
            for at in range(len(panel.parts))]
    known = " AND ".join(f"{key} IS NOT NULL" for key in peers)
    return (f"SELECT {', '.join(f'{key} AS p{at}_' for at, key in enumerate(peers))}, {', '.join(told)} FROM own_ "
            f"WHERE {known} GROUP BY {', '.join(peers)}")


def _past(panel: Panel, sources: Sources, month: date) -> str:
    """Of each party the panel's own index of the months before: the two that belong to this quarter, the three before them."""
    dated, key = quoted(panel.table.dated), quoted(sources.key)
    near, first = (periods.months_later(month, -many) for many in (2, 5))
    source = duck().source(sources.earlier, [sources.key, panel.table.dated, INDEX])
    now, then = (f"{dated} {sign} DATE '{near}'" for sign in (">=", "<"))
    index = f"CAST({quoted(INDEX)} * 100 AS BIGINT)"
    return (f"SELECT {key} AS e_, sum({index}) FILTER ({now}) AS near_, count({quoted(INDEX)}) FILTER ({now}) AS nears_, "
            f"sum({index}) FILTER ({then}) AS far_, count({quoted(INDEX)}) FILTER ({then}) AS fars_ FROM {source} AS a_ "
            f"WHERE {dated} >= DATE '{first}' AND {dated} < DATE '{month}' GROUP BY 1")


def _scored(panel: Panel) -> str:
    """The parts against both, mixed; where there are too few peers, against the own base alone."""
    whole, told = panel.own + panel.peer, []
    for at, part in enumerate(panel.parts):
        peer = _against(f"own{at}_", f"mid{at}_", panel.most, f"own{at}_ IS NULL OR mid{at}_ IS NULL OR mid{at}_ = 0")
        mixed = f"(2 * ({panel.own} * own{at}_ + {panel.peer} * ({peer})) + {whole}) // {2 * whole}"
        told.append(f"coalesce({mixed}, own{at}_) AS {quoted(part.score)}")
    match = " AND ".join(f"{quoted(key)} = p{at}_" for at, key in enumerate(panel.peers))
    return f"SELECT own_.*, {', '.join(told)} FROM own_ LEFT JOIN middle_ ON {match}"


def _facts(panel: Panel, sources: Sources, month: date) -> str:
    """The index and how much of the weights it rests on; how long nothing moved."""
    known = " + ".join(f"CASE WHEN {quoted(part.score)} IS NULL THEN 0 ELSE {part.weight} END" for part in panel.parts)
    total = " + ".join(f"coalesce({part.weight} * {quoted(part.score)}, 0)" for part in panel.parts)
    whole = sum(part.weight for part in panel.parts)
    index = (f"CASE WHEN told_ & 1 = 1 AND moved_ & 1 = 0 THEN 0 WHEN ({known}) = 0 THEN NULL "
             f"ELSE (2 * ({total}) + ({known})) // (2 * ({known})) END")
    idle = "bit_count(told_ & CASE WHEN moved_ = 0 THEN -1 ELSE (moved_ & -moved_) - 1 END)"
    return (f"SELECT scored_.* EXCLUDE (told_, moved_), {index} AS index_, "
            f"(2 * {HUNDRED} * ({known}) + {whole}) // (2 * {whole}) AS weight_, near_, nears_, far_, fars_, "
            f"CASE WHEN told_ = 0 THEN NULL ELSE {idle} END AS {quoted(IDLE)}, bit_count(told_) AS {quoted(TOLD)}, "
            f"DATE '{month}' AS {quoted(panel.table.dated)} FROM scored_ LEFT JOIN past_ ON e_ = {quoted(sources.key)}")


def _told(panel: Panel, month: date) -> str:
    """Numbers as the table declares them, and the labels that follow from them."""
    near, many = "coalesce(near_, 0) + coalesce(index_, 0)", "coalesce(nears_, 0) + (index_ IS NOT NULL)::INT"
    quarter = f"CASE WHEN ({many}) = 0 THEN NULL ELSE (2 * ({near}) + ({many})) // (2 * ({many})) END"
    before = "CASE WHEN coalesce(fars_, 0) = 0 THEN NULL ELSE (2 * far_ + fars_) // (2 * fars_) END"
    scores = ", ".join(f"{_points(quoted(part.score))} AS {quoted(part.score)}" for part in panel.parts)
    facts = (f"SELECT * REPLACE ({scores}), {_points('index_')} AS {quoted(INDEX)}, {_points('weight_')} AS {quoted(WEIGHT)}, "
             f"{_points(quarter)} AS {quoted(QUARTER)}, {_points(before)} AS {quoted(BEFORE)} FROM facts_")
    day = periods.span(f"{month:%Y-%m}")[1]
    labels = [f"{_label(one, day)} AS {quoted(one.column)}" for one in panel.labels]
    return f"SELECT {', '.join(['*', *labels])} FROM ({facts})"


def _points(sql: str) -> str:
    """Hundredths as points."""
    return f"(({sql})::DECIMAL(16,0) * 0.01)::DECIMAL(18,2)"


def _label(one: Label, day: date) -> str:
    if len(one.values) == 1 and one.values[0][0] is None:
        return f"({one.values[0][1].sql('duckdb', day)})"
    whens = " ".join(f"WHEN {told.sql('duckdb', day)} THEN {literal(value or '')}" for value, told in one.values)
    return f"CASE {whens} END"


def _columns(panel: Panel) -> str:
    """The result's columns, in the order they are declared and in their types."""
    told = [f"CAST({quoted(one.key)} AS {sql_type(one, DUCKDB)}) AS {quoted(one.key)}" for one in panel.table.columns]
    return ", ".join(told)


__all__ = ["BASE", "Label", "Panel", "Part", "Sources", "question", "write"]
