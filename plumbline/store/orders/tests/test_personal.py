"""Who asked is shown to those who need it, each look journalled with its reason; forgotten on its day, and only that."""

from datetime import date

import pytest

from plumbline.kernel import BadInput, NotAllowed
from plumbline.store import orders
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Asker, Notice
from plumbline.store.orders import personal
from plumbline.store.orders.tests.made import CATALOG, at, moved, office, opened, person
from plumbline.store.tests.made import CITY, NEIGHBOUR, everything, refused

pytestmark = pytest.mark.django_db
PHONE = "010-1234 5678"


def looks():
    return list(Entry.objects.filter(action="order.look").order_by("seq").values_list("who", "key", "why"))


def closed(cast, order, when=None):
    moved(cast["holder"], order, "answer", when or at(12), reply="已换", finding="已解决", contact="张三")
    return moved(cast["operator"], order, "close", when or at(13), met="是")


def test_each_look_is_journalled_with_its_reason_and_without_what_was_seen(cast, order):
    for who in ("operator", "dispatcher", "planner", "holder"):
        found = orders.asker_of(cast[who], order.pk, f"{who}要回电")
        assert (found.name, found.phone, found.email) == ("王五", PHONE, "wang@example.org")
    assert looks() == [(who, str(order.pk), f"{who}要回电") for who in ("operator", "dispatcher", "planner", "holder")]
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.after, entry.area) == ({"number": order.number, "looked": "asker"}, order.area)
    assert verify().broken is None


def test_who_need_not_see_it_does_not_and_leaves_no_look(cast, order):
    first = person("colleague", "office", office=office("市城管局", CITY), area=CITY)
    before, said = everything(), {}
    for who, user in {**{who: cast[who] for who in ("second", "leader", "deputy", "stranger")}, "first": first}.items():
        with pytest.raises(NotAllowed) as raised:
            orders.asker_of(user, order.pk, "好奇")
        said[who] = str(raised.value)
    with pytest.raises(NotAllowed) as raised:
        orders.asker_of(cast["second"], 10 ** 9, "好奇")
    assert everything() == before
    assert {said[who] for who in ("second", "deputy", "stranger", "first")} == {str(raised.value)} == {orders.ABSENT}
    assert "没有查看来件人信息的权限" in said["leader"]
    assert "王五" not in "".join(said.values())


def test_a_look_has_a_reason(cast, order):
    before = everything()
    for why in ("", "  ", "长" * 301, "a\x00"):
        for who in ("operator", "holder"):
            with pytest.raises(BadInput):
                orders.asker_of(cast[who], order.pk, why)
    assert everything() == before


def test_the_holder_looks_while_he_works_on_it(cast, order):
    moved(cast["dispatcher"], order, "pass", office=cast["other"].pk, reason="职责")
    with refused(NotAllowed):
        orders.asker_of(cast["holder"], order.pk, "曾经承办")
    order.refresh_from_db()
    moved(cast["second"], order, "answer", at(12), reply="已换", finding="已解决")
    assert orders.asker_of(cast["second"], order.pk, "回访").name == "王五"
    moved(cast["operator"], order, "close", at(13), met="是")
    with refused(NotAllowed):
        orders.asker_of(cast["second"], order.pk, "早已办结")
    assert orders.asker_of(cast["operator"], order.pk, "质检").name == "王五"


def test_who_asked_to_stay_secret_stays_so_to_the_office(cast):
    order = moved(cast["dispatcher"], opened(cast["operator"], asker={"name": "王五", "secret": "1"}), "send",
                  office=cast["street"].pk)
    with refused(NotAllowed) as raised:
        orders.asker_of(cast["holder"], order.pk, "上门")
    assert str(raised.value) == personal.SECRET
    assert orders.asker_of(cast["operator"], order.pk, "回访").name == "王五"


def test_where_nobody_is_known_that_is_said_and_no_look_is_journalled(cast):
    order = opened(cast["operator"])
    with refused(BadInput) as raised:
        orders.asker_of(cast["operator"], order.pk, "回访")
    assert raised.value.findings[0].message == personal.NOBODY


def test_a_list_of_askers_is_seen_as_their_orders_are(cast, order):
    assert Asker.objects.visible_to(cast["operator"]).count() == 1
    assert not any(Asker.objects.visible_to(cast[who]).exists() for who in ("second", "stranger", "deputy"))


def test_a_callers_history_is_found_however_the_number_is_written_and_journalled_without_it(cast, order):
    later = opened(cast["operator"], asker={"phone": "(010)12345678"})
    opened(cast["operator"], asker={"phone": "010-12345679"})
    far = opened(person("far", "operator", area=NEIGHBOUR), area=NEIGHBOUR, asker={"phone": PHONE})
    assert list(orders.history_of(cast["operator"], "010 1234 5678")) == [later, order]
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.action, entry.who, entry.after) == ("order.history", "operator", {"orders": 2})
    assert "12345678" not in f"{entry.key} {entry.after} {entry.why}"
    assert far not in orders.history_of(cast["dispatcher"], PHONE)


def test_who_takes_no_calls_finds_no_history(cast, order):
    for who in ("holder", "second", "leader", "deputy"):
        with refused(NotAllowed):
            orders.history_of(cast[who], PHONE)


def test_a_few_digits_are_no_telephone(cast, order):
    before = everything()
    for phone in ("", "010-123", "------", "１２３４５６７８"):
        assert not orders.history_of(cast["operator"], phone).exists()
    assert everything() == before


def test_they_are_forgotten_on_their_day_and_nothing_else_is(cast, order):
    open_one = opened(cast["operator"], asker={"name": "李四", "phone": "87654321"})
    order = closed(cast, order)
    assert order.asker.forget_on == date(2026, 4, 1)
    before = everything()
    assert orders.forget(date(2026, 3, 31)) == 0
    assert everything() == before
    assert orders.forget(date(2026, 4, 1)) == 1
    after = everything()
    assert {table for table in before if before[table] != after[table]} == {"Head", "Entry", "Asker"}
    assert list(Asker.objects.values_list("order", flat=True)) == [open_one.pk]
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.action, entry.who, entry.before, entry.after) == ("order.forget", "系统", {"orders": [order.pk]}, None)
    with refused(BadInput):
        orders.asker_of(cast["operator"], order.pk, "太晚了")
    assert not orders.history_of(cast["operator"], PHONE).exists()
    assert orders.forget(date(2026, 4, 1)) == 0
    assert orders.forget(date(2099, 1, 1)) == 0
    assert verify().broken is None


def test_what_is_reopened_is_not_forgotten_until_it_is_over_again(cast, order):
    closed(cast, order)
    moved(cast["dispatcher"], order, "again", at(9, 0, date(2025, 3, 20)), reason="没有解决")
    assert orders.forget(date(2030, 1, 1)) == 0
    closed(cast, order, at(9, 0, date(2025, 5, 2)))
    assert (orders.forget(date(2026, 5, 31)), orders.forget(date(2026, 6, 1))) == (0, 1)


def test_many_are_forgotten_some_at_a_time(cast, monkeypatch):
    made = [opened(cast["operator"], asker={"name": f"第{n}人"}) for n in range(5)]
    Asker.objects.update(forget_on=date(2026, 1, 1))
    monkeypatch.setattr(personal, "MANY", 2)
    assert orders.forget(date(2026, 1, 1)) == 5
    told = [entry.before["orders"] for entry in Entry.objects.filter(action="order.forget").order_by("seq")]
    assert told == [[one.pk for one in made[:2]], [one.pk for one in made[2:4]], [made[4].pk]]


def test_no_name_and_no_telephone_stands_in_journal_story_or_notice(cast, order):
    closed(cast, order)
    orders.asker_of(cast["operator"], order.pk, "回访")
    orders.history_of(cast["operator"], PHONE)
    orders.forget(date(2027, 1, 1))
    told = str([*Entry.objects.values_list("key", "before", "after", "why"), *Notice.objects.values_list("text"),
                *order.moves.values_list("why", "told", "change")])
    assert [word for word in ("王五", "12345678", "1234 5678", "wang@", "张三") if word in told] == []


def test_what_personal_fields_say_is_emptied_on_the_same_day_and_nothing_else(cast, order):
    order, without = closed(cast, order), closed(cast, moved(cast["dispatcher"], opened(cast["operator"]), "send",
                                                             office=cast["street"].pk))
    open_one = moved(cast["dispatcher"], opened(cast["operator"], fields={"contact": "李四"}), "send", office=cast["street"].pk)
    assert (order.fields["contact"], without.fields["contact"]) == ("张三", "张三")
    assert (orders.forget(date(2026, 3, 31), CATALOG), orders.forget(date(2026, 4, 1), CATALOG)) == (0, 3)
    for one, fields in ((order, {"finding": "已解决", "met": True}), (without, {"finding": "已解决", "met": True}),
                        (open_one, {"contact": "李四"})):
        one.refresh_from_db()
        assert one.fields == fields
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.action, entry.before) == ("order.forget", {"orders": [order.pk, without.pk], "fields": ["contact"]})
    before = everything()
    assert orders.forget(date(2030, 1, 1), CATALOG) == 0
    assert everything() == before
