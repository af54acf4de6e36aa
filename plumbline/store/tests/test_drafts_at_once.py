"""Several people at one draft at the same moment: one of them is told, and what was approved is what goes out."""

import pytest

from plumbline.kernel import Conflict
from plumbline.store import drafts
from plumbline.store.journal import verify
from plumbline.store.models import Document, Draft, DraftVersion
from plumbline.store.tests import made, papers
from plumbline.store.tests.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_double_click_sends_once():
    writer, reviewer, leader = made.user("writer"), made.user("reviewer"), made.user("leader", "leader")
    one = papers.paper()
    draft, n = papers.approved(writer, reviewer, one)
    answers = at_once(*[lambda: drafts.send(leader, draft.pk, n, papers.printed(one))] * 3)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 2
    assert (Document.objects.count(), DraftVersion.objects.filter(action="sent").count()) == (1, 1)
    assert verify().broken is None


@pytest.mark.parametrize("attempt", range(4))
def test_an_edit_beside_the_sending_is_refused_or_takes_the_approval_back(attempt):
    writer, reviewer, leader = made.user("writer"), made.user("reviewer"), made.user("leader", "leader")
    one = papers.paper()
    draft, n = papers.approved(writer, reviewer, one)
    line = draft.lines.last()
    sent, edited = at_once(lambda: drafts.send(leader, draft.pk, n, papers.printed(one)),
                           lambda: drafts.edit_line(writer, line.pk, "改过。", line.version))
    assert isinstance(sent, Conflict) != isinstance(edited, Conflict)
    assert Draft.objects.get().state == ("writing" if isinstance(sent, Conflict) else "sent")
    assert Document.objects.count() == (0 if isinstance(sent, Conflict) else 1)


def test_one_of_two_writers_at_a_line_is_told_and_both_may_write_at_two():
    writer, other = made.user("writer"), made.user("other")
    draft = papers.draft(writer)
    first, last = draft.lines.first(), draft.lines.last()
    answers = at_once(*(lambda who=who: drafts.edit_line(who, last.pk, str(who), 0) for who in (writer, other)))
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    answers = at_once(lambda: drafts.edit_line(writer, first.pk, "甲", 0), lambda: drafts.edit_line(other, last.pk, "乙", 1))
    assert [answer.text for answer in answers] == ["甲", "乙"]
    assert len(set(draft.lines.values_list("position", flat=True))) == 4
