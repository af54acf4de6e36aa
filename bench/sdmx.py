"""The door for programs: a hundred thousand published figures read whole in each form, and one series of them.

    bench/sdmx.py [FIGURES]     100,000 unless said otherwise; invented, in a folder of their own that is gone afterwards
"""

import importlib
import os
import resource
import statistics
import sys
import tempfile
import time
from decimal import Decimal

import django
from django.core.management import call_command
from django.test import Client

from plumbline.kernel import AREAS, Figure

FIGURES, LOOKS = 100_000, 20
FORMS = ("genericdata", "structurespecificdata", "jsondata", "jsondata2", "csv", "csv2")


def main() -> int:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else FIGURES
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PLUMBLINE_DATA": folder, "DJANGO_SETTINGS_MODULE": "plumbline.site.settings"}
        client = prepared(count)
        told = [("figures", f"{count:,}")]
        for form in FORMS:
            seconds, size = whole(client, form)
            told.append((f"all as {form}", f"{seconds:.1f} s, {count / seconds:,.0f} a second, {size / 2**20:.0f} MiB"))
        told.append(("peak memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"))
        for name, path in (("one series", "data/FIGURES/A.bench-i0.110112._T"), ("not changed", ""),
                           ("every structure", "dataflow/all/all/all?references=all")):
            told.append((f"{name}, p95", f"{p95(client, path) * 1000:.0f} ms"))
    for name, value in told:
        print(f"{name:32}{value:>48}")
    return 0


def prepared(count: int):
    """A browser of somebody who sees every figure there is."""
    django.setup()
    figures, people = (importlib.import_module(f"plumbline.store.{name}") for name in ("figures", "people"))
    call_command("migrate", verbosity=0)
    user = people.create_user(None, "root", "quite-a-long-word-7", area="", is_superuser=True)
    areas = [area.code for area in AREAS]
    years = 40
    figures.publish(None, (
        Figure(f"bench.i{at // (len(areas) * years)}", areas[at // years % len(areas)], f"{1980 + at % years}", "元",
               Decimal(at) / 7 if at % 11 else None, "" if at % 11 else "not received", counted=at, inputs=("a" * 64,))
        for at in range(count)))
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


def whole(client, form: str) -> tuple[float, int]:
    """Seconds and bytes of everything."""
    began = time.perf_counter()
    size = sum(len(piece) for piece in client.get(f"/sdmx/data/FIGURES?format={form}").streaming_content)
    return time.perf_counter() - began, size


def p95(client, path: str) -> float:
    """Seconds that nineteen of twenty looks stay below; without a path, of all figures that have not changed."""
    headers = {} if path else {"HTTP_IF_NONE_MATCH": client.get("/sdmx/data/FIGURES")["ETag"]}
    taken = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        answer = client.get(f"/sdmx/{path or 'data/FIGURES'}", **headers)
        assert answer.status_code == (200 if path else 304)
        b"".join(answer) if path else None
        taken.append(time.perf_counter() - began)
    return statistics.quantiles(taken, n=20)[-1]


if __name__ == "__main__":
    raise SystemExit(main())
