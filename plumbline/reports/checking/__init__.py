"""Holding a report against itself, and against others.

identity    totals and parts, structures that make 100, one number printed twice
difference  由…到…提高…, income − payment = balance, a difference from the pace or from a target
derived     what follows by arithmetic: rates of the first quarter, last year's level, the plan behind a share
across      the same thing in two reports

agrees       only where something printed confirms it. In identities and differences the printed digits must add up to
             the last one, so that one altered digit is always noticed; a quotient must lie where printed precision
             allows it
differs      printed precision and bounds (余 近 超 左右) leave no way for both to be true
cannot tell  a gap that rounding or unnamed parts explain; a derived value that nothing printed confirms
"""

from plumbline.kernel import Report, Statement
from plumbline.reports.checking.across import across
from plumbline.reports.checking.differences import differences
from plumbline.reports.checking.quantity import Sheet
from plumbline.reports.checking.quotients import quotients
from plumbline.reports.checking.repeats import repeats
from plumbline.reports.checking.structures import structures
from plumbline.reports.checking.sums import sums


def check(report: Report, *others: Report) -> list[Statement]:
    """What the numbers of a report say of each other and of those of `others`, in the order of the text.

    Only `report` is held against itself; each of `others` is held against it.
    """
    sheet = Sheet(report)
    found = [*sums(sheet), *structures(sheet), *differences(sheet, others), *repeats(sheet), *quotients(sheet)]
    alone = {(each.kind, frozenset(each.places)): each for each in reversed(found)}
    inside = sorted(alone.values(), key=lambda each: (each.places[0].para, each.places[0].start))
    return inside + [statement for other in others for statement in across(sheet, Sheet(other))]
