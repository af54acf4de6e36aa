"""An order as lists and cards show it: its state, its clock's colour, and what time is left, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.http import Http404, HttpRequest
from django.utils import timezone

from plumbline.kernel import STATE_KINDS, Catalog, OrderKind, Table, area_name
from plumbline.store import declarations
from plumbline.store.models import Office, Order
from plumbline.store.people.tables import OFFICE_KINDS
from plumbline.web.orders.own_pages import page_of

# by the level its clocks reached
TONES = {0: "fine", 1: "remind", 2: "warn", 3: "late"}
TONE_WORDS = {"fine": "正常", "remind": "提醒", "warn": "预警", "late": "超期", "none": "不计时"}
OPEN = ("open", "waiting")
# the same, said to the database in so many words: SQLite finds no index of some rows by values it is told apart
STILL = RawSQL("store_order.state_kind IN ('open', 'waiting')", (), BooleanField())
TOLD = RawSQL("store_order.state_kind IN ('open', 'waiting') AND store_order.level >= 1", (), BooleanField())


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in a list.

    tone   of its clock: fine, remind, warn, late; none where no clock runs
    left   what time is left, or how long it is over, in words
    joined it goes with the one it was joined to
    """

    key: int
    number: str
    title: str
    kind: str
    state: str
    state_kind: str
    area: str
    office: str
    topic: str
    urgency: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    tone: str
    left: str
    returns: int
    joined: bool
    example: bool
    version: int
    href: str

    @property
    def tone_words(self) -> str:
        """The tone in a word."""
        return TONE_WORDS[self.tone]


def kinds() -> Mapping[str, OrderKind]:
    """The kinds of order there are."""
    return declarations.catalog().orders


@dataclass(frozen=True, slots=True)
class Speech:
    """What rows are put into words with, made once for many: the hour, the kinds, the urgencies of each."""

    now: datetime
    kinds: Mapping[str, OrderKind]
    urgencies: Mapping[str, Mapping[str, str]]


def speech() -> Speech:
    """The words of this moment."""
    catalog = declarations.catalog()
    return Speech(timezone.now(), catalog.orders, {key: dict(urgencies(catalog, kind)) for key, kind in catalog.orders.items()})


def row_of(order: Any, by: Speech) -> OrderRow:
    """An order as a list shows it."""
    kind = by.kinds.get(order.kind)
    state = kind.states.get(order.state) if kind else None
    tone = tone_of(order, by.now)
    return OrderRow(
        order.pk, order.number, order.title, kind.label if kind else order.kind, state.label if state else order.state,
        order.state_kind, area_name(order.area) if order.area else "", str(order.office or ""), order.topic,
        by.urgencies.get(order.kind, {}).get(order.urgency, order.urgency), order.opened_at, order.due_at, order.closed_at,
        tone, left_words(order.due_at, by.now) if tone != "none" else "", order.returns,
        order.joined_id is not None, order.example, order.version,
        href(order))


def href(order: Any) -> str:
    """Where an order is opened: its kind's own page, or the one every order has."""
    return page_of(order.kind, order.number)


def tone_of(order: Any, now: datetime) -> str:
    """The colour of an order's clock; late as soon as its time is over, though nobody was told yet."""
    if order.due_at is None or order.state_kind not in OPEN:
        return "none"
    return "late" if order.due_at < now else TONES[min(order.level, 2)]


def left_words(due_at: datetime | None, now: datetime) -> str:
    """What time is left.

    >>> left_words(datetime(2020, 1, 3, 10, 30), datetime(2020, 1, 2, 8)), left_words(None, datetime(2020, 1, 2))
    ('还剩1天2小时', '')
    """
    if due_at is None:
        return ""
    return f"还剩{span_words(due_at - now)}" if due_at >= now else f"超期{span_words(now - due_at)}"


def span_words(span: timedelta) -> str:
    """A length of time in its two largest parts.

    >>> span_words(timedelta(minutes=125)), span_words(timedelta(seconds=20))
    ('2小时5分', '不到1分钟')
    """
    minutes = int(span.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days}天{f'{hours}小时' if hours else ''}"
    if hours:
        return f"{hours}小时{f'{rest}分' if rest else ''}"
    return f"{rest}分钟" if rest else "不到1分钟"


def urgencies(catalog: Catalog, kind: OrderKind) -> tuple[tuple[str, str], ...]:
    """What an order of a kind may be urgent as: the keys its clocks have limits for, each with its shortest words."""
    found: dict[str, str] = {}
    for clock in kind.clocks.values():
        stem = f"{clock.of}."
        for key, one in catalog.parameters.items():
            if clock.by == "urgency" and key.startswith(stem):
                name, words = key.removeprefix(stem), one.meaning.partition("，")[0]
                found[name] = min(found.get(name, words), words, key=len)
    return tuple(found.items())


def named(table: Table) -> Mapping[str, Mapping[str, str]]:
    """What stands in a table, in words: by column, key to label: streets, and of a table cut from orders its states."""
    coded = [one.key for one in table.columns if one.form == "street" or (table.orders and one.key == "street")]
    streets = dict(Office.objects.filter(kind="street").exclude(place="").values_list("place", "name")) if coded else {}
    told: dict[str, Mapping[str, str]] = dict.fromkeys(coded, streets)
    if not table.orders:
        return told
    catalog = declarations.catalog()
    kind = catalog.orders[table.orders]
    return told | {"state": {key: one.label for key, one in kind.states.items()}, "state_kind": STATE_KINDS,
            "office_kind": dict(OFFICE_KINDS), "urgency": dict(urgencies(catalog, kind))}


def reads_orders(user: Any) -> bool:
    """Whether a person sees orders at all: a deputy does not, a firm sees its own on its own pages."""
    return bool(user.is_authenticated and user.is_active
                and (user.is_superuser or (user.area and user.role not in ("deputy", "firm"))))


def orders_first(user: Any) -> str:
    """The page of orders a person works at, by name: an office's inbox, a dispatcher's board, else the list."""
    if user.role == "office" and user.office_id:
        return "order-inbox"
    return "order-board" if user.role == "dispatcher" else "orders"


def order_seen(request: HttpRequest, number: str) -> tuple[Order, OrderKind]:
    """An order the person sees, and its kind; 404 otherwise."""
    found = Order.objects.visible_to(request.user).select_related(
        "office", "first_office", "sender", "opened_by", "parent", "joined").filter(number=number).first()
    kind = kinds().get(found.kind) if found else None
    if found is None or kind is None:
        raise Http404
    return found, kind


def seen(user: Any) -> Any:
    """The orders a person sees, with what a row shows of each; without their long texts."""
    return Order.objects.visible_to(user).select_related("office").defer("text", "fields", "clocks")
