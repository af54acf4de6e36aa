"""Clocks of orders as they are declared: what starts, stops and pauses them, how a limit is counted, whom they call."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from plumbline.kernel.errors import BadDeclaration
from plumbline.kernel.parameter import Parameter
from plumbline.kernel.printing import digits

UNITS = {"小时": "hours", "日": "natural days", "工作日": "working days", "工时": "office hours"}
DAYS = frozenset({"日", "工作日"})
KINDS = frozenset({"start", "stop", "pause", "resume", "extend", "transfer", "restart", "reopen"})
CALLED = frozenset({"holder", "dispatcher", "leader", "planner", "asker"})
CHOICES = {
    "begins": ("next_day", "moment"), "ends": ("midnight", "close", "moment"),
    "transfer": ("keeps", "restarts"), "reopen": ("restarts", "continues", "stays"),
}
LISTS = ("starts", "stops", "pauses", "asks", "grants")
PARTS = {"label", "by", "of", "most", "done", "levels", *LISTS, *CHOICES}
LEVEL_PARTS = {"label", "used", "before", "after", "to", "hours"}
_TERM = re.compile(r"(\d+(?:\.\d+)?)\s*(小时|日|个?工作日|个?工时)")


@dataclass(frozen=True, slots=True)
class Limit:
    """How long an office has: amount, unit (小时, 日, 工作日, 工时), the paper it comes from, the day it holds from.

    0 日 and 0 工作日 mean the same day (the next one worked, where it is none).

    Raises  BadDeclaration where the unit is none of these, or days are not whole
    """

    amount: Decimal
    unit: str
    source: str
    since: date

    def __post_init__(self) -> None:
        """Refuse what no clock can count."""
        if trouble := term_trouble(self.amount, self.unit):
            raise BadDeclaration(f"{self.source}: {trouble}")


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a clock.

    kind    start, stop, pause, resume, extend, transfer, restart, reopen
    amount  of extend: what is added, in the limit's unit; of one that begins afresh: its own limit, where it has one
    why     what an official reads: the move's word, the reason, or the paper of that limit
    """

    at: datetime
    kind: str
    amount: Decimal | None = None
    unit: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        """Refuse what no clock understands.

        Raises  ValueError for a kind that is none, or an instant without time zone
        """
        if self.kind not in KINDS or self.at.tzinfo is None:
            raise ValueError(f"{self.kind} at {self.at}: write one of {', '.join(sorted(KINDS))}, at an aware instant")


@dataclass(frozen=True, slots=True)
class Level:
    """When somebody is told, and who.

    used    share of the limit that is gone
    before  time before it is due, in `unit`; after: time after; none of the three: when it is due
    to      holder, dispatcher, leader, planner, asker
    hours   office: only while the office is open; any: at any hour
    """

    key: str
    label: str
    to: tuple[str, ...]
    used: Decimal | None = None
    before: Decimal | None = None
    after: Decimal | None = None
    unit: str = ""
    hours: str = "office"


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock of a kind of order.

    starts, stops, pauses  states that do so when they are entered
    by, of    field of the order, and key of the parameters: the limit is `of`.`value of by`, or `of` where `by` is empty
    begins    next_day: the day of start does not count; moment: it does. Hours run from the moment either way
    ends      midnight: 24时 of the last day; close: the office's closing; moment: the hour it started. Days only
    transfer  keeps: goes on for the next office; restarts: begins afresh, with the next office's limit
    reopen    restarts: begins afresh; continues: the time it was closed is not counted; stays: what is answered stays so
    most      parameter that says how often it may be extended; empty: never
    asks, grants  roles that ask for an extension, and grant it
    done      what is due, as an official says it
    """

    key: str
    label: str
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    of: str
    by: str = ""
    pauses: tuple[str, ...] = ()
    begins: str = "next_day"
    ends: str = "midnight"
    transfer: str = "keeps"
    reopen: str = "restarts"
    most: str = ""
    asks: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    done: str = "办结"


def term_trouble(amount: Decimal, unit: str) -> str:
    """What is wrong with a length of time; empty where nothing is.

    >>> term_trouble(Decimal(3), "工作日"), term_trouble(Decimal("1.5"), "日")
    ('', '1.5日: days are counted whole; write whole days, or hours')
    """
    if unit not in UNITS:
        return f"{unit!r} is no unit of time; write {', '.join(UNITS)}"
    if amount < 0:
        return f"{amount}{unit}: less than nothing; write 0 or more"
    if unit in DAYS and amount != amount.to_integral_value():
        return f"{amount}{unit}: days are counted whole; write whole days, or hours"
    return ""


def term(amount: Decimal, unit: str) -> str:
    """A length of time in print.

    >>> term(Decimal("3.0"), "工作日"), term(Decimal(7), "日"), term(Decimal("1.5"), "工时")
    ('3个工作日', '7日', '1.5个工时')
    """
    shown = digits(amount.normalize() if amount else Decimal(0))
    return f"{shown}{'个' if unit in ('工作日', '工时') else ''}{unit}"


def limit_of(clock: Clock, parameters: Mapping[str, Parameter], value: str, day: date) -> Limit | None:
    """The limit in force on a day for a value of the clock's field; None where no parameter says one.

    Raises  BadDeclaration where the parameter's unit is no unit of time
    """
    parameter = parameters.get(f"{clock.of}.{value}" if clock.by else clock.of)
    dated = parameter.on(day) if parameter else None
    return Limit(dated.value, parameter.unit, dated.source, dated.since) if parameter and dated else None


def clock_from(where: str, name: str, body: Any, wrong: list[str]) -> Clock | None:
    """The clock of a kind of order from what YAML says; what is wrong is appended, with what to write."""
    before = len(wrong)
    if not isinstance(body, Mapping):
        wrong.append(f"{where}: write label, starts, stops, of")
        return None
    wrong += [f"{where}: {part} is missing; write it" for part in ("label", "starts", "stops", "of") if not body.get(part)]
    wrong += [f"{where}: {part} is no part of a clock; remove it" for part in sorted(body.keys() - PARTS)]
    wrong += [f"{where}: {part}: write a list" for part in LISTS if not isinstance(body.get(part) or "", list | str)]
    for part, words in CHOICES.items():
        if body.get(part, words[0]) not in words:
            wrong.append(f"{where}: {part} is {body[part]!r}; write {' or '.join(words)}")
    if body.get("most") and not (body.get("asks") and body.get("grants")):
        wrong.append(f"{where}: most without asks and grants; name the roles that ask for an extension and that grant it")
    levels = _levels(where, body.get("levels") or {}, wrong)
    if len(wrong) > before:
        return None
    told: dict[str, Any] = {part: _texts(body[part]) if part in LISTS else body[part]
                             for part in PARTS & body.keys() if part != "levels"}
    return Clock(key=name, levels=levels, **told)


def _levels(where: str, told: Any, wrong: list[str]) -> tuple[Level, ...]:
    if not isinstance(told, Mapping):
        wrong.append(f"{where}: levels: write key: {{label, to, used or before or after}}")
        return ()
    found = [_level(f"{where}.levels.{key}", key, body, wrong) for key, body in told.items()]
    return tuple(level for level in found if level)


def _texts(told: Any) -> tuple[str, ...]:
    return (told,) if isinstance(told, str) else tuple(told or ())


def _level(where: str, key: str, body: Any, wrong: list[str]) -> Level | None:
    before = len(wrong)
    if not isinstance(body, Mapping):
        wrong.append(f"{where}: write label, to, and used, before or after")
        return None
    wrong += [f"{where}: {part} is missing; write it" for part in ("label", "to") if not body.get(part)]
    wrong += [f"{where}: {part} is no part of a level; remove it" for part in sorted(body.keys() - LEVEL_PARTS)]
    to = _texts(body.get("to"))
    wrong += [f"{where}: {who!r} cannot be told; write {', '.join(sorted(CALLED))}" for who in to if who not in CALLED]
    if body.get("hours", "office") not in ("office", "any"):
        wrong.append(f"{where}: hours is {body['hours']!r}; write office or any")
    when = _when(where, body, wrong)
    if len(wrong) > before:
        return None
    return Level(key, body["label"], to, hours=body.get("hours", "office"), **when)


def _when(where: str, body: Mapping[str, Any], wrong: list[str]) -> dict[str, Any]:
    told = [part for part in ("used", "before", "after") if part in body]
    if len(told) > 1:
        wrong.append(f"{where}: {' and '.join(told)} at once; keep one")
    if not told:
        return {}
    if told[0] == "used":
        return {"used": _share(where, body["used"], wrong)}
    found = _TERM.fullmatch(str(body[told[0]]).strip())
    amount, unit = (Decimal(found[1]), found[2].removeprefix("个")) if found else (Decimal(0), "")
    if found is None or term_trouble(amount, unit):
        wrong.append(f"{where}: {told[0]} is {body[told[0]]!r}; write such as 4小时 or 1工作日")
    return {told[0]: amount, "unit": unit}


def _share(where: str, told: Any, wrong: list[str]) -> Decimal:
    try:
        share = Decimal(told)
    except (TypeError, InvalidOperation):
        share = Decimal(-1)
    if not 0 <= share <= 1:
        wrong.append(f"{where}: used is {told!r}; write a share such as 0.8")
    return share
