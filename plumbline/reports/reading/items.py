"""Lists inside paragraphs: (1)…(2)…, ①…②…, 1.…2.…, 一是…二是…, 第一，…第二，…; and sentences where there is none."""

import re
from dataclasses import dataclass

from plumbline.kernel import chinese
from plumbline.reports.reading.mark import CIRCLED

_N = "[一二三四五六七八九十]{1,2}"
_KINDS = (
    ("bracket", re.compile(r"（(\d{1,2})）")),
    ("round", re.compile("([⑴-⒇])")),
    ("circle", re.compile("([①-⑳])")),
    ("point", re.compile(r"(\d{1,2})[.、](?!\d)")),
    ("is", re.compile(f"({_N})是要?")),
    ("place", re.compile(f"第({_N})[，、]")),
)
_BEFORE = "。；：！”）"
_SENTENCE = re.compile("[^。！？]*(?:[。！？]+[”’）》]*|$)")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list; `at` is where its number stands, `start` to `end` its words."""

    n: int
    at: int
    start: int
    end: int
    kind: str


def number(words: str) -> int:
    """The number a list label prints: 3, ⑶, 三, 十二; 0 where it prints none.

    >>> number("3"), number("⑶"), number("三"), number("十二"), number("二十")
    (3, 3, 3, 12, 20)
    """
    if words in CIRCLED:
        return CIRCLED[words]
    if words.isdigit():
        return int(words)
    return chinese(words) or 0


def items(words: str, begin: int = 0) -> list[Item]:
    """The list that runs through `words` from `begin`: the one that starts first; empty where there is none.

    A list starts with 1, or anywhere when the paragraph itself begins with the number, and counts on by one.
    """
    best: list[tuple[int, int, int]] = []
    chosen = ""
    for kind, pattern in _KINDS:
        run = _run(words, begin, kind, pattern)
        if run and (len(run) > 1 or run[0][1] == begin) and (not best or run[0][1] < best[0][1]):
            best, chosen = run, kind
    ends = [at for _, at, _ in best[1:]] + [len(words)]
    return [Item(n, at, start, end, chosen) for (n, at, start), end in zip(best, ends, strict=True)] if best else []


def _run(words: str, begin: int, kind: str, pattern: re.Pattern[str]) -> list[tuple[int, int, int]]:
    run: list[tuple[int, int, int]] = []
    for match in pattern.finditer(words, begin):
        at = match.start()
        before = words[at - 1] if at > begin else "。"
        if before not in _BEFORE and not (kind == "is" and before == "，"):
            continue
        n = number(match[1])
        if (run and n == run[-1][0] + 1) or (not run and (n == 1 or at == begin)):
            run.append((n, at, match.end()))
    return run


def sentences(words: str, begin: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Start and end of every sentence."""
    stop = len(words) if end is None else end
    found = []
    for match in _SENTENCE.finditer(words, begin, stop):
        if match[0].strip("。！？ "):
            found.append(match.span())
    return found
