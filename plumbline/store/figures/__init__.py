"""Figures: published append-only, found as of any day, cited by documents, questioned by people."""

from plumbline.store.figures.citing import Place, cite
from plumbline.store.figures.finding import (
    Changed,
    Counts,
    Resting,
    changed_since,
    cites_of,
    counted,
    current,
    current_of,
    lineage,
    resting,
    standing,
)
from plumbline.store.figures.looking import looked
from plumbline.store.figures.publishing import HALF, cell_text, publish, same_value
from plumbline.store.figures.questions import answer, close, question
from plumbline.store.figures.tables import Cite, CiteFigure, Figure, Question, Reply, Run

__all__ = [
    "HALF", "Changed", "Cite", "CiteFigure", "Counts", "Figure", "Place", "Question", "Reply", "Resting", "Run", "answer",
    "cell_text", "changed_since", "cite", "cites_of", "close", "counted", "current", "current_of", "lineage", "looked", "publish",
    "question", "resting", "same_value", "standing",
]
