"""Hot spots as pages: ranked, turned by a click into a proposal, and later what share fell away."""

import csv
import io
from datetime import datetime, timedelta, timezone

import pytest
from django.test import Client

from plumbline.store import orders
from plumbline.store.models import Office, Order
from plumbline.store.tests import made
from plumbline.systems.hotline.tests import doors

pytestmark = pytest.mark.django_db
CHINA = timezone(timedelta(hours=8))
KIND, REMEDY = "hotline.request", "hotline.remedy"
TOPIC, ROADS = "环境保护/环境污染/噪音污染", "城乡建设/城市建设和市政管理/基础设施"
LIST = "/hotline/hotspots/"
SAID = ("夜里很吵", "粉尘很大", "半夜还在响", "车辆进出扬尘", "大门口堵车")
ON = "on=2025-06-30"
MIXER, ROAD = ("晨曦苑南门搅拌站", "990101001", TOPIC), ("白杨路", "990101002", ROADS)


@pytest.fixture
def world():
    found = doors.district()
    found.leader, found.deputy = made.user("leader", "leader"), made.user("deputy", "deputy")
    orders.take_in(found.planner, KIND, [
        *(row(at, 25 - 4 * at, f"晨曦苑南门搅拌站{SAID[at]}", MIXER) for at in range(5)),
        *(row(10 + at, 26 - at, f"白杨路路面坑洼{SAID[at]}", ROAD) for at in range(3))], "接入")
    for one in Order.objects.filter(kind=KIND):  # people differ; the import keeps none of them
        orders.Asker.objects.create(order=one, name="某", phone="", phone_digest=f"d{one.pk}", forget_on="2099-01-01")
    return found


def row(at, day, title, what, month=6):
    """A past request, answered; what: spot, street and class."""
    spot, place, topic = what
    opened = datetime(2025, month, day, 9, tzinfo=CHINA)
    return {"number": f"SQ2025{month:02}{at:04}", "title": title, "text": title, "topic": topic, "urgency": "ordinary",
            "source": "电话", "area": made.DISTRICT, "place": place, "address": "", "lng": None, "lat": None, "state": "closed",
            "opened_at": opened, "closed_at": opened + timedelta(days=2), "due_at": None, "late": False, "returns": 0,
            "transfers": 0, "office": "玉溪街道办事处", "fields": {"spot": spot}}


def browser(user=None):
    found = Client()
    if user is not None:
        found.force_login(user)
    return found


def told(user, address=f"/hotline/hotspots.json?{ON}"):
    answer = browser(user).get(address)
    assert answer.status_code == 200, answer.content.decode()[:300]
    return answer.json()


def proposed(user, world, form="小微项目", **more):
    """The hottest cluster, proposed."""
    first = told(user)["list"]["rows"][0]
    return browser(user).post(first["href"].replace("/one/", "/propose/"), {"form": form} | more)


def finished(world, one, done_on="2025-06-10"):
    """A proposal approved and carried out."""
    for who, key, more in ((world.leader, "approve", {"office": world.street.pk, "money": "12.5"}),
                           (world.holder, "finish", {"done_on": done_on, "reply": "搅拌站加装围挡，夜间停工。"})):
        one.refresh_from_db()
        orders.move(who, one.pk, key, more, one.version)
    return one


def test_clusters_are_ranked_with_place_class_people_trend_and_weeks(world):
    found = told(world.planner)
    assert [(one["rank"], one["what"].split("、")[0], one["where"], one["topic"], one["count"], one["people"], one["trend"])
            for one in found["list"]["rows"]] == [
        (1, "晨曦苑南门搅拌站", "云溪区玉溪街道办事处", TOPIC, 5, 5, "上升"),
        (2, "白杨路", "云溪区青石街道办事处", ROADS, 3, 3, "上升")]
    assert found["looked_at"] == 8
    assert found["areas"] == [{"name": "云溪区", "value": 8, "area": "990101"}]
    assert sum(found["list"]["rows"][0]["weeks"]) == 5


def test_filters_narrow_what_is_looked_at_and_the_day_may_be_gone_back_to(world):
    assert [one["count"] for one in told(world.planner, f"/hotline/hotspots.json?{ON}&topic=城乡建设")["list"]["rows"]] == [3]
    assert [one["count"] for one in told(world.planner, f"/hotline/hotspots.json?{ON}&q=搅拌站")["list"]["rows"]] == [5]
    assert told(world.planner, f"/hotline/hotspots.json?{ON}&area=990101")["looked_at"] == 8
    assert told(world.planner, "/hotline/hotspots.json?on=2025-06-16")["looked_at"] == 2
    for day in ("", "0001-01-01", "9999-12-31", "x"):
        assert told(world.planner, f"/hotline/hotspots.json?on={day}")["on"] == "2025-06-26"


def test_who_called_three_times_makes_no_hot_spot(world):
    orders.Asker.objects.filter(order__place="990101002").update(phone_digest="same")
    assert [one["count"] for one in told(world.planner)["list"]["rows"]] == [5]


def test_a_cluster_lists_its_requests_newest_first(world):
    first = told(world.planner)["list"]["rows"][0]
    page = browser(world.planner).get(first["href"]).content.decode()
    numbers = [f"SQ2025060{at:03}" for at in range(5)]
    assert [page.index(number) for number in numbers] == sorted(page.index(number) for number in numbers)
    assert "5 件、5 人" in page
    assert "SQ2025060010" not in page
    assert browser(world.planner).get(f"/hotline/hotspots/one/?{ON}&place=990101001&words=没有这回事").status_code == 404


def test_a_click_makes_a_small_project_of_it_or_a_topic_of_the_month(world):
    answer = proposed(world.planner, world, title="晨曦苑南门搅拌站降噪")
    one = Order.objects.get(kind=REMEDY)
    assert (answer.status_code, answer["Location"]) == (302, f"/orders/{one.number}/")
    assert (one.title, one.state, one.area, one.place, one.topic, one.opened_by) == (
        "晨曦苑南门搅拌站降噪", "proposed", "990101", "990101001", TOPIC, world.planner)
    assert {key: one.fields[key] for key in ("form", "before", "since", "until")} == {
        "form": "小微项目", "before": 5, "since": "2025-06-09", "until": "2025-06-25"}
    assert one.fields["spot"].split("、")[0] == "晨曦苑南门搅拌站"
    page = browser(world.planner).get(told(world.planner)["list"]["rows"][0]["href"]).content.decode()
    assert "已经提出" in page
    assert "待审定" in page
    proposed(world.dispatcher, world, form="每月一题")
    assert [row.fields["form"] for row in Order.objects.filter(kind=REMEDY).order_by("pk")] == ["小微项目", "每月一题"]


def test_a_second_click_proposes_nothing_twice(world):
    assert {proposed(world.planner, world)["Location"] for _ in range(2)} == {f"/orders/{Order.objects.get(kind=REMEDY).number}/"}


def test_who_proposes_does_not_approve(world):
    proposed(world.planner, world)
    one = Order.objects.get(kind=REMEDY)
    with made.refused(made.kernel.NotAllowed):
        orders.move(world.planner, one.pk, "approve", {"office": world.street.pk}, one.version)
    assert finished(world, one).fields is not None


def test_what_share_of_the_cluster_fell_away_is_told_from_the_requests(world):
    orders.take_in(world.planner, KIND, [
        *(row(at, 1 + at, f"晨曦苑南门搅拌站{SAID[at % 5]}", MIXER, 5) for at in range(20)),
        row(50, 1, "别的街道的搅拌站", ("搅拌站", "990101002", TOPIC), 4)], "接入")
    proposed(world.planner, world)
    finished(world, Order.objects.get(kind=REMEDY), "2025-06-05")
    [found] = told(world.planner, "/hotline/remedies.json")["list"]["rows"]
    # 21 days either side of 5 June: 15 to 20 May are 6 before; 9, 13, 17, 21 and 25 June are 5 after
    assert (found["form"], found["state"], found["office"], found["before"]) == ("小微项目", "已完成", "玉溪街道办事处", 20)
    assert found["told"] == {"before": 6, "after": 5, "days": 21, "share": pytest.approx(1 / 6)}
    page = browser(world.planner).get("/hotline/remedies/").content.decode()
    assert "前后各 21 天：6 件 → 5 件" in page
    assert "16.7%" in page


def test_the_effect_is_the_same_whoever_looks_and_unknown_is_not_zero(world):
    proposed(world.planner, world)
    finished(world, Order.objects.get(kind=REMEDY), "2025-06-24")
    for who in (world.planner, world.holder, world.leader):
        [found] = told(who, "/hotline/remedies.json")["list"]["rows"]
        assert (found["told"]["days"], found["told"]["share"]) == (2, None)
    assert "还看不出" in browser(world.planner).get("/hotline/remedies/").content.decode()


def test_a_remedy_not_yet_done_has_no_effect(world):
    proposed(world.planner, world)
    [found] = told(world.planner, "/hotline/remedies.json")["list"]["rows"]
    assert found["told"] is None
    assert "尚未完成" in browser(world.planner).get("/hotline/remedies/").content.decode()


def lines(answer):
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_hot_spots_and_remedies_leave_as_files(world):
    found = lines(browser(world.planner).get(f"/hotline/hotspots.csv?{ON}"))
    assert [line[0] for line in found if line[0].isdigit()] == ["1", "2"]
    proposed(world.planner, world)
    finished(world, Order.objects.get(kind=REMEDY))
    [line] = [line for line in lines(browser(world.planner).get("/hotline/remedies.csv")) if line[0].startswith("WS")]
    assert line[2:6] == ["小微项目", "已完成", "玉溪街道办事处", "5"]
    assert browser(world.planner).get(f"/hotline/hotspots.xlsx?{ON}").status_code == 200


@pytest.mark.parametrize("who", ["operator", "leader", "holder"])
def test_who_does_not_send_orders_out_proposes_nothing(world, who):
    user = getattr(world, who)
    href = told(world.planner)["list"]["rows"][0]["href"]
    before = doors.kept()
    assert "提出立项" not in browser(user).get(href).content.decode()
    assert browser(user).post(href.replace("/one/", "/propose/"), {"form": "小微项目"}).status_code == 403
    assert doors.kept() == before


@pytest.mark.parametrize("address", [LIST, "/hotline/hotspots.csv", "/hotline/hotspots/one/?words=x", "/hotline/remedies/",
                                     "/hotline/remedies.csv"])
def test_a_deputy_and_a_stranger_see_no_hot_spots(world, address):
    assert browser(world.deputy).get(address).status_code == 404
    assert browser().get(address)["Location"].startswith("/sign-in/")


def test_a_form_that_is_none_is_refused_and_nothing_is_proposed(world):
    before = doors.kept()
    assert proposed(world.planner, world, form="大项目").status_code == 400
    assert {key: rows for key, rows in doors.kept().items() if key == "Order"} == {"Order": before["Order"]}


def test_an_office_sees_hot_spots_among_its_own_requests_alone(world):
    other = Office.objects.get(name="青石街道办事处")
    Order.objects.filter(place="990101002").update(office=other, first_office=other)
    assert [one["count"] for one in told(world.stranger)["list"]["rows"]] == [3]
    assert [one["count"] for one in told(world.holder)["list"]["rows"]] == [5]
    neighbour = made.user("neighbour", area=made.NEIGHBOUR)
    assert told(neighbour)["list"]["rows"] == []


def test_no_telephone_and_no_name_stands_on_any_of_these_pages(world):
    orders.Asker.objects.update(name="张某某", phone="13955507788")
    first = told(world.planner)["list"]["rows"][0]
    for address in (f"{LIST}?{ON}", first["href"], "/hotline/remedies/"):
        text = browser(world.planner).get(address).content.decode()
        assert "13955507788" not in text
        assert "张某某" not in text
