"""Notes are written by those an order concerns; the person who asked reads the public ones, and adds some."""

import pytest

from plumbline.kernel import BadInput, NotAllowed
from plumbline.store import orders
from plumbline.store.journal import Entry, verify
from plumbline.store.models import OrderNote
from plumbline.store.orders import notes
from plumbline.store.orders.tests.made import CATALOG, at, moved
from plumbline.store.tests.made import refused

pytestmark = pytest.mark.django_db
PEOPLE = ("operator", "dispatcher", "planner", "holder", "second", "leader", "stranger", "deputy")


def noted(user, order, text="已联系来件人", public=False, code=""):
    return orders.note(user, order.pk, text, public, code=code, catalog=CATALOG, now=at(12))


def test_a_note_is_kept_and_journalled_without_its_words(cast, order):
    one = noted(cast["holder"], order, "第一行\r\n<b>第二行</b>  ")
    one.refresh_from_db()
    assert (one.text, one.public, one.by, one.at) == ("第一行\n<b>第二行</b>", False, cast["holder"], at(12))
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.action, entry.who, entry.area, entry.after["order"], entry.after["public"]) == (
        "order.note", "holder", order.area, order.number, False)
    assert "第一行" not in str(entry.after)
    assert verify().broken is None


def test_who_writes_and_who_speaks_to_the_person_who_asked(cast, order):
    wrote = {public: set() for public in (False, True)}
    for who in PEOPLE:
        for public, known in wrote.items():
            try:
                noted(cast[who], order, public=public)
                known.add(who)
            except NotAllowed:
                with refused(NotAllowed):
                    noted(cast[who], order, public=public)
    assert wrote[False] == {"operator", "dispatcher", "planner", "holder", "leader"}
    assert wrote[True] == {"operator", "dispatcher", "planner", "holder"}


def test_notes_are_seen_by_those_who_see_the_order(cast, order):
    noted(cast["holder"], order)
    noted(cast["holder"], order, public=True)
    seen = {who: OrderNote.objects.visible_to(cast[who]).count() for who in PEOPLE}
    assert seen == {"operator": 2, "dispatcher": 2, "planner": 2, "holder": 2, "leader": 2, "second": 0, "stranger": 0,
                    "deputy": 0}


def test_the_first_receiver_reads_and_writes_on_after_it_was_passed_on(cast, order):
    moved(cast["dispatcher"], order, "pass", office=cast["other"].pk, reason="职责")
    noted(cast["second"], order)
    assert OrderNote.objects.visible_to(cast["holder"]).count() == 1
    assert noted(cast["holder"], order).public is False
    with refused(NotAllowed):
        noted(cast["holder"], order, public=True)


def test_the_person_who_asked_adds_what_is_public(order):
    one = noted(None, order, "灯又灭了", code=f" {order.code.lower()} ")
    assert (one.public, one.by) == (True, None)
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.who, entry.action) == ("系统", "order.note")


def test_without_the_code_nobody_learns_whether_there_is_an_order(cast, order):
    said = set()
    for number in (order.pk, 10 ** 9):
        for code in ("", " ", "0" * 12, order.code[:-1], f"{order.code}0"):
            with refused(NotAllowed) as raised:
                orders.note(None, number, "x", code=code, catalog=CATALOG, now=at(12))
            said.add(str(raised.value))
    with refused(NotAllowed) as raised:
        noted(cast["second"], order)
    assert said | {str(raised.value)} == {orders.ABSENT}


def test_a_code_gives_an_official_nothing(cast, order):
    with refused(NotAllowed):
        noted(cast["second"], order, code=order.code)


def test_what_is_no_note_is_refused(cast, order):
    for text in ("", " \r\n ", "长" * (notes.NOTE_LENGTH + 1), "a\x00b", "a\x1b[31m"):
        with refused(BadInput):
            noted(cast["holder"], order, text)
    assert len(noted(cast["holder"], order, "长" * notes.NOTE_LENGTH).text) == notes.NOTE_LENGTH


def test_nobody_fills_the_house_from_outside(cast, order, monkeypatch):
    monkeypatch.setattr(notes, "MOST_OF_ASKER", 2)
    noted(cast["holder"], order, public=True)
    for _ in range(2):
        noted(None, order, "x", code=order.code)
    with refused(BadInput):
        noted(None, order, "x", code=order.code)
    assert noted(cast["holder"], order).pk
