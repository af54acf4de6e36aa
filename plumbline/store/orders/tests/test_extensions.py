"""An extension is asked for before the limit, granted by another person, and as often as a dated parameter allows."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from plumbline.kernel import BadInput, Conflict, Dated, NotAllowed, Parameter
from plumbline.store import orders
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Extension, Notice
from plumbline.store.orders import extensions
from plumbline.store.orders.tests.made import CATALOG, at, moved, opened, person
from plumbline.store.tests.made import everything, refused

pytestmark = pytest.mark.django_db


def day(number, hour=0, minute=0):
    return at(hour, minute, date(2025, 3, number))


def asked(user, order, amount="3", now=None, catalog=CATALOG, **told):
    told = {"clock": "reply", "why": "等配件"} | told
    return orders.ask(user, order.pk, told["clock"], amount, told["why"], catalog=catalog, now=now or day(5, 9))


def decided(user, extension, granted=True, answer="同意", now=None, catalog=CATALOG):
    return orders.decide(user, extension.pk, granted, answer, catalog=catalog, now=now or day(6, 9))


def with_most(*told):
    """The catalog where each day allows so many extensions."""
    most = Parameter("small.most.extensions", "most", "次",
                     tuple(Dated(since, Decimal(value), "示例办法") for since, value in told), date(2025, 1, 1))
    return replace(CATALOG, parameters={**CATALOG.parameters, most.key: most})


def test_what_is_asked_and_granted_moves_the_limit_and_says_so_everywhere(cast, order):
    one = asked(cast["holder"], order)
    order.refresh_from_db()
    assert (one.state, one.unit, one.amount, one.asked_at, order.due_at) == (
        "asked", "工作日", 3, day(5, 9), day(11))
    assert extensions.waiting_for(cast["dispatcher"], order, CATALOG.orders[order.kind]) == [one]
    one = decided(cast["dispatcher"], one)
    order.refresh_from_db()
    assert (one.state, one.decided_by, order.due_at, order.clocks["reply"]["extensions"]) == (
        "granted", cast["dispatcher"], day(14), 1)
    due = orders.due_of(order, "reply", day(6, 10), CATALOG)
    assert due.at == day(14)
    assert any("延" in step and "3个工作日" in step for step in due.steps), due.steps
    assert [(row.move, row.by, row.why, row.change) for row in order.moves.filter(n__gt=2)] == [
        ("ask_extension", cast["holder"], "等配件", {"办理时限": [None, "申请延长3个工作日"]}),
        ("extend", cast["dispatcher"], "同意", {"办理时限": ["2025-03-11 00:00", "2025-03-14 00:00"]})]
    entries = list(Entry.objects.order_by("seq"))[-2:]
    assert [(entry.action, entry.who, entry.why) for entry in entries] == [
        ("order.ask-extension", "holder", "等配件"), ("order.grant-extension", "dispatcher", "同意")]
    assert verify().broken is None
    assert extensions.waiting_for(cast["dispatcher"], order, CATALOG.orders[order.kind]) == []


def test_those_who_grant_are_told_and_then_those_who_asked(cast, order):
    Notice.objects.all().delete()
    one = asked(cast["holder"], order)
    assert [(told.user, told.office, told.level) for told in Notice.objects.all()] == [(cast["dispatcher"], None, "extension")]
    decided(cast["dispatcher"], one)
    told = Notice.objects.exclude(user=cast["dispatcher"]).get()
    assert (told.office, told.text) == (cast["street"], "SX2025000001「路灯不亮」同意延期：办理时限至3月13日24时。")


def test_what_is_refused_changes_no_limit_and_says_why(cast, order):
    one = decided(cast["dispatcher"], asked(cast["holder"], order), False, "理由不足")
    order.refresh_from_db()
    assert (one.state, one.answer, order.due_at, order.clock_events.filter(kind="extend").count()) == (
        "refused", "理由不足", day(11), 0)
    assert order.moves.last().move == "refuse_extension"
    assert Entry.objects.order_by("-seq")[0].action == "order.refuse-extension"
    assert asked(cast["holder"], order, now=day(7)).state == "asked"


def test_one_refuses_with_a_reason_and_grants_without(cast, order):
    one = asked(cast["holder"], order)
    with refused(BadInput):
        decided(cast["dispatcher"], one, False, " ")
    assert decided(cast["dispatcher"], one, True, "").state == "granted"


def test_only_those_the_clock_names_ask(cast, order):
    for who in ("second", "operator", "dispatcher", "planner", "leader", "deputy", "stranger"):
        with refused(NotAllowed):
            asked(cast[who], order)


def test_only_those_the_clock_names_grant(cast, order):
    one = asked(cast["holder"], order)
    before = everything()
    for who in ("holder", "second", "operator", "planner", "leader", "deputy", "stranger"):
        for granted in (True, False):
            with pytest.raises(NotAllowed):
                decided(cast[who], one, granted)
        assert everything() == before
        assert extensions.waiting_for(cast[who], order, CATALOG.orders[order.kind]) == []


def test_who_asked_does_not_grant_whatever_he_is(cast, order):
    cast["planner"].is_superuser = True
    one = asked(cast["planner"], order)
    for granted in (True, False):
        with refused(NotAllowed):
            decided(cast["planner"], one, granted)
    assert decided(cast["dispatcher"], one).state == "granted"


def test_it_is_asked_for_before_the_limit_to_the_minute(cast, order):
    with refused(BadInput) as raised:
        asked(cast["holder"], order, now=day(11, 0, 1))
    assert "时限是3月10日24时" in raised.value.findings[0].message
    assert asked(cast["holder"], order, now=day(10, 23, 59)).state == "asked"


def test_one_asked_in_time_is_granted_after_it_and_counts_from_the_old_limit(cast, order):
    decided(cast["dispatcher"], asked(cast["holder"], order, now=day(10, 23)), now=day(12, 9))
    order.refresh_from_db()
    assert (order.due_at, order.level) == (day(14), 0)


def test_as_often_as_the_parameter_allows(cast, order):
    decided(cast["dispatcher"], asked(cast["holder"], order))
    with refused(BadInput) as raised:
        asked(cast["holder"], order, now=day(7))
    assert raised.value.findings[0].message == "「办理时限」最多延期 1 次（依据：示例办法），已经用完；没有保存。"


def test_the_parameter_in_force_on_the_day_counts(cast, order):
    decided(cast["dispatcher"], asked(cast["holder"], order))
    changed = with_most((date(2020, 1, 1), 1), (date(2025, 3, 10), 2))
    with refused(BadInput):
        asked(cast["holder"], order, now=day(9, 23, 59), catalog=changed)
    one = asked(cast["holder"], order, now=day(10), catalog=changed)
    assert decided(cast["dispatcher"], one, now=day(10, 9), catalog=changed).state == "granted"
    order.refresh_from_db()
    assert (order.due_at, order.clocks["reply"]["extensions"]) == (day(19), 2)
    with refused(BadInput):
        asked(cast["holder"], order, now=day(11), catalog=changed)


def test_where_no_parameter_allows_any_none_is_asked_for(cast, order):
    none = with_most((date(2026, 1, 1), 1))
    with refused(BadInput) as raised:
        asked(cast["holder"], order, catalog=none)
    assert "最多延期 0 次" in raised.value.findings[0].message
    with refused(BadInput):
        asked(cast["holder"], order, catalog=replace(CATALOG, parameters={
            key: one for key, one in CATALOG.parameters.items() if key != "small.most.extensions"}))


def test_while_one_waits_no_second_is_asked_for(cast, order):
    asked(cast["holder"], order)
    with refused(BadInput):
        asked(cast["holder"], order, now=day(6), catalog=with_most((date(2020, 1, 1), 9)))


def test_one_is_decided_once(cast, order):
    one, another = decided(cast["dispatcher"], asked(cast["holder"], order)), person("another", "dispatcher")
    for granted in (True, False):
        with refused(Conflict):
            decided(another, one, granted, "晚了")


def test_what_is_no_amount_of_days_is_refused(cast, order):
    before = everything()
    for amount in ("0", "-1", "1.5", "NaN", "Infinity", "1e9", "1000", "三", "", None, "1;2", True):
        with pytest.raises(BadInput):
            asked(cast["holder"], order, amount)
    assert everything() == before


def test_an_extension_has_its_reason(cast, order):
    for why in ("", " ", "长" * 301):
        with refused(BadInput):
            asked(cast["holder"], order, why=why)


def test_what_is_answered_needs_no_extension(cast, order):
    one = asked(cast["holder"], order)
    moved(cast["holder"], order, "answer", day(5, 12), reply="已换", finding="已解决")
    with refused(BadInput):
        asked(cast["holder"], order, now=day(5, 13))
    with refused(BadInput):
        decided(cast["dispatcher"], one)
    assert decided(cast["dispatcher"], one, False, "已答复").state == "refused"


def test_what_was_asked_before_it_was_reopened_is_not_granted_to_the_new_course(cast, order):
    old = asked(cast["holder"], order)
    moved(cast["holder"], order, "answer", day(5, 12), reply="已换", finding="已解决")
    moved(cast["dispatcher"], order, "again", day(6, 8), reason="又坏了")
    new = asked(cast["holder"], order, now=day(6, 9))
    with refused(BadInput):
        decided(cast["dispatcher"], old, now=day(6, 10))
    assert decided(cast["dispatcher"], new, now=day(6, 10)).state == "granted"
    order.refresh_from_db()
    assert order.clocks["reply"]["extensions"] == 1


def test_the_new_course_may_be_extended_as_often_again(cast, order):
    decided(cast["dispatcher"], asked(cast["holder"], order))
    moved(cast["holder"], order, "answer", day(6, 12), reply="已换", finding="已解决")
    moved(cast["dispatcher"], order, "again", day(7, 8), reason="又坏了")
    decided(cast["dispatcher"], asked(cast["holder"], order, "1", day(7, 9)), now=day(7, 10))
    order.refresh_from_db()
    assert order.due_at == day(18)


def test_the_new_office_asks_the_old_one_no_more(cast, order):
    moved(cast["dispatcher"], order, "pass", day(4), office=cast["other"].pk, reason="职责")
    with refused(NotAllowed):
        asked(cast["holder"], order)
    assert asked(cast["second"], order).state == "asked"


def test_while_it_hangs_more_time_may_be_asked_for(cast, order):
    moved(cast["holder"], order, "hang", day(4, 9), reason="等材料")
    decided(cast["dispatcher"], asked(cast["holder"], order))
    order.refresh_from_db()
    assert (order.due_at, order.clocks["reply"]["on"]) == (None, "paused")
    moved(cast["holder"], order, "go_on", day(7, 9))
    order.refresh_from_db()
    assert order.due_at == day(19)


def test_a_clock_that_may_not_be_extended_is_not(cast, order):
    for clock in ("send", "nothing", ""):
        with refused(BadInput):
            asked(cast["holder"], order, clock=clock)


def test_one_joined_to_another_goes_with_it(cast, order):
    main = moved(cast["dispatcher"], orders.open_(
        cast["operator"], "small.matter", {"title": "同一盏灯", "area": order.area, "urgency": "usual"}, catalog=CATALOG,
        now=at(10)), "send", office=cast["street"].pk)
    orders.join(cast["dispatcher"], order.pk, main.pk, "同一件", order.version, catalog=CATALOG, now=at(12))
    with refused(BadInput):
        asked(cast["holder"], order)


def test_an_order_or_extension_that_is_not_there_is_refused_in_the_same_words(cast, order):
    with refused(NotAllowed) as others:
        asked(cast["second"], order)
    with refused(NotAllowed) as absent:
        orders.ask(cast["second"], 10 ** 9, "reply", 1, "x", catalog=CATALOG, now=day(5))
    one = asked(cast["holder"], order)
    with refused(NotAllowed) as far:
        decided(cast["stranger"], one)
    with refused(NotAllowed) as none:
        orders.decide(cast["stranger"], 10 ** 9, True, "x", catalog=CATALOG, now=day(5))
    assert {str(each.value) for each in (others, absent, far, none)} == {orders.ABSENT}


def test_hours_are_extended_by_parts_of_an_hour(cast, order):
    moved(cast["dispatcher"], order, "class", at(12), topic="照明", urgency="soon")
    decided(cast["dispatcher"], asked(cast["holder"], order, "1.5", at(13)), now=at(14))
    order.refresh_from_db()
    assert order.due_at == day(4, 12, 30)


def test_another_urgency_after_more_days_were_asked_for_or_granted(cast, order):
    one = asked(cast["holder"], order, now=at(12))
    moved(cast["dispatcher"], order, "class", at(13), topic="照明", urgency="soon")
    with refused(BadInput):
        decided(cast["dispatcher"], one, now=at(14))
    assert decided(cast["dispatcher"], one, False, "改为加急", now=at(14)).state == "refused"


def test_an_order_whose_days_were_extended_is_not_put_into_hours_silently(cast, order):
    decided(cast["dispatcher"], asked(cast["holder"], order, now=at(12)), now=at(13))
    with refused(BadInput) as raised:
        moved(cast["dispatcher"], order, "class", at(14), topic="照明", urgency="soon")
    assert "已经延期" in raised.value.findings[0].message
    assert moved(cast["dispatcher"], order, "class", at(14), topic="照明", urgency="usual").topic == "照明"


def test_of_many_that_are_put_right_only_those_extended_in_days_stay(cast, order):
    decided(cast["dispatcher"], asked(cast["holder"], order, now=at(12)), now=at(13))
    free, main = (opened(cast["operator"], title=f"路灯{n}") for n in range(2))
    orders.join(cast["dispatcher"], order.pk, main.pk, "同一件", 1, catalog=CATALOG, now=at(13))
    found = orders.move_many(cast["dispatcher"], [free.pk, main.pk], "class", {"topic": "照明", "urgency": "soon"},
                             catalog=CATALOG, now=at(14))
    assert (found.done, [one.where for one in found.refused]) == (1, [main.number])
    assert order.number in found.refused[0].message
    free.refresh_from_db()
    main.refresh_from_db()
    assert (free.urgency, main.urgency) == ("soon", "usual")


def test_seen_by_those_who_see_the_order(cast, order):
    asked(cast["holder"], order)
    assert {who for who, user in cast.items() if who not in ("street", "other")
            and Extension.objects.visible_to(user).exists()} == {"operator", "dispatcher", "planner", "holder", "leader"}

