"""The numbers of a text as the checks see them: exact printed digits, a place, and the words around them.

A sentence is held as a *skeleton*: its normal form with every quantity replaced by one marker character, so that
a check is a regular expression over the grammar of the sentence and never looks for digits that happen to fit.
Numbers the reader made no claim of (a leading zero, say) are kept too: an identity must not vanish with a typing
error.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from plumbline.kernel import Claim, Place, Report
from plumbline.kernel.numeral import MULTIPLIERS
from plumbline.kernel.unit import ALL, canonical
from plumbline.reports.checking.allowance import day_of
from plumbline.reports.reading.normal import Block, blocks, fold

FIRST = 0xE000
NEAR = 12  # letters before a number that can say which way it goes
LONGEST = 20  # digits; a longer number is no figure, and exact arithmetic keeps 28
Q = "[\ue000-\uf8ff]"
NO_Q = "[^\ue000-\uf8ff"
_MARKER = re.compile(Q)
STRANGE = "\ufffd"  # for a letter of the text that could be taken for a marker: bullets of Word's symbol fonts
_SCALES = "|".join(sorted((scale for scale in MULTIPLIERS if scale), key=len, reverse=True))
_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
_LOOSE = re.compile(
    rf"(?<![\dA-Za-z.\-~第])({_DIGITS})(?![\d.]*[A-Za-z年月日时号:：\-~])({_SCALES})?[余多]?"
    rf"({'|'.join(map(re.escape, ALL))})?")
_POINTS = re.compile(r"(?:[和、](?:\d+(?:\.\d+)?)个)*[和、]\d+(?:\.\d+)?个百分点")
_PRINTED = re.compile(rf"({_DIGITS})({_SCALES})?")
_SENTENCE = re.compile(r"[^。！？!?]*[。！？!?]?")
_IN_FULL = frozenset(map(Decimal, MULTIPLIERS.values()))
# units of things that are measured, so that the last digit is rounded; all others are counted one by one
_MEASURED = re.compile(r"[元%‰]|百分点|米|亩|公顷|吨|斤|[克升度℃]|公里|立方|[千兆吉]瓦|小时|天|成|倍")
_FALL = re.compile(r"(?:下降|减少|降低|负增长|回落|下滑|减收|改善)[了约近超]?$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit as printed.

    start,end  offsets into the whole text
    surface    as printed, blanks removed
    digits     the printed digits as a number; `size` multiplies 万 and 亿 out, both unsigned
    value      signed: a fall is negative
    slack      half of the last printed digit; 0 for things counted one by one and printed in full
    day        last day of the report's period, for what loose words allow then
    """

    start: int
    end: int
    surface: str
    digits: Decimal
    scale: Decimal
    unit: str
    value: Decimal
    bound: str = "="
    measure: str = "level"
    claim: Claim | None = None
    day: date | None = None

    @property
    def size(self) -> Decimal:
        """Number multiplied out, without sign."""
        return self.digits * self.scale

    @property
    def step(self) -> Decimal:
        """One of the last printed digit, multiplied out."""
        exponent = self.digits.as_tuple().exponent
        return Decimal(1).scaleb(min(int(exponent), 0)) * self.scale

    @property
    def slack(self) -> Decimal:
        """How far the thing may lie from what is printed."""
        whole = self.scale == 1 and self.digits == self.digits.to_integral_value()
        return Decimal(0) if whole and not _MEASURED.search(self.unit) else self.step / 2

    @property
    def kind(self) -> str:
        """Unit for comparing: 项 and 件 count the same things as 个."""
        return "个" if self.unit in ("个", "项", "件") else self.unit

    @property
    def tail(self) -> str:
        """Scale and unit as printed: 亿元."""
        return re.sub(rf"^.*?{_DIGITS}", "", self.surface, count=1)

    @property
    def exact(self) -> bool:
        """Neither a bound (余 近 超) nor a range."""
        return self.bound == "=" and (self.claim is None or self.claim.value2 is None)


@dataclass(frozen=True)
class Utterance:
    """A sentence: skeleton, quantities in order, and the number of its paragraph."""

    skeleton: str
    quantities: tuple[Quantity, ...]
    block: int

    def at(self, marker: str) -> Quantity:
        """The quantity a marker of the skeleton stands for."""
        return self.quantities[ord(marker) - FIRST]

    def all(self, text: str) -> list[Quantity]:
        """The quantities whose markers occur in `text`, in order."""
        return [self.at(marker) for marker in re.findall(Q, text)]

    @cached_property
    def _words(self) -> list[str]:
        """What stands before, between and behind the quantities."""
        return re.split(Q, self.skeleton)

    @cached_property
    def _order(self) -> dict[int, int]:
        return {quantity.start: index for index, quantity in enumerate(self.quantities)}

    @cached_property
    def _marks(self) -> list[int]:
        return [match.start() for match in re.finditer(Q, self.skeleton)]

    def index(self, quantity: Quantity) -> int:
        """Which of the quantities one is."""
        return self._order[quantity.start]

    def mark(self, quantity: Quantity) -> int:
        """Where the marker of a quantity stands in the skeleton."""
        return self._marks[self.index(quantity)]

    def between(self, left: int, right: int) -> str:
        """The words between two quantities; -1 for the sentence's beginning."""
        return self.skeleton[0 if left < 0 else self._marks[left] + 1:self._marks[right]]

    def lead(self, index: int) -> str:
        """The words of its own clause before a quantity."""
        return re.split("[，；、：。]", self._words[index])[-1]

    def after(self, index: int) -> str:
        """The words after a quantity, up to the next one."""
        return self._words[index + 1]


class Sheet:
    """A report laid out for checking."""

    def __init__(self, report: Report):
        self.report = report
        self.lines = report.line_starts

    def place(self, quantity: Quantity) -> Place:
        """Where a quantity is printed."""
        return self.span(quantity.start, quantity.end, quantity.claim)

    def span(self, start: int, end: int, claim: Claim | None = None) -> Place:
        """The place of a span of the text; of one that runs on, what stands on its first line."""
        para = bisect_right(self.lines, start)
        line = self.lines[para - 1]
        stop = self.lines[para] - 1 if para < len(self.lines) else len(self.report.text)
        return Place(self.report.name, para, start - line, min(end, stop) - line, claim.number if claim else None)

    @cached_property
    def blocks(self) -> list[Block]:
        """The paragraphs in normal form."""
        return blocks(self.report.text)

    @cached_property
    def sentences(self) -> list[Utterance]:
        """The sentences that carry anything, in order."""
        claims = sorted(self.report.claims, key=lambda claim: (claim.start, -claim.end))
        starts = [claim.start for claim in claims]
        found: list[Utterance] = []
        for number, block in enumerate(self.blocks):
            inside = claims[bisect_left(starts, block.at[0]):bisect_left(starts, block.at[-1])]
            found += _sentences(block, number, inside, day_of(self.report.heading.period))
        return found


def _sentences(block: Block, number: int, claims: list[Claim], day: date | None) -> Iterator[Utterance]:
    spans = [(start, end, replace(quantity, day=day)) for start, end, quantity in _spans(block, claims)]
    for match in _SENTENCE.finditer(block.text):
        if match[0]:
            inside = [span for span in spans if match.start() <= span[0] and span[1] <= match.end()]
            yield _sentence(block, number, match.span(), inside)


def _sentence(block: Block, number: int, span: tuple[int, int],
              inside: list[tuple[int, int, Quantity]]) -> Utterance:
    skeleton, at = [], span[0]
    for order, (start, end, _) in enumerate(inside):
        skeleton += [_MARKER.sub(STRANGE, block.text[at:start]), chr(FIRST + order)]
        at = end
    skeleton.append(_MARKER.sub(STRANGE, block.text[at:span[1]]))
    return Utterance("".join(skeleton), tuple(quantity for *_, quantity in inside), number)


def _spans(block: Block, claims: list[Claim]) -> list[tuple[int, int, Quantity]]:
    """Quantities of a block with their offsets in its normal form: claims first, then what they left."""
    taken: list[tuple[int, int, Quantity]] = []
    for claim in claims:
        start, end = bisect_left(block.at, claim.start), bisect_left(block.at, claim.end)
        if claim.measure == "rank" or start >= end or (taken and start < taken[-1][1]):
            continue
        quantity = _claimed(claim, block.text[max(0, start - NEAR):start])
        if quantity:
            taken.append((start, end, quantity))
    starts = [start for start, _, _ in taken]
    for match in _LOOSE.finditer(block.text):
        before = bisect_left(starts, match.end())
        free = not before or taken[before - 1][1] <= match.start()
        if free and (match[2] or match[3]) and len(match[1]) <= LONGEST:
            taken.append((match.start(), match.end(), _found(match, block)))
    return sorted(taken, key=lambda span: span[0])


def _claimed(claim: Claim, before: str) -> Quantity | None:
    """A claim as quantity; None where its printed digits cannot be found again."""
    surface = re.sub(r"(?<=\d)，(?=\d{3})", ",", "".join(fold(claim.surface).split()))
    match = _PRINTED.search(surface)
    if (match is None and claim.numeral is None) or (match and len(match[1]) > LONGEST):
        return None
    if match is None:
        digits, scale = abs(claim.value), Decimal(1)
    else:
        digits, scale = Decimal(match[1].replace(",", "")), Decimal(MULTIPLIERS[match[2] or ""])
    if digits and abs(claim.value) / digits in _IN_FULL:  # a cell of a table whose unit stands elsewhere
        scale = abs(claim.value) / digits
    value = claim.value if claim.measure == "yoy" else _signed(digits * scale, before)
    return Quantity(claim.start, claim.end, surface, digits, scale, claim.unit, value, claim.bound,
                    claim.measure, claim)


def _found(match: re.Match[str], block: Block) -> Quantity:
    start, end = block.span(*match.span())
    digits, scale = Decimal(match[1].replace(",", "")), Decimal(MULTIPLIERS[match[2] or ""])
    before = block.text[max(0, match.start() - NEAR):match.start()]
    bound = ">" if re.search("余|多", match[0]) or before.endswith(("超", "突破")) else "="
    unit = "百分点" if _POINTS.match(block.text, match.end()) and match[3] == "个" else canonical(match[3] or "")
    growth = unit == "%" and re.search(r"(?:增长|下降|负增长|增加|减少)[了约近超]?$", before)
    return Quantity(start, end, match[0], digits, scale, unit, _signed(digits * scale, before), bound,
                    "yoy" if growth else "level")


def _signed(size: Decimal, before: str) -> Decimal:
    return -size if _FALL.search(before[-6:]) else size
