"""Pages of a roll: its deliveries, its list, the page of a party as of any day; nobody sees what is not his."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from plumbline.kernel import Indicator
from plumbline.store import deliveries, rolls
from plumbline.store.journal import Entry
from plumbline.store.models import Delivery, Office, Step
from plumbline.store.rolls.tests.made import PARTIES, code, csv, line, take
from plumbline.store.tests import made
from plumbline.web.tests import world

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2020, 1, 31)
KEY = PARTIES.key


@pytest.fixture
def planner(settings):
    """A planner whose district has three parties, one of them in another street."""
    settings.CATALOG = settings.CATALOG.extended([PARTIES], [Indicator(
        key="example.many", label="大主体数", table=KEY, unit="家", source="本系统约定", kind="count", where="size = '大'")])
    user = made.user()
    take(user, line(1), line(2, street=made.DISTRICT + "002"), line(3, people="200"))
    return user


def send(browser, data, **fields):
    """Hand a file in; the answer and the delivery."""
    told = {"area": made.DISTRICT, "day": "2020-02-29", "scope": "whole"} | fields
    answer = browser.post(reverse("deliver", args=[KEY]), {**told, "file": SimpleUploadedFile("主体.csv", data)})
    return answer, Delivery.objects.first()


def page(browser, n, **query):
    """The page of the n-th party, as it is told."""
    answer = browser.get(reverse("party-json", args=[KEY, code(n)]), query)
    return answer.status_code, answer.json()


def facts(told):
    """The facts of a page by column."""
    return {one["key"]: one for one in told["facts"]}


def test_a_delivery_shows_its_difference_and_is_taken_on_a_yes(planner):
    browser = world.browser(planner)
    answer, row = send(browser, csv(line(1, people="11"), line(2, street=made.DISTRICT + "002"), line(4)))
    assert (answer.status_code, row.state, Step.objects.count()) == (302, "ready", 1)
    told = browser.get(reverse("delivery-json", args=[KEY, row.pk])).json()
    assert told["said"] == "共 3 行，新增 1 条，修改 1 条，退出 1 条，不变 1 条，有误而不收 0 条，没有发现问题"
    assert told["first_rows"] == [[code(1), "人数：10 → 11"], [code(3), "退出名册"]]
    assert ["截至", "2020-02-29"] in told["facts"]
    browser.post(reverse("accept-delivery", args=[KEY, row.pk]))
    row.refresh_from_db()
    assert (row.state, rolls.row_of(PARTIES, code(1))["people"]) == ("received", 11)
    told = browser.get(reverse("deliver-json", args=[KEY])).json()
    assert [(one["new"], one["changed"], one["gone"]) for one in told["list"]["rows"]] == [(1, 1, 1), (3, 0, 0)]


def test_some_columns_are_taken_of_the_parties_named(planner):
    browser = world.browser(planner)
    _, row = send(browser, csv(f"{code(1)},77", heads="代码,人数"), scope="part", source="人社部门")
    browser.post(reverse("accept-delivery", args=[KEY, row.pk]))
    _, told = page(browser, 1)
    said = {key: (one["words"], one["source"], one["told"]) for key, one in facts(told).items()}
    assert said["people"] == ("77", "人社部门", "2020-02-29")
    assert said["name"] == ("模拟1", "登记部门", "2020-01-31")
    assert said["code"] == (code(1), "登记部门", "2020-01-31")


def test_wrong_rows_refuse_all_or_are_left_out_and_handed_back(planner):
    browser = world.browser(planner)
    data = csv(line(1), line(2, people="-3"), line(3, people="200"))
    _, row = send(browser, data)
    assert (row.state, row.findings[0]["where"]) == ("refused", "第 3 行「人数」")
    _, row = send(browser, data, partly="1")
    assert row.state == "ready"
    browser.post(reverse("accept-delivery", args=[KEY, row.pk]))
    step = Step.objects.first()
    told = b"".join(browser.get(reverse("roll-faults-csv", args=[KEY, step.pk])).streaming_content).decode()
    assert told.splitlines()[1] == "3,第 3 行「人数」：-3 小于零；请核对，没有数时留空。"


def test_what_is_not_said_is_asked_for(planner):
    browser = world.browser(planner)
    before = made.everything()
    answer, _ = send(browser, csv(line(1)), day="")
    assert (answer.status_code, "请写明这份数据截至哪一天" in answer.content.decode()) == (400, True)
    assert made.everything() == before


def test_a_worker_killed_before_it_could_say_so_takes_nothing_twice(planner):
    browser = world.browser(planner)
    _, row = send(browser, csv(line(1)))
    deliveries.accept(planner, row.pk)
    deliveries.begin(row.pk)
    rolls.take(planner, PARTIES, csv(line(1)), "主体.csv", day=date(2020, 2, 29), areas=[made.DISTRICT])
    browser.post(reverse("accept-delivery", args=[KEY, row.pk]))
    assert Step.objects.count() == 2


def test_the_list_leads_to_the_party(planner):
    told = world.browser(planner).get(f"/tables/{KEY}.json", {"where": "people >= 100"}).json()
    assert (told["count"], told["rows"][0]["href"]) == (1, f"/tables/{KEY}/of/{code(3)}/")


def test_a_street_is_called_by_its_name(planner):
    browser = world.browser(planner)
    assert facts(page(browser, 1)[1])["street"]["words"] == made.DISTRICT + "001"
    Office.objects.create(area=made.DISTRICT, name="模拟一街道", kind="street", place=made.DISTRICT + "001")
    assert facts(page(browser, 1)[1])["street"]["words"] == "模拟一街道"
    told = browser.get(f"/tables/{KEY}.json", {"where": "people >= 100"}).json()
    cells = {one["label"]: (one["value"], one["words"]) for one in told["rows"][0]["cells"]}
    assert cells["街道"] == (made.DISTRICT + "001", "模拟一街道")


def test_a_party_is_shown_with_sources_and_days_and_the_look_is_kept(planner):
    browser = world.browser(planner)
    take(planner, line(1, people="11"), line(2), line(3), day=date(2020, 2, 29))
    status, told = page(browser, 1)
    assert (status, told["title"], facts(told)["people"]["since"], facts(told)["name"]["since"]) == (
        200, "模拟1", "2020-02-29", "2020-01-31")
    assert facts(told)["size"]["source"] == "按其他列计算"
    changes = [(one["label"], one["before"], one["after"]) for one in told["changes"]]
    assert changes == [("人数", "10", "11"), ("进入名册", "", "")]
    assert [one["who"] for one in told["looks"]] == ["planner"]
    assert Entry.objects.filter(action="roll.look", key=code(1)).count() == 1


def test_a_party_is_shown_as_of_a_day(planner):
    browser = world.browser(planner)
    take(planner, line(1, people="11"), day=date(2020, 2, 29))
    assert facts(page(browser, 1, day="2020-02-28")[1])["people"]["words"] == "10"
    assert page(browser, 1, day="2019-01-01")[1]["absent"]
    assert page(browser, 1, day="2019-02-30")[0] == 400


def test_a_column_is_put_right_and_the_correction_taken_back(planner):
    browser, act = world.browser(planner), {"column": "people", "value": "120", "why": "来函"}
    assert "更正：人数" in browser.get(reverse("party", args=[KEY, code(1)]), {"correct": "people"}).content.decode()
    assert browser.post(reverse("party-correct", args=[KEY, code(1)]), act).status_code == 302
    fact = facts(page(browser, 1)[1])["people"]
    assert (fact["words"], fact["was"], fact["source"]) == ("120", "10", "更正（planner）：来函")
    browser.post(reverse("party-take-back", args=[KEY, code(1)]), {"column": "people", "why": "有误"})
    assert facts(page(browser, 1)[1])["people"]["was"] is None


def test_a_correction_that_cannot_be_is_refused_and_kept_in_the_form(planner):
    answer = world.browser(planner).post(reverse("party-correct", args=[KEY, code(1)]),
                                         {"column": "people", "value": "十人", "why": "来函"})
    assert (answer.status_code, 'value="十人"' in answer.content.decode()) == (400, True)
    assert rolls.row_of(PARTIES, code(1))["people"] == 10


def test_personal_columns_are_shown_for_a_reason(planner):
    browser = world.browser(planner)
    told = browser.post(reverse("party-personal-json", args=[KEY, code(1)]), {"why": "核实"}).json()
    assert told["personal"] == [["电话", "13800000001"]]
    assert "1380000" not in browser.get(reverse("party", args=[KEY, code(1)])).content.decode()
    rows = browser.post(reverse("personal-json", args=[KEY]), {"why": "核实"}).json()["rows"]
    assert sorted(row["personal"] for row in rows) == [["13800000001"], ["13800000002"], ["13800000003"]]
    assert Entry.objects.filter(action="roll.personal").count() == 4


@pytest.mark.parametrize(("role", "area"), [("planner", made.NEIGHBOUR), ("deputy", made.DISTRICT), ("firm", made.DISTRICT)])
def test_who_may_not_see_a_party_cannot_tell_whether_there_is_one(planner, role, area):
    browser = world.browser(made.user("other", role=role, area=area))
    told = [browser.get(reverse("party", args=[KEY, key])) for key in (code(1), code(9), "x")]
    assert {one.status_code for one in told} == {404}
    assert browser.post(reverse("party-correct", args=[KEY, code(1)]), {"column": "people", "value": "1"}).status_code == 404
    assert rolls.row_of(PARTIES, code(1))["people"] == 10


def test_a_streets_office_lists_and_opens_its_own_street(planner):
    office = Office.objects.create(name="二街", area=made.DISTRICT, kind="street", place=made.DISTRICT + "002")
    browser = world.browser(made.user("street", role="office", office=office))
    rows = browser.get(f"/tables/{KEY}.json").json()["rows"]
    assert [row["href"] for row in rows] == [f"/tables/{KEY}/of/{code(2)}/"]
    assert [page(browser, 2)[0], browser.get(reverse("party", args=[KEY, code(1)])).status_code] == [200, 404]


def test_the_list_of_tables_counts_the_rolls_rows_a_person_sees(planner):
    def rows(user):
        told = world.browser(user).get("/tables.json").json()["list"]["rows"]
        return next((one["rows"], one["kind"]) for one in told if one["key"] == KEY)

    office = Office.objects.create(name="二街", area=made.DISTRICT, kind="street", place=made.DISTRICT + "002")
    root = made.user("root", area="", is_superuser=True)
    take(root, line(9, area=made.NEIGHBOUR, street=made.NEIGHBOUR + "001"), areas=[made.NEIGHBOUR])
    assert rows(root) == (4, "名册")
    assert rows(planner) == (3, "名册")
    assert rows(made.user("street", role="office", office=office)) == (1, "名册")


def test_what_is_reckoned_is_not_asked_for(planner):
    browser = world.browser(planner)
    assert "规模" not in [cell.value for cell in load_workbook(io.BytesIO(
        browser.get(reverse("table-template", args=[KEY])).content)).active[1]]
    told = {one["key"]: one["rules"] for one in browser.get(reverse("table-about-json", args=[KEY])).json()["columns"]}
    assert (told["size"], told["code"]) == ("由系统按其他列计算，不报送", "必填；须是统一社会信用代码")
