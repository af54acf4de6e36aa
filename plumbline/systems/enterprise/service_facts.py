"""A firm as those who serve it read it: what the roll says, what was asked, promised and done, and who was there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from plumbline.kernel import Column, NotAllowed
from plumbline.kernel.form import industry_words
from plumbline.store import declarations, rolls
from plumbline.store.models import Order
from plumbline.systems.enterprise.needs import FIRMS, ITEM, PACK, REQUEST, VISIT
from plumbline.systems.enterprise.service_lists import day_of, money, number_of, on, text_in
from plumbline.systems.enterprise.visiting import PLAN
from plumbline.web.orders.own_pages import page_of

LOAN, APPLICATION = "enterprise.loan", "enterprise.application"
# columns of the roll that a visitor reads, in this order
READ = ("industry", "size", "status", "set_up_on", "address", "employees", "insured", "revenue_yuan", "rent_yuan", "landlord",
        "hard_hit", "in_difficulty", "in_park", "high_end")
KINDS = ((REQUEST, "诉求"), (ITEM, "服务事项"), (PACK, "服务包"), (PLAN, "一企一策"), (LOAN, "贷款"), (APPLICATION, "补贴"))
EACH = 8
YES = {True: "是", False: "否"}


@dataclass(frozen=True, slots=True)
class Fact:
    """What the roll says of one thing."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """An order of the firm, in a line."""

    number: str
    title: str
    state: str
    state_kind: str
    office: str
    day: date | None
    late: bool
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Orders of one kind of the firm, the newest first; `many` of them in all."""

    label: str
    many: int
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class FirmFacts:
    """A firm; `why` where its row cannot be shown."""

    code: str
    name: str
    facts: Sequence[Fact] = ()
    unknown: Sequence[str] = ()
    groups: Sequence[Group] = ()
    visits: Sequence[Line] = ()
    why: str = ""


def facts_of(user: Any, code: str, name: str) -> FirmFacts:
    """A firm as it stands; the look at its row is in the journal."""
    table = declarations.catalog().tables[FIRMS]
    try:
        row: Mapping[str, Any] = rolls.looked(user, table, code)
    except NotAllowed as refused:
        return FirmFacts(code, name, groups=groups_of(user, code), visits=visits_of(user, code), why=str(refused))
    columns = [column for key in READ if (column := table.column(key))]
    known = [Fact(one.label, said(row[one.key], one)) for one in columns if row.get(one.key) is not None]
    unknown = [one.label for one in columns if row.get(one.key) is None]
    return FirmFacts(code, str(row["name"]), known, unknown, groups_of(user, code), visits_of(user, code))


def said(value: Any, column: Column) -> str:
    """A value of the roll in words."""
    if isinstance(value, bool):
        return YES[value]
    if column.form == "industry":
        return industry_words(value)
    return money(number_of(value)) if column.unit == "元" else f"{value}{column.unit}"


def groups_of(user: Any, code: str) -> list[Group]:
    """The firm's orders that the person sees, kind by kind; kinds without any left out."""
    found = []
    for kind, label in KINDS:
        rows = Order.objects.visible_to(user).filter(kind=kind, subject=code).select_related("office").order_by("-pk")
        if many := rows.count():
            found.append(Group(label, many, [line_of(one) for one in rows[:EACH]]))
    return found


def visits_of(user: Any, code: str) -> list[Line]:
    """The visits made to a firm, the last one first."""
    rows = Order.objects.visible_to(user).filter(kind=VISIT, subject=code, state="done").select_related("office")
    return [line_of(one, text_in(one, "told"), day_of(one.fields.get("done_on"))) for one in rows.order_by("-closed_at")[:EACH]]


def line_of(one: Order, note: str = "", day: date | None = None) -> Line:
    """An order in a line."""
    kind = declarations.catalog().orders[one.kind]
    state = kind.states[one.state].label if one.state in kind.states else one.state
    late = one.level == 3 and one.state_kind == "open"
    return Line(one.number, one.title, state, one.state_kind, str(one.office or "未派"), day or on(one.opened_at), late,
                page_of(one.kind, one.number), note)
