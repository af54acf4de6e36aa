"""The demo's tasks of the plan: every light and state is there, a meeting held and one called, and twice walked is once."""

from collections import Counter
from datetime import datetime

import pytest
from django.conf import settings

from plumbline.kernel import ZONE
from plumbline.site import jobs
from plumbline.site.commands import demo, demo_orders, demo_plan, demo_tasks
from plumbline.store import documents
from plumbline.store.models import Entry, Office, Order, User
from plumbline.systems.programmes import behind, meetings
from plumbline.systems.programmes import demo as programmes
from plumbline.systems.programmes.lights import rules_on
from plumbline.systems.programmes.standing import flat, needing, standings, wholes

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 22, 15, tzinfo=ZONE)


def planned() -> User:
    """The planner of the example's district, its plan confirmed, its offices and streets made."""
    demo_orders.offices()
    planner = demo.accounts()[demo.EXAMPLE_AREA]
    documents.receive(planner, demo.EXAMPLE.name, demo.EXAMPLE.read_bytes(), published=True, example=True)
    for document in documents.unfinished():
        jobs.kept(document)
    demo_plan.confirm(planner, "演示数据")
    return planner


@pytest.mark.slow
def test_tasks_are_walked_into_every_light_and_state(monkeypatch):
    monkeypatch.setattr(demo_tasks.timezone, "now", lambda: NOW)
    planner = planned()
    many = demo_tasks.walk(planner, demo.PASSWORD)
    entries = Entry.objects.count()
    assert (many, demo_tasks.walk(planner, demo.PASSWORD), Entry.objects.count()) == (Order.objects.count(), 0, entries)
    rows = standings(wholes(planner), NOW, rules_on(settings.CATALOG.parameters, NOW.date()))
    assert {one.light.key for one in rows} == {"red", "yellow", "grey", "green", "closed"}
    assert {one.state_key for one in flat(rows)} == {"working", "pressed", "proposed", "closed"}
    assert Order.objects.filter(kind="programmes.task", state="cancelled").count() == 1
    for whole in (one for one in rows if one.parts):
        value = Order.objects.get(pk=whole.key).fields["value"]
        assert sum(float(Order.objects.get(pk=part.key).fields["value"]) for part in whole.parts) == float(value)
    told, coming = Order.objects.filter(kind=meetings.MEETING).order_by("pk")
    assert (told.state, coming.state, len(meetings.kept(told)) > 2) == ("held", "planned", True)
    assert Counter(one.state for one in meetings.earlier(planner, coming)) == {"working": 2, "closed": 1}
    assert len(needing(rows)) > 4
    ranks = {one.office.name: one for one in behind.ranking_of(planner, "2026-10", settings.CATALOG, NOW)}
    assert ranks[programmes.rehearsal.QUICK].rank == 1
    assert len({one.total for one in ranks.values()}) > 4


def test_streets_of_the_example_are_offices_with_their_code():
    demo_orders.offices()
    found = Office.objects.filter(area=demo.EXAMPLE_AREA, kind="street")
    assert [one.place for one in found.order_by("place")] == [f"990101{at:03}" for at in range(1, 7)]
