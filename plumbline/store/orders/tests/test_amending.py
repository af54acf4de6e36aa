"""What an order's own row says is put right by a declared move, and its clocks follow."""

import pytest

from plumbline.kernel import BadInput, NotAllowed
from plumbline.store import orders
from plumbline.store.journal import Entry, verify
from plumbline.store.orders.tests.made import CATALOG, at, moved, office, opened, person
from plumbline.store.tests.made import DISTRICT, refused

pytestmark = pytest.mark.django_db
STREET = f"{DISTRICT}001"


@pytest.fixture
def cast():
    """An operator, a dispatcher, a street and one who works there."""
    street = office()
    return {"street": street, "operator": person("operator", "operator"), "dispatcher": person("dispatcher", "dispatcher"),
            "holder": person("holder", "office", office=street)}


def test_class_urgency_and_place_are_put_right_and_the_story_says_what_was(cast):
    order = moved(cast["operator"], opened(cast["operator"]), "class", topic="城市/照明", urgency="soon", place=STREET)
    assert (order.topic, order.urgency, order.place, order.state) == ("城市/照明", "soon", STREET, "new")
    row = order.moves.last()
    assert (row.label, row.change) == ("归类", {"topic": [None, "城市/照明"], "urgency": ["usual", "soon"],
                                              "place": [None, STREET]})
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.action, entry.before, entry.after) == (
        "order.class", {"topic": "", "urgency": "usual", "place": ""},
        {"topic": "城市/照明", "urgency": "soon", "place": STREET})
    assert verify().broken is None


def test_a_running_clock_follows_another_urgency_from_its_beginning(cast):
    order = moved(cast["dispatcher"], opened(cast["operator"]), "send", office=cast["street"].pk)
    assert order.due_at == at(0, day=at(0).date().replace(day=11))
    order = moved(cast["dispatcher"], order, "class", at(15), topic="城市/照明", urgency="soon")
    assert (order.due_clock, order.due_at) == ("reply", at(11, day=at(0).date().replace(day=4)))
    assert order.moves.last().change["办理时限"] == ["2025-03-11 00:00", "2025-03-04 11:00"]


def test_what_stays_the_same_is_no_change(cast):
    order = moved(cast["operator"], opened(cast["operator"], topic="城市/照明"), "class", topic="城市/照明", urgency="usual")
    assert order.moves.last().change == {}


@pytest.mark.parametrize("told", [{}, {"topic": "城" * 121}, {"topic": "城", "urgency": "never"},
                                  {"topic": "城", "place": "110101001"}, {"topic": "城", "place": "朝阳"},
                                  {"topic": "城", "reply": "好"}])
def test_what_cannot_be_is_refused(cast, told):
    order = opened(cast["operator"])
    with refused(BadInput):
        orders.move(cast["operator"], order.pk, "class", told, order.version, catalog=CATALOG, now=at(11))


def test_who_holds_it_does_not_class_it(cast):
    order = moved(cast["dispatcher"], opened(cast["operator"]), "send", office=cast["street"].pk)
    with refused(NotAllowed):
        orders.move(cast["holder"], order.pk, "class", {"topic": "城"}, order.version, catalog=CATALOG, now=at(12))


def test_a_joined_one_is_classed_with_its_main(cast):
    main, other = opened(cast["operator"]), opened(cast["operator"], topic="别的")
    orders.join(cast["dispatcher"], other.pk, main.pk, "同一件事", other.version, catalog=CATALOG, now=at(10))
    moved(cast["operator"], main, "class", topic="城市/照明")
    other.refresh_from_db()
    assert (other.topic, other.moves.last().label) == ("城市/照明", "随主件归类")
