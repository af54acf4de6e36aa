"""Addresses that lead from one page into another: reports, claims, figures, indicators, records."""

from django.urls import reverse


def document(key: int) -> str:
    """The reader of a document."""
    return reverse("document", args=[key])


def claim(key: int, number: int) -> str:
    """A claim where it stands in its report."""
    return f"{document(key)}?claim={number}#c{number}"


def cite(key: int, number: int) -> str:
    """A number of a report that was sent from here, with its evidence beside it."""
    return reverse("report-cite", args=[key, number])


def place(key: int, para: int) -> str:
    """A line of a report."""
    return f"{document(key)}#p{para}"


def figure(key: int) -> str:
    """The page of a published figure."""
    return reverse("figure", args=[key])


def indicator(key: str) -> str:
    """The page of an indicator."""
    return reverse("indicator", args=[key])


def record(table: str, sha256: str, row: int) -> str:
    """The page of a record: a row of a file."""
    return reverse("record", args=[table, sha256, row])


def entry(table: str, item: int) -> str:
    """The page of an entry of a register, or of the row of an order, as it stands now."""
    return reverse("record", args=[table, "entry", item])


def party(table: str, key: str) -> str:
    """The page of a party of a roll."""
    return reverse("party", args=[table, key])
