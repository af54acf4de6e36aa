"""Documents, claims and checks as pages: one screen, two forms; as many queries for many rows as for few."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from plumbline.kernel import BadInput, Report
from plumbline.reports import check, read
from plumbline.store import documents, people
from plumbline.store.documents import Found
from plumbline.web.look import look
from plumbline.web.tests import world
from plumbline.web.tests.world import drained

pytestmark = pytest.mark.django_db
TEXT = """关于示例市云溪区2025年工作的报告

一、主要工作
新建学校12所，其中小学7所、中学5所。完成投资3.2亿元，同比增长4.1%，全年完成投资不低于8亿元。
居民收入29480元，同比增长5.9%。
"""


@pytest.fixture
def planner():
    return people.create_user(None, "planner", "一把很长的尺子2025", label="计划员", role="planner", area="990101")


def document(user, mark: str = ""):
    """A document, read."""
    data = (TEXT + mark).encode()
    made = documents.receive(user, f"报告{mark}.txt", data)
    report: Report = read(data, made.name)
    documents.begin(made.pk)
    return documents.keep(made.pk, report, Found(statements=tuple(check(report))))


@pytest.fixture
def browser(planner):
    client = Client()
    client.force_login(planner)
    return client


@pytest.fixture
def one(planner):
    return document(planner)


def test_page_and_twin_are_one_screen(browser, one):
    for name in ("document", "claims", "document-checks", "document-state"):
        page = browser.get(reverse(name, args=[one.pk]))
        twin = browser.get(reverse(f"{name}-json", args=[one.pk]))
        assert (page.status_code, twin.status_code) == (200, 200), name
        assert twin["Content-Type"] == "application/json"
        assert json.loads(twin.content), name
    claims = browser.get(reverse("claims-json", args=[one.pk])).json()["claims"]
    assert claims["count"] == one.claims.count()
    assert [row["surface"] for row in claims["rows"]] == list(one.claims.values_list("surface", flat=True))


def test_list_asks_as_often_for_many_documents_as_for_one(browser, planner, one, django_assert_max_num_queries):
    for mark in "甲乙丙":
        document(planner, mark)
    for name, most in (("documents", 6), ("documents-csv", 5)):
        with django_assert_max_num_queries(most):
            assert drained(browser.get(reverse(name))).decode().count("关于示例市云溪区2025年工作的报告") >= 4


@pytest.mark.parametrize("name", ["document", "claims", "document-checks", "claims-csv"])
def test_a_report_asks_as_often_for_many_claims_as_for_few(name, browser, planner, one, django_assert_max_num_queries):
    with django_assert_max_num_queries(10) as few:
        drained(browser.get(reverse(name, args=[one.pk])))
    many = world.large(people.create_user(None, "other", "一把很长的尺子2025", role="planner", area="990101"), 40)
    assert many.claims.count() > 5 * one.claims.count()
    with django_assert_max_num_queries(len(few)):
        answer = browser.get(reverse(name, args=[many.pk]))
        assert (answer.status_code, len(drained(answer)) > 1000) == (200, True)


def test_claim_tells_its_parts_checks_and_mentions(browser, one):
    total = one.claims.get(surface="12所")
    told = browser.get(reverse("claim-json", args=[one.pk, total.number])).json()
    assert {part["key"]: (part["printed"], part["read"]) for part in told["parts"]}["unit"] == ("所", "所")
    assert [check["verdict"] for check in told["checks"] if check["kind"] == "identity"] == ["agrees"]
    assert (told["before"], told["after"][:2]) == ("新建学校", "，其")
    growth = one.claims.get(surface="5.9%")
    mentions = browser.get(reverse("claim-json", args=[one.pk, growth.number])).json()["mentions"]
    assert "29480元" in {mention["surface"] for mention in mentions}


def test_correction_of_a_stale_page_is_a_conflict_and_changes_nothing(browser, one):
    claim = one.claims.first()
    address = reverse("claim-correct-json", args=[one.pk, claim.number])
    form = {"value": "13", "why": "核对原件"}
    assert browser.post(address, form | {"version": "0"}).json()["state"] == "corrected"
    stale = browser.post(address, form | {"version": "0", "value": "14"})
    assert stale.status_code == 409
    assert "他人" in stale.json()["advice"]
    claim.refresh_from_db()
    assert (claim.value, claim.version) == ("13", 1)


@pytest.mark.parametrize("version", ["", "x", "９", "1" * 30])
def test_form_without_a_version_is_refused(browser, one, version):
    claim = one.claims.first()
    form = {"value": "13", "why": "核对原件", "version": version}
    assert browser.post(reverse("claim-correct-json", args=[one.pk, claim.number]), form).status_code == 400


def test_findings_stand_at_their_fields(browser, one):
    form = {"value": "许多", "period": "去年", "why": "核对原件", "version": "0"}
    page = browser.post(reverse("claim-correct", args=[one.pk, 1]), form, headers={"HX-Request": "true"})
    assert page.status_code == 422
    troubles = {entry.key: entry.trouble for entry in page.context["screen"].form if entry.trouble}
    assert set(troubles) == {"value", "period"}
    assert page.context["screen"].why == "核对原件"


def test_filters_that_make_no_sense_count_as_nothing(browser, one):
    every = one.claims.count()
    for odd in ("?measure=nonsense", "?page=999", "?page=x", "?size=7", "?sort=password", "?q=%00", "?part=9"):
        twin = browser.get(reverse("claims-json", args=[one.pk]) + odd)
        assert twin.json()["claims"]["count"] == every, odd


def test_unknown_address_answers_in_the_form_asked_for(browser):
    assert browser.get("/documents/99.json").json()["status"] == 404
    assert "没有找到" in browser.get("/documents/99/").content.decode()


def test_look_lets_a_report_pass_and_refuses_what_cannot_be_read():
    look("报告.txt", TEXT.encode())
    with pytest.raises(BadInput, match="空"):
        look("空.txt", b"")
    with pytest.raises(BadInput, match="没有保存"):
        look("无数.txt", "各项工作有序推进，成效明显，群众满意，社会稳定。".encode())


def test_document_that_waits_is_shown_as_waiting(browser, planner):
    made = documents.receive(planner, "等.txt", TEXT.encode())
    assert "等待读取" in browser.get(reverse("document", args=[made.pk])).content.decode()
    told = browser.get(reverse("document-json", args=[made.pk])).json()
    assert told["document"]["state"] == "waiting"
