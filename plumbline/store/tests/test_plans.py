"""Into the plan only by confirmation, all or nothing; every change keeps the old value."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store import documents, people, plans
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Answer, Claim, Commitment, Pairing, Target
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner():
    return made.user()


@pytest.fixture
def document(planner):
    return made.document(planner)


@pytest.fixture
def claims(document):
    return {claim.number: claim for claim in document.claims.all()}


@pytest.fixture
def office():
    return people.create_office(None, "区经济和信息化局", made.DISTRICT)


def ids(claims, *numbers):
    return [claims[number].pk for number in numbers]


def test_a_preview_says_what_would_be_written_and_writes_nothing(planner, claims):
    documents.set_aside(planner, claims[6].pk, "不是", 0)
    plans.commit(planner, ids(claims, 5))
    before = made.everything()
    shown = plans.preview(planner, ids(claims, 1, 4, 5, 6))
    assert made.everything() == before
    assert [(one.claim_id, one.possible) for one in shown] == [
        (claims[1].pk, False), (claims[4].pk, True), (claims[5].pk, False), (claims[6].pk, False)]
    words = ("更正性质", "", "已在计划中", "已搁置")
    assert all(word in one.why_not for word, one in zip(words, shown, strict=True))
    assert (shown[1].label, shown[1].value, shown[1].unit, shown[1].due_on) == (
        "退出一般制造业企业", "90", "家", datetime.date(2025, 12, 31))


def test_a_preview_for_somebody_who_only_reads_says_why_not(claims):
    assert "不在您可以编制计划的地区" in plans.preview(made.user("l", "leader"), ids(claims, 4))[0].why_not


def test_confirmed_claims_become_targets_with_their_office(planner, claims, office):
    targets = plans.commit(planner, ids(claims, 4, 5, 6), "区政府常务会", office)
    assert [(t.label, t.value, t.bound, t.office, t.state) for t in Target.objects.all()] == [
        ("退出一般制造业企业", "90", "=", office, "open"), ("就业率", "95", ">=", office, "open"),
        ("新增基站", "13000", "=", office, "open")]
    assert set(Claim.objects.filter(number__gte=4).values_list("state", "version")) == {("confirmed", 1)}
    entry = Entry.objects.get(action="target.commit", key=str(targets[0].pk))
    assert (entry.who, entry.why, entry.before, entry.after["value"], entry.after["due_on"], entry.area) == (
        "planner", "区政府常务会", None, "90", "2025-12-31", made.DISTRICT)
    assert verify().broken is None


def test_one_claim_that_cannot_be_a_target_refuses_all_and_is_named(planner, claims):
    with made.refused(BadInput) as raised:
        plans.commit(planner, ids(claims, 4, 1))
    assert len(raised.value.findings) == 1
    assert "68家" in raised.value.findings[0].message
    plans.commit(planner, ids(claims, 4))
    with made.refused(BadInput):
        plans.commit(planner, ids(claims, 4, 5))


def test_the_office_must_be_of_the_place(planner, claims):
    elsewhere = people.create_office(None, "通州区商务局", made.NEIGHBOUR)
    for office in (elsewhere, elsewhere.pk, 0):
        with made.refused(BadInput):
            plans.commit(planner, ids(claims, 4), office=office)


def test_the_number_of_queries_does_not_grow_with_the_number_of_claims(planner, claims):
    def queries(numbers):
        with CaptureQueriesContext(connection) as taken:
            plans.commit(planner, ids(claims, *numbers))
        return len(taken)

    assert queries([4]) == queries([5, 6])


def test_an_edit_keeps_the_old_value_in_the_journal(planner, claims, office):
    target = plans.commit(planner, ids(claims, 4))[0]
    changes = {"value": "95", "due_on": "2025-11-30", "office": office.pk, "bound": ">=", "note": "第一行\n第二行"}
    edited = plans.edit(planner, target.pk, changes, "区政府调整", 0)
    assert (edited.value, edited.due_on, edited.office, edited.bound, edited.version) == (
        "95", datetime.date(2025, 11, 30), office, ">=", 1)
    entry = Entry.objects.get(action="target.edit")
    assert entry.before == {"value": "90", "due_on": "2025-12-31", "office_id": None, "bound": "=", "note": ""}
    assert (entry.after["value"], entry.why) == ("95", "区政府调整")
    assert plans.edit(planner, target.pk, {"office": None, "due_on": None}, "撤回", 1).office is None


@pytest.mark.parametrize("changes", [
    {"value": "很多"}, {"value": ""}, {"bound": "≥"}, {"due_on": "2025-02-30"}, {"label": ""}, {"label": "长" * 201},
    {"label": "一行\n两行"}, {"unit": "个\u202e"},
    {"office": 999}, {"office": "区商务局"}, {"state": "done"}, {"note": "长" * 501}, {"value": "90"}, {}])
def test_a_wrong_edit_is_refused(planner, claims, changes):
    target = plans.commit(planner, ids(claims, 4))[0]
    with made.refused(BadInput):
        plans.edit(planner, target.pk, changes, "调整", 0)


def test_moving_a_promise_needs_a_reason_and_the_version_that_stands(planner, claims):
    target = plans.commit(planner, ids(claims, 4))[0]
    for changes in ({"value": "80"}, {"state": "withdrawn"}, {"due_on": "2026-12-31"}):
        with made.refused(BadInput):
            plans.edit(planner, target.pk, changes, "", 0)
    with made.refused(Conflict):
        plans.edit(planner, target.pk, {"note": "x"}, "", 3)
    assert plans.edit(planner, target.pk, {"note": "已完成九成", "state": "kept"}, "", 0).state == "kept"


def test_an_office_reports_on_its_own_targets_and_moves_nothing(planner, claims, office):
    desk = made.user("desk", "office", office=office)
    mine, other = plans.commit(planner, ids(claims, 4), office=office) + plans.commit(planner, ids(claims, 5))
    assert plans.editable(desk, mine) == ["state", "note"]
    assert plans.editable(desk, other) == []
    assert plans.edit(desk, mine.pk, {"note": "已退出70家", "state": "kept"}, "", 0).note == "已退出70家"
    for attempt in (lambda: plans.edit(desk, mine.pk, {"value": "80"}, "调低", 1),
                    lambda: plans.edit(desk, other.pk, {"note": "x"}, "", 0),
                    lambda: plans.edit(desk, 0, {"note": "x"}, "", 0)):
        with made.refused(NotAllowed):
            attempt()
    with made.refused(BadInput):
        plans.edit(desk, mine.pk, {"state": "withdrawn"}, "不做了", 1)
    leader, neighbour = made.user("leader", "leader"), made.user("n", area=made.NEIGHBOUR)
    assert plans.editable(leader, mine) == plans.editable(neighbour, mine) == []


def test_commitments_enter_the_plan_by_confirmation_once(planner, document, office):
    one = Commitment.objects.get()
    assert plans.confirm_commitments(planner, [one.pk], "会议", office) == [one]
    one.refresh_from_db()
    assert (one.state, one.office, one.version) == ("confirmed", office, 1)
    assert plans.confirm_commitments(planner, [one.pk]) == []
    assert Entry.objects.filter(action="commitment.confirm").count() == 1
    changes = {"outcome": "kept", "note": "做完了", "due_on": "2025-10-31"}
    edited = plans.edit_commitment(planner, one.pk, changes, "提前", 1)
    assert (edited.outcome, edited.due_on) == ("kept", datetime.date(2025, 10, 31))
    desk = made.user("desk", "office", office=office)
    assert plans.editable(desk, edited) == ["outcome", "note"]
    assert plans.edit_commitment(desk, one.pk, {"outcome": "open"}, "", 2).outcome == "open"
    for attempt in (lambda: plans.edit_commitment(desk, one.pk, {"due_on": None}, "", 3),
                    lambda: plans.confirm_commitments(planner, [one.pk, 0]),
                    lambda: plans.confirm_commitments(desk, [one.pk])):
        with made.refused(NotAllowed):
            attempt()


@pytest.mark.parametrize("model", [Pairing, Answer])
def test_a_proposal_is_confirmed_rejected_and_the_decision_taken_back(planner, document, model):
    row = model.objects.first()
    for state in ("confirmed", "rejected", "proposed"):
        assert plans.decide(planner, row, state, "看过").state == state
    entries = Entry.objects.filter(action=f"{row._meta.model_name}.decide").order_by("seq")
    assert [(entry.before["state"], entry.after["state"]) for entry in entries] == [
        ("proposed", "confirmed"), ("confirmed", "rejected"), ("rejected", "proposed")]
    plans.decide(planner, row, "proposed")
    assert entries.count() == 3
    with made.refused(BadInput):
        plans.decide(planner, row, "maybe")
    neighbour = made.user("n", area=made.NEIGHBOUR)
    with made.refused(NotAllowed):
        plans.decide(neighbour, row, "confirmed")


def test_progress_rests_on_a_confirmed_pairing_alone(planner, claims):
    target = plans.commit(planner, ids(claims, 4))[0]
    target = Target.objects.get(pk=target.pk)
    assert plans.progress(target).verdict == "cannot tell"
    plans.decide(planner, Pairing.objects.get(promised=target.claim), "confirmed")
    told = plans.progress(Target.objects.get())
    assert (told.verdict, told.reported) == ("ahead", 68)
    assert (told.share, told.elapsed) == (Decimal(68) / 90, Decimal(181) / 365)


def test_progress_asks_no_query_where_all_was_fetched(planner, claims, django_assert_num_queries):
    plans.commit(planner, ids(claims, 4, 5, 6))
    rows = list(Target.objects.select_related("document", "claim").prefetch_related(
        "claim__reported_as__reported__document"))
    with django_assert_num_queries(0):
        assert [plans.progress(row).verdict for row in rows] == ["cannot tell"] * 3
