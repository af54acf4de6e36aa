"""Published policies matched against their rolls: only those that rest on something else than when they were last matched."""

from collections.abc import Mapping, Sequence
from datetime import date

from plumbline.engine.decide import Decided, decide
from plumbline.engine.fitting import Over, fit
from plumbline.kernel import BadInput, Catalog, Inputs, Rule, scope
from plumbline.store import batches, policies
from plumbline.store.policies import AREA, Matched, Policy
from plumbline.store.policies.rules import within_area

# columns a match is broken down by, where the roll has them
COLUMNS = ("street", "size", "trade")
# a matching that changes how it counts is done again
CODE = "1"


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
        rules = policies.rules_of_all(rows, catalog)
        decided = decide(list(rules.values()), inputs, day, catalog.parameters,
                         lambda done, of: policies.tell(rows, 80 * done // max(of, 1)))
        for n, one in enumerate(rows, 1):
            policies.keep(one, day, marks[one.pk], _told(one, rules[one.pk], decided, catalog))
            policies.tell(rows[n:], 80 + 20 * n // len(rows))
    except BadInput as error:
        policies.fail(rows, marks, "；".join(dict.fromkeys(one.message for one in error.findings)))
        return 0
    return len(rows)


def _told(policy: Policy, rule: Rule, decided: Decided, catalog: Catalog) -> Matched:
    """What was decided of one policy, of the rows of its own area alone."""
    counts, inputs = decided.counts(rule.key), decided.inputs
    only = within_area(policy.area, inputs.table)["text"]
    area = counts.by_condition.get(AREA)
    if area is None or area.true == counts.eligible + counts.not_eligible + counts.unknown:
        whole = (counts.eligible, counts.not_eligible, counts.unknown)
        by = {key: (one.false, one.unknown, one.alone) for key, one in counts.by_condition.items()}
    else:
        told = fit(rule, Over(inputs, catalog.parameters, decided.day, only))
        whole, by = (told.eligible, told.not_eligible, told.unknown), dict(told.by)
    amount = decided.amounts(rule.key).total if rule.gives else None
    return Matched(*whole, by, {column: _cells(decided, rule.key, column, policy.area) for column in COLUMNS
                                if inputs.table.column(column)}, amount)


def _cells(decided: Decided, key: str, column: str, area: str) -> dict[str, tuple[int, int, int]]:
    """How many of each value; streets of other areas are left out, a value nobody told is empty."""
    told = {str(value or ""): one for value, one in decided.by(key, column).items()}
    return {value: one for value, one in told.items() if column != "street" or value.startswith(scope(area))}
