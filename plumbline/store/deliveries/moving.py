"""From a file handed in to a batch: held, checked, accepted by a person, received; or refused, stopped, failed."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from plumbline.kernel import CITY, Conflict, Coverage, Finding, NotAllowed, Table
from plumbline.store.batches.tables import Batch
from plumbline.store.deliveries.holding import finished, hold, only_writer, tidy
from plumbline.store.deliveries.tables import (
    ACCEPTED,
    CHECKING,
    FAILED,
    HELD,
    READY,
    RECEIVED,
    RECEIVING,
    REFUSED,
    STOPPED,
    WAITING,
    Delivery,
)
from plumbline.store.folders import own_name
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import may, require
from plumbline.store.words import bad, fitted, plain, reason

KEPT = ("table", "name", "sha256", "areas", "first_on", "last_on", "replaces_id", "why", "state")
ABSENT = "没有这次报送，或者您无权操作；没有保存任何改动。"
# what the worker begins on, and what it is then doing
BEGUN = {WAITING: CHECKING, CHECKING: CHECKING, ACCEPTED: RECEIVING, RECEIVING: RECEIVING}


def action_for(table: Table) -> str:
    """What a person must be allowed to do to hand something in for a table."""
    return "register" if table.register else "deliver"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it comes in: its name, its bytes piece by piece, and what the sender says to it; of a roll, its terms."""

    name: str
    chunks: Iterable[bytes]
    why: str = ""
    terms: Mapping[str, Any] = field(default_factory=dict)


def hand_in(user: Any, table: Table, sent: Sent, coverage: Coverage, replaces: Batch | None = None) -> Delivery:
    """A file handed in, waiting to be checked; nothing of it counts before it is received.

    Raises  NotAllowed outside the user's areas; BadInput for an empty file, a coverage of no area, a missing reason
    """
    for area in coverage.areas or (user.area,):
        require(user, action_for(table), area)
    if table.orders:
        raise bad("delivery.orders", table.label, f"「{table.label}」随工单自动记下，不收文件；请在「工单」里登记和办理。")
    why, name = reason(sent.why, needed=replaces is not None), own_name(sent.name)
    if not coverage.areas:
        raise bad("delivery.areas", "覆盖地区", "请选择这份数据完整覆盖哪些地区。")
    if coverage.first and coverage.last and coverage.first > coverage.last:
        raise bad("delivery.days", "覆盖时段", f"起日 {coverage.first} 晚于止日 {coverage.last}；请核对覆盖时段。")
    with only_writer(), transaction.atomic():
        sha256, size = hold(name, sent.chunks)
        if not size:
            raise bad("file.empty", name, f"「{name}」是空文件，没有收下；请检查后重新选择。")
        row = Delivery.objects.create(
            table=table.key, name=fitted(Delivery, "name", name), sha256=sha256, size=size, area=user.area or CITY.code,
            areas=list(coverage.areas), first_on=coverage.first, last_on=coverage.last, replaces=replaces, why=why,
            terms=dict(sent.terms), handed_by=user, handed_at=timezone.now())
        record(user, Write("delivery.hand-in", "delivery", row.pk, None, plain(row, KEPT), why, row.area))
    return row


def coverage_of(row: Delivery) -> Coverage:
    """What a delivery says it covers."""
    return Coverage(tuple(row.areas), row.first_on, row.last_on)


def unfinished() -> list[int]:
    """Deliveries the worker has work on, the oldest first."""
    return list(Delivery.objects.filter(state__in=list(BEGUN)).order_by("pk").values_list("pk", flat=True))


def begin(delivery_id: int) -> Delivery | None:
    """Start checking, or receiving, a delivery; None where nothing of it waits any more."""
    with transaction.atomic():
        row = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
        return _move(None, row, BEGUN[row.state], "delivery.start") if row.state in BEGUN else None


def checked(delivery_id: int, preview: Mapping[str, Any], findings: Iterable[Finding], good: bool) -> Delivery:
    """What the check of a delivery found; one that is not good is refused, and its file dropped."""
    with transaction.atomic():
        row = _doing(delivery_id, CHECKING)
        row.preview, row.findings = dict(preview), [asdict(one) for one in findings]
        _move(None, row, READY if good else REFUSED, "delivery.check")
    finished(row.pk)
    return _dropped(row)


def accept(user: Any, delivery_id: int) -> Delivery:
    """A person's yes to a delivery that was checked; Conflict where it is not ready."""
    with transaction.atomic():
        row = _own(user, delivery_id)
        if row.state != READY:
            raise Conflict(f"「{row.name}」现在是“{row.get_state_display()}”，不能确认；请刷新页面。")
        return _move(user, row, ACCEPTED, "delivery.accept")


def received(delivery_id: int, batch: Batch | None) -> Delivery:
    """A delivery became a batch, or, of a register, the entries it held."""
    with transaction.atomic():
        row = _doing(delivery_id, RECEIVING)
        row.batch = batch
        _move(None, row, RECEIVED, "delivery.receive")
    return _dropped(row)


def fail(delivery_id: int, findings: Iterable[Finding]) -> Delivery:
    """A delivery that could not be checked or received; nothing of it is kept. One that is over stays as it is."""
    with transaction.atomic():
        row = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
        if row.state not in HELD:
            return row
        row.findings = [asdict(one) for one in findings]
        _move(None, row, FAILED, "delivery.refuse")
    return _dropped(row)


def stop(user: Any, delivery_id: int) -> Delivery:
    """Give a delivery up before it is received; the worker stops at the next look."""
    with transaction.atomic():
        row = _own(user, delivery_id)
        if row.state not in HELD:
            raise Conflict(f"「{row.name}」现在是“{row.get_state_display()}”，不能取消；已收下的数据请在批次中撤回。")
        _move(user, row, STOPPED, "delivery.cancel")
    return _dropped(row)


def expire(moment: datetime) -> int:
    """Give up what was handed in before a moment and still waits for a yes; how many."""
    old = list(Delivery.objects.filter(state=READY, handed_at__lt=moment).values_list("pk", flat=True))
    for number in old:
        with transaction.atomic():
            row = Delivery.objects.select_for_update(of=("self",)).get(pk=number)
            if row.state == READY:
                _dropped(_move(None, row, STOPPED, "delivery.expire"))
    return len(old)


def _own(user: Any, delivery_id: int) -> Delivery:
    """The delivery, locked; NotAllowed, in the same words, where there is none or the user may not."""
    row = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id).first()
    if row is None or not any(may(user, action, row.area) for action in ("deliver", "register")):
        raise NotAllowed(ABSENT)
    return row


def _doing(delivery_id: int, state: str) -> Delivery:
    """The delivery, locked, still in the state the work began in; Conflict where it was stopped meanwhile."""
    row = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
    if row.state != state:
        raise Conflict(f"「{row.name}」已经{row.get_state_display()}；没有保存。")
    return row


def _move(user: Any, row: Delivery, state: str, action: str) -> Delivery:
    """Give a delivery its next state, and say so in the journal."""
    before, row.state = row.state, state
    row.save()
    after: dict[str, Any] = {"state": state} | ({"batch_id": row.batch_id} if row.batch_id else {})
    record(user, Write(action, "delivery", row.pk, {"state": before}, after, area=row.area))
    return row


def _dropped(row: Delivery) -> Delivery:
    """The delivery, its file dropped where nothing waits with it any more."""
    if row.state not in HELD:
        transaction.on_commit(tidy)
    return row
