"""A policy from its paper to the money on a firm's account, to the sentence of a report and back, through the pages alone."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from plumbline.kernel.credit_code import check_letter
from plumbline.site.tests.conftest import PASSWORD, PATIENCE_SECONDS, until

pytestmark = pytest.mark.slow
PATIENCE = PATIENCE_SECONDS * 1000
HEADS = ("code", "name", "area", "street", "kind", "industry", "status", "employees", "revenue_yuan", "insured",
         "unemployment_paid_yuan", "unemployment_months", "layoff_rate", "zombie", "dishonest", "legal_person", "phone")
# what a firm of the district is, but for its number; then six of them: who pays enough, lays off too many, is not known
LIKE = {"kind": "企业", "industry": "C3911", "status": "存续", "employees": "45", "revenue_yuan": "9000000", "insured": "45",
        "unemployment_paid_yuan": "24000", "unemployment_months": "12", "layoff_rate": "0.02", "zombie": "false",
        "dishonest": "false", "legal_person": "甲虚构", "phone": "13955507788"}
CAST = ({}, {}, {"unemployment_months": "24"}, {"layoff_rate": ""}, {"layoff_rate": "0.3"}, {"dishonest": "true"})
FITS, UNTOLD, ALL = 3, 1, 6
# offices, people and firms of a district; two firms whose money was returned before there was this platform
TOWN = """
import django; django.setup()
from django.conf import settings
from django.utils import timezone
from plumbline.store import orders, people, rolls
area, password, rows, firms = %r
bureau = people.create_office(None, "模拟人社局", area)
people.create_office(None, "模拟东街道", area, "street", area + "001")
root = people.create_user(None, "root" + area, password, label="root", role="planner", area=area, is_superuser=True)
for name, role, office in (("officer", "planner", None), ("second", "planner", None), ("examiner", "office", bureau),
                           ("chief", "leader", None), ("member", "deputy", None)):
    people.create_user(None, name + area, password, label="模拟" + name, role=role, area=area, office=office)
now = timezone.now()
day = timezone.localdate()
rolls.take(root, settings.CATALOG.tables["enterprise.firms"], rows.encode(), "模拟名录.csv", day=day, areas=[area])
orders.take_in(None, "enterprise.application", [
    {"title": "模拟旧件", "area": area, "place": area + "001", "subject": code, "office": "模拟人社局", "state": "paid",
     "source": "平台", "opened_at": now, "closed_at": now,
     "fields": {"policy": "old", "policy_title": "失业保险费返还（旧）", "code": code, "name": name, "amount": yuan,
                "persons": 25, "way": "企业申报", "period": str(day.year), "paid_on": day}}
    for code, name, yuan in firms], "模拟数据")
"""
VERIFY = "import sys; from plumbline.site.commands import main; sys.exit(main(['verify']))"
TITLE = "模拟失业保险费返还办法"
TEXT = """模拟失业保险费返还办法（虚构）
一、参加失业保险并足额缴费12个月以上、上年度裁员率不超过5.5%的中小微企业，可以申请失业保险费返还。
二、僵尸企业、严重失信企业除外。
三、返还标准为企业上年度实际缴纳失业保险费的50%，最高不超过30000元。
"""
MARKED = ("参加失业保险", "足额缴费12个月以上", "裁员率不超过5.5%", "中小微企业", "僵尸企业", "严重失信企业除外",
          "失业保险费的50%，最高不超过30000元")
ASIDE = "可以申请失业保险费返还"
RENT = "模拟租房补助办法"
ACCOUNT = "6222020200012345678"
BEFORE, AFTER = "累计为2家拨付惠企补贴16500元，涉及50人次", "累计为3家拨付惠企补贴28500元，涉及95人次"


@dataclass(frozen=True, slots=True)
class Town:
    """A district with firms of its own, looked at on screens of a width."""

    width: int
    area: str
    visit: object

    def code(self, n: int) -> str:
        """The credit code of its n-th firm."""
        told = f"91{self.area}{n:09}"
        return told + check_letter(told)

    def roll(self) -> str:
        """Its firms, as the register's office delivers them."""
        file = io.StringIO()
        writer = csv.DictWriter(file, HEADS)
        writer.writeheader()
        for n, told in enumerate(CAST, 1):
            own = {"code": self.code(n), "name": f"虚构企业{n}", "area": self.area, "street": f"{self.area}001"}
            writer.writerow(LIKE | own | told)
        return file.getvalue()

    def sees(self, who: str, expected: tuple[int, ...] = ()) -> Page:
        """One of its people, signed in; nobody: a stranger."""
        page = self.visit(f"{who}{self.area}" if who else "", self.width, expected)
        page.set_default_timeout(PATIENCE)
        return page


@pytest.fixture(params=[(1440, "110112"), (390, "110115")], ids=["1440", "390"])
def town(request, site, visit):
    """A district for each width, so that each story has firms and numbers of its own."""
    expect.set_options(timeout=PATIENCE)
    made = Town(*request.param, visit)
    paid = [(made.code(n), f"虚构企业{n}", yuan) for n, yuan in ((2, "10000.00"), (3, "6500.00"))]
    site.run("-c", TOWN % ((made.area, PASSWORD, made.roll(), paid),))
    yield made
    expect.set_options(timeout=5_000)


def test_from_the_paper_of_a_policy_to_the_money_and_the_sentence(town, site):
    officer, second = town.sees("officer"), town.sees("second")
    draft = drafts(town, officer)
    reads_a_policy(town, officer)
    publishes(town, second, TITLE, FITS)
    writes_a_condition(town, officer)
    publishes(town, second, RENT, 0)
    firm = joins(town, officer)
    states_a_fact(town, firm)
    number = applies(town, firm)
    gives_a_budget(town, officer, second)
    examines(town, number)
    pays(town, officer, second)
    sees_the_money(town, firm, number)
    follows_the_sentence(town, sends(town, draft, officer, second))
    site.run("-c", VERIFY)


def year() -> int:
    """The year it is here: all of it is reported on, so that no night between two months comes between."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).year


def fits(town: Town, page: Page) -> None:
    """Nothing is wider than the screen."""
    wide = page.locator("html:has(.plumb-foot)").evaluate("page => page.scrollWidth")
    assert wide <= town.width, f"{page.url} is {wide} wide"


def done(town: Town, page: Page, said: str) -> None:
    """What was done is said, and the page fits."""
    expect(page.locator("#messages")).to_contain_text(said)
    fits(town, page)


def opened(page: Page, box: str) -> Locator:
    """The form behind a summary, open."""
    found = page.locator(box)
    if found.get_attribute("open") is None:
        found.locator("summary").first.click()
    return found.locator("form")


def filled(page: Page, told: dict[str, str]) -> None:
    """Words typed into the fields of a form, by their ids."""
    for name, words in told.items():
        page.locator(f"#{name}").fill(words)


def chosen(page: Page, box: str, words: str) -> str:
    """The value of the choice that says this."""
    return page.locator(f"{box} option", has_text=words).get_attribute("value") or ""


def drafts(town: Town, page: Page) -> str:
    """A report is begun with the ready sentence of what was paid so far; its address."""
    page.goto("/drafts/")
    page.get_by_role("link", name="新建报告稿").first.click()
    filled(page, {"title": f"模拟区{year()}年稳岗情况报告（虚构）", "period": str(year())})
    page.locator("#outline").select_option("")
    page.get_by_role("button", name="开始起草").click()
    page.wait_for_url("**/drafts/*/")
    page.wait_for_load_state("networkidle")  # its scripts are there
    page.locator("#section").select_option(chosen(page, "#section", "援企稳岗"))
    page.locator("#picker button.draft-offer", has_text="惠企补贴").click()
    expect(page.locator(".draft-text")).to_contain_text(BEFORE)
    fits(town, page)
    return page.url.split("?")[0].split("#")[0]


def sends(town: Town, draft: str, writer: Page, second: Page) -> str:
    """The sentence says by itself what is paid by now; it goes out. The report's address."""
    until(lambda: writer.goto(draft) and AFTER in writer.locator(".draft-text").inner_text(), "the sentence has changed")
    expect(writer.locator(".draft-all-seen")).to_contain_text("1 段的数值有更新")
    fits(town, writer)
    writer.get_by_role("button", name="全部知道了").click()
    expect(writer.locator(".draft-all-seen")).to_have_count(0)
    for page, word in ((writer, "提交审核"), (second, "审核通过"), (town.sees("chief"), "签发")):
        page.goto(draft)
        page.get_by_text(word, exact=True).first.click()
        page.get_by_role("button", name=word).click()
        expect(page.get_by_role("button", name=word)).to_have_count(0)
        fits(town, page)
    page.wait_for_url("**/reports/*/")
    return page.url


def adds(town: Town, page: Page, title: str, text: str) -> None:
    """A policy's paper, pasted; the workbench opens."""
    page.goto("/enterprise/policies/")
    fits(town, page)
    page.get_by_role("link", name="新建政策").click()
    filled(page, {"title": title, "issuer": "模拟区政府", "since": f"{year()}-01-01", "materials": "营业执照", "text": text})
    page.locator("#office").select_option(chosen(page, "#office", "模拟人社局"))
    fits(town, page)
    page.get_by_role("button", name="保存草稿，去写条件").click()
    page.wait_for_url("**/work/")
    done(town, page, "已保存为草稿")


def answer(page: Page, key: str) -> Locator:
    """How many firms an answer holds of, as the page counts now."""
    return page.locator(f".policy-answers .is-{key} dd").first


def hands_in(town: Town, page: Page) -> None:
    """What is written goes to another person."""
    page.get_by_role("button", name="提交审核").click()
    done(town, page, "已提交审核")
    expect(page.locator(".plumb-head .chip").first).to_have_text("待审核")


def reads_a_policy(town: Town, page: Page) -> None:
    """The clauses are found and marked in the text; each is confirmed, what is none is left out; the counts follow."""
    adds(town, page, TITLE, TEXT)
    page.get_by_role("button", name="从原文提出条件").click()
    done(town, page, f"从原文提出 {len(MARKED) + 1} 条")
    assert set(MARKED) <= set(page.locator(".policy-mark mark").all_inner_texts())
    left = page.locator(".policy-clauses li.is-proposed")
    for count in range(len(MARKED) + 1, 0, -1):
        expect(left).to_have_count(count)
        one = left.first
        one.get_by_role("button", name="不采用" if ASIDE in one.inner_text() else "确认", exact=True).click()
    expect(page.locator(".policy-clauses li.is-confirmed")).to_have_count(len(MARKED))
    expect(answer(page, "eligible")).to_have_text(f"{FITS} 家 · 50.0%")
    expect(answer(page, "unknown")).to_contain_text(f"{UNTOLD} 家")
    fits(town, page)
    hands_in(town, page)


def writes_a_condition(town: Town, page: Page) -> None:
    """A condition is chosen in the form; before it is kept, the counts say what it would do: nobody said who rents."""
    adds(town, page, RENT, "租房经营的企业可以申请补助。")
    page.locator("#column").select_option("renter")
    expect(page.locator("#sign")).to_be_visible()
    expect(answer(page, "unknown")).to_contain_text(f"{ALL} 家")
    page.get_by_role("button", name="加上这一条").click()
    done(town, page, "已确认")
    hands_in(town, page)


def publishes(town: Town, page: Page, title: str, count: int) -> None:
    """Another person finds it waiting and approves; the firms it fits are counted by themselves."""
    page.goto("/enterprise/policies/")
    page.get_by_role("link", name="有 1 项政策等待审核").click()
    page.wait_for_url("**state=submitted")
    fits(town, page)
    page.get_by_role("link", name=title).click()
    page.get_by_role("button", name="审核通过并发布").click()
    done(town, page, "已审核通过并发布")
    expect(answer(page, "eligible")).to_contain_text(f"{count} 家")
    fits(town, page)


def joins(town: Town, officer: Page) -> Page:
    """A firm signs up from the sign-in page; an officer compares and confirms; the firm's own page opens."""
    page = town.sees("")
    page.goto("/sign-in/")
    page.get_by_role("link", name="企业注册").click()
    filled(page, {"key": town.code(1), "name": "虚构企业1", "evidence": "我是办公室主任", "username": f"firm{town.area}",
                  "label": "丙虚构", "password": PASSWORD, "again": PASSWORD})
    page.locator("#area").select_option(town.area)
    fits(town, page)
    page.get_by_role("button", name="提交", exact=True).click()
    done(town, page, "已提交")
    officer.goto("/enterprise/accounts/")
    fits(town, officer)
    officer.get_by_role("link", name="虚构企业1").click()
    officer.get_by_role("button", name="确认", exact=True).click()
    done(town, officer, "已确认")
    page.goto("/firm/")
    page.wait_for_url(f"**/firm/{town.code(1)}/")
    fits(town, page)
    return page


def states_a_fact(town: Town, page: Page) -> None:
    """One policy cannot be told; the page says what would tell, the firm says it, and it is told."""
    page.locator(".firm-card.firm-unknown", has_text=RENT).get_by_role("link").first.click()
    expect(page.locator(".firm-answer .firm-word")).to_have_text("不能判断")
    fits(town, page)
    page.get_by_label("租房经营").select_option("true")
    page.get_by_role("button", name="保存并重新判断").click()
    done(town, page, "已记下 1 项")
    expect(page.locator(".firm-answer .firm-word")).to_have_text("符合")
    expect(page.locator(".firm-facts")).to_contain_text("自述待核")


def applies(town: Town, page: Page) -> str:
    """The other fits, with every reason; one press applies, then the account is told. The application's number."""
    page.get_by_role("link", name="适合我的").click()
    page.locator(".firm-card.firm-yes", has_text=TITLE).get_by_role("link").first.click()
    expect(page.locator(".firm-answer .firm-big")).to_have_text("12,000元")
    expect(page.locator(".firm-reasons .firm-mark")).to_have_text(["符合"] * len(MARKED))  # the district is one more
    expect(page.locator(".firm-reasons")).to_contain_text("不是僵尸企业")
    fits(town, page)
    page.get_by_role("button", name="申请 12,000元").click()
    done(town, page, "已提交，编号 BT")
    for label, words in {"户名": "虚构企业1", "账号": ACCOUNT, "开户行": "模拟银行"}.items():
        page.get_by_label(label).fill(words)
    page.get_by_role("button", name="保存").click()
    done(town, page, "收款账户已登记")
    assert ACCOUNT not in page.content()
    page.get_by_role("link", name="办事进度").click()
    page.wait_for_url("**/orders/")
    fits(town, page)
    page.locator("section", has=page.locator("#applications")).get_by_role("link", name=TITLE).click()
    expect(page.locator(".firm-answer .firm-word")).to_have_text("待受理")
    fits(town, page)
    return page.url.rstrip("/").split("/")[-1]


def gives_a_budget(town: Town, officer: Page, second: Page) -> None:
    """Money for it, asked for by one and agreed to by another."""
    officer.goto("/enterprise/budgets/")
    form = opened(officer, "details:has(#budget-policy)")
    form.locator("#budget-policy").select_option(label=TITLE)
    filled(officer, {"budget-amount": "50000", "budget-source": "模拟资金文件1号", "budget-since": f"{year()}-01-01",
                     "budget-why": "年初下达"})
    fits(town, officer)
    form.get_by_role("button", name="提出").click()
    done(town, officer, "等待另一人决定")
    second.goto("/enterprise/budgets/")
    fits(town, second)
    second.get_by_role("button", name="同意", exact=True).click()
    done(town, second, "预算已生效")


def examines(town: Town, number: str) -> None:
    """The office finds it at its desk, sees why it fits, takes it and approves."""
    page = town.sees("examiner")
    page.goto("/enterprise/applications/")
    page.get_by_role("navigation", name="等着办的").get_by_role("link", name="待受理").click()
    page.wait_for_url("**state=submitted")
    fits(town, page)
    page.locator("#list tbody tr", has_text=number).get_by_role("link", name="虚构企业1").click()
    expect(page.locator(".money-reasons li.is-yes")).to_have_count(len(MARKED))
    expect(page.locator("main")).to_contain_text("预算还剩")
    assert ACCOUNT not in page.content()
    fits(town, page)
    opened(page, "#move-take").get_by_role("button", name="受理").click()
    done(town, page, "已受理")
    opened(page, "#move-approve").get_by_role("button", name="批准").click()
    done(town, page, "已批准")


def pays(town: Town, officer: Page, second: Page) -> None:
    """A list made by one and checked by another, the file for the bank, and what the bank answers."""
    officer.goto("/enterprise/runs/")
    fits(town, officer)
    officer.locator("section", has=officer.locator("#ready")).locator("[name=title]").fill("模拟第一批")
    officer.get_by_role("button", name="全部制单").click()
    done(town, officer, "等待另一人复核")
    second.goto("/enterprise/runs/")
    second.get_by_role("link", name="模拟第一批").click()
    second.get_by_role("button", name="复核通过").click()
    done(town, second, "已复核")
    officer.reload()
    officer.get_by_role("button", name="生成银行文件").click()
    done(town, officer, "请下载后交给银行")
    with officer.expect_download() as got:
        officer.get_by_role("button", name="下载银行文件").click()
    with open(got.value.path(), encoding="utf-8-sig", newline="") as file:
        [line] = csv.DictReader(file)
    assert (line["收款账号"], line["金额"]) == (ACCOUNT, "12000.00")
    told = f"业务编号,金额,结果\r\n{line['业务编号']},{line['金额']},成功\r\n".encode("gb18030")
    officer.locator("#run-return").set_input_files({"name": "回盘.csv", "mimeType": "text/csv", "buffer": told})
    fits(town, officer)
    officer.get_by_role("button", name="入账").click()
    done(town, officer, "到账 1 笔，退汇 0 笔")


def sees_the_money(town: Town, page: Page, number: str) -> None:
    """The firm reads that it was paid."""
    page.goto(f"/firm/{town.code(1)}/orders/{number}/")
    expect(page.locator(".firm-answer .firm-word")).to_have_text("已拨付")
    expect(page.locator(".firm-steps")).to_contain_text("已批准，等待拨付")
    fits(town, page)


def follows_the_sentence(town: Town, report: str) -> None:
    """The deputy opens the number of the sentence, and from there the firms that were paid: nothing of any person."""
    page = town.sees("member")
    page.goto(report)
    expect(page.locator(".draft-text")).to_contain_text(AFTER)
    page.locator(".draft-text a.n", has_text="3").first.click()
    expect(page.locator("#panel")).to_contain_text("拨付补贴企业数")
    fits(town, page)
    page.locator("#panel a[href^='/figures/']").first.click()
    page.wait_for_url("**/figures/*/")
    expect(page.locator(".figure-value")).to_have_text("3家")
    behind = page.locator("section", has=page.locator("#behind"))
    expect(behind.locator("tbody tr")).to_have_count(3)
    expect(behind.locator("tbody tr", has_text=town.code(1))).to_have_count(1)
    for personal in (LIKE["legal_person"], LIKE["phone"], ACCOUNT, "丙虚构"):
        assert personal not in page.content()
    fits(town, page)
