"""Tables drawn with rules: the box around each run says which cell it stands in."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from plumbline.reports.reading.source_lines import Box, Line, Run
from plumbline.reports.reading.source_page import LETTER, Draft

SLACK = 2.5
SHORTEST = 6
MOST_RULES = 400


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a page: across at a height from left to right, down at a place from bottom to top."""

    across: tuple[tuple[float, float, float], ...] = ()
    down: tuple[tuple[float, float, float], ...] = ()

    def around(self, run: Run, middle: float) -> Box | None:
        """The box of rules that a run stands in; None where it stands in none."""
        centre = (run.left + run.right) / 2
        heights = [at for at, left, right in self.across if left - SLACK <= centre <= right + SLACK]
        places = [at for at, low, high in self.down if low - SLACK <= middle <= high + SLACK]
        left, right = neighbours(places, centre)
        bottom, top = neighbours(heights, middle)
        if left is None or right is None or bottom is None or top is None:
            return None
        return left, bottom, right, top

    def at(self, middle: float) -> list[float]:
        """Where rules run down through a height, from left to right."""
        return sorted(at for at, low, high in self.down if low <= middle <= high)


def neighbours(places: list[float], middle: float) -> tuple[float | None, float | None]:
    """The nearest place before and behind."""
    return (max((at for at in places if at < middle), default=None),
            min((at for at in places if at > middle), default=None))


def rules_of(boxes: Iterable[Box], turned: Callable[[float, float, float, float], Box]) -> Rules:
    """The rules among thin boxes, turned upright as the text is; none where there are too many for a table."""
    across, down = [], []
    for box in boxes:
        left, bottom, right, top = turned(*box)
        if right - left > max(SHORTEST, top - bottom):
            across.append(((bottom + top) / 2, left, right))
        elif top - bottom > SHORTEST:
            down.append(((left + right) / 2, bottom, top))
    across, down = merged(across), merged(down)
    return Rules(tuple(across), tuple(down)) if len(across) + len(down) <= MOST_RULES else Rules()


def merged(rules: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Rules with those taken together that go on from each other, as cells draw theirs one by one."""
    found: list[tuple[float, float, float]] = []
    for at, low, high in sorted(rules, key=lambda rule: (round(rule[0]), rule[1])):
        if found and abs(found[-1][0] - at) <= 1 and low <= found[-1][2] + SLACK:
            found[-1] = found[-1][0], found[-1][1], max(found[-1][2], high)
        else:
            found.append((at, low, high))
    return found


def levels(places: Iterable[float]) -> list[float]:
    """Places in order, those within a hair of each other taken as one."""
    found: list[float] = []
    for at in sorted(places):
        if not found or at - found[-1] > SLACK:
            found.append(at)
    return found


def index_of(at: float, found: list[float]) -> int:
    """The index of a place among levels."""
    return max(0, bisect_left(found, at + SLACK) - 1)


def boxed(lines: list[Line], rules: Rules) -> None:
    """Note for each line the boxes its runs stand in; a line with a run outside every box is no row."""
    for line in lines:
        boxes = [rules.around(run, line.middle) for run in line.runs]
        line.boxes = [box for box in boxes if box] if all(boxes) else []


def drafts_of(table: list[Line]) -> list[Draft]:
    """The cells of lines that all stand in boxes; what stands in one box is one cell."""
    boxes = {box for line in table for box in line.boxes}
    places = levels(edge for box in boxes for edge in (box[0], box[2]))
    heights = levels(-edge for box in boxes for edge in (box[1], box[3]))
    texts: dict[tuple[int, int, int, int], list[str]] = {}
    for line in table:
        for box, run in zip(line.boxes, line.runs, strict=True):
            column, row = index_of(box[0], places), index_of(-box[3], heights)
            rows, columns = index_of(-box[1], heights) - row, index_of(box[2], places) - column
            key = row, column, max(1, rows), max(1, columns)
            texts.setdefault(key, []).append(run.text)
    return [Draft(joined(text), row, column, rows, columns) for (row, column, rows, columns), text in texts.items()]


def joined(pieces: list[str]) -> str:
    """The lines of a cell as one; a blank where two words or numbers would run together."""
    text = pieces[:1]
    for above, below in zip(pieces, pieces[1:], strict=False):
        text.append(below if LETTER.match(above[-1]) or LETTER.match(below) else f" {below}")
    return "".join(text)
