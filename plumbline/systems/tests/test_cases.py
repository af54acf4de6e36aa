"""Worked cases of every system: what its rules say of a row on a day."""

from functools import cache

import pytest
from django.conf import settings

from plumbline.kernel import case

SYSTEMS = settings.CATALOG.systems


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
