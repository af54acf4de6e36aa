"""What people decide about claims: with a reason, never losing what was read, never over one another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store import documents, plans
from plumbline.store.documents.fields import number_text, number_trouble
from plumbline.store.journal import Entry
from plumbline.store.models import Claim, Target
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner():
    return made.user()


@pytest.fixture
def claims(planner):
    return {claim.number: claim for claim in made.document(planner).claims.all()}


def test_a_correction_keeps_what_was_read_and_who_changed_it_and_why(planner, claims):
    claim = documents.correct(planner, claims[1].pk, {"value": "６９", "unit": "户"}, " 原文 如此 ", 0)
    assert (claim.value, claim.unit, claim.magnitude, claim.state, claim.version) == ("69", "户", 69.0, "corrected", 1)
    assert (claim.original["value"], claim.original["unit"]) == ("68", "家")
    documents.correct(planner, claims[1].pk, {"value": "70"}, "再改", 1)
    assert Claim.objects.get(pk=claim.pk).original["value"] == "68"
    entry = Entry.objects.filter(action="claim.correct").order_by("seq").first()
    assert (entry.who, entry.why, entry.before, entry.after) == (
        "planner", "原文 如此", {"value": "68", "unit": "家"}, {"value": "69", "unit": "户"})


@pytest.mark.parametrize(("changes", "checks"), [
    ({"value": "许多"}, {"claim.value"}), ({"value": ""}, {"claim.value"}), ({"value": "1e5"}, {"claim.value"}),
    ({"value": "NaN"}, {"claim.value"}), ({"value": "9" * 400}, {"claim.value"}), ({"value": "1,23"}, {"claim.value"}),
    ({"value2": "60"}, {"claim.value2"}), ({"unit": " "}, {"claim.unit"}), ({"unit": "个" * 31}, {"claim.unit"}),
    ({"measure": "speed"}, {"claim.measure"}), ({"modality": ""}, {"claim.modality"}), ({"bound": "≥"},
    {"claim.bound"}),
    ({"period": "上半年"}, {"claim.period"}), ({"period": "2020-13"}, {"claim.period"}),
    ({"deadline": "2020H1"}, {"claim.deadline"}), ({"deadline": "2020-02-30"}, {"claim.deadline"}),
    ({"subject": "a\x07b"}, {"claim.subject"}), ({"subject": "\ud800"}, {"claim.subject"}),
    ({"start": 5}, {"claim.start"}), ({"state": "read"}, {"claim.state"}), ({"value": "68"}, {"claim.same"}), ({},
    {"claim.same"}),
    ({"value": "x", "unit": "", "bound": "?"}, {"claim.value", "claim.unit", "claim.bound"}),
])
def test_a_wrong_correction_is_refused_with_every_finding(planner, claims, changes, checks):
    with made.refused(BadInput) as raised:
        documents.correct(planner, claims[1].pk, changes, "更正", 0)
    assert {finding.check for finding in raised.value.findings} == checks


def test_a_correction_needs_a_reason_and_the_version_that_stands(planner, claims):
    for why in ("", "  ", "长" * 301):
        with made.refused(BadInput):
            documents.correct(planner, claims[1].pk, {"value": "69"}, why, 0)
    with made.refused(Conflict):
        documents.correct(planner, claims[1].pk, {"value": "69"}, "更正", 1)
    with made.refused(Conflict):
        documents.set_aside(planner, claims[1].pk, "不是数字", 7)


@pytest.mark.parametrize("role", ["leader", "deputy", "office"])
def test_other_roles_decide_nothing(claims, role):
    office = made.people.create_office(None, "区商务局", made.DISTRICT)
    who = made.user(role, role, office=office if role == "office" else None)
    for attempt in (lambda: documents.confirm(who, [claims[1].pk]),
                    lambda: documents.correct(who, claims[1].pk, {"value": "69"}, "更正", 0),
                    lambda: documents.set_aside(who, claims[1].pk, "不是", 0),
                    lambda: plans.commit(who, [claims[4].pk]),
                    lambda: plans.confirm_commitments(who, [plans.Commitment.objects.get().pk]),
                    lambda: plans.decide(who, plans.Pairing.objects.first(), "confirmed")):
        with made.refused(NotAllowed):
            attempt()


def test_confirming_many_changes_those_that_were_only_read(planner, claims):
    documents.correct(planner, claims[2].pk, {"value": "97"}, "更正", 0)
    documents.set_aside(planner, claims[3].pk, "不是", 0)
    changed = documents.confirm(planner, [claim.pk for claim in claims.values()])
    assert [claim.number for claim in changed] == [1, 3, 4, 5, 6]
    assert set(Claim.objects.values_list("number", "state")) == {
        (1, "confirmed"), (2, "corrected"), (3, "confirmed"), (4, "confirmed"), (5, "confirmed"), (6, "confirmed")}
    assert Entry.objects.filter(action="claim.confirm").count() == 5
    assert documents.confirm(planner, [claim.pk for claim in claims.values()]) == []
    assert documents.confirm(planner, []) == []


def test_what_the_plan_rests_on_is_neither_set_aside_nor_made_a_report(planner, claims):
    plans.commit(planner, [claims[4].pk])
    with made.refused(BadInput):
        documents.set_aside(planner, claims[4].pk, "不是", 1)
    with made.refused(BadInput):
        documents.correct(planner, claims[4].pk, {"modality": "actual"}, "更正", 1)


def test_a_target_follows_its_claim_in_what_nobody_edited(planner, claims):
    target = plans.commit(planner, [claims[4].pk])[0]
    plans.edit(planner, target.pk, {"label": "退出企业（家）"}, "改名", 0)
    documents.correct(planner, claims[4].pk, {"value": "91", "deadline": "2025-11", "subject": "退出企业数"}, "看错", 1)
    target = Target.objects.get()
    assert (target.value, target.label, target.version) == ("91", "退出企业（家）", 2)
    assert target.due_on.isoformat() == "2025-11-30"
    entry = Entry.objects.get(action="target.follow")
    assert (entry.before, entry.after) == (
        {"value": "90", "due_on": "2025-12-31"}, {"value": "91", "due_on": "2025-11-30"})


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-10**20, max_value=10**20))
def test_every_printed_decimal_is_kept_exactly(value):
    text = format(value, "f")
    assert not number_trouble("数值", text) or len(text) > 60
    assert number_text(text).lstrip("-") == text.lstrip("-")


@given(st.text(max_size=70))
def test_no_typed_text_breaks_the_check_of_numbers(text):
    if not number_trouble("数值", text):
        assert number_text(text)
