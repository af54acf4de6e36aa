"""Headings where they stand: 一、 （一） 1. (1) alone on a line or run in, and themes that open a paragraph."""

import re
from dataclasses import dataclass

from plumbline.reports.reading.normal import Block

PART, SECTION, POINT, ITEM, THEME = range(1, 6)
LONGEST_TITLE = 45
LONGEST_THEME = 32
LONG = 40  # characters of a block that is a paragraph and no cell of a table
_N = "[一二三四五六七八九十]{1,3}"
CIRCLED = {chr(first + i): i + 1 for first in (0x2474, 0x2460) for i in range(20)}
_FORMS = (
    (PART, re.compile(rf"第({_N})(?:部分|篇|章)[、：. ]?")),
    (PART, re.compile(rf"(?!一、二季|二、三季|三、四季)({_N})(?:、|[.](?!\d))(?!{_N}[、产级类线期])")),
    (SECTION, re.compile(rf"（({_N})）[、.]?")),
    (POINT, re.compile(r"(\d{1,2})[.、](?!\d)")),
    (ITEM, re.compile(r"（(\d{1,2})）|([⑴-⒇①-⑳])")),
)
_CHAPTER = re.compile(rf"第{_N}(?:部分|篇|章)")
_PREFIX = re.compile(r"(?:\[[^\]]{1,40}\]|-{2,}|\s)*")  # marks a word processor left, dashes of a list
_NAMES = re.compile(
    r"(?:19|20)\d\d(?:[-至](?:19|20)\d\d)?年?度?|[A-Za-z]+[\d.]*[A-Za-z]*|\dG|\d[A-Z]|“[^”]*”|《[^》]*》|12345")
_THEME = re.compile(rf"([^。；：！？\d]{{4,{LONGEST_THEME}}})。")
_NO_THEME = re.compile(
    r"(?:今|去|明|上|本|全)年|上半年|下半年|[前第]?[一二三四]季度|当前|目前|近年|截至|过去|[一二三五]年来|主任|各位|以上|"
    r"尊敬|[^。]*(?:为指导|审议)|[一二三四五六七八九十]{1,2}是|我们?|受|为此|[—-]|附")
_SPOKEN = re.compile(r"[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十]，")
BESIDES = re.compile("此外，|同时，|另外，")


@dataclass(frozen=True, slots=True)
class Mark:
    """A heading at the head of a block.

    number  三 · (一) · 1 · (1), empty for a theme
    title   the heading as the source prints it, number included
    start   offset in the block where the heading starts
    end     offset in the block after the heading and its stop; the body starts here
    alone   nothing but the heading stands in the block
    """

    level: int
    number: str
    title: str
    start: int
    end: int
    alone: bool


def marks(text: str, blocks: list[Block], skip: frozenset[int]) -> list[Mark | None]:
    """The numbered heading at the head of every block, or None."""
    found = [None if i in skip else _mark(text, block) for i, block in enumerate(blocks)]
    for i, mark in enumerate(found):
        if mark and mark.level >= POINT and mark.alone and not _heads(blocks, found, i, mark.level):
            found[i] = None
    if any(mark and _CHAPTER.match(mark.title) for mark in found):
        found = [mark if mark is None or _CHAPTER.match(mark.title) else _lower(mark) for mark in found]
    return found


def is_title(words: str) -> bool:
    """Whether words may be a heading: short, one sentence, no numbers but years and names."""
    return 2 <= len(words) <= LONGEST_TITLE and not has_numbers(words) and not re.search("[。；！？\t]", words)


def has_numbers(words: str) -> bool:
    """Whether words hold digits other than years and names such as 5G."""
    return bool(re.search(r"\d", _NAMES.sub("", words)))


def number_of(words: str) -> tuple[int, str, int] | None:
    """Level, number in its one form and length of the number a block begins with."""
    for level, form in _FORMS:
        match = form.match(words)
        if match:
            number = next(group for group in match.groups() if group)
            number = str(CIRCLED.get(number, number))
            return level, f"({number})" if level in (SECTION, ITEM) else number, match.end()
    return None


def theme(text: str, block: Block) -> Mark | None:
    """The short first sentence that names what a paragraph is about."""
    words = block.text
    prefix = _PREFIX.match(words)
    start = prefix.end() if prefix else 0
    besides = BESIDES.match(words, start)
    start = besides.end() if besides else start
    match = _THEME.match(_masked(words), start)
    if not match or match.end() == len(words) or _NO_THEME.match(words, start):
        return None
    return Mark(THEME, "", source(text, block, start, match.end(1)), start, match.end(), False)


def lone_theme(text: str, block: Block, after: Block | None) -> Mark | None:
    """A heading without a number, alone on its line above a paragraph."""
    words = block.text
    if after is None or (len(after.text) < LONG and not listed(after)):
        return None
    if not 4 <= len(words) <= LONGEST_THEME or has_numbers(words):
        return None
    if re.search("[。；：，！？…\t|]", words.rstrip("。")) or _NO_THEME.match(words):
        return None
    return Mark(THEME, "", source(text, block, 0, len(words.rstrip("。"))), 0, len(words), True)


def listed(block: Block) -> bool:
    """Whether a block is an entry of a list: （1）…, 一是…"""
    return bool(number_of(block.text) or _SPOKEN.match(block.text))


def source(text: str, block: Block, start: int, end: int) -> str:
    """The characters of the source behind `block.text[start:end]`, line breaks taken out."""
    first, last = block.span(start, end)
    return re.sub(r"\s*\n\s*", "", text[first:last]).strip()


def _masked(words: str) -> str:
    """The same length with digits of years and names taken for letters."""
    return _NAMES.sub(lambda match: re.sub(r"[\d。；：！？]", "年", match[0]), words)


def _mark(text: str, block: Block) -> Mark | None:
    words = block.text
    prefix = _PREFIX.match(words)
    begin = prefix.end() if prefix and not words.startswith("-") else 0
    told = number_of(words[begin:])
    if not told or "\t" in words:
        return None
    level, number, length = told
    start = begin + length
    stop = re.search(r"[。；]", words[start:])
    if stop is None or start + stop.end() == len(words):
        return _alone(text, block, (level, number, begin, start))
    first = words[start:start + stop.start()]
    colon = first.find("：")
    if 2 <= colon <= 16:
        first = first[:colon]
    if stop[0] == "。" and is_title(first) or 2 <= colon <= 16 and is_title(first):
        if level == ITEM:
            return None
        end = start + len(first)
        return Mark(level, number, source(text, block, begin, end), begin, end + 1, False)
    if level > SECTION:
        return None
    return Mark(level, number, source(text, block, begin, start), begin, start, False)


def _alone(text: str, block: Block, told: tuple[int, str, int, int]) -> Mark | None:
    level, number, begin, start = told
    words = block.text
    if words[-1] in "；，、" or len(words) - start > 100 or start == len(words):
        return None
    if level > SECTION and (not is_title(words[start:].rstrip("：。")) or words[-1] == "。"):
        return None
    end = len(words.rstrip("。：:"))
    if re.search("[，、].*[，。]", words[start:]) and len(words) > 60 and words[-1] == "。":
        return Mark(level, number, source(text, block, begin, start), begin, start, False)
    return Mark(level, number, source(text, block, begin, end), begin, len(words), True)


def _heads(blocks: list[Block], found: list[Mark | None], i: int, level: int) -> bool:
    """Whether a small heading has something below it; else it is an item of a list."""
    if i + 1 >= len(blocks):
        return False
    told = number_of(blocks[i + 1].text)
    return told is None or told[0] > level


def _lower(mark: Mark) -> Mark:
    return Mark(min(mark.level + 1, ITEM), mark.number, mark.title, mark.start, mark.end, mark.alone)
