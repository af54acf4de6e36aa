"""The help of 2020 as rules: each entry has cases of each answer, what a case wants decides it. The standard suite runs them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from plumbline.kernel import mapping, parameters, parse_expression, table_from
from plumbline.kernel.decision import Judge
from plumbline.kernel.declaration import declared, truth
from plumbline.kernel.rule import rule_on, rules_from

FOLDER = Path(__file__).parent.parent
FILES = ("deferral", "guarantee", "insurance", "rent", "training", "unemployment")
HOLDS = {"true": True, "false": False, "null": None}


def read():
    wrong = []
    tables = {f"enterprise.{key}": table_from(f"enterprise.{key}", body, wrong)
              for key, body in mapping(FOLDER / "records.yaml").items()}
    numbers = {f"enterprise.{key}": one for path in sorted((FOLDER / "parameters").glob("*.yaml"))
               for key, one in parameters(path).items()}
    rules = {f"enterprise.{key}": rules_from(f"enterprise.{key}", body, tables, numbers, wrong)
             for key, body in mapping(FOLDER / "rules.yaml").items()}
    assert wrong == []
    return tables["enterprise.firms"], numbers, {key: told for key, told in rules.items() if told[0].table == "enterprise.firms"}


TABLE, NUMBERS, RULES = read()
CASES = [(name, case) for name in FILES for case in declared(FOLDER / "cases" / f"{name}.yaml")]
DERIVED = {one.key: parse_expression(one.derived, replace(TABLE, columns=TABLE.columns[:TABLE.columns.index(one)]), NUMBERS)
           for one in TABLE.derived_columns}


def value(key, text):
    made = {"integer": int, "decimal": Decimal, "boolean": truth, "date": date.fromisoformat}
    return made.get(TABLE.column(key).type, str)(text)


def decided(case):
    day = date.fromisoformat(case["date"])
    rule = rule_on(RULES[case["rule"]], day)
    assert rule is not None, f"no rule {case['rule']} on {day}"
    return Judge(rule, TABLE, NUMBERS, day).on(reckoned({key: value(key, text) for key, text in case["given"].items()}, day))


def reckoned(row, day):
    """A row as the roll keeps it: what is derived is reckoned where the case does not say it."""
    for key, told in DERIVED.items():
        row = {key: told.on(row, day), **row}
    return row


def test_every_entry_of_the_library_has_cases_of_each_answer_it_can_give():
    told = {(case["rule"], rule_on(RULES[case["rule"]], date.fromisoformat(case["date"])).since, case["holds"])
            for _, case in CASES}
    entries = {(key, rule.since) for key, rules in RULES.items() for rule in rules}
    assert len(entries) == 12
    assert {(key, since) for key, since, _ in told} == entries
    short = {(key, since) for key, since in entries if {holds for k, s, holds in told if (k, s) == (key, since)} != set(HOLDS)}
    assert short == set()


def test_setting_the_named_fields_decides():
    for _, case in CASES:
        if case["holds"] != "null":
            continue
        like = next(one for _, one in CASES if (one["rule"], one["holds"]) == (case["rule"], "true"))
        filled = {"industry": "C3911", **like["given"]}
        full = {**case, "given": {key: case["given"].get(key) or filled.get(key, "0")
                                  for key in case["given"].keys() | set(case["wants"])}}
        assert decided(full).holds is not None, case["name"]


def test_after_its_last_day_a_rule_holds_of_nobody():
    assert rule_on(RULES["enterprise.rent_relief"], date(2020, 5, 1)) is None
    assert rule_on(RULES["enterprise.rent_relief"], date(2020, 1, 31)) is None
    assert rule_on(RULES["enterprise.unemployment_return"], date(2026, 1, 1)) is None


def test_what_nobody_read_in_a_paper_says_so():
    doubted = [rule.key for rules in RULES.values() for rule in rules if "据记忆" in rule.source]
    assert {"enterprise.tax_deferral", "enterprise.training_posts", "enterprise.guarantee_cut"} <= set(doubted)
    reasons = [one.source for rules in RULES.values() for rule in rules for one in rule.conditions if one.key == "staff"]
    assert reasons
    assert all("待核" in one for one in reasons)
