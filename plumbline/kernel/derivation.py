"""How a due time was reckoned, told to an official line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from plumbline.kernel.calendar import Calendar
from plumbline.kernel.clock import Clock
from plumbline.kernel.course import Course
from plumbline.kernel.measure import Hours


@dataclass(frozen=True, slots=True)
class Story:
    """All that a due time was reckoned from. counts: the measure of the present course; None where there is no limit."""

    clock: Clock
    courses: Sequence[Course]
    calendar: Calendar
    now: datetime
    counts: Hours | None = None


def left(story: Story, state: str, at: datetime | None) -> str:
    """What is left of the time, or by how much it is over."""
    return ""


def steps(story: Story, state: str, at: datetime | None) -> tuple[str, ...]:
    """The reckoning, a line a step."""
    return ()
