"""A report that somebody handed in, held against the figures counted here."""

import csv
import io

import pytest
from django.urls import reverse

from plumbline.reports import keep
from plumbline.reports.tests import drafted
from plumbline.store import documents, plans
from plumbline.store.models import Entry, Figure
from plumbline.store.tests import made
from plumbline.web.tests import world as browsers

pytestmark = pytest.mark.django_db
TEXT = """关于云溪区2025年国民经济和社会发展计划上半年执行情况的报告
一、上半年计划执行情况
上半年，退出企业68家，满意率达到74.5%，新建公园3处。退出企业涉及从业人员700人。
"""


@pytest.fixture
def world(settings):
    world = drafted.world(settings)
    received = documents.receive(world.planner, "外来报告.txt", TEXT.encode(), True)
    documents.begin(received.pk)
    keep.keep(received.pk)
    world.document = received
    return world


def page(world, user="planner", ending="json", **query):
    name = "document-figures" + (f"-{ending}" if ending else "")
    return browsers.browser(world.people[user]).get(reverse(name, args=[world.document.pk]), query)


def count(world, user="planner"):
    return browsers.browser(world.people[user]).post(reverse("document-figures-count", args=[world.document.pk]))


def verdicts(answer):
    return {row["printed"]: row["verdict"] for row in answer.json()["numbers"]["rows"]}


def test_before_anything_is_counted_nothing_is_said(world):
    assert set(verdicts(page(world)).values()) <= {"cannot tell"}
    assert Figure.objects.count() == 0


def test_once_counted_each_number_agrees_differs_or_cannot_be_told(world):
    assert count(world).status_code == 302
    answer = page(world)
    assert verdicts(answer) == {"68家": "agrees", "74.5%": "differs", "700人": "differs"}
    assert answer.json()["rest"] == 1
    told = {row["printed"]: row["why"] for row in answer.json()["numbers"]["rows"]}
    assert "73.5294%" in told["74.5%"]
    assert page(world, ending="").status_code == 200


def test_one_verdict_can_be_chosen_and_taken_away(world):
    count(world)
    assert list(verdicts(page(world, verdict="agrees"))) == ["68家"]
    lines = b"".join(page(world, ending="csv", verdict="differs").streaming_content).decode("utf-8-sig")
    assert [row[1] for row in csv.reader(io.StringIO(lines))][1:] == ["74.5%", "700人"]


def test_who_may_not_see_a_figure_learns_nothing_of_it(world):
    count(world)
    for user in ("deputy", "neighbour"):
        words = page(world, user).content.decode()
        assert "73.5" not in words
        assert set(verdicts(page(world, user)).values()) <= {"cannot tell"}


def test_who_may_not_count_is_refused_and_nothing_is_counted(world):
    before = Entry.objects.count()
    for user in ("deputy", "leader", "neighbour"):
        assert count(world, user).status_code == 403
    assert (Figure.objects.count(), Entry.objects.count()) == (0, before)


def test_a_document_one_does_not_see_is_not_there(world):
    hidden = documents.receive(world.planner, "未公开.txt", TEXT.encode() + "另。\n".encode(), False)
    documents.begin(hidden.pk)
    keep.keep(hidden.pk)
    assert browsers.browser(world.people["neighbour"]).get(
        reverse("document-figures", args=[hidden.pk])).status_code == 404


def test_a_share_of_the_target_is_held_against_the_plan(world):
    claims = made.document(world.planner).claims
    [target] = plans.commit(world.planner, [claims.get(number=4).pk], "纪要")
    plans.edit(world.planner, target.pk, {"indicator": world.catalog.indicators["works.moved"]}, "对应", target.version)
    text = TEXT.replace("退出企业68家，", "退出企业68家，完成全年目标的75.6%，")
    world.document = documents.receive(world.planner, "另一份.txt", text.encode(), True)
    documents.begin(world.document.pk)
    keep.keep(world.document.pk)
    count(world)
    assert verdicts(page(world))["75.6%"] == "agrees"
