"""Clocks as declared: what is refused, and with which words; limits of two cities with unit and version."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from plumbline.kernel import (
    ZONE,
    BadDeclaration,
    Clock,
    Dated,
    Event,
    Level,
    Limit,
    Parameter,
    clock_from,
    due,
    instants,
    limit_of,
    standard,
    term,
)

BODY = {"label": "办理时限", "starts": ["assigned"], "stops": ["closed"], "by": "urgency", "of": "hotline.limits"}
AT = datetime(2026, 7, 24, 15, 20, tzinfo=ZONE)


def told(body):
    wrong = []
    return clock_from("hotline.demand.clocks.answer", "answer", body, wrong), wrong


def test_a_clock_is_read_with_all_its_parts():
    clock, wrong = told(BODY | {
        "pauses": "waiting", "begins": "moment", "ends": "close", "transfer": "restarts", "reopen": "continues",
        "most": "hotline.extensions", "asks": ["office"], "grants": ["dispatcher"], "done": "答复",
        "levels": {"remind": {"label": "提醒", "used": "0.8", "to": "holder"},
                   "blame": {"label": "通报", "after": "5个工作日", "to": ["leader", "planner"], "hours": "any"}}})
    assert wrong == []
    assert clock == Clock(
        "answer", "办理时限", ("assigned",), ("closed",), "hotline.limits", "urgency", ("waiting",), "moment", "close",
        "restarts", "continues", "hotline.extensions", ("office",), ("dispatcher",),
        (Level("remind", "提醒", ("holder",), used=Decimal("0.8")),
         Level("blame", "通报", ("leader", "planner"), after=Decimal(5), unit="工作日", hours="any")), "答复")


@pytest.mark.parametrize(("body", "said"), [
    ("soon", "write label, starts, stops, of"),
    ({}, "label is missing"),
    (BODY | {"start": ["assigned"]}, "start is no part of a clock; remove it"),
    (BODY | {"stops": {"closed": "yes"}}, "stops: write a list"),
    (BODY | {"begins": "tomorrow"}, "begins is 'tomorrow'; write next_day or moment"),
    (BODY | {"ends": "24"}, "write midnight or close or moment"),
    (BODY | {"transfer": "stops"}, "write keeps or restarts"),
    (BODY | {"reopen": "never"}, "write restarts or continues or stays"),
    (BODY | {"most": "hotline.extensions"}, "most without asks and grants"),
    (BODY | {"levels": ["late"]}, "levels: write key"),
    (BODY | {"levels": {"late": "leader"}}, "levels.late: write label, to"),
    (BODY | {"levels": {"late": {"to": "leader"}}}, "label is missing"),
    (BODY | {"levels": {"late": {"label": "超期", "to": "mayor"}}}, "'mayor' cannot be told; write asker"),
    (BODY | {"levels": {"late": {"label": "超期", "to": "leader", "hours": "night"}}}, "write office or any"),
    (BODY | {"levels": {"late": {"label": "超期", "to": "leader", "used": "80%"}}}, "write a share such as 0.8"),
    (BODY | {"levels": {"late": {"label": "超期", "to": "leader", "after": "soon"}}}, "write such as 4小时 or 1工作日"),
    (BODY | {"levels": {"late": {"label": "超期", "to": "leader", "after": "1.5日"}}}, "write such as"),
    (BODY | {"levels": {"late": {"label": "超期", "to": "leader", "used": "1", "after": "1日"}}}, "used and after at once"),
    (BODY | {"levels": {"late": {"label": "超期", "to": "leader", "when": "1日"}}}, "when is no part of a level")])
def test_a_clock_that_is_wrong_is_refused_with_what_to_write(body, said):
    clock, wrong = told(body)
    assert clock is None
    assert said in "; ".join(wrong)
    assert all(one.startswith("hotline.demand.clocks.answer") for one in wrong)


def parameter(key, unit, *values):
    dated = tuple(Dated(since, Decimal(value), source) for since, value, source in values)
    return Parameter(key, "limit", unit, dated, date(2026, 1, 1))


LIMITS = {one.key: one for one in (
    parameter("hotline.limits.danger", "小时", (date(2023, 1, 1), 2, "甲市规范")),
    parameter("hotline.limits.basics", "小时", (date(2023, 1, 1), 24, "甲市规范")),
    parameter("hotline.limits.ordinary", "工作日", (date(2021, 1, 1), 15, "甲市旧办法")),
    parameter("hotline.limits.usual", "日", (date(2023, 1, 1), 7, "甲市规范")),
    parameter("hotline.limits.complex", "日", (date(2023, 1, 1), 15, "甲市规范")),
    parameter("other.limits.urgent", "日", (date(2020, 1, 1), 0, "乙局办法")),
    parameter("other.limits.help", "工作日", (date(2020, 1, 1), 3, "乙局办法")),
    parameter("other.limits.complaint", "工作日", (date(2020, 1, 1), 13, "乙局办法"), (date(2026, 9, 1), 10, "乙局办法修订")))}


@pytest.mark.parametrize(("of", "value", "at"), [
    ("hotline.limits", "danger", "07-24 17:20"), ("hotline.limits", "basics", "07-25 15:20"),
    ("hotline.limits", "ordinary", "08-15 00:00"), ("hotline.limits", "usual", "08-01 00:00"),
    ("hotline.limits", "complex", "08-09 00:00"), ("other.limits", "urgent", "07-25 00:00"),
    ("other.limits", "help", "07-30 00:00"), ("other.limits", "complaint", "08-13 00:00")])
def test_limits_of_two_cities_keep_their_unit(of, value, at):
    clock = Clock("answer", "办理", ("assigned",), ("closed",), of, "urgency")
    found = due(clock, limit_of(clock, LIMITS, value, AT.date()), [Event(AT, "start")], standard(), AT)
    assert f"{found.at:%m-%d %H:%M}" == at


def test_a_limit_is_the_one_of_its_day_with_its_paper():
    clock = Clock("answer", "办理", ("assigned",), ("closed",), "other.limits", "urgency")
    old, new = date(2020, 1, 1), date(2026, 9, 1)
    assert limit_of(clock, LIMITS, "complaint", date(2026, 8, 31)) == Limit(Decimal(13), "工作日", "乙局办法", old)
    assert limit_of(clock, LIMITS, "complaint", new) == Limit(Decimal(10), "工作日", "乙局办法修订", new)
    assert limit_of(clock, LIMITS, "complaint", date(2019, 12, 31)) is None
    assert limit_of(clock, LIMITS, "nobody", date(2026, 9, 1)) is None


def test_a_clock_without_a_field_has_one_limit():
    clock = Clock("help", "办理", ("assigned",), ("closed",), "other.limits.help")
    assert limit_of(clock, LIMITS, "anything", date(2026, 9, 1)).amount == 3


@pytest.mark.parametrize(("amount", "unit"), [("3", "周"), ("1.5", "工作日"), ("-1", "小时")])
def test_a_limit_no_clock_can_count_is_refused(amount, unit):
    with pytest.raises(BadDeclaration, match="虚构办法"):
        Limit(Decimal(amount), unit, "虚构办法", date(2021, 1, 1))


def test_an_event_no_clock_understands_is_refused():
    with pytest.raises(ValueError, match="write one of"):
        Event(AT, "begin")
    with pytest.raises(ValueError, match="aware"):
        Event(datetime(2026, 7, 24), "start")  # noqa: DTZ001


def test_an_extension_in_another_unit_is_refused():
    clock, limit = Clock("answer", "办理", ("a",), ("b",), "x"), Limit(Decimal(3), "工作日", "虚构办法", date(2021, 1, 1))
    with pytest.raises(ValueError, match="extend in the limit's unit"):
        due(clock, limit, [Event(AT, "start"), Event(AT, "extend", Decimal(2), "小时")], standard(), AT)


def test_without_a_limit_nobody_is_called():
    clock = Clock("answer", "办理", ("a",), ("b",), "x", levels=(Level("late", "超期", ("leader",)),))
    found = due(clock, None, [Event(AT, "start")], standard(), AT)
    assert (found.at, found.uncertain, instants(clock, None, found, standard())) == (None, False, ())
    assert found.steps[-1] == "没有时限：参数中没有适用的规定"


def test_a_term_is_printed_with_its_unit():
    printed = [term(Decimal(n), unit) for n, unit in ((20, "工作日"), ("2.50", "小时"), (0, "日"))]
    assert printed == ["20个工作日", "2.5小时", "0日"]
