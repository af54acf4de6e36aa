"""Worked cases: a row, a day, and what a rule must say of it, agreed with the owner of the rule. `cases/*.yaml` of a system."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from plumbline.kernel.catalog import Catalog
from plumbline.kernel.decision import Decision, Judge, parsed
from plumbline.kernel.declaration import declared, truth
from plumbline.kernel.errors import BadDeclaration
from plumbline.kernel.record import Column, Table
from plumbline.kernel.rule import rule_on

RULE_PARTS = {"name", "rule", "date", "given", "holds", "because", "amount", "wants"}
COLUMN_PARTS = {"name", "column", "date", "given", "gives"}
Told = bool | int | Decimal | str | date | None


@dataclass(frozen=True, slots=True)
class Case:
    """A worked case of a rule, or of a derived column.

    of       key of the rule, or `system.table.column`
    given    the row: known columns and their text; the derived ones are reckoned where they are not given
    holds    what the rule says of it; of a column: the value
    because  what some of the conditions say
    amount   yuan; not compared where it is not written
    wants    the columns that would decide it; not compared where not written
    """

    name: str
    of: str
    date: date
    given: Mapping[str, str]
    holds: str
    because: Mapping[str, str] = field(default_factory=dict)
    amount: str | None = None
    wants: tuple[str, ...] | None = None
    column: bool = False


def cases(folder: Path) -> tuple[Case, ...]:
    """The cases of a system's folder; a file that names neither rule nor column is for a test of the system's own.

    Raises  BadDeclaration, naming the file and what is wrong
    """
    found: list[Case] = []
    for path in sorted((folder / "cases").glob("*.yaml")):
        told, wrong = declared(path), list[str]()
        if not isinstance(told, list):
            raise BadDeclaration(f"{path}: write a list of cases, each with {', '.join(sorted(RULE_PARTS))}")
        if not any(isinstance(one, Mapping) and {"rule", "column"} & one.keys() for one in told):
            continue
        found += [case for at, one in enumerate(told) if (case := _case(f"case {at + 1}", one, wrong))]
        if wrong:
            raise BadDeclaration(f"{path}: " + "; ".join(wrong))
    return tuple(found)


def _case(where: str, body: Any, wrong: list[str]) -> Case | None:
    if not isinstance(body, Mapping):
        wrong.append(f"{where}: write {', '.join(sorted(RULE_PARTS))}")
        return None
    column = "column" in body
    parts = COLUMN_PARTS if column else RULE_PARTS
    needed = ("name", "column", "date", "given", "gives") if column else ("name", "rule", "date", "given", "holds")
    where = str(body.get("name") or where)
    before = len(wrong)
    wrong += [f"{where}: {name} is no part of a case; remove it" for name in sorted(set(body) - parts)]
    wrong += [f"{where}: {name} is missing; write it" for name in needed if name not in body]
    try:
        day = date.fromisoformat(str(body.get("date")))
    except ValueError:
        wrong.append(f"{where}: date is {body.get('date')!r}; write 2020-05-01")
    if len(wrong) > before:
        return None
    wants = tuple(body["wants"] or ()) if "wants" in body else None
    return Case(where, str(body["column" if column else "rule"]), day, dict(body["given"] or {}),
                str(body["gives" if column else "holds"]), dict(body.get("because") or {}), body.get("amount"), wants, column)


def trouble(case: Case, catalog: Catalog) -> list[str]:
    """What the catalog says otherwise than the case; empty where they agree."""
    if case.column:
        return _column_trouble(case, catalog)
    rule = rule_on(catalog.rules.get(case.of, ()), case.date)
    if rule is None:
        return [f"{case.name}: there is no rule {case.of} on {case.date}"]
    table = catalog.tables[rule.table]
    row = row_of(case, table, catalog)
    return [f"{case.name}: {what}" for what in _differs(case, Judge(rule, table, catalog.parameters, case.date).on(row))]


def _column_trouble(case: Case, catalog: Catalog) -> list[str]:
    name, _, key = case.of.rpartition(".")
    table = catalog.tables.get(name)
    column = table.column(key) if table else None
    if table is None or column is None:
        return [f"{case.name}: there is no column {case.of}"]
    found, wanted = row_of(case, table, catalog)[key], value(column, case.holds)
    return [] if found == wanted else [f"{case.name}: {case.of} is {found}, not {wanted}"]


def row_of(case: Case, table: Table, catalog: Catalog) -> dict[str, Told]:
    """The row of a case: what is given in the columns' types, and what is derived from it."""
    unknown = sorted(set(case.given) - {column.key for column in table.columns})
    if unknown:
        raise BadDeclaration(f"{case.name}: {', '.join(unknown)} is no column of {table.key}")
    row = {column.key: value(column, case.given.get(column.key)) for column in table.columns}
    for column in table.derived_columns:
        if column.key not in case.given:
            row[column.key] = parsed(column.derived, table, catalog.parameters).on(row, case.date)
    return row


def value(column: Column, text: str | None) -> Told:
    """A text in a column's own type; None where nothing is written, or null. Raises BadDeclaration."""
    if text in (None, "", "null", "~"):
        return None
    try:
        return _value(column, str(text))
    except (ValueError, InvalidOperation) as error:
        raise BadDeclaration(f"{column.key} is {text!r}; it is a {column.type}") from error


def _value(column: Column, text: str) -> Told:
    if column.type == "boolean":
        return truth(text)
    if column.type == "integer":
        return int(text)
    if column.type == "decimal":
        return Decimal(text)
    return date.fromisoformat(text) if column.type == "date" else text


def _differs(case: Case, told: Decision) -> Iterable[str]:
    if told.holds is not _truth(case.holds):
        yield f"holds is {told.holds}, not {_truth(case.holds)}"
    found = {one.key: one.holds for one in told.conditions}
    for key, wanted in case.because.items():
        if key not in found:
            yield f"there is no condition {key}"
        elif found[key] is not _truth(wanted):
            yield f"{key} is {found[key]}, not {_truth(wanted)}"
    if case.amount is not None and told.amount != _amount(case.amount):
        yield f"amount is {told.amount} {told.why_no_amount}, not {case.amount}"
    if case.wants is not None and set(told.wants) != set(case.wants):
        yield f"wants {', '.join(told.wants) or 'nothing'}, not {', '.join(case.wants) or 'nothing'}"


def _amount(text: str) -> Decimal | None:
    return None if text in ("", "null", "~") else Decimal(text)


def _truth(text: str) -> bool | None:
    return None if text in ("", "null", "~") else truth(text)
