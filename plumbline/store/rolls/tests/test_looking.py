"""Looks at a party are written down, personal columns only with a reason; nobody outside learns that it is there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from plumbline.kernel import BadInput, NotAllowed
from plumbline.store import batches, rolls
from plumbline.store.journal import Entry
from plumbline.store.models import Leaf, Office
from plumbline.store.records.files import folder, path_of
from plumbline.store.rolls.tests.made import FIRST, PARTIES, code, line, take
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    """Who delivers, with two parties taken."""
    user = made.user()
    take(user, line(1), line(2, street=made.DISTRICT + "002"))
    return user


def test_a_look_is_written_down_and_told(by):
    assert rolls.looked(by, PARTIES, code(1))["name"] == "模拟1"
    rolls.personal_of(by, PARTIES, code(1), "核实联系人")
    assert [(one.who, one.personal, one.why) for one in rolls.lookers(by, PARTIES, code(1))] == [
        ("planner", True, "核实联系人"), ("planner", False, "")]
    assert rolls.lookers(by, PARTIES, code(2)) == []


def test_personal_columns_need_a_reason_and_the_permission(by):
    assert rolls.personal_of(by, PARTIES, code(2), "核实") == {"phone": "13800000002"}
    assert Entry.objects.get(action="roll.personal").after == {"columns": ["phone"]}
    with made.refused(BadInput):
        rolls.personal_of(by, PARTIES, code(2), " ")
    leader = made.user("leader", role="leader")
    with made.refused(NotAllowed):
        rolls.personal_of(leader, PARTIES, code(2), "看看")


@pytest.mark.parametrize("role", ["firm", "deputy", "planner"])
def test_who_may_not_see_a_party_learns_nothing(by, role):
    user = made.user("other", role=role, area=made.NEIGHBOUR if role == "planner" else made.DISTRICT)
    for key in (code(1), code(9), "x"):
        for act in (rolls.looked, rolls.seen, rolls.lookers):
            with made.refused(NotAllowed) as raised:
                act(user, PARTIES, key)
            assert str(raised.value) == "没有这一条，或者您无权查看；没有显示任何信息。"


def test_a_streets_office_sees_its_street_alone(by):
    office = Office.objects.create(name="二街", area=made.DISTRICT, kind="street", place=made.DISTRICT + "002")
    user = made.user("street", role="office", office=office)
    assert rolls.seen(user, PARTIES, code(2))["name"] == "模拟2"
    with made.refused(NotAllowed):
        rolls.seen(user, PARTIES, code(1))


def test_personal_columns_are_dropped_when_no_source_tells_them_any_more(by):
    told = timezone.localdate()
    tables = {PARTIES.key: PARTIES}
    assert batches.forget(told + timedelta(700), tables) == 0
    assert rolls.personal_of(by, PARTIES, code(1), "核实") == {"phone": "13800000001"}
    [personal] = Leaf.objects.values_list("personal", flat=True)
    assert batches.forget(told + timedelta(732), tables) == 1
    assert rolls.personal_of(by, PARTIES, code(1), "核实") == {}
    assert not path_of(personal).exists()
    assert rolls.rows_of(PARTIES, [code(1)])[code(1)]["name"] == "模拟1"
    assert batches.forget(told + timedelta(732), tables) == 0


def test_what_a_roll_rests_on_is_not_tidied_away(by):
    take(by, line(1, people="11"), line(2, people="-2"), day=FIRST + timedelta(1), partly=True)
    rolls.correct(by, PARTIES, code(1), {"people": "12"}, "核实")
    before = sorted(path.name for path in folder().glob("*.parquet"))
    batches.tidy()
    assert before == sorted(path.name for path in folder().glob("*.parquet"))
