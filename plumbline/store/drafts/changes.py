"""What has changed under a version, or under many sent reports, since they were written."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from plumbline.kernel import Cite as Printed
from plumbline.store.figures.finding import standing
from plumbline.store.figures.publishing import same_value
from plumbline.store.figures.tables import CURRENT, REPLACED, CiteFigure, Figure


@dataclass(frozen=True, slots=True)
class Drifted:
    """A number of a version one of whose figures says something else by now."""

    cite: Printed
    before: Figure
    after: Figure


def changed_of(cites: Iterable[Printed]) -> list[Drifted]:
    """The numbers of a version that have changed since it was written, in the order of its text."""
    told = list(cites)
    older = Figure.objects.filter(pk__in={key for cite in told for key in cite.figures}, state=REPLACED).in_bulk()
    now = standing(older.values())
    return [Drifted(cite, older[key], after) for cite in told for key in cite.figures
            if (after := now.get(key)) and not same_value(older[key], after)]


def changes() -> Coalesce:
    """To annotate documents: how many of their numbers rest on a figure that says something else by now."""
    same = Q(value=OuterRef("figure__value"), missing=OuterRef("figure__missing"))
    other = Figure.objects.filter(
        indicator=OuterRef("figure__indicator"), area=OuterRef("figure__area"), period=OuterRef("figure__period"),
        cell=OuterRef("figure__cell"), state=CURRENT).exclude(same)
    return counted(CiteFigure.objects.filter(Exists(other), cite__document=OuterRef("pk"), figure__state=REPLACED),
                   "cite__document", "cite")


def counted(rows: Any, by: str, what: str = "pk") -> Coalesce:
    """How many of some rows belong to each row outside; counted apart, so that two counts do not multiply."""
    grouped = rows.order_by().values(by).annotate(number=Count(what, distinct=True))
    return Coalesce(Subquery(grouped.values("number")), 0)
