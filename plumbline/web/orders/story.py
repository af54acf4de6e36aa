"""What happened to an order, step by step, with what the machine did; its notes, papers and kindred orders."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from plumbline.kernel import Column, OrderKind, normal
from plumbline.store.models import Attachment, Order, OrderMove, OrderNote
from plumbline.web.orders.rows import OrderRow, Speech, row_of

MACHINE = "系统"
ASKER = "来件人"
# of moves that are no declared ones: those the machine makes by itself
OWN = {"escalate", "remind", "warn", "late"}
IMAGES = {"image/jpeg", "image/png", "image/webp"}
FIELDS = {"title": "标题", "text": "内容", "topic": "分类", "urgency": "紧急程度", "area": "地区", "place": "街道社区",
          "address": "地址", "office": "承办单位", "due_at": "时限", "reason": "理由", "level": "提醒", "clock": "时限",
          "summon": "协办", "split": "拆分为", "joined": "主件", "join": "并入", "unjoin": "分出",
          "evidence": "佐证材料"}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened; `own`: the machine did it by itself."""

    at: datetime
    who: str
    label: str
    state: str
    office: str
    why: str
    told: str
    says: str
    changes: list[tuple[str, str, str]]
    own: bool


@dataclass(frozen=True, slots=True)
class Note:
    """A note; a public one is read by the person who asked."""

    text: str
    public: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """An attachment; `image`, whether it was drawn anew by us and may be shown in the page."""

    key: int
    name: str
    size: str
    public: bool
    by: str
    at: datetime
    image: bool
    href: str


def story(user: Any, order: Order, kind: OrderKind) -> list[Step]:
    """The whole story, the latest first."""
    moves = OrderMove.objects.visible_to(user).filter(order=order).select_related("by", "office").order_by("-n")
    return [step(one, kind) for one in moves]


def step(one: Any, kind: OrderKind) -> Step:
    """A step of the story."""
    state = kind.states.get(one.to)
    who = str(one.by) if one.by else ASKER if one.move == "open" or by_asker(one, kind) else MACHINE
    changed = state.label if state and one.to != one.source else ""
    says = one.says if "asker" in kind.opens else ""
    return Step(one.at, who, one.label, changed, str(one.office or ""), one.why, one.told, says,
                list(changes(one.change, kind)), one.by is None and one.move in OWN)


def by_asker(one: Any, kind: OrderKind) -> bool:
    """Whether the person who asked made a move: nobody signed in did, and it is one of his."""
    move = kind.moves.get(one.move)
    return move is not None and "asker" in move.by


def changes(told: Any, kind: OrderKind) -> Iterable[tuple[str, str, str]]:
    """What a move changed: label, before, after."""
    for key, sides in (told or {}).items():
        column = kind.field(key)
        before, after = sides if isinstance(sides, (list, tuple)) and len(sides) == 2 else ("", sides)
        yield column.label if column else FIELDS.get(key, key), words(before, column), words(after, column)


def words(value: Any, column: Column | None = None) -> str:
    """A value in words; of a column, as it prints its numbers.

    >>> words("30.500000", Column("done", "decimal", "累计完成")), words("5000000", Column("asked", "decimal", "申请金额"))
    ('30.5', '5,000,000')
    >>> words(True), words(None), words("a"), words(["a", "b"])
    ('是', '', 'a', 'a、b')
    """
    if column and column.type == "decimal" and value not in (None, ""):
        return f"{normal(Decimal(str(value))):,f}"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (list, tuple)):
        return "、".join(map(words, value))
    if isinstance(value, str) and value in ("true", "false"):
        return "是" if value == "true" else "否"
    return "" if value is None else str(value)


def notes(user: Any, order: Order) -> list[Note]:
    """The notes, the latest first."""
    found = OrderNote.objects.visible_to(user).filter(order=order).select_related("by").order_by("-id")
    return [Note(one.text, one.public, str(one.by or ASKER), one.at) for one in found]


def papers(user: Any, order: Order) -> list[Paper]:
    """The attachments."""
    found = Attachment.objects.visible_to(user).filter(order=order).select_related("by")
    return [Paper(one.pk, one.name, size_words(one.size), one.public, str(one.by or ASKER), one.at, one.type in IMAGES,
                  reverse("order-paper", args=[order.number, one.pk])) for one in found]


def size_words(size: int) -> str:
    """A size in print.

    >>> size_words(900), size_words(2_500_000)
    ('1 KB', '2.4 MB')
    """
    return f"{size / 1048576:.1f} MB" if size >= 1048576 else f"{max(1, round(size / 1024))} KB"


@dataclass(frozen=True, slots=True)
class Kin:
    """Orders this one has to do with: those it calls others by, was split into, that it answers too, that it belongs to."""

    helpers: list[OrderRow]
    parts: list[OrderRow]
    duplicates: list[OrderRow]
    parent: OrderRow | None
    joined: OrderRow | None


def kin(user: Any, order: Order, by: Speech) -> Kin:
    """The orders this one has to do with, as far as this person sees them."""
    seen = Order.objects.visible_to(user).select_related("office").order_by("pk")
    children = [(one.link, row_of(one, by)) for one in seen.filter(parent=order)]
    above = {one.pk: row_of(one, by) for one in seen.filter(pk__in=[order.parent_id or 0, order.joined_id or 0])}
    return Kin([row for link, row in children if link == "helper"], [row for link, row in children if link == "part"],
               [row_of(one, by) for one in seen.filter(joined=order)], above.get(order.parent_id),
               above.get(order.joined_id))
