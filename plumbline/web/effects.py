"""Which figures a delivery would change, before anybody says yes: counted from what stands, and from what would."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plumbline.engine import compute
from plumbline.kernel import AREAS, Catalog, Coverage, Figure, Indicator, area_name, inside
from plumbline.kernel.figure import NOT_RECEIVED
from plumbline.kernel.period import end_state, named, span
from plumbline.store.deliveries.trial import Trial
from plumbline.store.models import Figure as Published
from plumbline.web.ring import value_words
from plumbline.web.words import period_words

MOST_PERIODS = 12
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Effect:
    """A figure before and after, in words."""

    label: str
    area: str
    period: str
    before: str
    after: str


def effects(catalog: Catalog, held: Trial | None) -> list[Effect]:
    """What a change would do to the published figures and to those of its own period; none where it was not tried."""
    return list(changed(catalog, held))[:MOST_SHOWN] if held else []


def changed(catalog: Catalog, held: Trial) -> Iterable[Effect]:
    """The figures that differ between the two states of a table."""
    table = held.now.table.key
    areas = areas_of(held.coverage)
    for period, counted in periods(catalog.of_table(table), areas, held.coverage).items():
        pairs = zip(compute(catalog, counted, period, areas, {table: held.now}),
                    compute(catalog, counted, period, areas, {table: held.then}), strict=True)
        for before, then in pairs:
            if (before.value, before.missing) != (then.value, then.missing):
                yield Effect(catalog.indicators[then.indicator].label, area_name(then.area), period_words(then.period),
                             words(before), words(then))


def words(one: Figure) -> str:
    """A figure's number in words, or why there is none."""
    if one.missing == NOT_RECEIVED:
        return "没有收到"
    return value_words(one.value, one.unit, one.missing)


def areas_of(coverage: Coverage) -> list[str]:
    """The areas a delivery tells of, the districts inside them, and the city around."""
    inner = [one.code for one in AREAS if any(inside(one.code, outer) for outer in coverage.areas)]
    return sorted({*coverage.areas, *inner, *(f"{code[:2]}0000" for code in coverage.areas)})


def periods(indicators: Sequence[Indicator], areas: Iterable[str], coverage: Coverage) -> dict[str, list[Indicator]]:
    """Periods a delivery touches, each with the indicators asked for it: those published, and the delivery's own."""
    rows = Published.objects.filter(indicator__in=[one.key for one in indicators], area__in=list(areas), state="current")
    rows = rows.filter(last_on__gte=coverage.first) if coverage.first else rows
    rows = rows.filter(first_on__lte=coverage.last) if coverage.last else rows
    pairs = set(rows.order_by().values_list("indicator", "period").distinct())
    own = own_period(coverage)
    found: dict[str, list[Indicator]] = {}
    for one in indicators:
        mine = {period for key, period in pairs if key == one.key}
        if own:
            mine.add(end_state(own) if one.kind == "latest" or not one.dated else own)
        for period in sorted(mine):
            found.setdefault(period, []).append(one)
    return dict(sorted(found.items(), key=lambda item: span(item[0]), reverse=True)[:MOST_PERIODS])


def own_period(coverage: Coverage) -> str:
    """The period a delivery covers, where it is months of one year; else the year it ends in.

    >>> own_period(Coverage(()))
    ''
    """
    if coverage.first is None or coverage.last is None:
        return ""
    if coverage.first.year != coverage.last.year:
        return f"{coverage.last.year}"
    return named(coverage.first.year, coverage.first.month, coverage.last.month)
