"""The second law: what is written reads back and agrees with its figures, and one digit changed by hand does not."""

from collections.abc import Iterator
from dataclasses import dataclass

from plumbline.kernel import AGREES, Paper, Report, full_name
from plumbline.kernel import period as periods
from plumbline.kernel.area import BY_CODE, Area
from plumbline.kernel.comparison import Basis
from plumbline.kernel.sentence import Sentence
from plumbline.reports.holding import Held, held
from plumbline.reports.reading.reader import read_source
from plumbline.reports.reading.source import Source
from plumbline.reports.writing.papers import as_text, paper

CHARACTERS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Changed:
    """A text with one digit changed: which line and column, and what stood there."""

    text: str
    at: int
    was: str


def law_two(sentence: Sentence | str, basis: Basis, area: str, period: str) -> list[str]:
    """What breaks the law for one sentence; empty where it holds, or where the sentence is left out.

    Raises  BadInput where a figure is empty: there is nothing to write
    """
    template = sentence.template if isinstance(sentence, Sentence) else sentence
    made = paper(head(area, period), [("body", template)], basis)
    if made.findings:
        return [finding.message for finding in made.findings]
    broken = [f"{one.verdict}: {one.why}" for one in cited(made.paper, basis) if one.verdict != AGREES]
    for changed in changes(made.paper):
        found = cited(made.paper, basis, changed.text)
        if all(one.verdict == AGREES for one in found):
            broken.append(f"「{changed.was}」改为「{changed.text[changed.at]}」没有发现：{changed.text.strip()}")
    return broken


def head(area: str, period: str) -> Paper:
    """A paper without paragraphs, titled as reports on a plan are."""
    first, last = periods.span(period)
    half = "上半年" if (first.month, last.month) == (1, 6) else ""
    title = f"关于{full_name(BY_CODE.get(area, Area(area, area)))}{last.year}年国民经济和社会发展计划{half}执行情况的报告"
    return Paper(title, area, period, "", ())


def cited(made: Paper, basis: Basis, text: str | None = None) -> list[Held]:
    """What figures say of a paper's own numbers, in its text or in one changed since."""
    return [one for one in held(read_back(made, text), basis, made) if one.cited]


def read_back(made: Paper, text: str | None = None) -> Report:
    """A paper as the reader reads it."""
    return read_source(Source(made.title, "txt", as_text(made)[0] if text is None else text))


def changes(made: Paper) -> Iterator[Changed]:
    """The paper's text once for every digit of its cited numbers, that digit changed to the next."""
    text, starts = as_text(made)
    for paragraph, start in zip(made.paragraphs, starts, strict=True):
        for cite in paragraph.cites:
            for at in range(start + cite.start, start + cite.end):
                digit = text[at]
                if digit.isdigit() and digit.isascii():
                    other = str(int(digit) % 9 + 1)
                elif digit in CHARACTERS and at == start + cite.start:
                    other = CHARACTERS[(CHARACTERS.index(digit) + 1) % len(CHARACTERS)]
                else:
                    continue
                yield Changed(f"{text[:at]}{other}{text[at + 1:]}", at, digit)
