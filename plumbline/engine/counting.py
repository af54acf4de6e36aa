"""The question that counts many indicators of one table in one pass.

A row is reduced to its area, its cell and two bits for each condition (true, unknown); rows that are alike in these
are counted together, and the indicators are worked out on what is left. Ten million rows become some ten
thousand, so that the fiftieth indicator costs next to nothing. What one indicator asks of a row:

    member   dated in the period AND its `where`: true, false or unknown
    counted  member, and its number (a share's condition) is known
    unknown  unknown whether a member; or a member whose number is not known
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from plumbline.engine import places
from plumbline.engine.reading import Reading, Terms
from plumbline.engine.sources import PLACE
from plumbline.kernel import ROW, Table, scope

# two bits a condition, in a whole number with a sign
CONDITIONS_IN_A_NUMBER = 31
QUOTES = {"duckdb": '"', "spark": "`"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a table, besides its indicators.

    dimensions  columns the figures are broken down by
    exact       rows are put together by their whole code, as somebody asks for an area's own rows alone
    """

    table: Table
    dialect: str
    areas: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    exact: bool = False

    def name(self, column: str) -> str:
        """A column's name in quotes."""
        return f"{QUOTES[self.dialect]}{column}{QUOTES[self.dialect]}"

    @property
    def key(self) -> str:
        """What rows are put together by: their area, cut to what tells the areas asked for apart."""
        area = self.name(self.table.area)
        longest = max((len(scope(one)) for one in self.areas), default=1)
        return area if self.exact else f"left({area}, {longest})"


@dataclass(slots=True)
class Number:
    """A value that is added or counted: its column is v…_, its sum s…_, how often it is known c…_."""

    at: int
    added: bool = False
    whole: bool = False


@dataclass(slots=True)
class Parts:
    """Conditions and numbers of a question, each written once, in the order they come."""

    conditions: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, Number] = field(default_factory=dict)

    def flag(self, condition: str) -> str:
        """The name a condition goes by in the later steps."""
        return self.conditions.setdefault(condition, f"f{len(self.conditions)}_")

    def number(self, one: Terms) -> Number:
        """The number an indicator adds or counts."""
        number = self.numbers.setdefault(one.of, Number(len(self.numbers)))
        if one.reading.indicator.kind != "distinct":
            number.added, number.whole = True, one.reading.of is not None and one.reading.of.type == "integer"
        return number


def passes(read: Iterable[Reading]) -> dict[tuple[str, ...], list[Reading]]:
    """Readings by the pass over a table that answers them, in their order."""
    alike: dict[tuple[str, ...], list[Reading]] = {}
    for one in read:
        alike.setdefault(pass_of(one), []).append(one)
    return alike


def pass_of(read: Reading) -> tuple[str, ...]:
    """One pass answers all that read every row of a table; the last row of each identity is another pass."""
    indicator = read.indicator
    if indicator.kind == "latest" and indicator.dated:
        return (indicator.table, indicator.dated, "fresh" if indicator.fresh else "")
    return (indicator.table,)


def question(asked: Asked, source: str, these: Sequence[Terms]) -> str:
    """One row for each area key and cell: `area_`, the dimensions, then counted, unknown and top of each indicator."""
    parts = Parts()
    results = [result for one in these for result in _results(one, parts)]
    cells = [f"d{at}_" for at in range(len(asked.dimensions))]
    packs, keys, numbers = _packs(parts), ["area_", *cells], parts.numbers.values()
    steps = {
        "rows_": [f"{asked.key} AS area_", *_named(asked, cells),
                  *(f"{pack} AS k{at}_" for at, pack in enumerate(packs)),
                  *(f"{sql} AS v{number.at}_" for sql, number in parts.numbers.items())],
        "groups_": [*keys, *(f"k{at}_" for at in range(len(packs))), "count(*) AS n_",
                    *(_sums(number, asked.dialect) for number in numbers)],
        "flags_": [*keys, "n_", *(f"s{one.at}_, c{one.at}_" for one in numbers), *_flags(parts, asked.dialect)],
    }
    told = {name: ", ".join(columns) for name, columns in steps.items()}
    by = ", ".join(str(at + 1) for at in range(len(keys) + len(packs)))
    return (f"WITH rows_ AS (SELECT {told['rows_']} FROM {source} AS t_ WHERE {prune(asked, these)}), "
            f"groups_ AS (SELECT {told['groups_']} FROM rows_ GROUP BY {by}), "
            f"flags_ AS (SELECT {told['flags_']} FROM groups_) "
            f"SELECT {', '.join([*keys, *results])} FROM flags_ GROUP BY {', '.join(keys)}")


def _named(asked: Asked, cells: Iterable[str]) -> list[str]:
    return [f"{asked.name(column)} AS {cell}" for column, cell in zip(asked.dimensions, cells, strict=True)]


def _results(one: Terms, parts: Parts) -> tuple[str, str, str]:
    """Counted, unknown and top of one indicator, from groups of rows that are alike."""
    member = " AND ".join(map(parts.flag, one.conditions)) or "TRUE"
    if not one.of:
        return _rows_where(member), _rows_where(f"({member}) IS NULL"), "NULL"
    if one.reading.indicator.kind == "share":
        passed = parts.flag(one.of)
        return (_rows_where(f"{member} AND {passed} IS NOT NULL"),
                _rows_where(f"({member}) IS NULL OR ({member} AND {passed} IS NULL)"),
                _rows_where(f"{member} AND {passed}"))
    number = parts.number(one)
    known, top = f"c{number.at}_", f"s{number.at}_"
    return (f"sum({known}) FILTER (WHERE {member})",
            f"sum(CASE WHEN ({member}) IS NULL THEN n_ WHEN {member} THEN n_ - {known} ELSE 0 END)",
            f"sum({top}) FILTER (WHERE {member})" if one.reading.indicator.kind != "distinct" else "NULL")


def _rows_where(condition: str) -> str:
    return f"sum(n_) FILTER (WHERE {condition})"


def _sums(number: Number, dialect: str) -> str:
    value = f"v{number.at}_"
    added = f"CAST({value} AS DECIMAL(38,0))" if number.whole and dialect == "spark" else value
    total = f"sum({added})" if number.added else "NULL"
    return f"{total} AS s{number.at}_, count({value}) AS c{number.at}_"


def _packs(parts: Parts) -> list[str]:
    """Two bits for each condition, many in a whole number."""
    told = list(parts.conditions)
    packed = [told[at:at + CONDITIONS_IN_A_NUMBER] for at in range(0, len(told), CONDITIONS_IN_A_NUMBER)]
    return [" + ".join(_bits(one, 2 * at) for at, one in enumerate(some)) for some in packed]


def _bits(condition: str, at: int) -> str:
    return f"CAST(CASE WHEN ({condition}) THEN {1 << at} WHEN ({condition}) IS NULL THEN {2 << at} ELSE 0 END AS BIGINT)"


def _flags(parts: Parts, dialect: str) -> list[str]:
    """The conditions again, from their bits: true, unknown or false."""
    told = []
    for at, name in enumerate(parts.conditions.values()):
        pack, bit = f"k{at // CONDITIONS_IN_A_NUMBER}_", 2 * (at % CONDITIONS_IN_A_NUMBER)
        moved = f"({pack} >> {bit})" if dialect == "duckdb" else f"shiftright({pack}, {bit})"
        told.append(f"CASE {moved} & 3 WHEN 1 THEN TRUE WHEN 0 THEN FALSE END AS {name}")
    return told


def prune(asked: Asked, these: Sequence[Terms]) -> str:
    """A condition that leaves out only rows which matter to nobody: other areas, other times."""
    area = places.within(asked.name(asked.table.area), asked.areas)
    whens = {one.when: asked.name(one.reading.indicator.dated) for one in these}
    if "" in whens:
        return area
    return " AND ".join([area, f"({' OR '.join(f'({when}) OR {dated} IS NULL' for when, dated in whens.items())})"])


def latest(asked: Asked, source: str, one: Terms, columns: Sequence[str]) -> str:
    """Of each identity its last row on or before the day, in brackets; rows without a day stay, as nobody can say."""
    dated = asked.name(one.reading.indicator.dated)
    identity = ", ".join(map(asked.name, identity_of(one)))
    last = f"{dated} DESC NULLS LAST, {PLACE} DESC, {asked.name(ROW)} DESC"
    return (f"(SELECT {', '.join(map(asked.name, columns))} FROM (SELECT *, row_number() OVER "
            f"(PARTITION BY {identity} ORDER BY {last}) AS turn_ FROM {source} AS u_ "
            f"WHERE ({one.when}) OR {dated} IS NULL) AS w_ WHERE turn_ = 1 OR {dated} IS NULL)")


def identity_of(one: Terms) -> tuple[str, ...]:
    """The columns that name a thing through time; its area where nothing else does."""
    table = one.reading.table
    return tuple(key for key in table.identity if key != one.reading.indicator.dated) or (table.area,)


def distinct(asked: Asked, source: str, one: Terms, lies: Iterable[tuple[str, str]]) -> str:
    """How many different values an indicator counts, for each area and cell; `lies` says which area a key belongs to.

    An area's values are counted anew from its rows: those of its parts overlap.
    """
    cells = [f"d{at}_" for at in range(len(asked.dimensions))]
    keys = ", ".join(["inside_", *cells])
    pairs = ", ".join(f"('{key}', '{area}')" for key, area in lies)
    rows = ", ".join([f"{asked.key} AS area_", *_named(asked, cells), f"{one.of} AS value_"])
    where = f"{prune(asked, [one])} AND {one.member} AND ({one.of}) IS NOT NULL"
    return (f"SELECT {keys}, count(DISTINCT value_) AS n_ FROM (SELECT DISTINCT {rows} FROM {source} AS t_ WHERE {where}) "
            f"AS v_ JOIN (VALUES {pairs}) AS p_(key_, inside_) ON area_ = key_ GROUP BY {keys}")
