"""Kinds of order that have a page of their own: lists, cards and notices lead there. The site hands the systems' own in.

The page every order has stays where it is, and the own page leads to it.
"""

from collections.abc import Mapping

from django.urls import reverse

# by kind of order, the name of an address that takes its number; filled once, when the addresses are put together
known: dict[str, str] = {}


def install(more: Mapping[str, str]) -> None:
    """Let orders of these kinds be opened at these addresses."""
    known.update(more)


def page_of(kind: str, number: str) -> str:
    """Where an order is opened."""
    return reverse(known.get(kind, "order"), args=[number])
