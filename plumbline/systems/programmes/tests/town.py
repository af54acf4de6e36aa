"""A district with a plan, a bureau and three streets, for the tests of tasks."""

from datetime import datetime
from types import SimpleNamespace

from plumbline.kernel import ZONE
from plumbline.store import plans
from plumbline.store.models import Office
from plumbline.store.tests import made
from plumbline.systems.programmes import tasks

STREETS = ("甲街道", "乙街道", "丙街道")
JULY, JULY_LATE = datetime(2025, 7, 1, 9, tzinfo=ZONE), datetime(2025, 7, 31, 9, tzinfo=ZONE)
START = datetime(2025, 6, 2, 9, tzinfo=ZONE)


def town():
    """A planner, another one, a leader, a bureau, three streets, and a target of 90 firms and one of 13,000 stations."""
    bureau = Office.objects.create(name="区经信局", area=made.DISTRICT)
    streets = [Office.objects.create(name=name, area=made.DISTRICT, kind="street", place=f"{made.DISTRICT}00{number}")
               for number, name in enumerate(STREETS, 1)]
    planner = made.user("planner")
    document = made.document(planner)
    claims = {claim.number: claim for claim in document.claims.all()}
    firms, stations = plans.commit(planner, [claims[4].pk, claims[6].pk], "会议纪要", office=bureau)
    [commitment] = document.commitments.all()
    plans.confirm_commitments(planner, [commitment.pk], "会议纪要", office=bureau)
    return SimpleNamespace(
        planner=planner, second=made.user("second"), leader=made.user("leader", "leader"), bureau=bureau, streets=streets,
        boss=made.user("boss", "office", office=bureau), firms=firms, stations=stations, commitment=commitment,
        people=[made.user(f"street{number}", "office", office=one) for number, one in enumerate(streets, 1)],
        neighbour=made.user("neighbour", area=made.NEIGHBOUR), deputy=made.user("deputy", "deputy"))


def given(world, target=None, now=START):
    """A task of a target, at the bureau."""
    made_of = tasks.promise(world.planner, "target", (target or world.stations).pk)
    return tasks.give(world.planner, made_of, world.bureau.pk, None, now=now)
