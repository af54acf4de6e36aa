"""The evidence of a printed number: the figures it rests on, how each was counted, its trend, what has changed since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from plumbline.kernel import MISSING, Catalog, Cite, area_name
from plumbline.kernel.printing import in_full, signed
from plumbline.kernel.ref import WORDS, ref
from plumbline.store import declarations
from plumbline.store.figures import Figure, current_of, same_value
from plumbline.store.figures.tables import CURRENT
from plumbline.web import links
from plumbline.web.tables import how_words
from plumbline.web.words import period_words

MOST_FIGURES, MOST_POINTS = 20, 8


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of another period: in words, and how long its bar is in per cent of the longest."""

    period: str
    words: str
    width: int
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What a figure says by now, and why."""

    before: str
    after: str
    why: str
    at: datetime
    href: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A figure a number rests on.

    words    its value as a report prints it; `exact` with all digits
    how      how it was counted, in Chinese
    missing  why there is no value
    unknown  records that could not be judged
    changed  what it says by now, where that differs
    """

    figure: int
    label: str
    area: str
    period: str
    words: str
    exact: str
    missing: str
    how: str
    source: str
    table: str
    counted: int
    unknown: int
    at: datetime
    href: str
    changed: Change | None
    trend: list[Point] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Card:
    """A number of a paper with its evidence.

    surface  as printed; `exact` as counted
    made     how it was made of the figures, where it is no figure itself: 同比增速
    more     how many figures are not shown
    """

    surface: str
    label: str
    exact: str
    area: str
    period: str
    made: str
    figures: list[Evidence]
    more: int = 0

    @property
    def same(self) -> bool:
        """Whether the print says all there is; the words around it say whether it fell."""
        return self.exact.lstrip("-") == self.surface


def card(user: Any, catalog: Catalog, cite: Cite, surface: str) -> Card:
    """The evidence of a cite: only figures the user may see."""
    rows = Figure.objects.visible_to(user).select_related("run").in_bulk(cite.figures)
    seen = [rows[key] for key in cite.figures if key in rows]
    shown = [evidence(user, catalog, row, first=not at) for at, row in enumerate(seen[:MOST_FIGURES])]
    return Card(surface, cite.label, in_full(cite.value, cite.unit), area_name(cite.area), period_words(cite.period),
                made_words(cite.ref), shown, len(cite.figures) - len(shown))


def made_words(text: str) -> str:
    """What was made of the figures, in words.

    >>> made_words("works.moved|yoy|against:city"), made_words("works.moved")
    ('同比增速、差距', '')
    """
    return "、".join(WORDS[step.partition(":")[0]] for step in ref(text).steps)


def value_words(row: Figure) -> str:
    """What a figure says, fine enough to show a change: of a quotient four digits behind the point."""
    return in_full(Decimal(row.value), row.unit, 4) if row.value else "无数"


def evidence(user: Any, catalog: Catalog, row: Figure, first: bool = True) -> Evidence:
    """A figure as a card shows it; the trend only of the first."""
    one = declarations.as_counted(catalog, row.indicator, row.version)
    table = catalog.tables.get(one.table) if one else None
    now = one or catalog.indicators.get(row.indicator)
    return Evidence(
        figure=row.pk, label=now.label if now else row.indicator, area=area_name(row.area), period=period_words(row.period),
        words=words_of(row, one.decimals if one else 0), exact=in_full(Decimal(row.value), row.unit) if row.value else "",
        missing=MISSING.get(row.missing, row.missing), how=how_words(catalog, one) if one else "这个指标已不再使用，或者口径已改",
        source=one.source if one else "", table=table.label if table else "", counted=row.counted, unknown=row.unknown,
        at=row.run.at, href=links.figure(row.pk), changed=changed(user, row, one.decimals if one else 0),
        trend=trend(user, row, one.decimals if one else 0) if first else [])


def words_of(row: Figure, decimals: int) -> str:
    """A figure as a report prints it, or 无数."""
    return signed(Decimal(row.value), row.unit, decimals) if row.value else "无数"


def changed(user: Any, row: Figure, decimals: int) -> Change | None:
    """What stands in the figure's place by now, where that says something else; its page, where this reader sees it."""
    after = current_of(row) if row.state != CURRENT else None
    if after is None or same_value(row, after):
        return None
    seen = Figure.objects.visible_to(user).filter(pk=after.pk).exists()
    return Change(words_of(row, decimals), words_of(after, decimals), after.reason, after.run.at,
                  links.figure(after.pk) if seen else "")


def trend(user: Any, row: Figure, decimals: int) -> list[Point]:
    """The same indicator in periods of the same kind, the oldest first."""
    rows = Figure.objects.visible_to(user).filter(
        indicator=row.indicator, area=row.area, cell=row.cell, state=CURRENT).order_by("-last_on")
    alike = [one for one in rows[:60] if shape(one.period) == shape(row.period)][:MOST_POINTS]
    largest = max((abs(Decimal(one.value)) for one in alike if one.value), default=Decimal(0))
    if len(alike) < 2:
        return []
    return [Point(period_words(one.period), words_of(one, decimals), width(one, largest), links.figure(one.pk),
                  one.period == row.period) for one in reversed(alike)]


def shape(period: str) -> str:
    """What kind of period it is, years left out.

    >>> shape("2025H1") == shape("2024H1"), shape("2025H1") == shape("2025Q1")
    (True, False)
    """
    return "".join("#" if letter.isdigit() and at < 5 else letter for at, letter in enumerate(period))


def width(row: Figure, largest: Decimal) -> int:
    """How long a bar is, in per cent."""
    return int(abs(Decimal(row.value)) * 100 / largest) if row.value and largest else 0


def brief(cite: Cite, surface: str, rows: Iterable[Figure]) -> str:
    """A number in a few words, for a hint: 退出企业，2025年上半年，68家，据 68 条记录."""
    told: Sequence[Figure] = list(rows)
    counted = f"据 {sum(row.counted for row in told):,} 条记录" if told else ""
    return "，".join(part for part in (cite.label, area_name(cite.area), period_words(cite.period), surface, counted) if part)
