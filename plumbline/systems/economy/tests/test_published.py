"""The invented deliveries hold the published figures; what the reports say of them is made from figures alone."""

from decimal import Decimal

import pytest
from django.conf import settings

from plumbline.engine import compute
from plumbline.kernel import Figure
from plumbline.kernel.comparison import Basis
from plumbline.kernel.ref import ref
from plumbline.reports.writing import write
from plumbline.store.tests import laid
from plumbline.systems.economy import demo

CITY, TOWN, HALF, QUARTER = "110000", "110112", "2020H1", "2020Q1"
# item, area, half-year: level in the unit itself, then growth in %
PUBLISHED = (
    ("gdp", CITY, "1620560000000", "-3.2"), ("primary", CITY, "4040000000", "-20.8"),
    ("secondary", CITY, "240480000000", "-4.2"), ("tertiary", CITY, "1376040000000", "-3.0"),
    ("industry", CITY, None, "-3.7"), ("electronics", CITY, None, "15.2"), ("high_technology", CITY, None, "3.2"),
    ("emerging", CITY, None, "-1.1"), ("finance", CITY, None, "5.7"), ("information", CITY, None, "8.3"),
    ("investment", CITY, None, "-1.5"), ("property", CITY, None, "4.0"), ("consumption", CITY, None, "-13"),
    ("retail", CITY, None, "-16.3"), ("online_retail", CITY, "189920000000", "25.8"), ("online_education", CITY, None, "29"),
    ("revenue", CITY, "282360000000", "-11"), ("income", CITY, "34573", "2.1"),
    ("revenue", TOWN, "4859000000", "-7.4"), ("investment", TOWN, None, "0.9"), ("construction", TOWN, None, "2.4"),
    ("retail", TOWN, "23850000000", "-17.1"), ("income", TOWN, "23184", "3.4"), ("industry_output", TOWN, None, "-13.2"),
    ("bank_tax", TOWN, "370000000", "50.9"), ("loans", TOWN, None, "18.1"), ("homes_sold", TOWN, "462000", "52.5"),
    ("housing_sold", TOWN, None, "-46.3"), ("shops_sold", TOWN, None, "1000"), ("new_firms", TOWN, "7938", "3"),
    ("new_capital", TOWN, None, "156"), ("jobs", TOWN, "6487", "-29.8"), ("aid_funds", TOWN, "79860000", "30.8"),
)
FIRST_QUARTER = (
    ("gdp", CITY, "746220000000", "-6.6"), ("retail", CITY, "271650000000", "-21.5"),
    ("online_retail", CITY, "80740000000", "15.9"), ("finance", CITY, None, "5.5"),
    ("prices", CITY, None, "3.8"), ("industry", CITY, None, "-14.7"),
)
# what is made from two figures: ref, area, value
COMPARED = (
    ("gdp_growth|narrowing:quarter", CITY, "0.034"), ("investment_growth|narrowing:quarter", CITY, "0.056"),
    ("industry_growth|narrowing:quarter", CITY, "0.11"), ("cars_growth|narrowing:quarter", CITY, "0.27"),
    ("finance_growth|narrowing:quarter", CITY, "0.002"), ("information_growth|narrowing:quarter", CITY, "0.048"),
    ("online_retail_growth|narrowing:quarter", CITY, "0.099"), ("retail_growth|narrowing:quarter", TOWN, "0.057"),
    ("industry_output_growth|narrowing:quarter", TOWN, "0.095"), ("income_growth|against:city", TOWN, "0.013"),
    ("loans_growth|against:city", TOWN, "0.092"), ("new_firms|rank", TOWN, "3"), ("new_firms_growth|rank", TOWN, "3"),
    ("new_capital|rank", TOWN, "1"), ("new_capital_growth|rank", TOWN, "1"), ("construction|rank", TOWN, "1"),
)
SAID = (
    ("gdp_narrowing", CITY, "地区生产总值同比下降3.2%，降幅较一季度收窄3.4个百分点。"),
    ("revenue", TOWN, "一般公共预算收入48.59亿元，同比下降7.4%。"),
    ("revenue", CITY, "一般公共预算收入2823.6亿元，同比下降11%。"),
    ("income_against", TOWN, "居民人均可支配收入23184元，同比增长3.4%，高于全市1.3个百分点。"),
    ("new_firms", TOWN, "新设企业7938家，同比增长3%，总量居全市第三，增速居全市第三。"),
    ("unemployment", TOWN, "城镇登记失业率为2.96%。"),
)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """The demo, laid down."""
    return laid.all_inputs(settings.CATALOG.tables, demo.deliveries(2), tmp_path_factory.mktemp("economy"))


@pytest.fixture(scope="module")
def basis(inputs):
    """Every figure a sentence may ask for, counted once."""
    indicators = {key: one for key, one in settings.CATALOG.indicators.items() if key.startswith("economy.")}
    kept = {}

    def figure(indicator: str, area: str, period: str, cell=()) -> Figure:
        if period not in kept:
            found = compute(settings.CATALOG, list(indicators.values()), period, [CITY, TOWN, *demo.OTHERS], inputs)
            kept[period] = {(one.indicator, one.area): one for one in found}
        return kept[period][indicator, area]
    return Basis(indicators, figure)


def told(rows, basis, period):
    """Levels and growth of these, as counted."""
    return [(name, area, level and basis.figure(f"economy.{name}", area, period).value,
             basis.figure(f"economy.{name}_growth", area, period).value) for name, area, level, _ in rows]


def wanted(rows):
    return [(name, area, level and Decimal(level), Decimal(growth) / 100) for name, area, level, growth in rows]


def test_every_published_level_and_growth_is_counted_exactly(basis):
    assert told(PUBLISHED, basis, HALF) == wanted(PUBLISHED)
    assert told(FIRST_QUARTER, basis, QUARTER) == wanted(FIRST_QUARTER)
    assert basis.figure("economy.unemployment", TOWN, HALF).value == Decimal("0.0296")
    assert basis.figure("economy.industry_quarter_growth", CITY, "2020Q2").value == Decimal("0.074")


def test_what_is_compared_comes_out_as_published(basis):
    found = [(text, area, basis(ref(f"economy.{text}").at(area, HALF)).value) for text, area, _ in COMPARED]
    assert found == [(text, area, Decimal(value)) for text, area, value in COMPARED]


@pytest.mark.parametrize(("key", "area", "text"), SAID)
def test_sentences_say_it_as_the_genre_does(basis, key, area, text):
    sentence = settings.CATALOG.sentences[f"economy.{key}"]
    assert write(sentence, lambda one: basis(one), area, HALF).text == text


def test_published_growth_is_not_the_growth_of_the_levels(basis):
    grown = basis(ref("economy.gdp|yoy").at(CITY, HALF)).value
    published = basis.figure("economy.gdp_growth", CITY, HALF).value
    assert published == Decimal("-0.032")
    assert round(grown, 4) == Decimal("-0.0173")


def test_a_growth_of_parts_is_no_growth_of_the_whole(inputs):
    one = settings.CATALOG.indicators["economy.new_firms_growth"]
    found = compute(settings.CATALOG, [one], HALF, [CITY], inputs)
    assert found[0].value is None


def test_an_older_number_does_not_stand_for_a_later_period(inputs):
    one = settings.CATALOG.indicators["economy.gdp"]
    found = compute(settings.CATALOG, [one], "2020Q2", ["110105"], inputs)
    assert found[0].value is None


def test_more_rows_change_no_published_figure(inputs):
    assert inputs["economy.main"].files[1].rows == 2 * len(list(list(demo.deliveries())[1][3]))


def test_every_row_says_that_it_is_invented():
    for _, name, _, rows in demo.deliveries(2):
        assert name.startswith("模拟数据")
        assert all(demo.MARK in row["scope"] for row in rows)
