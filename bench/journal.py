"""How long `plumbline verify` takes for 100,000 entries, and whether one altered byte is found and named.

Works in a database of its own, in a temporary folder; DATABASE_URL is left out of it.
"""

import importlib
import json
import os
import sys
import tempfile
import time

import django
from django.core.management import call_command
from django.db import connection, transaction
from rich.console import Console
from rich.table import Table

COUNT = 100_000
ALTERED = 61_803
BATCH = 100


def main() -> int:
    """Print the table; 1 where the altered entry is not the one that is named."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PLUMBLINE_DATA": folder, "DJANGO_SETTINGS_MODULE": "plumbline.site.settings"}
        os.environ.pop("DATABASE_URL", None)
        django.setup()
        call_command("migrate", verbosity=0)
        return measure(importlib.import_module("plumbline.store.journal"))


def measure(journal) -> int:
    """Write, verify, alter, verify."""
    table = Table(title=f"journal of {COUNT:,} entries, SQLite")
    for name in ("step", "seconds", "result"):
        table.add_column(name)
    table.add_row("write", *timed(lambda: write(journal)))
    table.add_row("verify", *timed(lambda: journal.verify().why))
    table.add_row(f"alter one byte of entry {ALTERED:,}", *timed(lambda: alter(journal)))
    begin = time.perf_counter()
    verdict = journal.verify()
    table.add_row("verify", f"{time.perf_counter() - begin:.2f}", verdict.why)
    Console(width=110).print(table)
    return 0 if verdict.broken == ALTERED else 1


def timed(work) -> tuple[str, str]:
    """Seconds, and what came of it."""
    begin = time.perf_counter()
    result = work()
    return f"{time.perf_counter() - begin:.2f}", str(result or "")


def write(journal) -> None:
    """Writes as people's bulk confirmations make them, a hundred a transaction."""
    for first in range(0, COUNT, BATCH):
        with transaction.atomic():
            journal.record(None, *(
                journal.Write("bench.edit", "claim", number, {"value": str(number)}, {"value": str(number + 1)},
                              "bench", "990101")
                for number in range(first, first + BATCH)))


def alter(journal) -> None:
    """Change one byte behind the journal's back."""
    text = json.dumps({"value": str(ALTERED + 1)}, separators=(",", ":"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE store_entry SET after = %s WHERE seq = %s", [text, ALTERED])


if __name__ == "__main__":
    sys.exit(main())
