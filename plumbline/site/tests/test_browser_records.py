"""Records in a browser: a file handed in, its faults shown, received, filtered, and one row with all that rests on it."""

import signal

import pytest
from playwright.sync_api import expect

from plumbline.site.tests.conftest import until

pytestmark = pytest.mark.slow
TABLE = "/tables/programmes.plots/"
HEADS = "地块编号,类别,所在区,完成日期,面积\n"
GOOD = HEADS + "".join(f"模拟-{n},拆违腾退,990101,2025-07-{n:02},{n}.5\n" for n in range(1, 21))
BAD = HEADS + "模拟-1,别的,990101,2025-02-30,五\n"
LARGE = HEADS + "".join(f"模拟-大-{n},留白增绿,990101,2025-08-{n % 31 + 1:02},0.{n % 9000 + 1000}\n" for n in range(130_000))


def hand_in(page, name, text, first, last):
    """Hand a table in."""
    page.goto(f"{TABLE}deliver/")
    form = page.locator("#deliver")
    form.locator("#file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})
    form.locator("[name=first]").fill(first)
    form.locator("[name=last]").fill(last)
    form.locator("[name=why]").fill("模拟月报")
    form.get_by_role("button", name="上传并核对").click()


@pytest.mark.parametrize("width", [1440, 390])
def test_from_a_file_to_a_row_and_what_rests_on_it(visit, site, width):
    page = visit("yunxi", width)
    hand_in(page, f"坏{width}.csv", BAD, "2025-07-01", "2025-07-31")
    expect(page.get_by_role("heading", name="有问题，未收下")).to_be_visible()
    expect(page.get_by_text("2025-02-30 不是真实的日期")).to_be_visible()
    if width == 1440:
        hand_in(page, "七月.csv", GOOD, "2025-07-01", "2025-07-31")
        expect(page.get_by_role("row", name="拆违腾退土地 云溪区 2025年7月")).to_contain_text("220公顷")
        page.get_by_role("button", name="确认收下").click()
        expect(page.get_by_role("heading", name="已收下", exact=True)).to_be_visible(timeout=10_000)
    page.goto(TABLE)
    page.get_by_label("条件").fill("land > 15")
    expect(page.get_by_text("读作：面积超过15公顷")).to_be_visible()
    expect(page.get_by_text("共 6 条")).to_be_visible()
    page.get_by_role("link", name="模拟-20").click()
    expect(page.get_by_role("heading", name="模拟-20")).to_be_visible()
    expect(page.get_by_text("七月.csv，第 21 行")).to_be_visible()
    expect(page.get_by_role("img", name="这条记录：本页，指标：1 个")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_large_file_is_checked_beside_the_server_and_can_be_given_up(visit, site):
    page = visit("yunxi")
    hand_in(page, "八月.csv", LARGE, "2025-08-01", "2025-08-31")
    expect(page.get_by_role("heading", name="等您确认")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("共 130000 行，没有发现问题")).to_be_visible()
    page.get_by_role("button", name="不收了").click()
    expect(page.get_by_text("已取消，没有收下任何内容")).to_be_visible()
    assert list((site.data / "holding").glob("*.csv")) == []
    assert site.query("select count(*) from store_batch where name = '八月.csv'") == [(0,)]


def test_a_delivery_half_checked_when_the_power_fails_is_checked_again(visit, site):
    page = visit("yunxi")
    hand_in(page, "断电.csv", LARGE, "2025-09-01", "2025-09-30")
    until(lambda: newest(site) == "checking", "the delivery is being checked")
    page.goto("about:blank")
    site.stop(signal.SIGKILL)
    assert newest(site) == "checking"
    site.start()
    until(lambda: newest(site) == "refused", "the delivery is checked after all")
    assert site.query("select count(*) from store_batch where name = '断电.csv'") == [(0,)]
    assert list((site.data / "holding").glob("*.csv")) == []


def newest(site):
    """State of the newest delivery."""
    return site.query("select state from store_delivery order by id desc limit 1")[0][0]


def test_an_entry_is_added_by_keyboard_and_corrected(visit, site):
    page = visit("yunxi")
    page.goto("/tables/programmes.actions/add/")
    page.get_by_label("编号").fill("模拟-1")
    page.get_by_label("名称").fill("模拟企业")
    page.get_by_label("类别").select_option("背街小巷整治")
    page.get_by_label("所在区").select_option("990101")
    page.get_by_label("列入日期").fill("2025-01-10")
    page.get_by_label("状态").select_option("推进中")
    page.get_by_label("理由").fill("模拟建账")
    page.get_by_label("理由").press("Enter")
    expect(page.get_by_text("已新增，并记入日志。")).to_be_visible()
    page.get_by_label("状态").select_option("已完成")
    page.get_by_label("理由", exact=True).first.fill("现场核实")
    page.get_by_role("button", name="保存并记入日志").click()
    expect(page.locator(".plumb-change", has_text="状态")).to_contain_text("已完成")
