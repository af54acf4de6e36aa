"""A stored document becomes claims, checks and proposals, once or twice, alone or beside another."""

import os
from pathlib import Path

import pytest

from plumbline.kernel import Conflict
from plumbline.reports.keep import keep, recheck
from plumbline.store import documents
from plumbline.store.documents import Check, Claim, Document
from plumbline.store.journal import Entry
from plumbline.store.people import User
from plumbline.store.plans import Answer, Pairing, Share

pytestmark = pytest.mark.django_db

CITY = """关于示例市2030年国民经济和社会发展计划上半年执行情况的报告

主任、各位委员：

一、上半年计划执行情况

（一）城市建设有序推进

上半年新开通5G基站120个，建设提升便民商业网点64个。

二、计划执行中存在的主要问题

一是就业压力显现。高校毕业生就业面临压力。

三、下半年主要工作措施

（一）扎实做好各项工作

加快补齐设施。(1)年底前新增5G基站300个。(2)全年建设提升便民商业网点100个。

牢牢兜住就业底线。(1)促进高校毕业生就业，开发见习岗位。
"""
DISTRICT = CITY.replace("示例市", "示例市云溪区").replace("300个", "40个").replace("120个", "15个").replace(
    "网点100个", "网点12个").replace("网点64个", "网点7个")


@pytest.fixture
def planner():
    return User.objects.create(username="planner", role="planner", area="990000")


def stored(user, text, name="报告.txt"):
    document = documents.receive(user, name, text.encode())
    documents.begin(document.pk)
    keep(document.pk)
    document.refresh_from_db()
    return document


def shares_of(document):
    rows = Share.objects.filter(part__document=document).order_by("whole__number")
    return [(one.whole.surface, one.part.surface) for one in rows]


def test_a_document_is_read_checked_and_paired(planner):
    document = stored(planner, CITY)
    assert (document.state, document.progress) == ("read", 100)
    pairs = Pairing.objects.filter(promised__document=document)
    assert {(one.promised.surface, one.reported.surface) for one in pairs} == {("300个", "120个"), ("100个", "64个")}
    answers = Answer.objects.filter(problem__document=document)
    assert [one.commitment.theme for one in answers] == ["牢牢兜住就业底线"]


def test_reading_twice_changes_nothing(planner):
    document = stored(planner, CITY)
    first = set(Pairing.objects.values_list("promised__number", "reported__number", "state"))
    claims = set(document.claims.values_list("pk", "number"))
    keep(document.pk)
    assert set(Pairing.objects.values_list("promised__number", "reported__number", "state")) == first
    assert set(document.claims.values_list("pk", "number")) == claims


@pytest.mark.parametrize("order", [(CITY, DISTRICT), (DISTRICT, CITY)])
def test_the_second_of_city_and_district_is_held_against_the_first(planner, order):
    made = {text: stored(planner, text) for text in order}
    assert shares_of(made[DISTRICT]) == [("300个", "40个"), ("100个", "12个")]


def test_another_period_is_not_held_against_it(planner):
    stored(planner, CITY.replace("2030", "2029"))
    assert shares_of(stored(planner, DISTRICT)) == []


def test_a_share_follows_what_a_person_corrected(planner):
    city = stored(planner, CITY)
    claim = city.claims.get(surface="300个")
    documents.correct(planner, claim.pk, {"value": "30"}, "原文有误", claim.version)
    assert shares_of(stored(planner, DISTRICT)) == [("100个", "12个")]


def test_a_correction_is_checked_again(planner):
    document = stored(planner, CITY.replace("上半年新开通", "上半年旅游收入12亿元，增长5.6%，新开通"))
    said = document.checks.filter(kind="derived")
    assert "上年同期为11.4亿元" in said.get().why
    growth = document.claims.get(measure="yoy")
    documents.correct(planner, growth.pk, {"measure": "level"}, "这是税率，不是增速", growth.version)
    recheck(document.pk)
    assert not said.exists()
    entry = Entry.objects.get(action="document.recheck")
    assert "上年同期为11.4亿元" in str(entry.before)


def test_checking_again_without_news_leaves_no_entry(planner):
    document = stored(planner, CITY)
    before = Entry.objects.count()
    recheck(document.pk)
    assert Entry.objects.count() == before


def test_what_cannot_be_read_says_why(planner):
    document = stored(planner, "\0\1\2\3" * 50)
    assert document.state == "failed"
    assert document.trouble
    assert not document.claims.exists()


def test_a_file_that_is_gone_says_what_to_do(planner, data):
    document = documents.receive(planner, "报告.txt", CITY.encode())
    (data / "files" / document.sha256).unlink()
    keep(document.pk)
    document.refresh_from_db()
    assert (document.state, "重新上传" in document.trouble) == ("failed", True)


def test_a_removed_document_leaves_nothing():
    before = Entry.objects.count()
    with pytest.raises(Conflict):
        keep(0)
    assert (Document.objects.count(), Entry.objects.count()) == (0, before)


def test_a_stopped_document_stays_stopped(planner):
    document = documents.receive(planner, "报告.txt", CITY.encode())
    documents.stop(planner, document.pk)
    with pytest.raises(Conflict):
        keep(document.pk)
    document.refresh_from_db()
    assert (document.state, document.claims.count()) == ("stopped", 0)


def test_the_shared_reports_stand_beside_each_other(planner):
    folder = Path(os.environ.get("PLUMBLINE_SHARED", "../shared")) / "reports"
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent; set PLUMBLINE_SHARED to run this")
    city, district = (stored(planner, (folder / f"{name}-2020h1.txt").read_text(), f"{name}.txt")
                      for name in ("beijing", "tongzhou"))
    assert shares_of(district) == [("1.3万个", "1024个"), ("1000个", "120家")]
    across = Check.objects.filter(other__isnull=False)
    assert across.exists()
    for check in across:
        for place in check.places:
            text = {city.pk: city.text, district.pk: district.text}[place["document"]]
            claim = Claim.objects.filter(document=place["document"], number=place["claim"]).first()
            assert claim is None or text[place["start"]:place["end"]] == claim.surface
