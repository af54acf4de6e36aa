"""The invented ledgers yield the published figures, and n times as many rows yield the same rates."""

from decimal import Decimal

import pytest
from django.conf import settings

from plumbline.engine import compute
from plumbline.kernel.printing import printed_amount
from plumbline.store.tests import laid
from plumbline.systems.programmes import demo

CITY, TOWN, HALF = "110000", "110112", "2020H1"
# indicator, area, value: the numbers both reports print for P4, P11, P12, and the greening beside them
PUBLISHED = (
    ("firms_done", CITY, 68), ("firms_listed", CITY, 90), ("outlets_done", CITY, 645), ("outlets_listed", CITY, 1000),
    ("markets_listed", CITY, 66), ("land_cleared", CITY, "1555.7"), ("land_greened", CITY, "870.2"), ("planted", CITY, 132_700),
    ("science_tasks", CITY, 223), ("opening_tasks", CITY, 177), ("innovation_done", CITY, 52), ("business_rules_done", CITY, 37),
    ("business_rules_left", CITY, 24), ("free_trade_tasks", CITY, 81),
    ("opening_tasks", TOWN, 78), ("open_pool_projects", TOWN, 18), ("business_tasks", TOWN, 18), ("business_aspects", TOWN, 10),
    ("livelihood_projects", TOWN, 141), ("small_projects", TOWN, 79), ("small_in_use", TOWN, 13), ("old_town_tasks", TOWN, 95),
    ("old_town_resumed", TOWN, 13), ("old_town_started", TOWN, 10), ("north_tasks", TOWN, 15), ("traffic_tasks", TOWN, 40),
    ("outlets_done", TOWN, 92), ("outlets_listed", TOWN, 120), ("garden_projects", TOWN, 18), ("greenery", TOWN, 15_000),
)
# shares: exact, and as the reports print them where they do
SHARES = (
    ("firms_done_share", CITY, Decimal(68) / 90, "75.6%"), ("outlets_done_share", CITY, Decimal("0.645"), "64.5%"),
    ("opening_done_share", CITY, Decimal(167) / 177, "94%"), ("opening_plan_done_share", CITY, Decimal("0.64"), "64%"),
    ("business_rules_done_share", CITY, Decimal(37) / 61, "61%"), ("chain_share", TOWN, Decimal("0.53"), "53%"),
    ("small_in_use_share", TOWN, Decimal(13) / 79, "16.5%"),
)


@pytest.fixture(scope="module", params=[1, 3])
def counted(request, tmp_path_factory):
    """Scale, and a way to count any indicator on it."""
    catalog, folder = settings.CATALOG, tmp_path_factory.mktemp(f"programmes{request.param}")
    inputs = laid.all_inputs(catalog.tables, demo.deliveries(request.param), folder)
    indicators = [one for key, one in catalog.indicators.items() if key.startswith("programmes.")]

    def figures(areas, period=HALF):
        found = compute(catalog, indicators, period, areas, inputs)
        return {(one.indicator.partition(".")[2], one.area): one for one in found}
    return request.param, figures


def test_every_published_figure_is_counted_exactly(counted):
    scale, figures = counted
    found = figures((CITY, TOWN))
    wanted = {(name, area): Decimal(value) * (1 if name == "business_aspects" else scale) for name, area, value in PUBLISHED}
    assert {key: found[key].value for key in wanted} == wanted


def test_rates_are_the_published_ones_at_any_size(counted):
    _, figures = counted
    found, indicators = figures((CITY, TOWN)), settings.CATALOG.indicators
    assert [found[name, area].value for name, area, _, _ in SHARES] == [value for _, _, value, _ in SHARES]
    assert [printed_amount(found[name, area].value, "%", indicators[f"programmes.{name}"].decimals).text
            for name, area, _, _ in SHARES] == [text for _, _, _, text in SHARES]


def test_every_indicator_has_a_figure_for_the_city_or_the_district(counted):
    _, figures = counted
    found = figures((CITY, TOWN))
    assert {name for name, _ in found if found[name, TOWN].missing and found[name, CITY].missing} == set()


def test_districts_add_up_to_the_city(counted):
    _, figures = counted
    found = figures((CITY, *demo.DISTRICTS))
    adding = [name for name, area in found if area == CITY
              and settings.CATALOG.indicators[f"programmes.{name}"].adds and found[name, CITY].bottom is None]
    assert len(adding) > 20
    for name in adding:
        assert found[name, CITY].top == sum(found[name, area].top for area in demo.DISTRICTS), name


def test_the_half_year_before_is_not_told(counted):
    _, figures = counted
    found = figures((CITY,), "2019H1")
    assert found["firms_done", CITY].missing == "not received"


def test_nothing_has_a_real_name():
    for _, name, _, rows in demo.deliveries():
        assert name.startswith("模拟数据")
        texts = {key: str(value) for key, value in next(iter(rows)).items()}
        assert any(demo.MARK in text for text in texts.values()), name


def test_a_demo_is_made_while_it_is_read():
    made = next(iter(demo.deliveries(1_000_000)))
    assert next(iter(made[3]))["number"] == "模拟00000001"


def test_the_same_seed_makes_the_same_rows():
    def told():
        return [list(rows)[:50] for _, _, _, rows in demo.deliveries(1, 7)]
    assert told() == told()
