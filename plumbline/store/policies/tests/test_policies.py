"""Policies: drafted by one, approved by another, frozen, changed only by a new edition; a refusal leaves nothing behind."""

from datetime import date
from types import SimpleNamespace

import pytest

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store import policies
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Policy, PolicyClause, PolicyMatch, PolicyVersion
from plumbline.store.tests import made, rolled
from plumbline.store.tests.rolled import FEW, GIFT, TABLE, draft, fresh, published, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalog(settings):
    settings.CATALOG = rolled.catalog()
    return settings.CATALOG


@pytest.fixture
def world():
    return rolled.town()


def proposed(text, start=0, end=18, kind="condition", **body):
    return SimpleNamespace(kind=kind, body={"label": "提出的", "text": text, "source": ""} | body, start=start, end=end,
                           sure=False, why="原文说少于")


def test_a_published_policy_gives_its_rule(world, catalog):
    policy = published(world)
    [rule] = policies.rules_of(policy, catalog)
    assert (rule.key, rule.label, rule.table) == (f"policy.{policy.pk}", "稳岗补贴（虚构）", TABLE)
    assert (rule.since, rule.until, rule.source) == (date(2020, 2, 1), date(2020, 12, 31), "云溪发〔2020〕1号")
    assert [(one.key, one.text) for one in rule.conditions] == [("area", "\"area\" = '990101'"), ("c1", "employees < 300")]
    assert (rule.gives.base, rule.gives.rate, rule.gives.cap) == ("paid", "0.3", "100000")
    assert (policy.edition, policy.approved_by, policy.submitted_by) == (1, world.leader, world.officer)
    assert PolicyMatch.objects.get().state == "waiting"


def test_the_journal_tells_of_every_step(world):
    published(world)
    assert list(Entry.objects.filter(table="policy").order_by("seq").values_list("action", flat=True)) == [
        "policy.create", "policy.clause-add", "policy.clause-add", "policy.submit", "policy.publish"]
    assert verify().broken is None


@pytest.mark.parametrize("wrong", [
    {"title": " "}, {"issuer": ""}, {"since": None}, {"until": date(2019, 1, 1)}, {"apply_since": date(2020, 5, 1),
                                                                                 "apply_until": date(2020, 4, 1)},
    {"table": "town.streets"}, {"way": "lottery"}, {"materials": ["长" * 201]}, {"materials": "执照"}, {"office": None},
    {"title": "看\u200b不见"}, {"document": 77}])
def test_fields_that_cannot_be_are_refused(world, wrong):
    with made.refused(BadInput):
        policies.draft(world.planner, told(world, **wrong))


def test_another_areas_office_is_refused(world):
    far = policies.editing.Office.objects.create(name="外区局", area=made.NEIGHBOUR)
    with made.refused(BadInput):
        policies.draft(world.planner, told(world, office=far.pk))


def test_an_office_drafts_for_itself_alone(world):
    with made.refused(BadInput):
        policies.draft(world.officer, told(world, office=world.other.pk))
    policy = draft(world)
    for who in (world.stranger, world.neighbour, world.deputy, world.leader):
        with made.refused(NotAllowed):
            policies.edit(who, policy.pk, {"title": "改"}, policy.version)
        with made.refused(NotAllowed):
            policies.add_clause(who, policy.pk, "condition", FEW, policy.version)
        with made.refused(NotAllowed):
            policies.submit(who, policy.pk, policy.version)
        with made.refused(NotAllowed):
            policies.give_up(who, policy.pk, policy.version, "不要了")
    policies.edit(world.planner, policy.pk, {"title": "改过"}, policy.version)
    assert fresh(policy).title == "改过"


@pytest.mark.parametrize("who", ["leader", "deputy", "neighbour"])
def test_who_may_not_make_policies_makes_none(world, who):
    with made.refused(NotAllowed):
        policies.draft(getattr(world, who), told(world))


def test_the_second_of_two_writers_is_told(world):
    policy = draft(world)
    policies.edit(world.planner, policy.pk, {"title": "先改的"}, policy.version)
    clause = policy.clauses.first()
    with made.refused(Conflict):
        policies.edit(world.officer, policy.pk, {"title": "后改的"}, policy.version)
    with made.refused(Conflict):
        policies.add_clause(world.officer, policy.pk, "condition", FEW, policy.version)
    with made.refused(Conflict):
        policies.confirm_condition(world.officer, clause.pk, FEW, policy.version)
    with made.refused(Conflict):
        policies.drop_clause(world.officer, clause.pk, policy.version)
    with made.refused(Conflict):
        policies.submit(world.officer, policy.pk, policy.version)
    assert fresh(policy).title == "先改的"


@pytest.mark.parametrize("text", ["employees", "employees <", "nothing = 1", "phone = '1'", "1 = 1; drop x", "", "x" * 2001])
def test_a_condition_that_is_none_is_refused(world, text):
    policy = draft(world)
    with made.refused(BadInput):
        policies.add_clause(world.officer, policy.pk, "condition", FEW | {"text": text}, policy.version)


@pytest.mark.parametrize("wrong", [{"base": "name"}, {"base": ""}, {"rate": "-1"}, {"rate": "三成"}, {"cap": "open"},
                                   {"bands": [{"when": "employees", "rate": "0.5"}]}, {"rate": "NaN"}, {"label": ""},
                                   {"bands": [{"when": "employees < 5", "rate": ""}]}])
def test_a_gift_that_cannot_be_reckoned_is_refused(world, wrong):
    policy = policies.draft(world.officer, told(world))
    with made.refused(BadInput):
        policies.add_clause(world.officer, policy.pk, "gift", GIFT | wrong, 0)


def test_a_policy_gives_one_thing(world):
    policy = draft(world)
    with made.refused(BadInput):
        policies.add_clause(world.officer, policy.pk, "gift", GIFT, policy.version)


def test_nothing_proposed_counts_before_a_person_confirms_it(world, catalog):
    policy = draft(world)
    first, second = policies.propose(world.officer, policy.pk, [proposed("open"), proposed("employees >= 5")], policy.version)
    policy = fresh(policy)
    assert [one.key for one in policies.rules_of(policy, catalog)[0].conditions] == ["area", "c1"]
    with made.refused(BadInput):
        policies.submit(world.officer, policy.pk, policy.version)
    policies.confirm_condition(world.officer, first.pk, first.body | {"label": "正常经营"}, policy.version)
    policies.drop_clause(world.officer, second.pk, policy.version + 1)
    policy = fresh(policy)
    assert [(one.key, one.label) for one in policies.rules_of(policy, catalog)[0].conditions][1:] == [
        ("c1", FEW["label"]), ("c3", "正常经营")]
    assert PolicyClause.objects.get(pk=first.pk).confirmed_by == world.officer
    policies.submit(world.officer, policy.pk, policy.version)


def test_proposing_again_replaces_what_nobody_confirmed(world):
    policy = draft(world)
    policies.propose(world.officer, policy.pk, [proposed("open")], policy.version)
    policies.propose(world.officer, policy.pk, [proposed("employees >= 5", 3, 400)], policy.version + 1)
    assert [(one.state, one.start) for one in fresh(policy).clauses.all()] == [
        ("confirmed", 0), ("confirmed", None), ("proposed", None)]


def test_a_policy_without_conditions_is_not_handed_in(world):
    policy = policies.draft(world.officer, told(world))
    with made.refused(BadInput):
        policies.submit(world.officer, policy.pk, 0)


def test_four_eyes(world):
    policy = draft(world)
    policies.edit(world.planner, policy.pk, {"title": "计划员改过"}, policy.version)
    policy = policies.submit(world.officer, policy.pk, policy.version + 1)
    for who in (world.planner, world.officer, world.deputy, world.neighbour, world.stranger):
        with made.refused(NotAllowed):
            policies.approve(who, policy.pk, policy.version)
    with made.refused(Conflict):
        policies.approve(world.leader, policy.pk, policy.version - 1)
    assert policies.approve(world.second, policy.pk, policy.version).state == "published"
    with made.refused(Conflict):
        policies.approve(world.second, policy.pk, policy.version)


def test_a_change_takes_a_handed_in_policy_back(world):
    policy = policies.submit(world.officer, (one := draft(world)).pk, one.version)
    policies.edit(world.officer, policy.pk, {"title": "又改"}, policy.version)
    assert fresh(policy).state == "draft"
    with made.refused(Conflict):
        policies.approve(world.leader, policy.pk, policy.version + 1)


def test_given_back_with_a_reason(world):
    policy = policies.submit(world.officer, (one := draft(world)).pk, one.version)
    with made.refused(BadInput):
        policies.give_back(world.leader, policy.pk, policy.version, " ")
    policies.give_back(world.leader, policy.pk, policy.version, "请补依据")
    assert (fresh(policy).state, Entry.objects.latest("seq").why) == ("draft", "请补依据")


def test_a_published_policy_is_changed_by_a_new_edition_alone(world, catalog):
    policy = published(world)
    with made.refused(Conflict):
        policies.edit(world.officer, policy.pk, {"title": "改"}, policy.version)
    with made.refused(Conflict):
        policies.add_clause(world.officer, policy.pk, "condition", FEW, policy.version)
    before = policies.rules_of(policy, catalog)
    again = policies.revise(world.officer, policy.pk, policy.version, "放宽")
    with made.refused(Conflict):
        policies.revise(world.planner, policy.pk, policy.version, "我也改")
    clause = again.clauses.get(kind="condition")
    policies.confirm_condition(world.officer, clause.pk, FEW | {"text": "employees < 500"}, again.version)
    assert policies.rules_of(fresh(policy), catalog) == before
    again = policies.submit(world.officer, again.pk, again.version + 1)
    with made.refused(NotAllowed):
        policies.approve(world.officer, again.pk, again.version)
    one = policies.approve(world.leader, again.pk, again.version)
    assert (one.pk, one.edition, one.state, fresh(again).state) == (policy.pk, 2, "published", "joined")
    assert policies.rules_of(one, catalog)[0].conditions[1].text == "employees < 500"
    assert list(PolicyVersion.objects.order_by("n").values_list("n", flat=True)) == [1, 2]
    assert PolicyVersion.objects.get(n=1).body["rule"]["because"]["c1"]["text"] == "employees < 300"


def test_ended_with_a_reason_by_who_approves(world):
    policy = published(world)
    with made.refused(NotAllowed):
        policies.end(world.officer, policy.pk, policy.version, "到期")
    with made.refused(BadInput):
        policies.end(world.leader, policy.pk, policy.version, "")
    policies.end(world.leader, policy.pk, policy.version, "资金用完")
    assert (fresh(policy).state, fresh(policy).why_ended) == ("ended", "资金用完")
    assert policies.published(TABLE, date(2020, 5, 1)) == []
    with made.refused(Conflict):
        policies.revise(world.officer, policy.pk, policy.version + 1, "再来")


def test_given_up_drafts_stay_to_be_read(world):
    policy = draft(world)
    policies.give_up(world.officer, policy.pk, policy.version, "重复")
    assert fresh(policy).state == "dropped"


@pytest.mark.parametrize(("day", "areas", "found"), [
    (date(2020, 2, 1), None, True), (date(2020, 1, 31), None, False), (date(2020, 12, 31), ["990101"], True),
    (date(2021, 1, 1), None, False), (date(2020, 5, 1), ["110112"], False), (date(2020, 5, 1), ["990000"], False)])
def test_published_on_a_day_for_an_area(world, day, areas, found):
    policy = published(world)
    assert (policies.published(TABLE, day, areas) == [policy]) is found


def test_who_sees_a_draft_and_who_a_published_policy(world):
    policy = draft(world)
    firm = made.user("firm", "firm")
    everybody = (world.planner, world.leader, world.officer, world.stranger, world.neighbour, world.deputy, firm)
    seen = [Policy.objects.visible_to(who).exists() for who in everybody]
    assert seen == [True, True, True, False, False, False, False]
    policy = policies.submit(world.officer, policy.pk, policy.version)
    policies.approve(world.leader, policy.pk, policy.version)
    assert all(Policy.objects.visible_to(who).exists() for who in everybody)
    assert [PolicyClause.objects.visible_to(who).count() for who in everybody] == [2] * 7
