"""Where the numbers of a paper stand in a text made from it, and perhaps changed by hand since.

Blanks and line ends count for nothing, so that a text read from a pdf is found again as well as one from a docx. A
paragraph is looked for as it was; where it is not, by a run of its letters, and then letter by letter around that.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from plumbline.kernel import Cite, Paper, Paragraph

RUN = 8  # letters of a run that tells where a changed paragraph stands
LEAST = 0.5  # of its letters must be there still, else the paragraph is gone


@dataclass(frozen=True, slots=True)
class Standing:
    """A cite and its place now: offsets into the whole text, None where its paragraph is gone; and as first printed."""

    cite: Cite
    first: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Bare:
    """A text without blanks; `at[i]` is where its i-th letter stands in the text, and one more for the end."""

    text: str
    at: tuple[int, ...]


def bare(text: str) -> Bare:
    """A text without its blanks and line ends."""
    kept = [i for i, letter in enumerate(text) if not letter.isspace()]
    return Bare("".join(text[i] for i in kept), (*kept, len(text)))


def standings(paper: Paper, text: str) -> Iterator[Standing]:
    """Every cite of a paper with its place in a text, in order."""
    now = bare(text)
    cited = [paragraph for paragraph in paper.paragraphs if paragraph.cites]
    before = [bare(paragraph.text) for paragraph in cited]
    found = _found([one.text for one in before], now.text)
    for index, paragraph in enumerate(cited):
        yield from _cites(paragraph, before[index], now, found.get(index))


def _cites(paragraph: Paragraph, before: Bare, now: Bare, place: tuple[int, int] | None) -> Iterator[Standing]:
    blocks = None
    for cite in paragraph.cites:
        first = paragraph.text[cite.start:cite.end]
        if place is None:
            yield Standing(cite, first)
            continue
        if blocks is None:
            blocks = _blocks(before.text, now.text[place[0]:place[1]])
        start, end = (bisect_left(before.at, edge) for edge in (cite.start, cite.end))
        low, high = _moved(blocks, start, end, place[1] - place[0])
        yield Standing(cite, first, now.at[place[0] + low], now.at[place[0] + high - 1] + 1 if high > low else
                       now.at[place[0] + low])


def _found(paragraphs: list[str], text: str) -> dict[int, tuple[int, int]]:
    """Where each paragraph stands: those that are as they were first, then the changed ones between them."""
    found: dict[int, tuple[int, int]] = {}
    at = 0
    for index, paragraph in enumerate(paragraphs):
        start = text.find(paragraph, at) if paragraph else -1
        if start >= 0:
            found[index] = (start, start + len(paragraph))
            at = start + len(paragraph)
    at = 0
    for index, paragraph in enumerate(paragraphs):
        if index not in found and paragraph:
            stop = min((start for other, (start, _) in found.items() if other > index), default=len(text))
            if place := _changed(paragraph, text, at, stop):
                found[index] = place
        at = found[index][1] if index in found else at
    return found


def _changed(paragraph: str, text: str, low: int, high: int) -> tuple[int, int] | None:
    """Where a changed paragraph stands between two offsets, None where too little of it is left."""
    for at in range(0, max(len(paragraph) - RUN, 0) + 1, RUN // 2):
        run = text.find(paragraph[at:at + RUN], low, high)
        if run >= 0:
            first = max(low, run - 2 * at - RUN)
            last = min(high, run + 2 * (len(paragraph) - at) + RUN)
            blocks = [block for block in _blocks(paragraph, text[first:last]) if block[2]]
            if sum(size for _, _, size in blocks) < LEAST * len(paragraph):
                return None
            return first + blocks[0][1] - min(blocks[0][0], blocks[0][1]), min(last, first + blocks[-1][1] + blocks[-1][2] + (
                len(paragraph) - blocks[-1][0] - blocks[-1][2]))
    return None


def _blocks(before: str, now: str) -> list[tuple[int, int, int]]:
    """Runs both texts share: offset in each, and length."""
    if before == now:
        return [(0, 0, len(now))]
    shared = SequenceMatcher(None, before, now, autojunk=False).get_matching_blocks()
    return [(block.a, block.b, block.size) for block in shared]


def _moved(blocks: list[tuple[int, int, int]], start: int, end: int, length: int) -> tuple[int, int]:
    """Offsets of a span in the text as it reads now: the shared runs before and behind it tell where it went."""
    low = max((b + min(start - a, size) for a, b, size in blocks if a <= start), default=0)
    high = min((b + max(end - a, 0) for a, b, size in blocks if a + size >= end), default=length)
    return low, max(low, high)
