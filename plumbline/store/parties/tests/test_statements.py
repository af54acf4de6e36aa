"""What a firm says of itself counts as told, and stands in the roll once it was checked."""

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store.journal import Entry
from plumbline.store.models import Statement
from plumbline.store.parties import statements
from plumbline.store.parties.tests import firms
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db
TOLD = {"employees": "298", "rent_yuan": "12000.50", "renter": "是", "set_up_on": "2018-03-01"}


@pytest.fixture
def world(monkeypatch):
    firms.known(monkeypatch)
    found = firms.district()
    found.table = settings.CATALOG.tables[firms.TABLE]
    found.corrected = []
    monkeypatch.setattr(statements, "correct", lambda *told: found.corrected.append(told))
    return found


def test_a_firm_states_facts_of_itself_and_they_count_at_once(world):
    made_of = statements.state(world.mine, world.table, firms.MINE, TOLD, "见租赁合同")
    assert statements.told_of(world.table, firms.MINE) == {
        "employees": 298, "rent_yuan": Decimal("12000.50"), "renter": True, "set_up_on": date(2018, 3, 1)}
    assert {one.column: one.was for one in made_of} == {"employees": 303, "rent_yuan": None, "renter": None, "set_up_on": None}
    assert Entry.objects.filter(action="statement.state").count() == 4
    assert statements.told_of(world.table, firms.OTHER) == {}


@pytest.mark.parametrize("who", ["other", "stranger", "ended", "officer", "planner"])
def test_nobody_states_facts_of_anothers_firm(world, who):
    with made.refused(NotAllowed):
        statements.state(getattr(world, who), world.table, firms.MINE, TOLD)


@pytest.mark.parametrize("told", [
    {}, {"employees": "很多"}, {"area": "110112"}, {"code": firms.OTHER}, {"size": "微型"}, {"phone": "1"}, {"nothing": "1"},
    {"employees": "12", "rent_yuan": "1e5"}])
def test_what_cannot_be_stated_is_refused_whole(world, told):
    with made.refused(BadInput):
        statements.state(world.mine, world.table, firms.MINE, told)


def test_what_is_said_again_replaces_what_was_said(world):
    statements.state(world.mine, world.table, firms.MINE, {"employees": "298"})
    statements.state(world.mine, world.table, firms.MINE, {"employees": "299"})
    assert statements.told_of(world.table, firms.MINE) == {"employees": 299}
    assert sorted(Statement.objects.values_list("state", flat=True)) == ["asked", "withdrawn"]


def test_what_another_account_says_at_the_same_moment_is_kept(world, monkeypatch):
    def first(self):
        Statement.objects.bulk_create([Statement(**{one.attname: getattr(self, one.attname) for one in self._meta.fields
                                                    if not one.primary_key} | {"value": 297})])
        monkeypatch.undo()
        self.save()
    monkeypatch.setattr(Statement, "save", first)
    with made.refused(Conflict):
        statements.state(world.mine, world.table, firms.MINE, {"employees": "298", "renter": "是"})


def test_an_officer_confirms_and_the_roll_is_put_right(world):
    [one] = statements.state(world.mine, world.table, firms.MINE, {"employees": "298"}, "社保已减员")
    done = statements.confirm(world.officer, one.pk)
    assert (done.state, statements.told_of(world.table, firms.MINE)) == ("confirmed", {})
    [(user, table, key, changes, why)] = world.corrected
    assert (user, table, key, changes) == (world.officer, firms.TABLE, firms.MINE, {"employees": 298})
    assert "社保已减员" in why
    with made.refused(Conflict):
        statements.refuse_statement(world.officer, one.pk, "晚了")


def test_a_refusal_has_a_reason_and_changes_no_roll(world):
    [one] = statements.state(world.mine, world.table, firms.MINE, {"employees": "298"})
    done = statements.refuse_statement(world.officer, one.pk, "与社保人数不符")
    assert (done.state, done.answer, world.corrected) == ("refused", "与社保人数不符", [])


@pytest.mark.parametrize("who", ["mine", "other", "neighbour", "deputy", "leader"])
def test_nobody_else_decides(world, who):
    [one] = statements.state(world.mine, world.table, firms.MINE, {"employees": "298"})
    with made.refused(NotAllowed):
        statements.confirm(getattr(world, who), one.pk)
    assert world.corrected == []


def test_a_firm_takes_back_what_is_its_own(world):
    [one] = statements.state(world.mine, world.table, firms.MINE, {"employees": "298"})
    with made.refused(NotAllowed):
        statements.withdraw(world.other, one.pk)
    assert statements.withdraw(world.mine, one.pk).state == "withdrawn"
