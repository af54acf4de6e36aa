"""Objections (考核申诉): an office says that a request behind its score was judged wrongly; a judge decides.

What is upheld is done at once, in the judge's name: the request is struck out, its call-back is corrected, or it is
put down to another office; only then is the objection over. A refusal leaves everything as it was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from plumbline.kernel import NotAllowed
from plumbline.store import orders
from plumbline.store.models import Office, Order
from plumbline.store.words import bad

REQUEST, KIND = "hotline.request", "hotline.objection"
SUBJECT = "order "
ABSENT = "没有这件工单，或者它不计入您单位的成绩；没有提出申诉。"
# what may be asked for, and the move of the request that does it; call-back answers are put right by `record`
STRIKE, OFFICE = "剔除考核", "责任单位有误"
ANSWERS: Mapping[str, Mapping[str, bool]] = {
    "改为已响应": {"responded": True}, "改为已解决": {"solved": True}, "改为满意": {"satisfied": True}}
ASKS = (STRIKE, *ANSWERS, OFFICE)
URGENCY = "ordinary"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge says: the reason; of a strike-out what for; of a wrong office the right one."""

    reason: str
    struck_for: str = ""
    office: int | None = None


def own(user: Any, order: Order) -> bool:
    """Whether a request is part of the score of a person's office: it held the request, or looks after its street."""
    office = user.office if user.is_authenticated and user.role == "office" else None
    return office is not None and (order.office_id == office.pk or bool(office.place and order.place.startswith(office.place)))


def why_not(user: Any, order: Order, pending: bool) -> str:
    """Why a person may not object to a request; empty where he may. pending: an objection to it waits for a judge."""
    if not own(user, order):
        return "只有承办单位或所在街道可以申诉"
    if order.state != "closed":
        return "还没有办结"
    if order.fields.get("struck"):
        return "已经剔除"
    return "申诉正在裁定" if pending else ""


def object_to(user: Any, number: str, asks_for: str, text: str, now: datetime | None = None) -> Order:
    """Open an objection to a request of one's own score; one at a time.

    Raises  NotAllowed, in the same words where there is no such request; BadInput
    """
    with transaction.atomic():
        request = Order.objects.select_for_update(of=("self",)).filter(kind=REQUEST, number=number).first()
        if request is None or not own(user, request):
            raise NotAllowed(ABSENT)
        if trouble := why_not(user, request, pending(request)):
            raise bad("objection.state", "申诉", f"工单 {number}：{trouble}，不能申诉。")
        if asks_for not in ASKS:
            raise bad("objection.asks", "请求", f"请选择请求：{'、'.join(ASKS)}。")
        if not text.strip():
            raise bad("objection.text", "理由", "请写明申诉理由；裁定的人只看得到这里写的和附件。")
        parent = request.pk if request.office_id == user.office_id else None
        return orders.open_(user, KIND, {
            "title": f"{asks_for}：{request.number}", "text": text, "area": request.area, "place": request.place,
            "urgency": URGENCY, "office": user.office_id, "subject": f"{SUBJECT}{request.pk}", "parent": parent,
            "example": request.example, "fields": {"asks_for": asks_for}}, now=now)


def pending(request: Order) -> bool:
    """Whether an objection to a request waits for its judge, or for what was upheld to be done."""
    return Order.objects.filter(kind=KIND, subject=f"{SUBJECT}{request.pk}", state_kind__in=("open", "waiting")).exists()


def request_of(objection: Order) -> Order:
    """The request an objection is about."""
    return requests_of([objection])[objection.pk]


def requests_of(found: Iterable[Order]) -> dict[int, Order]:
    """The requests that objections are about, by objection."""
    keys = {one.pk: int(one.subject.removeprefix(SUBJECT)) for one in found}
    known = Order.objects.filter(kind=REQUEST).select_related("office").in_bulk(keys.values())
    return {key: known[about] for key, about in keys.items()}


@transaction.atomic
def uphold(user: Any, objection_id: int, verdict: Verdict, version: int, now: datetime | None = None) -> Order:
    """Uphold an objection and do what it asks for, in one: the request moves first, then the objection is over.

    Raises  NotAllowed, Conflict, BadInput; nothing is changed then
    """
    objection = orders.move(user, objection_id, "uphold", {"reason": verdict.reason}, version, now=now)
    return settle(user, objection, verdict, now)


@transaction.atomic
def settle(user: Any, objection: Order, verdict: Verdict, now: datetime | None = None) -> Order:
    """Do what an upheld objection asks for; the judge's own doing, journalled as any move of the request."""
    if objection.kind != KIND:
        raise NotAllowed(ABSENT)
    request = request_of(objection)
    key, told = correction(objection.fields.get("asks_for", ""), verdict)
    why = f"申诉 {objection.number}：{verdict.reason}"[:300]
    orders.move(user, request.pk, key, {**told, "reason": why}, request.version, now=now)
    return orders.move(None, objection.pk, "settle", {}, objection.version, now=now)


def correction(asks_for: str, verdict: Verdict) -> tuple[str, dict[str, Any]]:
    """The move of the request that does what was asked for, and what it is told."""
    if asks_for == STRIKE:
        return "strike", {"struck": True, "struck_for": verdict.struck_for or "其他"}
    if asks_for == OFFICE:
        office = Office.objects.filter(pk=verdict.office).first() if verdict.office else None
        if office is None:
            raise bad("objection.office", "责任单位", "请选择正确的责任单位。")
        return "reassign", {"office": office.pk}
    return "record", {"reached": True, **ANSWERS[asks_for]}


def reject(user: Any, objection_id: int, reason: str, version: int, now: datetime | None = None) -> Order:
    """Turn an objection down; the request stays as it is."""
    return orders.move(user, objection_id, "reject", {"reason": reason}, version, now=now)
