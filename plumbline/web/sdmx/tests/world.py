"""Figures of every kind, and who may see them."""

from decimal import Decimal
from types import SimpleNamespace

from django.db import transaction
from django.utils import timezone

from plumbline.kernel import Cite, Figure
from plumbline.kernel.figure import NO_DENOMINATOR, NOT_RECEIVED, UNKNOWN
from plumbline.store import figures
from plumbline.store.figures import Place
from plumbline.store.models import Document
from plumbline.store.models import Figure as Row
from plumbline.store.tests import made

GDP, SHARE, MOVED = "economy.gdp", "trial.share", "programmes.moved"


def figure(indicator, period, value, unit="家", area=made.DISTRICT, **more):
    return Figure(indicator, area, period, unit, None if value is None else Decimal(value), inputs=("a",), **more)


EVERY = (
    *(figure(GDP, period, value, "元") for period, value in (
        ("2023", "47000000000"), ("2024", "48590000000.00"),
        ("2025H1", "24295000001.05"), ("2025Q1", "11000000000"), ("2025-06", "4000000000.10"),
        ("2025-06-11", "1.50"), ("@2025-06-30", "7"), ("2025-02/2025-06", "-3.25"))),
    figure(GDP, "2025H1", None, "元", made.NEIGHBOUR, missing=NOT_RECEIVED),
    figure(SHARE, "2025H1", Decimal(1) / 3, "%", top=Decimal(1), bottom=Decimal(3), counted=3, unknown=1),
    figure(SHARE, "2025Q1", None, "%", missing=NO_DENOMINATOR, top=Decimal(0), bottom=Decimal(0)),
    figure(MOVED, "2025H1", 0, counted=0, top=Decimal(0)),
    figure(MOVED, "2025H1", 12, counted=12, cell=(("street", "甲<街道>&\"乙\""),)),
    figure(MOVED, "2025Q1", None, missing=UNKNOWN, unknown=4),
)


def published():
    """Every figure published, one of them printed in a published document, another in one that is not."""
    planner = made.user()
    neighbour = made.user("neighbour", area=made.NEIGHBOUR)
    figures.publish(None, [figure(MOVED, "2025H1", 3)])
    figures.publish(None, EVERY, "月报")
    for name, period, public in (("公开.txt", "2024", True), ("内部.txt", "2025H1", False)):
        printing(planner, name, Row.objects.get(indicator=GDP, period=period, area=made.DISTRICT), public)
    return SimpleNamespace(planner=planner, neighbour=neighbour)


def printing(planner, name, row, public):
    """A document that prints a figure."""
    document = Document.objects.create(
        sha256=name, name=name, media="txt", size=1, area=made.DISTRICT, received_area=made.DISTRICT, text="数",
        published=public, received_by=planner, received_at=timezone.now())
    one = Cite(0, 1, row.indicator, row.indicator, "数", row.area, row.period, Decimal(row.value or 0), row.unit,
               figures=(row.pk,))
    with transaction.atomic():
        figures.cite(document, [Place(one, 0, 1, "数")])
