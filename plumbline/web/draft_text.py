"""A paper on a page: each paragraph cut into runs, every number marked with what it stands for."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from plumbline.kernel import Cite, Paper

# how deep the heading of each kind of paragraph stands in the page's outline
LEVELS = {"title": 1, "heading1": 2, "heading2": 3, "heading3": 4, "heading4": 5}
MARKS = {
    "bound": "绑定到数值", "moved": "数值已更新", "unbound": "还没有对应的数值", "literal": "直接写入的数",
    "changed": "发出后数值有变化",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A number in a paragraph.

    kind  bound | moved | unbound | literal | changed
    says  what it is, for a hint and for those who hear the page
    href  where its card is
    """

    start: int
    end: int
    kind: str
    says: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text: plain (`kind` empty), or a number."""

    text: str
    kind: str = ""
    says: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of the page; `key` names it within the page, `level` is that of a heading, else 0."""

    key: str
    kind: str
    level: int
    runs: list[Run]

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(run.text for run in self.runs)

    @property
    def numbers(self) -> int:
        """How many numbers stand in it."""
        return sum(bool(run.kind) for run in self.runs)

    @property
    def open_numbers(self) -> int:
        """How many of them stand for nothing yet."""
        return sum(run.kind == "unbound" for run in self.runs)


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading of the outline, with the numbers that stand below it and how many of them stand for nothing yet."""

    key: str
    level: int
    title: str
    numbers: int
    open: int


@dataclass(frozen=True, slots=True)
class Legend:
    """A kind of mark and how often it occurs."""

    kind: str
    words: str
    count: int = field(default=0)


def passage(key: str, kind: str, text: str, marks: Iterable[Mark] = ()) -> Passage:
    """A paragraph with its numbers marked."""
    return Passage(key, kind, LEVELS.get(kind, 0), cut(text, marks))


def cut(text: str, marks: Iterable[Mark]) -> list[Run]:
    """A text in runs; a mark that reaches into the one before it is left out.

    >>> [run.text for run in cut("共68家。", [Mark(1, 4, "bound")])]
    ['共', '68家', '。']
    """
    runs, at = [], 0
    for mark in sorted(marks, key=lambda one: one.start):
        if mark.start < at or mark.end > len(text):
            continue
        if mark.start > at:
            runs.append(Run(text[at:mark.start]))
        runs.append(Run(text[mark.start:mark.end], mark.kind, mark.says, mark.href))
        at = mark.end
    return [*runs, Run(text[at:])] if at < len(text) else runs


def outline(passages: Sequence[Passage]) -> list[Entry]:
    """The headings, each with the numbers below it and its own headings."""
    heads = [(at, one) for at, one in enumerate(passages) if one.level > 1]
    made = []
    for index, (at, one) in enumerate(heads):
        end = next((later for later, other in heads[index + 1:] if other.level <= one.level), len(passages))
        below = passages[at:end]
        made.append(Entry(one.key, one.level - 1, one.text, sum(each.numbers for each in below),
                          sum(each.open_numbers for each in below)))
    return made


def legend(passages: Iterable[Passage]) -> list[Legend]:
    """The kinds of marks that occur, with their numbers."""
    kinds = [run.kind for one in passages for run in one.runs if run.kind]
    return [Legend(kind, words, kinds.count(kind)) for kind, words in MARKS.items() if kind in kinds]


def titled(paper: Paper) -> bool:
    """Whether the title is a paragraph of its own, so that the page need not add it."""
    return any(one.kind == "title" for one in paper.paragraphs)


def passages_of(paper: Paper, mark: Callable[[int, Cite, str], Mark | None]) -> list[Passage]:
    """The paragraphs of a paper to read; `mark` is told each number, from 1, its cite and what is printed."""
    made, number = [], 0
    for at, one in enumerate(paper.paragraphs, 1):
        numbers = enumerate(one.cites, number + 1)
        found = [mark(count, cite, one.text[cite.start:cite.end]) for count, cite in numbers]
        number += len(one.cites)
        made.append(passage(f"p{at}", one.kind, one.text, filter(None, found)))
    return made
