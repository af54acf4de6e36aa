"""A stored document held against published figures: what a person may see of both."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from plumbline.engine.refresh import permitted, refresh
from plumbline.kernel import BadInput, Catalog, Finding, NotAllowed, Report
from plumbline.kernel import Figure as Counted
from plumbline.kernel.comparison import Basis, needed
from plumbline.kernel.figure import NOT_PUBLISHED, Cell
from plumbline.kernel.ref import Ref
from plumbline.reports.drafting import answerable, target_of
from plumbline.reports.holding import Held, held, wanted
from plumbline.reports.keep import as_it_stands
from plumbline.store import figures, people
from plumbline.store.documents import Document
from plumbline.store.figures import Figure

Wanted = tuple[str, str, str, Cell]


@dataclass(frozen=True, slots=True)
class Beside:
    """A number of a document beside the published figure it stands for, where one was found."""

    held: Held
    figure: Figure | None = None


def against(user: Any, catalog: Catalog, document: Document) -> list[Beside]:
    """Every number of a document, and what the published figures a person sees say of it.

    Raises  BadInput where the file can no longer be read
    """
    report = _report(document)
    known = _published(user, needed(_refs(report, catalog), catalog.indicators))

    def figure(indicator: str, area: str, period: str, cell: Cell) -> Counted:
        row = known.get((indicator, area, period, cell))
        return figures.counted(row) if row else Counted(
            indicator, area, period, catalog.indicators[indicator].unit, None, NOT_PUBLISHED, cell=cell)

    found = held(report, Basis(catalog.indicators, figure, target=target_of))
    return [Beside(one, _of(one.ref, known)) for one in found]


def count(user: Any, catalog: Catalog, document: Document) -> int:
    """Count and publish the figures a document may speak of, as far as a person may ask for them; how many there are.

    Raises  NotAllowed where he may not publish figures of the document's area; BadInput as `against`
    """
    people.require(user, "count", document.about or document.area)
    refs = [ref for ref in _refs(_report(document), catalog) if _allowed(user, ref)]
    return len(refresh(catalog, needed(refs, catalog.indicators), f"对照「{document}」", user))


def _report(document: Document) -> Report:
    """The report, of the area and period its document is kept under."""
    report = as_it_stands(document)
    if report is None:
        raise BadInput([Finding("document.gone", str(document), "存放的文件读不出来，无法对照；请重新上传原文件。")])
    told = report.heading
    return replace(report, heading=replace(told, area=document.about or told.area, period=document.period or told.period))


def _refs(report: Report, catalog: Catalog) -> list[Ref]:
    """The numbers the text may speak of; those that make no sense of their indicator left out."""
    area, period = report.heading.area or "", report.heading.period or ""
    refs = wanted(report, catalog.indicators, area, period) if area and period else []
    return [ref for ref in refs if answerable(catalog, [ref])]


def _allowed(user: Any, ref: Ref) -> bool:
    try:
        permitted(user, [ref])
    except NotAllowed:
        return False
    return True


def _published(user: Any, keys: list[Wanted]) -> dict[Wanted, Figure]:
    """The current figures of these keys that a person sees, in one query."""
    rows = Figure.objects.visible_to(user).filter(
        state="current", indicator__in={key[0] for key in keys}, area__in={key[1] for key in keys},
        period__in={key[2] for key in keys})
    asked = set(keys)
    found = {(row.indicator, row.area, row.period, figures.counted(row).cell): row for row in rows}
    return {key: row for key, row in found.items() if key in asked}


def _of(ref: Ref | None, known: Mapping[Wanted, Figure]) -> Figure | None:
    """The published figure a ref is made from, its own of several."""
    return known.get((ref.indicator, ref.area, ref.period, ref.cell)) if ref else None
