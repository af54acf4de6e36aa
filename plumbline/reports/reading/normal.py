"""One form for the grammar to read, and the way back to the exact place in the text.

A block is a paragraph in normal form: half-width digits, letters and signs, full-width punctuation, no blanks
inside numbers or between Chinese characters, lines that belong together joined. Every character knows where
it stands in the text.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from plumbline.kernel import line_starts

# full-width forms of ASCII fall back to ASCII; punctuation then goes to its full-width form
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SIGNS = str.maketrans({
    ",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "!": "！", "?": "？", "—": "-", "–": "-", "―": "-",
    "－": "-", "−": "-", "～": "~", "〜": "~", "∼": "~", "﹪": "%", "﹣": "-", "﹒": ".", "•": "·",
    "\u3000": " ", "\xa0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u200b": " ", "\ufeff": " ",
    "\r": " ", "\f": " ", "\v": " ",
})
# both at once: a full-width sign goes to ASCII and on to the form above
_FORM = {code: chr(plain).translate(_SIGNS) for code, plain in _WIDE.items()} | _SIGNS
HEAD_MARK = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|第[一二三四五六七八九十]{1,3}[章节部]|"
    r"\d{1,2}[.．、](?!\d)|（\d{1,2}）|[⑴-⒇]|[①-⑳]|附件|附表|表\d|-{2,}|[一二三四五六七八九十]{1,2}是)")
_SECTION_MARK = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|第.{1,3}[章节部])")
_OPEN_END = re.compile(r"[^。！？；：”）…》]\s*$")
_INNER = re.compile("[，。；]")
_BLANKS = re.compile(" +")
_FULL_STOP = re.compile(r"(?<=[一-鿿%）”])[.](?=[一-鿿“（]|$)")
_REST = re.compile(r"[\d.%万亿元个家]")
_THREE = re.compile(r"\d{3}(?!\d)")
_UP_TO_THREE = re.compile(r"(?<![\d.])\d{1,3}$")
# Longer than any paragraph people write. What a sentence inherits from those before it makes the reading of a
# paragraph grow with the square of its length; a text without a full stop must not take for ever.
MOST_LETTERS = 3000
_CUTS = tuple(map(re.compile, (r".*[。！？]", r".*[；\n]", r".*，", r".*[^\d.,%]")))
_GROUPED = re.compile(r"(?<![\d.])\d{1,3}(?:，\d{3})+(?!\d|，\d{3})")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph in normal form; `at[i]` is where `text[i]` stands, `at[len(text)]` the end of the last."""

    text: str
    at: tuple[int, ...]
    para: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the source text of `text[start:end]`."""
        return self.at[start], self.at[end - 1] + 1


def fold(text: str) -> str:
    """Character by character into normal form; the length stays."""
    return text.translate(_FORM)


def line_of(starts: tuple[int, ...], offset: int) -> int:
    """1-based line an offset lies on."""
    return bisect_right(starts, offset)


def blocks(text: str, breaks: frozenset[int] | None = None) -> list[Block]:
    """The paragraphs of a text; `breaks` are lines known to end for layout only, None where unknown."""
    lines = [fold(line) for line in text.split("\n")]
    starts = line_starts(text)
    found: list[Block] = []
    group: list[int] = []
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        if group and not _goes_on(lines, group[-1], number, breaks):
            found += _cut(_block(lines, starts, group), starts)
            group = []
        group.append(number)
    if group:
        found += _cut(_block(lines, starts, group), starts)
    return [block for block in found if block.text]


def _cut(block: Block, starts: tuple[int, ...]) -> Iterator[Block]:
    """The block, in pieces of at most `MOST_LETTERS` where it is longer: cut behind a sentence, else as best it can."""
    text, at = block.text, 0
    while len(text) - at > MOST_LETTERS:
        matches = (cut.match(text, at + MOST_LETTERS // 2, at + MOST_LETTERS) for cut in _CUTS)
        end = next((match.end() for match in matches if match), at + MOST_LETTERS)
        yield _piece(block, at, end, starts)
        at = end
    yield block if at == 0 else _piece(block, at, len(text), starts)


def _piece(block: Block, first: int, last: int, starts: tuple[int, ...]) -> Block:
    places = block.at[first:last]
    return Block(block.text[first:last], (*places, places[-1] + 1), line_of(starts, places[0]))


def _goes_on(lines: list[str], last: int, number: int, breaks: frozenset[int] | None) -> bool:
    """Whether line `number` continues the paragraph that line `last` left open (both 0-based)."""
    before, after = lines[last], lines[number]
    if "\t" in before or "\t" in after or HEAD_MARK.match(after):
        return False
    if breaks is not None and last + 1 in breaks:
        return True
    if _SECTION_MARK.match(before) and "。" not in before:
        return False
    if not _OPEN_END.search(before):
        return False
    # a line that begins with the rest of a sentence or a number goes on, however short the line above it
    tail = len(after) < 60 and bool(_REST.match(after.strip())) and bool(_INNER.search(after))
    return (bool(_INNER.search(before)) and len(before.strip()) >= 12) or tail


def _block(lines: list[str], starts: tuple[int, ...], group: list[int]) -> Block:
    text = "".join(lines[number] for number in group)
    at = [starts[number] + i for number in group for i in range(len(lines[number]))]
    drop = {i for blank in _BLANKS.finditer(text) if not _counts(text, blank) for i in range(*blank.span())}
    kept = [i for i in range(len(text)) if i not in drop] if drop else range(len(text))
    clean = "".join(text[i] for i in kept) if drop else text
    places = tuple(at[i] for i in kept)
    grouped = _GROUPED.sub(lambda match: match[0].replace("，", ","), clean)
    grouped = _FULL_STOP.sub("。", grouped)
    return Block(grouped, (*places, places[-1] + 1 if places else 0), group[0] + 1)


def _counts(text: str, blank: re.Match[str]) -> bool:
    """Blanks go at the edges, beside Chinese characters or signs, and inside numbers; else they stay."""
    before, after = text[:blank.start()][-1:], text[blank.end():blank.end() + 1]
    if not before or not after:
        return False
    if before.isdigit() and after.isdigit():
        head = text[max(0, blank.start() - 4):blank.start()]
        return not (_THREE.match(text, blank.end()) and _UP_TO_THREE.search(head))
    return before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
