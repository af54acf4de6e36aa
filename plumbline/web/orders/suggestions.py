"""What a system proposes for an order that nobody holds yet: an office, and why. The site hands the systems' own in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Who could be given an order.

    office  key of the office; None where it cannot be told
    words   what is proposed, or that it cannot be told
    why     the reasons, one by one
    """

    office: int | None
    words: str
    why: tuple[str, ...] = ()


Suggest = Callable[[Any], Suggestion | None]
# by kind of order; filled once, when the addresses of the site are put together
known: dict[str, Suggest] = {}


def install(more: Mapping[str, Suggest]) -> None:
    """Let these propose offices, by kind of order."""
    known.update(more)


def suggest(order: Any) -> Suggestion | None:
    """What is proposed for an order; None where nobody proposes for its kind, or it is held already."""
    ask = known.get(order.kind)
    return ask(order) if ask and order.office_id is None else None
