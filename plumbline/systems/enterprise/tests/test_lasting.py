"""How long firms lasted, counted by the engine: whole months, who is seen only so far, and what nobody knows."""

from datetime import date
from pathlib import Path

from plumbline.engine.lasting import Lives, lasting
from plumbline.kernel import load
from plumbline.systems.enterprise import activity
from plumbline.systems.enterprise.tests.panels import firm, inputs

FIRMS = load([Path(activity.__file__).parent]).tables[activity.FIRMS]
LIVES = Lives("set_up_on", "closed_on", "status in ('注销', '吊销')")
DAY = date(2020, 6, 30)


def told(folder, rows, by="", area="110000", where=""):
    return lasting(inputs(FIRMS, rows, folder, "firms"), LIVES, DAY, area, by, where)


def test_whole_months_until_the_end_or_the_day(tmp_path):
    found = told(tmp_path, [
        firm(1, set_up_on=date(2020, 5, 30)), firm(2, set_up_on=date(2020, 6, 1)),
        firm(3, set_up_on=date(2019, 1, 31), closed_on=date(2019, 2, 28), status="注销"),
        firm(4, set_up_on=date(2019, 1, 15), closed_on=date(2019, 4, 15), status="注销")])
    assert found[""].lasted == ((0, 0, 1), (1, 1, 1), (3, 1, 0))
    assert found[""].untold == 0


def test_who_closes_later_still_stood_and_who_moved_was_only_seen(tmp_path):
    found = told(tmp_path, [
        firm(1, set_up_on=date(2020, 1, 1), closed_on=date(2020, 7, 1), status="注销"),
        firm(2, set_up_on=date(2020, 1, 1), closed_on=date(2020, 3, 1), status="迁出"),
        firm(3, set_up_on=date(2020, 7, 1))])
    assert found[""].lasted == ((2, 0, 1), (5, 0, 1))


def test_what_nobody_knows_is_counted_apart(tmp_path):
    found = told(tmp_path, [
        firm(1, set_up_on=None), firm(2, status="吊销"), firm(3, closed_on=date(2014, 1, 1), status="注销"),
        firm(4, set_up_on=date(2020, 6, 1))])
    assert (found[""].lasted, found[""].untold) == (((0, 0, 1),), 3)


def test_by_street_within_an_area_and_a_condition(tmp_path):
    rows = [firm(1, street="110112001"), firm(2, street="110112002"), firm(3, street="110112002", area="110105"),
            firm(4, street=None), firm(5, street="110112001", kind="个体工商户")]
    found = told(tmp_path, rows, by="street", area="110112", where="kind = '企业'")
    assert {key: sum(left for *_, left in one.lasted) for key, one in found.items()} == {"": 1, "110112001": 1, "110112002": 1}
