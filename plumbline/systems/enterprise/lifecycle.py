"""Where a firm stands in its life (新设 成长 平稳 收缩 休眠 注销) and what it is warned of, by dated rules that give reasons.

Each stage and each warning is a rule of `rules.yaml` over the row of a firm and month. A firm is in the first stage whose
rule holds, in the order below: one that is closed is not also shrinking. Where none holds, nobody can tell, and the page
says which facts are missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from plumbline.engine.panel import Label
from plumbline.kernel import Catalog
from plumbline.kernel.decision import Decision, Judge, parsed
from plumbline.kernel.expression import Expression
from plumbline.kernel.rule import Rule, rule_on

ACTIVITY = "enterprise.activity"
# in the order they are asked; what the rule is called, what the stage is
STAGES = (("closed", "注销"), ("dormant", "休眠"), ("new", "新设"), ("shrinking", "收缩"), ("growing", "成长"),
          ("steady", "平稳"))
WARNINGS = (("warns_closing", "closing", "濒临关停"), ("warns_drop", "drop", "活跃度骤降"),
            ("warns_people", "people", "参保骤降"), ("warns_idle", "idle", "没有活动"))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a firm is in a stage or warned of something: what the rule asks, whether it holds, and where it is written."""

    label: str
    conditions: tuple[tuple[str, bool | None], ...]
    source: str
    wants: tuple[str, ...] = ()


def rule(catalog: Catalog, name: str, day: date) -> Rule | None:
    """The rule of a stage or warning that is in force on a day."""
    return rule_on(catalog.rules.get(f"enterprise.{name}", ()), day)


def labels(catalog: Catalog, day: date) -> tuple[Label, ...]:
    """Stages and warnings as the engine asks them of all firms."""
    stages = tuple((label, told) for name, label in STAGES if (told := whole(catalog, rule(catalog, f"stage_{name}", day))))
    warns = ((column, whole(catalog, rule(catalog, f"warning_{name}", day))) for column, name, _ in WARNINGS)
    return (Label("stage", stages), *(Label(column, ((None, told),)) for column, told in warns if told))


def whole(catalog: Catalog, one: Rule | None) -> Expression | None:
    """All conditions of a rule as one expression; None where there is no rule."""
    if one is None:
        return None
    text = " and ".join(f"({condition.text})" for condition in one.conditions)
    return parsed(text, catalog.tables[ACTIVITY], catalog.parameters)


def stage_reason(catalog: Catalog, row: Mapping[str, Any], day: date) -> Reason | None:
    """Why a firm is in its stage; where it is in none, what is missing for the last that could be told."""
    for name, label in STAGES:
        one = rule(catalog, f"stage_{name}", day)
        if one is not None:
            told = Judge(one, catalog.tables[ACTIVITY], catalog.parameters, day).on(row)
            if told.holds:
                return reason(label, one, told)
    return None


def warning_reasons(catalog: Catalog, row: Mapping[str, Any], day: date) -> list[Reason]:
    """Why a firm is warned of something, the gravest first."""
    found = []
    for column, name, label in WARNINGS:
        one = rule(catalog, f"warning_{name}", day)
        if one is not None and row.get(column):
            found.append(reason(label, one, Judge(one, catalog.tables[ACTIVITY], catalog.parameters, day).on(row)))
    return found


def reason(label: str, one: Rule, told: Decision) -> Reason:
    """A rule's answer for people."""
    return Reason(label, tuple((each.label, each.holds) for each in told.conditions), one.source, told.wants)


def warned(row: Mapping[str, Any]) -> list[str]:
    """What a firm is warned of, in words."""
    return [label for column, _, label in WARNINGS if row.get(column)]


def any_warning() -> str:
    """The condition of a row that is warned of something."""
    return " or ".join(f"coalesce({column}, false)" for column, _, _ in WARNINGS)


__all__ = ["STAGES", "WARNINGS", "Reason", "any_warning", "labels", "rule", "stage_reason", "warned", "warning_reasons"]
