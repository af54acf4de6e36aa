"""The ideas of Plumbline: pure Python, writes nothing, reads no clock. Import the words from here."""

from plumbline.kernel import period, unit
from plumbline.kernel.area import AREAS, BY_CODE, CITY, Area, area_name, area_of, full_name, inside, scope
from plumbline.kernel.calendar import ZONE, Calendar, Year, standard
from plumbline.kernel.catalog import Catalog, load
from plumbline.kernel.claim import BOUNDS, MEASURES, MODALITIES, Claim, Span, plain
from plumbline.kernel.clock import UNITS, Clock, Event, Level, Limit, clock_from, limit_of, term
from plumbline.kernel.comparison import Basis, Compared
from plumbline.kernel.counting import indicator_findings
from plumbline.kernel.deadline import Due, due, instants
from plumbline.kernel.decision import Decision, Judge, Near, Told
from plumbline.kernel.declaration import mapping
from plumbline.kernel.document import Commitment, Heading, Problem, Report, Section, Term, line_starts
from plumbline.kernel.errors import (
    BadDeclaration,
    BadInput,
    Conflict,
    NotAllowed,
    PlumblineError,
    SourceDown,
)
from plumbline.kernel.expression import WHOLE_DIGITS, Expression
from plumbline.kernel.expression import parse as parse_expression
from plumbline.kernel.figure import MISSING, Figure
from plumbline.kernel.finding import AGREES, CANNOT_TELL, DIFFERS, Finding, Place, Statement
from plumbline.kernel.gift import Gift
from plumbline.kernel.indicator import KINDS, Indicator, indicator_from, settle
from plumbline.kernel.label import LABELS, label
from plumbline.kernel.numeral import MULTIPLIERS, chinese, normal, printed
from plumbline.kernel.order import AFTER, AMENDS, NEEDS, OPEN, RELATIONS, STATE_KINDS, Move, OrderKind, State, order_kind_from
from plumbline.kernel.order import ROLES as ORDER_ROLES
from plumbline.kernel.paper import Cite, Paper, Paragraph
from plumbline.kernel.parameter import Dated, Parameter, parameters
from plumbline.kernel.proposal import Proposal
from plumbline.kernel.record import ROW, TYPES, Column, Coverage, File, Inputs, Table, table_from
from plumbline.kernel.ref import Ref
from plumbline.kernel.rule import Condition, Rule, rule_from, rule_on
from plumbline.kernel.sentence import Sentence, sentence_from
from plumbline.kernel.system import System
from plumbline.kernel.target import Progress, Reported, Target, due_day, progress

__all__ = [
    "AFTER", "AGREES", "AMENDS", "AREAS", "BOUNDS", "BY_CODE", "CANNOT_TELL", "CITY", "DIFFERS", "KINDS", "LABELS", "MEASURES",
    "MISSING", "MODALITIES", "MULTIPLIERS", "NEEDS", "OPEN", "ORDER_ROLES", "RELATIONS", "ROW", "STATE_KINDS", "TYPES", "UNITS",
    "WHOLE_DIGITS", "ZONE", "Area", "BadDeclaration", "BadInput", "Basis", "Calendar", "Catalog", "Cite", "Claim", "Clock",
    "Column", "Commitment", "Compared", "Condition", "Conflict", "Coverage", "Dated", "Decision", "Due", "Event", "Expression",
    "Figure", "File", "Finding", "Gift", "Heading", "Indicator", "Inputs", "Judge", "Level", "Limit", "Move", "Near",
    "NotAllowed", "OrderKind", "Paper", "Paragraph", "Parameter", "Place", "PlumblineError", "Problem", "Progress", "Proposal",
    "Ref", "Report", "Reported", "Rule", "Section", "Sentence", "SourceDown", "Span", "State", "Statement", "System", "Table",
    "Target", "Term", "Told", "Year", "area_name", "area_of", "chinese", "clock_from", "due", "due_day", "full_name",
    "indicator_findings", "indicator_from", "inside", "instants", "label", "limit_of", "line_starts", "load", "mapping", "normal",
    "order_kind_from", "parameters", "parse_expression", "period", "plain", "printed", "progress", "rule_from", "rule_on",
    "scope", "sentence_from", "settle", "standard", "table_from", "term", "unit",
]
