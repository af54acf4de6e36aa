"""Asking without an account, and following what becomes of it."""

import re
from datetime import datetime, timedelta, timezone

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plumbline.store import orders
from plumbline.store.models import Asker, Attachment, Order, OrderNote
from plumbline.store.tests import made
from plumbline.systems.hotline import asking, tracked
from plumbline.systems.hotline.tests import doors

pytestmark = pytest.mark.django_db
CHINA = timezone(timedelta(hours=8))


@pytest.fixture
def world():
    return doors.district()


def bared(answer, number):
    """A page without its number and its tokens, which differ each time."""
    return re.sub(r'(FToken": "|csrfmiddlewaretoken" value=")[^"]+', "", answer.content.decode().replace(number, "N"))


def page_of(client, order):
    return client.get(f"/ask/{order.number}/").content.decode()


def test_anybody_asks_and_gets_a_number_and_a_code(world):
    client = Client()
    answer = doors.asked(client)
    order = doors.only()
    assert (answer.status_code, answer["Location"]) == (302, f"/ask/{order.number}/")
    assert (order.area, order.place, order.state, order.source, order.urgency, order.topic, order.office) == (
        "990101", "990101001", "registered", "网页", "ordinary", "", None)
    assert (order.title, order.text) == ("小区门口的路灯坏了三天，晚上看不清路", doors.TEXT)
    page = page_of(client, order)
    assert order.number in page
    assert order.code in page
    assert "玉溪街道办事处 虚构路 3 号" in page


def test_the_form_asks_for_no_class_and_no_office_and_names_every_street(world):
    page = Client().get("/ask/")
    text = page.content.decode()
    assert 'value="990101001"' in text
    assert '<optgroup label="云溪区">' in text
    assert not {"topic", "office", "class"} & {part.split('"')[0] for part in text.split('name="')[1:]}
    assert "no-store" in page["Cache-Control"]
    assert "110105" not in text


def test_a_second_click_opens_nothing_twice_but_what_was_changed_is_not_lost(world):
    for _ in range(3):
        assert doors.asked().status_code == 302
    assert Order.objects.count() == 1
    doors.asked(text="还有一件事：井盖松了。")
    assert Order.objects.count() == 2


@pytest.mark.parametrize(("typed", "told"), [
    ({"text": ""}, "请写明反映的是什么事情"), ({"text": "长" * 2001}, "最多 2000 个字"), ({"where": ""}, "请从列表里选"),
    ({"where": "990000"}, "请从列表里选"), ({"where": "990101999"}, "请从列表里选"), ({"phone": ""}, "请写能接通的电话号码"),
    ({"phone": "打给我"}, "请写能接通的电话号码"),
    ({"lng": "东边", "lat": "1"}, "应是 -180 到 180"), ({"lng": "1"}, "应是 -90 到 90"),
    ({"lng": "NaN", "lat": "1"}, "应是"), ({"lng": "1e999999", "lat": "1"}, "应是"),
    ({"lng": "1e999999999", "lat": "1"}, "应是"), ({"text": "看\0不见"}, "控制字符"),
    ({"address": "长" * 201}, "最多 200 个字"), ({"name": "看\u202e不见"}, "控制字符"),
])
def test_what_is_wrong_is_said_and_what_was_typed_stays(world, typed, told):
    before = made.everything()
    answer = doors.asked(**typed)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert ("虚构路 3 号" in answer.content.decode()) == ("address" not in typed)
    after = {name: rows for name, rows in made.everything().items() if "Knock" not in name}
    assert after == {name: rows for name, rows in before.items() if "Knock" not in name}


def test_a_stranger_sees_neither_the_request_nor_whether_there_is_one(world):
    doors.asked()
    order, client = doors.only(), Client()
    numbers = (order.number, "SQ2020999999")
    there, not_there = (bared(client.get(f"/ask/{number}/"), number) for number in numbers)
    assert doors.TEXT not in there
    assert there == not_there
    wrong, unknown = (client.post("/ask/track/", {"number": number, "code": "0" * 12}) for number in numbers)
    assert (wrong.status_code, unknown.status_code) == (400, 400)
    assert bared(wrong, numbers[0]) == bared(unknown, numbers[1])


def test_number_and_code_open_the_page_however_they_are_typed(world):
    doors.asked()
    order, client = doors.only(), Client()
    typed = order.code.lower().replace("0", "o").replace("1", "l")
    answer = client.post("/ask/track/", {"number": f" {order.number.lower()} ", "code": f"{typed[:4]}-{typed[4:8]} {typed[8:]}"})
    assert answer["Location"] == f"/ask/{order.number}/"
    page = page_of(client, order)
    assert doors.TEXT in page
    assert order.code not in page  # told once, to who asked
    client.post(f"/ask/{order.number}/leave/")
    assert doors.TEXT not in page_of(client, order)


def test_an_order_without_a_code_is_opened_by_none(world):
    doors.asked()
    order = doors.only()
    Order.objects.update(code="")
    for code in ("", " ", "0" * 12):
        assert tracked.found(order.number, code) is None
    assert tracked.found("", order.code) is None


def test_progress_reply_and_clock_are_told_in_words(world):
    client = Client()
    doors.asked(client)
    order = doors.answered(world, doors.only())
    page = page_of(client, order)
    for words in ("已受理", "已转交承办单位", "承办单位已签收", "承办单位已答复", "路灯已修好，当晚亮灯。", "玉溪街道办事处",
                  "待回访"):
        assert words in page


@pytest.mark.parametrize(("gap", "told"), [
    (timedelta(days=3, hours=5), "还有 3 天"), (timedelta(hours=47), "还有 47 小时"), (timedelta(minutes=30), "不到 1 小时"),
    (-timedelta(minutes=1), "已超过时限；我们正在催办"),
])
def test_the_clock_says_how_long_is_left(gap, told):
    now = datetime(2020, 7, 1, 9, 0, tzinfo=CHINA)
    assert told in tracked.clock_words(Order(due_at=now + gap, state_kind="open"), now)
    assert tracked.clock_words(Order(due_at=now + gap, state_kind="done"), now) == ""


def test_nobodys_telephone_is_on_the_page_but_its_end(world):
    client = Client()
    doors.asked(client, secret="on")
    page = page_of(client, doors.only())
    assert "*******7788" in page
    assert "张**" in page
    for part in (doors.PHONE, doors.PHONE.replace(" ", ""), "张某某"):
        assert part not in page
    assert Asker.objects.get().secret


def test_script_in_a_request_is_text(world):
    client = Client()
    doors.asked(client, text="<script>alert(1)</script>路灯坏了", address='"><img src=x onerror=alert(1)>')
    page = page_of(client, doors.only())
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_photos_are_kept_and_shown_to_who_asked_alone(world):
    client = Client()
    photo = SimpleUploadedFile("路灯.jpg", doors.picture(), "image/jpeg")
    client.post("/ask/", doors.TYPED | {"photos": [photo, SimpleUploadedFile("没有.jpg", b"no picture")]})
    order, kept = doors.only(), Attachment.objects.get()
    assert "没有保存" in page_of(client, order)
    shown = client.get(f"/ask/{order.number}/photo/{kept.pk}/")
    assert (shown.status_code, shown["Content-Type"], shown["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")
    assert b"".join(shown.streaming_content)
    assert Client().get(f"/ask/{order.number}/photo/{kept.pk}/").status_code == 404
    Attachment.objects.update(public=False)
    assert client.get(f"/ask/{order.number}/photo/{kept.pk}/").status_code == 404


def test_a_word_is_added_and_inner_notes_are_not_shown(world):
    client = Client()
    doors.asked(client)
    order = doors.only()
    client.post(f"/ask/{order.number}/add/", {"text": "今晚又亮了一会儿。"})
    orders.note(world.dispatcher, order.pk, "内部：请核实", False)
    orders.note(world.dispatcher, order.pk, "已通知维修。", True)
    page = page_of(client, order)
    assert "您补充：今晚又亮了一会儿。" in page
    assert "工作人员说明：已通知维修。" in page
    assert "请核实" not in page
    assert "请写补充的内容" in client.post(f"/ask/{order.number}/add/", follow=True).content.decode()


def test_strangers_add_withdraw_and_rate_nothing(world):
    doors.asked()
    order = doors.answered(world, doors.only())
    for act in ("add", "withdraw", "rate"):
        answer = Client().post(f"/ask/{order.number}/{act}/", {"text": "假的", "verdict": "yes"})
        assert answer["Location"] == f"/ask/{order.number}/"
    order.refresh_from_db()
    assert (order.state, OrderNote.objects.count()) == ("answered", 0)


def test_a_request_is_withdrawn_while_it_is_not_answered(world):
    client = Client()
    doors.asked(client)
    order = doors.only()
    assert "已撤回" in client.post(f"/ask/{order.number}/withdraw/", {"reason": "已经修好"}, follow=True).content.decode()
    order.refresh_from_db()
    assert (order.state, order.state_kind) == ("withdrawn", "void")
    assert "不能再撤回" in client.post(f"/ask/{order.number}/withdraw/", follow=True).content.decode()


def test_a_reply_is_rated_once(world):
    client = Client()
    doors.asked(client)
    order = doors.only()
    client.post(f"/ask/{order.number}/rate/", {"verdict": "yes"})
    assert OrderNote.objects.count() == 0  # there is no reply yet
    doors.answered(world, order)
    client.post(f"/ask/{order.number}/rate/", {"verdict": "no", "why": "又坏了"})
    client.post(f"/ask/{order.number}/rate/", {"verdict": "yes"})
    assert OrderNote.objects.get().text == "来件人评价：不满意（又坏了）"
    assert "您的评价：不满意（又坏了）" in page_of(client, order)


@pytest.mark.parametrize(("address", "found"), [
    ("云溪区玉溪街道某路口", ("990101", "990101001")), ("玉溪街道", ("990101", "990101001")), ("云溪区某路口", ("990101", "")),
    ("玉溪街道和青石街道之间", ("", "")), ("通州区玉溪街道", ("110112", "")), ("某处", ("", "")),
])
def test_an_address_names_its_district_and_street_or_none(world, address, found):
    assert asking.located(address) == found
