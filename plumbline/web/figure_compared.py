"""A figure beside others: the year before, the city, its place among the districts."""

from dataclasses import dataclass

from plumbline.engine.refresh import basis
from plumbline.kernel import BadInput, Catalog
from plumbline.kernel.comparison import RATES, Compared
from plumbline.kernel.printing import ordinal, printed_amount
from plumbline.kernel.ref import Ref
from plumbline.store import figures
from plumbline.store.figures import Figure
from plumbline.web import links

LABELS = {"change": "比上年同期", "yoy": "同比", "against": "与全市相比", "rank": "在各区的位次"}


@dataclass(frozen=True, slots=True)
class Beside:
    """A comparison: what it is, in words, the figures it rests on; `why` where it cannot be made."""

    label: str
    words: str
    why: str
    href: str = ""


def beside(catalog: Catalog, row: Figure) -> list[Beside]:
    """The comparisons that make sense for a figure."""
    one, cell = catalog.indicators[row.indicator], figures.counted(row).cell
    rate, city = one.unit in RATES, row.area.endswith("0000")
    steps = ["change" if rate else "yoy"] if one.dated else []
    steps += ([] if city else ["against:city"] if rate else []) + ([] if city else ["rank"])
    refs = [Ref(row.indicator, (step,), row.area, row.period, cell) for step in steps]
    try:
        numbers = basis(catalog, refs)
        return [_beside(ref, numbers(ref)) for ref in refs]
    except BadInput:
        return []


def _beside(ref: Ref, found: Compared) -> Beside:
    label = LABELS[ref.step]
    if found.value is None:
        return Beside(label, "—", found.why)
    if ref.step == "rank":
        return Beside(label, f"第{ordinal(int(found.value))}", "")
    more, less = ("增", "降") if ref.step == "yoy" else ("高", "低")
    size = printed_amount(abs(found.value), found.unit, 1)
    href = links.figure(found.numbers[1]) if len(found.numbers) > 1 else ""
    return Beside(label, f"{more if found.value > 0 else less}{size.text}" if found.value else "持平", "", href)
