"""The three rates of every district, street, office, class and month, their composite score, and who ranks where.

    score = (responded × weight + solved × weight + satisfied × weight) ÷ sum of the weights

Shares are figures as the engine counts them; weights are dated parameters, `hotline.weights.…`. A body with fewer
answers than `hotline.ranking.least` has its numbers shown and no place.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from plumbline.engine import compute
from plumbline.engine.groups import By, Groups, over
from plumbline.engine.remembered import Remembered
from plumbline.kernel import Catalog, Figure, Inputs, Parameter, inside
from plumbline.kernel import period as periods
from plumbline.kernel.figure import NOT_RECEIVED, Cell

TABLE = "hotline.requests"
RATES = ("responded", "solved", "satisfied")
MORE = ("on_time", "returned", "received", "closed", "late")
SHOWN = (*RATES, *MORE)
LEAST = "hotline.ranking.least"
HUNDRED = Decimal(100)
KEPT: Remembered[Groups] = Remembered(64)
# each month of a period is counted by itself: what an address asks for has an end
MOST_YEARS, YEARS = 3, range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Part:
    """A rate in a score: its weight and where that comes from; `value` None where the rate is missing."""

    name: str
    label: str
    value: Decimal | None
    weight: Decimal
    since: date
    source: str


@dataclass(frozen=True, slots=True)
class Score:
    """A composite score of 100, exact; None with the reason. `said` is how it was reckoned."""

    value: Decimal | None
    parts: tuple[Part, ...]
    why: str = ""

    @property
    def said(self) -> str:
        """The reckoning in a line: (92.4×30 + 71.2×35 + 87.9×35) ÷ 100."""
        if self.value is None:
            return self.why
        told = " + ".join(f"{one.label}{one.value * 100:.2f}×{one.weight:f}" for one in self.parts if one.value is not None)
        return f"（{told}）÷ {sum(one.weight for one in self.parts):f}"


@dataclass(frozen=True, slots=True)
class Rated:
    """A body (a street, an office, …) in a period: its figures by name, its score, its place among `of` ranked ones.

    key    its code or name; for months the month
    place  None where it is not ranked, and `why` then says so
    """

    key: str
    figures: Mapping[str, Figure]
    score: Score
    place: int | None = None
    of: int = 0
    why: str = ""


def names(catalog: Catalog, shown: Iterable[str] = SHOWN) -> list[str]:
    """Keys of the indicators shown, those that are declared."""
    return [key for name in shown if (key := f"hotline.{name}") in catalog.indicators]


def areas(catalog: Catalog, inputs: Mapping[str, Inputs], period: str, codes: Sequence[str]) -> list[Rated]:
    """The rates of areas, in their order, ranked."""
    keys = names(catalog)
    found: dict[str, list[Figure]] = {code: [] for code in codes}
    for figure in _kept(catalog, inputs, ("areas", period, tuple(codes)), lambda: {("", period): compute(
            catalog, [catalog.indicators[key] for key in keys], period, codes, inputs)})["", period]:
        found[figure.area].append(figure)
    return ranked(catalog.parameters, period, found)


def bodies(catalog: Catalog, inputs: Mapping[str, Inputs], period: str, area: str, by: By) -> list[Rated]:
    """The rates of every value of a column (street, office, topic_1) in an area, ranked; those with nothing left out.

    Reading  where requests of some districts alone are kept here, a street or office all of whose requests lie in one of
             those has its numbers all the same; the whole area has none
    """
    told = grouped_over(catalog, inputs, (period,), area, by)
    found = {value: figures for (value, _), figures in told.items() if any(one.counted for one in figures)}
    if by.column in ("street", "office") and any(one.missing == NOT_RECEIVED for figures in found.values() for one in figures):
        found |= _apart(catalog, inputs, period, area, by)
    return ranked(catalog.parameters, period, found)


def _apart(catalog: Catalog, inputs: Mapping[str, Inputs], period: str, area: str, by: By) -> dict[str, list[Figure]]:
    """The figures of those bodies whose requests lie in one district alone, of that district."""
    found: dict[str, list[list[Figure]]] = {}
    for code in sorted({code for one in inputs[TABLE].coverage for code in one.areas if inside(code, area)}):
        for (value, _), figures in grouped_over(catalog, inputs, (period,), code, by).items():
            if any(one.counted for one in figures):
                found.setdefault(value, []).append(figures)
    return {value: some[0] for value, some in found.items() if len(some) == 1}


def months(catalog: Catalog, inputs: Mapping[str, Inputs], period: str, area: str, cell: Cell = ()) -> list[Rated]:
    """The rates of the months of a period, in order; a month has no place."""
    every = months_of(period)
    told = grouped_over(catalog, inputs, every, area, By("", cell))
    return [_rated(catalog.parameters, month, month, told["", month]) for month in every]


def grouped_over(catalog: Catalog, inputs: Mapping[str, Inputs], every: Sequence[str], area: str, by: By,
                 shown: Iterable[str] = SHOWN) -> Groups:
    """Figures by value and period; an answer is kept as long as what it was counted from stands."""
    wanted = [catalog.indicators[key] for key in names(catalog, shown)]
    asked = (tuple(every), area, by, tuple(wanted))
    return _kept(catalog, inputs, asked, lambda: over(catalog, wanted, every, inputs, area, by))


def period_trouble(text: str) -> str:
    """Why a period cannot be looked at; empty where it can.

    >>> period_trouble("2020H1"), period_trouble("1900/2030")
    ('', '一次最多看 3 年；请改短一些，如 2020H1、2020Q1 或 2020-06。')
    """
    if not periods.is_period(text) or text.startswith("@"):
        return f"「{text[:30]}」不是一段时期；请写 2020H1、2020Q1 或 2020-06。"
    first, last = periods.span(text)
    if first.year not in YEARS or last.year not in YEARS:
        return f"「{text[:30]}」早于 {YEARS[0]} 年或晚于 {YEARS[-1]} 年；请更正。"
    long = last.year - first.year >= MOST_YEARS
    return f"一次最多看 {MOST_YEARS} 年；请改短一些，如 2020H1、2020Q1 或 2020-06。" if long else ""


def months_of(period: str) -> tuple[str, ...]:
    """The months of a period.

    >>> months_of("2020Q1"), months_of("2020-06")
    (('2020-01', '2020-02', '2020-03'), ('2020-06',))
    """
    first, last = periods.span(period)
    count = 12 * (last.year - first.year) + last.month - first.month + 1
    return tuple(f"{periods.months_later(first.replace(day=1), at):%Y-%m}" for at in range(count))


def ranked(parameters: Mapping[str, Parameter], period: str, found: Mapping[str, Sequence[Figure]]) -> list[Rated]:
    """Bodies by score, the best first; equal scores share a place; who has too few answers comes last, without one."""
    _, last = periods.span(period)
    rated = [_rated(parameters, key, period, figures) for key, figures in found.items()]
    limit = parameters[LEAST].on(last) if LEAST in parameters else None
    rated = [replace(one, why=_unfit(one, int(limit.value) if limit else 0)) for one in rated]
    scores = sorted((_value(one) for one in rated if not one.why), reverse=True)
    first = {score: at for at, score in reversed(list(enumerate(scores, 1)))}
    placed = [one if one.why else replace(one, place=first[_value(one)], of=len(scores)) for one in rated]
    return sorted(placed, key=lambda one: (one.place is None, one.place or 0, one.key))


def _value(one: Rated) -> Decimal:
    assert one.score.value is not None  # for the types: who is ranked has a score
    return one.score.value


def _unfit(one: Rated, least: int) -> str:
    """Why a body has no place; empty where it has one."""
    if one.score.value is None:
        return one.score.why
    fewest = min(one.figures[name].counted for name in RATES)
    return f"回访答复 {fewest} 件，不足 {least} 件，不参加排名" if fewest < least else ""


def _rated(parameters: Mapping[str, Parameter], key: str, period: str, figures: Sequence[Figure]) -> Rated:
    told = {one.indicator.partition(".")[2]: one for one in figures}
    return Rated(key, told, score(parameters, periods.span(period)[1], told))


LABELS = {"responded": "响应率", "solved": "解决率", "satisfied": "满意率"}


def score(parameters: Mapping[str, Parameter], day: date, figures: Mapping[str, Figure]) -> Score:
    """The composite score with the weights in force on a day, out of 100; missing where one of the rates is."""
    parts = []
    for name in RATES:
        dated = parameters[f"hotline.weights.{name}"].on(day)
        if dated is None:
            return Score(None, (), f"{day} 还没有生效的权重，不计算综合得分")
        parts.append(Part(name, LABELS[name], figures[name].value, dated.value, dated.since, dated.source))
    if absent := [one.label for one in parts if one.value is None and one.weight]:
        return Score(None, tuple(parts), f"缺{'、'.join(absent)}，不计算综合得分")
    whole = sum((one.weight for one in parts), Decimal(0))
    if not whole:
        return Score(None, tuple(parts), "权重合计为零，不计算综合得分")
    total = sum((one.value * one.weight for one in parts if one.value is not None), Decimal(0))
    return Score(total * HUNDRED / whole, tuple(parts))


def _kept(catalog: Catalog, inputs: Mapping[str, Inputs], question: tuple[object, ...], answer: Callable[[], Groups]) -> Groups:
    """An answer, from what is kept where the same was asked of the same files and declarations."""
    held = inputs[TABLE]
    known = tuple(catalog.indicators[key] for key in names(catalog))
    used = tuple(sorted((key, one) for key, one in catalog.parameters.items() if key.startswith("hotline.strike_out.")))
    key = (question, held.hashes, held.coverage, held.table.version, known, used)
    found = KEPT.get(key)
    if found is None:
        found = answer()
        KEPT.put(key, found)
    return found
