"""What the report promises and what it worries about: measures of part three, problems of part two, the glossary."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plumbline.kernel import Commitment, Problem, Term, line_starts
from plumbline.reports.reading.bodies import bodies
from plumbline.reports.reading.deadline import deadline
from plumbline.reports.reading.items import Item, items, sentences
from plumbline.reports.reading.mark import PART, POINT, SECTION, THEME, Mark, number_of, source, theme
from plumbline.reports.reading.normal import Block, fold, line_of
from plumbline.reports.reading.outline import Outline
from plumbline.reports.reading.parts import GLOSSARY, MEASURES, PROBLEMS

SHORTEST = 5  # characters of a sentence that can promise anything, its full stop included
_NO_MEASURES = re.compile("(?:预期|主要|发展|工作|奋斗)目标$|指导思想|总体要求|(?:总体|基本)思路|形势$")
_NO_PROMISE = re.compile(
    "为指导|以上报告|请予?(?:审议|审查)|^(?:主任|各位|尊敬的|同志们|上述|以上)|指导思想|总基调|会议精神|工作思路|"
    "^做好.{0,12}(?:意义|要坚持)|(?:主要|重点)?(?:做好|抓好|开展).{0,8}以下.{0,12}：?$")
_TERM = re.compile(
    r"(?:\d{1,3}[.、]|（\d{1,3}）|[⑴-⒇①-⑳]|【)?(?P<term>[^：。；，]{1,40}?)(?:：|】|(?=是指|指的是|，?即))")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of one block that promises something; n is the printed number, 0 where none is printed."""

    block: int
    start: int
    end: int
    n: int = 0


def commitments(text: str, blocks: list[Block], outline: Outline) -> list[Commitment]:
    """Every measure of part three, in the order of the text."""
    starts = line_starts(text)
    year = outline.plan_year or outline.year
    told: dict[tuple[str, ...], int] = {}
    found = []
    for piece in _pieces(blocks, outline):
        block, chain = blocks[piece.block], _chain(outline.chains[piece.block])
        path = tuple(mark.number or mark.title for mark in chain)
        n = max(piece.n, 1 + told.get(path, 0))
        told[path] = n
        first, last = block.span(piece.start, piece.end)
        words = source(text, block, piece.start, piece.end)
        named = [mark for mark in chain if mark.level <= SECTION]
        found.append(Commitment(
            ident=".".join((*path, f"({n})")), section=named[-1].title if named else "",
            theme=_theme(chain), n=n, text=words, para=line_of(starts, first), start=first, end=last,
            deadline=deadline(words, year) if year else None, bodies=bodies(block.text[piece.start:piece.end])))
    return found


def _chain(chain: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return tuple(mark for mark in chain if mark.number or mark.title)


def _theme(chain: tuple[Mark, ...]) -> str:
    """The heading right above a measure, below its section, without its number."""
    if not chain or chain[-1].level < POINT:
        return ""
    told = number_of(fold(chain[-1].title)) if chain[-1].number else None
    return chain[-1].title[told[2]:] if told else chain[-1].title


def _pieces(blocks: list[Block], outline: Outline) -> Iterator[_Piece]:
    divided = _divided(outline)
    for i, block in enumerate(blocks):
        if outline.parts[i] != MEASURES or any(_NO_MEASURES.search(mark.title) for mark in outline.chains[i]):
            continue
        mark, chain = outline.opens[i], outline.chains[i]
        if mark and mark.alone:
            if _stands_alone(blocks, outline, i):
                yield _Piece(i, mark.start + _label(block.text), len(block.text))
            continue
        if len(chain) > 1 or not divided.get(chain[:1], False) or (mark and mark.level == THEME):
            yield from _trimmed(blocks, _of_block(block, i, mark))


def _divided(outline: Outline) -> dict[tuple[Mark, ...], bool]:
    """Parts that have headings, below which the measures stand."""
    divided: dict[tuple[Mark, ...], bool] = {}
    for chain in outline.chains:
        divided[chain[:1]] = divided.get(chain[:1], False) or any(mark.level > PART for mark in chain)
    return divided


def _stands_alone(blocks: list[Block], outline: Outline, i: int) -> bool:
    """Whether a heading is the measure itself: a full sentence with nothing below it."""
    mark = outline.opens[i]
    if mark is None or mark.level == PART or not blocks[i].text.endswith("。"):
        return False
    after = outline.opens[i + 1] if i + 1 < len(blocks) else mark
    return after is not None and after.level <= mark.level


def _label(words: str) -> int:
    told = number_of(words)
    return told[2] if told else 0


def _of_block(block: Block, i: int, mark: Mark | None) -> Iterator[_Piece]:
    """The measures of one paragraph: its list, else its sentences."""
    begin = mark.end if mark else 0
    listed = items(block.text, begin)
    spoken = listed and listed[0].kind in ("is", "place")
    if not listed or spoken:
        yield from _sentences(block, i, begin, listed[0].at if listed else len(block.text))
    for item in listed:
        yield _Piece(i, item.start, item.end, 0 if spoken and item.n == 1 else item.n)


def _sentences(block: Block, i: int, begin: int, end: int) -> Iterator[_Piece]:
    for start, stop in sentences(block.text, begin, end):
        words = block.text[start:stop]
        if not _NO_PROMISE.search(words) and not words.endswith("：") and len(words) >= SHORTEST:
            yield _Piece(i, start, stop)


def _trimmed(blocks: list[Block], pieces: Iterator[_Piece]) -> Iterator[_Piece]:
    """Without the dashes of a list before, the semicolon after."""
    for piece in pieces:
        words = blocks[piece.block].text[piece.start:piece.end]
        start = piece.start + len(words) - len(words.lstrip("- "))
        end = piece.end - (len(words) - len(words.rstrip("； ")))
        if end > start:
            yield _Piece(piece.block, start, end, piece.n)


def problems(text: str, blocks: list[Block], outline: Outline) -> list[Problem]:
    """The problems of part two: 一是…二是…, or one heading each."""
    within = [i for i, part in enumerate(outline.parts) if part == PROBLEMS]
    spans = _listed_problems(blocks, within) or _headed_problems(text, blocks, outline, within)
    starts = line_starts(text)
    found = []
    for n, (i, start, end) in enumerate(spans, 1):
        block = blocks[i]
        words = block.text[start:end].rstrip("； ")
        first, last = block.span(start, start + len(words))
        title = re.match("[^。；：]*", words)
        length = title.end() if title else len(words)
        found.append(Problem(
            n, source(text, block, start, start + length), source(text, block, start, start + len(words)),
            line_of(starts, first), first, last))
    return found


def _listed_problems(blocks: list[Block], within: list[int]) -> list[tuple[int, int, int]]:
    """Block, start and end of each problem of the first list; a list goes on over paragraphs."""
    spans: list[tuple[int, int, int]] = []
    due, kind = 1, ""
    for i in within:
        listed: list[Item] = items(blocks[i].text)
        if not listed or listed[0].n != due or (kind and listed[0].kind != kind):
            continue
        due, kind = listed[-1].n + 1, listed[0].kind
        spans += [(i, item.start, item.end) for item in listed]
    return spans


def _headed_problems(
    text: str, blocks: list[Block], outline: Outline, within: list[int],
) -> list[tuple[int, int, int]]:
    """Problems that are headings of their own, or themes of paragraphs."""
    spans = []
    for i in within:
        mark = outline.opens[i] or theme(text, blocks[i])
        if mark and mark.level > PART:
            spans.append((i, mark.start + _label(blocks[i].text[mark.start:]), len(blocks[i].text)))
    return spans if len(spans) > 1 else []


def terms(text: str, blocks: list[Block], outline: Outline) -> list[Term]:
    """The glossary: number, term, meaning; a paragraph without a term goes on with the one before."""
    starts = line_starts(text)
    found: list[Term] = []
    for i, block in enumerate(blocks):
        if outline.parts[i] != GLOSSARY or not outline.body[i]:
            continue
        match = _TERM.match(block.text)
        first, last = block.span(0, len(block.text))
        if match and (number_of(block.text) or not found or match[0].startswith("【") or "：" in match[0]):
            words = source(text, block, *match.span("term"))
            meaning = source(text, block, match.end(), len(block.text)) if match.end() < len(block.text) else ""
            found.append(Term(len(found) + 1, words, meaning, line_of(starts, first), first, last))
        elif found:
            said = source(text, block, 0, len(block.text))
            before = found[-1]
            found[-1] = Term(before.n, before.term, before.meaning + said, before.para, before.start, last)
    return found
