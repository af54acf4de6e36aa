"""Where the requests of one district alone are kept, its streets and offices have their rates; the city has none."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from plumbline.store import orders
from plumbline.store.tests import made
from plumbline.systems.hotline.tests import doors
from plumbline.systems.hotline.tests.scores import told

pytestmark = pytest.mark.django_db
AREA, JUNE = "110112", "period=2020-06"
AT = datetime(2020, 6, 15, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def row(street, solved):
    """A past request of a street."""
    return {"title": "虚构诉求", "text": "虚构", "area": AREA, "place": f"{AREA}{street}", "office": f"模拟{street}街道",
            "state": "closed", "topic": "城乡建设", "source": "电话", "urgency": "ordinary", "opened_at": AT, "closed_at": AT,
            "fields": {"reached": True, "responded": True, "solved": solved, "satisfied": True}}


@pytest.fixture
def world():
    """Two streets of a district, three requests each, and a planner of the city."""
    planner = made.user("city", area="110000")
    for n, solved in (("001", 2), ("002", 3)):
        doors.office(f"模拟{n}街道", "street", f"{AREA}{n}", AREA)
        orders.take_in(planner, "hotline.request", [row(n, at < solved) for at in range(3)], "接入")
    return planner


@pytest.mark.parametrize("by", ["street", "office"])
def test_the_streets_of_one_district_are_ranked(world, by):
    rows = told(world, f"/hotline/rates.json?by={by}&{JUNE}")["list"]["rows"]
    solved = {one["name"]: next(number["words"] for number in one["numbers"] if number["name"] == "solved") for one in rows}
    assert solved == {"模拟001街道": "66.7%", "模拟002街道": "100%"}
    assert {one["name"]: (one["place"], one["of"]) for one in rows} == {"模拟002街道": (1, 2), "模拟001街道": (2, 2)}


def test_the_city_has_no_number_and_says_why(world):
    [whole] = told(world, f"/hotline/rates.json?by=street&{JUNE}")["whole"]
    solved = next(one for one in whole["numbers"] if one["name"] == "solved")
    assert (solved["value"], solved["words"]) == (None, "—")
    assert "没有收到（或没有收全）数据" in solved["why"]
