"""Entries are written with permission, checks, a reason and the journal; personal values never reach the journal."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store import batches, registers
from plumbline.store.journal import Entry, verify
from plumbline.store.registers import Item
from plumbline.store.registers.tests.made import GOOD, KEPT, PROJECTS, item
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner():
    return made.user()


def findings(raised):
    return [one.message for one in raised.value.findings]


def test_an_entry_is_kept_exactly_and_journalled_without_personal_values(planner):
    made_one = item(planner)
    assert (made_one.values, made_one.key, made_one.area, made_one.since) == (KEPT, "P1", "990101", timezone.localdate())
    entry = Entry.objects.latest("seq")
    assert (entry.action, entry.table, entry.key, entry.before) == ("item.create", "item", str(made_one.pk), None)
    assert entry.after == KEPT | {"contact": "（个人信息，已更改）"}


def test_a_change_keeps_the_old_value_in_the_journal_and_leaves_other_columns(planner):
    first = item(planner)
    second = registers.save(planner, PROJECTS, first.pk, {"cost": Decimal("13"), "contact": ""}, "概算调整", 0)
    assert (second.version, second.values) == (1, {key: value for key, value in KEPT.items() if key != "contact"} | {
        "cost": "13.00"})
    entry = Entry.objects.latest("seq")
    assert (entry.before, entry.after, entry.why) == (
        {"cost": "12.50", "contact": "（个人信息）"}, {"cost": "13.00", "contact": None}, "概算调整")
    assert [one.action for one in Entry.objects.filter(table="item", key=str(first.pk))] == ["item.edit", "item.create"]


def test_saving_what_is_there_already_changes_nothing(planner):
    first = item(planner)
    before = made.everything()
    registers.save(planner, PROJECTS, first.pk, dict(GOOD), "核对", 0)
    assert made.everything() == before


@pytest.mark.parametrize(("values", "message"), [
    ({"cost": "12.345"}, "「投资」：「12.345」有 3 位小数，这一列最多 2 位；不代为舍入，请按要求填写。"),
    ({"begun": "2025-02-30"}, "「开工」：2025-02-30 不是真实的日期；请核对。"),
    ({"code": " "}, "「编号」：必填，但是空的；请补上。"),
    ({"state": "停工"}, "「状态」：「停工」不在可选的值中；请从推进中、已完成中选一个。"),
    ({"area": "999999"}, "「地区」：「999999」不是已知的行政区划代码；请按 GB/T 2260 填写六位代码，或写区名全称。"),
    ({"note": "x"}, "「note」不是可以填写的列；请刷新页面后重填。"), ({"code": "P0"}, "「P0」已经登记过；请更正原有的那一条。"),
])
def test_what_is_wrong_is_told_and_nothing_is_kept(planner, values, message):
    item(planner, "P0")
    with made.refused(BadInput) as raised:
        registers.save(planner, PROJECTS, None, GOOD | values)
    assert findings(raised) == [message]


def test_a_change_needs_a_reason_and_the_version_that_was_seen(planner):
    first = item(planner)
    with made.refused(BadInput):
        registers.save(planner, PROJECTS, first.pk, {"posts": "4"}, "", 0)
    registers.save(planner, PROJECTS, first.pk, {"posts": "4"}, "核对", 0)
    for deed in (lambda: registers.save(planner, PROJECTS, first.pk, {"posts": "5"}, "核对", 0),
                 lambda: registers.retire(planner, PROJECTS, first.pk, "重复", 0)):
        with made.refused(Conflict):
            deed()


def test_a_retired_entry_stays_to_be_seen_and_its_identity_is_free(planner):
    first = item(planner)
    registers.retire(planner, PROJECTS, first.pk, "已撤项", 0)
    first.refresh_from_db()
    assert (first.until, first.version) == (timezone.localdate(), 1)
    assert item(planner).pk != first.pk
    with made.refused(Conflict):
        registers.save(planner, PROJECTS, first.pk, {"posts": "5"}, "核对", 1)


def test_nobody_writes_entries_of_another_area(planner):
    first, theirs = item(planner), made.user("neighbour", area=made.NEIGHBOUR)
    leader = made.user("leader", role="leader")
    for deed in (lambda: item(theirs, "P2"), lambda: registers.save(theirs, PROJECTS, first.pk, {"posts": "1"}, "x", 0),
                 lambda: registers.retire(theirs, PROJECTS, first.pk, "x", 0),
                 lambda: registers.edit_many(theirs, PROJECTS, [first.pk], {"posts": "1"}, "x"),
                 lambda: registers.save(planner, PROJECTS, first.pk, {"area": made.NEIGHBOUR}, "x", 0),
                 lambda: registers.edit_many(planner, PROJECTS, [first.pk], {"area": made.NEIGHBOUR}, "x"),
                 lambda: item(leader, "P2")):
        with made.refused(NotAllowed):
            deed()


def test_entries_are_seen_in_their_area_and_by_no_deputy(planner):
    first = item(planner)
    assert [list(Item.objects.visible_to(user)) for user in (
        planner, made.user("n", area=made.NEIGHBOUR), made.user("d", role="deputy"))] == [[first], [], []]


def test_many_are_changed_at_once_each_with_its_own_entry(planner):
    items = [item(planner, f"P{n}", posts=str(n)) for n in range(5)]
    assert registers.edit_many(planner, PROJECTS, [one.pk for one in items], {"posts": "3", "cost": ""}, "统一口径") == 5
    assert [one.values.get("posts") for one in Item.objects.all()] == [3] * 5
    assert ["cost" in one.values for one in Item.objects.all()] == [False] * 5
    told = Entry.objects.filter(action="item.edit").order_by("seq").values_list("key", "before", "after", "why")
    assert list(told)[1] == (str(items[1].pk), {"cost": "12.50", "posts": 1}, {"cost": None, "posts": 3}, "统一口径")
    assert list(told)[3] == (str(items[3].pk), {"cost": "12.50"}, {"cost": None}, "统一口径")
    assert registers.edit_many(planner, PROJECTS, [one.pk for one in items], {"posts": "3"}, "再来") == 0
    assert verify().broken is None


@pytest.mark.parametrize(("changes", "why", "message"), [
    ({"code": "X"}, "x", "「编号」是标识，不能成批修改；请逐条更正。"), ({"state": "停工"}, "x",
     "「状态」：「停工」不在可选的值中；请从推进中、已完成中选一个。"), ({}, "x", "没有选择要修改的列；没有保存任何改动。"),
    ({"state": ""}, "x", "「状态」：必填，但是空的；请补上。"), ({"posts": "1"}, "", "请写明理由；没有保存任何改动。"),
])
def test_a_wrong_change_of_many_is_refused(planner, changes, why, message):
    first = item(planner)
    with made.refused(BadInput) as raised:
        registers.edit_many(planner, PROJECTS, [first.pk], changes, why)
    assert findings(raised) == [message]


def test_many_are_changed_all_or_none(planner, monkeypatch):
    monkeypatch.setattr("plumbline.store.registers.editing.MANY", 2)
    items = [item(planner, f"P{n}").pk for n in range(5)]
    with made.refused(NotAllowed):
        registers.edit_many(planner, PROJECTS, [*items, items[-1] + 1], {"posts": "9"}, "统一口径")
    with made.refused(Conflict):
        registers.edit_many(planner, PROJECTS, items, {"posts": "9"}, "x", batches.Watch(stop=lambda: True))


def test_a_table_of_batches_is_not_edited_entry_by_entry(planner):
    with made.refused(BadInput):
        registers.save(planner, replace(PROJECTS, register=False), None, GOOD)


def test_personal_values_of_a_retired_entry_are_dropped_in_time(planner):
    first, second = item(planner), item(planner, "P2")
    registers.retire(planner, PROJECTS, first.pk, "已撤项", 0)
    year = timezone.localdate() + timezone.timedelta(366)
    assert (batches.forget(year - timezone.timedelta(30), {PROJECTS.key: PROJECTS}),
            batches.forget(year, {PROJECTS.key: PROJECTS}), batches.forget(year, {PROJECTS.key: PROJECTS})) == (0, 1, 0)
    first.refresh_from_db()
    second.refresh_from_db()
    assert ("contact" in first.values, second.values["contact"]) == (False, "张三")
    assert all("张三" not in str((entry.before, entry.after)) for entry in Entry.objects.all())
