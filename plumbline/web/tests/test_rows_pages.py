"""Lists of records: filtered, sorted, paged, exported; an expression with its reading; personal columns hidden."""

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from plumbline.kernel import Coverage
from plumbline.store import batches
from plumbline.store.models import SavedFilter
from plumbline.store.tests import made
from plumbline.web.tests import records_world, world
from plumbline.web.tests.records_world import FIRMS, YARDS

pytestmark = pytest.mark.django_db
EVERY = ["甲-1", "甲-2", "乙-1", "乙-2"]
BAD = ["land >=", "phone = '139'", "land", "1=1) OR (1=1", "land > 1; DROP TABLE x", "number + 1 = 2"]


@pytest.fixture
def district(settings):
    settings.CATALOG = records_world.catalog()
    return records_world.district(settings.CATALOG)


@pytest.fixture
def browser(district):
    return world.browser(district.planner)


def numbers(browser, query=""):
    """The plots a list shows."""
    told = browser.get(f"/tables/{YARDS}.json?{query}")
    assert told.status_code == 200, told.content.decode()
    return [row["cells"][0]["value"] for row in told.json()["rows"]]


def test_a_list_shows_every_row_with_units_and_area_names(browser):
    told = browser.get(f"/tables/{YARDS}.json").json()
    assert told["count"] == 4
    assert [head["label"] for head in told["heads"]] == ["地块编号", "类别", "所在区", "完成日期", "面积"]
    assert [cell["words"] for cell in told["rows"][0]["cells"]] == ["甲-1", "拆违腾退", "云溪区", "2025-02-03", "1.50"]
    assert [cell["words"] for cell in told["rows"][3]["cells"]][-1] == "—"


@pytest.mark.parametrize(("query", "found"), [
    ("c.number=甲", ["甲-1", "甲-2"]), ("c.kind=留白增绿", ["乙-1", "乙-2"]), ("c.kind=没有这类", EVERY),
    ("c.done_on.from=2025-04-05&c.done_on.to=2025-05-06", ["甲-2", "乙-1"]), ("c.land.from=1.5", ["甲-1", "甲-2"]),
    ("c.land.to=0.80", ["乙-1"]), ("c.area=990000", EVERY), ("c.area=990101&c.land.from=2", ["甲-2"]),
    ("c.done_on.from=2025-02-30", EVERY), ("where=land > 1 AND kind = '拆违腾退'", ["甲-1", "甲-2"]),
    ("where=land IS NULL", ["乙-2"]), ("where=land < 1 -- 小块", ["乙-1"]), ("sort=-land", ["甲-2", "甲-1", "乙-1", "乙-2"]),
    ("sort=land", ["乙-1", "甲-1", "甲-2", "乙-2"]), ("sort=phone", EVERY), ("c.phone=139", EVERY),
])
def test_filters_and_orders(browser, query, found):
    assert numbers(browser, query) == found


def test_a_typed_condition_is_read_back_in_chinese(browser):
    told = browser.get(f"/tables/{YARDS}.json", {"where": "land >= 2"}).json()
    assert told["asked"]["reading"] == "面积不少于2公顷"


@pytest.mark.parametrize("where", BAD)
def test_a_bad_condition_shows_no_row_and_says_why(browser, where):
    answer = browser.get(f"/tables/{YARDS}.json", {"where": where})
    told = answer.json()
    assert (answer.status_code, told["rows"], told["count"]) == (400, [], 0)
    assert told["asked"]["findings"]


def test_a_condition_opens_no_other_area(district, browser):
    """Whatever a neighbour types, he stays in his own area."""
    neighbour = world.browser(district.people["neighbour"])
    for where in ("1 = 1 OR 1 = 1", "TRUE", "area LIKE '99%'", "TRUE --", "area LIKE '99%' OR TRUE"):
        told = neighbour.get(f"/tables/{YARDS}.json", {"where": where}).json()
        assert (told["rows"], told["count"]) == ([], 0), where
    assert neighbour.get(f"/tables/{YARDS}.json?c.area=990101").json()["count"] == 0


def test_pages_and_columns(browser):
    told = browser.get(f"/tables/{YARDS}.json?size=20&page=99&show=land&show=number&show=phone").json()
    assert (told["page"], told["pages"], len(told["rows"])) == (1, 1, 4)
    assert [head["key"] for head in told["heads"]] == ["number", "land"]


def test_csv_and_xlsx_hand_out_what_was_filtered_without_personal_columns(browser):
    text = world.drained(browser.get(f"/tables/{YARDS}.csv?c.kind=拆违腾退&sort=-land")).decode("utf-8-sig")
    assert text.splitlines() == ["地块编号,类别,所在区,完成日期,面积（公顷）", "甲-2,拆违腾退,990101,2025-04-05,2.25",
                                 "甲-1,拆违腾退,990101,2025-02-03,1.50"]
    book = load_workbook(io.BytesIO(browser.get(f"/tables/{YARDS}.xlsx").content))
    assert [cell.value for cell in book.active[1]] == ["地块编号", "类别", "所在区", "完成日期", "面积（公顷）"]
    assert book.active.max_row == 5


def test_personal_columns_want_a_reason_and_are_journalled(browser, district):
    page = browser.get(f"/tables/{YARDS}/").content.decode()
    assert "13900000001" not in page
    before = made.everything()
    assert browser.post(f"/tables/{YARDS}/personal.json", {"why": " "}).status_code == 400
    assert made.everything() == before
    told = browser.post(f"/tables/{YARDS}/personal.json?c.kind=拆违腾退", {"why": "核实联系人"}).json()
    assert [row["personal"] for row in told["rows"]] == [["13900000001"], ["13900000002"]]
    assert records_world.journalled("personal.see") == 1


def test_personal_columns_of_a_register(browser, district):
    assert "王某" not in browser.get(f"/tables/{FIRMS}/").content.decode()
    told = browser.post(f"/tables/{FIRMS}/personal.json", {"why": "核实"}).json()
    assert [row["personal"] for row in told["rows"]] == [["王某"], ["李某"], ["—"]]
    assert records_world.journalled("personal.see") == 3


def test_who_may_not_see_personal_values_sees_none(district):
    for who in ("leader", "office"):
        browser = world.browser(district.people[who])
        assert "显示个人信息" not in browser.get(f"/tables/{YARDS}/").content.decode()
        before = made.everything()
        assert browser.post(f"/tables/{YARDS}/personal.json", {"why": "好奇"}).status_code == 403
        assert made.everything() == before


def test_a_filter_is_kept_for_oneself_and_dropped(browser, district):
    query = "c.kind=%E6%8B%86%E8%BF%9D%E8%85%BE%E9%80%80&sort=-land"
    assert browser.post(reverse("keep-filter", args=[YARDS]), {"name": "大块", "query": query}).status_code == 302
    (kept,) = SavedFilter.objects.all()
    assert (kept.name, kept.query) == ("大块", query)
    assert [one["name"] for one in browser.get(f"/tables/{YARDS}.json").json()["saved"]] == ["大块"]
    leader = world.browser(district.people["leader"])
    assert leader.get(f"/tables/{YARDS}.json").json()["saved"] == []
    assert leader.post(reverse("drop-filter", args=[YARDS]), {"id": kept.pk}).status_code == 403
    assert browser.post(reverse("drop-filter", args=[YARDS]), {"id": kept.pk}).status_code == 302
    assert not SavedFilter.objects.exists()


def test_a_list_asks_the_database_as_often_for_many_rows(browser, django_assert_max_num_queries):
    with django_assert_max_num_queries(9) as few:
        browser.get(f"/tables/{YARDS}/?c.number=甲-1")
    with django_assert_max_num_queries(len(few)):
        browser.get(f"/tables/{YARDS}/")


def test_tables_are_listed_with_what_they_cover(browser):
    told = browser.get("/tables.json?q=模拟").json()["list"]
    assert [(row["label"], row["rows"]) for row in told["rows"]] == [("模拟企业名录", 3), ("模拟腾退地块", 4)]
    cover = told["rows"][1]["cover"]
    assert cover["said"] == "覆盖云溪区，2025-01-01 至 2025-06-30"
    assert [cell["state"] for cell in cover["lines"][0]["cells"]] == ["full"] * 6
    assert "模拟腾退地块" in world.drained(browser.get("/tables.csv")).decode()
    assert browser.get("/tables.json?q=没有这样的表").json()["list"]["rows"] == []


def test_a_district_is_told_what_its_city_delivered_for_it(district):
    city, half = made.user("city", area=made.CITY), Coverage((made.CITY,), date(2025, 7, 1), date(2025, 12, 31))
    rows = "地块编号,类别,所在区,完成日期,面积\n丙-1,留白增绿,990101,2025-07-07,1.00\n丙-2,留白增绿,990000,2025-07-08,1.00\n"
    batches.receive(city, district.yards, "市里.csv", rows.encode(), half)
    told = world.browser(district.planner).get("/tables.json?q=模拟腾退").json()["list"]["rows"]
    assert [row["rows"] for row in told] == [5]
    neighbour = world.browser(district.people["neighbour"]).get("/tables.json?q=模拟腾退").json()["list"]["rows"]
    assert [row["rows"] for row in neighbour] == [None]


def test_a_tables_page_explains_its_columns(browser):
    told = browser.get(f"/tables/{YARDS}/about.json").json()
    assert [one["words"] for one in told["columns"]][4] == "面积（公顷）"
    assert told["indicators"][0]["how"].startswith("合计；数：面积")
