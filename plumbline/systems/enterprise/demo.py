"""An invented registry and half-year of the enterprise platform that yield the published figures; every name says 模拟.

At any scale the events are those that were published; at scale n the registry has n times as many firms, about.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from plumbline.kernel import CITY, Coverage
from plumbline.systems.enterprise import (
    invented_firms,
    invented_former,
    invented_ledgers,
    invented_loans,
    invented_money,
    invented_months,
    invented_services,
    library,
    places,
)
from plumbline.systems.enterprise.places import MARK

Row = Mapping[str, Any]
Delivery = tuple[str, str, Coverage, Iterable[Row]]
WHOLE = Coverage((CITY.code,))
MONTHS_TOLD = Coverage((places.TOWN,), invented_months.FIRST, date(2020, 6, 30))
# traders told of month by month beside those that were paid
COMPARED = 1_500
# columns of the activity: those of the roll, the warnings, and the rest
SAME = ("code", "name", "area", "street", "kind", "status", "set_up_on", "closed_on")
WARNINGS = ("drop", "people", "idle", "closing")
ACTIVE = ("trade", "size", "age_months", "known_weight", "insured_score", "tax_score", "invoices_yuan_score", "invoices_score",
          "power_score", "hires_score", "filings_score", "index_quarter", "index_before", "insured_now", "insured_before",
          "insured_year", "filings_now", "idle_months", "told_months")
LEDGERS: tuple[tuple[str, str, Callable[[int], Iterator[Row]]], ...] = (
    ("reliefs", "减免缓退台账", invented_money.reliefs), ("arrears", "清欠台账", invented_ledgers.arrears),
    ("sites", "复工复产台账", invented_ledgers.sites), ("guides", "行业防控指引", invented_ledgers.guides),
    ("measures", "政策措施目录", lambda _: invented_ledgers.measures()), ("spaces", "产业空间", invented_ledgers.spaces),
    ("landings", "招商项目", invented_ledgers.landings), ("listings", "上市培育", invented_ledgers.listings))
# kind of order, the table that is cut of it, the orders
KINDS: tuple[tuple[str, str, Callable[[int], Iterator[Row]]], ...] = (
    ("application", "applications", invented_money.applications), ("loan", "loans", invented_loans.loans),
    ("visit", "visits", invented_services.visits), ("item", "items", invented_services.items),
    ("request", "requests", invented_services.requests), ("promise", "packs", invented_services.packs),
    ("plan", "plans", invented_services.plans))


def offices() -> Iterator[Row]:
    """Offices that serve firms, and banks."""
    return places.offices()


def deliveries(scale: int = 1, seed: int = 2020) -> Iterator[Delivery]:
    """Table, name, coverage and rows of each delivery; the roll of firms first."""
    yield "enterprise.firms", f"{MARK}数据：市场主体", WHOLE, chain(
        invented_firms.rows(scale, seed), invented_former.rows(seed))
    yield "enterprise.answers", f"{MARK}数据：政策知识库", WHOLE, library.rows()
    yield "enterprise.months", f"{MARK}数据：月度经营记录", MONTHS_TOLD, months(seed)
    for table, label, rows in LEDGERS:
        yield f"enterprise.{table}", f"{MARK}数据：{label}", WHOLE, rows(seed)


def months(seed: int = 2020) -> Iterator[Row]:
    """Monthly records of the district's insured firms, and of traders that were paid nothing, to compare with."""
    cast = invented_firms.cast(seed)
    told = {one.code for one in (*cast.town, *cast.traders[:COMPARED])}
    firms = invented_months.firms_of(row for row in invented_firms.rows(seed=seed) if row["code"] in told)
    for of in invented_months.months():
        yield from invented_months.month(firms, of).to_pylist()


def activity(seed: int = 2020) -> Iterator[Row]:
    """How active those firms were in June, made up, not reckoned: for tests and benches without a store."""
    for at, row in enumerate(islice(invented_firms.rows(seed=seed), invented_firms.TOWN_INSURED)):
        index = None if at % 9 == 0 else Decimal(at * 37 % 140)
        yield dict.fromkeys(ACTIVE) | {key: row.get(key) for key in SAME} | {
            "month_on": invented_months.LAST, "gone": False, "index": index, "stage": "平稳",
            **{f"warns_{kind}": at % 20 == number for number, kind in enumerate(WARNINGS)}}


def orders(scale: int = 1, seed: int = 2020) -> Iterator[tuple[str, Iterator[Row]]]:
    """Orders to take in, kind by kind, in the shape of `store.orders.intake.take_in`; each made when asked for."""
    del scale
    for kind, _, rows in KINDS:
        yield f"enterprise.{kind}", rows(seed)


def cuts(scale: int = 1, seed: int = 2020) -> Iterator[Delivery]:
    """The orders as rows of their tables, as they are once taken in and cut: for tests and benches without a store."""
    del scale
    for _, table, rows in KINDS:
        yield f"enterprise.{table}", f"{MARK}数据：{table}", WHOLE, map(cut, rows(seed))
    yield "enterprise.activity", f"{MARK}数据：活跃度", WHOLE, activity(seed)


STATES = {"standing": "open", "refused": "void"}
FIELDS = ("policy", "policy_title", "code", "name", "size", "industry", "amount", "persons", "way", "period", "paid_on", "back",
          "matter", "origin", "finding", "satisfied", "responded", "solved", "planned_on", "done_on", "need", "card", "outcome",
          "product", "channel", "asked_yuan", "amount_yuan", "rate", "fee_rate", "fight", "approved_on")
OVER = ("done", "void")


def cut(one: Row) -> dict[str, Any]:
    """An order as a row of whatever table its kind has."""
    kind, due = STATES.get(one["state"], "done"), one.get("due_at")
    return {key: one["fields"].get(key) for key in FIELDS} | {
        "number": one["number"], "area": one["area"], "street": one["place"][:9], "subject": one["subject"],
        "office": one["office"], "office_kind": "enterprise" if one["office"] in places.BANKS else "department",
        "state": one["state"], "state_kind": kind, "urgency": one.get("urgency"), "source": one["source"],
        "opened_on": one["opened_at"].date(), "closed_on": one["closed_at"].date() if kind in OVER else None,
        "due_on": due.date() if due else None, "late": one.get("late") if due else None, "returns": 0, "helper": False}
