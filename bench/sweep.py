"""How long a sweep of a million open orders takes: where nothing is due, one in a hundred is, and after a day without sweeps.

    bench/sweep.py [COUNT [sqlite|postgresql]]     a million unless said otherwise, on both

Aim: 5 s for the sweep of a million in which one in a hundred is due. Each order swept has its clocks reckoned anew from
their events, and gets its row, a line in its story, notices to its office and to the people of its area, and a place in the
journal's entry. `processor` is the seconds of this process and of the database's: on a busy machine it says more than the clock.

Beside it, what a program does that keeps no `next_at`: it reckons every open order. Some thousand are reckoned so, in the
same run, and the time is multiplied.
"""

import importlib
import os
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import house
import orders_laid

COUNT, PERMILLE, SAMPLE = 1_000_000, 10, 5_000
NOW = datetime(2026, 3, 4, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Wednesday
HOUR = timedelta(hours=1)


def main() -> int:
    """Print a table for each database; 1 where a sweep takes longer than it should."""
    return house.both(__file__, measure, *sys.argv[2:3])


def measure() -> int:
    """Fill, sweep before anything is due, at the hour, once more, and a day later."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    tables = house.opened()
    conf, orders = importlib.import_module("django.conf"), importlib.import_module("plumbline.store.orders")
    catalog = conf.settings.CATALOG
    table = house.printed(f"{count:,} open orders, {os.environ[house.INSIDE]}, {house.load()}", "sweep", "seconds", "processor",
                          "wanted", "orders", "notices", "orders/s", "")
    kinds, offices = orders_laid.Due(catalog, NOW - HOUR, NOW, PERMILLE), house.people(tables)
    spent, _ = house.timed(lambda: orders_laid.lay(count, kinds, offices))
    table.add_row("(laid down)", *shown(spent), "")
    sweeps = (("nothing is due", NOW - HOUR, 5.0), ("one in a hundred is", NOW, 5.0), ("again at once", NOW, 5.0),
              ("after a day without sweeps", NOW + 24 * HOUR, None))
    late = False
    for name, at, wanted in sweeps:
        spent, done = house.timed(lambda at=at: orders.sweep(at, catalog))
        rate = f"{done.orders / spent.clock:,.0f}" if done.orders else ""
        said = ", ".join(f"{key} {many:,}" for key, many in done.reached.items())
        table.add_row(name, *shown(spent), f"{wanted or '':}", f"{done.orders:,}", f"{done.notices:,}", rate, said)
        late = late or bool(wanted and spent.clock > wanted)
    spent, many = house.timed(lambda: naive(tables, importlib.import_module("plumbline.store.orders.clocks"), catalog, count))
    table.add_row("peer: every open order reckoned", *(f"{count / many * one:.0f}" for one in (spent.clock, spent.busy)), "",
                  f"{many:,} of {count:,}", "", f"{many / spent.clock:,.0f}", "nothing written")
    house.show(table)
    return int(late)


def shown(spent: house.Spent) -> tuple[str, str]:
    """By the clock, and of the processor."""
    return f"{spent.clock:.2f}", f"{spent.busy:.2f}"


def naive(tables, clocks, catalog, count: int) -> int:
    """Reckon orders one by one, from their events; how many."""
    many = min(SAMPLE, count)
    for order in tables.Order.objects.order_by("pk")[:many]:
        clocks.reset(order, catalog=catalog, now=NOW)
    return many


if __name__ == "__main__":
    sys.exit(main())
