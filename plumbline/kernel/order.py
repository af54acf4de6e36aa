"""Kinds of order as a system declares them: states, moves with who may and what they need, clocks.

    hotline.request: registered → assigned → answered → closed
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from plumbline.kernel.clock import Clock, clock_from
from plumbline.kernel.declaration import truth
from plumbline.kernel.record import Column, column_from

STATE_KINDS = {"open": "办理中", "waiting": "等待中", "done": "已办结", "void": "已作废"}
# who may make a move: by the role of the person, or by what he is to this order
ROLES = {"operator": "话务员", "dispatcher": "派单员", "planner": "计划员", "leader": "领导", "office": "责任单位",
         "firm": "企业"}
RELATIONS = {"holder": "承办单位", "first": "首接单位", "sender": "发起单位", "asker": "来件人", "machine": "系统"}
# what a move may need or take besides the fields of the kind
NEEDS = {"reason": "理由", "office": "单位", "reply": "答复", "evidence": "佐证材料",
         "topic": "分类", "urgency": "紧急程度", "place": "街道社区"}
# those of them that put the order's own row right
AMENDS = ("topic", "urgency", "place")
# what must be over before a move: the orders this one called others by, or was split into
AFTER = {"helpers": "协办工单", "parts": "拆分的工单"}
# the move every story begins with
OPEN = "open"
HOLDERS = {"keep", "clear", "first"}
STATE_PARTS, MOVE_PARTS = {"kind", "label"}, {
    "label", "from", "to", "by", "needs", "takes", "after", "other_than", "reopens", "holder", "bulk", "says"}
KIND_PARTS = {"label", "meaning", "prefix", "owner", "first", "opens", "asks", "fields", "states", "moves", "clocks", "helper",
              "part", "delete_months"}


@dataclass(frozen=True, slots=True)
class State:
    """A state of orders. kind: open | waiting | done | void."""

    key: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Move:
    """A way from some states to one.

    to          state it leads to; empty: the order stays in the state it is in
    by          roles and relations, any of which may make it
    needs       what must be told: fields of the kind, reason, office, reply, evidence, topic, urgency, place; `takes` what
                may be. A field of the kind comes before what every order has by that name
    after       helpers | parts: these orders must be over first
    other_than  move whose last maker may not make this one (a judge is not the one who asked); `open`: who opened it
    reopens     its clocks begin again, or go on, as each declares
    holder      keep | clear (nobody holds it any more) | first (back to who received it first)
    says        what the person who asked reads of it; empty: nothing
    """

    key: str
    label: str
    sources: tuple[str, ...]
    to: str
    by: tuple[str, ...]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    other_than: str = ""
    reopens: bool = False
    holder: str = "keep"
    bulk: bool = True
    says: str = ""

    @property
    def asks(self) -> tuple[str, ...]:
        """All that may be told, what is needed first."""
        return self.needs + self.takes


@dataclass(frozen=True, slots=True)
class OrderKind:
    """A kind of order.

    prefix         what its numbers begin with
    first          state an order begins in
    opens          roles, or `asker` (the public), who may open one
    fields         what is told of an order besides what every order has
    helper, part   kinds of the orders that call others, and that it is split into; empty: not done
    delete_months  the asker's name and telephone, and what personal fields say, are dropped so many months after it is over
    """

    key: str
    label: str
    prefix: str
    first: str
    opens: tuple[str, ...]
    states: Mapping[str, State]
    moves: Mapping[str, Move]
    fields: tuple[Column, ...] = ()
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    meaning: str = ""
    owner: str = ""
    helper: str = ""
    part: str = ""
    delete_months: int = 24

    def field(self, key: str) -> Column | None:
        """The field of a key, None where there is none."""
        return next((one for one in self.fields if one.key == key), None)

    def moves_from(self, state: str) -> tuple[Move, ...]:
        """Moves there are out of a state, in the order declared."""
        return tuple(move for move in self.moves.values() if state in move.sources)


def order_kind_from(key: str, body: Any, wrong: list[str]) -> OrderKind | None:
    """A kind from its declaration (plain mappings of text, as `orders.yaml` and a form give them).

    wrong  grows by a sentence for each thing that is missing or wrong; then None is given
    """
    before = len(wrong)
    if not isinstance(body, Mapping):
        wrong.append(f"{key}: write {', '.join(sorted(KIND_PARTS))}")
        return None
    wrong += [f"{key}: {name} is no part of a kind of order; remove it" for name in sorted(set(body) - KIND_PARTS)]
    wrong += [f"{key}: {name} is missing; write it" for name in ("label", "prefix", "first", "opens", "states", "moves")
              if not body.get(name)]
    made = OrderKind(
        key, str(body.get("label") or ""), str(body.get("prefix") or ""), str(body.get("first") or ""),
        _texts(body.get("opens")),
        _each(f"{key}.states", body.get("states"), wrong, _state), _each(f"{key}.moves", body.get("moves"), wrong, _move),
        tuple(_each(f"{key}.fields", body.get("fields"), wrong, column_from).values()),
        _each(f"{key}.clocks", body.get("clocks"), wrong, clock_from),
        str(body.get("meaning") or ""), str(body.get("owner") or ""), str(body.get("helper") or ""),
        str(body.get("part") or ""), _months(key, body.get("delete_months"), wrong))
    if len(wrong) == before:
        wrong += list(_trouble(made))
    return None if len(wrong) > before else made


def _texts(told: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in ([told] if isinstance(told, str) else told or ()))


def _each(where: str, told: Any, wrong: list[str], make: Any) -> dict[str, Any]:
    """The named parts of a mapping; those that are wrong left out, and said."""
    if told and not isinstance(told, Mapping):
        wrong.append(f"{where}: write key: parts")
        return {}
    made = {str(name): make(f"{where}.{name}", str(name), one, wrong) for name, one in (told or {}).items()}
    return {name: one for name, one in made.items() if one is not None}


def _state(where: str, key: str, body: Any, wrong: list[str]) -> State | None:
    if not isinstance(body, Mapping) or set(body) - STATE_PARTS or not body.get("label") or body.get("kind") not in STATE_KINDS:
        wrong.append(f"{where}: write kind ({', '.join(STATE_KINDS)}) and label, nothing else")
        return None
    return State(key, str(body["label"]), str(body["kind"]))


def _move(where: str, key: str, body: Any, wrong: list[str]) -> Move | None:
    if not isinstance(body, Mapping):
        wrong.append(f"{where}: write {', '.join(sorted(MOVE_PARTS))}")
        return None
    told = [f"{where}: {name} is no part of a move; remove it" for name in sorted(set(body) - MOVE_PARTS)]
    told += [f"{where}: {name} is missing; write it" for name in ("label", "from", "by") if not body.get(name)]
    told += [f"{where}: by {one}; write some of {', '.join([*ROLES, *RELATIONS])}" for one in _texts(body.get("by"))
             if one not in ROLES and one not in RELATIONS]
    told += [f"{where}: after {one}; write some of {', '.join(AFTER)}" for one in _texts(body.get("after")) if one not in AFTER]
    holder = str(body.get("holder") or "keep")
    if holder not in HOLDERS:
        told.append(f"{where}: holder is {holder}; write one of {', '.join(sorted(HOLDERS))}")
    for name in ("reopens", "bulk"):
        if truth(body.get(name)) is None:
            told.append(f"{where}: {name} is {body[name]!r}; write true or false")
    wrong += told
    return None if told else Move(
        key, str(body["label"]), _texts(body["from"]), str(body.get("to") or ""), _texts(body["by"]), _texts(body.get("needs")),
        _texts(body.get("takes")), _texts(body.get("after")), str(body.get("other_than") or ""), bool(truth(body.get("reopens"))),
        holder, bool(truth(body.get("bulk", "true"))), str(body.get("says") or ""))


def _months(where: str, told: Any, wrong: list[str]) -> int:
    text = str(told or "24")
    if not (text.isascii() and text.isdigit() and int(text)):
        wrong.append(f"{where}: delete_months is {told!r}; write a number of months")
        return 0
    return int(text)


def _trouble(kind: OrderKind) -> Iterable[str]:
    """What does not fit together: states nobody gets into or out of, moves and clocks that name what is not there."""
    known = {one.key for one in kind.fields} | set(NEEDS)
    if kind.first not in kind.states:
        yield f"{kind.key}: first is {kind.first}; write one of its states"
    for opener in kind.opens:
        if opener not in ROLES and opener != "asker":
            yield f"{kind.key}: opens {opener}; write some of {', '.join([*ROLES, 'asker'])}"
    for state in kind.states.values():
        if state.key != kind.first and not any(move.to == state.key for move in kind.moves.values()):
            yield f"{kind.key}.{state.key}: no move leads to it; add one, or remove the state"
        if state.kind in ("open", "waiting") and not any(move.to for move in kind.moves_from(state.key)):
            yield f"{kind.key}.{state.key}: no move leads out of it; add one, or make its kind done or void"
    for move in kind.moves.values():
        if strange := {*move.sources, *([move.to] if move.to else [])} - set(kind.states):
            yield f"{kind.key}.{move.key}: {', '.join(sorted(strange))} is no state of it"
        if strange := set(move.asks) - known:
            yield f"{kind.key}.{move.key}: needs {', '.join(sorted(strange))}; write fields of the kind, or {', '.join(NEEDS)}"
        if move.other_than and move.other_than not in kind.moves and move.other_than != OPEN:
            yield f"{kind.key}.{move.key}: other_than {move.other_than} is no move of it"
    for clock in kind.clocks.values():
        if strange := {*clock.starts, *clock.stops, *clock.pauses} - set(kind.states):
            yield f"{kind.key}.{clock.key}: {', '.join(sorted(strange))} is no state of it"
