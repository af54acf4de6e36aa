"""A cut says what a register holds at that moment, writes only what changed, and the past stays to be read."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
from django.utils import timezone

from plumbline.kernel import Conflict, Coverage
from plumbline.store import batches, registers
from plumbline.store.batches import inputs
from plumbline.store.registers import cutting, tables
from plumbline.store.registers.tables import Cut
from plumbline.store.registers.tests.made import PROJECTS, item
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner():
    return made.user()


@pytest.fixture
def small(monkeypatch):
    """Chunks of two entries."""
    monkeypatch.setattr(cutting, "CHUNK", 2)
    return tables


def rows(held):
    return [row for file in held.files for row in pq.read_table(file.path).to_pylist()]


def codes(held):
    return sorted(row["code"] for row in rows(held))


def test_a_cut_holds_entries_exactly_and_nothing_personal(planner):
    one = item(planner)
    held = inputs(PROJECTS)
    assert rows(held) == [{"code": "P1", "area": "990101", "cost": Decimal("12.50"), "posts": 3, "begun": date(2025, 3, 1),
                           "green": True, "state": "推进中", "row_": one.pk}]
    assert held.coverage == (Coverage(("990101",)),)
    assert [str(kind) for kind in pq.read_schema(held.files[0].path).types] == [
        "string", "string", "decimal128(38, 2)", "int64", "date32[day]", "bool", "string", "int64"]


def test_a_register_nobody_wrote_in_tells_nothing_and_an_emptied_one_tells_none(planner):
    assert (inputs(PROJECTS).files, inputs(PROJECTS).coverage) == ((), ())
    one = item(planner)
    inputs(PROJECTS)
    registers.retire(planner, PROJECTS, one.pk, "已撤项", 0)
    assert (inputs(PROJECTS).files, inputs(PROJECTS).coverage) == ((), (Coverage(("990101",)),))


def test_only_what_changed_is_cut_again(planner, small):
    items = [item(planner, f"P{n}") for n in range(7)]
    chunks = len({one.pk // 2 for one in items})
    assert (registers.cut(PROJECTS), registers.cut(PROJECTS)) == (chunks, 0)
    before = inputs(PROJECTS).hashes
    registers.save(planner, PROJECTS, items[3].pk, {"posts": "9"}, "核对", 0)
    assert registers.cut(PROJECTS) == 1
    assert len(set(inputs(PROJECTS).hashes) - set(before)) == 1
    assert [row["posts"] for row in rows(inputs(PROJECTS))] == [3, 3, 3, 9, 3, 3, 3]


def test_what_stood_at_the_last_cut_before_a_moment_can_be_read(planner, small):
    for n in range(3):
        item(planner, f"P{n}")
    first = inputs(PROJECTS)
    moment = timezone.now()
    registers.edit_many(planner, PROJECTS, [row["row_"] for row in rows(first)], {"posts": "8"}, "核对")
    item(planner, "P4")
    assert [row["posts"] for row in rows(inputs(PROJECTS))] == [8, 8, 8, 3]
    then = inputs(PROJECTS, moment)
    assert (then.files, [row["posts"] for row in rows(then)]) == (first.files, [3, 3, 3])
    assert inputs(PROJECTS, moment - timezone.timedelta(days=1)).files == ()
    assert batches.tidy() == 0


def test_cuts_nobody_counted_from_are_dropped_in_time_and_a_moment_without_them_is_told(planner):
    one = item(planner)
    first = inputs(PROJECTS)
    counted = timezone.now()
    registers.save(planner, PROJECTS, one.pk, {"posts": "8"}, "核对", 0)
    second = inputs(PROJECTS)
    between = timezone.now()
    registers.save(planner, PROJECTS, one.pk, {"posts": "9"}, "核对", 1)
    third = inputs(PROJECTS)
    needed = set(first.hashes)
    assert [registers.thin(moment, needed) for moment in (counted, timezone.now(), timezone.now())] == [0, 1, 0]
    assert batches.tidy() == 1
    assert [held.files[0].path.exists() for held in (first, second, third)] == [True, False, True]
    assert (inputs(PROJECTS, counted), inputs(PROJECTS)) == (first, third)
    with pytest.raises(Conflict):
        inputs(PROJECTS, between)


def test_two_registers_share_no_chunk(planner):
    other = replace(PROJECTS, key="example.other")
    item(planner)
    registers.save(planner, other, None, {"code": "X", "area": "990101", "state": "推进中"})
    assert (codes(inputs(PROJECTS)), codes(inputs(other))) == (["P1"], ["X"])
    assert (registers.cut(PROJECTS), registers.cut(other)) == (0, 0)


def test_an_entry_written_while_its_chunk_is_cut_is_cut_the_next_time(planner, monkeypatch):
    item(planner)
    write = cutting._write

    def slow(*arguments):
        found = write(*arguments)
        monkeypatch.setattr(cutting, "_write", write)
        item(planner, "P2")
        return found

    monkeypatch.setattr(cutting, "_write", slow)
    assert codes(inputs(PROJECTS)) == ["P1"]
    assert codes(inputs(PROJECTS)) == ["P1", "P2"]


def test_an_older_cut_never_comes_after_a_newer_one(planner, monkeypatch):
    item(planner)
    write = cutting._write

    def slow(*arguments):
        found = write(*arguments)
        monkeypatch.setattr(cutting, "_write", write)
        item(planner, "P2")
        assert codes(inputs(PROJECTS)) == ["P1", "P2"]
        return found

    monkeypatch.setattr(cutting, "_write", slow)
    assert codes(inputs(PROJECTS)) == ["P1", "P2"]
    assert Cut.objects.count() == 1


def test_the_same_entries_give_the_same_file(planner):
    one = item(planner)
    before = inputs(PROJECTS).hashes
    registers.save(planner, PROJECTS, one.pk, {"posts": "9"}, "核对", 0)
    inputs(PROJECTS)
    registers.save(planner, PROJECTS, one.pk, {"posts": "3"}, "改回", 1)
    assert inputs(PROJECTS).hashes == before
    assert Cut.objects.count() == 3
