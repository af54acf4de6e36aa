"""Orders in a real browser: a card dragged onto an office, or given by keyboard; the inbox on a phone; nothing too wide."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from plumbline.store.models import Order
from plumbline.store.tests import made
from plumbline.web.orders.tests.district import district, given, moved, opened

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
PLAIN = [(name,) for name in ("orders", "order-board", "order-choose", "notices", "order-settings", "parameters", "years",
                              "webhooks", "add-webhook")]
pytestmark = [
    pytest.mark.slow, pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is absent: install chromium to run this"),
]


@pytest.fixture
def world(settings):
    return district(settings)


@pytest.fixture
def visit(live_server, world):
    """Somebody in front of a browser; what goes wrong in a page, or leaves for elsewhere, fails the test."""
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

        def arrive(name, width=1440):
            context = browser.new_context(base_url=live_server.url, locale="zh-CN", viewport={"width": width, "height": 900})
            page = context.new_page()
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on("console", lambda told: wrong.append(told.text) if told.type == "error" and "409" not in told.text else None)
            page.on("request", lambda asked: None if asked.url.startswith(live_server.url) else wrong.append(asked.url))
            page.goto(reverse("sign-in"))
            page.fill("#id_username", name)
            page.fill("#id_password", made.PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url(lambda url: reverse("sign-in") not in url)
            return page

        yield arrive
        browser.close()
    assert wrong == []


def meanwhile(do, *args, **told):
    """What happens beside the browser, whose own thread may not ask the database."""
    def done():
        try:
            return do(*args, **told)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()


def narrow(page):
    """Whether a page is no wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def holders():
    """The offices that hold the orders, the oldest first."""
    return list(Order.objects.order_by("pk").values_list("office__name", flat=True))


def test_a_card_is_dragged_onto_an_office_and_given_by_keyboard(visit, world):
    first, second, third = (meanwhile(opened, world, title=title) for title in ("第一盏灯", "第二盏灯", "第三盏灯"))
    page = visit("dispatcher")
    page.goto(reverse("order-board"))
    page.fill("[data-find-office]", "街道")
    expect(page.locator("[data-office]:visible")).to_have_count(1)
    page.locator(".order-card", has_text="第一盏灯").drag_to(page.locator("[data-office]", has_text="云溪街道"))
    expect(page.locator("#messages")).to_contain_text(f"{first.number}：已派单，现为「办理中」")
    expect(page.locator(".order-queue", has_text="办理中").locator(".order-card", has_text="第一盏灯")).to_have_count(1)

    page.locator(".order-card", has_text="第二盏灯").locator("[data-open-give]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#give-office")).to_be_focused()
    page.keyboard.type("区城管局")
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text(f"{second.number}：已派单")
    assert meanwhile(holders) == ["云溪街道", "区城管局", None]

    meanwhile(moved, world.dispatcher, third, "send", office=world.other.pk)
    page.locator(".order-card", has_text="第三盏灯").drag_to(page.locator("[data-office]", has_text="云溪街道"))
    expect(page.locator("#messages")).to_contain_text("刚被")
    assert meanwhile(holders) == ["云溪街道", "区城管局", "区城管局"]


def test_an_office_works_through_its_inbox_on_a_phone(visit, world):
    hung = meanwhile(lambda: moved(world.holder, given(world, title="等天晴的井盖"), "hang", reason="下雨"))
    order = meanwhile(given, world, title="不亮的路灯", days_ago=30)
    page = visit("holder", 390)
    page.click(".navbar-toggler")
    page.get_by_role("link", name="工单", exact=True).click()
    page.wait_for_url(f"**{reverse('order-inbox')}")
    assert "超期 1 件" in page.inner_text(".plumb-head")
    page.locator(".order-card", has_text="等天晴的井盖").get_by_role("button", name="恢复").click()
    expect(page.locator("#messages")).to_contain_text(f"{hung.number}：已恢复")
    page.locator(".order-card", has_text="不亮的路灯").get_by_role("link", name="答复…").click()
    expect(page.locator("#move-answer [name=reply]")).to_be_focused()
    page.keyboard.type("换了灯泡")
    page.select_option("#move-answer [name=finding]", "已解决")
    page.locator("#move-answer form button").click()
    expect(page.locator("#messages")).to_contain_text(f"{order.number}：已答复，现为「待回访」")
    for name, args in (("orders", ()), ("order", (order.number,)), ("order-inbox", ()), ("notices", ())):
        page.goto(reverse(name, args=args))
        assert narrow(page), name


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_of_orders_is_wider_than_its_window(visit, world, width):
    order = meanwhile(given, world, days_ago=30)
    page = visit("city" if width == 390 else "planner", width)
    for name, *args in (*PLAIN, ("order", order.number), ("order-new", "small.matter"), ("order-kind", "small.matter"),
                        ("parameter", "small.reply.usual")):
        page.goto(reverse(name, args=args))
        assert narrow(page), name
