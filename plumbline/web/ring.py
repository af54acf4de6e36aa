"""What rests on a record: the indicators that count it, the figures, the sentences, the documents; and back to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from plumbline.engine import figures_of
from plumbline.kernel import MISSING, Catalog, Inputs, area_name
from plumbline.kernel.printing import day_name, in_full
from plumbline.store import figures
from plumbline.store.models import Cite, CiteFigure, Figure
from plumbline.web import links
from plumbline.web.excerpt import parted
from plumbline.web.tables import how_words
from plumbline.web.words import period_words

# where the stations of the ring stand
PLACES = ((158, 4), (310, 62), (262, 172), (54, 172), (6, 62))
# digits behind the point of a number that has no end
PLACES_SHOWN = 4
# figures looked through for a record that counts no longer
MOST_PAST = 500
NOT_COUNTED = "没有指标计入这一条：它不满足任何一个指标的条件，或者还没有人为这张表定义指标。"


@dataclass(frozen=True, slots=True)
class Station:
    """A station of the ring: how many of its kind there are, and where on the page they stand."""

    label: str
    number: int
    words: str
    href: str
    x: int = field(metadata={"json": False})
    y: int = field(metadata={"json": False})

    @property
    def middle(self) -> int:
        """Where its words are centred."""
        return self.x + 52


@dataclass(frozen=True, slots=True)
class Counting:
    """An indicator that counts the record, how, and for which areas."""

    key: str
    label: str
    how: str
    href: str


@dataclass(frozen=True, slots=True)
class Resting:
    """A published figure the record is counted in."""

    label: str
    area: str
    period: str
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Said:
    """A number of a document that rests on such a figure, in its sentence."""

    document: str
    published: bool
    changed: bool
    before: str
    number: str
    after: str
    href: str


@dataclass(frozen=True, slots=True)
class Ring:
    """All that rests on a record, as this person may see it; `said` is the drawing in a sentence."""

    indicators: list[Counting]
    figures: list[Resting]
    cites: list[Said]
    stations: list[Station]
    said: str
    past: bool
    why_none: str = NOT_COUNTED


@dataclass(frozen=True, slots=True)
class Stands:
    """How a record stands.

    sha256  of the file it lies in: a figure that was not counted from it does not rest on it; empty for an entry of
            a register as it is now
    past    it counts no longer: what rested on it is told, whatever took that's place
    days    of an entry that was put out of use: the days it stood
    """

    sha256: str = ""
    past: bool = False
    days: tuple[date, date] | None = None


def ring(user: Any, catalog: Catalog, inputs: Inputs, row: Mapping[str, Any], stands: Stands) -> Ring:
    """What rests on a row, or rested on it while it counted."""
    counting = figures_of(catalog, inputs, row)
    keys, cited = rested_then(counting, stands) if stands.past else rests_now(counting, stands)
    numbers = Figure.objects.visible_to(user).filter(pk__in=keys)
    cites = Cite.objects.visible_to(user).filter(pk__in=cited).select_related(
        "document").defer("document__text", "document__outline").prefetch_related("figures__figure")
    found = [_said(one) for one in cites.order_by("-document__received_at", "number")]
    counted = [_counting(catalog, catalog.indicators[one.indicator], one.areas, one.day) for one in counting]
    rested = [_resting(catalog, one) for one in numbers.order_by("indicator", "area", "-last_on")]
    stations = _stations(len(counted), len(rested), len(found), len({one.document_id for one in cites}))
    return Ring(counted, rested, found, stations, "，".join(f"{one.label}：{one.words}" for one in stations), stands.past)


def rests_now(counting: Sequence[Any], stands: Stands) -> tuple[list[int], list[int]]:
    """Numbers of the current figures that count a record, and of the cites that rest on these."""
    found = figures.resting(counting, stands.sha256)
    return [one.pk for one in found.figures], [one.pk for one in found.cites]


def rested_then(counting: Sequence[Any], stands: Stands) -> tuple[list[int], list[int]]:
    """The same of a record that counts no longer: figures counted from its file, or while it stood, and their cites."""
    either = Q(pk__in=())
    for one in counting:
        either |= one.condition
    rows = Figure.objects.filter(either).order_by("-id")
    if stands.days:
        rows = rows.filter(run__at__date__gte=stands.days[0], run__at__date__lte=stands.days[1])
    keys = [row.pk for row in rows[:MOST_PAST] if not stands.sha256 or stands.sha256 in row.inputs]
    return keys, list(CiteFigure.objects.filter(figure__in=keys).values_list("cite", flat=True))


def _counting(catalog: Catalog, one: Any, areas: Sequence[str], day: date | None) -> Counting:
    named = "、".join(area_name(area) for area in areas if area_name(area) != area)
    when = day_name(day) if day else "不分时段"
    return Counting(one.key, one.label, f"{how_words(catalog, one)}；计入{named or areas[0]}，{when}", links.indicator(one.key))


def _resting(catalog: Catalog, row: Figure) -> Resting:
    known = catalog.indicators.get(row.indicator)
    return Resting(known.label if known else row.indicator, area_name(row.area), period_words(row.period),
                   number_words(row), links.figure(row.pk))


def number_words(row: Figure) -> str:
    """A figure's number in words, or why there is none."""
    return value_words(Decimal(row.value) if row.value else None, row.unit, row.missing)


def value_words(value: Decimal | None, unit: str, missing: str) -> str:
    """A number in words, a share fine enough to show what one record changes in it.

    >>> value_words(Decimal("0.823"), "%", ""), value_words(None, "家", "no denominator")
    ('82.3%', '分母为零，算不出比率')
    >>> value_words(Decimal("0.82304"), "%", ""), value_words(Decimal("0.005"), "‰", "")
    ('82.304%', '5‰')
    """
    if value is None:
        return MISSING.get(missing, missing or "没有数")
    return in_full(value, unit, PLACES_SHOWN)


def _said(one: Cite) -> Said:
    told = parted(one.sentence, one.surface)
    changed = any(link.figure.state != "current" for link in one.figures.all())
    href = links.cite(one.document_id, one.number)
    return Said(str(one.document), one.document.published, changed, told.before, told.number, told.after, href)


def _stations(indicators: int, numbers: int, cites: int, documents: int) -> list[Station]:
    told = (("这条记录", 1, "本页", "#content-of-it"), ("指标", indicators, f"{indicators} 个", "#ring-indicators"),
            ("已公布的数", numbers, f"{numbers} 个", "#ring-figures"), ("句子", cites, f"{cites} 处", "#ring-cites"),
            ("文件", documents, f"{documents} 份", "#ring-cites"))
    return [Station(label, number, words, href if number else "", *place)
            for (label, number, words, href), place in zip(told, PLACES, strict=True)]


