"""A report as a page to read: its text cut into titles, headings and paragraphs, with every claim in its place.

Nothing is lost and nothing is added: the runs of all blocks, joined, are the text but for blanks at line ends.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

# a line that ends like this ends its paragraph
ENDS = "。！？；：.!?;:”）)》"
LONGEST_HEAD = 60
# a line shorter than this was not broken because the paper ended
SHORTEST_BROKEN = 18
CELLS = re.compile(r"\t| \| |\|")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something stands in the text, and what number it has; claims and sections are cut in by these."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the outline: `level` 1 part … 4, 5 the theme a paragraph begins with."""

    level: int
    title: str
    start: int
    end: int
    part: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text: plain, the claim `claim`, or the theme a paragraph begins with.

    Two claims of one number (甲、乙均达到100%) are two stretches: the first has the text, the other is empty.
    """

    text: str
    claim: int = 0
    theme: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the page.

    kind   crumb (what stood around the report) · title · head (date, speaker) · salute · heading ·
           paragraph · table
    paras  1-based lines of the text it was made of
    level  of a heading
    rows   of a table: cells, each a list of runs
    """

    kind: str
    paras: list[int]
    runs: list[Run] = field(default_factory=list)
    level: int = 0
    rows: list[list[list[Run]]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the block says."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class _Line:
    para: int
    start: int
    end: int
    text: str


def blocks(text: str, title: str, headings: Sequence[Heading], claims: Sequence[Mark]) -> list[Block]:
    """The page of a text, from its title, the headings of its outline and the places of its claims."""
    lines = [line for line in _lines(text) if line.text.strip()]
    kinds = _kinds(lines, title, headings)
    cut = _Cutter(text, claims, headings)
    page: list[Block] = []
    for group in _groups(lines, kinds):
        kind, level = kinds[group[0].para]
        paras = [line.para for line in group]
        if kind == "table":
            page.append(Block(kind, paras, rows=[cut.cells(line) for line in group]))
        else:
            page.append(Block(kind, paras, [run for line in group for run in cut.line(line)], level))
    return page


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for para, line in enumerate(text.split("\n"), 1):
        yield _Line(para, start, start + len(line), line)
        start += len(line) + 1


def _kinds(lines: list[_Line], title: str, headings: Sequence[Heading]) -> dict[int, tuple[str, int]]:
    """Kind and level of every line, by its number."""
    whole = {line.para: heading.level for line in lines for heading in headings
             if heading.level < 5 and heading.start <= _first(line) < heading.end
             and heading.end >= line.start + len(line.text.rstrip())}
    named = _title_lines(lines, title)
    body = min((heading.start for heading in headings), default=0)
    kinds = {}
    for line in lines:
        if line.para in whole:
            kinds[line.para] = ("heading", whole[line.para])
        elif line.para in named:
            kinds[line.para] = ("title", 0)
        elif named and line.para < min(named):
            kinds[line.para] = ("crumb", 0)
        elif named and line.start < body and _short(line):
            kinds[line.para] = ("salute" if line.text.rstrip().endswith(("：", ":")) else "head", 0)
        else:
            kinds[line.para] = ("table" if CELLS.search(line.text.strip()) else "paragraph", 0)
    return kinds


def _first(line: _Line) -> int:
    return line.start + len(line.text) - len(line.text.lstrip())


def _short(line: _Line) -> bool:
    return len(line.text.strip()) <= LONGEST_HEAD and not line.text.rstrip().endswith("。")


def _title_lines(lines: list[_Line], title: str) -> set[int]:
    """The lines, one after another, that the title was put together from."""
    wanted = _bare(title)
    for first in range(min(len(lines), 60)):
        made, taken = "", []
        for line in lines[first:first + 5]:
            made += _bare(line.text)
            taken.append(line.para)
            if made == wanted:
                return set(taken)
            if not wanted.startswith(made):
                break
    return set()


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _groups(lines: list[_Line], kinds: dict[int, tuple[str, int]]) -> Iterator[list[_Line]]:
    """Lines that belong together: broken titles and headings, broken paragraphs, rows of one table."""
    group: list[_Line] = []
    for line in lines:
        if group and not _continues(group, line, kinds):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _continues(group: list[_Line], line: _Line, kinds: dict[int, tuple[str, int]]) -> bool:
    last = group[-1]
    kind = kinds[line.para][0]
    if kinds[last.para] != kinds[line.para] or line.para != last.para + 1:
        return False
    if kind in ("title", "table"):
        return True
    broken = last.text.rstrip()[-1] not in ENDS and len(last.text.strip()) >= SHORTEST_BROKEN
    return kind == "paragraph" and broken and not line.text.startswith((" ", "\t", "　"))


class _Cutter:
    """Cuts lines into runs at claims and themes."""

    def __init__(self, text: str, claims: Sequence[Mark], headings: Sequence[Heading]):
        self.text = text
        self.claims = sorted(claims, key=lambda claim: (claim.start, -claim.end))
        self.starts = [claim.start for claim in self.claims]
        self.themes = [heading for heading in headings if heading.level == 5]

    def line(self, line: _Line) -> list[Run]:
        """The runs of a line, without the blanks around it."""
        start = _first(line)
        return self.runs(start, max(start, line.start + len(line.text.rstrip())))

    def cells(self, line: _Line) -> list[list[Run]]:
        """The runs of each cell of a table's row."""
        cells, at = [], line.start
        for match in CELLS.finditer(line.text):
            cells.append(self.runs(at, line.start + match.start()))
            at = line.start + match.end()
        cells.append(self.runs(at, line.end))
        return cells if any(cells) else []

    def runs(self, start: int, end: int) -> list[Run]:
        """The runs between two places; a claim that lies across one of them is cut there."""
        made, at = [], start
        # the claim before the first one inside may reach in
        among = slice(max(bisect_left(self.starts, start) - 1, 0), bisect_left(self.starts, end))
        for claim in self.claims[among]:
            first, last = max(claim.start, at), min(claim.end, end)
            if first >= last:
                if start <= claim.start < end:
                    made.append(Run("", claim.number))
                continue
            made += self.plain(at, first)
            made.append(Run(self.text[first:last], claim.number))
            at = last
        return made + self.plain(at, end)

    def plain(self, start: int, end: int) -> list[Run]:
        """Text without claims, its theme set apart."""
        for theme in self.themes:
            first, last = max(theme.start, start), min(theme.end, end)
            if first < last:
                parts = ((start, first, False), (first, last, True), (last, end, False))
                return [Run(self.text[a:b], theme=bold) for a, b, bold in parts if a < b]
        return [Run(self.text[start:end])] if start < end else []
