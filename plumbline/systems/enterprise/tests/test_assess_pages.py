"""Pages of assessment: what was paid under which policy, whom it missed by a rule, visits; too few firms give no effect."""

import csv
import io
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from plumbline.store import orders
from plumbline.store.models import Order
from plumbline.store.parties import pushing
from plumbline.store.parties.pushing import Paper, Party
from plumbline.store.tests import made
from plumbline.systems.enterprise.activity_view import Eye
from plumbline.systems.enterprise.assess import Told, Uptake
from plumbline.systems.enterprise.assess_pages import districts, lines
from plumbline.systems.enterprise.tests import policy_world, watched
from plumbline.systems.enterprise.tests.watched import STREET, TOLD, client, code, told

CHINA = timezone(timedelta(hours=8))
RULE = "rule=enterprise.unemployment_return"
ONE = "/enterprise/assess/XG2020"


def paid(number, at, amount):
    """A past application, opened on 1 May and paid on the 11th."""
    name, street = TOLD[at][0], TOLD[at][1]
    fields = {"policy": "XG2020", "policy_title": "虚构补贴", "code": code(at), "name": name, "industry": "C3911",
              "street": street, "amount": Decimal(amount), "persons": 3, "way": "企业申报", "period": "2020",
              "paid_on": date(2020, 5, 10 + number)}
    return {"number": f"BT2020{number:06}", "title": f"虚构补贴 {name}", "area": made.DISTRICT, "place": street,
            "subject": code(at), "source": "平台", "office": "玉溪街道办事处", "state": "paid",
            "opened_at": datetime(2020, 5, 1, 10, tzinfo=CHINA), "closed_at": datetime(2020, 5, 11, 16, tzinfo=CHINA),
            "fields": fields}


@pytest.fixture
def world(db):
    found = watched.world()
    orders.take_in(found.planner, "enterprise.application", [paid(1, 0, "1000.50"), paid(4, 3, "500")], "接入")
    return found


def test_policies_with_what_was_paid(world):
    rows = told(world.planner, "/enterprise/assess.json")["list"]["rows"]
    assert [(one["key"], one["title"], one["applied"], one["paid"], one["amount"]) for one in rows] == [
        ("XG2020", "虚构补贴", 2, 2, "1500.50")]
    assert told(world.neighbour, "/enterprise/assess.json")["list"]["count"] == 0


def test_without_a_rule_nobody_says_whom_it_missed(world):
    page = told(world.planner, f"{ONE}.json")
    assert [(one["label"], one["count"]) for one in page["steps"]] == [("已申请", 2), ("已拨付", 2)]
    assert (page["rule"], page["missed"], page["days"]["middle"], page["days"]["longest"]) == ("", 0, 10, 13)
    assert {one["name"]: one["told"]["given"] for one in page["by"]["街道乡镇"]} == {"玉溪街道办事处": 1, "青石街道办事处": 1}
    assert "应享未享" not in client(world.planner).get(f"{ONE}/").content.decode()


def test_of_the_whole_city_streets_are_put_together_by_district():
    told_of = [Told(str(n), True, street=street, paid_on=date(2020, 5, 1)) for n, street in enumerate(
        ("110112001", "110105001", "110112002", ""))]
    found = lines(Eye(None, "110000"), told_of, "street")
    assert [(one.name, one.told.paid) for one in found] == [("通州区", 2), ("朝阳区", 1), ("不明", 1)]
    rows = [Uptake(key, 4, 0, 0, 0, 2, 1, 2, 1, Decimal(100)) for key in ("110112001", "110112002", "110105001", "不明")]
    assert [(one.key, one.eligible, one.paid, one.amount) for one in districts(rows)] == [
        ("110112", 8, 2, Decimal(200)), ("110105", 4, 1, Decimal(100)), ("不明", 4, 1, Decimal(100))]


def test_too_few_or_months_not_reckoned_give_no_effect(world):
    page = told(world.planner, f"{ONE}.json?months=1")
    assert (page["did"], page["counted"], page["left"]) == ([], "", "2020-05（2 户）")
    answer = client(world.planner).get(f"{ONE}/?months=1").content.decode()
    assert "还看不出" in answer
    assert "不能证明什么" in answer


def test_a_streets_office_sees_its_street_alone(world):
    page = told(world.street, f"{ONE}.json")
    assert (page["whole"]["given"], page["whole"]["amount"]) == (1, "1000.50")
    assert list(page["by"]["街道乡镇"])[0]["name"] == "玉溪街道办事处"


def test_a_policy_nobody_knows_is_not_found(world):
    for page in ("/enterprise/assess/XX/", "/enterprise/assess/9/", "/enterprise/assess/XX/missed/"):
        assert client(world.planner).get(page).status_code == 404
    assert client(world.neighbour).get(f"{ONE}/").status_code == 404


def test_by_a_rule_of_the_library_it_says_whom_it_missed(world, monkeypatch):
    page = told(world.planner, f"{ONE}.json?{RULE}")
    whole = page["whole"]
    assert page["rule"]
    assert page["unknown"] + whole["eligible"] <= len(TOLD)
    assert whole["given"] == 2
    assert page["missed"] == whole["eligible"] - whole["applied"]


def test_those_missed_are_listed_and_visited_once(world, monkeypatch):
    everybody = [watched_told(at) for at in (0, 1, 2)]
    monkeypatch.setattr("plumbline.systems.enterprise.assess_told.eligible", lambda *_: iter(everybody))
    rows = told(world.planner, f"{ONE}/missed.json?{RULE}")["list"]["rows"]
    assert [(one["name"], one["stand"]) for one in rows] == [("虚构上升", "没有推送"), ("虚构骤降", "没有推送")]
    answer = client(world.planner).get(f"{ONE}/missed.csv?{RULE}")
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:]] == ["虚构上升", "虚构骤降"]
    posted = {"id": [code(1), code(2)], "rule": "enterprise.unemployment_return"}
    for _ in range(2):
        assert client(world.planner).post(f"{ONE}/visit/", posted).status_code == 302
    assert sorted(Order.objects.filter(kind="enterprise.visit").values_list("subject", flat=True)) == sorted([code(1), code(2)])


def watched_told(at):
    """A firm as the engine tells of those a rule holds of."""
    return code(at), made.DISTRICT, "小型", "工业", STREET


def test_a_visit_to_another_districts_firm_is_refused(world):
    orders.take_in(made.user("city", area="110000"), "enterprise.application", [
        {**paid(9, 0, "10"), "area": made.NEIGHBOUR, "place": "110112001", "office": ""}], "接入")
    assert client(world.neighbour).post(f"{ONE}/visit/", {"id": [code(1)]}).status_code == 403
    assert client(world.planner).post(f"{ONE}/visit/", {}).status_code == 400
    assert not Order.objects.filter(kind="enterprise.visit").exists()


def test_a_policy_published_here_is_held_against_its_own_rule_and_its_pushes(db):
    people = policy_world.district()
    policy = policy_world.published(people)
    some = [policy_world.code(n) for n in (1, 2, 3)]
    paper = Paper(policy.pk, policy.edition, policy_world.TABLE, policy.title, policy.area)
    pushing.push(people.officer, paper, [Party(one, made.DISTRICT) for one in some[:2]])
    pushing.read(policy_world.TABLE, some[0], policy.pk)
    planner = made.user("assessor")
    page = told(planner, f"/enterprise/assess/{policy.pk}.json")
    assert [(one["label"], one["count"]) for one in page["steps"]] == [
        ("符合条件", 3), ("已推送", 2), ("已阅读", 1), ("已申请", 0), ("已拨付", 0)]
    assert (page["rule"], page["unknown"], page["missed"]) == (policy.title, 3, 3)
    assert dict(page["reasons"]) == {"没有推送": 1, "推送了没有读": 1, "读了没有申请": 1}
    rows = told(planner, f"/enterprise/assess/{policy.pk}/missed.json")["list"]["rows"]
    assert [one["stand"] for one in rows] == ["没有推送", "推送了没有读", "读了没有申请"]
    assert told(planner, "/enterprise/assess.json")["list"]["rows"][0]["title"] == policy.title
