"""Figures as fresh as the click: what changed since they were published is counted again, and nothing else."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from plumbline.engine.compute import compute
from plumbline.engine.opening import standing
from plumbline.engine.reading import reading
from plumbline.kernel import BadInput, Catalog, Conflict, Finding, Indicator, Inputs, NotAllowed, inside
from plumbline.kernel import Figure as Counted
from plumbline.kernel.comparison import Basis, needed
from plumbline.kernel.figure import Cell
from plumbline.kernel.ref import Ref
from plumbline.store import batches, declarations, figures
from plumbline.store.figures import Figure

Wanted = tuple[str, str, str, Cell]
# how often to begin again where somebody publishes the same figures at the same moment
TRIES = 4


def refresh(catalog: Catalog, wanted: Iterable[Wanted], why: str = "", user: Any = None) -> dict[Wanted, Figure]:
    """The published figures of these keys, each counted again where anything it depends on has changed.

    wanted  indicator, area, period, cell
    Raises  BadInput where an indicator is not declared; Conflict where others publish the same all the time
    """
    asked = list(dict.fromkeys(wanted))
    for left in reversed(range(TRIES)):
        try:
            return _fresh(catalog, asked, why, user)
        except Conflict:
            if not left:
                raise
    raise AssertionError("the last try answers or raises")


def _fresh(catalog: Catalog, asked: Sequence[Wanted], why: str, user: Any) -> dict[Wanted, Figure]:
    """The figures, those that are stale counted and published first."""
    held = _held(catalog, asked)
    marks = {key: mark(catalog, catalog.indicators[key], held[catalog.indicators[key].table])
             for key in {one[0] for one in asked}}
    rows = _rows(asked)
    stale = [one for one in asked if one not in rows or rows[one].mark != marks[one[0]]]
    if stale:
        counted = [one for group in _together(catalog, stale) for one in _counted(catalog, held, group)]
        lively = {key for key in marks if catalog.tables[catalog.indicators[key].table].orders}
        figures.publish(user, counted, why, marks, standing().name, lively)
        rows = _rows(asked)
    return {one: rows[one] for one in asked}


def of_document(catalog: Catalog, document_id: int) -> dict[Wanted, Figure]:
    """The figures a document prints, as they stand now: what it marks as changed since rests on this."""
    rows = Figure.objects.filter(cites__cite__document_id=document_id).distinct()
    return refresh(catalog, [(row.indicator, row.area, row.period, figures.counted(row).cell) for row in rows
                             if row.indicator in catalog.indicators])


def mark(catalog: Catalog, indicator: Indicator, inputs: Inputs) -> str:
    """Hash of all that a figure depends on: the declaration and dated parameters in its first half, then the files and what
    they cover.
    """
    read = reading(catalog, indicator)
    used = frozenset[str]().union(*(one.params for one in (read.where, read.of) if one))
    how = [asdict(indicator), inputs.table.version, [
        repr(one) for _, one in sorted(catalog.parameters.items()) if one.key in used]]
    return _hash(how) + _hash([inputs.hashes, sorted(map(repr, inputs.coverage))])


def _hash(told: Any) -> str:
    """Half a mark."""
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, default=str).encode()).hexdigest()[:figures.HALF]


def again(catalog: Catalog, row: Figure) -> Counted:
    """A published figure, counted once more as it was counted then, from the records as they stood.

    Raises  BadInput where its indicator is no longer known as it was then
    """
    indicator = declarations.as_counted(catalog, row.indicator, row.version)
    if indicator is None:
        raise BadInput([Finding("figure.unknown", row.indicator, "这个指标已不再使用，或者口径已改而没有留存，不能照原样再算。")])
    held = {indicator.table: batches.inputs(catalog.tables[indicator.table], as_of=row.run.at)}
    then = replace(catalog, indicators={indicator.key: indicator})
    [one] = _counted(then, held, [(row.indicator, row.area, row.period, figures.counted(row).cell)])
    return one


def basis(catalog: Catalog, refs: Sequence[Ref] = (), **more: Any) -> Basis:
    """What a writer asks for numbers: published figures, counted afresh; those of `refs` all at once.

    refs  with area and period filled in (`Ref.at`)
    more  `target` and `peers` of the kernel's Basis
    """
    rows = refresh(catalog, needed(refs, catalog.indicators))

    def row(indicator: str, area: str, period: str, cell: Cell) -> Figure:
        key = (indicator, area, period, cell)
        if key not in rows:
            rows.update(refresh(catalog, [key]))
        return rows[key]

    def figure(indicator: str, area: str, period: str, cell: Cell) -> Counted:
        return figures.counted(row(indicator, area, period, cell))

    def number(one: Counted) -> int:
        return int(row(one.indicator, one.area, one.period, one.cell).pk)

    return Basis(catalog.indicators, figure, number=number, **more)


def permitted(user: Any, refs: Iterable[Ref]) -> None:
    """Raise NotAllowed where a ref asks for the figure of an area that is neither the user's nor his city's.

    Reading  a rank or a comparison with the city is the city's to give; another district's own figure is not
    """
    for ref in refs:
        if not (user.is_superuser or open_to(user.area, ref)):
            raise NotAllowed(f"「{ref}」是其他地区的数，您看不到；没有保存。可以引用本地区、全市的数，或在全市的位次。")


def open_to(own: str, ref: Ref) -> bool:
    """Whether a ref asks for nothing but what an area may be told: its own, its city's, the nation's, or a place.

    Reading  a difference from another district tells that district's figure as well as the figure itself does
    """
    told = [step.partition(":")[2] for step in ref.steps if step.startswith("against:")]
    return all(area in ("", "city", "nation", f"{own[:2]}0000") or inside(area, own) for area in (ref.area, *told))


def _held(catalog: Catalog, asked: Iterable[Wanted]) -> dict[str, Inputs]:
    """What the tables of the wanted indicators hold at this moment."""
    unknown = sorted({one[0] for one in asked if one[0] not in catalog.indicators})
    if unknown:
        raise BadInput([Finding("figure.unknown", key, f"没有指标「{key}」；请从指标目录中选择。") for key in unknown])
    tables = sorted({catalog.indicators[one[0]].table for one in asked})
    return {key: batches.inputs(catalog.tables[key]) for key in tables}


def _rows(asked: Sequence[Wanted]) -> dict[Wanted, Figure]:
    """The current rows of these keys."""
    keys = {(one[0], one[1], one[2], figures.cell_text(one[3])): one for one in asked}
    found = Figure.objects.select_related("run").filter(
        state="current", indicator__in={key[0] for key in keys}, area__in={key[1] for key in keys},
        period__in={key[2] for key in keys})
    named = {(row.indicator, row.area, row.period, row.cell): row for row in found}
    return {one: named[key] for key, one in keys.items() if key in named}


def _together(catalog: Catalog, stale: Iterable[Wanted]) -> list[list[Wanted]]:
    """The wanted in groups that one pass over a table counts: same table, period and cell."""
    groups: dict[tuple[str, str, Cell], list[Wanted]] = {}
    for one in stale:
        groups.setdefault((catalog.indicators[one[0]].table, one[2], one[3]), []).append(one)
    return list(groups.values())


def _counted(catalog: Catalog, held: Mapping[str, Inputs], group: Sequence[Wanted]) -> list[Counted]:
    """Figures of one group; nothing that was not asked for."""
    keys = sorted({one[0] for one in group})
    areas = sorted({one[1] for one in group})
    found = compute(catalog, [catalog.indicators[key] for key in keys], group[0][2], areas, held, group[0][3])
    wanted = set(group)
    return [one for one in found if (one.indicator, one.area, one.period, one.cell) in wanted]
