"""A line as its writer edits it: words, and each slot as a number with what it prints now, `{1：68家}`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from plumbline.kernel import BadInput, Finding
from plumbline.kernel.sentence import pieces
from plumbline.reports.writing.writer import Resolve, attempt

_NUMBERED = re.compile(r"\{\s*(\d{1,3})\s*(?:[：:][^{}]*)?\}")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line: plain words (`number` 0), a slot for a figure, or a literal.

    text      what it prints
    template  how the line keeps it
    number    of the slot among those for figures, from 1
    """

    text: str
    template: str
    number: int = 0

    @property
    def typed(self) -> str:
        """How a writer edits it.

        >>> Part("68家", "{works.moved:level}", 1).typed
        '{1：68家}'
        """
        return f"{{{self.number}：{self.text}}}" if self.number else self.template


def parts_of(template: str, resolve: Resolve, area: str, period: str) -> tuple[Part, ...]:
    """The pieces of a line with what each prints; none where the line cannot be read."""
    try:
        told = pieces(template)
    except BadInput:
        return ()
    parts: list[Part] = []
    number = 0
    for piece in told:
        if isinstance(piece, str):
            parts.append(Part(piece, piece))
        elif piece.ref is None:
            parts.append(Part(piece.literal, str(piece)))
        else:
            number += 1
            parts.append(Part(attempt(str(piece), resolve, area, period).text, str(piece), number))
    return tuple(parts)


def meant(typed: str, template: str) -> str:
    """What a writer typed, as the line keeps it: `{1：68家}` is the first slot of what stood there.

    Raises  BadInput where there is no slot of that number

    >>> meant("共{2：5个}，{1：68家}。", "有{a.b:level}和{a.c:level}。")
    '共{a.c:level}，{a.b:level}。'
    """
    stood = [str(piece) for piece in pieces(template) if not isinstance(piece, str) and piece.ref] if \
        _NUMBERED.search(typed) else []

    def slot(match: re.Match[str]) -> str:
        if not 0 < int(match[1]) <= len(stood):
            raise BadInput([Finding("slot.number", match[0], (
                f"{match[0]}：原来这一段只有 {len(stood)} 个数值，没有第 {int(match[1])} 个；"
                "请用右侧的「插入数值」，或删去花括号。"))])
        return stood[int(match[1]) - 1]

    return _NUMBERED.sub(slot, typed)


def put(parts: Sequence[Part], start: int, end: int, template: str) -> str:
    """The line with the letters `start` to `end` of its text, all of them plain words, replaced by `template`.

    Raises  BadInput where a figure already stands there

    >>> put([Part("共68家，", "共68家，"), Part("5个", "{a.b:level}", 1)], 1, 4, "{=68家}")
    '共{=68家}，{a.b:level}'
    """
    made, at, done = "", 0, False
    for part in parts:
        inside = part.text == part.template and not part.number and at <= start and end <= at + len(part.text)
        if inside and not done:
            made += part.text[:start - at] + template + part.text[end - at:]
            done = True
        else:
            made += part.template
        at += len(part.text)
    if not done:
        raise BadInput([Finding("slot.taken", "绑定", "这几个字刚被改动，或已经是数值；没有保存，请刷新后再绑定。")])
    return made
