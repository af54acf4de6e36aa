"""Objections: an office objects to a request of its own score, another person judges, and the rate follows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store import orders
from plumbline.store.models import Entry, Order
from plumbline.store.tests import made
from plumbline.systems.hotline import objections
from plumbline.systems.hotline.objections import OFFICE, STRIKE, Verdict
from plumbline.systems.hotline.tests import scores
from plumbline.systems.hotline.tests.scores import client, number, request_at, shares, told

WHY = "虚构理由：来件人反映的事不归本街道，已附核实材料。"


@pytest.fixture
def world(db):
    return scores.world()


def objected(world, at=10, asks_for=STRIKE):
    """An objection of the second street to one of its requests."""
    return objections.object_to(world.stranger, number(at), asks_for, WHY)


def posted(user, address, **fields):
    return client(user).post(address, fields)


def test_a_street_objects_from_the_list_behind_its_score(world):
    rows = told(world.stranger, f"/hotline/rates/requests.json?{scores.JUNE}")["list"]["rows"]
    assert {one["number"]: (one["may_object"], one["why_not"]) for one in rows}[number(10)] == (True, "")
    form = client(world.stranger).get(f"/hotline/objections/about/{number(10)}/").content.decode()
    assert all(f">{asks}<" in form for asks in objections.ASKS)
    answer = posted(world.stranger, f"/hotline/objections/about/{number(10)}/send/", asks_for=STRIKE, text=WHY)
    assert (answer.status_code, answer["Location"]) == (302, "/hotline/objections/")
    one = Order.objects.get(kind=objections.KIND)
    assert (one.state, one.office, one.text, one.fields["asks_for"], one.opened_by) == (
        "raised", world.other, WHY, STRIKE, world.stranger)
    # the list names the last day: the limit ends when that day does
    assert [row["due"] for row in told(world.dispatcher, "/hotline/objections.json")["rows"]] == [
        (timezone.localdate(one.due_at) - timedelta(days=1)).isoformat()]
    again = told(world.stranger, f"/hotline/rates/requests.json?{scores.JUNE}")["list"]["rows"]
    assert {row["number"]: row["why_not"] for row in again}[number(10)] == "申诉正在裁定"


@pytest.mark.parametrize(("who", "at"), [("stranger", 1), ("holder", 6), ("stranger", 99), ("dispatcher", 6), ("operator", 6),
                                         ("planner", 6), ("deputy", 6), ("leader", 6)])
def test_nobody_objects_to_a_request_that_is_not_of_his_offices_score(world, who, at):
    user = getattr(world, who)
    with made.refused(NotAllowed) as refusal:
        objections.object_to(user, number(at), STRIKE, WHY)
    assert str(refusal.value) == objections.ABSENT
    assert client(user).get(f"/hotline/objections/about/{number(at)}/").status_code == 403


@pytest.mark.parametrize(("asks_for", "text", "said"), [
    ("加分", WHY, "请选择请求"), (STRIKE, "  ", "请写明申诉理由"), ("", "", "请选择请求")])
def test_an_objection_says_what_it_asks_for_and_why(world, asks_for, text, said):
    with made.refused(BadInput) as refusal:
        objections.object_to(world.stranger, number(10), asks_for, text)
    assert said in refusal.value.findings[0].message


def test_one_objection_at_a_time_and_none_to_what_is_open_or_struck_out(world):
    objected(world)
    with made.refused(BadInput):
        objected(world)
    nine = request_at(9)
    orders.move(world.dispatcher, nine.pk, "reopen", {"reason": "重新办理"}, nine.version)
    with made.refused(BadInput) as refusal:
        objected(world, 9)
    assert "还没有办结" in refusal.value.findings[0].message
    eight = request_at(8)
    orders.move(world.dispatcher, eight.pk, "strike", {"struck": True, "struck_for": "其他", "reason": "剔除"}, eight.version)
    with made.refused(BadInput) as refusal:
        objected(world, 8)
    assert "已经剔除" in refusal.value.findings[0].message


def test_a_strike_out_upheld_changes_the_rate_in_the_judges_name(world):
    assert shares(scores.rates(world.city)["990101002"])["solved"] == ("80%", "分子 4，分母 5")
    one = objected(world)
    answer = posted(world.dispatcher, f"/hotline/objections/{one.pk}/judge/", verdict="uphold", version=one.version,
                    struck_for="超出本市权限", reason="虚构：属实")
    assert answer.status_code == 302
    about = request_at(10)
    assert (about.fields["struck"], about.fields["struck_for"], about.state) == (True, "超出本市权限", "closed")
    one.refresh_from_db()
    assert one.state == "upheld"
    assert shares(scores.rates(world.city)["990101002"])["solved"] == ("100%", "分子 4，分母 4")
    assert about.moves.order_by("-n").first().by == world.dispatcher
    assert Entry.objects.filter(table="order", key=str(about.pk), who=world.dispatcher.username).exists()


@pytest.mark.parametrize(("asks_for", "at", "name", "before", "after"), [
    ("改为已解决", 10, "solved", "分子 4，分母 5", "分子 5，分母 5"),
    ("改为满意", 9, "satisfied", "分子 3，分母 5", "分子 4，分母 5"),
    ("改为已响应", 10, "responded", "分子 4，分母 5", "分子 5，分母 5")])
def test_an_answer_upheld_is_put_right(world, asks_for, at, name, before, after):
    assert shares(scores.rates(world.city)["990101002"])[name][1] == before
    one = objected(world, at, asks_for)
    objections.uphold(world.planner, one.pk, Verdict("属实"), one.version)
    assert shares(scores.rates(world.city)["990101002"])[name][1] == after


def test_a_wrong_office_upheld_moves_the_request_to_the_right_one(world):
    one = objected(world, 10, OFFICE)
    page = client(world.dispatcher).get("/hotline/objections/").content.decode()
    assert f'<option value="{world.lamps.pk}">区城管委</option>' in page
    with made.refused(BadInput):
        objections.uphold(world.dispatcher, one.pk, Verdict("属实"), one.version)
    objections.uphold(world.dispatcher, one.pk, Verdict("属实", office=world.lamps.pk), one.version)
    found = scores.rates(world.city, f"by=office&{scores.JUNE}")
    assert {key: row["numbers"][0]["why"] for key, row in found.items() if key in ("青石街道办事处", "区城管委")} == {
        "青石街道办事处": "分子 4，分母 4", "区城管委": "分子 1，分母 2"}


def test_a_rejected_objection_leaves_the_request_and_the_rate(world):
    one, before = objected(world), made.everything()["Order"]
    posted(world.planner, f"/hotline/objections/{one.pk}/judge/", verdict="reject", version=one.version, reason="核实后不予采纳")
    one.refresh_from_db()
    assert one.state == "rejected"
    assert [row for row in made.everything()["Order"] if row[0] != one.pk] == [row for row in before if row[0] != one.pk]
    assert shares(scores.rates(world.city)["990101002"])["solved"] == ("80%", "分子 4，分母 5")
    assert objected(world).state == "raised"


@pytest.mark.parametrize("who", ["stranger", "holder", "operator", "leader", "deputy"])
def test_who_judges_is_neither_the_office_nor_anybody_else(world, who):
    one, user = objected(world), getattr(world, who)
    with made.refused(NotAllowed):
        objections.uphold(user, one.pk, Verdict("属实", "其他"), one.version)
    with made.refused(NotAllowed):
        objections.reject(user, one.pk, "不采纳", one.version)
    assert posted(user, f"/hotline/objections/{one.pk}/judge/", verdict="uphold", version=one.version,
                  reason="x").status_code in (403, 404)


def test_who_raised_it_does_not_judge_it_whatever_else_he_may(world):
    both = made.user("both", "office", office=world.other)
    one = objections.object_to(both, number(10), STRIKE, WHY)
    both.role = "dispatcher"
    both.save()
    with made.refused(NotAllowed):
        objections.uphold(both, one.pk, Verdict("属实", "其他"), one.version)


def test_two_judges_at_once_one_is_told_and_nothing_is_done_twice(world):
    one = objected(world)
    objections.uphold(world.dispatcher, one.pk, Verdict("属实", "其他"), one.version)
    with made.refused(Conflict):
        objections.reject(world.planner, one.pk, "不采纳", one.version)


def test_a_verdict_needs_its_reason_and_leaves_nothing_half_done(world):
    one = objected(world)
    with made.refused(BadInput):
        objections.uphold(world.dispatcher, one.pk, Verdict("", "其他"), one.version)
    answer = posted(world.dispatcher, f"/hotline/objections/{one.pk}/judge/", verdict="uphold", version=one.version)
    assert answer.status_code == 400


def test_no_other_order_is_settled_as_if_it_were_an_objection(world):
    about = request_at(10)
    with made.refused(NotAllowed):
        objections.settle(world.dispatcher, about, Verdict("属实", "其他"))
    assert posted(world.dispatcher, f"/hotline/objections/{about.pk}/judge/", verdict="settle", reason="x").status_code == 404


def test_an_objection_upheld_elsewhere_is_settled_from_the_list(world):
    one = objected(world)
    one = orders.move(world.dispatcher, one.pk, "uphold", {"reason": "属实"}, one.version)
    assert "更正成绩" in client(world.planner).get("/hotline/objections/").content.decode()
    posted(world.planner, f"/hotline/objections/{one.pk}/judge/", verdict="settle", reason="属实", struck_for="不合法")
    one.refresh_from_db()
    assert (one.state, request_at(10).fields["struck"]) == ("upheld", True)


def test_each_sees_his_own_objections_and_judges_those_of_their_area(world):
    one = objected(world)
    neighbour = made.user("neighbour", "dispatcher", area=made.NEIGHBOUR)
    seen = {who: [row["number"] for row in told(user, "/hotline/objections.json")["rows"]]
            for who, user in vars(world).items() if who in ("stranger", "holder", "dispatcher", "planner")}
    assert seen == {"stranger": [one.number], "holder": [], "dispatcher": [one.number], "planner": [one.number]}
    assert told(neighbour, "/hotline/objections.json")["rows"] == []
    for who, judges in (("stranger", False), ("dispatcher", True), ("planner", True)):
        page = client(getattr(world, who)).get("/hotline/objections/").content.decode()
        assert ("采纳并更正" in page, "不采纳" in page) == (judges, judges)


def test_a_department_objects_to_what_it_handled_in_another_street(world):
    lamps = made.user("lamps", "office", office=world.lamps)
    one = objections.object_to(lamps, number(3), "改为满意", WHY)
    assert (one.office, one.parent_id) == (world.lamps, request_at(3).pk)
    assert "申诉正在裁定" in client(lamps).get(f"/hotline/objections/about/{number(3)}/").content.decode()
