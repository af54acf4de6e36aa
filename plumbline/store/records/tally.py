"""What was found wrong in a delivery: every kind counted, the first of each kept word by word."""

import re
from collections import Counter
from collections.abc import Callable, Iterable

import pyarrow as pa
import pyarrow.compute as pc

from plumbline.kernel import BadInput, Finding

PLACE = re.compile(r"第 (\d+) 行")
MOST = 1000
MOST_OF_A_KIND = 100


class Tally:
    """Findings of one file, gathered while it is read; any of them is fatal."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.counts: Counter[str] = Counter()
        self._kinds: Counter[tuple[str, str]] = Counter()

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return bool(self.counts)

    def say(self, check: str, where: str, message: str, kind: str = "") -> None:
        """Count a finding, and keep it unless there are many; those of one `kind` do not crowd out others."""
        self.counts[check] += 1
        if self._open(check, kind):
            self.findings.append(Finding(check, where, message))
            self._kinds[check, kind] += 1

    def cell(self, check: str, row: int, label: str, message: str) -> None:
        """A finding of one cell; the message says only what is wrong and what to do."""
        place = at(row, label)
        self.say(check, place, f"{place}：{message}", label)

    def cells(self, check: str, label: str, rows: pa.Array, bad: pa.Array, message: Callable[[int], str]) -> None:
        """A finding of each row where `bad` is true; `message` takes the position in the array."""
        if not (many := pc.sum(bad).as_py()):
            return
        for place in pc.indices_nonzero(bad).slice(0, MOST_OF_A_KIND).to_pylist():
            if not self._open(check, label):
                break
            self.cell(check, rows[place].as_py(), label, message(place))
            many -= 1
        self.counts[check] += many

    def _open(self, check: str, kind: str) -> bool:
        return len(self.findings) < MOST and self._kinds[check, kind] < MOST_OF_A_KIND

    @property
    def told(self) -> tuple[Finding, ...]:
        """The findings kept, those of the whole file first and then row by row; and how many more there are."""
        kept = sorted(self.findings, key=_row)
        if not (more := self.counts.total() - len(kept)):
            return tuple(kept)
        return (*kept, Finding("file.more", "文件", f"另有 {more} 处同类问题没有逐条列出；更正后再核对一次。"))

    def refuse(self) -> None:
        """Raise BadInput with every finding, if there is any."""
        if self:
            raise BadInput(self.told)


def _row(finding: Finding) -> int:
    match = PLACE.match(finding.where)
    return int(match[1]) if match else 0


def at(row: int, label: str = "") -> str:
    """A place in a sheet, as the person who made it sees it; of a form, which has no rows, the field alone.

    >>> at(17, "金额"), at(3), at(0, "金额")
    ('第 17 行「金额」', '第 3 行', '「金额」')
    """
    if not row:
        return f"「{label}」"
    return f"第 {row} 行「{label}」" if label else f"第 {row} 行"


def listed(words: Iterable[str], most: int = 8) -> str:
    """Words in a row, the rest counted.

    >>> listed("甲乙丙", 2)
    '甲、乙等 3 项'
    """
    every = list(words)
    return "、".join(every) if len(every) <= most else f"{'、'.join(every[:most])}等 {len(every)} 项"
