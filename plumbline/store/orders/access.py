"""Who may do what with an order: by his role in its area, or by what he is to it."""

import secrets
from collections.abc import Collection, Iterable
from typing import Any

from plumbline.kernel import ORDER_ROLES, Move, NotAllowed, OrderKind, area_name, inside
from plumbline.store.declarations.reading import catalog
from plumbline.store.orders.sight import open_to_firms
from plumbline.store.orders.tables import Order, OrderMove
from plumbline.store.parties.keys import keys_of
from plumbline.store.people.roles import may
from plumbline.store.people.tables import Office
from plumbline.store.words import bad

ABSENT = "没有这件工单，或者您无权操作；没有保存任何改动。"
JOINED = "这件工单已并入另一件，随主件办理；请去办理主件。"
EVERY = frozenset({*ORDER_ROLES, "holder", "first", "sender"}) - {"firm"}
# what a firm is to an order made of it
OF_FIRM = frozenset({"asker", "firm"})
Story = Collection[tuple[str, int | None]]


def hats(user: Any, order: Order, code: str = "") -> frozenset[str]:
    """What a person is to an order: roles that hold in its area, holder, first, sender, asker, machine.

    user  None: who knows the order's code is its asker, and without any code it is the machine
    """
    if user is None:
        if not code:
            return frozenset({"machine"})
        return frozenset({"asker"} if secrets.compare_digest(code.strip().upper().encode(), order.code.encode()) else ())
    if not (user.is_authenticated and user.is_active):
        return frozenset()
    if user.is_superuser:
        return EVERY
    found = set[str]()
    if user.role in ORDER_ROLES and user.role not in ("office", "firm") and inside(order.area, user.area):
        found.add(user.role)
    if user.role == "firm" and order.subject and order.subject in keys_of(user):
        kind = catalog().orders.get(order.kind)
        found |= OF_FIRM if kind and open_to_firms(kind) else set()
    if user.office_id is not None and may(user, "handle", user.area):
        own = {"holder": order.office_id, "first": order.first_office_id, "sender": order.sender_id}
        found |= {name for name, office in own.items() if office == user.office_id}
        if found and user.role == "office":
            found.add("office")
    return frozenset(found)


def may_move(user: Any, order: Order, kind: OrderKind, code: str = "") -> tuple[Move, ...]:
    """The moves a person may make of an order as it stands, in the order declared; what they need is not looked at."""
    worn = frozenset() if user is None and not code else hats(user, order, code)
    open_to = [move for move in kind.moves_from(order.state) if worn & set(move.by) and not follows(order, move)]
    story = story_of(order) if any(move.other_than for move in open_to) else ()
    return tuple(move for move in open_to if not barred(move, user, story) and not (
        unheld(order, kind, move) and "office" not in move.asks))


def unheld(order: Order, kind: OrderKind, move: Move) -> bool:
    """Whether a move would bring an order that nobody holds to where its holder has to act; an office told helps."""
    nobody = order.office_id is None and not (move.holder == "first" and order.first_office_id)
    return nobody and move.to not in ("", order.state) and any("holder" in one.by for one in kind.moves_from(move.to))


def follows(order: Order, move: Move) -> bool:
    """Whether an order goes with the one it is joined to, so that nobody but its asker moves it by itself."""
    return order.joined_id is not None and order.state_kind == "open" and "asker" not in move.by


def story_of(order: Order) -> list[tuple[str, int | None]]:
    """Move and who made it, the last one last."""
    return list(OrderMove.objects.filter(order=order).order_by("n").values_list("move", "by_id"))


def barred(move: Move, user: Any, story: Story) -> bool:
    """Whether another person has to make this move: he made the one it judges."""
    if not move.other_than or user is None:
        return False
    makers = [by for made, by in story if made == move.other_than]
    return bool(makers) and makers[-1] == user.pk


def office_given(user: Any, told: Any, areas: Iterable[str]) -> Office:
    """The office work is given to: of the orders' area, or of one above or below it, and of the giver's own area.

    told    an office, or its number
    Reading  an office that passes work on may name any of that area, not itself alone
    """
    number = told.pk if isinstance(told, Office) else str(told).strip()
    known = isinstance(number, int) or (number.isascii() and number.isdigit() and len(number) < 19)
    found = Office.objects.filter(pk=number).first() if known else None
    if found is None or not all(inside(found.area, area) or inside(area, found.area) for area in areas) \
            or not (user is None or user.is_superuser or user.role == "office" or inside(found.area, user.area)):
        raise bad("order.office", "单位", "没有这个单位，或者它不在这件工单的地区；请从列表中选择。")
    return found


def may_lead(user: Any, order: Order) -> bool:
    """Whether a person may link an order with others, or call others to it: its holder, or who sends orders out there."""
    return "holder" in hats(user, order) or may(user, "dispatch", order.area)


def require_lead(user: Any, order: Order | None) -> None:
    """Raise NotAllowed, in the same words, where there is no such order or the person may not lead it."""
    if order is None or user is None or not may_lead(user, order):
        raise NotAllowed(ABSENT)


def require_open(user: Any, kind: OrderKind, area: str, subject: str = "") -> None:
    """Raise NotAllowed unless a person, or the public (None), may open an order of this kind in this area; a firm of itself."""
    if user is None:
        allowed = "asker" in kind.opens
    elif user.role == "firm" and not user.is_superuser:
        allowed = "firm" in kind.opens and subject in keys_of(user)
    else:
        allowed = user.is_authenticated and user.is_active and (
            user.is_superuser or (user.role in kind.opens and inside(area, user.area)))
    if not allowed:
        raise NotAllowed(f"您不能在{area_name(area) or '未指定的地区'}提出「{kind.label}」；没有保存任何内容。")
