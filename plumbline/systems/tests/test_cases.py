"""Worked cases of every system: what its rules say of a row on a day."""

from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from django.conf import settings

from plumbline.engine import decide
from plumbline.engine.tests import made
from plumbline.kernel import Inputs, Judge, case

SYSTEMS = settings.CATALOG.systems
DAY = date(2020, 6, 15)


@cache
def cases(key):
    return case.cases(SYSTEMS[key].folder)


@pytest.mark.parametrize(("key", "at"), [(key, at) for key in SYSTEMS for at in range(len(cases(key)))],
                         ids=lambda told: str(told))
def test_a_worked_case_comes_out(key, at):
    assert case.trouble(cases(key)[at], settings.CATALOG) == []


@pytest.mark.parametrize("key", SYSTEMS)
def test_a_rule_with_cases_has_them_of_all_three_answers(key):
    told = {(one.of, one.holds) for one in cases(key) if not one.column}
    assert [rule for rule, _ in told if not {(rule, answer) for answer in ("true", "false", "null")} <= told] == []
    assert {rule for rule, _ in told} <= settings.CATALOG.rules.keys()


@pytest.mark.parametrize("key", [key for key in SYSTEMS if cases(key)])
def test_all_rules_say_the_same_of_all_rows_at_once(tmp_path, key):
    catalog, told = settings.CATALOG, [one for one in cases(key) if one.of in settings.CATALOG.rules]
    for table in {catalog.rules[one.of][0].table for one in told}:
        rows = [case.row_of(one, catalog.tables[table], catalog) for one in told if catalog.rules[one.of][0].table == table]
        inputs = Inputs(catalog.tables[table], (made.write(tmp_path, table, catalog.tables[table], rows),))
        rules = [rule for versions in catalog.rules.values() for rule in versions if rule.table == table]
        for at, rule in enumerate(rules):
            rules[at] = replace(rule, key=f"{rule.key}.{at}")
        decided = decide(rules, inputs, DAY, catalog.parameters, folder=tmp_path / "kept")
        for rule in rules:
            judge = Judge(rule, catalog.tables[table], catalog.parameters, DAY)
            decisions = [judge.on(row) for row in rows]
            amounts = [one.amount for one in decisions if one.holds]
            [part] = decided.parts
            assert decided.answer(rule.key, part).to_pylist() == [one.holds for one in decisions], rule.key
            known = [amount for amount in amounts if amount is not None]
            wanted = (sum(known), len(known), len(amounts) - len(known)) if rule.gives else (0, 0, 0)
            assert decided.amounts(rule.key) == wanted, rule.key
