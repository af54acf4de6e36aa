"""Who meets at an order; a test module that needs others has a cast of its own."""

import pytest

from plumbline.store.orders.tests.made import moved, office, opened, person
from plumbline.store.tests.made import NEIGHBOUR


@pytest.fixture
def cast():
    """Two offices of a district, those who work there, and those of its neighbour."""
    street, other = office(), office("区城管局")
    return {
        "street": street, "other": other, "operator": person("operator", "operator"),
        "dispatcher": person("dispatcher", "dispatcher"), "planner": person("planner", "planner"),
        "holder": person("holder", "office", office=street), "second": person("second", "office", office=other),
        "leader": person("leader", "leader"), "stranger": person("stranger", "dispatcher", area=NEIGHBOUR),
        "deputy": person("deputy", "deputy")}


@pytest.fixture
def order(cast):
    """An order the street holds since 11:00 on Monday, 2025-03-03, due on the 10th at 24:00; its asker is known."""
    asker = {"name": "王五", "phone": "010-1234 5678", "email": "wang@example.org"}
    return moved(cast["dispatcher"], opened(cast["operator"], asker=asker), "send", office=cast["street"].pk)
