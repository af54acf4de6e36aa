"""Ledgers in a real browser: declared from a spreadsheet, a column added by hand, an indicator put together by clicks."""

import os
import shutil

import pytest
from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from plumbline.store.tests import made
from plumbline.web.tests.test_ledgers import sheet

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
KEY = f"ledgers.d{made.DISTRICT}_t1"
KEPT = [[f"A{n}", "云溪区", f"街{n % 3}", ("堆场", "库房")[n % 2], 1.5 * n, "2025-03-01" if n % 3 else None]
        for n in range(1, 13)]
HEADS = ["编号", "所在区", "街道", "类别", "占地（亩）", "关停日期"]
WIDTHS = (390, 1440)
pytestmark = [
    pytest.mark.slow, pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is absent: install chromium to run this"),
]


@pytest.fixture
def planner():
    return made.user()


@pytest.fixture
def page(live_server, planner):
    """A signed-in page; whatever goes wrong in it, or leaves for elsewhere, fails the test."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = browser.new_context(base_url=live_server.url, locale="zh-CN").new_page()
        wrong: list[str] = []
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        # a form that was refused answers 400, and the browser notes it
        opened.on("console", lambda told: wrong.append(told.text)
                  if told.type == "error" and "status of 400" not in told.text else None)
        opened.on("request", lambda asked: None if asked.url.startswith(live_server.url) else wrong.append(asked.url))
        opened.goto(reverse("sign-in"))
        opened.fill("#id_username", "planner")
        opened.fill("#id_password", made.PASSWORD)
        opened.click("button[type=submit]")
        opened.wait_for_url("**/cockpit/")
        yield opened
        browser.close()
    assert wrong == []


def declare(page, folder):
    """A ledger, declared from a spreadsheet."""
    path = folder / "堆场.xlsx"
    path.write_bytes(sheet(HEADS, *KEPT))
    page.goto(reverse("new-ledger"))
    page.set_input_files("#sample-file", str(path))
    expect(page.locator("[data-chosen]")).to_have_text("堆场.xlsx")
    page.click("button:text-is('认出栏目')")
    expect(page.locator("[data-column]")).to_have_count(6)


def fill(page, folder):
    """The same spreadsheet, handed in as rows."""
    page.click("text=导入数据")
    page.set_input_files("#file", str(folder / "堆场.xlsx"))
    page.fill('[name="why"]', "首次登记")
    page.click("button:text-is('上传并核对')")
    page.click("button:has-text('确认收下')")
    expect(page.locator("main")).to_contain_text("已收下")


def narrow(page, name):
    """Nothing is wider than the page, at either width; pictures where PLUMBLINE_LOOK names a folder for them."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, width)
        if folder := os.environ.get("PLUMBLINE_LOOK"):
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def test_a_ledger_is_declared_filled_and_counted(page, tmp_path):
    declare(page, tmp_path)
    page.click("text=增加一栏")
    expect(page.locator("[data-column]")).to_have_count(7)
    page.locator("[data-column] >> nth=6").locator('[name="column_label"]').fill("备注")
    page.locator("[data-column] >> nth=6").locator("[data-up]").press("Enter")
    expect(page.locator('[data-column] >> nth=5 >> [name="column_label"]')).to_have_value("备注")
    page.fill('input[name="owner"]', "区经信局")
    narrow(page, "ledger-form")
    page.click("button:text-is('建立台账')")
    page.wait_for_url(f"**{reverse('ledger', args=[KEY])}")
    expect(page.locator("main")).to_contain_text("只能是：库房、堆场")
    narrow(page, "ledger")
    fill(page, tmp_path)
    page.goto(reverse("ledger", args=[KEY]))

    page.click("text=定义指标")
    page.fill("#label", "关停的堆场")
    page.click("#where")
    page.click("[data-put*=\"'堆场'\"]")
    expect(page.locator(".indicator-reading")).to_contain_text("堆场")
    page.click("[data-put='and']")
    page.click("[data-put='c7']")
    page.click("[data-put='is not null']")
    expect(page.locator(".indicator-number strong")).to_have_text("4个")
    page.fill("#period", "去年")
    expect(page.locator("#trial .alert")).to_contain_text("不是时期")
    page.fill("#period", "2025H1")
    expect(page.locator(".indicator-number")).to_contain_text("2025年上半年")
    narrow(page, "indicator-form")
    page.fill("#where", "c4 = '大棚'")
    expect(page.locator("#trial .alert")).to_contain_text("大棚")
    page.fill("#where", "c4 = '堆场' and c7 is not null")
    expect(page.locator("#trial .alert")).to_have_count(0)
    page.click("text=保存指标")
    page.wait_for_url("**/indicators/ledgers.*/")
    page.goto(reverse("ledger", args=[KEY]))
    expect(page.locator("main")).to_contain_text("关停的堆场")
    page.click("text=写一个句子")
    page.fill("#text", "关停堆场")
    page.click(".indicator-chip button:text-is('数')")
    expect(page.locator(".sentence-said")).to_have_text("关停堆场4个")
    page.fill('[name="label"]', "关停堆场")
    narrow(page, "sentence-form")
    page.click("text=保存句子")
    page.wait_for_url("**/sentences/ledgers.*/")
    page.goto(reverse("ledgers"))
    expect(page.locator("#list tbody tr")).to_have_count(1)
    narrow(page, "ledgers")


def test_a_form_refused_keeps_what_was_typed(page, tmp_path):
    declare(page, tmp_path)
    page.locator('[data-column] >> nth=1 >> [name="column_role"]').select_option("")
    page.click("button:text-is('建立台账')")
    expect(page.locator(".alert-danger")).to_contain_text("请选出写地区的一栏")
    expect(page.locator('[data-column] >> nth=4 >> [name="column_unit"]')).to_have_value("亩")
    narrow(page, "ledger-form-refused")
