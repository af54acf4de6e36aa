"""The calendar: its sums against the library, day by day, and what it says of a day."""

from datetime import date, datetime, time, timedelta

import chinese_calendar
import pytest

from plumbline.kernel import ZONE, BadDeclaration, Year, standard
from plumbline.kernel.calendar import DAY, HOUR, moment, stamp_of, years_from

CALENDAR = standard()


def test_every_day_the_library_knows_is_as_the_library_says():
    day, counted = date(2004, 1, 1), CALENDAR.counted(date(2003, 12, 31).toordinal())
    while day <= date(2026, 12, 31):
        works = chinese_calendar.is_workday(day)
        counted += works
        assert (CALENDAR.working(day), CALENDAR.counted(day.toordinal())) == (works, counted)
        if works:
            assert CALENDAR.nth(counted) == day.toordinal()
        day += timedelta(1)


def test_beyond_the_library_the_weekday_decides_and_is_not_told():
    assert [CALENDAR.working(date(2031, 10, day)) for day in (1, 3, 4, 5)] == [True, True, False, False]
    assert CALENDAR.counted(date(2031, 10, 5).toordinal()) - CALENDAR.counted(date(2031, 9, 30).toordinal()) == 3
    assert [CALENDAR.told(date(year, 1, 1)) for year in (2003, 2004, 2026, 2031)] == [False, True, True, False]


@pytest.mark.parametrize(("day", "name"), [
    (date(2026, 7, 24), "工作日"), (date(2026, 7, 25), "周六"), (date(2026, 7, 26), "周日"), (date(2026, 10, 1), "国庆节假期"),
    (date(2026, 10, 10), "国庆节调休上班"), (date(2026, 2, 17), "春节假期"), (date(2026, 9, 25), "中秋节假期"),
    (date(2026, 4, 5), "清明节假期"), (date(2026, 6, 19), "端午节假期"), (date(2026, 5, 9), "劳动节调休上班"),
    (date(2026, 1, 1), "元旦假期")])
def test_a_day_is_named_as_people_name_it(day, name):
    assert CALENDAR.name(day) == name


def test_office_hours_add_up_and_turn_round():
    friday = date(2026, 7, 24).toordinal() * DAY
    assert CALENDAR.opened(friday + 18 * HOUR) - CALENDAR.opened(friday) == 8 * HOUR
    assert CALENDAR.opened(friday + 3 * DAY) == CALENDAR.opened(friday + 18 * HOUR)
    for hour in (9.5, 12, 13.25, 18):
        stamp = friday + int(hour * HOUR)
        assert CALENDAR.reached(CALENDAR.opened(stamp)) == stamp


@pytest.mark.parametrize(("at", "opening", "before"), [
    ("2026-07-24 08:00", "2026-07-24 09:00", "2026-07-23 13:00"), ("2026-07-24 09:00", "2026-07-24 09:00", "2026-07-23 13:00"),
    ("2026-07-24 10:00", "2026-07-24 10:00", "2026-07-24 09:00"), ("2026-07-24 12:00", "2026-07-24 13:00", "2026-07-24 09:00"),
    ("2026-07-24 18:00", "2026-07-27 09:00", "2026-07-24 13:00"), ("2026-07-26 10:00", "2026-07-27 09:00", "2026-07-24 13:00"),
    ("2026-10-03 10:00", "2026-10-08 09:00", "2026-09-30 13:00"), ("2026-10-10 07:00", "2026-10-10 09:00", "2026-10-09 13:00")])
def test_openings_after_and_before(at, opening, before):
    stamp = stamp_of(datetime.fromisoformat(at).replace(tzinfo=ZONE))
    assert f"{moment(CALENDAR.opening(stamp)):%Y-%m-%d %H:%M}" == opening
    assert f"{moment(CALENDAR.opening_before(stamp)):%Y-%m-%d %H:%M}" == before


def test_an_instant_without_zone_is_refused():
    with pytest.raises(ValueError, match="without time zone"):
        stamp_of(datetime(2026, 7, 24, 15, 20))  # noqa: DTZ001


def test_a_year_handed_in_stands_instead_of_the_librarys():
    later = Year({date(2027, 1, 1): "元旦"}, {date(2027, 1, 2): "元旦"}, "虚构通知")
    told = standard({2026: Year({}, {}, "虚构通知"), 2027: later})
    assert told.working(date(2026, 10, 1))
    assert not told.working(date(2026, 10, 10))
    assert (told.working(date(2027, 1, 1)), told.working(date(2027, 1, 2)), told.told(date(2027, 5, 5))) == (False, True, True)
    assert not told.working(date(2025, 10, 1))


@pytest.mark.parametrize("hours", [
    (), ((time(12), time(9)),), ((time(9), time(12)), (time(11), time(18))), ((time(9), time(9)),)])
def test_office_hours_that_are_none_are_refused(hours):
    with pytest.raises(BadDeclaration, match="09:00-12:00"):
        standard(hours=hours)


@pytest.mark.parametrize(("text", "said"), [
    ("2027: {off: {2027-01-01: 元旦}}", "write a year with source"),
    ("2027: {source: a, of: {}}", "nothing else"),
    ("soon: {source: a}", "write a year"),
    ("2027: {source: a, off: {2027-02-30: 春节}}", "not a real day"),
    ("2027: {source: a, off: {2026-12-31: 元旦}}", "of another year"),
    ("2027: {source: a, off: [2027-01-01]}", "write a day → the holiday's name")])
def test_a_file_of_years_that_is_wrong_says_what_to_write(tmp_path, text, said):
    path = tmp_path / "years.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadDeclaration, match=said):
        years_from(path)


def test_a_file_of_years_may_be_absent(tmp_path):
    assert years_from(tmp_path / "none.yaml") == {}
