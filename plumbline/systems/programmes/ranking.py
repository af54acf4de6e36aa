"""Offices ranked for a month by rules that are dated data: shares of orders, weighted, less what was urged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from plumbline.kernel import BadDeclaration, Parameter

HUNDREDTH = Decimal("0.01")
PARTS = {"on_time": "按期办结", "returns": "按时填报", "closed": "办结"}
URGED = "urged"


@dataclass(frozen=True, slots=True)
class Weights:
    """Points each share is worth, and what one urging costs; `sources` their papers."""

    points: Mapping[str, Decimal]
    urged: Decimal
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """Who is ranked, among those of his kind."""

    key: int
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is counted of an office: by part the orders below and above the line, and how often it was urged, by order."""

    below: Mapping[str, tuple[int, ...]]
    above: Mapping[str, tuple[int, ...]]
    urged: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """One share: `top` of `bottom` orders, `value` None where there were none; `points` of `most`."""

    key: str
    label: str
    top: int
    bottom: int
    value: Decimal | None
    points: Decimal | None
    most: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """An office's score: 0 to 100, None where nothing was asked of it; `rank` shared by equal scores."""

    office: Office
    shares: tuple[Share, ...]
    urged: int
    off: Decimal
    total: Decimal | None
    words: str
    rank: int | None = None


def weights_on(parameters: Mapping[str, Parameter], day: date) -> Weights:
    """The rules in force on a day.

    Raises  BadDeclaration where one is not there, or says nothing for that day
    """
    told = {}
    for key in (*PARTS, URGED):
        parameter = parameters.get(f"programmes.ranking.{key}")
        dated = parameter.on(day) if parameter else None
        if dated is None or dated.value < 0:
            raise BadDeclaration(f"programmes.ranking.{key}: says nothing for {day}; write a value from that day")
        told[key] = dated
    return Weights({key: told[key].value for key in PARTS}, told[URGED].value,
                   tuple(dict.fromkeys(one.source for one in told.values())))


def score(office: Office, told: Told, weights: Weights) -> Score:
    """An office's score: points of the shares there are, made up to 100, less what was urged; never below 0."""
    made = tuple(_share(key, told, weights) for key in PARTS)
    known = [one for one in made if one.points is not None]
    most = sum((one.most for one in known), Decimal(0))
    off = weights.urged * len(told.urged)
    if not most:
        return Score(office, made, len(told.urged), off, None, "本月没有应办、应报的事项，不参加排名。")
    got = sum((_exact(told, one) for one in known), Decimal(0)) * 100 / most - off
    total = max(got, Decimal(0)).quantize(HUNDREDTH, ROUND_HALF_UP)
    return Score(office, made, len(told.urged), off, total, _words(made, most, off, total))


def _share(key: str, told: Told, weights: Weights) -> Share:
    top, bottom, most = len(told.above.get(key, ())), len(told.below.get(key, ())), weights.points[key]
    if not bottom:
        return Share(key, PARTS[key], 0, 0, None, None, most)
    value = Decimal(top) / bottom
    return Share(key, PARTS[key], top, bottom, value, (value * most).quantize(HUNDREDTH, ROUND_HALF_UP), most)


def _exact(told: Told, one: Share) -> Decimal:
    return Decimal(one.top) * one.most / one.bottom


def _words(made: Sequence[Share], most: Decimal, off: Decimal, total: Decimal) -> str:
    parts = [f"{one.label}{one.top}/{one.bottom}得{one.points:f}（满{one.most:f}）" for one in made if one.points is not None]
    none = [one.label for one in made if one.points is None]
    said = "，".join(parts)
    said += f"；{'、'.join(none)}本月没有，其余按{most:f}分折成百分" if none else f"；满分{most:f}折成百分"
    return f"{said}；督办扣{off:f}分；得{total:f}分。"


def ranked(scores: Iterable[Score]) -> list[Score]:
    """Scores from the best on, by kind of office; equal scores share a rank, and the next one counts them all."""
    made: list[Score] = []
    by_kind: dict[str, list[Score]] = {}
    for one in scores:
        by_kind.setdefault(one.office.kind, []).append(one)
    for _, group in sorted(by_kind.items()):
        known = sorted((one for one in group if one.total is not None), key=_order)
        totals = [one.total for one in known]
        made += [replace(one, rank=totals.index(one.total) + 1) for one in known]
        made += sorted((one for one in group if one.total is None), key=lambda one: one.office.name)
    return made


def _order(one: Score) -> tuple[Decimal, str]:
    return -(one.total or Decimal(0)), one.office.name
