"""A file comes in whole or not at all, and the same file once an area."""

import pytest

from plumbline.kernel import BadInput, Conflict, Finding, NotAllowed
from plumbline.store import documents, plans
from plumbline.store.documents import files
from plumbline.store.journal import Entry
from plumbline.store.models import Claim, Document
from plumbline.store.people.roles import ROLE_ACTIONS
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db
DATA = made.TEXT.encode()


@pytest.fixture
def planner():
    return made.user()


def stored():
    return sorted(path.name for path in files.folder().glob("*") if path.name != ".lock")


def test_a_file_is_kept_under_its_hash_and_waits(planner):
    document = documents.receive(planner, "C:\\报告\\上半年.txt", DATA)
    assert (document.state, document.name, document.media, document.size) == ("waiting", "上半年.txt", "txt", len(DATA))
    assert (document.area, document.received_area) == (made.DISTRICT, made.DISTRICT)
    assert documents.bytes_of(document) == DATA
    assert stored() == [document.sha256]
    assert documents.unfinished() == [document.pk]
    assert Entry.objects.get(action="document.receive").after["sha256"] == document.sha256


@pytest.mark.parametrize(("data", "words"), [(b"", "空文件"), (b"x" * (20 * 1024**2 + 1), "超过 20 MB")])
def test_an_empty_or_too_large_file_is_refused_and_nothing_kept(planner, data, words):
    with made.refused(BadInput) as raised:
        documents.receive(planner, "a.txt", data)
    assert words in raised.value.findings[0].message
    assert stored() == []


@pytest.mark.parametrize("role", ["leader", "deputy"])
def test_who_may_not_upload_is_refused_and_nothing_kept(role):
    who = made.user(role, role)
    with made.refused(NotAllowed):
        documents.receive(who, "a.txt", DATA)
    assert stored() == []


def test_who_may_not_publish_hands_in_nothing_published(planner, monkeypatch):
    monkeypatch.setitem(ROLE_ACTIONS, "planner", ROLE_ACTIONS["planner"] - {"publish"})
    with made.refused(NotAllowed):
        documents.receive(planner, "a.txt", DATA, published=True)
    assert stored() == []


def test_the_same_file_twice_is_refused_and_the_first_named(planner):
    made.document(planner)
    with made.refused(BadInput) as raised:
        documents.receive(planner, "b.txt", DATA)
    assert made.HEADING.title in raised.value.findings[0].message
    neighbour = made.user("neighbour", area=made.NEIGHBOUR)
    assert documents.receive(neighbour, "b.txt", DATA).area == made.NEIGHBOUR


@pytest.mark.parametrize("leave", [
    lambda by, key: None, lambda by, key: documents.begin(key), lambda by, key: documents.stop(by, key),
    lambda by, key: documents.fail(key, [Finding("a", "b", "读不出")])])
def test_a_file_that_was_not_read_to_the_end_is_taken_up_again(planner, leave):
    first = documents.receive(planner, "a.txt", DATA)
    leave(planner, first.pk)
    again = documents.receive(planner, "a.txt", DATA)
    assert (again.pk, again.state, again.trouble, again.findings) == (first.pk, "waiting", "", [])
    assert Document.objects.count() == 1


def test_a_document_that_failed_says_why_and_may_be_read_again(planner):
    document = documents.receive(planner, "a.txt", DATA)
    with made.refused(Conflict):
        documents.again(planner, document.pk)
    documents.begin(document.pk)
    documents.fail(document.pk, [Finding("source.empty", "a.txt", "没有文字层")])
    document.refresh_from_db()
    assert (document.state, document.trouble) == ("failed", "没有文字层")
    assert document.findings == [{"check": "source.empty", "where": "a.txt", "message": "没有文字层"}]
    assert documents.unfinished() == []
    assert documents.again(planner, document.pk).state == "waiting"


def test_stopping_keeps_nothing_of_the_text(planner):
    document = documents.receive(planner, "a.txt", DATA)
    documents.begin(document.pk)
    documents.advance(document.pk, 40)
    documents.stop(planner, document.pk)
    for late in (lambda: documents.keep(document.pk, made.report()), lambda: documents.begin(document.pk),
                 lambda: documents.stop(planner, document.pk)):
        with made.refused(Conflict):
            late()
    documents.fail(document.pk, [])
    documents.advance(document.pk, 50)
    document.refresh_from_db()
    assert (document.state, document.progress) == ("stopped", 40)


def test_people_of_another_area_touch_nothing(planner):
    document = made.document(planner)
    neighbour = made.user("neighbour", area=made.NEIGHBOUR)
    claim = document.claims.first()
    for attempt in (
        lambda: documents.remove(neighbour, document.pk, "x"), lambda: documents.publish(neighbour, document.pk, "x"),
        lambda: documents.stop(neighbour, document.pk), lambda: documents.again(neighbour, document.pk),
        lambda: documents.confirm(neighbour, [claim.pk]), lambda: documents.set_aside(neighbour, claim.pk, "x", 0),
        lambda: documents.correct(neighbour, claim.pk, {"value": "1"}, "x", 0),
        lambda: plans.commit(neighbour, [claim.pk]), lambda: plans.preview(neighbour, [claim.pk]),
        lambda: documents.remove(planner, 0, "x"), lambda: documents.confirm(planner, [claim.pk, 0]),
    ):
        with made.refused(NotAllowed):
            attempt()


def test_publishing_needs_a_reason_and_can_be_taken_back(planner):
    document = made.document(planner)
    with made.refused(BadInput):
        documents.publish(planner, document.pk, "  ")
    assert documents.publish(planner, document.pk, "会议通过").published
    assert not documents.publish(planner, document.pk, "有误", published=False).published
    assert list(Entry.objects.order_by("seq").filter(action__contains="publish").values_list("action", "why")) == [
        ("document.publish", "会议通过"), ("document.unpublish", "有误")]


def test_removing_takes_the_file_too_and_is_refused_while_the_plan_rests_on_it(
    planner, django_capture_on_commit_callbacks,
):
    document = made.document(planner)
    target = plans.commit(planner, document.claims.filter(number=4).values_list("pk", flat=True))[0]
    with made.refused(BadInput) as raised:
        documents.remove(planner, document.pk, "传错了")
    assert "1 项" in str(raised.value)
    plans.edit(planner, target.pk, {"state": "withdrawn"}, "传错了", 0)
    with django_capture_on_commit_callbacks(execute=True):
        documents.remove(planner, document.pk, "传错了")
    assert not Document.objects.exists()
    assert not Claim.objects.exists()
    assert stored() == []
    assert Entry.objects.get(action="target.remove").before["value"] == "90"


def test_a_file_another_area_still_keeps_is_not_dropped(planner, django_capture_on_commit_callbacks):
    document = made.document(planner)
    theirs = documents.receive(made.user("neighbour", area=made.NEIGHBOUR), "a.txt", DATA)
    with django_capture_on_commit_callbacks(execute=True):
        documents.remove(planner, document.pk, "传错了")
    assert documents.bytes_of(theirs) == DATA


def test_what_a_killed_process_left_behind_is_dropped_and_the_upload_works_again(planner):
    files.folder().mkdir(parents=True)
    for name in ("0" * 64, f".{'1' * 64}.part"):
        (files.folder() / name).write_bytes(b"half")
    document = documents.receive(planner, "a.txt", DATA)
    assert documents.tidy() == 2
    assert stored() == [document.sha256]


def test_begin_may_run_twice_and_percent_stays_in_bounds(planner):
    document = documents.receive(planner, "a.txt", DATA)
    documents.begin(document.pk)
    documents.begin(document.pk)
    documents.advance(document.pk, 400)
    document.refresh_from_db()
    assert (document.state, document.progress) == ("reading", 99)
    assert Entry.objects.filter(action="document.begin").count() == 1
