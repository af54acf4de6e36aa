"""A sent report is marked when the records under it change, though nobody looks."""

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import transaction

from plumbline.engine.refresh import refresh
from plumbline.kernel import Cite, Coverage
from plumbline.site.recounting import Recounting, recount
from plumbline.store import batches, figures
from plumbline.store.figures import Place
from plumbline.store.models import Figure, Head
from plumbline.store.tests import made

KEY = ("programmes.land_cleared", made.DISTRICT, "2025H1", ())
PLOTS = "编号,类别,所在区,完成日期,面积\nA1,拆违腾退,990101,2025-02-01,12.5\n".replace("编号", "地块编号")


@pytest.fixture
def sent(db):
    """A published document that prints a figure counted from one delivery."""
    planner, catalog = made.user(), settings.CATALOG
    told = Coverage((made.DISTRICT,), date(2025, 1, 1), date(2025, 6, 30))
    batch = batches.receive(planner, catalog.tables["programmes.plots"], "一.csv", PLOTS.encode(), told)
    row = refresh(catalog, [KEY])[KEY]
    document = made.document(planner, published=True)
    at = made.TEXT.index("68家")
    with transaction.atomic():
        figures.cite(document, [Place(Cite(0, 3, KEY[0], KEY[0], "腾退土地", made.DISTRICT, "2025H1", Decimal(row.value),
                                           "公顷", figures=(row.pk,)), at, at + 3, "一句。", 1)])
    return planner, catalog.tables["programmes.plots"], told, batch, document


def test_a_changed_delivery_marks_the_document(sent):
    planner, table, told, batch, document = sent
    assert recount() == 0
    assert figures.changed_since(document.pk) == []
    batches.receive(planner, table, "二.csv", PLOTS.replace("12.5", "11.5").encode(), told, replaces=batch, why="面积填错")
    assert recount() == 1
    [changed] = figures.changed_since(document.pk)
    assert (changed.before.value, changed.after.value) == ("12.5000", "11.5000")
    assert recount() == 0
    assert Figure.objects.count() == 2


def test_nothing_written_is_nothing_to_count(sent, monkeypatch):
    recounting = Recounting()
    monkeypatch.setattr(recounting.aside, "begin", lambda: pytest.fail("a process started"))
    recounting.seen = Head.objects.get().seq
    assert recounting.take_up() is False
