"""Looking figures up: by name, as of any moment; and from a record to all that rests on it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from plumbline.kernel import Figure as Counted
from plumbline.kernel.figure import Cell
from plumbline.store.figures.publishing import cell_text, same_value
from plumbline.store.figures.tables import CURRENT, Cite, Figure


def current(indicator: str, area: str, period: str, cell: Cell = (),
            as_of: datetime.datetime | None = None) -> Figure | None:
    """The figure that stands, or stood at a moment; None where nothing was published yet."""
    rows = Figure.objects.filter(indicator=indicator, area=area, period=period, cell=cell_text(cell))
    rows = rows.filter(state=CURRENT) if as_of is None else rows.filter(run__at__lte=as_of)
    return rows.order_by("-id").first()


def lineage(figure: Figure) -> list[Figure]:
    """Every figure of the same key, the newest first."""
    return list(Figure.objects.filter(indicator=figure.indicator, area=figure.area, period=figure.period,
                                      cell=figure.cell).select_related("run", "run__by").order_by("-id"))


def counted(row: Figure) -> Counted:
    """A published figure as the kernel knows it."""
    cell = tuple((name, value) for name, _, value in (part.partition("=") for part in row.cell.split(";") if part))
    return Counted(
        indicator=row.indicator, area=row.area, period=row.period, unit=row.unit, value=number(row.value),
        missing=row.missing, counted=row.counted, unknown=row.unknown, top=number(row.top), bottom=number(row.bottom),
        cell=cell, inputs=tuple(row.inputs), version=row.version)


def number(text: str) -> Decimal | None:
    """The decimal a column holds; None where it is empty."""
    return Decimal(text) if text else None


@dataclass(frozen=True, slots=True)
class Resting:
    """What rests on a record: current figures that counted it, and cites of documents that rest on these.

    A cite is named as well where it rests on an earlier figure of the same key: what was printed then
    rests on the record all the same.
    """

    figures: tuple[Figure, ...]
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """An indicator that counts a record: for these areas, and for which periods.

    day     the record's day: the period holds it; None: any period
    before  the period ends before that day; None: however late
    stock   the period may begin after the record's day: what it was then still stands
    """

    indicator: str
    areas: tuple[str, ...]
    day: datetime.date | None = None
    before: datetime.date | None = None
    stock: bool = False

    @property
    def condition(self) -> Q:
        """The figures meant."""
        found = Q(indicator=self.indicator, area__in=self.areas)
        if self.day is not None:
            found &= Q(last_on__gte=self.day)
            found &= Q() if self.stock else Q(first_on__lte=self.day)
        return found & Q(last_on__lt=self.before) if self.before else found


def resting(counting: Iterable[Counts], sha256: str = "", most: int = 200) -> Resting:
    """What rests on a record that these indicators count.

    sha256    of the file the record lies in; a figure counted before that file came does not rest on it
    """
    either = Q(pk__in=())
    for one in counting:
        either |= one.condition
    rows = Figure.objects.filter(either, state=CURRENT).order_by("indicator", "area", "-last_on")[:most]
    figures = tuple(row for row in rows if not sha256 or sha256 in row.inputs)
    return Resting(figures, tuple(cites_of(figures)))


def cites_of(figures: Iterable[Figure]) -> QuerySet[Cite]:
    """Numbers of documents that rest on these figures, or on earlier or later ones of the same key."""
    either = Q(pk__in=())
    for row in figures:
        either |= Q(figures__figure__indicator=row.indicator, figures__figure__area=row.area,
                    figures__figure__period=row.period, figures__figure__cell=row.cell)
    return Cite.objects.filter(either).select_related("document").distinct().order_by("-document__received_at", "number")


@dataclass(frozen=True, slots=True)
class Changed:
    """A number of a document one of whose figures was replaced by another value since."""

    cite: Cite
    before: Figure
    after: Figure


def changed_since(document_id: int) -> list[Changed]:
    """What has changed since a document was written, in the order of its text."""
    pairs = [(cite, link.figure) for cite in Cite.objects.filter(document_id=document_id).prefetch_related("figures__figure")
             for link in cite.figures.all() if link.figure.state != CURRENT]
    now = standing(before for _, before in pairs)
    return [Changed(cite, before, after) for cite, before in pairs
            if (after := now.get(before.pk)) and not same_value(after, before)]


def standing(rows: Iterable[Figure]) -> dict[int, Figure]:
    """By number of each of these, the figure that stands where it stood; however many, in one query."""
    told = list(rows)
    found = Figure.objects.select_related("run").filter(
        state=CURRENT, indicator__in={row.indicator for row in told}, area__in={row.area for row in told},
        period__in={row.period for row in told}) if told else ()
    named = {(row.indicator, row.area, row.period, row.cell): row for row in found}
    return {row.pk: named[key] for row in told if (key := (row.indicator, row.area, row.period, row.cell)) in named}


def current_of(row: Figure) -> Figure | None:
    """The figure that stands where this one stood."""
    return Figure.objects.filter(indicator=row.indicator, area=row.area, period=row.period, cell=row.cell,
                                 state=CURRENT).first()
