"""The outline of a report: which headings stand above each block, and which part the block belongs to."""

import re
from dataclasses import dataclass, field

from plumbline.kernel import Heading, Section
from plumbline.reports.reading.heading import head
from plumbline.reports.reading.mark import (
    BESIDES,
    LONG,
    PART,
    THEME,
    Mark,
    has_numbers,
    lone_theme,
    marks,
    number_of,
    theme,
)
from plumbline.reports.reading.normal import Block
from plumbline.reports.reading.parts import (
    GLOSSARY,
    MEASURES,
    OTHER,
    PROBLEMS,
    RESULTS,
    SAYS_TROUBLE,
    before,
    classes,
    divided,
    inner,
)

GLOSSARY_TITLE = re.compile(
    r"(?:附|附件|附录)?\d{0,2}[：.、]?（?(?:《[^》]*》|报告|文件)?(?:中|的)?(?:部分|相关|有关|主要)?"
    r"(?:名词|用语|术语|词语|缩略语|专有名词|名词术语)(?:[和与、及].{0,6})?(?:解释|说明|注释|释义|简释|浅释)）?：?")
_ANNEX = re.compile(r"(?:附件|附表|附录|附图)(?:\d{1,2}|[一二三四五六七八九十])?(?:[：:.].{0,60})?")
_LISTED = re.compile(r"[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十]，")


@dataclass(frozen=True, slots=True)
class Outline:
    """What stands where; the tuples run beside the blocks.

    parts      0 head and other, 1 results, 2 problems, 3 measures and targets, 4 glossary
    paths      titles of the headings above a block, one it opens with included
    body       False for head lines, navigation and headings alone on a line (but True where one holds numbers)
    year       year reported on, or None
    default    period of a fact of parts 1 and 2 that states none, or None
    plan_year  year of the targets
    chains     the headings of `paths`, as marks
    opens      the heading a block opens with, or None; the body of the block starts at its `end`
    """

    heading: Heading
    sections: tuple[Section, ...]
    parts: tuple[int, ...]
    paths: tuple[tuple[str, ...], ...]
    body: tuple[bool, ...]
    year: int | None
    default: str | None
    plan_year: int | None
    chains: tuple[tuple[Mark, ...], ...]
    opens: tuple[Mark | None, ...]


def outline(text: str, blocks: list[Block], name: str = "") -> Outline:
    """The outline of a report read as blocks (`normal.blocks`)."""
    top = head(blocks, name)
    found = marks(text, blocks, top.lines)
    if not any(mark and mark.level == PART for mark in found):
        found = _with_plain_headings(text, blocks, found, top.lines)
    told = classes(found, top)
    walk = _Walk(text, blocks, found, told, divided(found))
    walk.part = before(found, told)
    for i in range(len(blocks)):
        walk.take(i, head_line=i in top.lines)
    body = tuple(i not in top.lines and _is_body(block, walk.opens[i]) for i, block in enumerate(blocks))
    return Outline(
        top.heading, _sections(blocks, walk.opens, walk.parts), tuple(walk.parts),
        tuple(tuple(mark.title for mark in chain) for chain in walk.chains), body,
        top.year, top.default, top.plan_year, tuple(walk.chains), tuple(walk.opens))


def _with_plain_headings(
    text: str, blocks: list[Block], found: list[Mark | None], skip: frozenset[int],
) -> list[Mark | None]:
    """Headings of parts without a number, where the report numbers none."""
    for i, block in enumerate(blocks[:-1]):
        title = block.text
        if i in skip or found[i] or len(title) > 25 or re.search("[，。；：、\t]", title) or inner(title) is None:
            continue
        if len(blocks[i + 1].text) >= LONG or "。" in blocks[i + 1].text or found[i + 1]:
            start, end = block.span(0, len(title))
            found[i] = Mark(PART, "", text[start:end], 0, len(title), True)
    return found


@dataclass(slots=True)
class _Walk:
    """A walk through the blocks: the headings above, and the part the walk stands in."""

    text: str
    blocks: list[Block]
    found: list[Mark | None]
    told: dict[int, int]
    divided: frozenset[int]
    part: int = OTHER
    trouble: bool = False
    within: int = -1
    stack: list[tuple[Mark, int]] = field(default_factory=list)
    chains: list[tuple[Mark, ...]] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    opens: list[Mark | None] = field(default_factory=list)

    def take(self, i: int, head_line: bool) -> None:
        """Move on by one block."""
        mark = None if head_line else self._opened(i)
        self.opens.append(mark)
        self.chains.append(tuple(above for above, _ in self.stack))
        self.parts.append(OTHER if head_line else self._part(i))

    def _opened(self, i: int) -> Mark | None:
        title = self._plain_title(i)
        if title or self.part == GLOSSARY:
            return title
        mark = self.found[i]
        if mark is None:
            return self._theme(i)
        self._put(mark, self._turned(i, mark))
        if i in self.told:
            self.within = i
        return mark

    def _plain_title(self, i: int) -> Mark | None:
        """The title of a glossary or an annex."""
        block = self.blocks[i]
        glossary = len(block.text) <= 70 and GLOSSARY_TITLE.fullmatch(block.text)
        if not glossary and not (len(block.text) <= 70 and _ANNEX.fullmatch(block.text)):
            return None
        start, end = block.span(0, len(block.text))
        mark = Mark(PART, "", self.text[start:end], 0, len(block.text), True)
        self.stack = []
        self._put(mark, GLOSSARY if glossary else OTHER)
        return mark

    def _turned(self, i: int, mark: Mark) -> int:
        """The part a heading opens: its own, or that of the heading above it."""
        if i in self.told:
            return self.told[i]
        above = next((part for other, part in reversed(self.stack) if other.level < mark.level), self.part)
        own = inner(mark.title)
        return above if own is None else own

    def _put(self, mark: Mark, part: int) -> None:
        self.stack = [(other, own) for other, own in self.stack if other.level < mark.level]
        self.stack.append((mark, part))
        self.part, self.trouble = part, False

    def _theme(self, i: int) -> Mark | None:
        """A theme belongs to its paragraph, and to a list that follows it."""
        block = self.blocks[i]
        numbered = number_of(block.text)
        if numbered:  # an item of a list ends the heading of the item before
            self.stack = [pair for pair in self.stack if pair[0].level < numbered[0] or pair[0].level == THEME]
        if self.stack and self.stack[-1][0].level == THEME:
            if numbered or _LISTED.match(block.text) or self.stack[-1][0].alone:
                return None
            self.stack.pop()
        besides = BESIDES.match(block.text) and self.part == MEASURES
        if besides:
            self.stack = self.stack[:1]
        if not self.stack or self.part not in (RESULTS, MEASURES, OTHER):
            return None
        below = len(self.stack) > 1 or self.within not in self.divided
        mark = theme(self.text, block) if below or besides else None
        if mark is None and len(self.stack) > 1:
            mark = lone_theme(self.text, block, self.blocks[i + 1] if i + 1 < len(self.blocks) else None)
        if mark:
            self.stack.append((mark, self.part))
        return mark

    def _part(self, i: int) -> int:
        """The part of a block; a paragraph that names problems among results is one of problems, with its list."""
        block = self.blocks[i].text
        if self.part != RESULTS:
            return self.part
        listed = bool(_LISTED.match(block))
        says = bool(SAYS_TROUBLE.match(block)) and (
            "一是" in block or (i + 1 < len(self.blocks) and bool(_LISTED.match(self.blocks[i + 1].text))))
        self.trouble = says or (self.trouble and listed)
        return PROBLEMS if self.trouble else RESULTS


def _is_body(block: Block, mark: Mark | None) -> bool:
    if not block.text.strip("…. "):
        return False
    return mark is None or not mark.alone or has_numbers(mark.title)


def _sections(blocks: list[Block], opens: list[Mark | None], parts: list[int]) -> tuple[Section, ...]:
    sections = []
    for block, mark, part in zip(blocks, opens, parts, strict=True):
        if mark:
            start, end = block.span(mark.start, mark.end)
            sections.append(Section(mark.level, mark.title, block.para, start, end, 0 if part == GLOSSARY else part))
    return tuple(sections)
