"""Read a report: bytes to text, text to outline, outline and paragraphs to claims."""

import re
from bisect import bisect_left
from dataclasses import replace
from pathlib import Path

from plumbline.kernel import Claim, Commitment, Finding, Report, line_starts
from plumbline.reports.reading.claims import claims_of
from plumbline.reports.reading.commitments import commitments, problems, terms
from plumbline.reports.reading.grid import grids
from plumbline.reports.reading.modes import Frame
from plumbline.reports.reading.normal import Block, blocks, line_of
from plumbline.reports.reading.numbers import too_long
from plumbline.reports.reading.outline import Outline, outline
from plumbline.reports.reading.source import Source, load
from plumbline.reports.reading.tables import claims_in

NO_NUMBERS = "claims.none"


def read(source: Path | bytes, name: str = "") -> Report:
    """A report with its outline, claims, commitments, problems and glossary.

    Raises  BadInput with findings in Chinese where the file cannot be read
    """
    return read_source(load(source, name))


def read_source(source: Source) -> Report:
    """The report in a text that is already loaded."""
    text = source.text
    starts = line_starts(text)
    paragraphs = blocks(text, source.breaks)
    shape = outline(text, paragraphs, source.name)
    found = _claims(source, paragraphs, shape, starts)
    return Report(
        name=source.name, text=text, heading=shape.heading, sections=shape.sections, claims=found,
        commitments=with_targets(commitments(text, paragraphs, shape), found),
        problems=tuple(problems(text, paragraphs, shape)), terms=tuple(terms(text, paragraphs, shape)),
        findings=(*source.findings, *_unplaced(paragraphs, starts), *_none(found)))


def _claims(source: Source, paragraphs: list[Block], shape: Outline, starts: tuple[int, ...]) -> tuple[Claim, ...]:
    tables = grids(source.text, shape.year, shape.default)
    tabled = {line for grid in tables for line in grid.lines}
    found = [claim for grid in tables for claim in claims_in(grid, starts, shape.heading.area_name)]
    for index, block in enumerate(paragraphs):
        if shape.body[index] and block.para not in tabled:
            found += claims_of(block, frame_of(shape, index), starts)
    found.sort(key=lambda claim: claim.start)
    return tuple(replace(claim, number=n, surface=source.text[claim.start:claim.end])
                 for n, claim in enumerate(found, 1))


def frame_of(shape: Outline, index: int) -> Frame:
    """What the outline says of the figures of one block."""
    part = shape.parts[index]
    return Frame(part, shape.default, shape.year, shape.plan_year, shape.heading.area_name,
                 shape.paths[index])


def _unplaced(paragraphs: list[Block], starts: tuple[int, ...]) -> list[Finding]:
    """Numbers no figure has: said, never guessed."""
    found = []
    for block in paragraphs:
        for start, end in too_long(block.text):
            line = line_of(starts, block.at[start])
            found.append(Finding("number.too_long", f"第{line}行", (
                f"第{line}行有一个{end - start}位的数字，超过30位，未作为指标读取；请核对原文是否有误。")))
    return found


def _none(found: tuple[Claim, ...]) -> list[Finding]:
    if found:
        return []
    return [Finding(NO_NUMBERS, "全文", "全文没有读到带数字的指标；请确认这是一份报告，而不是目录或通知。")]


def with_targets(commitments: list[Commitment], found: tuple[Claim, ...]) -> tuple[Commitment, ...]:
    """Commitments with the numbers of the claims inside them."""
    starts = [claim.start for claim in found]
    return tuple(replace(item, targets=tuple(
        claim.number for claim in found[bisect_left(starts, item.start):bisect_left(starts, item.end)]))
                 for item in commitments)


_FILES = re.compile(r"\.(txt|docx?|html?|pdf)$", re.IGNORECASE)


def files(folder: Path) -> list[Path]:
    """The readable files of a folder and the folders in it, by name."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and _FILES.search(path.name))
