"""Who is let in where: every address of drafts, sent reports and questions, as everybody, reading and writing."""

import pytest
from django.urls import reverse

from plumbline.reports import drafting, sending
from plumbline.reports.tests import drafted
from plumbline.store import drafts, figures
from plumbline.store.tests import made
from plumbline.web import (
    draft_choices,
    draft_lines,
    draft_page,
    draft_sent,
    draft_steps,
    draft_versions,
    questions,
)
from plumbline.web import drafts as draft_list
from plumbline.web.tests import world as browsers

pytestmark = pytest.mark.django_db
MODULES = (draft_list, draft_page, draft_lines, draft_choices, draft_steps, draft_versions, draft_sent, questions)
ADDRESSES = [address for part in MODULES for address in part.urls]
FORMS = ("json", "xlsx", "csv")
LISTS = {"drafts", "reports", "questions"}
ACTS = {"draft-add", "draft-line", "draft-bind", "draft-head", "draft-submit", "draft-return", "draft-approve",
        "draft-withdraw", "draft-send", "draft-seen", "report-ask", "question-answer", "question-close"}
INSIDE = {"draft", "draft-number", "draft-sentences", "draft-figures", "draft-unbound", "draft-version",
          "draft-version-cite", "draft-check", "draft-export"}
SENT = {"report", "report-cite", "report-export", "question"}
OURS = ("退出企业", "群众评价", "云溪区2025年", "含不含搬迁的")
WRITERS, READERS = {"planner", "reviewer"}, {"planner", "reviewer", "leader"}


@pytest.fixture
def world(settings):
    """A draft that is being written, and one that was sent and asked about; the neighbour's deputy sees the latter."""
    found = drafted.world(settings)
    other = drafts.create(found.planner, drafted.HEAD, drafted.LINES, example=True)
    n = drafts.approve(found.reviewer, other.pk, drafting.submit(found.planner, found.catalog, other, 0).n).n
    found.document = sending.send(found.leader, other, n)
    found.sent = other
    found.asked = figures.question(found.deputy, figures.Cite.objects.first().pk, "含不含搬迁的？")
    return found


def stem_and_form(name):
    stem, _, form = name.rpartition("-")
    return (stem, form) if form in FORMS else (name, "html")


def address_of(pattern, world):
    """An address with the world's own things in it."""
    stem, _ = stem_and_form(pattern.name)
    names = pattern.pattern.converters
    things = {"line": world.draft.lines.last().pk, "number": 1, "n": 1, "start": 0, "end": 3, "form": "docx",
              "document": world.document.pk, "key": world.draft.pk}
    if stem.startswith("question"):
        things["key"] = world.asked.pk
    if stem.startswith("draft-version"):
        things["key"] = world.sent.pk
    return reverse(pattern.name, kwargs={name: things[name] for name in names})


def test_every_address_is_told_of_here():
    assert {stem_and_form(pattern.name)[0] for pattern in ADDRESSES} == LISTS | ACTS | INSIDE | SENT | {"draft-new"}


def test_a_stranger_is_sent_to_sign_in_and_writes_nothing(world):
    client, before = browsers.browser(), made.everything()
    for pattern in ADDRESSES:
        address = address_of(pattern, world)
        for answer in (client.get(address), client.post(address, {"why": "x"})):
            assert (answer.status_code, answer["Location"].startswith(reverse("sign-in"))) == (302, True), address
    assert made.everything() == before


@pytest.mark.parametrize("who", ["planner", "reviewer", "leader", "deputy", "neighbour", "far_deputy"])
def test_reading(world, who):
    client = browsers.browser(world.people[who])
    for pattern in ADDRESSES:
        stem, _ = stem_and_form(pattern.name)
        expected = 200
        if stem in ACTS:
            expected = 405
        elif stem == "draft-new":
            expected = 200 if who in WRITERS | {"neighbour"} else 403
        elif stem in INSIDE and who not in READERS or stem in SENT and who == "far_deputy":
            expected = 404
        assert client.get(address_of(pattern, world)).status_code == expected, (who, pattern.name)


@pytest.mark.parametrize("who", ["neighbour", "far_deputy"])
def test_drafts_of_another_district_tell_nothing(world, who):
    client = browsers.browser(world.people[who])
    for pattern in ADDRESSES:
        stem, form = stem_and_form(pattern.name)
        if form == "xlsx" or stem in ACTS or (who == "neighbour" and stem in SENT | {"reports", "questions"}):
            continue  # a published report is everybody's
        text = browsers.drained(client.get(address_of(pattern, world))).decode()
        assert [words for words in OURS if words in text] == [], (who, pattern.name)


@pytest.mark.parametrize("who", ["leader", "deputy", "neighbour", "far_deputy"])
def test_who_may_not_write_changes_nothing(world, who):
    client, before = browsers.browser(world.people[who]), made.everything()
    told = {"text": "改", "why": "x", "version": 0, "n": 1, "kind": "body", "title": "改", "start": 0, "end": 1,
            "slot": "{works.moved:level}"}
    for pattern in ADDRESSES:
        stem, _ = stem_and_form(pattern.name)
        if stem not in ACTS or (stem == "report-ask" and who in ("deputy", "leader")) or (
                stem.startswith("question-") and who == "deputy"):
            continue
        answer = client.post(address_of(pattern, world), told)
        assert answer.status_code in (400, 403, 404, 409), (who, pattern.name, answer.status_code)
    assert made.everything() == before


def test_a_neighbour_may_read_a_published_report_but_not_question_it(world):
    client, before = browsers.browser(world.neighbour), made.everything()
    address = reverse("report-ask", args=[world.document.pk, 1])
    assert client.post(address, {"text": "为什么？"}).status_code == 403
    assert made.everything() == before
    assert "质疑这个数" not in client.get(reverse("report-cite", args=[world.document.pk, 1])).content.decode()


def test_the_evidence_of_a_report_has_nobody_in_it(world):
    for who in ("deputy", "neighbour"):
        client = browsers.browser(world.people[who])
        text = client.get(reverse("report-cite", args=[world.document.pk, 1])).content.decode()
        assert "虚构人名" not in text
        assert "68 条" in text
