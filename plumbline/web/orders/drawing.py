"""A kind of order drawn: its states one below the other, moves down on the right and moves back on the left.

Each line has a track of its own beside the boxes, so that none runs through a box; its words stand upright on it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plumbline.kernel import OrderKind

WIDE, LOW, PORT, TRACK, GAP, LETTER, EDGE = 132, 38, 13, 25, 26, 13, 12


@dataclass(frozen=True, slots=True)
class Box:
    """A state: where its box stands, in px."""

    label: str
    kind: str
    x: int
    y: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        """Where its words stand."""
        return self.x + WIDE // 2, self.y + self.height // 2 + 5


@dataclass(frozen=True, slots=True)
class Line:
    """Moves from one state to another: the line, their words, and where the words stand."""

    path: str
    words: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes and lines, and the size of it all in px."""

    boxes: list[Box]
    lines: list[Line]
    width: int
    height: int
    box_width: int = WIDE


@dataclass(frozen=True, slots=True)
class Way:
    """Moves from one row to another, on a track counted from the boxes outwards."""

    source: int
    to: int
    words: str
    track: int = 0

    @property
    def rows(self) -> tuple[int, int]:
        """The upper and the lower row."""
        return min(self.source, self.to), max(self.source, self.to)


def drawing(kind: OrderKind) -> Drawing:
    """The drawing of a kind."""
    every = ways(kind)
    down, back = tracked(one for one in every if one.to > one.source), tracked(one for one in every if one.to < one.source)
    ports = [(ports_of(row, down), ports_of(row, back)) for row in range(len(kind.states))]
    heights = [max(LOW, PORT * (1 + max(map(len, both)))) for both in ports]
    tops = tops_of(heights, every)
    left = EDGE + TRACK * (1 + max((one.track for one in back), default=-1))
    boxes = [Box(state.label, state.kind, left, top, height)
             for state, top, height in zip(kind.states.values(), tops, heights, strict=True)]
    lines = [line(one, boxes, ports, right) for right, side in ((True, down), (False, back)) for one in side]
    width = left + WIDE + EDGE + TRACK * (1 + max((one.track for one in down), default=-1))
    return Drawing(boxes, lines, width, tops[-1] + heights[-1] + EDGE)


def ways(kind: OrderKind) -> list[Way]:
    """The moves between two states, those between the same two together."""
    rows = {key: row for row, key in enumerate(kind.states)}
    found: dict[tuple[int, int], list[str]] = {}
    for move in kind.moves.values():
        for source in move.sources:
            if move.to and move.to != source:
                found.setdefault((rows[source], rows[move.to]), []).append(move.label)
    return [Way(source, to, "、".join(labels)) for (source, to), labels in found.items()]


def tracked(ways: Iterable[Way]) -> list[Way]:
    """The ways of one side, the shortest next to the boxes, and none upon another."""
    taken: list[list[tuple[int, int]]] = []
    found = []
    for one in sorted(ways, key=lambda way: (way.rows[1] - way.rows[0], way.rows[0])):
        upper, lower = one.rows
        free = (at for at, spans in enumerate(taken) if all(lower <= begin or end <= upper for begin, end in spans))
        track = next(free, len(taken))
        if track == len(taken):
            taken.append([])
        taken[track].append(one.rows)
        found.append(Way(one.source, one.to, one.words, track))
    return found


def ports_of(row: int, ways: Iterable[Way]) -> list[Way]:
    """The ways that touch a row on one side, from the top: those from above first, in the order in which none crosses another."""
    above = sorted((one for one in ways if one.rows[1] == row), key=lambda one: one.track)
    below = sorted((one for one in ways if one.rows[0] == row), key=lambda one: -one.track)
    return above + below


def tops_of(heights: list[int], ways: Iterable[Way]) -> list[int]:
    """Where each box begins: far enough below the last for the words of the ways between the two."""
    needed: Mapping[int, int] = {upper: max(LETTER * (len(one.words) - 1) for one in ways if one.rows == (upper, upper + 1))
                                 for upper in {one.rows[0] for one in ways if one.rows[1] == one.rows[0] + 1}}
    tops = [EDGE]
    for row, height in enumerate(heights[:-1]):
        tops.append(tops[-1] + height + max(GAP, needed.get(row, 0)))
    return tops


def line(one: Way, boxes: list[Box], ports: list[tuple[list[Way], list[Way]]], right: bool) -> Line:
    """A way: out of a box, along its track, and into the other."""
    def port(row: int) -> int:
        own, box = ports[row][0 if right else 1], boxes[row]
        return box.y + box.height * (own.index(one) + 1) // (len(own) + 1)

    edge = boxes[0].x + (WIDE if right else 0)
    away = TRACK * (one.track + 1) - TRACK // 4
    x = edge + away if right else edge - away
    begin, end = port(one.source), port(one.to)
    return Line(f"M{edge},{begin} H{x} V{end} H{edge + (2 if right else -2)}", one.words, x, (begin + end) // 2)
