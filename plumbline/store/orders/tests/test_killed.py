"""kill -9 at random moments of bulk dispatch and of intake: nothing lost, nothing doubled, and the journal holds."""

import random
import time

import pytest
from django.db.models import Count

from plumbline.store import orders
from plumbline.store.batches.tests.test_killed import killed
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Notice
from plumbline.store.orders import Asker, ClockEvent, Order, OrderMove
from plumbline.store.orders.tests.made import CATALOG, at, office, person
from plumbline.store.tests import made

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MANY, KILLS, FILE = 2500, 5, 8_000


def row(n):
    """A past order that nobody sent out."""
    return {"title": f"路灯 {n} 不亮", "area": made.DISTRICT, "state": "new", "opened_at": at(10), "urgency": "usual"}


def moments(work, seed, rounds=1.0):
    """Random moments within so many rounds of some work, which is done here once, unharmed."""
    begin = time.perf_counter()
    work()
    dice = random.Random(seed)
    return [dice.uniform(0, rounds * (time.perf_counter() - begin)) for _ in range(KILLS)]


def by_order(model, **chosen):
    """How many rows there are of each order that has any."""
    return dict(model.objects.filter(**chosen).values_list("order").annotate(many=Count("pk")))


def sent_whole(known):
    """Each order is sent, with one row in its story, one in the journal, its clock running and its office told; or none of it."""
    sent = set(Order.objects.filter(state="given").values_list("pk", flat=True))
    assert Order.objects.filter(state="new").count() == known - len(sent)
    assert set(Order.objects.filter(version=1, office__isnull=False).values_list("pk", flat=True)) == sent
    for model, chosen in ((OrderMove, {"move": "send"}), (ClockEvent, {"clock": "reply", "kind": "start"}), (Notice, {})):
        assert by_order(model, **chosen) == dict.fromkeys(sent, 1), model
    assert sorted(Entry.objects.filter(action="order.send").values_list("key", flat=True)) == sorted(map(str, sent))
    assert verify().broken is None
    return len(sent)


def test_orders_sent_out_in_bulk_and_killed_are_sent_whole_or_not_at_all():
    street, dispatcher, planner = office(), person("dispatcher", "dispatcher"), person("planner", "planner")
    orders.take_in(planner, "small.matter", map(row, range(MANY + 500)), "搬家", catalog=CATALOG)
    every = list(Order.objects.values_list("pk", flat=True))

    def send(some=every):
        return orders.move_many(dispatcher, some, "send", {"office": street.pk}, catalog=CATALOG, now=at(11))

    seen, times = {500}, moments(lambda: send(every[:500]), 11, 2.5)
    # where the machine has grown slower since that was measured, later moments too
    for after in (*times, *(longest * max(times) for longest in (2, 4, 8))):
        if after <= max(times) or len(seen) == 1:
            killed(send, after)
            seen.add(sent_whole(len(every)))
    assert len(seen) > 1
    before = sent_whole(len(every))
    found = send()
    assert (found.done, len(found.refused)) == (len(every) - before, before)
    assert sent_whole(len(every)) == len(every)


def test_calls_taken_while_the_server_is_killed_are_there_once():
    operator, calls = person("operator", "operator"), iter(range(10 ** 6))

    def take(n=None):
        n = next(calls) if n is None else n
        told = {"title": f"第 {n} 个电话", "area": made.DISTRICT, "urgency": "usual"}
        return orders.open_(operator, "small.matter", told, asker={"phone": f"1390000{n:04}"}, key=f"call {n}", catalog=CATALOG,
                            now=at(10))

    seen = set()
    for after in moments(take, 12, 40):
        killed(take, after)
        there = set(Order.objects.values_list("pk", flat=True))
        for model in (OrderMove, Asker):
            assert by_order(model) == dict.fromkeys(there, 1), model
        assert set(by_order(ClockEvent)) == there
        assert sorted(Entry.objects.filter(action="order.open").values_list("key", flat=True)) == sorted(map(str, there))
        numbers = list(Order.objects.order_by("pk").values_list("number", flat=True))
        assert numbers == [f"SX2025{n:06}" for n in range(1, len(there) + 1)]
        assert verify().broken is None
        seen.add(len(there))
    assert len(seen) > 1
    titles = {int(title.split()[1]) for title in Order.objects.values_list("title", flat=True)}
    for n in titles:  # whoever was not told that it is there sends it once more
        take(n)
    assert Order.objects.count() == len(titles)


def test_past_orders_taken_in_and_killed_are_there_all_or_none():
    planner, files = person("planner", "planner"), iter(range(10 ** 6))

    def take():
        start = FILE * next(files)
        return orders.take_in(planner, "small.matter", map(row, range(start, start + FILE)), "搬家", catalog=CATALOG)

    for after in moments(take, 13, 1.2)[:4]:
        killed(take, after)
        many = Entry.objects.filter(action="order.intake").count()
        assert Order.objects.count() == many * FILE
        assert len(set(Order.objects.values_list("number", flat=True))) == many * FILE
        assert verify().broken is None
    assert take() == FILE
    assert Order.objects.count() == FILE * (many + 1)
