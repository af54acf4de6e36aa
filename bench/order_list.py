"""How long the pages of orders take at five million of them: the list as people narrow it, an order, the board, the inbox.

    bench/order_list.py [COUNT [sqlite|postgresql]]     five million unless said otherwise, on both

A page is asked for as a browser does, and answered to its last byte, in this process: permission, queries, words and markup are
in it, the network is not. Of those still worked on there is one in `OPEN_ONE_IN`; the others were closed over three years. Each
page is asked for `TURNS` times, each time by another person or for another thing where there is one.

`p95` is by the clock, `processor` of this process and the database's, on average: on a busy machine it says more. Peer, in
the same run: what Django's usual list does, the count of all that pass and the rows of the page.
"""

import importlib
import os
import random
import sys
from typing import Any, NamedTuple

import house
import orders_laid

COUNT, TURNS, OPEN_ONE_IN, WANTED = 5_000_000, int(os.environ.get("TURNS", "20")), 10, 300


class Page(NamedTuple):
    """A page: who asks, for what address; `{...}` stands for another thing each time."""

    name: str
    user: str
    address: str


PAGES = (
    Page("all", "planner110000", "/orders/"),
    Page("all, page 2", "planner110000", "/orders/?page=2"),
    Page("all, page 200, the deepest shown", "planner110000", "/orders/?page=200"),
    Page("all of a kind", "planner110000", "/orders/?kind=hotline.request"),
    Page("in one state, rare", "planner110000", "/orders/?kind=hotline.request&state=returned"),
    Page("in one state, common", "planner110000", "/orders/?kind=hotline.request&state=closed"),
    Page("open, of all kinds", "planner110000", "/orders/?state=open"),
    Page("an office's own", "street", "/orders/"),
    Page("an office's own, closed", "street", "/orders/?state=done"),
    Page("of an office", "planner110000", "/orders/?office={office}"),
    Page("of a district, for the city", "planner110000", "/orders/?area={area}"),
    Page("for a district", "planner{area}", "/orders/"),
    Page("for a district, page 200", "planner{area}", "/orders/?page=200"),
    Page("for a district, one state", "planner{area}", "/orders/?kind=hotline.request&state=working"),
    Page("late", "planner110000", "/orders/?clock=late"),
    Page("late, for a district", "planner{area}", "/orders/?clock=late"),
    Page("warned", "planner110000", "/orders/?clock=warn"),
    Page("due today", "planner110000", "/orders/?clock=today"),
    Page("the most pressing first", "planner110000", "/orders/?sort=due_at"),
    Page("the most pressing first, for a district", "planner{area}", "/orders/?sort=due_at"),
    Page("the most pressing first, an office's", "street", "/orders/?sort=due_at"),
    Page("a text that is common", "planner110000", "/orders/?q=路灯"),
    Page("a text that is nowhere", "planner110000", "/orders/?q=没有这样的词"),
    Page("a text, for a district", "planner{area}", "/orders/?q=井盖"),
    Page("a class", "planner110000", "/orders/?topic=供热"),
    Page("by number", "planner110000", "/orders/?number={number}"),
    Page("an order", "planner110000", "/orders/{number}/"),
    Page("board of the city", "dispatcher110000", "/orders/board/?kind=hotline.request"),
    Page("board of a district", "dispatcher{area}", "/orders/board/?kind=hotline.request"),
    Page("board, what is late", "dispatcher110000", "/orders/board/?kind=hotline.request&clock=late"),
    Page("inbox of an office", "street", "/orders/inbox/"),
)


def main() -> int:
    """Print a table for each database; 1 where a page takes longer than it should."""
    return house.both(__file__, measure, *sys.argv[2:3])


def measure() -> int:
    """Fill, then ask for every page."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    tables = house.opened()
    offices = house.people(tables)
    catalog, now = (importlib.import_module("django.conf").settings.CATALOG,
                    importlib.import_module("django.utils.timezone").now())
    importlib.import_module("django.test.utils").setup_test_environment()
    table = house.printed(f"pages at {count:,} orders, {os.environ[house.INSIDE]}, {house.load()}", "page", "p50 ms", "p95 ms",
                          "processor ms", "wanted", "queries")
    spent, _ = house.timed(lambda: orders_laid.lay(count, orders_laid.Mixed(catalog, now, OPEN_ONE_IN), offices))
    table.add_row("(laid down)", f"{spent.clock * 1000:,.0f}", "", f"{spent.busy * 1000:,.0f}")
    slow = [one.name for one in PAGES if asked(table, one, count, offices) > WANTED]
    for name, query in peers(tables):
        line(table, f"peer: {name}", [house.timed(query)[0] for _ in range(3)], "")
    house.show(table)
    print(f"{house.load()} in the end; over {WANTED} ms: {', '.join(slow) or 'none'}")
    return int(bool(slow))


def asked(table: Any, page: Page, count: int, offices: list[Any]) -> float:
    """Ask for a page again and again, the first time to count its queries; its p95 in milliseconds."""
    client = importlib.import_module("django.test").Client()
    users = importlib.import_module("plumbline.store.models").User.objects
    connection = importlib.import_module("django.db").connection
    capture = importlib.import_module("django.test.utils").CaptureQueriesContext
    chance, spent, queries = random.Random(page.name), [], 0
    for turn in range(TURNS + 1):
        told = {"area": chance.choice(house.AREAS), "office": chance.choice(offices).pk,
                "number": f"SQ2026{chance.randrange(count) // orders_laid.STORIED * orders_laid.STORIED:08}"}
        client.force_login(users.get(username=page.user.format(**told)))
        address = page.address.format(**told)
        if turn == 0:
            with capture(connection) as captured:
                answer = client.get(address)
            queries = len(captured)
            if os.environ.get("SLOW"):
                print(page.name, *sorted(((float(one["time"]), one["sql"]) for one in captured), reverse=True)[:1], flush=True)
        else:
            took, answer = house.timed(lambda address=address: client.get(address))
            spent.append(took)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
    return line(table, page.name, spent, str(queries))


def line(table: Any, name: str, spent: list[house.Spent], queries: str) -> float:
    """Add a line; the p95 in milliseconds."""
    clock = [one.clock * 1000 for one in spent]
    busy = sum(one.busy for one in spent) / len(spent) * 1000
    p95 = house.part(clock, 0.94)
    table.add_row(name, f"{house.part(clock, 0.5):.0f}", f"{p95:.0f}", f"{busy:.0f}", str(WANTED) if queries else "", queries)
    return p95


def peers(tables: Any) -> list[tuple[str, Any]]:
    """What a usual list does: it counts all that pass, and goes to its page by counting rows."""
    every = tables.Order.objects.order_by("-pk")
    return [("count of all", every.count), ("count of one state", every.filter(state="closed").count),
            ("a text anywhere, first page", lambda: list(every.filter(title__icontains="没有这样的词")[:50])),
            ("row 2,000,000", lambda: list(every[2_000_000:2_000_050]))]


if __name__ == "__main__":
    sys.exit(main())
