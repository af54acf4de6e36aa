"""A kind of order drawn: its states in columns by how many moves they are from the first, its moves as lines between them."""

from dataclasses import dataclass

from plumbline.kernel import OrderKind

WIDE, HIGH, ACROSS, DOWN, EDGE = 104, 36, 208, 84, 28


@dataclass(frozen=True, slots=True)
class Box:
    """A state: where its box stands, in px."""

    label: str
    kind: str
    x: int
    y: int

    @property
    def middle(self) -> tuple[int, int]:
        """Where its words stand."""
        return self.x + WIDE // 2, self.y + HIGH // 2 + 5


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
    box_height: int = HIGH


def drawing(kind: OrderKind) -> Drawing:
    """The drawing of a kind."""
    places = placed(kind)
    boxes = {key: Box(kind.states[key].label, kind.states[key].kind, EDGE + column * ACROSS, EDGE + row * DOWN)
             for key, (column, row) in places.items()}
    words: dict[tuple[str, str], list[str]] = {}
    for move in kind.moves.values():
        for source in move.sources:
            if move.to and move.to != source:
                words.setdefault((source, move.to), []).append(move.label)
    lines = [line(boxes[source], boxes[to], "、".join(labels), (to, source) in words)
             for (source, to), labels in words.items()]
    width = max(box.x for box in boxes.values()) + WIDE + EDGE
    height = max(box.y for box in boxes.values()) + HIGH + EDGE
    return Drawing(list(boxes.values()), lines, width, height)


def placed(kind: OrderKind) -> dict[str, tuple[int, int]]:
    """Column and row of each state: the column is the fewest moves from the first one."""
    column, todo = {kind.first: 0}, [kind.first]
    for state in todo:
        for move in kind.moves_from(state):
            if move.to and move.to not in column:
                column[move.to] = column[state] + 1
                todo.append(move.to)
    found: dict[str, tuple[int, int]] = {}
    for key in kind.states:
        here = column.get(key, 0)
        found[key] = (here, sum(1 for one, _ in found.values() if one == here))
    return found


def line(source: Box, to: Box, words: str, both: bool) -> Line:
    """A line from one box to another, bent where there is one back as well."""
    forward, level = to.x > source.x, to.x == source.x
    begin = (source.x + WIDE // 2, source.y + HIGH) if level and to.y > source.y else \
        (source.x + WIDE // 2, source.y) if level else (source.x + (WIDE if forward else 0), source.y + HIGH // 2)
    end = (to.x + WIDE // 2, to.y) if level and to.y > source.y else \
        (to.x + WIDE // 2, to.y + HIGH) if level else (to.x + (0 if forward else WIDE), to.y + HIGH // 2)
    bend = (14 if forward or (level and to.y > source.y) else -14) if both else 0
    side, rise = (bend, 0) if level else (0, bend)
    middle = ((begin[0] + end[0]) // 2 + 2 * side, (begin[1] + end[1]) // 2 + 2 * rise)
    path = f"M{begin[0]},{begin[1] + rise // 2} Q{middle[0]},{middle[1]} {end[0]},{end[1] + rise // 2}"
    return Line(path, words, (begin[0] + end[0]) // 2 + side, (begin[1] + end[1]) // 2 + rise - 4)
