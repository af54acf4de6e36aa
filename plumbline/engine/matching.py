"""Published policies matched against their rolls: only those that rest on something else than when they were last matched."""

from collections.abc import Mapping, Sequence
from datetime import date

from plumbline.engine.cells import Cells, cells
from plumbline.engine.decide import Decided, decide
from plumbline.kernel import BadInput, Catalog, Inputs
from plumbline.store import batches, policies
from plumbline.store.policies import AREA, Matched, Policy

# columns a match is broken down by, where the roll has them
COLUMNS = ("street", "size", "trade")
# a matching that changes how it counts is done again
CODE = "2"


def outdated(catalog: Catalog, day: date) -> bool:
    """Whether any published policy waits to be matched."""
    return any(stale for _, _, stale in _waiting(catalog, day))


def match(catalog: Catalog, day: date) -> int:
    """Match what waits; how many policies were matched.

    Kept  counts, cells and amounts of each; the reasons of every row lie with `decide`
    Again a policy that cannot be matched says why, and is tried when it, the day or the roll has changed
    """
    done = 0
    for inputs, marks, rows in _waiting(catalog, day):
        if rows:
            done += _matched(rows, inputs, catalog, day, marks)
    return done


def _waiting(catalog: Catalog, day: date) -> list[tuple[Inputs, Mapping[int, str], list[Policy]]]:
    """For each roll that policies are for: what stands of it, the marks of its policies, those that are out of date."""
    found: list[tuple[Inputs, Mapping[int, str], list[Policy]]] = []
    for key in sorted(one.key for one in catalog.tables.values() if one.roll):
        rows = policies.published(key, day)
        if not rows:
            continue
        inputs = batches.inputs(catalog.tables[key])
        marks = {one.pk: policies.mark_of(one.edition, day, inputs.hashes, CODE) for one in rows}
        found.append((inputs, marks, policies.stale(rows, marks)))
    return found


def _matched(rows: Sequence[Policy], inputs: Inputs, catalog: Catalog, day: date, marks: Mapping[int, str]) -> int:
    policies.begin(rows, day)
    try:
        rules, troubles = policies.rules_read(rows, catalog)
        for one in (one for one in rows if one.pk in troubles):
            policies.fail([one], marks, troubles[one.pk])
        rows = [one for one in rows if one.pk in rules]
        decided = decide(list(rules.values()), inputs, day, catalog.parameters,
                         lambda done, of: policies.tell(rows, 60 * done // max(of, 1)))
        told = {rules[one.pk].key: one for one in rows}
        for n, (key, found) in enumerate(cells(decided, COLUMNS, AREA), 1):
            policies.keep(told[key], day, marks[told[key].pk], _told(key, found, decided))
            policies.tell(rows, 60 + 40 * n // len(rows))
    except BadInput as error:
        policies.fail(rows, marks, "；".join(dict.fromkeys(one.message for one in error.findings)))
        return 0
    return len(rows)


def _told(key: str, found: Cells, decided: Decided) -> Matched:
    """What was decided of one policy, of the rows of its own area alone."""
    counts = found.counts
    by = {name: (one.false, one.unknown, one.alone) for name, one in counts.by_condition.items()}
    given = decided.amounts(key) if decided.rules[key].gives else None
    told = {column: {value or "": one for value, one in rows.items()} for column, rows in found.cells.items()}
    return Matched(counts.eligible, counts.not_eligible, counts.unknown, by, told, given.total if given else None,
                   given.unknown if given else 0)
