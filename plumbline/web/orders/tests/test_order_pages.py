"""The pages of orders: who sees which, what each form does, and that what is refused leaves no trace and keeps what was typed."""

import fcntl
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from plumbline.kernel import BadInput, Finding
from plumbline.store import orders
from plumbline.store.models import Attachment, Entry, Extension, Order, OrderNote
from plumbline.store.orders import attachments
from plumbline.store.orders.tests import made as matters
from plumbline.web.orders import movers
from plumbline.web.orders.tests.district import browser, district, given, moved, opened, page, refused, sent, told

pytestmark = pytest.mark.django_db
EVERYBODY = ("operator", "dispatcher", "planner", "leader", "deputy", "holder", "second", "stranger")
PNG = (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx"
       b"\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82")


@pytest.fixture
def world(settings):
    return district(settings)


def who_may(world, name, *args):
    """Those to whom a page opens."""
    return {who for who in EVERYBODY if page(getattr(world, who), name, *args).status_code == 200}


def test_an_order_opens_to_its_area_and_to_its_office_alone(world):
    order = given(world)
    assert who_may(world, "order", order.number) == {"operator", "dispatcher", "planner", "leader", "holder"}
    for name, args in (("order", [order.number]), ("orders", []), ("order-inbox", []), ("notices", [])):
        assert Client().get(reverse(name, args=args)).status_code == 302


def test_the_list_holds_what_one_sees_and_nothing_of_others(world):
    given(world)
    counts = {who: told(getattr(world, who), "orders")["list"]["count"] for who in EVERYBODY}
    assert counts == dict.fromkeys(("operator", "dispatcher", "planner", "leader", "holder"), 1) | dict.fromkeys(
        ("deputy", "second", "stranger"), 0)


def test_board_and_new_order_open_to_those_who_use_them(world):
    opened(world)
    assert "deputy" not in who_may(world, "order-board")
    assert who_may(world, "order-new", "small.matter") == {"operator", "dispatcher", "planner", "stranger"}
    assert who_may(world, "webhooks") == {"planner"}


def test_the_navigation_leads_to_what_one_may_open(world):
    def led(user):
        html = page(user, "orders").content.decode()
        return {name for name in ("orders", "order-inbox", "order-board", "notices", "order-settings", "webhooks")
                if f'class="nav-link" href="{reverse(name)}"' in html or f'aria-current="page" href="{reverse(name)}"' in html}
    assert led(world.holder) == {"orders", "order-inbox", "notices"}
    assert led(world.dispatcher) == {"orders", "order-board", "notices", "order-settings"}
    assert led(world.planner) == {"orders", "order-board", "notices", "order-settings", "webhooks"}
    deputy = page(world.deputy, "cockpit").content.decode()
    assert reverse("orders") not in deputy
    assert reverse("notices") not in deputy


def test_the_menu_leads_to_where_one_works_and_counts_what_is_unseen(world):
    given(world)
    holder, dispatcher = (page(user, "cockpit").content.decode() for user in (world.holder, world.dispatcher))
    assert f'class="nav-link" href="{reverse("order-inbox")}"' in holder
    assert f'class="nav-link" href="{reverse("order-board")}"' in dispatcher
    assert '<span class="plumb-waits">1<span class="visually-hidden"> 条未读' in holder
    (notice,) = told(world.holder, "notices")["list"]["rows"]
    assert sent(world.holder, "notices-seen", id=notice["key"]).status_code == 302
    assert "条未读" not in page(world.holder, "cockpit").content.decode()


def test_an_order_tells_how_its_time_was_reckoned_and_what_happened(world):
    shown = told(world.holder, "order", given(world, days_ago=30).number)
    current = next(one for one in shown["clocks"] if one["current"])
    assert (current["label"], current["tone"]) == ("办理时限", "late")
    assert current["left"].startswith("超期")
    assert any("限期5个工作日" in line and "示例办法" in line for line in current["steps"])
    assert [(one["label"], one["who"], one["office"]) for one in shown["story"]] == [
        ("派单", "dispatcher", "云溪街道"), ("登记", "operator", "")]
    assert ["街道社区", "云溪街道（990101001003）"] in shown["facts"]


def test_the_colour_of_a_clock_is_said_in_words_too(world):
    given(world, days_ago=30)
    html = page(world.dispatcher, "orders").content.decode()
    assert 'class="order-clock is-late"' in html
    assert "· 超期" in html


def test_a_move_is_made_and_what_it_needs_is_asked(world):
    order = given(world)
    assert [(move["key"], [one["key"] for one in move["fields"] if one["needed"]])
            for move in told(world.holder, "order", order.number)["moves"]] == [
        ("answer", ["reply", "finding"]), ("return", ["reason"]), ("hang", ["reason"]), ("prove", ["evidence"])]
    answer = sent(world.holder, "order-move", order.number, "answer", reply="已修好", finding="已解决", version=order.version)
    assert answer.status_code == 302
    order.refresh_from_db()
    assert (order.state, order.fields["finding"]) == ("answered", "已解决")


def test_a_refused_move_says_what_is_missing_and_keeps_what_was_typed(world):
    order = given(world)
    said = refused(world.holder, 400, "order-move", order.number, "answer", reply="灯泡换好了", version=order.version)
    assert "「结论」：必填，但是空的；请补上。" in said
    assert ">灯泡换好了</textarea>" in said
    assert '<details class="order-move" id="move-answer" open>' in said


@pytest.mark.parametrize(("who", "status"), [
    ("second", 404), ("stranger", 404), ("deputy", 404), ("leader", 403), ("dispatcher", 403)])
def test_who_may_not_make_a_move_changes_nothing(world, who, status):
    order = given(world)
    typed = {"reply": "是", "finding": "已解决", "version": order.version}
    refused(getattr(world, who), status, "order-move", order.number, "answer", **typed)


def test_the_second_of_two_is_told_and_what_he_wrote_is_not_lost(world):
    order = given(world)
    moved(world.holder, order, "hang", reason="等天晴")
    said = refused(world.holder, 409, "order-move", order.number, "answer", reply="灯泡换好了", finding="已解决", version=1)
    assert "没有办成" in said
    assert "下面是工单现在的样子" in said
    assert "您写的：灯泡换好了" in said


def test_papers_sent_with_a_move_are_held_until_it_is_made(world, monkeypatch):
    order, made, held = given(world), movers.move, []

    def watched(*told):
        with open(attachments.folder() / ".lock") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                held.append(True)
        return made(*told)

    monkeypatch.setattr(movers, "move", watched)
    answer = sent(world.holder, "order-move", order.number, "prove", evidence=SimpleUploadedFile("灯.txt", b"lamp"),
                  version=order.version)
    assert (answer.status_code, held, Attachment.objects.get().name) == (302, [True], "灯.txt")


def test_notes_and_papers_are_laid_with_an_order_and_a_disguised_file_is_not(world):
    order = given(world)
    assert sent(world.holder, "order-note", order.number, text="已到现场", public="1").status_code == 302
    assert sent(world.holder, "order-attach", order.number, file=SimpleUploadedFile("灯.png", PNG)).status_code == 302
    assert (OrderNote.objects.get().public, Attachment.objects.get().name) == (True, "灯.png")
    shown = told(world.dispatcher, "order", order.number)
    paper = page(world.dispatcher, "order-paper", order.number, shown["papers"][0]["key"])
    assert (paper["Content-Type"], paper["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert b"".join(paper.streaming_content).startswith(PNG[:8])
    for close in paper._resource_closers:  # the answer's own close would end the test's transaction
        close()
    assert page(world.second, "order-paper", order.number, shown["papers"][0]["key"]).status_code == 404
    said = refused(world.holder, 400, "order-attach", order.number, file=SimpleUploadedFile("灯.png", b"MZ program"))
    assert "灯.png" in said
    assert "没有选择文件" in refused(world.holder, 400, "order-attach", order.number)


def test_more_time_is_asked_for_by_the_holder_and_granted_by_another(world):
    order = given(world)
    assert told(world.holder, "order", order.number)["acts"]["extend"] == [["reply", "办理时限"]]
    said = refused(world.holder, 400, "order-extend", order.number, clock="reply", amount="两天", why="等零件")
    assert 'value="两天"' in said
    assert sent(world.holder, "order-extend", order.number, clock="reply", amount="2", why="等零件").status_code == 302
    asked = Extension.objects.get()
    refused(world.holder, 403, "order-decide", order.number, asked.pk, granted="1", answer="")
    assert told(world.holder, "order", order.number)["extensions"][0]["decidable"] is False
    assert told(world.holder, "order", order.number)["acts"]["extend"] == []
    assert told(world.dispatcher, "order", order.number)["extensions"][0]["decidable"] is True
    before = Order.objects.get(pk=order.pk).due_at
    assert sent(world.dispatcher, "order-decide", order.number, asked.pk, granted="1", answer="同意").status_code == 302
    assert Order.objects.get(pk=order.pk).due_at > before
    assert told(world.holder, "order", order.number)["extensions"][0]["state"] == "已同意"
    assert told(world.holder, "order", order.number)["acts"]["extend"] == []


def test_an_office_there_is_none_of_is_named_in_the_refusal(world):
    order = opened(world)
    said = refused(world.dispatcher, 400, "order-move", order.number, "send", office="没有的单位", version=order.version)
    assert "没有可以选的单位「没有的单位」" in said


def test_other_offices_are_called_and_the_story_names_them(world):
    order = given(world)
    said = refused(world.holder, 400, "order-summon", order.number, office=world.other.pk, text="", why="权属不清")
    assert f'<option value="{world.other.pk}" selected>' in said
    assert 'value="权属不清"' in said
    typed = {"office": world.other.pk, "text": "会同查看", "why": "权属不清"}
    assert sent(world.holder, "order-summon", order.number, **typed).status_code == 302
    (helper,) = told(world.holder, "order", order.number)["kin"]["helpers"]
    assert helper["office"] == "区城管局"
    assert told(world.holder, "order", order.number)["story"][0]["changes"] == [
        ["协办", "", f"{helper['number']} 区城管局"]]
    assert [card["row"]["number"] for card in told(world.second, "order-inbox")["cards"]] == [helper["number"]]


def test_a_dispatcher_splits_and_the_parts_go_out_at_once(world):
    order = given(world)
    typed = {"title": ["换灯头", "查线路", "", ""], "office": [world.street.pk, world.other.pk, "", ""], "version": order.version}
    said = refused(world.dispatcher, 400, "order-split", order.number, **typed, why="")
    assert 'value="查线路"' in said
    assert sent(world.dispatcher, "order-split", order.number, **typed, why="两件事").status_code == 302
    parts = told(world.dispatcher, "order", order.number)["kin"]["parts"]
    assert [(one["title"], one["office"], one["state"]) for one in parts] == [
        ("换灯头", "云溪街道", "办理中"), ("查线路", "区城管局", "办理中")]
    assert 'name="office" aria-label' not in page(world.holder, "order", order.number).content.decode()


def test_parts_that_cannot_all_go_out_are_not_made(world, monkeypatch):
    order, give = given(world), movers.give

    def full(user, one, kind):
        if one.title == "查线路":
            raise BadInput([Finding("x", "单位", "虚构：收不下。")])
        return give(user, one, kind)

    monkeypatch.setattr(movers, "give", full)
    assert "收不下" in refused(world.dispatcher, 400, "order-split", order.number, title=["换灯头", "查线路"], why="两件事",
                            office=[world.street.pk, world.other.pk], version=order.version)


def test_a_duplicate_is_joined_by_number_and_let_go_again(world):
    order, twin = given(world), given(world)
    said = refused(world.dispatcher, 400, "order-join", twin.number, number="SX99", why="同一盏灯", version=twin.version)
    assert "没有编号为「SX99」的工单" in said
    answer = sent(world.dispatcher, "order-join", twin.number, number=order.number.lower(), why="同一盏灯", version=twin.version)
    assert answer.status_code == 302
    assert told(world.dispatcher, "order", twin.number)["kin"]["joined"]["number"] == order.number
    twin.refresh_from_db()
    assert sent(world.dispatcher, "order-unjoin", twin.number, why="不是同一盏", version=twin.version).status_code == 302
    assert told(world.dispatcher, "order", twin.number)["kin"]["joined"] is None


def test_who_asked_is_shown_for_a_reason_and_the_look_is_journalled(world):
    order = given(world)
    assert "010-5550" not in page(world.holder, "order", order.number).content.decode()
    said = refused(world.holder, 400, "order-asker", order.number, why="")
    assert "010-5550" not in said
    assert "010-5550" in sent(world.holder, "order-asker", order.number, why="约时间").content.decode()
    assert list(Entry.objects.filter(action="order.look").values_list("who", "why")) == [("holder", "约时间")]
    refused(world.leader, 403, "order-asker", order.number, why="看看")


def test_urging_tells_the_holder(world):
    order = given(world)
    refused(world.holder, 403, "order-urge", order.number, why="快")
    assert sent(world.leader, "order-urge", order.number, why="今天办完").status_code == 302
    assert "今天办完" in str([row["text"] for row in told(world.holder, "notices")["list"]["rows"]])


def test_a_new_order_keeps_what_was_typed_where_it_is_refused(world):
    typed = {"title": "井盖坏了", "area": "990101", "place": "甲", "urgency": "usual", "once": "a" * 32,
             "asker.phone": "010-5550 0002"}
    said = refused(world.operator, 400, "order-new", "small.matter", **typed)
    assert 'value="井盖坏了"' in said
    assert 'value="010-5550 0002"' in said
    for _ in range(2):
        assert sent(world.operator, "order-new", "small.matter", **typed | {"place": ""}).status_code == 302
    assert Order.objects.count() == 1


def test_a_new_order_handed_to_an_office_by_a_dispatcher_goes_out_at_once(world):
    typed = {"title": "井盖坏了", "area": "990101", "urgency": "usual", "office": world.street.pk, "once": "b" * 32}
    assert sent(world.dispatcher, "order-new", "small.matter", **typed).status_code == 302
    order = Order.objects.get()
    assert (order.state, order.office, order.due_clock) == ("given", world.street, "reply")
    assert browser(world.holder).get(reverse("order-inbox")).context["screen"].count == 1


def test_an_order_taken_in_from_before_says_so_and_when_it_was_over(world):
    at = matters.at(10)
    row = {"number": "SX2024000001", "title": "旧事", "area": "990101", "state": "closed", "urgency": "usual", "opened_at": at,
           "closed_at": at + timedelta(days=2), "due_at": at + timedelta(days=5), "office": world.street.pk, "fields": {}}
    assert orders.take_in(world.planner, "small.matter", [row], "接入旧工单") == 1
    answer = page(world.holder, "order", "SX2024000001")
    assert ("办结", "2025-03-05 10:00") in answer.context["screen"].facts
    assert "从以前的系统接入，没有逐步的经过" in answer.content.decode()
