"""Walking the chain: is every entry still what was written, in its place, and none gone?"""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connections
from django.db.models import Min, TextField
from django.db.models.functions import Cast

from plumbline.store.journal.tables import Entry, Head
from plumbline.store.journal.writing import digest_of

CHUNK = 2000
START = "0" * 64
Row = tuple[Any, ...]
# how each database prints an instant: in no other way, lest a letter more or less go unseen
INSTANTS = {
    "sqlite": re.compile(r"([\d-]{10} [\d:]{8})(?:\.(?!0{6})(\d{6}))?", re.ASCII),
    "postgresql": re.compile(r"([\d-]{10} [\d:]{8})(?:\.(\d{1,6}))?\+00", re.ASCII),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What walking the chain found.

    count   entries that hold, from the first on
    broken  number of the first entry that does not, or None
    why     Chinese sentence
    digest  where the sound part of the chain ends. Who rewrites the whole journal and its head can forge it:
            a digest noted on paper, or elsewhere, is what shows that
    """

    count: int
    broken: int | None
    why: str
    digest: str


def verify() -> Verdict:
    """Walk the whole chain, a chunk at a time; entries written meanwhile are walked too."""
    steps = walk()
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def walk() -> Generator[int, None, Verdict]:
    """Walk the whole chain and say, every chunk, how many entries hold so far; gives the verdict at the end."""
    last, digest = 0, START
    if (early := Entry.objects.filter(seq__lt=1).aggregate(first=Min("seq"))["first"]) is not None:
        return Verdict(0, early, f"第 {early} 条在链首之前：日志从第 1 条开始，这一条是插入的。", START)
    while True:
        for seq, row in _rows(last):
            if why := _trouble(seq, row, last, digest):
                return Verdict(last, last + 1, why, digest)
            assert row  # for the types: _trouble has said so
            last, digest = seq, row[-1]
            if seq % CHUNK == 0:
                yield seq
        head = Head.objects.filter(pk=1).first() or Head()
        if head.seq <= last or not Entry.objects.filter(seq__gt=last).exists():
            return _against_head(head, last, digest)


def _against_head(head: Head, last: int, digest: str) -> Verdict:
    if head.seq > last:
        return Verdict(last, last + 1, f"缺少第 {last + 1} 条：日志应有 {head.seq} 条，只剩 {last} 条。", digest)
    if head.seq < last:
        return Verdict(head.seq, head.seq + 1, f"第 {head.seq + 1} 条在链尾之后：链尾记的是第 {head.seq} 条。", digest)
    if head.digest != digest:
        return Verdict(max(last - 1, 0), max(last, 1), f"第 {last} 条与链尾所记不符：这一条或链尾被改动。", digest)
    return Verdict(last, None, f"共 {last} 条，首尾相接，未见改动。", digest)


def _trouble(seq: int, row: Row | None, last: int, digest: str) -> str:
    """What is wrong with the entry after `last`; empty where nothing is."""
    if seq != last + 1:
        return f"缺少第 {last + 1} 条：其后直接是第 {seq} 条。"
    if row is None:
        return f"第 {seq} 条无法读出：内容被改动或损坏。"
    *fields, previous, own = row
    if digest_of(fields, previous) != own:
        return f"第 {seq} 条的内容被改动：与它的校验值不符。"
    if previous != digest:
        return f"第 {seq} 条与第 {last} 条接不上：第 {last} 条被替换，或顺序被改动。"
    return ""


def _rows(after: int) -> Iterator[tuple[int, Row | None]]:
    """Number and text of every entry, in order; None for one the database cannot read."""
    while numbers := list(_entries(after).values_list("seq", flat=True)[:CHUNK]):
        try:
            rows = _texts(after, CHUNK)
        except (DatabaseError, ValueError):
            yield from _one_by_one(numbers)
        else:
            yield from zip(numbers, rows, strict=True)
        after = numbers[-1]


def _one_by_one(numbers: list[int]) -> Iterator[tuple[int, Row | None]]:
    for number in numbers:
        try:
            yield number, _texts(number - 1, 1)[0]
        except (DatabaseError, ValueError):
            yield number, None


def _entries(after: int) -> Any:
    return Entry.objects.filter(seq__gt=after).order_by("seq")


def _texts(after: int, many: int) -> list[Row | None]:
    """Entries letter by letter as they lie in the database: a value that merely reads the same is not the same."""
    texts = {f"{name}_text": Cast(name, TextField()) for name in ("at", "before", "after")}
    form = INSTANTS[connections[Entry.objects.db].vendor]
    return [_as_hashed(row, form) for row in _entries(after).annotate(**texts).values_list(
        "seq", "at_text", "who", "area", "action", "table", "key", "before_text", "after_text", "why",
        "previous", "digest")[:many]]


def _as_hashed(row: Row, form: re.Pattern[str]) -> Row | None:
    """A row with its instant in the form of the hash: the databases print one instant differently."""
    seq, at, *others = row
    if not {str, type(None)}.issuperset(map(type, (at, *others))):
        return None
    told = form.fullmatch(at or "")
    return (seq, f"{told[1]}.{told[2] or '':0<6}", *others) if told else None
