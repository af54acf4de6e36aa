"""What a clock reached is told once, to those it concerns, in the order's story; at office hours where that is declared."""

import os
import signal
from collections import Counter
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connections

from plumbline.store import orders
from plumbline.store.journal import Entry, verify
from plumbline.store.models import ClockEvent, Notice, Order, OrderMove
from plumbline.store.orders import sweeping
from plumbline.store.orders.tests.made import CATALOG, HELP, MATTER, at, kind, moved, opened, parameter, person
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db


def catalog_with(**levels):
    """The small kinds, where the clock of replies has these levels."""
    body = deepcopy(MATTER)
    body["clocks"]["reply"]["levels"] = levels
    return replace(CATALOG, orders={"small.matter": kind("small.matter", body), "small.help": CATALOG.orders["small.help"]})


OFFICE = catalog_with(remind={"label": "提醒", "used": "0.5", "to": ["holder"], "hours": "office"},
                      late={"label": "已超期", "to": ["holder", "leader"], "hours": "office"})


def day(number, hour=0, minute=0, month=3):
    return at(hour, minute, date(2025, month, number))


def swept(now, catalog=CATALOG):
    return orders.sweep(now, catalog)


def escalated(order):
    return list(order.moves.filter(move="escalate").values_list("label", "at"))


def told(order=None):
    """Notices of clocks: level, to whom."""
    rows = Notice.objects.exclude(clock="")
    return sorted((one.level, one.user.username if one.user else one.office.name)
                  for one in (rows.filter(order=order) if order else rows))


def warned_at(order):
    """When the first level of its clock is reached."""
    order.refresh_from_db()
    return order.next_at


def test_each_level_is_told_once_and_stands_in_the_story(cast, order):
    warn = warned_at(order)
    assert day(3, 11) < warn < order.due_at == day(11)
    assert swept(warn - timedelta(seconds=1)).orders == 0
    found = swept(warn)
    assert (found.orders, dict(found.reached), found.notices, found.stuck) == (1, {"warn": 1}, 1, ())
    order.refresh_from_db()
    assert (order.level, order.next_at, escalated(order), told()) == (
        2, day(11), [("将超期", warn)], [("warn", "云溪街道")])
    assert dict(swept(day(11)).reached) == {"late": 1}
    order.refresh_from_db()
    assert (order.level, order.next_at, escalated(order), told()) == (
        3, None, [("将超期", warn), ("已超期", day(11))], [("late", "dispatcher"), ("late", "云溪街道"), ("warn", "云溪街道")])
    rows = list(order.moves.filter(move="escalate"))
    assert [(row.n, row.by, row.source, row.to, row.office, row.why, row.change) for row in rows] == [
        (n, None, "given", "given", cast["street"], "办理时限至3月10日24时。", {"办理时限": [None, "2025-03-11 00:00"]})
        for n in (3, 4)]
    assert [(one.who, one.after) for one in Entry.objects.filter(action="order.sweep").order_by("seq")] == [
        ("系统", {"small.matter reply.warn": [order.pk]}), ("系统", {"small.matter reply.late": [order.pk]})]
    assert verify().broken is None


def test_twice_does_nothing_more(cast, order):
    for now in (warned_at(order), day(11), day(20)):
        swept(now)
        before = made.everything()
        assert swept(now) == sweeping.Swept()
        assert made.everything() == before


def test_where_nothing_is_due_nothing_is_written(order):
    before = made.everything()
    assert swept(day(4)) == sweeping.Swept()
    assert made.everything() == before


def test_what_was_slept_through_is_told_once_by_the_last(cast, order):
    assert dict(swept(day(12)).reached) == {"late": 1}
    assert (told(), [label for label, _ in escalated(order)]) == (
        [("late", "dispatcher"), ("late", "云溪街道")], ["已超期"])
    order.refresh_from_db()
    assert order.clocks["reply"]["told"] == ["warn", "late"]


def test_what_is_answered_does_not_escalate(cast, order):
    moved(cast["holder"], order, "answer", day(5), reply="已换", finding="已解决")
    for now in (day(9), day(11), day(30)):
        assert swept(now) == sweeping.Swept()
    assert (told(), escalated(order)) == ([], [])


def test_what_was_answered_while_the_machine_slept_does_not_escalate(cast, order):
    moved(cast["holder"], order, "answer", day(10, 23), reply="已换", finding="已解决")
    Order.objects.filter(pk=order.pk).update(next_at=day(9))
    swept(day(12))
    order.refresh_from_db()
    assert (told(), escalated(order), order.next_at, order.level) == ([], [], None, 0)


def test_what_hangs_is_not_reminded_of_until_it_goes_on(cast, order):
    moved(cast["holder"], order, "hang", day(4, 9), reason="等材料")
    assert swept(day(20)) == sweeping.Swept()
    moved(cast["holder"], order, "go_on", day(20, 9))
    assert swept(day(20, 10)) == sweeping.Swept()
    order.refresh_from_db()
    assert dict(swept(order.due_at).reached) == {"late": 1}


def test_a_transferred_order_reminds_the_new_office_not_the_old(cast, order):
    warn = warned_at(order)
    moved(cast["dispatcher"], order, "pass", day(5), office=cast["other"].pk, reason="职责")
    assert warned_at(order) == warn
    swept(warn)
    swept(day(11))
    assert told() == [("late", "dispatcher"), ("late", "区城管局"), ("warn", "区城管局")]


def test_an_extension_moves_the_next_reminder(cast, order):
    warn = warned_at(order)
    one = orders.ask(cast["holder"], order.pk, "reply", 5, "等配件", catalog=CATALOG, now=day(5))
    orders.decide(cast["dispatcher"], one.pk, True, catalog=CATALOG, now=day(5, 1))
    later = warned_at(order)
    assert warn < later
    assert swept(warn) == sweeping.Swept()
    assert dict(swept(later).reached) == {"warn": 1}
    assert swept(day(11)) == sweeping.Swept()
    order.refresh_from_db()
    assert (order.due_at, dict(swept(day(18)).reached)) == (day(18), {"late": 1})


def test_an_extension_granted_after_the_warning_warns_again_before_the_new_end(cast, order):
    swept(warned_at(order))
    one = orders.ask(cast["holder"], order.pk, "reply", 5, "等配件", catalog=CATALOG, now=day(10))
    orders.decide(cast["dispatcher"], one.pk, True, catalog=CATALOG, now=day(10, 1))
    order.refresh_from_db()
    assert (order.level, order.clocks["reply"]["told"]) == (0, [])
    assert [dict(swept(now).reached) for now in (day(11), order.next_at, day(18))] == [{}, {"warn": 1}, {"late": 1}]


def test_a_reopened_order_is_reminded_of_afresh(cast, order):
    swept(day(12))
    moved(cast["holder"], order, "answer", day(12, 9), reply="已换", finding="已解决")
    moved(cast["dispatcher"], order, "again", day(13), reason="又坏了")
    order.refresh_from_db()
    assert (order.level, order.clocks["reply"]["told"]) == (0, [])
    assert [dict(swept(now).reached) for now in (order.next_at, order.due_at)] == [{"warn": 1}, {"late": 1}]


def hourly(cast, start, catalog=OFFICE):
    """An order of 24 hours, sent at this moment."""
    order = orders.open_(cast["operator"], "small.matter", {"title": "急", "area": made.DISTRICT, "urgency": "soon"},
                         catalog=catalog, now=start)
    return orders.move(cast["dispatcher"], order.pk, "send", {"office": cast["street"].pk}, 0, catalog=catalog, now=start)


def test_office_hours_are_kept_at_night_at_noon_and_on_holidays(cast):
    # office hours of 2025: 9:00 to 12:00, 13:00 to 18:00; May 1st to 5th is a holiday, Sunday, April 27th, is worked instead
    for start, remind, late in (
            (day(3, 10), day(4, 9), day(4, 10)), (day(3, 0, 30), day(3, 13), day(4, 9)), (day(7, 12), day(7, 13), day(10, 9)),
            (day(30, 10, month=4), day(30, 13, month=4), day(6, 9, month=5)), (day(26, 3, month=4), None, day(27, 9, month=4))):
        order = hourly(cast, start)
        assert warned_at(order) == (remind or late)
        for level, opens in (("remind", remind), ("late", late)):
            if opens:
                assert swept(opens - timedelta(minutes=1), OFFICE) == sweeping.Swept()
                assert dict(swept(opens, OFFICE).reached) == {level: 1}
        assert swept(late + timedelta(days=9), OFFICE) == sweeping.Swept()


def test_what_any_hour_may_tell_is_told_at_night(cast):
    order = hourly(cast, day(3, 10), CATALOG)
    order.refresh_from_db()
    assert order.next_at == day(4, 5, 12)
    assert dict(swept(day(4, 5, 12)).reached) == {"warn": 1}


def test_a_machine_that_wakes_at_night_waits_till_the_office_opens(cast):
    order = hourly(cast, day(7, 9))
    assert order.due_at == day(8, 9)
    Order.objects.filter(pk=order.pk).update(next_at=day(7, 21))
    found = swept(day(8, 23), OFFICE)
    order.refresh_from_db()
    assert (found.orders, dict(found.reached), order.next_at, order.level) == (1, {}, day(10, 9), 3)
    assert (told(), escalated(order)) == ([], [])
    assert swept(day(9, 12), OFFICE) == sweeping.Swept()
    assert dict(swept(day(10, 9), OFFICE).reached) == {"late": 1}
    assert told() == [("late", "leader"), ("late", "云溪街道")]
    order.refresh_from_db()
    assert order.next_at is None


def test_clocks_know_nothing_of_each_other(cast):
    body, limits = deepcopy(MATTER), {**CATALOG.parameters}
    body["clocks"]["send"]["levels"] = {"late": {"label": "派单超时", "to": ["dispatcher"], "hours": "any"}}
    body["clocks"]["first"] = {**body["clocks"]["send"], "label": "首响时限", "of": "small.first.all",
                               "levels": {"late": {"label": "首响超时", "to": ["dispatcher"], "hours": "any"}}}
    limits["small.first.all"] = parameter("small.first.all", 1, "小时")
    both = replace(CATALOG, orders={"small.matter": kind("small.matter", body), "small.help": CATALOG.orders["small.help"]},
                   parameters=limits)
    order = orders.open_(cast["operator"], "small.matter", {"title": "x", "area": made.DISTRICT, "urgency": "usual"},
                         catalog=both, now=at(10))
    assert [dict(swept(at(hour), both).reached) for hour in (11, 12)] == [{"late": 1}, {"late": 1}]
    assert [label for label, _ in escalated(order)] == ["首响超时", "派单超时"]


def test_what_is_joined_to_another_reminds_nobody_twice(cast, order):
    again = opened(cast["operator"], title="同一盏灯")
    orders.join(cast["operator"], again.pk, order.pk, "同一盏灯", 0, catalog=CATALOG, now=at(12))
    swept(day(11))
    assert {row.order_id for row in OrderMove.objects.filter(move="escalate")} == {order.pk, again.pk}
    assert (told(again), told(order)) == ([], [("late", "dispatcher"), ("late", "云溪街道")])


def test_those_of_other_areas_are_not_told(cast, order):
    far = person("far", "dispatcher", area=made.CITY)
    swept(day(11))
    assert not Notice.objects.filter(user__in=[far, cast["stranger"]]).exists()


def test_the_district_without_a_dispatcher_tells_the_citys(cast, order):
    far = person("far", "dispatcher", area=made.CITY)
    type(far).objects.filter(pk=cast["dispatcher"].pk).update(is_active=False)
    swept(day(11))
    assert ("late", "far") in told()


def test_an_order_that_cannot_be_reckoned_holds_nobody_up_and_loses_no_word(cast, order):
    broken = moved(cast["dispatcher"], opened(cast["operator"]), "send", office=cast["street"].pk)
    body = deepcopy(MATTER)
    body["clocks"]["aside"] = {**body["clocks"]["reply"], "label": "另一时限"}
    both = replace(CATALOG, orders={"small.matter": kind("small.matter", body), "small.help": CATALOG.orders["small.help"]})
    broken.clocks = {**broken.clocks, "aside": broken.clocks["reply"]}
    broken.save()
    ClockEvent.objects.create(order=broken, clock="aside", kind="start", at=day(3, 11))
    wrong = ClockEvent.objects.create(order=broken, clock="aside", kind="extend", at=day(3, 12), amount=1, unit="小时")
    found = swept(day(11), both)
    assert (found.orders, found.stuck, dict(found.reached)) == (2, (broken.number,), {"late": 1})
    assert told(broken) == []
    broken.refresh_from_db()
    assert broken.next_at == day(12)
    assert swept(day(11, 1), both) == sweeping.Swept()
    wrong.delete()
    assert swept(day(12), both).stuck == ()
    assert told(broken) == [*[("late", "dispatcher")] * 2, *[("late", "云溪街道")] * 2]


def test_a_kind_or_clock_that_is_declared_no_more_is_not_swept_for_ever(cast, order):
    body = deepcopy(MATTER)
    del body["clocks"]["reply"]
    without = replace(CATALOG, orders={"small.matter": kind("small.matter", body)})
    none = replace(CATALOG, orders={"small.help": kind("small.help", HELP)})
    assert (swept(day(12), none).orders, swept(day(12), none).orders) == (1, 0)
    Order.objects.update(next_at=day(9))
    found = orders.sweep(day(12), without, most=3)
    assert (found.orders, dict(found.reached), told()) == (1, {}, [])


def many(cast, number):
    """Orders the street holds, all late at once."""
    first = moved(cast["dispatcher"], opened(cast["operator"]), "send", office=cast["street"].pk)
    pks = [first.pk]
    for n in range(1, number):
        one = Order.objects.get(pk=first.pk)
        one.pk, one.number, one.code = None, f"SX2025{n:06}X", "0" * 12
        one.save()
        pks.append(one.pk)
    events = list(ClockEvent.objects.filter(order=first))
    ClockEvent.objects.bulk_create([
        ClockEvent(order_id=pk, clock=row.clock, kind=row.kind, at=row.at, why=row.why) for pk in pks[1:] for row in events])
    OrderMove.objects.bulk_create([OrderMove(order_id=pk, n=1, move="open", label="登记", at=at(10)) for pk in pks[1:]])
    return pks


def once_each(pks):
    """Whether each of these was told of once, in its story and to each."""
    rows = Counter(OrderMove.objects.filter(move="escalate").values_list("order", flat=True))
    notices = Counter(Notice.objects.exclude(clock="").values_list("order", "office", "user"))
    assert rows == Counter(pks)
    assert len(notices) == 2 * len(pks)
    assert set(notices.values()) == {1}
    assert sorted(pk for entry in Entry.objects.filter(action="order.sweep") for pk in next(iter(entry.after.values()))) == pks
    assert verify().broken is None


def test_many_are_swept_in_batches_with_few_queries(cast, monkeypatch, django_assert_max_num_queries):
    pks = many(cast, 25)
    monkeypatch.setattr(sweeping, "BATCH", 10)
    with django_assert_max_num_queries(60):
        found = orders.sweep(day(12), CATALOG)
    assert (found.orders, dict(found.reached), found.notices) == (25, {"late": 25}, 50)
    once_each(pks)
    assert orders.sweep(day(12), CATALOG).orders == 0


def test_no_more_than_were_asked_for(cast, monkeypatch):
    many(cast, 7)
    monkeypatch.setattr(sweeping, "BATCH", 3)
    assert [orders.sweep(day(12), CATALOG, most=most).orders for most in (4, 10, 10)] == [4, 3, 0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("what", "after"), [("_saved", 2), ("_told", 2), ("record", 2), ("touched", 1)])
def test_killed_half_way_nothing_is_doubled_and_nothing_lost(cast, monkeypatch, what, after):
    pks = many(cast, 9)
    monkeypatch.setattr(sweeping, "BATCH", 4)
    connections.close_all()
    child = os.fork()
    if not child:
        whole, called = getattr(sweeping, what), []

        def killed(*args):
            found = whole(*args)
            called.append(1)
            if len(called) == after:
                os.kill(os.getpid(), signal.SIGKILL)
            return found

        monkeypatch.setattr(sweeping, what, killed)
        orders.sweep(day(12), CATALOG)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert OrderMove.objects.filter(move="escalate").count() == 4 * (after - 1)
    found = orders.sweep(day(12), CATALOG)
    assert found.orders == 9 - 4 * (after - 1)
    once_each(pks)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_tell_nothing_twice(cast):
    pks = many(cast, 12)
    connections.close_all()
    children = []
    for _ in range(3):
        child = os.fork()
        if not child:
            code = 1
            try:
                sweeping.BATCH = 3
                orders.sweep(day(12), CATALOG)
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]
    orders.sweep(day(12), CATALOG)
    once_each(pks)
