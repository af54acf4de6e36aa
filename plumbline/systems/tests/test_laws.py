"""The six laws of figures, on every indicator and every sentence of every installed system.

The rows are those of each system's own demo.
"""

import importlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings

from plumbline.engine import Page, Sight, compute, rows_behind, trace, using
from plumbline.kernel import AREAS, CITY, Coverage, Inputs, inside, settle
from plumbline.kernel.comparison import Basis
from plumbline.kernel.figure import NO_DENOMINATOR, NOT_ADDED, NOT_RECEIVED
from plumbline.reports.writing.law import law_two
from plumbline.reports.writing.writer import attempt
from plumbline.store.tests import laid

CATALOG = settings.CATALOG
HALF, LONG_AGO = "2020H1", "1998H1"
DISTRICTS = tuple(area.code for area in AREAS if inside(area.code, CITY.code) and area != CITY)
PLACES = (CITY.code, *DISTRICTS)
EVERY_INDICATOR = sorted(CATALOG.indicators)
EVERY_SENTENCE = sorted(CATALOG.sentences)


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """What the demos of all systems deliver, table by table."""
    found = {}
    for key in settings.SYSTEMS:
        demo = importlib.import_module(f"plumbline.systems.{key}.demo")
        # of orders, the rows that are cut of them
        rows = [*demo.deliveries(), *(demo.cuts() if hasattr(demo, "cuts") else ())]
        found |= laid.all_inputs({name: table for name, table in CATALOG.tables.items() if name.startswith(f"{key}.")},
                                 rows, tmp_path_factory.mktemp(key))
    return found


def count(indicators, areas, inputs, period=HALF):
    """Figures by indicator and area."""
    return {(one.indicator, one.area): one for one in compute(CATALOG, indicators, period, areas, inputs)}


@pytest.fixture(scope="module")
def counted(held):
    """Every figure of the half-year, city and districts."""
    return count(list(CATALOG.indicators.values()), PLACES, held)


def test_there_are_indicators_and_sentences_to_keep_the_laws():
    assert len(EVERY_INDICATOR) > 60
    assert len(EVERY_SENTENCE) > 50
    assert {key.split(".")[0] for key in EVERY_INDICATOR} == set(settings.SYSTEMS)


def nothing(told: Inputs, *coverage: Coverage) -> dict[str, Inputs]:
    """A table without a row."""
    return {told.table.key: replace(told, files=(), coverage=coverage)}


@pytest.mark.parametrize("key", EVERY_INDICATOR)
def test_law_one_covered_and_empty_not_covered_and_no_denominator_are_three(key, held):
    one = CATALOG.indicators[key]
    everywhere = Coverage((CITY.code,), date(1990, 1, 1), date(2030, 1, 1))
    [empty] = compute(CATALOG, [one], HALF, [CITY.code], nothing(held[one.table], everywhere))
    [untold] = compute(CATALOG, [one], HALF, [CITY.code], nothing(held[one.table]))
    early = Coverage((CITY.code,), date(1990, 1, 1), date(1990, 1, 2))
    [late] = compute(CATALOG, [one], HALF, [CITY.code], nothing(held[one.table], early))
    assert (untold.value, untold.missing) == (late.value, late.missing) == (None, NOT_RECEIVED)
    if not one.adds:
        assert (empty.value, empty.missing) == (None, NOT_ADDED)
    elif one.kind in ("share", "mean"):
        assert (empty.value, empty.missing) == (None, NO_DENOMINATOR)
    else:
        assert (empty.value, empty.missing, empty.counted) == (Decimal(0), "", 0)


@pytest.fixture(scope="module")
def basis(held):
    """Figures of any period, for a writer."""
    known = {}

    def figure(indicator, area, period, cell):
        key = (indicator, area, period, cell)
        if key not in known:
            [known[key]] = compute(CATALOG, [CATALOG.indicators[indicator]], period, [area], held, cell)
        return known[key]

    return Basis(CATALOG.indicators, figure, target=lambda *_: Decimal(1000))


@pytest.mark.parametrize("key", EVERY_SENTENCE)
def test_law_two_what_is_written_is_read_back_and_any_changed_digit_is_found(key, basis):
    sentence = CATALOG.sentences[key]
    said = []
    for area in (CITY.code, "110112"):
        if attempt(sentence, basis, area, HALF).text:
            said.append(area)
            assert law_two(sentence, basis, area, HALF) == []
    assert said, "neither the city nor the district can say it from the demo"


@pytest.mark.parametrize("key", EVERY_INDICATOR)
def test_law_three_there_are_as_many_rows_behind_a_figure_as_it_counted(key, held, counted):
    one = CATALOG.indicators[key]
    for area in (CITY.code, "110112", "110105"):
        figure = counted[key, area]
        behind = rows_behind(CATALOG, one, area, HALF, held, Sight(Page(0, 1000)))
        assert behind.count == figure.counted
        assert len(behind.rows) == min(figure.counted, 1000)
        assert len({(row["file_"], row["row_"]) for row in behind.rows}) == len(behind.rows)
        if figure.counted <= 1000 and one.kind in ("sum", "latest") and not figure.missing:
            assert sum(row["summand_"] for row in behind.rows) == figure.value
        if figure.counted <= 1000 and one.kind == "share" and not figure.missing:
            assert sum(row["passed_"] for row in behind.rows) == figure.top


def test_law_three_holds_for_the_trace_of_all_rows_at_once(held, counted, tmp_path):
    for table in sorted(CATALOG.tables):
        these = CATALOG.of_table(table)
        if these:
            traced = trace(CATALOG, these, HALF, PLACES, held, tmp_path)
            wrong = [(one.key, area) for one in these for area in PLACES
                     if traced.counted(one, area) != counted[one.key, area].counted]
            assert wrong == []


@pytest.mark.slow
def test_law_four_duckdb_and_spark_give_equal_figures(held, counted, spark_engine):
    with using(spark_engine):
        again = count(list(CATALOG.indicators.values()), PLACES, held)
    assert again == counted


def test_law_five_the_same_batches_give_the_same_figures(held, counted):
    turned = {key: replace(one, files=one.files[::-1]) for key, one in held.items()}
    assert count(list(CATALOG.indicators.values())[::-1], PLACES[::-1], turned) == counted


@pytest.mark.parametrize("key", [key for key in EVERY_INDICATOR if CATALOG.indicators[key].adds])
def test_law_six_districts_add_up_to_the_city(key, held, counted):
    one, whole = CATALOG.indicators[key], counted[key, CITY.code]
    [own] = compute(CATALOG, [replace(one, adds=False)], HALF, [CITY.code], held)
    parts = [counted[key, area] for area in DISTRICTS] + ([] if own.missing == NOT_ADDED else [own])
    assert whole.counted == sum(part.counted for part in parts)
    assert whole.unknown == sum(part.unknown for part in parts)
    if one.kind == "distinct":
        return
    top = sum((part.top for part in parts if part.top is not None), Decimal(0))
    bottom = sum((part.bottom for part in parts if part.bottom is not None), Decimal(0))
    assert (whole.value, whole.missing) == settle(one.kind, top, bottom)
