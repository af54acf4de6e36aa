"""Intake of orders, each journalled: how many a second for a minute, as they come, and how long one waits.

    bench/orders.py [SECONDS [RATE [sqlite|postgresql]]]     60 seconds at 200 a second, on both, unless said otherwise

Orders come at their own pace, whether the one before is done or not (an open loop): one that has to wait for its turn counts
its waiting. `store` opens them through `orders.open_`, from several processes; `api` posts them to a served site with the
keys of so many people, as programs do. Sustained is what was done by the end of the time, not what was done in the end.
The journal is verified afterwards, and its entries are counted.

Beside it, in the same run, what the database does by itself: one row and one journal entry an order, as plain SQL.
"""

import contextlib
import http.client
import importlib
import itertools
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

import house

SECONDS, RATE = 60, 200
WORKERS, BULK = 4, 5_000
ROLES = ("operator", "dispatcher", "planner")
TOLD = {"title": "路灯不亮", "text": "虚构：小区东门外的三盏路灯入夜后不亮，已有一周。", "urgency": "ordinary",
        "topic": "城市管理/道路/路灯", "address": "虚构路1号"}
ASKER = {"name": "虚构", "phone": "010-55550100"}
KIND = "hotline.request"
PLAIN = ("INSERT INTO bench_plain (number, area, title, text, at) VALUES (%s, %s, %s, %s, now())",
         "UPDATE bench_head SET seq = seq + 1 RETURNING seq", "INSERT INTO bench_entry (seq, told, digest) VALUES (%s, %s, %s)")


def main() -> int:
    """Print a table for each database; 1 where the store does not take in as many on PostgreSQL as it should."""
    return house.both(__file__, measure, *sys.argv[3:4])


def measure() -> int:
    """Take in, by the store and by the API; move in bulk."""
    seconds, rate = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS, int(sys.argv[2]) if len(sys.argv) > 2 else RATE
    tables, vendor = house.opened(), os.environ[house.INSIDE]
    house.people(tables)
    table = house.printed(f"orders taken in, {rate} a second for {seconds} s, {vendor}, {house.load()}", "way", "wanted/s",
                          "sustained/s", "p50 ms", "p99 ms", "late ms, most", "processor ms", "")
    ways = [("store", Storing), ("api", Posting)] + ([("peer: plain SQL", Plainly)] if vendor == "postgresql" else [])
    reached = {}
    for name, way in ways:
        reached[name] = arrive(table, f"{name}, {WORKERS} processes", way, seconds, rate, tables)
    bulk(table, tables)
    table.add_row("journal", *[""] * 6, importlib.import_module("plumbline.store.journal").verify().why)
    house.show(table)
    return int(vendor == "postgresql" and reached["store"] < rate * 0.99)


def arrive(table, name: str, way, seconds: int, rate: int, tables) -> float:
    """Let orders come for so long; how many were done a second."""
    before = tables.Entry.objects.count()
    importlib.import_module("django.db").connections.close_all()
    ready, queue = multiprocessing.Barrier(WORKERS + 1, timeout=60), multiprocessing.Queue()
    with way.around(tables) as told:
        some = [multiprocessing.Process(target=worker, args=(way, told, number, ready, queue, (seconds, rate)))
                for number in range(WORKERS)]
        for one in some:
            one.start()
        ready.wait()
        spent, found = house.timed(lambda: [queue.get(timeout=3 * seconds + 60) for _ in some])
        for one in some:
            one.join()
        served = way.seconds(told)
    taken = sorted(itertools.chain.from_iterable(waits for waits, _, _ in found))
    intime = sum(done for _, done, _ in found)
    used = spent.server + served + sum(own for _, _, own in found)
    made = tables.Entry.objects.count() - before
    said = f"{len(taken):,} of {seconds * rate:,}, {made:,} in the journal, {house.load()}"
    half, most = (f"{house.part(taken, share) * 1000:.0f}" for share in (0.5, 0.99))
    table.add_row(name, str(rate), f"{intime / seconds:.0f}", half, most, f"{taken[-1] * 1000:.0f}",
                  f"{used / max(len(taken), 1) * 1000:.1f}", said)
    return intime / seconds


def worker(way, told, number: int, ready, queue, pace: tuple[int, int]) -> None:
    """One of several who take in: every `WORKERS`th order is his, each at its own time."""
    seconds, rate = pace
    take = way(told, number)
    take(-1 - number)
    ready.wait()
    begin, own, waits, intime = time.perf_counter(), time.process_time(), [], 0
    for turn in range(number, seconds * rate, WORKERS):
        due = begin + turn / rate
        if (early := due - time.perf_counter()) > 0:
            time.sleep(early)
        if time.perf_counter() > begin + 2 * seconds:
            break
        take(turn)
        done = time.perf_counter()
        waits.append(done - due)
        intime += done <= begin + seconds + 0.1
    queue.put((waits, intime, time.process_time() - own))


@dataclass(frozen=True, slots=True)
class Site:
    """A served site: its port, its process, what that had used when it was ready; secrets of keys, and whose area."""

    port: int
    pid: int
    used: float
    keys: list[tuple[str, str]]


class Storing:
    """Orders opened through the store, as an operator's form does."""

    def __init__(self, told: Any, number: int):
        self.orders = importlib.import_module("plumbline.store.orders")
        users = importlib.import_module("plumbline.store.models").User.objects
        self.users = [users.get(username=f"operator{area}") for area in house.AREAS]

    def __call__(self, turn: int) -> None:
        """Open one."""
        user = self.users[turn % len(self.users)]
        self.orders.open_(user, KIND, TOLD | {"title": f"路灯不亮 {turn}"}, asker=ASKER, key=f"bench {turn}")

    @staticmethod
    @contextlib.contextmanager
    def around(tables: Any):
        """Nothing is needed."""
        yield None

    @staticmethod
    def seconds(told: Any) -> float:
        """Nothing else uses the processor."""
        return 0.0


class Posting:
    """Orders posted to the API of a served site, each worker on a connection of its own."""

    def __init__(self, told: Site, number: int):
        self.keys = told.keys
        self.line = http.client.HTTPConnection("127.0.0.1", told.port, timeout=60)

    def __call__(self, turn: int) -> None:
        """Post one; 200 is the only good answer."""
        secret, area = self.keys[turn % len(self.keys)]
        body = json.dumps({"kind": KIND, "area": area, "asker": ASKER, **TOLD, "title": f"路灯不亮 {turn}"})
        self.line.request("POST", "/api/v1/orders", body, {
            "Authorization": f"Bearer {secret}", "Content-Type": "application/json", "Idempotency-Key": f"bench{turn}"})
        answer = self.line.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{answer.status}: {text.decode()[:300]}")

    @staticmethod
    @contextlib.contextmanager
    def around(tables: Any):
        """Serve the site, and make the keys."""
        people = importlib.import_module("plumbline.store.people")
        users = [tables.User.objects.get(username=f"{role}{area}") for role in ROLES for area in house.AREAS]
        keys = [(people.create_key(user, "测速", True)[1], user.area) for user in users]
        importlib.import_module("django.db").connections.close_all()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        site = subprocess.Popen([sys.executable, "-m", "plumbline.site.commands", "serve", "--port", str(port)])
        try:
            answered(port)
            yield Site(port, site.pid, house.seconds_of(site.pid), keys)
        finally:
            site.terminate()
            site.wait(timeout=60)

    @staticmethod
    def seconds(told: Site) -> float:
        """What the served site used, with all its processes."""
        return house.seconds_of(told.pid) - told.used


def answered(port: int) -> None:
    """Wait till the site answers."""
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("the site does not answer")


class Plainly(Storing):
    """The same row and a chained entry, as plain SQL: what the database takes in by itself."""

    def __init__(self, told: Any, number: int):
        self.connection = importlib.import_module("django.db").connection

    def __call__(self, turn: int) -> None:
        """Write one; the head is locked till the commit."""
        atomic = importlib.import_module("django.db").transaction.atomic
        with atomic(), self.connection.cursor() as cursor:
            cursor.execute(PLAIN[0], [f"{turn}", "110101", TOLD["title"], TOLD["text"]])
            cursor.execute(PLAIN[1])
            [seq] = cursor.fetchone()
            cursor.execute(PLAIN[2], [seq, json.dumps(TOLD), "0" * 64])

    @staticmethod
    @contextlib.contextmanager
    def around(tables: Any):
        """Two tables, and a head."""
        with importlib.import_module("django.db").connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_plain"
                           " (id bigserial PRIMARY KEY, number text UNIQUE, area text, title text, text text, at timestamptz)")
            cursor.execute("CREATE TABLE bench_entry (seq bigint PRIMARY KEY, told text, digest text)")
            cursor.execute("CREATE TABLE bench_head AS SELECT 0::bigint AS seq")
        importlib.import_module("django.db").connections.close_all()
        yield None


def bulk(table: Any, tables: Any) -> None:
    """Give the orders taken in to an office, thousands at once; then have them signed for."""
    orders = importlib.import_module("plumbline.store.orders")
    planner, office = tables.User.objects.get(username="planner110000"), tables.Office.objects.get(name="街道0")
    numbers = list(tables.Order.objects.filter(area=office.area, state="registered").values_list("pk", flat=True)[:BULK])
    for move, told in (("dispatch", {"office": office.pk}), ("sign", {})):
        user = planner if move == "dispatch" else tables.User.objects.get(username="street")
        spent, done = house.timed(lambda user=user, move=move, told=told: orders.move_many(user, numbers, move, told))
        table.add_row(f"move_many, {move}", "1000", f"{done.done / spent.clock:.0f}", "", "", "",
                      f"{spent.busy / max(done.done, 1) * 1000:.2f}", f"{done.done:,} moved, {len(done.refused)} refused")


if __name__ == "__main__":
    sys.exit(main())
