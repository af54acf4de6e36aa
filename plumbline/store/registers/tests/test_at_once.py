"""Two people at one register, or with one delivery, at the same moment: one of them is told, and nothing is lost."""

from datetime import date

import pyarrow.parquet as pq
import pytest

from plumbline.kernel import BadInput, Conflict, Coverage
from plumbline.store import batches, registers
from plumbline.store.batches import Batch
from plumbline.store.journal import verify
from plumbline.store.records.tests.made import FIRMS, HALF_YEAR, csv, line
from plumbline.store.registers import Item
from plumbline.store.registers.tests.made import PROJECTS, item, sheet
from plumbline.store.tests import made
from plumbline.store.tests.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def refusals(answers):
    return sum(isinstance(answer, (BadInput, Conflict)) for answer in answers)


def test_one_of_two_changes_is_told_to_reload():
    planner = made.user()
    one = item(planner)
    answers = at_once(*(lambda n=n: registers.save(planner, PROJECTS, one.pk, {"posts": n}, "核对", 0) for n in "12"))
    assert (refusals(answers), Item.objects.get().version) == (1, 1)


@pytest.mark.parametrize("attempt", range(3))
def test_one_identity_is_registered_once(attempt):
    planner = made.user()
    data = sheet("P1,990101,,,,,推进中,", "P2,990101,,,,,推进中,")
    answers = at_once(lambda: item(planner), lambda: item(planner), lambda: registers.take_in(planner, PROJECTS, "a", data))
    assert Item.objects.filter(key="P1").count() == 1
    assert refusals(answers[:2]) >= 1
    assert Item.objects.filter(key="P2").count() == (0 if refusals(answers[2:]) else 1)
    assert verify().broken is None


def test_many_who_write_one_register_at_once_never_wait_in_a_circle():
    planner = made.user()
    keys = [item(planner, f"P{n}").pk for n in range(8)]
    data = sheet(*(f"P{n},990101,{n},,,,已完成," for n in range(9, -1, -1)))
    answers = at_once(
        lambda: registers.edit_many(planner, PROJECTS, keys, {"posts": "1"}, "核对"),
        lambda: registers.edit_many(planner, PROJECTS, keys[::-1], {"posts": "2"}, "核对"),
        lambda: registers.take_in(planner, PROJECTS, "a", data), lambda: item(planner, "P9"),
        *(lambda key=key: registers.save(planner, PROJECTS, key, {"green": "否"}, "核对", 0) for key in keys[:3]))
    assert not [answer for answer in answers if isinstance(answer, BadInput)] or isinstance(answers[3], BadInput)
    assert (len(answers), verify().broken) == (7, None)
    assert {one.values["state"] for one in Item.objects.all()} == {"已完成"}


@pytest.mark.parametrize("attempt", range(3))
def test_one_of_two_deliveries_of_the_same_days_is_received(attempt):
    planner = made.user()
    answers = at_once(*(lambda n=n: batches.receive(planner, FIRMS, "a.csv", csv(line(n)), HALF_YEAR) for n in "ABC"))
    assert (refusals(answers), Batch.objects.count(), batches.tidy()) == (2, 1, 0)


@pytest.mark.parametrize("attempt", range(8))
def test_one_identity_is_delivered_once(attempt):
    planner = made.user()
    quarters = [Coverage(("990101",), date(2025, month, 1), date(2025, month, 28)) for month in (1, 2, 3, 4)]
    answers = at_once(*(lambda one=one: batches.receive(planner, FIRMS, "a.csv", csv(line("A", day=str(one.first))), one)
                        for one in quarters))
    assert (refusals(answers), Batch.objects.count()) == (3, 1)


def test_a_register_cut_by_many_while_it_changes_holds_the_last_change():
    planner = made.user()
    keys = [item(planner, f"P{n}").pk for n in range(6)]

    def change(key, value):
        registers.save(planner, PROJECTS, key, {"posts": value}, "核对", 0)
        return batches.inputs(PROJECTS)

    at_once(*(lambda key=key, n=n: change(key, str(n)) for n, key in enumerate(keys)))
    [file] = batches.inputs(PROJECTS).files
    assert pq.read_table(file.path)["posts"].to_pylist() == [0, 1, 2, 3, 4, 5]
