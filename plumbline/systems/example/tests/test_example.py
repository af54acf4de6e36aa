"""The system to copy loads by itself, and its demo yields what it says."""

from decimal import Decimal
from pathlib import Path

import pytest

from plumbline.engine import compute
from plumbline.kernel import load
from plumbline.store.tests import laid
from plumbline.systems.example import demo

CATALOG = load([Path(demo.__file__).parent])


@pytest.mark.parametrize("scale", [1, 4])
def test_its_demo_yields_the_same_rates_at_any_size(tmp_path, scale):
    inputs = laid.all_inputs(CATALOG.tables, demo.deliveries(scale), tmp_path)
    found = compute(CATALOG, list(CATALOG.indicators.values()), "2020H1", [demo.AREA], inputs)
    assert {one.indicator: (one.value, one.counted) for one in found} == {
        "example.planted": (400 * scale, 400 * scale), "example.survived": (Decimal("0.95"), 360 * scale),
        "example.slender": (12 * scale, 12 * scale)}


def test_it_has_one_of_everything_a_system_may_have():
    assert (len(CATALOG.tables), len(CATALOG.indicators), len(CATALOG.parameters), len(CATALOG.sentences)) == (1, 3, 1, 1)
