"""One paragraph with what its words are: figures, names, times, sentences and clauses."""

import re
from bisect import bisect_right
from dataclasses import replace

from plumbline.reports.reading.fractions import fractions
from plumbline.reports.reading.modes import Frame
from plumbline.reports.reading.names import Names
from plumbline.reports.reading.normal import Block
from plumbline.reports.reading.numbers import Number, in_characters, numbers
from plumbline.reports.reading.ranks import ranks
from plumbline.reports.reading.times import mentions

CLAUSE = re.compile("[，。；：！？（）]")
_AND = ("", "、", "和", "与", "及", "以及", "、第", "和第", "与第")
_SENTENCE = re.compile("[。！？]")
_BRACKET = re.compile(r"（([^（），。；\d]{1,4})）")


class Paragraph:
    """One block with what its words are: figures, names, times, sentences."""

    def __init__(self, block: Block, frame: Frame):
        self.block, self.frame, self.text = block, frame, block.text
        self.names = Names(self.text)
        self.times = mentions(self.text, frame.plan_year if frame.part == 3 else frame.year)
        self.flat = _BRACKET.sub(lambda match: f"〈{match[1]}〉", self.text)
        self.sentences = [match.end() for match in _SENTENCE.finditer(self.flat)]
        self.clauses = [match.end() for match in CLAUSE.finditer(self.flat)]
        found = [n for n in numbers(self.text) if self.names.kind(n) is None]
        taken = {i for n in found for i in range(n.start, n.end)}
        written = [n for n in in_characters(self.text)
                   if n.start not in taken and self.names.kind(n) is None and not self._in_time(n)]
        ranked = [n for n in ranks(self.text) if not self._in_time(n)]
        special = ranked + [n for n in fractions(self.text) if self.names.kind(n) is None]
        digits = {n.start for n in special}
        self.figures = sorted([n for n in [*found, *written] if n.start not in digits] + special,
                              key=lambda n: n.start)
        self.masked = self._masked()

    def _in_time(self, number: Number) -> bool:
        return any(m.start <= number.start < m.end for m in self.times)

    def _masked(self) -> str:
        """The text with the times that are no comparison blotted out, same length."""
        chars = list(self.text)
        for mention in self.times:
            if mention.role != "compare":
                chars[mention.start:mention.end] = "\0" * (mention.end - mention.start)
        return "".join(chars)

    def groups(self) -> list[list[Number]]:
        """Figures that only 、 or 和 parts, or nothing: said in one breath."""
        found: list[list[Number]] = []
        for number in self.figures:
            last = found[-1][-1] if found else None
            between = self.text[last.post_end:number.pre_start] if last else None
            if last and between in _AND and last.end <= number.start:
                found[-1].append(number)
            else:
                found.append([number])
        return [_alike(self.text, group) for group in found]

    def in_brackets(self, number: Number, sentence: int) -> bool:
        """Whether a number stands between （ and ）."""
        return self.flat.rfind("（", sentence, number.start) > self.flat.rfind("）", sentence, number.start)

    def bounds(self, number: Number) -> tuple[int, int, int]:
        """Start of the sentence, start of the clause and end of the clause a number stands in."""
        sentence = _last(self.sentences, number.start)
        clause = max(_last(self.clauses, number.start), sentence)
        after = bisect_right(self.clauses, number.end)
        return sentence, clause, self.clauses[after] - 1 if after < len(self.clauses) else len(self.text)


def _last(ends: list[int], position: int) -> int:
    """The last of the sorted `ends` at or before a position; 0 where there is none."""
    index = bisect_right(ends, position)
    return ends[index - 1] if index else 0


def _alike(text: str, group: list[Number]) -> list[Number]:
    """Members of a list take the unit of the last where they print none (0.2个和4.8个百分点), and its ceiling."""
    last = group[-1]
    capped = len(group) > 1 and last.bound == "<=" and text[group[0].pre_start:group[0].start].startswith("控制在")
    filled = []
    for number in group:
        if number is not last and (not number.unit or (number.unit == "个" and last.unit == "百分点")):
            number = replace(number, unit=last.unit)
        filled.append(replace(number, bound="<=") if capped else number)
    return filled
