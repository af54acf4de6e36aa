"""How long it takes to write a report of 287 invented numbers, and to hold its text against the figures.

    .venv/bin/python bench/writing.py

Figures are at hand, as they are once published: what is timed is words, reading back and holding. Nobody else
writes Chinese reports from figures, so there is no peer in the table.
"""

import random
import statistics
import time

from rich.console import Console
from rich.table import Table

from plumbline.kernel import AGREES
from plumbline.reports.holding import held
from plumbline.reports.writing import paper
from plumbline.reports.writing.law import changes, cited, read_back
from plumbline.reports.writing.tests import long
from plumbline.reports.writing.tests.round import score

RUNS = 20
CHANGED = 100


def timed(what):
    """Median milliseconds of a call, after one to warm up."""
    what()
    spent = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        what()
        spent.append(time.perf_counter() - begin)
    return f"{statistics.median(spent) * 1000:.0f} ms"


def main():
    lines = long.lines()
    made = paper(long.HEAD, lines, long.BASIS).paper
    report = read_back(made)
    every = random.Random(1).sample(list(changes(made)), CHANGED)
    found = sum(any(one.verdict != AGREES for one in cited(made, long.BASIS, changed.text)) for changed in every)
    table = Table(title=f"a report of {len(made.cites)} numbers, {len(report.text):,} characters")
    table.add_column("what")
    table.add_column("reached", justify="right")
    table.add_row("write, and find what is bound to nothing", timed(lambda: paper(long.HEAD, lines, long.BASIS)))
    table.add_row("read back", timed(lambda: read_back(made)))
    table.add_row("hold against figures, by its cites", timed(lambda: held(report, long.BASIS, made)))
    table.add_row("hold against figures, by its words alone", timed(lambda: held(report, long.BASIS)))
    table.add_row("read back, all keys at once (F1)", f"{score(made, report).f1:.4f}")
    table.add_row(f"one digit changed, {CHANGED} times: found", f"{found}")
    Console().print(table)


if __name__ == "__main__":
    main()
