"""The invented half-year has the published rates, at any scale, for the city; and its parts differ."""

from collections import Counter
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest

from plumbline.engine import compute
from plumbline.engine.groups import grouped, over
from plumbline.kernel import AREAS, load
from plumbline.kernel.comparison import Basis
from plumbline.kernel.printing import printed_amount
from plumbline.reports.writing.law import law_two
from plumbline.reports.writing.writer import attempt
from plumbline.store.tests import laid
from plumbline.systems.hotline import demo
from plumbline.systems.hotline.city import streets
from plumbline.systems.hotline.months import shared
from plumbline.systems.hotline.planted import HOT
from plumbline.systems.hotline.taxonomy import classes

CITY = "110000"
CATALOG = load([Path(demo.__file__).parent])
PUBLISHED = {("solved", "2020-01"): "71.2%", ("solved", "2020-06"): "82.3%",
             ("satisfied", "2020-01"): "87.9%", ("satisfied", "2020-06"): "91.1%"}


def one(name):
    return CATALOG.indicators[f"hotline.{name}"]


@pytest.fixture(scope="module", params=[1, 3])
def held(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(f"requests{request.param}")
    return request.param, laid.all_inputs(CATALOG.tables, demo.cuts(request.param), folder)


def printed(figure, name):
    return printed_amount(figure.value, "%", one(name).decimals).text


def test_the_four_published_rates_are_counted_from_requests(held):
    _, inputs = held
    for (name, month), text in PUBLISHED.items():
        [figure] = compute(CATALOG, [one(name)], month, [CITY], inputs)
        assert printed(figure, name) == text


def test_exact_counts_grow_with_the_scale(held):
    scale, inputs = held
    [solved] = compute(CATALOG, [one("solved")], "2020-01", [CITY], inputs)
    assert (solved.top, solved.bottom, solved.unknown) == (445 * scale, 625 * scale, 15 * scale)
    [received] = compute(CATALOG, [one("received")], "2020H1", [CITY], inputs)
    assert received.value == 6000 * scale


def test_rates_rise_month_by_month(held):
    _, inputs = held
    months = [f"2020-0{month}" for month in range(1, 7)]
    found = over(CATALOG, [one("solved"), one("satisfied"), one("responded")], months, inputs, CITY)
    for at in range(3):
        values = [found["", month][at].value for month in months]
        assert values == sorted(values)
        assert len(set(values)) == 6


def test_every_district_and_street_has_requests_and_they_differ(held):
    scale, inputs = held
    groups = grouped(CATALOG, [one("solved")], "2020H1", inputs, CITY, "street")
    assert set(groups) == {street.code for street in streets()}
    assert len(groups) == 349
    assert len({figure.value for [figure] in groups.values()}) > 30
    districts = [area.code for area in AREAS if area.code.startswith("11") and area.code != CITY]
    values = [figure.value for figure in compute(CATALOG, [one("solved")], "2020H1", districts, inputs)]
    assert len(set(values)) == 16
    assert min(values) > Decimal("0.6")
    assert max(values) < Decimal("0.95")
    assert sum(figure.counted for [figure] in groups.values()) == 5070 * scale


def test_one_altered_request_changes_the_rate(tmp_path):
    rows = list(next(iter(demo.cuts()))[3])
    at = next(at for at, row in enumerate(rows) if row["closed_on"].month == 1 and row["solved"] and row["reached"])
    rows[at] = rows[at] | {"solved": False}
    table = CATALOG.tables["hotline.requests"]
    inputs = {table.key: laid.inputs_of(table, [(next(iter(demo.cuts()))[2], rows)], tmp_path)}
    [solved] = compute(CATALOG, [one("solved")], "2020-01", [CITY], inputs)
    assert (solved.top, printed(solved, "solved")) == (444, "71%")


def test_a_strike_out_leaves_both_sides_of_the_rate(tmp_path):
    rows = list(next(iter(demo.cuts()))[3])
    at = next(at for at, row in enumerate(rows) if row["closed_on"].month == 1 and row["solved"] is False and not row["struck"])
    rows[at] = rows[at] | {"struck": True, "struck_for": "不合理"}
    table = CATALOG.tables["hotline.requests"]
    inputs = {table.key: laid.inputs_of(table, [(next(iter(demo.cuts()))[2], rows)], tmp_path)}
    [solved] = compute(CATALOG, [one("solved")], "2020-01", [CITY], inputs)
    assert (solved.top, solved.bottom) == (445, 624)


@pytest.mark.parametrize("key", sorted(CATALOG.sentences))
def test_every_sentence_can_be_said_and_reads_back(key, held):
    scale, inputs = held
    if scale > 1:
        return
    basis = Basis(CATALOG.indicators, lambda indicator, area, period, cell: compute(
        CATALOG, [CATALOG.indicators[indicator]], period, [area], inputs, cell)[0])
    sentence = CATALOG.sentences[key]
    area = "110112" if key == "hotline.against" else CITY
    said = attempt(sentence, basis, area, "2020H1").text
    assert said
    if key == "hotline.rates":
        assert "诉求解决率由71.2%上升到82.3%，群众满意率由87.9%上升到91.1%" in said
    assert law_two(sentence, basis, area, "2020H1") == []


def test_requests_come_in_the_order_of_their_numbers_and_say_they_are_invented():
    rows = list(next(demo.orders())[1])
    assert [row["number"] for row in rows] == [f"SQ2020{number:06}" for number in range(1, 6001)]
    days = [row["opened_at"].date() for row in rows]
    assert days == sorted(days)
    assert all("模拟" in row["text"] and "模拟" in row["title"] for row in rows[::97])
    assert all(row["opened_at"] < row["closed_at"] for row in rows)
    offices = {office["name"] for office in demo.offices()}
    assert {row["office"] for row in rows} <= {*offices, None}
    assert {row["topic"] for row in rows} <= {known.label for known in classes()}
    assert rows == list(next(demo.orders())[1])


def test_more_people_call_on_weekdays_and_in_the_morning():
    rows = list(next(demo.orders())[1])
    hours, week = Counter(row["opened_at"].hour for row in rows), Counter(row["opened_at"].weekday() for row in rows)
    assert hours[9] > 4 * hours[2]
    assert week[0] > week[6]


def test_hot_spots_are_planted_and_fall_away_after_their_remedy():
    rows = list(next(demo.orders())[1])
    for hot in HOT:
        mine = Counter(row["opened_at"].month for row in rows if row["fields"]["spot"] == hot.spot)
        assert [mine[month] for month in range(1, 7)] == list(hot.months)
        if hot.remedy_on:
            assert mine[hot.remedy_on.month + 1] * 3 <= mine[hot.remedy_on.month - 1]


def test_a_city_of_any_size_is_made_while_it_is_read():
    assert next(iter(islice(next(demo.orders(40))[1], 1)))["number"] == "SQ2020000001"


def test_nothing_is_lost_when_a_number_is_shared_out():
    assert shared(7, [3, 0, 5, 1]) == [2, 0, 4, 1]
    assert all(given <= weight for given, weight in zip(shared(9, [3, 0, 5, 1]), [3, 0, 5, 1], strict=True))


def test_offices_are_named_once_and_each_street_has_its_own():
    made = list(demo.offices())
    assert len({(office["name"], office["area"]) for office in made}) == len(made)
    assert {office["place"] for office in made if office["kind"] == "street"} == {street.code for street in streets()}
    assert Counter(office["kind"] for office in made)["district"] == 16
