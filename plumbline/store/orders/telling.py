"""What a person tells with a move, checked against its declaration: fields, reason, office, reply, evidence, amendments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from plumbline.kernel import AMENDS, NEEDS, BadInput, Catalog, Column, Finding, Move, OrderKind, Table
from plumbline.store.orders.tables import Order
from plumbline.store.people.tables import Office
from plumbline.store.registers.entries import Values, checked
from plumbline.store.words import longest, reason, refuse, text_trouble

REPLY_LENGTH = 5000
EVIDENCE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Told:
    """What was told with a move: fields of the kind as an order keeps them, the rest apart; `office` as it was handed in.

    amends  what is put right of the order's own row, by column
    """

    fields: Values = field(default_factory=dict)
    office: Any = None
    why: str = ""
    reply: str = ""
    evidence: str = ""
    amends: Mapping[str, str] = field(default_factory=dict)


def told_of(kind: OrderKind, move: Move, told: Mapping[str, object]) -> Told:
    """What was told, checked but for the office, what fits the order's area, and papers that lie with the order already.

    Raises  BadInput with every finding
    """
    found: list[Finding] = []
    every = [key for key in NEEDS if kind.field(key) is None]
    given = {key: value for key, value in told.items() if not _empty(value)}
    found += [Finding("order.told", NEEDS[key], f"「{move.label}」不填「{NEEDS[key]}」；请刷新页面后重填。")
              for key in every if key in given and key not in move.asks]
    found += [Finding("order.needed", NEEDS[key], f"「{move.label}」要填「{NEEDS[key]}」；请补上。")
              for key in move.needs if key in every and key != "evidence" and key not in given]
    columns = [replace(one, required=one.key in move.needs) for one in kind.fields if one.key in move.asks]
    fields = _gathered(found, lambda: fields_of(kind, {key: told[key] for key in given if key not in every}, columns))
    why = _gathered(found, lambda: reason(str(given.get("reason", "")), needed=False))
    texts = {key: str(given.get(key, "")).strip() for key in ("reply", "evidence")}
    amends = {key: str(given[key]).strip() for key in AMENDS if key in every and key in given}
    found += [Finding(f"order.{key}", NEEDS[key], trouble) for key, text in amends.items()
              if (trouble := text_trouble(NEEDS[key], text, longest(Order, key)))]
    for key, most in (("reply", REPLY_LENGTH), ("evidence", EVIDENCE_LENGTH)):
        if trouble := lines_trouble(NEEDS[key], texts[key], most):
            found.append(Finding(f"order.{key}", NEEDS[key], trouble))
    refuse(found)
    return Told(fields, given.get("office"), why, texts["reply"], texts["evidence"], amends)


def fields_of(kind: OrderKind, told: Mapping[str, object], columns: Iterable[Column]) -> Values:
    """Fields as an order keeps them; BadInput with every finding."""
    wanted = list(columns)
    return checked(form_of(kind), told, wanted) if told or any(one.required for one in wanted) else {}


def misplaced(area: str, place: str) -> Iterable[Finding]:
    """A place that is no street or community of an area."""
    digits = place.isascii() and place.isdigit() and len(place) in (9, 12) and place[:6] == area
    if place and not digits:
        yield Finding("order.text", "街道社区", "请写这个地区街道（9 位）或社区（12 位）的代码，或者留空。")


def unlimited(urgency: str, kind: OrderKind, catalog: Catalog) -> Iterable[Finding]:
    """An urgency for which no clock knows a limit, though others have one: a slip."""
    by = {clock.of for clock in kind.clocks.values() if clock.by == "urgency"}
    known = {key.rpartition(".")[2] for key in catalog.parameters if key.rpartition(".")[0] in by} if urgency else set()
    if known and urgency not in known:
        yield Finding("order.urgency", "紧急程度", f"没有「{urgency[:20]}」这一级；请从列表中选择。")


def form_of(kind: OrderKind) -> Table:
    """The fields of a kind as a table, so that they are checked and told as those of a register are."""
    return Table(kind.key, kind.label, kind.fields, area="")


def lines_trouble(label: str, text: str, most: int) -> str:
    """Why a text of several lines cannot be kept; empty where it can."""
    return text_trouble(label, text.replace("\r", "").replace("\n", "").replace("\t", ""), most)


def evidence_missing(move: Move, told: Told) -> bool:
    """Whether papers have to lie with the order, since none are named."""
    return "evidence" in move.needs and not told.evidence


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _gathered(found: list[Finding], check: Any) -> Any:
    """What a check gives; what it refuses is gathered."""
    try:
        return check()
    except BadInput as error:
        found += error.findings
        return None


def office_named(told: Told) -> Office | None:
    """The office, once it has been looked up."""
    return told.office if isinstance(told.office, Office) else None
