"""How well requests are routed, on invented requests only: nobody publishes requests with the office that solved them.

    python bench/routing.py [COUNT]    requests of the invented half-year, 1,000 unless said otherwise

The duties list and the offices are the invented city's. Each request is routed three times: in a new house, which knows
classes, words and duties alone; with the latest 2,000 requests of its district; and with those of them only that were not about
the same matter, so that nothing it asks was ever asked. The invented texts are short, made of a few dozen matters, and the
taxonomy's words were written with these matters in sight: this shows that the machinery holds together, not what a real house
will see. What the words are worth on real messages, by their first level, is in bench/classify.py.

Aims: top-1 >= 92 % of those that are sent, at most 10 % that cannot be told, top-3 >= 98 %.
"""

import os
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from rich.console import Console
from rich.table import Table

from plumbline.systems.hotline import demo
from plumbline.systems.hotline.city import streets
from plumbline.systems.hotline.classify import ByWords
from plumbline.systems.hotline.duties import STREET_OF_PLACE, Duty, duties_from
from plumbline.systems.hotline.invented import requests
from plumbline.systems.hotline.routing import House, Past, Route, route
from plumbline.systems.hotline.taxonomy import classes

# half a year of requests, how many come before the first that is routed, and how many of its district are looked at
COUNT, LAID, BEFORE = 1_000, 20_000, 2_000
SCALE = 5
STREETS = {one.name for one in streets()}
COLUMNS = ("house", "sent", "cannot tell", "right when sent", "top 3 of all", "with a clause", "with past cases", "ms a request")


@dataclass(slots=True)
class Tally:
    """What became of requests routed one after another."""

    spent: float = 0.0
    right: int = 0
    among: int = 0
    clauses: int = 0
    cases: int = 0
    routes: list[Route] = field(default_factory=list)

    def add(self, text: str, place: str, office: str, house: House) -> None:
        """Route one, and hold it against the office that had it."""
        begin = time.perf_counter()
        found = route(text, place, house)
        self.spent += time.perf_counter() - begin
        self.routes.append(found)
        self.right += found.office == office
        self.among += office in [found.office, *(name for name, _ in found.others)][:3]
        self.clauses += bool(found.clauses)
        self.cases += bool(found.cases)

    def row(self) -> tuple[str, ...]:
        """As the table prints it."""
        many, sent = len(self.routes), sum(not one.abstained for one in self.routes)
        return (f"{sent:,}", f"{1 - sent / many:.1%}", f"{self.right / sent:.2%}", f"{self.among / many:.2%}",
                f"{self.clauses / many:.1%}", f"{self.cases / many:.1%}", f"{self.spent / many * 1000:.1f}")


def main() -> int:
    """Print the table."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    new, lived, fresh = Tally(), Tally(), Tally()
    known = House(ByWords(), classes(), listed())
    for one, before in asked(count):
        told = (f"{one['title']} {one['text']}", one["place"], office_of(one))
        new.add(*told, known)
        lived.add(*told, replace(known, past=[past for past, _ in before]))
        fresh.add(*told, replace(known, past=[past for past, matter in before if matter != matter_of(one)]))
    table = Table(title=f"{count:,} invented requests (no real ones), words of the taxonomy, {len(known.duties)} duties")
    for name in COLUMNS:
        table.add_column(name, justify="left" if name == "house" else "right")
    for name, tally in (("new: words and duties", new), ("with its past requests", lived),
                        ("with those of other matters only", fresh)):
        table.add_row(name, *tally.row())
    Console(width=150).print(table)
    return 0


def asked(count: int) -> Iterator[tuple[dict, Sequence[tuple[Past, str]]]]:
    """Requests an office had, each with what came before it in its district: texts, offices and matters."""
    before: dict[str, deque[tuple[Past, str]]] = defaultdict(lambda: deque(maxlen=BEFORE))
    given = (one for one in requests(SCALE, 2020) if one["office"])
    for number, one in enumerate(islice(given, LAID + count)):
        if number >= LAID:
            yield one, before[one["area"]]
        before[one["area"]].append((Past(one["number"], f"{one['title']} {one['text']}", office_of(one)), matter_of(one)))


def listed() -> tuple[Duty, ...]:
    """The duties list of the invented city."""
    return duties_from(row for table, _, _, rows in demo.deliveries() if table == "hotline.duties" for row in rows)


def matter_of(one: dict) -> str:
    """What a request is about, without its place."""
    return one["title"].removeprefix(one["fields"]["spot"])


def office_of(one: dict) -> str:
    """The office that had it; a street as the duties list names it."""
    return STREET_OF_PLACE if one["office"] in STREETS else one["office"]


if __name__ == "__main__":
    sys.exit(main())
