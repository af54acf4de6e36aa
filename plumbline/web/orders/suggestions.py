"""What a system proposes for an order that nobody holds yet: an office, and why. The site hands the systems' own in."""

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
# by kind of order; filled once, when the addresses of the site are put together
known: dict[str, Suggest] = {}
# by kind of order, the classes in use in an area
classes: dict[str, Classes] = {}


def install(more: Mapping[str, Suggest], among: Mapping[str, Classes]) -> None:
    """Let these propose offices, and these name the classes, by kind of order."""
    known.update(more)
    classes.update(among)


def topics(kind: str, area: str) -> Choices:
    """The classes an order of a kind may be of in an area."""
    return tuple((one, one) for one in classes[kind](area)) if kind in classes else ()


def suggest(order: Any) -> Suggestion | None:
    """What is proposed for an order; None where nobody proposes for its kind, or it is held already."""
    ask = known.get(order.kind)
    return ask(order) if ask and order.office_id is None else None
