"""The pages under a reader's hands: keyboard, links that lead to one number, small screens, paper."""

import pytest
from playwright.sync_api import expect

from plumbline.site.tests.conftest import read_example

pytestmark = pytest.mark.slow
PAGES = ("/cockpit/", "/documents/", "{document}", "{document}?claim=9", "{document}claims/", "{document}checks/", "/plan/",
         "/plan/targets/", "/plan/commitments/", "/plan/claims/", "/plan/pairings/", "/plan/shares/", "/plan/problems/",
         "/checks/", "/journal/", "/people/", "/people/offices/", "/profile/", "/nowhere/")


@pytest.fixture(scope="module")
def report(site):
    """Where the report stands once somebody has handed it in."""
    return {}


def opened(page, report, more: str = "") -> str:
    """Open the report; hand it in where nobody has."""
    if not report:
        report["address"] = read_example(page)
    page.goto(report["address"] + more)
    return report["address"]


def current(page) -> str:
    """The id of the number that is open."""
    return page.locator("a.c[aria-current]").get_attribute("id")


def test_numbers_are_walked_by_keyboard_alone(visit, report):
    page = visit("yunxi")
    opened(page, report)
    panel = page.get_by_role("complementary", name="数字详情")
    page.keyboard.press("j")
    expect(panel).to_be_visible()
    first = current(page)
    page.keyboard.press("j")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("k")
    assert int(current(page)[1:]) == int(first[1:]) + 1
    expect(panel.locator(f"[data-number='{int(first[1:]) + 1}']")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == current(page)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('a.c')")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("heading").first).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('panel').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_late_answer_does_not_take_the_hand_out_of_the_panel(visit, report):
    page = visit("yunxi")
    address = opened(page, report)
    held = []
    page.route(f"**{address}claims/1/**", lambda route: held.append(route))  # noqa: PLW0108  a built-in cannot be marked
    with page.expect_request(f"**{address}claims/1/**"):
        page.keyboard.press("j")
    for key in ("Escape", "Enter", "Enter"):
        page.keyboard.press(key)
    panel = page.get_by_role("complementary", name="数字详情")
    while held:
        with page.expect_event("requestfinished", lambda done: f"{address}claims/1/" in done.url):
            held.pop(0).continue_()
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    expect(panel.get_by_role("heading").first).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('panel').contains(document.activeElement)")


def test_keys_written_into_a_form_stay_there(visit, report):
    page = visit("yunxi")
    opened(page, report, "#c3")
    panel = page.get_by_role("complementary", name="数字详情")
    panel.get_by_role("link", name="更正").click()
    field = panel.get_by_label("理由（必填）")
    field.press_sequentially("jk理由")
    expect(field).to_have_value("jk理由")
    assert current(page) == "c3"


def test_link_to_a_number_opens_it(visit, report):
    page = visit("yunxi")
    address = opened(page, report, "#c12")
    panel = page.get_by_role("complementary", name="数字详情")
    expect(panel.locator("[data-number='12']")).to_be_visible()
    page.goto(f"{address}claims/12/")
    expect(panel.locator("[data-number='12']")).to_be_visible()
    expect(page.locator("#c12")).to_be_in_viewport()
    page.goto(f"{address}?claim=15#c15")
    expect(panel.locator("[data-number='15']")).to_be_visible()
    page.go_back()
    twin = page.context.request.get(f"{address.rstrip('/')}/claims/12.json").json()
    assert twin["number"] == 12
    assert twin["parts"][0]["label"] == "指标"


def test_every_number_stands_where_the_text_has_it(visit, site, report):
    page = visit("yunxi")
    opened(page, report)
    shown = page.evaluate("[...document.querySelectorAll('a.c[id]')].map(a => [+a.dataset.claim, a.textContent])")
    assert [tuple(one) for one in shown] == site.query("select number, surface from store_claim order by start")


def test_outline_leads_to_the_heading(visit, report):
    page = visit("yunxi")
    opened(page, report)
    page.get_by_role("navigation", name="目录").get_by_role("link", name="三、下半年主要工作措施").click()
    expect(page.get_by_role("heading", name="三、下半年主要工作措施")).to_be_in_viewport()


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_the_screen(visit, report, width):
    page = visit("yunxi", width, expected=(404,))
    opened(page, report)
    for address in PAGES:
        page.goto(address.format(document=report["address"]))
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{address} is {wide} px too wide at {width}"
        assert page.title().endswith("准绳")
        assert page.locator("h1").count() == 1, address


def test_small_screen_shows_a_number_in_a_sheet_over_the_text(visit, report):
    page = visit("yunxi", 390)
    opened(page, report)
    page.locator("#c30").click()
    panel = page.get_by_role("complementary", name="数字详情")
    expect(panel).to_be_in_viewport()
    expect(panel.locator("[data-number='30']")).to_be_visible()
    # the text scrolls up to make room
    page.wait_for_function("""() => {
        const box = document.getElementById("panel").getBoundingClientRect();
        const mark = document.getElementById("c30").getBoundingClientRect();
        return Math.abs(box.bottom - innerHeight) <= 1 && mark.bottom <= box.top && mark.top >= 0;
    }""")


def test_paper_carries_the_report_alone(visit, report):
    page = visit("yunxi")
    opened(page, report, "?claim=4")
    page.emulate_media(media="print")
    for hidden in ("header.navbar", ".reader-outline", "#panel", ".doc-head"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_pages_load_from_our_own_address_only(visit, site):
    page = visit("yunxi")
    answer = page.goto("/documents/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert answer.headers["cache-control"] == "private, no-store"


def test_filters_and_order_stand_in_the_address(visit, report):
    page = visit("yunxi")
    opened(page, report, "claims/")
    page.get_by_label("度量").select_option("yoy")
    page.wait_for_url("**measure=yoy**")
    expect(page.locator("#list tbody tr").first).to_contain_text("同比")
    page.get_by_role("columnheader", name="原文").get_by_role("link").click()
    page.wait_for_url("**sort=surface**")
    assert "measure=yoy" in page.url
    expect(page.get_by_role("columnheader", name="原文")).to_have_attribute("aria-sort", "ascending")


def test_published_report_is_seen_by_the_other_district_but_not_changed(visit, site, report):
    page = visit("yunxi")
    address = opened(page, report)
    page.locator("summary", has_text="公开").click()
    page.get_by_label("理由").first.fill("人大常委会已审议")
    page.get_by_role("button", name="公开", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("已公开")
    other = visit("tongzhou")
    other.goto(f"{address}#c5")
    expect(other.get_by_role("complementary", name="数字详情")).to_contain_text("要素")
    expect(other.get_by_role("button", name="确认无误")).to_have_count(0)
    page.locator("summary", has_text="取消公开").click()
    page.get_by_label("理由").first.fill("更正后再公开")
    page.get_by_role("button", name="取消公开").click()
    expect(page.locator("#messages")).to_contain_text("已取消公开")
