"""Targets tied to an indicator: how far they are is counted from records, no longer only what a report states."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import ExtractYear

from plumbline.kernel import Indicator, Reported
from plumbline.kernel.comparison import RATES
from plumbline.kernel.period import is_period, named, span
from plumbline.kernel.printing import PERCENT
from plumbline.store.figures.tables import CURRENT, Figure
from plumbline.store.plans.tables import Target

COLUMNS = ("pk", "value", "period", "last_on")


def with_counted(targets: QuerySet[Target], on: date | None = None) -> QuerySet[Target]:
    """Targets with the last figure of their indicator in the year they are due, up to a day.

    Order  of figures that end on one day the one that began first: what has come together since January
    """
    year = ExtractYear(OuterRef("due_on"))
    rows = Figure.objects.filter(indicator=OuterRef("indicator"), area=OuterRef("area"), cell="", state=CURRENT,
                                 last_on__year=year, last_on__lte=OuterRef("due_on")).exclude(value="")
    rows = rows.filter(last_on__lte=on) if on else rows
    last = rows.order_by("-last_on", "first_on", "-pk")
    return targets.annotate(**{f"counted_{name}": Subquery(last.values(name)[:1]) for name in COLUMNS})


def counted(target: Any) -> Reported | None:
    """What records say of a target read by `with_counted`; None where it is tied to nothing, or nothing was counted."""
    text = getattr(target, "counted_value", None)
    if not text:
        return None
    return Reported(Decimal(text).scaleb(PERCENT.get(target.unit, 0)), target.unit, target.counted_period, False)


def wanted(target: Target, today: date) -> list[tuple[str, str, str, tuple[()]]]:
    """The figures a tied target is held against: of its report's period, and of the months since January up to now."""
    if not target.indicator or target.due_on is None:
        return []
    periods = [target.document.period] if is_period(target.document.period) else []
    last = min(today, target.due_on)
    if last.year == target.due_on.year:
        periods.append(named(last.year, 1, last.month))
    own = [one for one in dict.fromkeys(periods) if span(one)[1].year == target.due_on.year]
    return [(target.indicator, target.area, one, ()) for one in own]


def tied() -> QuerySet[Target]:
    """Every target that is tied to an indicator."""
    return Target.objects.exclude(indicator="").select_related("document").defer("document__text", "document__outline")


def fits(target: Target, one: Indicator) -> str:
    """Why an indicator cannot count a target; empty where it can."""
    if one.unit != target.unit and not (target.unit in RATES and one.unit in RATES):
        return f"指标「{one.label}」以「{one.unit}」计，目标以「{target.unit}」计；请选单位相同的指标。"
    return ""
