"""What is proposed on the desk and on the board, and what the board says when everything goes one way."""

from datetime import datetime, timedelta, timezone

import pytest
from django.conf import settings
from django.test import Client

from plumbline.store import orders, registers
from plumbline.store.models import Order
from plumbline.store.tests import made
from plumbline.systems.hotline import alarming
from plumbline.systems.hotline.proposing import KIND, past, proposed, suggest
from plumbline.systems.hotline.tests import doors
from plumbline.web.orders import suggestions

pytestmark = pytest.mark.django_db
CHINA = timezone(timedelta(hours=8))
NOW = datetime(2025, 6, 25, 10, 30, tzinfo=CHINA)
STREET, COMMUNITY = "990101001", "990101001003"


@pytest.fixture(autouse=True)
def nothing_learned(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def world():
    return doors.district()


def received(world, many, office, ago=timedelta(0), text="小区物业不修电梯", **told):
    """Past requests an office had, one a second before a moment."""
    start = Order.objects.count()
    orders.take_in(world.planner, KIND, [{
        "number": f"SQ2025{start + at:06}", "title": text, "text": text, "topic": "", "urgency": "ordinary", "source": "电话",
        "area": made.DISTRICT, "place": STREET, "address": "", "lng": None, "lat": None, "state": "closed",
        "opened_at": NOW - ago - timedelta(seconds=at), "closed_at": NOW, "due_at": None, "late": False, "returns": 0,
        "transfers": 0, "office": office.name, "fields": {}} | told for at in range(many)], "接入")


def new(text, **told):
    return orders.open_(None, KIND, {"title": text[:30], "text": text, "area": made.DISTRICT, "place": COMMUNITY,
                                     "urgency": "ordinary", **told}, asker={"phone": doors.PHONE}, now=NOW)


def test_the_street_of_the_place_is_proposed_with_words_and_clause(world):
    found = proposed(world.operator, "小区物业公司不修电梯，物业费照收", COMMUNITY)
    assert (found.office, found.office_name, found.sure) == (world.street.pk, "玉溪街道办事处", True)
    assert found.topic == "城乡建设/住房保障与房地产/物业服务"
    assert "电梯" in found.why[0]
    assert found.why[1].startswith("职责清单：城乡建设/住房保障与房地产/物业服务由属地街道乡镇承办（起步职责清单（虚构） 第")


def test_an_empty_text_proposes_nothing(world):
    assert proposed(world.operator, "  ", COMMUNITY) is None


def test_a_text_that_says_nothing_is_left_to_a_person(world):
    found = proposed(world.operator, "您好，请帮帮我", COMMUNITY)
    assert (found.office, found.topic, found.sure) == (None, "", False)
    assert found.why == ("文字里没有足以判断类别的词，也没有相似的旧件；请人工选择类别和承办单位。",)


def test_an_office_that_is_not_registered_is_named_and_not_proposed(world):
    found = proposed(world.operator, "出租车司机拒载，不打表", COMMUNITY)
    assert (found.office, found.sure) == (None, False)
    assert found.why[-1] == "没有登记「交通运输局」；请先登记这个单位，或更正职责清单。"


def board(user):
    browser = Client()
    browser.force_login(user)
    answer = browser.get(f"/orders/board.json?kind={KIND}")
    assert answer.status_code == 200
    return answer.json()


def test_a_waiting_request_is_proposed_an_office_on_the_board(world):
    order = new("小区物业公司不修电梯，物业费照收")
    found, = [card["suggestion"] for queue in board(world.dispatcher)["queues"] for card in queue["cards"]]
    assert (found["office"], found["words"]) == (world.street.pk, "玉溪街道办事处")
    order.office = world.street
    assert suggestions.suggest(order) is None


def test_a_request_nobody_can_tell_says_so(world):
    found = suggest(new("您好，请帮帮我"))
    assert (found.office, found.words) == (None, "说不准，请人工判断")


def test_what_was_proposed_is_kept_until_the_registers_change(world, django_assert_num_queries):
    order = new("出租车司机拒载，不打表")
    first = suggest(order)
    with django_assert_num_queries(1):
        assert suggest(order) == first
    assert first.office is None
    bus = doors.office("区运管所", "department")
    planner, table = world.planner, settings.CATALOG.tables["hotline.duties"]
    registers.save(planner, table, None, {
        "area": made.DISTRICT, "path": "交通运输/出租车管理", "office": bus.name, "office_kind": "department",
        "clause": "第一条（虚构）", "leads": True, "closed_on": None}, "补充职责", 0)
    assert suggest(order).office == bus.pk


def test_past_requests_alike_speak_and_are_named(world):
    received(world, 3, world.lamps, text="河边健步道石板松动")
    found = suggest(new("河边健步道石板松动了两块"))
    assert (found.office, found.words) == (world.lamps.pk, "区城管委")
    assert "相似的旧件由区城管委办理：SQ2025" in found.why[-1]


def test_requests_sent_back_or_of_another_district_do_not_speak(world):
    received(world, 1, world.lamps, returns=1)
    received(world, 1, world.street)
    assert [one.office for one in past(Order.objects.all(), made.DISTRICT, 10)] == ["属地街道乡镇"]
    assert past(Order.objects.all(), made.NEIGHBOUR, 10) == ()
    assert past(Order.objects.visible_to(world.stranger), made.DISTRICT, 10) == ()


def eight_weeks(world):
    for back in range(1, 9):
        received(world, 15, world.street, timedelta(weeks=back))
        received(world, 15, world.lamps, timedelta(weeks=back))


def test_the_board_is_quiet_in_an_ordinary_hour(world):
    eight_weeks(world)
    received(world, 13, world.street)
    received(world, 17, world.lamps)
    assert alarming.alarms_now(world.dispatcher, NOW) == ()


def test_everything_to_one_folder_is_said_on_the_board(world, monkeypatch):
    eight_weeks(world)
    received(world, 30, world.lamps)
    (first, *_) = alarming.alarms_now(world.dispatcher, NOW)
    assert first == ("这一小时派单 30 件，其中 30 件（100%）派给区城管委，过去同一时段占 50%；"
                     "几乎全部派往一处，请暂停自动派单，检查分类模型和职责清单。")
    monkeypatch.setattr(alarming.timezone, "now", lambda: NOW)
    assert board(world.dispatcher)["alarms"][0] == first
    # who sees none of it is told none of it
    assert alarming.alarms_now(world.stranger, NOW) == ()


def test_an_hour_without_a_past_raises_no_alarm(world):
    received(world, 30, world.lamps)
    assert alarming.alarms_now(world.dispatcher, NOW) == ()
