"""Clauses of a policy text, proposed as conditions and gifts of a rule; a system gives the words, a person confirms each."""

from plumbline.reports.clauses.proposed import CONDITION, DAY, GIFT, UNREAD, Proposed
from plumbline.reports.clauses.proposing import propose
from plumbline.reports.clauses.words import Base, Choice, Phrase, Quantity, Special, Words

__all__ = [
    "CONDITION", "DAY", "GIFT", "UNREAD", "Base", "Choice", "Phrase", "Proposed", "Quantity", "Special", "Words", "propose",
]
