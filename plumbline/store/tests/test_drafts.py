"""Drafts: every change by one hand at a time, approved by other eyes, sent whole or not at all."""

from dataclasses import replace

import pytest

from plumbline.kernel import BadInput, Conflict, NotAllowed, Paper
from plumbline.store import documents, drafts, figures
from plumbline.store.drafts import sending
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Cite, Draft, DraftLine, DraftVersion
from plumbline.store.tests import made, papers

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer():
    return made.user("writer")


@pytest.fixture
def reviewer():
    return made.user("reviewer")


@pytest.fixture
def leader():
    return made.user("leader", "leader")


def texts(draft):
    return list(draft.lines.values_list("text", flat=True))


def test_a_draft_keeps_its_lines_in_their_order_and_the_journal_tells_of_each_change(writer):
    draft = papers.draft(writer)
    first, last = draft.lines.first(), draft.lines.last()
    added = drafts.add_line(writer, draft.pk, "body", "  新的一段。 ", first.pk)
    drafts.edit_line(writer, last.pk, "改过。\n又一段。", last.version)
    drafts.move_line(writer, added.pk, False, added.version)
    assert texts(draft) == [papers.TITLE, "一、上半年进展", "新的一段。", papers.LINES[2][1], "改过。", "又一段。"]
    drafts.remove_line(writer, added.pk, added.version + 1)
    assert texts(draft) == [papers.TITLE, "一、上半年进展", papers.LINES[2][1], "改过。", "又一段。"]
    assert list(Entry.objects.order_by("seq").filter(table="draft").values_list("action", flat=True)) == [
        "draft.create", "draft.line-add", "draft.line-edit", "draft.line-add", "draft.line-move", "draft.line-remove"]
    assert verify().broken is None


def test_the_second_of_two_writers_at_one_line_is_told(writer, reviewer):
    line = papers.draft(writer).lines.last()
    drafts.edit_line(writer, line.pk, "先写的。", 0)
    with made.refused(Conflict):
        drafts.edit_line(reviewer, line.pk, "后写的。", 0)
    with made.refused(Conflict):
        drafts.remove_line(reviewer, line.pk, 0)
    with made.refused(Conflict):
        drafts.move_line(reviewer, line.pk, True, 0)
    assert line.draft.lines.last().text == "先写的。"


@pytest.mark.parametrize("head", [{"title": " "}, {"period": "去年"}, {"period": "@2025-06-30"}, {"kind": "novel"},
                                  {"title": "长" * 301}, {"issuer": "看\u200b不见"}])
def test_a_head_that_cannot_be_is_refused(writer, head):
    with made.refused(BadInput):
        papers.draft(writer, **head)


@pytest.mark.parametrize(("kind", "text"), [("verse", "文字"), ("body", "长" * 4001), ("body", "看\u200b不见")])
def test_a_line_that_cannot_be_is_refused(writer, kind, text):
    draft = papers.draft(writer)
    with made.refused(BadInput):
        drafts.add_line(writer, draft.pk, kind, text)


@pytest.mark.parametrize(("role", "area"), [("planner", made.NEIGHBOUR), ("deputy", made.DISTRICT), ("leader", made.DISTRICT)])
def test_who_may_not_write_changes_nothing(writer, role, area):
    other = made.user("other", role, area)
    draft = papers.draft(writer)
    line = draft.lines.first()
    with made.refused(NotAllowed):
        papers.draft(other)
    with made.refused(NotAllowed):
        drafts.add_line(other, draft.pk, "body", "一段")
    with made.refused(Conflict if role != "leader" else NotAllowed):
        drafts.edit_line(other, line.pk, "一段", 0)
    with made.refused(NotAllowed):
        drafts.submit(other, draft.pk, 0, empty_paper())
    with made.refused(NotAllowed):
        drafts.withdraw(other, draft.pk, 0, "不写了")


def empty_paper():
    """A paper without figures: making it writes nothing."""
    return Paper(papers.TITLE, made.DISTRICT, papers.PERIOD, "", ())


def test_four_eyes_nobody_reviews_his_own_words_nor_sends_his_own_report(writer, reviewer, leader):
    draft, one = papers.draft(writer), papers.paper()
    editor = made.user("editor")
    line = draft.lines.last()
    drafts.edit_line(editor, line.pk, "改过。", line.version)
    version = Draft.objects.get().version
    n = drafts.submit(writer, draft.pk, version, one).n
    for hand in (writer, editor):
        with made.refused(NotAllowed):
            drafts.approve(hand, draft.pk, n)
    n = drafts.approve(reviewer, draft.pk, n, "数字属实").n
    with made.refused(NotAllowed):
        drafts.send(writer, draft.pk, n, papers.printed(one))
    drafts.send(leader, draft.pk, n, papers.printed(one))
    found = Draft.objects.get()
    assert (found.state, found.writer, found.reviewer, found.sender) == ("sent", writer, reviewer, leader)


def test_who_submits_for_another_does_not_send_it(writer, reviewer):
    draft, one, other = papers.draft(writer), papers.paper(), made.user("other")
    n = drafts.approve(reviewer, draft.pk, drafts.submit(other, draft.pk, 0, one).n).n
    with made.refused(NotAllowed):
        drafts.send(other, draft.pk, n, papers.printed(one))


def test_an_edit_takes_the_approval_back(writer, reviewer, leader):
    draft, n = papers.approved(writer, reviewer)
    line = draft.lines.last()
    drafts.edit_line(writer, line.pk, "改过。", line.version)
    found = Draft.objects.get()
    assert (found.state, found.reviewer) == ("writing", None)
    with made.refused(Conflict):
        drafts.send(leader, draft.pk, n, papers.printed(papers.paper(papers_of(draft))))


def papers_of(draft):
    """The figures a draft's last version rests on, by indicator."""
    return {cite["ref"]: figures.Figure.objects.get(pk=cite["figures"][0])
            for one in draft.versions.first().paper["paragraphs"] for cite in one["cites"]}


def test_an_approval_belongs_to_the_version_that_was_seen(writer, reviewer):
    draft, one = papers.draft(writer), papers.paper()
    first = drafts.submit(writer, draft.pk, 0, one).n
    drafts.return_(reviewer, draft.pk, first, "第三段不清楚")
    drafts.submit(writer, draft.pk, Draft.objects.get().version, one)
    with made.refused(Conflict):
        drafts.approve(reviewer, draft.pk, first)
    with made.refused(Conflict):
        drafts.return_(reviewer, draft.pk, first, "还是不清楚")


def test_a_paper_made_before_the_last_change_is_not_submitted(writer):
    draft, one = papers.draft(writer), papers.paper()
    drafts.append_line(writer, draft.pk, "body", "后加的。")
    with made.refused(Conflict):
        drafts.submit(writer, draft.pk, 0, one)


def test_returning_and_withdrawing_want_a_reason(writer, reviewer):
    draft = papers.draft(writer)
    n = drafts.submit(writer, draft.pk, 0, papers.paper()).n
    with made.refused(BadInput):
        drafts.return_(reviewer, draft.pk, n, " ")
    with made.refused(BadInput):
        drafts.withdraw(writer, draft.pk, 1, "")
    drafts.withdraw(writer, draft.pk, 1, "并入全年报告")
    with made.refused(Conflict):
        drafts.append_line(writer, draft.pk, "body", "再写一段。")


def test_a_version_gives_back_its_paper_and_says_the_same_when_it_says_the_same(writer, reviewer):
    one = papers.paper()
    draft, n = papers.approved(writer, reviewer, one)
    submitted, passed = DraftVersion.objects.order_by("n")
    assert (drafts.thawed(passed.paper), passed.n, submitted.sha256) == (one, n, passed.sha256)
    assert drafts.digest(drafts.frozen(replace(one, title="别的"))) != passed.sha256


def test_what_is_sent_is_a_published_document_with_claims_and_cites(writer, reviewer, leader):
    one = papers.paper()
    draft, n = papers.approved(writer, reviewer, one)
    document = drafts.send(leader, draft.pk, n, papers.printed(one), "会议通过")
    assert (document.state, document.published, document.area, document.draft.pk) == ("read", True, made.DISTRICT, draft.pk)
    assert documents.bytes_of(document) == papers.printed(one).docx
    assert list(document.claims.values_list("number", "surface")) == [(1, "68家"), (2, "96.1%")]
    cites = list(Cite.objects.filter(document=document))
    assert [(cite.claim, cite.surface, cite.value, cite.figures.get().figure.indicator) for cite in cites] == [
        (1, "68家", "68", "works.moved"), (2, "96.1%", "0.961", "works.pleased")]
    assert [row.action for row in DraftVersion.objects.order_by("n")] == ["submitted", "approved", "sent"]
    assert verify().broken is None
    for late in (lambda: drafts.send(leader, draft.pk, n, papers.printed(one)),
                 lambda: drafts.append_line(writer, draft.pk, "body", "补一句。")):
        with made.refused(Conflict):
            late()


def test_a_sent_report_tells_what_changed_since(writer, reviewer, leader):
    one = papers.paper()
    draft, n = papers.approved(writer, reviewer, one)
    document = drafts.send(leader, draft.pk, n, papers.printed(one))
    assert figures.changed_since(document.pk) == []
    figures.publish(None, [papers.counted("70")], "补报两家")
    (changed,) = figures.changed_since(document.pk)
    assert (changed.cite.surface, changed.before.value, changed.after.value, changed.after.reason) == (
        "68家", "68", "70", "补报两家")


def test_a_report_that_was_sent_is_not_removed(writer, reviewer, leader):
    one = papers.paper()
    draft, n = papers.approved(writer, reviewer, one)
    document = drafts.send(leader, draft.pk, n, papers.printed(one))
    with made.refused(BadInput):
        documents.remove(writer, document.pk, "重复")


def test_a_sending_that_breaks_off_leaves_nothing(writer, reviewer, leader, monkeypatch):
    one = papers.paper()
    draft, n = papers.approved(writer, reviewer, one)
    with monkeypatch.context() as broken:
        broken.setattr(sending, "keep", lambda *_: 1 / 0)
        with made.refused(ZeroDivisionError):
            drafts.send(leader, draft.pk, n, papers.printed(one))
    assert documents.tidy() == 1
    assert drafts.send(leader, draft.pk, n, papers.printed(one)).state == "read"


def test_drafts_are_seen_by_planners_and_leaders_of_the_area_only(writer, leader):
    draft = papers.draft(writer)
    see = {name: (Draft.objects.visible_to(who).count(), DraftLine.objects.visible_to(who).count() > 0)
           for name, who in {"writer": writer, "leader": leader, "deputy": made.user("deputy", "deputy"),
                             "neighbour": made.user("neighbour", area=made.NEIGHBOUR),
                             "city": made.user("city", area=made.CITY)}.items()}
    assert see == {"writer": (1, True), "leader": (1, True), "deputy": (0, False), "neighbour": (0, False), "city": (1, True)}
    assert draft.writer == writer
