"""Opening an order: checked, numbered, its clocks started, who asked kept apart, journalled."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Unpack

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from plumbline.kernel import BY_CODE, OPEN, BadInput, Catalog, Finding, OrderKind
from plumbline.store.orders.access import office_given, require_open
from plumbline.store.orders.aftermath import finish
from plumbline.store.orders.numbering import new_code, next_numbers, year_of
from plumbline.store.orders.setting import At, kind_in, setting
from plumbline.store.orders.steps import Step, begun, hash_of, placed, settled
from plumbline.store.orders.tables import LINKS, Asker, Order, OrderMove
from plumbline.store.orders.telling import fields_of, form_of, lines_trouble, misplaced, unlimited
from plumbline.store.registers.entries import difference
from plumbline.store.words import longest, refuse, text_trouble

TEXT_LENGTH = 5000
LABELS = {"title": "标题", "topic": "分类", "urgency": "紧急程度", "source": "来源", "area": "地区", "place": "街道社区",
          "address": "地址", "subject": "来源对象", "name": "姓名", "phone": "电话", "email": "邮箱"}
PLACED = {"lng": ("经度", 180), "lat": ("纬度", 90)}
PARTS = {"title", "text", "topic", "urgency", "source", "area", "place", "address", "lng", "lat", "office", "fields", "subject",
         "parent", "link", "sender", "example"}
# what the public may not say of its own order
INNER = {"office", "parent", "link", "sender", "subject", "example"}
SAYS = "已受理"
# one address: no list of them, no name before it
EMAIL = re.compile(r"""[^@\s,;:<>()"\\]+@[^@\s,;:<>()"\\]+\.[^@\s,;:<>()"\\]+""")


def open_(user: Any, kind_key: str, told: Mapping[str, Any], *, asker: Mapping[str, Any] | None = None, key: str = "",
          **at: Unpack[At]) -> Order:
    """Open an order.

    user    None: the public, where the kind is open to it
    told    title, text, topic, urgency, source, area, place, address, lng, lat, office, fields, subject, parent, link, sender,
            example
    asker   name, phone, email, secret
    key     what the caller calls this order: asked for again by the same person, the same order is given
    at      catalog, now
    Raises  NotAllowed, BadInput with every finding
    """
    catalog, now = setting(at)
    kind = kind_in(catalog, kind_key)
    once = once_of(user, kind_key, key)
    if once and (known := Order.objects.filter(once=once).first()):
        return known
    require_open(user, kind, area_of(user, told), str(told.get("subject") or ""))
    order, person = checked(user, kind, told, catalog), asker_from(asker)
    order.once = once
    if connection.features.has_select_for_update:
        # numbered before the transaction: others who number do not wait for all of it; a number may so remain unused
        [order.number] = next_numbers(kind, year_of(now))
    try:
        with transaction.atomic():
            finish(user, [put(user, kind, order, person, (catalog, now))], catalog)
    except IntegrityError:
        if once and (known := Order.objects.filter(once=once).first()):
            return known
        raise
    return order


def once_of(user: Any, kind_key: str, key: str) -> str:
    """The hash of what a person calls an order; empty where he calls it nothing."""
    return hash_of(f"{user.pk if user else 0} {kind_key} {key}") if key else ""


def area_of(user: Any, told: Mapping[str, Any]) -> str:
    """The area told, else the person's own."""
    return str(told.get("area") or (user.area if user else "")).strip()


def put(user: Any, kind: OrderKind, order: Order, person: Asker | None, at: tuple[Catalog, datetime]) -> Step:
    """Number an order that was checked, unless it has one, start its clocks and save it, in a transaction that `finish` ends."""
    catalog, now = at
    order.opened_by, order.opened_at, order.code = user, now, new_code()
    step = begun(order, kind, OrderMove(by=user, at=now, n=1, move=OPEN, label="登记", says=SAYS))
    step.fields = difference(form_of(kind), {}, order.fields)
    placed(step, kind.first)
    order.version = 0
    settled([step], catalog, now)
    if not order.number:
        [order.number] = next_numbers(kind, year_of(now))
    order.save(force_insert=True)
    step.asker = person
    return step


def checked(user: Any, kind: OrderKind, told: Mapping[str, Any], catalog: Catalog) -> Order:
    """An order of what was told, not saved; BadInput with every finding."""
    given = {key: value for key, value in told.items() if value is not None and value != ""}
    found = [Finding("order.part", key, f"「{key[:30]}」不是可以填写的内容；请刷新页面后重填。")
             for key in given.keys() - PARTS | (given.keys() & inner_of(user))]
    order = Order(kind=kind.key, area=area_of(user, told), example=bool(given.get("example")))
    for name in ("title", "topic", "urgency", "source", "place", "address", "subject"):
        setattr(order, name, str(given.get(name, "")).strip())
        if trouble := text_trouble(LABELS[name], getattr(order, name), longest(Order, name)):
            found.append(Finding(f"order.{name}", LABELS[name], trouble))
    order.text = str(given.get("text", "")).strip()
    found += [Finding("order.text", where, trouble) for where, trouble in _troubles(order) if trouble]
    found += _located(order, given) + _linked(user, order, given)
    try:
        order.fields = fields_of(kind, given.get("fields") or {}, kind.fields)
    except BadInput as error:
        found += error.findings
    found += [*misplaced(order.area, order.place), *unlimited(order.urgency, kind, catalog)]
    refuse(found)
    return order


def inner_of(user: Any) -> set[str]:
    """What a person may not say of his own order: the public nothing of how it is handled; a firm that it is its own."""
    if user is None:
        return INNER
    return INNER - {"subject"} if user.role == "firm" and not user.is_superuser else set()


def _troubles(order: Order) -> Iterable[tuple[str, str]]:
    yield "标题", "" if order.title else "请写明标题。"
    yield "内容", lines_trouble("内容", order.text, TEXT_LENGTH)
    yield "地区", "" if order.area in BY_CODE else f"没有「{order.area[:12]}」这个地区；请从列表中选择。"


def _located(order: Order, given: Mapping[str, Any]) -> list[Finding]:
    """Put the point into an order, to a millionth of a degree; what is wrong with it."""
    found = []
    for name, (label, most) in PLACED.items():
        try:
            value = Decimal(str(given[name])) if name in given else None
        except InvalidOperation:
            value = Decimal("NaN")
        if value is not None and not (value.is_finite() and -most <= value <= most):  # abs() of 1e999999999 overflows
            found.append(Finding("order.point", label, f"「{label}」要写成度数，如 116.397128；请更正。"))
        else:
            setattr(order, name, None if value is None else round(value, 6))
    if not found and (order.lng is None) != (order.lat is None):
        found.append(Finding("order.point", "位置", "经度和纬度要一起写，或者都留空。"))
    return found


def _linked(user: Any, order: Order, given: Mapping[str, Any]) -> list[Finding]:
    """Put offices and the order it belongs to into an order; what is wrong with them."""
    found: list[Finding] = []
    for name in ("office", "sender") if user else ():
        if name in given:
            try:
                setattr(order, name, office_given(user, given[name], [order.area]))
            except BadInput as error:
                found += error.findings
    if user and user.role == "office" and not user.is_superuser:
        order.sender_id = user.office_id
    order.first_office_id = order.office_id
    order.link = str(given.get("link", ""))
    if "parent" in given:
        number = getattr(given["parent"], "pk", given["parent"])
        order.parent = Order.objects.visible_to(user).filter(pk=number).first() if isinstance(number, int) else None
    wrong = order.link not in {"", *dict(LINKS)} or (order.link and "parent" not in given)
    if wrong or (order.parent is None) != ("parent" not in given):
        found.append(Finding("order.parent", "所属工单", "没有所属的那件工单，或者您无权查看；请刷新后再试。"))
    return found


def asker_from(told: Mapping[str, Any] | None) -> Asker | None:
    """Who asked, not saved; None where nothing is said of him. BadInput with every finding."""
    given = {key: str(told[key]).strip() for key in ("name", "phone", "email") if (told or {}).get(key)} if told else {}
    if not any(given.values()):
        return None
    found = [Finding(f"asker.{key}", LABELS[key], trouble) for key, text in given.items()
             if (trouble := text_trouble(LABELS[key], text, longest(Asker, key)))]
    if given.get("phone") and not 5 <= len(digits_of(given["phone"])) <= 20:
        found.append(Finding("asker.phone", "电话", "这不像一个电话号码；请核对，或者留空。"))
    if given.get("email") and not EMAIL.fullmatch(given["email"]):
        found.append(Finding("asker.email", "邮箱", "这不像一个邮箱地址；请核对，或者留空。"))
    refuse(found)
    return Asker(**given, secret=bool(told and told.get("secret")), phone_digest=phone_digest(given.get("phone", "")))


def digits_of(phone: str) -> str:
    """The digits of a telephone number, however it is written."""
    return "".join(letter for letter in phone if letter in "0123456789")


def phone_digest(phone: str) -> str:
    """Keyed hash of a telephone's digits; empty where it has none."""
    digits = digits_of(phone)
    return hmac.new(settings.SECRET_KEY.encode(), digits.encode(), hashlib.sha256).hexdigest() if digits else ""
