"""Pages of activity, warnings and survival: what each says, who sees what, files, figures with their records, visits."""

import csv
import io
from datetime import date

import pytest

from plumbline.kernel import BadInput, NotAllowed
from plumbline.store.batches import Batch
from plumbline.store.models import Order
from plumbline.store.tests import made
from plumbline.systems.enterprise import activity, commands
from plumbline.systems.enterprise.tests import watched
from plumbline.systems.enterprise.tests.panels import JUNE
from plumbline.systems.enterprise.tests.watched import OTHER, STREET, client, code, told

PAGES = ("/enterprise/activity/", "/enterprise/activity/firms/", "/enterprise/warnings/", "/enterprise/survival/",
         "/enterprise/assess/")
WARNED = "/enterprise/warnings"
DAY = "on=2020-06-30"


@pytest.fixture
def world(db):
    return watched.world()


def sheet(user, address):
    """The lines of a csv, its heads left out."""
    answer = client(user).get(address)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))[1:]


def test_the_overview_counts_stages_and_says_what_it_cannot_tell(world):
    page = told(world.planner, "/enterprise/activity.json")
    assert page["month"] == "2020-06-01"
    assert [(one["label"], one["words"]) for one in page["numbers"]] == [
        ("活跃企业占比", "60%"), ("平均活跃度", "76.7点"), ("列入月度观察的市场主体", "6户"), ("预警企业", "2户")]
    stages = {one["name"]: dict(one["stages"]) for one in page["list"]["rows"]}
    assert {stage: many for stage, many in stages["玉溪街道办事处"].items() if many} == {"平稳": 1, "成长": 1, "收缩": 1}
    assert {stage: many for stage, many in stages["青石街道办事处"].items() if many} == {"休眠": 1, "新设": 1, "注销": 1}
    assert sum(page["bars"]) == 6


def test_a_month_nobody_reckoned_is_empty_in_the_picture_not_zero(world):
    answer = client(world.planner).get("/enterprise/activity/").content.decode()
    assert '"values": [null, null, null, null, null, null, null, null, null, null, null, 1]' in answer


def test_the_same_result_is_not_received_twice_and_a_new_one_replaces(world):
    assert activity.reckon(world.planner, JUNE, made.DISTRICT) == world.batch
    rows = watched.rows()
    rows[-7]["insured"] = 40
    watched.hand_in(world.planner, rows, replaces=world.months, why="更正")
    again = activity.reckon(world.planner, JUNE, made.DISTRICT)
    assert (again.replaces_id, again.reason) == (world.batch.pk, activity.WHY)
    assert Batch.objects.filter(table=activity.ACTIVITY, state="current").count() == 1


def test_a_month_without_records_is_not_reckoned(world):
    with pytest.raises(BadInput, match="还没有报来"):
        activity.reckon(world.planner, date(2020, 7, 1), made.DISTRICT)
    assert Batch.objects.filter(table=activity.ACTIVITY).count() == 1


def test_who_may_not_deliver_has_nothing_reckoned(world):
    with made.refused(NotAllowed):
        activity.reckon(world.leader, JUNE, made.DISTRICT)


def test_a_month_is_reckoned_from_the_page(world):
    answer = client(world.planner).post("/enterprise/activity/reckon/", {"month": "2020-05"})
    assert (answer.status_code, answer.url) == (302, "/enterprise/activity/?month=2020-05&area=990101")
    assert client(world.planner).post("/enterprise/activity/reckon/", {"month": "五月"}).status_code == 400


def test_each_number_opens_its_records(world):
    answer = client(world.planner).get("/enterprise/activity/figure/?indicator=enterprise.warned_firms&area=990101&month=2020-06")
    assert answer.status_code == 302
    assert "2" in client(world.planner).get(answer.url).content.decode()
    assert client(world.neighbour).get(
        "/enterprise/activity/figure/?indicator=enterprise.warned_firms&area=990101&month=2020-06").status_code == 403


def test_firms_behind_a_line_by_stage_and_name(world):
    page = told(world.planner, f"/enterprise/activity/firms.json?stage=收缩&street={STREET}")
    assert [(one["name"], one["stage"], one["index"]) for one in page["list"]["rows"]] == [("虚构骤降", "收缩", "42.73")]
    assert [one["name"] for one in told(world.planner, "/enterprise/activity/firms.json?q=沉")["list"]["rows"]] == ["虚构沉寂"]
    assert len(sheet(world.planner, "/enterprise/activity/firms.csv")) == 6


def test_a_firms_page_shows_every_part_its_stage_and_why(world):
    page = told(world.planner, f"/enterprise/activity/firm/{code(2)}.json")
    assert (page["name"], page["index"], page["known"], page["stage"]["label"]) == ("虚构骤降", "42.73", "55.00", "收缩")
    assert [one["label"] for one in page["warnings"]] == ["参保骤降"]
    parts = {one["label"]: one for one in page["parts"]}
    assert (parts["参保"]["now"], parts["参保"]["own"], parts["参保"]["score"]) == (6, 3000, "30.00")
    assert (parts["用电"]["score"], parts["用电"]["why"]) == (None, "本月没有记录")
    words = client(world.planner).get(f"/enterprise/activity/firm/{code(2)}/").content.decode()
    assert "没有计入：开票金额（本月没有记录）" in words


def test_a_firm_is_seen_by_who_may_see_it_alone(world):
    assert client(world.street).get(f"/enterprise/activity/firm/{code(2)}/").status_code == 200
    for user, at in ((world.street, 3), (world.neighbour, 2), (world.planner, 99)):
        assert client(user).get(f"/enterprise/activity/firm/{code(at)}/").status_code == 403


def test_a_streets_office_sees_its_own_street(world):
    page = told(world.street, "/enterprise/activity.json")
    assert [one["key"] for one in page["list"]["rows"]] == [STREET]
    assert page["numbers"][2]["words"] == "3户"
    assert [one["name"] for one in told(world.street, "/enterprise/warnings.json")["list"]["rows"]] == ["虚构骤降"]
    assert told(world.street, f"/enterprise/activity/firms.json?street={OTHER}")["list"]["count"] == 0
    assert told(world.street, f"/enterprise/survival.json?by=street&{DAY}")["list"]["rows"][0]["count"] == 3


@pytest.mark.parametrize("page", PAGES)
def test_who_may_not_look_does_not(world, page):
    for user in (world.deputy, world.operator, world.firm):
        assert client(user).get(page).status_code in (403, 404)
    assert client().get(page).status_code == 302
    assert client(world.leader).get(page).status_code == 200


def test_a_neighbour_sees_nothing_of_this_district(world):
    assert told(world.neighbour, "/enterprise/activity.json?area=990101")["list"] is None
    assert told(world.neighbour, "/enterprise/warnings.json?area=990101")["list"] is None
    assert told(world.neighbour, f"/enterprise/survival.json?area=990101&{DAY}")["list"]["count"] == 0


def test_warnings_are_listed_with_their_reasons(world):
    page = told(world.planner, "/enterprise/warnings.json")
    assert [(one["name"], one["why"]) for one in page["list"]["rows"]] == [
        ("虚构沉寂", "濒临关停：活跃度 0.00，本月没有申报，连续 13 个月没有活动"),
        ("虚构骤降", "参保骤降：参保由 20 人减到 6 人")]
    assert [(one[1], one[2]) for one in page["kinds"]] == [("濒临关停", 1), ("活跃度骤降", 0), ("参保骤降", 1), ("没有活动", 1)]
    assert [(one["name"], one["value"], one["of"]) for one in page["places"]] == [
        ("玉溪街道办事处", 1, 3), ("青石街道办事处", 1, 3)]


def test_warnings_by_kind_and_as_a_file(world):
    page = told(world.planner, f"{WARNED}.json?warning=warns_people")
    assert [one["name"] for one in page["list"]["rows"]] == ["虚构骤降"]
    [line] = sheet(world.planner, "/enterprise/warnings.csv?warning=warns_people")
    assert (line[0], line[6]) == ("虚构骤降", "参保骤降：参保由 20 人减到 6 人")


def test_a_visit_is_ordered_once(world):
    posted = {"month": "2020-06", "id": [code(2), code(3), code(0)]}
    assert client(world.planner).post("/enterprise/warnings/visits/", posted).status_code == 302
    visits = Order.objects.filter(kind="enterprise.visit").order_by("subject")
    assert {one.subject for one in visits} == {code(2), code(3)}
    one = visits.get(subject=code(2))
    assert (one.title, one.fields["firm"], one.fields["need"]) == ("走访虚构骤降", "虚构骤降", 30)
    assert one.text == "2020年06月预警：参保骤降：参保由 20 人减到 6 人。"
    client(world.planner).post("/enterprise/warnings/visits/", posted)
    assert visits.count() == 2
    assert one.number in client(world.planner).get("/enterprise/warnings/").content.decode()


def test_nothing_ticked_or_not_ones_own_orders_no_visit(world):
    assert client(world.planner).post("/enterprise/warnings/visits/", {"month": "2020-06"}).status_code == 400
    client(world.street).post("/enterprise/warnings/visits/", {"month": "2020-06", "id": [code(3)]})
    assert client(world.neighbour).post("/enterprise/warnings/visits/", {"month": "2020-06", "id": [code(2)]}).status_code == 400
    assert not Order.objects.filter(kind="enterprise.visit").exists()


def test_survival_by_year_with_exact_counts(world):
    rows = {one["key"]: one for one in told(world.planner, f"/enterprise/survival.json?by=year&{DAY}")["list"]["rows"]}
    assert [rows[year]["count"] for year in ("2010", "2016", "2020")] == [1, 2, 1]
    assert (rows["2016"]["closed"], rows["2016"]["median"]) == (2, 24)
    assert [share for mark, share, *_ in rows["2016"]["shares"] if mark in (12, 24)] == ["1", "0.5"]
    whole = told(world.planner, f"/enterprise/survival.json?by=&{DAY}")["list"]["rows"]
    assert [(one["name"], one["count"], one["closed"], one["median"]) for one in whole] == [("全部", 7, 2, None)]


def test_survival_is_told_up_to_the_day_of_the_roll_and_no_further(world):
    assert told(world.planner, "/enterprise/survival.json?on=2026-01-01")["on"] == "2020-06-30"
    before = told(world.planner, "/enterprise/survival.json?by=&on=2018-01-01")["list"]["rows"]
    assert [(one["count"], one["closed"]) for one in before] == [(6, 0)]


def test_survival_as_a_file(world):
    lines = sheet(world.planner, f"/enterprise/survival.csv?by=street&{DAY}")
    assert [line[:3] for line in lines] == [["青石街道办事处", "4", "2"], ["玉溪街道办事处", "3", "0"]]


def test_a_firms_page_in_the_roll_leads_to_its_activity_and_back(world):
    there = client(world.planner).get(f"/enterprise/activity/of/enterprise.firms/{code(2)}/")
    assert there.url == f"/enterprise/activity/firm/{code(2)}/"
    page = client(world.planner).get(there.url).content.decode()
    [back] = [part for part in page.split('"') if code(2) in part and part.startswith("/") and "activity" not in part]
    assert "活跃度和生命周期" in client(world.planner).get(back).content.decode()
    assert client(world.planner).get(f"/enterprise/activity/of/enterprise.months/{code(2)}/").status_code == 404


def test_a_firm_that_was_not_reckoned_is_told_so_on_its_page_in_the_roll(world):
    there = client(world.planner).get(f"/enterprise/activity/firm/{code(6)}/", follow=True)
    assert (there.redirect_chain, "还没有算过活跃度" in there.content.decode()) == (
        [(f"/tables/enterprise.firms/of/{code(6)}/", 302)], True)


def test_months_are_reckoned_by_command(world, capsys):
    assert commands.main(["activity", "2020-04", "2020-05", "--area", made.DISTRICT, "--as", "planner"]) == 0
    assert [line.split("，")[0] for line in capsys.readouterr().out.splitlines()] == [
        "2020-04 已算好 6 户", "2020-05 已算好 6 户"]
    for asked, who, said in (("2020-07", "planner", "还没有报来"), ("五月", "planner", "不是一个月份"),
                             ("2020-05", "nobody", "没有账号")):
        assert commands.main(["activity", asked, "--area", made.DISTRICT, "--as", who]) == 2
        assert said in capsys.readouterr().err


def test_a_roll_too_large_is_not_reckoned_while_a_page_waits(world, monkeypatch):
    monkeypatch.setattr("plumbline.systems.enterprise.activity_pages.MOST_AT_ONCE", 3)
    answer = client(world.planner).post("/enterprise/activity/reckon/", {"month": "2020-05"})
    assert answer.status_code == 400
    assert "plumbline enterprise activity 2020-05" in answer.content.decode()
    assert Batch.objects.filter(table=activity.ACTIVITY).count() == 1
