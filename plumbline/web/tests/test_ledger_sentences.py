"""Sentences of a ledger: put together in a form, read as they would be printed, kept as versions."""

import pytest
from django.urls import reverse

from plumbline.store import declarations
from plumbline.store.declarations.tests.made import COUNTED, KEY, counted, ledger
from plumbline.store.models import Declaration, Entry, Figure
from plumbline.store.tests import made
from plumbline.web.tests import world
from plumbline.web.tests.test_ledgers import rows

pytestmark = pytest.mark.django_db
SENTENCE = f"ledgers.d{made.DISTRICT}_s1"
TEXT = f"关停堆场{{{COUNTED}}}。"
TYPED = {"label": "关停堆场", "section": "城市治理", "text": TEXT, "period": "2025H1"}


@pytest.fixture
def client():
    """The planner of a district whose ledger has rows and an indicator."""
    planner = made.user()
    ledger(planner)
    counted(planner)
    rows(planner, ("1", "堆场", "2025-02-01", "3.5"), ("2", "堆场", "2025-03-01", "1.0"), ("3", "库房", "2025-03-01", "2.0"))
    return world.browser(planner)


def test_a_sentence_is_read_as_it_would_be_printed_and_nothing_is_kept(client):
    before = Entry.objects.count()
    page = client.post(reverse("check-sentence", args=[KEY]), TYPED).content.decode()
    assert "关停堆场2个。" in page
    assert (Figure.objects.count(), Declaration.objects.filter(kind="sentence").count(), Entry.objects.count()) == (0, 0, before)


def test_a_sentence_is_kept_and_offered_to_reports(client):
    assert client.post(reverse("add-sentence", args=[KEY]), TYPED).status_code == 302
    made_of = declarations.catalog().sentences[SENTENCE]
    assert (made_of.label, made_of.section, made_of.text) == ("关停堆场", "城市治理", "关停堆场{n1:level}。")
    assert str(made_of.figures["n1"]) == COUNTED
    page = client.get(reverse("ledger", args=[KEY])).content.decode()
    assert "关停堆场〔关停堆场数〕。" in page
    assert TEXT.replace("}", ":level}") in client.get(reverse("ledger-sentence", args=[KEY, SENTENCE])).content.decode()


def test_a_changed_sentence_is_a_new_version_and_can_be_retired(client):
    client.post(reverse("add-sentence", args=[KEY]), TYPED)
    address = reverse("ledger-sentence", args=[KEY, SENTENCE])
    changed = TYPED | {"text": f"已{TEXT}", "version": "1"}
    assert client.post(address, changed).status_code == 400
    assert client.post(address, changed | {"why": "改说法"}).status_code == 302
    assert declarations.catalog().sentences[SENTENCE].text == "已关停堆场{n1:level}。"
    told = {"version": "2", "why": "不用了", "state": "retired"}
    assert client.post(reverse("retire-indicator", args=[KEY, SENTENCE]), told).status_code == 302
    assert declarations.retired() == {SENTENCE}


@pytest.mark.parametrize(("text", "words"), [
    ("没有数。", "还没有数"), ("{absent}", "不是指标"), ("{ledgers.absent}", "没有指标"), ("关停{", "花括号"),
])
def test_what_cannot_be_said_is_refused_in_words(client, text, words):
    before = made.everything()
    piece = client.post(reverse("check-sentence", args=[KEY]), TYPED | {"text": text}).content.decode()
    answer = client.post(reverse("add-sentence", args=[KEY]), TYPED | {"text": text})
    assert words in piece
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert made.everything() == before


def test_another_districts_number_is_not_read_through_a_sentence(client):
    before = made.everything()
    text = "{programmes.firms_done|area:110112}"
    assert client.post(reverse("check-sentence", args=[KEY]), TYPED | {"text": text}).status_code == 403
    assert client.post(reverse("add-sentence", args=[KEY]), TYPED | {"text": text}).status_code == 403
    assert made.everything() == before


def test_only_planners_of_the_area_write_one(client):
    before = Declaration.objects.count()
    leader = world.browser(made.user("leader", "leader"))
    assert leader.post(reverse("add-sentence", args=[KEY]), TYPED).status_code == 403
    assert world.browser(made.user("n", area=made.NEIGHBOUR)).get(reverse("add-sentence", args=[KEY])).status_code == 404
    assert Declaration.objects.count() == before
