"""Where the readers of marked-up files write a text down: lines, tables, and where each cell stands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from plumbline.kernel import Finding
from plumbline.reports.reading.source import MOST_LETTERS, Cell, Source, Table, bad

LETTERS = r"\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uffee\U00020000-\U0003ffff"
LETTER = re.compile(f"[{LETTERS}]")
BLANKS = re.compile(r"[ \t\r\n\x0b\x0c\x1c-\x1f\x85\xa0\u2028\u2029]+")
BETWEEN_LETTERS = re.compile(rf"(?<=[{LETTERS}])[ \t\r]*\n\s*(?=[{LETTERS}])")
UNPRINTED = re.compile("[\x00-\x08\x0e-\x1b\u200b\u2060\ufeff\xad\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Draft:
    """A cell on its way into a table: its text, its row and column, and how many of each it covers."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(slots=True)
class Page:
    """Lines written so far, and the tables in them."""

    where: str
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    lines: int = 0
    tables: list[Table] = field(default_factory=list)
    breaks: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def write(self, line: str) -> None:
        """One line; `line` holds no line end."""
        self.pieces.append(line + "\n")
        self.length += len(line) + 1
        self.lines += 1
        if self.length > MOST_LETTERS:
            raise bad("long", self.where, f"超过 {MOST_LETTERS} 个字；请分成几个文件再上传")

    def line(self, text: str) -> None:
        """One line, unless there is nothing to read in it."""
        if text := tidy(text):
            self.write(text)

    def table(self, drafts: Iterable[Draft], heads: int | None) -> None:
        """A table, a line for each row; a merged cell stands in its first place, the others are empty."""
        rows: dict[int, list[Draft]] = {}
        for draft in drafts:
            rows.setdefault(draft.row, []).append(draft)
        cells: list[Cell] = []
        for index in sorted(rows):
            cells += self.row(sorted(rows[index], key=lambda draft: draft.column))
        if cells:
            self.tables.append(Table(tuple(cells), heads))

    def row(self, drafts: list[Draft]) -> list[Cell]:
        """The line of a row, and its cells with their places."""
        pieces: list[str] = []
        cells: list[Cell] = []
        column, start = 0, self.length
        for draft in drafts:
            text = tidy(draft.text)
            tabs = "\t" * (draft.column - column)
            pieces.append(tabs + text)
            start, column = start + len(tabs), draft.column
            cells.append(Cell(draft.row, draft.column, start, start + len(text), draft.rows, draft.columns))
            start += len(text)
        self.write("".join(pieces))
        return cells

    def source(self, media: str, known: bool) -> Source:
        """The text as it stands; `known`: line ends are paragraph ends but for those noted."""
        breaks = frozenset(self.breaks) if known else None
        return Source(self.where, media, "".join(self.pieces), tuple(self.tables), breaks, tuple(self.findings))


def tidy(text: str) -> str:
    """Text on one line: blanks run together, none at the ends, nothing unprinted.

    A line end between two Chinese characters is no blank: a page's author wrapped his source there.

    >>> tidy("  计划\\n  执行 2020\\n年 ")
    '计划执行 2020 年'
    """
    text = BETWEEN_LETTERS.sub("", UNPRINTED.sub("", text))
    return BLANKS.sub(" ", text).strip(" \u3000")
