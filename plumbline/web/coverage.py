"""What a table's deliveries cover, as a small drawing: areas downwards, time to the right."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from plumbline.kernel import Coverage, area_name
from plumbline.kernel.period import months

MOST_STEPS = 24
MOST_AREAS = 20
# months a step of the drawing lasts
STEPS = ((1, "月"), (3, "季"), (12, "年"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A step of time in an area: `full`, `part` or `none` of its days are covered; `x`, where it is drawn."""

    label: str
    state: str
    x: int


@dataclass(frozen=True, slots=True)
class Line:
    """An area with its steps; `always` where a delivery told all there was, without days; `y`, where it is drawn."""

    area: str
    always: bool
    cells: tuple[Cell, ...]
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing; `first` and `last` name its first and last step, `said` is the whole in a sentence.

    width, height  in its own units: a step is 10 by 10, the names stand in the 62 in front
    more           areas that are left out, since there are too many
    """

    lines: tuple[Line, ...]
    first: str
    last: str
    said: str
    more: int = 0

    @property
    def width(self) -> int:
        """How wide it is."""
        return 62 + 10 * max((len(line.cells) for line in self.lines), default=0)

    @property
    def height(self) -> int:
        """How high it is."""
        return 12 * len(self.lines) + 10


def drawing(told: Iterable[Coverage], today: date) -> Drawing | None:
    """What some deliveries cover together; None where there is none. Who tells no days tells all up to today."""
    known = tuple(told)
    areas = sorted({area for one in known for area in one.areas})
    days = [day for one in known for day in (one.first, one.last) if day]
    if not areas:
        return None
    if not days:
        return Drawing(tuple(Line(area_name(area), True, (), 12 * n) for n, area in enumerate(areas[:MOST_AREAS])), "", "",
                       f"覆盖{_names(areas)}，不分时段", len(areas[MOST_AREAS:]))
    first, last = min(days), max([*days, today] if any(one.last is None for one in known) else days)
    steps = _steps(first, last)
    lines = tuple(_line(area, n, [one for one in known if area in one.areas], steps)
                  for n, area in enumerate(areas[:MOST_AREAS]))
    return Drawing(lines, steps[0][0], steps[-1][0], f"覆盖{_names(areas)}，{first:%Y-%m-%d} 至 {last:%Y-%m-%d}",
                   len(areas[MOST_AREAS:]))


def _names(areas: list[str]) -> str:
    names = [area_name(area) for area in areas]
    return "、".join(names) if len(names) <= 4 else f"{'、'.join(names[:3])}等 {len(names)} 个地区"


def _line(area: str, n: int, told: list[Coverage], steps: list[tuple[str, date, date]]) -> Line:
    cells = tuple(Cell(label, _state(first, last, told), 62 + 10 * at) for at, (label, first, last) in enumerate(steps))
    return Line(area_name(area), False, cells, 12 * n)


def _state(first: date, last: date, told: list[Coverage]) -> str:
    """How much of some days is covered."""
    spans = [(max(one.first or first, first), min(one.last or last, last)) for one in told]
    ends = sorted(span for span in spans if span[0] <= span[1])
    if not ends:
        return "none"
    reached = first
    for start, end in ends:
        if start > reached:
            return "part"
        reached = max(reached, end + timedelta(1))
    return "full" if reached > last else "part"


def _steps(first: date, last: date) -> list[tuple[str, date, date]]:
    """Months, quarters or years from day to day: label, first and last day; the latest where there are too many."""
    number = (last.year - first.year) * 12 + last.month - first.month + 1
    length, word = next((step for step in STEPS if number <= step[0] * MOST_STEPS), STEPS[-1])
    begin = first.year * 12 + (first.month - 1) // length * length
    return [_step(at, length, word) for at in range(begin, last.year * 12 + last.month, length)][-MOST_STEPS:]


def _step(at: int, length: int, word: str) -> tuple[str, date, date]:
    year, month = divmod(at, 12)
    label = {"月": f"{year}年{month + 1}月", "季": f"{year}年{month // 3 + 1}季度", "年": f"{year}年"}[word]
    return label, *months(year, month + 1, month + length)
