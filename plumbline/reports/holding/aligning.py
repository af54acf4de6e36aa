"""Where the numbers of a paper stand in a text made from it, and perhaps changed by hand since."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from plumbline.kernel import Cite, Paper, line_starts


@dataclass(frozen=True, slots=True)
class Standing:
    """A cite and its place now: offsets into the whole text, None where its paragraph is gone; and as first printed."""

    cite: Cite
    first: str
    start: int | None = None
    end: int | None = None


def standings(paper: Paper, text: str) -> Iterator[Standing]:
    """Every cite of a paper with its place in a text, in order."""
    lines = text.split("\n")
    starts = line_starts(text)
    found = _lines([paragraph.text for paragraph in paper.paragraphs], lines)
    for index, paragraph in enumerate(paper.paragraphs):
        line = found.get(index)
        for cite in paragraph.cites:
            first = paragraph.text[cite.start:cite.end]
            if line is None:
                yield Standing(cite, first)
                continue
            start, end = _place(paragraph.text, lines[line], cite)
            yield Standing(cite, first, starts[line] + start, starts[line] + end)


def _lines(paragraphs: list[str], lines: list[str]) -> dict[int, int]:
    """Line of each paragraph: the same one, else one that stands between the same neighbours."""
    matcher = SequenceMatcher(None, [part.strip() for part in paragraphs], [line.strip() for line in lines], autojunk=False)
    found: dict[int, int] = {}
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found |= dict(zip(range(a, b), range(c, d), strict=True))
        elif tag == "replace":
            found |= _nearest(paragraphs, lines, range(a, b), list(range(c, d)))
    return found


def _nearest(paragraphs: list[str], lines: list[str], theirs: range, free: list[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for index in theirs:
        scored = [(SequenceMatcher(None, paragraphs[index], lines[line], autojunk=False).ratio(), -line) for line in free]
        if scored and max(scored)[0] > 0.5:
            found[index] = -max(scored)[1]
            free = [line for line in free if line > found[index]]
    return found


def _place(before: str, now: str, cite: Cite) -> tuple[int, int]:
    """Offsets of a cite in its line as it reads now: what stands before it and behind it tells where it went."""
    lead = len(now) - len(now.lstrip()) if now.strip() == before.strip() else 0
    if now.strip() == before.strip() or len(now) == len(before):
        shift = lead - (len(before) - len(before.lstrip())) if now.strip() == before.strip() else 0
        return cite.start + shift, cite.end + shift
    blocks = SequenceMatcher(None, before, now, autojunk=False).get_matching_blocks()
    start = max((b + min(cite.start - a, size) for a, b, size in blocks if a <= cite.start), default=0)
    end = min((b + max(cite.end - a, 0) for a, b, size in blocks if a + size >= cite.end), default=len(now))
    return start, max(start, end)
