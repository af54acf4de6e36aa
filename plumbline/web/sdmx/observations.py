"""Published figures as series of observations, in a stream: what stands, of what the asker may see."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from plumbline.kernel.printing import PERCENT
from plumbline.store.figures import CiteFigure, Figure
from plumbline.store.figures.tables import CURRENT
from plumbline.store.models import Batch
from plumbline.web.sdmx import codes
from plumbline.web.sdmx.asking import DataAsk
from plumbline.web.sdmx.times import frequency, time_period
from plumbline.web.sdmx.words import ATTRIBUTES, clean

# GB/T 2260 gives no code that begins so
INVENTED_AREA = "99"
KEY = ("indicator", "area", "period", "cell")
SeriesKey = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Observation:
    """A figure as SDMX tells it.

    key         FREQ, INDICATOR, REF_AREA, PART
    value       the stored text, digit for digit; None where there is none
    attributes  values in the order of ATTRIBUTES, None where there is none
    """

    key: SeriesKey
    time: str
    value: str | None
    attributes: tuple[str | None, ...]


def seen(user: Any) -> QuerySet[Figure]:
    """Of each key the newest figure that a user may see; a stranger sees those that a published document prints.

    A figure that was replaced stays to be read by who may not see the newer one, and says that it was.
    """
    printed = CiteFigure.objects.filter(figure=OuterRef("pk"), cite__document__published=True)
    every = Figure.objects.visible_to(user) if user.is_authenticated else Figure.objects.filter(Exists(printed))
    newer = every.order_by().filter(pk__gt=OuterRef("pk"), **{name: OuterRef(name) for name in KEY})
    return every.filter(Q(state=CURRENT) | ~Exists(newer))


def asked(user: Any, ask: DataAsk) -> QuerySet[Figure]:
    """The rows a query may need; frequency and part are looked at by `observations`."""
    rows = seen(user)
    if all(key[1] or key[2] for key in ask.keys):
        rows = rows.filter(_named(ask))
    rows = rows.filter(first_on__gte=ask.first) if ask.first else rows
    rows = rows.filter(last_on__lte=ask.last) if ask.last else rows
    return rows.filter(run__at__gt=ask.since) if ask.since else rows


def _named(ask: DataAsk) -> Q:
    either = Q(pk__in=())
    for _, indicators, areas, _ in ask.keys:
        one = Q(indicator__in=[codes.indicator_key(code) for code in indicators]) if indicators else Q()
        either |= one & Q(area__in=areas) if areas else one
    return either


def observations(rows: QuerySet[Figure], ask: DataAsk) -> Iterator[Observation]:
    """The observations of a query: series after series, in each by time."""
    ordered = rows.select_related("run").order_by("indicator", "area", "cell", "first_on", "last_on", "pk").iterator(2000)
    invented = frozenset(Batch.objects.filter(example=True).values_list("sha256", flat=True))
    told = (observation(row, key, invented) for _, group in groupby(ordered, lambda row: (row.indicator, row.area, row.cell))
            for key, row in _of_group(group, ask))
    return islice(told, ask.offset, None if ask.limit is None else ask.offset + ask.limit)


def _of_group(rows: Iterable[Figure], ask: DataAsk) -> Iterator[tuple[SeriesKey, Figure]]:
    """The series of one indicator, area and part: one for each frequency."""
    by_frequency: dict[str, list[Figure]] = {}
    for row in rows:
        by_frequency.setdefault(frequency(row.period), []).append(row)
    for code, found in sorted(by_frequency.items()):
        key = (code, codes.indicator_code(found[0].indicator), found[0].area, codes.part_code(found[0].cell))
        if any(all(not told or part in told for told, part in zip(asked, key, strict=True)) for asked in ask.keys):
            yield from ((key, row) for row in _ends(found, ask))


def _ends(rows: list[Figure], ask: DataAsk) -> list[Figure]:
    """Of a series, the first and the last observations where only these are asked for."""
    if ask.heads is None and ask.tails is None:
        return rows
    many = len(rows)
    return [row for at, row in enumerate(rows) if at < (ask.heads or 0) or at >= many - (ask.tails or 0)]


def observation(row: Figure, key: SeriesKey, invented: frozenset[str]) -> Observation:
    """One figure; a missing one has no value, and says why.

    invented  hashes of the files with invented records; an invented area has only such
    """
    simulated = row.area.startswith(INVENTED_AREA) or not invented.isdisjoint(row.inputs)
    told = {
        "UNIT_MEASURE": clean(row.unit), "UNIT_MULT": str(PERCENT.get(row.unit, 0)), "OBS_STATUS": codes.status(row.missing),
        "MISSING": codes.reason(row.missing), "SIMULATED": str(simulated).lower(),
        "DECIMALS": str(len(row.value.partition(".")[2])) if row.value else "",
        "COUNTED": str(row.counted), "UNKNOWN": str(row.unknown), "NUMERATOR": row.top, "DENOMINATOR": row.bottom,
        "REPLACED": str(row.state != CURRENT).lower(), "PERIOD": row.period,
        "PUBLISHED_AT": row.run.at.isoformat(timespec="seconds"), "RUN": str(row.run_id),
    }
    return Observation(key, time_period(row.period), row.value or None, tuple(told[one.id] or None for one in ATTRIBUTES))
