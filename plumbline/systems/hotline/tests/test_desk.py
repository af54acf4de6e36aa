"""The operator's desk: a request taken, sent, answered or joined in one go, and what helps while the caller speaks."""

import pytest
from django.test import Client

from plumbline.store import declarations, orders, registers
from plumbline.store.models import Asker, Entry, Order
from plumbline.store.tests import made
from plumbline.systems.hotline import desk_pages
from plumbline.systems.hotline.tests import doors

pytestmark = pytest.mark.django_db
DESK, HINTS, CALLER = "/hotline/desk/", "/hotline/desk/hints", "/hotline/desk/caller"
CALL = {"phone": "139 5550 7788", "name": "张某某", "text": "玉溪街道晨光小区路灯坏了三天，晚上看不清路", "title": "",
        "area": "990101", "place": "990101001", "address": "虚构路 3 号",
        "topic": "城乡建设/城市建设和市政管理/基础设施", "urgency": "ordinary",
        "wants": "求助", "spot": "晨光小区", "key": "k" * 20}


@pytest.fixture
def world():
    return doors.district()


def sent(user, **typed):
    browser = Client()
    browser.force_login(user)
    return browser.post(DESK, CALL | typed)


def hints(user, **typed):
    browser = Client()
    browser.force_login(user)
    return browser.get(f"{HINTS}.json", typed).json()


def page(user, address=DESK):
    browser = Client()
    browser.force_login(user)
    return browser.get(address)


def test_a_call_is_taken_with_the_caller_and_his_code_is_told(world):
    answer = sent(world.operator, step="take", secret="1")
    one = doors.only()
    assert (answer.status_code, answer["Location"]) == (302, DESK)
    assert (one.state, one.area, one.place, one.source, one.title, one.opened_by) == (
        "registered", "990101", "990101001", "电话", CALL["text"][:40], world.operator)
    assert (one.fields["wants"], one.fields["spot"], one.address) == ("求助", "晨光小区", "虚构路 3 号")
    asker = Asker.objects.get()
    assert (asker.name, asker.secret) == ("张某某", True)
    told = page(world.operator, answer["Location"]).content.decode()
    assert one.number in told


def test_the_message_tells_number_state_and_code(world):
    browser = Client()
    browser.force_login(world.operator)
    told = browser.post(DESK, CALL | {"step": "dispatch", "office": world.lamps.pk}, follow=True).content.decode()
    one = doors.only()
    assert f"{one.number} 已受理，待签收（区城管委）。查询码 {one.code}，请告诉来电人。" in told


def test_taken_and_sent_in_one_go(world):
    assert sent(world.operator, step="dispatch", office=world.lamps.pk).status_code == 302
    one = doors.only()
    assert (one.state, one.office) == ("assigned", world.lamps)
    assert [move.move for move in one.moves.order_by("n")][-1] == "dispatch"


def test_an_answer_on_the_telephone_closes_at_once_what_can_be_answered(world):
    assert sent(world.operator, step="answer", reply="请到街道政务大厅办理。").status_code == 302
    one = doors.only()
    assert (one.state, one.office, one.moves.order_by("-n").first().told) == ("answered", None, "请到街道政务大厅办理。")


def test_one_key_joins_the_call_to_the_open_request_of_the_same_matter(world):
    sent(world.operator, step="dispatch", office=world.street.pk)
    main = doors.only()
    browser = Client()
    browser.force_login(world.operator)
    answer = browser.post(DESK, CALL | {"step": "join", "into": main.number, "phone": "13955501111", "key": "j" * 20},
                          follow=True)
    joined = Order.objects.exclude(pk=main.pk).get()
    assert (joined.joined, joined.state, joined.office) == (main, "assigned", world.street)
    assert f"已受理，并入 {main.number}，随它一并办理" in answer.content.decode()
    assert Asker.objects.count() == 2


def test_a_form_sent_twice_is_one_request(world):
    for _ in range(2):
        assert sent(world.operator, step="dispatch", office=world.lamps.pk).status_code == 302
    assert doors.only().state == "assigned"


@pytest.mark.parametrize(("typed", "said"), [
    ({"step": "take", "text": " "}, "请写诉求内容。"), ({"step": "take", "place": "", "area": ""}, "请选所在区或街道乡镇。"),
    ({"step": "dispatch", "office": ""}, "派单请选承办单位。"), ({"step": "dispatch", "office": "999999"}, "没有这个单位"),
    ({"step": "answer", "reply": ""}, "直接答复请写答复内容。"), ({"step": "join", "into": ""}, "请选要并入的工单。"),
    ({"step": "join", "into": "SQ2020999999"}, "没有编号是「SQ2020999999」的诉求工单"),
    ({"step": "take", "wants": "抱怨"}, "诉求类型"), ({"step": "take", "urgency": "at once"}, "紧急程度")])
def test_what_cannot_be_done_is_said_and_nothing_is_kept(world, typed, said):
    before = doors.kept()
    answer = sent(world.operator, **typed)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert said in text
    assert doors.kept() == before
    if typed.get("text", "x").strip():
        assert CALL["text"] in text


@pytest.mark.parametrize("who", ["holder", "stranger", "leader", "deputy"])
def test_who_takes_no_requests_is_refused_without_a_trace(world, who):
    user = getattr(world, who, None) or made.user(who, who)
    before = doors.kept()
    assert page(user).status_code == 403
    assert page(user, f"{HINTS}/?text=路灯").status_code == 403
    assert page(user, f"{CALLER}/?phone=13955507788").status_code == 403
    assert sent(user, step="take").status_code == 403
    assert doors.kept() == before


def test_the_desk_is_not_for_the_public(world):
    assert Client().get(DESK)["Location"].startswith("/sign-in/")
    assert Client().post(DESK, CALL)["Location"].startswith("/sign-in/")
    assert not Order.objects.exists()


def test_the_history_of_a_telephone_is_shown_and_each_look_is_journalled(world):
    sent(world.operator, step="take")
    number = doors.only().number
    looks = Entry.objects.filter(action="order.history")
    found = page(world.operator, f"{CALLER}.json?phone=13955507788").json()
    assert (found["asked"], [one["number"] for one in found["past"]], looks.count()) == (True, [number], 1)
    assert page(world.operator, f"{CALLER}.json?phone=13955500000").json() == {"asked": True, "past": []}
    assert looks.count() == 2
    assert page(world.operator, f"{CALLER}.json?phone=139555").json() == {"asked": False, "past": []}
    hints(world.operator, text="路灯坏了", phone="13955507788")
    assert looks.count() == 2
    assert "7788" not in repr(list(looks.values_list("after", "key")))


def test_open_requests_alike_are_found_of_the_street_and_closed_ones_are_not(world):
    sent(world.operator, step="take")
    near = hints(world.operator, text="晨光小区的路灯一直不亮", place="990101001", spot="晨光小区")["near"]
    assert [(one["number"], one["shared"][0]) for one in near] == [(doors.only().number, "晨光小区")]
    assert hints(world.operator, text="晨光小区的路灯一直不亮", place="990101002")["near"] == []
    doors.sent(world, doors.only(), ("dispatcher", "refuse", {"reason": "虚构"}))
    assert hints(world.operator, text="晨光小区的路灯一直不亮", place="990101001")["near"] == []


def test_the_knowledge_base_answers_while_the_caller_speaks(world):
    entry = {"area": "990101", "question": "居住证怎么办理", "answer": "到街道政务大厅办理。", "path": "政法/户籍证件/户籍管理",
             "words": "居住证", "source": "虚构规定", "until": None}
    registers.save(world.planner, declarations.catalog().tables["hotline.answers"], None, entry)
    [answer] = hints(world.operator, text="请问居住证怎么办")["answers"]
    assert (answer["question"], answer["answer"], answer["source"]) == ("居住证怎么办理", "到街道政务大厅办理。", "虚构规定")
    assert hints(world.operator, text="路灯坏了")["answers"] == []


def test_class_and_office_are_proposed_with_reasons_or_said_to_be_unclear(world):
    found = hints(world.operator, text="家里停水两天了，水压很低", place="990101001")["proposed"]
    assert found["topic"] == "城乡建设/城市建设和市政管理/自来水供应"
    assert any("停水" in line for line in found["why"])
    assert hints(world.operator, text="就是那个事情", place="990101001")["proposed"]["sure"] is False


def test_the_place_the_words_name_is_offered(world):
    assert hints(world.operator, text="玉溪街道门口路灯坏了")["where"] == {
        "area": "990101", "place": "990101001", "words": "云溪区玉溪街道办事处"}
    assert hints(world.operator, text="玉溪街道门口路灯坏了", place="990101002")["where"] is None
    assert hints(world.operator, text="通州区的事")["where"] is None


def test_only_ones_own_latest_are_listed_and_of_ones_area(world):
    sent(world.operator, step="take")
    number = doors.only().number
    assert number in page(world.operator).content.decode()
    assert number not in page(world.dispatcher).content.decode()


def test_script_in_what_is_typed_is_shown_as_text(world):
    told = sent(world.operator, step="dispatch", text="<script>alert(1)</script>", office="").content.decode()
    assert "<script>alert(1)" not in told
    assert "&lt;script&gt;alert(1)" in told
    orders.open_(world.operator, desk_pages.KIND, {"title": "<b>晨光小区</b>路灯", "text": "晨光小区路灯", "area": "990101",
                                                   "place": "990101001", "urgency": "ordinary", "source": "电话"})
    shown = page(world.operator, f"{HINTS}/?text=晨光小区路灯坏了&place=990101001").content.decode()
    assert "&lt;b&gt;晨光小区" in shown
    assert "<b>" not in shown
