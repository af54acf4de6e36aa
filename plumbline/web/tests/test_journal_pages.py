"""The journal's pages: who did what, before and after, and whether the chain holds."""

import csv
import io
import json

import pytest
from django.db import connection
from django.urls import reverse

from plumbline.store.journal import Write, record
from plumbline.store.models import Entry
from plumbline.store.tests import made
from plumbline.web import history
from plumbline.web.tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return world.district()


@pytest.fixture
def client(district):
    return world.browser(district.planner)


def rows(client, query=""):
    return client.get(f"/journal.json?{query}").json()["list"]["rows"]


def test_the_journal_is_filtered_by_who_what_and_day(client, district):
    assert {row["action"] for row in rows(client, "table=target")} == {"列入计划：目标"}
    assert [row["key"] for row in rows(client, f"table=commitment&key={district.commitment.pk}")] == [
        str(district.commitment.pk)]
    assert {row["who"] for row in rows(client, "who=planner")} == {"planner"}
    today = rows(client)[0]["at"][:10]
    assert len(rows(client, f"from={today}")) == len(rows(client))
    assert len(rows(client, f"to={today}")) == len(rows(client))
    assert rows(client, "to=2001-01-01") == []
    for query in ("from=0001-01-01", "to=0001-01-01", "from=9999-12-31", "to=9999-12-31"):
        assert client.get(f"/journal/?{query}").status_code == 200
    assert {row["why"] for row in rows(client, f"q={world.WHY}")} == {world.WHY}


def test_the_latest_stands_first(client):
    numbers = [row["seq"] for row in rows(client)]
    assert numbers == sorted(numbers, reverse=True)
    assert [row["seq"] for row in rows(client, "sort=seq")] == sorted(numbers)


def test_an_entry_is_told_before_and_after_in_words(client, district):
    seq = Entry.objects.get(table="commitment").seq
    shown = client.get(reverse("entry-json", args=[seq])).json()
    assert [(one["label"], one["before"], one["after"]) for one in shown["differences"]] == [
        ("责任单位", "（空）", "区经信局"), ("状态", "待确认", "已确认")]
    assert shown["href"] == reverse("commitment", args=[district.commitment.pk])
    assert (shown["made"], shown["gone"]) == (False, False)


def test_every_entry_leads_to_the_one_before_and_behind(client):
    numbers = sorted(row["seq"] for row in rows(client))
    shown = client.get(reverse("entry-json", args=[numbers[1]])).json()
    assert (shown["before"], shown["after"]) == (numbers[0], numbers[2])


def test_every_entry_s_page_opens(client):
    for row in rows(client):
        assert client.get(row["href"]).status_code == 200


def test_the_chain_is_walked_and_holds(client):
    answer = client.post("/journal/verify.json").json()
    assert (answer["broken"], answer["count"]) == (None, Entry.objects.count())
    assert "日志完好" in client.post("/journal/verify/").content.decode()


def test_a_byte_altered_is_found_and_named(client, district):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE store_entry SET why = 'x' WHERE seq = 3")
    answer = client.post("/journal/verify.json").json()
    assert (answer["broken"], answer["href"]) == (3, reverse("entry", args=[3]))
    assert "被改动过" in client.post("/journal/verify/").content.decode()


def test_an_entry_before_the_first_is_named_though_it_has_no_page(client):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE store_entry SET seq = -3 WHERE seq = 3")
    answer = client.post("/journal/verify.json").json()
    assert (answer["broken"], answer["href"]) == (-3, "")


def test_the_walk_says_how_far_it_is(client, district, django_assert_max_num_queries):
    record(district.planner, *(Write("target.edit", "target", n, {"value": "1"}, {"value": "2"})
                               for n in range(4100)))
    answer = client.post("/journal/verify/", headers={"accept": "application/x-ndjson"})
    steps = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    total = Entry.objects.count()
    assert steps[:-1] == [{"done": 2000, "of": total}, {"done": 4000, "of": total}]
    assert (steps[-1]["sound"], steps[-1]["count"]) == (True, total)


@pytest.mark.parametrize("who", ["office", "deputy", "other_office"])
def test_walking_is_for_planners_and_leaders(district, who):
    client = world.browser(district.people[who])
    assert client.post("/journal/verify/").status_code == 403
    assert client.get("/journal.json").json()["walkable"] is False


def test_a_neighbour_sees_none_of_ours(district):
    shown = rows(world.browser(district.people["neighbour"]))
    assert {row["area"] for row in shown} == {"通州区"}


def test_the_journal_as_a_file(client):
    text = b"".join(client.get("/journal.csv?table=target").streaming_content).decode("utf-8-sig")
    assert [row["对象"] for row in csv.DictReader(io.StringIO(text))] == [
        f"目标 {row['key']}" for row in rows(client, "table=target")]


@pytest.mark.parametrize(("before", "after", "told"), [
    (None, {"value": "1"}, [("目标值", None, "1")]),
    ({"value": "1", "unit": "家"}, {"value": "2", "unit": "家"}, [("目标值", "1", "2"), ("单位", "家", "家")]),
    ({"area": "110112"}, None, [("地区", "通州区", None)]),
    ({"state": "open"}, {"state": "kept"}, [("状态", "在办", "已完成")]),
    ({"strange": [1, {"a": None}]}, {"strange": True}, [("strange", "1、a：（空）", "是")]),
    ("text", None, [("内容", "text", None)]),
])
def test_differences_in_words(before, after, told):
    entry = Entry(table="target", before=before, after=after)
    assert [(one.label, one.before, one.after) for one in history.differences(entry, {})] == told


def test_an_unknown_table_is_shown_as_it_is():
    entry = Entry(table="no such", before={"x": 1}, after={"x": 2})
    assert [one.label for one in history.differences(entry, {})] == ["x"]


def test_the_refusals_of_the_journal_write_nothing(district):
    client = world.browser(district.planner)
    before = made.everything()
    assert client.post("/journal/").status_code in (200, 405)
    assert client.get(reverse("entry", args=[10**9])).status_code == 404
    assert made.everything() == before
