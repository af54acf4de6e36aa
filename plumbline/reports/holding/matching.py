"""Which figure a claim may stand for, where no cite says it: by measure, unit, subject, area and period."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plumbline.kernel import AREAS, Claim, Indicator
from plumbline.kernel import period as periods
from plumbline.kernel.comparison import POINTS, RATES, Basis, Compared
from plumbline.kernel.errors import BadInput
from plumbline.kernel.ref import NATION, Ref
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
    named = sorted(((of_indicator(claim.subject, one), one) for one in basis.indicators.values()),
                   key=lambda pair: (-pair[0], pair[1].key))
    when = claim.period if claim.period and periods.is_period(claim.period) else period
    where = NATION if claim.place == "全国" else area
    for score, indicator in named[:MOST]:
        if score < least:
            return
        for steps in steps_of(claim, indicator, period):
            ref = Ref(indicator.key, steps).at(where, when)
            if (one := asked(basis, ref)) and same_unit(claim.unit, one.unit):
                yield Match(ref, one, score)


def asked(basis: Basis, ref: Ref) -> Compared | None:
    """The number of a ref; None where the ref makes no sense of its indicator."""
    try:
        return basis(ref)
    except BadInput:
        return None


def steps_of(claim: Claim, indicator: Indicator, period: str) -> tuple[tuple[str, ...], ...]:
    """The comparisons a claim on an indicator can mean, by its measure."""
    rate = indicator.unit in RATES
    if claim.measure == "level":
        if claim.unit == "%" and not rate:
            return (("of_target",),) if _DONE.search(claim.subject) else (("yoy",),)
        return ((),)
    if claim.measure == "yoy":
        return ((),) if rate else (("yoy",), ("qoq",))
    if claim.measure == "times":
        return (("times",),)
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
            return (f"narrowing:{periods.year_of(period)}{name}", f"change:{periods.year_of(period)}{name}")
    return ("change", "narrowing:quarter") if not reference or "同期" in reference or "上年" in reference else ()
