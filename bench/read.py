"""How long a report of 16,000 characters takes, on one core, beside two public readers in the same run.

    make bench        puts Recognizers-Text and JioNLP into build/bench, then runs this

Cold is a fresh process, from its start to its end, by the clock and by the processor (on a busy machine the clock
says more); warm is one more report in a process that has read one.
The readers do not do the same work: the counts say what each hands back.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "plumbline/site/example/yunxi-2025h1.txt"
PEERS = ROOT / "build/bench/bin/python"
LENGTH = 16_000
RUNS = 5

PLUMBLINE = """
from pathlib import Path
from plumbline.reports import read as reader
def read(path): return len(reader(Path(path)).claims)
"""
RECOGNIZERS = """
from recognizers_date_time import recognize_datetime
from recognizers_number import recognize_number
from recognizers_number_with_unit import recognize_currency, recognize_dimension
from recognizers_text import Culture
ALL = (recognize_number, recognize_dimension, recognize_currency, recognize_datetime)
def read(path):
    text = open(path, encoding="utf-8").read()
    return sum(len(recognize(text, Culture.Chinese)) for recognize in ALL)
"""
JIONLP = """
import logging
logging.disable(logging.CRITICAL)
import jionlp
def read(path):
    text = open(path, encoding="utf-8").read()
    return len(jionlp.ner.extract_money(text)) + len(jionlp.ner.extract_time(text))
"""
TIMED = """
import json, sys, time
def timed(path):
    begin = time.perf_counter()
    return read(path), time.perf_counter() - begin
path, more = sys.argv[1], int(sys.argv[2])
count = read(path)
print("RESULT", json.dumps({"count": count, "warm": [timed(path)[1] for _ in range(more)]}))
"""


@dataclass(frozen=True)
class Reader:
    """A reader to time: the Python it is installed in, its program, and what it hands back."""

    name: str
    python: Path
    program: str
    gives: str


READERS = (
    Reader("Plumbline", Path(sys.executable), PLUMBLINE, "claims: value, unit, subject, period, place"),
    Reader("Recognizers-Text", PEERS, RECOGNIZERS, "numbers, units, currency, dates, each for itself"),
    Reader("JioNLP", PEERS, JIONLP, "amounts of money, times"),
)


def main() -> int:
    """Print the table."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        path, origin = sample(Path(folder))
        table = Table(title=f"{LENGTH:,} characters ({origin}), one core, median of {RUNS}")
        for name in ("reader", "cold s", "cold cpu s", "warm s", "found", "gives"):
            table.add_column(name, justify="left" if name in ("reader", "gives") else "right")
        command = [sys.executable, "-m", "plumbline.site.commands", "read", str(path), "--as", "jsonl"]
        table.add_row("plumbline read --as jsonl", *cold(command), "", "", "the whole command")
        for reader in READERS:
            table.add_row(reader.name, *measured(reader, path), reader.gives)
    Console(width=120).print(table)
    return 0


def sample(folder: Path) -> tuple[Path, str]:
    """A text of the length asked for, from the city's report where it is at hand, else from the example."""
    shared = Path(os.environ.get("PLUMBLINE_SHARED", ROOT / "../shared")) / "reports/beijing-2020h1.txt"
    origin = shared if shared.exists() else EXAMPLE
    text = origin.read_text(encoding="utf-8")
    path = folder / "report.txt"
    path.write_text((text * (LENGTH // len(text) + 1))[:LENGTH], encoding="utf-8")
    return path, f"{origin.name}, repeated"


def measured(reader: Reader, path: Path) -> tuple[str, ...]:
    """Cold and warm seconds and the count, or why there are none."""
    if not reader.python.exists() or run(reader, path, 0) is None:
        return "not installed", "-", "-", "-"
    result = run(reader, path, RUNS)
    return (*cold([str(reader.python), "-c", reader.program + TIMED, str(path), "0"]),
            f"{statistics.median(result['warm']):.3f}", str(result["count"]))


def run(reader: Reader, path: Path, more: int) -> dict | None:
    """What the timed program says of itself; None where it does not run."""
    done = subprocess.run([reader.python, "-c", reader.program + TIMED, path, str(more)],
                          capture_output=True, text=True, timeout=600, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    return json.loads(lines[0].removeprefix("RESULT ")) if lines else None


def cold(program: list[str]) -> tuple[str, str]:
    """Seconds from a process's start to its end, by the clock and by the processor: medians of several."""
    clock, processor = zip(*(once(program) for _ in range(RUNS)), strict=True)
    return f"{statistics.median(clock):.3f}", f"{statistics.median(processor):.3f}"


def once(program: list[str]) -> tuple[float, float]:
    """One run: seconds by the clock, seconds of the processor."""
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=600)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - begin, used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
