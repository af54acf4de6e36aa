"""A report of 287 invented numbers on its way to print: Word, inline XBRL, pdf; Arelle's verdict; reading it back; changes found.

    .venv/bin/python bench/export.py

Nobody else binds every number of a Chinese report to its figure, so there is no peer in the table.
"""

import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile

from rich.console import Console
from rich.table import Table

from plumbline.kernel import AGREES
from plumbline.reports import read
from plumbline.reports.export import docx, ixbrl, pdf
from plumbline.reports.export.tests.test_inline import PROBE
from plumbline.reports.writing import paper
from plumbline.reports.writing.law import changes, cited
from plumbline.reports.writing.tests import long
from plumbline.reports.writing.tests.round import score

CHANGED = 1000


def arelle(data):
    """Errors and facts Arelle finds, with no network; the spent seconds."""
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(io.BytesIO(data)).extractall(folder)
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "XDG_CONFIG_HOME": folder, "LANG": "C.UTF-8"}
        begin = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", PROBE, f"{folder}/report/reports/report.xhtml"], env=environment,
                              capture_output=True, text=True, check=True)
        spent = time.perf_counter() - begin
    logs, facts = json.loads(done.stdout.splitlines()[-1])
    return len(logs), len(facts), spent


def main():
    made = paper(long.HEAD, long.lines(), long.BASIS).paper
    table = Table(title=f"a report of {len(made.cites)} numbers, {sum(len(one.text) for one in made.paragraphs):,} characters")
    table.add_column("what")
    table.add_column("reached", justify="right")
    total, files = 0.0, {}
    for name, export in (("docx", docx), ("inline XBRL", ixbrl), ("pdf, LibreOffice started for it", pdf)):
        begin = time.perf_counter()
        files[name] = export(made)
        total += time.perf_counter() - begin
        table.add_row(name, f"{time.perf_counter() - begin:.2f} s")
    table.add_row("all three", f"{total:.2f} s")
    errors, facts, spent = arelle(files["inline XBRL"])
    table.add_row("Arelle: errors and warnings / facts", f"{errors} / {facts} ({spent:.1f} s)")
    back = read(files["docx"], "report.docx")
    table.add_row("docx read back, all keys at once (F1)", f"{score(made, back).f1:.4f}")
    every = list(changes(made))
    some = random.Random(7).sample(every, min(CHANGED, len(every)))
    found = sum(any(one.verdict != AGREES for one in cited(made, long.BASIS, one.text)) for one in some)
    table.add_row(f"one figure changed by hand, {len(some)} times: found", f"{found}")
    Console().print(table)


if __name__ == "__main__":
    main()
