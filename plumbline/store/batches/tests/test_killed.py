"""kill -9 at random moments of receiving and cutting: nothing half-written, nothing lost, and the journal holds."""

import os
import random
import signal
import threading
import time

import pyarrow.parquet as pq
import pytest
from django.db import connections

from plumbline.store import batches, registers
from plumbline.store.batches import Batch
from plumbline.store.journal import Entry, verify
from plumbline.store.records import files
from plumbline.store.records.tests.made import FIRMS, HALF_YEAR, csv, line
from plumbline.store.registers import Item
from plumbline.store.registers.tests.made import PROJECTS, item
from plumbline.store.tests import made

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
KILLS = 25
ROUNDS = 5


def killed(work, after):
    """Do some work in a process of its own, over and over, and kill it so many seconds after it began."""
    connections.close_all()
    started, begun = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(begun, b"1")
            while True:
                work()
        finally:
            os._exit(1)
    os.read(started, 1)
    threading.Event().wait(after)
    os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(started)
    os.close(begun)
    assert status == -signal.SIGKILL, "the work broke off by itself"


def moments(work, seed):
    """Random moments, within a few rounds of the work; the first rounds are done here, unharmed, to see how long one takes."""
    begin = time.perf_counter()
    for _ in range(ROUNDS):
        work()
    long = time.perf_counter() - begin
    dice = random.Random(seed)
    return [dice.uniform(0, long) for _ in range(KILLS)]


def whole():
    """Every batch and cut has its file, every file its batch or cut, and the journal holds."""
    batches.tidy()
    there = {path.stem for path in files.folder().glob("*") if path.name != ".lock"}
    needed = {name for pair in Batch.objects.values_list("sha256", "personal") for name in pair}
    needed |= registers.cutting.hashes()
    assert there == needed
    assert verify().broken is None


def test_a_delivery_killed_at_any_moment_is_there_whole_or_not_at_all():
    planner = made.user()
    number = iter(range(10**6))

    def correct():
        last = Batch.objects.filter(state="current").first()
        lines = (line(f"F{n}", amount=f"{next(number)}.{os.getpid() % 100:02}", phone="138") for n in range(300))
        batches.receive(planner, FIRMS, "a.csv", csv(*lines), HALF_YEAR, replaces=last, why="更正" if last else "")

    seen = set()
    for after in moments(correct, 7):
        killed(correct, after)
        whole()
        standing = Batch.objects.filter(state="current").get()
        held = batches.inputs(FIRMS)
        assert (held.hashes, pq.read_table(held.files[0].path).num_rows) == ((standing.sha256,), 300)
        assert pq.read_table(standing.personal_path).num_rows == 300
        assert Entry.objects.filter(action="batch.receive").count() == Batch.objects.count()
        assert Batch.objects.filter(state="replaced").count() == Entry.objects.filter(action="batch.replace").count()
        seen.add(Batch.objects.count())
    assert len(seen) > 5


def test_a_cut_killed_at_any_moment_leaves_the_register_as_it_is():
    planner = made.user()
    first = item(planner)
    count = iter(range(10**6))

    def change():
        entry = Item.objects.get(pk=first.pk)
        registers.save(planner, PROJECTS, first.pk, {"posts": str(next(count)), "cost": str(os.getpid())}, "核对", entry.version)
        registers.cut(PROJECTS)

    seen = set()
    for after in moments(change, 8):
        killed(change, after)
        held = batches.inputs(PROJECTS)
        whole()
        entry = Item.objects.get(pk=first.pk)
        [row] = [row for file in held.files for row in pq.read_table(file.path).to_pylist()]
        assert (row["posts"], row["row_"]) == (entry.values["posts"], entry.pk)
        assert Entry.objects.filter(table="item").count() == entry.version + 1
        seen.add(entry.version)
    assert len(seen) > 5
