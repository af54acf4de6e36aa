"""A file is taken into a register whole or not at all; what it would do is told before."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plumbline.kernel import BadInput, NotAllowed
from plumbline.store import registers
from plumbline.store.journal import Entry
from plumbline.store.registers import Item
from plumbline.store.registers.tests.made import PROJECTS, item, sheet
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db
SAME = "P1,990101,12.5,3,2025-03-01,是,推进中,张三"
CHANGED = "P2,990101,14,3,2025-03-01,是,已完成,李四"
NEW = "P3,990101,,,,,推进中,"


@pytest.fixture
def planner():
    return made.user()


@pytest.fixture
def two(planner):
    return item(planner, "P1"), item(planner, "P2")


def counts(found):
    return found.rows, found.new, found.changed, found.same


def test_what_a_file_would_do_is_told_and_nothing_is_kept(planner, two):
    before = made.everything()
    found = registers.check(planner, PROJECTS, "a.csv", sheet(SAME, CHANGED, NEW))
    assert made.everything() == before
    assert (counts(found), found.possible) == ((3, 1, 1, 1), True)
    assert [(one.row, one.key, one.before, one.after) for one in found.first] == [
        (3, "P2", {"cost": "12.50", "state": "推进中", "contact": "（个人信息）"},
         {"cost": "14.00", "state": "已完成", "contact": "（个人信息，已更改）"}),
        (4, "P3", {}, {"code": "P3", "area": "990101", "state": "推进中"})]


def test_new_entries_are_made_known_ones_corrected_and_each_is_journalled(planner, two):
    found = registers.take_in(planner, PROJECTS, "台账.csv", sheet(SAME, CHANGED, NEW))
    assert counts(found) == (3, 1, 1, 1)
    assert [(one.key, one.version, one.values.get("cost")) for one in Item.objects.all()] == [
        ("P1", 0, "12.50"), ("P2", 1, "14.00"), ("P3", 0, None)]
    told = Entry.objects.filter(why="导入「台账.csv」").order_by("seq").values_list("action", "key")
    assert list(told) == [("item.import", str(two[1].pk)), ("item.create", str(Item.objects.get(key="P3").pk))]
    assert counts(registers.take_in(planner, PROJECTS, "台账.csv", sheet(SAME, CHANGED, NEW), "再来")) == (3, 0, 0, 3)


def test_a_column_the_file_does_not_have_stays_as_it_is_and_an_empty_cell_empties(planner, two):
    registers.take_in(planner, PROJECTS, "a.csv", sheet("P1,990101,,已完成", heads="编号,地区,投资,状态"))
    values = Item.objects.get(key="P1").values
    assert (values["state"], values["posts"], values["contact"], "cost" in values) == ("已完成", 3, "张三", False)


def test_every_fault_is_told_and_nothing_is_taken_in(planner, two):
    data = sheet(CHANGED, "P4,110112,1,1,2025-02-30,是,推进中,", "P5,990101,1.234,1,,是,停工,", CHANGED)
    found = registers.check(planner, PROJECTS, "a.csv", data)
    with made.refused(BadInput) as raised:
        registers.take_in(planner, PROJECTS, "a.csv", data)
    assert found.findings == raised.value.findings
    assert [(one.where, one.check) for one in found.findings] == [
        ("第 3 行「开工」", "cell.date"), ("第 3 行「地区」", "cell.area"), ("第 4 行「投资」", "cell.number"),
        ("第 4 行「状态」", "cell.choice"), ("第 5 行", "row.twice")]


def test_an_entry_of_another_area_is_not_taken_over(planner):
    item(made.user("neighbour", area=made.NEIGHBOUR), "P9", area=made.NEIGHBOUR)
    with made.refused(BadInput) as raised:
        registers.take_in(planner, PROJECTS, "a.csv", sheet(NEW, "P9,990101,,,,,推进中,"))
    assert [one.message for one in raised.value.findings] == ["第 3 行的「P9」由其他地区登记，您无权更正；请删去这一行。"]


def test_an_identity_too_long_to_keep_is_told_before_and_kept_nowhere(planner):
    table = replace(PROJECTS, identity=("code", "contact", "state"),
                    columns=tuple(replace(one, personal=False) for one in PROJECTS.columns))
    long = f"{'/' * 100},990101,,,,,推进中,{'/' * 100}"
    told = registers.check(planner, table, "a.csv", sheet(long))
    assert [(one.check, one.where) for one in told.findings] == [("entry.long", "第 2 行")]
    values = {"code": "/" * 100, "contact": "/" * 100, "area": "990101", "state": "推进中"}
    for deed in (lambda: registers.take_in(planner, table, "a.csv", sheet(long)),
                 lambda: registers.save(planner, table, None, values)):
        with made.refused(BadInput):
            deed()


def test_a_leader_takes_nothing_in(planner):
    leader = made.user("leader", role="leader")
    for deed in (registers.check, registers.take_in):
        with made.refused(NotAllowed):
            deed(leader, PROJECTS, "a.csv", sheet(NEW))


def queries(user, data):
    with CaptureQueriesContext(connection) as asked:
        registers.take_in(user, PROJECTS, "a.csv", data)
    return len(asked)


def test_a_file_twice_as_long_asks_no_more_than_twice_as_much(planner, monkeypatch):
    monkeypatch.setattr("plumbline.store.registers.intake.MANY", 50)
    rows = [f"Q{n},990101,1,1,,,推进中," for n in range(600)]
    once, twice, thrice = (queries(planner, sheet(*rows[start:end])) for start, end in ((0, 100), (100, 300), (300, 600)))
    assert thrice - twice == twice - once
    assert queries(planner, sheet(*rows[:100])) < once


def test_slashes_keep_identities_apart(planner):
    rows = [f"{code},990101,,,,,推进中," for code in ("A/B", "A//B", "A / B")]
    assert registers.take_in(planner, PROJECTS, "a.csv", sheet(*rows)).new == 3
