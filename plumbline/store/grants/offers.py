"""What a published policy offers parties, as far as money needs it: its rule, ready to judge, and when one may apply."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

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
