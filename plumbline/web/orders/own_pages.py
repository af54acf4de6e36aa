"""Kinds of order that have a page of their own: lists, cards and notices lead there. The site hands the systems' own in.

The page every order has stays where it is, and the own page leads to it.
"""

from collections.abc import Mapping

from django.urls import reverse

# by kind of order, the name of an address that takes its number; filled once, when the addresses are put together
known: dict[str, str] = {}
# by kind of order, the name of the address where one is begun: there alone, since more is kept than the order
begun: dict[str, str] = {}


def install(more: Mapping[str, str], begins: Mapping[str, str]) -> None:
    """Let orders of these kinds be looked at, and begun, at these addresses."""
    known.update(more)
    begun.update(begins)


def page_of(kind: str, number: str) -> str:
    """Where an order is opened."""
    return reverse(known.get(kind, "order"), args=[number])
