"""Areas in questions: which rows lie in an area, and whether an area was told in full."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from plumbline.kernel import AREAS, BadInput, Coverage, Finding, Indicator, Inputs, inside, scope
from plumbline.kernel.period import span


def checked(areas: Iterable[str]) -> tuple[str, ...]:
    """The codes asked for.

    Raises  BadInput for what is no code
    """
    codes = tuple(areas)
    wrong = [code for code in codes if not (code.isascii() and code.isdigit())]
    if wrong:
        raise BadInput([Finding("engine.area", code, f"地区代码“{code}”不是数字；请写成 110112") for code in wrong])
    return codes


def stated(indicator: Indicator) -> bool:
    """Whether a figure is the state at a day, not what happened in a time."""
    return indicator.kind == "latest" or not indicator.dated


def told(inputs: Inputs, indicator: Indicator, area: str, period: str) -> bool:
    """Whether what came covers every day of the period for all of the area; of a state, its one day.

    An area whose parts we know is told where each part is, unless each area speaks for itself alone.
    """
    first, last = span(period)
    first = last if stated(indicator) else first
    parts = _parts(area) if indicator.adds else []
    whole = _told(inputs.coverage, area, first, last)
    return whole or bool(parts) and all(_told(inputs.coverage, part, first, last) for part in parts)


def _parts(area: str) -> list[str]:
    return [part.code for part in AREAS if part.code != area and inside(part.code, area)]


def _told(coverage: Sequence[Coverage], area: str, first: date, last: date) -> bool:
    """Whether deliveries tell one area on each of these days, one after the other."""
    spans = sorted((one.first or date.min, one.last or date.max) for one in coverage
                   if any(inside(area, outer) for outer in one.areas))
    day = first
    for begin, end in spans:
        if begin <= day <= end:
            if end >= last:
                return True
            day = end + timedelta(1)
    return False


def within(column: str, areas: Iterable[str]) -> str:
    """A condition that leaves out most rows of other areas; rows without an area stay."""
    scopes = sorted({scope(area) for area in areas})
    if not scopes:
        return "FALSE"
    return f"({column} IS NULL OR {column} >= '{scopes[0]}' AND {column} < '{max(map(after, scopes))}')"


def after(prefix: str) -> str:
    """The first text behind all that begin with these digits.

    >>> after("1109"), after("119")
    ('110:', '11:')
    """
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def lies(code: str, area: str, adds: bool) -> bool:
    """Whether a row of this code belongs to the figure of an area."""
    return inside(code, area) if adds else code == area


def chain(code: str) -> tuple[str, ...]:
    """The areas a row's own may lie in, itself first; the last is the city or province.

    >>> chain("110112001002")
    ('110112001002', '110112001000', '110112', '110100', '110000')
    """
    street = [f"{code[:9]}000"] if len(code) > 9 else []
    return tuple(dict.fromkeys([code, *street, code[:6], f"{code[:4]}00", f"{code[:2]}0000"]))
