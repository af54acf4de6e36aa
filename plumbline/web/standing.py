"""How far a target is on a day, as the pages draw and say it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet

from plumbline.kernel import Progress
from plumbline.kernel.target import DOWN, VERDICTS, is_rate
from plumbline.store import plans
from plumbline.store.models import Pairing, Target
from plumbline.web import links
from plumbline.web.words import amount, share_words

# bars go a little beyond the whole, so that more than the whole can be seen
LONGEST = Decimal("1.2")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a target is.

    key       ahead · on-pace · behind · kept · cannot-tell, and `word` the same in Chinese
    share     share done; None where it is not a sum to be filled, or nobody can tell
    gone      share of its time gone, None where unknown
    level     it is held against a limit, as a rate is: met or not, never divided
    reported  the value it rests on, in words
    why       the numbers and the rule that led to the word
    counted   page of the figure it rests on, where it was counted from records; empty where a report only states it
    """

    key: str
    word: str
    share: Decimal | None
    gone: Decimal | None
    level: bool
    reported: str
    why: str
    counted: str = ""

    @property
    def rests(self) -> str:
        """Whether it was counted from records, or only stated in a report; empty where nobody can tell."""
        return "计数所得" if self.counted else "报告所述" if self.reported else ""

    @property
    def short(self) -> str:
        """The share, or the value reported, and the word."""
        told = share_words(self.share) if self.share is not None else self.reported if self.level else ""
        return f"{told} {self.word}".strip()

    @property
    def width(self) -> str:
        """How long its bar is, in per cent of the track; empty where it has none."""
        return "" if self.share is None else f"{max(min(self.share, LONGEST), Decimal(0)) / LONGEST * 100:.2f}"

    @property
    def mark(self) -> str:
        """Where on the track the time gone is marked; empty where unknown."""
        return "" if self.gone is None else f"{self.gone / LONGEST * 100:.2f}"


def with_evidence(user: Any, targets: QuerySet[Target], on: date | None = None) -> QuerySet[Target]:
    """Targets with all that their standing rests on, up to a day: one more query, whatever their number."""
    confirmed = Pairing.objects.visible_to(user).filter(state="confirmed").select_related("reported")
    return plans.with_counted(targets, on).select_related("claim", "document", "office").defer(
        "document__text", "document__outline").prefetch_related(Prefetch("claim__reported_as", confirmed))


def standing(target: Target, on: date | None = None) -> Standing:
    """How far a target is on a day; by default on the day its report speaks of."""
    return standing_of(plans.progress(target, on), target)


def standing_of(found: Progress, target: Target) -> Standing:
    """What the store says, as pages draw it."""
    return Standing(
        found.verdict.replace(" ", "-"), VERDICTS[found.verdict], found.share, found.elapsed,
        held_against_a_limit(target), "" if found.reported is None else amount(found.reported, target.unit),
        found.words, links.figure(key) if (key := getattr(target, "counted_pk", None)) else "")


def held_against_a_limit(target: Target) -> bool:
    """Whether a target is a rate or a limit, met or not, and no sum to be filled."""
    return is_rate(target.measure, target.unit) or target.bound in DOWN


def tallied(standings: list[Standing]) -> list[tuple[str, str, int]]:
    """How many targets are ahead, on pace, behind, kept, and how many nobody can tell."""
    keys = [one.key for one in standings]
    return [(slug, word, keys.count(slug)) for key, word in VERDICTS.items() if (slug := key.replace(" ", "-"))]
