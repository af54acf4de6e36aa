"""Tasks of the plan: a target or a commitment given to an office, split to others, moved, and told back to the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from plumbline.kernel import BadInput, Catalog, Conflict, Finding, NotAllowed, inside, normal
from plumbline.kernel.printing import bounded
from plumbline.store import orders, plans
from plumbline.store.models import Commitment, Item, Office, Order, Target
from plumbline.store.people import offices_of, require
from plumbline.systems.programmes.splitting import parts_of

TASK, MONTHLY = "programmes.task", "programmes.monthly"
OPEN = ("working", "pressed", "proposed")
ABSENT = "没有这项任务，或者您无权操作；没有保存任何改动。"
TITLE = 80
# what becomes of a promise when its task is over
KEPT = {"已完成": "kept", "未完成": "missed"}


@dataclass(frozen=True, slots=True)
class Promise:
    """What a task is made of: a confirmed target or commitment, with its number if it has one."""

    subject: str
    title: str
    text: str
    area: str
    due_on: date | None
    office: Office | None
    value: Decimal | None = None
    unit: str = ""
    bound: str = "="
    measure: str = "level"
    period: str = ""
    example: bool = False


def promise(user: Any, kind: str, key: int) -> Promise:
    """The promise of a target or commitment, as `target`, 12.

    Raises  NotAllowed where there is none this user may give out as work
    """
    made = _of_target(user, key) if kind == "target" else _of_commitment(user, key) if kind == "commitment" else None
    if made is None:
        raise NotAllowed(ABSENT)
    require(user, "plan", made.area)
    return made


def _of_target(user: Any, key: int) -> Promise | None:
    one = (Target.objects.visible_to(user).filter(pk=key, state="open").select_related("claim", "office", "document")
           .defer("document__text", "document__outline").first())
    if one is None:
        return None
    title = f"{one.label}{bounded(one.bound, Decimal(one.value), one.unit)}"
    return Promise(f"target {one.pk}", title, f"{one.section} {title}".strip(), one.area, one.due_on, one.office,
                   Decimal(one.value), one.unit, one.bound, one.measure, one.period, one.document.example)


def _of_commitment(user: Any, key: int) -> Promise | None:
    one = (Commitment.objects.visible_to(user).filter(pk=key, state="confirmed", outcome="open")
           .select_related("document", "office").defer("document__text", "document__outline").first())
    if one is None:
        return None
    title = one.text if len(one.text) <= TITLE else f"{one.text[:TITLE - 1]}…"
    return Promise(f"commitment {one.pk}", title, one.text, one.document.area, one.due_on, one.office,
                   example=one.document.example)


def given(user: Any, subject: str) -> Any:
    """The tasks made of a target or commitment that this user sees, latest first."""
    return Order.objects.visible_to(user).filter(kind=TASK, subject=subject).select_related("office")


@transaction.atomic
def give(user: Any, made: Promise, office: int | None, due_on: date | None, *, catalog: Catalog | None = None,
         now: datetime | None = None) -> Order:
    """An order to an office, with the number owed and the day it is due.

    Raises  Conflict where a task of it is under way; BadInput where office or day is not told
    """
    require(user, "plan", made.area)
    kind, _, key = made.subject.partition(" ")
    model: Any = Target if kind == "target" else Commitment
    list(model.objects.select_for_update().filter(pk=int(key)).values_list("pk"))  # who gives it out at the same time waits
    before = Order.objects.filter(kind=TASK, subject=made.subject)
    if open_ := before.filter(state__in=OPEN).first():
        raise Conflict(f"这项内容已下达为任务 {open_.number}，正在办理；没有再下达。")
    holder = office_for(user, office or (made.office.pk if made.office else None), made.area)
    when = due_on or made.due_on
    if when is None:
        raise BadInput([Finding("task.due", "完成期限", "这项内容没有写明时限；请填写完成期限。")])
    told = {"title": made.title[:200], "text": made.text, "urgency": "ordinary", "area": made.area, "office": holder.pk,
            "place": place_in(holder, made.area), "subject": made.subject, "fields": _fields(made, when),
            "example": made.example}
    return orders.open_(user, TASK, told, catalog=catalog, now=now, key=f"{made.subject} {before.count()}")


def _fields(made: Promise, due_on: date) -> dict[str, Any]:
    told = {"value": None if made.value is None else f"{normal(made.value):f}", "unit": made.unit, "bound": made.bound,
            "measure": made.measure, "period": made.period, "due_on": due_on.isoformat()}
    usual = {"bound": "=", "measure": "level"}
    kept = {key: value for key, value in told.items() if value and usual.get(key) != value}
    return kept if made.value is not None else {"due_on": due_on.isoformat()}


def office_for(user: Any, key: int | None, area: str) -> Office:
    """An office the user may give work of an area to."""
    found = offices_of(user).filter(pk=key).first() if key else None
    if found is None or not (inside(found.area, area) or inside(area, found.area)):
        raise BadInput([Finding("task.office", "责任单位", "没有这个单位，或者它不在这项任务的地区；请从列表中选择。")])
    return found


def place_in(office: Office, area: str) -> str:
    """What an office looks after, where that lies in an area; empty where it does not."""
    return office.place if office.place[:6] == area else ""


def split(user: Any, order: Order, weights: Sequence[tuple[int, Decimal]], why: str, version: int, *,
          now: datetime | None = None) -> list[Order]:
    """The task in parts by weight, one order for each office; numbers add up to the whole, to the last digit.

    Raises  BadInput where it cannot be split, or was
    """
    require(user, "plan", order.area)
    if order.kind != TASK or order.children.exclude(state="cancelled").exists():
        raise BadInput([Finding("split.twice", "分解", "这项任务已经分解；要重新分解，请先撤销原来的各项。")])
    fields = dict(order.fields)
    cut = parts_of(number(order, "value"), str(fields.get("unit", "")), str(fields.get("measure", "level")), weights)
    held = {one.office: office_for(user, one.office, order.area) for one in cut}
    parts = [_part(order, held[one.office], one.weight, one.value) for one in cut]
    return list(orders.split(user, order.pk, parts, why, version, now=now))


def _part(order: Order, office: Office, weight: Decimal, value: Decimal | None) -> dict[str, Any]:
    fields = {key: kept for key, kept in order.fields.items() if key in ("unit", "bound", "measure", "period", "due_on")}
    fields |= {"weight": f"{weight:f}"} | ({} if value is None else {"value": f"{value:f}"})
    area = office.area if inside(office.area, order.area) else order.area
    return {"title": f"{order.title[:150]}（{office.name[:40]}）", "text": order.text, "urgency": order.urgency or "ordinary",
            "area": area, "place": place_in(office, area), "office": office.pk, "sender": order.office_id, "fields": fields}


def register_weights(user: Any, table: str, column: str, names: Mapping[int, str], by: str = "street") -> dict[int, Decimal]:
    """Weights of offices from a register: entries whose `by` names the office, counted, or a column of them summed."""
    made: dict[str, Decimal] = {}
    rows = Item.objects.visible_to(user).filter(table=table, until=None)
    for values in rows.values_list("values", flat=True).iterator():
        told = values.get(column) if column else 1
        if told is not None and (place := values.get(by)):
            made[place] = made.get(place, Decimal(0)) + Decimal(str(told))
    return {key: made[name] for key, name in names.items() if name in made}


@transaction.atomic
def act(user: Any, order: Order, move: str, told: Mapping[str, Any], version: int, *, now: datetime | None = None) -> Order:
    """A declared move of a task; what it was made of in the plan follows: closed is kept or missed, reopened is open.

    Cancelled  nobody owes its months any more
    Raises     BadInput where a task with a number is said to be done, and nobody said how much
    """
    if move == "propose" and number(order, "value") is not None and not order.children.exclude(state="cancelled").exists():
        told = {**told, "done": amount_of(str(told.get("done") or ""), str(order.fields.get("unit", "")))}
    moved = orders.move(user, order.pk, move, told, version, now=now)
    if moved.state == "cancelled":
        for one in Order.objects.filter(kind=MONTHLY, subject=f"order {order.pk}", state="asked"):
            orders.move(user, one.pk, "cancel", {"reason": f"任务 {order.number} 已撤销"}, one.version, now=now)
    settle(user, moved, str(told.get("reason", "")))
    return moved


def settle(user: Any, order: Order, why: str = "") -> None:
    """Tell the plan what became of a task; nothing where the plan says so already, or the task is a part."""
    kind, _, key = order.subject.partition(" ")
    state = KEPT.get(str(order.fields.get("finding", "")), "") if order.state == "closed" else "open"
    if order.kind != TASK or not key or order.state not in ("closed", "working") or not state:
        return
    name, change = ("state", plans.edit) if kind == "target" else ("outcome", plans.edit_commitment)
    model = Target if kind == "target" else Commitment
    one = model.objects.filter(pk=int(key)).first()  # type: ignore[attr-defined]
    if one is not None and getattr(one, name) not in (state, "withdrawn"):
        change(user, one.pk, {name: state}, why or f"任务 {order.number} 已销号", one.version)


def amount_of(text: str, unit: str) -> str:
    """An amount done, as it was typed, as it is kept.

    Raises  BadInput where it is none
    """
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0 or -int(value.as_tuple().exponent) > 6 or value >= 10**15:
        said = f"「{text.strip()[:20]}」不是数" if text.strip() else "还没有填"
        raise BadInput([Finding("task.done", "累计完成", f"{said}；请填到现在一共完成多少{unit}，没有进展填上次的数，"
                                                       "小数最多 6 位。")])
    return f"{value:f}"


def number(order: Order, key: str) -> Decimal | None:
    """A number of an order's fields; None where it is not told."""
    told = order.fields.get(key)
    return None if told in (None, "") else normal(Decimal(str(told)))


def day(order: Order, key: str) -> date | None:
    """A day of an order's fields; None where it is not told."""
    told = order.fields.get(key)
    return date.fromisoformat(str(told)[:10]) if told else None
