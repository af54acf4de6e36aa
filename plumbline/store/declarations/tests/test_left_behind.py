"""A ledger never changes so that an indicator on it can no longer be read: its pages would open no more."""

import pytest

from plumbline.kernel import BadInput
from plumbline.store import declarations
from plumbline.store.declarations.tests.made import BODY, COLUMNS, COUNT, COUNTED, KEY, column, counted, ledger
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db
WITHOUT = {key: part for key, part in COLUMNS.items() if key != "kind"}
TYPED = column("kind", type="integer", choices=[])


@pytest.mark.parametrize("columns", [WITHOUT, TYPED])
@pytest.mark.parametrize("retired", [False, True])
def test_a_column_an_indicator_uses_is_kept(columns, retired):
    planner = made.user()
    ledger(planner)
    counted(planner)
    if retired:
        declarations.retire(planner, COUNTED, "停用", 1)
    with made.refused(BadInput) as raised:
        declarations.declare_table(planner, KEY, BODY | {"columns": columns}, "更改", 1)
    assert [one.check for one in raised.value.findings] == ["ledger.used"]
    assert "关停堆场数" in str(raised.value)


def test_a_column_goes_once_no_indicator_uses_it():
    planner = made.user()
    ledger(planner)
    counted(planner)
    declarations.declare_indicator(planner, COUNTED, COUNT | {"where": "closed_on is not null"}, "不分类", 1)
    declarations.declare_table(planner, KEY, BODY | {"columns": WITHOUT}, "删去类别", 1)
    assert declarations.catalog().tables[KEY].column("kind") is None
