"""The worked case: a target, split to three streets by 3:3:1, their months, the lights, the closing, the ranking."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings

from plumbline.kernel import ZONE, BadInput, Conflict, NotAllowed
from plumbline.store import orders
from plumbline.store.models import Entry, Office, Order, Target
from plumbline.store.tests import made
from plumbline.systems.programmes import behind, meetings, returns, tasks
from plumbline.systems.programmes.lights import rules_on
from plumbline.systems.programmes.standing import standings, wholes
from plumbline.systems.programmes.tests.town import JULY, JULY_LATE, START, given, town

pytestmark = pytest.mark.django_db
WEIGHTS = (Decimal(3), Decimal(3), Decimal(1))
LATER = datetime(2025, 7, 9, 9, tzinfo=ZONE)


@pytest.fixture
def world():
    return town()


def split(world, task):
    return tasks.split(world.planner, task, [(one.pk, weight) for one, weight in zip(world.streets, WEIGHTS, strict=True)],
                       "按人口分解", task.version, now=START)


def stand(world, now=LATER, user=None):
    rules = rules_on(settings.CATALOG.parameters, now.date())
    return standings(wholes(user or world.planner), now, rules)


def hand_in(world, at, value, **told):
    one = Order.objects.get(kind="programmes.monthly", office=world.streets[at], topic="2025-06")
    return returns.hand_in(world.people[at], one, {"value": value, "words": "按计划推进"} | told, one.version,
                           now=JULY + timedelta(days=1))


def test_a_target_becomes_an_order_with_its_number_and_day(world):
    task = given(world)
    assert (task.subject, task.office, task.state) == (f"target {world.stations.pk}", world.bureau, "working")
    assert (tasks.number(task, "value"), task.fields["unit"], str(tasks.day(task, "due_on"))) == (13000, "个", "2025-12-31")
    with pytest.raises(Conflict):
        given(world)


def test_parts_add_up_and_belong_to_their_streets(world):
    parts = split(world, given(world))
    assert [tasks.number(one, "value") for one in parts] == [5572, 5571, 1857]
    assert sum(tasks.number(one, "value") for one in parts) == 13000
    assert [(one.office, one.place, one.link) for one in parts] == [(one, one.place, "part") for one in world.streets]
    assert list(Order.objects.visible_to(world.people[0])) == [parts[0]]
    assert set(Order.objects.visible_to(world.boss)) == {*parts, parts[0].parent}


def test_twice_split_is_refused(world):
    task = given(world)
    split(world, task)
    task.refresh_from_db()
    with made.refused(BadInput):
        split(world, task)


def test_strangers_and_streets_may_not_split_or_give(world):
    task = given(world)
    for who in (world.people[0], world.neighbour, world.deputy, world.boss):
        with made.refused(NotAllowed):
            tasks.split(who, task, [(one.pk, Decimal(1)) for one in world.streets], "想分", task.version)
        with made.refused(NotAllowed):
            tasks.promise(who, "target", world.firms.pk)


def test_asked_once_of_the_parts_and_not_of_the_whole(world):
    split(world, given(world))
    asked = returns.ask(world.planner, made.DISTRICT, "2025-06", JULY)
    assert [one.office for one in asked] == world.streets
    assert returns.ask(world.planner, made.DISTRICT, "2025-06", JULY) == []
    # from the day after, five days: to the end of 6 July
    assert {one.due_at.astimezone(ZONE).isoformat() for one in asked} == {"2025-07-07T00:00:00+08:00"}
    for month in ("2025-07", "2025Q2", "去年"):
        with made.refused(BadInput):
            returns.ask(world.planner, made.DISTRICT, month, JULY)
    with made.refused(NotAllowed):
        returns.ask(world.people[0], made.DISTRICT, "2025-05", JULY)


def test_a_month_is_over_by_our_own_midnight(world):
    split(world, given(world))
    early = datetime(2025, 6, 30, 16, 5, tzinfo=UTC)  # 00:05 on 1 July here
    with made.refused(BadInput):
        returns.ask(world.planner, made.DISTRICT, "2025-06", early - timedelta(minutes=10))
    assert len(returns.ask(world.planner, made.DISTRICT, "2025-06", early)) == 3


def test_two_planners_who_ask_at_once_ask_once(world, monkeypatch):
    split(world, given(world))
    owing = returns.owing(world.planner, "2025-06")
    monkeypatch.setattr(returns, "owing", lambda *_: owing)
    assert [len(returns.ask(who, made.DISTRICT, "2025-06", JULY)) for who in (world.planner, world.second)] == [3, 0]
    assert Order.objects.filter(kind="programmes.monthly").count() == 3


def test_what_is_not_told_is_named_and_not_zero(world):
    split(world, given(world))
    returns.ask(world.planner, made.DISTRICT, "2025-06", JULY)
    hand_in(world, 0, "2800")
    hand_in(world, 1, "300")
    [whole] = stand(world)
    assert (whole.light.key, whole.absent, whole.done) == ("grey", ("丙街道",), "3100个")
    assert whole.light.reasons == ("1个单位未报（丙街道），已报的合计3100个，进度无法判断。",)
    assert [(one.light.key, one.done, one.owed) for one in whole.parts] == [
        ("green", "2800个", ()), ("red", "300个", ()), ("yellow", "", ("2025-06",))]
    assert "逾期未报1个月：2025-06。" in whole.parts[2].light.reasons


def test_told_by_all_the_sum_is_exact(world):
    split(world, given(world))
    returns.ask(world.planner, made.DISTRICT, "2025-06", JULY)
    for at, value in enumerate(("2800.5", "2700.25", "900.25")):
        hand_in(world, at, value)
    [whole] = stand(world)
    assert (whole.done, whole.absent, whole.month) == ("6401个", (), "2025-06")
    assert (whole.light.key, whole.light.share) == ("green", Decimal(6401) / 13000)


def test_a_number_that_is_none_is_refused(world):
    split(world, given(world))
    returns.ask(world.planner, made.DISTRICT, "2025-06", JULY)
    for value in ("", "很多", "-1", "NaN", "1.1234567"):
        with made.refused(BadInput):
            hand_in(world, 0, value)
    one = Order.objects.get(kind="programmes.monthly", office=world.streets[0])
    with made.refused(NotAllowed):
        returns.hand_in(world.people[1], one, {"value": "1", "words": "替报"}, one.version, now=JULY)


def test_blocked_is_red_and_the_whole_says_where(world):
    split(world, given(world))
    returns.ask(world.planner, made.DISTRICT, "2025-06", JULY)
    hand_in(world, 0, "2800", blocked="1", blocked_by="用地未批")
    [whole] = stand(world)
    assert (whole.parts[0].light.key, whole.blocked) == ("red", "甲街道：用地未批")
    assert whole.light.key == "red"


def close(world, part, who, finding="已完成"):
    part.refresh_from_db()
    told = {"reply": "已建成", "finding": finding, "evidence": "验收单1号", "done": part.fields.get("value", "")}
    part = tasks.act(who, part, "propose", told, part.version, now=JULY_LATE)
    with made.refused(NotAllowed):
        tasks.act(who, part, "close", {}, part.version, now=JULY_LATE)
    return tasks.act(world.planner, part, "close", {}, part.version, now=JULY_LATE)


def test_closed_by_another_person_after_the_parts_and_told_to_the_plan(world):
    task = given(world)
    parts = split(world, task)
    task.refresh_from_db()
    with made.refused(BadInput):
        tasks.act(world.boss, task, "propose", {"reply": "好了", "finding": "已完成", "evidence": "1号"}, task.version)
    for part, who in zip(parts, world.people, strict=True):
        assert close(world, part, who).state == "closed"
    assert Target.objects.get(pk=world.stations.pk).state == "open"
    task = close(world, task, world.boss)
    assert (task.state, Target.objects.get(pk=world.stations.pk).state) == ("closed", "kept")
    assert Entry.objects.filter(action="target.edit", key=str(world.stations.pk), who="planner").count() == 1
    task = tasks.act(world.planner, task, "reopen", {"reason": "抽查未完成"}, task.version)
    assert Target.objects.get(pk=world.stations.pk).state == "open"
    assert close(world, task, world.boss, "未完成").state == "closed"
    assert Target.objects.get(pk=world.stations.pk).state == "missed"


def test_a_commitment_is_told_too_and_sent_back_work_stays_open(world):
    task = tasks.give(world.planner, tasks.promise(world.planner, "commitment", world.commitment.pk), None, None)
    told = {"reply": "好了", "finding": "已完成", "evidence": "1号"}
    task = tasks.act(world.boss, task, "propose", told, task.version)
    task = tasks.act(world.planner, task, "send_back", {"reason": "材料不全"}, task.version)
    world.commitment.refresh_from_db()
    assert (task.state, world.commitment.outcome) == ("working", "open")
    task = close(world, task, world.boss)
    world.commitment.refresh_from_db()
    assert world.commitment.outcome == "kept"


def test_urging_has_its_own_clock_and_costs_points(world):
    task = given(world)
    task = tasks.act(world.leader, task, "press", {"reason": "进度落后"}, task.version, now=JULY)
    # three working days after Tuesday 1 July, at the close of Friday the 4th
    assert task.due_at.astimezone(ZONE).isoformat() == "2025-07-04T18:00:00+08:00"
    task = tasks.act(world.boss, task, "answer", {"reply": "已加班"}, task.version, now=JULY)
    assert (task.state, task.due_at) == ("working", None)
    with made.refused(NotAllowed):
        tasks.act(world.people[0], task, "press", {"reason": "替催"}, task.version)


def test_the_ranking_counts_orders_and_names_them(world):
    parts = split(world, given(world))
    asked = returns.ask(world.planner, made.DISTRICT, "2025-06", JULY)
    hand_in(world, 0, "5572")
    hand_in(world, 1, "300")
    close(world, parts[0], world.people[0])
    parts[1].refresh_from_db()
    orders.move(world.planner, parts[1].pk, "press", {"reason": "落后"}, parts[1].version, now=JULY)
    told = behind.told_of(world.planner, "2025-06", LATER)
    assert told[world.streets[2].pk].below["returns"] == (asked[2].pk,)
    assert "returns" not in told[world.streets[2].pk].above
    july = {one.office.name: one for one in behind.ranking_of(world.planner, "2025-07", settings.CATALOG, JULY_LATE)}
    # July: nothing asked for July yet, nothing due; closed of those in hand, less two points for urging
    assert [(july[name].total, july[name].rank) for name in ("甲街道", "乙街道", "丙街道")] == [(100, 1), (0, 2), (0, 2)]
    assert behind.told_of(world.planner, "2025-07", JULY_LATE)[world.streets[1].pk].urged == (parts[1].pk,)
    june = {one.office.name: one for one in behind.ranking_of(world.planner, "2025-06", settings.CATALOG, LATER)}
    # June: in time 1/1 of 30, closed 0/1 of 30
    assert [(june[name].total, june[name].rank) for name in ("甲街道", "乙街道", "丙街道")] == [(50, 1), (50, 1), (0, 3)]
    assert june["区经信局"].office.kind == "department"


def test_a_task_is_split_to_every_street_of_a_large_district(world):
    many = [Office.objects.create(name=f"第{at}街道", area=made.DISTRICT, kind="street") for at in range(43)]
    parts = tasks.split(world.planner, given(world), [(one.pk, Decimal(1)) for one in many], "平均", 0, now=START)
    assert (len(parts), sum(tasks.number(one, "value") for one in parts)) == (43, 13000)


def test_a_task_with_parts_under_way_is_not_cancelled_over_their_heads(world):
    task = given(world)
    parts = split(world, task)
    task.refresh_from_db()
    with made.refused(BadInput):
        tasks.act(world.planner, task, "cancel", {"reason": "并入别的任务"}, task.version)
    for part in parts:
        tasks.act(world.planner, part, "cancel", {"reason": "重新分解"}, part.version)
    task.refresh_from_db()
    assert tasks.act(world.planner, task, "cancel", {"reason": "并入别的任务"}, task.version).state == "cancelled"


def test_a_late_decision_says_so_on_the_next_agenda(world):
    meeting = meetings.call(world.planner, {"series": "周调度"}, START.date(), now=START)
    one = meetings.decide(world.planner, meeting, {"text": "一周内核清", "term": "week"}, world.streets[0].pk, now=START)
    [soon], [late] = (meetings.points([one], (), at) for at in (START, START + timedelta(days=9)))
    assert (soon.mark, late.mark) == ("办理中", "办理中（超期）")


def test_what_is_told_in_words_only_is_not_called_untold(world):
    task = tasks.give(world.planner, tasks.promise(world.planner, "commitment", world.commitment.pk), None, None, now=START)
    [asked] = returns.ask(world.planner, made.DISTRICT, "2025-06", JULY)
    returns.hand_in(world.boss, asked, {"words": "已完成前期"}, asked.version, now=JULY)
    [row] = stand(world)
    assert (row.number, row.month, row.owes, row.done) == (task.number, "2025-06", "", "")


def test_who_says_it_is_done_says_how_much(world):
    parts = split(world, given(world))
    told = {"reply": "已建成", "finding": "已完成", "evidence": "验收单1号"}
    for done in ("", "很多", "-1"):
        with made.refused(BadInput):
            tasks.act(world.people[0], parts[0], "propose", told | {"done": done}, parts[0].version)
    returns.ask(world.planner, made.DISTRICT, "2025-06", JULY)
    hand_in(world, 1, "2000")
    hand_in(world, 2, "800")
    assert "甲街道" in stand(world)[0].absent
    tasks.act(world.people[0], parts[0], "propose", told | {"done": "5000"}, parts[0].version, now=JULY_LATE)
    [whole] = stand(world)
    assert (whole.done, whole.absent, whole.parts[0].done) == ("7800个", (), "5000个")


def test_of_a_task_that_is_cancelled_no_month_is_owed(world):
    parts = split(world, given(world))
    returns.ask(world.planner, made.DISTRICT, "2025-06", JULY)
    hand_in(world, 1, "300")
    for part in parts[:2]:
        part.refresh_from_db()
        tasks.act(world.planner, part, "cancel", {"reason": "重新分解"}, part.version, now=JULY_LATE)
    asked = Order.objects.filter(kind="programmes.monthly").order_by("pk")
    assert [one.state for one in asked] == ["cancelled", "handed_in", "asked"]
    assert world.streets[0].pk not in behind.told_of(world.planner, "2025-06", JULY_LATE)
