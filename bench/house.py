"""What benches of orders stand on: a database of their own, a city of offices and people, and how long something took.

Each bench runs itself once for SQLite and once for a PostgreSQL it starts, in a folder of its own that is gone afterwards. The
PostgreSQL writes as it would in life: each commit reaches the disk before it is answered.
"""

import importlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import django
from django.core.management import call_command
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
INSIDE, SERVER = "PLUMBLINE_BENCH_INSIDE", "PLUMBLINE_BENCH_SERVER"
SETTINGS = "-c listen_addresses='' -c shared_buffers=512MB -c max_wal_size=4GB -c max_connections=60"
TICKS = os.sysconf("SC_CLK_TCK")
AREAS = [f"1101{number:02}" for number in (1, 2, *range(5, 10), *range(11, 20))]
STREETS = 349


class Spent(NamedTuple):
    """Seconds: by the clock, of this process, of the database's own processes."""

    clock: float
    own: float
    server: float

    @property
    def busy(self) -> float:
        """Of the processor, in all."""
        return self.own + self.server


def both(script: str, work: Callable[[], int], *names: str) -> int:
    """Run a bench's `work` in a fresh process for each database, or here where this is one of them; its status."""
    if os.environ.get(INSIDE):
        return work()
    wrong = 0
    for name in names or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory(prefix="plumbline-bench-") as folder, database(name) as (url, server):
            told = {"PLUMBLINE_DATA": folder, "DATABASE_URL": url, INSIDE: name, SERVER: server,
                    "DJANGO_SETTINGS_MODULE": "plumbline.site.settings"}
            done = subprocess.run([sys.executable, script, *sys.argv[1:]], env=os.environ | told, check=False)
            wrong = max(wrong, done.returncode)
    return wrong


@contextmanager
def database(name: str) -> Iterator[tuple[str, str]]:
    """Address of a database, and the number of its main process; SQLite has neither."""
    if name == "sqlite":
        yield "", ""
        return
    tests = importlib.import_module("conftest")
    folder = Path(tempfile.mkdtemp(prefix="plumbline-bench-pg-"))
    as_user = tests.server_user(folder)
    try:
        tests.run(as_user, "initdb", "-D", folder / "data", "-U", "plumbline", "-A", "trust", "-E", "UTF8", "--locale=C")
        tests.run(as_user, "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", f"-k {folder} {SETTINGS}", "start")
        pid = (folder / "data/postmaster.pid").read_text().split()[0]
        yield f"postgresql://plumbline@/postgres?host={folder}", pid
    finally:
        tests.run(as_user, "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop", check=False)
        subprocess.run(["rm", "-rf", folder], check=False)


def opened() -> Any:
    """Django set up on this process's database, its tables made; the module of the store's tables."""
    django.setup()
    call_command("migrate", verbosity=0)
    return importlib.import_module("plumbline.store.models")


def people(tables: Any) -> Any:
    """Streets' offices, and in each district somebody who takes in, dispatches and plans; a planner of the city."""
    for area in ("110000", *AREAS):
        for role in ("operator", "dispatcher", "planner"):
            tables.User.objects.create(username=f"{role}{area}", role=role, area=area)
    offices = [tables.Office(name=f"街道{number}", area=AREAS[number % len(AREAS)], kind="street") for number in range(STREETS)]
    made = tables.Office.objects.bulk_create(offices)
    tables.User.objects.create(username="street", role="office", area=made[0].area, office=made[0])
    return made


def timed(work: Callable[[], Any]) -> tuple[Spent, Any]:
    """What something took, and what came of it."""
    begin, own, server = time.perf_counter(), time.process_time(), server_seconds()
    result = work()
    return Spent(time.perf_counter() - begin, time.process_time() - own, server_seconds() - server), result


def server_seconds() -> float:
    """Seconds of the processor the database's processes have used; 0 for SQLite, which works inside ours."""
    pid = os.environ.get(SERVER)
    return seconds_of(int(pid)) if pid else 0.0


def seconds_of(pid: int) -> float:
    """Seconds of the processor a process has used, with those of its children and theirs, ended ones too."""
    every = {path.name: told for path in Path("/proc").glob("[0-9]*") if (told := _stat(path.name))}
    tree = {str(pid)}
    while more := {one for one, told in every.items() if told[1] in tree} - tree:
        tree |= more
    return sum(sum(map(int, every[one][11:15])) for one in tree if one in every) / TICKS


def _stat(pid: str) -> list[str]:
    """The fields of a process from its state on; none once it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def load() -> str:
    """How busy the machine is: what wants its processors, of how many."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def printed(title: str, *columns: str) -> Table:
    """A table to fill; columns after the first are numbers, but for one without a name."""
    table = Table(title=title)
    for at, name in enumerate(columns):
        table.add_column(name, justify="right" if at and name else "left")
    return table


def show(table: Table) -> None:
    """Print it."""
    Console(width=150).print(table)


def part(values: list[float], share: float) -> float:
    """The value that a share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")
