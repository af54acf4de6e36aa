"""The invented ledgers through the doors people use: registers taken in, deliveries received, figures counted."""

from decimal import Decimal

import pytest
from django.conf import settings

from plumbline.engine import compute
from plumbline.store import batches, registers
from plumbline.store.models import Batch, Entry, Item
from plumbline.store.tests import laid, made
from plumbline.systems.programmes import demo
from plumbline.systems.programmes.tests.test_published import HALF, PUBLISHED, SHARES

pytestmark = pytest.mark.django_db


def receive(planner, folder):
    """Everything the demo makes, handed in by somebody who may."""
    tables = settings.CATALOG.tables
    for key, name, coverage, rows in demo.deliveries():
        path = folder / f"{key}.parquet"
        laid.write(tables[key], rows, path, numbered=False)
        if tables[key].register:
            registers.take_in(planner, tables[key], f"{name}.parquet", path, "模拟")
        else:
            batches.receive(planner, tables[key], f"{name}.parquet", path, coverage, example=True)


@pytest.mark.slow
def test_every_published_figure_comes_out_of_the_store(tmp_path):
    planner = made.user(area="110000")
    receive(planner, tmp_path)
    catalog = settings.CATALOG
    inputs = {key: batches.inputs(table) for key, table in catalog.tables.items() if key.startswith("programmes.")}
    indicators = [one for key, one in catalog.indicators.items() if key.startswith("programmes.")]
    found = {(one.indicator.partition(".")[2], one.area): one.value
             for one in compute(catalog, indicators, HALF, ("110000", "110112"), inputs)}
    assert {(name, area): found[name, area] for name, area, _ in PUBLISHED} == {
        (name, area): Decimal(value) for name, area, value in PUBLISHED}
    assert [found[name, area] for name, area, _, _ in SHARES] == [value for _, _, value, _ in SHARES]
    assert Batch.objects.filter(example=True).count() == 2
    assert Entry.objects.filter(table="item").count() == Item.objects.count() == 7872


def test_one_changed_entry_changes_the_figure(tmp_path):
    planner = made.user(area="110000")
    table = settings.CATALOG.tables["programmes.projects"]
    [delivery] = [one for one in demo.deliveries() if one[0] == table.key]
    path = tmp_path / "projects.parquet"
    laid.write(table, delivery[3], path, numbered=False)
    registers.take_in(planner, table, "台账.parquet", path, "模拟")
    one = settings.CATALOG.indicators["programmes.small_in_use"]

    def value():
        return compute(settings.CATALOG, [one], HALF, ["110112"], {table.key: batches.inputs(table)})[0].value
    assert value() == 13
    entry = next(item for item in Item.objects.filter(table=table.key)
                 if item.values["programme"] == "小微项目惠民生" and item.values["state"] == "完工投用")
    registers.save(planner, table, entry.pk, entry.values | {"state": "在建", "done_on": None}, "核查未完工", entry.version)
    assert value() == 12
