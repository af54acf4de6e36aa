"""Corrections stand over the source until it says something else; each is told to the journal and can be taken back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store import rolls
from plumbline.store.journal import Entry
from plumbline.store.models import Office, Overlay
from plumbline.store.rolls.tests.made import FIRST, PARTIES, code, counts, line, row, take
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db
NEXT, LATER = FIRST + timedelta(1), FIRST + timedelta(2)


@pytest.fixture
def by():
    """Who delivers and corrects, with three parties taken."""
    user = made.user()
    take(user, line(1), line(2), line(3))
    return user


def correct(user, n, **changes):
    """A correction of the n-th party, on the day after the first delivery."""
    return rolls.correct(user, PARTIES, code(n), changes, "企业来函，已核", NEXT)


def test_a_correction_changes_its_row_and_what_is_reckoned_from_it(by):
    before = row(1)
    assert correct(by, 1, people="150", sales=Decimal("7.20")) == row(1)
    assert row(1) == before | {"people": 150, "sales": Decimal("7.20"), "size": "大"}
    assert row(2)["people"] == 10
    told = Entry.objects.get(action="roll.correct")
    assert (told.before, told.after) == ({"key": code(1), "people": 10, "sales": "100.50", "size": "小"},
                                         {"people": 150, "sales": "7.20", "size": "大"})


def test_it_stands_while_the_source_says_what_it_said(by):
    correct(by, 1, people="150")
    assert counts(take(by, line(1), line(2), line(3), day=LATER)) == (0, 0, 0, 3, 0)
    assert row(1)["people"] == 150


def test_it_falls_when_the_source_says_something_else(by):
    correct(by, 1, people="150")
    step = take(by, line(1, people="20"), line(2), line(3), day=LATER)
    assert counts(step) == (0, 1, 0, 2, 0)
    assert (row(1)["people"], row(1)["size"]) == (20, "小")
    assert Overlay.objects.get().ended_by == step


def test_it_falls_too_when_the_source_comes_to_say_the_same(by):
    correct(by, 1, people="150")
    take(by, line(1, people="150"), line(2), line(3), day=LATER)
    assert Overlay.objects.filter(ended_at=None).count() == 0
    take(by, line(1), line(2), line(3), day=LATER)
    assert row(1)["people"] == 10


def test_another_column_of_the_source_does_not_touch_it(by):
    correct(by, 1, people="150")
    take(by, line(1, name="新名"), line(2), line(3), day=LATER)
    assert (row(1)["people"], row(1)["name"]) == (150, "新名")


def test_it_goes_with_its_party(by):
    correct(by, 1, people="150")
    take(by, line(2), line(3), day=LATER)
    take(by, line(1), line(2), line(3), day=LATER)
    assert row(1)["people"] == 10


def test_a_second_correction_replaces_the_first_and_can_be_taken_back_to_the_source(by):
    correct(by, 1, people="150")
    correct(by, 1, people="160")
    assert rolls.take_back(by, PARTIES, code(1), "people", "函件有误")["people"] == 10
    assert Overlay.objects.filter(ended_at=None).count() == 0
    with made.refused(Conflict):
        rolls.take_back(by, PARTIES, code(1), "people", "函件有误")


def test_a_correction_to_what_stands_says_nothing(by):
    before = made.everything()
    assert correct(by, 1, people="10") == row(1)
    assert made.everything() == before


def test_a_value_is_emptied(by):
    assert correct(by, 1, people="")["people"] is None
    assert row(1)["size"] is None


@pytest.mark.parametrize(("changes", "check"), [
    ({"people": "十"}, "cell.number"), ({"size": "大"}, "roll.derived"), ({"phone": "1"}, "roll.personal"),
    ({"code": code(2)}, "roll.identity"), ({"area": made.NEIGHBOUR}, "roll.identity"), ({"colour": "red"}, "roll.column"),
    ({}, "roll.nothing"),
])
def test_what_cannot_be_corrected_is_refused(by, changes, check):
    with made.refused(BadInput) as raised:
        correct(by, 1, **changes)
    assert [one.check for one in raised.value.findings] == [check]


def test_only_the_areas_own_people_correct_and_nobody_learns_what_there_is(by):
    other = made.user("other", area=made.NEIGHBOUR)
    leader = made.user("leader", role="leader")
    for user, key in ((other, code(1)), (other, code(9)), (by, code(9))):
        with made.refused(NotAllowed) as raised:
            rolls.correct(user, PARTIES, key, {"people": "1"}, "猜")
        assert str(raised.value) == "没有这一条，或者您无权操作；没有保存任何改动。"
    with made.refused(NotAllowed):
        rolls.correct(leader, PARTIES, code(1), {"people": "1"}, "看")


def test_a_streets_office_corrects_its_own_street_alone(by):
    street = Office.objects.create(name="二街", area=made.DISTRICT, kind="street", place=made.DISTRICT + "002")
    user = made.user("street", role="office", office=street)
    take(by, line(1), line(2, street=made.DISTRICT + "002"), line(3), day=NEXT)
    with made.refused(NotAllowed):
        correct(user, 1, people="11")
    assert correct(user, 2, people="11")["people"] == 11


def test_a_row_is_known_as_of_any_day(by):
    take(by, line(1, people="20"), line(3), line(4), day=NEXT)
    rolls.correct(by, PARTIES, code(1), {"people": "30"}, "核实", LATER)
    take(by, line(1, people="40"), line(2), line(3), line(4), day=date(2020, 3, 1))
    assert [row(1, day) and row(1, day)["people"] for day in (
        FIRST - timedelta(1), FIRST, NEXT, LATER, date(2020, 2, 29), date(2020, 3, 1))] == [None, 10, 20, 30, 30, 40]
    assert [row(2, day) is not None for day in (FIRST, NEXT, date(2020, 2, 29), date(2020, 3, 1))] == [True, False, False, True]
    assert [row(4, day) is not None for day in (FIRST, NEXT)] == [False, True]
    assert row(2, FIRST)["name"] == "模拟2"


def test_each_group_of_columns_has_days_of_its_own(by):
    take(by, f"{code(1)},15", heads="代码,人数", day=LATER, columns=["people"])
    take(by, f"{code(1)},9", heads="代码,收入", day=NEXT, columns=["sales"])
    assert [(row(1, day)["people"], row(1, day)["sales"]) for day in (FIRST, NEXT, LATER)] == [
        (10, Decimal("100.50")), (10, Decimal("9.00")), (15, Decimal("9.00"))]
    with made.refused(BadInput):
        take(by, f"{code(1)},16", heads="代码,人数", day=NEXT, columns=["people"])


def test_history_tells_every_change_with_its_source(by):
    take(by, line(1, people="20"), line(3), day=NEXT)
    rolls.correct(by, PARTIES, code(1), {"people": "130"}, "核实", LATER)
    told = [(one.day, one.column, one.before, one.after, one.source) for one in rolls.history_of(PARTIES, code(1))]
    assert told == [
        (LATER, "people", 20, 130, "更正（planner）：核实"), (LATER, "size", "小", "大", "更正（planner）：核实"),
        (NEXT, "people", 10, 20, "登记部门"), (FIRST, "", False, True, "登记部门")]
    gone = [(one.day, one.column, one.before, one.after) for one in rolls.history_of(PARTIES, code(2))]
    assert gone == [(NEXT, "", True, False), (FIRST, "", False, True)]
