"""What a report is made of once it is read: heading, sections, claims, commitments, problems."""

import re
from dataclasses import dataclass

from plumbline.kernel.claim import Claim
from plumbline.kernel.finding import Finding


@dataclass(frozen=True, slots=True)
class Heading:
    """What the head of a report says of itself.

    kind      plan half-year | plan year | plan | budget | work | statistics | other
    area      GB/T 2260 code, or None where the area is not known to the house
    period    period reported on (`2020H1`), or None
    """

    title: str = ""
    kind: str = "other"
    area: str | None = None
    area_name: str | None = None
    period: str | None = None
    occasion: str | None = None
    delivered_on: str | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its place in the outline; `start` and `end` span its own line(s).

    level  1 part (一、) · 2 section （一） · 3 1. · 4 (1) · 5 paragraph theme
    part   1 results, 2 problems, 3 measures, 0 elsewhere
    """

    level: int
    title: str
    para: int
    start: int
    end: int
    part: int = 0


@dataclass(frozen=True, slots=True)
class Commitment:
    """A measure of part three: one numbered item, or one sentence where none are numbered.

    ident     path of headings and number: `三.(一).严格落实疫情防控措施.(1)`
    deadline  latest explicit date in it (ISO day, or a year), or None
    bodies    bodies named in it
    targets   numbers of the claims inside it
    """

    ident: str
    section: str
    theme: str
    n: int
    text: str
    para: int
    start: int
    end: int
    deadline: str | None = None
    bodies: tuple[str, ...] = ()
    targets: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A numbered problem of part two (一是 …)."""

    n: int
    title: str
    text: str
    para: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the glossary."""

    n: int
    term: str
    meaning: str
    para: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Report:
    """A report, read. All offsets are into `text`; lines of `text` end with `\\n`."""

    name: str
    text: str
    heading: Heading
    sections: tuple[Section, ...] = ()
    claims: tuple[Claim, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    problems: tuple[Problem, ...] = ()
    terms: tuple[Term, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def line_starts(self) -> tuple[int, ...]:
        """Offset of the first character of every line; found anew each time it is asked for."""
        return line_starts(self.text)


def line_starts(text: str) -> tuple[int, ...]:
    """Offset of the first character of every line.

    >>> line_starts("ab\\nc")
    (0, 3)
    """
    return (0, *(match.end() for match in re.finditer("\n", text)))
