"""Orders laid down by the million as rows, by the database itself: each like one of some hundred that were reckoned truly."""

import importlib
import json
import random
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

KIND = "hotline.request"
URGENCIES = ("emergency", "utility", "ordinary", "complex")
TEMPLATES = 400


class Like(NamedTuple):
    """What an order's clock says: when it was opened, its urgency, and the columns of its row."""

    opened_at: datetime
    urgency: str
    row: dict[str, Any]


def likes(catalog: Any, last: datetime, now: datetime, due: bool, many: int = TEMPLATES) -> list[Like]:
    """Orders in work, last swept at `last`: those whose next level falls until `now`, or only later."""
    made, chance, urgencies = list[Like](), random.Random(f"{due}"), URGENCIES[1:]
    while len(made) < many:
        urgency = chance.choice(urgencies)
        opened_at = last - timedelta(minutes=chance.randrange(20 * 1440))
        row = swept(catalog, urgency, opened_at, last)
        if row["next_at"] is not None and (row["next_at"] <= now) == due:
            made.append(Like(opened_at, urgency, row))
    return made


def swept(catalog: Any, urgency: str, opened_at: datetime, last: datetime) -> dict[str, Any]:
    """The row of an order that runs since `opened_at`, told of every level it reached until `last`."""
    tables, clocks = (importlib.import_module(f"plumbline.store.{name}") for name in ("models", "orders.clocks"))
    kernel = importlib.import_module("plumbline.kernel")
    kind = catalog.orders[KIND]
    order = tables.Order(kind=KIND, urgency=urgency, area="110101", state="working")
    clock, events = kind.clocks["reply"], [kernel.Event(opened_at, "start", why="派单")]
    due, levels = clocks.reckoned(order, clock, events, catalog, last)
    told = [level.key for level, at in levels if at <= last]
    order.clocks = {"reply": clocks.row_of(due, levels, {"told": told}, last)}
    clocks.summed(order)
    return {name: getattr(order, name) for name in ("clocks", "due_at", "due_clock", "next_at", "level")}


def lay(count: int, permille: int, due: list[Like], later: list[Like], offices: list[Any]) -> str:
    """So many orders in work, `permille` of a thousand like those that are due, the others like those due later."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE likes (n integer PRIMARY KEY, opened_at timestamp with time zone, urgency text,"
                       " clocks text, due_at timestamp with time zone, next_at timestamp with time zone, level integer)")
        cursor.execute("CREATE TEMPORARY TABLE held (n integer PRIMARY KEY, office integer, area text)")
        cursor.executemany("INSERT INTO likes VALUES (%s, %s, %s, %s, %s, %s, %s)", [
            (n, stamp(one.opened_at), one.urgency, json.dumps(one.row["clocks"]), stamp(one.row["due_at"]),
             stamp(one.row["next_at"]), one.row["level"]) for n, one in enumerate([*due, *later])])
        cursor.executemany("INSERT INTO held VALUES (%s, %s, %s)", [(n, one.pk, one.area) for n, one in enumerate(offices)])
        likeness = f"CASE WHEN g % 1000 < {permille} THEN (g / 1000) % {len(due)} ELSE {len(due)} + (g / 7) % {len(later)} END"
        cursor.execute(filled(ORDERS, count, likes=likeness, offices=len(offices)))
        for statement in (EVENTS, MOVES):
            cursor.execute(statement)
        cursor.execute("DROP TABLE likes")
        cursor.execute("DROP TABLE held")
    settled()
    return f"{count:,}"


def settled() -> None:
    """Let the database look at what it has, as it does by itself in time."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def filled(statement: str, count: int, **parts: Any) -> str:
    """A statement with a table `numbers` of g from 0 on, and padded digits, as the database at hand writes them."""
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
  office_id, first_office_id, opened_at, changed_at, clocks, due_at, due_clock, next_at, level, returns, transfers, fields,
  link, subject, once, example, version)
SELECT 'hotline.request', 'SQ2026' || {eight}, {twelve}, '路灯不亮 ' || g, '虚构', '', likes.urgency, '', 'working', 'open',
  held.area, '', '', held.office, held.office, likes.opened_at, likes.opened_at, {json}, likes.due_at, 'reply', likes.next_at,
  likes.level, 0, 0, '{{}}', '', '', '', {false}, 1
FROM numbers JOIN held ON held.n = g % {offices} JOIN likes ON likes.n = {likes}"""
EVENTS = """INSERT INTO store_clockevent (order_id, clock, kind, at, unit, why)
SELECT id, 'reply', 'start', opened_at, '', '派单' FROM store_order"""
MOVES = """INSERT INTO store_ordermove (order_id, n, move, label, source, "to", at, why, told, says, change)
SELECT id, 1, 'open', '登记', '', state, opened_at, '', '', '', '{}' FROM store_order"""
