"""A paper as a version keeps it: plain values, the same letter for letter each time it is made."""

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

from plumbline.kernel import Cite, Paper, Paragraph
from plumbline.store.journal.tables import canonical


def frozen(paper: Paper) -> dict[str, Any]:
    """A paper as JSON: exact decimals as text, days in ISO form."""
    return {"title": paper.title, "area": paper.area, "period": paper.period, "issuer": paper.issuer,
            "delivered_on": paper.delivered_on.isoformat() if paper.delivered_on else None, "marked": paper.marked,
            "paragraphs": [{"kind": one.kind, "text": one.text, "cites": [_cite(cite) for cite in one.cites]}
                           for one in paper.paragraphs]}


def _cite(cite: Cite) -> dict[str, Any]:
    return {"start": cite.start, "end": cite.end, "ref": cite.ref, "concept": cite.concept, "label": cite.label,
            "area": cite.area, "period": cite.period, "value": f"{cite.value:f}", "unit": cite.unit,
            "decimals": cite.decimals, "cell": [list(part) for part in cite.cell], "figures": list(cite.figures)}


def thawed(kept: dict[str, Any], number: int = 0) -> Paper:
    """The paper a version keeps; `number` is the version's."""
    day = kept["delivered_on"]
    return Paper(
        kept["title"], kept["area"], kept["period"], kept["issuer"],
        tuple(Paragraph(one["kind"], one["text"], tuple(_thawed(cite) for cite in one["cites"]))
              for one in kept["paragraphs"]),
        date.fromisoformat(day) if day else None, number, kept["marked"])


def _thawed(kept: dict[str, Any]) -> Cite:
    cell = tuple((name, value) for name, value in kept["cell"])
    return Cite(**(kept | {"value": Decimal(kept["value"]), "cell": cell, "figures": tuple(kept["figures"])}))


def digest(kept: dict[str, Any]) -> str:
    """Hash of a frozen paper."""
    return hashlib.sha256(canonical(kept).encode()).hexdigest()
