"""Lists of orders: filters, pages, files, filters one keeps, many moved at once; the inbox, the board, webhooks and their log."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from plumbline.store.models import Order, OrderMove, SavedFilter, Webhook, WebhookDelivery
from plumbline.web.orders import inbox, rows
from plumbline.web.orders.tests.district import browser, district, given, moved, opened, page, refused, sent, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings):
    return district(settings)


@pytest.fixture
def several(world):
    """Three orders: one late with the street, one given now, one waiting to be sent; the oldest first."""
    return [given(world, days_ago=30, title="井盖坏了"), given(world), opened(world, topic="环境/噪声")]


def numbers(user, **asked):
    """The numbers a list shows."""
    return [row["number"] for row in told(user, "orders", **asked)["list"]["rows"]]


def test_each_filter_narrows_the_list(world, several):
    late, now, waiting = (order.number for order in several)
    shown = {
        "": [waiting, now, late], "number": [now], "q": [late], "kind": [waiting, now, late], "state": [now, late],
        "clock": [late], "office": [now, late], "area": [waiting, now, late], "topic": [waiting]}
    asked = {"number": now.lower(), "q": "井盖", "kind": "small.matter", "state": "given", "clock": "late",
             "office": world.street.pk, "area": "990101", "topic": "噪声"}
    more = {"state": {"kind": "small.matter"}}
    for key, expected in shown.items():
        told_of = {key: asked[key], **more.get(key, {})} if key else {}
        assert numbers(world.city if key == "area" else world.dispatcher, **told_of) == expected, key
    assert numbers(world.dispatcher, q=late) == [late]


def test_the_list_is_paged_and_sorted_by_what_is_due_first(world, several):
    assert numbers(world.dispatcher, sort="due_at")[0] == several[0].number
    client = browser(world.dispatcher)
    for order in [opened(world) for _ in range(48)]:
        assert order.state == "new"
    first, second = (client.get(reverse("orders"), {"page": n}).context["screen"].list for n in (1, 2))
    assert (len(first.rows), len(second.rows), first.count, first.pages) == (50, 1, 51, 2)
    assert second.rows[0].number == several[0].number


def test_the_list_leaves_as_a_file_with_its_filters_and_nothing_of_who_asked(world, several):
    text = b"".join(page(world.dispatcher, "orders-csv", clock="late").streaming_content).decode("utf-8-sig")
    head, row = text.strip().splitlines()
    assert head.startswith("编号,类别,标题,状态,承办单位")
    assert row.startswith(f"{several[0].number},事项,井盖坏了,办理中,云溪街道")
    assert "超期" in row
    assert "010-5550" not in text
    assert page(world.second, "orders-xlsx").getvalue()[:2] == b"PK"


def test_a_filter_is_kept_for_oneself_and_dropped(world, several):
    assert sent(world.dispatcher, "keep-orders", name="超期的", query="clock=late").status_code == 302
    (kept,) = told(world.dispatcher, "orders")["saved"]
    assert (kept["name"], kept["query"]) == ("超期的", "clock=late")
    assert told(world.operator, "orders")["saved"] == []
    refused(world.operator, 403, "drop-orders", id=kept["key"])
    assert sent(world.dispatcher, "drop-orders", id=kept["key"]).status_code == 302
    assert SavedFilter.objects.count() == 0


def test_many_are_moved_at_once_and_those_that_cannot_are_named(world, several):
    late, now, waiting = several
    ids = [order.pk for order in several]
    offers = browser(world.dispatcher).post(reverse("order-moves"), {"id": ids}).context["screen"].offers
    assert {(one.key, one.count) for one in offers} >= {("small.matter:send", 1), ("small.matter:pass", 2)}
    assert "small.matter:strike" not in {one.key for one in offers}
    form = {"id": ids, "move": "small.matter:pass", "commit": "1", "office": world.other.pk}
    said = refused(world.dispatcher, 400, "order-moves", **form)
    assert "理由" in said
    done = browser(world.dispatcher).post(reverse("order-moves"), form | {"reason": "换一家"}).context["screen"]
    assert (done.done, [waiting.number in one.message for one in done.refused]) == (2, [True])
    assert {OrderMove.objects.filter(order=one).latest("n").move for one in (late, now)} == {"pass"}
    assert "还没有选中任何一件" in refused(world.dispatcher, 400, "order-moves")


def test_a_stranger_moves_none_of_many_and_sees_none(world, several):
    ids = [order.pk for order in several]
    form = {"id": ids, "move": "small.matter:pass", "commit": "1", "office": world.other.pk, "reason": "x"}
    assert "没有可以选的单位" in refused(world.stranger, 400, "order-moves", **form)
    said = refused(world.stranger, 400, "order-moves", **form | {"move": "small.matter:hang", "office": ""})
    assert "没有这件工单，或者您无权操作" in said
    assert "井盖坏了" not in said


def test_the_inbox_holds_what_the_office_holds_the_most_pressing_first(world, several):
    shown = told(world.holder, "order-inbox")
    assert [card["row"]["number"] for card in shown["cards"]] == [several[0].number, several[1].number]
    assert (shown["office"], shown["count"], shown["late"]) == ("云溪街道", 2, 1)
    assert [(tab["label"], tab["count"], tab["late"]) for tab in shown["tabs"]] == [("办理中", 2, 1)]
    assert [move["label"] for move in shown["cards"][0]["others"]] == ["答复", "退单", "挂起"]
    assert told(world.second, "order-inbox")["count"] == 0
    assert "收件箱按单位分" in page(world.dispatcher, "order-inbox").content.decode()


def test_an_inbox_counts_by_the_words_of_each_kind_where_two_call_one_key_differently(world, several, monkeypatch):
    matter = rows.kinds()["small.matter"]
    states = {key: replace(state, label="在场") if state.label == "办理中" else state for key, state in matter.states.items()}
    Order.objects.filter(pk=several[1].pk).update(kind="small.other")
    both = {"small.matter": matter, "small.other": replace(matter, key="small.other", states=states)}
    monkeypatch.setattr(inbox, "kinds", lambda: both)
    held = Order.objects.filter(office=several[0].office)
    tabs = inbox.tabs_of(held, "在场")
    assert [(tab.label, tab.count, tab.current) for tab in tabs] == [("办理中", 1, False), ("在场", 1, True)]
    assert list(held.filter(inbox.called("在场"))) == [several[1]]


def test_a_press_in_the_inbox_moves_and_comes_back(world):
    order = moved(world.holder, given(world), "hang", reason="等天晴")
    assert [move["key"] for move in told(world.holder, "order-inbox")["cards"][0]["moves"]] == ["go_on"]
    back = reverse("order-inbox")
    answer = sent(world.holder, "order-move", order.number, "go_on", version=order.version, next=back)
    assert (answer.status_code, answer["Location"]) == (302, back)
    away = sent(world.holder, "order-move", order.number, "hang", version=order.version + 1, reason="x", next="https://evil.example/")
    assert away["Location"] == reverse("order", args=[order.number])


def test_the_board_shows_queues_districts_and_the_offices_to_give_to(world, several):
    shown = told(world.dispatcher, "order-board")
    assert [(queue["label"], queue["count"]) for queue in shown["queues"]] == [
        ("待派", 1), ("办理中", 2), ("退回待裁定", 0), ("挂起", 0), ("待回访", 0)]
    assert [(one["name"], one["count"], one["late"]) for one in shown["patches"]] == [("云溪区", 3, 1)]
    assert [name for _, name, _ in shown["offices"]] == ["云溪街道", "区城管局"]
    assert shown["queues"][0]["cards"][0]["give"]["key"] == "send"
    assert [queue["count"] for queue in told(world.dispatcher, "order-board", clock="late")["queues"]] == [0, 1, 0, 0, 0]
    assert told(world.leader, "order-board")["queues"][0]["cards"][0]["give"] is None


def test_on_the_board_what_is_due_stands_before_what_has_no_limit(world):
    first, second, third = (opened(world, title=title) for title in ("不限时", "后到期", "先到期"))
    Order.objects.filter(pk=first.pk).update(due_at=None)
    Order.objects.filter(pk=third.pk).update(due_at=second.due_at - timedelta(minutes=1))
    shown = told(world.dispatcher, "order-board")["queues"][0]["cards"]
    assert [card["row"]["title"] for card in shown] == ["先到期", "后到期", "不限时"]


def test_the_districts_of_the_city_are_drawn(world, settings):
    opened(world)
    html = page(world.dispatcher, "order-board").content.decode()
    assert 'data-map="patches"' not in html
    world.dispatcher.area = "110000"
    world.dispatcher.save()
    world.operator.area = "110000"
    world.operator.save()
    opened(world, area="110112", place="")
    html = page(world.dispatcher, "order-board").content.decode()
    assert 'data-map="patches"' in html
    assert '"name": "\\u901a\\u5dde\\u533a", "count": 1, "late": 0' in html


def test_a_webhook_is_set_up_its_log_kept_and_what_failed_is_sent_again(world, settings):
    settings.WEBHOOKS_PRIVATE = True
    refused(world.dispatcher, 404, "add-webhook", label="督查", address="http://127.0.0.1:9/x", version=0)
    said = refused(world.planner, 400, "add-webhook", label="督查", address="ftp://x", version=0)
    assert 'value="ftp://x"' in said
    shown = sent(world.planner, "add-webhook", label="督查", address="http://127.0.0.1:9/x", version=0)
    hook = Webhook.objects.get()
    assert hook.secret in shown.content.decode()
    assert hook.secret not in page(world.planner, "webhook", hook.pk).content.decode()
    order = given(world)
    log = told(world.planner, "webhooks")["list"]["rows"]
    assert next((row["number"], row["move"], row["state"]) for row in log) == (order.number, "派单", "待送")
    WebhookDelivery.objects.update(state="failed", next_at=None)
    assert "重发" in page(world.planner, "webhooks").content.decode()
    refused(world.dispatcher, 403, "webhook-again", log[0]["key"])
    assert sent(world.planner, "webhook-again", log[0]["key"]).status_code == 302
    assert WebhookDelivery.objects.get(pk=log[0]["key"]).state == "waiting"
    assert told(world.planner, "webhooks", state="failed")["list"]["count"] == len(log) - 1
    assert sent(world.planner, "retire-webhook", hook.pk, why="改用别的").status_code == 302
    assert told(world.planner, "webhooks")["hooks"][0]["retired"] is True
