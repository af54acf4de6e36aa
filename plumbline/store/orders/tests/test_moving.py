"""Orders move as their kind declares, by those it names, and in no other way."""

import pytest

from plumbline.store.journal import Entry, verify
from plumbline.store.orders.tests.made import at, moved, office, opened, person
from plumbline.store.tests.made import NEIGHBOUR

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    """Who meets at an order."""
    street, other = office(), office("区城管局")
    return {
        "street": street, "other": other, "operator": person("operator", "operator"),
        "dispatcher": person("dispatcher", "dispatcher"), "holder": person("holder", "office", office=street),
        "second": person("second", "office", office=other), "leader": person("leader", "leader"),
        "stranger": person("stranger", "dispatcher", area=NEIGHBOUR), "deputy": person("deputy", "deputy")}


def test_the_story_of_an_order(cast):
    order = opened(cast["operator"], asker={"name": "王五", "phone": "010-1234 5678"})
    assert (order.number, order.state, order.version, order.due_clock) == ("SX2025000001", "new", 0, "send")
    order = moved(cast["dispatcher"], order, "send", office=cast["street"].pk)
    assert (order.state, order.office, order.first_office, order.version) == ("given", cast["street"], cast["street"], 1)
    assert (order.due_clock, order.due_at) == ("reply", at(0, day=at(0).date().replace(day=11)))
    order = moved(cast["holder"], order, "answer", at(12), reply="已更换", finding="已解决", met="是", cost="12.5")
    assert (order.state_kind, order.fields) == ("waiting", {"finding": "已解决", "met": True, "cost": "12.50"})
    order = moved(cast["operator"], order, "close", at(13), met="false")
    assert (order.closed_at, order.due_at, order.next_at, order.level) == (at(13), None, None, 0)
    assert [(row.n, row.move, row.to, row.says) for row in order.moves.all()] == [
        (1, "open", "new", "已受理"), (2, "send", "given", "已转交"), (3, "answer", "answered", "已答复"),
        (4, "close", "closed", "已办结")]
    assert [entry.action for entry in Entry.objects.order_by("seq")][-4:] == [
        "order.open", "order.send", "order.answer", "order.close"]
    assert verify().broken is None
