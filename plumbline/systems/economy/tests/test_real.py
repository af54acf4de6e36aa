"""A real table of published figures goes through the same door: a small mapping, `receive`, `compute`."""

import csv
import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

import plumbline
from plumbline.engine import compute
from plumbline.kernel import Coverage
from plumbline.kernel.period import span
from plumbline.store import batches
from plumbline.store.tests import made

SHARED = Path(os.environ.get("PLUMBLINE_SHARED", Path(plumbline.__file__).parents[2] / "shared"))
TABLE = SHARED / "data" / "stats" / "beijing-2020-official.csv"
CITY = "110000"
COVERED = Coverage((CITY,), span("2019")[0], span("2020")[1])
NAMES = {"限额以上批发零售业、住宿餐饮业网上零售额": "限额以上网上零售额"}
pytestmark = [pytest.mark.django_db,
              pytest.mark.skipif(not TABLE.is_file(), reason=f"{TABLE} is absent; set PLUMBLINE_SHARED to run this")]


def told():
    """The table's rows."""
    with TABLE.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def delivered(row):
    """A row as `economy.main` has it; what is said of a quarter alone is 当季, all else runs since January."""
    alone = row["period"][4:] in ("Q2", "Q3", "Q4")
    given = {"item": NAMES.get(row["indicator"], row["indicator"]), "area": CITY, "revision": "初步",
             "ended_on": span(row["period"])[1].isoformat(), "basis": "当季" if alone else "累计",
             "level": row["value"], "unit": row["unit"], "growth": row["yoy_percent"]}
    return {key: value for key, value in given.items() if value}


@pytest.fixture
def planner():
    return made.user(area=CITY)


def receive(planner, rows, **told_with):
    data = "\n".join(json.dumps(delivered(row), ensure_ascii=False) for row in rows).encode()
    table = settings.CATALOG.tables["economy.main"]
    return batches.receive(planner, table, "指标.jsonl", data, COVERED, **told_with)


def value(key, period):
    """A figure of the city."""
    catalog = settings.CATALOG
    table = catalog.tables["economy.main"]
    [found] = compute(catalog, [catalog.indicators[f"economy.{key}"]], period, [CITY], {table.key: batches.inputs(table)})
    return found.value


def test_a_real_table_is_received_whole_and_counted(planner):
    rows = told()
    assert receive(planner, rows).rows == len(rows) >= 30
    assert value("gdp", "2020H1") == Decimal("1620560000000")
    assert value("gdp_growth", "2020Q1") == Decimal("-0.066")
    assert value("gdp_growth", "2020") == Decimal("0.012")
    assert value("industry_quarter_growth", "2020Q2") == Decimal("0.074")
    assert value("prices_growth", "2020Q1") == Decimal("0.038")
    assert value("income", "2020H1") == 34573
    assert value("online_retail_growth", "2020H1") == Decimal("0.258")


def test_every_growth_it_prints_is_the_growth_counted(planner):
    rows = [row for row in told() if row["yoy_percent"]]
    receive(planner, told())
    labels = {one.label: key.partition(".")[2] for key, one in settings.CATALOG.indicators.items() if key.startswith("economy.")}
    tried = 0
    for row in rows:
        name = NAMES.get(row["indicator"], row["indicator"])
        quarter = row["period"].endswith("Q2")
        key = labels.get(f"{name}当季增速" if quarter else f"{name}增速")
        if key:
            tried += 1
            assert value(key, row["period"]) == Decimal(row["yoy_percent"]) / 100, row
    assert tried >= 25


def test_a_revision_replaces_with_a_reason_and_both_stay(planner):
    rows = told()
    first = receive(planner, rows)
    revised = [row | ({"value": "16210.0"} if (row["indicator"], row["period"]) == ("地区生产总值", "2020H1") else {})
               for row in rows]
    second = receive(planner, revised, replaces=first, why="统计部门修订")
    assert value("gdp", "2020H1") == Decimal("1621000000000")
    first.refresh_from_db()
    assert (first.state, second.replaces_id, second.reason) == ("replaced", first.pk, "统计部门修订")
