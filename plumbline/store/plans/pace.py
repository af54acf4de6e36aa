"""How far a target is, by what was reported of it and confirmed."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from plumbline import kernel
from plumbline.kernel import Parameter, Progress, Reported, parameters
from plumbline.kernel import progress as measured
from plumbline.kernel.period import is_period, span
from plumbline.store.plans.counted import counted
from plumbline.store.plans.tables import Pairing, Target

PARAMETERS = Path(__file__).parent.parent / "parameters" / "progress.yaml"


@cache
def tolerance_parameter() -> Parameter:
    """The dated parameter of the rule."""
    return parameters(PARAMETERS)["progress.tolerance"]


def reported_on(target: Target) -> date | None:
    """The day the target's report speaks of: the last day of its period."""
    period = target.document.period
    return span(period)[1] if is_period(period) else None


def progress(target: Target, on: date | None = None) -> Progress:
    """How far a target is on a day; by default on the last day of its report's period, or of what was counted since.

    Counted  where records say how far it is (`with_counted`), that goes before what a report states
    Queries  none where `claim__reported_as__reported__document` was prefetched
    """
    day, told = on or reported_on(target), counted(target)
    if told and not on:
        day = max(filter(None, (day, span(told.period)[1])))
    if told is None:
        found = [pairing for pairing in target.claim.reported_as.all() if pairing.state == "confirmed"]
        told = _reported(max(found, key=_latest)) if found else None
    asked = kernel.Target(Decimal(target.value), target.unit, target.measure, target.bound,
                          target.period if is_period(target.period) else "", target.due_on)
    return measured(asked, told, day, _tolerance(day))


def _tolerance(day: date | None) -> Decimal:
    parameter = tolerance_parameter()
    dated = parameter.on(day) if day else None
    return (dated or parameter.values[0]).value


def _reported(pairing: Pairing) -> Reported:
    claim = pairing.reported
    return Reported(Decimal(claim.value), claim.unit, claim.period if is_period(claim.period) else "", pairing.on_top)


def _latest(pairing: Pairing) -> tuple[date, int, int]:
    """Of several reports of one promise the latest counts."""
    claim = pairing.reported
    day = span(claim.period)[1] if is_period(claim.period) else date.min
    return day, claim.document_id, claim.number
