"""The clocks of an order as its page shows them: how far each is, and how its due time was reckoned."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from plumbline.kernel import OrderKind
from plumbline.kernel.deadline import STATES
from plumbline.store import orders
from plumbline.store.models import Extension
from plumbline.store.orders.extensions import waiting_for
from plumbline.web.orders.rows import OPEN, left_words, span_words

TONES = {"idle": "none", "stopped": "none", "met": "fine", "late_met": "late", "late": "late"}


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock of an order.

    tone   fine, remind, warn, late, none
    left   what time is left or was, in words
    steps  how its due time was reckoned, a line a step
    """

    key: str
    label: str
    state: str
    state_key: str
    tone: str
    at: datetime | None
    left: str
    steps: list[str]
    uncertain: bool
    current: bool


@dataclass(frozen=True, slots=True)
class ExtensionView:
    """An extension asked for; `decidable` by this person."""

    key: int
    clock: str
    words: str
    why: str
    state: str
    by: str
    at: datetime
    decided_by: str
    answer: str
    decidable: bool


def clocks(order: Any, kind: OrderKind, now: datetime) -> list[ClockView]:
    """The clocks of an order that were ever started."""
    return list(_clocks(order, kind, now))


def _clocks(order: Any, kind: OrderKind, now: datetime) -> Iterator[ClockView]:
    for key, clock in kind.clocks.items():
        due = orders.due_of(order, key, now)
        if due is None or due.state == "idle":
            continue
        yield ClockView(key, clock.label, STATES[due.state], due.state, tone_of(order, key, due), due.at,
                        left_of(due, now), list(due.steps), due.uncertain, key == order.due_clock)


def tone_of(order: Any, key: str, due: Any) -> str:
    """The colour of a clock: that of the order where it is the one that ends first."""
    if due.state in TONES:
        return TONES[due.state]
    if due.state == "paused":
        return "none"
    return {1: "remind", 2: "warn"}.get(order.level, "fine") if key == order.due_clock and order.state_kind in OPEN else "fine"


def left_of(due: Any, now: datetime) -> str:
    """What is left of a clock that runs, or how late it was stopped."""
    if due.at is None or due.state == "paused":
        return ""
    if due.stopped_at is None:
        return left_words(due.at, now)
    early = due.stopped_at <= due.at
    return f"提前{span_words(due.at - due.stopped_at)}" if early else f"超期{span_words(due.stopped_at - due.at)}"


def extensions(user: Any, order: Any, kind: OrderKind) -> list[ExtensionView]:
    """The extensions asked for, and which of them this person may decide."""
    waiting = set(waiting_for(user, order, kind))
    words = {"asked": "待决定", "granted": "已同意", "refused": "不同意"}
    return [ExtensionView(
        one.pk, kind.clocks[one.clock].label if one.clock in kind.clocks else one.clock,
        f"{one.amount.normalize():f}{one.unit}", one.why, words.get(one.state, one.state), str(one.asked_by), one.asked_at,
        str(one.decided_by or ""), one.answer,
        one in waiting)
        for one in Extension.objects.visible_to(user).filter(order=order).select_related("asked_by", "decided_by")]
