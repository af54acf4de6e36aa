"""The page that holds published growth against the growth of levels."""

import io

import openpyxl
import pytest
from django.conf import settings
from django.urls import reverse

from plumbline.store import batches
from plumbline.store.tests import laid, made
from plumbline.systems.economy import demo
from plumbline.web.tests import world

pytestmark = pytest.mark.django_db
ADDRESS = "economy-items"


@pytest.fixture
def planner(tmp_path):
    """A planner of the district; the demo was received."""
    city = made.user("city", area="110000")
    table = settings.CATALOG.tables["economy.main"]
    for number, (_, name, coverage, rows) in enumerate(demo.deliveries()):
        path = tmp_path / f"{number}.parquet"
        laid.write(table, rows, path, numbered=False)
        batches.receive(city, table, f"{name}.parquet", path, coverage, example=True)
    return made.user("tongzhou", area=demo.TOWN)


def test_items_are_held_against_the_year_before(planner):
    told = world.browser(planner).get(reverse(f"{ADDRESS}-json")).json()
    found = {row["item"]: row for row in told["list"]["rows"]}
    assert told["period"] == "2020H1"
    assert (found["一般公共预算收入"]["level"], found["一般公共预算收入"]["growth"]) == ("48.59亿元", "-7.4")
    assert "两者一致" in found["一般公共预算收入"]["why"]
    assert found["固定资产投资"]["why"] == "只发布增速，没有水平值可以对照。"


def test_a_difference_is_explained(planner):
    city = world.browser(made.user("boss", area="110000"))
    told = city.get(reverse(f"{ADDRESS}-json"), {"q": "地区生产"}).json()
    [row] = told["list"]["rows"]
    assert (row["growth"], row["of_levels"], row["apart"]) == ("-3.2", "-1.700", "-1.500")
    assert "相差 1.5 个百分点；发布的增速按可比价格计算" in row["why"]


def test_another_districts_numbers_are_not_shown(planner):
    neighbour = world.browser(made.user("n", area="990101"))
    page = neighbour.get(reverse(ADDRESS), {"area": demo.TOWN})
    assert "48.59" not in page.content.decode()
    assert world.browser(made.user("d", "deputy", demo.TOWN)).get(reverse(ADDRESS)).status_code == 404
    assert world.browser().get(reverse(ADDRESS)).status_code == 302


def test_a_period_that_is_none_is_told(planner):
    answer = world.browser(planner).get(reverse(ADDRESS), {"period": "去年"})
    assert answer.status_code == 400
    assert "不是时期" in answer.content.decode()


def test_all_of_it_as_a_file(planner):
    answer = world.browser(planner).get(reverse(f"{ADDRESS}-xlsx"))
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert page.max_row == 1 + len(demo.OF_TOWN)
    assert world.browser(planner).get(reverse(f"{ADDRESS}-csv")).status_code == 200


def test_the_tables_page_leads_to_it(planner):
    page = world.browser(planner).get(reverse("table-about", args=["economy.main"])).content.decode()
    assert reverse(ADDRESS) in page
