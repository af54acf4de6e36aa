"""Orders laid down by the million as rows, by the database itself: each like one of some hundred that were reckoned truly."""

import importlib
import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

KIND = "hotline.request"
URGENCIES = ("utility", "ordinary", "complex")
TEMPLATES = 400
# where there are closed ones, one order in so many has a story and events
STORIED = 100
# states of those still worked on, of twenty
OPEN = (*["working"] * 11, *["assigned"] * 4, *["registered"] * 2, "answered", "returned", "suspended")
WORDS = ("路灯不亮", "井盖破损", "供暖不热", "噪声扰民", "占道经营", "垃圾清运", "积水", "停水")
TOPICS = ("城市管理/道路/路灯", "城市管理/道路/井盖", "供热/不热", "环保/噪声", "城管/占道", "环卫/垃圾", "水务/积水",
          "水务/停水")
KEPT = ("opened_at", "closed_at", "urgency", "state", "state_kind", "clocks", "due_at", "due_clock", "next_at", "level", "word",
        "topic")


class Like(NamedTuple):
    """What an order's clock says: when it was opened, its urgency, its state, and the columns of its row."""

    opened_at: datetime
    urgency: str
    row: dict[str, Any]
    state: str = "working"
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Due:
    """Orders in work: `permille` of a thousand reach a level until `now`, the others later."""

    catalog: Any
    last: datetime
    now: datetime
    permille: int

    def likes(self) -> list[Like]:
        """Those that are due, then the others."""
        return [*likes(self.catalog, self.last, self.now, True), *likes(self.catalog, self.last, self.now, False)]

    def likeness(self) -> str:
        """Which of them the order of number g is like."""
        return f"CASE WHEN g % 1000 < {self.permille} THEN (g / 1000) % {TEMPLATES} ELSE {TEMPLATES} + (g / 7) % {TEMPLATES} END"


@dataclass(frozen=True)
class Mixed:
    """One order in `one_in` is worked on, some of them late; the others were closed in the years before."""

    catalog: Any
    now: datetime
    one_in: int

    def likes(self) -> list[Like]:
        """Those worked on, then those closed."""
        hour, kind = timedelta(hours=1), self.catalog.orders[KIND]
        made = [one._replace(state=OPEN[n % len(OPEN)]) for n, one in enumerate(
            likes(self.catalog, self.now - hour, self.now, False, rare=True))]
        rest = {"clocks": {}, "due_at": None, "due_clock": "", "next_at": None, "level": 0}
        days = [self.now - timedelta(days=3 + n * 2.7, minutes=7 * n) for n in range(TEMPLATES)]
        assert all(one.state in kind.states for one in made)
        return made + [Like(day, URGENCIES[n % 3], rest, "closed", day + timedelta(days=2)) for n, day in enumerate(days)]

    def likeness(self) -> str:
        """Which of them the order of number g is like."""
        return (f"CASE WHEN g % {self.one_in} = 0 THEN (g / {self.one_in * 7}) % {TEMPLATES}"
                f" ELSE {TEMPLATES} + (g / 13) % {TEMPLATES} END")


def likes(catalog: Any, last: datetime, now: datetime, due: bool, rare: bool = False) -> list[Like]:
    """Orders in work, last swept at `last`: those whose next level falls until `now`, or only later; or never (`rare`: over)."""
    made, chance = list[Like](), random.Random(f"{due}")
    while len(made) < TEMPLATES:
        urgency = chance.choice(URGENCIES)
        opened_at = last - timedelta(minutes=chance.randrange((16 if rare else 20) * 1440))
        row = swept(catalog, urgency, opened_at, last)
        # of a real house few are over
        over = rare and row["next_at"] is None and len(made) % 12 == 0
        if over or (row["next_at"] is not None and (row["next_at"] <= now) == due):
            made.append(Like(opened_at, urgency, row))
    return made


def swept(catalog: Any, urgency: str, opened_at: datetime, last: datetime) -> dict[str, Any]:
    """The row of an order that runs since `opened_at`, told of every level it reached until `last`."""
    tables, clocks = (importlib.import_module(f"plumbline.store.{name}") for name in ("models", "orders.clocks"))
    kernel = importlib.import_module("plumbline.kernel")
    order = tables.Order(kind=KIND, urgency=urgency, area="110101", state="working")
    clock, events = catalog.orders[KIND].clocks["reply"], [kernel.Event(opened_at, "start", why="派单")]
    due, levels = clocks.reckoned(order, clock, events, catalog, last)
    told = [level.key for level, at in levels if at <= last]
    order.clocks = {"reply": clocks.row_of(due, levels, {"told": told}, last)}
    clocks.summed(order)
    return {name: getattr(order, name) for name in ("clocks", "due_at", "due_clock", "next_at", "level")}


def lay(count: int, kinds: Due | Mixed, offices: list[Any]) -> None:
    """So many orders, each like one of `kinds`, of one office after another; all in work have their story and events."""
    made = kinds.likes()
    states = importlib.import_module("django.conf").settings.CATALOG.orders[KIND].states
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE likes (n integer PRIMARY KEY, opened_at timestamp with time zone, closed_at"
                       " timestamp with time zone, urgency text, state text, state_kind text, clocks text, due_at timestamp with"
                       " time zone, due_clock text, next_at timestamp with time zone, level integer, word text, topic text)")
        cursor.execute("CREATE TEMPORARY TABLE held (n integer PRIMARY KEY, office integer, area text)")
        cursor.executemany(f"INSERT INTO likes VALUES ({', '.join(['%s'] * (len(KEPT) + 1))})", [
            (n, stamp(one.opened_at), stamp(one.closed_at), one.urgency, one.state, states[one.state].kind,
             json.dumps(one.row["clocks"]), stamp(one.row["due_at"]), one.row["due_clock"], stamp(one.row["next_at"]),
             one.row["level"], WORDS[n % len(WORDS)], TOPICS[n % len(TOPICS)]) for n, one in enumerate(made)])
        cursor.executemany("INSERT INTO held VALUES (%s, %s, %s)", [(n, one.pk, one.area) for n, one in enumerate(offices)])
        cursor.execute(filled(ORDERS, count, likes=kinds.likeness(), offices=len(offices)))
        some = f" WHERE id % {STORIED} = 1" if isinstance(kinds, Mixed) else ""
        for statement in (EVENTS, MOVES):
            cursor.execute(statement + some)
        for name in ("likes", "held"):
            cursor.execute(f"DROP TABLE {name}")
        # as the database does by itself in time
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def filled(statement: str, count: int, **parts: Any) -> str:
    """An INSERT from a table `numbers` of g from 0 on, and padded digits, as the database at hand writes them."""
    if connection.vendor == "sqlite":
        numbers = f"WITH RECURSIVE numbers (g) AS (SELECT 0 UNION ALL SELECT g + 1 FROM numbers WHERE g < {count - 1})"
        parts |= {"eight": "printf('%08d', g)", "twelve": "printf('%012d', g)", "json": "likes.clocks", "false": "0"}
    else:
        numbers = f"WITH numbers AS (SELECT g FROM generate_series(0, {count - 1}) AS made (g))"
        parts |= {"eight": "lpad(g::text, 8, '0')", "twelve": "lpad(g::text, 12, '0')", "json": "likes.clocks::jsonb",
                  "false": "false"}
    return f"{numbers} INSERT INTO {statement.format(**parts)}"


def stamp(at: datetime | None) -> Any:
    """An instant as the database keeps it."""
    return connection.ops.adapt_datetimefield_value(at)


ORDERS = """store_order (kind, number, code, title, text, topic, urgency, source, state, state_kind, area, place, address,
  office_id, first_office_id, opened_at, closed_at, changed_at, clocks, due_at, due_clock, next_at, level, returns, transfers,
  fields, link, subject, once, example, version)
SELECT 'hotline.request', 'SQ2026' || {eight}, {twelve}, likes.word || ' ' || g, '虚构：' || likes.word || '，请尽快处理。',
  likes.topic, likes.urgency, '', likes.state, likes.state_kind, held.area, '', '虚构路' || g % 900 || '号',
  CASE WHEN likes.state = 'registered' THEN NULL ELSE held.office END, held.office, likes.opened_at, likes.closed_at,
  likes.opened_at, {json}, likes.due_at, likes.due_clock, likes.next_at, likes.level, 0, 0, '{{}}', '', '', '', {false}, 1
FROM numbers JOIN held ON held.n = g % {offices} JOIN likes ON likes.n = {likes}"""
EVENTS = """INSERT INTO store_clockevent (order_id, clock, kind, at, unit, why)
SELECT id, 'reply', 'start', opened_at, '', '派单' FROM store_order"""
MOVES = """INSERT INTO store_ordermove (order_id, n, move, label, source, "to", at, why, told, says, change)
SELECT id, 1, 'open', '登记', '', state, opened_at, '', '', '', '{}' FROM store_order"""
