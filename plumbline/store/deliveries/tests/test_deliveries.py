"""Deliveries on their way: held, moved on by one function each, journalled, and left without a trace where refused."""

import os
from datetime import date

import pyarrow.parquet as pq
import pytest

from plumbline.kernel import Conflict, Coverage, Finding, NotAllowed, table_from
from plumbline.store import batches, deliveries, registers
from plumbline.store.deliveries import Delivery, Sent, holding, trial
from plumbline.store.models import Entry
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db(transaction=True)
HERE = Coverage((made.DISTRICT,), date(2025, 7, 1), date(2025, 7, 31))
BODY = {"label": "地块", "area": "area", "columns": {"area": {"type": "text", "label": "区"}}}
TABLE = table_from("trial.plots", BODY, [])
REGISTER = table_from("trial.firms", BODY | {"register": "true", "identity": ["area"]}, [])


@pytest.fixture
def planner():
    return made.user()


def handed(user, text=b"area\n990101\n", table=TABLE, **fields):
    return deliveries.hand_in(user, table, Sent(fields.pop("name", "七月.csv"), [text[:4], text[4:]]), HERE, **fields)


def names():
    """Files in the holding folder that are no locks."""
    return sorted(path.name for path in holding.folder().iterdir() if path.suffix not in ("", ".work"))


def test_a_file_is_held_under_its_hash_and_says_who_brought_it(planner):
    row = handed(planner)
    assert (row.state, row.size, row.area, row.areas) == ("waiting", 12, made.DISTRICT, [made.DISTRICT])
    assert deliveries.path_of(row).read_bytes() == b"area\n990101\n"
    assert deliveries.coverage_of(row) == HERE
    assert Entry.objects.get(table="delivery").action == "delivery.hand-in"


@pytest.mark.parametrize(("role", "table", "fine"), [
    ("planner", TABLE, True), ("office", REGISTER, True), ("leader", TABLE, False), ("deputy", REGISTER, False)])
def test_who_may_hand_in(planner, role, table, fine):
    office = made.people.create_office(None, "区商务局", made.DISTRICT) if role == "office" else None
    user = made.user(f"a-{role}", role, **({"office": office} if office else {}))
    if fine:
        assert handed(user, table=table).state == "waiting"
        return
    with made.refused(NotAllowed):
        handed(user, table=table)


def test_nobody_hands_in_for_another_district(planner):
    with made.refused(NotAllowed):
        deliveries.hand_in(planner, TABLE, Sent("x.csv", [b"area\n"]), Coverage((made.NEIGHBOUR,)))
    assert not holding.folder().exists() or names() == []


def test_each_step_follows_the_one_before_and_no_other(planner):
    row = handed(planner)
    with pytest.raises(Conflict):
        deliveries.accept(planner, row.pk)
    assert deliveries.begin(row.pk).state == "checking"
    assert deliveries.unfinished() == [row.pk]
    assert deliveries.checked(row.pk, {"rows": 1}, [], good=True).state == "ready"
    assert deliveries.unfinished() == []
    assert deliveries.begin(row.pk) is None
    assert deliveries.accept(planner, row.pk).state == "accepted"
    assert deliveries.begin(row.pk).state == "receiving"
    assert deliveries.received(row.pk, None).state == "received"
    assert names() == []
    told = list(Entry.objects.filter(table="delivery").order_by("seq").values_list("action", flat=True))
    assert told == [f"delivery.{deed}" for deed in ("hand-in", "start", "check", "accept", "start", "receive")]


def test_what_was_stopped_stays_stopped(planner):
    row = handed(planner)
    deliveries.begin(row.pk)
    assert deliveries.stop(planner, row.pk).state == "stopped"
    with pytest.raises(Conflict):
        deliveries.checked(row.pk, {}, [], good=True)
    assert deliveries.fail(row.pk, [Finding("x", "x", "x")]).state == "stopped"
    with pytest.raises(Conflict):
        deliveries.stop(planner, row.pk)
    assert (Delivery.objects.get().state, names()) == ("stopped", [])


def test_a_neighbour_neither_accepts_nor_stops(planner):
    row, neighbour = handed(planner), made.user("neighbour", area=made.NEIGHBOUR)
    deliveries.begin(row.pk)
    deliveries.checked(row.pk, {}, [], good=True)
    for act in (deliveries.accept, deliveries.stop):
        with made.refused(NotAllowed):
            act(neighbour, row.pk)
    assert not Delivery.objects.visible_to(neighbour).exists()


def test_tidying_leaves_what_waits(planner):
    row = handed(planner)
    (holding.folder() / ("0" * 64 + ".csv")).write_bytes(b"left by a process that was killed")
    (holding.folder() / ".half.part").write_bytes(b"half")
    assert deliveries.tidy() == 2
    assert names() == [deliveries.path_of(row).name]


def test_one_at_a_time_works_on_a_delivery(planner):
    row = handed(planner)
    with deliveries.alone(row.pk) as first:
        pid = os.fork()
        if pid == 0:
            with deliveries.alone(row.pk) as second:
                os._exit(1 if second else 0)
        assert (first, os.waitpid(pid, 0)[1]) == (True, 0)
    with deliveries.alone(row.pk) as later:
        assert later is True


def test_progress_is_told_beside_the_database(planner):
    row = handed(planner)
    assert deliveries.reached(row.pk) == (0, 0)
    deliveries.progress(row.pk, 65_536, 130_000)
    assert deliveries.reached(row.pk) == (65_536, 130_000)


@pytest.mark.parametrize(("name", "kept"), [
    ("C:\\下载\\七月.xlsx", "七月.xlsx"), ("../../etc/passwd", "passwd"), ("\x00", "未命名")])
def test_only_the_files_own_name_is_kept(planner, name, kept):
    row = handed(planner, name=name)
    assert (row.name, deliveries.path_of(row).parent) == (kept, holding.folder())


def test_what_waits_too_long_for_a_yes_is_given_up(planner):
    old, new = handed(planner), handed(planner, b"area\n990101\n\n")
    for row in (old, new):
        deliveries.begin(row.pk)
        deliveries.checked(row.pk, {}, [], good=True)
    assert deliveries.expire(new.handed_at) == 1
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["stopped", "ready"]
    assert names() == [deliveries.path_of(new).name]


def test_what_would_be_is_tried_and_nothing_of_it_kept(planner):
    body = {"label": "名录", "area": "area", "register": "true", "identity": ["code"], "dated": "on", "columns": {
        "code": {"type": "text", "label": "代码"}, "area": {"type": "text", "label": "区"},
        "on": {"type": "date", "label": "日"}, "staff": {"type": "integer", "label": "人", "required": "false"}}}
    table = table_from("trial.firms", body, [])
    item = registers.save(planner, table, None, {"code": "甲", "area": made.DISTRICT, "on": "2024-05-06", "staff": "5"})
    batches.inputs(table)
    row = handed(planner, "代码,区,日\n甲,990101,2024-05-07\n乙,990101,2025-01-02\n".encode(), table)
    before = made.everything()
    with trial.taken_in(table, deliveries.path_of(row)) as held:
        told = sorted(pq.read_table(held.then.files[0].path).to_pylist(), key=lambda one: one["code"])
        assert [(one["code"], one["on"].isoformat(), one["staff"], one["row_"]) for one in told] == [
            ("乙", "2025-01-02", None, -1), ("甲", "2024-05-07", 5, item.pk)]
        assert held.coverage == Coverage((made.DISTRICT,), date(2024, 1, 1), date(2025, 12, 31))
    with trial.edited(table, [item.pk], {"staff": None}) as held:
        assert [one["staff"] for one in pq.read_table(held.then.files[0].path).to_pylist()] == [None]
    assert made.everything() == before
    assert not held.then.files[0].path.exists()
