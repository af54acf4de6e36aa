"""The page of a figure: how it was counted, its trend, its districts, earlier values, the reports that print it, its rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from plumbline import engine
from plumbline.engine.refresh import again, refresh
from plumbline.kernel import AREAS, BadInput, Catalog, Finding, Indicator, NotAllowed, area_name, inside
from plumbline.store import batches, declarations, figures
from plumbline.store.figures import Cite, Figure
from plumbline.store.figures.tables import CURRENT
from plumbline.web import links
from plumbline.web.excerpt import parted
from plumbline.web.export import export
from plumbline.web.figure_compared import Beside, beside
from plumbline.web.figure_how import How, how_of
from plumbline.web.figure_words import exact_words, missing_words, number_words, to_do, value_words
from plumbline.web.figures import may_ask
from plumbline.web.forms import whole
from plumbline.web.orders.rows import named
from plumbline.web.screen import FILES, act, form_of, show, twin
from plumbline.web.table_access import own_office, tables_of
from plumbline.web.table_rows import cells
from plumbline.web.table_rows import words as cell_words
from plumbline.web.words import period_words

WITHHELD = "这些工单不都计入您单位的成绩，只列数，不逐件列出；计入您单位的，请从自己的数点开。"
ROWS, MOST_POINTS, MOST_SENTENCES = 20, 24, 50
# head of the column that says what a row does in the figure
MARKS = {"share": "是否达到", "sum": "计入", "mean": "计入", "latest": "计入"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure beside this one: of another period, or of another area; `number` for drawing only."""

    name: str
    words: str
    number: float | None
    href: str
    here: bool
    missing: str = ""
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """A value this figure had: when it was published, by whom, and why it was replaced."""

    key: int
    words: str
    counted: int
    at: datetime
    by: str
    why: str
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """A sentence of a document that prints the figure."""

    document: str
    published: bool
    before: str
    number: str
    after: str
    href: str


@dataclass(frozen=True, slots=True)
class Behind:
    """A page of the rows behind a figure; `marks` says of each whether it passes, or what it adds."""

    heads: list[str]
    rows: list[dict[str, Any]]
    count: int
    page: int
    pages: int
    mark: str


@dataclass(frozen=True, slots=True)
class FigureScreen:
    """A figure and all that belongs to it."""

    key: int
    label: str
    area: str
    period: str
    cell: str
    words: str
    value: str
    unit: str
    missing: str
    to_do: str
    counted: int
    unknown: int
    top: str
    bottom: str
    at: datetime
    by: str
    engine: str
    standing: bool
    newer: str
    how: How
    trend: list[Mark]
    districts: list[Mark]
    outlines: bool
    earlier: list[Earlier]
    printed: list[Printed]
    behind: Behind | None
    withheld: str
    compared: list[Beside]
    may_count: bool
    data: dict[str, Any] = field(metadata={"json": False})


def figure(request: HttpRequest, key: int) -> HttpResponseBase:
    """A figure; one that stands is counted afresh first, so that it is never older than the click.

    Reading  only for who may ask for it: to others what a report printed is told as it was printed
    """
    row, catalog = seen(request, key), declarations.catalog()
    fresh = row.state == CURRENT and asks(request.user, row) and row.indicator in catalog.indicators
    if fresh and form_of(request) == "html":
        [now] = refresh(catalog, [key_of(row)]).values()
        if now.pk != row.pk:
            messages.info(request, "记录有更新，这里是重新计算后的数；旧值在“历次数值”里。")
            return redirect(links.figure(now.pk))
    return show(request, screen(request, catalog, row), "web/figure.html")


def asks(user: Any, row: Figure) -> bool:
    """Whether a person may have such a figure counted, and others beside it; a deputy or another district only reads."""
    return user.role != "deputy" and may_ask(user, row.area)


def seen(request: HttpRequest, key: int) -> Figure:
    """The figure of an address; a refusal where the person may not see it."""
    row = get_object_or_404(Figure.objects.select_related("run", "run__by"), pk=key)
    if not Figure.objects.visible_to(request.user).filter(pk=key).exists():
        raise NotAllowed("这个数不在您可以查看的范围内：它属于其他地区，也没有写进您能看到的报告。")
    return row


def key_of(row: Figure) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
    """What names a figure."""
    return row.indicator, row.area, row.period, figures.counted(row).cell


def screen(request: HttpRequest, catalog: Catalog, row: Figure) -> FigureScreen:
    """Everything the page says."""
    one = catalog.indicators.get(row.indicator)
    # first: a place among the districts counts these
    compared = beside(catalog, row) if one and asks(request.user, row) else []
    how = how_of(catalog, row)
    if not (one and opens(request.user, one.table)):
        how = replace(how, table_href="")
    trend, districts = trend_of(request.user, row, one), districts_of(request.user, row, one)
    newer, lineage = None if row.state == CURRENT else figures.current_of(row), figures.lineage(row)
    open_ = set(Figure.objects.visible_to(request.user).filter(pk__in=[each.pk for each in lineage]).values_list("pk", flat=True))
    return FigureScreen(
        key=row.pk, label=one.label if one else row.indicator, area=area_name(row.area), period=period_words(row.period),
        cell=row.cell, words=number_words(row, one), value=exact_words(row.value), unit=row.unit, missing=missing_words(row),
        to_do=to_do(row), counted=row.counted, unknown=row.unknown, top=exact_words(row.top), bottom=exact_words(row.bottom),
        at=timezone.localtime(row.run.at), by=str(row.run.by or "系统"), engine=row.run.engine,
        standing=row.state == CURRENT, newer=links.figure(newer.pk) if newer and newer.pk in open_ else "",
        how=how, trend=trend, districts=districts, outlines=row.area.startswith("11"),
        earlier=[earlier_of(other, one, row, other.pk in open_) for other in lineage], printed=printed_of(request.user, row),
        behind=behind_of(request, catalog, row), withheld=WITHHELD if withheld(request.user, catalog, row) else "",
        compared=compared,
        may_count=request.user.role != "deputy" and inside(row.area, request.user.area) and bool(parts_of(row.area)),
        data={"trend": drawn(trend), "districts": drawn(districts), "unit": row.unit})


def drawn(marks: list[Mark]) -> list[dict[str, Any]]:
    """What the pictures are drawn from."""
    return [{"name": one.name, "value": one.number, "words": one.words, "href": one.href, "here": one.here} for one in marks]


def mark(row: Figure, one: Indicator | None, name: str, here: bool) -> Mark:
    """A figure as a mark."""
    return Mark(name, number_words(row, one), row.magnitude, links.figure(row.pk), here, missing_words(row))


def trend_of(user: Any, row: Figure, one: Indicator | None) -> list[Mark]:
    """The same of other periods of the same kind, the earliest first."""
    rows = Figure.objects.visible_to(user).filter(indicator=row.indicator, area=row.area, cell=row.cell).filter(
        Q(state=CURRENT) | Q(pk=row.pk)).exclude(state=CURRENT, period=row.period, pk__gt=row.pk).order_by("-last_on", "-pk")
    long = (row.last_on - row.first_on).days
    alike = [other for other in rows[:MOST_POINTS * 4] if abs((other.last_on - other.first_on).days - long) <= 3]
    return [mark(other, one, period_words(other.period), other.pk == row.pk) for other in alike[:MOST_POINTS][::-1]]


def districts_of(user: Any, row: Figure, one: Indicator | None) -> list[Mark]:
    """The same of the areas beside this one, or of a city's districts; the largest first, ties on one place."""
    codes = parts_of(f"{row.area[:2]}0000")
    rows = list(Figure.objects.visible_to(user).filter(
        indicator=row.indicator, period=row.period, cell=row.cell, area__in=codes, state=CURRENT))
    known = sorted((other.magnitude for other in rows if other.magnitude is not None), reverse=True)
    marks = [replace(mark(other, one, area_name(other.area), other.area == row.area),
                     place=None if other.magnitude is None else known.index(other.magnitude) + 1) for other in rows]
    return sorted(marks, key=lambda one: (one.place is None, one.place or 0, one.name))


def earlier_of(other: Figure, one: Indicator | None, here: Figure, seen: bool) -> Earlier:
    """A value of the lineage; its page, where this reader sees it."""
    return Earlier(other.pk, value_words(other.value, other.unit, one) if other.value else missing_words(other), other.counted,
                   timezone.localtime(other.run.at), str(other.run.by or "系统"), other.reason,
                   links.figure(other.pk) if seen else "", other.pk == here.pk)


def printed_of(user: Any, row: Figure) -> list[Printed]:
    """The sentences that print this figure, or an earlier or later value of it."""
    shown = Cite.objects.visible_to(user).filter(pk__in=figures.cites_of([row]).values("pk"))
    return [sentence_of(cite) for cite in shown.select_related("document").defer(
        "document__text", "document__outline").order_by("-document__received_at", "number")[:MOST_SENTENCES]]


def sentence_of(cite: Cite) -> Printed:
    """A cite in its sentence."""
    told = parted(cite.sentence, cite.surface)
    href = links.cite(cite.document_id, cite.number)
    return Printed(str(cite.document), cite.document.published, told.before, told.number, told.after, href)


def inputs_of(catalog: Catalog, row: Figure, one: Indicator) -> Mapping[str, Any]:
    """The records a figure was counted from: those that stood when it was published, whatever stands now."""
    return {one.table: batches.inputs(catalog.tables[one.table], row.run.at)}


def behind_of(request: HttpRequest, catalog: Catalog, row: Figure) -> Behind | None:
    """A page of the rows behind, None where nobody knows any more what was counted; the first look is written down."""
    one = declarations.as_counted(catalog, row.indicator, row.version)
    if one is None or withheld(request.user, catalog, row):
        return None
    noted = request.session.setdefault("looked", [])
    if row.pk not in noted:
        figures.looked(request.user, row)
        request.session["looked"] = [*noted[-200:], row.pk]
    page, told = max(whole(request.GET.get("page", "")) or 1, 1), inputs_of(catalog, row, one)
    same = [held.hashes for held in told.values()] == [tuple(sorted(row.inputs))]
    sight = engine.Sight(engine.Page((page - 1) * ROWS, ROWS), (), figures.counted(row).cell, row.counted if same else None)
    found = engine.rows_behind(catalog, one, row.area, row.period, told, sight)
    table, passes = catalog.tables[one.table], MARKS.get(one.kind, "")
    in_words, leads = named(table), opens(request.user, one.table)
    rows = [{"href": links.record(table.key, each["file_"], each["row_"]) if leads else "",
             "cells": cells(table, found.columns, each, in_words), "mark": mark_words(each, one.kind)} for each in found.rows]
    return Behind([column.label for column in found.columns], rows, found.count, page, -(-found.count // ROWS), passes)


def opens(user: Any, table: str) -> bool:
    """Whether this person opens records of a table one by one; a deputy sees them only here."""
    return any(one.key == table for one in tables_of(user)[1])


def withheld(user: Any, catalog: Catalog, row: Figure) -> bool:
    """Whether the rows behind are orders of others: an office opens those of its own score alone."""
    one = catalog.indicators.get(row.indicator)
    office = own_office(user, catalog.tables[one.table]) if one else None
    return office is not None and not set(office) & set(figures.counted(row).cell)


def mark_words(row: Mapping[str, Any], kind: str) -> str:
    """What a row adds, or whether it passes."""
    if kind == "share":
        return "是" if row["passed_"] else "否"
    return exact_words(str(row["summand_"])) if kind in ("sum", "mean", "latest") else ""


def rows(request: HttpRequest, key: int) -> HttpResponseBase:
    """All rows behind a figure, as a file."""
    row, catalog = seen(request, key), declarations.catalog()
    one = declarations.as_counted(catalog, row.indicator, row.version)
    if one is None:
        raise BadInput([Finding("figure.unknown", row.indicator, "这个指标已不再使用，或者口径已改，列不出当时的记录。")])
    if withheld(request.user, catalog, row):
        raise NotAllowed(WITHHELD)
    figures.looked(request.user, row)
    table, marked = catalog.tables[one.table], MARKS.get(one.kind, "")

    def lines() -> Iterator[list[object]]:
        inputs, cell = inputs_of(catalog, row, one), figures.counted(row).cell
        for batch in engine.all_behind(catalog, one, row.area, row.period, inputs, cell):
            for each in batch.to_pylist():
                told = [cell_words(table, column, each[column.key]) for column in table.open_columns]
                yield [*told, mark_words(each, one.kind)] if marked else [*told]

    title = f"{one.label}-{area_name(row.area)}-{row.period.strip('@').replace('/', '至')}"
    heads = [*(column.label for column in table.open_columns), *([marked] if marked else [])]
    return export(title, heads, lines(), row.counted, form_of(request))


def recount(request: HttpRequest, key: int) -> HttpResponseBase:
    """Count a figure once more from the records as they stood, and say whether it is the same."""
    row, catalog = seen(request, key), declarations.catalog()
    if again(catalog, row) == figures.counted(row):
        messages.success(request, "用公布时的记录再算一遍，结果与公布的数完全相同。")
    else:
        messages.error(request, "再算一遍的结果与公布的数不同；请告诉系统管理员，并附上本页地址。")
    return redirect(links.figure(row.pk))


def parts_of(area: str) -> list[str]:
    """The areas inside an area, itself left out; none inside a district."""
    return [one.code for one in AREAS if inside(one.code, area) and one.code != area]


def districts(request: HttpRequest, key: int) -> HttpResponseBase:
    """Count the same for every district of the city."""
    row, catalog = seen(request, key), declarations.catalog()
    if not inside(row.area, request.user.area) or request.user.role == "deputy":
        raise NotAllowed("只有本地区的人员可以计算各区的数。")
    cell = figures.counted(row).cell
    refresh(catalog, [(row.indicator, code, row.period, cell) for code in parts_of(row.area)])
    return redirect(f"{links.figure(row.pk)}#districts")


def indicator(request: HttpRequest, key: str) -> HttpResponseBase:
    """The last figure of an indicator that the person sees, his own area's first."""
    own = Figure.objects.visible_to(request.user).filter(indicator=key, state=CURRENT, cell="").order_by("-last_on")
    row = own.filter(area=request.user.area).first() or own.first()
    if row:
        return redirect(links.figure(row.pk))
    return redirect(f"{reverse('figures')}?q={key}")


urls = [
    *twin("figures/<int:key>", figure, "figure"),
    *twin("figures/<int:key>/rows", rows, "figure-rows", *FILES),
    *act("figures/<int:key>/recount", recount, "figure-recount"),
    *act("figures/<int:key>/districts", districts, "figure-districts"),
    *twin("indicators/<str:key>", indicator, "indicator"),
]
