"""Urging: a word from above to who holds an order, in its story, its notices and the journal."""

import pytest

from plumbline.kernel import BadInput, NotAllowed
from plumbline.store import orders
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Notice
from plumbline.store.orders.tests.made import CATALOG, at, moved, opened
from plumbline.store.tests.made import everything, refused

pytestmark = pytest.mark.django_db


def urged(user, order, why="群众再次来电"):
    return orders.urge(user, order.pk, why, catalog=CATALOG, now=at(14))


def last():
    return Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_the_holder_is_told_and_story_and_journal_say_who_urged(cast, order):
    mark, version = last(), order.version
    row = urged(cast["leader"], order)
    order.refresh_from_db()
    assert (row.n, row.move, row.label, row.by, row.why, row.at, row.office, row.source, row.to) == (
        3, "urge", "督办", cast["leader"], "群众再次来电", at(14), cast["street"], "given", "given")
    assert (order.state, order.version, order.due_at, orders.urged(order)) == (
        "given", version, at(0, day=at(0).date().replace(day=11)), 1)
    one = Notice.objects.get(pk__gt=mark)
    assert (one.office, one.user, one.level, one.at, one.clock) == (cast["street"], None, "urge", at(14), "")
    assert one.text == "SX2025000001「路灯不亮」督办：群众再次来电（时限3月10日24时）"
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.action, entry.who, entry.key, entry.why, entry.area) == (
        "order.urge", "leader", str(order.pk), "群众再次来电", order.area)
    assert verify().broken is None


def test_who_may_urge_and_who_may_not(cast, order):
    for number, who in enumerate(("leader", "dispatcher", "planner"), 1):
        urged(cast[who], order)
        assert orders.urged(order) == number
    before, said = everything(), {}
    for who in ("operator", "holder", "second", "deputy", "stranger"):
        with pytest.raises(NotAllowed) as raised:
            urged(cast[who], order)
        said[who] = str(raised.value)
    with pytest.raises(NotAllowed) as raised:
        orders.urge(cast["stranger"], 10 ** 9, "x", catalog=CATALOG, now=at(14))
    assert everything() == before
    assert said["stranger"] == str(raised.value) == orders.ABSENT


def test_where_nobody_holds_it_those_who_dispatch_are_urged(cast):
    order, mark = opened(cast["operator"]), last()
    urged(cast["leader"], order)
    assert [(one.user, one.office) for one in Notice.objects.filter(pk__gt=mark)] == [(cast["dispatcher"], None)]


def test_nobody_urges_himself(cast):
    order, mark = opened(cast["operator"]), last()
    urged(cast["dispatcher"], order)
    assert not Notice.objects.filter(pk__gt=mark).exists()
    assert orders.urged(order) == 1


def test_a_word_has_its_reason_and_an_order_that_is_over_needs_none(cast, order):
    before = everything()
    for why in ("", " ", "长" * 301):
        with pytest.raises(BadInput):
            urged(cast["leader"], order, why)
    assert everything() == before
    moved(cast["holder"], order, "answer", at(12), reply="已换", finding="已解决")
    assert urged(cast["leader"], order).source == "answered"
    moved(cast["operator"], order, "close", at(13), met="是")
    with refused(BadInput):
        urged(cast["leader"], order)


def test_the_one_who_moves_it_next_is_not_thrown_back_by_an_urging(cast, order):
    order.refresh_from_db()
    urged(cast["leader"], order)
    found = orders.move(cast["holder"], order.pk, "return", {"reason": "不属本单位"}, order.version, catalog=CATALOG, now=at(15))
    assert (found.state, [row.n for row in found.moves.all()]) == ("back", [1, 2, 3, 4])
