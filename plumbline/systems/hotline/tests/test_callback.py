"""The call-back desk: one answered request after another, four questions, and nothing said that was not heard."""

import pytest
from django.test import Client

from plumbline.store import orders
from plumbline.store.models import Entry
from plumbline.store.tests import made
from plumbline.systems.hotline.callback_pages import LATER
from plumbline.systems.hotline.tests import doors

pytestmark = pytest.mark.django_db
DESK, SEND = "/hotline/callbacks/", "/hotline/callbacks/called/"
ANSWERS = ("reached", "responded", "solved", "satisfied")


@pytest.fixture
def world():
    return doors.district()


def request(world, text=doors.TEXT, key="k" * 32):
    """A request that was asked on the page and answered by its street."""
    doors.asked(text=text, key=key)
    return doors.answered(world, orders.Order.objects.order_by("-pk").first())


def browser(user):
    found = Client()
    found.force_login(user)
    return found


def page(user, address=DESK):
    return browser(user).get(address)


def called(user, one, **said):
    return browser(user).post(SEND, {"order": one.pk, "number": one.number, "version": one.version} | said)


def test_the_next_request_is_shown_with_caller_reply_and_its_quality(world):
    one = request(world)
    found = browser(world.operator).get("/hotline/callbacks.json").json()
    assert (found["number"], found["waiting"], found["name"], found["phone"], found["office"]) == (
        one.number, 1, "张某某", doors.PHONE, "玉溪街道办事处")
    assert found["reply"] == "路灯已修好，当晚亮灯。"
    checks = {check["label"]: (check["holds"], check["why"]) for check in found["checks"]}
    assert set(checks) == {"答了所问", "按时", "谁办的", "依据", "做了什么", "时间", "联系方式"}
    assert checks["按时"][0] is True
    assert checks["联系方式"] == (False, "请写明联系电话。")
    assert checks["做了什么"][0] is False


def test_each_look_at_the_caller_is_journalled(world):
    one = request(world)
    looks = Entry.objects.filter(action="order.look", key=str(one.pk))
    page(world.operator)
    page(world.dispatcher)
    assert sorted(looks.values_list("who", flat=True)) == ["dispatcher", "operator"]
    assert doors.PHONE not in repr(list(looks.values_list("before", "after", "why")))


def test_what_was_said_closes_the_request_and_what_was_not_asked_stays_unknown(world):
    one = request(world)
    answer = called(world.operator, one, reached="true", responded="true", solved="false", satisfied="", reason="说还有一盏不亮")
    assert (answer.status_code, answer["Location"]) == (302, DESK)
    one.refresh_from_db()
    assert one.state == "closed"
    assert {key: one.fields.get(key) for key in ANSWERS} == {
        "reached": True, "responded": True, "solved": False, "satisfied": None}
    assert "satisfied" not in one.fields
    assert one.fields["called_on"]
    last = one.moves.order_by("-n").first()
    assert (last.move, last.by, last.why) == ("call_back", world.operator, "说还有一盏不亮")


def test_not_reached_at_all_may_be_the_answer(world):
    one = request(world)
    called(world.operator, one, reached="false")
    one.refresh_from_db()
    assert (one.state, one.fields["reached"], "solved" in one.fields) == ("closed", False, False)


def test_without_saying_whether_he_was_reached_nothing_is_kept_and_the_rest_stays_typed(world):
    one = request(world)
    page(world.operator)
    before = orders.Order.objects.values().get(), list(one.moves.values()), list(one.notes.values())
    answer = called(world.operator, one, solved="true", reason="说好了")
    text = answer.content.decode()
    assert (answer.status_code, "请先选是否接通。" in text, 'value="说好了"' in text) == (400, True, True)
    assert 'name="solved" value="true" data-question="3" checked' in text
    assert (orders.Order.objects.values().get(), list(one.moves.values()), list(one.notes.values())) == before


def test_nobody_answered_is_noted_for_ourselves_and_the_next_comes_until_all_were_tried(world):
    first, second = request(world), request(world, "公园里的水管漏水，请派人来看。", "j" * 32)
    desk = browser(world.operator)
    answer = desk.post(SEND, {"order": first.pk, "later": "1", "after": ""})
    assert answer["Location"] == f"{DESK}?after={first.pk}"
    assert second.number in desk.get(answer["Location"]).content.decode()
    answer = desk.post(SEND, {"order": second.pk, "later": "1", "after": str(first.pk)})
    assert answer["Location"] == f"{DESK}?after={first.pk}%2C{second.pk}"
    again = desk.get(answer["Location"]).content.decode()
    assert first.number in again
    assert "已拨 1 次未通" in again
    [note] = first.notes.all()
    assert (note.text, note.public) == (LATER, False)
    first.refresh_from_db()
    assert first.state == "answered"


def test_two_who_call_the_same_person_the_second_is_told(world):
    one = request(world)
    called(world.operator, one, reached="true", solved="true")
    before = doors.kept()
    answer = called(world.dispatcher, one, reached="false")
    assert answer.status_code == 409
    assert doors.kept() == before


def test_a_page_left_open_while_it_was_done_again_changes_nothing(world):
    one = request(world)
    orders.move(world.dispatcher, one.pk, "reopen", {"reason": "来件人说没修好"}, one.version)
    before = doors.kept()
    assert called(world.operator, one, reached="true").status_code == 409
    assert doors.kept() == before


@pytest.mark.parametrize("who", ["holder", "stranger", "leader", "deputy"])
def test_who_calls_nobody_sees_no_telephone_and_keeps_nothing(world, who):
    one, user = request(world), getattr(world, who, None) or made.user(who, who)
    before = doors.kept()
    for answer in (page(user), page(user, "/hotline/callbacks.json"), called(user, one, reached="true", satisfied="true")):
        assert answer.status_code == 403
        assert doors.PHONE not in answer.content.decode()
    assert doors.kept() == before


def test_another_areas_request_is_not_called_about(world):
    one = request(world)
    neighbour = made.user("neighbour", "operator", area=made.NEIGHBOUR)
    assert one.number not in page(neighbour).content.decode()
    assert page(neighbour, f"{DESK}?number={one.number}").status_code == 404
    before = doors.kept()
    assert called(neighbour, one, reached="true").status_code == 409
    assert doors.kept() == before


def test_joined_requests_are_called_about_one_by_one(world):
    doors.asked()
    main = doors.only()
    doors.asked(text="路灯坏了好几天，没有人来修。", phone="139 5550 0001", key="j" * 32)
    other = orders.Order.objects.order_by("-pk").first()
    orders.join(world.dispatcher, other.pk, main.pk, "同一件事", other.version)
    doors.answered(world, main)
    assert browser(world.operator).get("/hotline/callbacks.json").json()["waiting"] == 2


def test_nothing_to_call_about_says_so(world):
    assert "没有待回访的工单了" in page(world.operator).content.decode()
    assert Client().get(DESK)["Location"].startswith("/sign-in/")
