"""A request from the first word of a citizen to the rate of a street and back to the request, through the pages alone."""

import io
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from plumbline.site.tests.conftest import PASSWORD, PATIENCE_SECONDS

pytestmark = pytest.mark.slow
PATIENCE = PATIENCE_SECONDS * 1000
# offices and people of a district's hotline; three requests of the street that ended before, two of them solved
CITY = """
import django; django.setup()
from django.utils import timezone
from plumbline.store import orders, people
area, street, password = %r
made = {name: people.create_office(None, name, area, kind, place) for name, kind, place in (
    ("模拟东街道", "street", street), ("模拟西街道", "street", area + "002"), ("模拟城管委", "department", ""),
    ("模拟供电所", "department", ""))}
for name, role, office in (
        ("operator", "operator", None), ("dispatcher", "dispatcher", None), ("street", "office", "模拟东街道"),
        ("other", "office", "模拟西街道"), ("lamps", "office", "模拟城管委"), ("power", "office", "模拟供电所")):
    people.create_user(None, name + area, password, label=name, role=role, area=area, office=made.get(office))
now = timezone.now()
orders.take_in(None, "hotline.request", [
    {"title": "模拟旧件", "text": "模拟", "area": area, "place": street, "office": "模拟东街道", "state": "closed",
     "topic": "城乡建设/城市建设和市政管理/城市照明", "source": "电话", "urgency": "ordinary", "opened_at": now, "closed_at": now,
     "fields": {"reached": True, "responded": True, "solved": n < 2, "satisfied": n < 2}} for n in range(3)], "模拟数据")
"""
VERIFY = "import sys; from plumbline.site.commands import main; sys.exit(main(['verify']))"
SAID = "玉桥东里小区门口的路灯坏了三天，晚上看不清路。请尽快修好。"
TITLE = "玉桥东里小区门口的路灯坏了三天，晚上看不清路"
TOPIC = "城乡建设/城市建设和市政管理/电力供应"
CALLED = "请到现场查看线路。"
REPLY = "您好，小区门口的路灯今天下午已经修好，现场核实亮灯正常。如有新情况请再来电。"
PHONE = "13955507788"


@dataclass(frozen=True)
class Place:
    """A district with a hotline of its own, looked at on screens of a width."""

    width: int
    area: str
    visit: object

    @property
    def street(self) -> str:
        """The code of the street the story is of."""
        return f"{self.area}001"

    def sees(self, who: str, expected: tuple[int, ...] = ()) -> Page:
        """One of its people, signed in; nobody: a citizen."""
        page = self.visit(f"{who}{self.area}" if who else "", self.width, expected)
        page.set_default_timeout(PATIENCE)
        return page


@pytest.fixture(params=[(1440, "110112"), (390, "110115")], ids=["1440", "390"])
def place(request, site, visit):
    """A district for each width, so that each story has numbers of its own."""
    expect.set_options(timeout=PATIENCE)
    width, area = request.param
    site.run("-c", CITY % ((area, f"{area}001", PASSWORD),))
    yield Place(width, area, visit)
    expect.set_options(timeout=5_000)


def test_from_a_citizens_word_to_the_rate_of_a_street_and_back(place, site):
    citizen, street = place.sees(""), place.sees("street")
    assert rate(place, street) == ("66.7%", "分子 2，分母 3")
    number, code = asks(place, citizen)
    classes(place, site, number)
    dispatches(place, number)
    whistles(place, street, number)
    for who in ("lamps", "power"):
        answers_the_whistle(place, who)
    solves(place, street, number)
    reads_the_reply(place, number, code)
    calls_back(place, number)
    assert rate(place, street) == ("75%", "分子 3，分母 4")
    opens_its_list(place, street, number)
    goes_round_the_ring(place, street, number)
    stays_out(place, number)
    site.run("-c", VERIFY)


def year() -> int:
    """The year it is here: all of it is looked at, so that no night between two months comes between."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).year


def fits(place: Place, page: Page) -> None:
    """Nothing is wider than the screen."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= place.width, f"{page.url} is {wide} wide"


def done(place: Place, page: Page, said: str) -> None:
    """What was done is said, and the page fits."""
    expect(page.locator("#messages")).to_contain_text(said)
    fits(place, page)


def opened(page: Page, box: str) -> Locator:
    """The form of a deed on the page of an order, open."""
    found = page.locator(box)
    if found.get_attribute("open") is None:
        found.locator("summary").first.click()
    return found.locator("form")


def photograph() -> dict:
    """A small photo."""
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(file, "JPEG")
    return {"name": "路灯.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def asks(place: Place, page: Page) -> tuple[str, str]:
    """Without an account, with a photo; the number to follow it by, and its code."""
    page.goto("/ask/")
    page.locator("#ask-text").fill(SAID)
    page.locator("#ask-where").select_option(place.street)
    page.locator("#ask-address").fill("玉桥东里小区东门")
    page.locator("#ask-photos").set_input_files(photograph())
    page.locator("#ask-phone").fill(PHONE)
    fits(place, page)
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/ask/SQ*/")
    expect(page.locator(".ask-photos img")).to_be_visible()
    fits(place, page)
    number, code = page.locator(".ask-code dd").all_inner_texts()
    return number.strip(), code.strip()


def classes(place: Place, site, number: str) -> None:
    """The operator finds it waiting, sees the telephone only after saying why, and says what it is about."""
    page = place.sees("operator")
    page.goto("/orders/?kind=hotline.request&state=registered")
    fits(place, page)
    page.get_by_role("link", name=TITLE).first.click()
    page.wait_for_url(f"**/orders/{number}/")
    expect(page.locator(".order-papers img")).to_be_visible()
    assert PHONE not in page.content()
    page.get_by_text("来件人 个人信息 查看").click()
    page.locator("#asker-why").fill("核实地点")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.locator(".order-asker")).to_contain_text(PHONE)
    assert site.query("select why from store_entry where action = 'order.look' order by seq desc limit 1") == [("核实地点",)]
    page.goto(f"/orders/{number}/")
    form = opened(page, "#move-classify")
    form.locator("[name=topic]").fill(TOPIC)
    form.locator("[name=urgency]").select_option("utility")
    form.get_by_role("button", name="归类").click()
    done(place, page, f"{number}：已归类。")
    expect(page.locator("dl.plumb-facts").first).to_contain_text(TOPIC)
    expect(page.locator(".order-story")).to_contain_text("归类")


def dispatches(place: Place, number: str) -> None:
    """The dispatcher gives it to the street from the board: dragged, or on a phone chosen by name."""
    page = place.sees("dispatcher")
    page.goto("/orders/board/?kind=hotline.request")
    fits(place, page)
    card = page.locator("article.order-card", has_text=number)
    if place.width > 1000:
        expect(page.locator(".order-map svg")).to_be_visible()  # from now on nothing moves
        card.hover()
        page.mouse.down()
        for _ in range(2):  # the first enters, the second is over it
            page.locator("[data-office]", has_text="模拟东街道").hover()
        page.mouse.up()
    else:
        card.locator("[data-open-give]").click()
        page.locator("#give-office").fill("模拟东街道")
        page.locator("#give").get_by_role("button", name="确定").click()
    given = page.locator("section.order-queue", has=page.locator("#q-assigned"))
    expect(given.locator("article.order-card", has_text=number)).to_contain_text("模拟东街道")
    done(place, page, f"{number}：已派单，现为「待签收」。")


def whistles(place: Place, page: Page, number: str) -> None:
    """The street signs in its inbox and calls two departments to the spot."""
    page.goto("/orders/inbox/")
    fits(place, page)
    page.locator("article.order-card", has_text=number).get_by_role("button", name="签收").click()
    done(place, page, f"{number}：已签收，现为「办理中」。")
    page.locator("article.order-card", has_text=number).get_by_role("link", name=TITLE).click()
    page.wait_for_url(f"**/orders/{number}/")
    form = opened(page, "details:has(#summon-office)")
    form.locator("#summon-office").select_option(label=["模拟城管委", "模拟供电所"])
    form.locator("[name=text]").fill(CALLED)
    form.locator("[name=why]").fill("需要断电检修")
    form.get_by_role("button", name="发出").click()
    done(place, page, "已通知 2 个单位")
    expect(page.locator("section", has=page.locator("#kin"))).to_contain_text("协办单位 2 个")


def answers_the_whistle(place: Place, who: str) -> None:
    """A department reports at the spot, and answers for itself; it is counted among what it was called to."""
    page = place.sees(who)
    page.goto("/orders/inbox/")
    card = page.locator("article.order-card", has_text=TITLE)
    card.get_by_role("button", name="报到").click()
    done(place, page, "已报到")
    page.locator("article.order-card", has_text=TITLE).get_by_role("link", name=TITLE).click()
    expect(page.locator("main")).to_contain_text(CALLED)
    assert PHONE not in page.content()
    form = opened(page, "#move-answer")
    form.locator("[name=reply]").fill("已到现场更换。")
    form.locator("[name=finding]").select_option("已处理")
    form.get_by_role("button", name="答复").click()
    done(place, page, "已答复，现为「已处理」。")
    page.goto("/orders/?kind=hotline.summons&state=answered")
    expect(page.locator("#list tbody tr")).to_have_count(1)


def solves(place: Place, page: Page, number: str) -> None:
    """The street sees that both have answered, and replies to the citizen."""
    page.goto(f"/orders/{number}/")
    kin = page.locator("section", has=page.locator("#kin"))
    expect(kin.locator("li .order-state")).to_have_text(["已处理", "已处理"])
    form = opened(page, "#move-answer")
    form.locator("[name=reply]").fill(REPLY)
    form.locator("[name=finding]").select_option("已解决")
    form.locator("[name=contacted]").select_option("true")
    form.get_by_role("button", name="答复办结").click()
    done(place, page, f"{number}：已答复办结，现为「待回访」。")


def reads_the_reply(place: Place, number: str, code: str) -> None:
    """The citizen reads the reply at another computer, by number and code, and says that it satisfies."""
    page = place.sees("")
    page.goto("/ask/track/")
    page.locator("#track-number").fill(number)
    page.locator("#track-code").fill(code)
    fits(place, page)
    page.get_by_role("button", name="查询").click()
    page.wait_for_url(f"**/ask/{number}/")
    expect(page.locator(".ask-reply")).to_have_text(REPLY)
    assert PHONE not in page.content()
    page.locator("[name=verdict][value=yes]").check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.locator(".ask-rated")).to_contain_text("满意")
    fits(place, page)


def calls_back(place: Place, number: str) -> None:
    """Reached, responded, solved, satisfied: it is over."""
    page = place.sees("operator")
    page.goto("/hotline/callbacks/")
    expect(page.locator("main")).to_contain_text(number)
    expect(page.locator(".desk-call")).to_contain_text(PHONE)
    expect(page.locator("main")).to_contain_text(REPLY)
    fits(place, page)
    for question in ("reached", "responded", "solved", "satisfied"):
        page.locator(f"[name={question}][value=true]").check()
    page.get_by_role("button", name="记下，看下一件").click()
    done(place, page, f"{number} 已记下回访结果。")
    expect(page.locator("main")).to_contain_text("没有待回访的工单了。")
    page.goto(f"/orders/{number}/")
    expect(page.locator(".plumb-head .order-state")).to_have_text("已办结")
    fits(place, page)


def solved(page: Page) -> Locator:
    """The number of a street's own solved share."""
    card = page.locator(".rates-whole .card", has=page.get_by_role("heading", name="模拟东街道"))
    return card.locator("dl > div", has=page.locator("dt", has_text="解决率")).locator("dd")


def rate(place: Place, page: Page) -> tuple[str, str]:
    """A street's solved share of this year, as its page of rates prints it, and what it was counted from."""
    page.goto(f"/hotline/rates/?by=street&period={year()}")
    expect(solved(page)).to_be_visible()
    fits(place, page)
    return solved(page).inner_text().strip(), (solved(page).get_attribute("title") or "").split("；")[0]


def opens_its_list(place: Place, page: Page, number: str) -> None:
    """The street opens every request behind its score, and from there this one."""
    card = page.locator(".rates-whole .card", has=page.get_by_role("heading", name="模拟东街道"))
    card.get_by_role("link", name="看每一件诉求").click()
    page.wait_for_url("**/hotline/rates/requests/**")
    expect(page.locator("#list tbody tr")).to_have_count(4)
    fits(place, page)
    row = page.locator("#list tbody tr", has_text=number)
    expect(row.locator("td[data-label=解决]")).to_have_text("是")
    row.get_by_role("link", name=number).click()
    page.wait_for_url(f"**/orders/{number}/")
    expect(page.locator("h1")).to_have_text(TITLE)


def goes_round_the_ring(place: Place, page: Page, number: str) -> None:
    """From the rate to its figure, from the figure to its rows, from the row to its record, from there to the order."""
    rate(place, page)
    solved(page).get_by_role("link").click()
    page.wait_for_url("**/figures/*/")
    expect(page.locator(".figure-value")).to_have_text("75%")
    behind = page.locator("section", has=page.locator("#behind"))
    expect(behind.locator("tbody tr")).to_have_count(4)
    fits(place, page)
    behind.locator("tbody tr", has_text=number).get_by_role("link").first.click()
    page.wait_for_url("**/tables/hotline.requests/**")
    expect(page.locator("main")).to_contain_text("诉求解决率")
    fits(place, page)
    page.get_by_role("link", name=f"工单 {number}").click()
    page.wait_for_url(f"**/orders/{number}/")
    expect(page.locator(".order-story")).to_contain_text("吹哨")


def stays_out(place: Place, number: str) -> None:
    """Another street finds neither the request nor the requests behind the score."""
    page = place.sees("other", (403, 404))
    answer = page.goto(f"/orders/{number}/")
    assert answer.status == 404
    assert TITLE not in page.content()
    answer = page.goto(f"/hotline/rates/requests/?area={place.area}&period={year()}&cell=street={place.street}")
    assert answer.status == 403
    assert number not in page.content()
