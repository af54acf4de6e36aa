"""What is known of a firm, and what each published policy answers it: three answers, each with its reasons."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from plumbline.kernel import BadInput, Catalog, Column, Table, area_name
from plumbline.kernel.decision import Decision, Judge, condition_of
from plumbline.kernel.form import industry_words
from plumbline.kernel.rule import Rule
from plumbline.store import declarations, policies
from plumbline.store.models import Policy, PolicyVersion
from plumbline.store.parties.roll import row_of
from plumbline.store.parties.statements import told_of
from plumbline.store.registers.entries import text_of
from plumbline.store.rolls.deriving import of_row
from plumbline.web.orders.page import place_words
from plumbline.web.words import amount

TABLE = "enterprise.firms"
PLACES: Mapping[str, Callable[[str], str]] = {"area": area_name, "street": place_words, "community": place_words}
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """A firm: its row as the roll has it, what it says of itself besides, and both together, derived columns reckoned anew."""

    key: str
    row: Row
    told: Row
    whole: Row

    @property
    def settled(self) -> dict[str, Any]:
        """The row as the roll has it; where the roll knows no derived value, the one that follows from what the firm said."""
        return {**self.row, **self.reckoned}

    @property
    def reckoned(self) -> dict[str, Any]:
        """Derived values that the roll does not know and that follow from what the firm said: nobody has checked them."""
        return {one.key: value for one in table().derived_columns
                if self.row.get(one.key) is None and (value := self.whole.get(one.key)) is not None}

    @property
    def typed(self) -> dict[str, str]:
        """What the firm says of itself, as it would type it."""
        return {key: text for key, value in self.told.items() if (text := text_of(value)) is not None}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a policy answers a firm. reads: the columns its conditions read, in their order."""

    policy: Policy
    judge: Judge
    reads: tuple[str, ...]
    decision: Decision


@dataclass(frozen=True, slots=True)
class _Judges:
    """Judges made last: of this catalog, for this day; by policy, with when the edition each was made of was published."""

    catalog: Catalog
    day: date
    made: dict[int, tuple[datetime | None, Judge, tuple[str, ...]]]


# one place, replaced whole: threads see the old one or the new one
_last: list[_Judges] = []


def table() -> Table:
    """The roll of firms."""
    return declarations.catalog().tables[TABLE]


def known(key: str, day: date) -> Known | None:
    """What is known of a firm; None where the roll has no such row."""
    row = row_of(TABLE, key)
    if row is None:
        return None
    roll, catalog = table(), declarations.catalog()
    told = told_of(roll, key)
    whole = {**row, **told}
    return Known(key, row, told, whole | of_row(roll, whole, day, catalog.parameters) if told else whole)


def answers(firm: Known, day: date) -> list[Answer]:
    """What the policies published for its area answer it, the newest first; those whose rule cannot be used are left out."""
    found = policies.published(TABLE, day, [str(firm.row["area"])])
    judges = judges_of(found, day)
    return [Answer(one, *judges[one.pk], judges[one.pk][0].on(firm.whole)) for one in found if one.pk in judges]


def judges_of(found: Sequence[Policy], day: date) -> dict[int, tuple[Judge, tuple[str, ...]]]:
    """The judges of policies, by number, each with the columns it reads: made once for an edition and a day."""
    catalog = declarations.catalog()
    kept = _last[0] if _last and _last[0].catalog is catalog and _last[0].day == day else _Judges(catalog, day, {})
    fresh = [one for one in found if one.pk not in kept.made or kept.made[one.pk][0] != one.published_at]
    if fresh:
        rules, _ = policies.rules_read(fresh, catalog)
        made = {one.pk: (one.published_at, *judge) for one in fresh
                if one.pk in rules and (judge := _judge(rules[one.pk], catalog, day))}
        kept = _Judges(catalog, day, kept.made | made)
    _last[:] = [kept]
    return {one.pk: kept.made[one.pk][1:] for one in found if one.pk in kept.made}


def _judge(rule: Rule, catalog: Catalog, day: date) -> tuple[Judge, tuple[str, ...]] | None:
    roll = catalog.tables[TABLE]
    try:
        judge = Judge(rule, roll, catalog.parameters, day)
        read = {key for one in rule.conditions for key in condition_of(one, roll, catalog.parameters).columns}
    except BadInput:
        return None
    return judge, tuple(one.key for one in roll.columns if one.key in read)


def deciding(found: Iterable[Answer], most: int = 3) -> list[Column]:
    """The few facts that would tell most: of each policy that cannot be told, the columns it wants; those of few first."""
    weight: dict[str, Decimal] = {}
    for one in found:
        for key in one.decision.wants:
            weight[key] = weight.get(key, Decimal(0)) + Decimal(1) / len(one.decision.wants)
    columns = {one.key: one for one in table().columns}
    first = sorted((key for key in weight if key in columns), key=lambda key: (-weight[key], list(columns).index(key)))
    return [columns[key] for key in first[:most]]


def clauses_of(policy: Policy) -> dict[str, str]:
    """The words of a policy each condition was read from, by the condition's key; of the edition that holds."""
    body = PolicyVersion.objects.filter(policy=policy, n=policy.edition).values_list("body", flat=True).first() or {}
    text = str(body.get("text") or policy.text)
    return {f"c{one['n']}": text[one["start"]:one["end"]] for one in body.get("clauses", ())
            if one.get("start") is not None and one.get("end") is not None}


def shown(column: Column, value: Any) -> str:
    """A value as a firm reads it, places by their names; empty where it is unknown."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, Decimal)):
        number = Decimal(value)
        return yuan(number) if column.unit == "元" else f"{amount(Decimal(f'{number.normalize():f}'))}{column.unit}"
    if column.key in PLACES:
        return PLACES[column.key](str(value)) or str(value)
    if column.form == "industry":
        return industry_words(str(value))
    return column.name_of(value) if isinstance(value, str) else str(value)


def yuan(value: Decimal | None) -> str:
    """Money to the last 分.

    >>> yuan(Decimal("12000.00")), yuan(Decimal("0.5")), yuan(None)
    ('12,000元', '0.50元', '')
    """
    if value is None:
        return ""
    return f"{value:,.0f}元" if value == value.to_integral_value() else f"{value:,.2f}元"
