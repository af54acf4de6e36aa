"""The whole ring in a browser: a ledger declared and filled, an indicator, a sentence, a report sent, a question, the rows."""

import io

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

from plumbline.site.tests.conftest import PASSWORD, until

pytestmark = pytest.mark.slow
MORE = """
import django; django.setup()
from plumbline.store import people
for name, role in (("reviewer", "planner"), ("delegate", "deputy")):
    people.create_user(None, name, %r, label=name, role=role, area="990101")
"""
HEADS = ["编号", "所在区", "类别", "占地（亩）", "关停日期"]
ROWS = [[f"A{n}", "云溪区", ("堆场", "库房")[n % 2], 1.5 * n, f"2025-0{n % 6 + 1}-15" if n % 3 else None] for n in range(1, 13)]
# 堆场 are the even ones; closed are those that 3 does not divide: 2, 4, 8, 10
CLOSED = 4
CORRECTED = "A2"


def workbook() -> dict:
    """The ledger as an office keeps it in a spreadsheet."""
    book = Workbook()
    for row in (HEADS, *ROWS):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return {"name": "堆场.xlsx", "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "buffer": file.getvalue()}


def declare(page):
    """The ledger from the spreadsheet, then the same spreadsheet as its rows; the address of its page."""
    page.goto("/ledgers/")
    page.get_by_role("link", name="建立台账").first.click()
    page.locator("#sample-file").set_input_files(workbook())
    page.get_by_role("button", name="认出栏目", exact=True).click()
    expect(page.locator("[data-column]")).to_have_count(len(HEADS))
    page.locator('[name="label"]').fill("堆场关停台账")
    page.get_by_role("button", name="建立台账", exact=True).click()
    page.wait_for_url("**/ledgers/ledgers.*/")
    address = page.url
    page.get_by_role("link", name="导入数据").click()
    page.locator("#file").set_input_files(workbook())
    page.locator('[name="why"]').fill("首次登记")
    page.get_by_role("button", name="上传并核对").click()
    page.get_by_role("button", name="确认收下").click()
    expect(page.locator("main")).to_contain_text("已收下")
    return address


def define(page, ledger):
    """An indicator typed as a condition, and the sentence that says it."""
    page.goto(ledger)
    page.get_by_role("link", name="定义指标").click()
    page.locator("#label").fill("关停堆场")
    page.locator("#unit").fill("个")
    page.locator("#where").fill("c3 = '堆场' and c5 is not null")
    page.locator("#dated").select_option("c5")
    page.locator("#period").fill("2025H1")
    expect(page.locator(".indicator-number strong")).to_have_text(f"{CLOSED}个")
    page.locator("#source").fill("本台账约定")
    page.get_by_role("button", name="保存指标").click()
    page.wait_for_url("**/indicators/ledgers.*/")
    page.goto(ledger)
    page.get_by_role("link", name="写一个句子").click()
    page.locator("#text").fill("全区关停堆场")
    page.locator(".indicator-chip").get_by_role("button", name="数", exact=True).first.click()
    page.locator("#text").press_sequentially("。")
    page.locator("#period").fill("2025H1")
    expect(page.locator(".sentence-said")).to_have_text(f"全区关停堆场{CLOSED}个。")
    page.locator('[name="label"]').fill("关停堆场")
    page.get_by_role("button", name="保存句子").click()
    page.wait_for_url("**/sentences/ledgers.*/")


def write(page):
    """A report with the ready sentence, and one in free words whose number is bound; the address of the draft."""
    page.goto("/drafts/")
    page.get_by_role("link", name="新建报告稿").first.click()
    page.locator("#title").fill("云溪区2025年上半年报告（虚构）")
    page.locator("#period").fill("2025H1")
    page.locator("#outline").select_option("")
    page.get_by_role("button", name="开始起草").click()
    page.wait_for_url("**/drafts/*/")
    page.wait_for_load_state("networkidle")  # the picker is alive once its scripts are
    page.locator("#section").select_option(label="其他（1）")
    page.locator("#picker button.draft-offer", has_text="全区关停堆场").click()
    expect(page.locator(".draft-text")).to_contain_text(f"全区关停堆场{CLOSED}个。")
    page.locator(".draft-line").last.hover()
    page.locator(".draft-line").last.get_by_role("link", name="在后面添一段").click()
    page.locator("textarea[name=text]").fill(f"上半年累计关停堆场{CLOSED}个。")
    page.keyboard.press("Control+Enter")
    expect(page.locator("a.n.is-unbound")).to_have_count(1)
    page.locator("a.n.is-unbound").click()
    expect(page.locator("#panel")).to_contain_text("可能是")
    page.locator("#panel button.draft-offer").first.click()
    expect(page.locator("a.n.is-unbound")).to_have_count(0)
    expect(page.locator(".draft-text a.n.is-bound")).to_have_count(2)
    return page.url.split("?")[0].split("#")[0]


def step(page, draft, word):
    """One of the steps a draft goes through, behind its button."""
    page.goto(draft)
    page.get_by_text(word, exact=True).first.click()
    page.get_by_role("button", name=word).click()


def test_from_a_spreadsheet_to_a_question_and_back_to_the_row(visit, site):
    site.run("-c", MORE % PASSWORD)
    planner = visit("yunxi")
    define(planner, declare(planner))
    draft = write(planner)
    step(planner, draft, "提交审核")
    expect(planner.locator(".draft-head .chip").first).to_have_text("待审核")
    reviewer, leader, deputy = visit("reviewer"), visit("leader"), visit("delegate", 390)
    step(reviewer, draft, "审核通过")
    expect(reviewer.locator(".draft-head .chip").first).to_have_text("待签发")
    step(leader, draft, "签发")
    leader.wait_for_url("**/reports/*/")
    report = leader.url
    question(deputy, report)
    answer(planner)
    rows(deputy, report)
    correct(planner, site, report)


def question(page, report):
    """A deputy opens a number of the sent report on his phone, sees its evidence and questions it."""
    page.goto(report)
    page.locator(".draft-text a.n").first.click()
    expect(page.locator("#panel")).to_contain_text(f"{CLOSED} 条")
    page.get_by_text("质疑这个数").click()
    page.locator("#ask-text").fill("关停后有没有复业的？")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("#panel .draft-thread")).to_contain_text("关停后有没有复业的？")


def answer(page):
    """The planner finds the question waiting and answers it."""
    page.goto("/questions/")
    expect(page.locator(".plumb-waits")).to_contain_text("1")
    page.get_by_role("link", name="关停后有没有复业的？").click()
    page.locator("#text").fill("没有。")
    page.get_by_role("button", name="答复", exact=True).click()
    expect(page.locator(".question-words")).to_contain_text("没有。")


def rows(page, report):
    """From the number to its figure, from the figure to its rows, from a row back to the sentence."""
    page.goto(report)
    page.locator(".draft-text a.n").first.click()
    page.locator("#panel a[href^='/figures/']").first.click()
    expect(page.locator(".figure-value")).to_have_text(f"{CLOSED}个")
    behind = page.locator("section", has=page.locator("#behind"))
    expect(behind.locator("tbody tr")).to_have_count(CLOSED)
    assert behind.locator("tbody tr td:first-child").all_inner_texts() == ["A2", "A4", "A8", "A10"]
    expect(page.locator("section", has=page.locator("#printed"))).to_contain_text(f"全区关停堆场{CLOSED}个。")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def correct(page, site, report):
    """A row is put right with a reason; the figure, and the mark on the sent report, follow by themselves."""
    page.goto("/ledgers/")
    page.get_by_role("link", name="堆场关停台账").click()
    page.get_by_role("link", name=f"查看 {len(ROWS)} 行").click()
    page.get_by_role("link", name=CORRECTED, exact=True).click()
    expect(page.locator("main")).to_contain_text(f"全区关停堆场{CLOSED}个。")
    page.get_by_label("关停日期").fill("")
    page.get_by_label("理由", exact=True).first.fill("现场仍在经营")
    page.get_by_role("button", name="保存并记入日志").click()
    expect(page.get_by_text("已保存，并记入日志。")).to_be_visible()
    until(lambda: site.query("select count(*) from store_figure where state = 'replaced'")[0][0], "the figure is counted again")
    page.goto(report)
    expect(page.locator("main")).to_contain_text("个数已变化")
    expect(page.locator("main")).to_contain_text(f"{CLOSED - 1}个")
    assert site.query("select distinct surface from store_cite") == [(f"{CLOSED}个",)]
