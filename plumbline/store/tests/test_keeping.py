"""A reading is kept whole or not at all, and never over what people decided."""

import os
import signal
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connections

from plumbline.kernel import Heading, Place, Proposal, Statement
from plumbline.store import documents, plans
from plumbline.store.documents import Across, Found, keeping
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Check, Claim, Commitment, Document, Pairing, Problem, Share
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db
DATA = made.TEXT.encode()


@pytest.fixture
def planner():
    return made.user()


def by_number(document):
    return {claim.number: claim for claim in document.claims.all()}


def test_everything_read_is_kept_with_its_place(planner):
    document = made.document(planner)
    document.refresh_from_db()
    assert (document.state, document.progress, document.title, document.period) == (
        "read", 100, made.HEADING.title, "2025H1")
    assert [section["title"] for section in document.outline["sections"]] == ["一、上半年执行情况"]
    assert document.outline["terms"] == []
    for claim in document.claims.all():
        assert document.text[claim.start:claim.end] == claim.surface
    assert [claim.value for claim in document.claims.all()] == ["68", "96.1", "5135", "90", "95", "13000"]
    commitment = Commitment.objects.get()
    assert (commitment.state, commitment.targets) == ("proposed", [4, 5, 6])
    assert commitment.due_on.isoformat() == "2025-12-31"
    pairings = Pairing.objects.order_by("promised__number")
    assert list(pairings.values_list("promised__number", "reported__number", "on_top", "state")) == [
        (4, 1, False, "proposed"), (6, 3, None, "proposed")]
    place = Check.objects.get().places[0]
    assert document.text[place["start"]:place["end"]] == "68家"
    assert place["document"] == document.pk
    entry = Entry.objects.get(action="document.read")
    assert (entry.who, entry.after["claims"], entry.after["proposals"]) == ("系统", 6, 3)


def test_keeping_twice_changes_nothing(planner):
    document = made.document(planner)
    before = made.everything()
    documents.keep(document.pk, made.report(), made.FOUND)
    after = made.everything()
    for table in ("Claim", "Commitment", "Problem"):
        assert after[table] == before[table]
    for table in ("Check", "Pairing", "Answer"):  # made anew, so without their own keys
        told, kept = (sorted((row[1:] for row in rows[table]), key=repr) for rows in (after, before))
        assert told == kept


def test_a_reading_that_breaks_off_leaves_nothing_and_the_upload_works_again(planner, monkeypatch):
    received = documents.receive(planner, "a.txt", DATA)
    documents.begin(received.pk)
    with monkeypatch.context() as broken:
        broken.setattr(keeping, "record", lambda *_: 1 / 0)
        with made.refused(ZeroDivisionError):
            documents.keep(received.pk, made.report(), made.FOUND)
    assert documents.unfinished() == [received.pk]
    assert made.document(planner).claims.count() == 6


def test_a_reading_killed_half_way_leaves_nothing_and_the_upload_works_again(planner, transactional_db, monkeypatch):
    received = documents.receive(planner, "a.txt", DATA)
    documents.begin(received.pk)
    before = made.everything()
    connections.close_all()
    child = os.fork()
    if not child:
        monkeypatch.setattr(keeping, "record", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        documents.keep(received.pk, made.report(), made.FOUND)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert made.everything() == before
    assert made.document(planner).claims.count() == 6
    assert verify().broken is None


def test_what_people_decided_outlives_another_reading(planner):
    document = made.document(planner)
    claims = by_number(document)
    documents.confirm(planner, [claims[1].pk])
    documents.correct(planner, claims[2].pk, {"value": "96.2"}, "看错", 0)
    target = plans.commit(planner, [claims[4].pk])[0]
    pairing = Pairing.objects.get(promised=claims[6].pk)
    plans.decide(planner, pairing, "confirmed", on_top=True)
    plans.confirm_commitments(planner, [Commitment.objects.get().pk])
    # the better reader finds one claim more at the front, reads another one anew, and no longer finds the rest
    fresh = (made.claim(1, "上半年", 1, "次", "新读出"), replace(made.CLAIMS[1], number=2, value=Decimal(1)),
             replace(made.CLAIMS[4], number=3, value=Decimal(96)))
    documents.keep(document.pk, made.report(fresh, problems=()), Found())
    told = [(claim.number, claim.surface, claim.value, claim.state) for claim in document.claims.all()]
    assert told == [
        (1, "上半年", "1", "read"), (2, "96.1%", "96.2", "corrected"), (3, "95%", "96", "read"),
        (4, "68家", "68", "confirmed"), (5, "5135个", "5135", "read"), (6, "90家", "90", "confirmed"),
        (7, "1.3万个", "13000", "read")]
    target.refresh_from_db()
    assert target.claim.number == 6
    assert Pairing.objects.get().on_top is True
    assert Commitment.objects.get().state == "confirmed"
    assert not Problem.objects.exists()
    assert Claim.objects.get(pk=claims[2].pk).original["value"] == "96.1"


def test_another_text_does_not_move_what_people_decided(planner):
    document = made.document(planner)
    documents.confirm(planner, [by_number(document)[1].pk])
    before = made.everything()
    documents.keep(document.pk, replace(made.report(), text="另一种读法" + made.TEXT))
    assert made.everything() == before


def test_a_document_moves_to_the_area_its_title_names_only_inside_the_uploaders():
    city, neighbour = made.user("city", area=made.CITY), made.user("neighbour", area=made.NEIGHBOUR)
    assert made.document(city).area == made.DISTRICT
    kept = made.document(neighbour)
    assert (kept.area, kept.about) == (made.NEIGHBOUR, made.DISTRICT)
    root = made.people.create_user(None, "root", made.PASSWORD, area="", is_superuser=True)
    assert made.document(root).area == made.DISTRICT


def test_a_number_too_long_to_keep_is_left_out_and_said(planner):
    received = documents.receive(planner, "a.txt", DATA)
    claims = (*made.CLAIMS[:5], replace(made.CLAIMS[5], value=Decimal("7" * 400), surface="7" * 400))
    document = documents.keep(received.pk, made.report(claims), made.FOUND)
    assert document.claims.count() == 5
    assert "400 个字" in document.findings[0]["message"]
    assert Pairing.objects.count() == 1


def test_words_are_cut_to_their_columns_and_nul_is_replaced_letter_by_letter(planner):
    received = documents.receive(planner, "a.txt", DATA)
    claims = [replace(made.CLAIMS[0], subject="长" * 500, place="\0区")]
    told = replace(made.report(claims), text=made.TEXT.replace("投资", "投\0"),
                   heading=Heading("题" * 400, delivered_on="2025-02-30"))
    document = documents.keep(received.pk, told)
    claim = document.claims.get()
    assert (len(claim.subject), claim.place, len(document.title)) == (200, "\ufffd区", 300)
    assert len(document.text) == len(made.TEXT)
    assert document.delivered_on is None


def test_what_two_documents_say_of_each_other_is_seen_by_those_who_see_both():
    city, district = made.user("city", area=made.CITY), made.user()
    whole = made.document(city)
    Document.objects.filter(pk=whole.pk).update(area=made.CITY)
    received = documents.receive(district, "区.txt", DATA)
    places = (Place("r.txt", 3, 9, 12, 1), Place("市", 3, 9, 12, 1))
    across = Across(whole.pk, (Statement("across", "agrees", "同", places),), (Proposal(4, 6, 0.5, "同"),), whole=True)
    part = documents.keep(received.pk, made.report(), Found(across=(across,)))
    check, share = Check.objects.get(other=whole), Share.objects.get()
    assert [place["document"] for place in check.places] == [part.pk, whole.pk]
    assert (share.whole.document_id, share.whole.number, share.part.document_id, share.part.number) == (
        whole.pk, 4, part.pk, 6)
    for who, seen in ((city, True), (district, False)):
        assert Check.objects.visible_to(who).filter(pk=check.pk).exists() is seen
        assert Share.objects.visible_to(who).exists() is seen
    Document.objects.filter(pk=whole.pk).update(published=True)
    assert Share.objects.visible_to(district).exists()
    assert plans.decide(district, share, "confirmed").state == "confirmed"
