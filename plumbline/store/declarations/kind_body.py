"""A kind of order as plain mappings of text, as `orders.yaml` has it: what a form changes and `order_kind_from` reads."""

from collections.abc import Mapping
from typing import Any

from plumbline.kernel import Clock, Column, Level, Move, OrderKind


def body_of(kind: OrderKind) -> dict[str, Any]:
    """The declaration of a kind; read again it gives the same kind."""
    return _full({
        "label": kind.label, "meaning": kind.meaning, "prefix": kind.prefix, "owner": kind.owner, "first": kind.first,
        "opens": list(kind.opens), "helper": kind.helper, "part": kind.part, "delete_months": str(kind.delete_months),
        "fields": {one.key: _field(one) for one in kind.fields},
        "states": {key: {"kind": one.kind, "label": one.label} for key, one in kind.states.items()},
        "moves": {key: _move(one) for key, one in kind.moves.items()},
        "clocks": {key: _clock(one) for key, one in kind.clocks.items()},
    })


def in_order(told: Any, like: Any) -> Any:
    """A declaration with its parts in the order in which the system declares them: a database keeps them in an order of its own.

    >>> in_order({"a": 1, "b": {"d": 2, "c": 3}, "e": 4}, {"b": {"c": 0, "d": 0}, "a": 0})
    {'b': {'c': 3, 'd': 2}, 'a': 1, 'e': 4}
    """
    if not isinstance(told, Mapping) or not isinstance(like, Mapping):
        return told
    return {key: in_order(told[key], like.get(key)) for key in [*(key for key in like if key in told), *told]}


def _full(told: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if value not in ("", [], {}, None)}


def _field(one: Column) -> dict[str, Any]:
    return _full({"type": one.type, "label": one.label, "meaning": one.meaning, "unit": one.unit,
                  "scale": str(one.scale) if one.type == "decimal" else "", "required": str(one.required).lower(),
                  "personal": "true" if one.personal else "", "choices": list(one.choices)})


def _move(one: Move) -> dict[str, Any]:
    return _full({
        "label": one.label, "from": list(one.sources), "to": one.to, "by": list(one.by), "needs": list(one.needs),
        "takes": list(one.takes), "after": list(one.after), "other_than": one.other_than,
        "reopens": "true" if one.reopens else "", "holder": "" if one.holder == "keep" else one.holder,
        "bulk": "" if one.bulk else "false", "says": one.says})


def _clock(one: Clock) -> dict[str, Any]:
    return _full({
        "label": one.label, "starts": list(one.starts), "stops": list(one.stops), "pauses": list(one.pauses), "of": one.of,
        "by": one.by, "begins": one.begins, "ends": one.ends, "transfer": one.transfer, "reopen": one.reopen, "most": one.most,
        "asks": list(one.asks), "grants": list(one.grants), "done": one.done,
        "levels": {level.key: _level(level) for level in one.levels}})


def _level(one: Level) -> dict[str, Any]:
    return _full({"label": one.label, "to": list(one.to), "hours": one.hours,
                  "used": "" if one.used is None else str(one.used),
                  "before": "" if one.before is None else f"{one.before:f}{one.unit}",
                  "after": "" if one.after is None else f"{one.after:f}{one.unit}"})
