"""Duplicates go with their main order and each asker is answered; parts and helpers are orders of their own."""

import pytest

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store import orders
from plumbline.store.journal import Entry, verify
from plumbline.store.orders import Order
from plumbline.store.orders.tests.made import CATALOG, at, moved, office, opened, person
from plumbline.store.tests.made import CITY, NEIGHBOUR, refused

pytestmark = pytest.mark.django_db
LATER = {"catalog": CATALOG, "now": at(11, 30)}


@pytest.fixture
def cast():
    street, other, city = office(), office("区城管局"), office("市水务局", CITY)
    return {
        "street": street, "other": other, "city": city, "operator": person("operator", "operator"),
        "dispatcher": person("dispatcher", "dispatcher"), "holder": person("holder", "office", office=street),
        "second": person("second", "office", office=other), "third": person("third", "office", area=CITY, office=city)}


def given(cast, **told):
    return moved(cast["dispatcher"], opened(cast["operator"], **told), "send", office=cast["street"].pk)


def test_duplicates_go_with_their_main_order_and_each_is_called_back(cast):
    main, again = given(cast), opened(cast["operator"], title="路灯还是不亮")
    again = orders.join(cast["operator"], again.pk, main.pk, "同一盏灯", 0, **LATER)
    assert (again.state, again.office, again.joined, again.clocks["reply"]["on"]) == ("given", cast["street"], main, "running")
    assert again.clocks["send"]["on"] == "stopped"
    moved(cast["holder"], main, "answer", at(12), reply="已更换", finding="已解决", contact="张三")
    again.refresh_from_db()
    row = again.moves.latest("n")
    assert (again.state, again.fields) == ("answered", {"finding": "已解决", "contact": "张三"})
    assert (row.label, row.told, row.says, row.by) == ("随主件答复", "已更换", "已答复", cast["holder"])
    assert [entry.key for entry in Entry.objects.filter(action="order.answer").order_by("seq")] == [str(main.pk), str(again.pk)]
    moved(cast["operator"], main, "close", at(13), met="是")
    again.refresh_from_db()
    assert again.state == "answered"
    assert moved(cast["operator"], again, "close", at(13), met="否").fields["met"] is False
    assert verify().broken is None


def test_a_joined_order_is_not_moved_by_itself_but_its_asker_may_withdraw_it(cast):
    main, again = given(cast), given(cast)
    again = orders.join(cast["dispatcher"], again.pk, main.pk, "同一盏灯", 1, **LATER)
    with refused(BadInput):
        orders.move(cast["holder"], again.pk, "return", {"reason": "x"}, again.version, catalog=CATALOG)
    assert orders.may_move(cast["holder"], again, CATALOG.orders[again.kind]) == ()
    assert orders.move(None, again.pk, "withdraw", {}, again.version, as_asker_code=again.code, **LATER).state == "gone"
    main.refresh_from_db()
    assert main.state == "given"


def test_what_the_asker_of_the_main_order_withdraws_is_still_answered_to_the_others(cast):
    main, again = given(cast), given(cast)
    orders.join(cast["dispatcher"], again.pk, main.pk, "同一盏灯", 1, **LATER)
    orders.move(None, main.pk, "withdraw", {}, 1, as_asker_code=main.code, **LATER)
    again.refresh_from_db()
    assert again.state == "given"


def test_a_chain_of_duplicates_ends_in_one_main_order(cast):
    first, second, third = given(cast), given(cast), given(cast)
    orders.join(cast["dispatcher"], second.pk, third.pk, "同", 1, **LATER)
    orders.join(cast["dispatcher"], third.pk, first.pk, "同", 1, **LATER)
    assert set(Order.objects.filter(joined=first)) == {second, third}
    fourth = given(cast)
    assert orders.join(cast["dispatcher"], fourth.pk, second.pk, "同", 1, **LATER).joined == first
    second.refresh_from_db()
    assert orders.unjoin(cast["dispatcher"], second.pk, "不是一回事", second.version, **LATER).joined is None
    assert [row.move for row in second.moves.all()] == ["open", "send", "join", "join", "unjoin"]
    assert verify().broken is None


def test_what_cannot_be_joined_is_refused_without_trace(cast):
    main, again = given(cast), given(cast)
    with refused(NotAllowed):
        orders.join(cast["holder"], again.pk, main.pk, "同", 1, **LATER)
    with refused(NotAllowed):
        orders.join(cast["dispatcher"], again.pk, 10 ** 9, "同", 1, **LATER)
    with refused(Conflict):
        orders.join(cast["dispatcher"], again.pk, main.pk, "同", 0, **LATER)
    with refused(BadInput):
        orders.join(cast["dispatcher"], again.pk, again.pk, "同", 1, **LATER)
    with refused(BadInput):
        orders.join(cast["dispatcher"], again.pk, main.pk, " ", 1, **LATER)
    with refused(BadInput):
        orders.unjoin(cast["dispatcher"], again.pk, "x", 1, **LATER)
    orders.move(None, main.pk, "withdraw", {}, 1, as_asker_code=main.code, **LATER)
    with refused(BadInput):
        orders.join(cast["dispatcher"], again.pk, main.pk, "同", 1, **LATER)


def test_each_office_called_answers_for_itself_and_is_waited_for(cast):
    main = given(cast)
    called = orders.summon(cast["holder"], main.pk, [cast["other"], cast["city"].pk], "请到现场", "井盖属谁不清", **LATER)
    assert [(one.kind, one.office, one.sender, one.link, one.number) for one in called] == [
        ("small.help", cast["other"], cast["street"], "helper", "XB2025000001"),
        ("small.help", cast["city"], cast["street"], "helper", "XB2025000002")]
    assert {one.due_at for one in called} == {at(0, day=at(0).date().replace(day=11))}
    assert [one.clock_events.count() for one in called] == [1, 1]
    main.refresh_from_db()
    assert main.moves.latest("n").change == {"summon": [None, ["XB2025000001 区城管局", "XB2025000002 市水务局"]]}
    with refused(BadInput) as raised:
        orders.move(cast["holder"], main.pk, "answer", {"reply": "好", "finding": "已解决"}, main.version, catalog=CATALOG)
    assert "还有 2 件协办工单没有办完" in str(raised.value)
    assert moved(cast["second"], called[0], "come", reply="已到").closed_at == at(11)
    assert moved(cast["holder"], called[1], "cancel").state_kind == "void"
    assert moved(cast["holder"], main, "answer", reply="好", finding="已解决").state == "answered"
    assert verify().broken is None


def test_who_may_not_call_others_leaves_no_trace(cast):
    main, far = given(cast), office("通州区水务局", NEIGHBOUR)
    for who, offices, error in (
            (cast["second"], [cast["city"]], NotAllowed), (cast["operator"], [cast["other"]], NotAllowed),
            (cast["holder"], [cast["street"]], BadInput), (cast["holder"], [], BadInput), (cast["holder"], [far], BadInput)):
        with refused(error):
            orders.summon(who, main.pk, offices, "x", "x", **LATER)


def test_an_order_is_split_into_parts_that_are_over_first(cast):
    main = given(cast, topic="城市管理/道路", place="990101001")
    told = [{"title": "换灯泡"}, {"title": "修电缆", "text": "挖沟"}]
    parts = orders.split(cast["holder"], main.pk, told, "两件事", 1, **LATER)
    assert [(part.title, part.text) for part in parts] == [("换灯泡", ""), ("修电缆", "挖沟")]
    assert {(part.topic, part.place, part.parent, part.link, part.state) for part in parts} == {
        ("城市管理/道路", "990101001", main, "part", "new")}
    main.refresh_from_db()
    with refused(BadInput):
        orders.move(cast["holder"], main.pk, "answer", {"reply": "好", "finding": "已解决"}, main.version, catalog=CATALOG)
    with refused(BadInput):
        orders.split(cast["holder"], main.pk, [{"title": "只有一件"}], "x", main.version, **LATER)
    with refused(BadInput):
        orders.split(cast["holder"], main.pk, [{"title": ""}, {"title": "b", "wrong": "c"}], "x", main.version, **LATER)
    with refused(NotAllowed):
        orders.split(cast["second"], main.pk, [{"title": "a"}, {"title": "b"}], "x", main.version, **LATER)
    assert Entry.objects.filter(action="order.open", why="两件事").count() == 2
