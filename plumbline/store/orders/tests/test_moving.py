"""Orders move as their kind declares, by those it names, and in no other way."""

import pytest

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store import orders
from plumbline.store.journal import Entry, verify
from plumbline.store.orders.tests.made import CATALOG, at, moved, office, opened, person
from plumbline.store.tests import made
from plumbline.store.tests.made import NEIGHBOUR, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(cast):
    """Who meets at an order, and somebody who is to have every role."""
    return cast | {"root": person("root", "planner")}


def given(cast, **told):
    """An order the street holds."""
    return moved(cast["dispatcher"], opened(cast["operator"], **told), "send", office=cast["street"].pk)


def answered(cast, order, **told):
    """An order the street answered."""
    return moved(cast["holder"], order, "answer", at(12), reply="已更换", finding="已解决", **told)


def words(raised):
    return [one.message for one in raised.value.findings]


def test_the_story_of_an_order(cast):
    order = opened(cast["operator"], asker={"name": "王五", "phone": "010-1234 5678"})
    assert (order.number, order.state, order.version, order.due_clock) == ("SX2025000001", "new", 0, "send")
    order = moved(cast["dispatcher"], order, "send", office=cast["street"].pk)
    assert (order.state, order.office, order.first_office, order.version) == ("given", cast["street"], cast["street"], 1)
    assert (order.due_clock, order.due_at) == ("reply", at(0, day=at(0).date().replace(day=11)))
    order = answered(cast, order, met="是", cost="12.5", seen_on="2025/3/4", contact="张三")
    assert order.fields == {"finding": "已解决", "met": True, "cost": "12.50", "seen_on": "2025-03-04", "contact": "张三"}
    order = moved(cast["operator"], order, "close", at(13), met="false")
    assert (order.closed_at, order.due_at, order.next_at, order.level) == (at(13), None, None, 0)
    assert order.asker.forget_on.isoformat() == "2026-04-01"
    assert [(row.n, row.move, row.to, row.says) for row in order.moves.all()] == [
        (1, "open", "new", "已受理"), (2, "send", "given", "已转交"), (3, "answer", "answered", "已答复"),
        (4, "close", "closed", "已办结")]
    entries = list(Entry.objects.order_by("seq"))[-4:]
    assert [entry.action for entry in entries] == ["order.open", "order.send", "order.answer", "order.close"]
    assert "张三" not in str([(one.before, one.after) for one in entries])
    assert "王五" not in str([(one.before, one.after) for one in entries])
    assert verify().broken is None


@pytest.mark.parametrize("yes", ["true", "是", True, "1"])
@pytest.mark.parametrize("no", ["false", "否", False])
def test_yes_and_no_are_read_however_they_are_said(cast, yes, no):
    order = answered(cast, given(cast), met=yes)
    assert order.fields["met"] is True
    assert moved(cast["operator"], order, "close", met=no).fields["met"] is False


@pytest.mark.parametrize(("who", "roles"), [
    ("operator", {"operator"}), ("dispatcher", {"dispatcher"}), ("holder", {"holder", "first", "office"}), ("second", set()),
    ("stranger", set()), ("deputy", set()), ("leader", {"leader"})])
def test_what_a_person_is_to_an_order(cast, who, roles):
    assert orders.hats(cast[who], given(cast)) == roles


def test_a_superuser_is_anybody_but_the_asker_and_the_machine(cast):
    order = given(cast)
    cast["root"].is_superuser = True
    assert orders.hats(cast["root"], order) == {
        "operator", "dispatcher", "planner", "leader", "office", "holder", "first", "sender"}
    assert "withdraw" not in [move.key for move in orders.may_move(cast["root"], order, CATALOG.orders[order.kind])]


def test_each_sees_the_moves_that_are_his(cast):
    order, kind = given(cast), CATALOG.orders["small.matter"]
    keys = {who: [move.key for move in orders.may_move(cast[who], order, kind)]
            for who in ("operator", "dispatcher", "holder", "second")}
    assert keys == {"operator": ["class"], "dispatcher": ["class", "pass"], "holder": ["return", "hang", "answer", "prove"],
                    "second": []}
    assert [move.key for move in orders.may_move(None, order, kind, order.code)] == ["withdraw"]
    assert orders.may_move(None, order, kind) == orders.may_move(None, order, kind, "WRONG") == ()


@pytest.mark.parametrize(("who", "key", "told", "error"), [
    ("second", "return", {"reason": "不是我们的"}, NotAllowed), ("stranger", "pass", {}, NotAllowed),
    ("deputy", "pass", {}, NotAllowed), ("operator", "answer", {}, NotAllowed), ("holder", "pass", {}, NotAllowed),
    ("dispatcher", "send", {}, BadInput), ("holder", "nothing", {}, BadInput), ("holder", "go_on", {}, BadInput),
    ("holder", "answer", {"reply": "好", "finding": "别的"}, BadInput), ("holder", "answer", {"reply": "好"}, BadInput),
    ("holder", "answer", {"finding": "已解决"}, BadInput), ("holder", "return", {}, BadInput),
    ("holder", "return", {"reason": "x", "finding": "已解决"}, BadInput), ("holder", "return", {"reason": "x" * 301}, BadInput),
    ("holder", "answer", {"reply": "好", "finding": "已解决", "met": "也许"}, BadInput),
    ("holder", "answer", {"reply": "好", "finding": "已解决", "cost": "很多"}, BadInput),
    ("holder", "answer", {"reply": "好\x00", "finding": "已解决"}, BadInput), ("holder", "prove", {}, BadInput),
    ("dispatcher", "pass", {"office": "999999", "reason": "x"}, BadInput),
    ("dispatcher", "pass", {"office": "abc", "reason": "x"}, BadInput)])
def test_what_is_refused_leaves_no_trace(cast, who, key, told, error):
    order = given(cast)
    with refused(error):
        orders.move(cast[who], order.pk, key, told, order.version, catalog=CATALOG, now=at(12))


def test_an_order_that_is_not_there_and_one_of_others_are_refused_in_the_same_words(cast):
    order = given(cast)
    with refused(NotAllowed) as others:
        orders.move(cast["second"], order.pk, "return", {"reason": "x"}, order.version, catalog=CATALOG)
    with refused(NotAllowed) as absent:
        orders.move(cast["second"], 10 ** 9, "return", {"reason": "x"}, 0, catalog=CATALOG)
    with refused(NotAllowed) as guessed:
        orders.move(None, order.pk, "withdraw", {}, order.version, as_asker_code="000000000000", catalog=CATALOG)
    assert str(others.value) == str(absent.value) == str(guessed.value) == orders.ABSENT


def test_an_office_of_another_area_is_not_given_work(cast):
    order, far = given(cast), office("通州区水务局", NEIGHBOUR)
    with refused(BadInput) as raised:
        orders.move(cast["dispatcher"], order.pk, "pass", {"office": far.pk, "reason": "x"}, 1, catalog=CATALOG)
    assert words(raised) == ["没有这个单位，或者它不在这件工单的地区；请从列表中选择。"]


def test_a_version_that_is_gone_is_a_conflict(cast):
    order = given(cast)
    with refused(Conflict):
        orders.move(cast["holder"], order.pk, "return", {"reason": "x"}, 0, catalog=CATALOG)


def test_the_first_receiver_leads_through_transfers_and_returns(cast):
    order = moved(cast["dispatcher"], given(cast), "pass", office=cast["other"], reason="职责")
    assert (order.office, order.first_office, order.transfers, order.returns) == (cast["other"], cast["street"], 1, 0)
    order = moved(cast["second"], order, "return", reason="不属本单位")
    order = moved(cast["dispatcher"], order, "to_first", reason="首接负责")
    assert (order.office, order.transfers, order.returns) == (cast["street"], 2, 0)
    order = moved(cast["planner"], moved(cast["holder"], order, "return", reason="重复"), "agree")
    assert (order.office, order.first_office, order.returns, order.state) == (None, cast["street"], 1, "new")
    order = moved(cast["dispatcher"], order, "send", office=cast["other"])
    assert (order.first_office, order.transfers) == (cast["street"], 3)


def test_who_asked_for_it_does_not_judge_it(cast):
    both = person("both", "dispatcher", office=cast["street"])
    both.role = "planner"
    both.save()
    order = moved(both, given(cast), "return", reason="重复")
    assert orders.may_move(both, order, CATALOG.orders[order.kind]) == ()
    with refused(NotAllowed) as raised:
        orders.move(both, order.pk, "agree", {}, order.version, catalog=CATALOG)
    assert str(raised.value).startswith("「同意退单」要由另一个人来做")
    assert moved(cast["planner"], order, "agree").state == "new"


def test_who_opened_it_does_not_strike_it(cast):
    cast["leader"].is_superuser = True
    order = answered(cast, moved(cast["dispatcher"], opened(cast["leader"]), "send", office=cast["street"]))
    order = moved(cast["operator"], order, "close", met="是")
    with refused(NotAllowed):
        orders.move(cast["leader"], order.pk, "strike", {"reason": "不合理"}, order.version, catalog=CATALOG)
    assert moved(person("other", "leader"), order, "strike", reason="不合理").state == "closed"


def test_a_reopened_order_is_open_again_and_its_clock_begins_afresh(cast):
    order = moved(cast["operator"], answered(cast, given(cast), met="是"), "close", at(13), met="是")
    order = moved(cast["dispatcher"], order, "again", at(9, day=at(0).date().replace(day=17)), reason="没有解决")
    assert (order.state, order.closed_at, order.due_clock) == ("given", None, "reply")
    assert order.due_at == at(0, day=at(0).date().replace(day=25))
    assert order.clocks["send"]["on"] == "stopped"
    assert [one.kind for one in order.clock_events.filter(clock="reply")] == ["start", "stop", "reopen"]


def test_a_pause_stops_the_clock_until_somebody_or_the_machine_goes_on(cast):
    order = moved(cast["holder"], given(cast), "hang", at(12), reason="等材料", evidence="照片两张")
    assert (order.due_at, order.clocks["reply"]["on"]) == (None, "paused")
    order.refresh_from_db()
    orders.move(None, order.pk, "go_on", {}, order.version, catalog=CATALOG, now=at(12, day=at(0).date().replace(day=5)))
    order.refresh_from_db()
    assert order.due_at == at(0, day=at(0).date().replace(day=12))
    assert order.moves.get(move="hang").change["evidence"] == [None, "照片两张"]


def test_its_asker_withdraws_it_with_its_code(cast):
    order = opened(None)
    found = orders.move(None, order.pk, "withdraw", {}, 0, as_asker_code=order.code.lower(), catalog=CATALOG, now=at(12))
    assert (found.state_kind, found.moves.get(n=2).by) == ("void", None)


def test_due_times_tell_how_they_were_reckoned(cast):
    due = orders.due_of(given(cast), "reply", at(12), CATALOG)
    assert (due.state, due.at) == ("running", at(0, day=at(0).date().replace(day=11)))
    assert len(due.steps) > 1


def test_many_move_and_those_that_cannot_are_named(cast):
    new = [opened(cast["operator"], title=f"路灯{n}") for n in range(3)]
    old, far = given(cast), opened(person("elsewhere", "operator", area=NEIGHBOUR), area=NEIGHBOUR)
    seq = Entry.objects.count()
    found = orders.move_many(cast["dispatcher"], [*(one.pk for one in new), old.pk, far.pk, 10 ** 9], "send",
                             {"office": cast["street"].pk}, {new[0].pk: 7}, catalog=CATALOG, now=at(11))
    assert (found.done, Entry.objects.count()) == (2, seq + 2)
    assert [one.where for one in found.refused] == [new[0].number, old.number, "所选工单", "所选工单"]
    assert [orders.Order.objects.get(pk=one.pk).state for one in new] == ["new", "given", "given"]
    assert {row.n for row in orders.OrderMove.objects.filter(move="send", order__in=new)} == {2}
    assert verify().broken is None


def test_what_is_declared_one_by_one_is_not_moved_in_bulk(cast):
    order = moved(cast["operator"], answered(cast, given(cast)), "close", met="是")
    before = made.everything()
    found = orders.move_many(cast["leader"], [order.pk], "strike", {"reason": "x"}, catalog=CATALOG)
    assert made.everything() == before
    assert (found.done, found.refused[0].message) == (0, f"{order.number}：「剔除」不能成批办理；请逐件办理。")
