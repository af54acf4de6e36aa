"""The two reports of the shared folder, held against what the systems count from their invented deliveries."""

import importlib
import os
from pathlib import Path

import pytest
from django.conf import settings

from plumbline.engine import compute
from plumbline.kernel import AGREES, DIFFERS
from plumbline.kernel.comparison import Basis
from plumbline.reports.holding import held
from plumbline.reports.reading.reader import read
from plumbline.store.tests import laid

REPORTS = Path(os.environ.get("PLUMBLINE_SHARED", "../shared")) / "reports"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def basis(tmp_path_factory):
    """Every figure the systems' demos yield."""
    if not REPORTS.is_dir():
        pytest.skip(f"{REPORTS} is absent; set PLUMBLINE_SHARED to run this")
    catalog, inputs = settings.CATALOG, {}
    for key in settings.SYSTEMS:
        demo = importlib.import_module(f"plumbline.systems.{key}.demo")
        tables = {name: table for name, table in catalog.tables.items() if name.startswith(f"{key}.")}
        inputs |= laid.all_inputs(tables, demo.deliveries(), tmp_path_factory.mktemp(key))
    known = {}

    def figure(indicator, area, period, cell=()):
        if (area, period) not in known:
            counted = compute(catalog, list(catalog.indicators.values()), period, [area], inputs)
            known[area, period] = {one.indicator: one for one in counted}
        return known[area, period][indicator]

    return Basis(catalog.indicators, figure)


@pytest.mark.parametrize(("name", "least"), [("beijing", 26), ("tongzhou", 34)])
def test_numbers_the_systems_count_are_found_by_their_words_and_none_is_called_wrong(name, least, basis):
    found = held(read(REPORTS / f"{name}-2020h1.txt"), basis)
    assert [one.why for one in found if one.verdict == DIFFERS] == []
    assert sum(one.verdict == AGREES for one in found) >= least
