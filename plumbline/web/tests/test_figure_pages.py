"""Pages of figures: what they say, who sees them, and that looking is written down."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from plumbline.engine.refresh import refresh
from plumbline.kernel import Cite, Coverage
from plumbline.store import batches, figures
from plumbline.store.figures import Place
from plumbline.store.journal import Entry
from plumbline.store.models import Figure
from plumbline.store.tests import made
from plumbline.web.tests.world import drained

pytestmark = pytest.mark.django_db
HEAD = "地块编号,类别,所在区,街道乡镇,完成日期,面积\n"
PLOTS = (f"{HEAD}A1,拆违腾退,990101,甲街道,2025-02-01,12.5\nA2,拆违腾退,990101,乙街道,2025-03-01,7.25\n"
         "B1,留白增绿,990101,,2025-04-01,3\n")
CLEARED, GREENED = "programmes.land_cleared", "programmes.land_greened"


def key(indicator, period="2025H1", area=made.DISTRICT):
    return indicator, area, period, ()


@pytest.fixture
def planner():
    return made.user()


@pytest.fixture
def batch(planner):
    told = Coverage((made.DISTRICT,), date(2025, 1, 1), date(2025, 6, 30))
    return batches.receive(planner, settings.CATALOG.tables["programmes.plots"], "一.csv", PLOTS.encode(), told)


@pytest.fixture
def row(batch):
    return refresh(settings.CATALOG, [key(CLEARED)])[key(CLEARED)]


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def test_a_figure_says_how_it_was_counted_and_from_which_rows(planner, row):
    told = browser(planner).get(reverse("figure-json", args=[row.pk])).json()
    assert (told["words"], told["value"], told["counted"], told["missing"]) == ("19.8公顷", "19.75", 2, "")
    assert dict(told["how"]["said"])["数哪些记录"] == "类别是“拆违腾退”"
    assert "\"kind\" = '拆违腾退'" in told["how"]["sql"]
    assert told["behind"]["count"] == 2
    assert [each["cells"][0]["words"] for each in told["behind"]["rows"]] == ["A1", "A2"]
    page = browser(planner).get(reverse("figure", args=[row.pk])).content.decode()
    assert "19.8公顷" in page
    assert "背后的记录" in page


def test_rows_go_out_as_a_file_of_as_many_lines(planner, row):
    told = drained(browser(planner).get(reverse("figure-rows-csv", args=[row.pk]))).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(told)))
    assert [(line[0], line[-1]) for line in lines] == [("地块编号", "计入"), ("A1", "12.5"), ("A2", "7.25")]


def test_missing_figures_say_why_and_what_to_do(planner, batch):
    late = key(CLEARED, "2025Q3")
    page = browser(planner).get(f"{reverse('figure-at')}?indicator={CLEARED}&area={made.DISTRICT}&period=2025Q3", follow=True)
    found = figures.current(*late[:3])
    assert (found.value, found.missing) == ("", "not received")
    assert "没有收到（或没有收全）数据" in page.content.decode()
    assert "补报" in page.content.decode()


def test_a_figure_is_never_older_than_the_click(planner, batch, row):
    told = Coverage((made.DISTRICT,), date(2025, 1, 1), date(2025, 6, 30))
    batches.receive(planner, settings.CATALOG.tables["programmes.plots"], "二.csv", PLOTS.replace("7.25", "7.75").encode(), told,
                    replaces=batch, why="面积填错")
    page = browser(planner).get(reverse("figure", args=[row.pk]), follow=True)
    now = figures.current(*key(CLEARED)[:3])
    assert page.redirect_chain == [(reverse("figure", args=[now.pk]), 302)]
    assert (now.value, now.replaces_id) == ("20.2500", row.pk)
    old = browser(planner).get(reverse("figure", args=[row.pk])).content.decode()
    assert "已被替换" in old
    assert "7.25" in old


def test_looking_at_rows_is_written_down_once_a_session(planner, row):
    client = browser(planner)
    for _ in range(3):
        client.get(reverse("figure", args=[row.pk]))
    looks = Entry.objects.filter(action="figure.rows")
    assert [(one.who, one.key) for one in looks] == [("planner", str(row.pk))]


def test_counting_again_says_it_is_the_same(planner, row):
    page = browser(planner).post(reverse("figure-recount", args=[row.pk]), follow=True)
    assert "结果与公布的数完全相同" in page.content.decode()


@pytest.fixture
def printed(planner, row):
    """A published report of the district that prints the figure."""
    document = made.document(planner, published=True)
    at = made.TEXT.index("68家")
    with transaction.atomic():
        cite = Cite(0, 3, CLEARED, CLEARED, "腾退土地", made.DISTRICT, "2025H1", Decimal(row.value), "公顷", figures=(row.pk,))
        figures.cite(document, [Place(cite, at, at + 3, "退出一般制造业企业68家。", 1)])
    return document


def test_a_deputy_sees_printed_figures_and_no_others(printed, row):
    other = refresh(settings.CATALOG, [key(GREENED)])[key(GREENED)]
    client = browser(made.user("deputy", "deputy"))
    assert client.get(reverse("figure", args=[row.pk])).status_code == 200
    assert client.get(reverse("figure", args=[other.pk])).status_code == 403
    assert client.get(reverse("figure-at"), {"indicator": GREENED, "area": made.DISTRICT, "period": "2025H1"}).status_code == 403
    assert client.get(reverse("figures-json")).json()["list"]["count"] == 1
    before = made.everything()
    for name in ("figure-districts",):
        assert client.post(reverse(name, args=[row.pk])).status_code == 403
    assert made.everything() == before


@pytest.mark.parametrize("name", ["figure", "figure-json", "figure-rows-csv", "figure-rows-xlsx"])
def test_another_district_sees_nothing_of_an_unpublished_figure(name, row):
    client = browser(made.user("neighbour", area=made.NEIGHBOUR))
    before = made.everything()
    answer = client.get(reverse(name, args=[row.pk]))
    assert answer.status_code == 403
    assert "19.75" not in drained(answer).decode()
    for name in ("figure-recount", "figure-districts"):
        assert client.post(reverse(name, args=[row.pk])).status_code == 403
    after = made.everything()
    assert {one: rows for one, rows in after.items() if rows != before[one]} == {}


def test_a_stranger_is_sent_to_sign_in(row):
    for name in ("figure", "figure-rows-csv"):
        assert Client().get(reverse(name, args=[row.pk])).url.startswith(reverse("sign-in"))


def test_what_is_no_period_or_no_indicator_is_told(planner, batch):
    client = browser(planner)
    answer = client.get(reverse("figure-at"), {"indicator": "programmes.absent", "area": made.DISTRICT, "period": "去年"})
    assert answer.status_code == 400
    assert "没有指标「programmes.absent」" in answer.content.decode()
    assert "不是时期" in answer.content.decode()
    assert Figure.objects.count() == 0


def test_a_list_of_many_figures_asks_as_often_as_one_of_few(planner, row, django_assert_max_num_queries):
    client = browser(planner)
    client.get(reverse("figures"))
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("figures"))
    refresh(settings.CATALOG, [key(indicator, f"2025-{month:02}") for indicator in (CLEARED, GREENED) for month in range(1, 7)])
    with django_assert_max_num_queries(len(few)):
        assert client.get(reverse("figures-json")).json()["list"]["count"] == 13


def test_districts_of_a_city_are_counted_and_ranked(planner, batch):
    city = made.user("city", area=made.CITY)
    whole = key(CLEARED, area=made.CITY)
    row = refresh(settings.CATALOG, [whole])[whole]
    client = browser(city)
    client.post(reverse("figure-districts", args=[row.pk]))
    told = client.get(reverse("figure-json", args=[row.pk])).json()
    assert [(one["name"], one["words"], one["place"]) for one in told["districts"]] == [("云溪区", "19.8公顷", 1)]
    assert told["may_count"] is True
    district = Figure.objects.get(indicator=CLEARED, area=made.DISTRICT, period=row.period)
    assert client.get(reverse("figure-json", args=[district.pk])).json()["may_count"] is False
