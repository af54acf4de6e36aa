"""Moving orders, one or many: the only way their state changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Unpack

from django.db import transaction
from django.db.models import Q

from plumbline.kernel import AFTER, AMENDS, BadInput, Catalog, Conflict, Finding, Move, NotAllowed, OrderKind
from plumbline.store.orders.access import ABSENT, JOINED, barred, follows, hats, office_given, unheld
from plumbline.store.orders.aftermath import finish
from plumbline.store.orders.clocks import refuse_units
from plumbline.store.orders.setting import At, kind_in, setting
from plumbline.store.orders.steps import OVER, Step, amend, begun, moved, placed, put_fields, settled
from plumbline.store.orders.tables import HELPER, PART, Order, OrderMove
from plumbline.store.orders.telling import Told, evidence_missing, misplaced, told_of, unlimited
from plumbline.store.words import bad, refuse

STALE = "这件工单刚被他人办理或修改；没有保存您的操作，请刷新后再办。"
LINK_OF = {"helpers": HELPER, "parts": PART}
# orders moved in one transaction
MANY = 500


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a bulk move: how many moved, and why the others did not."""

    done: int
    refused: tuple[Finding, ...]


@dataclass(slots=True)
class Hand:
    """A person at one move, of one order or of many; what he tells is checked once for each kind and area."""

    user: Any
    move_key: str
    told: Mapping[str, object]
    catalog: Catalog
    now: datetime
    code: str = ""
    checked: dict[tuple[str, str], Told] = field(default_factory=dict)

    def steps(self, order: Order, group: "Group", version: int | None) -> list[Step]:
        """Steps of an order and of those that go with it, in memory.

        Raises  NotAllowed, Conflict, BadInput; nothing is changed then
        """
        kind = kind_in(self.catalog, order.kind)
        worn = hats(self.user, order, self.code)
        if not worn:
            raise NotAllowed(ABSENT)
        if version is not None and order.version != version:
            raise Conflict(STALE)
        wanted = possible(kind, order, self.move_key, worn)
        told = self._told(kind, wanted, order)
        if told.office is None and unheld(order, kind, wanted):
            raise bad("order.holder", order.number, f"{order.number} 没有承办单位，不能「{wanted.label}」；请先派给一个单位。")
        refuse_unready(self.user, order, wanted, told, group)
        for one in (order, *group.joined(order)) if told.amends else ():
            refuse_units(one, kind, told.amends, self.catalog)
        first = moved(order, kind, wanted, told, OrderMove(by=self.user, at=self.now, n=group.next(order)))
        return [first, *(followed(one, first, wanted, group.next(one)) for one in going(first, wanted, group.joined(order)))]

    def _told(self, kind: OrderKind, wanted: Move, order: Order) -> Told:
        """What is told, the office looked up; BadInput where it is not one of the order's area, or nothing such is there."""
        known = (kind.key, order.area)
        if known not in self.checked:
            told = told_of(kind, wanted, self.told)
            refuse([*misplaced(order.area, told.amends.get("place", "")),
                    *unlimited(told.amends.get("urgency", ""), kind, self.catalog)])
            office = None if told.office is None else office_given(self.user, told.office, [order.area])
            self.checked[known] = replace(told, office=office)
        return self.checked[known]


class Group:
    """Orders, and those joined to them, locked in the order of their numbers, with their stories."""

    def __init__(self, numbers: Iterable[int]):
        wanted = list(numbers)
        rows = Order.objects.select_for_update().filter(Q(pk__in=wanted) | Q(joined__in=wanted)).order_by("pk")
        self.orders = {one.pk: one for one in rows}
        self.stories: dict[int, list[tuple[str, int | None, int]]] = {}
        told = OrderMove.objects.filter(order__in=list(self.orders)).order_by("order", "n")
        for order, move_key, by, n in told.values_list("order", "move", "by", "n"):
            self.stories.setdefault(order, []).append((move_key, by, n))

    def joined(self, order: Order) -> list[Order]:
        """Those joined to an order."""
        return [one for one in self.orders.values() if one.joined_id == order.pk]

    def next(self, order: Order) -> int:
        """The number of its next row in the story."""
        story = self.stories.get(order.pk)
        return story[-1][2] + 1 if story else 1

    def makers(self, order: Order) -> list[tuple[str, int | None]]:
        """Move and who made it, the last one last."""
        return [(move_key, by) for move_key, by, _ in self.stories.get(order.pk, ())]


@transaction.atomic
def move(user: Any, order_id: int, move_key: str, told: Mapping[str, object], version: int, *,
         as_asker_code: str = "", **at: Unpack[At]) -> Order:
    """Move an order along one of its kind's moves; those joined to it go with it.

    user     None: the asker, where `as_asker_code` is the order's; without a code the machine
    told     by key: fields, reason, office, reply, evidence, as the move needs and takes them
    version  the one the person saw
    at       catalog, now
    Raises   NotAllowed, in the same words where there is no such order; Conflict where it changed meanwhile; BadInput
    """
    hand, group = Hand(user, move_key, told, *setting(at), as_asker_code), Group([order_id])
    order = group.orders.get(order_id)
    if order is None:
        raise NotAllowed(ABSENT)
    _write(hand, hand.steps(order, group, version))
    return order


def move_many(user: Any, order_ids: Iterable[int], move_key: str, told: Mapping[str, object],
              versions: Mapping[int, int] | None = None, **at: Unpack[At]) -> Moved:
    """Move many orders alike, each on its own: those that cannot are named, the others move.

    versions  by order, the one the person saw; what is not named is not checked
    Killed    some hundred orders are one transaction: each order moved with its journal entry, or not at all
    """
    hand, numbers = Hand(user, move_key, told, *setting(at)), sorted(set(order_ids))
    done, refused = 0, list[Finding]()
    for start in range(0, len(numbers), MANY):
        many, found = _some(hand, numbers[start:start + MANY], versions or {})
        done += many
        refused += found
    return Moved(done, tuple(refused))


@transaction.atomic
def _some(hand: Hand, numbers: Sequence[int], versions: Mapping[int, int]) -> tuple[int, list[Finding]]:
    group, refused = Group(numbers), list[Finding]()
    steps: dict[int, list[Step]] = {}
    gone = set[int]()
    for number in numbers:
        try:
            steps[number] = _one_of_many(hand, group, gone, number, versions.get(number))
        except (BadInput, NotAllowed, Conflict) as refusal:
            refused.append(_why(group.orders.get(number), hand, refusal))
        else:
            gone |= {step.order.pk for step in steps[number]}
    _write(hand, [step for some in steps.values() for step in some])
    return len(steps), refused


def _one_of_many(hand: Hand, group: Group, gone: set[int], number: int, version: int | None) -> list[Step]:
    order = group.orders.get(number)
    if order is None:
        raise NotAllowed(ABSENT)
    if number in gone:
        raise bad("order.joined", order.number, JOINED)
    wanted = kind_in(hand.catalog, order.kind).moves.get(hand.move_key)
    if wanted and not wanted.bulk:
        raise bad("order.bulk", order.number, f"「{wanted.label}」不能成批办理；请逐件办理。")
    return hand.steps(order, group, version)


def _why(order: Order | None, hand: Hand, refusal: Exception) -> Finding:
    """Why an order did not move; nothing of it is said to who may not know of it."""
    number = order.number if order and hats(hand.user, order) else "所选工单"
    return Finding("order.bulk", number, f"{number}：{refusal}")


def _write(hand: Hand, steps: Sequence[Step]) -> None:
    if steps:
        settled(steps, hand.catalog, hand.now)
        finish(hand.user, steps, hand.catalog)


def possible(kind: OrderKind, order: Order, move_key: str, worn: frozenset[str]) -> Move:
    """The move of a key, where this person may make it and the order stands where it begins.

    Raises  BadInput, NotAllowed
    """
    wanted = kind.moves.get(move_key)
    if wanted is None:
        raise bad("order.move", "动作", f"「{kind.label}」没有「{move_key[:30]}」这个动作；请刷新页面后再试。")
    if not worn & set(wanted.by):
        raise NotAllowed(f"您不能对这件工单「{wanted.label}」；没有保存任何改动。")
    if order.state not in wanted.sources:
        state = kind.states[order.state].label if order.state in kind.states else order.state
        raise bad("order.state", order.number, f"工单 {order.number} 现在是「{state}」，不能「{wanted.label}」；请刷新后再看。")
    if follows(order, wanted):
        raise bad("order.joined", order.number, JOINED)
    return wanted


def refuse_unready(user: Any, order: Order, wanted: Move, told: Told, group: Group) -> None:
    """Raise where another person has to make the move, or something has to be over or be there first."""
    if barred(wanted, user, group.makers(order)):
        raise NotAllowed(f"「{wanted.label}」要由另一个人来做：上一步是您自己办的；没有保存任何改动。")
    for name in wanted.after:
        open_ones = order.children.filter(link=LINK_OF[name]).exclude(state_kind__in=OVER)
        if many := open_ones.count():
            raise bad("order.after", order.number,
                      f"工单 {order.number} 还有 {many} 件{AFTER[name]}没有办完，不能「{wanted.label}」；请先办完。")
    if evidence_missing(wanted, told) and not order.attachments.exists():
        raise bad("order.needed", "佐证材料", f"「{wanted.label}」要有佐证材料；请上传附件，或写明材料名称。")


def going(first: Step, wanted: Move, joined: Sequence[Order]) -> list[Order]:
    """The orders that go with one that moved, so that each asker is answered.

    Reading  they go with it as long as they stand where it stood. A call back that closes it closes none of them,
             for each asker is called himself; nor does what its asker withdraws
    """
    source = first.row.source
    own = "asker" in wanted.by or (first.order.state_kind in OVER and first.kind.states[source].kind == "waiting")
    return [] if own else [one for one in joined if one.state == source]


def followed(order: Order, first: Step, wanted: Move, n: int) -> Step:
    """A step of an order that goes with its main one: state, holder, fields and the answer are the same."""
    row = first.row
    step = begun(order, first.kind, OrderMove(
        n=n, move=row.move, label=f"随主件{row.label}"[:50], source=order.state, by=row.by, at=row.at, why=row.why, told=row.told,
        says=row.says))
    old, order.office_id = order.office_id, first.order.office_id
    order.first_office_id = order.first_office_id or order.office_id
    order.returns += first.order.returns - first.before["returns"]
    order.transfers += first.order.transfers - first.before["transfers"]
    put_fields(step, {key: first.order.fields[key] for key in first.fields[1] if key in first.order.fields})
    amend(step, {key: getattr(first.order, key) for key in AMENDS if first.before.get(key) != getattr(first.order, key)})
    placed(step, first.order.state, wanted.reopens, passed_on=old is not None and order.office_id not in (None, old))
    return step
