"""From the lines of a draft to a paper: every number bound to a figure, declared a literal, or marked as unbound."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from plumbline.kernel import BadInput, Finding, Paper, Paragraph, line_starts
from plumbline.kernel.paper import KINDS
from plumbline.kernel.ref import Ref
from plumbline.reports.reading.reader import read_source
from plumbline.reports.reading.source import Source
from plumbline.reports.writing.unbound import Unbound, unbound
from plumbline.reports.writing.writer import EMPTY, Resolve, Written, attempt


@dataclass(frozen=True, slots=True)
class Composed:
    """A paper written from a draft, and what a writer still has to see to.

    unbound   numbers that stand for no figure
    findings  lines that could not be read, figures that are empty; the paper says 〔无数〕 in their place
    silent    of each paragraph, the refs that printed no digits (持平)
    """

    paper: Paper
    unbound: tuple[Unbound, ...] = ()
    findings: tuple[Finding, ...] = ()
    silent: tuple[tuple[Ref, ...], ...] = ()

    @property
    def ready(self) -> bool:
        """Whether it may be sent: all numbers bound, no figure empty."""
        return not self.unbound and not self.findings


def paper(head: Paper, lines: Sequence[tuple[str, str]], resolve: Resolve) -> Composed:
    """A paper from a draft's lines.

    head   title, area, period, issuer and the rest, without paragraphs
    lines  kind of paragraph and template, in order; one line is one paragraph
    """
    wrong = [Finding("line.kind", f"第{n}行", f"第{n}行的类型「{kind}」不认识；可用 {'、'.join(KINDS)}。")
             for n, (kind, _) in enumerate(lines, 1) if kind not in KINDS]
    if wrong:
        raise BadInput(wrong)
    written = [_line(n, template, resolve, head) for n, (_, template) in enumerate(lines, 1)]
    paragraphs = tuple(Paragraph(kind, one.text, one.cites) for (kind, _), one in zip(lines, written, strict=True))
    made = replace(head, paragraphs=paragraphs)
    return Composed(made, tuple(_unbound(made, written)), tuple(finding for one in written for finding in one.findings),
                    tuple(one.silent for one in written))


def _line(number: int, template: str, resolve: Resolve, head: Paper) -> Written:
    try:
        one = attempt(" ".join(template.splitlines()), resolve, head.area, head.period)
    except BadInput as error:
        one = Written(EMPTY, findings=error.findings)
    return replace(one, findings=tuple(
        replace(finding, where=f"第{number}行", message=f"第{number}行：{finding.message}") for finding in one.findings))


def _unbound(made: Paper, written: Sequence[Written]) -> list[Unbound]:
    """Numbers the reader finds that no cite and no literal stands behind."""
    text, starts = as_text(made)
    spans = [(starts[index] + start, starts[index] + end) for index, one in enumerate(written)
             for start, end in (*((cite.start, cite.end) for cite in one.cites), *one.literals)]
    report = read_source(Source(made.title or "草稿", "txt", text))
    found = []
    for claim in unbound(report.claims, spans):
        index = bisect_right(starts, claim.start) - 1
        if index >= 0:
            found.append(Unbound(index, claim.start - starts[index], claim.end - starts[index], claim))
    return found


def as_text(made: Paper) -> tuple[str, tuple[int, ...]]:
    """A paper as plain text, and where each of its paragraphs begins; a title that is no paragraph comes first."""
    lines = [paragraph.text for paragraph in made.paragraphs]
    titled = any(paragraph.kind == "title" for paragraph in made.paragraphs) or not made.title
    text = "\n".join(lines if titled else [made.title, *lines]) + "\n"
    starts = line_starts(text)
    return text, starts[0 if titled else 1:][:len(lines)]
