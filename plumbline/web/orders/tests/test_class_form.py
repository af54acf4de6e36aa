"""The form that puts class, urgency and place right stands filled as the order stands, and keeps what is not touched."""

import pytest

from plumbline.web.orders.tests.district import district, opened, page, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings):
    return district(settings)


def form_of(world, order):
    """The fields of the form as the page has them: key, value, and what can be chosen."""
    moves = page(world.operator, "order", order.number).context["screen"].moves
    [form] = [one for one in moves if one.key == "class"]
    return {one.key: (one.kind, one.value, list(one.choices)) for one in form.fields}


def test_the_form_is_filled_as_the_order_stands(world):
    fields = form_of(world, opened(world))
    assert fields["topic"][:2] == ("listed", "市政/照明/路灯")
    assert fields["urgency"][:2] == ("choice", "usual")
    assert fields["place"] == ("choice", "990101001003", [
        ("990101001003", f"{world.street.name}（990101001003）"), ("990101001", world.street.name)])


def test_what_is_sent_as_it_stands_changes_nothing_else(world):
    order = opened(world)
    answer = sent(world.operator, "order-move", order.number, "class", version=order.version, topic="市政/供电/停电",
                  urgency="usual", place="990101001003")
    assert answer.status_code == 302
    order.refresh_from_db()
    assert (order.topic, order.urgency, order.place) == ("市政/供电/停电", "usual", "990101001003")
    assert order.moves.last().change == {"topic": ["市政/照明/路灯", "市政/供电/停电"]}
