"""What the reader of clauses hands a person: each proposal with the place it was read from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

CONDITION, GIFT, DAY, UNREAD = "condition", "gift", "day", "unread"


@dataclass(frozen=True, slots=True)
class Proposed:
    """Something a clause says, as a rule would have it.

    kind    condition | gift | day | unread: looks like a condition or a gift, and could not be read
    key     name of the condition (its column), of the day (since, until, apply_since, apply_until); empty for others
    text    expression of a condition; empty for others
    gift    body of a gift: label, base, rate, bands, cap
    day     the day
    start   offset of its words in the text
    end     offset behind them
    clause  the words
    sure    whether nothing had to be guessed
    why     what was guessed, or why it could not be read
    """

    kind: str
    key: str
    start: int
    end: int
    clause: str
    text: str = ""
    gift: Mapping[str, Any] = field(default_factory=dict)
    day: date | None = None
    sure: bool = True
    why: str = ""

    @property
    def body(self) -> dict[str, Any]:
        """What `rule_from` takes: a condition {label, text, source} or a gift {label, base, …}."""
        if self.kind == GIFT:
            return dict(self.gift)
        return {"label": self.clause[:40], "text": self.text, "source": self.clause[:120]}
