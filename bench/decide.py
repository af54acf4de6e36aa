"""Rules on the firms of a city, the reasons kept: Plumbline in bulk and row by row, beside zen-engine and plain Polars.

    bench/decide.py [FIRMS] [PAIRS]     2,200,000 and 0 unless said otherwise; files are kept in build/decide

A rule check is one policy on one firm. Firms miss 12 % of what could be known; zen-engine and Polars, in build/bench, are asked
the same policies in the same run. zen-engine has no third answer: it is compared on firms of whom everything is known.
PAIRS: so many pairs of rules and rows by chance are judged beside one who tries everything (`kernel/tests/brute.py`).
"""

import importlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import django
from rich.console import Console
from rich.table import Table as Printed

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plumbline.site.settings")
django.setup()
kernel, engine, brute = (importlib.import_module(f"plumbline.{name}") for name in ("kernel", "engine", "kernel.tests.brute"))
policies = importlib.import_module("policies")
ROOT = Path(__file__).parent.parent / "build/decide"
PEERS = Path(__file__).parent.parent / "build/bench/bin/python"
FIRMS, POLICIES, ONE = 2_200_000, 500, 60
DAY = policies.DAY


def main() -> int:
    """Print the table."""
    firms, pairs = ([int(told) for told in sys.argv[1:]] + [FIRMS, 0][len(sys.argv) - 1:])[:2]
    inputs, told = policies.firms(ROOT / "firms", firms), policies.policies(POLICIES)
    table = Printed(title=f"{firms:,} firms in {len(inputs.files)} files, {POLICIES} policies of 3 to 6 conditions")
    for name in ("what", "measured", "wanted", ""):
        table.add_column(name, justify="right" if name in ("measured", "wanted") else "left")
    rules = policies.rules(told)
    bulk(table, rules, inputs)
    looked(table, rules, inputs)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    table.add_row("peak memory of all the above, GiB", f"{peak:.2f}", "12", "")
    answers = rows(table)
    peers(table, inputs, told, answers)
    if pairs:
        judged(table, pairs)
    Console(width=150).print(table)
    return 0


def timed(act):
    """What it gives, and seconds by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    given = act()
    return given, time.perf_counter() - clock, time.process_time() - processor


def decided(rules, inputs):
    told = engine.decide(rules, inputs, DAY, {}, folder=ROOT / "kept")
    return told, {rule.key: told.counts(rule.key) for rule in rules}


def bulk(table, rules, inputs) -> None:
    """All on all; then again; then with one policy and one file changed."""
    shutil.rmtree(ROOT / "kept", ignore_errors=True)
    firms = sum(file.rows for file in inputs.files)
    (told, _), clock, processor = timed(lambda: decided(rules, inputs))
    distinct = len({name for names in told.names.values() for name in names})
    kept = sum(path.stat().st_size for path in (ROOT / "kept").rglob("*.arrow")) / 2**30
    table.add_row("all firms x all policies, reasons kept, all counted, s", f"{clock:.1f}", "60",
                  f"{processor:.1f} of the processor; {distinct} different conditions; {kept:.2f} GiB kept")
    cores = min(os.cpu_count(), processor / clock)
    table.add_row("rule checks a second", f"{firms * len(rules) / clock / 1e6:,.0f} million", "50 million",
                  f"{firms * len(rules) / processor / 1e6:,.0f} million by a core; {cores:.2f} cores were to be had, "
                  f"load {os.getloadavg()[0]:.0f}")
    again = timed(lambda: decided(rules, inputs))
    table.add_row("the same again, everything kept, s", f"{again[1]:.1f}", "", f"{again[2]:.1f} of the processor")
    first = rules[0]
    changed = replace(first, conditions=(replace(first.conditions[0], text="employees < 77"), *first.conditions[1:]))
    table.add_row("one condition of one policy changed, s", f"{timed(lambda: decided([changed], inputs))[1]:.2f}", "", "")
    shutil.rmtree(ROOT / "kept" / inputs.files[0].sha256)
    again = timed(lambda: engine.decide(rules, inputs, DAY, {}, folder=ROOT / "kept"))
    table.add_row("one file of 25,000 firms changed, all policies, s", f"{again[1]:.2f}", "", "without counting")


def looked(table, rules, inputs) -> None:
    """Look-ups, and live counts."""
    told = engine.decide(rules, inputs, DAY, {}, folder=ROOT / "kept")
    asked = [f"91{at:016}" for at in range(7, sum(file.rows for file in inputs.files), 400_009)]
    whys = [timed(lambda rule=rule, code=code: told.why(rule.key, code))[1] * 1000 for rule in rules[:4] for code in asked]
    table.add_row("why one firm is not in one policy, of all firms, ms", f"{statistics.median(whys):.0f}", "", "")
    street = timed(lambda: told.by(rules[0].key, "street"))
    table.add_row("a policy by street, ms", f"{street[1] * 1000:.0f}", "", f"{street[2] * 1000:.0f} of the processor")
    few = replace(inputs, files=inputs.files[:6])
    live = [timed(lambda rule=rule: engine.live(rule, few, DAY, {}).counts(rule.key))[1] * 1000 for rule in rules[:20]]
    table.add_row("live counts of a rule being typed, 150,000 firms, ms", f"{statistics.median(live):.0f}", "300",
                  f"most {max(live):.0f}")


def rows(table) -> list[list[bool]]:
    """One firm x 60 policies by the row judge; gives the answers of whole firms."""
    told = policies.rules(policies.policies(ONE, simple=True))
    judges = [kernel.Judge(rule, policies.TABLE, {}, DAY) for rule in told]
    for name, firms in (("12 % missing", policies._rows(10**7, 500).to_pylist()), ("everything known", policies.whole(500))):
        runs = [timed(lambda firm=firm: [judge.on(firm) for judge in judges]) for firm in firms]
        spent, middle = [run[1] * 1000 for run in runs], statistics.median(run[1] for run in runs) * 1000
        table.add_row(f"one firm x {ONE} policies, full reasons, ms: {name}", f"{middle:.2f}", "2",
                      f"{statistics.median(run[2] for run in runs) * 1000:.2f} of the processor; 95 of 100 under "
                      f"{sorted(spent)[475]:.2f}; {ONE / middle * 1000:,.0f} rule checks a second")
    return [[judge.on(firm).holds for judge in judges] for firm in policies.whole(500)]


def peers(table, inputs, told, answers) -> None:
    """zen-engine and Polars, where they are installed."""
    asked = {"one": policies.policies(ONE, simple=True), "firms": policies.whole(500), "all": told,
             "files": [str(file.path) for file in inputs.files]}
    (ROOT / "asked.json").write_text(json.dumps(asked, default=str), encoding="utf-8")
    done = subprocess.run([PEERS, Path(__file__).parent / "decide_peers.py", ROOT / "asked.json"], capture_output=True, text=True,
                          check=False)
    if done.returncode:
        table.add_row("zen-engine, Polars", "not run", "", done.stderr.strip().splitlines()[-1][:60] if done.stderr else "")
        return
    given = json.loads(done.stdout)
    same = sum(one == other for mine, theirs in zip(answers, given["zen_answers"], strict=True)
               for one, other in zip(mine, theirs, strict=True))
    table.add_row(f"zen-engine: one firm x {ONE} policies, one table, ms", f"{given['zen_ms']:.2f}", "", given["zen"])
    table.add_row("zen-engine: every condition answered, as a reason is, ms", f"{given['zen_reasons_ms']:.2f}", "", "")
    table.add_row("same answers as zen-engine, everything known", f"{same:,} of {len(answers) * ONE:,}", "all", "")
    table.add_row("Polars: all policies counted, no reasons kept, s", f"{given['polars_s']:.1f}", "",
                  f"{given['polars_cpu']:.1f} of the processor; {given['polars']}")
    table.add_row("Polars: every condition and policy to disk, s", f"{given['polars_kept_s']:.1f}", "",
                  f"{given['polars_kept_cpu']:.1f} of the processor")


def judged(table, pairs: int) -> None:
    """So many pairs beside a judge who tries everything."""
    parts = 40  # with a thousand rows a rule
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        told = list(pool.map(brute.pairs, [max(pairs // parts // 1000, 1)] * parts, [1000] * parts, range(1000, 1000 + parts)))
    count, unknown = sum(one.judged for one in told), sum(one.unknown for one in told)
    wrong, more = sum(len(one.wrong) for one in told), sum(len(one.more) for one in told)
    table.add_row("pairs judged beside one who tries everything", f"{count:,}", "1,000,000", f"{unknown:,} cannot be told")
    table.add_row("wrong answers, or named fields that do not decide", f"{wrong:,}", "0", f"a field named without need: {more:,}")


if __name__ == "__main__":
    sys.exit(main())
