"""The tables, gathered where Django looks for them."""

from plumbline.store.documents.tables import Check, Claim, Document
from plumbline.store.figures.tables import Cite, CiteFigure, Figure, Question, Reply, Run
from plumbline.store.journal.tables import Entry, Head
from plumbline.store.people.tables import Office, User
from plumbline.store.plans.tables import Answer, Commitment, Pairing, Problem, Share, Target

__all__ = [
    "Answer", "Check", "Cite", "CiteFigure", "Claim", "Commitment", "Document", "Entry", "Figure", "Head", "Office",
    "Pairing", "Problem", "Question", "Reply", "Run", "Share", "Target", "User",
]
