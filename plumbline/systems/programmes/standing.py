"""How tasks stand on a day: light, number done, parts and who has not told; the same for the board, a task and a meeting."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from plumbline.kernel import ZONE, normal, period
from plumbline.kernel.printing import amount
from plumbline.store.models import Order, OrderMove
from plumbline.systems.programmes.lights import CLOSED, GREEN, GREY, RED, YELLOW, Facts, Light, Rules, light
from plumbline.systems.programmes.returns import Returned, Sum, latest, returned, summed
from plumbline.systems.programmes.tasks import TASK, day, number

URGING = ("press", "urge")
STATES = {"working": "办理中", "pressed": "督办待复", "proposed": "待销号", "closed": "已销号", "cancelled": "已撤销"}
# as a list is sorted: what needs people first
FIRST = (RED, YELLOW, GREY, GREEN, CLOSED)
# a plan splits to districts, streets and communities; deeper is a circle
DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """A task on a day.

    done    told up to `month`, with its unit; words why there is none
    urged   how often it was urged
    owed    months not returned in time; `absent` offices that have not told
    """

    key: int
    number: str
    title: str
    office: str
    office_key: int | None
    due_on: date | None
    state: str
    state_key: str
    light: Light
    owes: str
    done: str
    month: str
    urged: int
    owed: tuple[str, ...]
    absent: tuple[str, ...]
    blocked: str
    subject: str
    href: str
    parts: list["Standing"] = field(default_factory=list)

    @property
    def colour(self) -> str:
        """The light as people say it."""
        return self.light.label

    @property
    def reasons(self) -> str:
        """Why it is that colour."""
        return " ".join(self.light.reasons)

    @property
    def percent(self) -> str:
        """Share done; empty where unknown."""
        return "" if self.light.share is None else f"{self.light.share * 100:.1f}%"

    @property
    def elapsed(self) -> str:
        """Share of the time gone; empty where unknown."""
        return "" if self.light.elapsed is None else f"{self.light.elapsed * 100:.1f}%"


@dataclass(frozen=True, slots=True)
class Known:
    """What is read of some tasks and their parts at once."""

    parts: Mapping[int, Sequence[Order]]
    returns: Mapping[int, list[Returned]]
    blocked: Mapping[int, str]
    urged: Mapping[int, int]
    now: datetime
    rules: Rules


def standings(tasks: Iterable[Order], now: datetime, rules: Rules) -> list[Standing]:
    """How tasks stand, each with its parts; a handful of queries, however many there are."""
    wholes = list(tasks)
    parts = _parts(wholes)
    every = [*wholes, *(one for rows in parts.values() for one in rows)]
    keys = [one.pk for one in every]
    known = Known(parts, returned(keys, now), _blocked(every), _urged(keys), now, rules)
    return [_standing(one, known) for one in wholes]


def _parts(wholes: Sequence[Order]) -> dict[int, list[Order]]:
    """The parts of tasks, of their parts and so on, by parent."""
    made: dict[int, list[Order]] = {}
    level: Iterable[int] = [one.pk for one in wholes]
    for _ in range(DEEPEST):
        rows = list(Order.objects.filter(kind=TASK, link="part", parent__in=level).exclude(state="cancelled")
                    .select_related("office").order_by("pk"))
        for one in rows:
            made.setdefault(int(one.parent_id or 0), []).append(one)
        level = [one.pk for one in rows]
        if not rows:
            break
    return made


def _blocked(every: Iterable[Order]) -> dict[int, str]:
    """Why tasks are blocked, of those that are."""
    keys = {one.pk for one in every if one.fields.get("blocked")}
    rows = OrderMove.objects.filter(order__in=keys, move="flag").order_by("order_id", "n") if keys else ()
    return dict.fromkeys(keys, "未写明") | {one.order_id: one.why for one in rows if one.why}


def _urged(keys: Iterable[int]) -> Counter[int]:
    return Counter(OrderMove.objects.filter(order__in=list(keys), move__in=URGING).values_list("order_id", flat=True))


def _standing(one: Order, known: Known) -> Standing:
    parts = [_standing(part, known) for part in known.parts.get(one.pk, ())]
    own = known.returns.get(one.pk, [])
    month = _month(one, known)
    total = total_of(one, known, month) if parts else _own(one, own)
    value, unit = number(one, "value"), str(one.fields.get("unit", ""))
    owed = tuple(row.period for row in own if row.state == "asked" and row.late)
    blocked = known.blocked.get(one.pk, "") or "；".join(f"{part.office}：{part.blocked}" for part in parts if part.blocked)
    facts = Facts(value, unit, str(one.fields.get("bound", "=")), str(one.fields.get("measure", "level")),
                  str(one.fields.get("period", "")), day(one, "due_on"), total.value,
                  _told_on(month, total, known.now), owed, blocked, total.absent, one.state)
    return Standing(
        one.pk, one.number, one.title, str(one.office or "未定"), one.office_id, facts.due_on,
        STATES.get(one.state, one.state), one.state, light(facts, known.now.astimezone(ZONE).date(), known.rules),
        "" if value is None else amount(normal(value), unit),
        "" if total.value is None else amount(normal(total.value), unit), month, known.urged.get(one.pk, 0), owed,
        total.absent, blocked, one.subject, reverse("programmes-task", args=[one.number]), parts)


def _told_on(month: str, total: Sum, now: datetime) -> date | None:
    """The day a number speaks of: the end of its month, or today where it was told without one."""
    if month:
        return period.span(month)[1]
    return now.astimezone(ZONE).date() if total.value is not None else None


def said(one: Order) -> Sum | None:
    """What was said to be done with a task, when it was said to be over; None before that."""
    value = number(one, "done") if one.state in ("proposed", "closed") else None
    return None if value is None else Sum(value, 1, ())


def _own(one: Order, rows: list[Returned]) -> Sum:
    """What a task that is split no further has told itself."""
    if over := said(one):
        return over
    last = latest(rows)
    return Sum(None, 0, ()) if last is None or last.value is None else Sum(last.value, 1, ())


def _month(one: Order, known: Known) -> str:
    """The last month a task speaks of: the last it told itself, or the last any part was asked for."""
    parts = known.parts.get(one.pk, ())
    if not parts:
        last = latest(known.returns.get(one.pk, []))
        return last.period if last else ""
    asked = [row.period for part in parts for row in known.returns.get(part.pk, [])]
    return max([*asked, *(_month(part, known) for part in parts)], default="")


def total_of(one: Order, known: Known, month: str) -> Sum:
    """The parts of a task together up to a month; without a number nothing is added, those that owe a word are named."""
    value, told, absent = Decimal(0), 0, list[str]()
    for part in known.parts.get(one.pk, ()):
        deeper = known.parts.get(part.pk)
        mine = said(part) or summed({str(part.office): known.returns.get(part.pk, [])}, month)
        found = total_of(part, known, month) if deeper else mine
        value, told = value + (found.value or Decimal(0)), told + found.told
        absent += found.absent if number(part, "value") is not None else ()
    return Sum(value if told else None, told, tuple(absent))


def flat(rows: Iterable[Standing]) -> list[Standing]:
    """Tasks and their parts, one after another."""
    return [one for row in rows for one in (row, *flat(row.parts))]


def needing(rows: Iterable[Standing]) -> list[Standing]:
    """Those a meeting has to speak of: red and yellow ones, blocked, owing returns; red first, then by day."""
    found = [one for one in flat(rows) if one.light.key in (RED, YELLOW) or one.blocked or one.owed]
    return sorted(found, key=_order)


def _order(one: Standing) -> tuple[int, date, int]:
    return FIRST.index(one.light.key), one.due_on or date.max, one.key


def wholes(user: Any) -> Any:
    """Tasks a user sees that are no part of one he sees: to begin from."""
    seen = Order.objects.visible_to(user).filter(kind=TASK)
    return seen.exclude(state="cancelled").exclude(parent__in=seen.values("pk")).select_related("office").order_by("-pk")
