"""The plan's pages in a real browser: from a claim to a target, a pairing to the cockpit's picture, to the journal."""

import shutil

import pytest
from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from plumbline.store.tests import made
from plumbline.web.tests import world

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
NAMES = ("cockpit", "plan", "targets", "commitments", "claims-to-plan", "pairings", "shares", "problems", "journal",
         "people", "offices", "profile")
pytestmark = [
    pytest.mark.slow, pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is absent: install chromium to run this"),
]


@pytest.fixture
def district():
    return world.district()


@pytest.fixture
def page(live_server, district):
    """A page of somebody who is signed in; whatever goes wrong in it, or leaves for elsewhere, fails the test."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = browser.new_context(base_url=live_server.url, locale="zh-CN").new_page()
        wrong: list[str] = []
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        opened.on("console", lambda told: wrong.append(told.text) if told.type == "error" else None)
        opened.on("request", lambda asked: None if asked.url.startswith(live_server.url) else wrong.append(asked.url))
        sign_in(opened)
        yield opened
        browser.close()
    assert wrong == []


def sign_in(page):
    page.goto(reverse("sign-in"))
    page.fill("#id_username", "planner")
    page.fill("#id_password", made.PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/cockpit/")


def test_a_claim_becomes_a_target_after_a_preview(page):
    page.goto(reverse("claims-to-plan"))
    page.click("text=预览选中的目标")
    expect(page.locator("#messages")).to_contain_text("还没有选中任何一条")
    page.check("[data-pick-all]")
    page.click("text=预览选中的目标")
    expect(page.locator("main")).to_contain_text("可以列入 1 条")
    page.fill("input[name=why]", "常务会议")
    page.click("text=确认列入计划")
    page.wait_for_url("**/plan/targets/")
    expect(page.locator("#list tbody tr")).to_have_count(3)
    page.goto(reverse("journal"))
    assert "列入计划：目标" in page.inner_text("#list tbody tr >> nth=0")
    page.click("text=查验全部")
    page.wait_for_selector("#verdict .alert-success")


def test_a_confirmed_pairing_is_drawn_and_the_table_says_the_same(page, district):
    assert page.locator("[data-picture]").count() == 0
    page.goto(reverse("pairings"))
    card = page.locator(f"#pairing-{district.pairing.pk}")
    card.get_by_label("全年口径").check()
    card.get_by_role("button", name="确认").click()
    page.wait_for_url(f"**/pairings/#pairing-{district.pairing.pk}")
    expect(card).to_contain_text("已确认")
    page.goto(reverse("cockpit"))
    assert "75.6%" in page.locator("[data-picture] svg").text_content()
    page.get_by_role("button", name="表", exact=True).click()
    assert not page.locator("[data-picture]").is_visible()
    assert "75.6% 超前" in page.inner_text(".plumb-picture-table")


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_its_window(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    for name in NAMES:
        page.goto(reverse(name))
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name


def test_a_list_is_narrowed_while_one_types_and_by_keyboard_alone(page):
    page.goto(reverse("targets"))
    page.focus("input[name=q]")
    page.keyboard.type("就业")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    assert "q=" in page.url
    page.locator("#list tbody a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/plan/targets/*/")
    assert "不低于95%" in page.inner_text("main")
