"""What a figure's page says stays true: of what was counted then, by the rule of then, to whoever may read it."""

from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from plumbline.engine.refresh import again, refresh
from plumbline.kernel import Catalog, Coverage
from plumbline.store import batches, declarations, figures
from plumbline.store.tests import made
from plumbline.web.tests.test_figure_pages import CLEARED, PLOTS, batch, browser, key, planner, printed, row
from plumbline.web.tests.world import drained

pytestmark = pytest.mark.django_db
__all__ = ["batch", "planner", "printed", "row"]  # fixtures
HALF = Coverage((made.DISTRICT,), date(2025, 1, 1), date(2025, 6, 30))
LEDGER, LARGE = "ledgers.d990101_t1", "ledgers.d990101_n1"
BODY = {"label": "模拟台账", "area": "area", "dated": "day", "identity": ["number"], "columns": {
    "number": {"type": "text", "label": "编号"}, "area": {"type": "text", "label": "地区"},
    "day": {"type": "date", "label": "日期"}, "staff": {"type": "integer", "label": "人数"}}}
RULE = {"label": "大的", "table": LEDGER, "unit": "个", "source": "模拟", "count": "", "where": "staff > 5"}
ROWS = "编号,地区,日期,人数\n1,990101,2025-01-02,3\n2,990101,2025-01-02,7\n3,990101,2025-01-02,9\n"


@pytest.fixture
def corrected(planner, printed, batch, row):
    """A printed figure whose records were corrected since; nobody counted it again yet."""
    batches.receive(planner, settings.CATALOG.tables["programmes.plots"], "二.csv", PLOTS.replace("12.5", "2.5").encode(), HALF,
                    replaces=batch, why="面积填错")
    return row


@pytest.mark.parametrize("who", ["deputy", "neighbour"])
def test_who_only_reads_a_printed_figure_sees_it_as_it_was_printed(corrected, who):
    user = made.user("deputy", "deputy") if who == "deputy" else made.user("neighbour", area=made.NEIGHBOUR)
    client = browser(user)
    assert client.get(reverse("figure", args=[corrected.pk])).status_code == 200
    told = client.get(reverse("figure-json", args=[corrected.pk])).json()
    assert (told["value"], told["counted"], told["compared"]) == ("19.75", 2, [])
    assert [each["mark"] for each in told["behind"]["rows"]] == ["12.5", "7.25"]
    assert "A1,拆违腾退,云溪区,甲街道,2025-02-01,12.5" in drained(
        client.get(reverse("figure-rows-csv", args=[corrected.pk]))).decode()


def test_who_only_reads_a_printed_figure_is_led_to_no_other(planner, corrected):
    [now] = refresh(declarations.catalog(), [(corrected.indicator, corrected.area, corrected.period, ())]).values()
    assert now.pk != corrected.pk
    address, newer = reverse("figure", args=[corrected.pk]), reverse("figure", args=[now.pk])
    record, table = "/records/", 'href="/tables/programmes.plots'
    text = browser(made.user("deputy", "deputy")).get(address).content.decode()
    assert ("已被替换" in text, [each in text for each in (newer, record, table)]) == (True, [False] * 3)
    text = browser(planner).get(address).content.decode()
    assert [each in text for each in (newer, record, table)] == [True] * 3


@pytest.fixture
def redeclared(planner):
    """A figure of a ledger whose indicator was changed since, and the one that stands."""
    declarations.declare_table(planner, LEDGER, BODY)
    declarations.declare_indicator(planner, LARGE, RULE)
    batches.receive(planner, declarations.catalog().tables[LEDGER], "一.csv", ROWS.encode(), HALF)
    [old] = refresh(declarations.catalog(), [key(LARGE)]).values()
    declarations.declare_indicator(planner, LARGE, RULE | {"where": "staff > 8"}, "改口径", 1)
    [new] = refresh(declarations.catalog(), [key(LARGE)]).values()
    old.refresh_from_db()
    return old, new


def test_a_figure_is_explained_and_counted_by_the_rule_of_its_time(planner, redeclared):
    for one, value, rule in zip(redeclared, ("2", "1"), ("人数超过5", "人数超过8"), strict=True):
        told = browser(planner).get(reverse("figure-json", args=[one.pk])).json()
        assert (told["value"], told["counted"], told["behind"]["count"]) == (value, int(value), int(value))
        assert dict(told["how"]["said"])["数哪些记录"] == rule
        assert again(declarations.catalog(), one) == figures.counted(one)


def test_another_districts_ledger_is_neither_named_nor_counted(redeclared):
    client, before = browser(made.user("neighbour", area=made.NEIGHBOUR)), made.everything()
    assert LARGE not in dict(client.get(reverse("figures-json")).json()["indicators"])
    for area in (made.NEIGHBOUR, "110000"):
        answer = client.get(reverse("figure-at"), {"indicator": LARGE, "area": area, "period": "2025H1"})
        assert (answer.status_code, "没有指标" in answer.content.decode()) == (400, True)
    assert made.everything() == before


def test_a_figure_whose_indicator_is_gone_stays_to_be_read(planner, row, settings):
    settings.CATALOG = Catalog()
    client = browser(planner)
    assert "这个指标已不再使用" in client.get(reverse("figure", args=[row.pk])).content.decode()
    for answer in (client.get(reverse("figure-rows-csv", args=[row.pk])), client.post(reverse("figure-recount", args=[row.pk]))):
        assert (answer.status_code, "这个指标已不再使用" in answer.content.decode()) == (400, True)
    assert client.get(reverse("indicator", args=[CLEARED])).status_code == 302
