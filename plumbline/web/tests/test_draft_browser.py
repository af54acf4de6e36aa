"""A report in a real browser: written, bound, submitted, approved and sent by different people, asked and answered."""

import os
import shutil
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from plumbline.reports import drafting
from plumbline.reports.tests import drafted
from plumbline.store.models import Document, Draft, Question
from plumbline.store.tests import made

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PICTURES = os.environ.get("PLUMBLINE_PICTURES", "")
pytestmark = [
    pytest.mark.slow, pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is absent: install chromium to run this"),
]


@pytest.fixture
def world(settings):
    return drafted.world(settings)


@pytest.fixture
def visit(live_server, world, monkeypatch):
    """Somebody in front of a browser; whatever goes wrong, or leaves for elsewhere, fails the test."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright runs a loop in this thread; the tests look at the rows
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

        def arrive(name, width=1440, expected=()):
            context = browser.new_context(base_url=live_server.url, locale="zh-CN", viewport={"width": width, "height": 900})
            page = context.new_page()
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on("console", lambda told: wrong.append(told.text) if told.type == "error" and not any(
                status in told.text for status in expected) else None)
            page.on("request", lambda asked: None if asked.url.startswith((live_server.url, "data:"))
                    else wrong.append(asked.url))
            page.on("dialog", lambda box: box.accept())
            page.goto(reverse("sign-in"))
            page.fill("#id_username", name)
            page.fill("#id_password", made.PASSWORD)
            page.click("button[type=submit]")
            page.wait_for_url("**/cockpit/")
            return page

        yield arrive
        browser.close()
    assert wrong == []


def picture(page, name):
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def begin(page):
    """A new report from the outline of the genre."""
    page.goto(reverse("drafts"))
    page.get_by_role("link", name="新建报告稿").first.click()
    page.fill("#title", "云溪区2025年上半年报告（虚构）")
    page.fill("#period", drafted.PERIOD)
    page.select_option("#outline", "")
    page.get_by_role("button", name="开始起草").click()
    page.wait_for_url("**/drafts/*/")


def write(page):
    """Two ready sentences, and a third line by hand whose number stands for nothing yet."""
    expect(page.locator("#picker")).to_contain_text("退出企业68家，涉及从业人员747人。")
    page.locator("#picker button.draft-offer").first.click()
    expect(page.locator(".draft-text")).to_contain_text("退出企业68家")
    expect(page.locator("#picker button.draft-offer").first).to_contain_text("已写入")
    page.select_option("#section", "二、群众评价")
    expect(page.locator("#picker .draft-offers")).to_contain_text("满意率为73.5%。")
    page.locator("#picker button.draft-offer").first.click()
    expect(page.locator(".draft-text a.n.is-bound")).to_have_count(3)
    page.locator(".draft-line").last.hover()
    page.locator(".draft-line").last.get_by_role("link", name="在后面添一段").click()
    page.locator("textarea[name=text]").fill("全区累计退出企业68家。")
    page.keyboard.press("Control+Enter")
    expect(page.locator("a.n.is-unbound")).to_have_count(1)
    picture(page, "draft-unbound")


def bind(page):
    """The number is bound to the figure that agrees, and shows its evidence."""
    page.locator("a.n.is-unbound").click()
    expect(page.locator("#panel")).to_contain_text("可能是")
    picture(page, "draft-bind")
    page.locator("#panel button.draft-offer").first.click()
    expect(page.locator("a.n.is-unbound")).to_have_count(0)
    expect(page.locator(".draft-text a.n.is-bound")).to_have_count(4)
    page.locator(".draft-text a.n").first.hover()
    expect(page.locator("#hint")).to_contain_text("据 68 条记录")
    page.locator(".draft-text a.n").first.click()
    expect(page.locator("#panel")).to_contain_text("怎么算的")
    picture(page, "draft-card")


def step(page, key, word, state=""):
    """One of the steps behind a button, and the state it leads to."""
    page.goto(reverse("draft", args=[key]))
    page.get_by_text(word, exact=True).first.click()
    picture(page, f"draft-{word}")
    page.get_by_role("button", name=word).click()
    if state:
        expect(page.locator(".draft-head .chip").first).to_have_text(state)


def ask(page, document):
    """A deputy opens a number and questions it."""
    page.goto(reverse("report", args=[document.pk]))
    page.locator(".draft-text a.n").first.click()
    expect(page.locator("#panel")).to_contain_text("68 条")
    page.get_by_text("质疑这个数").click()
    page.fill("#ask-text", "含不含整体搬迁的企业？")
    picture(page, "sent-ask")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("#panel .draft-thread")).to_contain_text("含不含整体搬迁的企业？")


def test_a_report_from_the_first_word_to_the_answer(visit):
    page = visit("planner")
    begin(page)
    write(page)
    bind(page)
    key = Draft.objects.latest("pk").pk
    step(page, key, "提交审核", "待审核")
    step(visit("reviewer"), key, "审核通过", "待签发")
    leader = visit("leader")
    step(leader, key, "签发")
    leader.wait_for_url("**/reports/*/")
    deputy = visit("deputy")
    ask(deputy, Document.objects.get())
    page.goto(reverse("questions"))
    expect(page.locator(".plumb-waits")).to_contain_text("1")
    page.get_by_role("link", name="含不含整体搬迁的企业？").click()
    page.fill("#text", "不含。整体搬迁另有台账。")
    page.get_by_role("button", name="答复", exact=True).click()
    expect(page.locator(".question-words")).to_contain_text("不含。整体搬迁另有台账。")
    picture(page, "question")
    deputy.goto(reverse("question", args=[Question.objects.get().pk]))
    deputy.get_by_role("button", name="问题已清楚，了结").click()
    expect(deputy.locator(".plumb-head .chip")).to_have_text("已了结")


def test_lines_are_written_by_keyboard_alone_and_a_refusal_keeps_the_words(visit, world):
    page = visit("planner", expected=("400", "409"))
    page.goto(reverse("draft", args=[world.draft.pk]))
    for _ in range(4):
        page.keyboard.press("j")
    expect(page.locator(".draft-line.is-current")).to_contain_text("满意率为73.5%")
    page.keyboard.press("e")
    area = page.locator("textarea[name=text]")
    expect(area).to_be_focused()
    expect(area).to_have_value("满意率为{1：73.5%}。")
    picture(page, "draft-edit")
    area.fill("满意率为{2：73.5%}。")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".draft-form [role=alert]")).to_contain_text("没有第 2 个")
    expect(page.locator("textarea[name=text]")).to_have_value("满意率为{2：73.5%}。")
    expect(page.locator("textarea[name=text]")).to_be_focused()
    page.locator("textarea[name=text]").fill("群众满意率为{1：73.5%}。")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".draft-text")).to_contain_text("群众满意率为73.5%。")
    expect(page.locator("textarea[name=text]")).to_have_count(0)
    expect(page.locator(".draft-line.is-current")).to_be_visible()  # drawn and settled
    page.keyboard.press("e")
    expect(page.locator("textarea[name=text]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("textarea[name=text]")).to_have_count(0)


def test_what_is_being_written_is_not_thrown_away_and_figures_go_where_the_caret_stands(visit, world):
    page = visit("planner")
    page.goto(reverse("draft", args=[world.draft.pk]))
    page.locator(".draft-line").last.hover()
    page.locator(".draft-line").last.get_by_label("改这一段").click()
    page.locator("textarea[name=text]").fill("满意率为{1：73.5%}，另有")
    page.locator(".draft-line").first.hover()
    page.locator(".draft-line").first.get_by_label("改这一段").click()
    expect(page.locator("#messages")).to_contain_text("还没有保存")
    expect(page.locator("textarea[name=text]")).to_have_value("满意率为{1：73.5%}，另有")
    page.get_by_role("link", name="查找数值").click()
    page.fill("#figure-q", "从业")
    page.get_by_role("button", name="查找").click()
    page.locator("#panel button.draft-offer").first.click()
    expect(page.locator("textarea[name=text]")).to_have_value("满意率为{1：73.5%}，另有{works.jobs:level}")
    page.keyboard.type("。")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".draft-text")).to_contain_text("满意率为73.5%，另有747人。")


def test_what_has_changed_is_marked_in_the_draft_and_in_the_sent_report(visit, world):
    drafting.sheet(world.catalog, world.draft)
    for line in world.draft.lines.all():
        drafting.drafts.acknowledge(world.planner, line.pk)
    drafted.delivered(world.planner, world.catalog, many=70, replaces=world.batch)
    page = visit("planner")
    page.goto(reverse("draft", args=[world.draft.pk]))
    expect(page.locator("a.n.is-moved")).to_have_count(3)
    expect(page.locator(".draft-moved").first).to_contain_text("68家 → 70家")
    picture(page, "draft-moved")
    page.get_by_role("button", name="知道了", exact=True).first.click()
    expect(page.locator("a.n.is-moved")).to_have_count(1)
    page.get_by_role("button", name="全部知道了").click()
    expect(page.locator("#messages")).to_contain_text("看过了现在的数值")
    expect(page.locator("a.n.is-moved")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_its_window(visit, world, width):
    n = drafting.submit(world.planner, world.catalog, world.draft, 0).n
    n = drafting.drafts.approve(world.reviewer, world.draft.pk, n).n
    leader = visit("leader", width)
    step(leader, world.draft.pk, "签发")
    leader.wait_for_url("**/reports/*/")
    document = Document.objects.get()
    drafted.delivered(world.planner, world.catalog, many=70, replaces=world.batch)
    more = ("body", "另有5个街道，退出企业数{works.moved|yoy}。")
    other = drafting.drafts.create(world.planner, drafted.HEAD, (*drafted.LINES, more))
    drafting.sheet(world.catalog, other)
    page = visit("planner", width)
    line = other.lines.last()
    places = (("drafts",), ("draft-new",), ("draft", other.pk), ("draft-check", other.pk), ("reports",),
              ("report", document.pk), ("report-cite", document.pk, 1), ("draft-version", world.draft.pk, 1), ("questions",),
              ("draft-unbound", other.pk, line.pk, 2, 4), ("draft-sentences", other.pk))
    for name, *key in places:
        page.goto(reverse(name, args=key))
        page.wait_for_load_state("networkidle")
        picture(page, f"{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
