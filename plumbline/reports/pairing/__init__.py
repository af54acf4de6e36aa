"""What may belong together: promises and reports, a city's promise and a district's part, problems and measures."""

from plumbline.kernel import Proposal
from plumbline.reports.pairing.answers import answers
from plumbline.reports.pairing.promises import pairings
from plumbline.reports.pairing.shares import shares

__all__ = ["Proposal", "answers", "pairings", "shares"]
