"""A paragraph as the parts of the reader see it, and what they find in it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from plumbline.reports.clauses.amounts import Amount, amounts, masked
from plumbline.reports.clauses.proposed import CONDITION
from plumbline.reports.clauses.words import Words

SENTENCE = re.compile(r"[^。；！？\n]+")
PART = re.compile(r"[^，。；：！？\n]+")
_NOT_BEFORE = re.compile(r"(?:未被列入|未列入|不属于|不是|不在|非|无|没有|不存在|未有|未被|未)(?:存在|纳入|被|认定为|列入)?$")
_NOT_AFTER = re.compile(
    r"[^，。；]{0,10}?(?:的，)?(?:除外|不得(?:享受|申请|申报)|不享受|不适用|不在此列|不予(?:支持|补贴|享受|奖励)|"
    r"不在(?:支持|补贴|享受)范围)(?:本政策|本办法)?")


@dataclass(frozen=True, slots=True)
class Found:
    """Something read in a paragraph; offsets into its normal text.

    amount  the number it was read from
    column  what the number is compared with
    """

    start: int
    end: int
    key: str
    text: str = ""
    kind: str = CONDITION
    sure: bool = True
    why: str = ""
    gift: dict[str, Any] = field(default_factory=dict)
    amount: Amount | None = None
    column: str = ""

    def doubted(self, why: str) -> "Found":
        """The same, with a doubt."""
        return replace(self, sure=False, why="；".join(one for one in (self.why, why) if one))


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph: its words, the same without the numbers of dates, its amounts."""

    text: str
    plain: str
    amounts: tuple[Amount, ...]
    words: Words

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Where each sentence stands; ； ends one."""
        yield from (match.span() for match in SENTENCE.finditer(self.text))

    def parts(self) -> Iterator[tuple[int, int]]:
        """Where each part between two stops stands."""
        yield from (match.span() for match in PART.finditer(self.text))

    def excluded(self, start: int, end: int) -> tuple[int, int] | None:
        """The words with what says that they are meant to be absent: 未…, 不…, … 除外; None where nothing says so."""
        if before := _NOT_BEFORE.search(self.text, max(0, start - 8), start):
            return before.start(), end
        after = _NOT_AFTER.match(self.text, end)
        return (start, end if "、" in after[0] or "或" in after[0] else after.end()) if after else None

    def sentence_of(self, at: int) -> tuple[int, int]:
        """The sentence an offset lies in."""
        return next(((start, end) for start, end in self.sentences() if start <= at < end), (0, len(self.text)))


def passage(text: str, words: Words) -> Passage:
    """A paragraph, its amounts read."""
    plain = masked(text)
    return Passage(text, plain, tuple(amounts(plain)), words)


def apart(found: Iterable[Found]) -> list[Found]:
    """Those that do not lie inside another; the longer, then the first, stays."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)
