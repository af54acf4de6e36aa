"""A claim: a number found in a text, its place, and how precisely it was printed."""

from dataclasses import dataclass, field
from decimal import Decimal

Span = tuple[int, int]

MEASURES = ("level", "yoy", "times", "diff", "rank")
MODALITIES = ("actual", "target", "limit")
BOUNDS = ("=", "~", ">", "<~", ">=", "<", "<=")


@dataclass(frozen=True, slots=True)
class Claim:
    """One number of a report.

    number     1-based, in the order of the text
    para       1-based line of the text on which the number begins
    start,end  offsets into the whole text: `text[start:end] == surface`; number with its unit
    surface    the number as printed, with its unit (`48.59亿元`)
    value      multiplied out (4859000000); shares and rates in % stay as printed (71.2)
    value2     upper end of a range, or None
    tolerance  half of the last printed digit, in the scale of `value`
    unit       元 个 家 人 % 百分点 …; persons are 人, ranks 位
    measure    level | yoy | times | diff | rank
    modality   actual | target | limit
    bound      = ~ > <~ >= < <=
    period     2020H1 · 2020Q1 · 2020 · 2020-06 · 2020-06-11 · 2020-02/2020-06 · @2020-06-30 · None
    deadline   of a target: ISO day, or the year when nothing nearer is said
    reference  of diff and times: what it is compared with
    numeral    "zh" where the number is written in characters, else None
    spans      offsets into the whole text of the parts: number, unit, subject, period,
               comparison, bound; a part the text does not print is absent
    part       1 results, 2 problems, 3 measures, 0 elsewhere
    section    headings above, outermost first
    """

    number: int
    para: int
    start: int
    end: int
    surface: str
    value: Decimal
    unit: str
    subject: str
    value2: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    measure: str = "level"
    modality: str = "actual"
    bound: str = "="
    place: str | None = None
    period: str | None = None
    deadline: str | None = None
    reference: str | None = None
    numeral: str | None = None
    spans: dict[str, Span] = field(default_factory=dict)
    part: int = 0
    section: tuple[str, ...] = ()

    def as_json(self, line_start: int = 0) -> dict[str, object]:
        """The gold's keys, and offsets within the line that begins at `line_start`."""
        row: dict[str, object] = {
            "para": self.para, "quote": self.surface, "subject": self.subject, "place": self.place,
            "period": self.period, "value": plain(self.value), "unit": self.unit,
            "measure": self.measure, "bound": self.bound, "modality": self.modality,
        }
        optional = {
            "value2": None if self.value2 is None else plain(self.value2),
            "deadline": self.deadline, "reference": self.reference, "numeral": self.numeral,
        }
        row |= {key: value for key, value in optional.items() if value is not None}
        row |= {"start": self.start - line_start, "end": self.end - line_start,
                "spans": {name: [a - line_start, b - line_start] for name, (a, b) in self.spans.items()}}
        return row


def plain(value: Decimal) -> int | float:
    """A JSON number: whole numbers as integers, the rest as the shortest decimal."""
    return int(value) if value == value.to_integral_value() else float(value)
