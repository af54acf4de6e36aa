"""Applications: filled in from the roll, with the decision and the facts it rests on; or lists to confirm, without one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice
from typing import Any, Unpack

from django.db import IntegrityError, transaction

from plumbline.kernel import Column, Conflict, Finding, NotAllowed, Table
from plumbline.store.grants.budgets import MOST
from plumbline.store.grants.offers import Offer, Row
from plumbline.store.grants.tables import LIVE, Award
from plumbline.store.journal.writing import Write, record
from plumbline.store.orders.intake import take_in
from plumbline.store.orders.moving import move
from plumbline.store.orders.opening import open_
from plumbline.store.orders.setting import At, setting
from plumbline.store.orders.tables import Order
from plumbline.store.parties.keys import keys_of
from plumbline.store.people.roles import require
from plumbline.store.people.tables import Office
from plumbline.store.registers.entries import checked
from plumbline.store.rolls.deriving import of_row
from plumbline.store.words import bad, plain_value, refuse

MANY = 5_000
# how often a firm may begin again what it withdrew, or was refused, in a period
AGAIN = 5
WAYS = {False: "企业申报", True: "免申即享"}
# whose name is a person's
PEOPLE = "个体工商户"
ABSENT = "没有这家企业，或者您的账号没有绑定它；没有保存任何内容。"
TWICE = "这家企业在「{title}」{period} 年度已有一件申请 {number}，不能再提；请在原件上办理。"
OFTEN = "这家企业在「{title}」{period} 年度已有 {many} 件申请撤回或未予批准，不能再从网上提；需要再办请联系办理单位。"
CLOSED = "「{title}」现在不在申报期内；没有保存。申报期：{since} 至 {until}。"


@dataclass(frozen=True, slots=True)
class Listed:
    """What came of a list to confirm: how many were put on it, how many had it already, how many it does not hold of.

    unreckoned  it holds of them, but their amount cannot be reckoned: they apply
    """

    made: int
    before: int
    others: int
    unreckoned: int


def kind_of(table: str) -> str:
    """The kind of order by which money for parties of a roll is applied for: `application` of the roll's own system.

    >>> kind_of("system.parties")
    'system.application'
    """
    return f"{table.rpartition('.')[0]}.application"


def shown_name(row: Row) -> str:
    """A party's name as an order bears it; a person's business is named by the end of its code."""
    return f"{PEOPLE}（代码末四位 {row['code'][-4:]}）" if row.get("kind") == PEOPLE else str(row["name"])


def persons_of(row: Row) -> int | None:
    """How many persons it concerns: those insured, to the next whole one."""
    told = row.get("insured")
    return None if told is None else int(Decimal(told).quantize(Decimal(1), ROUND_HALF_UP))


def basis_of(offer: Offer, row: Row, decision: Any) -> dict[str, Any]:
    """What an application rests on, as it stood: rule, day, answer, conditions, the facts they read."""
    facts = {key: plain_value(row.get(key)) for key in sorted(offer.reads)}
    told = [{"key": one.key, "label": one.label, "holds": one.holds, "near": one.near}
            for one in decision.conditions]
    return {"rule": offer.rule, "edition": offer.edition, "day": offer.day.isoformat(), "holds": decision.holds,
            "conditions": told, "facts": facts, "wants": list(decision.wants),
            "amount": None if decision.amount is None else str(decision.amount), "why_no_amount": decision.why_no_amount}


def refuse_unfit(decision: Any) -> None:
    """Raise with every condition that fails, or where the rule comes to no money at all."""
    if decision.holds is False:
        refuse([Finding(f"application.{one.key}", one.label, f"不符合「{one.label}」{'：' if one.near else ''}{one.near}。")
                for one in decision.conditions if one.holds is False])
    if decision.amount is not None and decision.amount <= 0:
        raise bad("application.nothing", "金额", "按现有资料，规则算出的金额是 0 元，不必申请；资料有误的请先更正。")


def apply(user: Any, offer: Offer, row: Row, told: Mapping[str, Any] | None = None, *, table: Table,
          **at: Unpack[At]) -> Order:
    """Apply for what a policy offers, in the name of a party: the form is filled in from its row.

    row     the party's row of the roll as it stands, None where there is none is the caller's to refuse
    told    stated: facts the roll does not know, by column, as typed; reason: words to the examiner; reckoned: values of the
            row, by column, that the roll does not know and that follow from what the applicant said: kept as stated
    Raises  NotAllowed; BadInput with every condition that fails, or every fact that is wanted; Conflict where one lives
    """
    given, offer = dict(told or {}), replace(offer, automatic=False)
    key = str(row[table.identity[0]])
    if user.role == "firm" and key not in keys_of(user, offer.table):
        raise NotAllowed(ABSENT)
    _refuse_closed(offer)
    decision = offer.judge.on(row)
    refuse_unfit(decision)
    stated = _stated(decision, given.get("stated") or {}, table)
    if stated:
        whole = {**row, **stated}
        decision = offer.judge.on(whole | of_row(table, whole, offer.day, setting(at)[0].parameters))
        refuse_unfit(decision)
    _refuse_second(user, offer, key)
    stated |= {name: value for name, value in (given.get("reckoned") or {}).items() if name in offer.reads}
    basis = basis_of(offer, row, decision) | {"stated": {name: plain_value(value) for name, value in stated.items()}}
    try:
        with transaction.atomic():
            return _opened(user, offer, row, (key, basis, str(given.get("reason", ""))), at)
    except IntegrityError as error:
        raise Conflict(TWICE.format(title=offer.title, period=offer.period, number="")) from error


def _opened(user: Any, offer: Offer, row: Row, about: tuple[str, dict[str, Any], str], at: At) -> Order:
    key, basis, words = about
    body = body_of(offer, row, basis["amount"])
    told = {name: value for name, value in body.items() if name != "office"} | {"text": words}
    order = open_(user, kind_of(offer.table), told, **at)
    award = _award(offer, row, order, basis, order.opened_at)
    award.save(force_insert=True)
    record(user, Write("award.ask", "award", award.pk, None, {"order": order.number, "policy": offer.policy, "key": key,
                                                              "period": award.period, "amount": basis["amount"]},
                       area=order.area))
    if offer.office is not None and order.office_id is None:
        order = move(None, order.pk, "assign", {"office": offer.office}, order.version, **at)
    return order


def body_of(offer: Offer, row: Row, amount: str | None) -> dict[str, Any]:
    """What an order is told of an application."""
    area, place = str(row["area"]), str(row.get("street") or "")
    place = place if place.isdigit() and len(place) in (9, 12) and place.startswith(area) else ""
    name = shown_name(row)
    fields = {"policy": str(offer.policy), "policy_title": offer.title, "code": row["code"], "name": name,
              "size": row.get("size"), "industry": row.get("trade"), "street": place[:9] or None, "amount": amount,
              "persons": persons_of(row), "way": WAYS[offer.automatic], "period": offer.period}
    return {"title": f"{offer.title[:100]}：{name[:80]}", "area": area, "place": place, "subject": row["code"],
            "office": offer.office, "fields": {key: value for key, value in fields.items() if value is not None}}


def _award(offer: Offer, row: Row, order: Order, basis: dict[str, Any], now: datetime) -> Award:
    amount = basis["amount"]
    return Award(order=order, policy=offer.policy, title=offer.title, table=offer.table, key=row["code"], period=offer.period,
                 area=row["area"], place=order.place, amount=None if amount is None else Decimal(amount),
                 persons=persons_of(row), automatic=offer.automatic, asked_at=now, basis=basis, stated=basis.pop("stated", {}))


def _refuse_closed(offer: Offer) -> None:
    if not offer.open_:
        raise bad("application.closed", offer.title, CLOSED.format(
            title=offer.title, since=offer.apply_since or "即日", until=offer.apply_until or "另行通知"))


def _refuse_second(user: Any, offer: Offer, key: str) -> None:
    known = Award.objects.filter(policy=offer.policy, table=offer.table, key=key, period=offer.period)
    if one := known.filter(state__in=LIVE).select_related("order").first():
        raise Conflict(TWICE.format(title=offer.title, period=offer.period, number=one.order.number))
    if user.role == "firm" and known.filter(state="void").count() >= AGAIN:
        raise Conflict(OFTEN.format(title=offer.title, period=offer.period, many=AGAIN))


def _stated(decision: Any, told: Mapping[str, Any], table: Table) -> dict[str, Any]:
    """Facts told that the decision wants, typed; BadInput where one is wanted and not told, or cannot be read."""
    if decision.holds is not None:
        return {}
    columns = [_asked(one) for key in decision.wants if (one := table.column(key))]
    missing = [Finding("application.wanted", one.label, f"名录里没有「{one.label}」，请如实填写，审核时核对。")
               for one in columns if not str(told.get(one.key, "")).strip()]
    refuse(missing)
    form = Table(table.key, table.label, tuple(columns), area="")
    kept = checked(form, {one.key: told[one.key] for one in columns}, columns)
    return {one.key: typed(one, kept[one.key]) for one in columns}


def _asked(column: Column) -> Column:
    return Column(column.key, column.type, column.label, column.meaning, column.unit, column.scale, True, False, column.choices)


def typed(column: Column, kept: Any) -> Any:
    """A value as it is kept, as a rule reads it."""
    if kept is None:
        return None
    if column.type == "decimal":
        return Decimal(str(kept))
    return datetime.fromisoformat(str(kept)).date() if column.type == "date" else kept


def automatic(user: Any, offer: Offer, rows: Iterable[Row], why: str, **at: Unpack[At]) -> Listed:
    """A list to confirm, of the parties a policy holds of: no application; who has it already is left out.

    rows     of the roll, of any parties: each is judged here, so that its reasons are kept
    Killed   some thousand are one transaction: each with its order and award, or not at all; done again, it goes on
    Raises   NotAllowed, BadInput
    """
    require(user, "examine", offer.area)
    _refuse_closed(offer)
    offer = replace(offer, automatic=True)
    made, before, others, unreckoned, left = 0, 0, 0, 0, iter(rows)
    while some := list(islice(left, MANY)):
        judged = [(row, offer.judge.on(row)) for row in some]
        fit = [(row, told) for row, told in judged if told.holds]
        reckoned = [(row, told) for row, told in fit if told.amount is not None and 0 < told.amount < MOST]
        new = list(_new(offer, reckoned))
        _put(user, offer, new, why, at)
        made, before = made + len(new), before + len(reckoned) - len(new)
        others, unreckoned = others + len(some) - len(fit), unreckoned + len(fit) - len(reckoned)
    return Listed(made, before, others, unreckoned)


def _new(offer: Offer, fit: Sequence[tuple[Row, Any]]) -> Iterator[tuple[Row, Any]]:
    """Those that have no award of it yet."""
    known = set(Award.objects.filter(policy=offer.policy, table=offer.table, period=offer.period, state__in=LIVE,
                                     key__in=[row["code"] for row, _ in fit]).values_list("key", flat=True))
    return ((row, told) for row, told in fit if row["code"] not in known)


@transaction.atomic
def _put(user: Any, offer: Offer, new: Sequence[tuple[Row, Any]], why: str, at: At) -> None:
    if not new:
        return
    _, now = setting(at)
    office = offer.office if offer.office and Office.objects.filter(pk=offer.office).exists() else None
    take_in(user, kind_of(offer.table), [_row(offer, row, told, now, office) for row, told in new], why, **at)
    keys = {row["code"]: (row, told) for row, told in new}
    orders = Order.objects.filter(kind=kind_of(offer.table), subject__in=list(keys), state="offered", award=None)
    awards = []
    for order in orders.order_by("pk"):
        if order.fields["policy"] == str(offer.policy):
            row, told = keys[order.subject]
            awards.append(_award(offer, row, order, basis_of(offer, row, told), now))
    Award.objects.bulk_create(awards)


def _row(offer: Offer, row: Row, told: Any, now: datetime, office: int | None) -> dict[str, Any]:
    """A row as orders are taken in."""
    body = body_of(offer, row, str(told.amount))
    fields = body["fields"] | {"amount": told.amount}
    return body | {"fields": fields, "state": "offered", "opened_at": now, "office": office}
