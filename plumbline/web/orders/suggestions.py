"""What a system proposes for an order that nobody holds yet, and what it says when orders go where they never went.

The site hands the systems' own in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plumbline.web.choices import Choices


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Who could be given an order.

    office  key of the office; None where it cannot be told
    words   what is proposed, or that it cannot be told
    why     the reasons, one by one
    topic   the class it seems to be of; empty where it cannot be told
    """

    office: int | None
    words: str
    why: tuple[str, ...] = ()
    topic: str = ""


Suggest = Callable[[Any], Suggestion | None]
Classes = Callable[[str], Sequence[str]]
Alarms = Callable[[Any], Sequence[str]]
# by kind of order; filled once, when the addresses of the site are put together
known: dict[str, Suggest] = {}
# by kind of order, the classes in use in an area
classes: dict[str, Classes] = {}
# by kind of order, what a dispatcher has to look at now: lines in Chinese, of what this person sees
alarms: dict[str, Alarms] = {}


def install(more: Mapping[str, Suggest], among: Mapping[str, Classes], watching: Mapping[str, Alarms]) -> None:
    """Let these propose offices, these name the classes, and these watch where orders go, by kind of order."""
    known.update(more)
    classes.update(among)
    alarms.update(watching)


def alarms_of(kind: str, user: Any) -> tuple[str, ...]:
    """What a person who sends orders of a kind has to look at now."""
    return tuple(alarms[kind](user)) if kind in alarms else ()


def topics(kind: str, area: str) -> Choices:
    """The classes an order of a kind may be of in an area."""
    return tuple((one, one) for one in classes[kind](area)) if kind in classes else ()


def suggest(order: Any) -> Suggestion | None:
    """What is proposed for an order; None where nobody proposes for its kind, or it is held already."""
    ask = known.get(order.kind)
    return ask(order) if ask and order.office_id is None else None
