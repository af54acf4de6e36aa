"""Writing: from figures to sentences and whole papers, every number cited."""

from plumbline.reports.writing.law import law_two
from plumbline.reports.writing.papers import Composed, paper
from plumbline.reports.writing.phrases import period_words
from plumbline.reports.writing.unbound import Candidate, Unbound, candidates
from plumbline.reports.writing.writer import EMPTY, Written, attempt, write

__all__ = [
    "EMPTY", "Candidate", "Composed", "Unbound", "Written", "attempt", "candidates", "law_two", "paper", "period_words", "write",
]
