"""A paper: a report as it is printed, with every number that stands for a figure. What the exports are made of."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

# kinds of paragraph, in the layout of an official document
KINDS = ("title", "subtitle", "heading1", "heading2", "heading3", "heading4", "body", "note", "signature", "date")


@dataclass(frozen=True, slots=True)
class Cite:
    """A number in a paragraph that stands for a figure, or for a comparison made from figures.

    start, end  offsets into the paragraph's text: the digits with their magnitude and unit, as printed
    ref         how the writer asked for it: `programmes.moved`, `economy.revenue_growth|narrowing:quarter`
    concept     what it is, as one key: the indicator's, and the comparison's behind a dot (`programmes.moved.yoy`)
    value       exact, in `unit` itself: 4859000000 for 48.59亿元; shares and growth as 0.074; ranks as whole numbers;
                signed (下降7.4% is -0.074)
    decimals    digits behind the point of `value` that the print can be relied on for (-6 for 48.59亿元 in 元,
                3 for 7.4% as 0.074), or None where the print is exact (a count)
    figures     numbers (primary keys) of the published figures it rests on; empty for a paper not kept
    """

    start: int
    end: int
    ref: str
    concept: str
    label: str
    area: str
    period: str
    value: Decimal
    unit: str
    decimals: int | None = None
    cell: tuple[tuple[str, str], ...] = ()
    figures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its kind, its text in full, and the numbers in it, in order, not overlapping."""

    kind: str
    text: str
    cites: tuple[Cite, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole report.

    number  of the version it was made from (0 for a draft)
    marked  words printed on every page, such as 模拟数据 or 草稿; empty for none
    """

    title: str
    area: str
    period: str
    issuer: str
    paragraphs: tuple[Paragraph, ...]
    delivered_on: date | None = None
    number: int = 0
    marked: str = ""
    addresses: dict[int, str] = field(default_factory=dict)

    @property
    def cites(self) -> tuple[Cite, ...]:
        """Every number bound to a figure, in the order of the text."""
        return tuple(cite for paragraph in self.paragraphs for cite in paragraph.cites)
