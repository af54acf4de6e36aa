"""Kinds of order walked: whom they meet, every configuration they can be brought to, every move out of each.

A configuration is the state and whether an office holds it; for a walk that looks at clocks, how each stands too. What
follows from one is the same however it was come to, so a walk that makes every move from every one has made every path.
"""

import re
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from plumbline.kernel import RELATIONS, BadInput, Move, NotAllowed, OrderKind
from plumbline.store import orders
from plumbline.store.models import Office, Order
from plumbline.store.tests import made

CATALOG = settings.CATALOG
EVERY_KIND = sorted(CATALOG.orders)
ROLES = ("operator", "dispatcher", "planner", "leader")
BEGIN = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday
STEP = timedelta(minutes=50)
CHINESE = re.compile("[\u4e00-\u9fff]")
MACHINE, WRONG_CODE = None, "000000000000"
SAID = {"boolean": "true", "date": "2026-03-02", "integer": "3", "decimal": "1.5", "text": "某处"}
TOLD = {"reason": "情况属实", "reply": "已处理好。", "evidence": "现场照片两张"}
# counted at the doors, whether anything is refused or not
COUNTED = ("Knock", "AccessKey", "User", "Session")


@dataclass
class Cast:
    """Everybody an order may meet: two of each role, two in each of three offices, and those who are nothing to it."""

    offices: list[Office]
    roles: dict[str, list[object]]
    of_office: dict[int, list[object]]
    strangers: list[object]

    @property
    def people(self):
        """All of them."""
        return [one for some in (*self.roles.values(), *self.of_office.values(), self.strangers) for one in some]


def cast() -> Cast:
    """The people of the invented district, a neighbour's, and one who has left."""
    offices = [Office.objects.create(name=name, area=made.DISTRICT) for name in ("甲街道办事处", "乙局", "丙街道办事处", "丁局")]
    roles = {role: [made.user(f"{role}{n}", role) for n in (1, 2)] for role in ROLES}
    of_office = {one.pk: [made.user(f"office{one.pk}{n}", "office", office=one) for n in (1, 2)] for one in offices[:3]}
    gone = made.user("gone", "dispatcher")
    gone.is_active = False
    gone.save()
    strangers = [made.user("deputy", "deputy"), made.user("neighbour", "dispatcher", area=made.NEIGHBOUR),
                 made.user("next", "planner", area=made.NEIGHBOUR), made.user("apart", "office", office=offices[3]), gone]
    return Cast(offices, roles, of_office, strangers)


@contextmanager
def undone():
    """What is done inside is done for good, and then it never was."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)


def standing() -> dict[str, list[object]]:
    """Every row there is, but for what is counted at the doors."""
    return {name: rows for name, rows in made.everything().items() if name not in COUNTED}


def changed(before, after) -> list[str]:
    """The tables that differ."""
    return [name for name in after if after[name] != before[name]]


def worn(person, order) -> set[str]:
    """What a person is to an order, said once more in the words of the declaration."""
    if person.role == "deputy" or not person.is_active or person.area != order.area:
        return set()
    if person.role != "office":
        return {person.role}
    own = {"holder": order.office_id, "first": order.first_office_id, "sender": order.sender_id}
    found = {name for name, office in own.items() if office == person.office_id}
    return found | ({"office"} if found else set())


def value(column) -> str:
    """Something a field takes."""
    return column.choices[0] if column.choices else SAID[column.type]


@dataclass
class Walk:
    """One kind walked. visit: called in every configuration, before the moves out of it."""

    kind: OrderKind
    cast: Cast
    visit: Callable[["Walk", Order], None]
    seen: set[object] = field(default_factory=set)
    made: set[tuple[str, str, str]] = field(default_factory=set)
    depth: int = 0

    @property
    def now(self):
        """The moment of this step."""
        return BEGIN + STEP * self.depth

    def opened(self, urgency: str = "", **told) -> Order:
        """A new order of the kind, opened by the first of those who may."""
        opener = self.kind.opens[0]
        user = self.cast.of_office[self.cast.offices[2].pk][0] if opener == "office" else self.cast.roles[opener][0]
        return orders.open_(user, self.kind.key, self.body(urgency) | told, now=self.now, catalog=CATALOG)

    def body(self, urgency: str = "") -> dict[str, object]:
        """What is told of a new order: an office where nobody would give it to one later."""
        fields = {one.key: value(one) for one in self.kind.fields if one.required}
        first = self.kind.moves_from(self.kind.first)
        later = any("office" in move.needs for move in first) and not any("holder" in move.by for move in first)
        told = {"title": "路灯不亮", "text": "晚上看不清路。", "area": made.DISTRICT, "urgency": urgency or self.urgency,
                "fields": fields}
        return told if later else told | {"office": self.cast.offices[0].pk}

    @property
    def urgency(self) -> str:
        """One for which there is a limit."""
        known = [key.rpartition(".")[2] for clock in self.kind.clocks.values() for key in CATALOG.parameters
                 if key.rpartition(".")[0] == clock.of]
        return known[0] if known else ""

    def everywhere(self):
        """Walk from where an order begins."""
        with undone():
            self.at(self.opened())
        return self

    def at(self, order: Order) -> None:
        """Make every move there is, by everybody who may, and go on from each."""
        config = self.config(order)
        if config in self.seen:
            return
        self.seen.add(config)
        self.visit(self, order)
        for move in self.kind.moves_from(order.state):
            for hat in move.by if not self.unheld(order, move) else ():
                self.step(order, move, hat)

    def config(self, order: Order) -> tuple[object, ...]:
        """What an order's further way depends on: where it stands, and whether anybody holds it."""
        return order.state, order.office_id is None

    def step(self, order: Order, move: Move, hat: str) -> None:
        """One move by one who may, and on from there; then it never was."""
        who, code = self.actor(order, move, hat)
        self.depth += 1
        with undone():
            self.at(self.moved(order, move, who, code))
        self.depth -= 1
        self.made.add((order.state, move.key, hat))

    def moved(self, order: Order, move: Move, who, code: str = "") -> Order:
        """The order after a move, with all it may be told."""
        return orders.move(who, order.pk, move.key, self.told(order, move), order.version, as_asker_code=code, now=self.now,
                           catalog=CATALOG)

    def told(self, order: Order, move: Move) -> dict[str, object]:
        """All a move may be told; work goes to another office than the one that has it."""
        other = next(one.pk for one in self.cast.offices if one.pk != order.office_id)
        known = {**TOLD, "office": other, "topic": "城市管理/道路", "urgency": self.urgency, "place": f"{made.DISTRICT}001"}
        own = {one.key: value(one) for one in self.kind.fields}
        return {key: own.get(key) or known[key] for key in move.asks}

    def actor(self, order: Order, move: Move, hat: str) -> tuple[object, str]:
        """Somebody who may make a move as what he is to the order, and the code where he needs one."""
        if hat in ("asker", "machine"):
            return MACHINE, order.code if hat == "asker" else ""
        mine = [one for one in self.cast.people if hat in worn(one, order) and not self.judges_himself(one, order, move)]
        assert mine, f"nobody is {hat} of an order in {order.state}"
        return mine[0], ""

    def judges_himself(self, person, order: Order, move: Move) -> bool:
        """Whether he made the move that this one judges."""
        last = order.moves.filter(move=move.other_than).order_by("-n").first() if move.other_than else None
        return last is not None and last.by_id == person.pk

    def refused(self, order: Order, move: Move) -> list[tuple[object, type[Exception]]]:
        """Who may not make a move of an order as it stands, and how he is told: of each sort of people one.

        Where the order does not stand where the move begins: one who may make it elsewhere, and one who never may
        """
        found = {}
        for one in self.cast.people:
            hats = worn(one, order)
            if not hats & set(move.by):
                sort = (one.role, one.area, one.is_active, frozenset(hats)) if order.state in move.sources else ()
                found.setdefault(sort, (one, NotAllowed))
            elif order.state not in move.sources:
                found.setdefault("elsewhere", (one, BadInput))
            elif self.unheld(order, move):
                found.setdefault("unheld", (one, BadInput))
            elif self.judges_himself(one, order, move):
                found.setdefault("himself", (one, NotAllowed))
        return list(found.values())

    def unheld(self, order: Order, move: Move) -> bool:
        """Whether nobody would hold it where its holder has to act."""
        return (order.office_id is None and "office" not in move.needs and move.to not in ("", order.state)
                and any("holder" in one.by for one in self.kind.moves_from(move.to)))

    def declared(self) -> set[tuple[str, str, str]]:
        """Every state, move and hat there is."""
        return {(state, move.key, hat) for state in self.kind.states for move in self.kind.moves_from(state) for hat in move.by}


def walk(key: str, visit=lambda *_: None) -> Walk:
    """A kind walked from end to end."""
    return Walk(CATALOG.orders[key], cast(), visit).everywhere()


def known_hats() -> set[str]:
    """Roles and relations that a walk can play."""
    return {*ROLES, "office", *RELATIONS}
