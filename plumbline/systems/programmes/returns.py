"""Monthly returns: asked of every task under way, handed in with words and evidence; what is not told is never zero."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from plumbline.kernel import ZONE, BadInput, Catalog, Finding, NotAllowed, period
from plumbline.store import orders
from plumbline.store.models import Order
from plumbline.store.people import require
from plumbline.systems.programmes.tasks import ABSENT, MONTHLY, OPEN, TASK, amount_of, number

RUNNING = ("working", "pressed")
# of a part: its whole returns nothing itself
STANDING = (*OPEN, "closed")
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Returned:
    """What one return says: its month, the amount done since the beginning, and whether it is in."""

    order: int
    number: str
    task: int
    period: str
    value: Decimal | None
    state: str
    late: bool
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sum:
    """Parts told together for a month: `value` of those told, None where none is; `absent` names who has not told."""

    value: Decimal | None
    told: int
    absent: tuple[str, ...]


def month_trouble(text: str, today: date) -> str:
    """Why a month cannot be asked for; empty where it can."""
    if not period.is_period(text) or len(text) != 7 or text[5] == "Q":
        return f"「{text[:20]}」不是月份；请写作 2020-06。"
    return "" if period.span(text)[1] < today else f"{text} 还没有过完；请在下月填报。"


def owing(user: Any, month: str) -> list[Order]:
    """Tasks this user plans that are under way, were there in the month, are split no further and not yet asked for it."""
    last = period.span(month)[1]
    asked = set(Order.objects.filter(kind=MONTHLY, topic=month).exclude(state="cancelled").values_list("subject", flat=True))
    rows = (Order.objects.visible_to(user).filter(kind=TASK, state__in=RUNNING, opened_at__date__lte=last)
            .exclude(children__state__in=STANDING).order_by("pk").select_related("office"))
    return [one for one in rows[:MOST + len(asked)] if f"order {one.pk}" not in asked][:MOST]


def ask(user: Any, area: str, month: str, now: datetime, catalog: Catalog | None = None) -> list[Order]:
    """A return for each task that owes one for a month; each is an order with its own clock. Asking twice asks nobody twice."""
    require(user, "plan", area)
    if trouble := month_trouble(month, now.astimezone(ZONE).date()):
        raise BadInput([Finding("return.month", "月份", trouble)])
    return [made for one in owing(user, month) if (made := _ask(user, one, month, now, catalog))]


@transaction.atomic
def _ask(user: Any, task: Order, month: str, now: datetime, catalog: Catalog | None) -> Order | None:
    """A return of a task for a month; None where another planner asked for it meanwhile."""
    list(Order.objects.select_for_update().filter(pk=task.pk).values_list("pk"))  # who asks at the same time waits
    every = Order.objects.filter(kind=MONTHLY, subject=f"order {task.pk}")
    if every.filter(topic=month).exclude(state="cancelled").exists():
        return None
    unit = task.fields.get("unit", "")
    told = {"title": f"{month} 进展：{task.title[:150]}", "text": task.text, "urgency": "ordinary", "topic": month,
            "area": task.area, "place": task.place, "office": task.office_id, "subject": f"order {task.pk}",
            "example": task.example, "fields": {"task": task.number, "period": month} | ({"unit": unit} if unit else {})}
    return orders.open_(user, MONTHLY, told, catalog=catalog, now=now, key=f"monthly {task.pk} {month} {every.count()}")


def hand_in(user: Any, one: Order, told: Mapping[str, Any], version: int, files: Iterable[tuple[str, bytes]] = (),
            now: datetime | None = None) -> Order:
    """A return handed in: value (done since the beginning), words, blocked and why; papers and photographs with it.

    Raises  BadInput where the task has a number and none is told, or the number is none
    """
    task = task_of(user, one)
    value = _value(task, str(told.get("value", "")).strip())
    with orders.attaching(user, one.pk, list(files)):
        moved = act(user, one, "hand_in", {"reply": str(told.get("words", "")).strip(), "value": value}, version, now=now)
        blocked = bool(told.get("blocked"))
        if blocked != bool(task.fields.get("blocked")) and task.state in RUNNING:
            why = str(told.get("blocked_by", "")).strip() or ("" if blocked else "堵点已解决")
            orders.move(user, task.pk, "flag", {"reason": why, "blocked": blocked}, task.version, now=now)
    return moved


def task_of(user: Any, one: Order) -> Order:
    """The task a return is of."""
    key = one.subject.removeprefix("order ")
    found = Order.objects.visible_to(user).filter(kind=TASK, pk=int(key)).first() if key.isdigit() else None
    if one.kind != MONTHLY or found is None:
        raise NotAllowed(ABSENT)
    return found


def act(user: Any, one: Order, move: str, told: Mapping[str, Any], version: int, *, now: datetime | None = None) -> Order:
    """A declared move of a return; one of a task with a number has its number.

    Raises  BadInput where it has none
    """
    if move in ("hand_in", "amend") and one.subject:
        told = {**told, "value": _value(task_of(user, one), str(told.get("value") or "").strip())}
    return orders.move(user, one.pk, move, told, version, now=now)


def _value(task: Order, text: str) -> str | None:
    """A number typed, as it is kept; None where none is owed and none told."""
    if number(task, "value") is None and not text:
        return None
    return amount_of(text, str(task.fields.get("unit", "")))


def returned(tasks: Iterable[int], now: datetime) -> dict[int, list[Returned]]:
    """The returns of tasks, by task, from the first month on; one query."""
    keys = {f"order {key}": key for key in tasks}
    made: dict[int, list[Returned]] = {key: [] for key in keys.values()}
    rows = Order.objects.filter(kind=MONTHLY, subject__in=keys).exclude(state="cancelled").order_by("pk")
    for one in rows:
        made[keys[one.subject]].append(Returned(
            one.pk, one.number, keys[one.subject], str(one.fields.get("period", "")), number(one, "value"), one.state,
            late(one, now), one.due_at))
    return {key: sorted(rows, key=lambda row: row.period) for key, rows in made.items()}


def late(one: Order, now: datetime) -> bool:
    """Whether a return or a decision is over its time, or was done after it."""
    over = one.state_kind == "open" and one.due_at is not None and one.due_at < now
    return over or any(clock.get("state") in ("late", "late_met") for clock in one.clocks.values())


def latest(rows: Iterable[Returned]) -> Returned | None:
    """The last month that was told; None where none was."""
    told = [one for one in rows if one.state == "handed_in"]
    return max(told, key=lambda one: one.period) if told else None


def summed(parts: Mapping[str, Iterable[Returned]], month: str) -> Sum:
    """Parts together up to a month, by name: each the last it told, but one asked for that month has to have told it."""
    value, told, absent = Decimal(0), 0, []
    for name, rows in parts.items():
        known = [one for one in rows if one.period <= month]
        last = latest(known)
        if last is None or last.value is None or any(one.period == month and one.state == "asked" for one in known):
            absent.append(name)
        else:
            value, told = value + last.value, told + 1
    return Sum(value if told else None, told, tuple(absent))
