"""Extensions (延期): asked for before the limit, granted by another person, as often as a dated parameter allows."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Unpack

from django.db import transaction
from django.utils import timezone

from plumbline.kernel import ORDER_ROLES, BadInput, Catalog, Clock, Conflict, Due, Finding, NotAllowed, OrderKind, term
from plumbline.store.journal.writing import Write, record
from plumbline.store.orders import clocks
from plumbline.store.orders.access import JOINED, hats
from plumbline.store.orders.cutting import touched
from plumbline.store.orders.moments import hour_of
from plumbline.store.orders.recipients import Recipients, word_of
from plumbline.store.orders.setting import At, kind_in, setting
from plumbline.store.orders.story import locked, require_part, told_on
from plumbline.store.orders.tables import ASKED, GRANTED, REFUSED, ClockEvent, Extension, Notice, Order, OrderMove
from plumbline.store.words import bad, reason

EXTENSION = "extension"
WHOLE = ("日", "工作日")
LONGEST = 999
COLUMNS = ["clocks", "due_at", "due_clock", "next_at", "level"]


@transaction.atomic
def ask(user: Any, order_id: int, clock: str, amount: object, why: str, **at: Unpack[At]) -> Extension:
    """Ask for more time by one clock of an order; another person decides.

    amount  in the unit of the clock's limit
    at      catalog, now
    Raises  NotAllowed for who may not ask; BadInput after the limit, more often than the parameter allows, while one waits
    """
    catalog, now = setting(at)
    order = locked(order_id)
    worn = require_part(user, order)
    kind = kind_in(catalog, order.kind)
    one = _extendable(kind, clock, order)
    if not worn & set(one.asks):
        raise NotAllowed(f"您不能为这件工单申请延长「{one.label}」；没有保存任何改动。")
    why = reason(why)
    unit = _unit_in_time(order, one, clocks.due_of(order, clock, now, catalog), now)
    _once_more(order, one, catalog, now)
    made = Extension(order=order, clock=clock, amount=amount_of(amount, unit), unit=unit, why=why, asked_by=user, asked_at=now)
    made.save()
    words = term(made.amount, unit)
    told_on(order, OrderMove(move="ask_extension", label="申请延期", by=user, at=now, why=why,
                             change={one.label: [None, f"申请延长{words}"]}))
    _tell(order, one.grants[:1], f"申请延长{one.label}{words}", why, user, now)
    record(user, Write("order.ask-extension", EXTENSION, made.pk, None,
                       {"order": order.number, "clock": clock, "amount": str(made.amount), "unit": unit}, why, order.area))
    return made


@transaction.atomic
def decide(user: Any, extension_id: int, granted: bool, answer: str = "", **at: Unpack[At]) -> Extension:
    """Grant an extension, or refuse it (then with a reason); its clock's due time is reckoned anew.

    Reading  one asked for in time may be granted after the old limit; the new one counts from the old
    Raises   NotAllowed for who asked, and who may not grant; Conflict where it is decided already, or its clock ran out of use
    """
    catalog, now = setting(at)
    number = Extension.objects.filter(pk=extension_id).values_list("order", flat=True).first()
    order = locked(number or 0)
    one = Extension.objects.select_for_update(of=("self",)).get(pk=extension_id)
    worn = require_part(user, order)
    clock = _extendable(kind_in(catalog, order.kind), one.clock, order)
    if not worn & set(clock.grants):
        raise NotAllowed(f"您不能审批「{clock.label}」的延期；没有保存任何改动。")
    if one.asked_by_id == user.pk:
        raise NotAllowed("延期要由另一个人审批：这次是您自己申请的；没有保存任何改动。")
    if one.state != ASKED:
        raise Conflict("这次延期已有人审批；没有保存您的操作，请刷新后再看。")
    answer = reason(answer, needed=not granted)
    due = clocks.due_of(order, one.clock, now, catalog)
    if granted:
        _grantable(order, one, clock, due)
    one.state, one.decided_by, one.decided_at, one.answer = GRANTED if granted else REFUSED, user, now, answer
    one.save()
    _decided(user, order, one, clock, (catalog, now))
    return one


def _decided(user: Any, order: Order, one: Extension, clock: Clock, at: tuple[Catalog, datetime]) -> None:
    """Write what a decision changes: the clock, the story, who asked is told; then the journal."""
    catalog, now = at
    granted, dues = one.state == GRANTED, clocks.dues(order)
    if granted:
        ClockEvent.objects.create(order=order, clock=one.clock, kind="extend", at=now, amount=one.amount, unit=one.unit,
                                  why=one.why)
        clocks.reset(order, catalog=catalog, now=now)
        order.save(update_fields=COLUMNS)
        touched(catalog, [order])
    before, after = dues.get(one.clock), clocks.dues(order).get(one.clock)
    label = "同意延期" if granted else "不同意延期"
    change = clocks.due_changes(kind_in(catalog, order.kind), dues, clocks.dues(order))
    told_on(order, OrderMove(move="extend" if granted else "refuse_extension", label=label, by=user, at=now, why=one.answer,
                             change=change))
    text = f"{clock.label}至{hour_of(datetime.fromisoformat(after))}" if granted and after else one.answer
    _tell(order, ["holder"], label, text, user, now)
    record(user, Write(f"order.{'grant' if granted else 'refuse'}-extension", EXTENSION, one.pk,
                       {"state": ASKED, "due_at": before}, {"state": one.state, "due_at": after}, one.answer, order.area))


def waiting_for(user: Any, order: Order, kind: OrderKind) -> list[Extension]:
    """Extensions of an order that this person may decide."""
    worn = hats(user, order)
    return [one for one in Extension.objects.visible_to(user).filter(order=order, state=ASKED).exclude(asked_by=user)
            if one.clock in kind.clocks and worn & set(kind.clocks[one.clock].grants)]


def _extendable(kind: OrderKind, key: str, order: Order) -> Clock:
    """The clock of a key, where it may be extended and the order goes its own way."""
    clock = kind.clocks.get(key)
    if clock is None or not clock.most:
        raise bad("extension.clock", "时限", f"「{kind.label}」的这个时限不能延期；请刷新页面后再试。")
    if order.joined_id is not None:
        raise bad("order.joined", order.number, JOINED)
    return clock


def _grantable(order: Order, one: Extension, clock: Clock, due: Due) -> None:
    """Refuse to extend a clock that does not run, or that began afresh or is limited otherwise since somebody asked."""
    if due.state not in ("running", "paused", "late") or due.started_at is None:
        raise bad("extension.over", clock.label, f"工单 {order.number} 的{clock.label}已不在计时，不用延期；没有保存任何改动。")
    limit = due.story.courses[-1].limit
    if one.asked_at < due.started_at or limit is None or limit.unit != one.unit:
        raise bad("extension.stale", clock.label, f"申请之后，工单 {order.number} 的{clock.label}已重新起算或改了时限，"
                  "这次申请不能再同意；没有保存任何改动。请选择不同意，需要时由承办单位另行申请。")


def _unit_in_time(order: Order, clock: Clock, due: Due, now: datetime) -> str:
    """The unit of the running limit; BadInput where it does not run, or is over."""
    limit = due.story.courses[-1].limit if due.story.courses else None
    if due.state == "late":
        over = f"时限是{hour_of(due.at)}，" if due.at else ""
        raise bad("extension.late", clock.label, f"工单 {order.number} 的{clock.label}已过：{over}延期要提前申请；没有保存。")
    if due.state not in ("running", "paused") or limit is None:
        raise bad("extension.idle", clock.label, f"工单 {order.number} 的{clock.label}现在不在计时，不用延期；没有保存。")
    return str(limit.unit)


def _once_more(order: Order, clock: Clock, catalog: Catalog, now: datetime) -> None:
    """Refuse one more extension where there may be none."""
    if found := spent(order, clock, catalog, now):
        raise BadInput([found])


def spent(order: Order, clock: Clock, catalog: Catalog, now: datetime) -> Finding | None:
    """Why a clock that runs may not be extended once more: one waits, or the course had as many as the parameter allows."""
    due = clocks.due_of(order, clock.key, now, catalog)
    told = order.extensions.filter(clock=clock.key, asked_at__gte=due.started_at, state__in=(ASKED, GRANTED))
    if told.filter(state=ASKED).exists():
        return Finding("extension.waiting", clock.label, "已有一次延期申请在等待审批；请等审批后再申请。没有保存。")
    parameter = catalog.parameters.get(clock.most)
    dated = parameter.on(timezone.localtime(now).date()) if parameter else None
    most = dated.value if dated else Decimal(0)
    if told.count() >= most:
        source = f"（依据：{dated.source}）" if dated else ""
        return Finding("extension.most", clock.label, f"「{clock.label}」最多延期 {most:f} 次{source}，已经用完；没有保存。")
    return None


def amount_of(told: object, unit: str) -> Decimal:
    """How much more time, in `unit`; days are whole.

    >>> amount_of("3", "工作日")
    Decimal('3')
    """
    try:
        amount = Decimal(str(told).strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    if not (amount.is_finite() and 0 < amount <= LONGEST):
        raise _amount_trouble(f"请写明延长多少{unit}：一个大于 0、不超过 {LONGEST} 的数。")
    if unit in WHOLE and amount != amount.to_integral_value():
        raise _amount_trouble(f"按「{unit}」计的时限只能延长整数；请改为整数。")
    if amount != round(amount, 2):
        raise _amount_trouble("延长的时间最多写两位小数；请更正。")
    return amount


def _amount_trouble(message: str) -> BadInput:
    return bad("extension.amount", "延长", message)


def _tell(order: Order, to: Any, what: str, text: str, user: Any, now: datetime) -> None:
    roles = [one for one in to if one in ORDER_ROLES]
    word = Notice(level=EXTENSION, at=now, text=word_of(order, what, f"{text}。"))
    Notice.objects.bulk_create(Recipients([order], roles).notices(order, to, word, user))
