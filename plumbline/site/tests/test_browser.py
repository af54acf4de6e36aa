"""The main way through the house, in a browser: from a report handed in to a cockpit that moves."""

import pytest
from playwright.sync_api import expect

from plumbline.site.tests.conftest import EXAMPLE, read_example

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report(site):
    """Where the report stands once somebody has handed it in; filled by the first test that needs it."""
    return {}


def opened(page, report) -> str:
    """The report's address; hands it in where nobody has."""
    if not report:
        report["address"] = read_example(page)
    page.goto(report["address"])
    return report["address"]


def test_report_is_handed_in_and_read(visit, site, report):
    page = visit("yunxi")
    opened(page, report)
    expect(page.get_by_role("article").get_by_role("heading", level=1)).to_contain_text("云溪区2025年国民经济")
    assert page.locator("a.c[id]").count() == site.query("select count(*) from store_claim")[0][0] > 200
    text = page.locator("article").inner_text()
    assert "一般公共预算收入46.2亿元" in text.replace("\n", "")


def test_same_file_twice_names_the_first(visit, site, report):
    page = visit("yunxi", expected=(400,))
    opened(page, report)
    before = site.everything()
    page.goto("/documents/")
    page.locator("#file").set_input_files(EXAMPLE)
    expect(page.locator("#upload-said")).to_contain_text("已经有了")
    assert site.everything() == before


def test_figure_is_clicked_and_corrected(visit, site, report):
    page = visit("yunxi", expected=(422,))
    opened(page, report)
    figure = page.locator("a.c", has_text="46.2亿元").first
    figure.click()
    panel = page.get_by_role("complementary", name="数字详情")
    expect(panel.get_by_role("heading", name="一般公共预算收入")).to_be_visible()
    panel.get_by_role("link", name="更正").click()
    panel.get_by_label("数值", exact=True).fill("四十六")
    panel.get_by_label("理由（必填）").fill("与原件核对")
    panel.get_by_role("button", name="保存更正").click()
    expect(panel.locator("#t-value")).to_contain_text("应是一个数")
    assert site.query("select count(*) from store_claim where state = 'corrected'") == [(0,)]
    panel.get_by_label("数值", exact=True).fill("4630000000")
    panel.get_by_role("button", name="保存更正").click()
    expect(panel.locator(".claim-chips")).to_contain_text("已更正")
    expect(page.locator("a.c.s-corrected")).to_have_count(1)
    assert site.query("select value, reason from store_claim where state = 'corrected'") == [
        ("4630000000", "与原件核对")]
    expect(panel.get_by_text("与原件核对").first).to_be_visible()


def test_figure_is_set_aside_with_a_reason_and_comes_back(visit, site, report):
    page = visit("yunxi")
    page.goto(opened(page, report) + "#c1")
    panel = page.get_by_role("complementary", name="数字详情")
    panel.locator("summary", has_text="搁置").click()
    panel.get_by_label("搁置的理由").fill("这是会议的名称")
    panel.get_by_role("button", name="搁置").click()
    expect(page.locator("#c1.s-aside")).to_be_visible()
    panel.get_by_role("button", name="确认无误").click()
    expect(page.locator("#c1.s-confirmed")).to_be_visible()


def test_targets_are_confirmed_in_bulk_and_the_cockpit_changes(visit, site, report):
    page = visit("yunxi")
    opened(page, report)
    page.goto("/cockpit/")
    before = page.locator("main").inner_text()
    page.goto("/plan/claims/")
    page.get_by_label("筛选出的全部").check()
    page.get_by_role("button", name="预览选中的目标").click()
    assert site.query("select count(*) from store_target") == [(0,)]
    page.get_by_role("button", name="确认列入计划").click()
    expect(page.locator("#messages")).to_contain_text("列入计划")
    assert site.query("select count(*) from store_target")[0][0] > 20
    page.goto("/cockpit/")
    assert page.locator("main").inner_text() != before


def test_journal_tells_what_was_done(visit, site, report):
    page = visit("yunxi")
    opened(page, report)
    page.goto("/journal/")
    expect(page.locator("main")).to_contain_text("yunxi")
    actions = {action for (action,) in site.query("select distinct action from store_entry")}
    assert {"document.receive", "document.read", "claim.correct", "claim.set-aside", "claim.confirm"} <= actions
    site.run("-c", "import sys; from plumbline.site.commands import main; sys.exit(main(['verify']))")


def test_several_claims_are_confirmed_at_once(visit, site, report):
    page = visit("yunxi")
    page.goto(opened(page, report) + "claims/?measure=times")
    count = page.locator("#list tbody tr").count()
    page.get_by_label("选中本页全部").check()
    page.get_by_role("button", name="确认勾选的数字").click()
    expect(page.locator("#messages")).to_contain_text(f"已确认 {count} 个数字")
    assert site.query("select count(*) from store_claim where measure = 'times' and state = 'confirmed'") == [(count,)]


def test_claims_are_handed_out_as_files(visit, report):
    page = visit("yunxi")
    address = opened(page, report).rstrip("/")
    table = page.request.get(f"{address}/claims.csv")
    assert table.status == 200
    assert table.body().startswith(b"\xef\xbb\xbf")
    assert page.request.get(f"{address}/claims.xlsx").body().startswith(b"PK")
    twin = page.request.get(f"{address}/claims.json").json()
    assert twin["claims"]["count"] == table.text().count("\n") - 1 > 200


def test_checks_open_their_places_in_the_text(visit, report):
    page = visit("yunxi")
    opened(page, report)
    page.goto("/checks/?verdict=agrees")
    place = page.locator(".check-places a").filter(has_not_text="行").first  # a number set aside is told by its line
    surface = place.inner_text()
    place.click()
    expect(page.locator("a.c[aria-current]")).to_have_text(surface)
