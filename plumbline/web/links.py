"""Addresses that lead from the plan into a report, and back."""

from django.urls import reverse


def document(key: int) -> str:
    """The reader of a document."""
    return reverse("document", args=[key])


def claim(key: int, number: int) -> str:
    """A claim where it stands in its report."""
    return f"{document(key)}?claim={number}#c{number}"


def place(key: int, para: int) -> str:
    """A line of a report."""
    return f"{document(key)}#p{para}"
