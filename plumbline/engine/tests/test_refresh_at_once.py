"""Many who open one figure at the same moment all get it; it is published once."""

import pytest

from plumbline.engine import refresh
from plumbline.engine.tests.test_refresh import CATALOG, FIRST, KEY, PAYMENT, TABLE, told
from plumbline.store import batches, models
from plumbline.store.journal import verify
from plumbline.store.tests import made
from plumbline.store.tests.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def together():
    """What four people get who ask at the same moment, in either order."""
    return at_once(*(lambda keys=keys: refresh.refresh(CATALOG, keys) for keys in ([KEY, PAYMENT], [PAYMENT, KEY]) * 2))


@pytest.mark.parametrize("attempt", range(3))
def test_many_open_a_figure_at_once(attempt):
    planner = made.user()
    batch = batches.receive(planner, TABLE, "一.csv", FIRST.encode(), told())
    assert [{answer[PAYMENT].value, answer[KEY].value} for answer in together()] == [{"14.75", "2"}] * 4
    batches.receive(planner, TABLE, "二.csv", FIRST.replace("10.50", "99.99").encode(), told(), replaces=batch, why="金额填错")
    assert [{answer[PAYMENT].value, answer[KEY].value} for answer in together()] == [{"104.24", "2"}] * 4
    rows = models.Figure.objects.filter(indicator="works.paid").order_by("id")
    assert [(row.value, row.state) for row in rows] == [("14.75", "replaced"), ("104.24", "current")]
    assert verify().broken is None
