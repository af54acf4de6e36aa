"""Which figure a claim may stand for, where no cite says it: by measure, unit, subject, area and period."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from plumbline.kernel import AREAS, Claim, Indicator
from plumbline.kernel import period as periods
from plumbline.kernel.comparison import POINTS, RATES, Basis, Compared
from plumbline.kernel.errors import BadInput
from plumbline.kernel.ref import NATION, Ref, area_meant
from plumbline.reports.holding.likeness import of_indicator, same_unit

SURE, POSSIBLE = 0.8, 0.55
MOST = 40  # indicators looked at for one claim, the likeliest first
_PERIODS = (
    (re.compile("[一1]季度"), "Q1"), (re.compile("二季度"), "Q2"), (re.compile("三季度$"), "Q3"), (re.compile("上半年"), "H1"))
_DONE = re.compile("完成(?:全年|年度)?(?:目标|任务|计划)?比例$")
_GROWN = re.compile("增速$|增幅$|降幅$|增长率$")


@dataclass(frozen=True, slots=True)
class Match:
    """A number a claim may stand for; `likeness` 0..1 of its name to the claim's subject."""

    ref: Ref
    one: Compared
    likeness: float


def matches(claim: Claim, basis: Basis, area: str, period: str, least: float = POSSIBLE) -> Iterator[Match]:
    """The numbers a claim may stand for, the likeliest names first.

    area, period  of the report, for a claim that names none of its own
    """
    for ref, score in meant(claim, basis.indicators, (area, period), least):
        if (one := asked(basis, ref)) and same_unit(claim.unit, one.unit):
            yield Match(ref, one, score)


def meant(claim: Claim, indicators: Mapping[str, Indicator], own: tuple[str, str],
          least: float = POSSIBLE) -> Iterator[tuple[Ref, float]]:
    """The refs a claim may mean, area and period filled in, and the likeness of their names; no figure is asked for.

    own  area and period of the report
    """
    area, period = own
    named = sorted(((of_indicator(claim.subject, one), one) for one in indicators.values() if _could(claim, one)),
                   key=lambda pair: (-pair[0], pair[1].key))
    when_where = tuple(product(_times(claim, period), _places(claim, area)))
    for score, indicator in named[:MOST]:
        if score < least:
            return
        for steps, (when, where) in product(steps_of(claim, indicator, period), when_where):
            yield Ref(indicator.key, steps).at(where, _until(indicator, when)), score


def _until(indicator: Indicator, when: str) -> str:
    """The period a number told up to a day (截至7月8日) is counted over: since January, where days add up."""
    adds_up = when.startswith("@") and indicator.dated and indicator.kind != "latest"
    return f"{when[1:5]}-01-01/{when[1:]}" if adds_up else when


def _could(claim: Claim, indicator: Indicator) -> bool:
    """Whether the units let a claim speak of an indicator, or of its growth, at all."""
    loose = claim.unit in (*RATES, POINTS, "位", "倍")
    return loose or same_unit(claim.unit, indicator.unit.lstrip("万亿") or indicator.unit)


def _places(claim: Claim, own: str) -> tuple[str, ...]:
    """The areas a claim may speak of: one its subject begins with, else the report's own."""
    if claim.place == "全国" or claim.subject.startswith("全国"):
        return (NATION, own)  # 全国科创中心 is a name
    if claim.subject.startswith("全市"):
        return (area_meant("city", own),)
    return (next((one.code for one in AREAS if claim.subject.startswith(one.name)), own),)


def _times(claim: Claim, own: str) -> tuple[str, ...]:
    """When a claim may hold for: what ends in a state (上升到) may be said of the period that ends there."""
    if not claim.period or not periods.is_period(claim.period):
        return (own,)
    alike = periods.same_time(claim.period, own) and claim.period != own
    return (claim.period, own) if alike else (claim.period,)


def asked(basis: Basis, ref: Ref) -> Compared | None:
    """The number of a ref; None where it is nobody's to ask for here, or makes no sense of its indicator."""
    if not basis.open(ref):
        return None
    try:
        return basis(ref)
    except BadInput:
        return None


def steps_of(claim: Claim, indicator: Indicator, period: str) -> tuple[tuple[str, ...], ...]:
    """The comparisons a claim on an indicator can mean, by its measure."""
    rate = indicator.unit in RATES
    if "占" in claim.subject and "占" not in indicator.label:
        return ()  # a share of something, whatever it is a share of
    if claim.measure == "level":
        if claim.unit == "%" and not rate:
            return (("of_target",),) if _DONE.search(claim.subject) else (("yoy",),) if _GROWN.search(claim.subject) else ()
        return ((),)
    if claim.measure == "yoy":
        return ((),) if rate else (("yoy",),)
    if claim.measure == "times":
        return (("times",),)
    if claim.unit == "%":
        return (("qoq",),) if not rate and claim.reference == "上期" else ()
    grown: tuple[str, ...] = () if rate else ("yoy",)
    if claim.measure == "rank":
        ranks = (("rank",), ("rank:down",))
        return tuple((*grown, *step) for step in ranks) if _GROWN.search(claim.subject) else ranks
    return tuple((*(grown if claim.unit == POINTS else ()), step) for step in _differences(claim.reference or "", period))


def _differences(reference: str, period: str) -> tuple[str, ...]:
    """Steps for a difference from what the text names."""
    if "全国" in reference:
        return ("against:nation",)
    if re.search("全市|全省|市平均", reference):
        return ("against:city",)
    if area := next((one.code for one in AREAS if reference and reference.startswith(one.name)), ""):
        return (f"against:{area}",)
    for pattern, name in _PERIODS:
        if pattern.search(reference) and "上年" not in reference:
            then = f"{periods.year_of(period)}{name}"
            then = "quarter" if then == periods.quarter_before(period) else then
            return (f"narrowing:{then}", f"change:{then}")
    return ("change", "narrowing:quarter") if not reference or "同期" in reference or "上年" in reference else ()
