"""A process killed while drafts are approved and sent: each stands before or after a step, never between."""

import os
import random
import signal
import time
from dataclasses import replace

import pytest
from django.db import connections

from plumbline.store import documents, drafts
from plumbline.store.documents.files import folder
from plumbline.store.drafts.handing import STATES
from plumbline.store.journal import verify
from plumbline.store.models import Cite, Document, Draft
from plumbline.store.tests import made, papers

KILLS = 25
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def hand_on_for_ever(writer, reviewer, leader, one, begun):
    """One report after another, from the first line to the sending, until killed."""
    number = begun
    while True:
        number += 1
        paper = replace(one, title=f"{papers.TITLE}第{number}份")
        draft = papers.draft(writer, title=paper.title)
        n = drafts.submit(writer, draft.pk, draft.version, paper).n
        n = drafts.approve(reviewer, draft.pk, n).n
        printed = papers.printed(paper)
        drafts.send(leader, draft.pk, n, replace(printed, docx=printed.docx + paper.title.encode()))


def sound(draft):
    """Whether a draft, its versions and its document say the same."""
    versions = list(draft.versions.order_by("n"))
    numbered = [row.n for row in versions] == list(range(1, len(versions) + 1))
    state = STATES[versions[-1].action] if versions else "writing"
    same = len({row.sha256 for row in versions}) <= 1
    return numbered and same and draft.state == state and (draft.document_id is not None) == (state == "sent") \
        and (draft.reviewer_id is not None) == (state in ("approved", "sent"))


def test_killed_at_any_moment_every_draft_stands_before_or_after_a_step():
    writer, reviewer, leader = made.user("writer"), made.user("reviewer"), made.user("leader", "leader")
    one, chance = papers.paper(), random.Random(20250728)
    for _ in range(KILLS):
        connections.close_all()
        child = os.fork()
        if not child:
            hand_on_for_ever(writer, reviewer, leader, one, Draft.objects.count())
        time.sleep(chance.uniform(0.03, 0.4))  # the moment of the kill, not a wait
        os.kill(child, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        assert [draft.pk for draft in Draft.objects.all() if not sound(draft)] == []
        sent = list(Document.objects.all())
        assert {(row.state, row.claims.count(), row.cites.count(), row.published) for row in sent} <= {("read", 2, 2, True)}
        assert Draft.objects.filter(state="sent").count() == len(sent)
    documents.tidy()
    assert {path.name for path in folder().iterdir()} - {".lock"} == {row.sha256 for row in Document.objects.all()}
    assert Cite.objects.count() == 2 * Document.objects.count() > 0
    assert verify().broken is None
    left = Draft.objects.filter(state="approved").first()
    if left:  # what was left is taken up where it stands
        n = left.versions.count()
        paper = drafts.thawed(left.versions.get(n=n).paper)
        assert drafts.send(leader, left.pk, n, papers.printed(paper)).state == "read"
