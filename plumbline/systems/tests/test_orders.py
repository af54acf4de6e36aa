"""Every kind of order of every installed system: each declared move can be made, no other can, by nobody, through no door."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client

import plumbline
from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store import orders, people
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Order
from plumbline.store.tests import made
from plumbline.systems.tests.walked import (
    BEGIN,
    CATALOG,
    CHINESE,
    EVERY_KIND,
    TOLD,
    WRONG_CODE,
    Walk,
    cast,
    changed,
    known_hats,
    standing,
    undone,
    walk,
)

OVER = ("done", "void")
# a program of others: it comes with a key, and is not signed in
ANYBODY = Client()


def test_there_are_kinds_to_walk():
    assert len(EVERY_KIND) >= 8
    assert {hat for kind in CATALOG.orders.values() for move in kind.moves.values() for hat in move.by} <= known_hats()


def after_stops(clock, kind):
    """The states a clock that has started runs or pauses in, said once more: from its starts, as far as none stops it."""
    found, todo = set(), set(clock.starts)
    while todo:
        found |= todo
        todo = {move.to for move in kind.moves.values() if move.to and not move.reopens
                and set(move.sources) & todo} - set(clock.stops) - found
    return found


def clock_after(clock, kind, before, move):
    """How a clock stands after a move, by its declaration alone."""
    if before in ("running", "paused"):
        return "stopped" if move.to in clock.stops else "paused" if move.to in clock.pauses else "running"
    starts = move.to in clock.starts or (before == "stopped" and move.reopens and move.to in after_stops(clock, kind))
    return ("paused" if move.to in clock.pauses else "running") if starts else before


class Checked(Walk):
    """A walk that looks at what every move left behind, and at every way clocks can stand."""

    def config(self, order):
        return *super().config(order), *sorted((key, row["on"]) for key, row in order.clocks.items())

    def moved(self, order, move, who, code=""):
        entries, story = Entry.objects.count(), order.moves.count()
        clocks = {key: order.clocks.get(key, {}).get("on", "") for key in self.kind.clocks}
        state, version = order.state, order.version
        told = self.told(order, move)
        found = super().moved(Order.objects.get(pk=order.pk), move, who, code)
        row = found.moves.order_by("n").last()
        assert (found.state, found.version) == (move.to or state, version + 1)
        assert (row.n, row.move, row.source, row.to, row.by) == (story + 1, move.key, state, found.state, who)
        assert [one.action for one in Entry.objects.order_by("seq")[entries:]] == [f"order.{move.key}"]
        assert (found.closed_at is not None) == (self.kind.states[found.state].kind in OVER)
        assert {key: found.clocks.get(key, {}).get("on", "") for key in self.kind.clocks} == {
            key: clock_after(clock, self.kind, clocks[key], move) if move.to else clocks[key]
            for key, clock in self.kind.clocks.items()}
        assert "office" not in told or found.office_id == told["office"]
        return found


def tells_why(self, order):
    """Every clock that runs says until when, and how that was reckoned, in Chinese; and the journal holds."""
    for key, row in order.clocks.items():
        due = orders.due_of(order, key, self.now, CATALOG)
        assert due.at is not None or row["on"] != "running"
        assert due.steps
        assert all(CHINESE.search(step) for step in due.steps)
    assert verify().broken is None


@pytest.mark.django_db
@pytest.mark.parametrize("key", EVERY_KIND)
def test_every_path_is_walked_by_everybody_who_may(key):
    kind = CATALOG.orders[key]
    walked = Checked(kind, cast(), tells_why).everywhere()
    assert walked.made == walked.declared()
    assert {part for config in walked.seen for part in config[2:]} == {
        (clock.key, on) for clock in kind.clocks.values() for on in ("running", "stopped", *(["paused"] if clock.pauses else ()))}


def limits(clock):
    """The urgencies a clock knows a limit for."""
    return [key.rpartition(".")[2] for key in CATALOG.parameters if key.rpartition(".")[0] == clock.of]


@pytest.mark.django_db
@pytest.mark.parametrize(("key", "clock"), [(key, clock) for key in EVERY_KIND for clock in CATALOG.orders[key].clocks])
def test_every_due_time_tells_its_limit_its_paper_and_its_day(key, clock):
    kind, met = CATALOG.orders[key], cast()
    walked = Walk(kind, met, None)
    for urgency in limits(kind.clocks[clock]):
        order = walked.opened(urgency)
        for move in path_to(kind, kind.clocks[clock].starts):
            order = walked.moved(order, move, *walked.actor(order, move, next(hat for hat in move.by if hat != "asker")))
        limit = CATALOG.parameters[f"{kind.clocks[clock].of}.{urgency}"].on(BEGIN.date())
        due = orders.due_of(order, clock, BEGIN, CATALOG)
        text = "\n".join(due.steps)
        assert due.at > BEGIN
        assert limit.source in text
        assert f"{limit.value:f}" in text
        assert f"{due.at.astimezone(BEGIN.tzinfo).month}月" in due.steps[-1]


def path_to(kind, states):
    """The shortest way from where an order begins to one of some states."""
    ways = {kind.first: []}
    for state, way in (todo := list(ways.items())):
        if state in states:
            return way
        for move in kind.moves_from(state):
            if move.to and move.to not in ways and set(move.by) != {"machine"}:
                ways[move.to] = [*way, move]
                todo.append((move.to, ways[move.to]))
    raise AssertionError(f"{kind.key}: no way to {states}")


def store_refuses(self, order):
    """In this configuration nobody makes a move he may not, nor one there is not; all of it leaves nothing behind."""
    before = standing()
    for move in self.kind.moves.values():
        told = self.told(order, move)
        for who, error in self.refused(order, move):
            with pytest.raises(error):
                orders.move(who, order.pk, move.key, told, order.version, now=self.now, catalog=CATALOG)
        for hat, code in (("asker", order.code), ("machine", ""), ("", WRONG_CODE)):
            if hat not in move.by or order.state not in move.sources:
                with pytest.raises(BadInput if hat in move.by else NotAllowed):
                    orders.move(None, order.pk, move.key, told, order.version, as_asker_code=code, now=self.now, catalog=CATALOG)
        found = orders.move_many(self.refused(order, move)[0][0], [order.pk], move.key, told, now=self.now, catalog=CATALOG)
        assert (found.done, len(found.refused)) == (0, 1)
    untold_refused(self, order)
    assert changed(before, standing()) == []


def untold_refused(self, order):
    """A move that may be made is not, where something is not told, told too much, or seen too long ago."""
    for move in self.kind.moves_from(order.state):
        if self.unheld(order, move):
            continue
        who, code = self.actor(order, move, move.by[0])
        told = self.told(order, move)
        asked = [told | {"strange": "x"}, *({key: one for key, one in told.items() if key != need} for need in move.needs),
                 *(told | {key: TOLD[key]} for key in TOLD if key not in move.asks)]
        for one in asked:
            with pytest.raises(BadInput):
                orders.move(who, order.pk, move.key, one, order.version, as_asker_code=code, now=self.now, catalog=CATALOG)
        with pytest.raises(Conflict):
            orders.move(who, order.pk, move.key, told, order.version + 1, as_asker_code=code, now=self.now, catalog=CATALOG)


@pytest.mark.django_db
@pytest.mark.parametrize("key", EVERY_KIND)
def test_no_other_move_is_made_in_the_store(key):
    walk(key, store_refuses)


class Doors:
    """The page and the write API, tried in every state: what is refused leaves nothing, what is declared is done."""

    def __init__(self, walked, post):
        self.post, self.seen, self.done = post, set(), set()
        self.keys = {one.pk: entered(one) for one in walked.people}

    def __call__(self, walked, order):
        self.seen.add(order.state)
        before = standing()
        for move in walked.kind.moves.values():
            for who, _ in walked.refused(order, move):
                status = self.post(self.keys[who.pk], order, move, walked.told(order, move), order.version)
                assert status in (400, 401, 403, 404, 409), (order.state, move.key, who, status)
        assert changed(before, standing()) == []
        for move in walked.kind.moves_from(order.state):
            if not walked.unheld(order, move):
                self.make(walked, order, move)

    def make(self, walked, order, move):
        """Make a declared move by each who may, through this door."""
        for hat in set(move.by) - {"asker", "machine"}:
            who, _ = walked.actor(order, move, hat)
            with undone():
                assert self.post(self.keys[who.pk], order, move, walked.told(order, move), order.version) in (200, 302)
                assert Order.objects.get(pk=order.pk).state == (move.to or order.state)
                assert order.moves.last().move == move.key
            self.done.add((order.state, move.key, hat))


def entered(person):
    """A browser in which a person is signed in, and the secret of a key of his; neither for who may not come in."""
    client = Client()
    if not person.is_active:
        return client, "plk_nobody"
    client.force_login(person)
    return client, people.create_key(person, "测试", True)[1]


def by_page(entry, order, move, told, version):
    """The status of the answer to the form of a move; one who is not let in is sent to sign in."""
    form = "/" if order.state in move.sources else ".json"  # most refusals as plain words, which are drawn more quickly
    answer = entry[0].post(f"/orders/{order.number}/moves/{move.key}{form}", {**told, "version": version, "next": "/"})
    return 401 if answer.status_code == 302 and answer["Location"].startswith("/sign-in/") else answer.status_code


def by_api(entry, order, move, told, version):
    """The status of the answer of the write API."""
    body = {"move": move.key, "version": version, **{key: told[key] for key in ("office", *TOLD) if key in told},
            "fields": {key: one for key, one in told.items() if key != "office" and key not in TOLD}}
    answer = ANYBODY.post(f"/api/v1/orders/{order.number}/moves", json.dumps(body), content_type="application/json",
                           headers={"Authorization": f"Bearer {entry[1]}"})
    return answer.status_code


@pytest.mark.django_db
@pytest.mark.parametrize("post", [by_page, by_api])
@pytest.mark.parametrize("key", EVERY_KIND)
def test_no_other_move_is_made_through_a_door(key, post):
    kind, met = CATALOG.orders[key], cast()
    doors = Doors(met, post)
    walked = Walk(kind, met, doors).everywhere()
    assert doors.seen == set(kind.states)
    assert doors.done == {one for one in walked.declared() if one[2] not in ("asker", "machine")}


@pytest.mark.django_db
@pytest.mark.parametrize("key", EVERY_KIND)
def test_orders_are_opened_by_those_declared_and_by_nobody_else(key):
    met = cast()
    walked = Walk(CATALOG.orders[key], met, None)
    before = standing()
    for who in [*met.people, None]:
        may = "asker" in walked.kind.opens if who is None else (
            who.is_active and who.area == made.DISTRICT and who.role in walked.kind.opens)
        told = {name: one for name, one in walked.body().items() if who or name != "office"}
        with undone():
            if may:
                assert orders.open_(who, key, told, now=BEGIN, catalog=CATALOG).state == walked.kind.first
                continue
            with pytest.raises(NotAllowed):
                orders.open_(who, key, told, now=BEGIN, catalog=CATALOG)
            client, secret = entered(who) if who else (Client(), "")
            form = {name: one for name, one in told.items() if name != "fields"} | told["fields"]
            assert client.post(f"/orders/new/{key}/", form).status_code in (302, 403, 404)
            body = {name: one for name, one in told.items() if name != "office"} | {"kind": key}
            answer = Client().post("/api/v1/orders", json.dumps(body), content_type="application/json",
                                   headers={"Authorization": f"Bearer {secret}"})
            assert answer.status_code in (401, 403)
            assert not Order.objects.exists()
    assert changed(before, standing()) == []


WRITES = re.compile(r"\b(Order|OrderMove|ClockEvent)(\.objects\.[a-z_.()=]*\b(create|bulk_create|bulk_update|update_or_create|"
                    r"get_or_create|update|delete)\(|\((?!\)))")


def test_nothing_but_the_store_of_orders_writes_orders_nor_does_any_command():
    root = Path(plumbline.__file__).parent
    wrong = [f"{path.relative_to(root)}: {found.group()}" for path in sorted(root.rglob("*.py"))
             if not {"tests", "migrations"} & set(path.parts) and "store/orders" not in path.as_posix()
             for found in WRITES.finditer(path.read_text(encoding="utf-8"))]
    assert wrong == []
    moving = [path.name for path in (root / "site").rglob("*.py") if "tests" not in path.parts
              and re.search(r"orders\.move(_many)?\(", path.read_text(encoding="utf-8"))]
    assert all(name.startswith("demo_") for name in moving)  # which moves them as the people of the demo may
