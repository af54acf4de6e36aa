"""The ideas of Plumbline: pure Python, writes nothing, reads no clock. Import the words from here."""

from plumbline.kernel import period, unit
from plumbline.kernel.area import AREAS, BY_CODE, CITY, Area, area_name, area_of, full_name, inside, scope
from plumbline.kernel.claim import BOUNDS, MEASURES, MODALITIES, Claim, Span, plain
from plumbline.kernel.document import Commitment, Heading, Problem, Report, Section, Term, line_starts
from plumbline.kernel.errors import (
    BadDeclaration,
    BadInput,
    Conflict,
    NotAllowed,
    PlumblineError,
    SourceDown,
)
from plumbline.kernel.finding import AGREES, CANNOT_TELL, DIFFERS, Finding, Place, Statement
from plumbline.kernel.label import LABELS, label
from plumbline.kernel.numeral import MULTIPLIERS, chinese, normal, printed
from plumbline.kernel.parameter import Dated, Parameter, parameters
from plumbline.kernel.proposal import Proposal
from plumbline.kernel.target import Progress, Reported, Target, due_day, progress

__all__ = [
    "AGREES", "AREAS", "BOUNDS", "BY_CODE", "CANNOT_TELL", "CITY", "DIFFERS", "LABELS", "MEASURES", "MODALITIES",
    "MULTIPLIERS", "Area", "BadDeclaration", "BadInput", "Claim", "Commitment", "Conflict", "Dated", "Finding",
    "Heading", "NotAllowed", "Parameter", "Place", "PlumblineError", "Problem", "Progress", "Proposal",
    "Report", "Reported", "Section", "SourceDown", "Span", "Statement", "Target", "Term", "area_name", "area_of", "chinese",
    "due_day", "full_name", "inside", "label", "line_starts", "normal", "parameters", "period", "plain", "printed",
    "progress", "scope", "unit",
]
