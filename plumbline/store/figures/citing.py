"""Numbers of a document tied to the figures they stand for."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from plumbline.kernel import Cite as Printed
from plumbline.store.documents.tables import Document
from plumbline.store.figures.publishing import exact
from plumbline.store.figures.tables import Cite, CiteFigure
from plumbline.store.words import fitted


@dataclass(frozen=True, slots=True)
class Place:
    """Where a printed number stands in a document's text, the sentence around it, and the claim read there."""

    printed: Printed
    start: int
    end: int
    sentence: str
    claim: int | None = None


def cite(document: Document, places: Sequence[Place]) -> list[Cite]:
    """Tie numbers of a document to figures, inside the caller's transaction, which also writes the journal.

    Raises  RuntimeError outside a transaction
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("cite() belongs inside the transaction that makes the document")
    rows = Cite.objects.bulk_create([_row(document, number, place) for number, place in enumerate(places, 1)])
    CiteFigure.objects.bulk_create([
        CiteFigure(cite=row, figure_id=figure, place=at)
        for row, place in zip(rows, places, strict=True) for at, figure in enumerate(place.printed.figures)])
    return rows


def _row(document: Document, number: int, place: Place) -> Cite:
    one = place.printed
    return Cite(
        document=document, number=number, claim=place.claim, start=place.start, end=place.end,
        surface=fitted(Cite, "surface", document.text[place.start:place.end]), sentence=place.sentence, ref=one.ref,
        concept=one.concept, label=fitted(Cite, "label", one.label), area=one.area, period=one.period,
        value=exact(one.value), unit=one.unit, decimals=one.decimals)
