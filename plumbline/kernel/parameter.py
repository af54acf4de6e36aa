"""Dated parameters: numbers an official may ask to change without a release, each with the paper it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from plumbline.kernel.declaration import declared
from plumbline.kernel.errors import BadDeclaration

PARTS = {"meaning", "unit", "values", "reviewed_on"}


@dataclass(frozen=True, slots=True)
class Dated:
    """A value and the day it holds from."""

    since: date
    value: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that changes over time; `values` from the oldest on."""

    key: str
    meaning: str
    unit: str
    values: tuple[Dated, ...]
    reviewed_on: date

    def on(self, day: date) -> Dated | None:
        """The value in force on a day; None before the first."""
        return next((dated for dated in reversed(self.values) if dated.since <= day), None)


def parameters(path: Path) -> dict[str, Parameter]:
    """The parameters of a file, by key: `extensions` in reply.yaml is `reply.extensions`.

    Raises  BadDeclaration, naming the file and everything in it that is missing or wrong
    """
    told = declared(path)
    if not isinstance(told, dict):
        raise BadDeclaration(f"{path}: write parameters, each with {', '.join(sorted(PARTS))}")
    wrong: list[str] = []
    found = {f"{path.stem}.{name}": _parameter(f"{path.stem}.{name}", body, wrong) for name, body in told.items()}
    if wrong:
        raise BadDeclaration(f"{path}: " + "; ".join(wrong))
    return {key: parameter for key, parameter in found.items() if parameter}


def _parameter(key: str, body: Any, wrong: list[str]) -> Parameter | None:
    before = len(wrong)
    if not isinstance(body, Mapping):
        wrong.append(f"{key}: write {', '.join(sorted(PARTS))}")
        return None
    wrong += [f"{key}: {name} is missing; write it" for name in sorted(PARTS) if not body.get(name)]
    wrong += [f"{key}: {name} is no part of a parameter; remove it" for name in sorted(body.keys() - PARTS)]
    values = _values(key, body.get("values"), wrong)
    reviewed = _day(body.get("reviewed_on"))
    if body.get("reviewed_on") and reviewed is None:
        wrong.append(f"{key}: reviewed_on is {body['reviewed_on']!r}; write a real day")
    if len(wrong) > before or reviewed is None:
        return None
    return Parameter(key, body["meaning"], body["unit"], values, reviewed)


def _values(key: str, told: Any, wrong: list[str]) -> tuple[Dated, ...]:
    if not told:
        return ()
    if not isinstance(told, Mapping):
        wrong.append(f"{key}: values: write since: {{value, source}}")
        return ()
    dated = [_dated(f"{key}, {since}", since, body, wrong) for since, body in told.items()]
    return tuple(sorted((one for one in dated if one), key=lambda one: one.since))


def _dated(where: str, since: str, body: Any, wrong: list[str]) -> Dated | None:
    day, parts = _day(since), body if isinstance(body, Mapping) else {}
    value = _decimal(parts.get("value"))
    if day is None:
        wrong.append(f"{where}: not a real day; write 2020-01-31")
    if value is None:
        wrong.append(f"{where}: value {parts.get('value')!r} is no number; write one")
    if not parts.get("source"):
        wrong.append(f"{where}: source is missing; name the paper")
    return Dated(day, value, parts["source"]) if day and value is not None and parts.get("source") else None


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def _decimal(text: Any) -> Decimal | None:
    try:
        value = Decimal(text)
    except (TypeError, ValueError, InvalidOperation):
        return None
    return value if value.is_finite() else None
