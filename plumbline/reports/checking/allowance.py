"""What loose words of a text allow (约, 左右, 近): dated parameters, so that an official may ask to change them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from plumbline.kernel import BadDeclaration, parameters
from plumbline.kernel.period import is_period, span

PARAMETERS = Path(__file__).parent.parent / "parameters" / "wording.yaml"


@dataclass(frozen=True, slots=True)
class Allowance:
    """Shares of a printed number.

    about  either way of 约 and 左右: the text promises no more than the order of the number
    near   from which share on 近 is said
    """

    about: Decimal
    near: Decimal


@cache
def allowance(day: date | None = None) -> Allowance:
    """What holds on a day; without a day, what holds at last.

    Raises  BadDeclaration where the file has no value for the day
    """
    return Allowance(*(_value(name, day) for name in ("about", "near")))


def _value(name: str, day: date | None) -> Decimal:
    parameter = parameters(PARAMETERS)[f"wording.{name}"]
    dated = parameter.on(day) if day else parameter.values[-1]
    if dated is None:
        raise BadDeclaration(f"{PARAMETERS}: {name} has no value for {day}; write one")
    return dated.value


def day_of(period: str | None) -> date | None:
    """The last day of a report's period, None where it names none."""
    return span(period)[1] if period and is_period(period) else None
