"""Orders that belong together: duplicates joined, one split into parts, other offices called to the spot."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Unpack

from django.db import transaction

from plumbline.kernel import Catalog, Conflict, NotAllowed, OrderKind
from plumbline.store.orders.access import ABSENT, hats, office_given, require_lead
from plumbline.store.orders.aftermath import finish
from plumbline.store.orders.moving import STALE, Group
from plumbline.store.orders.opening import checked, put
from plumbline.store.orders.setting import At, kind_in, setting
from plumbline.store.orders.steps import OVER, Step, begun, placed, settled
from plumbline.store.orders.tables import HELPER, PART, Order, OrderMove
from plumbline.store.people.roles import may
from plumbline.store.words import bad, reason

JOIN, UNJOIN, SPLIT, SUMMON = "join", "unjoin", "split", "summon"
LABELS = {JOIN: "并入", UNJOIN: "分出", SPLIT: "拆分", SUMMON: "吹哨"}
MOST = 20
# a plan's task goes to every street of a district, or of several
MOST_PARTS = 200
# what a part or a helper has of the order it comes from, unless something else is said
SAME = ("title", "topic", "urgency", "source", "area", "place", "address", "lng", "lat", "example")


@transaction.atomic
def join(user: Any, duplicate_id: int, into_id: int, why: str, version: int, **at: Unpack[At]) -> Order:
    """Join an order to another of its kind that says the same; from now on it goes with that one, and its asker is answered.

    Who      takes or sends out orders there
    Reading  what was joined to it goes along; one joined to an order that is itself joined is joined to the first of them
    Raises   NotAllowed, Conflict, BadInput
    """
    catalog, now, why = *setting(at), reason(why)
    group = Group([duplicate_id, _main_of(into_id)])
    order, main = _both(user, group, duplicate_id, _main_of(into_id), version)
    kind = kind_in(catalog, order.kind)
    steps = []
    for one in (order, *group.joined(order)):
        step = _begun(kind, one, JOIN, user, now, group.next(one))
        step.row.why, step.row.says = why, "与另一件反映同一事项的来件一并办理"
        step.row.change = {"joined": [None, main.number]}
        one.joined, one.office_id = main, main.office_id
        one.first_office_id = one.first_office_id or main.first_office_id
        placed(step, main.state)
        steps.append(step)
    settled(steps, catalog, now)
    finish(user, steps, catalog)
    return order


def _main_of(number: int) -> int:
    """The order that a joined one is joined to; else itself."""
    return Order.objects.filter(pk=number).values_list("joined", flat=True).first() or number


def _both(user: Any, group: Group, duplicate_id: int, into_id: int, version: int) -> tuple[Order, Order]:
    """An order and the one it is to be joined to.

    Raises  NotAllowed where one of them is not there or not the user's; Conflict; BadInput where they do not fit
    """
    order, main = group.orders.get(duplicate_id), group.orders.get(into_id)
    if order is None or main is None or not all(_may_link(user, one) for one in (order, main)):
        raise NotAllowed(ABSENT)
    if order.version != version or main.joined_id is not None:
        raise Conflict(STALE)
    if order.pk == main.pk or order.kind != main.kind or order.joined_id is not None:
        raise bad("order.join", order.number, "只能并入另一件同类的工单，已经并入的要先分出；没有保存任何改动。")
    if order.state_kind in OVER or main.state_kind in OVER:
        raise bad("order.join", order.number, "已经办结或作废的工单不能并入，也不能并入它们；没有保存任何改动。")
    return order, main


def _may_link(user: Any, order: Order) -> bool:
    return any(may(user, action, order.area) for action in ("take", "dispatch"))


@transaction.atomic
def unjoin(user: Any, duplicate_id: int, why: str, version: int, **at: Unpack[At]) -> Order:
    """Let a joined order go its own way again, from where it stands.

    Raises  NotAllowed, Conflict, BadInput
    """
    catalog, now, why = *setting(at), reason(why)
    group = Group([duplicate_id])
    order = group.orders.get(duplicate_id)
    if order is None or not _may_link(user, order):
        raise NotAllowed(ABSENT)
    if order.version != version:
        raise Conflict(STALE)
    if order.joined is None:
        raise bad("order.join", order.number, f"工单 {order.number} 没有并入别的工单；请刷新后再看。")
    step = _begun(kind_in(catalog, order.kind), order, UNJOIN, user, now, group.next(order))
    step.row.why, step.row.change = why, {"joined": [order.joined.number, None]}
    order.joined = None
    placed(step, order.state)
    settled([step], catalog, now)
    finish(user, [step], catalog)
    return order


@transaction.atomic
def split(user: Any, order_id: int, parts: Sequence[Mapping[str, Any]], why: str, version: int, **at: Unpack[At]) -> list[Order]:
    """Split an order into parts, each an order of its own that has to be over before this one is answered.

    parts   as `open_` is told; what is not told is as in the order
    Who     its holder, or who sends out orders there
    Raises  NotAllowed, Conflict, BadInput
    """
    catalog, now, why = *setting(at), reason(why)
    order, group = _led(user, order_id, version)
    kind = _kind_of(catalog, order, "part")
    if not 2 <= len(parts) <= MOST_PARTS:
        raise bad("order.split", order.number, f"请拆成 2 至 {MOST_PARTS} 件。")
    new = [checked(user, kind, {**_same(order), **part}, catalog) for part in parts]
    for one in new:
        one.parent, one.link = order, PART
        if one.office_id is not None and not may(user, "dispatch", one.area):
            raise bad("order.split", order.number, "拆出的工单由派单员派出，这里不能指定单位。")
    return _called(user, group, order, (SPLIT, why), [(kind, one) for one in new], (catalog, now))


@transaction.atomic
def summon(user: Any, order_id: int, offices: Iterable[Any], text: str, why: str, **at: Unpack[At]) -> list[Order]:
    """Call other offices to an order: each gets an order of its own, with its own clock, and answers for itself.

    offices  or their numbers: of the order's area, or above or below it
    text     what they are called for
    Who      its holder, or who sends out orders there
    Raises   NotAllowed, BadInput
    """
    catalog, now, why = *setting(at), reason(why)
    order, group = _led(user, order_id, None)
    kind = _kind_of(catalog, order, "helper")
    called = list({one.pk: one for one in (office_given(None, told, [order.area]) for told in offices)}.values())
    if not 1 <= len(called) <= MOST or any(one.pk == order.office_id for one in called):
        raise bad("order.summon", "单位", f"请选 1 至 {MOST} 个单位，承办单位自己除外。")
    if not text.strip():
        raise bad("order.text", "请做什么", "请写明请这些单位来做什么。")
    new = []
    for office in called:
        one = checked(user, kind, {**_same(order), "text": text}, catalog)
        one.parent, one.link, one.office, one.first_office = order, HELPER, office, office
        one.sender_id = order.office_id if "holder" in hats(user, order) else user.office_id or order.office_id
        new.append((kind, one))
    return _called(user, group, order, (SUMMON, why), new, (catalog, now))


def _led(user: Any, order_id: int, version: int | None) -> tuple[Order, Group]:
    """An open order this person may lead, locked."""
    group = Group([order_id])
    order = group.orders.get(order_id)
    require_lead(user, order)
    assert order
    if version is not None and order.version != version:
        raise Conflict(STALE)
    if order.state_kind in OVER or order.joined_id is not None:
        raise bad("order.state", order.number, f"工单 {order.number} 已经办结、作废或并入别的工单；没有保存任何改动。")
    return order, group


def _kind_of(catalog: Catalog, order: Order, link: str) -> OrderKind:
    own = kind_in(catalog, order.kind)
    key = getattr(own, link)
    if not key:
        word = LABELS[SUMMON if link == "helper" else SPLIT]
        raise bad("order.kind", order.number, f"「{own.label}」不能{word}；没有保存任何改动。")
    return kind_in(catalog, key)


def _same(order: Order) -> dict[str, Any]:
    return {name: getattr(order, name) for name in SAME}


def _called(user: Any, group: Group, order: Order, told: tuple[str, str], new: Sequence[tuple[OrderKind, Order]],
            at: tuple[Catalog, datetime]) -> list[Order]:
    """Open the orders that come from one, and say so in its story. told: what was done, and why."""
    catalog, now = at
    key, why = told
    step = _begun(kind_in(catalog, order.kind), order, key, user, now, group.next(order))
    step.row.why = why
    steps = [put(user, kind, one, None, at) for kind, one in new]
    for child in steps:
        child.row.why = why
    step.row.change = {key: [None, [one.number if one.office is None else f"{one.number} {one.office.name}" for _, one in new]]}
    placed(step, order.state)
    settled([step], catalog, now)
    finish(user, [step, *steps], catalog)
    return [one for _, one in new]


def _begun(kind: OrderKind, order: Order, key: str, user: Any, now: datetime, n: int) -> Step:
    return begun(order, kind, OrderMove(n=n, move=key, label=LABELS[key], source=order.state, by=user, at=now))
