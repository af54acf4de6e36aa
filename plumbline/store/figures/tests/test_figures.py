"""Figures are published append-only, found as of any day, and lead to the documents that print them."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from plumbline.kernel import BadInput, Cite, Conflict, Figure, NotAllowed
from plumbline.kernel.figure import NOT_RECEIVED
from plumbline.store import figures, models
from plumbline.store.journal import Entry, verify
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db
MOVED = Figure("programmes.moved", made.DISTRICT, "2025H1", "家", Decimal(68), counted=68, top=Decimal(68), inputs=("a",))


def moved(value, **changes):
    parts = {"indicator": MOVED.indicator, "area": MOVED.area, "period": MOVED.period, "unit": "家",
             "value": None if value is None else Decimal(value), "counted": value or 0, "inputs": ("a",)}
    return Figure(**(parts | changes))


def test_a_new_value_replaces_with_a_reason_and_both_stay():
    figures.publish(None, [MOVED])
    figures.publish(None, [moved(67, inputs=("b",))], "一家重复登记")
    now = figures.current("programmes.moved", made.DISTRICT, "2025H1")
    assert (now.value, now.reason, now.replaces.value, now.replaces.state) == ("67", "一家重复登记", "68", "replaced")
    assert [row.value for row in figures.lineage(now)] == ["67", "68"]
    last = Entry.objects.first()
    assert (last.action, last.before["value"], last.after["value"]) == ("figure.replace", "68", "67")
    assert verify().broken is None


def test_as_of_a_moment_is_what_stood_then():
    first = figures.publish(None, [MOVED])
    figures.publish(None, [moved(67)])
    name = ("programmes.moved", made.DISTRICT, "2025H1")
    assert figures.current(*name, as_of=first.at).value == "68"
    assert figures.current(*name, as_of=first.at - datetime.timedelta(microseconds=1)) is None
    assert figures.current(*name).value == "67"


def test_what_says_the_same_from_the_same_is_published_once():
    first = figures.publish(None, [MOVED], marks={"programmes.moved": "m"})
    before = made.everything()
    assert figures.publish(None, [MOVED], marks={"programmes.moved": "m"}) == first
    assert made.everything() == before


def test_the_same_value_from_other_records_is_another_figure_and_no_changed_number():
    figures.publish(None, [MOVED])
    entries = Entry.objects.count()
    figures.publish(None, [moved(68, inputs=("a", "b"))])
    now = figures.current("programmes.moved", made.DISTRICT, "2025H1")
    assert (now.reason, now.replaces.value) == ("记录有更新，数值未变", "68")
    assert Entry.objects.count() == entries + 1


def test_counts_of_what_changes_all_the_time_stand_while_they_say_the_same():
    how, other, first, second = "h" * figures.HALF, "H" * figures.HALF, "1" * figures.HALF, "2" * figures.HALF
    lively = {MOVED.indicator}
    run = figures.publish(None, [MOVED], marks={MOVED.indicator: how + first}, lively=lively)
    entries = Entry.objects.count()
    again = moved(68, inputs=("b",), top=Decimal(68))
    assert figures.publish(None, [again], marks={MOVED.indicator: how + second}, lively=lively) == run
    now = figures.current(MOVED.indicator, made.DISTRICT, "2025H1")
    assert (now.mark, now.inputs, now.replaces, Entry.objects.count()) == (how + second, ["a"], None, entries)
    figures.publish(None, [again], marks={MOVED.indicator: other + second}, lively=lively)
    figures.publish(None, [moved(68, counted=69, top=Decimal(68))], marks={MOVED.indicator: other + first}, lively=lively)
    assert [(row.counted, row.mark) for row in figures.lineage(figures.current(MOVED.indicator, made.DISTRICT, "2025H1"))] == [
        (69, other + first), (68, other + second), (68, how + second)]


def test_missing_is_not_zero():
    figures.publish(None, [moved(None, missing=NOT_RECEIVED), moved(0, period="2025Q1")])
    assert figures.current("programmes.moved", made.DISTRICT, "2025H1").value == ""
    assert figures.current("programmes.moved", made.DISTRICT, "2025Q1").value == "0"
    told = figures.counted(figures.current("programmes.moved", made.DISTRICT, "2025H1"))
    assert (told.value, told.missing) == (None, NOT_RECEIVED)


def test_a_figure_comes_back_as_it_was_counted():
    share = Figure("tasks.done", made.DISTRICT, "@2025-06-30", "%", Decimal(1) / 3, counted=3, unknown=1,
                   top=Decimal(1), bottom=Decimal(3), cell=(("street", "s=1"), ("kind", "市场")), inputs=("x", "y"), version=4)
    figures.publish(None, [share])
    row = figures.current("tasks.done", made.DISTRICT, "@2025-06-30", share.cell)
    assert figures.counted(row) == share
    assert (row.first_on, row.last_on) == (datetime.date(2025, 6, 30),) * 2


def test_a_publication_between_two_is_told_and_keeps_nothing(monkeypatch):
    figures.publish(None, [MOVED])
    standing = models.Figure.objects.select_related("run").get()
    figures.publish(None, [moved(67)])
    monkeypatch.setattr("plumbline.store.figures.publishing._standing",
                        lambda counted: {("programmes.moved", made.DISTRICT, "2025H1", ""): standing})
    with made.refused(Conflict):
        figures.publish(None, [moved(66)])


def test_people_publish_only_in_their_area_and_only_planners():
    for who in (made.user("leader", "leader"), made.user("stranger", area=made.NEIGHBOUR)):
        with made.refused(NotAllowed):
            figures.publish(who, [MOVED])
    assert figures.publish(made.user(), [MOVED]).by.username == "planner"


def test_hundreds_of_figures_take_a_query_for_each_full_insert_and_no_more():
    def queries(count, year):
        many = [moved(n, period=f"{year}-{1 + n % 12:02}", cell=(("street", str(n)),)) for n in range(count)]
        with CaptureQueriesContext(connection) as taken:
            figures.publish(None, many)
        return len(taken)
    assert queries(450, 2025) - queries(100, 2024) <= 12


@pytest.fixture
def printed():
    """A published document whose 68家 stands for a figure."""
    planner = made.user()
    document = made.document(planner, published=True)
    figures.publish(None, [MOVED])
    row = figures.current("programmes.moved", made.DISTRICT, "2025H1")
    start = made.TEXT.index("68家")
    told = Cite(0, 3, "programmes.moved", "programmes.moved", "退出一般制造业企业", made.DISTRICT, "2025H1", Decimal(68), "家",
                figures=(row.pk,))
    with transaction.atomic():
        figures.cite(document, [figures.Place(told, start, start + 3, "退出一般制造业企业68家。", 1)])
    return document


def test_a_record_leads_to_figures_and_to_the_sentences_of_sent_documents(printed):
    day = datetime.date(2025, 3, 1)
    found = figures.resting([figures.Counts("programmes.moved", (made.DISTRICT, made.CITY), day)], "a")
    assert [row.value for row in found.figures] == ["68"]
    assert [(cite.document_id, cite.surface, cite.sentence) for cite in found.cites] == [
        (printed.pk, "68家", "退出一般制造业企业68家。")]
    assert figures.resting([figures.Counts("programmes.moved", (made.DISTRICT,), datetime.date(2025, 7, 1))]).figures == ()
    assert figures.resting([figures.Counts("programmes.moved", (made.DISTRICT,), day)], "another file").figures == ()


def test_a_stock_rests_on_a_record_until_the_next_one_of_the_same_thing():
    figures.publish(None, [moved(n, indicator="firms", period=period) for n, period in enumerate(
        ("@2025-02-28", "@2025-03-31", "@2025-06-30", "@2025-07-31"))])
    day, later = datetime.date(2025, 3, 9), datetime.date(2025, 7, 1)
    found = figures.resting([figures.Counts("firms", (made.DISTRICT,), day, later, True)]).figures
    assert [row.period for row in found] == ["@2025-06-30", "@2025-03-31"]
    assert figures.resting([figures.Counts("firms", (made.DISTRICT,), day, later)]).figures == ()


def test_a_sent_document_says_what_has_changed_since(printed):
    assert figures.changed_since(printed.pk) == []
    figures.publish(None, [moved(68, inputs=("a", "b"))])
    assert figures.changed_since(printed.pk) == []
    figures.publish(None, [moved(66)], "两家未退出")
    [changed] = figures.changed_since(printed.pk)
    assert (changed.cite.surface, changed.before.value, changed.after.value, changed.after.reason) == (
        "68家", "68", "66", "两家未退出")
    found = figures.resting([figures.Counts("programmes.moved", (made.DISTRICT,))])
    assert [cite.surface for cite in found.cites] == ["68家"]


def test_a_deputy_sees_the_figures_that_a_published_report_of_his_area_prints(printed):
    figures.publish(None, [moved(5, period="2024H1"), moved(7, area=made.NEIGHBOUR)])
    def seen(user):
        return sorted(models.Figure.objects.visible_to(user).values_list("area", "period"))
    assert seen(made.user("deputy", "deputy")) == [(made.DISTRICT, "2025H1")]
    assert seen(made.user("leader", "leader")) == [(made.DISTRICT, "2024H1"), (made.DISTRICT, "2025H1")]
    assert seen(made.user("neighbour", area=made.NEIGHBOUR)) == [(made.NEIGHBOUR, "2025H1"), (made.DISTRICT, "2025H1")]


def test_a_question_is_asked_answered_and_settled_in_its_thread(printed):
    cite = printed.cites.get()
    deputy, planner = made.user("deputy", "deputy"), models.User.objects.get(username="planner")
    asked = figures.question(deputy, cite.pk, "  其中有几家\n已迁出？ ")
    assert (asked.text, asked.state) == ("其中有几家\n已迁出？", "open")
    figures.answer(planner, asked.pk, "68家均已停产。", 0)
    with made.refused(Conflict):
        figures.answer(planner, asked.pk, "再答一次", 0)
    with made.refused(NotAllowed):
        figures.close(planner, asked.pk, 1)
    asked.refresh_from_db()
    assert (asked.state, figures.close(deputy, asked.pk, 1).state) == ("answered", "closed")
    assert [entry.action for entry in Entry.objects.filter(table="question").order_by("seq")] == [
        "question.ask", "question.answer", "question.close"]


def test_a_question_needs_words_and_a_document_one_sees(printed):
    cite = printed.cites.get()
    deputy, leader = made.user("deputy", "deputy"), made.user("leader", "leader")
    strangers = made.user("far", "deputy", area=made.NEIGHBOUR), made.user("away", "leader", area=made.NEIGHBOUR)
    neighbour = made.user("neighbour", area=made.NEIGHBOUR)
    with made.refused(BadInput):
        figures.question(deputy, cite.pk, " \n ")
    for who in strangers:
        with made.refused(NotAllowed):
            figures.question(who, cite.pk, "为什么？")
    asked = figures.question(leader, cite.pk, "为什么？")
    with made.refused(NotAllowed):
        figures.answer(neighbour, asked.pk, "不知", 0)
