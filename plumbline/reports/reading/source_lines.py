"""Glyphs become lines: what stands at one height, from left to right, cut into runs at wide gaps."""

from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import isfinite
from statistics import median

# In em, the width of a Chinese character.
CELL_GAP = 1.5
BLANK_GAP = 0.8
WORD_GAP = 0.2
PRINTED_BLANK = 0.12
SOFT_HYPHEN = "\x02"
# left, bottom, right, top
Box = tuple[float, float, float, float]
# A box of text that was turned by so many quarters against the clock, turned back.
UPRIGHT: tuple[Callable[[float, float, float, float], Box], ...] = (
    lambda left, bottom, right, top: (left, bottom, right, top),
    lambda left, bottom, right, top: (bottom, -right, top, -left),
    lambda left, bottom, right, top: (-right, -top, -left, -bottom),
    lambda left, bottom, right, top: (-top, left, -bottom, right),
)


@dataclass(slots=True)
class Glyph:
    """A character and its box; y grows upwards."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


@dataclass(slots=True)
class Run:
    """Part of a line with no wide gap in it."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its number and size, and where rules run down through a height."""

    page: int
    width: float
    height: float
    rules: Callable[[float], list[float]]


@dataclass(slots=True)
class Line:
    """What stands at one height of a page.

    cells  where it is a row of a table by position: column, how many, and the run
    boxes  where every run stands in a box of rules: the boxes
    """

    page: int
    runs: list[Run]
    bottom: float
    top: float
    em: float
    width: float
    height: float
    cells: list[tuple[int, int, Run]] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The line as it reads."""
        return " ".join(run.text for run in self.runs)

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.runs[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.runs[-1].right

    @property
    def middle(self) -> float:
        """Half way up."""
        return (self.bottom + self.top) / 2


def turn_of(floats: Sequence[float]) -> int:
    """How many quarters most of the text of a page is turned."""
    turns = Counter(turn for turn in floats[5::6] if turn >= 0)
    return int(turns.most_common(1)[0][0]) if turns else 0


def glyphs_of(floats: Sequence[float], turn: int) -> list[Glyph]:
    """The glyphs of a page, turned upright; what is slanted or turned another way is a stamp or a watermark."""
    # One sum tells whether any number is missing or beyond bounds.
    if not isfinite(sum(floats)):
        return []
    upright = UPRIGHT[turn]
    groups = zip(*(floats[part::6] for part in range(6)), strict=True)
    return [
        Glyph(chr(int(code)), *upright(left, bottom, right, top))
        for code, left, bottom, right, top, own in groups
        if own == turn and is_printed(int(code)) and right >= left
    ]


def is_printed(code: int) -> bool:
    """Whether a code point is a character, or the mark pdfium sets for a hyphen at a line end."""
    return (code >= 32 or code == 2) and code != 0x7F and not 0xD800 <= code <= 0xDFFF and code <= 0x10FFFF


def lines_of(glyphs: list[Glyph], sheet: Sheet) -> list[Line]:
    """The lines of a page from top to bottom."""
    rows: list[list[Glyph]] = []
    middle, tall = 0.0, 0.0
    for glyph in sorted(glyphs, key=lambda glyph: -glyph.bottom - glyph.top):
        own = (glyph.bottom + glyph.top) / 2
        size = glyph.top - glyph.bottom
        if not rows or middle - own > 0.4 * max(tall, size):
            rows.append([])
            middle, tall = own, size
        elif size > tall:
            middle, tall = own, size
        rows[-1].append(glyph)
    lines = (line_of(row, sheet) for row in rows)
    return [line for line in lines if line]


def line_of(row: list[Glyph], sheet: Sheet) -> Line | None:
    """The line that glyphs of one height make, or None where they are blanks only."""
    inked = [glyph for glyph in row if not glyph.text.isspace()]
    if not inked:
        return None
    wide = [glyph.right - glyph.left for glyph in inked if glyph.text >= "\u2e80"]
    em = median(wide) if wide else 0.8 * median(glyph.top - glyph.bottom for glyph in inked)
    em = em if em > 0.5 else 0.5
    top, bottom = median(glyph.top for glyph in inked), median(glyph.bottom for glyph in inked)
    runs = runs_of(sorted(row, key=lambda glyph: glyph.left), em, sheet.rules((bottom + top) / 2))
    return Line(sheet.page, runs, bottom, top, em, sheet.width, sheet.height)


def runs_of(row: Iterable[Glyph], em: float, rules: list[float]) -> list[Run]:
    """The runs of a line, parted by wide gaps and by rules; blanks only where there is room for them."""
    runs: list[tuple[list[str], float, float]] = []
    last: Glyph | None = None
    blank = False
    for glyph in row:
        if glyph.text.isspace() or glyph.text == "\u200b":
            blank = True
            continue
        letter = "-" if glyph.text == SOFT_HYPHEN else glyph.text
        if last is None or glyph.left - last.right > CELL_GAP * em or parted(last, glyph, rules):
            runs.append(([letter], glyph.left, glyph.right))
        elif glyph.text == last.text and abs(glyph.left - last.left) < 0.2 * em and glyph.text not in "….·-—":
            continue  # printed twice to look bold
        else:
            letters, left, right = runs[-1]
            letters.append(" " + letter if has_blank(last, glyph, blank, em) else letter)
            runs[-1] = letters, left, max(right, glyph.right)
        last, blank = glyph, False
    return [Run("".join(letters), left, right) for letters, left, right in runs]


def parted(last: Glyph, glyph: Glyph, rules: list[float]) -> bool:
    """Whether a rule stands between two glyphs."""
    return bool(rules) and bisect(rules, middle_of(last)) < bisect(rules, middle_of(glyph))


def middle_of(glyph: Glyph) -> float:
    """Half way from left to right."""
    return (glyph.left + glyph.right) / 2


def has_blank(last: Glyph, glyph: Glyph, printed: bool, em: float) -> bool:
    """Whether a blank stands between two glyphs: a printed one that shows, or a gap."""
    gap = (glyph.left - last.right) / em
    if printed:
        return gap > PRINTED_BLANK
    words = last.text.isascii() and glyph.text.isascii() and last.text.isalnum() and glyph.text.isalnum()
    return gap > (WORD_GAP if words else BLANK_GAP)
