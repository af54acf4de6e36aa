"""Facts: the numbers of a paper as the exports bind them, each with what its print says and what it stands for."""

import re
from dataclasses import dataclass
from decimal import Decimal

from plumbline.kernel import MULTIPLIERS, BadInput, Finding, normal
from plumbline.kernel.paper import Cite, Paper, Paragraph
from plumbline.kernel.printing import rounded

# (hyphen, full-width hyphen or minus) digits, with separators (magnitude and unit)
PRINTED = re.compile(r"(?P<minus>[-－−]?)(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<rest>[^\d]*)", re.ASCII)
# what a unit makes of the digits in front of it: shares are kept as 0.074
SCALES = (0, -2, -3, -1)
# words by which a print says less than the number it stands for; the digits are then no print of it
ABOUT = re.compile(r"[余多近约超逾]|左右|以上")


@dataclass(frozen=True, slots=True)
class Fact:
    """A cite, numbered within its paper, and how its digits are printed.

    key      `f1`, `f2` … in the order of the text; the same in every export
    surface  the print: digits with magnitude and unit
    minus    characters of a minus sign that stand before the digits (0 or 1)
    digits   the digits as printed, empty where the number is in Chinese characters or only told about
    scale    power of ten from the digits to the value: 48.59亿元 8, 7.4% -2
    value    what the print says, signed: digits times the power of ten; the cite's value, rounded to its
             decimals, where there are no digits
    decimals digits behind the point of `value` that hold; None where it is exact
    """

    key: str
    cite: Cite
    surface: str
    minus: int
    digits: str
    scale: int
    value: Decimal
    decimals: int | None


def facts(paper: Paper) -> tuple[tuple[Fact, ...], ...]:
    """The facts of each paragraph, paragraph by paragraph.

    Raises BadInput, with all findings, where a cite lies outside its text, overlaps another, or prints another
    number than the one it stands for.
    """
    wrong: list[Finding] = []
    number, found = 0, []
    for para, paragraph in enumerate(paper.paragraphs, 1):
        end, line = 0, []
        for cite in paragraph.cites:
            number += 1
            if not end <= cite.start < cite.end <= len(paragraph.text):
                wrong.append(_misplaced(para, cite))
                continue
            end = cite.end
            if fact := _fact(f"f{number}", cite, paragraph):
                line.append(fact)
            else:
                wrong.append(_different(para, cite, paragraph))
        found.append(tuple(line))
    if wrong:
        raise BadInput(wrong)
    return tuple(found)


def _fact(key: str, cite: Cite, paragraph: Paragraph) -> Fact | None:
    """The fact of a cite; None where digits are printed that do not round from its value."""
    surface = paragraph.text[cite.start:cite.end]
    match = PRINTED.fullmatch(surface)
    digits = Decimal(match["digits"].replace(",", "")) if match else Decimal(0)
    scale = _scale(digits, match["rest"], cite) if match else None
    if match is None or scale is None:
        if match and not ABOUT.search(paragraph.text[max(cite.start - 2, 0):cite.start] + match["rest"]):
            return None
        return Fact(key, cite, surface, 0, "", 0, _rounded(cite.value, cite.decimals), cite.decimals)
    value = normal(digits.scaleb(scale).copy_sign(cite.value))
    decimals = cite.decimals
    if decimals is None and value != cite.value:
        decimals = -int(digits.as_tuple().exponent) - scale
    return Fact(key, cite, surface, len(match["minus"]), match["digits"], scale, value if value else Decimal(0), decimals)


def _scale(digits: Decimal, rest: str, cite: Cite) -> int | None:
    """The power of ten by which printed digits mean the value, told from magnitude and unit and proven by the value."""
    sizes = sorted((word for word in MULTIPLIERS if rest.startswith(word)), key=len, reverse=True)
    half = Decimal(5).scaleb(int(digits.as_tuple().exponent) - 1)
    for size in sizes:
        power = len(str(MULTIPLIERS[size])) - 1
        for scale in SCALES:
            if abs(digits - abs(cite.value).scaleb(-power - scale)) <= half:
                return power + scale
    return None


def _rounded(value: Decimal, decimals: int | None) -> Decimal:
    return normal(value if decimals is None else rounded(value, decimals))


def _misplaced(para: int, cite: Cite) -> Finding:
    return Finding("export.place", f"第{para}段", (
        f"第{para}段：“{cite.label}”（{cite.ref}）标在第 {cite.start} 至 {cite.end} 字，超出了这一段，或与前一个数重叠；"
        "请在写稿页重新绑定这个数"))


def _different(para: int, cite: Cite, paragraph: Paragraph) -> Finding:
    return Finding("export.value", f"第{para}段", (
        f"第{para}段：“{paragraph.text[cite.start:cite.end]}”与它所据的数（{cite.label}，{normal(cite.value)}{cite.unit}）"
        "不一致；请刷新这个数，或改绑到别的数"))
