"""Two people at the same moment: one of them is told, nobody's work is lost, and nothing half done stays."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store import documents, people, plans
from plumbline.store.documents import Document
from plumbline.store.journal import verify
from plumbline.store.models import Commitment, Office, Target
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """What each deed gives, or the refusal it was met with; all of them begin together."""
    together = Barrier(len(deeds))

    def work(deed):
        try:
            together.wait()
            return deed()
        except (BadInput, Conflict, NotAllowed) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(work, deeds))


@pytest.mark.parametrize("attempt", range(6))
def test_what_is_confirmed_while_its_document_is_removed_is_refused_or_stays(attempt):
    planner = made.user()
    document = made.document(planner)
    claims = list(document.claims.filter(modality="target").values_list("pk", flat=True))
    measures = list(document.commitments.values_list("pk", flat=True))
    put, said, removed = at_once(
        lambda: plans.commit(planner, claims), lambda: plans.confirm_commitments(planner, measures),
        lambda: documents.remove(planner, document.pk, "重复"))
    there = Document.objects.filter(pk=document.pk).exists()
    assert there == isinstance(removed, BadInput)
    assert Target.objects.count() == (0 if isinstance(put, Exception) else len(claims))
    assert Commitment.objects.filter(state="confirmed").count() == (0 if isinstance(said, Exception) else len(measures))
    assert isinstance(put, NotAllowed) == isinstance(said, NotAllowed) == (not there)
    assert verify().broken is None


def test_one_of_two_corrections_is_told_to_reload():
    planner = made.user()
    claim = made.document(planner).claims.first()
    first, second = at_once(
        *(lambda value=value: documents.correct(planner, claim.pk, {"value": value}, "核对", 0) for value in ("1", "2")))
    assert isinstance(first, Conflict) != isinstance(second, Conflict)


def test_a_double_click_makes_each_target_once():
    planner = made.user()
    claims = list(made.document(planner).claims.filter(modality="target").values_list("pk", flat=True))
    answers = at_once(*[lambda: plans.commit(planner, claims)] * 3)
    assert sum(isinstance(answer, BadInput) for answer in answers) == 2
    assert Target.objects.count() == len(claims)


@pytest.mark.parametrize("attempt", range(4))
def test_one_name_is_given_once(attempt):
    answers = at_once(*[lambda: people.create_office(None, "区商务局", made.DISTRICT)] * 4)
    assert (sum(isinstance(answer, BadInput) for answer in answers), Office.objects.count()) == (3, 1)
    users = at_once(*[lambda: made.user("same")] * 4)
    assert sum(isinstance(answer, BadInput) for answer in users) == 3
