"""What a published policy offers parties, as far as money needs it: its rule, ready to judge, and when one may apply."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from plumbline.kernel import Catalog, Judge, NotAllowed, Rule, parse_expression, rule_on
from plumbline.store.policies.rules import rules_of
from plumbline.store.policies.tables import AUTOMATIC, PUBLISHED, Policy
from plumbline.store.words import bad

ABSENT = "没有这项政策，或者它没有发布；没有保存任何内容。"
Row = Mapping[str, Any]


class Judges(Protocol):
    """What answers a rule for a row: `kernel.Judge`."""

    def on(self, row: Row) -> Any:
        """The decision: holds, conditions, wants, near, amount, why_no_amount."""


@dataclass(frozen=True, slots=True)
class Party:
    """Whom money is for: a row of a roll, and the area it is in."""

    table: str
    key: str
    area: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A policy on a day.

    policy     its number; `edition` which of its published texts
    area       whose parties it is for; `office` that examines
    table      roll of the parties
    automatic  given without asking (免申即享): a list to confirm, no application
    reads      columns its rule reads
    """

    policy: int
    title: str
    area: str
    table: str
    office: int | None
    automatic: bool
    day: date
    judge: Judges
    reads: frozenset[str]
    rule: str = ""
    edition: int = 1
    apply_since: date | None = None
    apply_until: date | None = None

    @property
    def period(self) -> str:
        """What one may have once: the year."""
        return f"{self.day:%Y}"

    @property
    def open_(self) -> bool:
        """Whether one may apply on its day."""
        return (self.apply_since is None or self.apply_since <= self.day) and (
            self.apply_until is None or self.day <= self.apply_until)


def offer_of(number: int, catalog: Catalog, day: date) -> Offer:
    """What a published policy offers on a day.

    Raises  NotAllowed where there is none; BadInput where it is not in force that day
    """
    policy = Policy.objects.filter(pk=number, state=PUBLISHED).first()
    if policy is None:
        raise NotAllowed(ABSENT)
    rule = rule_on(rules_of(policy, catalog), day)
    if rule is None:
        raise bad("offer.day", policy.title, f"「{policy.title}」在 {day} 没有施行，或者已经失效；没有保存。")
    judge = Judge(rule, catalog.tables[policy.table], catalog.parameters, day)
    return Offer(policy.pk, policy.title, policy.area, policy.table, policy.office_id, policy.way == AUTOMATIC, day, judge,
                 columns_of(rule, catalog), rule.key, policy.edition, policy.apply_since, policy.apply_until)


def columns_of(rule: Rule, catalog: Catalog) -> frozenset[str]:
    """Columns that a rule and its gift read."""
    gift = rule.gives
    texts = [one.text for one in rule.conditions]
    texts += [gift.base, gift.cap, gift.rate, *(text for band in gift.bands for text in band)] if gift else []
    table = catalog.tables[rule.table]
    return frozenset(key for text in texts if text for key in parse_expression(text, table, catalog.parameters).columns)
