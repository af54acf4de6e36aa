"""A proposal: two things that may belong together, for a person to confirm or reject."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two things that may belong together, and why.

    left, right  pairings: claim promised, claim reported; shares: the city's claim, the district's;
                 answers: problem's n, index (1-based) of the commitment
    score        0..1, for order only
    reason       Chinese sentence: the words they share, their units, what speaks for it
    on_top       pairings: True where the promise comes on top of what is reported (剩余24项),
                 False where the report counts towards it (全年…), None where both can be meant
    """

    left: int
    right: int
    score: float
    reason: str
    on_top: bool | None = None
